# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Units of one SKU between the packages that are there: a minimum cost flow over the places that have it.

With the packages of all wide orders given, units of a SKU can leave one package for another of the same order at the
price of both nodes alone. A unit that finds no stock at a node can so push out another order's unit, which goes where
that one is cheapest, and so on: a shortest path between places. Cycles and paths of negative cost are cancelled until
none is left (Klein 1967, doi 10.1287/mnsc.14.3.205).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from splitship.instance import IMPOSSIBLE
from splitship.instance.content_price import price_content
from splitship.instance.draws import add_supply
from splitship.instance.inner import inner, spliced
from splitship.units import I32, I64, Bools

FAR = 1 << 56
"""Cost of a way that is not there, in micros."""


class Flows(NamedTuple):
    """The plan of the wide orders as it is being changed, with what the search for flows needs.

    `packages` (their number), `option`, `content`, `quantity`, `wide_ptr` are those of an assignment, `residual` [rows]
    is what it leaves, `unfilled` [lines] units, `cost` [orders] true costs. Cell c (one of `quantity`)
    is of line `cell_line[c]`, costs `floor_unit[cell_at[c]]` a unit (-1: the package cannot hold the line) and takes
    from supply `cell_row[c]` (as in the instance's option lines; a row, but for lines that are not parted).
    The rows of stock lie by SKU, `sku_row[row_ptr[k]:row_ptr[k + 1]]`: these are the places of the SKU, `place[r]` is
    that of row r. One more place is outside: unfilled units, and stock that cannot run out.

    Users of a place are the cells that have units there, as a list: `head[r]` for row r, `head[rows + k]` outside SKU
    k, `after` and `before` for the others; cell number cells + l stands for the unfilled units of line l. Only lines
    that can be parted (`is_parted`) are in lists.

    For SKU k with n places, `way[way_ptr[k] + m * n + g]` is the least cost of moving one unit from m to g, `by` the
    cell that it leaves and `to` the one that it joins; `free[free_ptr[k] + m]` is the least cost of freeing a unit at
    m, by moving one on to `follow` (-1: one is free). `is_dirty` (by heads): ways from there have to be found again;
    `is_changed` [SKUs]: so have `free` and `follow`. `log[:log_size[0]]` are moves (cell, cell, units).
    """

    packages: I64
    option: I64
    content: I64
    quantity: I64
    wide_ptr: I64
    residual: I64
    unfilled: I64
    cost: I64
    cell_line: I32
    cell_at: I32
    cell_row: I32
    line_order: I64
    is_parted: Bools
    row_ptr: I64
    sku_row: I64
    place: I64
    head: I32
    after: I32
    before: I32
    way_ptr: I64
    way: I64
    by: I32
    to: I32
    free_ptr: I64
    free: I64
    follow: I64
    is_dirty: Bools
    is_changed: Bools
    log: I64
    log_size: I64
    room: I64
    price: I64
    stamp: I64
    new_cost: I64


@spliced
def slot_of(t, s, order, cell):
    """The package slot of a cell, -1 for unfilled units."""
    if cell >= len(s.quantity):
        return np.int64(-1)
    return (cell - s.wide_ptr[order]) // (t.line_ptr[order + 1] - t.line_ptr[order])


@spliced
def _head_of(t, s, cell):
    """The list in which a cell with units is."""
    num = len(s.quantity)
    if cell < num and s.cell_row[cell] >= 0:
        return np.int64(s.cell_row[cell])
    line = cell - num if cell >= num else np.int64(s.cell_line[cell])
    return len(s.residual) + t.line_sku[line]


@spliced
def _link(s, head, cell):
    first = s.head[head]
    s.after[cell], s.before[cell] = first, -1
    if first >= 0:
        s.before[first] = cell
    s.head[head] = cell


@spliced
def _unlink(s, head, cell):
    after, before = s.after[cell], s.before[cell]
    if after >= 0:
        s.before[after] = before
    if before >= 0:
        s.after[before] = after
    else:
        s.head[head] = after


@spliced
def _offer_ways(t, s, sku, m, cell):
    """Take the ways of one user of a place where they are cheaper than those found."""
    num, num_cells = s.row_ptr[sku + 1] - s.row_ptr[sku], len(s.quantity)
    base, free = s.way_ptr[sku] + m * (num + 1), s.free_ptr[sku]
    line = cell - num_cells if cell >= num_cells else np.int64(s.cell_line[cell])
    order = s.line_order[line]
    width, i = t.line_ptr[order + 1] - t.line_ptr[order], line - t.line_ptr[order]
    cost = t.unfilled_cost[line] if cell >= num_cells else t.floor_unit[s.cell_at[cell]]
    if m != num and not t.is_ship_complete[order] and t.unfilled_cost[line] - cost < s.way[base + num]:
        s.way[base + num] = t.unfilled_cost[line] - cost
        s.by[base + num], s.to[base + num] = cell, num_cells + line
        s.is_changed[sku] |= s.way[base + num] + s.free[free + num] < s.free[free + m]
    for p in range(s.packages[order]):
        other = s.wide_ptr[order] + p * width + i
        at = s.cell_at[other]
        if at < 0 or s.quantity[other] >= t.floor_quantity[at]:
            continue
        row = s.cell_row[other]
        g = s.place[row] if row >= 0 else num
        if g != m and t.floor_unit[at] - cost < s.way[base + g]:
            s.way[base + g] = t.floor_unit[at] - cost
            s.by[base + g], s.to[base + g] = cell, other
            s.is_changed[sku] |= s.way[base + g] + s.free[free + g] < s.free[free + m]


@spliced
def _withdraw_ways(s, sku, m, cell):
    """A cell no longer has units at a place (as `by`) or room for more (as `to`)."""
    num = s.row_ptr[sku + 1] - s.row_ptr[sku]
    base = s.way_ptr[sku] + m * (num + 1)
    for g in range(base, base + num + 1):
        if s.way[g] < FAR and (s.by[g] == cell or s.to[g] == cell):
            s.is_dirty[s.sku_row[s.row_ptr[sku] + m] if m < num else len(s.residual) + sku] = True
            s.is_changed[sku] = True
            return


@inner
def mark_line(t, s, line, but):
    """The ways of a line's units have to be found again, but for those of one cell."""
    order = s.line_order[line]
    width, i = t.line_ptr[order + 1] - t.line_ptr[order], line - t.line_ptr[order]
    s.is_changed[t.line_sku[line]] = True
    if s.unfilled[line] > 0 and but != len(s.quantity) + line:
        s.is_dirty[len(s.residual) + t.line_sku[line]] = True
    for p in range(s.packages[order]):
        cell = s.wide_ptr[order] + p * width + i
        if s.quantity[cell] > 0 and cell != but:
            s.is_dirty[_head_of(t, s, cell)] = True


@inner
def add_units(t, s, cell, units):
    """Add units (less than none: take away) to a cell, with what they use."""
    num = len(s.quantity)
    if cell >= num:
        line = cell - num
        old = s.unfilled[line]
        s.unfilled[line] += units
        new = s.unfilled[line]
    else:
        line = np.int64(s.cell_line[cell])
        old = s.quantity[cell]
        s.quantity[cell] += units
        new = s.quantity[cell]
        row = np.int64(s.cell_row[cell])
        if row >= t.num_rows:
            add_supply(t, row, -units, s.residual)
        elif row >= 0:
            was = s.residual[row]
            s.residual[row] -= units
            if (was > 0) != (s.residual[row] > 0):
                s.is_changed[t.line_sku[line]] = True
        order = s.line_order[line]
        lines = np.int64(new > 0) - np.int64(old > 0)
        draw = t.option_draw[s.option[t.slot_ptr[order] + slot_of(t, s, order, cell)]]
        for k in range(t.draw_ptr[draw], t.draw_ptr[draw + 1]):
            s.residual[t.draw_row[k]] -= t.draw_unit[k] * units + t.draw_line[k] * lines
    if not s.is_parted[line]:
        return
    if (old > 0) != (new > 0):
        head, sku = _head_of(t, s, cell), t.line_sku[line]
        m = s.place[head] if head < len(s.residual) else s.row_ptr[sku + 1] - s.row_ptr[sku]
        if new > 0:
            _link(s, head, cell)
            if not s.is_dirty[head]:
                _offer_ways(t, s, sku, m, cell)
        else:
            _unlink(s, head, cell)
            if not s.is_dirty[head]:
                _withdraw_ways(s, sku, m, cell)
    if cell < num and s.cell_at[cell] >= 0:
        most = t.floor_quantity[s.cell_at[cell]]
        if (old >= most) != (new >= most):
            mark_line(t, s, line, cell)


@inner
def fill_cells(t, s, order, slot):
    """Note what lines cost in a package, from its option and choice; nothing is in it yet."""
    first, width = t.line_ptr[order], t.line_ptr[order + 1] - t.line_ptr[order]
    base = s.wide_ptr[order] + slot * width
    s.cell_at[base : base + width] = -1
    option = s.option[t.slot_ptr[order] + slot]
    choice = t.choice_ptr[option] + s.content[t.slot_ptr[order] + slot]
    begin = t.option_line_ptr[option]
    for j in range(begin, t.option_line_ptr[option + 1]):
        cell, at = base + t.option_line[j] - first, t.floor_ptr[choice] + j - begin
        s.cell_row[cell] = t.option_line_supply[j]
        if t.floor_quantity[at] > 0:
            s.cell_at[cell] = at


@inner
def _fill_ways(t, s, sku, m):
    """Find the ways from one place of a SKU again."""
    num = s.row_ptr[sku + 1] - s.row_ptr[sku]
    base = s.way_ptr[sku] + m * (num + 1)
    s.way[base : base + num + 1] = FAR
    head = s.sku_row[s.row_ptr[sku] + m] if m < num else len(s.residual) + sku
    cell = s.head[head]
    while cell >= 0:
        _offer_ways(t, s, sku, m, cell)
        cell = s.after[cell]


@inner
def _find_paths(t, s, sku):
    """Fill `free` and `follow`; returns a place on a cycle of negative cost, -1 without one."""
    num = s.row_ptr[sku + 1] - s.row_ptr[sku]
    way, base = s.way[s.way_ptr[sku] : s.way_ptr[sku + 1]], s.free_ptr[sku]
    free, follow = s.free[base : base + num + 1], s.follow[base : base + num + 1]
    for m in range(num + 1):
        is_there = m == num or s.residual[s.sku_row[s.row_ptr[sku] + m]] > 0
        free[m], follow[m] = 0 if is_there else FAR, -1
    fresh, later, begun = np.empty(num + 1, np.int64), np.empty(num + 1, np.int64), free.copy()
    size = 0
    for m in range(num + 1):  # the first step of every path: a plain minimum, which the processor does by fours
        row = way[m * (num + 1) : (m + 1) * (num + 1)]
        lowest = np.int64(FAR // 2)
        for g in range(num + 1):
            lowest = min(lowest, row[g] + begun[g])
        if lowest < min(free[m], FAR // 2):
            g = 0
            while row[g] + begun[g] != lowest:
                g += 1
            free[m], follow[m] = lowest, g
        if free[m] < begun[m]:
            fresh[size] = m
            size += 1
    at = _cycle_from(follow, fresh, size)
    if at >= 0:
        return at
    for _ in range(num + 2):
        if size == 0:
            return -1
        moved = 0
        for m in range(num + 1):
            least, best = min(free[m], FAR // 2), -1
            for k in range(size):
                cost = way[m * (num + 1) + fresh[k]] + free[fresh[k]]
                if cost < least:
                    least, best = cost, fresh[k]
            if best >= 0:
                free[m], follow[m] = least, best
                later[moved] = m
                moved += 1
        size = moved
        fresh, later = later, fresh
        at = _cycle_from(follow, fresh, size)
        if at >= 0:
            return at
    return -1


@inner
def _cycle_from(follow, places, size):
    """A place on a cycle that one of the first `size` places leads to, -1 when all come to an end."""
    for k in range(size):
        at = places[k]
        for _ in range(len(follow)):
            at = follow[at]
            if at < 0:
                break
        if at >= 0:
            return at
    return np.int64(-1)


@inner
def units_left(t, s, option):
    """How many units more the capacity allows in a package of an option that is there."""
    draw, units = t.option_draw[option], np.int64(FAR)
    for k in range(t.draw_ptr[draw], t.draw_ptr[draw + 1]):
        if t.draw_unit[k] > 0:
            units = min(units, s.residual[t.draw_row[k]] // t.draw_unit[k])
    return units


@inner
def use_package(t, s, option, sign):
    """Take (sign 1) or give back (-1) what a package takes by itself, without lines and units."""
    draw = t.option_draw[option]
    for k in range(t.draw_ptr[draw], t.draw_ptr[draw + 1]):
        s.residual[t.draw_row[k]] -= sign * t.draw_package[k]


@inner
def push_units(t, s, sku, start, is_cycle, most):
    """Send up to `most` units from a place on the ways that `follow` tells; returns how many went."""
    num, num_cells = s.row_ptr[sku + 1] - s.row_ptr[sku], len(s.quantity)
    if len(s.log) - s.log_size[0] <= num + 1:
        return np.int64(0)
    base = s.free_ptr[sku]
    units, at, last = most, start, np.int64(-1)
    while True:
        to = s.follow[base + at]
        if to < 0:
            break
        way = s.way_ptr[sku] + at * (num + 1) + to
        source, target = np.int64(s.by[way]), np.int64(s.to[way])
        units = min(units, s.quantity[source] if source < num_cells else s.unfilled[source - num_cells])
        if target < num_cells:
            units = min(units, t.floor_quantity[s.cell_at[target]] - s.quantity[target])
        at, last = to, target
        if is_cycle and at == start:
            break
    if not is_cycle:
        if at < num:
            units = min(units, s.residual[s.sku_row[s.row_ptr[sku] + at]])
        if 0 <= last < num_cells:
            order = s.line_order[s.cell_line[last]]
            units = min(units, units_left(t, s, s.option[t.slot_ptr[order] + slot_of(t, s, order, last)]))
    if units <= 0:
        return np.int64(0)
    at = start
    while True:
        to = s.follow[base + at]
        if to < 0:
            break
        way = s.way_ptr[sku] + at * (num + 1) + to
        source, target = np.int64(s.by[way]), np.int64(s.to[way])
        add_units(t, s, source, -units)
        add_units(t, s, target, units)
        e = s.log_size[0]
        s.log[e, 0], s.log[e, 1], s.log[e, 2] = source, target, units
        s.log_size[0] += 1
        at = to
        if is_cycle and at == start:
            break
    return units


@inner
def improve_sku(t, s, sku):
    """Move units of one SKU until no path or cycle lowers the cost; `way`, `free` and `follow` are then as it is."""
    num = s.row_ptr[sku + 1] - s.row_ptr[sku]
    while s.is_changed[sku]:
        for m in range(num + 1):
            head = s.sku_row[s.row_ptr[sku] + m] if m < num else len(s.residual) + sku
            if s.is_dirty[head]:
                _fill_ways(t, s, sku, m)
                s.is_dirty[head] = False
        s.is_changed[sku] = False
        at = _find_paths(t, s, sku)
        is_cycle = at >= 0
        if not is_cycle:
            base = s.free_ptr[sku]
            at = np.argmin(s.free[base : base + num + 1])
            if s.free[base + at] >= 0:
                break
        if push_units(t, s, sku, at, is_cycle, FAR) == 0:
            break
        s.is_changed[sku] = True


@inner
def order_cost(t, s, order):
    """True cost of an order's plan as it is now, IMPOSSIBLE when a package is; empty packages cost nothing."""
    first, width = t.line_ptr[order], t.line_ptr[order + 1] - t.line_ptr[order]
    row = np.zeros(width, np.int64)
    total, shipped, missing = np.int64(0), 0, np.int64(0)
    for p in range(s.packages[order]):
        base, units = s.wide_ptr[order] + p * width, np.int64(0)
        for i in range(width):
            units += s.quantity[base + i]
            row[i] = s.quantity[base + i] // t.line_step[first + i]
        if units == 0:
            continue
        price = price_content(t, s.option[t.slot_ptr[order] + p], row, first)[0]
        if price >= IMPOSSIBLE:
            return np.int64(IMPOSSIBLE)
        total += price
        shipped += 1
    for i in range(width):
        total += s.unfilled[first + i] * t.unfilled_cost[first + i]
        missing += s.unfilled[first + i]
    if shipped and t.is_ship_complete[order] and missing:
        return np.int64(IMPOSSIBLE)
    return total - t.refund[order] if shipped else total


@inner
def tidy_order(t, s, order):
    """Drop empty packages of an order and note choices and cells of the others."""
    first, width = t.line_ptr[order], t.line_ptr[order + 1] - t.line_ptr[order]
    slot, base = t.slot_ptr[order], s.wide_ptr[order]
    row = np.zeros(width, np.int64)
    kept, is_new = 0, False
    for p in range(s.packages[order]):
        units = np.int64(0)
        for i in range(width):
            units += s.quantity[base + p * width + i]
            row[i] = s.quantity[base + p * width + i] // t.line_step[first + i]
        option = s.option[slot + p]
        if units == 0:
            is_new = True
            use_package(t, s, option, -1)
            continue
        choice = price_content(t, option, row, first)[1]
        if kept != p or choice != s.content[slot + p]:
            is_new = True
            for i in range(width):
                if row[i] > 0:
                    add_units(t, s, base + p * width + i, -row[i] * t.line_step[first + i])
            s.option[slot + kept], s.content[slot + kept] = option, choice
            s.quantity[base + kept * width : base + (kept + 1) * width] = 0
            fill_cells(t, s, order, kept)
            for i in range(width):
                if row[i] > 0:
                    add_units(t, s, base + kept * width + i, row[i] * t.line_step[first + i])
        kept += 1
    s.packages[order] = kept
    if is_new:
        for line in range(first, first + width):
            if s.is_parted[line]:
                mark_line(t, s, line, -1)
