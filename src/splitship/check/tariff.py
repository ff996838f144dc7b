"""What a package costs to carry and to handle: exact, rounded once a term."""

from __future__ import annotations

import numpy as np
import pandas as pd

from splitship.check.exact import INT64_MAX, Wholes, atto_to_micros, ceil_divide, exact_amounts, round_half_even, wholes
from splitship.domain import Problem
from splitship.units import ATTO_PER_MICRO, I64, UG_PER_KG, Bools

NONE = -1
CUBE_PER_UG = 10**9
"""A package of V cubed lengths (10^-27 cm3) weighs V / (divisor * 10^9) micrograms by volume."""


def unit_volumes(problem: Problem) -> Wholes:
    """Volume of a unit of every SKU in 10^-27 cm3, 0 when a side is missing."""
    skus = problem.skus
    volume: Wholes = wholes(skus.length_ncm) * wholes(skus.width_ncm) * wholes(skus.height_ncm)
    return volume


class Tariffs:
    """Rate cards by (service, zone).

    `start`, `end`, `service` are [tariffs]; `up_to`, `price`, `extra`, `has_extra` are [brackets], by tariff, then
    by weight; money in 10^-18, `extra` per kilogram. `of_lane` [lanes] is a lane's tariff, NONE without a rate.
    """

    def __init__(self, problem: Problem) -> None:
        rates, lanes, services = problem.rates, problem.lanes, problem.services
        num_rates = len(rates)
        service = np.concatenate([rates.service_idx, lanes.service_idx])
        zone, _ = pd.factorize(np.concatenate([rates.zone, lanes.zone]))
        key = service * (int(zone.max(initial=0)) + 1) + zone
        by_weight = np.lexsort((rates.up_to_ug, key[:num_rates]))
        known, start = np.unique(key[:num_rates][by_weight], return_index=True)
        self.start: I64 = start.astype(np.int64)
        self.end: I64 = np.append(self.start, num_rates)[1:].astype(np.int64)
        self.up_to: I64 = rates.up_to_ug[by_weight]
        self.price_amounts = rates.price.take(by_weight)
        self.extra_amounts = rates.per_extra.take(by_weight)
        self.price = exact_amounts(self.price_amounts)
        self.extra = exact_amounts(self.extra_amounts)
        self.has_extra: Bools = rates.has_extra[by_weight]
        self.service: I64 = rates.service_idx[by_weight][self.start] if num_rates else np.zeros(0, np.int64)
        wanted = key[num_rates:]
        at = np.minimum(np.searchsorted(known, wanted), max(0, len(known) - 1))
        is_known = known[at] == wanted if len(known) else np.zeros(len(wanted), np.bool_)
        self.of_lane: I64 = np.where(is_known, at, NONE).astype(np.int64)
        self.divisor, self.step = wholes(services.dim_divisor), wholes(services.weight_step_ug)

    def __len__(self) -> int:
        return len(self.start)

    def billable(self, service: I64, weight: Wholes, volume: Wholes) -> tuple[Wholes, Wholes]:
        """Billable weight in micrograms as exact numerators and denominators; elementwise over packages."""
        micrograms = self.divisor[service] * CUBE_PER_UG
        is_bulky = ((micrograms > 0) & (volume > weight * micrograms)).astype(bool)
        numerator = np.where(is_bulky, volume, weight)
        denominator = np.where(is_bulky, micrograms, 1)
        step = self.step[service]
        is_stepped = (step > 0).astype(bool)
        steps = ceil_divide(numerator, denominator * np.where(is_stepped, step, 1))
        return np.where(is_stepped, steps * step, numerator), wholes(np.where(is_stepped, 1, denominator))

    def bracket(self, tariff: I64, weight_ug: Wholes) -> I64:
        """The smallest bracket that holds a whole number of micrograms, `end` beyond the last; elementwise."""
        weight = np.minimum(weight_ug, INT64_MAX).astype(np.int64)
        low, high = self.start[tariff], self.end[tariff]
        while np.any(low < high):
            middle = (low + high) // 2
            is_above = (low < high) & (self.up_to[np.minimum(middle, len(self.up_to) - 1)] < weight)
            low, high = np.where(is_above, middle + 1, low), np.where(is_above | (low >= high), high, middle)
        return low

    def shipping(self, tariff: I64, weight: Wholes, volume: Wholes) -> tuple[Wholes, Bools]:
        """Shipping of packages in micros, and whether the rate card reaches so far; elementwise.

        `weight` in micrograms and `volume` in 10^-27 cm3 are exact. Where the card does not reach, 0.
        """
        if not len(tariff):
            return wholes(tariff), np.zeros(0, np.bool_)
        numerator, denominator = self.billable(self.service[tariff], weight, volume)
        # A fraction of a microgram lies below an edge exactly when the next whole microgram does.
        row = self.bracket(tariff, ceil_divide(numerator, denominator))
        last = self.end[tariff] - 1
        is_beyond = row > last
        is_priced = ~is_beyond | self.has_extra[last]
        row = np.minimum(row, last)
        excess = numerator - wholes(self.up_to[row]) * denominator
        scale = denominator * UG_PER_KG
        exact = self.price[row] * scale + np.where(is_beyond & is_priced, self.extra[row] * excess, 0)
        return np.where(is_priced, round_half_even(wholes(exact), scale * ATTO_PER_MICRO), 0), is_priced


def handling(problem: Problem, node: I64, num_lines: I64 | Wholes, num_units: I64 | Wholes) -> Wholes:
    """Handling of packages in micros: per package, per line and per unit, rounded once; elementwise."""
    nodes = problem.nodes
    exact = (
        exact_amounts(nodes.package_cost)[node]
        + exact_amounts(nodes.line_cost)[node] * wholes(num_lines)
        + exact_amounts(nodes.unit_cost)[node] * wholes(num_units)
    )
    return atto_to_micros(exact)
