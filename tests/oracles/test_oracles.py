"""The oracles judged by hand-made numbers and by each other, before they judge anything else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from oracles.brute import TooManyPlansError, bound_at_prices, solve_by_enumeration
from oracles.columns import solve_by_milp
from oracles.days import first_ship_day
from oracles.generate import RandomPicks, tiny_scenario, wide_scenario
from oracles.parts import Bracket, Node, Order, Service, to_micros
from oracles.plans import judge
from oracles.pricing import distance_km, tariff
from oracles.supplies import supply
from oracles.world import World, world_from_tables

FRIDAY_AT_NINE = datetime(2026, 11, 27, 9)


def _node(**columns: object) -> Node:
    plain: dict[str, object] = {
        "node_id": "A", "latitude": None, "longitude": None, "timezone": "UTC", "cutoff": timedelta(hours=24),
        "lead_days": 0, "working_days": (True,) * 7, "is_open": True, "package_cost": Fraction(0),
        "line_cost": Fraction(0), "unit_cost": Fraction(0),
    }  # fmt: skip
    return Node(**(plain | columns))  # type: ignore[arg-type]


def _service(**columns: object) -> Service:
    plain: dict[str, object] = {
        "service_id": "G", "divisor": None, "step": None, "max_weight": None, "ship_days": (True,) * 7,
        "delivery_days": (True,) * 7,
    }  # fmt: skip
    return Service(**(plain | columns))  # type: ignore[arg-type]


def _world(**columns: object) -> World:
    plain: dict[str, object] = {
        "as_of": datetime(2026, 11, 27, 9, tzinfo=UTC), "nodes": {}, "skus": {}, "available": {},
        "services": {}, "offered": {}, "lanes": [], "rates": {}, "orders": [], "delivery_day": Fraction(0),
        "late_day": Fraction(0), "split": 0, "max_distance_km": None, "max_transit_days": None, "horizon_days": 0,
    }  # fmt: skip
    return World(**(plain | columns))  # type: ignore[arg-type]


def _order(**columns: object) -> Order:
    plain: dict[str, object] = {
        "order_id": "O", "placed_at": datetime(2026, 1, 1), "country": "US", "postal_code": "1", "latitude": 0.0,
        "longitude": 90.0, "deliver_by": None, "priority": Fraction(1), "is_ship_complete": False,
        "max_packages": None, "excluded": frozenset(), "lines": (),
    }  # fmt: skip
    return Order(**(plain | columns))  # type: ignore[arg-type]


def test_tariff_of_a_published_card_beats_one_package_with_two() -> None:
    """8 lb at 22.56 against 4.8 lb at 8.34 and 3.2 lb at 7.57."""
    pound = Fraction("0.45359237")
    card = tuple(
        Bracket(Fraction(pounds) * pound, Fraction(price), None)
        for pounds, price in (("3.2", "7.57"), ("4.8", "8.34"), ("8", "22.56"))
    )
    costs = [tariff(_service(), card, Fraction(pounds) * pound, Fraction(0)) for pounds in ("8", "4.8", "3.2")]
    assert costs == [22_560_000, 8_340_000, 7_570_000]


def test_tariff_takes_volume_step_and_extra_weight_in_that_sequence() -> None:
    """12,100 cm3 / 5,000 = 2.42 kg -> 2.5 kg; beyond 2 kg: 4.00 + 0.5 x 1.10 = 4.55."""
    card = (Bracket(Fraction(2), Fraction(4), Fraction("1.10")),)
    service = _service(divisor=Fraction(5000), step=Fraction("0.5"))
    assert tariff(service, card, Fraction(1), Fraction(12_100)) == 4_550_000
    assert tariff(service, (Bracket(Fraction(2), Fraction(4), None),), Fraction(1), Fraction(12_100)) is None


def test_money_is_rounded_half_to_even() -> None:
    """0.5 micros -> 0, 1.5 -> 2, 2.5 -> 2."""
    assert [to_micros(Fraction(tenths, 10_000_000)) for tenths in (5, 15, 25, 26)] == [0, 2, 2, 3]


def test_ship_day_is_counted_by_hand() -> None:
    """Friday 27 November after the cut-off, Monday to Friday, one lead day, no pick-up on Tuesdays: 2 December."""
    # Saturday 28 -> Monday 30 -> one working day on: Tuesday 1 -> Wednesday 2.
    node = _node(cutoff=timedelta(hours=8), lead_days=1, working_days=(True,) * 5 + (False,) * 2)
    service = _service(ship_days=(True, False) + (True,) * 5)
    assert first_ship_day(_world(), FRIDAY_AT_NINE, node, service) == date(2026, 12, 2)
    assert first_ship_day(_world(), FRIDAY_AT_NINE, node, _service(ship_days=(False,) * 5 + (True,) * 2)) is None


def test_distance_is_great_circle() -> None:
    """A quarter of the globe, 6371.0088 x pi / 2 = 10,007.557 km, and one degree."""
    order = _order()
    assert distance_km(_node(latitude=0.0, longitude=0.0), order) == pytest.approx(10_007.557, abs=1e-3)
    assert distance_km(_node(latitude=0.0, longitude=89.0), order) == pytest.approx(111.19508, abs=1e-5)


@pytest.mark.parametrize(("batch", "with_days"), [(0, False), (1, False), (2, False), (3, False), (0, True)])
def test_enumeration_agrees_with_an_integer_program(batch: int, with_days: bool) -> None:
    """Two exact methods of different kinds find the same optimum, and the plan costs what it claims."""
    skipped = splits = scarce = 0
    for seed in range(100 * batch, 100 * batch + 100):
        world = world_from_tables(*tiny_scenario(seed, with_days))
        try:
            best = solve_by_enumeration(world)
        except TooManyPlansError:
            skipped += 1
            continue
        costs, wrong = judge(world, best.packages)
        assert (wrong, sum(costs.values())) == ([], best.cost), f"seed {seed}"
        answer = solve_by_milp(world)
        assert answer.cost == pytest.approx(best.cost, rel=1e-8, abs=1), f"seed {seed}"
        free = bound_at_prices(world, {})
        assert free <= best.cost, f"seed {seed}"
        scarce += free < best.cost
        splits += len(best.packages) > len({package.order_id for package in best.packages})
    # The generator is worth its runs: few scenarios too large, many with splits and with scarce supplies.
    assert skipped <= 2
    assert splits >= 10
    assert scarce >= 15


@pytest.mark.parametrize("batch", range(2))
def test_bound_at_any_prices_stays_below_the_optimum(batch: int) -> None:
    """Weak duality holds for the oracle's own bound, tiny and wide; some prices make it better than none."""
    better = 0
    for seed in range(30 * batch, 30 * batch + 30):
        scenario = tiny_scenario(seed) if seed % 10 else wide_scenario(seed)
        world = world_from_tables(*scenario)
        try:
            optimum = solve_by_enumeration(world).cost if seed % 10 else solve_by_milp(world).bound + 1
        except TooManyPlansError:
            continue
        free = bound_at_prices(world, {})
        assert free <= optimum
        picks = RandomPicks(seed)
        for _ in range(4):
            prices = {("stock", *key): picks.integer(0, 9_000_000) for key in world.available if picks.chance(50)}
            bound = bound_at_prices(world, prices)
            assert bound <= optimum, f"seed {seed}"
            better += bound > free
    assert better


def test_a_wrong_supply_makes_the_bound_too_high() -> None:
    """The comparison can fail: counting less stock than there is lifts the bound over the optimum."""
    for seed in range(40):
        world = world_from_tables(*tiny_scenario(seed))
        prices = {("stock", *key): 50_000_000 for key, units in world.available.items() if units}
        total = sum(price * (supply(world, key) or 0) for key, price in prices.items())
        if prices and bound_at_prices(world, prices) + total > solve_by_enumeration(world).cost:
            return
    raise AssertionError("no scenario in which a bound without its supplies is wrong")


def test_worlds_are_told_apart_by_the_judge() -> None:
    """A plan of one scenario is refused in the same scenario with its stock taken away."""
    tables, settings = tiny_scenario(1)
    for seed in range(1, 40):
        tables, settings = tiny_scenario(seed)
        world: World = world_from_tables(tables, settings)
        best = solve_by_enumeration(world)
        if best.packages:
            empty = {**tables, "stock": [row | {"on_hand": 0} for row in tables["stock"]]}
            _, wrong = judge(world_from_tables(empty, settings), best.packages)
            assert wrong
            return
    raise AssertionError("no scenario ships anything")
