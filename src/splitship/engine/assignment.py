"""A plan while the engine works on it: for every order, packages as (option, content)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.engine.tables import Tables
from splitship.units import I64


@dataclass(slots=True)
class Assignment:
    """Packages by order.

    Order o has `count[o]` packages in slots `slot_ptr[o]` and up: `option` [slots], and `content` [slots], a content
    number of the option. Wide orders have no content numbers: there `content` is the position of the choice within the
    option, and package i holds `quantity[wide_ptr[o] + i x lines + j]` units of the order's line j.
    """

    count: I64
    option: I64
    content: I64
    quantity: I64
    wide_ptr: I64

    @classmethod
    def empty(cls, tables: Tables) -> Assignment:
        """Nothing ships."""
        slots = np.diff(tables.slot_ptr)
        cells = np.where(tables.is_wide, slots * np.diff(tables.line_ptr), 0)
        wide_ptr = np.concatenate([[0], np.cumsum(cells)]).astype(np.int64)
        total = int(tables.slot_ptr[-1])
        return cls(
            np.zeros(len(slots), np.int64),
            np.zeros(total, np.int64),
            np.zeros(total, np.int64),
            np.zeros(int(wide_ptr[-1]), np.int64),
            wide_ptr,
        )

    def copy(self) -> Assignment:
        """An independent copy."""
        return Assignment(
            self.count.copy(), self.option.copy(), self.content.copy(), self.quantity.copy(), self.wide_ptr
        )
