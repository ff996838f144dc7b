# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""A good plan for an order too wide for exact pricing: greedy cover, two ways, at exact package costs.

Packages are added one by one. Each takes from one node all it can of what is still open, as far as that is cheaper than
leaving it unfilled; the next package is the one that costs least per unit of value covered. Value is once the unfilled
cost and once the dual value of the bound, and several choices are tried as the first package; the cheapest plan
counts. This limits
the plan only; the bound of such orders does not depend on it.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from splitship.engine.wide_bound import facilities
from splitship.engine.wide_exact import search_tree
from splitship.engine.wide_facilities import gather
from splitship.engine.wide_local import search_open
from splitship.engine.wide_values import climb, first_values, settle
from splitship.instance import IMPOSSIBLE
from splitship.instance.content_price import price_content
from splitship.instance.inner import inner

_DEAR = 10**12
DEAR = 1e12
_STARTS = 8
"""Choices tried as the first package when a plan is built (the bound and the passes go without)."""


@inner
def row_use(t, order, option, row, sign, use):
    """Add what a package of `option` with `row` steps by line uses of every resource."""
    first_line = t.line_ptr[order]
    if t.option_package_row[option] >= 0:
        use[t.option_package_row[option]] += sign
    if t.option_service_row[option] >= 0:
        use[t.option_service_row[option]] += sign
    for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
        line = t.option_line[j]
        units = row[line - first_line] * t.line_step[line]
        if units:
            if t.option_line_row[j] >= 0:
                use[t.option_line_row[j]] += sign * units
            if t.option_unit_row[option] >= 0:
                use[t.option_unit_row[option]] += sign * units


@inner
def row_price(t, order, option, row, prices):
    """Price of what `row_use` counts."""
    first_line = t.line_ptr[order]
    total = np.int64(0)
    if t.option_package_row[option] >= 0:
        total += prices[t.option_package_row[option]]
    if t.option_service_row[option] >= 0:
        total += prices[t.option_service_row[option]]
    for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
        line = t.option_line[j]
        units = row[line - first_line] * t.line_step[line]
        if t.option_line_row[j] >= 0:
            total += units * prices[t.option_line_row[j]]
        if t.option_unit_row[option] >= 0:
            total += units * prices[t.option_unit_row[option]]
    return total


@inner
def _load(t, order, option, choice, unit, quantity, left, worth, residual, bounded, alone, row):
    """Fill `row` with the steps that one package by `choice` should take; returns (value covered, floor cost of units).

    `alone`: the line (from 0) that ships alone in it, -1 for a package of lines that need not.
    """
    first_line = t.line_ptr[order]
    row[:] = 0
    weight_room = t.max_weight_ug[t.choice_service[choice]]
    last = t.choice_bracket_end[choice] - 1
    if not t.has_extra[last]:
        weight_room = min(weight_room, t.up_to_ug[last])
    unit_row = t.option_unit_row[option]
    unit_room = residual[unit_row] if bounded and unit_row >= 0 else np.int64(IMPOSSIBLE)
    covered, spent = 0.0, 0.0
    place = np.full(len(row), -1, np.int64)
    saving = np.full(len(row), IMPOSSIBLE, np.int64)
    for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
        i = t.option_line[j] - first_line
        if left[i] > 0 and quantity[i] > 0 and unit[i] < worth[i]:
            place[i], saving[i] = j, unit[i] - worth[i]
    for i in np.argsort(saving, kind="mergesort"):  # the dearest to leave behind first
        j = place[i]
        if j < 0:
            break
        line = t.option_line[j]
        sku, step = t.line_sku[line], t.line_step[line]
        if (alone >= 0 and i != alone) or (alone < 0 and t.is_ship_alone[sku]):
            continue
        steps = min(left[i], np.int64(t.option_line_radix[j] - 1))
        stock_row = t.option_line_row[j]
        if stock_row >= 0 and bounded:
            room = residual[stock_row]
            for k in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
                if t.option_line_row[k] == stock_row:
                    room -= row[t.option_line[k] - first_line] * t.line_step[t.option_line[k]]
            steps = min(steps, room // step)
        steps = min(steps, unit_room // step)
        each = t.weight_ug[sku] * step
        if each > 0:
            steps = min(steps, weight_room // each)
        if steps <= 0:
            continue
        row[i] = steps
        weight_room -= steps * each
        unit_room -= steps * step
        covered += float(steps * step) * worth[i]
        spent += float(steps * step) * unit[i]
    return covered, spent


@inner
def _halve_until_possible(t, order, option, row):
    """Shrink a content until the option has a price for it; returns its cost and choice position."""
    while True:
        cost, choice = price_content(t, option, row, t.line_ptr[order])
        if cost < IMPOSSIBLE:
            return cost, choice
        most = -1
        for i in range(len(row)):
            if row[i] > 0:
                most = i
        if most < 0:
            return np.int64(IMPOSSIBLE), np.int64(0)
        row[most] //= 2


@inner
def cover_order(
    t, order, fixed, unit, quantity, worth, prices, residual, bounded, max_packages, start, packages, out_option,
    out_choice, out_rows
):  # fmt: skip
    """Greedy cover on top of `packages` that are there; returns (packages, true cost, priced cost).

    What the packages there use is not in `residual`, and nothing is taken from it in the end. `start`: position of
    the choice that the first package must use, -1 for the best one.
    """
    first, end = t.line_ptr[order], t.line_ptr[order + 1]
    num_lines = end - first
    left = np.empty(num_lines, np.int64)
    for i in range(num_lines):
        left[i] = t.line_quantity[first + i] // t.line_step[first + i]
    row = np.zeros(num_lines, np.int64)
    cost, priced = np.int64(0), np.int64(0)
    for p in range(packages):
        left -= out_rows[p]
        price = price_content(t, out_option[p], out_rows[p], first)[0]
        cost += price
        priced += price + row_price(t, order, out_option[p], out_rows[p], prices)
        if bounded:
            row_use(t, order, out_option[p], out_rows[p], -1, residual)
    alone_lines = np.full(num_lines + 1, -1, np.int64)
    num_kinds = 1
    for i in range(num_lines):
        if t.is_ship_alone[t.line_sku[first + i]]:
            alone_lines[num_kinds] = i
            num_kinds += 1
    is_banned = np.zeros((len(fixed), num_kinds), np.bool_)
    while packages < max_packages:
        best_ratio, best_option, best_choice, best_a, best_kind, a = 1.0 - 1e-12, -1, -1, 0, 0, 0
        for option in range(t.option_ptr[order], t.option_ptr[order + 1]):
            is_open = True
            if bounded:
                if t.option_package_row[option] >= 0 and residual[t.option_package_row[option]] < 1:
                    is_open = False
                if t.option_service_row[option] >= 0 and residual[t.option_service_row[option]] < 1:
                    is_open = False
            for choice in range(t.choice_ptr[option], t.choice_ptr[option + 1]):
                if is_open and (packages > 0 or start < 0 or start == a):
                    for kind in range(num_kinds):
                        if is_banned[a, kind]:
                            continue
                        covered, spent = _load(
                            t, order, option, choice, unit[a], quantity[a], left, worth, residual, bounded,
                            alone_lines[kind], row,
                        )  # fmt: skip
                        if covered > 0:
                            ratio = (spent + fixed[a]) / covered
                            if ratio < best_ratio:
                                best_ratio, best_option, best_choice = ratio, option, choice
                                best_a, best_kind = a, kind
                a += 1
        if best_option < 0:
            break
        _load(
            t, order, best_option, best_choice, unit[best_a], quantity[best_a], left, worth, residual, bounded,
            alone_lines[best_kind], row,
        )  # fmt: skip
        price, position = _halve_until_possible(t, order, best_option, row)
        saved = np.int64(0)
        for i in range(num_lines):
            saved += row[i] * t.line_step[first + i] * t.unfilled_cost[first + i]
        if packages == 0:
            saved += t.split_cost
        is_useful = price < IMPOSSIBLE and row.sum() > 0
        if is_useful and not t.is_ship_complete[order]:
            is_useful = price + row_price(t, order, best_option, row, prices) < saved
        if not is_useful:
            is_banned[best_a, best_kind] = True
            continue
        out_option[packages], out_choice[packages] = best_option, position
        out_rows[packages] = row
        left -= row
        if bounded:
            row_use(t, order, best_option, row, -1, residual)
        cost += price
        priced += price + row_price(t, order, best_option, row, prices)
        packages += 1
    if bounded:
        for p in range(packages):
            row_use(t, order, out_option[p], out_rows[p], 1, residual)
    if t.is_ship_complete[order] and left.sum() > 0:
        packages, cost, priced = 0, np.int64(0), np.int64(0)
        for i in range(num_lines):
            left[i] = t.line_quantity[first + i] // t.line_step[first + i]
    for i in range(num_lines):
        missing = left[i] * t.line_step[first + i] * t.unfilled_cost[first + i]
        cost += missing
        priced += missing
    if packages:
        cost -= t.split_cost
        priced -= t.split_cost
    return packages, cost, priced


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
        price, choice = _halve_until_possible(t, order, option, row)
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
    unit_row = t.option_unit_row[option]
    for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
        i = t.option_line[j] - t.line_ptr[order]
        units = row[i] * t.line_step[t.option_line[j]]
        stock_row = t.option_line_row[j]
        is_over = stock_row >= 0 and residual[stock_row] < 0
        is_over |= unit_row >= 0 and residual[unit_row] < 0
        if units and is_over:
            if stock_row >= 0:
                residual[stock_row] += units
            if unit_row >= 0:
                residual[unit_row] += units
            row[i] = 0
            is_whole = False
    row_use(t, order, option, row, 1, residual)
    return is_whole


@inner
def _nothing_at_all(t, order):
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
    cost, priced, left = _cost_of(t, order, packages, out_option, out_rows, prices)
    if t.is_ship_complete[order] and left > 0:
        is_plain = False
    for i in range(num_lines):
        is_plain &= not t.is_ship_alone[t.line_sku[first + i]]
    if not is_plain:
        packages, cost, priced = _cover(
            t, order, packages, prices, residual, bounded, most, out_option, out_choice, out_rows
        )
    nothing = _nothing_at_all(t, order)
    if nothing <= priced:
        return 0, nothing, nothing
    return packages, cost, priced


@inner
def _cost_of(t, order, packages, options, rows, prices):
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
def _cover(t, order, packages, prices, residual, bounded, most, out_option, out_choice, out_rows):
    """The best of several greedy covers, one of them on top of the packages there; (packages, cost, priced)."""
    num_lines = t.line_ptr[order + 1] - t.line_ptr[order]
    first = t.line_ptr[order]
    num = t.choice_ptr[t.option_ptr[order + 1]] - t.choice_ptr[t.option_ptr[order]]
    fixed = np.empty(num, np.int64)
    unit = np.empty((num, num_lines), np.int64)
    unit[:, :] = IMPOSSIBLE
    quantity = np.empty((num, num_lines), np.int64)
    facilities(t, order, prices, fixed, unit, quantity)
    worth = np.empty(num_lines, np.int64)
    for i in range(num_lines):
        worth[i] = _DEAR if t.is_ship_complete[order] else t.unfilled_cost[first + i]
    best_packages, best_cost, best_priced = cover_order(
        t, order, fixed, unit, quantity, worth, prices, residual, bounded, most, -1, packages, out_option, out_choice,
        out_rows,
    )  # fmt: skip
    other_option, other_choice, other_rows = out_option.copy(), out_choice.copy(), out_rows.copy()
    starts = min(num, _STARTS) if bounded else 0
    for attempt in range(-1, starts):
        start = attempt * num // starts if attempt >= 0 else -1
        packages, cost, priced = cover_order(
            t, order, fixed, unit, quantity, worth, prices, residual, bounded, most, start, 0,
            other_option, other_choice, other_rows,
        )  # fmt: skip
        if priced < best_priced:
            best_packages, best_cost, best_priced = packages, cost, priced
            out_option[:], out_choice[:] = other_option, other_choice
            out_rows[:] = other_rows
    return best_packages, best_cost, best_priced


@inner
def true_cost(t, order, packages, options, rows):
    """Exact cost of an order's packages and of what they leave unfilled."""
    first, end = t.line_ptr[order], t.line_ptr[order + 1]
    total = np.int64(0)
    for p in range(packages):
        total += price_content(t, options[p], rows[p], first)[0]
    for i in range(end - first):
        left = t.line_quantity[first + i] // t.line_step[first + i]
        for p in range(packages):
            left -= rows[p, i]
        total += left * t.line_step[first + i] * t.unfilled_cost[first + i]
    return total - t.split_cost if packages else total


@njit(cache=True, nogil=True)
def price_wide_orders(
    t, orders, prices, steps, nodes, is_open, value, count, option, content, quantity, wide_ptr, cost, use, values,
    bounds,
):  # fmt: skip
    """Bound and plan each order at prices, supplies aside; returns the sum of the bounds.

    At most `steps` subgradient steps and `nodes` of branching an order. `is_open` [facilities] and `value` [lines]
    are what the last pass found and this one starts from. Fills plans, `cost` (priced) and `bounds` [orders], adds to
    `use` [rows], `values` [lines].
    """
    total = np.int64(0)
    for order in orders:
        first, end = t.line_ptr[order], t.line_ptr[order + 1]
        num_lines = end - first
        slots = t.slot_ptr[order + 1] - t.slot_ptr[order]
        rows = np.zeros((slots, num_lines), np.int64)
        out_option, out_choice = np.zeros(slots, np.int64), np.zeros(slots, np.int64)
        low, high = t.facility_ptr[order], t.facility_ptr[order + 1]
        f = gather(t, order, prices, prices, False)
        demand, worth = t.line_quantity[first:end].astype(np.float64), worth_of(t, order)
        target = search_open(f, demand, worth, min(t.max_packages[order], slots), is_open[low:high])
        if not value[first:end].any():
            value[first:end] = first_values(f, worth)
        climb(f, demand, worth, target, steps, value[first:end])
        mine = value[first:end].copy()
        bound = settle(f, demand, worth, mine)
        if nodes > 0:
            bound = search_tree(f, demand, worth, mine, nodes, target, is_open[low:high])[0]
        bound = min(float(_nothing_at_all(t, order)), bound - t.split_cost)
        bounds[order] = np.int64(bound)
        total += bounds[order]
        for i in range(num_lines):
            values[first + i] = np.int64(mine[i]) if mine[i] < DEAR else 0
        packages, _, priced = plan_order(
            t, order, f, demand, worth, is_open[low:high], prices, prices, False, out_option, out_choice, rows
        )
        cost[order] = priced
        put_plan(t, order, packages, out_option, out_choice, rows, count, option, content, quantity, wide_ptr)
        for p in range(packages):
            row_use(t, order, out_option[p], rows[p], 1, use)
    return total


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
    if is_thorough and search_open(f, demand, worth, most, other) < cost:
        is_open = other
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


@njit(cache=True, nogil=True)
def place_wide_orders(t, orders, prices, residual, is_open, count, option, content, quantity, wide_ptr):
    """Place orders one after the other on `residual`; returns their true cost."""
    total = np.int64(0)
    for order in orders:
        num_lines = t.line_ptr[order + 1] - t.line_ptr[order]
        slots = t.slot_ptr[order + 1] - t.slot_ptr[order]
        rows = np.zeros((slots, num_lines), np.int64)
        out_option, out_choice = np.zeros(slots, np.int64), np.zeros(slots, np.int64)
        low, high = t.facility_ptr[order], t.facility_ptr[order + 1]
        packages, cost, _ = plan_on_what_is_left(
            t, order, prices, residual, is_open[low:high], True, out_option, out_choice, rows
        )
        put_plan(t, order, packages, out_option, out_choice, rows, count, option, content, quantity, wide_ptr)
        for p in range(packages):
            row_use(t, order, out_option[p], rows[p], -1, residual)
        total += cost
    return total


@njit(cache=True, nogil=True)
def replace_wide_orders(t, orders, prices, residual, is_open, count, option, content, quantity, wide_ptr):
    """Take each order out of `residual` and put it back where that is better at prices; returns the change of cost."""
    total = np.int64(0)
    for order in orders:
        first, end = t.line_ptr[order], t.line_ptr[order + 1]
        num_lines = end - first
        slot, slots = t.slot_ptr[order], t.slot_ptr[order + 1] - t.slot_ptr[order]
        rows, old_rows = np.zeros((slots, num_lines), np.int64), np.zeros((slots, num_lines), np.int64)
        out_option, out_choice = np.zeros(slots, np.int64), np.zeros(slots, np.int64)
        low, high = t.facility_ptr[order], t.facility_ptr[order + 1]
        hint = np.zeros(high - low, np.bool_)
        for p in range(count[order]):
            base = wide_ptr[order] + p * num_lines
            for i in range(num_lines):
                old_rows[p, i] = quantity[base + i] // t.line_step[first + i]
            row_use(t, order, option[slot + p], old_rows[p], 1, residual)
            choice = t.choice_ptr[option[slot + p]] + content[slot + p]
            for a in range(high - low):
                if t.facility_choice[low + a] == choice:
                    hint[a] = True
        old_cost, old_priced, _ = _cost_of(t, order, count[order], option[slot : slot + slots], old_rows, prices)
        packages, cost, priced = plan_on_what_is_left(
            t, order, prices, residual, hint, True, out_option, out_choice, rows
        )
        if priced >= old_priced:
            for p in range(count[order]):
                row_use(t, order, option[slot + p], old_rows[p], -1, residual)
            continue
        put_plan(t, order, packages, out_option, out_choice, rows, count, option, content, quantity, wide_ptr)
        for p in range(packages):
            row_use(t, order, out_option[p], rows[p], -1, residual)
        total += cost - old_cost
    return total


@njit(cache=True, nogil=True)
def add_wide_use(t, orders, count, option, quantity, wide_ptr, use):
    """Add what the plans of wide orders use of every resource."""
    for order in orders:
        first, num_lines = t.line_ptr[order], t.line_ptr[order + 1] - t.line_ptr[order]
        row = np.zeros(num_lines, np.int64)
        for p in range(count[order]):
            base = wide_ptr[order] + p * num_lines
            for i in range(num_lines):
                row[i] = quantity[base + i] // t.line_step[first + i]
            row_use(t, order, option[t.slot_ptr[order] + p], row, 1, use)
