"""Shares of nodes and committed volumes: oracles judged by hand and by each other."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from oracles.agreement import assert_methods_agree
from oracles.brute import Package, TooManyPlansError, bound_at_prices, solve_by_enumeration
from oracles.columns import solve_by_milp
from oracles.generate import RandomPicks, Row, Scenario, build, tiny_scenario
from oracles.generate_steering import with_steering
from oracles.plans import judge
from oracles.steering import Steering
from oracles.world import World, world_from_problem, world_from_tables

FRIDAY = date(2026, 11, 27)
DAY = timedelta(days=1)
NUM_TINY = 90


def steered_scenario(seed: int) -> Scenario:
    """A tiny scenario with shares, with committed volumes, or with both."""
    scenario = tiny_scenario(seed, with_days=seed % 8 == 1, with_rules=seed % 5 == 2)
    return with_steering(RandomPicks(9000 + seed), scenario, seed % 3 != 1, seed % 3 != 2)


def _world(nodes: tuple[Row, Row] = ({}, {}), quotas: tuple[Row, ...] = (), **limits: int) -> World:
    """Nodes A and B with nine K each; G costs 5.00; an order of 4 K; a unit that stays costs 20.00."""
    scenario: dict[str, list[Row]] = {
        "nodes": [{"node_id": node} | more for node, more in zip("AB", nodes, strict=True)],
        "skus": [{"sku_id": "K", "weight_kg": 1}],
        "services": [{"service_id": "G", "carrier": "C", "ship_days": "1111101"}],
        "stock": [{"node_id": node, "sku_id": "K", "on_hand": 9} for node in "AB"],
        "lanes": [{"service_id": "G", "node_id": node, "country": "US", "destination": "*", "zone": "1",
                   "transit_days": 2} for node in "AB"],
        "rates": [{"service_id": "G", "zone": "1", "up_to_kg": 9, "price": 5}],
        "orders": [{"order_id": "O", "placed_at": "2026-11-27T08:00:00Z", "country": "US", "postal_code": "1"}],
        "order_lines": [{"order_id": "O", "line_id": "1", "sku_id": "K", "quantity": 4}],
        "service_quotas": [{"service_id": "G", "max_packages": 9} | row for row in quotas],
    }  # fmt: skip
    return world_from_tables(
        scenario, {"as_of": "2026-11-27T09:00:00Z", "objective": {"unfilled_unit": 20}, "limits": limits}
    )


def _package(units: int, node: str = "A") -> Package:
    return Package("O", FRIDAY, node, "G", (("1", units),))


def _soft(world: World, *packages: Package) -> int:
    costs, wrong = judge(world, packages)
    assert not wrong
    return costs["soft"]


def test_shares_by_hand() -> None:
    """A should ship 0.7 of all at 3.00, B 0.1 at half a micro: of 4 units 2.8 and 0.4."""
    world = _world(({"target_share": "0.7", "share_price": "3"}, {"target_share": "0.1", "share_price": "0.000001"}))
    assert _soft(world, _package(4)) == 3_600_000 + 0
    assert _soft(world, _package(3), _package(1, "B")) == 600_000 + 1
    assert _soft(world, _package(4, "B")) == 8_400_000 + 4
    assert _soft(world) == 0


def test_volumes_by_hand() -> None:
    """Two packages on Friday at 1.50; on other days three, of which Saturday is none on which the service collects."""
    rows = (
        {"date": "2026-11-27", "min_packages": 2, "shortfall_price": "1.50"},
        {"min_packages": 3, "shortfall_price": "1"},
    )
    assert _soft(_world(quotas=rows), _package(4)) == 1_500_000
    world = _world(quotas=rows, horizon_days=2)
    assert world.steering.committed == {
        ("G", FRIDAY): (2, 1_500_000), ("G", FRIDAY + 2 * DAY): (3, 1_000_000)
    }  # fmt: skip
    assert _soft(world, _package(2), _package(1), _package(1)) == 3_000_000


def test_optima_by_hand() -> None:
    """Half the units of B pay: a second package for 5.00 saves 2 x 3.00 of the share; the same for a commitment."""
    world = _world(({"target_share": "0.5", "share_price": "3"}, {}))
    assert solve_by_enumeration(world).cost == 10_000_000
    assert solve_by_milp(world).cost == 10_000_000
    dear = _world(({"target_share": "0.5", "share_price": "2"}, {}))
    assert solve_by_enumeration(dear).cost == 9_000_000
    rows = ({"min_packages": 2, "shortfall_price": "6"},)
    assert solve_by_enumeration(_world(quotas=rows)).cost == 10_000_000


def test_bounds_by_hand() -> None:
    """At -1.00 units from A pay -0.50 and from B 0.50: 5.00 - 2.00 - a micro; a package at -2.00, and 2 x 2.00."""
    world = _world(({"target_share": "0.5", "share_price": "3"}, {}))
    assert bound_at_prices(world, {("node_share", "A"): -1_000_000}) == 3_000_000 - 1
    assert bound_at_prices(world, {("node_share", "A"): 0}) == 5_000_000
    volume = _world(quotas=({"min_packages": 2, "shortfall_price": "3"},))
    assert bound_at_prices(volume, {("service_commitment", "G", FRIDAY): -2_000_000}) == 3_000_000 + 4_000_000


def test_costs_of_steering_are_rounded_to_the_even_micro() -> None:
    """Each node once."""
    steering = Steering({"A": (Fraction(1, 2), 1), "B": (Fraction(1, 2), 3)}, {})
    assert steering.cost({"A": 1}, {}) == 0 + 2
    assert steering.cost({"A": 3}, {}) == 2 + 4
    assert steering.unit_price("A", {("node_share", "A"): 1}) == 1 - 1
    assert steering.unit_price("B", {("node_share", "A"): -1}) == 0


@pytest.mark.parametrize("batch", range(6))
def test_methods_agree_when_plans_are_steered(batch: int) -> None:
    """Enumeration, the integer program and the judge."""
    assert_methods_agree([world_from_tables(*steered_scenario(seed)) for seed in range(batch, NUM_TINY, 6)], 5)


@pytest.mark.parametrize("seed", range(0, NUM_TINY, 3))
def test_packs_and_problems_steer_alike(seed: int) -> None:
    """What is read from tables is what the project's problem says."""
    scenario = steered_scenario(seed)
    tables, problem = world_from_tables(*scenario), world_from_problem(build(scenario))
    assert tables.steering == problem.steering


def test_steering_changes_plans() -> None:
    """Many scenarios get dearer, and of most the best plan without steering is not the best with it."""
    dearer = other = 0
    for seed in range(0, NUM_TINY, 2):
        scenario = steered_scenario(seed)
        free = tiny_scenario(seed, with_days=seed % 8 == 1, with_rules=seed % 5 == 2)
        try:
            best, before = (solve_by_enumeration(world_from_tables(*one)) for one in (scenario, free))
        except TooManyPlansError:
            continue
        dearer += best.cost > before.cost
        costs, wrong = judge(world_from_tables(*scenario), before.packages)
        other += not wrong and sum(costs.values()) > best.cost
    assert dearer > NUM_TINY / 4
    assert other > 4
