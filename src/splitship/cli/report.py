"""`splitship report`: a page about one or more scenarios that opens from disk without a network."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from splitship.cli.console import say
from splitship.cli.options import (
    GapOption,
    PackArgument,
    SeedOption,
    ThreadsOption,
    TimeLimitOption,
    WorkLimitOption,
    search_changes,
)
from splitship.errors import UsageError


def report(
    pack: PackArgument,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.html", help="The page to write.", show_default=False)],
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            "--scenario",
            metavar="NAME",
            help="A scenario; give it again for more. The first is what the others are held against.",
            show_default="baseline",
        ),
    ] = None,
    plan: Annotated[
        list[str] | None,
        typer.Option(
            "--plan",
            metavar="NAME=FILE",
            help="Take this plan of a scenario (what solve --plan wrote) instead of solving.",
            show_default=False,
        ),
    ] = None,
    xlsx: Annotated[
        Path | None,
        typer.Option("--xlsx", metavar="FILE.xlsx", help="Also write the tables as a workbook.", show_default=False),
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="What stands at the top.", show_default="the pack")
    ] = None,
    cold: Annotated[
        bool, typer.Option("--cold", help="Start every solve from nothing, not from the first answer.")
    ] = False,
    time_limit: TimeLimitOption = None,
    work_limit: WorkLimitOption = None,
    gap: GapOption = None,
    seed: SeedOption = None,
    threads: ThreadsOption = None,
) -> None:
    """Write a report of one or more scenarios: one HTML file that needs no network.

    Key figures, costs, a map of flows, capacities and prices, promises, what does not ship, what moved, every order.

    Ctrl-C ends it with nothing written (exit code 130).

    [bold]Examples[/bold]

    splitship report scenarios/us-retail --out day.html

    splitship report PACK --scenario baseline --scenario peak --out peak.html

    splitship report PACK --plan baseline=plan.json --out day.html --xlsx day.xlsx
    """
    from splitship.cli.answer import exit_code, open_pack
    from splitship.cli.answers_of_scenarios import read_asked, results_of
    from splitship.cli.kernels import compile_kernels
    from splitship.cli.progress import Progress
    from splitship.planning.report import PAGE_SUFFIXES, WORKBOOK_SUFFIX, check_target, write_report

    check_target(out, PAGE_SUFFIXES)
    if xlsx is not None:
        check_target(xlsx, (WORKBOOK_SUFFIX,))
    names = scenario or ["baseline"]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise UsageError(f"--scenario: {twice[0]!r} is there twice")
    texts = _with_plans(names, plan or [])
    changes = search_changes(gap, time_limit, work_limit, seed, threads)
    words = ["splitship", "report", str(pack), *(word for name in names for word in ("--scenario", name))]
    words += [word for text in plan or [] for word in ("--plan", text)]
    given = (("--title", title), ("--gap", gap), ("--time-limit", time_limit), ("--work-limit", work_limit),
             ("--seed", seed), ("--out", out), ("--xlsx", xlsx))  # fmt: skip
    words += [word for option, value in given if value is not None for word in (option, str(value))]
    words += ["--cold"] if cold else []
    with Progress(f"reading {pack.name or pack}") as progress:
        read = open_pack(pack)
        asked = read_asked(texts, read.scenario_names)
        for each in asked:
            read.problem(each.scenario)  # what is wrong with a scenario is told before anything is solved
        compile_kernels(progress)
        results = results_of(read, asked, changes, cold, progress, if_interrupted="nothing is written")
        progress.phase("writing the report")
        write_report(results, out, title=title, xlsx=xlsx, command=shlex.join(words), pack=str(pack), is_warm=not cold)
    _say_written(len(results), out, xlsx)
    raise typer.Exit(max(exit_code(result) for result in results))


def _with_plans(names: Sequence[str], plans: Sequence[str]) -> list[str]:
    """Scenarios as `NAME`, or `NAME=FILE` where there is a plan; names of sweeps have a `=` of their own."""
    found = list(names)
    for text in plans:
        at = next((at for at, name in enumerate(names) if text.startswith(f"{name}=")), None)
        if at is None:
            raise UsageError(
                f"--plan: expected NAME=FILE with a scenario of this report ({', '.join(names)}), got {text!r}"
            )
        if found[at] != names[at]:
            raise UsageError(f"--plan: there are two plans of {names[at]!r}")
        found[at] = text
    return found


def _say_written(num: int, out: Path, xlsx: Path | None) -> None:
    from splitship.cli.console import counted

    say(f"report of {counted(num, 'scenario')} saved in {out}, {out.stat().st_size / 1e6:,.2f} MB")
    if xlsx is not None:
        say(f"workbook saved in {xlsx}")
