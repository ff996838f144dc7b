"""Prices, exact pricing and primal search: the way from an instance to a plan with a bound."""

from splitship.engine.solve import Answer as Answer
from splitship.engine.solve import solve as solve
from splitship.engine.steering import find_steering as find_steering

__all__ = ["Answer", "find_steering", "solve"]
