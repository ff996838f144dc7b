"""What if one order were served another way: the rest re-optimised, the change of cost, and the interval proven."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from splitship.domain import Event, Result, SolveOptions
from splitship.errors import UsageError
from splitship.planning.explainer import Explainer
from splitship.planning.force import Force, forced_problem
from splitship.planning.forced_search import ForcedSearch, Found
from splitship.planning.impossible import why_impossible
from splitship.planning.interval import Interval
from splitship.planning.moved import Move, moved_orders
from splitship.planning.served import order_position, plan_of_order


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What forcing an order changes.

    `is_possible` False: it cannot be served this way at all, and `reasons` (code, detail) say why; then nothing else
    is known. `is_already`: the base serves it so; nothing was searched for. `is_found` False: it may be possible to
    ship more of it this way than the plan found does; the interval is that of plans that leave as much. With `complete`
    such a plan is none of those asked for: then there is no `plan`, no `change` and no interval, only `num_left` of
    the nearest that was found.

    `plan` is the forced plan as an answer to the problem of `base`: objective, cost by term and by package are those
    of the base's own problem, as the checker finds them; its `bound` is one for plans that serve the order this way
    and leave no more than `num_left` units of it. It has no certificate: the one from which the checker found the bound
    is of the changed problem (`forced_problem`). `change` is plan against plan, micros; `interval` is where the
    change of the best plan lies. Where the plan is cheaper than the base it `becomes_base`: the base was not the
    best plan, and forcing costs nothing. `is_searched`: putting right what was in the way was not enough for the gap,
    and all of the batch was searched again.

    `moves` are all orders that are served otherwise; their changes and `soft_change` add up to `change` to the micro.
    """

    base: Result = field(repr=False)
    order_id: str
    force: Force
    is_possible: bool = True
    is_already: bool = False
    is_found: bool = True
    is_searched: bool = False
    reasons: tuple[tuple[str, str], ...] = ()
    plan: Result | None = field(default=None, repr=False)
    change: int | None = None
    interval: Interval = field(default_factory=Interval)
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
    explainer: Explainer | None = None,
    on_event: Callable[[Event], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Counterfactual:
    """Serve an order as `force` says and re-optimise the rest, from the base plan on.

    First the base plan is put right around the forced order; where that leaves a larger gap than the base's, or than
    the one that was asked of it, all of the batch is searched, to that gap or a limit of `options` (the base's if left
    out). An `explainer` of the base saves compiling it again.

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
        high = None if base.proven_bound is None else base.objective - base.proven_bound
        return Counterfactual(
            base, order_id, force, is_already=True, plan=base, change=0, interval=Interval(0, high),
            seconds=time.perf_counter() - started,
        )  # fmt: skip
    made = forced_problem(problem, order, force)
    owned = Explainer(base) if explainer is None else None
    try:
        search = ForcedSearch(base, explainer or owned, made, order, force, options, started)  # type: ignore[arg-type]
        ships = search.most_units
        if ships == 0 or (force.complete and ships < asked):
            reasons = why_impossible(problem, made, order, force)
            return Counterfactual(
                base, order_id, force, is_possible=False, reasons=reasons, seconds=time.perf_counter() - started
            )
        found = search.run(on_event, should_stop)
    finally:
        if owned is not None:
            owned.close()
    return _account(base, order, order_id, force, found, asked - ships, started)


def _account(
    base: Result, order: int, order_id: str, force: Force, found: Found, fewest_left: int, started: float
) -> Counterfactual:
    plan, problem = found.plan, base.problem
    asked = int(problem.lines.quantity[problem.line_ptr[order] : problem.line_ptr[order + 1]].sum())
    left = asked - int(plan_of_order(plan.plan, order).content_quantity.sum())
    if force.complete and left:
        return Counterfactual(
            base, order_id, force, is_found=False, is_searched=found.is_searched, num_left=left,
            seconds=time.perf_counter() - started,
        )  # fmt: skip
    moves, soft_change = moved_orders(base, plan)
    least, bound = min(base.objective, plan.objective), plan.bound
    return Counterfactual(
        base, order_id, force,
        is_found=left <= fewest_left,
        is_searched=found.is_searched,
        plan=plan,
        change=plan.objective - base.objective,
        interval=Interval(
            0 if bound is None else max(0, bound - least),
            None if base.proven_bound is None else plan.objective - base.proven_bound,
        ),
        num_left=left,
        moves=moves,
        soft_change=soft_change,
        seconds=time.perf_counter() - started,
    )  # fmt: skip
