"""`splitship solve`: the joint optimum of a batch, with its bound."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from splitship.cli.answer import Request, answer
from splitship.cli.options import (
    GapOption,
    OrdersOption,
    PackArgument,
    PlanOption,
    RecordOption,
    ScenarioOption,
    SeedOption,
    SummaryForm,
    SummaryFormOption,
    ThreadsOption,
    TimeLimitOption,
    WarmStartOption,
    WorkLimitOption,
    search_changes,
)
from splitship.errors import UsageError


class Method(StrEnum):
    """Ways to an answer."""

    ORDER_PLANS = "order-plans"
    MIP = "mip"


def solve(
    pack: PackArgument,
    scenario: ScenarioOption = "baseline",
    time_limit: TimeLimitOption = None,
    work_limit: WorkLimitOption = None,
    gap: GapOption = None,
    seed: SeedOption = None,
    threads: ThreadsOption = None,
    orders: OrdersOption = None,
    plan: PlanOption = None,
    method: Annotated[
        Method, typer.Option(help="order-plans; or mip: the whole batch as one model, for comparison.")
    ] = Method.ORDER_PLANS,
    solver: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Solver of --method mip; see splitship doctor.", show_default=False),
    ] = None,
    warm_start: WarmStartOption = None,
    record: RecordOption = None,
    output: SummaryFormOption = SummaryForm.TABLE,
) -> None:
    """Allocate a pack's orders at the least total cost, and prove how good the plan is.

    Prints a summary. Ctrl-C stops with the best plan so far (exit code 130); a second one at once.

    [bold]Examples[/bold]

    splitship solve scenarios/hello

    splitship solve scenarios/us-retail --plan plan.json -o json

    splitship solve PACK --time-limit none --work-limit 20 --seed 7

    splitship solve PACK --warm-start yesterday.json --plan today.json
    """
    if warm_start is not None and method is not Method.ORDER_PLANS:
        raise UsageError("--warm-start goes with --method order-plans")
    if record is not None and (warm_start is not None or method is not Method.ORDER_PLANS):
        raise UsageError("--record goes with --method order-plans and without --warm-start: see splitship sweep")
    if solver is not None and method is not Method.MIP:
        raise UsageError("--solver goes with --method mip")
    if solver is not None:
        _check_solver(solver)
    changes: dict[str, object] = {"method": method.value, "solver": solver}
    changes |= search_changes(gap, time_limit, work_limit, seed, threads)
    answer(Request(pack, scenario, orders, changes, plan, output, warm_start, record))


def _check_solver(name: str) -> None:
    """Refuse a solver that is none before any work: UsageError with those that are there."""
    from splitship.solvers import available_solvers

    found = [info.name for info in available_solvers()]
    if name not in found:
        raise UsageError(f"--solver: no solver called {name!r} here; there are {', '.join(found)}")
