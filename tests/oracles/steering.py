"""What is steered at a price: shares of all units for nodes, packages a day committed to services."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from oracles.parts import Service, to_micros

Row = Mapping[str, Any]
Said = tuple[str, date | None, int, Fraction]
"""A row about a service: day (None: every other day), packages at least, price of a missing one."""


@dataclass(frozen=True)
class Steering:
    """`shares`: target and price in whole micros of a unit beside it, by node. `committed`: packages at least, and the
    price of a missing one in whole micros, by service and ship day. Without what costs nothing."""

    shares: dict[str, tuple[Fraction, int]] = field(default_factory=dict)
    committed: dict[tuple[str, date], tuple[int, int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.shares) + len(self.committed)

    def without(self, packages: Mapping[tuple[str, date], int]) -> Steering:
        """What is left when so many packages by service and ship day have left already."""
        left = {key: (least - packages.get(key, 0), price) for key, (least, price) in self.committed.items()}
        return Steering(self.shares, {key: value for key, value in left.items() if value[0] > 0})

    def cost(self, units: Mapping[str, int], packages: Mapping[tuple[str, date], int]) -> int:
        """What a plan pays from whose nodes so many units leave, in so many packages by service and ship day."""
        every = sum(units.values())
        beside = ((price, abs(units.get(node, 0) - target * every)) for node, (target, price) in self.shares.items())
        missing = ((max(0, least - packages.get(key, 0)), price) for key, (least, price) in self.committed.items())
        return sum(round(price * amount) for price, amount in beside) + sum(number * price for number, price in missing)

    def unit_price(self, node: str, prices: Mapping[Any, int]) -> int:
        """What a unit that leaves a node pays for all prices of shares."""
        own = {name: prices.get(("node_share", name), 0) for name in self.shares}
        together = sum((own[name] * target for name, (target, _) in self.shares.items()), Fraction(0))
        return own.get(node, 0) - math.ceil(together)


def shares_of(rows: Iterable[tuple[str, Fraction | None, Fraction | None]]) -> dict[str, tuple[Fraction, int]]:
    """Shares by node from nodes with a target and a price of a unit, both None without a share."""
    found = {
        node: (target, to_micros(price)) for node, target, price in rows if target is not None and price is not None
    }
    return {node: share for node, share in found.items() if share[1]}


def committed_of(
    rows: list[Said], services: Mapping[str, Service], holidays: frozenset[tuple[str, date]], first: date, horizon: int
) -> dict[tuple[str, date], tuple[int, int]]:
    """Committed volumes by day: a row without a date is of the days of the horizon, from the first, on which the
    service collects and that have no row of their own."""
    single = {(service, on): (least, to_micros(price)) for service, on, least, price in rows if on is not None}
    for service, on, least, price in rows:
        if on is not None:
            continue
        for later in range(horizon + 1):
            day = first + timedelta(days=later)
            if services[service].ship_days[day.weekday()] and (service, day) not in holidays:
                single.setdefault((service, day), (least, to_micros(price)))
    return {key: value for key, value in single.items() if all(value)}
