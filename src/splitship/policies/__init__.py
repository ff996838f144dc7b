"""Rule-based routing as order management systems do it, one file a policy: baselines for the joint plan."""

from splitship.policies.linking_lp import route_by_linking_lp as route_by_linking_lp
from splitship.policies.partitioned import route_in_partitions as route_in_partitions
from splitship.policies.registry import POLICIES as POLICIES
from splitship.policies.registry import Policy as Policy
from splitship.policies.registry import route as route

__all__ = ["POLICIES", "Policy", "route", "route_by_linking_lp", "route_in_partitions"]
