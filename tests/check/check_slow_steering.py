"""Shares of nodes and committed volumes once more, plain and slow, from the tables as they were given."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from check_slow_kept import released_by

from splitship.domain import Problem
from splitship.units import NO_DATE, Amounts

EPOCH = date(1970, 1, 1)
Committed = dict[tuple[int, int], tuple[int, int]]
"""Least packages and the price of a missing one in micros, by service and day."""


def _value(amounts: Amounts, row: int) -> Fraction:
    return Fraction(int(amounts.micros[row]), 10**6) + Fraction(int(amounts.atto[row]), 10**18)


def shares(problem: Problem) -> dict[int, tuple[Fraction, int]]:
    """Target share and price in micros of every node that has both."""
    nodes = problem.nodes
    found = {
        node: (_value(nodes.target_share, node), round(_value(nodes.share_price, node) * 10**6))
        for node in range(len(nodes))
        if nodes.has_target_share[node]
    }
    return {node: share for node, share in found.items() if share[1]}


def commitments(problem: Problem) -> Committed:
    """Every committed volume: of days with a row, and of others from that of `as_of` on which a service collects."""
    quotas, holidays = problem.service_quotas, problem.calendars
    rows = [
        (int(quotas.service_idx[row]), int(quotas.day[row]), int(quotas.min_packages[row]),
         round(_value(quotas.shortfall_price, row) * 10**6))
        for row in range(len(quotas))
    ]  # fmt: skip
    said = {(service, day) for service, day, _, _ in rows}
    closed = set(zip(holidays.service_idx.tolist(), holidays.day.tolist(), strict=True))
    found: Committed = {}
    for service, day, least, price in rows:
        if day != NO_DATE:
            found[service, day] = least, price
            continue
        for later in range(problem.limits.horizon_days + 1):
            on = problem.as_of.date() + timedelta(days=later)
            number = (on - EPOCH).days
            is_collected = problem.services.ship_days[service][on.weekday()] and (service, number) not in closed
            if is_collected and (service, number) not in said:
                found[service, number] = least, price
    return {key: both for key, both in found.items() if all(both)}


def share_unit(problem: Problem, node: int, prices: Mapping[Any, int]) -> int:
    """What a unit pays that leaves a node, for all prices of shares."""
    own = {of: prices.get(("node_share", of, -1, -1), 0) for of in shares(problem)}
    return own.get(node, 0) - math.ceil(sum((own[of] * target for of, (target, _) in shares(problem).items()), 0))


def steered(problem: Problem, units: Mapping[int, int], packages: Counter[tuple[int, int]]) -> int:
    """What a plan pays: from units by node and packages by service and day."""
    every = sum(units.values())
    of_shares = (
        round(price * abs(units.get(node, 0) - target * every)) for node, (target, price) in shares(problem).items()
    )
    missing = (
        max(0, least - released_by(problem, *key) - packages[key]) * price
        for key, (least, price) in commitments(problem).items()
    )
    return sum(of_shares) + sum(missing)
