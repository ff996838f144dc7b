# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Correlated rounding of fractions by one clock a node, and the repair of what does not fit; see `linking_lp`."""

from __future__ import annotations

import numpy as np
from numba import njit

from splitship.instance.inner import inner
from splitship.policies.draft import (
    FULL,
    add_line,
    commit,
    draft_cost,
    larger_draft,
    make_draft,
    make_packages,
    undo,
    widest_order,
)
from splitship.policies.pricing import add_use
from splitship.policies.rules import missing_steps, nodes_of_order, take_from
from splitship.policies.tables import IS_SHIP_COMPLETE, LINE, LINES, STEP

_TINY = 1e-9
"""Fractions below this are a solver's noise."""


@njit(cache=True, nogil=True)
def round_orders(t, sequence, fractions, unfilled, clocks, left):
    """Packages of the orders in `sequence`: rounded, placed on what is `left` [rows], which shrinks, and repaired.

    `fractions` [option lines], `unfilled` [lines]; `clocks` [options + orders]: exponential times, a node's is that of
    its first option, those of leaving unfilled follow. Orders that came out whole are done; the others hold what they
    got until all have been placed, and are then built again with the repair.
    """
    draft = make_draft(np.int64(64), np.int64(256), widest_order(t))
    packages = make_packages(np.int64(1024), np.int64(2048))
    held = make_packages(np.int64(1024), np.int64(2048))
    node_of_line = np.empty(len(unfilled), np.int64)
    pending, num_pending = np.empty(len(sequence), np.int64), 0
    for order in sequence:
        starts = nodes_of_order(t, order)
        _round(t, order, starts, fractions, unfilled, clocks, node_of_line)
        while True:
            missing = missing_steps(t, order)
            if _place(t, draft, order, starts, node_of_line, missing, left):
                break
            undo(t, draft, order, np.int64(0), left)
            draft = larger_draft(draft)
        if missing.sum() == 0:
            packages = commit(t, draft, order, packages)
        else:
            held = commit(t, draft, order, held)
            pending[num_pending] = order
            num_pending += 1
    package, content = np.int64(0), np.int64(0)
    for order in pending[:num_pending]:
        package, content = _give_back(t, held, order, package, content, draft.row, left)
        starts = nodes_of_order(t, order)
        while not _place_and_repair(t, draft, order, starts, node_of_line, left):
            undo(t, draft, order, np.int64(0), left)
            draft = larger_draft(draft)
        packages = commit(t, draft, order, packages)
    return packages


@inner
def _round(t, order, starts, fractions, unfilled, clocks, node_of_line):
    """Write where each line of an order goes: the position of a node of the order, -1 for unfilled."""
    first = t.order_ptr[0, order]
    num_lines = t.order_ptr[0, order + 1] - first
    share = np.zeros((len(starts) - 1, num_lines))
    for node in range(len(starts) - 1):
        for option in range(starts[node], starts[node + 1]):
            for j in range(t.option_ptr[LINES, option], t.option_ptr[LINES, option + 1]):
                share[node, t.option_lines[LINE, j] - first] += fractions[j]
    none = clocks[t.order_ptr[1, t.orders.shape[1]] + order]
    for i in range(num_lines):
        best, best_time = np.int64(-1), np.inf
        if unfilled[first + i] > _TINY:
            best_time = none / unfilled[first + i]
        for node in range(len(starts) - 1):
            if share[node, i] > _TINY and clocks[starts[node]] / share[node, i] < best_time:
                best, best_time = np.int64(node), clocks[starts[node]] / share[node, i]
        node_of_line[first + i] = best


@inner
def _place(t, d, order, starts, node_of_line, missing, left):
    """Put each line at its node as far as it fits; `missing` shrinks. False when the draft is full."""
    first = t.order_ptr[0, order]
    for i in range(len(missing)):
        node = node_of_line[first + i]
        if node < 0:
            continue
        added = add_line(t, d, order, starts[node], starts[node + 1], i, missing[i], left)
        if added == FULL:
            return False
        missing[i] -= added
    return True


@inner
def _give_back(t, held, order, package, content, row, left):
    """Give back what an order holds, the next in `held` from `package` and `content` on; returns what follows it."""
    first = t.order_ptr[0, order]
    while package < held.size[0] and held.packages[0, package] == order:
        start = content
        while content < held.size[1] and held.contents[0, content] == package:
            line = held.contents[1, content]
            row[line - first] = held.contents[2, content] // t.lines[STEP, line]
            content += 1
        add_use(t, order, held.packages[1, package], row, 1, left)
        for i in range(start, content):
            row[held.contents[1, i] - first] = 0
        package += 1
    return package, content


@inner
def _place_and_repair(t, d, order, starts, node_of_line, left):
    """Draft an order as rounded, then with what is missing where it saves most; False when the draft is full."""
    nothing = missing_steps(t, order)
    without = draft_cost(t, d, order, nothing)
    missing = nothing.copy()
    if not _place(t, d, order, starts, node_of_line, missing, left):
        return False
    must = t.orders[IS_SHIP_COMPLETE, order] != 0
    while missing.sum() > 0:
        found = _best_addition(t, d, order, starts, missing, must, left)
        if found == FULL:
            return False
        if found == 0:
            break
        found -= 1
        node, line = found // (len(missing) + 1), found % (len(missing) + 1)
        if _add(t, d, order, starts, node, line, missing, left) == FULL:
            return False
    if must and (missing.sum() > 0 or draft_cost(t, d, order, missing) > without):
        undo(t, d, order, np.int64(0), left)
    return True


@inner
def _best_addition(t, d, order, starts, missing, must, left):
    """The addition that saves most a unit, as 1 + node x (lines + 1) + line (`lines`: all); 0 for none, FULL.

    When the order `must` be whole, additions that save nothing count too.
    """
    best, best_saving = np.int64(0), -np.inf if must else 0.0
    num_lines = len(missing)
    before = draft_cost(t, d, order, missing)
    for node in range(len(starts) - 1):
        for line in range(num_lines + 1):
            if line < num_lines and missing[line] == 0:
                continue
            mark, after = d.size[1], missing.copy()
            units = _add(t, d, order, starts, node, line, after, left)
            if units == FULL:
                return np.int64(FULL)
            if units == 0:
                if line < num_lines:
                    continue
                break
            saving = (before - draft_cost(t, d, order, after)) / units
            undo(t, d, order, mark, left)
            if saving > best_saving:
                best, best_saving = np.int64(1 + node * (num_lines + 1) + line), saving
    return best


@inner
def _add(t, d, order, starts, node, line, missing, left):
    """Let a node give what is missing of a line, of all lines for the number behind the last; units given or FULL."""
    first, units = t.order_ptr[0, order], np.int64(0)
    before = missing.copy()
    if line == len(missing):
        if not take_from(t, d, order, starts[node], starts[node + 1], missing, left):
            return np.int64(FULL)
    else:
        added = add_line(t, d, order, starts[node], starts[node + 1], line, missing[line], left)
        if added == FULL:
            return np.int64(FULL)
        missing[line] -= added
    for i in range(len(missing)):
        units += (before[i] - missing[i]) * t.lines[STEP, first + i]
    return units
