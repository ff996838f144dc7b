"""`single_then_multi`: the nearest node that has everything, else walk the nodes by distance."""

from __future__ import annotations

from splitship.domain import Plan
from splitship.instance import Instance
from splitship.policies.distance import option_distances, require_coordinates
from splitship.policies.routing import SINGLE_THEN_WALK, route_by_rule


def route_single_then_multi(instance: Instance) -> Plan:
    """One node for the whole order where one can, the nearest of those; else the nodes by distance.

    Orders in arrival order (`placed_at`, then id).
    1. The nearest node that can supply the whole order takes it, in one package or in as few more as weight limits and
       ship-alone SKUs require. Limits of the order (packages, distance, transit days) hold as everywhere.
    2. If there is none, the nodes are walked by ascending distance, ties in the order of the nodes table, and each
       gives, line by line, what it has, as in `nearest`.
    The daily caps are the capacities of nodes and of their services in packages and units a ship day. The minimum
    stock is the pack's `safety_stock`: no plan touches it, here or elsewhere; a second one for this rule alone cannot
    be given. A ship-complete order that does not come out whole ships nothing.

    Raises:
        InputError: nodes or orders without coordinates; every one is named (twenty of a kind).
    """
    require_coordinates(instance.problem, "single_then_multi")
    return route_by_rule(instance, SINGLE_THEN_WALK, option_distances(instance))
