"""`fewest_splits`: the smallest set of nodes that covers the order."""

from __future__ import annotations

from splitship.domain import Plan
from splitship.instance import Instance
from splitship.policies.distance import option_distances_if_any
from splitship.policies.routing import SMALLEST_COVER, route_by_rule


def route_with_fewest_splits(instance: Instance) -> Plan:
    """Every order takes the smallest set of nodes whose stock covers it, ties by the least mean distance.

    Orders in arrival order (`placed_at`, then id). A set covers an order when its nodes together have all units that
    any nodes have left for it (an unsplittable line only whole at one node). Sets are enumerated by size;
    of the smallest that cover, the one with the least mean distance wins, then the one first in the nodes table.
    Its nodes give what they have, nearest first, as in `nearest`. Where the set cannot in fact hold everything
    (weights, capacity in units, the order's limit of packages) the other nodes are walked, nearest first.
    An order whose limit of packages is smaller than any cover takes, one at a time, the node that adds most units;
    an order whose enumeration passes 200,000 branches takes the best cover found by then, or else does the same.
    A ship-complete order that does not come out whole ships nothing.

    Distance only breaks ties here. When no node, or no order, has coordinates, ties go to the set that stands first in
    the nodes table, and its nodes give in that order.

    Raises:
        InputError: coordinates are given for some nodes and orders, and not for others.
    """
    return route_by_rule(instance, SMALLEST_COVER, option_distances_if_any(instance, "fewest_splits"))
