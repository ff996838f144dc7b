# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Ejection chains: an order takes the plan it wishes for, whoever is in its way is moved on, and so forth.

An order whose plan is dearer than its best at prices leaves its plan and takes that best, whether the units are there
or not. For each resource that is then oversold the kernel looks at orders that use it and finds the one that loses
least by moving to what is left. When even that costs more than the first order gains, the order with the cheapest way
out at prices (the contested resource barred) is made homeless and is the next to take its wish: a link of the chain.
A chain is kept when everybody's new plans together are cheaper than the old, and undone otherwise (Glover 1996,
doi 10.1016/0166-218X(94)00037-E; for generalised assignment Yagiura, Ibaraki and Glover 2004,
doi 10.1287/ijoc.1030.0036).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from splitship.engine.greedy import place_order, value_of_order
from splitship.engine.pricing import add_use, fill_plans, plan_value, price_packages, trace_plan
from splitship.engine.users import mark_order
from splitship.instance.inner import inner
from splitship.units import I64

_BARRED = np.int64(2**40)
_NONE = np.int64(2**60)
_LONGEST_SCAN = 400
MOST_MOVED = 48
"""Orders that one chain may move."""


class Journal(NamedTuple):
    """What a chain has changed so far, to undo it: old plans of orders, old prices of barred rows, how many of each."""

    order: I64
    packages: I64
    option: I64
    content: I64
    barred_row: I64
    barred_price: I64
    size: I64
    spare_option: I64
    spare_content: I64


def make_journal(tables) -> Journal:
    """An empty journal for chains over the orders of `tables`."""
    widest = int(np.diff(tables.slot_ptr)[~tables.is_wide].max(initial=1))
    wide = (MOST_MOVED, widest)
    return Journal(
        np.zeros(MOST_MOVED, np.int64), np.zeros(MOST_MOVED, np.int64), np.zeros(wide, np.int64),
        np.zeros(wide, np.int64), np.zeros(MOST_MOVED, np.int64), np.zeros(MOST_MOVED, np.int64),
        np.zeros(2, np.int64), np.zeros(widest, np.int64), np.zeros(widest, np.int64),
    )  # fmt: skip


@inner
def _wished_value(t, order, wish, s):
    """Priced cost of the order's best plan, whether the units are there or not; the plan stays in the scratch space."""
    price_packages(t, order, wish, wish, False, s)
    top = fill_plans(t, order, s)
    return plan_value(t, order, t.num_states[order] - 1, top, s), top


@inner
def _save(t, order, count, option, content, journal):
    """Remember an order's plan."""
    k = journal.size[0]
    first = t.slot_ptr[order]
    journal.order[k] = order
    journal.packages[k] = count[order]
    for i in range(count[order]):
        journal.option[k, i] = option[first + i]
        journal.content[k, i] = content[first + i]
    journal.size[0] = k + 1


@inner
def _undo(t, users, count, option, content, residual, journal):
    """Give every order of the chain its old plan back."""
    for k in range(journal.size[0]):
        order = journal.order[k]
        mark_order(t, users, order, count, option, content, -1, residual)
    for k in range(journal.size[0]):
        order = journal.order[k]
        first = t.slot_ptr[order]
        count[order] = journal.packages[k]
        for i in range(count[order]):
            option[first + i] = journal.option[k, i]
            content[first + i] = journal.content[k, i]
        mark_order(t, users, order, count, option, content, 1, residual)


@inner
def _settle(t, users, order, value, residual, s, count, option, content):
    """Place an order that is out at its cheapest on what is left, by `value` prices."""
    first = t.slot_ptr[order]
    count[order] = place_order(t, order, value, residual, s, option, content, first)
    for i in range(first, first + count[order]):  # place_order took what it used; so does mark_order
        add_use(t, option[i], content[i], 1, residual)
    mark_order(t, users, order, count, option, content, 1, residual)


@inner
def _find_ways(
    t, users, row, is_stock, wish, value, residual, s, journal, count, option, content, lock, mark, tries, offset,
    gained, may_pass_on, tally,
):  # fmt: skip
    """Among users of an oversold row: (who loses least by moving now, its loss, who has the cheapest way out)."""
    near, far = np.int64(-1), np.int64(-1)
    near_loss, far_loss = _NONE, _NONE
    ptr = users.claim_ptr if is_stock else users.option_ptr
    first, size = ptr[row], ptr[row + 1] - ptr[row]
    tried = 0
    old_wish = wish[row]
    for k in range(min(size, _LONGEST_SCAN)):
        if tried >= tries:
            break
        item = first + (offset + k) % size
        if is_stock:
            if users.drawn[item] == 0:
                continue
            order = np.int64(users.claim_order[item])
        else:
            if users.packed[users.option_item[item]] == 0:
                continue
            order = np.int64(users.option_order[users.option_item[item]])
        if lock[order] == mark or t.is_wide[order]:
            continue
        tried += 1
        tally[0] += 1
        start, old_count = t.slot_ptr[order], count[order]
        for i in range(old_count):
            journal.spare_option[i], journal.spare_content[i] = option[start + i], content[start + i]
        was = value_of_order(t, order, count, option, content, value)
        at_wish = value_of_order(t, order, count, option, content, wish) if may_pass_on else np.int64(0)
        mark_order(t, users, order, count, option, content, -1, residual)
        count[order] = place_order(t, order, value, residual, s, option, content, start)
        loss = value_of_order(t, order, count, option, content, value) - was
        for i in range(start, start + count[order]):
            add_use(t, option[i], content[i], 1, residual)
        if loss < near_loss:
            near, near_loss = order, loss
        if may_pass_on and loss >= gained:
            wish[row] = _BARRED
            out, _ = _wished_value(t, order, wish, s)
            wish[row] = old_wish
            if out - at_wish < far_loss:
                far, far_loss = order, out - at_wish
        count[order] = old_count
        for i in range(old_count):
            option[start + i], content[start + i] = journal.spare_option[i], journal.spare_content[i]
        mark_order(t, users, order, count, option, content, 1, residual)
    return near, near_loss, far


@inner
def _num_rows_at(t, option):
    """How many resources a package of an option may use, those of several lines counted for each."""
    draw = t.option_draw[option]
    total = t.draw_ptr[draw + 1] - t.draw_ptr[draw]
    for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
        supply = t.option_line_supply[j]
        if supply < t.num_rows:
            total += 1
        else:
            total += t.supply_ptr[supply - t.num_rows + 1] - t.supply_ptr[supply - t.num_rows]
    return total


@inner
def _row_at(t, option, k):
    """The k-th of the resources that `_num_rows_at` counts, capacity first; -1 where a line draws on nothing."""
    draw = t.option_draw[option]
    num_draws = t.draw_ptr[draw + 1] - t.draw_ptr[draw]
    if k < num_draws:
        return t.draw_row[t.draw_ptr[draw] + k]
    k -= num_draws
    for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
        supply = t.option_line_supply[j]
        if supply < t.num_rows:
            if k == 0:
                return np.int64(supply)
            k -= 1
        else:
            first, end = t.supply_ptr[supply - t.num_rows], t.supply_ptr[supply - t.num_rows + 1]
            if k < end - first:
                return t.supply_row[first + k]
            k -= end - first
    return np.int64(-1)


@njit(cache=True, nogil=True)
def eject_orders(
    t, users, is_stock, sequence, wish, value, residual, s, journal, count, option, content, depth, tries, grace,
    salt, lock, tally,
):  # fmt: skip
    """Start a chain at every order of `sequence`; returns the change of the value of all plans.

    A chain is kept when it makes the plans cheaper, or dearer by less than a random amount below `grace` (micros).

    `wish` prices say what an order would like, `value` prices what a plan is worth: all zero, the change is that of
    true cost. `lock` [orders] and `salt` (another for every call over an order) keep an order from moving twice in a
    chain. `tally` counts orders looked at, chains kept, orders moved. The plans stay within every resource.
    """
    change = np.int64(0)
    for order in sequence:
        if t.is_wide[order]:
            continue
        mark = salt * np.int64(len(count)) + order + 1
        random = np.uint64(mark) * np.uint64(0x9E3779B97F4A7C15)
        limit = np.int64(0)
        if grace > 0:
            random = random * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
            limit = np.int64((random >> np.uint64(33)) % np.uint64(grace))
        journal.size[0], journal.size[1] = 0, 0
        _save(t, order, count, option, content, journal)
        lock[order] = mark
        spent = -value_of_order(t, order, count, option, content, value)
        mark_order(t, users, order, count, option, content, -1, residual)
        count[order] = 0
        home, is_kept = np.int64(order), False
        for link in range(depth):
            _, top = _wished_value(t, home, wish, s)
            count[home] = trace_plan(t, home, t.num_states[home] - 1, top, s)
            start = t.slot_ptr[home]
            for i in range(count[home]):
                option[start + i], content[start + i] = s.out_option[i], s.out_content[i]
            mark_order(t, users, home, count, option, content, 1, residual)
            spent += value_of_order(t, home, count, option, content, value)
            if spent >= limit:
                break
            next_home, is_stuck = np.int64(-1), False
            for i in range(start, start + count[home]):
                a = option[i]
                for k in range(_num_rows_at(t, a)):
                    row = _row_at(t, a, k)
                    while row >= 0 and residual[row] < 0 and not is_stuck:
                        if next_home >= 0 or journal.size[0] >= MOST_MOVED:
                            is_stuck = True
                            break
                        random = random * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
                        size = users.claim_ptr[row + 1] - users.claim_ptr[row]
                        if not is_stock[row]:
                            size = users.option_ptr[row + 1] - users.option_ptr[row]
                        offset = np.int64((random >> np.uint64(33)) % np.uint64(max(size, 1)))
                        near, loss, far = _find_ways(
                            t, users, row, is_stock[row], wish, value, residual, s, journal, count, option, content,
                            lock, mark, tries, offset, limit - spent, link + 1 < depth, tally,
                        )  # fmt: skip
                        if near >= 0 and spent + loss < limit:
                            _save(t, near, count, option, content, journal)
                            lock[near] = mark
                            mark_order(t, users, near, count, option, content, -1, residual)
                            _settle(t, users, near, value, residual, s, count, option, content)
                            spent += loss
                        elif far >= 0:
                            _save(t, far, count, option, content, journal)
                            lock[far] = mark
                            spent -= value_of_order(t, far, count, option, content, value)
                            mark_order(t, users, far, count, option, content, -1, residual)
                            count[far] = 0
                            journal.barred_row[journal.size[1]] = row
                            journal.barred_price[journal.size[1]] = wish[row]
                            journal.size[1] += 1
                            wish[row] = _BARRED
                            next_home = far
                        else:
                            is_stuck = True
            if is_stuck:
                break
            if next_home < 0:
                is_kept = True
                break
            home = next_home
        for k in range(journal.size[1] - 1, -1, -1):
            wish[journal.barred_row[k]] = journal.barred_price[k]
        if is_kept:
            change += spent
            tally[1] += 1
            tally[2] += journal.size[0]
        else:
            _undo(t, users, count, option, content, residual, journal)
    return change
