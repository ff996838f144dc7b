"""`splitship replay`: solve again what was recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from splitship.cli.options import ListForm, ListFormOption

if TYPE_CHECKING:
    from splitship.planning.runs.replay import Replayed

INTERRUPTED, DIFFERENT = 130, 1
_SHOWN_HASH = 19
"""Signs of a hash in the table: `sha256:` and twelve."""


def replay(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run file, or a folder of runs.", show_default=False)],
    pack: Annotated[
        Path | None,
        typer.Option("--pack", metavar="PACK", help="Where the pack is now.", show_default="where it was"),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, metavar="N", help="Runs at a time.", show_default="cores")
    ] = None,
    output: ListFormOption = ListForm.TABLE,
) -> None:
    """Solve again what `solve --record` or `sweep --out` recorded, and compare the hashes of input and plan.

    Each run has its recorded options and begins with the recorded plan that it began with. What the clock, or Ctrl-C,
    had ended cannot be repeated: its plan and bound are verified instead. Exit code 0: all the same, or verified;
    1: something is different, and what.

    [bold]Examples[/bold]

    splitship solve scenarios/hello --record hello.json

    splitship replay hello.json

    splitship replay runs --pack copies/us-retail
    """
    from splitship.cli.answer import open_pack
    from splitship.cli.console import say
    from splitship.cli.interrupts import Interruptible, leave
    from splitship.cli.kernels import compile_kernels
    from splitship.cli.runs_progress import RunsProgress
    from splitship.planning.runs import Watch
    from splitship.planning.runs.replay import Verdict, read_recorded
    from splitship.planning.runs.replay import replay as replay_all

    recorded = read_recorded(run)
    with RunsProgress("reading the pack") as progress:
        read = open_pack(Path(recorded.pack_path) if pack is None else pack)
        compile_kernels(progress)
        progress.phase("starting", read.problem().currency)
        interruptible = Interruptible(lambda: progress.note("stopping"))
        watch = Watch(progress.run_event, progress.begin, progress.run_done)
        found = interruptible.run_any(
            lambda should_stop: replay_all(recorded, read, jobs=jobs, watch=watch, should_stop=should_stop)
        )
    if found is None:
        say("splitship: interrupted")
        leave(INTERRUPTED)
    _show(found, output)
    if interruptible.is_interrupted:
        say("splitship: interrupted")
        raise typer.Exit(INTERRUPTED)
    if any(each.verdict is Verdict.DIFFERENT for each in found):
        raise typer.Exit(DIFFERENT)


def _show(found: list[Replayed], form: ListForm) -> None:
    import dataclasses

    from splitship.cli.console import csv_text, emit, emit_json, emit_table, markdown_table, plain_table, say

    if form is ListForm.JSON:
        emit_json({"schema": "splitship.replay/1", "runs": [dataclasses.asdict(each) for each in found]})
    elif form is ListForm.CSV:
        headers = ("run", "verdict", "details", "plan_then", "plan_now")
        rows = [(each.name, each.verdict, "; ".join(each.details), each.plan_then, each.plan_now) for each in found]
        emit(csv_text(headers, rows))
    else:
        shown = ("run", "verdict", "plan then", "plan now")
        worded = [
            (each.name, each.verdict.value, each.plan_then[:_SHOWN_HASH] or "-", each.plan_now[:_SHOWN_HASH] or "-")
            for each in found
        ]
        if form is ListForm.MD:
            emit(markdown_table(shown, worded))
        else:
            emit_table(plain_table(shown, worded))
        for each in found:
            for detail in each.details:
                say(f"{each.name}: {detail}")
