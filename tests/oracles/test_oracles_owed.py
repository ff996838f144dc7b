"""Reserves of channels and plans before: oracles judged by hand and by each other."""

from __future__ import annotations

from datetime import date

import pytest

from oracles.agreement import assert_methods_agree
from oracles.brute import NoPlanError, TooManyPlansError, bound_at_prices, solve_by_enumeration
from oracles.columns import solve_by_milp
from oracles.generate import OWED, Row, Scenario, build, tiny_scenario
from oracles.reserves import Reserve, least_price, reserve_cost, reserves_of, ways_to_take
from oracles.supplies import supply
from oracles.world import World, world_from_problem, world_from_tables

FRIDAY = date(2026, 11, 27)
NUM_TINY = 84
APP, WEB = Reserve("app", 2, 1_000_000), Reserve("web", 3, None)


def owed_scenario(seed: int) -> Scenario:
    """A tiny scenario with reserves, with a plan before, or with both."""
    return tiny_scenario(
        seed, seed % 8 == 1, seed % 5 == 2, seed % 4 == 3, (("reserves",), ("plan_before",), tuple(OWED))[seed % 3]
    )


def _world(quantity: int = 4, before: tuple[Row, ...] = (), reserves: tuple[Row, ...] = (), **order: str) -> World:
    """Node A with nine K, of which three packages a day leave; an order of K."""
    rows = [{"order_id": "O", "line_id": "1", "node_id": "A", "service_id": "G", "ship_on": "2026-11-27"} | row
            for row in before]  # fmt: skip
    scenario: dict[str, list[Row]] = {
        "nodes": [{"node_id": "A", "max_packages_per_day": 3, "line_cost": "0.10"}],
        "skus": [{"sku_id": "K", "weight_kg": 1}],
        "services": [{"service_id": "G", "carrier": "C"}],
        "stock": [{"node_id": "A", "sku_id": "K", "on_hand": 9}],
        "lanes": [{"service_id": "G", "node_id": "A", "country": "US", "destination": "*", "zone": "1",
                   "transit_days": 2}],
        "rates": [{"service_id": "G", "zone": "1", "up_to_kg": 9, "price": 5}],
        "orders": [{"order_id": "O", "placed_at": "2026-11-27T08:00:00Z", "country": "US", "postal_code": "1"} | order],
        "order_lines": [{"order_id": "O", "line_id": "1", "sku_id": "K", "quantity": quantity}],
        "plan_before": rows,
        "channel_reserves": list(reserves),
    }  # fmt: skip
    objective = {"unfilled_unit": 20, "split": "0.5"}
    return world_from_tables(scenario, {"as_of": "2026-11-27T09:00:00Z", "objective": objective})


def test_costs_of_reserves_by_hand() -> None:
    """Of six units two are kept for the app at 1.00 and three for the web."""
    kept = (APP, WEB)
    assert reserve_cost(kept, 6, {None: 1}) == 0
    assert reserve_cost(kept, 6, {None: 2}) == 1_000_000
    assert reserve_cost(kept, 6, {None: 3}) == 2_000_000
    assert reserve_cost(kept, 6, {None: 4}) is None
    assert reserve_cost(kept, 6, {"app": 2, None: 1}) == 0
    assert reserve_cost(kept, 6, {"app": 1, None: 2}) == 1_000_000
    assert reserve_cost(kept, 6, {"app": 4}) is None
    assert reserve_cost(kept, 6, {"web": 5}) == 1_000_000


def test_reserves_in_force_by_hand() -> None:
    """Hard ones first, then the dearest, ties by channel; an SKU's own row in place of that for all."""
    rows = [
        ("A", None, "web", 2, None),
        ("A", "K", "web", 1, None),
        ("A", None, "app", 4, None),
        ("B", "K", "x", 1, None),
    ]
    found = reserves_of(rows, {("A", "K"): 3, ("A", "T"): 3, ("A", "U"): 0})
    assert found == {
        ("A", "K"): (Reserve("app", 3, None),),
        ("A", "T"): (Reserve("app", 3, None),),
    }
    found = reserves_of(
        [("A", None, "a", 2, None), ("A", None, "b", 2, None), ("A", None, "c", 2, None)], {("A", "K"): 3}
    )
    assert found["A", "K"] == (Reserve("a", 2, None), Reserve("b", 1, None))


def test_ways_and_prices_of_sets_by_hand() -> None:
    """A unit for the web draws on the sets without it, or pays for one of the app's."""
    assert ways_to_take((APP, WEB), "web") == [(0, (1,)), (1_000_000, ())]
    assert ways_to_take((APP, WEB), "shop") == [(0, (1, 2, 3)), (1_000_000, (2,))]
    # three for a shop: one is free, two pay; at 0.30 for the set of both that one pays too
    assert least_price((APP, WEB), 6, "shop", 3) == 2_000_000
    assert least_price((APP, WEB), 6, "shop", 3, ((3, 300_000),)) == 2_300_000
    assert least_price((APP, WEB), 6, "shop", 3, ((2, 300_000), (3, 1_500_000))) == 3_900_000
    assert least_price((APP, WEB), 6, "shop", 4) is None


def test_released_packages_by_hand() -> None:
    """Of four units one has left in a package, and with it a package of three and the free one of the order."""
    world = _world(before=({"quantity": 1, "state": "released"},))
    assert supply(world, ("node_packages", "A", FRIDAY)) == 2
    assert supply(world, ("stock", "A", "K")) == 8
    assert [line.quantity for line in world.orders[0].lines] == [3]
    assert solve_by_enumeration(world).cost == 5_000_000 + 100_000 + 500_000
    assert solve_by_enumeration(_world()).cost == 5_000_000 + 100_000


def test_lines_in_parts_by_hand() -> None:
    """Two promises of one unit and of two make three lines of four units: one package with 0.10 for each of them."""
    promises = ({"quantity": 1, "package_id": "b"}, {"quantity": 2, "package_id": "a"})
    world = _world(before=promises)
    order = world.orders[0]
    assert [(line.line_id, line.quantity) for line in order.lines] == [("1#1", 2), ("1#2", 1), ("1#3", 1)]
    assert [promise.lines for promise in order.promises] == [(0,), (1,)]
    assert solve_by_enumeration(world).cost == 5_000_000 + 300_000
    # prices of 2.00 and 1.00 on both: kept, they are no part of the bound; broken they are, and no less is proven
    assert bound_at_prices(world, {}, broken={("O", 0): 2_000_000, ("O", 1): 1_000_000}) == 5_300_000
    assert (
        bound_at_prices(world, {("stock", "A", "K"): 30_000_000}, broken={("O", 0): 2, ("O", 1): 1})
        == 80_000_003 - 270_000_000
    )


def test_promises_that_cannot_be_kept_leave_no_plan() -> None:
    """Two units of one order in two packages, of which it may have one."""
    before = ({"quantity": 1, "ship_on": "2026-11-27"}, {"quantity": 1, "ship_on": "2026-11-28"})
    for solve in (solve_by_enumeration, solve_by_milp):
        with pytest.raises(NoPlanError):
            solve(_world(2, before, max_packages="1"))


@pytest.mark.parametrize("batch", range(6))
def test_methods_agree_on_what_is_owed(batch: int) -> None:
    """Enumeration, the integer program and the judge."""
    worlds = []
    for seed in range(batch, NUM_TINY, 6):
        world = world_from_tables(*owed_scenario(seed))
        try:
            solve_by_enumeration(world)
        except NoPlanError:
            with pytest.raises(NoPlanError):
                solve_by_milp(world)
            continue
        except TooManyPlansError:
            pass
        worlds.append(world)
    assert len(worlds) >= 12
    assert_methods_agree(worlds)


@pytest.mark.parametrize("seed", range(0, NUM_TINY, 4))
def test_packs_and_problems_owe_alike(seed: int) -> None:
    """What is read from tables is what the project's problem says as given."""
    scenario = owed_scenario(seed)
    tables, problem = world_from_tables(*scenario), world_from_problem(build(scenario))
    assert (tables.reserves, tables.orders, tables.used) == (problem.reserves, problem.orders, problem.used)
    assert (tables.available, tables.arrivals) == (problem.available, problem.arrivals)


@pytest.mark.parametrize(("name", "table"), [("reserves", "channel_reserves"), ("plan_before", "plan_before")])
def test_what_is_owed_changes_plans(name: str, table: str) -> None:
    """In many scenarios the optimum is another one without it."""
    changed = 0
    for seed in range(60):
        tables, settings = tiny_scenario(seed, more=(name,))
        rest = {key: rows for key, rows in tables.items() if key != table}
        try:
            costs = [solve_by_enumeration(world_from_tables(one, settings)).cost for one in (tables, rest)]
        except (TooManyPlansError, NoPlanError):
            continue
        changed += costs[0] != costs[1]
    assert changed >= 10
