# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Which facilities a wide order should open, found quickly: the best of all additions, drops and swaps at once.

For every line the cheapest and the second cheapest open facility tell what each addition and each drop is worth, and
by how much a swap is better than the two together (fast interchange: Resende and Werneck 2007,
doi 10.1016/j.ejor.2005.07.026). A facility that has less than a line needs counts with the rest unfilled.
"""

from __future__ import annotations

import numpy as np

from splitship.engine.wide_facilities import NEVER
from splitship.instance.inner import inner

_MOST_MOVES = 200
_LEAST_GAIN = 1.0
"""Micros below which a move is not made."""


@inner
def swap_open(f, demand, worth, most, is_open):
    """Improve `is_open` [facilities] until no addition, drop or swap helps; returns its cost. `most`: open at most."""
    num, num_lines = len(f.fixed), len(demand)
    count = np.int64(0)
    for a in range(num):
        is_open[a] &= f.fixed[a] < NEVER and count < most
        count += is_open[a]
    each = np.empty(len(f.unit))
    for e in range(len(f.unit)):
        i = f.line[e]
        part = min(f.quantity[e], demand[i])
        each[e] = part * f.unit[e] + (demand[i] - part) * worth[i]
    first, second, best_of = np.empty(num_lines), np.empty(num_lines), np.empty(num_lines, np.int64)
    gain, loss, extra = np.empty(num), np.empty(num), np.zeros((num, num))
    total = 0.0
    for move in range(_MOST_MOVES + 1):
        total = 0.0
        for i in range(num_lines):
            first[i], second[i], best_of[i] = demand[i] * worth[i], demand[i] * worth[i], -1
        for a in range(num):
            loss[a] = -f.fixed[a]
            if not is_open[a]:
                continue
            total += f.fixed[a]
            extra[a] = 0.0
            for e in range(f.start[a], f.start[a + 1]):
                i = f.line[e]
                if each[e] < first[i]:
                    second[i], first[i], best_of[i] = first[i], each[e], a
                elif each[e] < second[i]:
                    second[i] = each[e]
        for i in range(num_lines):
            total += first[i]
            if best_of[i] >= 0:
                loss[best_of[i]] += second[i] - first[i]
        if move == _MOST_MOVES:
            break
        least, best_in, best_out = -_LEAST_GAIN, -1, -1
        for a in range(num):
            if is_open[a]:
                if loss[a] < least:
                    least, best_in, best_out = loss[a], -1, a
                continue
            if f.fixed[a] >= NEVER:
                continue
            gain[a] = f.fixed[a]
            for e in range(f.start[a], f.start[a + 1]):
                i = f.line[e]
                if each[e] < first[i]:
                    gain[a] -= first[i] - each[e]
                if best_of[i] >= 0 and each[e] < second[i]:
                    extra[best_of[i], a] += second[i] - max(first[i], each[e])
            if count < most and gain[a] < least:
                least, best_in, best_out = gain[a], a, -1
        for out in range(num):
            if not is_open[out]:
                continue
            for a in range(num):
                if not is_open[a] and f.fixed[a] < NEVER:
                    change = gain[a] + loss[out] - extra[out, a]
                    if change < least:
                        least, best_in, best_out = change, a, out
        if best_in < 0 and best_out < 0:
            break
        if best_out >= 0:
            is_open[best_out] = False
            count -= 1
        if best_in >= 0:
            is_open[best_in] = True
            count += 1
    return total
