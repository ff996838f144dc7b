"""What a frontier sets against cost: days, packages, or units that stay, each with its weight in the objective."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np

from splitship.check import check_plan
from splitship.domain import Plan, Problem, Result
from splitship.errors import UsageError
from splitship.planning.more import in_force
from splitship.units import ATTO, MICROS

Against = Literal["days", "packages", "fill"]
Setting = Literal["delivery_day", "split", "unfilled_unit"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity of plans: what it is in words, the setting of the objective that weighs it, and its mean in words."""

    against: Against
    words: str
    setting: Setting
    mean_words: str

    def weight_in(self, problem: Problem) -> Decimal:
        """What the problem's objective asks for one of it, money."""
        weight: Decimal = getattr(problem.objective, self.setting)
        return weight

    def weighted(self, problem: Problem, weight: Decimal) -> Problem:
        """The problem with another weight, money for one of the quantity."""
        given = problem.as_given
        return in_force(replace(given, objective=replace(given.objective, **{self.setting: weight})))

    def overlay(self, weight: Decimal) -> str:
        """The same as an operation of an overlay in scenario.yaml."""
        return f'{{settings: objective, set: {{{self.setting}: "{weight:f}"}}}}'

    def mean(self, result: Result, amount: Fraction) -> float:
        """Of a plan with so much of it. days: mean days of a package; packages: packages of an order of which anything
        ships; fill: share of units that ship.
        """
        plan = result.plan
        match self.against:
            case "days":
                return float(amount) / max(1, len(plan))
            case "packages":
                return len(plan) / max(1, len(np.unique(plan.order_idx)))
        units = int(result.problem.as_given.lines.quantity.sum())
        return 1.0 - int(result.unfilled.quantity.sum()) / max(1, units)

    def rounding(self, problem: Problem) -> int:
        """By how many micros the term of a plan may differ from weight x quantity: whole priorities round nothing."""
        if self.against != "fill" or not any(each % ATTO for each in problem.orders.priority.exact_list()):
            return 0
        return 2 * int(problem.lines.quantity.sum())


QUANTITIES: dict[Against, Quantity] = {
    "days": Quantity("days", "package-days to delivery", "delivery_day", "days a package"),
    "packages": Quantity("packages", "packages beyond an order's first", "split", "packages an order"),
    "fill": Quantity("fill", "units unfilled, times priority", "unfilled_unit", "share shipped"),
}


class Account:
    """Plans of one problem taken apart by the checker: the cost without the weighed term, and the quantity."""

    def __init__(self, problem: Problem, quantity: Quantity) -> None:
        self._without, self._one = (quantity.weighted(problem, Decimal(weight)) for weight in (0, 1))

    def of(self, plan: Plan) -> tuple[int, Fraction]:
        """Micros that a plan costs at a weight of 0, and its quantity: what it costs more at a weight of 1.

        Raises:
            UsageError: the plan is not feasible.
        """
        costs = [check_plan(problem, plan) for problem in (self._without, self._one)]
        if any(not report.is_feasible or report.costs is None for report in costs):
            raise UsageError("a plan that is not feasible has no place on a frontier")
        without, one = (report.costs.total for report in costs if report.costs is not None)
        return without, Fraction(one - without, MICROS)
