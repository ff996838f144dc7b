"""What packages pay for units kept for other channels, in compiled loops."""

from __future__ import annotations

from typing import NamedTuple

from splitship.check.compiled import compiled
from splitship.check.reserves import ChannelStock
from splitship.units import I64, in_one_layout


class ReserveTables(NamedTuple):
    """What one package pays of a stock row for each unit beyond `start`: `more` micros more than before.

    Entries of stock row s are `ptr[s]:ptr[s + 1]`; there are none where no reserve has a price.
    """

    ptr: I64  # [stock rows + 1]
    start: I64
    more: I64


def reserve_tables(stock: ChannelStock) -> ReserveTables:
    """What a channel's packages pay as the kernels read it."""
    return ReserveTables(in_one_layout(stock.ptr), in_one_layout(stock.start), in_one_layout(stock.more))


@compiled
def is_kept(ptr: I64, stock_row: I64, node: int, num_lines: int) -> bool:
    """Whether some line's stock at a node has entries."""
    for slot in range(num_lines):
        row = stock_row[slot, node]
        if row >= 0 and ptr[row] < ptr[row + 1]:
            return True
    return False


@compiled
def reserve_micros(
    reserves: ReserveTables, stock_row: I64, node: int, step: I64, digits: I64, first: int, num_lines: int
) -> int:
    """What contents pay, of which each line has `digits` [lines] steps; lines of one SKU are counted together."""
    total = 0
    for slot in range(num_lines):
        row = stock_row[slot, node]
        if row < 0 or reserves.ptr[row] == reserves.ptr[row + 1]:
            continue
        units, is_counted = 0, False
        for twin in range(num_lines):
            if stock_row[twin, node] == row:
                is_counted |= twin < slot
                units += digits[twin] * step[first + twin]
        if not is_counted:
            for at in range(reserves.ptr[row], reserves.ptr[row + 1]):
                total += reserves.more[at] * max(0, units - reserves.start[at])
    return total
