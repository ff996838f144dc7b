"""Stock over time: what is there at once, and what arrives while a batch may ship.

Of a (node, SKU) to which units come on days a1 < a2 < ..., a unit that ships on day d is taken from what has arrived by
then, and counts against every later total: units shipped until the day before a1, until the day before a2, and so on,
are at most what has arrived by that day. So a **stage** is a span of ship days between two arrivals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.domain import LONG_PAST, Problem
from splitship.units import I64


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Stages of the stock positions to which something arrives.

    Those of stock row s are `ptr[s]:ptr[s + 1]`, none where nothing arrives; [stages] `from_day` is the first ship day
    (LONG_PAST for the first stage), `until_day` the last one (that of the batch for the last stage), `available` the
    units that are there by then. `most` [stock] is what is there in the end, of every position.
    """

    ptr: I64
    from_day: I64
    until_day: I64
    available: I64
    most: I64

    @classmethod
    def of(cls, problem: Problem, first_day: int, last_day: int) -> Arrivals:
        """Arrivals of a batch that ships from `first_day` to `last_day`.

        Later ones are no use to it, but their positions have a stage too: how much is there by its end is a total of
        its own, apart from all that ever arrives.
        """
        stock, inbound = problem.stock, problem.inbound
        available, none = stock.available, np.zeros(0, np.int64)
        if not len(inbound):
            return cls(np.zeros(len(stock) + 1, np.int64), none, none, none, available)
        row = problem.stock_rows(inbound.node_idx, inbound.sku_idx)
        day, units = inbound.available_day, inbound.quantity
        is_early, is_later = day <= first_day, (day > first_day) & (day <= last_day)
        has_stage = np.unique(row)
        rows = np.concatenate([has_stage, row[is_later]])
        days = np.concatenate([np.full(len(has_stage), LONG_PAST), day[is_later]])
        at_once = available.copy()
        np.add.at(at_once, row[is_early], units[is_early])
        arriving = np.concatenate([at_once[has_stage], units[is_later]])
        by_row = np.lexsort((days, rows))
        rows, days, arriving = rows[by_row], days[by_row], arriving[by_row]
        ptr = np.searchsorted(rows, np.arange(len(stock) + 1)).astype(np.int64)
        total = np.cumsum(arriving)
        before = np.append(0, total)[ptr[:-1]]
        there = total - before[rows]
        is_last = np.append(rows[1:] != rows[:-1], True)
        until = np.where(is_last, last_day, np.append(days[1:], 0) - 1)
        most = available.copy()
        most[rows[is_last]] = there[is_last]
        return cls(ptr, days, until, there, most)

    def __len__(self) -> int:
        return len(self.from_day)
