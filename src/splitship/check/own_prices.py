"""Own prices of lines at a node's stock, and the most that the stock can be worth to them (docs/certificate.md)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.check.compiled import compiled
from splitship.check.steps import Steps
from splitship.check.stock import Arrivals, StockRows
from splitship.check.violations import Violations
from splitship.domain import EXACT_STATE_CAP, Certificate, Problem
from splitship.units import I64, MAX_TOTAL_MICROS

COLUMNS = ("own_line", "own_node", "own_price")
MOST_WORK = 4 * 10**10
"""Steps of all knapsacks together that a certificate may ask of the checker."""


@dataclass(frozen=True, slots=True)
class OwnPrices:
    """Own prices of line l are rows `ptr[l]:ptr[l + 1]` of `node` and `price` (micros a unit).

    `row` [stock rows with own prices] lists the rows that have them, `worth` is what their stock is worth in all.
    """

    ptr: I64
    node: I64
    price: I64
    row: I64
    worth: int


def read_own_prices(
    problem: Problem, arrivals: Arrivals, certificate: Certificate, found: Violations
) -> OwnPrices | None:
    """The own prices of a certificate, None when any is unusable."""
    columns = [np.asarray(getattr(certificate, name)) for name in COLUMNS]
    num_lines = len(problem.lines)
    if any(c.ndim != 1 or c.dtype != np.int64 or len(c) != len(columns[0]) for c in columns):
        found.add("CERTIFICATE_SHAPE", "own_line", "expected columns of int64 of equal length")
        return None
    line, node, price = columns
    if not len(line):
        empty = np.zeros(0, np.int64)
        return OwnPrices(np.zeros(num_lines + 1, np.int64), empty, empty, empty, 0)
    before = len(found.found)
    is_known = (line >= 0) & (line < num_lines) & (node >= 0) & (node < len(problem.nodes))
    row = np.full(len(line), -1, np.int64)
    row[is_known] = StockRows(problem).rows(node[is_known], problem.lines.sku_idx[line[is_known]])
    found.add_rows("UNKNOWN_RESOURCE", row < 0, _place, lambda at: f"line {line[at]} has no stock at node {node[at]}")
    found.add_rows("NEGATIVE_PRICE", price < 0, _place, lambda at: f"expected 0 or more micros, got {price[at]}")
    found.add_rows(
        "PRICE_TOO_LARGE", price > MAX_TOTAL_MICROS, _place, lambda at: f"{price[at]} micros, more than 2^62"
    )
    if len(found.found) > before:
        return None
    steps = Steps.of(problem)
    is_wide = steps.states[problem.lines.order_idx[line]] > EXACT_STATE_CAP
    found.add_rows(
        "OWN_PRICE_OF_WIDE_ORDER",
        is_wide,
        _place,
        lambda at: f"line {line[at]} is of an order that is not priced exactly",
    )
    found.add_rows(
        "OWN_PRICE_OF_ARRIVALS",
        arrivals.days.has_any[row],
        _place,
        lambda at: f"line {line[at]} at node {node[at]}: more stock arrives there",
    )
    order = np.lexsort((node, line))
    is_again = np.zeros(len(line), np.bool_)
    is_again[1:] = (line[order][1:] == line[order][:-1]) & (node[order][1:] == node[order][:-1])
    found.add_rows(
        "DUPLICATE_RESOURCE", np.sort(order[is_again]), _place, lambda at: f"line {line[at]} has two prices at one node"
    )
    if len(found.found) > before:
        return None
    worth = _worth(problem, steps, line, row, price, found)
    if worth is None:
        return None
    ptr = np.searchsorted(line[order], np.arange(num_lines + 1)).astype(np.int64)
    return OwnPrices(ptr, node[order], price[order], np.unique(row), worth)


def _place(row: int) -> str:
    return f"own_prices[{row}]"


def _worth(problem: Problem, steps: Steps, line: I64, row: I64, price: I64, found: Violations) -> int | None:
    """The most that the lines can pay, over all rows: a knapsack each; None when it cannot be computed."""
    kept = np.flatnonzero(price > 0)
    line, row, price = line[kept], row[kept], price[kept]
    by_row = np.argsort(row, kind="stable")
    line, price = line[by_row], price[by_row]
    rows, first = np.unique(row[by_row], return_index=True)
    ptr = np.append(first, len(line)).astype(np.int64)
    size, pieces = steps.size[line], steps.radix[line] - 1
    supply = problem.stock.available[rows]
    wanted = np.add.reduceat(size * pieces, first) if len(rows) else np.zeros(0, np.int64)
    supply = np.minimum(supply, wanted)  # more than all of them together is worth no more
    work = float((supply.astype(float) * np.add.reduceat(pieces, first)).sum()) if len(rows) else 0.0
    value = float((price.astype(float) * size * pieces).sum())
    if work > MOST_WORK or value > 2.0**61:
        found.add("NUMBERS_TOO_LARGE", "certificate", "own prices: too many units, or more than 61 bits of money")
        return None
    worth = np.zeros(len(rows), np.int64)
    best_choices(ptr, size, pieces, price, supply, worth)
    return sum(worth.tolist())


@compiled
def best_choices(ptr: I64, size: I64, pieces: I64, price: I64, supply: I64, worth: I64) -> None:
    """For each row the largest sum of price x units over whole steps of its lines that fit into its supply."""
    for row in range(len(supply)):
        room = supply[row]
        value = np.zeros(room + 1, np.int64)  # the most for exactly or less than this many units
        for item in range(ptr[row], ptr[row + 1]):
            units = size[item]
            gain = price[item] * units
            for _ in range(pieces[item]):
                if units > room:
                    break
                for used in range(room, units - 1, -1):
                    value[used] = max(value[used], value[used - units] + gain)
        worth[row] = value[room]
