"""The best plan of a batch in which one order is served as forced, with a bound that the checker proves."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from splitship.check import check_certificate, check_plan
from splitship.domain import (
    BoundSource,
    Certificate,
    Event,
    Plan,
    Problem,
    Result,
    SolveOptions,
    Termination,
    TerminationReason,
    WarmStart,
)
from splitship.domain.beside import without_steering
from splitship.errors import CheckFailedError, NoPlanInTimeError
from splitship.instance.reasons import unfilled_lines
from splitship.instance.subset import subset_of_orders
from splitship.packs.warm_start import keep_known, keep_steered
from splitship.planning.explainer import Explainer
from splitship.planning.force import Force, penalty, raised_lines
from splitship.planning.repair import repaired_plan
from splitship.planning.served import plan_of_order
from splitship.run.solve import solve
from splitship.units import I64

_TRIES = 2
"""Searches of all the batch: a second one where units that cannot ship made the first stop too early."""


@dataclass(frozen=True, slots=True)
class Found:
    """The forced plan as an answer to the base's problem, its bound included; was all of the batch searched?"""

    plan: Result
    is_searched: bool


class ForcedSearch:
    """Looks for the plan; `most_units` of the order can ship this way if there were no other orders.

    `made` is the forced problem, with orders and lines where the base's problem has them. Times count from `started`.
    """

    def __init__(
        self, base: Result, explainer: Explainer, made: Problem, order: int, force: Force,
        options: SolveOptions | None, started: float,
    ) -> None:  # fmt: skip
        self.base, self.explainer, self.made, self.order, self.force = base, explainer, made, order, force
        self.started = started
        options = base.options if options is None else options
        gap = options.gap if base.gap is None else max(options.gap, base.gap)
        self.options = replace(options, gap=gap, method="order-plans", solver=None)
        self.forced = self._cheapest()
        self.most_units = int(self.forced.content_quantity.sum())

    def run(self, on_event: Callable[[Event], None] | None, should_stop: Callable[[], bool] | None) -> Found:
        """The plan put right around the forced order, or that of a search where its gap is too large."""
        repaired = self._repaired()
        if repaired is not None and repaired.gap is not None and repaired.gap <= self.options.gap:
            return Found(repaired, False)
        try:
            searched = self._searched(repaired, on_event, should_stop)
        except NoPlanInTimeError:
            if repaired is None:
                raise
            return Found(repaired, False)
        if repaired is None:
            return Found(searched, True)
        units = [int(plan_of_order(each.plan, self.order).content_quantity.sum()) for each in (repaired, searched)]
        better = (units[0], -repaired.objective) >= (units[1], -searched.objective)
        bounds = [each.bound for each in (repaired, searched) if each.bound is not None]
        # both bounds are for plans that leave no more than the better plan does only where these leave the same
        best = repaired if better else searched
        if units[0] == units[1] and bounds:
            best = replace(best, bound=max(bounds), termination=searched.termination)
        return Found(best, True)

    def _cheapest(self) -> Plan:
        """The best plan of the forced order by itself: at the prices where they can tell, else as if it were alone."""
        search, force = self.explainer.search, self.force
        is_dated = force.service is not None or force.ship_on is not None or force.deliver_by is not None
        if not search.is_wide(self.order) and not is_dated:
            node = None if force.node is None else self.base.problem.nodes.node_id.tolist().index(force.node)
            found = search.best(self.order, whole=True, node=node, most_packages=force.packages)
            if found is not None:
                return found.plan
        part, line_idx = subset_of_orders(without_steering(self.made), np.array([self.order], np.int64))
        options = replace(self.base.options, gap=0.0, method="order-plans", solver=None)
        plan = solve(part, options).plan
        lines, sku_idx = line_idx[plan.content_line], plan.content_sku_idx
        if sku_idx is None and self.base.plan.content_sku_idx is not None:  # the order alone has no substitutes
            sku_idx = self.made.lines.sku_idx[lines]
        return replace(
            plan,
            order_idx=np.full(len(plan), self.order, np.int64),
            content_line=lines,
            content_sku_idx=sku_idx,
        )

    def _repaired(self) -> Result | None:
        """The base plan put right around the forced order, with the bound that the base's certificate proves."""
        search, base = self.explainer.search, self.base
        plan = None
        if not search.is_wide(self.order):
            plan = repaired_plan(search, base.plan, self.order, self.forced)
        if plan is None:
            rest = base.plan.of_packages(base.plan.order_idx != self.order)
            plan = Plan.joined([rest, self.forced]).canonical()
        made = self._as_answer(plan, Termination(TerminationReason.GAP_REACHED, None, "the base plan put right"))
        if made is None or base.certificate is None:
            return made
        proof = check_certificate(self.made, base.certificate, self.options.threads)
        return made if proof.bound is None or proof.violations else self._bounded(made, proof.bound)

    def _searched(
        self, start: Result | None, on_event: Callable[[Event], None] | None, should_stop: Callable[[], bool] | None
    ) -> Result:
        """All of the batch searched, the forced order in front, so that a warm start serves it before all others."""
        base, order = self.base, self.order
        num = len(self.made.orders)
        sequence: I64 = np.concatenate([[order], np.delete(np.arange(num), order)]).astype(np.int64)
        problem, line_idx = subset_of_orders(self.made, sequence)
        order_of, line_of = np.empty(num, np.int64), np.empty(len(self.made.lines), np.int64)
        order_of[sequence], line_of[line_idx] = np.arange(num), np.arange(len(line_idx))
        rest = base.plan.of_packages(base.plan.order_idx != order)
        plan = Plan.joined([self.forced, rest]) if start is None else start.plan
        plan = replace(plan, order_idx=order_of[plan.order_idx], content_line=line_of[plan.content_line])
        warm = WarmStart(plan, self._prices(problem, line_of))
        options, allowed = self.options, self.options.gap * abs(base.objective)
        for last in range(_TRIES):
            found = solve(problem, self._in_time(options), on_event, should_stop, warm=warm)
            # units that stay at a penalty make the objective, and with it the gap that is allowed, far too large
            is_good = found.bound is None or found.objective - found.bound <= max(1.0, 1.01 * allowed)
            if is_good or found.objective <= 2 * abs(base.objective) or last == _TRIES - 1:
                break
            options = replace(options, gap=allowed / found.objective)
            warm = WarmStart(found.plan, found.certificate)
        plan = replace(
            found.plan,
            order_idx=sequence[found.plan.order_idx],
            content_line=line_idx[found.plan.content_line],
        ).canonical()
        made = self._as_answer(plan, found.termination)
        if made is None:
            raise CheckFailedError("the plan of the forced problem is not one of the base's")
        return made if found.bound is None else self._bounded(made, found.bound)

    def _prices(self, problem: Problem, line_of: I64) -> Certificate | None:
        """The base's prices with the positions of lines moved."""
        certificate = self.base.certificate
        if certificate is None:
            return None
        if certificate.leaves:
            certificate = min((leaf.prices for leaf in certificate.leaves), key=lambda prices: prices.bound)
        certificate = replace(
            certificate, share_line=line_of[certificate.share_line], own_line=line_of[certificate.own_line]
        )
        return keep_known(None, keep_steered(certificate, problem)).certificate

    def _in_time(self, options: SolveOptions) -> SolveOptions:
        """The options with what is left of the time limit."""
        if options.time_limit_s is None:
            return options
        return replace(options, time_limit_s=max(0.1, options.time_limit_s - (time.perf_counter() - self.started)))

    def _as_answer(self, plan: Plan, termination: Termination) -> Result | None:
        """A plan as an answer to the base's own problem, costed by the checker; None where it is not feasible there.

        Raises:
            CheckFailedError: it does not serve the order as forced.
        """
        problem = self.base.problem
        report = check_plan(problem, plan)
        if not report.is_feasible or report.costs is None:
            return None
        if not self.force.keeps(problem, self.order, plan, report):
            raise CheckFailedError(f"the plan does not serve the order {self.force.words}")
        return replace(
            self.base, plan=plan, report=report, objective=report.costs.total, bound=None, certificate=None,
            bound_source=BoundSource.NONE, unfilled=unfilled_lines(problem, plan), termination=termination,
            events=(), seconds={},
        )  # fmt: skip

    def _bounded(self, made: Result, bound: int) -> Result:
        """With the bound of the forced problem, less the penalty of the units that the plan leaves; or the base's."""
        lines = self.made.lines
        left = np.maximum(0, lines.quantity - made.plan.shipped(len(lines)))
        is_raised = raised_lines(self.made, self.order)
        found = bound - int(left[is_raised].sum()) * penalty(self.base.problem, self.order)
        if self.base.proven_bound is not None:
            found = max(found, self.base.proven_bound)
        return replace(made, bound=found)
