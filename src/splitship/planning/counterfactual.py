"""What if one order were served another way: the rest re-optimised, the change of cost, and the interval proven."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from splitship.check import check_plan
from splitship.domain import (
    BoundSource,
    Event,
    Plan,
    Problem,
    Result,
    SolveOptions,
    UnfilledLines,
    WarmStart,
)
from splitship.domain.beside import without_steering
from splitship.errors import CheckFailedError, UsageError
from splitship.instance.subset import subset_of_orders
from splitship.packs.warm_start import warm_start_of
from splitship.planning.explainer import order_position, plan_of_order
from splitship.planning.force import Force, forced_problem
from splitship.planning.impossible import why_impossible
from splitship.planning.moved import Move, moved_orders
from splitship.run.solve import solve
from splitship.units import I64, strings

_TRIES = 2
"""Searches: a second one where units that cannot ship made the first stop too early."""


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high` micros; None: nothing is proven on that side."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What forcing an order changes.

    `is_possible` False: it cannot be served this way at all, and `reasons` (code, detail) say why; then nothing else
    is known. `is_already`: the base serves it so; nothing was searched for. `is_found` False: it may be possible, but
    no plan was found that serves it so.

    `plan` is the forced plan as an answer to the problem of `base`: objective, cost by term and by package are those
    of the base's own problem, as the checker finds them; its `bound` is one for plans that serve the order this way
    and leave no more than `num_left` units of it. `forced` is the answer to the changed problem, with the certificate
    from which the checker found that bound. `change` is plan against plan, micros; `interval` is where the change
    of the best plan lies. Where the plan is cheaper than the base it `becomes_base`: the base was not the best
    plan, and forcing costs nothing.

    `moves` are all orders that are served otherwise; their changes and `soft_change` add up to `change` to the micro.
    """

    base: Result = field(repr=False)
    order_id: str
    force: Force
    is_possible: bool = True
    is_already: bool = False
    is_found: bool = True
    reasons: tuple[tuple[str, str], ...] = ()
    plan: Result | None = field(default=None, repr=False)
    forced: Result | None = field(default=None, repr=False)
    change: int | None = None
    interval: Interval = Interval(None, None)
    num_left: int = 0
    moves: tuple[Move, ...] = ()
    soft_change: int = 0
    seconds: float = 0.0

    @property
    def becomes_base(self) -> bool:
        """The forced plan is cheaper than the base."""
        return self.change is not None and self.change < 0

    @property
    def own_move(self) -> Move | None:
        """What became of the order itself; None where nothing did."""
        return next((move for move in self.moves if move.order_id == self.order_id), None)


def what_if(
    base: Result,
    order_id: str,
    force: Force,
    options: SolveOptions | None = None,
    *,
    on_event: Callable[[Event], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Counterfactual:
    """Serve an order as `force` says and re-optimise the rest, from the base plan on.

    The search goes on until its gap is no worse than the base's (`options.gap` where the base has none), or to a limit
    of `options`, which are the base's if left out.

    **Why the interval holds.** Let P be the base's problem with its bound B and plan of cost C, F the plans of P that
    serve the order as forced and leave no more than n units of it. In the changed problem (`forced_problem`)
    each such plan costs what it costs in P, and a penalty for each unit left. The checker proves that no plan of the
    changed problem costs less than L'. A plan of F pays at most the penalty of n units, so it costs at least
    L = L' - that. L is a bound for F; F is part of P, so max(L, B) is one too. With C' the cost of the forced
    plan the best of P is in [B, min(C, C')], as the forced plan is a plan of P; the best of F in [max(L, B), C'].
    So the difference of the two is in [max(0, L - min(C, C')), C' - B]: at least 0 as F is part of P. n is what the
    forced plan leaves, 0 unless so many units cannot ship this way.

    Raises:
        UsageError: no such order, nothing forced, unknown ids, or an order with nothing to ship.
    """
    started = time.perf_counter()
    problem = base.problem
    order = order_position(problem, order_id)
    force.check(problem)
    asked = int(problem.lines.quantity[problem.line_ptr[order] : problem.line_ptr[order + 1]].sum())
    if not asked:
        raise UsageError(f"order {order_id} has nothing that is still to ship")
    if force.is_met(problem, order, base.plan, base.report):
        high = None if base.bound is None else base.objective - base.bound
        return Counterfactual(
            base, order_id, force, is_already=True, plan=base, change=0, interval=Interval(0, high),
            seconds=time.perf_counter() - started,
        )  # fmt: skip
    made = forced_problem(problem, order, force)
    alone = _alone(made, order, base.options)
    ships = int(alone.content_quantity.sum())
    if ships == 0 or (force.complete and ships < asked):
        reasons = why_impossible(problem, made, order, force)
        return Counterfactual(
            base, order_id, force, is_possible=False, reasons=reasons, seconds=time.perf_counter() - started
        )  # fmt: skip
    search = _Search(base, made, order, alone, options)
    found = search.run(on_event, should_stop)
    plan = search.as_answer(found)
    left = asked - int(plan_of_order(plan.plan, order).content_quantity.sum())
    if not force.keeps(problem, order, plan.plan, plan.report):
        raise CheckFailedError(f"the plan does not serve order {order_id} {force.words}")
    penalty_paid = found.objective - plan.objective
    bound = None if found.bound is None else found.bound - penalty_paid
    if base.bound is not None and bound is not None:
        bound = max(bound, base.bound)
    plan = replace(plan, bound=bound)
    moves, soft_change = moved_orders(base, plan)
    least = min(base.objective, plan.objective)
    return Counterfactual(
        base, order_id, force,
        is_found=left <= asked - ships,
        plan=plan,
        forced=found,
        change=plan.objective - base.objective,
        interval=Interval(
            0 if bound is None else max(0, bound - least), None if base.bound is None else plan.objective - base.bound
        ),
        num_left=left,
        moves=moves,
        soft_change=soft_change,
        seconds=time.perf_counter() - started,
    )  # fmt: skip


def _alone(made: Problem, order: int, options: SolveOptions) -> Plan:
    """The best plan of the forced order as if there were no others, in its own positions."""
    part, line_idx = subset_of_orders(without_steering(made), np.array([order], np.int64))
    found = solve(part, replace(options, gap=0.0, method="order-plans", solver=None)).plan
    return replace(found, order_idx=np.full(len(found), order, np.int64), content_line=line_idx[found.content_line])


class _Search:
    """The forced problem with its order in front, so that a warm start serves it before all others."""

    def __init__(self, base: Result, made: Problem, order: int, alone: Plan, options: SolveOptions | None) -> None:
        self.base = base
        num = len(made.orders)
        self.sequence: I64 = np.concatenate([[order], np.delete(np.arange(num), order)]).astype(np.int64)
        self.problem, self.line_idx = subset_of_orders(made, self.sequence)
        # the positions of lines in the new sequence
        line_of = np.empty(len(made.lines), np.int64)
        line_of[self.line_idx] = np.arange(len(made.lines))
        order_of = np.empty(num, np.int64)
        order_of[self.sequence] = np.arange(num)
        rest = base.plan.of_packages(base.plan.order_idx != order)
        joined = Plan.joined([alone, rest])
        self.warm = WarmStart(
            replace(joined, order_idx=order_of[joined.order_idx], content_line=line_of[joined.content_line]),
            warm_start_of(base, self.problem).certificate if base.certificate is not None else None,
        )
        options = base.options if options is None else options
        gap = options.gap if base.gap is None else max(0.0, base.gap)
        self.options = replace(options, gap=gap, method="order-plans", solver=None)

    def run(
        self, on_event: Callable[[Event], None] | None, should_stop: Callable[[], bool] | None
    ) -> Result:
        """The answer to the forced problem."""
        target = self.options.gap
        options, warm = self.options, self.warm
        for last in range(_TRIES):
            found = solve(self.problem, options, on_event, should_stop, warm=warm)
            # units that stay at a penalty make the objective, and with it the gap that is allowed, far too large
            allowed = target * abs(self.base.objective)
            if last == _TRIES - 1 or found.bound is None or found.objective <= 2 * abs(self.base.objective):
                break
            if found.objective - found.bound <= max(1.0, 1.01 * allowed):
                break
            options = replace(options, gap=allowed / found.objective)
            warm = WarmStart(found.plan, found.certificate)
        return found

    def as_answer(self, found: Result) -> Result:
        """The plan as one to the base's own problem, costed by the checker."""
        problem = self.base.problem
        plan = replace(
            found.plan,
            order_idx=self.sequence[found.plan.order_idx],
            content_line=self.line_idx[found.plan.content_line],
        ).canonical()
        report = check_plan(problem, plan)
        if not report.is_feasible or report.costs is None:
            listed = "; ".join(f"{v.code} {v.where}: {v.message}" for v in report.violations[:5])
            raise CheckFailedError(f"the forced plan is not one of the base's problem: {listed}")
        lines = self.line_idx[found.unfilled.line_idx]
        rows = np.argsort(lines, kind="stable")
        unfilled = UnfilledLines(
            lines[rows],
            found.unfilled.quantity[rows],
            tuple(found.unfilled.reason[row] for row in rows.tolist()),
            strings(found.unfilled.detail[row] for row in rows.tolist()),
        )
        return replace(
            found, problem=problem, plan=plan, report=report, objective=report.costs.total, certificate=None,
            bound_source=BoundSource.NONE, unfilled=unfilled,
            unavoidable_unfilled_cost=self.base.unavoidable_unfilled_cost,
        )  # fmt: skip
