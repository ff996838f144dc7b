"""Units of stock positions that hard reserves keep from the orders of a channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from splitship.domain import Plan, Problem
from splitship.domain.reserves import HARD
from splitship.domain.reserves_in_force import ReserveSets
from splitship.units import I64

_NONE: I64 = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class KeptStock:
    """What is left of positions for good, and what of it is kept for single channels, whatever the day.

    `left` [stock rows]: units of all that ever comes that do not ship. `key`, ascending, is stock row x number of
    `channels` + channel of each hard reserve, `kept` its units that its channel has not shipped. Priced reserves keep
    nothing: units of them ship at a higher cost. `channels` are names.
    """

    left: I64
    channels: tuple[str, ...]
    key: I64
    kept: I64

    @classmethod
    def of(cls, problem: Problem, row: I64 = _NONE, order: I64 = _NONE, units: I64 = _NONE) -> Self:
        """Once units have shipped: columns [shipments] of stock rows, orders and units."""
        reserves, num = problem.reserves, len(problem.stock)
        if not len(reserves):
            return cls(_NONE, ("",), _NONE, _NONE)
        channels = tuple(ReserveSets(problem).names)
        num_channels = len(channels)
        channel = reserves.order_channel[order] if len(order) else order
        is_hard = reserves.price == HARD
        key = reserves.stock_idx[is_hard] * num_channels + reserves.channel_idx[is_hard]
        shipped_key = np.where(channel >= 0, row * num_channels + channel, -1)
        at = np.searchsorted(key, shipped_key)
        is_own = np.append(key, -2)[at] == shipped_key
        own = np.bincount(at[is_own], units[is_own], len(key)).astype(np.int64)
        left = problem.ever_available - np.bincount(row, units, num).astype(np.int64)
        return cls(left, channels, key, np.maximum(reserves.quantity[is_hard] - own, 0))

    def for_channels(self, row: I64, channel: I64) -> I64:
        """The units of stock rows that orders of channels (-1: none) may still have; columns of one shape."""
        total = np.bincount(self.key // len(self.channels), self.kept, len(self.left)).astype(np.int64)
        own_key = np.where(channel >= 0, row * len(self.channels) + channel, -1)
        at = np.searchsorted(self.key, own_key)
        is_own = np.append(self.key, -2)[at] == own_key
        own = np.where(is_own, np.append(self.kept, 0)[at], 0)
        found: I64 = np.maximum(self.left[row] - total[row] + own, 0)
        return found

    def names(self, row: int, channel: int) -> list[str]:
        """The channels, but this one, for which units of a position are kept."""
        first, last = np.searchsorted(self.key, [row * len(self.channels), (row + 1) * len(self.channels)]).tolist()
        held = self.key[first:last][self.kept[first:last] > 0] - row * len(self.channels)
        return [self.channels[other] for other in held.tolist() if other != channel]

    def __len__(self) -> int:
        return len(self.key)


def paid_for_reserves(problem: Problem, plan: Plan) -> int:
    """What a plan pays for units that are kept for other channels, in micros; hard reserves are free here."""
    reserves = problem.reserves
    if not len(reserves) or not len(plan.content_line):
        return 0
    node = plan.node_idx[plan.content_package]
    row = problem.stock_rows(node, plan.skus(problem.lines.sku_idx))
    channel = reserves.order_channel[plan.order_idx[plan.content_package]]
    available, ptr = problem.ever_available, reserves.ptr(len(problem.stock))
    total = 0
    for position in np.unique(row).tolist():
        mine = row == position
        first, last = int(ptr[position]), int(ptr[position + 1])
        if first == last:
            continue
        own = [int(plan.content_quantity[mine & (channel == c)].sum()) for c in reserves.channel_idx[first:last]]
        kept = np.maximum(reserves.quantity[first:last] - np.array(own), 0)
        short = int(kept.sum()) - int(available[position] - plan.content_quantity[mine].sum())
        price = reserves.price[first:last]
        for one in np.argsort(price, kind="stable").tolist():
            if price[one] != HARD and short > 0:
                units = min(short, int(kept[one]))
                total += units * int(price[one])
                short -= units
    return total
