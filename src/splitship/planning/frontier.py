"""Cost against days, packages or fill: plans for different weights, and what is proven that no plan can be below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from splitship.domain import Event, Problem, Result, SolveOptions, TerminationReason
from splitship.errors import UsageError
from splitship.packs.warm_start import warm_start_of
from splitship.planning.confirming import Say
from splitship.planning.envelope import Envelope, Line
from splitship.planning.quantities import QUANTITIES, Account, Against, Quantity
from splitship.run.solve import solve
from splitship.units import MICROS

MOST_POINTS = 100
_CENT = Decimal("0.01")
_NEAR = Decimal("0.05")
"""Weights that differ by less are not both solved."""
_FAR = 8
"""The largest weight is so many times the pack's own."""


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """One plan. `weight` is money for one of the quantity; `cost` (micros) is all that the plan costs but for that.

    `quantity` is exact; `mean` says the same in a form that speaks for itself (`Quantity.mean`). `bound`: no plan has
    cost + weight x quantity below it, in micros. `floor` is what the envelope proves for plans of this quantity, None
    without a bound. `is_own`: the weight is the pack's. `is_dominated`: another point is no dearer and has no more.
    """

    weight: Decimal
    cost: int
    quantity: Fraction
    mean: float
    bound: int | None
    floor: Fraction | None
    is_own: bool
    is_dominated: bool
    overlay: str
    result: Result


@dataclass(frozen=True, slots=True)
class Frontier:
    """Points from the least of the quantity to the most, and the certified envelope: the largest of all lines
    `bound - weight x quantity`. No plan at all, found or not, lies below it. `is_complete`: not stopped before the end.
    """

    problem: Problem
    quantity: Quantity
    points: tuple[FrontierPoint, ...]
    envelope: Envelope
    is_complete: bool


def frontier(
    problem: Problem,
    options: SolveOptions | None = None,
    *,
    against: Against = "days",
    points: int = 8,
    is_warm: bool = True,
    on_event: Callable[[Event], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    say: Say | None = None,
) -> Frontier:
    """Solve a problem at different weights of days, packages or unfilled units.

    First at its own weight, at 0 and at a large one; then always between the two neighbours between which most is
    open, at the weight at which both cost the same. Each solve has the options' limits to itself. With `is_warm` each
    begins with the answer of the nearest weight, which is quicker; without, a point is what solving its scenario gives.
    There may be fewer points than asked for when no weight between neighbours is left. After a stop the points found by
    then come back.

    Raises:
        UsageError: no such quantity, fewer than 2 or more than 100 points, or a method without a bound.
    """
    if against not in QUANTITIES:
        raise UsageError(f"against: expected {', '.join(QUANTITIES)}, got {against!r}")
    if not 2 <= points <= MOST_POINTS:
        raise UsageError(f"points: expected a whole number from 2 to {MOST_POINTS}, got {points}")
    options = options or SolveOptions()
    if options.method != "order-plans":
        raise UsageError("a frontier needs bounds: they come with the method order-plans only")
    search = _Search(problem, QUANTITIES[against])
    is_complete = True
    while len(search.found) < points:
        weight = search.next_weight()
        if weight is None:
            break
        if say is not None:
            say(f"{len(search.found) + 1} of {points}: {search.quantity.setting} {weight:f}")
        nearest = min(search.found, key=lambda each: abs(each.weight - weight), default=None)
        weighted = search.quantity.weighted(problem, weight)
        warm = None if nearest is None or not is_warm else warm_start_of(nearest.result, weighted)
        result = solve(weighted, options, on_event, should_stop, warm=warm)
        if result.termination.reason is TerminationReason.INTERRUPTED or (should_stop is not None and should_stop()):
            is_complete = False
            break
        search.add(weight, result)
    return search.frontier(is_complete)


@dataclass(frozen=True, slots=True)
class _Solved:
    weight: Decimal
    result: Result
    cost: int
    quantity: Fraction

    @property
    def micros(self) -> Fraction:
        """The weight in micros."""
        return Fraction(self.weight) * MICROS


class _Search:
    """Points found so far, and where to look next."""

    def __init__(self, problem: Problem, quantity: Quantity) -> None:
        self.problem, self.quantity = problem, quantity
        self.found: list[_Solved] = []
        self._account = Account(problem, quantity)
        self._own = quantity.weight_in(problem)

    def add(self, weight: Decimal, result: Result) -> None:
        """A solved point."""
        self.found.append(_Solved(weight, result, *self._account.of(result.plan)))

    def next_weight(self) -> Decimal | None:
        """The weight to solve at; None when nothing is left between the points there are."""
        known = {each.weight for each in self.found}
        for first in (self._own, Decimal(0)):
            if first not in known:
                return first
        if len(self.found) < 2 + (self._own > 0):
            return self._large()
        return self._between(known)

    def _large(self) -> Decimal:
        """Some times the own weight; without one, what the plan costs for each of the quantity."""
        if self._own:
            return self._own * _FAR
        last = self.found[-1]
        each = Fraction(last.cost, MICROS) / max(Fraction(1), last.quantity)
        return max(Decimal(1), _cents(each))

    def _between(self, known: set[Decimal]) -> Decimal | None:
        envelope, best = self.envelope(), _undominated(self.found)
        open_places: list[tuple[Fraction, Decimal]] = []
        for few, many in pairwise(best):
            slope = Fraction(few.cost - many.cost) / (many.quantity - few.quantity) / MICROS
            weight = _cents(slope)
            if any(abs(weight - each) <= each * _NEAR for each in known):
                continue
            floor = envelope.at((few.quantity + many.quantity) / 2) or Fraction(0)
            open_places.append((Fraction(few.cost + many.cost, 2) - floor, weight))
        return max(open_places)[1] if open_places else None

    def envelope(self) -> Envelope:
        """The largest of the lines that are proven; a micro less for each that rounding may take."""
        return Envelope.of(
            [
                Line(each.micros, each.result.bound - self.quantity.rounding(self.problem, each.weight))
                for each in self.found
                if each.result.bound is not None
            ]
        )

    def frontier(self, is_complete: bool) -> Frontier:
        """What was found."""
        envelope, best = self.envelope(), {id(each) for each in _undominated(self.found)}
        points = [
            FrontierPoint(
                weight=each.weight,
                cost=each.cost,
                quantity=each.quantity,
                mean=self.quantity.mean(each.result, each.quantity),
                bound=each.result.bound,
                floor=envelope.at(each.quantity),
                is_own=each.weight == self._own,
                is_dominated=id(each) not in best,
                overlay=self.quantity.overlay(each.weight),
                result=each.result,
            )
            for each in sorted(self.found, key=lambda one: (one.quantity, one.cost, one.weight))
        ]
        return Frontier(self.problem, self.quantity, tuple(points), envelope, is_complete)


def _undominated(found: list[_Solved]) -> list[_Solved]:
    """Points of which no other is as good in both; from the least of the quantity on. Of equals the first stays."""
    kept: list[_Solved] = []
    for each in sorted(found, key=lambda one: (one.quantity, one.cost)):
        if not kept or each.cost < kept[-1].cost:
            kept.append(each)
    return kept


def _cents(weight: Fraction) -> Decimal:
    """To whole cents, so that a term is exactly weight x quantity."""
    return (Decimal(round(weight * 100)) * _CENT).quantize(_CENT)
