# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Greedy cover for wide orders: packages one by one at exact costs, where what was planned cannot be packed.

Each package takes from one node all it can of what is still open, as far as that is cheaper than leaving it unfilled;
the next one is that which costs least per unit of value covered. Several choices are tried as the first package; the
cheapest plan counts.
"""

from __future__ import annotations

import numpy as np

from splitship.engine.wide_bound import facilities
from splitship.instance import IMPOSSIBLE
from splitship.instance.content_price import price_content
from splitship.instance.draws import add_draw, add_supply, draw_price, draw_room, supply_price, supply_room
from splitship.instance.inner import inner

_DEAR = 10**12
_STARTS = 8
"""Choices tried as the first package when a plan is built (price passes go without)."""


@inner
def row_use(t, order, option, row, sign, use):
    """Add what a package of `option` with `row` steps by line uses of every resource."""
    first_line = t.line_ptr[order]
    lines, all_units = np.int64(0), np.int64(0)
    for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
        line = t.option_line[j]
        units = row[line - first_line] * t.line_step[line]
        if units:
            add_supply(t, t.option_line_supply[j], sign * units, use)
            lines += 1
            all_units += units
    add_draw(t, option, lines, all_units, sign, use)


@inner
def row_price(t, order, option, row, prices):
    """Price of what `row_use` counts."""
    first_line = t.line_ptr[order]
    total, of_line, each = draw_price(t, t.option_draw[option], prices)
    for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
        line = t.option_line[j]
        units = row[line - first_line] * t.line_step[line]
        if units:
            total += of_line + units * (each + supply_price(t, t.option_line_supply[j], prices))
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
    line_room, unit_room = np.int64(IMPOSSIBLE), np.int64(IMPOSSIBLE)
    if bounded:
        line_room, unit_room = draw_room(t, t.option_draw[option], residual)
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
        if line_room < 1:
            break
        supply = t.option_line_supply[j]
        if supply >= 0 and bounded:
            room = supply_room(t, supply, residual)
            for k in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
                if t.option_line_supply[k] == supply:
                    room -= row[t.option_line[k] - first_line] * t.line_step[t.option_line[k]]
            steps = min(steps, room // step)
        steps = min(steps, unit_room // step)
        each = t.weight_ug[sku] * step
        if each > 0:
            steps = min(steps, weight_room // each)
        if steps <= 0:
            continue
        row[i] = steps
        line_room -= 1
        weight_room -= steps * each
        unit_room -= steps * step
        covered += float(steps * step) * worth[i]
        spent += float(steps * step) * unit[i]
    return covered, spent


@inner
def halve_until_possible(t, order, option, row):
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
            is_open = not bounded or draw_room(t, t.option_draw[option], residual)[0] >= 1
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
        price, position = halve_until_possible(t, order, best_option, row)
        saved = np.int64(0)
        for i in range(num_lines):
            saved += row[i] * t.line_step[first + i] * t.unfilled_cost[first + i]
        if packages == 0:
            saved += t.refund[order]
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
        cost -= t.refund[order]
        priced -= t.refund[order]
    return packages, cost, priced


@inner
def try_covers(t, order, packages, prices, residual, bounded, most, out_option, out_choice, out_rows):
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
    return total - t.refund[order] if packages else total
