"""Totals of a plan that are steered at a price: shares of nodes, committed volumes of services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np

from splitship.domain.modes_in_force import rounded_to_micros
from splitship.domain.problem import Problem
from splitship.units import I64, NO_DATE, Amounts

_EPOCH_DAY = date(1970, 1, 1)
_THURSDAY = 3  # 1970-01-01


@dataclass(frozen=True, slots=True)
class Steering:
    """What a problem steers.

    [shares] each unit that node `node_idx` ships above or below `target` (0 to 1) of all units that ship costs
    `share_price` micros; the cost of a node is rounded half to even to a micro. [commitments], sorted by service and
    day: each package of `service_idx`, from whatever node, that is missing on ship day `day` from `min_packages` costs
    `shortfall_price` micros; released packages are off the volume. Prices of 0 are left out.
    """

    node_idx: I64
    target: Amounts
    share_price: I64
    service_idx: I64
    day: I64
    min_packages: I64
    shortfall_price: I64

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """The steering of a problem.

        A committed volume without a date holds on every day from that of `as_of`, on its own clock, to the end of the
        horizon on which the service collects and that has no row of its own.
        """
        nodes = problem.nodes
        price = rounded_to_micros(nodes.share_price)
        node_idx = np.flatnonzero(nodes.has_target_share & (price > 0))
        service, day, least, missing = _commitments(problem)
        return cls(node_idx, nodes.target_share.take(node_idx), price[node_idx], service, day, least, missing)

    def __len__(self) -> int:
        return len(self.node_idx) + len(self.service_idx)


def _commitments(problem: Problem) -> tuple[I64, I64, I64, I64]:
    """Service, day, least packages and price of every committed volume."""
    quotas, holidays = problem.service_quotas, problem.calendars
    first = (problem.as_of.date() - _EPOCH_DAY).days
    days = range(first, first + problem.limits.horizon_days + 1)
    price = rounded_to_micros(quotas.shortfall_price)
    closed = set(zip(holidays.service_idx.tolist(), holidays.day.tolist(), strict=True))
    found: dict[tuple[int, int], tuple[int, int]] = {}
    rows = zip(quotas.service_idx.tolist(), quotas.day.tolist(), quotas.min_packages.tolist(), price.tolist(),
               strict=True)  # fmt: skip
    for service, day, least, each in sorted(rows, key=lambda row: row[1] != NO_DATE):  # those with a date win
        if day != NO_DATE:
            found[service, day] = (least, each)
            continue
        collects = problem.services.ship_days[service]
        for one in days:
            if collects[(one + _THURSDAY) % 7] and (service, one) not in closed:
                found[service, one] = (least, each)
    released = problem.released
    gone = zip(released.service_idx.tolist(), released.ship_day.tolist(), released.packages.tolist(), strict=True)
    for service, day, packages in gone:
        if (service, day) in found:
            least, each = found[service, day]
            found[service, day] = (least - packages, each)
    table = [(*key, *value) for key, value in sorted(found.items()) if value[0] > 0 and value[1] > 0]
    columns = np.array(table, np.int64).reshape(len(table), 4)
    return columns[:, 0].copy(), columns[:, 1].copy(), columns[:, 2].copy(), columns[:, 3].copy()
