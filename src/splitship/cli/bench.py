"""`splitship bench`: run a suite, report on its records, compare two sets of them, list, generate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from splitship.cli.console import counted, emit, emit_json, emit_table, money, percent, plain_table, say
from splitship.cli.options import ListForm, ListFormOption
from splitship.errors import SplitshipError, UsageError

if TYPE_CHECKING:
    from splitship_bench.driver import Step

FINDINGS = 1

bench = typer.Typer(
    name="bench",
    help="Benchmarks: run a suite, report on its records, compare two runs.\n\n[bold]Examples[/bold]\n\n"
    "splitship bench run smoke --out smoke.jsonl\n\nsplitship bench report smoke.jsonl --html smoke.html",
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)

RecordFiles = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="Records, as bench run writes them.", show_default=False)
]
CacheOption = Annotated[
    Path | None,
    typer.Option(
        "--cache", metavar="DIR", help="Where generated packs are kept.", show_default="~/.cache/splitship/packs"
    ),
]


@bench.command("run")
def run_command(
    suite: Annotated[str, typer.Argument(metavar="SUITE", help="One of bench list.", show_default=False)],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE.jsonl", help="Records go to its end.", show_default=False)
    ],
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="PATTERN",
            help="Only these instances, contenders or INSTANCE/CONTENDER (* and ? as in a shell); may be repeated.",
            show_default=False,
        ),
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(
            "--also", metavar="CONTENDER", help="This one too, on every instance; may be repeated.", show_default=False
        ),
    ] = None,
    plugin: Annotated[
        list[Path] | None,
        typer.Option(
            "--plugin",
            metavar="FILE.py",
            help="Python that registers further contenders; may be repeated.",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[
        float | None,
        typer.Option(
            "--limit", min=0.1, metavar="S", help="Seconds a run, instead of the suite's.", show_default=False
        ),
    ] = None,
    repeats: Annotated[
        int | None,
        typer.Option("--repeats", min=1, metavar="N", help="Runs of each, instead of the suite's.", show_default=False),
    ] = None,
    threads: Annotated[int, typer.Option("--threads", min=1, metavar="N", help="Threads a contender may use.")] = 2,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Seed of contenders that have one.")] = 1,
    cache: CacheOption = None,
) -> None:
    """Run a suite and append a record for each run, as a line of JSON.

    What the file has already is not run again: after an interrupt the same command goes on. Each run is a process of
    its own; its plan counts only when the independent checker accepts it.

    [bold]Examples[/bold]

    splitship bench run smoke --out smoke.jsonl

    splitship bench run quality --out q.jsonl --only "calm-*/high*" --limit 10

    splitship bench run smoke --out mine.jsonl --plugin mine.py --also mine
    """  # fmt: skip
    from splitship_bench.driver import RunSettings, planned, run_suite, summary_of
    from splitship_bench.instances import default_cache
    from splitship_bench.suites import suite as suite_of

    chosen = suite_of(suite)
    settings = RunSettings(
        cache=cache or default_cache(), only=tuple(only or ()), also=tuple(also or ()), plugins=tuple(plugin or ()),
        limit_s=limit, repeats=repeats, threads=threads, seed=seed,
    )  # fmt: skip
    total = len(planned(chosen, settings))
    say(f"{suite}: {counted(total, 'run')}, records go to {out}")
    try:
        records = run_suite(chosen, out, settings, _say_step)
    except KeyboardInterrupt:
        say(f"interrupted; {out} has all finished runs, and the same command goes on")
        raise
    except RuntimeError as error:
        raise SplitshipError(str(error)) from error
    if not records:
        say(f"{out} has all {total} runs already")
        return
    say(", ".join(f"{count} {status}" for status, count in summary_of(records).items()))
    say(f"splitship bench report {out}")


def _say_step(step: Step) -> None:
    record = step.record
    place = f"[{step.number}/{step.total}] {step.job.instance} {step.job.contender}"
    if record is None:
        if step.doing != "running":
            say(f"{place}: {step.doing}")
        return
    words = f"{record.status} {record.seconds.get('total', 0.0):.2f} s"
    if record.objective is not None:
        from splitship.units import format_micros

        words += f", {money(format_micros(record.objective), record.currency)}"
    if record.gap is not None:
        words += f", gap {percent(record.gap)}"
    if not record.verified and record.detail:
        words += f": {record.detail}"
    say(f"{place}: {words}")


@bench.command("report")
def report_command(
    files: RecordFiles,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE.html", help="Also one page, with charts.", show_default=False),
    ] = None,
    gap: Annotated[
        float, typer.Option("--gap", min=0.0, metavar="G", help="The certified gap of the headline and the profile.")
    ] = 0.0075,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FORM", help="md: Markdown on standard output; html: the page.")
    ] = "md",
) -> None:
    """Summarise records: time to gap, gaps, integrals, profiles, growth, regret of policies.

    [bold]Examples[/bold]

    splitship bench report quality.jsonl

    splitship bench report standard.jsonl scale.jsonl --html report.html
    """
    from splitship_bench.records import read_records
    from splitship_bench.report import html_report, markdown_report

    if output not in ("md", "table", "html"):
        raise UsageError(f"-o {output}: md or html")
    records = read_records(files)
    if not records:
        raise UsageError(f"{', '.join(str(path) for path in files)}: no records")
    if html is not None:
        html.write_text(html_report(records, gap), "utf-8")
        say(f"wrote {html}")
    emit(html_report(records, gap) if output == "html" else markdown_report(records, gap))


@bench.command("compare")
def compare_command(
    before: Annotated[Path, typer.Argument(metavar="A.jsonl", help="Records before.", show_default=False)],
    after: Annotated[Path, typer.Argument(metavar="B.jsonl", help="Records after.", show_default=False)],
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-on",
            metavar="COND",
            help='End with exit code 1 when it holds: "sgm>1.10"; may be repeated.',
            show_default=False,
        ),
    ] = None,
    gap: Annotated[
        float | None,
        typer.Option(
            "--gap",
            min=0.0,
            metavar="G",
            help="Compare the time to this certified gap, not the whole solve.",
            show_default=False,
        ),
    ] = None,
    shift: Annotated[
        float, typer.Option("--shift", min=0.0, metavar="S", help="Shift of the geometric mean of times, in seconds.")
    ] = 1.0,
    output: Annotated[str, typer.Option("-o", "--output", metavar="FORM", help="table or md.")] = "table",
) -> None:
    """Compare two sets of records: times as ratios to the reference job, gaps, memory, failures.

    Conditions: sgm (ratio of times, B to A, shifted geometric mean), sgm_low (lower end of its interval), worst (one
    instance's ratio), memory, gap (points), wrong, missing; with CONTENDER: in front for one contender.

    [bold]Examples[/bold]

    splitship bench compare before.jsonl after.jsonl

    splitship bench compare a.jsonl b.jsonl --fail-on "sgm>1.10" --fail-on "wrong>0"
    """  # fmt: skip
    from splitship_bench.compare import (
        compare_records,
        comparison_markdown,
        judge,
        parse_condition,
        render_comparison,
    )
    from splitship_bench.records import read_records

    if output not in ("table", "md"):
        raise UsageError(f"-o {output}: table or md")
    conditions = [parse_condition(text) for text in fail_on or ()]
    comparison = compare_records(read_records([before]), read_records([after]), gap=gap, shift=shift)
    verdicts = [judge(condition, comparison) for condition in conditions]
    if output == "md":
        emit(comparison_markdown(comparison, verdicts))
    else:
        emit_table(render_comparison(comparison, verdicts))
    fired = [verdict for verdict in verdicts if verdict.fires]
    for verdict in fired:
        say(f"fails: {verdict.words}")
    if fired:
        raise typer.Exit(FINDINGS)


@bench.command("list")
def list_command(output: ListFormOption = ListForm.TABLE) -> None:
    """List suites, families of generated instances, and contenders.

    [bold]Examples[/bold]

    splitship bench list

    splitship bench list -o json
    """
    from splitship.cli.console import csv_text, markdown_table
    from splitship_bench.contenders import contenders
    from splitship_bench.generate import FAMILIES
    from splitship_bench.suites import SUITES

    rows = [
        *(("suite", each.name, f"{each.description} (under {each.minutes} minutes)") for each in SUITES.values()),
        *(("family", name, text) for name, text in FAMILIES.items()),
        *((each.kind, name, each.description) for name, each in contenders().items()),
    ]
    headers = ("kind", "name", "what it is")
    if output is ListForm.JSON:
        emit_json([dict(zip(headers, row, strict=True)) for row in rows])
    elif output is ListForm.MD:
        emit(markdown_table(headers, rows))
    elif output is ListForm.CSV:
        emit(csv_text(headers, rows))
    else:
        emit_table(plain_table(headers, rows))


@bench.command("generate")
def generate_command(
    instance: Annotated[
        str, typer.Argument(metavar="INSTANCE", help="Its specification, calm-10k-n50-s1 say.", show_default=False)
    ],
    out: Annotated[Path, typer.Option("--out", metavar="PACKDIR", help="The new pack's folder.", show_default=False)],
) -> None:
    """Write the pack of a generated instance: FAMILY-ORDERS-nNODES[-OPTION...]-sSEED.

    The same name gives the same pack, byte for byte.

    [bold]Examples[/bold]

    splitship bench generate calm-10k-n50-s1 --out packs/calm-10k

    splitship solve packs/calm-10k --gap 0.005
    """
    from splitship_bench.generate import generate_pack, parse_spec

    generate_pack(parse_spec(instance), out, say)
    say(f"wrote {out}")
