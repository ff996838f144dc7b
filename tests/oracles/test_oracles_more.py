"""Pick-up, kits, substitutes, prices of stock, least values, rejections: oracles judged by hand and by each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from oracles.agreement import assert_methods_agree
from oracles.brute import Package, TooManyPlansError, bound_at_prices, solve_by_enumeration
from oracles.columns import solve_by_milp
from oracles.generate import MORE, OF_WIDE, Row, Scenario, build, tiny_scenario, wide_scenario
from oracles.plans import judge
from oracles.supplies import supply
from oracles.world import World, world_from_problem, world_from_tables

FRIDAY = date(2026, 11, 27)
DAY = timedelta(days=1)
EVERY_FEATURE = pytest.mark.parametrize("name", MORE)


def _world(order_lines: list[Row], **tables: list[Row]) -> World:
    """Nodes A and B with nine units of K, T and U each; G costs 5.00; order O of some lines."""
    nodes = [{"node_id": "A", "unit_cost": "0.10"}, {"node_id": "B", "max_packages_per_day": 1}]
    scenario: dict[str, list[Row]] = {
        "nodes": nodes,
        "skus": [{"sku_id": sku, "weight_kg": 1, "value": value} for sku, value in (("K", 10), ("T", 4), ("U", 1))],
        "services": [{"service_id": "G", "carrier": "C"}],
        "stock": [{"node_id": node, "sku_id": sku, "on_hand": 9} for node in "AB" for sku in "KTU"],
        "lanes": [{"service_id": "G", "node_id": node, "country": "US", "destination": "*", "zone": "1",
                   "transit_days": 2} for node in "AB"],
        "rates": [{"service_id": "G", "zone": "1", "up_to_kg": 9, "price": 5}],
        "orders": [{"order_id": "O", "placed_at": "2026-11-27T08:00:00Z", "country": "US", "postal_code": "1"}],
        "order_lines": [{"order_id": "O", "line_id": str(at + 1)} | row for at, row in enumerate(order_lines)],
    }  # fmt: skip
    settings = {"as_of": "2026-11-27T09:00:00Z", "objective": {"unfilled_unit": 20}, "limits": {}}
    return world_from_tables(scenario | tables, settings)


def _package(units: dict[str, int], node: str = "A", service: str = "G", later: int = 0) -> Package:
    return Package("O", FRIDAY + later * DAY, node, service, tuple(units.items()))


def _judged(world: World, *packages: Package) -> tuple[dict[str, int], int]:
    """Costs by term that are not 0, and how much is wrong."""
    costs, wrong = judge(world, packages)
    return {term: cost for term, cost in costs.items() if cost}, len(wrong)


# --- by hand ----------------------------------------------------------------------------------


PICKED = {"mode": "pickup", "pickup_node": "B"}
MOVED = {"from_node_id": "A", "to_node_id": "B", "days": 1, "cost_per_package": "2", "cost_per_unit": "0.0000005"}


def test_transfers_by_hand() -> None:
    """2.00 a package and half a micro a unit, to the even one; what is picked up goes by its own services only."""
    world = _world([{"sku_id": "K", "quantity": 2} | PICKED, {"sku_id": "T", "quantity": 1}], transfers=[MOVED])
    assert sorted(world.services) == ["G", "pickup:B", "transfer:A:B"]
    moved, brought = _package({"1": 2}, service="transfer:A:B"), _package({"2": 1})
    assert _judged(world, moved, brought) == ({"shipping": 7_000_000, "handling": 300_000}, 0)
    assert _judged(world, _package({"1": 2}, "B", "pickup:B"), brought)[0]["shipping"] == 5_000_000
    assert _judged(world, _package({"1": 2, "2": 1}, service="transfer:A:B"))[1] == 1
    assert _judged(world, _package({"1": 2}))[1] == 1
    assert _judged(world, _package({"2": 1}, "B", "pickup:B"))[1] == 1
    service = world.services["transfer:A:B"]
    assert service.way is not None
    services = world.services | {"transfer:A:B": replace(service, way=replace(service.way, per_unit=3))}
    assert _judged(replace(world, services=services, memo={}), moved)[0]["shipping"] == 2_000_006


def test_receiving_by_hand() -> None:
    """B has room for one package a day: what comes on Saturday leaves none of that day's for a package of its own."""
    world = _world([{"sku_id": "K", "quantity": 2} | PICKED, {"sku_id": "T", "quantity": 2}], transfers=[MOVED])
    world = replace(world, horizon_days=1, memo={})
    moved = _package({"1": 1}, service="transfer:A:B")
    assert _judged(world, moved, _package({"2": 1}, "B", later=0))[1] == 0
    assert _judged(world, moved, _package({"2": 1}, "B", later=1))[1] == 1
    assert _judged(world, moved, moved)[1] == 1
    assert _judged(world, moved, _package({"1": 1}, "B", "pickup:B", later=1))[1] == 1
    # A price on Saturday at B is paid by what arrives then: 40.00 for what is left is dearer than 2.00 + 3.00 each way.
    price = {("node_packages", "B", FRIDAY + DAY): 3_000_000}
    only = _world([{"sku_id": "K", "quantity": 1} | PICKED], transfers=[MOVED])
    none = replace(only, available={("A", "K"): 1}, memo={})
    assert bound_at_prices(none, {}) == 2_100_000
    assert bound_at_prices(none, price) == 2_100_000 + 3_000_000 - 3_000_000


KIT = [
    {"kit_sku_id": "S", "sku_id": "K", "quantity": 2},
    {"kit_sku_id": "S", "sku_id": "T", "quantity": 1},
]


def _kits(together: bool) -> World:
    """Two kits of two K and one T, 7.000001 each when unfilled."""
    skus = [{"sku_id": sku, "weight_kg": 1, "value": value} for sku, value in (("K", 10), ("T", 4), ("S", 90))]
    line = {"sku_id": "S", "quantity": 2, "unfilled_cost": "7.000001"}
    return _world([line], skus=skus, kits=[row | {"together": str(together).lower()} for row in KIT])


def test_kits_by_hand() -> None:
    """T, of which there is one in a kit, is the head; both components ship as often, together in every package."""
    world = _kits(together=True)
    head, other = world.orders[0].lines
    assert (head.line_id, head.quantity, head.unfilled_cost, head.value) == ("1/T", 2, 7_000_001, 4)
    assert (other.line_id, other.quantity, other.unfilled_cost, other.value) == ("1/K", 4, 0, 10)
    assert _judged(world) == ({"unfilled": 14_000_002}, 0)
    one = _package({"1/T": 1, "1/K": 2})
    assert _judged(world, one)[0]["unfilled"] == 7_000_001
    assert _judged(world, one, one)[1] == 0
    for units in ({"1/T": 1}, {"1/T": 1, "1/K": 1}, {"1/T": 1, "1/K": 3}, {"1/T": 2, "1/K": 2}):
        assert _judged(world, _package(units))[1] >= 1
    torn = (_package({"1/T": 1}), _package({"1/K": 2}, "B"))
    assert _judged(world, *torn)[1] == 2
    assert _judged(_kits(together=False), *torn)[1] == 0
    assert _judged(_kits(together=False), torn[0])[1] == 1


def test_head_of_a_kit_with_two_a_kit_by_hand() -> None:
    """A kit's cost divided by two units of its head is rounded to the even micro."""
    skus = [{"sku_id": sku, "weight_kg": 1} for sku in "KTS"]
    for cost, expected in (("7.000001", 3_500_000), ("7.000003", 3_500_002)):
        line = {"sku_id": "S", "quantity": 1, "unfilled_cost": cost}
        rows = [row | {"quantity": 2} for row in KIT]
        head = _world([line], skus=skus, kits=rows).orders[0].lines[0]
        assert (head.line_id, head.unfilled_cost) == ("1/K", expected)


def test_substitutes_by_hand() -> None:
    """Units of one SKU a package; the substitute's stock and weight, the line's value, a price for each unit."""
    row = {"sku_id": "K", "substitute_sku_id": "T", "price_per_unit": "0.75"}
    world = _world([{"sku_id": "K", "quantity": 2}], substitutes=[row])
    assert _judged(world, _package({"1=T": 2}))[0]["rules"] == 1_500_000
    assert _judged(world, _package({"1=T": 1}), _package({"1": 1}))[1] == 0
    assert _judged(world, _package({"1=T": 1, "1": 1}))[1] == 1
    assert _judged(world, _package({"1=U": 1}))[1] == 1
    short = replace(world, available={("A", "K"): 1, ("A", "T"): 1}, memo={})
    assert _judged(short, _package({"1=T": 2}))[1] == 1
    assert solve_by_enumeration(short).cost == 5_000_000 + 200_000 + 750_000 + 5_000_000


def test_prices_of_stock_by_hand() -> None:
    """Each unit pays for what it is, where it is; a reward makes a plan pay for itself."""
    rows = [
        {"node_id": "A", "sku_id": "K", "price_per_unit": "-6"},
        {"node_id": "B", "sku_id": "K", "price_per_unit": "0.5"},
    ]
    world = _world([{"sku_id": "K", "quantity": 2}], stock_prices=rows)
    assert _judged(world, _package({"1": 2})) == ({"shipping": 5_000_000, "handling": 200_000, "rules": -12_000_000}, 0)
    assert _judged(world, _package({"1": 2}, "B"))[0]["rules"] == 1_000_000
    assert solve_by_enumeration(world).cost == bound_at_prices(world, {}) == -6_800_000 - 0
    # Two packages would be paid twice for what leaves with them, not for being two.
    assert len(solve_by_enumeration(world).packages) == 1


def test_least_values_by_hand() -> None:
    """10.00 a unit of K, 4.00 of T: exactly as much is enough."""
    world = _world([{"sku_id": "K", "quantity": 2}, {"sku_id": "T", "quantity": 1}])

    def judged(package: str, order: str, *packages: Package) -> int:
        least = {"min_package_value": Fraction(package), "min_order_value": Fraction(order)}
        orders = [replace(one, **least) for one in world.orders]
        return _judged(replace(world, orders=orders, memo={}), *packages)[1]

    both = _package({"1": 1, "2": 1})
    assert judged("14", "14", both) == 0
    assert judged("14.000001", "0", both) == 1
    assert judged("0", "14.000001", both) == 1
    assert judged("0", "99") == 0
    assert judged("4", "24", both, _package({"1": 1})) == 0
    assert judged("4.01", "24", _package({"1": 2}), _package({"2": 1})) == 1


def test_rejections_by_hand() -> None:
    """Of a line or of the whole order, from one node."""
    lines: list[Row] = [{"sku_id": "K", "quantity": 2}, {"sku_id": "T", "quantity": 1}]
    line = _world(lines, rejections=[{"order_id": "O", "line_id": "1", "node_id": "A"}])
    order = _world(lines, rejections=[{"order_id": "O", "line_id": "", "node_id": "A"}])
    assert [_judged(world, _package({"2": 1}))[1] for world in (line, order)] == [0, 1]
    assert [_judged(world, _package({"1": 1}))[1] for world in (line, order)] == [1, 1]
    assert [_judged(world, _package({"1": 2, "2": 1}, "B"))[1] for world in (line, order)] == [0, 0]


def test_a_closed_node_hands_nothing_out() -> None:
    """Nor does anything go there."""
    nodes = [{"node_id": "A"}, {"node_id": "B", "open": "false"}]
    world = _world([{"sku_id": "K", "quantity": 1} | PICKED], transfers=[MOVED], nodes=nodes)
    assert sorted(world.services) == ["G"]
    assert solve_by_enumeration(world).cost == 20_000_000


def test_holidays_of_the_node_that_gets_a_transfer() -> None:
    """It does not run on them; what is given out there does not run either, as nobody works."""
    holiday = [{"node_id": "B", "service_id": "", "date": FRIDAY.isoformat()}]
    world = _world([{"sku_id": "K", "quantity": 1} | PICKED], transfers=[MOVED], calendars=holiday)
    assert _judged(world, _package({"1": 1}, service="transfer:A:B"))[1] == 1
    assert _judged(world, _package({"1": 1}, service="transfer:A:B", later=1))[1] == 0
    assert _judged(world, _package({"1": 1}, "B", "pickup:B", later=1))[1] == 0
    assert supply(world, ("service_packages", "A", "transfer:A:B", FRIDAY)) is None


# --- by each other ----------------------------------------------------------------------------


def _scenario(seed: int, *more: str) -> Scenario:
    return tiny_scenario(seed, seed % 4 == 1, seed % 3 == 0, seed % 5 == 0, more)


@EVERY_FEATURE
def test_enumeration_agrees_with_an_integer_program(name: str) -> None:
    """Two exact methods of different kinds find the same optimum, and the plan costs what it claims."""
    assert_methods_agree(world_from_tables(*_scenario(seed, name)) for seed in range(40))


def test_enumeration_agrees_with_an_integer_program_on_all_of_it() -> None:
    """The same with everything at once."""
    assert_methods_agree(world_from_tables(*_scenario(seed, *MORE)) for seed in range(40))


def test_what_seeds_make_without_it_comes_first() -> None:
    """What is added is drawn last, in one sequence: scenarios without it are as they were."""
    for seed in range(20):
        tables, settings = tiny_scenario(seed, with_days=True, with_rules=True, with_arrivals=True)
        for name in MORE:
            more, changed = tiny_scenario(seed, True, True, True, (name,))
            for table in ("rates", "lanes", "node_days", "inbound", "surcharges"):
                assert more.get(table) == tables.get(table)
            assert changed["rules"][: len(settings["rules"])] == settings["rules"]


def _without(scenario: Scenario, name: str) -> Scenario:
    """The scenario without what a feature adds; modes without their transfers."""
    tables, settings = scenario
    if name == "least_values":
        rules = [rule for rule in settings["rules"] if not rule["name"].startswith("least")]
        return tables, settings | {"rules": rules}
    gone = "transfers" if name == "modes" else name
    return {table: rows for table, rows in tables.items() if table != gone}, settings


@EVERY_FEATURE
def test_it_matters_in_many_scenarios(name: str) -> None:
    """Without it the optimum is another one: the generator is worth its runs."""
    changed = 0
    for seed in range(60):
        scenario = tiny_scenario(seed, more=(name,))
        try:
            costs = [
                solve_by_enumeration(world_from_tables(*either)).cost for either in (scenario, _without(scenario, name))
            ]
        except TooManyPlansError:
            continue
        changed += costs[0] != costs[1]
    assert changed >= 10


def _is_picked(package: Package) -> bool:
    return package.service_id.startswith("pickup")


def _is_moved(package: Package) -> bool:
    return package.service_id.startswith("transfer")


def _has_kit(package: Package) -> bool:
    return any("/" in line for line, _ in package.units)


def _is_replaced(package: Package) -> bool:
    return any("=" in line for line, _ in package.units)


@pytest.mark.parametrize(
    ("name", "has"),
    [("modes", _is_picked), ("modes", _is_moved), ("kits", _has_kit), ("substitutes", _is_replaced)],
)
def test_best_plans_make_use_of_it(name: str, has: Callable[[Package], bool]) -> None:
    """Packages that are picked up or moved, with components, with substitutes."""
    found = 0
    for seed in range(40):
        found += any(map(has, solve_by_enumeration(world_from_tables(*tiny_scenario(seed, more=(name,)))).packages))
    assert found >= 5


def test_scenarios_are_valid_packs() -> None:
    """The builder accepts them, every one, also wide ones, and they say what the tables say."""
    for seed in range(60):
        for more in ((list(MORE)[seed % len(MORE)],), tuple(MORE)):
            scenario = _scenario(seed, *more)
            assert world_from_problem(build(scenario)).rules == world_from_tables(*scenario).rules
    for seed in range(6):
        world = world_from_tables(*wide_scenario(seed, more=OF_WIDE))
        assert solve_by_milp(world).cost <= sum(
            line.quantity * line.unfilled_cost for order in world.orders for line in order.lines
        )
        assert build(wide_scenario(seed, more=OF_WIDE)).orders is not None
