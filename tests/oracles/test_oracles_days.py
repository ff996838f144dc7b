"""The oracles' days, capacities of days and quotas judged by numbers worked out by hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from oracles.brute import TooManyPlansError, bound_at_prices, solve_by_enumeration
from oracles.days import MOST_DAYS, delivers, delivery_day, first_ship_day, ship_and_delivery_days, ships, works
from oracles.generate import DAYS, RandomPicks, Row, Scenario, build, tiny_scenario, wide_scenario
from oracles.parts import NO_USE, Daily, Line, Node, NodeDay, Order, Service
from oracles.pricing import Choice
from oracles.supplies import draws_of, supply, umin_step
from oracles.world import World, world_from_tables
from splitship.packs.schema import FEATURES

FRIDAY = date(2026, 11, 27)
FRIDAY_AT_NINE = datetime(2026, 11, 27, 9)
DAY = timedelta(days=1)
WEEKDAYS = (True,) * 5 + (False,) * 2
PLAIN_SCENARIOS = "44db1799cbe35234aa3bd949ce237f119ba3676697f5c230beaf965578c0ed46"


def _node(**columns: Any) -> Node:
    plain: dict[str, Any] = {
        "node_id": "A", "latitude": None, "longitude": None, "timezone": "UTC", "cutoff": timedelta(hours=24),
        "lead_days": 0, "working_days": (True,) * 7, "is_open": True, "package_cost": Fraction(0),
        "line_cost": Fraction(0), "unit_cost": Fraction(0),
    }  # fmt: skip
    return Node(**(plain | columns))


def _service(**columns: Any) -> Service:
    plain: dict[str, Any] = {
        "service_id": "G", "divisor": None, "step": None, "max_weight": None, "ship_days": (True,) * 7,
        "delivery_days": (True,) * 7,
    }  # fmt: skip
    return Service(**(plain | columns))


def _order(*quantities: int, **columns: Any) -> Order:
    plain: dict[str, Any] = {
        "order_id": "O", "placed_at": datetime(2026, 1, 1, tzinfo=UTC), "country": "US", "postal_code": "1",
        "latitude": None, "longitude": None, "deliver_by": None, "priority": Fraction(1), "is_ship_complete": False,
        "max_packages": None, "excluded": frozenset(),
        "lines": tuple(Line(f"L{index}", "K", units, True, 0) for index, units in enumerate(quantities)),
    }  # fmt: skip
    return Order(**(plain | columns))


def _world(**columns: Any) -> World:
    plain: dict[str, Any] = {
        "as_of": FRIDAY_AT_NINE.replace(tzinfo=UTC), "nodes": {}, "skus": {}, "available": {},
        "services": {}, "offered": {}, "lanes": [], "rates": {}, "orders": [], "delivery_day": Fraction(0),
        "late_day": Fraction(0), "split": 0, "max_distance_km": None, "max_transit_days": None, "horizon_days": 0,
    }  # fmt: skip
    return World(**(plain | columns))


def _said(is_open: bool | None = None, most: Daily | None = None, used: Daily = NO_USE) -> NodeDay:
    return NodeDay(is_open, most or Daily(), used)


def test_holidays_are_the_nodes_or_the_services() -> None:
    """Friday is the node's holiday, Saturday the service's; what is said of a day wins over week and holiday."""
    world = _world(
        node_holidays=frozenset({("A", FRIDAY)}),
        service_holidays=frozenset({("G", FRIDAY + DAY)}),
        node_days={("B", FRIDAY): _said(is_open=True), ("B", FRIDAY + 3 * DAY): _said(is_open=False)},
    )
    days = [FRIDAY + later * DAY for later in range(4)]
    assert [works(world, _node(), day) for day in days] == [False, True, True, True]
    assert [works(world, _node(node_id="B", working_days=(True,) + (False,) * 6), day) for day in days] == [
        True, False, False, False,
    ]  # fmt: skip
    assert [ships(world, _service(), day) for day in days] == [True, False, True, True]
    assert [delivers(world, _service(delivery_days=WEEKDAYS), day) for day in days] == [True, False, False, True]
    assert (
        works(_world(node_holidays=world.node_holidays, node_days={("A", FRIDAY): _said()}), _node(), FRIDAY) is False
    )


def test_lead_time_passes_over_a_holiday_by_hand() -> None:
    """Friday, two lead days, Monday to Friday, Monday 30 a holiday: Tuesday 1, Wednesday 2 December."""
    node = _node(working_days=WEEKDAYS, lead_days=2)
    holiday = frozenset({("A", date(2026, 11, 30))})
    assert first_ship_day(_world(node_holidays=holiday), FRIDAY_AT_NINE, node, _service()) == date(2026, 12, 2)
    # With Saturday open: Saturday 28, then Tuesday 1.
    world = _world(node_holidays=holiday, node_days={("A", FRIDAY + DAY): _said(is_open=True)})
    assert first_ship_day(world, FRIDAY_AT_NINE, node, _service()) == date(2026, 12, 1)
    # The service's holiday counts on the ship day only: Wednesday 2 -> Thursday 3.
    world = _world(node_holidays=holiday, service_holidays=frozenset({("G", date(2026, 12, 2))}))
    assert first_ship_day(world, FRIDAY_AT_NINE, node, _service()) == date(2026, 12, 3)


def test_search_for_a_day_ends_after_three_years() -> None:
    """A single open day is found 1,098 days after the start, and not one day later."""
    node = _node(working_days=(False,) * 7)
    for later, found in ((MOST_DAYS, FRIDAY + MOST_DAYS * DAY), (MOST_DAYS + 1, None)):
        world = _world(node_days={("A", FRIDAY + later * DAY): _said(is_open=True)})
        assert first_ship_day(world, FRIDAY_AT_NINE, node, _service()) == found
    assert MOST_DAYS == 1098
    assert delivery_day(_world(), FRIDAY, 2, _service(delivery_days=(False,) * 7)) is None


def _window(order: Order, world: World, transit: int = 2, service: Service | None = None) -> list[tuple[int, int]]:
    """Ship and delivery days as days after Friday."""
    days = ship_and_delivery_days(world, order, FRIDAY_AT_NINE, _node(), service or _service(), transit)
    return [((ship_on - FRIDAY).days, (arrives - FRIDAY).days) for ship_on, arrives in days]


def test_window_of_days_by_hand() -> None:
    """The later of horizon and hold ends it; not_before takes days away, or adds the first that will do."""
    assert _window(_order(), _world(horizon_days=2)) == [(0, 2), (1, 3), (2, 4)]
    assert _window(_order(hold_until=FRIDAY + DAY), _world(horizon_days=2)) == [(0, 2), (1, 3), (2, 4)]
    assert _window(_order(hold_until=FRIDAY + 3 * DAY), _world(horizon_days=1)) == [(0, 2), (1, 3), (2, 4), (3, 5)]
    assert _window(_order(hold_until=FRIDAY - DAY), _world()) == [(0, 2)]
    holiday = frozenset({("A", FRIDAY + DAY)})
    assert _window(_order(), _world(horizon_days=2, node_holidays=holiday)) == [(0, 2), (2, 4)]
    assert _window(_order(not_before=FRIDAY + 4 * DAY), _world(horizon_days=3)) == [(2, 4), (3, 5)]
    assert _window(_order(not_before=FRIDAY + 4 * DAY), _world(horizon_days=1)) == [(2, 4)]
    assert _window(_order(not_before=FRIDAY + 9 * DAY), _world()) == [(7, 9)]
    held = _order(hold_until=FRIDAY + DAY, not_before=FRIDAY + 4 * DAY)
    assert _window(held, _world(node_holidays=frozenset({("A", FRIDAY + 2 * DAY)}))) == [(3, 5)]
    # Delivered on Mondays only: ships Friday, arrives Monday 30, three days on, which is late enough.
    mondays = _service(delivery_days=(True,) + (False,) * 6)
    assert _window(_order(not_before=FRIDAY + 3 * DAY), _world(), service=mondays) == [(0, 3)]


def test_what_is_left_of_a_day_by_hand() -> None:
    """Used amounts count against the day's capacity, never below 0, and change nothing where there is no limit."""
    node = _node(most=Daily(3, 7, None, 10_000_000), umin_per_package=1_500_000, umin_per_unit=600_000)
    used = Daily(1, 9, 100, 200_000)
    world = _world(
        nodes={"A": node, "B": _node(node_id="B", umin_per_unit=2_100_000)},
        node_days={("A", FRIDAY): _said(None, node.most, used)},
    )
    # The greatest common divisor of 1.5, 0.6 and 2.1 minutes is 0.3. 10 - 0.2 = 9.8 minutes are 32 steps, 10 are 33.
    assert umin_step(world) == 300_000
    kinds = ("node_packages", "node_units", "node_lines", "node_minutes")
    assert [supply(world, (kind, "A", FRIDAY)) for kind in kinds] == [2, 0, None, 32]
    assert [supply(world, (kind, "A", FRIDAY + DAY)) for kind in kinds] == [3, 7, None, 33]
    assert [supply(world, (kind, "B", FRIDAY)) for kind in kinds] == [None] * 4
    assert umin_step(_world(nodes={"A": _node()})) == 1


def test_quota_is_of_the_day_else_of_every_day() -> None:
    """Friday has its own quota of 0, all other days 4; another service none."""
    world = _world(quotas={("G", None): 4, ("G", FRIDAY): 0})
    assert supply(world, ("service_quota", "G", FRIDAY)) == 0
    assert supply(world, ("service_quota", "G", FRIDAY + DAY)) == 4
    assert supply(world, ("service_quota", "F", FRIDAY)) is None


def test_package_draws_on_everything_by_hand() -> None:
    """Two units of one line and one of another: 3 units, 2 lines, 1.5 + 3 x 0.6 = 3.3 minutes, 11 steps of 0.3."""
    node = _node(umin_per_package=1_500_000, umin_per_unit=600_000)
    choice = Choice("A", "G", FRIDAY, FRIDAY, (), 0, 0)
    draws = dict(draws_of(_world(nodes={"A": node}), _order(2, 5, 1), choice, (2, 0, 1)))
    assert draws == {
        ("stock", "A", "K"): 3,
        ("node_packages", "A", FRIDAY): 1,
        ("node_units", "A", FRIDAY): 3,
        ("node_lines", "A", FRIDAY): 2,
        ("node_minutes", "A", FRIDAY): 11,
        ("service_packages", "A", "G", FRIDAY): 1,
        ("service_quota", "G", FRIDAY): 1,
    }


def test_prices_of_days_enter_the_bound_by_hand() -> None:
    """One order of two units, 5.00 to ship, 20.00 each unfilled: prices on minutes, lines and quota move the bound."""
    tables: dict[str, list[Row]] = {
        "nodes": [{"node_id": "A", "minutes_per_package": 2, "minutes_per_unit": 1, "max_minutes_per_day": 10,
                   "max_lines_per_day": 3}],
        "skus": [{"sku_id": "K", "weight_kg": 1}],
        "services": [{"service_id": "G"}],
        "stock": [{"node_id": "A", "sku_id": "K", "on_hand": 2}],
        "lanes": [{"service_id": "G", "node_id": "A", "country": "US", "destination": "*", "zone": "1",
                   "transit_days": 2}],
        "rates": [{"service_id": "G", "zone": "1", "up_to_kg": 9, "price": 5}],
        "orders": [{"order_id": "O", "placed_at": "2026-11-27T08:00:00Z", "country": "US", "postal_code": "1"}],
        "order_lines": [{"order_id": "O", "line_id": "L", "sku_id": "K", "quantity": 2}],
        "service_quotas": [{"service_id": "G", "date": "", "max_packages": 4}],
    }  # fmt: skip
    world = world_from_tables(tables, {"as_of": "2026-11-27T09:00:00Z", "objective": {"unfilled_unit": 20}})
    minutes, lines = ("node_minutes", "A", FRIDAY), ("node_lines", "A", FRIDAY)
    quota = ("service_quota", "G", FRIDAY)
    assert bound_at_prices(world, {}) == 5_000_000
    # 2 + 2 = 4 minutes of 10 at 0.10; 1 line of 3 at 0.20; 1 package of 4 at 0.30.
    assert bound_at_prices(world, {minutes: 100_000}) == 5_000_000 + 4 * 100_000 - 10 * 100_000
    assert bound_at_prices(world, {lines: 200_000}) == 5_000_000 + 200_000 - 3 * 200_000
    assert bound_at_prices(world, {quota: 300_000}) == 5_000_000 + 300_000 - 4 * 300_000
    # Too dear to ship: 40.00 unfilled, less 4 x 50.00.
    assert bound_at_prices(world, {quota: 50_000_000}) == 40_000_000 - 200_000_000


def test_a_holiday_may_help_where_a_day_is_full() -> None:
    """Nothing may leave on Friday and there is no horizon: with a holiday on Friday the order leaves on Saturday."""
    tables: dict[str, list[Row]] = {
        "nodes": [{"node_id": "A"}],
        "skus": [{"sku_id": "K", "weight_kg": 1}],
        "services": [{"service_id": "G"}],
        "stock": [{"node_id": "A", "sku_id": "K", "on_hand": 1}],
        "lanes": [{"service_id": "G", "node_id": "A", "country": "US", "destination": "*", "zone": "1",
                   "transit_days": 2}],
        "rates": [{"service_id": "G", "zone": "1", "up_to_kg": 9, "price": 5}],
        "orders": [{"order_id": "O", "placed_at": "2026-11-27T08:00:00Z", "country": "US", "postal_code": "1"}],
        "order_lines": [{"order_id": "O", "line_id": "L", "sku_id": "K", "quantity": 1}],
        "node_days": [{"node_id": "A", "date": "2026-11-27", "max_packages": 0}],
    }  # fmt: skip
    settings = {"as_of": "2026-11-27T09:00:00Z", "objective": {"unfilled_unit": 20}}
    assert solve_by_enumeration(world_from_tables(tables, settings)).cost == 20_000_000
    holiday = {"calendars": [{"node_id": "A", "date": "2026-11-27"}]}
    assert solve_by_enumeration(world_from_tables(tables | holiday, settings)).cost == 5_000_000


# --- the generator ----------------------------------------------------------------------------


def test_scenarios_without_days_stay_as_they_are() -> None:
    """What earlier findings were about can be made again: the same seeds, the same scenarios."""
    scenarios = [*map(tiny_scenario, range(100)), *map(wide_scenario, range(20))]
    assert hashlib.sha256(json.dumps(scenarios).encode()).hexdigest() == PLAIN_SCENARIOS


def test_features_have_the_names_of_the_packs() -> None:
    """Every feature that the oracles know is one that packs know."""
    assert DAYS <= FEATURES


def test_scenarios_with_days_are_valid_packs() -> None:
    """The builder accepts them, every one."""
    for seed in range(60):
        assert len(build(tiny_scenario(seed, with_days=True)).orders) >= 1
    assert len(build(wide_scenario(3, with_days=True)).orders) >= 1


def _without(scenario: Scenario, feature: str) -> Scenario:
    """The scenario without a feature."""
    tables, settings = scenario
    tables = {name: rows for name, rows in tables.items() if name != feature}

    def stays(column: str) -> bool:
        if feature == "handling_limits":
            return "minutes" not in column and "lines" not in column
        return column != feature

    for name in ("nodes", "node_days", "orders"):
        if name in tables:
            tables[name] = [{key: value for key, value in row.items() if stays(key)} for row in tables[name]]
    return tables, settings


@pytest.mark.parametrize("feature", sorted(DAYS))
def test_every_feature_matters_in_some_scenarios(feature: str) -> None:
    """Without a feature the optimum is another one in several scenarios: the generator is worth its runs."""
    changed = 0
    for seed in range(80):
        scenario = tiny_scenario(seed, with_days=True)
        try:
            costs = [_cost(scenario), _cost(_without(scenario, feature))]
        except TooManyPlansError:
            continue
        changed += costs[0] != costs[1]
    assert changed >= 3


def _cost(scenario: Scenario) -> int:
    return solve_by_enumeration(world_from_tables(*scenario)).cost


def test_bound_at_any_prices_of_days_stays_below_the_optimum() -> None:
    """Weak duality with prices on lines, minutes and quotas; some make it better than none."""
    better = 0
    for seed in range(80):
        world = world_from_tables(*tiny_scenario(seed, with_days=True))
        try:
            optimum = solve_by_enumeration(world).cost
        except TooManyPlansError:
            continue
        free, picks = bound_at_prices(world, {}), RandomPicks(seed)
        keys = _limited(world)
        for most in (500_000, 5_000_000):
            bound = bound_at_prices(world, {key: picks.integer(0, most) for key in keys if picks.chance(30)})
            assert bound <= optimum, seed
            better += bound > free
    assert better


def _limited(world: World) -> list[tuple[Any, ...]]:
    """Resources of days with a limit, on a few days."""
    first = world.as_of.date()
    keys: list[tuple[Any, ...]] = []
    for day in (first + later * DAY for later in range(3)):
        keys += [(kind, node, day) for kind in ("node_lines", "node_minutes", "node_packages") for node in world.nodes]
        keys += [("service_quota", service, day) for service in world.services]
    return [key for key in keys if supply(world, key) is not None]


@pytest.mark.parametrize(
    "fault",
    [
        lambda row: row | {"used_packages": 99},
        lambda row: row | {"open": "false"},
    ],
    ids=["used", "closed"],
)
def test_a_fault_in_a_day_is_seen(fault: Callable[[Row], Row]) -> None:
    """The comparisons can fail: days of which nothing is left, or that are closed, change some optimum."""
    for seed in range(80):
        tables, settings = tiny_scenario(seed, with_days=True)
        if "node_days" in tables:
            faulty = tables | {"node_days": [fault(row) for row in tables["node_days"]]}
            try:
                if _cost((tables, settings)) != _cost((faulty, settings)):
                    return
            except TooManyPlansError:
                continue
    raise AssertionError("no scenario in which the fault matters")
