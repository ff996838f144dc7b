"""`splitship profile`: where the time and the memory of a solve go."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from splitship.cli.options import (
    GapOption,
    PackArgument,
    ReportForm,
    ReportFormOption,
    ScenarioOption,
    SeedOption,
    ThreadsOption,
    TimeLimitOption,
    WorkLimitOption,
    search_changes,
)
from splitship.errors import UsageError

if TYPE_CHECKING:
    from splitship_bench.profile import Profiling

INTERRUPTED = 130
_HEADERS = ("phase", "seconds", "share", "self", "calls", "cores", "peak MB")
_RIGHT = tuple(range(1, len(_HEADERS)))


def profile(
    pack: PackArgument,
    scenario: ScenarioOption = "baseline",
    time_limit: TimeLimitOption = None,
    work_limit: WorkLimitOption = None,
    gap: GapOption = None,
    threads: ThreadsOption = None,
    seed: SeedOption = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE.html", help="Also write a page with a flame graph.", show_default=False),
    ] = None,
    output: ReportFormOption = ReportForm.TABLE,
) -> None:
    """Show where the time and the memory of a solve go.

    Solves a pack by the engine and prints for every phase its seconds, its share, the seconds in none of its parts,
    calls, processors busy on average, and the peak of memory meanwhile. Kernels are made ready before the clock
    starts. Ctrl-C stops with what was measured so far (exit code 130).

    [bold]Examples[/bold]

    splitship profile scenarios/us-retail

    splitship profile scenarios/us-retail --gap 0.02 --out profile.html

    splitship profile PACK --time-limit none --work-limit 20 -o json
    """
    _check_target(out)
    changes = search_changes(gap, time_limit, work_limit, seed, threads)
    _profile(pack, scenario, changes, out, output)


def _profile(pack: Path, scenario: str, changes: dict[str, object], out: Path | None, form: ReportForm) -> None:
    import dataclasses

    from splitship.cli.interrupts import Interruptible, leave
    from splitship.cli.kernels import compile_kernels
    from splitship.cli.progress import Progress
    from splitship_bench.profile import Profiling

    with Progress("getting the kernels ready") as progress:
        compile_kernels(progress)
        profiling = Profiling(pack, with_frames=out is not None)
        progress.phase(f"reading {pack.name or pack}")
        try:
            problem, options = profiling.read(scenario)
        except KeyboardInterrupt:
            _deliver(profiling, out, form)
            raise typer.Exit(INTERRUPTED) from None
        options = dataclasses.replace(options, **changes)  # type: ignore[arg-type]
        progress.phase("preparing", problem.currency)
        interruptible = Interruptible(on_stop=lambda: progress.note("stopping"))
        result = interruptible.run(
            lambda should_stop, _: profiling.solve(problem, options, progress.event, should_stop)
        )
    _deliver(profiling, out, form)
    code = INTERRUPTED if result is None or interruptible.is_interrupted else 0
    if interruptible.is_abandoned:
        leave(code)
    raise typer.Exit(code)


def _check_target(out: Path | None) -> None:
    """Refuse an `--out` that cannot be written before time is spent."""
    if out is None:
        return
    if out.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"--out: the page is HTML, name it FILE.html, not {out.name}")
    if not out.parent.is_dir():
        raise UsageError(f"--out: there is no folder {out.parent}")
    if out.is_dir():
        raise UsageError(f"--out: {out} is a folder")


def _deliver(profiling: Profiling, out: Path | None, form: ReportForm) -> None:
    from splitship.cli.console import emit, emit_json, emit_table, key_values, markdown_table, plain_table
    from splitship_bench.profile import profile_document
    from splitship_bench.profile_page import write_profile_html

    measured = profiling.profile()
    document = profile_document(measured, out)
    failure: OSError | None = None
    if out is not None:
        try:
            write_profile_html(measured, out)
        except OSError as error:  # the table is printed all the same, for the run may have taken long
            failure, document["html"] = OSError(error.errno, error.strerror, str(out)), None
    if form is ReportForm.JSON:
        emit_json(document)
    elif form is ReportForm.MD:
        emit(markdown_table(_HEADERS, table_rows(document), _RIGHT) + "\n" + markdown_table(("", ""), facts(document)))
    else:
        emit_table(plain_table(_HEADERS, table_rows(document), _RIGHT), "", key_values(facts(document)))
    if failure is not None:
        raise failure


def table_rows(document: dict[str, Any]) -> list[tuple[str, ...]]:
    """The phases of a profile document as cells, parts indented, the total last."""
    rows = [
        (
            "  " * (len(row["path"]) - 1) + row["phase"],
            f"{row['seconds']:.3f}",
            f"{row['share']:.1%}",
            f"{row['self_seconds']:.3f}",
            f"{row['calls']:,}",
            "-" if row["cores"] is None else f"{row['cores']:.1f}",
            _megabytes(row["peak_memory_mb"]),
        )
        for row in document["phases"]
    ]
    cores = document["cores"]
    total = ("total", f"{document['seconds']:.3f}", "100.0%", f"{document['seconds']:.3f}", "")
    return [*rows, (*total, "-" if cores is None else f"{cores:.1f}", _megabytes(document["peak_memory_mb"]))]


def facts(document: dict[str, Any]) -> list[tuple[str, str]]:
    """What was solved and how it ended, as names and values."""
    from splitship.cli.console import counted, money, percent

    summary = document["summary"]
    if summary is None:
        found = [("pack", document["pack"])]
        if document["objective"] is not None:
            found.append(("cost so far", f"{money(document['objective'])}, not checked"))
            found.append(("gap so far", percent(document["gap"])))
        found.append(("stopped", "interrupted before there was an answer"))
    else:
        counts, termination = summary["counts"], summary["termination"]
        found = [
            ("pack", f"{summary['pack']}: {counts['orders']:,} orders, {counts['lines']:,} lines"),
            ("total cost", money(document["objective"], summary["currency"])),
            ("gap", percent(document["gap"])),
            ("stopped", " ".join(filter(None, (termination["reason"], termination["limit"])))),
        ]
    if document["peak_memory_mb"] is None:
        found.append(("memory", "peaks by phase are not available on this system"))
    found.append(("measuring", f"{document['measuring_seconds']:.3f} s, in no phase"))
    if document["html"]:
        found.append(("flame graph", f"{document['html']} ({counted(document['samples'], 'sample')})"))
    return found


def _megabytes(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"
