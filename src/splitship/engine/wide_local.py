# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Which facilities a wide order should open: local search by adding, dropping and swapping one.

Lines go to the cheapest open facilities that have them, the rest stays unfilled at its worth. Costs are the linear
floors of `wide_facilities`; what comes out is turned into packages at exact costs by `wide_plan`.
"""

from __future__ import annotations

import numpy as np

from splitship.engine.wide_facilities import NEVER
from splitship.instance.inner import inner

_MOST_MOVES = 200
_LEAST_GAIN = 1.0
"""Micros below which a move is not made, so that rounding cannot make the search go in circles."""


@inner
def line_cost(i, f, demand, worth, is_open):
    """Least cost of a line over the open facilities, and the price of its last unit."""
    unit, quantity, owner, by_ptr, by_line = f.unit, f.quantity, f.owner, f.by_ptr, f.by_line
    left, cost = demand[i], 0.0
    for k in range(by_ptr[i], by_ptr[i + 1]):
        e = by_line[k]
        if unit[e] >= worth[i]:
            break
        if is_open[owner[e]]:
            if quantity[e] >= left:
                return cost + left * unit[e], unit[e]
            cost += quantity[e] * unit[e]
            left -= quantity[e]
    return cost + left * worth[i], worth[i]


@inner
def search_open(f, demand, worth, most, is_open):
    """Improve `is_open` [facilities] until no single move helps; returns its cost. `most`: open ones at most."""
    fixed, start, line, unit, quantity = f.fixed, f.start, f.line, f.unit, f.quantity
    num, num_lines = len(fixed), len(demand)
    cost, last = np.empty(num_lines), np.empty(num_lines)
    kept_cost, kept_last = np.empty(num_lines), np.empty(num_lines)
    count = np.int64(0)
    for a in range(num):
        if is_open[a] and (fixed[a] >= NEVER or count >= most):
            is_open[a] = False
        count += is_open[a]
    for i in range(num_lines):
        cost[i], last[i] = line_cost(i, f, demand, worth, is_open)
    for _ in range(_MOST_MOVES):
        best, best_in, best_out = -_LEAST_GAIN, -1, -1
        for out in range(-1, num):
            if out >= 0 and not is_open[out]:
                continue
            change = 0.0
            if out >= 0:
                is_open[out] = False
                change = -fixed[out]
                for e in range(start[out], start[out + 1]):
                    i = line[e]
                    kept_cost[i], kept_last[i] = cost[i], last[i]
                    if quantity[e] > 0:
                        cost[i], last[i] = line_cost(i, f, demand, worth, is_open)
                        change += cost[i] - kept_cost[i]
                if change < best:
                    best, best_in, best_out = change, -1, out
            if out >= 0 or count < most:
                for a in range(num):
                    if is_open[a] or a == out or fixed[a] >= NEVER:
                        continue
                    delta = change + fixed[a]
                    is_open[a] = True
                    for e in range(start[a], start[a + 1]):
                        i = line[e]
                        if unit[e] < last[i] and quantity[e] > 0:
                            delta += line_cost(i, f, demand, worth, is_open)[0] - cost[i]
                    is_open[a] = False
                    if delta < best:
                        best, best_in, best_out = delta, a, out
            if out >= 0:
                is_open[out] = True
                for e in range(start[out], start[out + 1]):
                    cost[line[e]], last[line[e]] = kept_cost[line[e]], kept_last[line[e]]
        if best_in < 0 and best_out < 0:
            break
        if best_out >= 0:
            is_open[best_out] = False
            count -= 1
        if best_in >= 0:
            is_open[best_in] = True
            count += 1
        for i in range(num_lines):
            cost[i], last[i] = line_cost(i, f, demand, worth, is_open)
    total = cost.sum()
    for a in range(num):
        if is_open[a]:
            total += fixed[a]
    return total
