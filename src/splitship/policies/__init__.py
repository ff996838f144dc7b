"""Rule-based routing as order management systems do it, one file a policy: baselines for the joint plan."""

from splitship.policies.registry import POLICIES as POLICIES
from splitship.policies.registry import Policy as Policy
from splitship.policies.registry import route as route

__all__ = ["POLICIES", "Policy", "route"]
