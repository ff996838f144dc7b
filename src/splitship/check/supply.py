"""Whether a plan stays within the shared supplies: stock, and the capacities of a ship day."""

from __future__ import annotations

import numpy as np

from splitship.check.capacity import NODE_KINDS, Capacities
from splitship.check.contents import Contents, package_place
from splitship.check.exact import wholes
from splitship.check.receiving import received_packages
from splitship.check.stock import Arrivals, StockRows
from splitship.check.violations import Names, Violations, date_text
from splitship.domain import Plan, Problem, ResourceKind
from splitship.units import I64, NO_DATE, format_micros

NOUNS = ("packages", "units", "lines", "minutes")
"""What a node's capacities are counted in, in the order of `NODE_KINDS`."""


def check_stock(problem: Problem, plan: Plan, contents: Contents, names: Names, found: Violations) -> None:
    """Every line is carried where it ships from, and no stock position gives more than it has by any ship day."""
    node = plan.node_idx[contents.package]
    sku = contents.sku
    row = StockRows(problem).rows(node, sku)
    found.add_rows(
        "NOT_CARRIED",
        row < 0,
        lambda at: package_place(names, plan, int(contents.package[at])),
        lambda at: (
            f"{names.line(int(contents.line[at]))}: {names.node(int(node[at]))} does not carry "
            f"{names.sku(int(sku[at]))}"
        ),
    )
    at = np.flatnonzero(row >= 0)
    over, day, asked, there = _beyond_stock(
        Arrivals(problem), row[at], plan.ship_day[contents.package[at]], contents.quantity[at]
    )
    stock = problem.stock

    def place(at: int) -> str:
        position = f"{names.node(int(stock.node_idx[over[at]]))}, {names.sku(int(stock.sku_idx[over[at]]))}"
        return position if day[at] == NO_DATE else f"{position}, {date_text(int(day[at]))}"

    found.add_rows(
        "STOCK_EXCEEDED",
        np.arange(len(over)),
        place,
        lambda at: (
            f"{asked[at]} units ship, {there[at]} are available"
            if day[at] == NO_DATE
            else f"{asked[at]} units ship until then, {there[at]} are available by then"
        ),
    )


def _beyond_stock(arrivals: Arrivals, row: I64, day: I64, quantity: I64) -> tuple[I64, I64, I64, I64]:
    """Stock rows that give more than they have: row, day, the units asked for and those that are there.

    Where nothing arrives the day is NO_DATE; else it is the first one by which more has shipped than has arrived.
    """
    used = np.zeros(len(arrivals.most), np.int64)
    np.add.at(used, row, quantity)
    is_arriving = arrivals.days.has_any
    over = np.flatnonzero((used > arrivals.at_once) & ~is_arriving)
    kept = np.flatnonzero(is_arriving[row])
    kept = kept[np.lexsort((day[kept], row[kept]))]
    row, day, total = row[kept], day[kept], np.cumsum(quantity[kept])
    is_first = np.diff(row, prepend=-1) != 0
    asked = total - np.maximum.accumulate(np.where(is_first, total - quantity[kept], 0))
    is_last_of_day = np.append((np.diff(row) != 0) | (np.diff(day) != 0), np.ones(min(1, len(row)), np.bool_))
    there = arrivals.by(row, day)
    late = np.flatnonzero(is_last_of_day & (asked > there))
    late = late[np.unique(row[late], return_index=True)[1]]
    return (
        np.append(over, row[late]),
        np.append(np.full(len(over), NO_DATE), day[late]),
        np.append(used[over], asked[late]),
        np.append(arrivals.at_once[over], there[late]),
    )


def check_capacity(problem: Problem, plan: Plan, contents: Contents, names: Names, found: Violations) -> None:
    """Packages, units, lines and minutes of a node a day, packages of its services, and of services in all.

    A package counts on its ship day at the node that it leaves, and on its delivery day at one that receives it.
    """
    num_services = len(problem.services)
    capacities = Capacities(problem)
    known = np.flatnonzero(contents.is_known)
    if not len(known):
        return
    received, target, received_on = received_packages(problem, plan, contents)
    days, day_code = np.unique(np.append(plan.ship_day[known], received_on), return_inverse=True)
    units = np.zeros(len(plan), np.int64)
    np.add.at(units, contents.package, contents.quantity)
    handled = np.append(known, received)
    by_node = np.append(plan.node_idx[known], target) * len(days) + day_code
    keys, group = np.unique(by_node, return_inverse=True)
    node, day = keys // len(days), days[keys % len(days)]
    num_packages = np.bincount(group, minlength=len(keys))
    num_units = np.zeros(len(keys), np.int64)
    np.add.at(num_units, group, units[handled])
    num_lines = np.zeros(len(keys), np.int64)
    np.add.at(num_lines, group, np.bincount(contents.package, minlength=len(plan))[handled])
    minutes = (
        wholes(capacities.package_minutes[node]) * num_packages + wholes(capacities.unit_minutes[node]) * num_units
    )
    most, used_by_others = capacities.limits(node, day)
    left = capacities.remaining(most, used_by_others)

    def node_place(at: int) -> str:
        return f"{names.node(int(node[at]))}, {date_text(int(day[at]))}"

    for column, (kind, used) in enumerate(zip(NODE_KINDS, (num_packages, num_units, num_lines, minutes), strict=True)):
        is_minutes = kind == ResourceKind.NODE_MINUTES
        found.add_rows(
            f"{kind.name}_EXCEEDED",
            np.asarray(used > left[:, column], np.bool_),
            node_place,
            lambda at, column=column, used=used, is_minutes=is_minutes: _over(  # type: ignore[misc]
                int(used[at]) * (capacities.step if is_minutes else 1),
                int(most[at, column]),
                int(used_by_others[at, column]),
                NOUNS[column],
                is_minutes,
            ),
        )

    day_code = day_code[: len(known)]
    by_service = by_node[: len(known)] * num_services + plan.service_idx[known]
    keys, counts = np.unique(by_service, return_counts=True)
    of_node, service = keys // (len(days) * num_services), keys % num_services
    on_day = days[keys // num_services % len(days)]
    cap = capacities.of_service(of_node, service, on_day)
    found.add_rows(
        "SERVICE_PACKAGES_EXCEEDED",
        counts > cap,
        lambda at: f"{names.node(int(of_node[at]))}, {names.service(int(service[at]))}, {date_text(int(on_day[at]))}",
        lambda at: f"{counts[at]} packages ship, the node's service takes {cap[at]} a day{_after_released(problem)}",
    )
    if not capacities.has_quotas:
        return
    by_service = plan.service_idx[known] * len(days) + day_code
    keys, counts = np.unique(by_service, return_counts=True)
    of_all, that_day = keys // len(days), days[keys % len(days)]
    quota = capacities.quota(of_all, that_day)
    found.add_rows(
        "SERVICE_QUOTA_EXCEEDED",
        counts > quota,
        lambda at: f"{names.service(int(of_all[at]))}, {date_text(int(that_day[at]))}",
        lambda at: (
            f"{counts[at]} packages ship from all nodes, the service takes {quota[at]} on that day"
            f"{_after_released(problem)}"
        ),
    )


def _after_released(problem: Problem) -> str:
    return " after those released" if len(problem.released) else ""


def _over(used: int, most: int, by_others: int, noun: str, is_minutes: bool) -> str:
    """Use and capacity of a node's day in words; minutes are given in 10^-6."""

    def text(amount: int) -> str:
        return format_micros(amount) if is_minutes else str(amount)

    verb, can = ("of work", "has") if is_minutes else ("ship", "can ship")
    if not by_others:
        return f"{text(used)} {noun} {verb}, the node {can} {text(most)} a day"
    left = max(0, most - by_others)
    return f"{text(used)} {noun} {verb}, the node has {text(left)} left of {text(most)}: others use {text(by_others)}"
