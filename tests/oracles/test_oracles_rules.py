"""The oracles' rules and surcharges judged by numbers worked out by hand, and by each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from oracles.agreement import assert_methods_agree
from oracles.brute import Package, TooManyPlansError, bound_at_prices, solve_by_enumeration
from oracles.generate import ARRIVALS, RULES, RandomPicks, Row, Scenario, build, tiny_scenario, wide_scenario
from oracles.plans import judge
from oracles.rule_reading import cell_meets
from oracles.supplies import supply
from oracles.world import World, world_from_tables
from properties.changes import rule_changes, without_effects, without_surcharges
from splitship.packs.rule_refusals import RULE_FEATURES
from splitship.packs.schema import FEATURES

FRIDAY = date(2026, 11, 27)
DAY = timedelta(days=1)


def _tables() -> dict[str, list[Row]]:
    """Two nodes with plenty, a service for 5.00; O has two lines K and T of two units, P a line K of one."""
    return {
        "nodes": [{"node_id": "A", "kind": "store"}, {"node_id": "B", "kind": "dc"}],
        "skus": [{"sku_id": "K", "weight_kg": 1, "value": 10, "class": "hazmat"}, {"sku_id": "T", "weight_kg": 1}],
        "services": [{"service_id": "G", "carrier": "C"}],
        "stock": [{"node_id": node, "sku_id": sku, "on_hand": 9} for node in "AB" for sku in "KT"],
        "lanes": [{"service_id": "G", "node_id": node, "country": "US", "destination": "*", "zone": "1",
                   "transit_days": 2} for node in "AB"],
        "rates": [{"service_id": "G", "zone": "1", "up_to_kg": 9, "price": 5}],
        "orders": [{"order_id": order, "placed_at": "2026-11-27T08:00:00Z", "country": "US", "postal_code": "1"}
                   for order in "OP"],
        "order_lines": [
            {"order_id": "O", "line_id": "1", "sku_id": "K", "quantity": 2},
            {"order_id": "O", "line_id": "2", "sku_id": "T", "quantity": 2},
            {"order_id": "P", "line_id": "1", "sku_id": "K", "quantity": 1},
        ],
    }  # fmt: skip


def _scenario(*rules: Row, surcharges: list[Row] | None = None, horizon: int = 0) -> Scenario:
    named = [{"name": f"rule {number}"} | rule for number, rule in enumerate(rules)]
    settings = {
        "as_of": "2026-11-27T09:00:00Z",
        "objective": {"unfilled_unit": 20},
        "limits": {"horizon_days": horizon},
        "rules": named,
    }
    return _tables() | ({"surcharges": surcharges} if surcharges else {}), settings


def _judged(scenario: Scenario, *packages: tuple[str, str, dict[str, int], int]) -> tuple[int, int, list[str]]:
    """Shipping and rules of packages (order, node, units, days after Friday), and what is wrong."""
    made = [
        Package(order, FRIDAY + later * DAY, node, "G", tuple(units.items())) for order, node, units, later in packages
    ]
    costs, wrong = judge(world_from_tables(*scenario), made)
    return costs["shipping"], costs["rules"], wrong


HAZMAT: Row = {"where": {"sku": {"class": "hazmat"}, "node": {"kind": "store"}}}


def test_conditions_by_hand() -> None:
    """Values, lists, comparisons, patterns and negations; the empty cell."""
    assert cell_meets("class", "toy", "toy")
    assert cell_meets("class", ["toy", ""], "")
    assert not cell_meets("class", {"like": "t%z"}, "toy")
    assert cell_meets("class", {"like": "t%y"}, "toy")
    assert cell_meets("class", {"not": "toy"}, "")
    assert cell_meets("quantity", {"gt": 1, "le": 3, "not": 2}, "3")
    assert not cell_meets("quantity", {"gt": 1, "le": 3, "not": 2}, "2")
    assert cell_meets("quantity", "2.0", "2")
    assert not cell_meets("size", "2.0", "2")  # an attribute is text
    assert not cell_meets("size", {"ge": 1}, "")


def test_packages_with_a_forbidden_line_are_impossible() -> None:
    """K may not leave the store, with or without T; T may, and K from the other node; after the last day all may."""
    scenario = _scenario(HAZMAT | {"forbid": True, "until": "2026-11-27"}, horizon=1)
    _, _, wrong = _judged(scenario, ("O", "A", {"1": 1, "2": 1}, 0))
    assert "impossible" in wrong[0]
    for package in (("O", "A", {"2": 2}, 0), ("O", "B", {"1": 1, "2": 1}, 0), ("O", "A", {"1": 1, "2": 1}, 1)):
        assert _judged(scenario, package) == (5_000_000, 0, [])


def test_prices_by_hand() -> None:
    """1.00 a package, 0.10 a line, 0.01 a unit of K at the store; 0.001 for each line of anything, 2 and 1."""
    scenario = _scenario(
        HAZMAT | {"price": {"per_package": 1, "per_line": "0.1", "per_unit": "0.01"}}, {"price": {"per_line": "0.001"}}
    )
    assert _judged(scenario, ("O", "A", {"1": 2, "2": 2}, 0)) == (5_000_000, 1_120_000 + 2_000, [])
    assert _judged(scenario, ("O", "A", {"2": 2}, 0)) == (5_000_000, 1_000, [])
    assert _judged(scenario, ("O", "B", {"1": 2}, 0)) == (5_000_000, 1_000, [])
    assert _judged(scenario, ("O", "A", {"1": 1}, 0), ("P", "A", {"1": 1}, 0))[1] == 2 * 1_111_000


def test_surcharges_by_hand() -> None:
    """3.00 a package from the store, 1.5 % of K's value of 10.00 anywhere; both go to shipping."""
    surcharges: list[Row] = [
        {"name": "store", "per_package": 3, "share_of_value": "", "node.kind": "store", "sku.class": ""},
        {"name": "care", "per_package": "", "share_of_value": "0.015", "node.kind": "", "sku.class": "haz*"},
    ]
    scenario = _scenario(surcharges=surcharges)
    assert _judged(scenario, ("O", "A", {"1": 2, "2": 1}, 0)) == (5_000_000 + 3_000_000 + 300_000, 0, [])
    assert _judged(scenario, ("O", "B", {"1": 1}, 0)) == (5_000_000 + 150_000, 0, [])
    assert _judged(scenario, ("O", "B", {"2": 1}, 0)) == (5_000_000, 0, [])


@pytest.mark.parametrize(("per", "is_too_much"), [("day", False), ("batch", True)])
def test_quotas_by_hand(per: str, is_too_much: bool) -> None:
    """Two packages with K from the store, one of them tomorrow: a quota of 1 of the day allows it, of the batch not."""
    scenario = _scenario(HAZMAT | {"quota": {"packages": 1, "per": per}}, horizon=1)
    packages = (("O", "A", {"1": 2}, 0), ("P", "A", {"1": 1}, 1))
    assert bool(_judged(scenario, *packages)[2]) == is_too_much
    together = (("O", "A", {"1": 2, "2": 2}, 0), ("P", "A", {"1": 1}, 0))
    assert len(_judged(scenario, *together)[2]) == 1
    others = (("O", "A", {"1": 2}, 0), ("O", "A", {"2": 2}, 0), ("P", "B", {"1": 1}, 0))
    assert _judged(scenario, *others)[2] == []
    world = world_from_tables(*scenario)
    day = None if per == "batch" else FRIDAY
    assert supply(world, ("rule_quota", "rule 0", day)) == 1
    assert supply(world, ("rule_quota", "rule 0", FRIDAY if per == "batch" else None)) is None


def test_prices_of_quotas_enter_the_bound_by_hand() -> None:
    """Two orders for 5.00 each, from either node: a price on the store's packages drives them to the other node."""
    rule = {"quota": {"packages": 1, "per": "batch"}, "where": {"node": {"kind": "store"}}}
    everywhere = {"quota": {"packages": 1}, "from": "2026-11-27"}
    world = world_from_tables(*_scenario(rule, everywhere))
    batch, today = ("rule_quota", "rule 0", None), ("rule_quota", "rule 1", FRIDAY)
    assert bound_at_prices(world, {}) == 10_000_000
    assert bound_at_prices(world, {batch: 1_000_000}) == 10_000_000 - 1_000_000
    # One package a day: O ships for 5.00, P's 20.00 are left; at 15.00 both ways of P cost the same.
    assert solve_by_enumeration(world).cost == 25_000_000
    assert bound_at_prices(world, {today: 15_000_000}) == 20_000_000 + 20_000_000 - 15_000_000
    assert bound_at_prices(world, {today: 16_000_000}) == 21_000_000 + 20_000_000 - 16_000_000
    with pytest.raises(AssertionError):
        bound_at_prices(world, {("rule_quota", "rule 1", FRIDAY - DAY): 1})


def test_settings_take_the_strictest() -> None:
    """Of rules, tables and limits, the strictest; rules of other days, orders and SKUs say nothing."""
    scenario = _scenario(
        {"set": {"max_packages": 3, "max_transit_days": 4}},
        {"set": {"max_packages": 2, "max_distance_km": "12.5"}, "where": {"order": {"order_id": ["O", "X"]}}},
        {"set": {"max_packages": 1, "ship_complete": True}, "from": "2026-11-28"},
        {"set": {"ship_complete": True}, "where": {"order": {"order_id": {"not": "O"}}}},
        {"set": {"safety_stock": 4}, "where": HAZMAT["where"]},
        {"set": {"safety_stock": 2}},
    )
    scenario[0]["stock"][0] |= {"reserved": 1, "safety_stock": 3}  # K at A
    scenario[0]["stock"][3] |= {"safety_stock": 5}  # T at B
    world = world_from_tables(*scenario)
    assert [order.max_packages for order in world.orders] == [2, 3]
    assert [order.max_transit_days for order in world.orders] == [4, 4]
    assert [order.max_distance_km for order in world.orders] == [Fraction("12.5"), None]
    assert [order.is_ship_complete for order in world.orders] == [False, True]
    assert world.available == {("A", "K"): 4, ("A", "T"): 7, ("B", "K"): 7, ("B", "T"): 4}


# --- by each other ----------------------------------------------------------------------------


@pytest.mark.parametrize("with_days", [False, True])
def test_enumeration_agrees_with_an_integer_program(with_days: bool) -> None:
    """Two exact methods of different kinds find the same optimum, and the plan costs what it claims."""
    assert_methods_agree(world_from_tables(*tiny_scenario(seed, with_days, with_rules=True)) for seed in range(100))


def test_bound_at_any_prices_of_quotas_stays_below_the_optimum() -> None:
    """Weak duality with prices on quotas of rules; some make it better than none."""
    better = 0
    for seed in range(120):
        world = world_from_tables(*tiny_scenario(seed, with_rules=True))
        keys = _quotas(world)
        if not keys:
            continue
        try:
            optimum = solve_by_enumeration(world).cost
        except TooManyPlansError:
            continue
        free, picks = bound_at_prices(world, {}), RandomPicks(seed)
        for most in (500_000, 5_000_000, 30_000_000):
            bound = bound_at_prices(world, {key: picks.integer(0, most) for key in keys})
            assert bound <= optimum, seed
            better += bound > free
    assert better >= 3


def _quotas(world: World) -> list[tuple[Any, ...]]:
    days = [None, *(world.as_of.date() + later * DAY for later in range(4))]
    keys = [("rule_quota", rule.name, day) for rule in world.rules if not rule.is_surcharge for day in days]
    return [key for key in keys if supply(world, key) is not None]


# --- the generator ----------------------------------------------------------------------------


def test_features_have_the_names_of_the_packs() -> None:
    """Every feature that the oracles know is one that packs know; soft quotas are a part of rules."""
    assert {"rules", *RULE_FEATURES, *FEATURES} >= (RULES | ARRIVALS) - {"soft_quotas"}


def test_what_seeds_make_without_rules_comes_first() -> None:
    """Rules are drawn last: orders, lines, rates and lanes are those without them."""
    for seed in range(20):
        without, _ = tiny_scenario(seed, with_days=True)
        tables, _ = tiny_scenario(seed, with_days=True, with_rules=True)
        for name in ("rates", "lanes", "node_days", "service_quotas"):
            assert tables.get(name) == without.get(name)
        assert [row["order_id"] for row in tables["orders"]] == [row["order_id"] for row in without["orders"]]


def test_scenarios_with_rules_are_valid_packs() -> None:
    """The builder accepts them, every one."""
    for seed in range(100):
        assert len(build(tiny_scenario(seed, with_days=bool(seed % 2), with_rules=True)).rules) >= 1
    assert len(build(wide_scenario(3, with_rules=True)).orders) >= 1


WITHOUT: dict[str, Callable[[Scenario], list[Scenario]]] = {
    "forbid": lambda scenario: without_effects(scenario, "forbid"),
    "price": lambda scenario: without_effects(scenario, "price"),
    "quota": lambda scenario: without_effects(scenario, "quota"),
    "set": lambda scenario: without_effects(scenario, "set"),
    "surcharges": lambda scenario: [without_surcharges(scenario)],
    "conditions": lambda scenario: [_about_everything(scenario, "where")],
    "dates": lambda scenario: [_about_everything(scenario, "from", "until")],
}


def _about_everything(scenario: Scenario, *names: str) -> Scenario:
    """The rules without their conditions, or without their dates."""
    tables, settings = scenario
    rules = [{name: said for name, said in rule.items() if name not in names} for rule in settings["rules"]]
    return tables, settings | {"rules": rules}


@pytest.mark.parametrize("without", WITHOUT.values(), ids=list(WITHOUT))
def test_every_effect_matters_in_some_scenarios(without: Callable[[Scenario], list[Scenario]]) -> None:
    """Without it the optimum is another one in several scenarios: the generator is worth its runs."""
    changed = 0
    for seed in range(80):
        scenario = tiny_scenario(seed, with_days=bool(seed % 2), with_rules=True)
        for other in without(scenario):
            try:
                costs = [solve_by_enumeration(world_from_tables(*either)).cost for either in (scenario, other)]
            except TooManyPlansError:
                continue
            changed += costs[0] != costs[1]
    assert changed >= 5


@pytest.mark.parametrize(
    "name", ["ship_complete", "max_packages", "max_distance_km", "max_transit_days", "safety_stock"]
)
def test_everything_that_rules_set_matters_in_some_scenarios(name: str) -> None:
    """Without that setting the optimum is another one somewhere."""
    changed = 0
    for seed in range(160):
        scenario = tiny_scenario(seed, with_days=bool(seed % 2), with_rules=True)
        others = rule_changes(
            scenario, "set", lambda said: {thing: value for thing, value in said.items() if thing != name} or None
        )
        for other in others:
            if other[1]["rules"] == scenario[1]["rules"]:
                continue
            try:
                costs = [solve_by_enumeration(world_from_tables(*either)).cost for either in (scenario, other)]
            except TooManyPlansError:
                continue
            changed += costs[0] != costs[1]
    assert changed
