"""Stock over time in compiled loops: what a position holds and what its units pay by ship day.

Days between two arrivals, and between two days that prices run until, are alike: a **stage**.
"""

from __future__ import annotations

import numpy as np

from splitship.check.compiled import compiled
from splitship.check.tables import INFINITE
from splitship.units import I64

MOST_STAGES = 16
"""Stages of an order at one node whose costs are kept."""


@compiled
def units_by(arrival_ptr: I64, arrival_day: I64, arrived: I64, at_once: I64, row: int, day: int) -> int:
    """Units of a stock position that are there by a ship day."""
    units = at_once[row]
    for at in range(arrival_ptr[row], arrival_ptr[row + 1]):
        if arrival_day[at] <= day:
            units = at_once[row] + arrived[at]
    return int(units)


@compiled
def price_until(until_ptr: I64, until_day: I64, until_price: I64, row: int, day: int) -> int:
    """What a unit of a stock position that ships on a day pays for that day and all later ones."""
    for at in range(until_ptr[row], until_ptr[row + 1]):
        if until_day[at] >= day:
            return int(until_price[at])
    return 0


@compiled
def is_staged(arrival_ptr: I64, until_ptr: I64, stock_row: I64, node: int, num_lines: int) -> bool:
    """Whether the day matters to stock of some line at a node."""
    for slot in range(num_lines):
        row = stock_row[slot, node]
        if row >= 0 and (arrival_ptr[row] < arrival_ptr[row + 1] or until_ptr[row] < until_ptr[row + 1]):
            return True
    return False


@compiled
def find_stage(
    arrival_ptr: I64, arrival_day: I64, until_ptr: I64, until_day: I64, stock_row: I64, node: int, num_lines: int,
    day: int,
) -> int:  # fmt: skip
    """Number of a ship day's stage: how many arrivals and priced days of the lines lie behind it."""
    stage = 0
    for slot in range(num_lines):
        row = stock_row[slot, node]
        if row >= 0:
            for at in range(arrival_ptr[row], arrival_ptr[row + 1]):
                stage += arrival_day[at] <= day
            for at in range(until_ptr[row], until_ptr[row + 1]):
                stage += until_day[at] < day
    return stage


@compiled
def note_stage(
    arrival_ptr: I64, arrival_day: I64, arrived: I64, at_once: I64, until_ptr: I64, until_day: I64, until_price: I64,
    stock_row: I64, node: int, num_lines: int, day: int, there: I64, a_unit: I64,
) -> None:  # fmt: skip
    """Units of each line that are at a node by a day, and what one of them pays for shipping then; [lines]."""
    for slot in range(num_lines):
        row = stock_row[slot, node]
        there[slot], a_unit[slot] = 0, 0
        if row >= 0:
            there[slot] = units_by(arrival_ptr, arrival_day, arrived, at_once, row, day)
            a_unit[slot] = price_until(until_ptr, until_day, until_price, row, day)


@compiled
def cost_stage(
    there: I64, a_unit: I64, content: I64, num_contents: int, sku: I64, radix: I64, stride: I64, step: I64, first: int,
    num_lines: int, cost: I64,
) -> None:  # fmt: skip
    """What contents pay for shipping in a stage, INFINITE where they hold more than is there, into `cost` [states].

    `there` and `a_unit` [lines] are those of the stage; lines of one SKU share what is there.
    """
    units = np.empty(num_lines, np.int64)
    for number in range(num_contents):
        state = content[number]
        total, is_over = 0, False
        for slot in range(num_lines):
            units[slot] = state // stride[slot] % radix[first + slot] * step[first + slot]
            total += units[slot] * a_unit[slot]
        for slot in range(num_lines):
            together = 0
            for twin in range(num_lines):
                if sku[first + twin] == sku[first + slot]:
                    together += units[twin]
            is_over |= units[slot] > 0 and together > there[slot]
        cost[state] = INFINITE if is_over else total
