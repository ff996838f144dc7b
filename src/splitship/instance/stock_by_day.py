"""Stock over time: how many units of each position can leave on a day, beside what a plan ships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from splitship.domain import LONG_PAST, Problem
from splitship.units import I64, Bools

_NONE: I64 = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class StockByDay:
    """Units of stock positions that can leave on a day: what has arrived by then, less what later days need.

    A unit that ships on day d counts in all that ship until any day t >= d, which are at most what has arrived by t. So
    the units left on d are the least, over all t >= d, of what has arrived less what has shipped by t; they never get
    fewer from one day to the next. Events are the days on which they change: `key`, ascending, is stock row x
    `num_days` + days since `first_day` (0: before all days), and `least` the units left from the event on.
    `at_once` are the units left before all days, `has_arrivals` is whether any come; both [stock rows].
    """

    key: I64
    least: I64
    first_day: int
    num_days: int
    at_once: I64
    has_arrivals: Bools

    @classmethod
    def of(cls, problem: Problem, shipped_row: I64 = _NONE, shipped_day: I64 = _NONE, shipped: I64 = _NONE) -> Self:
        """What is left once units have shipped: columns [shipments] of stock rows, days and units."""
        stock, inbound = problem.stock, problem.inbound
        num = len(stock)
        arriving = problem.stock_rows(inbound.node_idx, inbound.sku_idx)
        has_arrivals = np.zeros(num, np.bool_)
        has_arrivals[arriving] = True
        row = np.concatenate([arriving, shipped_row])
        day = np.concatenate([inbound.available_day, shipped_day])
        first_day = int(day.min(initial=LONG_PAST if not len(day) else day[0])) - 1
        num_days = int(day.max(initial=first_day)) - first_day + 1
        # where nothing arrives all days draw on the same units
        offset = np.where(has_arrivals[row], day - first_day, 0)
        keys = np.concatenate([np.arange(num) * num_days, row * num_days + offset])
        units = np.concatenate([stock.available, inbound.quantity, -shipped])
        key, code = np.unique(keys, return_inverse=True)
        total = np.zeros(len(key), np.int64)
        np.add.at(total, code.reshape(-1), units)
        total = np.cumsum(total)
        start = np.searchsorted(key, np.arange(num) * num_days)
        row = key // num_days
        least = _least_from_here(row, total - np.append(0, total)[start][row])
        return cls(key, least, first_day, num_days, least[start], has_arrivals)

    def left(self, row: I64, day: I64) -> I64:
        """Units of stock rows that can leave on days; columns [rows]."""
        key = row * self.num_days + np.clip(day - self.first_day, 0, self.num_days - 1)
        units: I64 = self.least[np.searchsorted(self.key, key, side="right") - 1]
        return units


def late_arrivals(problem: Problem, node: I64, sku: I64, day: I64) -> tuple[I64, I64]:
    """Units that arrive at nodes after a day, and when the first of them do (LONG_PAST: none); columns [rows]."""
    inbound, num_skus = problem.inbound, len(problem.skus)
    days, code = np.unique(np.concatenate([inbound.available_day, day]), return_inverse=True)
    code = code.reshape(-1).astype(np.int64)
    arriving, asked = inbound.node_idx * num_skus + inbound.sku_idx, node * num_skus + sku
    key = arriving * len(days) + code[: len(inbound)]
    start = np.searchsorted(key, asked * len(days) + code[len(inbound) :], side="right")
    end = np.searchsorted(arriving, asked, side="right")
    total = np.append(0, np.cumsum(inbound.quantity))
    units: I64 = np.where(start < end, total[np.maximum(start, end)] - total[start], 0)
    first: I64 = np.where(start < end, np.append(inbound.available_day, LONG_PAST)[start], LONG_PAST)
    return units, first


def _least_from_here(row: I64, left: I64) -> I64:
    """The least of `left` from each event to the last one of its row."""
    if not len(left):
        return left
    # rows stand apart by more than any difference, so that one running minimum from the end serves them all
    apart = np.int64(int(left.max()) - int(left.min()) + 1)
    if int(row[-1]) * int(apart) < 2**61:
        lifted = left + row * apart
        return np.asarray(np.minimum.accumulate(lifted[::-1])[::-1] - row * apart, np.int64)
    least = left.copy()
    for at in range(len(least) - 2, -1, -1):
        if row[at] == row[at + 1]:
            least[at] = min(least[at], least[at + 1])
    return least
