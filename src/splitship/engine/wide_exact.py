# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""The least cost of a wide order's facility location problem, by branch and bound from its line values.

A node of the tree has facilities that are open, others that are out. Values that overpay no facility bound it: an
open one is paid for in full and takes lines below their value, which frees slack in the others, into which
values are raised again. The tree is searched best first, so that the bound of the first in the queue
holds whenever the search is ended (docs/certificate.md).
"""

from __future__ import annotations

import numpy as np

from splitship.instance.inner import inner

OPEN, OUT = 1, 2


@inner
def _is_payable(decision, is_short):
    """Whether a package of a facility may still have to be paid: a first one, or another where one holds too little."""
    return decision == 0 or (decision == OPEN and is_short)


@inner
def bound_node(f, demand, worth, value, is_short, state, slack, raised):
    """Bound of a node, and the line to branch on (-1: no decision could raise it).

    `state` [facilities]: 0 undecided, OPEN or OUT. Fills `raised` [lines], the values of the node, and `slack`
    [facilities]. Where one package cannot hold all of a line (`is_short`), further ones must not be overpaid either.
    """
    fixed, unit, quantity, owner, by_ptr, by_line = f.fixed, f.unit, f.quantity, f.owner, f.by_ptr, f.by_line
    num, num_lines = len(fixed), len(demand)
    ceiling = np.empty(num_lines)
    total = 0.0
    for a in range(num):
        slack[a] = fixed[a]
        if state[a] == OPEN:
            total += fixed[a]
    for i in range(num_lines):
        ceiling[i] = _last_price(i, f, demand, worth, state)
        # No lower than the cheapest that could be paid: up to there nobody is.
        first = ceiling[i]
        for k in range(by_ptr[i], by_ptr[i + 1]):
            e = by_line[k]
            if unit[e] >= first:
                break
            if _is_payable(state[owner[e]], is_short[owner[e]]):
                first = unit[e]
        raised[i] = min(ceiling[i], max(value[i], first))
        for k in range(by_ptr[i], by_ptr[i + 1]):
            e = by_line[k]
            if unit[e] >= raised[i]:
                break
            slack[owner[e]] -= quantity[e] * (raised[i] - unit[e])
    branch, most = -1, 0.0
    for i in range(num_lines):
        while raised[i] < ceiling[i]:
            target, room = ceiling[i], np.inf
            for k in range(by_ptr[i], by_ptr[i + 1]):
                e = by_line[k]
                if not _is_payable(state[owner[e]], is_short[owner[e]]):
                    continue
                if unit[e] > raised[i]:
                    target = min(target, unit[e])
                    break
                room = min(room, np.floor(slack[owner[e]] / quantity[e]))
            rise = min(target - raised[i], room)
            if rise <= 0:
                break
            for k in range(by_ptr[i], by_ptr[i + 1]):
                e = by_line[k]
                if unit[e] > raised[i]:
                    break
                slack[owner[e]] -= quantity[e] * rise
            raised[i] += rise
            if rise == room:
                break
        left, is_question = demand[i], False
        for k in range(by_ptr[i], by_ptr[i + 1]):
            e = by_line[k]
            if unit[e] >= ceiling[i]:
                break
            if state[owner[e]] == 0:
                is_question = True
            elif state[owner[e]] == OPEN and unit[e] < raised[i]:
                take = min(left, quantity[e])
                total += take * unit[e]
                left -= take
        total += left * raised[i]
        if is_question and left * (ceiling[i] - raised[i]) > most:
            branch, most = i, left * (ceiling[i] - raised[i])
    return total, branch


@inner
def _last_price(i, f, demand, worth, state):
    """Price of the last unit of a line when only what is open serves it."""
    unit, quantity, owner, by_ptr, by_line = f.unit, f.quantity, f.owner, f.by_ptr, f.by_line
    left = demand[i]
    for k in range(by_ptr[i], by_ptr[i + 1]):
        e = by_line[k]
        if unit[e] >= worth[i]:
            break
        if state[owner[e]] == OPEN:
            left -= quantity[e]
            if left <= 0:
                return unit[e]
    return worth[i]


@inner
def search_tree(f, demand, worth, value, most, target, is_open):
    """Best-first search over at most `most` nodes; returns (bound, nodes).

    Stops when the bound reaches `target`, or with the optimum, whose facilities go to `is_open`.
    """
    fixed, line, unit, quantity, owner, by_ptr, by_line = (
        f.fixed,
        f.line,
        f.unit,
        f.quantity,
        f.owner,
        f.by_ptr,
        f.by_line,
    )
    num, num_lines = len(fixed), len(demand)
    room = most + num + 2
    states = np.zeros((room, num), np.uint8)
    bounds = np.empty(room)
    branches = np.empty(room, np.int64)
    heap = np.empty(room, np.int64)
    slack, raised = np.empty(num), np.empty(num_lines)
    is_short = np.zeros(num, np.bool_)
    for e in range(len(unit)):
        is_short[owner[e]] |= 0 < quantity[e] < demand[line[e]]
    bounds[0], branches[0] = bound_node(f, demand, worth, value, is_short, states[0], slack, raised)
    heap[0] = 0
    queued, used = 1, 1
    while True:
        node = heap[0]
        bound, i = bounds[node], branches[node]
        if i < 0:
            for a in range(num):
                is_open[a] = states[node, a] == OPEN
            return bound, used
        if bound >= target or used >= most:
            return bound, used
        queued -= 1
        heap[0] = heap[queued]
        _sink(heap, queued, bounds)
        ceiling = _last_price(i, f, demand, worth, states[node])
        bound_node(f, demand, worth, value, is_short, states[node], slack, raised)
        a, least = -1, np.inf
        for k in range(by_ptr[i], by_ptr[i + 1]):
            e = by_line[k]
            if unit[e] >= ceiling:
                break
            if states[node, owner[e]] == 0 and slack[owner[e]] < least:
                a, least = owner[e], slack[owner[e]]
        for decision in (OPEN, OUT):
            child = used
            states[child] = states[node]
            states[child, a] = decision
            bounds[child], branches[child] = bound_node(f, demand, worth, value, is_short, states[child], slack, raised)
            bounds[child] = max(bounds[child], bound)
            used += 1
            heap[queued] = child
            queued += 1
            _rise(heap, queued, bounds)


@inner
def _is_before(x, y, bounds):
    return bounds[x] < bounds[y] or (bounds[x] == bounds[y] and x < y)


@inner
def _rise(heap, queued, bounds):
    at = queued - 1
    while at > 0 and _is_before(heap[at], heap[(at - 1) // 2], bounds):
        heap[at], heap[(at - 1) // 2] = heap[(at - 1) // 2], heap[at]
        at = (at - 1) // 2


@inner
def _sink(heap, queued, bounds):
    at = 0
    while True:
        child = 2 * at + 1
        if child >= queued:
            return
        if child + 1 < queued and _is_before(heap[child + 1], heap[child], bounds):
            child += 1
        if not _is_before(heap[child], heap[at], bounds):
            return
        heap[at], heap[child] = heap[child], heap[at]
        at = child
