"""Stock over time in compiled loops: what a position holds and what its units pay by ship day.

Days between two arrivals, and between two days that prices run until, are alike: a **stage**.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from splitship.check.compiled import compiled
from splitship.check.prices import UntilPrices
from splitship.check.stock import Arrivals
from splitship.check.tables import INFINITE
from splitship.units import I64

MOST_STAGES = 16
"""Stages of an order at one node whose costs are kept."""


class StageTables(NamedTuple):
    """Arrivals, and prices of stock until a day, by stock row; entries of a row are sorted by day.

    Apart from the network and the other prices, since tables that calls hand on should be small.
    """

    at_once: I64  # [stock rows] units before anything arrives
    arrival_ptr: I64  # [stock rows + 1]
    arrival_day: I64  # [arrivals]
    arrived: I64  # [arrivals] units that have arrived by the day
    until_ptr: I64  # [stock rows + 1]
    until_day: I64  # [prices]
    until_price: I64  # [prices] with those of later days


def stage_tables(arrivals: Arrivals, until: UntilPrices) -> StageTables:
    """Arrivals and prices as the kernels read them."""
    return StageTables(
        arrivals.at_once, arrivals.days.ptr, arrivals.days.day, arrivals.arrived, until.days.ptr, until.days.day,
        until.price,
    )  # fmt: skip


@compiled
def is_staged(stages: StageTables, stock_row: I64, node: int, num_lines: int) -> bool:
    """Whether the day matters to stock of some line at a node."""
    for slot in range(num_lines):
        row = stock_row[slot, node]
        if row >= 0 and (
            stages.arrival_ptr[row] < stages.arrival_ptr[row + 1] or stages.until_ptr[row] < stages.until_ptr[row + 1]
        ):
            return True
    return False


@compiled
def find_stage(stages: StageTables, stock_row: I64, node: int, num_lines: int, day: int) -> int:
    """Number of a ship day's stage: how many arrivals and priced days of the lines lie behind it."""
    stage = 0
    for slot in range(num_lines):
        row = stock_row[slot, node]
        if row >= 0:
            for at in range(stages.arrival_ptr[row], stages.arrival_ptr[row + 1]):
                stage += stages.arrival_day[at] <= day
            for at in range(stages.until_ptr[row], stages.until_ptr[row + 1]):
                stage += stages.until_day[at] < day
    return stage


@compiled
def note_stage(
    stages: StageTables, stock_row: I64, node: int, num_lines: int, day: int, there: I64, a_unit: I64
) -> None:
    """Units of each line that are at a node by a ship day, and what one of them pays for that day; [lines]."""
    for slot in range(num_lines):
        row = stock_row[slot, node]
        there[slot], a_unit[slot] = 0, 0
        if row >= 0:
            there[slot] = stages.at_once[row]
            for at in range(stages.arrival_ptr[row], stages.arrival_ptr[row + 1]):
                if stages.arrival_day[at] <= day:
                    there[slot] = stages.at_once[row] + stages.arrived[at]
            for at in range(stages.until_ptr[row + 1] - 1, stages.until_ptr[row] - 1, -1):
                if stages.until_day[at] >= day:
                    a_unit[slot] = stages.until_price[at]


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
