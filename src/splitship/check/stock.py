"""Stock positions and what happens to them over time: found by node and SKU, and by ship day."""

from __future__ import annotations

import numpy as np

from splitship.domain import Problem
from splitship.units import I64, Bools

NONE = -1
_DAYS_A_KEY = 2**33
"""More than twice the largest day number anywhere."""


class StockRows:
    """Finds the stock row of a (node, SKU)."""

    def __init__(self, problem: Problem) -> None:
        stock = problem.stock
        self.num_skus = max(1, len(problem.skus))
        key = stock.node_idx * self.num_skus + stock.sku_idx
        self.row_of_key = np.argsort(key, kind="stable").astype(np.int64)
        self.keys = key[self.row_of_key]

    def rows(self, node: I64, sku: I64) -> I64:
        """Stock rows, -1 where the node does not carry the SKU; elementwise."""
        if not len(self.keys):
            return np.full(len(node), -1, np.int64)
        key = node * self.num_skus + sku
        at = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
        return np.where(self.keys[at] == key, self.row_of_key[at], -1)


class DatedRows:
    """Entries of stock positions with a day: those of stock row s are `ptr[s]:ptr[s + 1]`, sorted by day.

    `order` [entries] is the sequence of the entries given that sorts them so; `row` and `day` are sorted.
    """

    def __init__(self, row: I64, day: I64, num_stock: int) -> None:
        self.order = np.lexsort((day, row)).astype(np.int64)
        self.row, self.day = row[self.order], day[self.order]
        self.ptr: I64 = np.searchsorted(self.row, np.arange(num_stock + 1)).astype(np.int64)
        self._keys = self.row * _DAYS_A_KEY + self.day

    @property
    def has_any(self) -> Bools:
        """Whether a stock position has entries, [stock]."""
        found: Bools = np.diff(self.ptr) > 0
        return found

    def last_by(self, row: I64, day: I64) -> I64:
        """Last entry of stock rows on a day or before it, NONE without one; arrays that broadcast."""
        at = np.searchsorted(self._keys, row * _DAYS_A_KEY + day, side="right") - 1
        found: I64 = np.where((row >= 0) & (np.append(self.row, NONE)[at] == row), at, NONE)
        return found

    def first_from(self, row: I64, day: I64) -> I64:
        """First entry of stock rows on a day or after it, NONE without one; arrays that broadcast."""
        at = np.searchsorted(self._keys, row * _DAYS_A_KEY + day)
        found: I64 = np.where((row >= 0) & (np.append(self.row, NONE)[at] == row), at, NONE)
        return found


class Arrivals:
    """The units of every stock position by ship day.

    `at_once` [stock] lie there before anything arrives, `most` [stock] when all has arrived; `arrived` [entries of
    `days`] is what has arrived at the position by the entry's day.
    """

    def __init__(self, problem: Problem) -> None:
        inbound = problem.inbound
        row = StockRows(problem).rows(inbound.node_idx, inbound.sku_idx)
        known = np.flatnonzero(row >= 0)
        self.days = DatedRows(row[known], inbound.available_day[known], len(problem.stock))
        units = np.cumsum(inbound.quantity[known[self.days.order]])
        before = np.append(0, units)[self.days.ptr]
        self.arrived: I64 = units - before[self.days.row]
        self.at_once: I64 = problem.stock.available
        self.most: I64 = self.at_once + np.diff(before)

    def by(self, row: I64, day: I64) -> I64:
        """Units there on a day or before it, 0 for row NONE; arrays that broadcast."""
        at = self.days.last_by(row, day)
        units = np.append(self.at_once, 0)[row] + np.where(at >= 0, np.append(self.arrived, 0)[at], 0)
        found: I64 = units.astype(np.int64)
        return found
