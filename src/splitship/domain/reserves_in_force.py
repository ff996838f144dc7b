"""Channel reserves put on stock positions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from splitship.domain.matching import matching_rows
from splitship.domain.modes_in_force import rounded_to_micros
from splitship.domain.problem import Problem
from splitship.domain.reserves import ANY_CHANNEL, HARD, StockReserves
from splitship.units import I64


def stock_reserves(problem: Problem) -> StockReserves:
    """The reserves of every position; `problem` has its final stock.

    A reserve for every SKU of a node holds where the channel has none of its own. Where a position has less than its
    reserves ask for, hard ones come first, then those with the highest price, then channels by name.
    """
    table, stock = problem.channel_reserves, problem.stock
    if not len(table):
        return StockReserves.empty()
    names, channel = np.unique(table.channel.astype(str), return_inverse=True)
    channel = channel.reshape(-1).astype(np.int64)
    price = np.where(table.has_price, rounded_to_micros(table.price_per_unit), HARD)
    key = stock.node_idx * len(problem.skus) + stock.sku_idx
    own = np.flatnonzero(table.sku_idx >= 0)
    asked = table.node_idx[own] * len(problem.skus) + table.sku_idx[own]
    at_own, row_own = matching_rows(key, asked)
    whole = np.flatnonzero(table.sku_idx < 0)
    at_all, row_all = matching_rows(stock.node_idx, table.node_idx[whole])
    at = np.concatenate([at_own, at_all])
    row = np.concatenate([own[row_own], whole[row_all]]).astype(np.int64)
    is_own = np.arange(len(at)) < len(at_own)
    # the row of an SKU's own comes first and the other goes
    sequence = np.lexsort((~is_own, channel[row], at))
    at, row = at[sequence], row[sequence]
    is_first = np.append(True, (at[1:] != at[:-1]) | (channel[row[1:]] != channel[row[:-1]]))[: len(at)]
    at, row = at[is_first], row[is_first]
    quantity = _covered(problem.ever_available, at, channel[row], table.quantity[row], price[row])
    some = quantity > 0
    at, row, quantity = at[some], row[some], quantity[some]
    places = {name: number for number, name in enumerate(names.tolist())}
    of_order = [places.get(name, ANY_CHANNEL) for name in problem.orders.channel.tolist()]
    return StockReserves(at, channel[row], quantity, price[row], np.array(of_order, np.int64))


class ReserveSets:
    """Sets of the reserves of a position (bit i: the i-th of them) by the names of their channels, and back."""

    def __init__(self, problem: Problem) -> None:
        self.names: list[str] = np.unique(problem.as_given.channel_reserves.channel.astype(str)).tolist()
        self._places = {name: place for place, name in enumerate(self.names)}
        stock, reserves = problem.stock, problem.reserves
        self._at: dict[tuple[int, int], list[int]] = {}
        rows = zip(
            stock.node_idx[reserves.stock_idx].tolist(), stock.sku_idx[reserves.stock_idx].tolist(),
            reserves.channel_idx.tolist(), strict=True,
        )  # fmt: skip
        for node, sku, channel in rows:
            self._at.setdefault((node, sku), []).append(channel)

    def channels(self, node: int, sku: int, mask: int) -> list[str]:
        """The channels of a set."""
        return [self.names[channel] for bit, channel in enumerate(self._at.get((node, sku), [])) if mask >> bit & 1]

    def mask(self, node: int, sku: int, channels: Sequence[str]) -> int:
        """The set of channels; -1 where one of them has no reserve there, or there are none."""
        bits = {channel: bit for bit, channel in enumerate(self._at.get((node, sku), []))}
        found = [bits.get(self._places.get(channel, -1), -1) for channel in channels]
        return -1 if not found or min(found) < 0 else sum(1 << bit for bit in set(found))


def _covered(available: I64, stock: I64, channel: I64, quantity: I64, price: I64) -> I64:
    """The units of each reserve that its position can cover, [reserves]."""
    by_rank = np.lexsort((channel, -price, price != HARD, stock))
    asked, position = quantity[by_rank], stock[by_rank]
    total = np.cumsum(asked)
    first = np.searchsorted(position, position)
    before = total - asked - (total - asked)[first]
    covered = np.empty(len(quantity), np.int64)
    covered[by_rank] = np.clip(available[position] - before, 0, asked)
    return covered
