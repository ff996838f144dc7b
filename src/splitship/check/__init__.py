"""The independent checker: feasibility, cost and certificate by code of its own."""
