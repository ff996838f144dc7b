# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""A cheap plan for one order that is too wide for exact pricing: the cheapest of several walks over the nodes."""

from __future__ import annotations

import numpy as np
from numba import njit

from splitship.instance.inner import inner
from splitship.policies.draft import commit, draft_cost, larger_draft, make_draft, make_packages, undo, widest_order
from splitship.policies.rules import missing_steps, nodes_of_order, ranked, take_from
from splitship.policies.tables import IS_SHIP_COMPLETE, STEP

NUM_WALKS = 16
"""Nodes that are tried as the first of a walk."""


@njit(cache=True, nogil=True)
def route_wide_orders(t, sequence, left):
    """Packages of the orders in `sequence`, each by `_route_order` on what is `left` [rows], which shrinks."""
    draft = make_draft(np.int64(64), np.int64(256), widest_order(t))
    packages = make_packages(np.int64(1024), np.int64(2048))
    for order in sequence:
        draft = _route_order(t, draft, order, nodes_of_order(t, order), left)
        packages = commit(t, draft, order, packages)
    return packages


@inner
def _route_order(t, d, order, starts, left):
    """Draft the cheapest of: nothing, and walks that begin at each of the 16 most promising nodes.

    A node's promise is the saving per unit of letting it ship all it can: unfilled cost less the cost of its packages.
    After its first node a walk follows the ranking, and a node is passed by when what it would ship then
    costs more than leaving that unfilled (never in a ship-complete order). Returns the draft, enlarged if it was full.
    """
    num_nodes = len(starts) - 1
    keys, d = _promise(t, d, order, starts, left)
    ranking = ranked(keys)
    nothing = missing_steps(t, order)
    best_first, best_cost = np.int64(-1), draft_cost(t, d, order, nothing)
    for first in range(min(num_nodes, NUM_WALKS)):
        d = _walk_from(t, d, order, starts, ranking, np.int64(first), left)
        missing = _missing_after(t, d, order)
        if not (t.orders[IS_SHIP_COMPLETE, order] and missing.sum() > 0):
            cost = draft_cost(t, d, order, missing)
            if cost < best_cost:
                best_first, best_cost = np.int64(first), cost
        undo(t, d, order, np.int64(0), left)
    if best_first >= 0:
        d = _walk_from(t, d, order, starts, ranking, best_first, left)
    return d


@inner
def _promise(t, d, order, starts, left):
    """Minus the saving per unit when each node alone ships what it can (infinite: nothing), and the draft."""
    keys = np.full(len(starts) - 1, np.inf)
    nothing = missing_steps(t, order)
    before = draft_cost(t, d, order, nothing)
    for node in range(len(keys)):
        missing = nothing.copy()
        while not take_from(t, d, order, starts[node], starts[node + 1], missing, left):
            undo(t, d, order, np.int64(0), left)
            d = larger_draft(d)
            missing[:] = nothing
        units = np.int64(0)
        for i in range(len(missing)):
            units += (nothing[i] - missing[i]) * t.lines[STEP, t.order_ptr[0, order] + i]
        if units > 0:
            keys[node] = (draft_cost(t, d, order, missing) - before) / units
        undo(t, d, order, np.int64(0), left)
    return keys, d


@inner
def _walk_from(t, d, order, starts, ranking, first, left):
    """Draft the walk that begins at `ranking[first]`; returns the draft."""
    while not _try_walk(t, d, order, starts, ranking, first, left):
        undo(t, d, order, np.int64(0), left)
        d = larger_draft(d)
    return d


@inner
def _try_walk(t, d, order, starts, ranking, first, left):
    """One walk, False when the draft is full."""
    missing = missing_steps(t, order)
    for turn in range(-1, len(ranking)):
        node = ranking[first] if turn < 0 else ranking[turn]
        if turn == first or missing.sum() == 0:
            continue
        mark, before = d.size[1], missing.copy()
        cost = draft_cost(t, d, order, missing)
        if not take_from(t, d, order, starts[node], starts[node + 1], missing, left):
            return False
        if not t.orders[IS_SHIP_COMPLETE, order] and draft_cost(t, d, order, missing) > cost:
            undo(t, d, order, mark, left)
            missing = before
    return True


@inner
def _missing_after(t, d, order):
    """Steps of each line that the draft does not ship."""
    missing = missing_steps(t, order)
    for entry in range(d.size[1]):
        missing[d.entry_line[entry]] -= d.entry_steps[entry]
    return missing
