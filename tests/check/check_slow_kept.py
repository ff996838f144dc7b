"""Reserves, promises and released packages once more, plain and slow: one position, package or day at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from splitship.domain import Problem

EPOCH = date(1970, 1, 1)
Reserve = tuple[str, int, int | None]
"""Channel, units, and micros a unit, None when others may not have them."""


def reserves_of(problem: Problem, node: int, sku: int, available: int) -> list[Reserve]:
    """The reserves of a position by channel, from the table as given; what cannot be covered is cut."""
    table = problem.as_given.channel_reserves
    asked: dict[str, Reserve] = {}
    for wanted in (-1, sku):  # the SKU's own row comes last and stays
        for row in range(len(table)):
            if (table.node_idx[row], table.sku_idx[row]) == (node, wanted):
                price = int(table.price_per_unit.micros[row]) if table.has_price[row] else None
                asked[str(table.channel[row])] = (str(table.channel[row]), int(table.quantity[row]), price)
    covered = []
    for channel, units, price in sorted(asked.values(), key=lambda r: (r[2] is not None, -(r[2] or 0), r[0])):
        covered.append((channel, min(units, available), price))
        available -= min(units, available)
    return sorted(reserve for reserve in covered if reserve[1])


def ways_to_take(
    reserves: list[Reserve], available: int, channel: str, units: int, prices: Mapping[int, int]
) -> Iterator[int]:
    """What units that one channel takes pay, in every way in which they pay for reserves of others and all sets allow.

    `prices` are by set of reserves, a mask.
    """
    payable = [number for number, (of, _, price) in enumerate(reserves) if price is not None and of != channel]
    masks = range(1, 1 << len(reserves))
    drawn = [
        mask for mask in masks if not any(mask >> i & 1 and reserves[i][0] == channel for i in range(len(reserves)))
    ]

    def choose(left: int, ways: list[int | None], paying: tuple[int | None, ...]) -> Iterator[tuple[int | None, ...]]:
        if not left:
            yield paying
        for number, way in enumerate(ways if left else ()):
            yield from choose(left - 1, ways[number:], (*paying, way))

    for paying in choose(units, [None, *payable], ()):
        use = {mask: sum(way is None or not mask >> way & 1 for way in paying) for mask in drawn}
        kept = {mask: sum(units for i, (_, units, _) in enumerate(reserves) if mask >> i & 1) for mask in drawn}
        if all(use[mask] <= available - kept[mask] for mask in drawn):
            paid = sum(reserves[way][2] or 0 for way in paying if way is not None)
            yield paid + sum(prices.get(mask, 0) * use[mask] for mask in drawn)


def reserve_cost(reserves: list[Reserve], available: int, taken: Counter[str]) -> int | None:
    """What a plan pays at a position of which channels take units; None when a reserve is broken."""
    left = {channel: max(0, units - taken[channel]) for channel, units, _ in reserves}
    short = max(0, sum(left.values()) - (available - sum(taken.values())))
    paid = 0
    for channel, _, price in sorted(reserves, key=lambda r: (r[2] is None, r[2] or 0, r[0])):
        if price is not None:
            given = min(short, left[channel])
            short, paid = short - given, paid + given * price
    return None if short else paid


def kept_promises(problem: Problem, order: int, place: tuple[int, int, int], held: Mapping[int, int]) -> Iterator[int]:
    """Promises that a package from a node by a service on a day keeps; `held` are units by line."""
    promises, lines = problem.promises, problem.lines
    for at in range(len(promises)):
        own = [line for line in range(len(lines)) if lines.promise_idx[line] == at]
        is_here = (promises.node_idx[at], promises.service_idx[at], promises.ship_day[at]) == place
        is_own = promises.order_idx[at] == order
        if is_own and is_here and all(held.get(line, 0) == lines.quantity[line] for line in own):
            yield at


def released_at(problem: Problem, node: int, day: int) -> tuple[int, int, int, int]:
    """Packages, units, lines and 10^-6 minutes that released packages take of a node's day."""
    found, nodes = [0, 0, 0, 0], problem.nodes
    for place, service, ship_day, packages, lines, units in _released(problem):
        ends = [(place, ship_day)]
        to = int(problem.services.pickup_node_idx[service])
        if to not in (-1, place):
            ends.append((to, _delivery(problem, place, service, ship_day)))
        for _ in range(ends.count((node, day))):
            minutes = packages * nodes.umin_per_package[node] + units * nodes.umin_per_unit[node]
            found = [a + b for a, b in zip(found, (packages, units, lines, int(minutes)), strict=True)]
    return found[0], found[1], found[2], found[3]


def released_by(problem: Problem, service: int, day: int, node: int | None = None) -> int:
    """Released packages of a service on a day, of one node or of all."""
    rows = _released(problem)
    return sum(p for n, s, d, p, _, _ in rows if (s, d) == (service, day) and node in (None, n))


def released_of_rule(problem: Problem, rule: int, day: int) -> int:
    """Released packages that count in the quota of a rule on a day, -1: of the batch."""
    released, rows = problem.released, problem.package_rules.source
    counted = zip(released.rule_idx, released.rule_day, released.rule_packages, strict=True)
    return sum(int(packages) for row, on, packages in counted if rows[row] == rule and day in (-1, on))


def _released(problem: Problem) -> list[tuple[int, ...]]:
    table: Any = problem.released
    names = ("node_idx", "service_idx", "ship_day", "packages", "lines", "units")
    return list(zip(*(getattr(table, name).tolist() for name in names), strict=True))


def _delivery(problem: Problem, node: int, service: int, day: int) -> int:
    lanes, holidays = problem.lanes, problem.calendars
    way = [row for row in range(len(lanes)) if (lanes.node_idx[row], lanes.service_idx[row]) == (node, service)]
    on = EPOCH + timedelta(days=day + int(lanes.transit_days[way[0]]))
    off = set(zip(holidays.service_idx.tolist(), holidays.day.tolist(), strict=True))
    while not problem.services.delivery_days[service][on.weekday()] or (service, (on - EPOCH).days) in off:
        on += timedelta(days=1)
    return (on - EPOCH).days
