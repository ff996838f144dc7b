"""`first_location`: the first node of the list that can supply the whole order, else line by line."""

from __future__ import annotations

import numpy as np

from splitship.domain import Plan
from splitship.instance import Instance
from splitship.policies.routing import FIRST_THAT_CAN, route_by_rule


def route_to_first_location(instance: Instance) -> Plan:
    """Nodes are tried in the order of the nodes table, as in a sourcing list.

    Orders in arrival order (`placed_at`, then id).
    1. The first node that can supply the whole order takes it, in one package, or in as few more as weight limits and
       ship-alone SKUs require.
    2. If there is none, each line in turn goes whole to the first node that can take it, into the package that the
       order already has there when it fits and into a new one otherwise; a node that would need a package more
       than the order may have cannot take it.
    3. A splittable line that no single node can take whole is spread: the nodes give what they have, in table order.
    Packages go by the service and day of least cost. What found no place stays unfilled; a ship-complete order that
    does not come out whole ships nothing.
    """
    return route_by_rule(instance, FIRST_THAT_CAN, np.zeros(instance.num_options))
