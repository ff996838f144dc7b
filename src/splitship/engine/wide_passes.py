# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Passes over many wide orders: pricing, placing, re-inserting, and what their plans use and cost."""

from __future__ import annotations

import numpy as np
from numba import njit

from splitship.engine.wide_cover import row_use, true_cost
from splitship.engine.wide_exact import search_tree
from splitship.engine.wide_facilities import gather
from splitship.engine.wide_local import search_open
from splitship.engine.wide_plan import (
    DEAR,
    cost_of_nothing,
    cost_of_order,
    plan_on_what_is_left,
    plan_order,
    put_plan,
    worth_of,
)
from splitship.engine.wide_values import climb, first_values, settle


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
        bound = min(float(cost_of_nothing(t, order)), bound - t.refund[order])
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
        old_cost, old_priced, _ = cost_of_order(t, order, count[order], option[slot : slot + slots], old_rows, prices)
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


@njit(cache=True, nogil=True)
def cost_of_wide_orders(t, orders, count, option, quantity, wide_ptr):
    """True cost of the plans of wide orders, in micros."""
    total = np.int64(0)
    for order in orders:
        first, num_lines = t.line_ptr[order], t.line_ptr[order + 1] - t.line_ptr[order]
        rows = np.zeros((max(1, count[order]), num_lines), np.int64)
        for p in range(count[order]):
            for i in range(num_lines):
                rows[p, i] = quantity[wide_ptr[order] + p * num_lines + i] // t.line_step[first + i]
        total += true_cost(t, order, count[order], option[t.slot_ptr[order] : t.slot_ptr[order + 1]], rows)
    return total
