"""`nearest`: walk the nodes by distance and take what is there."""

from __future__ import annotations

from splitship.domain import Plan
from splitship.instance import Instance
from splitship.policies.distance import option_distances, require_coordinates
from splitship.policies.routing import WALK, route_by_rule


def route_by_distance(instance: Instance) -> Plan:
    """Every order takes from the nearest node first: `priority` with great-circle distance in the place of `priority`.

    Orders in arrival order (`placed_at`, then id). For each order the nodes that can serve it are walked by ascending
    distance, ties in the order of the nodes table. Each node gives, line by line, as many units as it has (an
    unsplittable line only whole), until nothing is missing or the order has all its packages. A node's units go in
    one package as far as weight limits and ship-alone SKUs allow, by the service and day of least cost.
    Units that no node could take on this walk stay unfilled; a ship-complete order that does not come out
    whole ships nothing.

    Raises:
        InputError: nodes or orders without coordinates; every one is named (twenty of a kind).
    """
    require_coordinates(instance.problem, "nearest")
    return route_by_rule(instance, WALK, option_distances(instance))
