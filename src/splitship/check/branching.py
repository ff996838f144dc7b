"""The least cost of serving an order's lines from choices that cost so much a package and so much a unit.

Branch and bound over which choices have a package at all (docs/certificate.md, "Branching"), in whole numbers; best
bound first, so that the bound of the first node in the queue holds whenever the search ends.
"""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from splitship.check.compiled import compiled
from splitship.check.tables import INFINITE
from splitship.units import I64, Bools

States = NDArray[np.uint8]
"""UNDECIDED, HAS_PACKAGE or HAS_NONE, by choice."""

MOST_NODES = 1_000
"""Nodes after which the bound reached is the answer."""
MOST_CHOICES = 1_024
"""Choices up to which an order is branched, those left out that another one at the node undercuts."""
LARGEST = 2.0**60
UNDECIDED, HAS_PACKAGE, HAS_NONE = 0, 1, 2


@compiled
def is_undercut(fixed: I64, cost: I64, amount: I64, count: int, first: int) -> bool:
    """Whether one of the choices `first` to `count` - 1 is nowhere dearer than choice `count` and carries no less."""
    for other in range(first, count):
        if fixed[other] > fixed[count]:
            continue
        is_under = True
        for line in range(cost.shape[1]):
            if amount[count, line] == 0:
                continue
            if amount[other, line] < amount[count, line] or cost[other, line] > cost[count, line]:
                is_under = False
                break
        if is_under:
            return True
    return False


@compiled
def least_cost(fixed: I64, cost: I64, amount: I64, demand: I64, worth: I64, value: I64, most_nodes: int) -> int:
    """A bound on the least cost of packages, units and what is left at `worth`: that cost itself, given enough nodes.

    `fixed` [choices] a package; `cost` a unit and `amount` units at most, both [choices, lines]; `demand`, `worth`,
    `value` [lines]. The values overpay no choice: sum of amount x max(0, value - cost) <= fixed. `demand` x `worth`
    together are below LARGEST. A choice may have more packages than one, which matters where `amount` is short of
    `demand`: what packages after the first could hold must not be overpaid either.
    """
    num, num_lines = cost.shape
    by_cost = np.empty((num_lines, num), np.int64)
    for line in range(num_lines):
        by_cost[line] = np.argsort(cost[:, line], kind="mergesort")
    is_short = np.zeros(num, np.bool_)
    for choice in range(num):
        for line in range(num_lines):
            is_short[choice] |= 0 < amount[choice, line] < demand[line]
    state = np.zeros((most_nodes + 2, num), np.uint8)
    raised, slack = np.empty(num_lines, np.int64), np.empty(num, np.int64)
    bound, line = bound_of(fixed, cost, amount, demand, worth, value, is_short, by_cost, state[0], raised, slack)
    queue = [(bound, 0, line)]
    used = 1
    while True:
        bound, node, line = queue[0]
        if line < 0 or used + 2 > most_nodes:
            return bound
        heapq.heappop(queue)
        # The scratch arrays are those of the node again, to see which choice has least slack.
        bound_of(fixed, cost, amount, demand, worth, value, is_short, by_cost, state[node], raised, slack)
        ceiling = last_price(line, cost, amount, demand, worth, by_cost, state[node])
        best = -1
        for position in range(num):
            choice = by_cost[line, position]
            if cost[choice, line] >= ceiling:
                break
            is_open = state[node, choice] == UNDECIDED and amount[choice, line] > 0
            if is_open and (best < 0 or slack[choice] < slack[best]):
                best = choice
        for decision in (HAS_PACKAGE, HAS_NONE):
            state[used] = state[node]
            state[used, best] = decision
            low, open_line = bound_of(
                fixed, cost, amount, demand, worth, value, is_short, by_cost, state[used], raised, slack
            )
            heapq.heappush(queue, (max(bound, low), used, open_line))
            used += 1


@compiled
def last_price(line: int, cost: I64, amount: I64, demand: I64, worth: I64, by_cost: I64, state: States) -> int:
    """What the last unit of a line costs when only choices that have a package serve it."""
    left = demand[line]
    for choice in by_cost[line]:
        if cost[choice, line] >= worth[line]:
            break
        if state[choice] == HAS_PACKAGE:
            left -= amount[choice, line]
            if left <= 0:
                return int(cost[choice, line])
    return int(worth[line])


@compiled
def is_payable(decision: int, is_short: bool) -> bool:
    """Whether a package by a choice may still have to be paid: a first one, or another one."""
    return decision == UNDECIDED or (decision == HAS_PACKAGE and is_short)


@compiled
def is_open_question(line: int, ceiling: int, cost: I64, amount: I64, by_cost: I64, state: States) -> bool:
    """Whether an undecided choice could serve a line below `ceiling`."""
    for choice in by_cost[line]:
        if cost[choice, line] >= ceiling:
            return False
        if state[choice] == UNDECIDED and amount[choice, line] > 0:
            return True
    return False


@compiled
def bound_of(
    fixed: I64, cost: I64, amount: I64, demand: I64, worth: I64, value: I64, is_short: Bools, by_cost: I64,
    state: States, raised: I64, slack: I64,
) -> tuple[int, int]:  # fmt: skip
    """Bound of a node, and the line that is most underpaid, -1 when no decision could raise it.

    Fills `raised` [lines], the values of the node, and `slack` [choices], what they leave of undecided ones.
    """
    num, num_lines = cost.shape
    total = 0
    for choice in range(num):
        slack[choice] = fixed[choice]
        if state[choice] == HAS_PACKAGE:
            total += fixed[choice]
    for line in range(num_lines):
        ceiling = last_price(line, cost, amount, demand, worth, by_cost, state)
        cheapest = ceiling
        for choice in by_cost[line]:
            if cost[choice, line] >= ceiling:
                break
            if is_payable(state[choice], is_short[choice]) and amount[choice, line] > 0:
                cheapest = cost[choice, line]
                break
        raised[line] = min(ceiling, max(value[line], cheapest))
        for choice in by_cost[line]:
            if cost[choice, line] >= raised[line]:
                break
            if is_payable(state[choice], is_short[choice]):
                slack[choice] -= amount[choice, line] * (raised[line] - cost[choice, line])
    worst, worst_line = 0, -1
    for line in range(num_lines):
        ceiling = last_price(line, cost, amount, demand, worth, by_cost, state)
        while raised[line] < ceiling:
            rise = ceiling - raised[line]
            is_held = False
            for choice in by_cost[line]:
                if not is_payable(state[choice], is_short[choice]) or amount[choice, line] == 0:
                    continue
                if cost[choice, line] > raised[line]:
                    if cost[choice, line] - raised[line] < rise:
                        rise, is_held = cost[choice, line] - raised[line], False
                    break
                room = slack[choice] // amount[choice, line]
                if room <= rise:
                    rise, is_held = room, True
            for choice in by_cost[line]:
                if cost[choice, line] > raised[line] or rise <= 0:
                    break
                if is_payable(state[choice], is_short[choice]):
                    slack[choice] -= amount[choice, line] * rise
            raised[line] += rise
            if is_held:
                break
        left = demand[line]
        for choice in by_cost[line]:
            if cost[choice, line] >= raised[line] or left == 0:
                break
            if state[choice] == HAS_PACKAGE:
                units = min(left, amount[choice, line])
                total += units * cost[choice, line]
                left -= units
        total += left * raised[line]
        if left * (ceiling - raised[line]) > worst and is_open_question(line, ceiling, cost, amount, by_cost, state):
            worst, worst_line = left * (ceiling - raised[line]), line
    return total, worst_line


@compiled
def branch_order(
    fixed: I64, cost: I64, amount: I64, count: int, demand: I64, unfilled: I64, is_complete: bool, split: int,
    lowest: I64, relaxed: int,
) -> int:  # fmt: skip
    """The bound of an order with branching: `relaxed`, its bound without, when its numbers do not fit or nothing helps.

    Units may cost less than nothing, packages may not. Together units save at most `gain`, so that a choice beyond it
    is dearer than to ship nothing, and so is a unit that stays behind where all must ship.

    `fixed` [choices and more], `cost`, `amount` [choices and more, lines]; the first `count` of them count.
    `unfilled` [lines] micros a unit; `lowest` [lines] the least c + phi, INFINITE for a line that cannot ship.
    """
    nothing, gain, size = 0, 0, 0.0
    for line in range(len(demand)):
        nothing += demand[line] * unfilled[line]
        cheapest = 0
        for choice in range(count):
            if amount[choice, line] > 0:
                cheapest = min(cheapest, cost[choice, line])
        gain -= demand[line] * cheapest
        size += float(demand[line]) * (float(unfilled[line]) - cheapest)
    worth = unfilled.copy()
    if is_complete:
        # A unit that stays behind costs more than to ship nothing.
        worth[:] = nothing + split + 1 + gain
        size = (size + split + 1) * demand.sum()
    if count > MOST_CHOICES or size + split >= LARGEST:
        return relaxed
    value, shipped = np.empty(len(demand), np.int64), -split
    for line in range(len(demand)):
        value[line] = min(worth[line], lowest[line])
        shipped += demand[line] * worth[line]
    kept = np.zeros(count, np.bool_)
    for choice in range(count):
        kept[choice] = fixed[choice] <= shipped + split + gain
        for line in range(len(demand)):
            if amount[choice, line] == 0 or cost[choice, line] >= worth[line]:
                amount[choice, line], cost[choice, line] = 0, INFINITE
    rows = np.flatnonzero(kept)
    if len(rows) > 0:
        shipped = least_cost(fixed[rows], cost[rows], amount[rows], demand, worth, value, MOST_NODES) - split
    return max(relaxed, min(nothing, shipped))
