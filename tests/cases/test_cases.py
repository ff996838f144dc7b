"""Every feature in a scenario whose best plan is obvious by hand, solved in every way there is."""

from __future__ import annotations

from collections import Counter

import pytest

from cases.harness import CASES, texts_of
from cases.scene import Case
from oracles.brute import solve_by_enumeration
from oracles.columns import solve_by_milp
from oracles.plans import judge
from oracles.world import world_from_tables
from splitship.units import parse_micros

EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@EVERY_CASE
def test_brute_force_finds_the_hand_computed_optimum(case: Case) -> None:
    """The oracle itself agrees with the arithmetic in the comments."""
    world = world_from_tables(case.scene.tables, case.scene.settings)
    if "wide" in case.name:  # too many quantity vectors for plain enumeration
        assert solve_by_milp(world).cost == parse_micros(case.objective)
        return
    best = solve_by_enumeration(world)
    assert best.cost == parse_micros(case.objective)
    costs, wrong = judge(world, best.packages)
    assert (sum(costs.values()), wrong) == (best.cost, [])
    if case.packages is not None:
        assert texts_of(best.packages) == Counter(case.packages)
