"""Rate cards as limits and prices for the package slots of wide orders, in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.instance import Instance
from splitship.units import ATTO_PER_MICRO, UG_PER_KG, UNLIMITED, Floats

_ROUNDING_MICROS = 4.0
"""More than what rounding two packages' shipping and handling, and that of both in one, can change."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a package may weigh in each bracket of one service and zone, and what it costs.

    A package falls in the first bracket whose `limit` (whole micrograms) is at least its actual and its volumetric
    weight, both before rounding up to the step: limits are cut down to a multiple of it. `price` is micros
    [brackets]. Beyond the last bracket, where `extra_per_kg` (micros) is given, the price is that of the last plus
    extra_per_kg x (billable weight - `last_up_to`); `step` is 0 without rounding. `max_weight` limits the actual
    weight.
    """

    limit: tuple[int, ...]
    price: Floats
    has_extra: bool
    extra_per_kg: float
    last_up_to: int
    step: int
    max_weight: int

    @property
    def most(self) -> int:
        """The heaviest billable weight with a price."""
        return UNLIMITED if self.has_extra else self.limit[-1]

    def price_at(self, weight: Floats) -> Floats:
        """Price of billable weights in micrograms; infinite where there is none."""
        bracket = np.searchsorted(np.array(self.limit, np.float64), weight)
        price = np.append(self.price, np.inf)[bracket]
        if self.has_extra:
            beyond = self.price[-1] + np.maximum(weight - self.last_up_to, 0.0) / UG_PER_KG * self.extra_per_kg
            price = np.where(bracket == len(self.limit), beyond, price)
        return price

    def is_never_dearer(self, other: Card, saved: float, total_weight: int, total_billable: int) -> bool:
        """Every package up to these totals that is possible on `other` is possible here, for at most `saved` more.

        Both must bill the same weight. Prices are compared at all ends and starts of brackets: between two of them
        both are straight lines.
        """
        if self.step != other.step or min(self.max_weight, total_weight) < min(other.max_weight, total_weight):
            return False
        ends = np.array([0, *self.limit, *other.limit], np.float64)
        most = float(-(-total_billable // self.step) * self.step if self.step else total_billable)
        weights = np.append(np.concatenate([ends, np.nextafter(ends, np.inf)]), most)
        weights = weights[weights <= most]
        theirs = other.price_at(weights)
        is_possible = np.isfinite(theirs)
        return bool((self.price_at(weights[is_possible]) <= theirs[is_possible] + saved).all())

    def needs_lower_limit(self, bracket: int) -> bool:
        """A lighter bracket costs more than this one: only weights really in it may use it.

        The bracket after the last is what lies beyond the card.
        """
        return bool(self.price[:bracket].max(initial=-np.inf) > self.price[min(bracket, len(self.price) - 1)])

    def mergeable_up_to(self, saved: float) -> int:
        """A billable weight up to which any two packages cost no less than both in one package, in micrograms.

        `saved` (micros) is what one package less saves apart from shipping. 0 when there is no such weight.
        """
        saved -= _ROUNDING_MICROS
        limits = np.array(self.limit, np.float64)
        highest = np.maximum.accumulate(self.price)
        good = 0
        for heavier in range(len(limits)):
            both = limits[: heavier + 1] + limits[heavier]
            bracket = np.minimum(np.searchsorted(limits, both), len(limits) - 1)
            merged = highest[bracket]
            if self.has_extra:
                beyond = np.maximum(both - self.last_up_to, 0.0) / UG_PER_KG * self.extra_per_kg
                merged = np.maximum(merged, np.where(both > limits[-1], self.price[-1] + beyond, 0.0))
            if (merged - self.price[: heavier + 1] - self.price[heavier] > saved).any():
                break
            good = self.limit[heavier]
        else:
            # two packages beyond the card, or one beyond it and one on it
            slope_at = limits / UG_PER_KG * self.extra_per_kg
            worst = max(float((slope_at - self.price).max()), self._beyond_twice())
            if self.has_extra and worst <= saved:
                good = UNLIMITED
        return min(good, self.max_weight // 2, self.most // 2)

    def _beyond_twice(self) -> float:
        """Price of two packages beyond the card in one, less their own prices; the same for all such pairs."""
        return self.last_up_to / UG_PER_KG * self.extra_per_kg - float(self.price[-1])


def card_of(instance: Instance, choice: int) -> Card:
    """The card of one choice (position in the instance's choices)."""
    tariffs = instance.tariffs
    start, end = int(instance.choice_bracket_start[choice]), int(instance.choice_bracket_end[choice])
    service = int(instance.choice_service[choice])
    step = int(tariffs.weight_step_ug[service])
    up_to = tariffs.up_to_ug[start:end].tolist()
    return Card(
        limit=tuple(limit // step * step if step else limit for limit in up_to),
        price=tariffs.price_micros[start:end] + tariffs.price_atto[start:end] / ATTO_PER_MICRO,
        has_extra=bool(tariffs.has_extra[end - 1]),
        extra_per_kg=float(tariffs.extra_micros[end - 1] + tariffs.extra_atto[end - 1] / ATTO_PER_MICRO),
        last_up_to=up_to[-1],
        step=step,
        max_weight=int(tariffs.max_weight_ug[service]),
    )
