"""`min_splits_ranked`: walk the nodes by how many of the order's SKUs each could supply in full."""

from __future__ import annotations

from splitship.domain import Plan
from splitship.instance import Instance
from splitship.policies.distance import option_distances_if_any
from splitship.policies.routing import MOST_COVERED, route_by_rule


def route_by_covered_skus(instance: Instance) -> Plan:
    """Every order takes first from the node that could supply most of its SKUs in full.

    Orders in arrival order (`placed_at`, then id). For each order the nodes are ranked once: by the number of its SKUs
    of which the node, on what earlier orders left, has every unit that is ordered; ties by distance where there are
    coordinates, then in the order of the nodes table. The ranking looks at the full demand and is not computed again
    when a node has given its part, so the second node may well hold what is no longer missing (which `fewest_splits`
    avoids). In that ranking each node gives, line by line, what it has, also of SKUs it cannot supply in full,
    until nothing is missing or the order has all its packages. A ship-complete order that does not come out
    whole ships nothing.

    Distance only breaks ties here. When no node, or no order, has coordinates, ties are in the order of the table.

    Raises:
        InputError: coordinates are given for some nodes and orders, and not for others.
    """
    return route_by_rule(instance, MOST_COVERED, option_distances_if_any(instance, "min_splits_ranked"))
