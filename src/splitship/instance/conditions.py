# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""What may ship of an order as a whole: complete kits, worth at least so much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from splitship.domain import Problem
from splitship.units import I64, Bools

_PART = 10**6


@dataclass(frozen=True, slots=True)
class Allowed:
    """Orders with conditions on all that ships, and the state numbers above 0 that meet them.

    `is_conditional` [orders]; those of order o are `state[ptr[o]:ptr[o + 1]]`, ascending, none for other orders.
    """

    is_conditional: Bools
    ptr: I64
    state: I64


def allowed_states(
    problem: Problem, line_ptr: I64, line_step: I64, line_radix: I64, line_stride: I64, num_states: I64
) -> Allowed:
    """Find what may ship of every order that has kits which can be torn apart, or a least value."""
    orders, lines = problem.orders, problem.lines
    conditional = np.zeros(len(orders), np.bool_)
    conditional[lines.order_idx[(lines.kit_line_idx >= 0) & ~lines.is_together]] = True
    least = orders.min_order_value
    if least is not None:
        conditional |= least > 0
    ptr = np.zeros(len(orders) + 1, np.int64)
    if not conditional.any():
        return Allowed(conditional, ptr, np.zeros(0, np.int64))
    value = lines.unit_value
    rows = (
        conditional, np.array(orders.is_ship_complete),
        np.zeros(len(orders), np.int64) if least is None else np.array(least), line_ptr, line_step, line_radix,
        line_stride, num_states, lines.head_idx, np.array(value.micros), np.array(value.atto),
    )  # fmt: skip
    count = np.zeros(len(orders), np.int64)
    _find_allowed(*rows, ptr, count, np.zeros(0, np.int64))
    ptr = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    state = np.empty(int(ptr[-1]), np.int64)
    _find_allowed(*rows, ptr, count, state)
    return Allowed(conditional, ptr, state)


@njit(cache=True, nogil=True)
def _find_allowed(
    conditional, is_complete, least, line_ptr, line_step, line_radix, line_stride, num_states, head, micros, atto, ptr,
    count, out,
):  # fmt: skip
    """Count the allowed states of every order into `count`, and write them from `ptr` on unless `out` is empty."""
    for order in range(len(conditional)):
        count[order] = 0
        if not conditional[order]:
            continue
        first = num_states[order] - 1 if is_complete[order] else 1
        for state in range(max(1, first), num_states[order]):
            worth, high, low, is_allowed = np.int64(0), np.int64(0), np.int64(0), True
            for line in range(line_ptr[order], line_ptr[order + 1]):
                digit = state // line_stride[line] % line_radix[line]
                is_allowed &= digit == state // line_stride[head[line]] % line_radix[head[line]]
                units = digit * line_step[line]
                worth += units * micros[line]
                high += units * (atto[line] // _PART)
                low += units * (atto[line] % _PART)
            if is_allowed and worth + (high + low // _PART) // _PART >= least[order]:
                if len(out):
                    out[ptr[order] + count[order]] = state
                count[order] += 1
