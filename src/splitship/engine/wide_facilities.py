# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""The choices of wide orders as facilities: a price a package, and a price a unit for each line they carry.

A choice that another choice of its option undercuts in everything is left out: the two draw on the same resources.
What is left is kept sparse, a facility has entries only for the lines that it carries.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from splitship.instance.draws import draw_price, draw_room, supply_price, supply_room
from splitship.instance.inner import inner
from splitship.instance.model import IMPOSSIBLE
from splitship.units import I64, Floats

NEVER = 1e18
"""Price of a package that cannot be had now."""


class Facilities(NamedTuple):
    """An order's facilities at prices, money in micros.

    `fixed` [facilities] a package. Entries of facility a are `start[a]:start[a + 1]`: `line` (from 0), `unit` the price
    of one, `quantity` units in one package, `owner` the facility. `by_line[by_ptr[i]:by_ptr[i + 1]]` are the entries of
    line i that carry anything, by rising unit price.
    """

    fixed: Floats
    start: I64
    line: I64
    unit: Floats
    quantity: Floats
    owner: I64
    by_ptr: I64
    by_line: I64


@njit(cache=True, nogil=True)
def list_facilities(t, orders, facility_ptr, facility_choice, facility_option, entry_ptr, entry_line, entry_from):
    """Write the facilities of the given orders; returns (facilities, entries).

    `facility_ptr` [orders + 1] counts for all orders; entries of facility f are `entry_ptr[f]:entry_ptr[f + 1]`:
    `entry_line` (from 0 in the order), and `entry_from` = (position in `floor_unit`, option line).
    """
    num, entries = 0, 0
    is_listed = np.zeros(len(facility_ptr) - 1, np.bool_)
    for order in orders:
        is_listed[order] = True
    for order in range(len(facility_ptr) - 1):
        facility_ptr[order] = num
        if not is_listed[order]:
            continue
        for option in range(t.option_ptr[order], t.option_ptr[order + 1]):
            first, end = t.option_line_ptr[option], t.option_line_ptr[option + 1]
            for choice in range(t.choice_ptr[option], t.choice_ptr[option + 1]):
                if _is_undercut(t, option, choice):
                    continue
                facility_choice[num], facility_option[num] = choice, option
                entry_ptr[num] = entries
                for j in range(first, end):
                    at = t.floor_ptr[choice] + j - first
                    if t.floor_quantity[at] > 0:
                        entry_line[entries] = t.option_line[j] - t.line_ptr[order]
                        entry_from[entries, 0], entry_from[entries, 1] = at, j
                        entries += 1
                if entries > entry_ptr[num]:
                    num += 1
    facility_ptr[-1] = num
    entry_ptr[num] = entries
    return num, entries


@inner
def _is_undercut(t, option, choice):
    """Whether another choice of the option is nowhere dearer and carries no less; of equals the first stays."""
    width = t.option_line_ptr[option + 1] - t.option_line_ptr[option]
    for other in range(t.choice_ptr[option], t.choice_ptr[option + 1]):
        if other == choice or t.floor_package[other] > t.floor_package[choice]:
            continue
        is_under, is_equal = True, t.floor_package[other] == t.floor_package[choice]
        for j in range(width):
            mine, its = t.floor_ptr[choice] + j, t.floor_ptr[other] + j
            is_under &= t.floor_unit[its] <= t.floor_unit[mine] and t.floor_quantity[its] >= t.floor_quantity[mine]
            is_equal &= t.floor_unit[its] == t.floor_unit[mine] and t.floor_quantity[its] == t.floor_quantity[mine]
        if is_under and (not is_equal or other < choice):
            return True
    return False


@inner
def gather(t, order, prices, residual, bounded):
    """An order's facilities at prices.

    `bounded`: nothing beyond `residual`, and no lines that must ship alone (they are left to the greedy cover).
    """
    first, num_lines = t.line_ptr[order], t.line_ptr[order + 1] - t.line_ptr[order]
    low, high = t.facility_ptr[order], t.facility_ptr[order + 1]
    base, size = t.entry_ptr[low], t.entry_ptr[high] - t.entry_ptr[low]
    fixed, start = np.empty(high - low), np.empty(high - low + 1, np.int64)
    line, owner = np.empty(size, np.int64), np.empty(size, np.int64)
    unit, quantity = np.empty(size), np.empty(size)
    counts = np.zeros(num_lines + 1, np.int64)
    for a in range(high - low):
        option = t.facility_option[low + a]
        drawn, of_line, each = draw_price(t, t.option_draw[option], prices)
        unit_room, is_open = np.int64(IMPOSSIBLE), True
        if bounded:
            line_room, unit_room = draw_room(t, t.option_draw[option], residual)
            is_open = line_room >= 1
        fixed[a] = float(t.floor_package[t.facility_choice[low + a]] + drawn) if is_open else NEVER
        start[a] = t.entry_ptr[low + a] - base
        for e in range(t.entry_ptr[low + a], t.entry_ptr[low + a + 1]):
            i, at, j = t.entry_line[e], t.entry_from[e, 0], t.entry_from[e, 1]
            supply = t.option_line_supply[j]
            most = t.floor_quantity[at]
            price = t.floor_unit[at] + each + supply_price(t, supply, prices) + of_line // t.line_quantity[first + i]
            if bounded:
                most = min(most, unit_room, supply_room(t, supply, residual))
            most -= most % t.line_step[first + i]
            if bounded and (not is_open or t.is_ship_alone[t.line_sku[first + i]]):
                most = np.int64(0)
            line[e - base], owner[e - base] = i, a
            unit[e - base], quantity[e - base] = float(price), float(most)
            if most > 0:
                counts[i + 1] += 1
    start[high - low] = size
    by_ptr = np.cumsum(counts)
    by_line = np.empty(by_ptr[num_lines], np.int64)
    filled = by_ptr[:num_lines].copy()
    for e in range(size):  # insertion by unit price, ties to the earlier facility
        if quantity[e] <= 0:
            continue
        i = line[e]
        at = filled[i]
        while at > by_ptr[i] and unit[by_line[at - 1]] > unit[e]:
            by_line[at] = by_line[at - 1]
            at -= 1
        by_line[at] = e
        filled[i] += 1
    return Facilities(fixed, start, line, unit, quantity, owner, by_ptr, by_line)
