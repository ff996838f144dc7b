"""`splitship sweep`: many scenarios of a pack, each certified, side by side."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from splitship.cli.options import (
    GapOption,
    ListForm,
    ListFormOption,
    PackArgument,
    SeedOption,
    ThreadsOption,
    TimeLimitOption,
    WorkLimitOption,
    search_changes,
)
from splitship.errors import UsageError

if TYPE_CHECKING:
    from splitship.planning.runs import Runs

INTERRUPTED, SOME_FAILED = 130, 1


class Engine(StrEnum):
    """Who does the work."""

    LOCAL = "local"
    DASK = "dask"


def sweep(
    pack: PackArgument,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]...", help="Scenarios, or sweeps; none: all.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FOLDER",
            help="Keep plans and records here; what it has is not solved again.",
            show_default=False,
        ),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Solve again what --out has already.")] = False,
    cold: Annotated[bool, typer.Option("--cold", help="Do not begin with the baseline's answer.")] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, metavar="N", help="Scenarios at a time.", show_default="cores")
    ] = None,
    engine: Annotated[Engine, typer.Option("--engine", help="Processes here, or a Dask cluster.")] = Engine.LOCAL,
    address: Annotated[
        str | None,
        typer.Option(metavar="tcp://...", help="Scheduler of --engine dask; none: start one.", show_default=False),
    ] = None,
    time_limit: TimeLimitOption = None,
    work_limit: WorkLimitOption = None,
    gap: GapOption = None,
    seed: SeedOption = None,
    threads: ThreadsOption = None,
    output: ListFormOption = ListForm.TABLE,
) -> None:
    """Solve many scenarios of a pack, several at a time, each with its bound.

    The baseline goes first, the others begin with its plan and prices. A scenario that fails does not stop the rest
    (exit code 1). Limits are for each scenario. Ctrl-C stops with the best plans so far (exit code 130); with --out,
    the same command goes on from there.

    [bold]Examples[/bold]

    splitship sweep scenarios/us-retail --out runs

    splitship sweep PACK rates peak_day --gap 0.005

    splitship sweep PACK --engine dask --address tcp://10.0.0.5:8786 -o csv
    """
    from splitship.cli.answer import open_pack
    from splitship.cli.console import say
    from splitship.cli.interrupts import Interruptible, leave
    from splitship.cli.kernels import compile_kernels
    from splitship.cli.runs_progress import RunsProgress
    from splitship.planning.runs import Watch, run_scenarios

    if again and out is None:
        raise UsageError("--again goes with --out: without a folder everything is solved")
    changes = search_changes(gap, time_limit, work_limit, seed, threads)
    with RunsProgress(f"reading {pack.name or pack}") as progress:
        read = open_pack(pack)
        if engine is Engine.LOCAL:
            compile_kernels(progress)
        progress.phase("starting", read.problem().currency)
        interruptible = Interruptible(lambda: progress.note("stopping at the best plans so far"))

        runs = interruptible.run_any(
            lambda should_stop: run_scenarios(
                read,
                names,
                changes=changes,
                engine=engine.value,
                jobs=jobs,
                address=address,
                folder=out,
                is_warm=not cold,
                again=again,
                watch=Watch(progress.run_event, progress.begin, progress.run_done),
                should_stop=should_stop,
            )
        )
    if runs is None:
        say("splitship: interrupted" + ("" if out is None else f"; what was done is in {out}"))
        leave(INTERRUPTED)
    reused = [name for name, run in runs.runs.items() if run.is_reused]
    if reused:
        say(f"splitship: {len(reused)} of {len(runs.runs)} taken over from {out}")
    _show(runs, output)
    _tell_failures(runs)
    if out is None:
        say("splitship: nothing was kept; --out FOLDER keeps plans and records")
    else:
        say(f"splitship: plans and records in {out}")
    if runs.is_interrupted:
        more = f"; not begun: {', '.join(runs.not_run)}" if runs.not_run else ""
        say(f"splitship: interrupted{more}" + ("" if out is None else "; the same command goes on from here"))
        raise typer.Exit(INTERRUPTED)
    if runs.failures:
        raise typer.Exit(SOME_FAILED)


def _tell_failures(runs: Runs) -> None:
    from splitship.cli.console import say, say_findings

    for name, failure in runs.failures.items():
        say(f"splitship: {name} failed: {failure.message if not failure.findings else 'it cannot be built'}")
        say_findings(failure.findings)


def _show(runs: Runs, form: ListForm) -> None:
    from splitship.cli.console import csv_text, emit, emit_json, emit_table, markdown_table, plain_table

    if form is ListForm.JSON:
        emit_json(_document(runs))
        return
    if form is ListForm.CSV:
        headers = ("scenario", "cost", "difference", "bound", "gap", "termination", "seconds", "input", "plan")
        emit(csv_text(headers, [["" if value is None else str(value) for value in row] for row in _plain_rows(runs)]))
        return
    shown = ("scenario", "cost", "to baseline", "gap", "ended", "seconds")
    worded, right = _worded_rows(runs), (1, 2, 3, 5)
    if form is ListForm.MD:
        emit(markdown_table(shown, worded, right))
    else:
        emit_table(plain_table(shown, worded, right))


def _worded_rows(runs: Runs) -> list[tuple[str, ...]]:
    from splitship.cli.console import money, percent

    rows: list[tuple[str, ...]] = []
    for name, cost, difference, _, gap, termination, seconds, *_ in _plain_rows(runs):
        sign = "+" if isinstance(difference, str) and not difference.startswith("-") else ""
        rows.append(
            (
                str(name),
                money(_text(cost)),
                "-" if difference is None else sign + money(_text(difference)),
                percent(gap if isinstance(gap, float) else None),
                str(termination),
                "-" if seconds is None else f"{seconds:.1f}",
            )
        )
    return rows


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _plain_rows(runs: Runs) -> list[tuple[object, ...]]:
    """A row a scenario: money as text, the gap and seconds as numbers, None for what there is not."""
    from splitship.units import format_micros

    base = None if runs.baseline is None else runs.baseline.objective
    rows: list[tuple[object, ...]] = []
    for name, run in runs.runs.items():
        summary, cost = run.record.summary, run.objective
        if summary is None or cost is None:
            rows.append((name, None, None, None, None, run.record.reason, None, None, None))
            continue
        difference = None if base is None or run is runs.baseline else format_micros(cost - base)
        rows.append(
            (name, format_micros(cost), difference, summary["bound"], summary["gap"], run.record.reason,
             summary["seconds"]["total"], run.record.input_hash, run.record.plan_hash)
        )  # fmt: skip
    rows += [(name, None, None, None, None, "NOT_RUN", None, None, None) for name in runs.not_run]
    return rows


def _document(runs: Runs) -> dict[str, object]:
    """Schema `splitship.sweep/1`."""
    import dataclasses

    keys = ("scenario", "cost", "difference", "bound", "gap", "termination", "seconds", "input", "plan")
    rows = []
    for row in _plain_rows(runs):
        entry: dict[str, object] = dict(zip(keys, row, strict=True))
        run = runs.runs.get(str(row[0]))
        entry["is_reused"] = run is not None and run.is_reused
        failure = None if run is None else run.failure
        entry["failure"] = (
            None
            if failure is None
            else {
                "kind": failure.kind,
                "message": failure.message,
                "findings": [dataclasses.asdict(each) for each in failure.findings],
            }
        )
        rows.append(entry)
    currency = runs.pack.problem().currency
    return {"schema": "splitship.sweep/1", "pack": runs.pack.name, "currency": currency, "scenarios": rows}
