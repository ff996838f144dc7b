# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Orders planned again where others make room: units of single lines move on between packages that are there."""

from __future__ import annotations

import numpy as np
from numba import njit

from splitship.engine.wide_facilities import gather
from splitship.engine.wide_flow import (
    FAR,
    add_units,
    fill_cells,
    improve_sku,
    order_cost,
    push_units,
    tidy_order,
    units_left,
    use_package,
)
from splitship.engine.wide_plan import plan_order, worth_of
from splitship.engine.wide_swap import swap_open
from splitship.instance import IMPOSSIBLE
from splitship.instance.draws import is_over_drawn, supply_room
from splitship.instance.inner import inner


@njit(cache=True, nogil=True)
def start_flows(t, s, orders):
    """Fill cells, lists and costs from the plans of the wide orders; returns their total cost."""
    total = np.int64(0)
    for order in orders:
        first, width = t.line_ptr[order], t.line_ptr[order + 1] - t.line_ptr[order]
        for slot in range(t.slot_ptr[order + 1] - t.slot_ptr[order]):
            for i in range(width):
                s.cell_line[s.wide_ptr[order] + slot * width + i] = first + i
        for p in range(s.packages[order]):
            fill_cells(t, s, order, p)
            for i in range(width):
                cell = s.wide_ptr[order] + p * width + i
                units, s.quantity[cell] = s.quantity[cell], 0
                if units:
                    add_units(t, s, cell, units)
        _leave_the_rest(t, s, order)
        _use_packages(t, s, order, 1)
        s.cost[order] = order_cost(t, s, order)
        total += s.cost[order]
    return total


@njit(cache=True, nogil=True)
def balance_skus(t, s, skus):
    """Put the units of some SKUs where they cost least among the packages there; returns the change of cost."""
    total = np.int64(0)
    nobody = np.zeros(0, np.int64)
    for sku in skus:
        s.log_size[0] = 0
        improve_sku(t, s, sku)
        change = _change(t, s, nobody)
        if change <= 0:
            _commit(t, s, nobody)
            total += change
        else:
            _undo_log(t, s, nobody)
    return total


@njit(cache=True, nogil=True)
def move_groups(t, s, groups, group_ptr, prices, grace):
    """Plan groups of orders again, each where that costs at most `grace` micros more; returns the change of cost.

    Group g is `groups[group_ptr[g]:group_ptr[g + 1]]` in the sequence in which they go back. `prices` [rows] come on
    top of what others lose.
    """
    total = np.int64(0)
    for g in range(len(group_ptr) - 1):
        orders = groups[group_ptr[g] : group_ptr[g + 1]]
        num, width, slots = len(orders), 0, 1
        for order in orders:
            width = max(width, t.line_ptr[order + 1] - t.line_ptr[order])
            slots = max(slots, s.packages[order])
        old_count, old_slot = np.zeros(num, np.int64), np.zeros((num, 2, slots), np.int64)
        old_units = np.zeros((num, slots, width), np.int64)
        s.log_size[0] = 0
        for k in range(num):
            _lift(t, s, orders[k], old_count, old_slot, old_units, k)
        for k in range(num):
            _balance_order(t, s, orders[k])
        for k in range(num):
            order = orders[k]
            low, high = t.facility_ptr[order], t.facility_ptr[order + 1]
            hint = np.zeros(high - low, np.bool_)
            for p in range(old_count[k]):
                choice = t.choice_ptr[old_slot[k, 0, p]] + old_slot[k, 1, p]
                for a in range(high - low):
                    hint[a] |= t.facility_choice[low + a] == choice
            _place(t, s, order, prices, hint)
        for k in range(num):
            _balance_order(t, s, orders[k])
        change = _change(t, s, orders)
        if change <= grace[g]:
            _commit(t, s, orders)
            total += change
            continue
        for k in range(num):
            _take_out(t, s, orders[k])
        _undo_log(t, s, orders)
        for k in range(num):
            _put_back(t, s, orders[k], old_count[k], old_slot[k], old_units[k])
    return total


@inner
def _use_packages(t, s, order, sign):
    """Count the packages of an order at their nodes and services."""
    for p in range(s.packages[order]):
        use_package(t, s, s.option[t.slot_ptr[order] + p], sign)


@inner
def _take_out(t, s, order):
    """Give back all that an order uses; it has no packages then, and no unfilled units either."""
    first, width = t.line_ptr[order], t.line_ptr[order + 1] - t.line_ptr[order]
    for p in range(s.packages[order]):
        for i in range(width):
            cell = s.wide_ptr[order] + p * width + i
            if s.quantity[cell]:
                add_units(t, s, cell, -s.quantity[cell])
    for line in range(first, first + width):
        if s.unfilled[line]:
            add_units(t, s, len(s.quantity) + line, -s.unfilled[line])
    _use_packages(t, s, order, -1)
    s.packages[order] = 0


@inner
def _open_packages(t, s, order, count, options, choices):
    """Give an order empty packages; its units come after them."""
    width, slot = t.line_ptr[order + 1] - t.line_ptr[order], t.slot_ptr[order]
    s.packages[order] = count
    for p in range(count):
        s.option[slot + p], s.content[slot + p] = options[p], choices[p]
        base = s.wide_ptr[order] + p * width
        s.quantity[base : base + width] = 0
        fill_cells(t, s, order, p)
    _use_packages(t, s, order, 1)


@inner
def _leave_the_rest(t, s, order):
    """What is in no package is unfilled."""
    first, width = t.line_ptr[order], t.line_ptr[order + 1] - t.line_ptr[order]
    for i in range(width):
        left = t.line_quantity[first + i] - s.unfilled[first + i]
        for p in range(s.packages[order]):
            left -= s.quantity[s.wide_ptr[order] + p * width + i]
        if left:
            add_units(t, s, len(s.quantity) + first + i, left)


@inner
def _lift(t, s, order, old_count, old_slot, old_units, k):
    """Take an order out and keep what it had."""
    width, slot = t.line_ptr[order + 1] - t.line_ptr[order], t.slot_ptr[order]
    old_count[k] = s.packages[order]
    for p in range(s.packages[order]):
        old_slot[k, 0, p], old_slot[k, 1, p] = s.option[slot + p], s.content[slot + p]
        for i in range(width):
            old_units[k, p, i] = s.quantity[s.wide_ptr[order] + p * width + i]
    _take_out(t, s, order)


@inner
def _put_back(t, s, order, count, slots, units):
    """Give an order again what it had."""
    width = t.line_ptr[order + 1] - t.line_ptr[order]
    _open_packages(t, s, order, count, slots[0], slots[1])
    for p in range(count):
        for i in range(width):
            if units[p, i]:
                add_units(t, s, s.wide_ptr[order] + p * width + i, units[p, i])
    _leave_the_rest(t, s, order)


@inner
def _balance_order(t, s, order):
    """Put the units of an order's SKUs where they cost least."""
    for line in range(t.line_ptr[order], t.line_ptr[order + 1]):
        if s.is_parted[line]:
            improve_sku(t, s, t.line_sku[line])


@inner
def _place(t, s, order, prices, hint):
    """Plan an order at what others lose by it and put it there; what is taken from them they get elsewhere."""
    first, width, slot = t.line_ptr[order], t.line_ptr[order + 1] - t.line_ptr[order], t.slot_ptr[order]
    _fill_prices(t, s, order, prices)
    slots = t.slot_ptr[order + 1] - slot
    rows = np.zeros((slots, width), np.int64)
    option, choice = np.zeros(slots, np.int64), np.zeros(slots, np.int64)
    f = gather(t, order, s.price, s.room, True)
    demand, worth = t.line_quantity[first : first + width].astype(np.float64), worth_of(t, order)
    other = np.zeros(len(hint), np.bool_)
    most = min(t.max_packages[order], slots)
    if swap_open(f, demand, worth, most, other) < swap_open(f, demand, worth, most, hint):
        hint = other
    packages, _, _ = plan_order(t, order, f, demand, worth, hint, s.price, s.room, True, option, choice, rows)
    _open_packages(t, s, order, packages, option, choice)
    for p in range(packages):
        for i in range(width):
            cell, units = s.wide_ptr[order] + p * width + i, rows[p, i] * t.line_step[first + i]
            row = np.int64(s.cell_row[cell])
            most = min(units, supply_room(t, row, s.residual), units_left(t, s, option[p]))
            if units == 0 or s.cell_at[cell] < 0 or (not s.is_parted[first + i] and most < units):
                continue
            while units > 0:
                take = most
                if take <= 0:
                    if row >= 0 and row < t.num_rows:
                        take = _free_units(t, s, t.line_sku[first + i], row, units)
                    take = min(take, units_left(t, s, option[p]))
                    if take <= 0:
                        break
                add_units(t, s, cell, take)
                units -= take
                most = np.int64(0)
    _leave_the_rest(t, s, order)


@inner
def _free_units(t, s, sku, row, most):
    """Make others give up units of a row that has none left; returns how many."""
    improve_sku(t, s, sku)
    if s.residual[row] > 0:
        return min(most, s.residual[row])
    if s.free[s.free_ptr[sku] + s.place[row]] >= FAR // 2:
        return np.int64(0)
    return push_units(t, s, sku, s.place[row], False, most)


@inner
def _fill_prices(t, s, order, prices):
    """What an order would have to pay for every row, and how much of it it could have."""
    for option in range(t.option_ptr[order], t.option_ptr[order + 1]):
        draw = t.option_draw[option]
        for k in range(t.draw_ptr[draw], t.draw_ptr[draw + 1]):
            row = t.draw_row[k]
            s.price[row], s.room[row] = prices[row], s.residual[row]
        for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
            supply = np.int64(t.option_line_supply[j])
            if supply >= t.num_rows:
                for k in range(t.supply_ptr[supply - t.num_rows], t.supply_ptr[supply - t.num_rows + 1]):
                    row = t.supply_row[k]
                    s.price[row], s.room[row] = prices[row], s.residual[row]
            elif supply >= 0:
                s.price[supply], s.room[supply] = prices[supply], s.residual[supply]
    for line in range(t.line_ptr[order], t.line_ptr[order + 1]):
        if not s.is_parted[line]:
            continue
        sku, wanted = t.line_sku[line], t.line_quantity[line]
        improve_sku(t, s, sku)
        num = s.row_ptr[sku + 1] - s.row_ptr[sku]
        free = s.free[s.free_ptr[sku] : s.free_ptr[sku] + num + 1]
        for m in range(num):
            row = s.sku_row[s.row_ptr[sku] + m]
            short = wanted - s.residual[row]
            if short <= 0:
                continue
            least, base = FAR, s.way_ptr[sku] + m * (num + 1)
            for g in range(num + 1):
                least = min(least, s.way[base + g] + free[g])
            if least < FAR // 2:
                s.room[row] = wanted
                s.price[row] = prices[row] + max(0, least) * short // wanted


@inner
def _order_of(s, cell):
    num = len(s.quantity)
    return s.line_order[cell - num if cell >= num else np.int64(s.cell_line[cell])]


@inner
def _is_oversold(t, s, order):
    width = t.line_ptr[order + 1] - t.line_ptr[order]
    for p in range(s.packages[order]):
        if is_over_drawn(t, s.option[t.slot_ptr[order] + p], s.residual):
            return True
        for cell in range(s.wide_ptr[order] + p * width, s.wide_ptr[order] + (p + 1) * width):
            is_joint = s.quantity[cell] > 0 and s.cell_row[cell] >= t.num_rows
            if is_joint and supply_room(t, np.int64(s.cell_row[cell]), s.residual) < 0:
                return True
    return False


@inner
def _change(t, s, group):
    """Change of true cost of a group and of all that the log touched; FAR when it is no plan."""
    s.log_size[1] += 1
    total = np.int64(0)
    num = len(group)
    for e in range(num + s.log_size[0]):
        order = group[e] if e < num else _order_of(s, s.log[e - num, 0])
        if s.stamp[order] == s.log_size[1]:
            continue
        s.stamp[order] = s.log_size[1]
        s.new_cost[order] = order_cost(t, s, order)
        if s.new_cost[order] >= IMPOSSIBLE or _is_oversold(t, s, order):
            return np.int64(FAR)
        total += s.new_cost[order] - s.cost[order]
    return total


@inner
def _commit(t, s, group):
    """Keep what was done."""
    s.log_size[1] += 1
    num = len(group)
    for e in range(num + s.log_size[0]):
        order = group[e] if e < num else _order_of(s, s.log[e - num, 0])
        if s.stamp[order] == s.log_size[1]:
            continue
        s.stamp[order] = s.log_size[1]
        s.cost[order] = s.new_cost[order]
        tidy_order(t, s, order)


@inner
def _undo_log(t, s, group):
    """Move everything back that the log tells, but for the group, which has been taken out."""
    for e in range(s.log_size[0] - 1, -1, -1):
        order = _order_of(s, s.log[e, 0])
        is_in = False
        for other in group:
            is_in |= other == order
        if not is_in:
            add_units(t, s, s.log[e, 1], -s.log[e, 2])
            add_units(t, s, s.log[e, 0], s.log[e, 2])
