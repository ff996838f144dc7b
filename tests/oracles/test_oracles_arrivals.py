"""The oracles' stock over time and soft quotas judged by numbers worked out by hand, and by each other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from oracles.agreement import assert_methods_agree
from oracles.brute import Package, TooManyPlansError, bound_at_prices, solve_by_enumeration
from oracles.generate import Row, build, tiny_scenario, wide_scenario
from oracles.plans import judge
from oracles.supplies import supply
from oracles.world import World, world_from_tables
from properties.changes import without_arrivals

FRIDAY = date(2026, 11, 27)
DAY = timedelta(days=1)


def _world(inbound: list[Row], rules: list[Row] | None = None, on_hand: int = 1) -> World:
    """A node with some K, a service for 5.00, three days; orders O and P of two units each, 20.00 a unit left."""
    tables: dict[str, list[Row]] = {
        "nodes": [{"node_id": "A", "kind": "store"}],
        "skus": [{"sku_id": "K", "weight_kg": 1}],
        "services": [{"service_id": "G", "carrier": "C"}],
        "stock": [{"node_id": "A", "sku_id": "K", "on_hand": on_hand}],
        "lanes": [{"service_id": "G", "node_id": "A", "country": "US", "destination": "*", "zone": "1",
                   "transit_days": 2}],
        "rates": [{"service_id": "G", "zone": "1", "up_to_kg": 9, "price": 5}],
        "orders": [{"order_id": order, "placed_at": "2026-11-27T08:00:00Z", "country": "US", "postal_code": "1"}
                   for order in "OP"],
        "order_lines": [{"order_id": order, "line_id": "1", "sku_id": "K", "quantity": 2} for order in "OP"],
        "inbound": inbound,
    }  # fmt: skip
    settings: dict[str, Any] = {
        "as_of": "2026-11-27T09:00:00Z",
        "objective": {"unfilled_unit": 20},
        "limits": {"horizon_days": 2},
        "rules": [{"name": f"rule {number}"} | rule for number, rule in enumerate(rules or [])],
    }
    return world_from_tables(tables, settings)


def _coming(later: int, quantity: int) -> Row:
    day = (FRIDAY + later * DAY).isoformat()
    return {"node_id": "A", "sku_id": "K", "quantity": quantity, "available_on": day}


def _package(order: str, units: int, later: int) -> Package:
    return Package(order, FRIDAY + later * DAY, "A", "G", (("1", units),))


def test_units_are_there_from_the_day_on_which_they_arrive() -> None:
    """One lies there, one comes on Saturday and two on Sunday: what is there until each day, and at last."""
    world = _world([_coming(1, 1), _coming(2, 2)])
    totals = [supply(world, ("stock_until", "A", "K", FRIDAY + later * DAY)) for later in (-1, 0, 1, 2, 9)]
    assert totals == [1, 1, 2, 4, 4]
    assert supply(world, ("stock", "A", "K")) == 4
    assert supply(world, ("stock_until", "A", "T", FRIDAY)) == 0


@pytest.mark.parametrize(
    ("packages", "faults"),
    [
        ([("O", 1, 0), ("P", 1, 1)], 0),
        ([("O", 1, 0), ("P", 2, 2)], 0),
        ([("O", 2, 1), ("P", 2, 2)], 0),
        ([("O", 1, 0), ("P", 1, 0)], 1),  # two on Friday, of one
        ([("O", 1, 0), ("P", 2, 1)], 1),  # three until Saturday, of two
        ([("O", 1, 0), ("P", 1, 0), ("O", 1, 1)], 2),  # and until Saturday three
        ([("O", 2, 0)], 1),  # a package that cannot be
    ],
)
def test_units_that_leave_too_early_are_told(packages: list[tuple[str, int, int]], faults: int) -> None:
    """Every ship day on which more has left than was there by then."""
    _, wrong = judge(_world([_coming(1, 1), _coming(2, 2)]), [_package(*package) for package in packages])
    assert len(wrong) == faults, wrong


def test_prices_of_totals_enter_the_bound_by_hand() -> None:
    """A unit pays the prices of its own day's total and of all later ones, beside that of the stock."""
    world = _world([_coming(1, 3)], on_hand=2)
    until = {later: ("stock_until", "A", "K", FRIDAY + later * DAY) for later in (-1, 0, 1, 5)}
    # Two orders for 5.00 each; Friday's total is 2, which they leave to later days rather than pay for.
    assert bound_at_prices(world, {}) == 10_000_000
    assert bound_at_prices(world, {until[0]: 1_000_000}) == 10_000_000 - 2_000_000
    assert bound_at_prices(world, {until[-1]: 1_000_000}) == 10_000_000 - 2_000_000
    # All four units pay for Sunday's and for a later total of 5 and the stock of 5: 4 x (1 + 2 + 4) - 5 x (1 + 2 + 4).
    prices = {until[1]: 8_000_000, until[5]: 2_000_000, ("stock", "A", "K"): 4_000_000}
    assert bound_at_prices(world, prices) == 10_000_000 + 4 * 6_000_000 - 5 * 14_000_000
    assert bound_at_prices(world, {("stock", "A", "K"): 4_000_000}) == 10_000_000 + 16_000_000 - 20_000_000


def test_excess_by_hand() -> None:
    """Three packages, a quota of 1 a day at 1.25 each beyond it, one of the batch of 2 at 0.50, one of none at 0.10."""
    rules: list[Row] = [
        {"quota": {"packages": 1, "price_over": "1.25"}},
        {"quota": {"packages": 2, "price_over": "0.5", "per": "batch"}},
        {"quota": {"packages": 0, "price_over": "0.1"}},
    ]
    world = _world([], rules, on_hand=9)
    costs, wrong = judge(world, [_package("O", 1, 0), _package("O", 1, 0), _package("P", 2, 1)])
    assert (wrong, costs["soft"], costs["rules"]) == ([], 1_250_000 + 500_000, 300_000)
    # Two packages, one each day or both for 1.25: days cost nothing here.
    assert solve_by_enumeration(world).cost == 10_000_000 + 200_000
    assert supply(world, ("rule_quota", "rule 0", FRIDAY)) == 1
    assert supply(world, ("rule_quota", "rule 2", FRIDAY)) is None


def test_prices_of_soft_quotas_enter_the_bound_by_hand() -> None:
    """A package pays no more for a quota than what being beyond it costs; the quota is worth its whole price."""
    world = _world([], [{"quota": {"packages": 1, "price_over": "1.25", "per": "batch"}}], on_hand=9)
    key = ("rule_quota", "rule 0", None)
    assert bound_at_prices(world, {key: 1_250_000}) == 10_000_000 + 2 * 1_250_000 - 1_250_000
    assert bound_at_prices(world, {key: 1_250_000}) == solve_by_enumeration(world).cost
    assert bound_at_prices(world, {key: 3_000_000}) == 10_000_000 + 2 * 1_250_000 - 3_000_000


@pytest.mark.parametrize(("with_days", "with_rules"), [(False, False), (True, False), (False, True), (True, True)])
def test_enumeration_agrees_with_an_integer_program(with_days: bool, with_rules: bool) -> None:
    """Two exact methods of different kinds find the same optimum, and the plan costs what it claims."""
    assert_methods_agree(
        world_from_tables(*tiny_scenario(seed, with_days, with_rules, with_arrivals=True)) for seed in range(60)
    )


def test_what_seeds_make_without_arrivals_comes_first() -> None:
    """Arrivals are drawn last: lines, rates and rules are those without them."""
    for seed in range(20):
        tables, settings = tiny_scenario(seed, with_days=True, with_rules=True)
        more, changed = tiny_scenario(seed, with_days=True, with_rules=True, with_arrivals=True)
        for name in ("order_lines", "rates", "lanes", "node_days", "surcharges"):
            assert more.get(name) == tables.get(name)
        assert changed["rules"] == settings["rules"]


def test_scenarios_with_arrivals_are_valid_packs() -> None:
    """The builder accepts them, every one; some arrive where nothing lies."""
    bare = 0
    for seed in range(60):
        scenario = tiny_scenario(seed, with_days=bool(seed % 2), with_rules=seed % 3 == 0, with_arrivals=True)
        problem = build(scenario)
        assert len(problem.inbound) == len(scenario[0]["inbound"]) > 0
        bare += len(problem.stock) > len(problem.as_given.stock)
    assert bare >= 5
    assert len(build(wide_scenario(3, with_arrivals=True)).inbound) >= 1


def test_arrivals_matter_in_many_scenarios() -> None:
    """Without one of them the optimum is another one: the generator is worth its runs."""
    changed = 0
    for seed in range(60):
        scenario = tiny_scenario(seed, with_arrivals=True)
        for other in without_arrivals(scenario):
            try:
                costs = [solve_by_enumeration(world_from_tables(*either)).cost for either in (scenario, other)]
            except TooManyPlansError:
                continue
            changed += costs[0] != costs[1]
    assert changed >= 20
