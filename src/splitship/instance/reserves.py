"""Channel reserves as rows of shared resources, and what a unit of each channel draws on.

For a set T of a position's reserves, what channels beside those of T take is at most what there is less the reserves of
T. A unit draws on the rows of all sets without its own channel. Where it pays for a reserve it draws on no row of a set
with that one either: so an order line has several alternatives at a position, of which each package takes one. That
makes the units of a line in a package pay alike, which is dearer than it need be where some of them are free; the bound
does not suffer, since no set with a priced reserve limits what a package can hold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.domain import Problem, StockReserves
from splitship.domain.reserves import ANY_CHANNEL, HARD
from splitship.units import I64, Bools

MOST_AT_A_POSITION = 6
"""Reserves of one stock position, at most: there is a row for every set of them."""


@dataclass(frozen=True, slots=True)
class ReserveTables:
    """Reserves that can matter: rows, and alternatives of the positions that have some.

    Rows: position `row_stock`, the set `row_mask` (bit i: the position's i-th reserve), `row_capacity`. The capacity of
    set T at stock row s is `room[room_ptr[s] + T - 1]`, also where it has no row; sets with a priced reserve have all
    that is there.
    Alternatives of stock row s are `ptr[s]` to `ptr[s + 1] - 1`: for units of `channel` (ANY_CHANNEL: of all channels
    without a reserve there) at `price` micros each; bit T - 1 of `draws` says that they draw on the row of set T, and
    `most` is the least of those capacities of which no reserve has a price. Of one channel the first costs nothing.
    Without reserves that matter both pointers have one entry. `most_a_line` is how many alternatives a line can have.
    """

    row_stock: I64
    row_mask: I64
    row_capacity: I64
    room_ptr: I64
    room: I64
    ptr: I64
    channel: I64
    price: I64
    draws: I64
    most: I64
    most_a_line: int

    @classmethod
    def of(cls, problem: Problem) -> ReserveTables:
        """The tables of a problem; reserves that the batch cannot touch are left out."""
        reserves, num_stock = problem.reserves, len(problem.stock)
        none, start = np.zeros(0, np.int64), np.zeros(1, np.int64)
        nothing = cls(none, none, none, start, none, start, none, none, none, none, 1)
        if not len(reserves):
            return nothing
        available = problem.ever_available
        demand = _Demand(problem)
        ptr = reserves.ptr(num_stock)
        count = np.diff(ptr)
        rows: list[tuple[I64, I64, I64]] = []
        alternatives: list[tuple[I64, ...]] = []
        most_a_line = 1
        for num in range(1, int(count.max()) + 1):
            stock = np.flatnonzero(count == num)
            if not len(stock):
                continue
            at = ptr[stock][:, None] + np.arange(num)
            found = _AtPositions(stock, available[stock], *(column[at] for column in (
                reserves.channel_idx, reserves.quantity, reserves.price)))  # fmt: skip
            found = found.that_matter(demand)
            rows.append(found.rows())
            alternatives += found.alternatives()
            most_a_line = max(most_a_line, found.most_a_line())
        stock, mask, capacity = (np.concatenate(column) for column in zip(*rows, strict=True))
        if not len(stock):
            return nothing
        by_stock = np.lexsort((mask, stock))
        stock, mask, capacity = stock[by_stock], mask[by_stock], capacity[by_stock]
        room = np.where(_is_hard(reserves, ptr, stock, mask), capacity, available[stock])
        of, channel, price, draws, most = (np.concatenate(column) for column in zip(*alternatives, strict=True))
        sequence = np.lexsort((price, channel, of))
        positions = np.arange(num_stock + 1)
        return cls(
            stock, mask, capacity, np.searchsorted(stock, positions), room,
            np.searchsorted(of[sequence], positions), channel[sequence], price[sequence], draws[sequence],
            most[sequence], most_a_line,
        )  # fmt: skip

    def most_of_lines(self, problem: Problem) -> I64:
        """How many alternatives an order line can have at a position at most, [lines]."""
        lines, substitutes = problem.lines, problem.line_substitutes
        most = np.ones(len(problem.skus), np.int64)
        if len(self):
            stock = np.repeat(np.arange(len(self.ptr) - 1), np.diff(self.ptr))
            _, first, count = np.unique(
                np.column_stack([stock, self.channel]), axis=0, return_index=True, return_counts=True
            )
            np.maximum.at(most, problem.stock.sku_idx[stock[first]], count)
        found: I64 = most[lines.sku_idx]
        np.maximum.at(found, substitutes.line_idx, most[substitutes.sku_idx])
        return found

    def __len__(self) -> int:
        return len(self.channel)


def _is_hard(reserves: StockReserves, ptr: I64, stock: I64, mask: I64) -> Bools:
    """Whether all reserves of sets at stock rows are hard, [sets]."""
    is_hard = np.ones(len(stock), np.bool_)
    for bit in range(MOST_AT_A_POSITION):
        is_in = np.flatnonzero(mask >> bit & 1)
        is_hard[is_in] &= reserves.price[ptr[stock[is_in]] + bit] == HARD
    return is_hard


class _Demand:
    """Units that orders of every channel could want of every SKU."""

    def __init__(self, problem: Problem) -> None:
        lines, substitutes, channel = problem.lines, problem.line_substitutes, problem.reserves.order_channel
        line = np.append(np.arange(len(lines)), substitutes.line_idx)
        sku = np.append(lines.sku_idx, substitutes.sku_idx)
        num = int(max(channel.max(initial=0), problem.reserves.channel_idx.max(initial=0))) + 2
        self._of = np.zeros((len(problem.skus), num), np.int64)
        np.add.at(self._of, (sku, channel[lines.order_idx[line]] + 1), lines.quantity[line])
        self._total: I64 = self._of.sum(axis=1)
        self._sku = problem.stock.sku_idx

    def beside(self, stock: I64, channels: I64, is_in: I64) -> I64:
        """Units of SKUs at positions that other channels want than those of `channels` [positions, reserves]."""
        sku = self._sku[stock]
        own = self._of[sku[:, None], channels + 1] * is_in
        units: I64 = self._total[sku] - own.sum(axis=1)
        return units


@dataclass(frozen=True, slots=True)
class _AtPositions:
    """Positions with equally many reserves: [positions], and [positions, reserves] for the last three."""

    stock: I64
    available: I64
    channel: I64
    quantity: I64
    price: I64

    @property
    def num(self) -> int:
        size: int = self.channel.shape[1]
        return size

    def _sets(self) -> list[tuple[int, I64]]:
        """Every set of reserves, and which are in it."""
        return [(mask, (mask >> np.arange(self.num)) & 1) for mask in range(1, 1 << self.num)]

    def that_matter(self, demand: _Demand) -> _AtPositions:
        """The positions at which some channel could want what is kept for another."""
        matters = np.zeros(len(self.stock), np.bool_)
        for _, is_in in self._sets():
            kept = (self.quantity * is_in).sum(axis=1)
            matters |= demand.beside(self.stock, self.channel, is_in) > self.available - kept
        return _AtPositions(*(getattr(self, name)[matters] for name in self.__slots__))

    def rows(self) -> tuple[I64, I64, I64]:
        """Position, set and capacity of every row."""
        capacity = [self.available - (self.quantity * is_in).sum(axis=1) for _, is_in in self._sets()]
        masks = np.repeat([mask for mask, _ in self._sets()], len(self.stock)).astype(np.int64)
        return np.tile(self.stock, len(capacity)), masks, np.concatenate(capacity)

    def most_a_line(self) -> int:
        """Alternatives of a line at most: nothing is paid, or one of the priced reserves is."""
        num_priced: I64 = (self.price != HARD).sum(axis=1)
        return 1 + int(num_priced.max(initial=0))

    def alternatives(self) -> list[tuple[I64, ...]]:
        """Position, channel, price, rows drawn on and units at most, an entry for each alternative of a position."""
        found = []
        for own in range(-1, self.num):
            channel = np.full(len(self.stock), ANY_CHANNEL) if own < 0 else self.channel[:, own]
            for paid in range(-1, self.num):
                if paid >= 0 and paid == own:
                    continue
                is_there = np.full(len(self.stock), True) if paid < 0 else self.price[:, paid] != HARD
                draws, most = np.zeros(len(self.stock), np.int64), self.available.copy()
                for mask, is_in in self._sets():
                    if (own >= 0 and is_in[own]) or (paid >= 0 and is_in[paid]):
                        continue
                    draws |= np.int64(1) << np.int64(mask - 1)
                    is_hard = (self.price[:, is_in > 0] == HARD).all(axis=1)
                    kept = (self.quantity * is_in).sum(axis=1)
                    most = np.where(is_hard, np.minimum(most, self.available - kept), most)
                price = np.zeros(len(self.stock), np.int64) if paid < 0 else self.price[:, paid]
                found.append(tuple(column[is_there] for column in (self.stock, channel, price, draws, most)))
        return found
