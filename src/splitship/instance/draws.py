# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""What packages take of shared resources, and what that costs at prices: the one place where kernels look it up.

`t` is any tuple of arrays with the names of `Instance`, and those of `Draws` with `draw_` in front (its supplies keep
their names); `t.num_rows` is the number of resources.
"""

from __future__ import annotations

import numpy as np

from splitship.instance.inner import spliced
from splitship.instance.model import IMPOSSIBLE


@spliced
def draw_price(t, draw, prices):
    """Price of a package of a draw, of each line in it and of each unit, stock apart."""
    package, line, unit = np.int64(0), np.int64(0), np.int64(0)
    for k in range(t.draw_ptr[draw], t.draw_ptr[draw + 1]):
        price = prices[t.draw_row[k]]
        package += price * t.draw_package[k]
        line += price * t.draw_line[k]
        unit += price * t.draw_unit[k]
    return package, line, unit


@spliced
def draw_room(t, draw, residual):
    """How many lines and how many units a package of a draw can hold within `residual`; 0 lines where none fits."""
    lines, units = np.int64(IMPOSSIBLE), np.int64(IMPOSSIBLE)
    for k in range(t.draw_ptr[draw], t.draw_ptr[draw + 1]):
        left = residual[t.draw_row[k]] - t.draw_package[k]
        if left < 0:
            lines, units = np.int64(0), np.int64(0)
        elif t.draw_unit[k] > 0:
            units = min(units, left // t.draw_unit[k])
        elif t.draw_line[k] > 0:
            lines = min(lines, left // t.draw_line[k])
    if units < 1:
        lines = np.int64(0)
    return lines, units


@spliced
def draw_unit_room(t, draw, residual):
    """An upper limit on units for a package of a draw within `residual`, also for one that is open already."""
    units = np.int64(IMPOSSIBLE)
    for k in range(t.draw_ptr[draw], t.draw_ptr[draw + 1]):
        if t.draw_unit[k] > 0:
            units = min(units, max(residual[t.draw_row[k]], np.int64(0)) // t.draw_unit[k])
    return units


@spliced
def add_draw(t, option, lines, units, sign, use):
    """Add (sign 1) or take back (-1) what a package with so many lines and units takes, stock apart."""
    draw = t.option_draw[option]
    for k in range(t.draw_ptr[draw], t.draw_ptr[draw + 1]):
        use[t.draw_row[k]] += sign * (t.draw_package[k] + t.draw_line[k] * lines + t.draw_unit[k] * units)


@spliced
def is_over_drawn(t, option, residual):
    """Whether a resource that packages of an option draw on, stock apart, has less than nothing left."""
    draw, is_over = t.option_draw[option], False
    for k in range(t.draw_ptr[draw], t.draw_ptr[draw + 1]):
        is_over |= residual[t.draw_row[k]] < 0
    return is_over


@spliced
def supply_price(t, supply, prices):
    """Price of a unit of a supply; 0 for -1."""
    if supply < t.num_rows:
        return prices[supply] if supply >= 0 else np.int64(0)
    total = np.int64(0)
    for k in range(t.supply_ptr[supply - t.num_rows], t.supply_ptr[supply - t.num_rows + 1]):
        total += prices[t.supply_row[k]]
    return total


@spliced
def supply_room(t, supply, residual):
    """Units that a supply has left; IMPOSSIBLE (no limit) for -1."""
    if supply < t.num_rows:
        return residual[supply] if supply >= 0 else np.int64(IMPOSSIBLE)
    room = np.int64(IMPOSSIBLE)
    for k in range(t.supply_ptr[supply - t.num_rows], t.supply_ptr[supply - t.num_rows + 1]):
        room = min(room, residual[t.supply_row[k]])
    return room


@spliced
def takes_of(t, supply, row):
    """Whether a unit of a supply takes one of a row."""
    if supply < t.num_rows:
        return supply == row
    is_in = False
    for k in range(t.supply_ptr[supply - t.num_rows], t.supply_ptr[supply - t.num_rows + 1]):
        is_in |= t.supply_row[k] == row
    return is_in


@spliced
def overlaps(t, one, other):
    """Whether units of two supplies take of a row in common."""
    if one < t.num_rows:
        return one >= 0 and takes_of(t, other, one)
    is_shared = False
    for k in range(t.supply_ptr[one - t.num_rows], t.supply_ptr[one - t.num_rows + 1]):
        is_shared |= takes_of(t, other, t.supply_row[k])
    return is_shared


@spliced
def add_supply(t, supply, units, use):
    """Add so many units (negative: take back) to what is used of a supply."""
    if supply < t.num_rows:
        if supply >= 0:
            use[supply] += units
        return
    for k in range(t.supply_ptr[supply - t.num_rows], t.supply_ptr[supply - t.num_rows + 1]):
        use[t.supply_row[k]] += units
