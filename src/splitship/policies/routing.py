# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Routing orders one after the other by a rule: the one loop behind the policies that follow a rule of thumb."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

from splitship.domain import Plan
from splitship.instance import Instance
from splitship.policies.cover import covered_skus, node_supply, smallest_cover
from splitship.policies.draft import commit, larger_draft, make_draft, make_packages, undo, widest_order
from splitship.policies.rules import (
    first_that_can,
    missing_steps,
    nodes_of_order,
    ranked,
    reranked,
    take_whole,
    walk_nodes,
)
from splitship.policies.shelves import make_shelves, no_shelves, take_from_shelves, units_for_order
from splitship.policies.tables import IS_SHIP_COMPLETE, NODE, arrival_sequence, make_tables, plan_of
from splitship.units import Floats

WALK: Final = 0
FIRST_THAT_CAN: Final = 1
SMALLEST_COVER: Final = 2
HIGHEST_STOCK: Final = 3
MOST_COVERED: Final = 4
SINGLE_THEN_WALK: Final = 5


def route_by_rule(instance: Instance, rule: int, option_key: Floats) -> Plan:
    """Route every order, in arrival order, by one of this module's rules.

    WALK: the nodes give what they have, by ascending key. FIRST_THAT_CAN: see `first_location`. SMALLEST_COVER: see
    `fewest_splits`. HIGHEST_STOCK: see `highest_stock_first`, keys are not used. MOST_COVERED: see
    `min_splits_ranked`, keys break ties. SINGLE_THEN_WALK: see `single_then_multi`. `option_key` [options] is the same
    for all options of an order at one node; ties are in the order of the nodes table.
    """
    left = instance.resources.capacity.copy()
    shelves = make_shelves(instance.problem) if rule == HIGHEST_STOCK else no_shelves()
    tables, sequence = make_tables(instance), arrival_sequence(instance)
    return plan_of(instance, [_route_orders(tables, sequence, rule, option_key, shelves, left)])


@njit(cache=True, nogil=True)
def _route_orders(t, sequence, rule, option_key, shelves, left):
    """Packages of the orders in `sequence`, routed by `rule` on what is `left` [rows], which shrinks."""
    draft = make_draft(np.int64(64), np.int64(256), widest_order(t))
    packages = make_packages(np.int64(1024), np.int64(2048))
    for order in sequence:
        starts = nodes_of_order(t, order)
        keys = np.empty(len(starts) - 1, np.float64)
        for i in range(len(keys)):
            keys[i] = option_key[starts[i]]
            if rule == HIGHEST_STOCK:
                keys[i] = -units_for_order(t, shelves, order, t.options[NODE, starts[i]])
        ranking = ranked(keys)
        chosen = np.ones(len(keys), np.bool_)
        if rule in (SMALLEST_COVER, MOST_COVERED):
            steps, stock = node_supply(t, order, starts, draft.row, left)
            if rule == SMALLEST_COVER:
                chosen = smallest_cover(t, order, keys, steps, stock)
            else:
                ranking = reranked(ranking, -covered_skus(t, order, steps, stock))
        while True:
            missing = missing_steps(t, order)
            if rule == FIRST_THAT_CAN:
                is_done = first_that_can(t, draft, order, starts, missing, left)
            elif rule == HIGHEST_STOCK:
                is_done = take_whole(t, draft, order, starts, ranking, missing, left) >= 0
            elif rule == SINGLE_THEN_WALK:
                is_done = take_whole(t, draft, order, starts, ranking, missing, left) >= 0 and walk_nodes(
                    t, draft, order, starts, ranking, chosen, missing, left
                )
            else:
                is_done = walk_nodes(t, draft, order, starts, ranking, chosen, missing, left)
            if is_done:
                break
            undo(t, draft, order, np.int64(0), left)
            draft = larger_draft(draft)
        if t.orders[IS_SHIP_COMPLETE, order] and missing.sum() > 0:
            undo(t, draft, order, np.int64(0), left)
        if rule == HIGHEST_STOCK:
            take_from_shelves(t, shelves, draft, order)
        packages = commit(t, draft, order, packages)
    return packages
