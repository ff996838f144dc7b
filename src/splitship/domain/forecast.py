"""What the next days are expected to order: looked at to price stock, never shipped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.units import I64, Amounts, Bools, Floats, Strings


@dataclass(frozen=True, slots=True)
class Forecast:
    """Expected orders, sorted by day, SKU, country, postal code; each [rows].

    `quantity` units (at least 1) of a SKU are expected to be ordered one by one on `placed_day`, a day number by the
    clock of `as_of`. `unfilled_cost` is per unit where `has_unfilled_cost`, else the objective's terms apply; latitude
    and longitude are NaN where absent.
    """

    sku_idx: I64
    country: Strings
    postal_code: Strings
    quantity: I64
    placed_day: I64
    latitude: Floats
    longitude: Floats
    unfilled_cost: Amounts
    has_unfilled_cost: Bools

    @classmethod
    def empty(cls) -> Forecast:
        """Nothing is expected."""
        none, text, degrees = np.zeros(0, np.int64), np.zeros(0, object), np.zeros(0, np.float64)
        return cls(none, text, text, none, none, degrees, degrees, Amounts.zeros(0), np.zeros(0, np.bool_))

    def __len__(self) -> int:
        return len(self.sku_idx)
