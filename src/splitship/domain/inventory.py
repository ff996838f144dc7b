"""Stock beyond what lies there now: arrivals, prices of taking it, units kept for a channel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.units import I64, Amounts, Bools, Strings


@dataclass(frozen=True, slots=True)
class Inbound:
    """Units that arrive, sorted by node, SKU, day; each [arrivals].

    `quantity` (at least 1) units can leave the node from ship day `available_day` on, a day number; a day before
    the start of the batch means at once.
    """

    node_idx: I64
    sku_idx: I64
    available_day: I64
    quantity: I64

    @classmethod
    def empty(cls) -> Inbound:
        """Nothing arrives."""
        return cls(*(np.zeros(0, np.int64) for _ in range(4)))

    def __len__(self) -> int:
        return len(self.node_idx)


@dataclass(frozen=True, slots=True)
class StockPrices:
    """What taking a unit from stock is priced at, sorted by node, SKU; below 0 a reward. Each [prices]."""

    node_idx: I64
    sku_idx: I64
    price_per_unit: Amounts

    @classmethod
    def empty(cls) -> StockPrices:
        """Taking units costs nothing beyond the package."""
        return cls(np.zeros(0, np.int64), np.zeros(0, np.int64), Amounts.zeros(0))

    def __len__(self) -> int:
        return len(self.node_idx)


@dataclass(frozen=True, slots=True)
class ChannelReserves:
    """Available units kept for orders of a channel, sorted by node, SKU, channel; each [reserves].

    `sku_idx` is -1 for every SKU of the node without a row of its own for the channel; `quantity` (at least 0) counts
    for each SKU. Other orders may have the units at `price_per_unit` where `has_price`, else not at all.
    """

    node_idx: I64
    sku_idx: I64
    channel: Strings
    quantity: I64
    price_per_unit: Amounts
    has_price: Bools

    @classmethod
    def empty(cls) -> ChannelReserves:
        """Every unit is for every channel."""
        none = np.zeros(0, np.int64)
        return cls(none, none, np.zeros(0, object), none, Amounts.zeros(0), np.zeros(0, np.bool_))

    def __len__(self) -> int:
        return len(self.node_idx)
