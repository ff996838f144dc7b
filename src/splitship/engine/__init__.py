"""Prices, exact pricing and primal search: the way from an instance to a plan with a bound."""
