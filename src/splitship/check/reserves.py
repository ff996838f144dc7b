"""Units kept for channels: whether a plan leaves them, what it pays for them, and their rows in a certificate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.check.contents import Contents
from splitship.check.stock import StockRows
from splitship.check.violations import Names, Violations
from splitship.domain import Certificate, Plan, Problem, ResourceKind
from splitship.domain.reserves import HARD
from splitship.units import I64, Bools

NONE = -1


def check_reserves(problem: Problem, plan: Plan, contents: Contents, names: Names, found: Violations) -> int:
    """What other channels leave of every reserve; returns the micros that they pay for what they take.

    A position lacks what its stock is short of all that channels have left of their reserves. Priced reserves give it,
    the cheapest first, each what its channel has left of it; the rest is taken from reserves without a price.
    """
    reserves, stock = problem.reserves, problem.stock
    if not len(reserves):
        return 0
    row = StockRows(problem).rows(plan.node_idx[contents.package], contents.sku)
    at = np.flatnonzero(row >= 0)
    row, quantity = row[at], contents.quantity[at]
    channel = reserves.order_channel[plan.order_idx[contents.package[at]]]
    taken = np.zeros(len(stock), np.int64)
    np.add.at(taken, row, quantity)
    left = reserves.quantity - _units_of_channels(problem, row, channel, quantity)
    left = np.maximum(0, left)
    every, free = np.zeros(len(stock), np.int64), problem.ever_available - taken
    np.add.at(every, reserves.stock_idx, left)
    # Units that nobody has are missing from the stock, and not from reserves.
    short = np.clip(every - free, 0, every)
    is_priced = reserves.price != HARD
    by_price = np.lexsort((reserves.channel_idx, reserves.price, reserves.stock_idx))
    by_price = by_price[is_priced[by_price] & (short[reserves.stock_idx[by_price]] > 0)]
    paid = 0
    for entry in by_price.tolist():
        position = int(reserves.stock_idx[entry])
        given = min(int(left[entry]), int(short[position]))
        short[position] -= given
        paid += given * int(reserves.price[entry])
    broken = np.flatnonzero(short > 0)

    def kept(position: int) -> str:
        entries = np.flatnonzero((reserves.stock_idx == position) & ~is_priced & (left > 0))
        return ", ".join(f"{left[entry]} for {names.channel(int(reserves.channel_idx[entry]))}" for entry in entries)

    found.add_rows(
        "RESERVE_BROKEN",
        broken,
        lambda at: f"{names.node(int(stock.node_idx[at]))}, {names.sku(int(stock.sku_idx[at]))}",
        lambda at: (
            f"{taken[at]} of {taken[at] + free[at]} units ship, and there are still to be kept {kept(at)}: "
            f"{short[at]} too many ship"
        ),
    )
    return paid


def _units_of_channels(problem: Problem, row: I64, channel: I64, quantity: I64) -> I64:
    """Units that the channel of every reserve takes of its position, [reserves]; of units `row`, `channel` are each."""
    reserves = problem.reserves
    num = int(max(reserves.channel_idx.max(), channel.max(initial=NONE))) + 2
    key, keys = row * num + channel + 1, reserves.stock_idx * num + reserves.channel_idx + 1
    at = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
    is_own = keys[at] == key
    units = np.zeros(len(reserves), np.int64)
    np.add.at(units, at[is_own], quantity[is_own])
    return units


class ReserveRows:
    """The rows of a certificate about reserves, all [prices].

    Bit i of a row's mask, in `rule_idx`, is the i-th reserve of its position. `is_reserve` marks the rows, `is_known`
    those of them that name a set of reserves of a position, of which `supply` units are for all other channels.
    """

    def __init__(self, problem: Problem, certificate: Certificate, row: I64) -> None:
        reserves, mask = problem.reserves, certificate.rule_idx
        self.is_reserve: Bools = certificate.kind == ResourceKind.CHANNEL_RESERVE
        self.is_known: Bools = np.zeros(len(mask), np.bool_)
        self.supply: I64 = np.zeros(len(mask), np.int64)
        ptr, available = reserves.ptr(len(problem.stock)), problem.ever_available
        for at in np.flatnonzero(self.is_reserve & (row >= 0)).tolist():
            position, wanted = int(row[at]), int(mask[at])
            quantity = reserves.quantity[ptr[position] : ptr[position + 1]].tolist()
            self.is_known[at] = 0 < wanted < 1 << len(quantity)
            kept = sum(units for bit, units in enumerate(quantity) if wanted >> bit & 1)
            self.supply[at] = available[position] - kept


def reserve_place(problem: Problem, names: Names, position: int, mask: int) -> str:
    """The channels of a set of reserves of a stock row in words."""
    reserves = problem.reserves
    first = int(reserves.ptr(len(problem.stock))[position])
    bits = [bit for bit in range(mask.bit_length()) if mask >> bit & 1]
    return " and ".join(names.channel(int(reserves.channel_idx[first + bit])) for bit in bits)


@dataclass(frozen=True, slots=True)
class ReservePrices:
    """Prices of sets of reserves: stock row, set (a mask) and micros a unit; each [rows]."""

    row: I64
    mask: I64
    price: I64

    def most_of_position(self) -> float:
        """Most that a unit may pay for all sets of its position together."""
        if not len(self.row):
            return 0.0
        _, group = np.unique(self.row, return_inverse=True)
        return float(np.bincount(group.reshape(-1), self.price.astype(np.float64)).max())


@dataclass(frozen=True, slots=True)
class ChannelStock:
    """Stock as orders of one channel see it.

    `available` [stock] is what they may have at most of all that ever is there, `unit_price` [stock] the least that a
    unit pays for reserves. One package pays more of a position for its units beyond some: beyond `start` units for each
    of them `more` micros more than before; entries of stock row s are `ptr[s]:ptr[s + 1]`.
    """

    available: I64
    unit_price: I64
    ptr: I64
    start: I64
    more: I64

    @classmethod
    def without_reserves(cls, available: I64) -> ChannelStock:
        """All units are for every channel."""
        none = np.zeros(0, np.int64)
        return cls(available, np.zeros(len(available), np.int64), np.zeros(len(available) + 1, np.int64), none, none)

    @classmethod
    def of(cls, problem: Problem, available: I64, prices: ReservePrices, channel: int) -> ChannelStock:
        """The stock of orders of a channel; `available` [stock] is what ever is there.

        A unit draws on every set without its channel, or pays one priced reserve of another channel and draws on no
        set with that one. A package needs no more for its units than leaves each set's supply to it alone: beyond
        what is in no reserve, units pay reserves, of one as many as it has.
        """
        reserves = problem.reserves
        if not len(reserves):
            return cls.without_reserves(available)
        at, num = reserves.stock_idx, len(problem.stock)
        ptr = reserves.ptr(num)
        is_own = reserves.channel_idx == channel
        own_bit = np.full(num, NONE, np.int64)
        own_bit[at[is_own]] = np.flatnonzero(is_own) - ptr[at[is_own]]
        # What units pay in all, and what they are spared who pay the reserve.
        bit = own_bit[prices.row]
        is_drawn = (bit < 0) | (prices.mask >> np.maximum(bit, 0) & 1 == 0)
        row, mask, price = prices.row[is_drawn], prices.mask[is_drawn], prices.price[is_drawn]
        plain, spared = np.zeros(num, np.int64), np.zeros(len(reserves), np.int64)
        np.add.at(plain, row, price)
        counts = ptr[row + 1] - ptr[row]
        of_row = np.repeat(np.arange(len(row)), counts)
        number = np.arange(len(of_row)) - np.repeat(np.cumsum(counts) - counts, counts)
        is_in = mask[of_row] >> number & 1 == 1
        np.add.at(spared, (ptr[row[of_row]] + number)[is_in], price[of_row[is_in]])
        others = np.zeros((2, num), np.int64)
        is_hard = reserves.price == HARD
        for kind, is_kind in enumerate((is_hard, ~is_hard)):
            np.add.at(others[kind], at[is_kind & ~is_own], reserves.quantity[is_kind & ~is_own])
        paying = np.flatnonzero(~is_hard & ~is_own)
        extra = reserves.price - spared
        paying = paying[np.lexsort((reserves.channel_idx[paying], extra[paying], at[paying]))]
        row, extra, quantity = at[paying], extra[paying], reserves.quantity[paying]
        is_first = np.append(True, row[1:] != row[:-1])[: len(row)]
        least = np.zeros(num, np.int64)
        least[row[is_first]] = np.minimum(0, extra[is_first])
        beyond = extra - least[row]
        before = np.where(is_first, 0, np.append(0, beyond)[: len(row)])
        total = np.cumsum(quantity)
        earlier = (
            total - quantity - (total - quantity)[np.maximum.accumulate(np.where(is_first, np.arange(len(row)), 0))]
        )
        most = available - others[0]
        return cls(
            most, plain + least, np.searchsorted(row, np.arange(num + 1)).astype(np.int64),
            most[row] - others[1][row] + earlier, beyond - before,
        )  # fmt: skip


def channels(problem: Problem) -> I64:
    """Channels of the orders, as one where nothing is kept; [orders]."""
    reserves = problem.reserves
    return reserves.order_channel if len(reserves) else np.full(len(problem.orders), NONE)
