"""What a frontier sets against cost: days, packages, or units that stay, each with its weight in the objective."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np

from splitship.check import check_plan
from splitship.check.terms import unfilled_cost
from splitship.domain import Plan, Problem, Result
from splitship.domain.orders import NO_KIT
from splitship.errors import UsageError
from splitship.planning.more import in_force
from splitship.units import ATTO, MICROS

Against = Literal["days", "packages", "fill"]
Setting = Literal["delivery_day", "split", "unfilled_unit"]
_FINE = 10**6


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

    def rounding(self, problem: Problem, weight: Decimal) -> int:
        """By how many micros a plan's objective may be above cost + weight x quantity; 0 where nothing is rounded.

        A unit's price is rounded at the weight and at a weight of 0; a kit's is rounded again on its first component.
        """
        if self.against != "fill" or _is_exact(problem, weight):
            return 0
        each = 2 + math.ceil(2 * weight / _fine_weight(problem))
        return each * int(problem.lines.quantity.sum())


def _is_exact(problem: Problem, weight: Decimal) -> bool:
    """Do whole cents times whole priorities, without kits, make prices of units that need no rounding?"""
    is_whole = weight * 100 % 1 == 0 and not any(each % ATTO for each in problem.orders.priority.exact_list())
    return is_whole and not bool((problem.lines.kit_line_idx != NO_KIT).any())


def _fine_weight(problem: Problem) -> int:
    """A weight so large that prices of units in whole micros say what a unit counts, and sums stay inside int64."""
    return 1 if problem.orders.priority.micros.max(initial=0) > _FINE * MICROS else _FINE


QUANTITIES: dict[Against, Quantity] = {
    "days": Quantity("days", "package-days to delivery", "delivery_day", "days a package"),
    "packages": Quantity("packages", "packages beyond an order's first", "split", "packages an order"),
    "fill": Quantity("fill", "units unfilled, times priority", "unfilled_unit", "share shipped"),
}


class Account:
    """Plans of one problem taken apart by the checker: the cost without the weighed term, and the quantity."""

    def __init__(self, problem: Problem, quantity: Quantity) -> None:
        self._without, self._one = (quantity.weighted(problem, Decimal(weight)) for weight in (0, 1))
        self._units: list[Fraction] | None = None
        if quantity.against == "fill":  # a priority such as 1.0000004 is lost in what one unit costs at a weight of 1
            weight = _fine_weight(problem)
            fine = quantity.weighted(problem, Decimal(weight))
            costs = zip(unfilled_cost(fine).tolist(), unfilled_cost(self._without).tolist(), strict=True)
            self._units = [Fraction(int(with_it) - int(rest), weight) for with_it, rest in costs]

    def of(self, plan: Plan) -> tuple[int, Fraction]:
        """Micros that a plan costs at a weight of 0, and its quantity: what it costs more at a weight of 1.

        Raises:
            UsageError: the plan is not feasible.
        """
        reports = [check_plan(problem, plan) for problem in (self._without, self._one)]
        if any(not report.is_feasible or report.costs is None for report in reports):
            raise UsageError("a plan that is not feasible has no place on a frontier")
        without, one = (report.costs for report in reports if report.costs is not None)
        more = Fraction(one.total - without.total)
        if self._units is not None:
            lines = self._without.lines
            left = np.maximum(0, lines.quantity - plan.shipped(len(lines)))
            exactly = sum(int(left[line]) * self._units[line] for line in np.flatnonzero(left).tolist())
            more += exactly - (one.unfilled - without.unfilled)
        return without.total, more / MICROS
