# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""A lower bound on the priced cost of an order too wide for exact pricing (docs/certificate.md).

Every choice (node, service, ship day) becomes a facility: at least F a package plus c a unit, so serving the order
costs at least what an uncapacitated facility location problem does, and any feasible solution of that problem's dual
is a bound: a value for a unit of each line. Values are climbed first by subgradient steps (Held, Wolfe and Crowder
1974, doi 10.1007/BF01580223), which may overpay facilities, then made feasible and raised line by line where slack is
left (dual ascent, Erlenkotter 1978, doi 10.1287/opre.26.6.992).
"""

from __future__ import annotations

import numpy as np

from splitship.instance.inner import inner

_ROUNDS = 3
_PATIENCE = 8
_FIRST_STEP = 0.4
_LEAST_STEP = 0.02


@inner
def first_values(f, worth):
    """Each line's least unit price: overpays nobody."""
    unit, by_ptr, by_line = f.unit, f.by_ptr, f.by_line
    value = worth.copy()
    for i in range(len(worth)):
        if by_ptr[i] < by_ptr[i + 1]:
            value[i] = min(worth[i], unit[by_line[by_ptr[i]]])
    return value


@inner
def climb(f, demand, worth, target, steps, value):
    """Subgradient steps towards `target`; `value` [lines] becomes the best found. Returns its Lagrangian bound."""
    fixed, start, line, unit, quantity = f.fixed, f.start, f.line, f.unit, f.quantity
    num, num_lines = len(fixed), len(demand)
    trial, best = value.copy(), -np.inf
    slope, heading = np.empty(num_lines), np.zeros(num_lines)
    step, stale = _FIRST_STEP, 0
    for _ in range(steps):
        bound = 0.0
        for i in range(num_lines):
            bound += demand[i] * trial[i]
            slope[i] = demand[i]
        for a in range(num):
            paid = 0.0
            for e in range(start[a], start[a + 1]):
                if trial[line[e]] > unit[e]:
                    paid += quantity[e] * (trial[line[e]] - unit[e])
            if paid > fixed[a]:
                bound -= paid - fixed[a]
                for e in range(start[a], start[a + 1]):
                    if trial[line[e]] > unit[e]:
                        slope[line[e]] -= quantity[e]
        if bound > best:
            best, stale = bound, 0
            value[:] = trial
        else:
            stale += 1
            if stale >= _PATIENCE:
                step, stale = step / 2, 0
                trial[:] = value
                if step < _LEAST_STEP:
                    break
                continue
        # Steps are taken in what a whole line is worth, so that one of many units counts no more than one of few.
        length = 0.0
        for i in range(num_lines):
            heading[i] = 0.7 * heading[i] + slope[i]
            slope[i] = heading[i]
        for i in range(num_lines):
            if (trial[i] < worth[i] or slope[i] < 0) and (trial[i] > 0 or slope[i] > 0):
                length += (slope[i] / demand[i]) ** 2
        if length <= 0.0:
            break
        ahead = step * max(target - bound, 1e-4 * abs(target)) / length
        for i in range(num_lines):
            trial[i] = min(worth[i], max(0.0, trial[i] + ahead * slope[i] / (demand[i] * demand[i])))
    return best


@inner
def settle(f, demand, worth, value):
    """Make values overpay no facility, in whole micros, then raise them where that is possible; returns their bound."""
    fixed, start, line, unit, quantity = f.fixed, f.start, f.line, f.unit, f.quantity
    num, num_lines = len(fixed), len(demand)
    least = worth.copy()
    for a in range(num):
        paid = 0.0
        for e in range(start[a], start[a + 1]):
            if quantity[e] > 0 and value[line[e]] > unit[e]:
                paid += quantity[e] * (value[line[e]] - unit[e])
        factor = fixed[a] / paid if paid > fixed[a] else 1.0
        for e in range(start[a], start[a + 1]):
            if quantity[e] > 0:
                i = line[e]
                least[i] = min(least[i], unit[e] + max(0.0, value[i] - unit[e]) * factor)
    slack = fixed.copy()
    for i in range(num_lines):
        value[i] = np.floor(least[i])
    for a in range(num):
        for e in range(start[a], start[a + 1]):
            if value[line[e]] > unit[e]:
                slack[a] -= quantity[e] * (value[line[e]] - unit[e])
    for _ in range(_ROUNDS):
        moved = False
        for i in range(num_lines):
            moved |= _raise_line(i, f, worth, slack, value)
        if not moved:
            break
    total = 0.0
    for i in range(num_lines):
        total += demand[i] * value[i]
    return total


@inner
def _raise_line(i, f, worth, slack, value):
    """Raise one value as far as the slack of its facilities goes; whether it moved."""
    unit, quantity, owner, by_ptr, by_line = f.unit, f.quantity, f.owner, f.by_ptr, f.by_line
    moved = False
    while value[i] < worth[i]:
        target, room = worth[i], np.inf
        for k in range(by_ptr[i], by_ptr[i + 1]):
            e = by_line[k]
            if unit[e] > value[i]:
                target = min(target, unit[e])
                break
            room = min(room, np.floor(slack[owner[e]] / quantity[e]))
        if room == np.inf and target == worth[i] and by_ptr[i] < by_ptr[i + 1]:
            room = worth[i] - value[i]
        rise = min(target - value[i], room)
        if rise <= 0:
            break
        for k in range(by_ptr[i], by_ptr[i + 1]):
            e = by_line[k]
            if unit[e] > value[i]:
                break
            slack[owner[e]] -= quantity[e] * rise
        value[i] += rise
        moved = True
        if rise == room:
            break
    return moved
