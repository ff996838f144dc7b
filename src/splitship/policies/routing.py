# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Routing orders one after the other by a rule: the one loop behind the policies that follow a rule of thumb."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

from splitship.domain import Plan
from splitship.instance import Instance
from splitship.policies.cover import node_supply, smallest_cover
from splitship.policies.draft import commit, larger_draft, make_draft, make_packages, undo, widest_order
from splitship.policies.rules import first_that_can, missing_steps, nodes_of_order, ranked, walk_nodes
from splitship.policies.tables import IS_SHIP_COMPLETE, arrival_sequence, make_tables, plan_of
from splitship.units import Floats

WALK: Final = 0
FIRST_THAT_CAN: Final = 1
SMALLEST_COVER: Final = 2


def route_by_rule(instance: Instance, rule: int, option_key: Floats) -> Plan:
    """Route every order, in arrival order, by one of this module's rules.

    WALK: the nodes give what they have, by ascending key. FIRST_THAT_CAN: see `first_location`. SMALLEST_COVER: see
    `fewest_splits`. `option_key` [options] is the same for all options of an order at one
    node; ties are in the order of the nodes table.
    """
    left = instance.resources.capacity.copy()
    return plan_of(instance, [_route_orders(make_tables(instance), arrival_sequence(instance), rule, option_key, left)])


@njit(cache=True, nogil=True)
def _route_orders(t, sequence, rule, option_key, left):
    """Packages of the orders in `sequence`, routed by `rule` on what is `left` [rows], which shrinks."""
    draft = make_draft(np.int64(64), np.int64(256), widest_order(t))
    packages = make_packages(np.int64(1024), np.int64(2048))
    for order in sequence:
        starts = nodes_of_order(t, order)
        keys = np.empty(len(starts) - 1, np.float64)
        for i in range(len(keys)):
            keys[i] = option_key[starts[i]]
        chosen = np.ones(len(keys), np.bool_)
        if rule == SMALLEST_COVER:
            steps, stock = node_supply(t, order, starts, draft.row, left)
            chosen = smallest_cover(t, order, keys, steps, stock)
        ranking = ranked(keys)
        while True:
            missing = missing_steps(t, order)
            if rule == FIRST_THAT_CAN:
                is_done = first_that_can(t, draft, order, starts, missing, left)
            else:
                is_done = walk_nodes(t, draft, order, starts, ranking, chosen, missing, left)
            if is_done:
                break
            undo(t, draft, order, np.int64(0), left)
            draft = larger_draft(draft)
        if t.orders[IS_SHIP_COMPLETE, order] and missing.sum() > 0:
            undo(t, draft, order, np.int64(0), left)
        packages = commit(t, draft, order, packages)
    return packages
