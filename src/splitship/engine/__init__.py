"""Prices, exact pricing and primal search: the way from an instance to a plan with a bound."""

from splitship.engine.solve import Answer as Answer
from splitship.engine.solve import solve as solve

__all__ = ["Answer", "solve"]
