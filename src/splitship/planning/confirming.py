"""What a change of the problem saves: confirmed by solving with it and without it, and bounded by what is proven.

A search that begins from a plan finds better ones for two reasons: the change, and that it looked again. So every
change is solved there and back: with it from the best plan known, then without it from the plan found. Only
the difference of these two is called its saving, and a better plan without the change becomes the base.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from splitship.check import check_certificate, check_plan
from splitship.domain import Event, Plan, Problem, Result, SolveOptions, TerminationReason
from splitship.errors import CheckFailedError, UsageError
from splitship.packs.warm_start import warm_start_of
from splitship.run.solve import solve

_SHARE = 0.5
"""Of the time that the base took, or of the work that it was allowed: what each solve may take."""
_LEAST_SECONDS = 2.0

Say = Callable[[str], None]
"""Told in words what is being looked at."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a change saves, in micros; all plans verified, all bounds recomputed by the checker.

    `cost` is that of the best plan found with the change, `cost_without` of the best one found without it, next to it:
    never less than `cost`, since a plan that is as good without counts for both. `bound`: no plan with the change costs
    less; `base_bound`: none without it does (None: no bound). `filled` units ship more than in the plan without.
    """

    cost: int
    cost_without: int
    bound: int | None
    base_bound: int | None
    filled: int

    @property
    def saving(self) -> int:
        """Plan against plan."""
        return self.cost_without - self.cost

    @property
    def at_least(self) -> int:
        """What the best plans of both differ by at the least."""
        return 0 if self.base_bound is None else max(0, self.base_bound - self.cost)

    @property
    def at_most(self) -> int | None:
        """What the best plans of both differ by at the most; None without a bound."""
        return None if self.bound is None else max(0, self.cost_without - self.bound)


class Confirmer:
    """Confirms changes of the problem of one answer; `best` is the best plan of it that is known by now."""

    def __init__(
        self,
        base: Result,
        on_event: Callable[[Event], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> None:
        if base.certificate is None or base.gap is None:
            raise UsageError(
                "prices need an answer with a certificate: one of method order-plans, or its plan as .json"
            )
        self.base = self.best = base
        self._certificate, self._base_bound = base.certificate, base.bound
        self._is_ready = False
        self._on_event, self._should_stop = on_event, should_stop
        self.options = _options(base)

    @property
    def is_over(self) -> bool:
        """Whether a stop was asked for."""
        return self._should_stop is not None and self._should_stop()

    def bound_with(self, problem: Problem) -> int | None:
        """What the base's certificate proves of a changed problem, micros; None when it does not fit there."""
        if not has_same_positions(problem, self.base.problem):
            return None
        return check_certificate(problem, self._certificate, self.options.threads).bound

    def confirm(self, problem: Problem, bound: int | None) -> Confirmation | None:
        """What the change to `problem` saves; None when a stop was asked for before that was known.

        `bound` is what is known of the changed problem, from `bound_with`.
        """
        if not self._is_ready and not self._get_ready():
            return None
        there = self._solve(problem, self.best)
        if there is None:
            return None
        if there.objective < self.best.objective:
            back = self._solve(self.base.problem, there)
            if back is None:
                return None
            if back.objective < self.best.objective:
                self.best = back
        cost, plan = there.objective, there.plan
        same = has_same_positions(problem, self.base.problem)
        as_it_is = cost_of(problem, self.best.plan) if same else None
        if as_it_is is not None and as_it_is < cost:
            cost, plan = as_it_is, self.best.plan
        without = self.best
        if cost > without.objective:  # a change for the worse: what it costs shows as no saving
            cost, plan = without.objective, without.plan
        bounds = [each for each in (bound, there.bound) if each is not None]
        found = Confirmation(
            cost=cost,
            cost_without=without.objective,
            bound=max(bounds, default=None),
            base_bound=self._base_bound,
            filled=int(plan.content_quantity.sum() - without.plan.content_quantity.sum()),
        )
        if found.bound is not None and found.bound > there.objective:
            raise CheckFailedError(f"a plan costs {there.objective} micros, less than the bound {found.bound}")
        return found

    def _get_ready(self) -> bool:
        """Solve the base once more from where it ended: whatever comes of looking again is no change's saving."""
        again = self._solve(self.base.problem, self.base)
        if again is None:
            return False
        if again.objective < self.best.objective:
            self.best = again
        if again.bound is not None and again.certificate is not None and again.bound > (self._base_bound or 0):
            self._base_bound, self._certificate = again.bound, again.certificate
        self._is_ready = True
        return True

    def _solve(self, problem: Problem, start: Result) -> Result | None:
        warm = warm_start_of(replace(start, certificate=start.certificate or self._certificate), problem)
        found = solve(problem, self.options, self._on_event, self._should_stop, warm=warm)
        return None if found.termination.reason is TerminationReason.INTERRUPTED or self.is_over else found


def has_same_positions(one: Problem, other: Problem) -> bool:
    """Whether plans and certificates of one can be read in the other: the same lines and services in force."""
    return np.array_equal(one.services.service_id, other.services.service_id) and np.array_equal(
        one.lines.line_id, other.lines.line_id
    )


def cost_of(problem: Problem, plan: Plan) -> int | None:
    """What a plan costs in a problem by the checker, micros; None when it is not feasible there."""
    report = check_plan(problem, plan)
    return None if not report.is_feasible or report.costs is None else report.costs.total


def _options(base: Result) -> SolveOptions:
    """A share of the base's time, or of its work where only that is limited; to no gap, which a plan found at once
    could be within without the change having been made use of."""
    options = base.options
    seconds, work = options.time_limit_s, options.work_limit
    if seconds is not None or work is None:
        took = max(_LEAST_SECONDS, _SHARE * base.seconds.get("total", 0.0))
        seconds = took if seconds is None else min(seconds, took)
    else:
        work *= _SHARE
    return replace(options, method="order-plans", solver=None, gap=0.0, time_limit_s=seconds, work_limit=work)
