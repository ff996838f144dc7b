# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""The smallest set of nodes that covers an order, by enumeration."""

from __future__ import annotations

import numpy as np

from splitship.instance.draws import supply_room
from splitship.instance.inner import inner
from splitship.policies.pricing import best_option, most_steps_of_line
from splitship.policies.tables import LINE, LINE_SUPPLY, LINES, MAX_PACKAGES, RADIX, SKU, STEP

MAX_BRANCHES = 200_000
"""Branches of one order's enumeration before the greedy cover takes over."""

_PLENTY = 2**60


@inner
def node_supply(t, order, starts, row, left):
    """What each node of an order could ship of each line by itself, two arrays [nodes of the order, lines].

    First in steps: as many as one package's resources allow, 0 when not even one step can be a package (several
    packages may be needed for all of them). Second the node's stock in units, which lines of one SKU share.
    `row` is zeroed scratch space.
    """
    first = t.order_ptr[0, order]
    num_lines = t.order_ptr[0, order + 1] - first
    steps = np.zeros((len(starts) - 1, num_lines), np.int64)
    stock = np.full((len(starts) - 1, num_lines), _PLENTY, np.int64)
    for node in range(len(starts) - 1):
        for option in range(starts[node], starts[node + 1]):
            for j in range(t.option_ptr[LINES, option], t.option_ptr[LINES, option + 1]):
                if t.option_lines[LINE_SUPPLY, j] >= 0:
                    room = supply_room(t, t.option_lines[LINE_SUPPLY, j], left)
                    stock[node, t.option_lines[LINE, j] - first] = room
        for i in range(num_lines):
            most = most_steps_of_line(t, starts[node], starts[node + 1], first + i, left)
            if most > 0:
                row[i] = 1
                option, _, _ = best_option(t, order, starts[node], starts[node + 1], row, np.int64(1), left)
                row[i] = 0
                if option >= 0:
                    steps[node, i] = most
    return steps, stock


@inner
def covered_skus(t, order, steps, stock):
    """SKUs of an order of which a node has all that is ordered, [nodes of the order]; arguments from `node_supply`."""
    num_nodes, num_lines = steps.shape
    first = t.order_ptr[0, order]
    covered = np.zeros(num_nodes, np.int64)
    for node in range(num_nodes):
        for i in range(num_lines):
            has_all, is_first, units = True, True, np.int64(0)
            for j in range(num_lines):
                if t.lines[SKU, first + j] != t.lines[SKU, first + i]:
                    continue
                is_first &= j >= i
                has_all &= steps[node, j] >= t.lines[RADIX, first + j] - 1
                units += (t.lines[RADIX, first + j] - 1) * t.lines[STEP, first + j]
            if is_first and has_all and units <= stock[node, i]:
                covered[node] += 1
    return covered


@inner
def smallest_cover(t, order, distance, steps, stock):
    """The chosen nodes of an order, [nodes of the order]: the smallest set whose supply is all that any nodes have.

    Ties: least sum of `distance` [nodes of the order], then first in table order.
    """
    num_nodes, num_lines = steps.shape
    first = t.order_ptr[0, order]
    chosen = np.zeros(num_nodes, np.bool_)
    target = t.lines[RADIX, first : first + num_lines] - 1
    rest = target.copy()
    same = np.arange(num_lines)  # the first line of the same SKU
    for i in range(num_lines):
        for j in range(i - 1, -1, -1):
            if t.lines[SKU, first + j] == t.lines[SKU, first + i]:
                same[i] = j
    for node in range(num_nodes):
        _take(t, first, steps[node], stock[node], same, rest)
    target -= rest
    if target.sum() == 0:
        return chosen
    most = min(np.int64(num_nodes), t.orders[MAX_PACKAGES, order])
    best = _enumerate(t, first, steps, stock, same, target, distance, most)
    if len(best) == 0:
        best = _greedy(t, first, steps, stock, same, target, distance, most)
    for node in best:
        chosen[node] = True
    return chosen


@inner
def _take(t, first, steps, stock, same, rest):
    """Take from one node what of `rest` (steps by line) it has; returns the units taken."""
    units = np.int64(0)
    used = np.zeros(len(rest), np.int64)
    for i in range(len(rest)):
        if rest[i] > 0 and steps[i] > 0:
            step = t.lines[STEP, first + i]
            most = min(rest[i], steps[i], (stock[i] - used[same[i]]) // step)
            if most > 0:
                rest[i] -= most
                used[same[i]] += most * step
                units += most * step
    return units


@inner
def _enumerate(t, first, steps, stock, same, target, distance, most):
    """The best of the smallest covers, ascending; empty when there is none of at most `most` nodes within the branches.

    Any cover holds a node that supplies the first line still open, so branching on those nodes finds every cover of
    a size; a branch is cut when the nodes still allowed could not take the units still open.
    """
    num_nodes, num_lines = steps.shape
    most_units, total = np.int64(1), np.int64(0)
    for node in range(num_nodes):
        most_units = max(most_units, _take(t, first, steps[node], stock[node], same, target.copy()))
    for i in range(num_lines):
        total += target[i] * t.lines[STEP, first + i]
    rest = np.empty((most + 1, num_lines), np.int64)
    units = np.empty(most + 1, np.int64)
    line = np.empty(most + 1, np.int64)
    next_node = np.empty(most + 1, np.int64)
    path = np.empty(most + 1, np.int64)
    best = np.empty(0, np.int64)
    best_distance = np.inf
    branches = 0
    for size in range(1, most + 1):
        if size * most_units < total:
            continue
        depth = 0
        rest[0], units[0], line[0], next_node[0] = target, total, _first_open(target), 0
        while depth >= 0:
            node = next_node[depth]
            while node < num_nodes and (steps[node, line[depth]] == 0 or _is_in(path, depth, node)):
                node += 1
            if node == num_nodes:
                depth -= 1
                continue
            next_node[depth] = node + 1
            branches += 1
            if branches > MAX_BRANCHES:
                return best
            path[depth] = node
            rest[depth + 1] = rest[depth]
            units[depth + 1] = units[depth] - _take(t, first, steps[node], stock[node], same, rest[depth + 1])
            if units[depth + 1] == 0:
                found = _ascending(path, depth + 1)
                far = 0.0
                for member in found:
                    far += distance[member]
                if len(best) == 0 or far < best_distance or (far == best_distance and _is_before(found, best)):
                    best, best_distance = found, far
            elif depth + 1 < size and units[depth + 1] <= (size - depth - 1) * most_units:
                depth += 1
                line[depth], next_node[depth] = _first_open(rest[depth]), 0
        if len(best) > 0:
            return best
    return best


@inner
def _greedy(t, first, steps, stock, same, target, distance, most):
    """At most `most` nodes, each the one that adds most units; ties by distance, then table order."""
    chosen = np.empty(most, np.int64)
    count = 0
    rest = target.copy()
    while count < most and rest.sum() > 0:
        best, best_units = np.int64(-1), np.int64(0)
        for node in range(len(distance)):
            units = _take(t, first, steps[node], stock[node], same, rest.copy())
            if _is_in(chosen, count, node):
                continue
            if units > best_units or (units == best_units and best >= 0 and distance[node] < distance[best]):
                best, best_units = np.int64(node), units
        if best < 0:
            break
        _take(t, first, steps[best], stock[best], same, rest)
        chosen[count] = best
        count += 1
    return chosen[:count]


@inner
def _ascending(path, length):
    """The first `length` nodes of a path in ascending order."""
    nodes = path[:length].copy()
    for i in range(1, length):
        node, j = nodes[i], i
        while j > 0 and nodes[j - 1] > node:
            nodes[j] = nodes[j - 1]
            j -= 1
        nodes[j] = node
    return nodes


@inner
def _first_open(rest):
    """The first line with steps left."""
    for i in range(len(rest)):
        if rest[i] > 0:
            return i
    return -1


@inner
def _is_in(path, length, node):
    """Whether a node is among the first `length` of a path."""
    found = False
    for i in range(length):
        found |= path[i] == node
    return found


@inner
def _is_before(nodes, others):
    """Whether one ascending list of nodes stands before another of the same length."""
    for i in range(len(nodes)):
        if nodes[i] != others[i]:
            return nodes[i] < others[i]
    return False
