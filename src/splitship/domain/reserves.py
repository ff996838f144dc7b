"""Units of stock positions that are kept for orders of a channel, as they are in force."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.units import I64, Bools

ANY_CHANNEL = -1
"""In place of a channel: one for which nothing is kept anywhere."""

HARD = -1
"""In place of a price: other channels may not have the units at all."""


@dataclass(frozen=True, slots=True)
class StockReserves:
    """Reserves of stock positions, sorted by position, then channel; each [reserves].

    Of all that a position ever has, `quantity` units (at least 1) are kept for `channel_idx`: what all channels ship,
    and what every channel leaves of its reserve, are together no more than there is. Other channels may have units of
    a reserve at `price` micros each (HARD: not at all). What a position has covers all its reserves. `order_channel`
    [orders] is each order's channel, ANY_CHANNEL where nothing is kept for it.
    """

    stock_idx: I64
    channel_idx: I64
    quantity: I64
    price: I64
    order_channel: I64

    @classmethod
    def empty(cls) -> StockReserves:
        """Every unit is for every channel."""
        return cls(*(np.zeros(0, np.int64) for _ in range(5)))

    @property
    def is_priced(self) -> Bools:
        """Other channels may have the units at a price, [reserves]."""
        found: Bools = self.price != HARD
        return found

    def of_orders(self, order_idx: I64) -> StockReserves:
        """The same for some orders, which it numbers in their sequence."""
        if not len(self):
            return self
        return StockReserves(self.stock_idx, self.channel_idx, self.quantity, self.price, self.order_channel[order_idx])

    def ptr(self, num_stock: int) -> I64:
        """The reserves of stock row s are `ptr[s]` to `ptr[s + 1] - 1`; [stock + 1]."""
        found: I64 = np.searchsorted(self.stock_idx, np.arange(num_stock + 1))
        return found

    def __len__(self) -> int:
        return len(self.stock_idx)
