# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""A plan for one wide order: packages at exact costs from the facilities that it should open.

This limits the plan only; the bound of such orders does not depend on it.
"""

from __future__ import annotations

import numpy as np

from splitship.engine.wide_cover import halve_until_possible, row_price, row_use, true_cost, try_covers
from splitship.engine.wide_facilities import gather
from splitship.engine.wide_local import search_open
from splitship.instance import IMPOSSIBLE
from splitship.instance.draws import add_supply, is_over_drawn, supply_room
from splitship.instance.inner import inner

DEAR = 1e12
"""What a unit of a ship-complete order is worth, in micros."""


@inner
def _pack(t, order, f, demand, worth, is_open, residual, bounded, slots, out_option, out_choice, out_rows):
    """Packages from open facilities; returns (packages, whether everything went in as it was meant to)."""
    fixed, unit, quantity, owner, by_ptr, by_line = f.fixed, f.unit, f.quantity, f.owner, f.by_ptr, f.by_line
    first, num_lines = t.line_ptr[order], len(demand)
    slot_of, packages, is_plain = np.full(len(fixed), -1, np.int64), 0, True
    for a in range(len(fixed)):
        if is_open[a] and packages < slots:
            slot_of[a] = packages
            out_option[packages] = t.facility_option[t.facility_ptr[order] + a]
            out_rows[packages] = 0
            packages += 1
    for i in range(num_lines):
        left, step = np.int64(demand[i]), t.line_step[first + i]
        for k in range(by_ptr[i], by_ptr[i + 1]):
            e = by_line[k]
            if left <= 0 or unit[e] >= worth[i]:
                break
            p = slot_of[owner[e]]
            if p >= 0:
                steps = min(left, np.int64(quantity[e])) // step
                out_rows[p, i] = steps
                left -= steps * step
    kept = 0
    for p in range(packages):
        option, row = out_option[p], out_rows[p]
        if row.sum() == 0:
            continue
        if bounded:
            is_plain &= _clamp(t, order, option, row, residual)
        wanted = row.sum()
        price, choice = halve_until_possible(t, order, option, row)
        is_plain &= row.sum() == wanted
        if price >= IMPOSSIBLE or row.sum() == 0:
            continue
        if bounded:
            row_use(t, order, option, row, -1, residual)
        out_option[kept], out_choice[kept] = option, choice
        out_rows[kept] = row
        kept += 1
    if bounded:
        for p in range(kept):
            row_use(t, order, out_option[p], out_rows[p], 1, residual)
    return kept, is_plain


@inner
def _clamp(t, order, option, row, residual):
    """Leave out lines that do not fit into what is left together; whether all did."""
    row_use(t, order, option, row, -1, residual)
    is_whole = True
    draw = t.option_draw[option]
    for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
        i = t.option_line[j] - t.line_ptr[order]
        units = row[i] * t.line_step[t.option_line[j]]
        supply = t.option_line_supply[j]
        if units and (supply_room(t, supply, residual) < 0 or is_over_drawn(t, option, residual)):
            add_supply(t, supply, units, residual)
            for k in range(t.draw_ptr[draw], t.draw_ptr[draw + 1]):
                residual[t.draw_row[k]] += t.draw_line[k] + t.draw_unit[k] * units
            row[i] = 0
            is_whole = False
    row_use(t, order, option, row, 1, residual)
    return is_whole


@inner
def cost_of_nothing(t, order):
    """What an order costs when nothing of it ships, in micros."""
    total = np.int64(0)
    for line in range(t.line_ptr[order], t.line_ptr[order + 1]):
        total += t.line_quantity[line] * t.unfilled_cost[line]
    return total


@inner
def worth_of(t, order):
    """What a unit of each line is worth at most, in micros [lines]."""
    first, num_lines = t.line_ptr[order], t.line_ptr[order + 1] - t.line_ptr[order]
    worth = np.empty(num_lines)
    for i in range(num_lines):
        worth[i] = DEAR if t.is_ship_complete[order] else float(t.unfilled_cost[first + i])
    return worth


@inner
def plan_order(t, order, f, demand, worth, is_open, prices, residual, bounded, out_option, out_choice, out_rows):
    """A plan of one wide order at prices from facilities to open: (packages, true cost, priced cost).

    `out_*` [slots] get the packages, `out_rows` their steps by line. Where they cannot be packed as they are meant
    to (too heavy, lines that ship alone), a greedy cover completes them, and other covers are tried too.
    """
    first, num_lines = t.line_ptr[order], len(demand)
    most = min(t.max_packages[order], len(out_option))
    packages, is_plain = _pack(
        t, order, f, demand, worth, is_open, residual, bounded, most, out_option, out_choice, out_rows
    )
    cost, priced, left = cost_of_order(t, order, packages, out_option, out_rows, prices)
    if t.is_ship_complete[order] and left > 0:
        is_plain = False
    for i in range(num_lines):
        is_plain &= not t.is_ship_alone[t.line_sku[first + i]]
    if not is_plain:
        packages, cost, priced = try_covers(
            t, order, packages, prices, residual, bounded, most, out_option, out_choice, out_rows
        )
    nothing = cost_of_nothing(t, order)
    if nothing <= priced:
        return 0, nothing, nothing
    return packages, cost, priced


@inner
def cost_of_order(t, order, packages, options, rows, prices):
    """True cost, priced cost and steps left of an order's packages."""
    first, num_lines = t.line_ptr[order], t.line_ptr[order + 1] - t.line_ptr[order]
    cost = true_cost(t, order, packages, options, rows)
    priced = cost
    left = np.int64(0)
    for i in range(num_lines):
        left += t.line_quantity[first + i] // t.line_step[first + i]
    for p in range(packages):
        priced += row_price(t, order, options[p], rows[p], prices)
        left -= rows[p].sum()
    return cost, priced, left


@inner
def put_plan(t, order, packages, options, choices, rows, count, option, content, quantity, wide_ptr):
    """Write an order's packages into an assignment."""
    first, num_lines = t.line_ptr[order], t.line_ptr[order + 1] - t.line_ptr[order]
    count[order] = packages
    for p in range(packages):
        option[t.slot_ptr[order] + p], content[t.slot_ptr[order] + p] = options[p], choices[p]
        base = wide_ptr[order] + p * num_lines
        for i in range(num_lines):
            quantity[base + i] = rows[p, i] * t.line_step[first + i]


@inner
def plan_on_what_is_left(t, order, prices, residual, hint, is_thorough, out_option, out_choice, rows):
    """Plan an order on `residual`, from the hint and, if thorough, from nothing open; (packages, cost, priced)."""
    first, end = t.line_ptr[order], t.line_ptr[order + 1]
    f = gather(t, order, prices, residual, True)
    demand, worth = t.line_quantity[first:end].astype(np.float64), worth_of(t, order)
    most = min(t.max_packages[order], len(out_option))
    is_open, other = hint.copy(), np.zeros(len(hint), np.bool_)
    cost = search_open(f, demand, worth, most, is_open)
    if is_thorough:
        least = search_open(f, demand, worth, most, other)
        if least < cost:
            cost, is_open = least, other
        if len(t.option_line_unit_cost):
            # a node with and without the lines that a rule charges: from all of them open, the dear one closes
            every = np.ones(len(hint), np.bool_)
            if search_open(f, demand, worth, most, every) < cost:
                is_open = every
    return plan_order(t, order, f, demand, worth, is_open, prices, residual, True, out_option, out_choice, rows)


@inner
def lift_order(t, order, count, option, quantity, wide_ptr, residual, rows):
    """Give back to `residual` what an order's packages use, fill `rows` [slots, lines] with their steps; its cost."""
    first, num_lines = t.line_ptr[order], t.line_ptr[order + 1] - t.line_ptr[order]
    slot = t.slot_ptr[order]
    for p in range(count[order]):
        base = wide_ptr[order] + p * num_lines
        for i in range(num_lines):
            rows[p, i] = quantity[base + i] // t.line_step[first + i]
        row_use(t, order, option[slot + p], rows[p], 1, residual)
    return true_cost(t, order, count[order], option[slot : t.slot_ptr[order + 1]], rows)
