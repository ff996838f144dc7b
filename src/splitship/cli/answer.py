"""From a pack to a printed answer: what `solve` and `policy` have in common."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from splitship.cli.console import counted, emit, emit_json, say
from splitship.cli.interrupts import Interruptible, leave
from splitship.cli.kernels import compile_kernels
from splitship.cli.options import (
    SummaryForm,
    check_plan_target,
    check_record_target,
    order_names,
    refuse_binary_terminal,
    restrict,
)
from splitship.cli.progress import Progress
from splitship.errors import NothingPossibleError, UsageError

if TYPE_CHECKING:
    from splitship.domain import Problem, Result, SolveOptions, WarmStart
    from splitship.packs import Pack

INTERRUPTED = 130


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """What to solve, and what to do with the answer. `changes` are fields of SolveOptions that replace the pack's.

    `warm_start` is the file of an earlier answer to begin with, `record` the file for a record of the run.
    """

    pack: Path
    scenario: str
    orders: str | None
    changes: dict[str, object]
    plan: Path | None
    form: SummaryForm
    warm_start: Path | None = None
    record: Path | None = None


def answer(request: Request) -> None:
    """Read, solve, save, print; exit code 130 when it was interrupted."""
    refuse_binary_terminal(request.form)
    check_plan_target(request.plan)
    check_record_target(request.record)
    interruptible: Interruptible
    with Progress(f"reading {request.pack.name or request.pack}") as progress:
        started = time.perf_counter()
        problem, options = read_problem(request)
        warm = read_warm(request, problem)
        read_seconds = time.perf_counter() - started
        if options.method == "order-plans":
            compile_kernels(progress)
        progress.phase("preparing", problem.currency)
        interruptible = Interruptible(on_stop=lambda: progress.note("stopping at the best plan so far"))
        result = _solve(problem, options, warm, progress, interruptible)
    if result is None:
        say("splitship: interrupted before the first plan")
        _end(INTERRUPTED, interruptible)
    result = with_reading(result, read_seconds)
    deliver(result, request)
    _write_record(result, request)
    _end(exit_code(result), interruptible)


def _write_record(result: Result, request: Request) -> None:
    """The record of the run where one is asked for, after the answer was printed: it may have taken long."""
    if request.record is None:
        return
    from splitship.packs import read_pack
    from splitship.planning.runs.folder import plan_path, write_run
    from splitship.planning.runs.record import record_of
    from splitship.planning.runs.task import RunTask, Solved

    pack = read_pack(request.pack)
    orders = None if request.orders is None else tuple(order_names(request.orders))
    task = RunTask(request.scenario, request.scenario, result.options, orders)
    if task.problem(pack).input_hash != result.problem.input_hash:
        raise UsageError(f"{request.pack} has changed while it was solved; nothing is recorded")
    solved = Solved.of(result, pack)
    write_run(request.record, record_of(task, pack, None, solved), solved.plan)
    say(f"run recorded in {request.record} and {plan_path(request.record).name}")


def exit_code(result: Result) -> int:
    """130 for an interrupted solve, 4 when there is demand but no possible package at all, else 0."""
    if result.termination.reason.value == "INTERRUPTED":
        return INTERRUPTED
    if not result.has_possible_package:
        say("splitship: there is demand, but no package is possible at all: see unfilled in the plan for the reasons")
        return NothingPossibleError.exit_code
    return 0


def read_problem(request: Request) -> tuple[Problem, SolveOptions]:
    """The problem and the options in force; warnings of the pack go to standard error."""
    pack = open_pack(request.pack, request.scenario)
    problem = restrict(pack.problem(), request.orders)
    if len(problem.forecast):
        from splitship.packs.forecast import ONLY_USE

        say(f"splitship: {ONLY_USE}")
    return problem, dataclasses.replace(pack.options(), **request.changes)  # type: ignore[arg-type]


def read_warm(request: Request, problem: Problem) -> WarmStart | None:
    """What the problem still knows of the earlier answer, if there is one; how much that is goes to standard error.

    Raises:
        PlanError: the file is no plan.
    """
    if request.warm_start is None:
        return None
    from splitship.packs.warm_start import read_warm_start

    warm = read_warm_start(request.warm_start, problem)
    packages = f"{warm.num_packages:,} of {counted(warm.num_packages + warm.num_dropped_packages, 'package')}"
    prices = f"{warm.num_prices:,} of {counted(warm.num_prices + warm.num_dropped_prices, 'price')}"
    if warm.certificate is None:
        prices = "no prices"
    say(f"splitship: warm start from {request.warm_start}: {packages} and {prices} kept")
    return warm


def open_pack(path: Path, scenario: str | None = None) -> Pack:
    """Read a pack, as a scenario has it if one is named, and say how many warnings it has."""
    from splitship.packs import read_pack

    pack = read_pack(path).in_scenario(scenario)
    if pack.warnings:
        from splitship.cli.findings import count_findings

        count = counted(count_findings(pack.warnings, "warning"), "warning")
        option = "" if pack.scenario == "baseline" else f" --scenario {pack.scenario}"
        say(f"splitship: {count} in {path}: see splitship validate{option}")
    return pack


def with_reading(result: Result, read_seconds: float) -> Result:
    """The result with the seconds of reading its pack among its phases and in the total."""
    seconds = {"read": read_seconds, **result.seconds}
    seconds["total"] = result.seconds.get("total", 0.0) + read_seconds
    return dataclasses.replace(result, seconds=seconds)


def deliver(result: Result, request: Request) -> None:
    """Save the plan where one is asked for, and print the answer in the form asked for.

    Raises:
        OSError: the plan could not be saved; the answer is printed all the same, for it may have taken long.
    """
    from splitship.cli.summary_view import one_line, show_summary, summary_markdown
    from splitship.packs.documents import plan_document, summary_document, summary_part
    from splitship.packs.plans import document_text, plan_bytes, plan_suffix, write_whole

    failure: OSError | None = None
    if request.plan is not None and plan_suffix(request.plan) == ".json":
        plan = plan_document(result)
        document, data = summary_part(plan), document_text(plan).encode()
    else:
        document = summary_document(result)
        data = b"" if request.plan is None else plan_bytes(result, plan_suffix(request.plan))
    if request.plan is not None:
        try:
            write_whole(request.plan, data)
            say(f"plan saved in {request.plan}")
        except OSError as error:
            failure = OSError(error.errno, error.strerror, str(request.plan))
    if request.form is SummaryForm.JSON:
        emit_json(document)
    elif request.form is SummaryForm.MD:
        emit(summary_markdown(document))
    elif request.form is SummaryForm.TABLE:
        show_summary(document)
    else:
        emit(plan_bytes(result, f".{request.form}"))
        say(one_line(document))
    if failure is not None:
        raise failure


def _solve(
    problem: Problem,
    options: SolveOptions,
    warm: WarmStart | None,
    progress: Progress,
    interruptible: Interruptible,
) -> Result | None:
    from splitship.run import solve

    return interruptible.run(
        lambda should_stop, on_plan: solve(
            problem, options, on_event=progress.event, should_stop=should_stop, on_plan=on_plan, warm=warm
        )
    )


def _end(code: int, interruptible: Interruptible) -> NoReturn:
    if interruptible.is_abandoned:
        leave(code)
    raise typer.Exit(code)
