# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Taking groups of wide orders out of a plan and putting them back."""

from __future__ import annotations

import numpy as np
from numba import njit

from splitship.engine.wide_cover import row_use
from splitship.engine.wide_plan import lift_order, plan_on_what_is_left, put_plan


@njit(cache=True, nogil=True)
def ruin_and_recreate(
    t, groups, group_ptr, prices, residual, is_open, count, option, content, quantity, wide_ptr
):  # fmt: skip
    """Take out and put back groups of orders in the sequence in which they are listed; returns the change of cost.

    Group g is `groups[group_ptr[g]:group_ptr[g + 1]]`; it stays as it was when it would cost more.
    """
    total = np.int64(0)
    for g in range(len(group_ptr) - 1):
        orders = groups[group_ptr[g] : group_ptr[g + 1]]
        num = len(orders)
        lines, slots = 0, 0
        for order in orders:
            lines = max(lines, t.line_ptr[order + 1] - t.line_ptr[order])
            slots = max(slots, t.slot_ptr[order + 1] - t.slot_ptr[order])
        old_rows, rows = np.zeros((num, slots, lines), np.int64), np.zeros((slots, lines), np.int64)
        old_count = np.zeros(num, np.int64)
        old_option, old_choice = np.zeros((num, slots), np.int64), np.zeros((num, slots), np.int64)
        out_option, out_choice = np.zeros(slots, np.int64), np.zeros(slots, np.int64)
        change = np.int64(0)
        for k in range(num):
            order = orders[k]
            width = t.line_ptr[order + 1] - t.line_ptr[order]
            slot = t.slot_ptr[order]
            old_count[k] = count[order]
            for p in range(count[order]):
                old_option[k, p], old_choice[k, p] = option[slot + p], content[slot + p]
            change -= lift_order(t, order, count, option, quantity, wide_ptr, residual, old_rows[k, :, :width])
        for k in range(num):
            order = orders[k]
            width = t.line_ptr[order + 1] - t.line_ptr[order]
            mine = rows[: t.slot_ptr[order + 1] - t.slot_ptr[order], :width]
            mine[:] = 0
            packages, cost, _ = plan_on_what_is_left(
                t, order, prices, residual, is_open[t.facility_ptr[order] : t.facility_ptr[order + 1]], False,
                out_option[: len(mine)], out_choice[: len(mine)], mine,
            )  # fmt: skip
            put_plan(t, order, packages, out_option, out_choice, mine, count, option, content, quantity, wide_ptr)
            for p in range(packages):
                row_use(t, order, out_option[p], mine[p], -1, residual)
            change += cost
        if change <= 0:
            total += change
            continue
        for k in range(num):
            order = orders[k]
            width = t.line_ptr[order + 1] - t.line_ptr[order]
            lift_order(t, order, count, option, quantity, wide_ptr, residual, rows[:, :width])
        for k in range(num):
            order = orders[k]
            width = t.line_ptr[order + 1] - t.line_ptr[order]
            put_plan(
                t, order, old_count[k], old_option[k], old_choice[k], old_rows[k, :, :width], count, option, content,
                quantity, wide_ptr,
            )  # fmt: skip
            for p in range(old_count[k]):
                row_use(t, order, old_option[k, p], old_rows[k, p, :width], -1, residual)
    return total
