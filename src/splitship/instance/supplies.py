"""Joint supplies: what a unit takes of several rows of stock at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from splitship.instance.arrivals import Arrivals
from splitship.instance.model import Draws
from splitship.instance.reserves import ReserveTables
from splitship.units import I32, I64

NO_ROW = -1


class Supplies:
    """Joint supplies in the making: a unit takes one of each of several rows. Their numbers follow those of rows."""

    def __init__(self, num_rows: int) -> None:
        self._num_rows = num_rows
        self._known: dict[tuple[int, ...], int] = {}

    def of_stages(self, arrivals: Arrivals, stage_row: I32) -> I32:
        """Each stage's supply: its own row and those of all later stages."""
        supply = np.full(len(arrivals), NO_ROW, np.int32)
        for first, end in zip(arrivals.ptr[:-1].tolist(), arrivals.ptr[1:].tolist(), strict=True):
            for stage in range(first, end):
                supply[stage] = self._number(stage_row[stage:end].tolist())
        return supply

    def of_alternatives(
        self, reserves: ReserveTables, kept_row: I32, arrivals: Arrivals, stage_row: I32, stock_row: I32
    ) -> tuple[I64, I32]:
        """Each alternative's supplies, one for each stage of its position, or one: where they begin, and all."""
        ptr = np.zeros(len(reserves), np.int64)
        listed: list[int] = []
        for stock in np.flatnonzero(np.diff(reserves.ptr)).tolist():
            first, end = int(arrivals.ptr[stock]), int(arrivals.ptr[stock + 1])
            of_stages = [stage_row[stage:end].tolist() for stage in range(first, end)] or [[int(stock_row[stock])]]
            kept = kept_row[reserves.room_ptr[stock] : reserves.room_ptr[stock + 1]].tolist()
            for way in range(int(reserves.ptr[stock]), int(reserves.ptr[stock + 1])):
                ptr[way] = len(listed)
                draws = int(reserves.draws[way])
                drawn = [row for bit, row in enumerate(kept) if draws >> bit & 1]
                listed += [self._number(rows + drawn) for rows in of_stages]
        return ptr, np.array(listed, np.int32)

    def added_to(self, draws: Draws) -> Draws:
        """The draws with these supplies."""
        if not self._known:
            return draws
        ptr = np.concatenate([[0], np.cumsum([len(rows) for rows in self._known])]).astype(np.int64)
        row = np.array([row for rows in self._known for row in rows], np.int64)
        return replace(draws, supply_ptr=ptr, supply_row=row)

    def _number(self, rows: list[int]) -> int:
        """The supply that takes of these rows, NO_ROW among them aside."""
        some = tuple(row for row in rows if row != NO_ROW)
        if len(some) < 2:
            return some[0] if some else NO_ROW
        return self._num_rows + self._known.setdefault(some, len(self._known))
