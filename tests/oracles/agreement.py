"""Two exact methods of different kinds, held against each other on the same worlds."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from oracles.brute import TooManyPlansError, bound_at_prices, solve_by_enumeration
from oracles.columns import solve_by_milp
from oracles.plans import judge
from oracles.world import World


def assert_methods_agree(worlds: Iterable[World], most_skipped: int = 2) -> None:
    """Enumeration and an integer program find the same optimum, and the plan costs what it claims; two worlds at most,
    or so many, have too many plans."""
    skipped = 0
    for seed, world in enumerate(worlds):
        try:
            best = solve_by_enumeration(world)
        except TooManyPlansError:
            skipped += 1
            continue
        costs, wrong = judge(world, best.packages)
        assert (wrong, sum(costs.values())) == ([], best.cost), f"seed {seed}"
        assert solve_by_milp(world).cost == pytest.approx(best.cost, rel=1e-8, abs=1), f"seed {seed}"
        assert bound_at_prices(world, {}) <= best.cost, f"seed {seed}"
    assert skipped <= most_skipped
