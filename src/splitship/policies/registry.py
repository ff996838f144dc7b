"""The policies by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from splitship.domain import Plan
from splitship.errors import UsageError
from splitship.instance import Instance
from splitship.policies.fewest_splits import route_with_fewest_splits
from splitship.policies.first_location import route_to_first_location
from splitship.policies.highest_stock_first import route_to_highest_stock
from splitship.policies.linking_lp import route_by_linking_lp
from splitship.policies.min_splits_ranked import route_by_covered_skus
from splitship.policies.nearest import route_by_distance
from splitship.policies.partitioned import route_in_partitions
from splitship.policies.per_order_optimal import route_each_optimally
from splitship.policies.priority import route_by_priority
from splitship.policies.promised import route_the_rest
from splitship.policies.single_then_multi import route_single_then_multi


@dataclass(frozen=True, slots=True)
class Policy:
    """A rule that routes a batch order by order: one line about it, and the function from an instance to a plan."""

    description: str
    route: Callable[[Instance], Plan]


POLICIES: Mapping[str, Policy] = MappingProxyType(
    {
        "first_location": Policy(
            "the first node of the table that can supply the whole order, else line by line from the first that can",
            route_to_first_location,
        ),
        "priority": Policy("walk the nodes by priority and take what is there", route_by_priority),
        "nearest": Policy("walk the nodes by distance and take what is there", route_by_distance),
        "highest_stock_first": Policy(
            "all or nothing: the whole order from the node with the highest stock of its SKUs", route_to_highest_stock
        ),
        "min_splits_ranked": Policy(
            "walk the nodes by how many of the order's SKUs each could supply in full, ranked once",
            route_by_covered_skus,
        ),
        "fewest_splits": Policy(
            "the smallest set of nodes that covers the order, ties by mean distance", route_with_fewest_splits
        ),
        "single_then_multi": Policy(
            "the nearest node that has the whole order, else walk the nodes by distance", route_single_then_multi
        ),
        "per_order_optimal": Policy(
            "each order in arrival order at least cost on the stock and capacity that are left", route_each_optimally
        ),
        "partitioned_1500": Policy(
            "the batch in arrival order cut into partitions of 1,500 lines, each solved jointly", route_in_partitions
        ),
        "linking_lp": Policy(
            "a linear program over the batch, rounded by one clock a node and repaired (Ma 2023); small batches only",
            route_by_linking_lp,
        ),
    }
)
"""All policies, in the order in which they are listed."""


def route(instance: Instance, name: str) -> Plan:
    """Route a batch by the policy `name`; the plan keeps every limit and is canonical.

    Raises:
        UsageError: there is no such policy, or the batch is too large for it (`linking_lp`).
        InputError: the policy ranks by distance and coordinates are missing.
    """
    if name not in POLICIES:
        close = get_close_matches(name, POLICIES, 1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise UsageError(f"unknown policy {name!r}: choose one of {', '.join(POLICIES)}{hint}")
    policy = POLICIES[name].route
    return route_the_rest(instance, policy) if len(instance.problem.promises) else policy(instance)
