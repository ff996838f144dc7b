"""`highest_stock_first`: the whole order from the node that holds most of what it asks for, or nothing."""

from __future__ import annotations

import numpy as np

from splitship.domain import Plan
from splitship.instance import Instance
from splitship.policies.routing import HIGHEST_STOCK, route_by_rule


def route_to_highest_stock(instance: Instance) -> Plan:
    """All or nothing: every order goes whole to the node with the highest stock of its SKUs, else stays unfilled.

    Orders in arrival order (`placed_at`, then id). A node's stock for an order is the sum, over the order's SKUs
    (each once), of all units of the SKU that are available there and not yet taken by earlier orders; not
    only as many as the order asks for. Of the nodes that can supply the whole order the one with most stock takes it,
    ties in the order of the nodes table: in one package, or in as few more as weight limits and ship-alone SKUs
    require, each by the service and day of least cost. Where no node can, nothing of the order ships, splittable or
    not.
    """
    return route_by_rule(instance, HIGHEST_STOCK, np.zeros(instance.num_options))
