"""Plans: costs and feasibility against a plain reference, and every violation planted once."""

from __future__ import annotations

import dataclasses
import random

import numpy as np
import pytest
from check_slow import Slow, is_feasible
from check_world import MONDAY, World, plain_world, plan_of, random_problem

from splitship.check import check_certificate, check_plan
from splitship.domain import Certificate, Plan, Problem
from splitship.units import Amounts

TUESDAY = "2026-03-03"


def codes(problem: Problem, plan: Plan) -> list[str]:
    """Codes of all violations, each once, in the order found."""
    return list(dict.fromkeys(violation.code for violation in check_plan(problem, plan).violations))


def test_random_plans_cost_and_hold_as_in_plain_fractions() -> None:
    """Feasibility and every term of 400 random plans agree with the rules written out in fractions."""
    num_feasible = num_wrong = 0
    for seed in range(40):
        problem, rng = random_problem(seed), random.Random(seed)
        slow = Slow(problem)
        ways = [(o, c) for o in range(len(problem.orders)) for c in slow.choices(o)]
        for _ in range(10 if ways else 0):
            packages = []
            for _ in range(rng.randint(1, 3)):
                order, choice = rng.choice(ways)
                packages.append((order, choice, rng.choice(slow.contents(order))))
            plan = plan_of(
                *(
                    (o, c.node, c.service, c.day, {line: q for line, q in zip(slow.lines(o), held, strict=True) if q})
                    for o, c, held in packages
                )
            )
            report = check_plan(problem, plan)
            assert report.is_feasible == is_feasible(slow, packages)
            num_feasible += report.is_feasible
            num_wrong += not report.is_feasible
            if report.is_feasible:
                terms = np.array([slow.terms(*package) for package in packages])
                own = report.packages
                assert own is not None
                assert np.array_equal(terms.T, [own.shipping, own.handling, own.delivery, own.late, own.rules])
                assert own.deliver_day.tolist() == [choice.delivery for _, choice, _ in packages]
                shipped = plan.shipped(len(problem.lines))
                unfilled = sum(
                    int(q - s) * slow.unfilled(line)
                    for line, (q, s) in enumerate(zip(problem.lines.quantity, shipped, strict=True))
                )
                split = slow.split * (len(packages) - len({order for order, _, _ in packages}))
                assert report.costs is not None
                assert report.costs.total == int(terms.sum()) + unfilled + split
    assert num_feasible > 40
    assert num_wrong > 40


def test_empty_plan_pays_for_every_unit() -> None:
    """Nothing ships: 3 units at 100.00."""
    problem = plain_world().order(lines={"K": 3}).problem()
    report = check_plan(problem, Plan.empty())
    assert report.is_feasible
    assert report.costs is not None
    assert report.costs.unfilled == report.costs.total == 300_000_000


def test_batch_without_orders_has_an_empty_feasible_plan() -> None:
    """No demand: the empty plan costs nothing."""
    report = check_plan(plain_world().problem(), Plan.empty())
    assert report.is_feasible
    assert report.costs is not None
    assert report.costs.total == 0


def test_split_is_paid_for_each_package_beyond_the_first() -> None:
    """Three packages of one order and one of another: 2 x 0.50."""
    world = plain_world(split="0.50").order(lines={"K": 3}).order("O2", lines={"K": 1})
    plan = plan_of(*((0, 0, 0, MONDAY, {0: 1}) for _ in range(3)), (1, 0, 0, MONDAY, {1: 1}))
    report = check_plan(world.problem(), plan)
    assert report.costs is not None
    assert report.costs.split == 1_000_000


def test_unfilled_terms_round_once_half_to_even_a_unit() -> None:
    """(0.0000005 + 0.5 x 0.000002) x 1 = 0.0000015 -> 2 micros; given 0.0000025 -> 2 micros; priority 3 -> 4.5 -> 4."""
    world = plain_world(unfilled_unit="0.0000005", unfilled_value="0.5")
    world.order().line("O1", "1", "K", 1, unit_value="0.000002").line("O1", "2", "K", 1, unfilled_cost="0.0000025")
    world.order("O2", priority="3").line("O2", "1", "K", 1, unit_value="0.000002")
    report = check_plan(world.problem(), Plan.empty())
    assert report.costs is not None
    assert report.costs.unfilled == 2 + 2 + 4


def two_lines() -> World:
    """Order O1 asks 2 K and 1 T; order O2 asks 1 K."""
    return plain_world().sku("T").have(sku_id="T").order(lines={"K": 2, "T": 1}).order("O2", lines={"K": 1})


@pytest.mark.parametrize(
    ("code", "plan"),
    [
        ("UNKNOWN_ORDER", plan_of((2, 0, 0, MONDAY, {0: 1}))),
        ("UNKNOWN_ORDER", plan_of((-1, 0, 0, MONDAY, {0: 1}))),
        ("UNKNOWN_NODE", plan_of((0, 1, 0, MONDAY, {0: 1}))),
        ("UNKNOWN_SERVICE", plan_of((0, 0, 1, MONDAY, {0: 1}))),
        ("UNKNOWN_LINE", plan_of((0, 0, 0, MONDAY, {0: 1, 3: 1}))),
        ("FOREIGN_LINE", plan_of((0, 0, 0, MONDAY, {0: 1, 2: 1}))),
        ("QUANTITY_NOT_POSITIVE", plan_of((0, 0, 0, MONDAY, {0: 1, 1: 0}))),
        ("QUANTITY_NOT_POSITIVE", plan_of((0, 0, 0, MONDAY, {0: 1, 1: -(2**63)}))),
        ("EMPTY_PACKAGE", plan_of((0, 0, 0, MONDAY, {}))),
        ("LINE_OVERSUPPLIED", plan_of((0, 0, 0, MONDAY, {0: 3}))),
        ("LINE_OVERSUPPLIED", plan_of((0, 0, 0, MONDAY, {0: 2}), (0, 0, 0, MONDAY, {0: 1}))),
        ("LINE_OVERSUPPLIED", plan_of((0, 0, 0, MONDAY, {0: 2**63 - 1}), (0, 0, 0, MONDAY, {0: 2**63 - 1}))),
        ("WRONG_SHIP_DAY", plan_of((0, 0, 0, TUESDAY, {0: 1}))),
        ("WRONG_SHIP_DAY", plan_of((0, 0, 0, "2026-03-01", {0: 1}))),
        ("WRONG_SHIP_DAY", plan_of((0, 0, 0, 2**62, {0: 1}))),
    ],
)
def test_plan_is_refused_when_a_reference_or_quantity_is_wrong(code: str, plan: Plan) -> None:
    """Each planted fault is named, and a plan with such a fault has no cost, except too many units of a line."""
    report = check_plan(two_lines().problem(), plan)
    assert code in [violation.code for violation in report.violations]
    assert report.costs is None or code == "LINE_OVERSUPPLIED"


def test_sound_plan_of_the_same_world_has_no_violation() -> None:
    """The world of the planted faults is feasible without them: 5.00 + 5.00."""
    plan = plan_of((0, 0, 0, MONDAY, {0: 2, 1: 1}), (1, 0, 0, MONDAY, {2: 1}))
    report = check_plan(two_lines().problem(), plan)
    assert report.violations == ()
    assert report.costs is not None
    assert report.costs.total == 10_000_000


def test_duplicate_and_unknown_package_contents_are_refused() -> None:
    """A line twice in one package, and a content in no package."""
    plan = plan_of((0, 0, 0, MONDAY, {0: 1}))
    one, zero = np.ones(2, np.int64), np.zeros(2, np.int64)
    twice = Plan(plan.order_idx, plan.node_idx, plan.service_idx, plan.ship_day, zero, zero, one)
    assert codes(two_lines().problem(), twice) == ["DUPLICATE_CONTENT"]
    lost = Plan(plan.order_idx, plan.node_idx, plan.service_idx, plan.ship_day, np.array([0, 1]), zero, one)
    assert codes(two_lines().problem(), lost) == ["UNKNOWN_PACKAGE"]


def test_columns_that_do_not_fit_together_are_refused() -> None:
    """Different lengths or other types end the check at once."""
    plan = plan_of((0, 0, 0, MONDAY, {0: 1}))
    short = Plan(plan.order_idx, plan.node_idx[:0], *(getattr(plan, name) for name in list(Plan.__slots__)[2:]))
    assert codes(two_lines().problem(), short) == ["PLAN_SHAPE"]
    floats = Plan(plan.order_idx.astype(float), *(getattr(plan, name) for name in list(Plan.__slots__)[1:]))  # type: ignore[arg-type]
    assert codes(two_lines().problem(), floats) == ["PLAN_SHAPE"]


def test_order_rules_are_enforced() -> None:
    """Unsplittable lines, lines that ship alone, ship-complete orders and package limits."""
    half = plan_of((0, 0, 0, MONDAY, {0: 1}))
    halves = plan_of((0, 0, 0, MONDAY, {0: 1}), (0, 0, 0, MONDAY, {0: 1}))
    whole = plan_of((0, 0, 0, MONDAY, {0: 2}))
    firm = plain_world().order().line("O1", "1", "K", 2, splittable="false").problem()
    assert codes(firm, half) == ["LINE_DIVIDED"]
    assert codes(firm, halves) == ["LINE_DIVIDED"]
    assert codes(firm, whole) == []

    complete = plain_world().order(lines={"K": 2}, ship_complete="true").problem()
    assert codes(complete, half) == ["SHIP_COMPLETE_BROKEN"]
    assert codes(complete, halves) == codes(complete, Plan.empty()) == []

    single = plain_world().order(lines={"K": 2}, max_packages=1).problem()
    assert codes(single, halves) == ["MAX_PACKAGES_EXCEEDED"]
    assert codes(single, whole) == []

    alone = plain_world().sku("T", ship_alone="true").have(sku_id="T").order(lines={"K": 1, "T": 2}).problem()
    assert codes(alone, plan_of((0, 0, 0, MONDAY, {0: 1, 1: 2}))) == ["SHIP_ALONE_MIXED"]
    assert codes(alone, plan_of((0, 0, 0, MONDAY, {0: 1}), (0, 0, 0, MONDAY, {1: 2}))) == []


def test_one_unit_too_many_is_refused() -> None:
    """Available stock is 5 - 2 - 1 = 2, counted over orders and lines of the same SKU."""
    world = World().node().sku().have(on_hand=5, reserved=2, safety_stock=1).service().lane().rate("10", "5.00")
    world.order().line("O1", "1", "K", 1).line("O1", "2", "K", 1).order("O2", lines={"K": 1})
    problem = world.problem()
    first = (0, 0, 0, MONDAY, {0: 1, 1: 1})
    assert codes(problem, plan_of(first)) == []
    report = check_plan(problem, plan_of(first, (1, 0, 0, MONDAY, {2: 1})))
    assert [violation.code for violation in report.violations] == ["STOCK_EXCEEDED"]
    assert report.violations[0].where == "node A, SKU K"
    assert report.violations[0].message == "3 units ship, 2 are available"


def test_capacities_are_counted_by_ship_day() -> None:
    """Packages and units of a node, packages of its service: per day, so a later day is free again."""
    for columns, cap, code in (
        ({"max_packages_per_day": 1}, "", "NODE_PACKAGES_EXCEEDED"),
        ({"max_units_per_day": 1}, "", "NODE_UNITS_EXCEEDED"),
        ({}, 1, "SERVICE_PACKAGES_EXCEEDED"),
    ):
        world = World().node(**columns).sku().have().service().lane().rate("10", "5.00").order(lines={"K": 2})
        world.node_services = [{"node_id": "A", "service_id": "G", "max_packages_per_day": cap}]
        world.settings["limits"] = {"horizon_days": 1}
        problem = world.problem()
        same_day = plan_of((0, 0, 0, MONDAY, {0: 1}), (0, 0, 0, MONDAY, {0: 1}))
        report = check_plan(problem, same_day)
        assert [violation.code for violation in report.violations] == [code]
        assert "2" in report.violations[0].message
        assert MONDAY in report.violations[0].where
        assert codes(problem, plan_of((0, 0, 0, MONDAY, {0: 1}), (0, 0, 0, TUESDAY, {0: 1}))) == []


def test_impossible_nodes_and_services_are_refused() -> None:
    """Not carried, closed, excluded, too far, not offered, no lane, no rate, transit too long."""
    plan = plan_of((0, 0, 0, MONDAY, {0: 1}))

    def found(world: World) -> list[str]:
        return codes(world.problem(), plan)

    bare = World().node().node("B").sku().service().rate("10", "5.00")
    assert found(bare.have("B").lane().order(lines={"K": 1})) == ["NOT_CARRIED"]
    closed = World().node(open="false").sku().have().service().lane().rate("10", "5.00").order(lines={"K": 1})
    assert found(closed) == ["NODE_CLOSED"]
    assert found(plain_world().order(lines={"K": 1}, excluded_nodes="A")) == ["NODE_EXCLUDED"]

    # One degree of latitude is 6371.0088 x pi / 180 = 111.195 km.
    for limit, expected in (("111.19", ["TOO_FAR"]), ("111.2", [])):
        far = World().node(latitude="40", longitude="-75").sku().have().service().lane().rate("10", "5.00")
        far.settings["limits"] = {"max_distance_km": limit}
        assert found(far.order(lines={"K": 1}, latitude="41", longitude="-75")) == expected

    rare = plain_world().service("X").rate("1", "1", service_id="X").order(lines={"K": 1})
    rare.node_services = [{"node_id": "A", "service_id": "X"}]
    assert found(rare) == ["NOT_OFFERED"]
    assert found(plain_world().order(lines={"K": 1}, country="CA")) == ["NO_LANE"]
    local = World().node().sku().have().service().lane(destination="9").rate("10", "5.00").order(lines={"K": 1})
    assert found(local) == ["NO_LANE"]
    zoned = World().node().sku().have().service().lane(zone="2").rate("10", "5.00").order(lines={"K": 1})
    assert found(zoned) == ["NO_RATE"]
    slow = plain_world().order(lines={"K": 1})
    slow.settings["limits"] = {"max_transit_days": 1}
    assert found(slow) == ["TOO_LATE"]


def test_longest_prefix_wins_and_only_in_the_orders_country() -> None:
    """To 10001: `100` at 7.00 before `1` and `*`; `10002` does not match, nor does another country's `10001`."""
    world = World().node().sku().have().service().order(lines={"K": 1})
    for zone, (country, destination) in enumerate(
        (("US", "*"), ("US", "1"), ("US", "100"), ("US", "10002"), ("CA", "10001"))
    ):
        world.lane(country=country, destination=destination, zone=str(zone)).rate("10", f"{5 + zone}", zone=str(zone))
    report = check_plan(world.problem(), plan_of((0, 0, 0, MONDAY, {0: 1})))
    assert report.costs is not None
    assert report.costs.shipping == 7_000_000


def test_too_heavy_packages_are_refused() -> None:
    """The service's limit is on actual weight; the rate card ends where it has no price per extra kg."""
    plan = plan_of((0, 0, 0, MONDAY, {0: 2}))
    base = World().node().sku(weight_kg="1.000000001").have().lane().order(lines={"K": 2})
    assert codes(base.service(max_weight_kg="2").rate("10", "5").problem(), plan) == ["TOO_HEAVY"]
    light = World().node().sku().have().lane().order(lines={"K": 2})
    assert codes(light.service(max_weight_kg="2").rate("1.999999999", "5").problem(), plan) == ["BEYOND_RATE_CARD"]
    exact = World().node().sku().have().lane().order(lines={"K": 2})
    assert codes(exact.service(max_weight_kg="2").rate("2", "5").problem(), plan) == []


def test_violations_of_a_code_are_listed_to_100_and_counted() -> None:
    """150 wrong days: 100 in words, then their number."""
    world = plain_world()
    for number in range(150):
        world.order(f"O{number}", lines={"K": 1})
    world.stock[0]["on_hand"] = 150
    report = check_plan(world.problem(), plan_of(*((o, 0, 0, TUESDAY, {o: 1}) for o in range(150))))
    assert [violation.code for violation in report.violations] == ["WRONG_SHIP_DAY"] * 101
    assert report.violations[-1].message.startswith("150 violations")
    assert report.violations[3].where == "packages[3] (order O3, node A, service G, 2026-03-03)"


def test_costs_beyond_int64_are_named_not_wrapped() -> None:
    """10^6 units at 10^13 money each cannot be held in micros."""
    problem = plain_world().order().line("O1", "1", "K", 10**6, unfilled_cost="1").problem()
    cost = Amounts(np.full(1, 10**19 // 2, np.int64), np.zeros(1, np.int64))
    problem = dataclasses.replace(problem, lines=dataclasses.replace(problem.lines, unfilled_cost=cost))
    report = check_plan(problem, Plan.empty())
    assert [violation.code for violation in report.violations] == ["TOTAL_TOO_LARGE"]
    assert report.costs is None


@pytest.mark.parametrize("table", ["lanes", "rates", "stock", "services", "nodes"])
def test_network_without_a_table_can_ship_nothing_and_is_no_error(table: str) -> None:
    """Without lanes, rates, stock, services or nodes every unit is unfilled, and the bound says the same."""
    world = plain_world().order(lines={"K": 3}).order("O2", lines={"K": 1})
    world.order_lines.append({"order_id": "O2", "line_id": "2", "sku_id": "K", "quantity": 2000})
    gone = {"nodes": ("nodes", "stock", "lanes"), "services": ("services", "lanes", "rates")}.get(table, (table,))
    for name in gone:
        getattr(world, name).clear()
    problem = world.problem()
    report = check_plan(problem, Plan.empty())
    assert report.is_feasible
    assert report.costs is not None
    assert report.costs.total == 2004 * 100_000_000
    assert check_certificate(problem, Certificate.without_prices(0)).bound == report.costs.total
