"""Units of stock positions kept for channels: what is kept, what a plan pays or breaks, what prices of it come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from oracles.parts import to_micros

Place = tuple[str, str]
Asked = tuple[str, str | None, str, int, Fraction | None]
"""A row as given: node, SKU (None: every SKU without a row of its own), channel, units, price (None: none)."""


@dataclass(frozen=True)
class Reserve:
    """Units kept for a channel; others may have them at `price` whole micros a unit, None: not at all."""

    channel: str
    quantity: int
    price: int | None


Kept = tuple[Reserve, ...]
"""The reserves of one position, by channel."""
Prices = tuple[tuple[int, int], ...]
"""Sets of a position's reserves, and what a unit that draws on them pays."""


def reserves_in_tables(rows: Sequence[Mapping[str, Any]]) -> list[Asked]:
    """Rows of the channel_reserves table."""

    def text(row: Mapping[str, Any], name: str) -> str:
        return "" if row.get(name) is None else str(row[name])

    return [
        (text(row, "node_id"), text(row, "sku_id") or None, text(row, "channel"), int(row["quantity"]),
         Fraction(text(row, "price_per_unit")) if text(row, "price_per_unit") else None)
        for row in rows
    ]  # fmt: skip


def reserves_in_problem(given: Any) -> list[Asked]:
    """The same of a Problem as given."""
    table, node, sku = given.channel_reserves, given.nodes.node_id, given.skus.sku_id
    return [
        (
            node[int(table.node_idx[row])],
            sku[int(table.sku_idx[row])] if table.sku_idx[row] >= 0 else None,
            str(table.channel[row]),
            int(table.quantity[row]),
            Fraction(table.price_per_unit.exact(row), 10**18) if table.has_price[row] else None,
        )
        for row in range(len(table))
    ]


def reserves_of(asked: Iterable[Asked], ever_there: Mapping[Place, int]) -> dict[Place, Kept]:
    """What is kept at every position of what it ever has: hard reserves before priced ones, the dearest first, ties by
    channel; positions of which nothing is kept are left out."""
    asked, found = list(asked), {}
    for (node, sku), there in ever_there.items():
        said: dict[str, Reserve] = {}
        for wanted in (None, sku):  # an SKU's own row replaces the one for all
            for at, what, channel, units, price in asked:
                if (at, what) == (node, wanted):
                    said[channel] = Reserve(channel, units, None if price is None else to_micros(price))
        left, kept = there, []
        for one in sorted(said.values(), key=_rank):
            units = min(one.quantity, left)
            left -= units
            if units:
                kept.append(Reserve(one.channel, units, one.price))
        if kept:
            found[node, sku] = tuple(sorted(kept, key=lambda one: one.channel))
    return found


def _rank(reserve: Reserve) -> tuple[bool, int, str]:
    return reserve.price is not None, -(reserve.price or 0), reserve.channel


def reserve_cost(kept: Kept, there: int, taken: Mapping[str | None, int]) -> int | None:
    """What is paid where channels take so many units of a position that ever has `there`; None: it cannot be paid.

    What is missing for the reserves that their channels have not used is made up by the cheapest of them.
    """
    left = {one: max(0, one.quantity - taken.get(one.channel, 0)) for one in kept}
    short = max(0, sum(left.values()) - (there - sum(taken.values())))
    cost = 0
    for price, _, one in sorted((one.price, one.channel, one) for one in kept if one.price is not None):
        given = min(short, left[one])
        short -= given
        cost += given * price
    return None if short else cost


# --- as resources -----------------------------------------------------------------------------


def subsets_of(kept: Kept) -> Iterator[int]:
    """All sets of reserves but the empty one, as bits in their sequence."""
    return iter(range(1, 2 ** len(kept)))


def kept_in(kept: Kept, subset: int) -> int:
    """Units of the reserves of a set."""
    return sum(one.quantity for at, one in enumerate(kept) if subset >> at & 1)


def ways_to_take(kept: Kept, channel: str | None) -> list[tuple[int, tuple[int, ...]]]:
    """How a unit for a channel may be taken: what it pays, and the sets of reserves that it draws on."""
    own = [at for at, one in enumerate(kept) if one.channel == channel]
    found = []
    for pays in (None, *(at for at, one in enumerate(kept) if one.price is not None and at not in own)):
        spared = [*own, *([] if pays is None else [pays])]
        draws = tuple(subset for subset in subsets_of(kept) if not any(subset >> at & 1 for at in spared))
        found.append((0 if pays is None else kept[pays].price or 0, draws))
    return found


@cache
def least_price(kept: Kept, there: int, channel: str | None, units: int, prices: Prices = ()) -> int | None:
    """The least that a package of so many units for a channel pays where sets of reserves have `prices`.

    Every unit is taken in one way; None where the package alone would draw more on a set of reserves than it leaves.
    """
    price_of = dict(prices)
    ways = ways_to_take(kept, channel)
    best: int | None = None
    for numbers in _shared_out(units, len(ways)):
        use = dict.fromkeys(subsets_of(kept), 0)
        for number, (_, draws) in zip(numbers, ways, strict=True):
            for subset in draws:
                use[subset] += number
        if any(used > there - kept_in(kept, subset) for subset, used in use.items()):
            continue
        cost = sum(number * price for number, (price, _) in zip(numbers, ways, strict=True))
        cost += sum(used * price_of.get(subset, 0) for subset, used in use.items())
        best = cost if best is None else min(best, cost)
    return best


def _shared_out(units: int, num_ways: int) -> Iterator[tuple[int, ...]]:
    """All numbers of units that may be taken in each way."""
    if num_ways == 1:
        yield (units,)
        return
    for first in range(units + 1):
        for rest in _shared_out(units - first, num_ways - 1):
            yield (first, *rest)
