# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Every stock position while orders take from it: for rules that compare stock, also where it can never run out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from splitship.domain import Problem
from splitship.instance.inner import inner
from splitship.policies.tables import SKU, STEP
from splitship.units import I64


class Shelves(NamedTuple):
    """Stock by node: positions `ptr[n]` to `ptr[n + 1] - 1` hold `units` of `sku`, ascending; [positions]."""

    ptr: I64
    sku: I64
    units: I64


def make_shelves(problem: Problem) -> Shelves:
    """Available units, those that still arrive counted in; `units` is a copy, which kernels take from."""
    stock = problem.stock
    ptr = np.searchsorted(stock.node_idx, np.arange(len(problem.nodes) + 1)).astype(np.int64)
    return Shelves(ptr, stock.sku_idx.astype(np.int64), problem.ever_available.astype(np.int64))


def no_shelves() -> Shelves:
    """For rules that do not look."""
    return Shelves(*(np.zeros(0, np.int64) for _ in range(3)))


@inner
def units_for_order(t, shelves, order, node):
    """Units that a node has of the SKUs of an order, each SKU once."""
    first, end = t.order_ptr[0, order], t.order_ptr[0, order + 1]
    units = np.int64(0)
    for line in range(first, end):
        is_new = True
        for other in range(first, line):
            is_new &= t.lines[SKU, other] != t.lines[SKU, line]
        position = _position(shelves, node, t.lines[SKU, line])
        if is_new and position >= 0:
            units += shelves.units[position]
    return units


@inner
def take_from_shelves(t, shelves, d, order):
    """Take what the draft of an order ships."""
    for entry in range(d.size[1]):
        line = t.order_ptr[0, order] + d.entry_line[entry]
        position = _position(shelves, d.node[d.entry_package[entry]], t.lines[SKU, line])
        shelves.units[position] -= d.entry_steps[entry] * t.lines[STEP, line]


@inner
def _position(shelves, node, sku):
    """Where a node's stock of an SKU is, -1 when it has none."""
    low, high = shelves.ptr[node], shelves.ptr[node + 1]
    end = high
    while low < high:
        middle = (low + high) // 2
        if shelves.sku[middle] < sku:
            low = middle + 1
        else:
            high = middle
    return low if low < end and shelves.sku[low] == sku else np.int64(-1)
