"""What the customers get: packages per order, delivery against promise, and what does not ship."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from splitship.domain import Reason, Result
from splitship.planning.given_lines import given_line_of
from splitship.planning.report.tables import Cell, Column, Table, bars_from_zero
from splitship.units import NO_DATE

_MOST_DAYS = 7
"""Days early or late that have rows of their own; more are counted together."""

REASON_WORDS = {
    Reason.NOT_CARRIED: "no node carries the SKU",
    Reason.NODE_EXCLUDED: "its order excludes the nodes that carry it",
    Reason.NODE_CLOSED: "the nodes that carry it are closed",
    Reason.RULE: "a rule forbids it",
    Reason.TOO_FAR: "too far from the nodes that carry it",
    Reason.NO_SERVICE: "no service goes there",
    Reason.TOO_HEAVY: "too heavy for every service",
    Reason.TOO_LATE: "every way arrives too late, or takes too long",
    Reason.NO_STOCK: "no stock is left",
    Reason.CAPACITY: "no capacity is left",
    Reason.MAX_PACKAGES: "the order may not have another package",
    Reason.SHIP_COMPLETE: "its order ships whole or not at all",
    Reason.COSTLIER_THAN_UNFILLED: "shipping it costs more than leaving it",
}
"""Reasons as a planner reads them."""


def packages_per_order(result: Result) -> Table:
    """How many orders ship in no, one, two ... packages."""
    counts = np.bincount(np.bincount(result.plan.order_idx, minlength=len(result.problem.orders))).tolist()
    num = sum(counts)
    numbers = [packages for packages, orders in enumerate(counts) if orders]
    rows: list[tuple[Cell, ...]] = [
        (str(packages) if packages else "none", counts[packages], counts[packages] / num) for packages in numbers
    ]
    return Table(
        "splits",
        "Packages per order",
        (Column("packages"), Column("orders", "count"), Column("share of orders", "share")),
        rows,
        bars=bars_from_zero([counts[packages] for packages in numbers]),
    )


def days_against_promise(result: Result) -> Table:
    """How many packages arrive how many days before or after what their orders were promised."""
    costs = result.report.packages
    delivered = np.zeros(0, np.int64) if costs is None else costs.deliver_day
    promised = result.problem.orders.deliver_by[result.plan.order_idx][: len(delivered)]
    has_promise = promised < NO_DATE
    late = np.clip((delivered - promised)[has_promise], -_MOST_DAYS, _MOST_DAYS)
    num, num_promised = len(delivered), int(has_promise.sum())
    rows: list[tuple[Cell, ...]] = []
    for days in range(-_MOST_DAYS, _MOST_DAYS + 1):
        packages = int((late == days).sum())
        if packages:
            rows.append((_days_words(days), packages, packages / num_promised))
    note = f"{num - num_promised:,} of {num:,} packages have no promised day." if num > num_promised else ""
    return Table(
        "promise",
        "Delivery against promise",
        (Column("arrives"), Column("packages", "count"), Column("share of those with a promise", "share")),
        rows,
        note=note,
        bars=tuple(
            replace(bar, kind="up") if str(row[0]).endswith("late") else bar
            for row, bar in zip(rows, bars_from_zero([int(str(row[1])) for row in rows]), strict=True)
        ),
    )


def stock_outs(result: Result) -> Table:
    """Units that do not ship, by the SKU that was ordered (a kit is one) and reason, most first."""
    problem, unfilled = result.problem, result.unfilled
    reasons = list(Reason)
    reason = np.array([reasons.index(each) for each in unfilled.reason], np.int64)
    given = problem.as_given.lines
    line = given_line_of(problem)[unfilled.line_idx]
    key = given.sku_idx[line] * len(reasons) + reason
    keys, group = np.unique(key, return_inverse=True)
    group = group.reshape(-1)
    units = np.bincount(group, unfilled.quantity, len(keys)).astype(np.int64)
    pairs = np.unique(np.column_stack([group, given.order_idx[line]]), axis=0)
    orders = np.bincount(pairs[:, 0], minlength=len(keys))
    first = np.lexsort((keys, -units))
    rows: list[tuple[Cell, ...]] = [
        (
            str(problem.skus.sku_id[keys[row] // len(reasons)]),
            int(units[row]),
            int(orders[row]),
            reasons[keys[row] % len(reasons)].value,
            REASON_WORDS[reasons[keys[row] % len(reasons)]],
        )
        for row in first.tolist()
    ]
    return Table(
        "unfilled",
        "What does not ship, by SKU and reason",
        (Column("SKU"), Column("units", "count"), Column("orders", "count"), Column("reason"), Column("in words")),
        rows,
        note="The last reason is what stops a unit once everything before it has been tried.",
        shown=40,
    )


def _days_words(days: int) -> str:
    if not days:
        return "on the day"
    count = f"{abs(days)}{' or more' if abs(days) == _MOST_DAYS else ''} {'day' if abs(days) == 1 else 'days'}"
    return f"{count} {'late' if days > 0 else 'early'}"
