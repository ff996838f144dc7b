"""Stock that arrives, and soft quotas: plans and bounds by hand, planted faults, random worlds by enumeration."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

import numpy as np
import pytest
from check_slow import Key, Slow, is_feasible
from check_world import MONDAY, World, plain_world, plan_of, random_arrivals_problem
from test_check_certificate import assert_relaxation_is_its_formula, certificate_of, random_prices

from splitship.check import check_certificate, check_plan, compare_claim
from splitship.check import stages as stages_module
from splitship.domain import Certificate, Plan, Problem
from splitship.units import day_number

TUESDAY, WEDNESDAY, THURSDAY = "2026-03-03", "2026-03-04", "2026-03-05"
DAY = day_number(MONDAY)
NUM_WORLDS = 120


def arriving(num_orders: int = 1, quantity: int = 2, days: int = 3, on_hand: int = 1, **order: Any) -> World:
    """Orders of K at 5.00 a package; A has one at once, two more from Tuesday and one from Wednesday on."""
    world = World(delivery_day="0.1").node().sku().have(on_hand=on_hand).service().lane().rate("10", "5.00")
    world.arrive(2, TUESDAY).arrive(1, WEDNESDAY)
    for number in range(num_orders):
        world.order(f"O{number + 1}", lines={"K": quantity}, **order)
    world.settings["limits"] = {"horizon_days": days}
    return world


def shipped(*units: tuple[int, str, int]) -> Plan:
    """A package for each (order, day, units of its only line)."""
    return plan_of(*((order, 0, 0, day, {order: number}) for order, day, number in units))


def faults(problem: Problem, plan: Plan) -> list[tuple[str, str, str]]:
    """What is wrong with a plan."""
    return [(found.code, found.where, found.message) for found in check_plan(problem, plan).violations]


def bound_of(problem: Problem, prices: dict[Key, int] | None = None) -> int | None:
    """The bound from prices that are in order."""
    report = check_certificate(problem, certificate_of(prices or {}, -(10**15)))
    assert report.violations == ()
    return report.bound


def until(day: int) -> Key:
    """The resource of what ships until so many days after Monday."""
    return ("stock_until", 0, 0, DAY + day)


# Plans.


def test_unit_that_ships_a_day_too_early_is_told() -> None:
    """Two on Tuesday are there, on Monday one is; the fourth comes on Wednesday."""
    problem = arriving(quantity=4).problem()
    assert faults(problem, shipped((0, TUESDAY, 3))) == []
    assert faults(problem, shipped((0, WEDNESDAY, 4))) == []
    assert faults(problem, shipped((0, MONDAY, 2))) == [
        (
            "STOCK_EXCEEDED",
            "node A, SKU K, 2026-03-02",
            "2 units ship until then, 1 are available by then",
        )
    ]
    [(code, where, _)] = faults(problem, shipped((0, TUESDAY, 4)))
    assert (code, where) == ("STOCK_EXCEEDED", "node A, SKU K, 2026-03-03")


def test_units_count_towards_every_later_day() -> None:
    """One on Monday leaves two for Tuesday; three on Tuesday are one too many, though three have arrived by then."""
    problem = arriving(2, quantity=3).problem()
    assert faults(problem, shipped((0, MONDAY, 1), (1, TUESDAY, 2))) == []
    assert faults(problem, shipped((1, TUESDAY, 3))) == []
    [(code, where, message)] = faults(problem, shipped((1, TUESDAY, 3), (0, MONDAY, 1)))
    assert (code, where) == ("STOCK_EXCEEDED", "node A, SKU K, 2026-03-03")
    assert message == "4 units ship until then, 3 are available by then"
    # Taken on Tuesday, nothing of what Wednesday brings is lost: four in all, not five.
    assert faults(problem, shipped((0, MONDAY, 1), (1, TUESDAY, 2), (0, WEDNESDAY, 1))) == []
    [(_, where, _)] = faults(problem, shipped((0, MONDAY, 1), (1, TUESDAY, 2), (0, THURSDAY, 2)))
    assert where == "node A, SKU K, 2026-03-05"


def test_what_arrives_elsewhere_or_of_another_sku_does_not_help() -> None:
    """B has none of K and gets one on Tuesday, A one of T: each is carried from the first day, and told apart."""
    world = arriving(2).node("B").lane(node_id="B").sku("T").arrive(1, TUESDAY, "B").arrive(1, MONDAY, sku_id="T")
    world.order("O3", lines={"T": 1})
    problem = world.problem()
    assert faults(problem, plan_of((0, 1, 0, TUESDAY, {0: 1}), (2, 0, 0, MONDAY, {2: 1}))) == []
    found = faults(problem, plan_of((0, 1, 0, MONDAY, {0: 1}), (1, 0, 0, MONDAY, {1: 2}), (2, 1, 0, MONDAY, {2: 1})))
    assert [(code, where) for code, where, _ in found] == [
        ("NOT_CARRIED", "packages[2] (order O3, node B, service G, 2026-03-02)"),
        ("STOCK_EXCEEDED", "node A, SKU K, 2026-03-02"),
        ("STOCK_EXCEEDED", "node B, SKU K, 2026-03-02"),
    ]


def test_what_has_arrived_before_the_batch_is_there_at_once() -> None:
    """Two more since Sunday."""
    assert faults(arriving(quantity=3).arrive(2, "2026-03-01").problem(), shipped((0, MONDAY, 3))) == []


# Bounds by hand.


def test_bound_ships_when_it_is_there() -> None:
    """Two K need Tuesday: 5.00 and three days at 0.10; four Wednesday. With no day to wait one ships, 100.00 are lost.

    Two packages of one are allowed if any: the bound leaves what packages use together to prices.
    """
    one: dict[str, Any] = {"max_packages": 1}
    assert bound_of(arriving(**one).problem()) == 5_300_000
    assert bound_of(arriving(quantity=4, **one).problem()) == 5_400_000
    assert bound_of(arriving(days=0, **one).problem()) == 105_200_000
    assert bound_of(arriving(days=0).problem()) == 10_400_000
    assert bound_of(arriving(days=0, ship_complete="true", **one).problem()) == 200_000_000
    assert bound_of(arriving(quantity=5, ship_complete="true", **one).problem()) == 500_000_000


def test_twins_share_what_is_there() -> None:
    """Two lines of 2 K: on Tuesday three are there, all four on Wednesday."""
    world = arriving(max_packages=1)
    world.line("O1", "2", "K", 2)
    assert bound_of(world.problem()) == 5_400_000
    world.settings["limits"] = {"horizon_days": 1}
    assert bound_of(world.problem()) == 105_300_000


def test_unit_pays_all_days_from_its_own_on() -> None:
    """Two orders of two, 1.00 until Monday, 2.00 until Tuesday, 10.00 for stock on all days.

    On Tuesday a unit pays 12.00, on Wednesday 10.00 and its order 0.10 more: 2 x (5.40 + 20.00) less 1, 2 x 3, 10 x 4.
    """
    problem = arriving(2).problem()
    prices: dict[Key, int] = {until(0): 1_000_000, until(1): 2_000_000, ("stock", 0, 0, -1): 10_000_000}
    assert bound_of(problem, prices) == 2 * 25_400_000 - 1_000_000 - 6_000_000 - 40_000_000
    # Until Wednesday alone: every unit pays 3.00 on Tuesday, or ships on Thursday for 0.20 an order.
    assert bound_of(problem, {until(2): 3_000_000}) == 2 * 5_500_000 - 12_000_000
    assert bound_of(arriving(2, days=2).problem(), {until(2): 3_000_000}) == 2 * 11_300_000 - 12_000_000


def test_price_left_out_or_claimed_too_high_is_not_proven() -> None:
    """1.00 until Tuesday, where three are and four are asked: a claim that needs it fails without it."""
    problem = arriving(2, days=1).problem()
    prices = {until(1): 100_000_000}
    # Unfilled at 100.00 a unit is as good as paying: 4 x 100.00 less what three are worth.
    proven = bound_of(problem, prices)
    assert proven == 2 * 200_000_000 - 300_000_000
    assert bound_of(problem) == 2 * 5_300_000
    for given, claim in ((prices, 100_000_001), ({}, 100_000_000)):
        report = check_certificate(problem, certificate_of(given, claim))
        assert [violation.code for violation in report.violations] == ["BOUND_NOT_PROVEN"]


def test_any_day_of_any_position_can_be_priced() -> None:
    """Days before and after all days on which something ships; where nothing arrives the supply is the stock."""
    problem = arriving().problem()
    assert bound_of(problem, {until(-900): 1_000_000}) == 5_300_000 - 1_000_000
    assert bound_of(problem, {until(900): 1_000_000}) == 5_300_000 + 2_000_000 - 4_000_000
    plain = plain_world().order(lines={"K": 2}).problem()
    assert bound_of(plain, {until(0): 1_000_000}) == 5_000_000 + 2_000_000 - 10_000_000
    assert bound_of(plain, {until(-1): 1_000_000}) == 5_000_000 - 10_000_000


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (("stock_until", 0, 3, DAY), "UNKNOWN_RESOURCE"),
        (("stock_until", 1, 0, DAY), "UNKNOWN_RESOURCE"),
        (("stock_until", 0, 0, 2**31), "UNKNOWN_RESOURCE"),
        (("stock", 0, 0, DAY), "UNKNOWN_RESOURCE"),
    ],
)
def test_price_of_what_is_not_there_is_refused(key: Key, code: str) -> None:
    """No such position, no such day, and stock on all days has none."""
    report = check_certificate(arriving().problem(), certificate_of({key: 1}, 0))
    assert [violation.code for violation in report.violations] == [code]


def test_prices_of_a_position_must_not_be_too_large_together() -> None:
    """Two of 2^62 - 1 micros each; one priced twice is a duplicate with its name and day."""
    report = check_certificate(arriving().problem(), certificate_of({until(0): 2**62 - 1, until(1): 2**62 - 1}, 0))
    [violation] = report.violations
    assert (violation.code, violation.where) == ("PRICE_TOO_LARGE", "prices[0]")
    report = check_certificate(arriving().problem(), certificate_of({until(0): 2**61}, 0))
    assert [violation.code for violation in report.violations] == ["NUMBERS_TOO_LARGE"]
    once = certificate_of({until(0): 1}, 0)
    columns = ("kind", "node_idx", "sku_idx", "service_idx", "day", "price", "rule_idx")
    twice = dataclasses.replace(once, **{name: np.repeat(getattr(once, name), 2) for name in columns})
    [violation] = check_certificate(arriving().problem(), twice).violations
    assert (violation.code, violation.message) == (
        "DUPLICATE_RESOURCE",
        "stock_until of node A, SKU K, 2026-03-02 is priced twice",
    )


def test_own_prices_where_more_arrives_are_refused() -> None:
    """What a line would pay for stock there depends on the day."""
    own = {name: np.array([value]) for name, value in (("own_line", 0), ("own_node", 0), ("own_price", 1))}
    certificate = dataclasses.replace(Certificate.without_prices(0), **own)
    [violation] = check_certificate(arriving().problem(), certificate).violations
    assert violation.code == "OWN_PRICE_OF_ARRIVALS"
    priced = dataclasses.replace(certificate_of({until(0): 1}, 0), **own)
    [violation] = check_certificate(plain_world().order(lines={"K": 2}).problem(), priced).violations
    assert (violation.code, violation.where) == ("DUPLICATE_RESOURCE", "prices[0]")


def test_more_stages_than_are_kept() -> None:
    """A unit a day for forty days, forty asked at 1.00 more a day; each day's price is its own."""
    world = World(delivery_day="1").node().sku().have(on_hand=0).service().service("H").rate("100", "5")
    world.rate("100", "4", service_id="H").lane().lane("H", transit_days=3).order(lines={"K": 40})
    for number in range(40):
        world.arrive(1, str(np.datetime64(MONDAY) + number))
    world.settings["limits"] = {"horizon_days": 45}
    problem = world.problem()
    assert stages_module.MOST_STAGES < 40
    slow = Slow(problem)
    prices = {until(number): 1_000_000 + number for number in range(0, 44, 3)}
    assert bound_of(problem, prices) == slow.least(0, prices, {}, {}) - sum(
        price * slow.supply(key) for key, price in prices.items()
    )


# Soft quotas.


def soft_world(num_orders: int = 3, packages: int = 1, over: str = "2", per: str = "day") -> World:
    """Orders of one K at 5.00; packages beyond a quota cost so much each."""
    world = plain_world()
    for number in range(num_orders):
        world.order(f"O{number + 1}", lines={"K": 1})
    return world.rule("few", quota={"packages": packages, "price_over": over, "per": per})


def test_packages_beyond_a_soft_quota_cost_and_are_no_violation() -> None:
    """Three packages, one allowed, 2.00 for each of the other two; by day, one each on three days costs nothing."""
    for per in ("day", "batch"):
        world = soft_world(per=per)
        world.settings["limits"] = {"horizon_days": 2}
        problem = world.problem()
        report = check_plan(problem, shipped((0, MONDAY, 1), (1, MONDAY, 1), (2, MONDAY, 1)))
        assert report.is_feasible
        assert report.costs is not None
        assert (report.costs.soft, report.costs.rules, report.costs.total) == (4_000_000, 0, 19_000_000)
        assert [v.where for v in compare_claim(report, costs=dataclasses.replace(report.costs, soft=0))] == [
            "costs.soft"
        ]
        report = check_plan(problem, shipped((0, MONDAY, 1), (1, TUESDAY, 1), (2, WEDNESDAY, 1)))
        assert report.costs is not None
        assert report.costs.soft == (0 if per == "day" else 4_000_000)


def test_package_pays_no_more_for_a_soft_quota_than_beyond_it() -> None:
    """At 1.00 three pay it and one is supplied; at 2.00 and above they pay 2.00, the supply in full."""
    problem = soft_world().problem()
    for price, paid in ((0, 0), (1_000_000, 1_000_000), (2_000_000, 2_000_000), (3_000_000, 2_000_000)):
        key = ("rule_quota", -1, 0, DAY)
        assert bound_of(problem, {key: price}) == 15_000_000 + 3 * paid - price
    report = check_certificate(problem, certificate_of({("rule_quota", -1, 0, DAY): 3_000_000}, 18_000_001))
    assert [violation.code for violation in report.violations] == ["BOUND_NOT_PROVEN"]


def test_soft_quota_of_none_is_a_price_a_package() -> None:
    """Every package is beyond it."""
    problem = soft_world(packages=0).problem()
    report = check_plan(problem, shipped((0, MONDAY, 1)))
    assert report.costs is not None
    assert (report.costs.rules, report.costs.soft) == (2_000_000, 0)
    assert bound_of(problem) == 21_000_000


# Random worlds against enumeration.


@pytest.mark.parametrize("seed", range(NUM_WORLDS))
def test_bound_equals_enumeration_with_arrivals(seed: int) -> None:
    """The compiled minimum over all plans is that of trying every day, content and multiset of packages."""
    rng, problem = random.Random(seed), random_arrivals_problem(seed)
    slow = Slow(problem)
    for _ in range(2):
        prices = random_prices(slow, rng)
        report = check_certificate(problem, certificate_of(prices, slow.bound(prices)))
        assert report.violations == ()
        assert report.bound == slow.bound(prices)


@pytest.mark.parametrize("seed", range(60))
def test_relaxation_equals_its_formula_with_arrivals(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the cap at 1 every order is wide: compiled loops and exact arithmetic give the formula's number."""
    assert_relaxation_is_its_formula(random_arrivals_problem(seed), random.Random(seed), monkeypatch)


def test_random_plans_hold_and_cost_as_in_enumeration_with_arrivals() -> None:
    """Feasibility and terms of random plans; stock over time fails and holds, and no bound passes a feasible plan."""
    num_feasible, num_late, num_soft = 0, 0, 0
    for seed in range(NUM_WORLDS):
        problem, rng = random_arrivals_problem(seed), random.Random(seed)
        slow = Slow(problem)
        ways = [(o, c) for o in range(len(problem.orders)) for c in slow.choices(o)]
        prices = random_prices(slow, rng)
        bound = slow.bound(prices)
        for _ in range(12 if ways else 0):
            packages = [
                (order, choice, rng.choice(slow.contents(order)))
                for order, choice in (rng.choice(ways) for _ in range(rng.randint(1, 3)))
            ]
            plan = plan_of(
                *(
                    (o, c.node, c.service, c.day, {line: q for line, q in zip(slow.lines(o), held, strict=True) if q})
                    for o, c, held in packages
                )
            )
            report = check_plan(problem, plan)
            assert report.is_feasible == is_feasible(slow, packages)
            codes = {violation.code for violation in report.violations}
            over = [violation for violation in report.violations if violation.code == "STOCK_EXCEEDED"]
            num_late += codes == {"STOCK_EXCEEDED"} and all("by then" in violation.message for violation in over)
            num_feasible += report.is_feasible
            if report.is_feasible:
                own = report.packages
                assert own is not None
                assert report.costs is not None
                terms = np.array([slow.terms(*package) for package in packages])
                assert np.array_equal(terms.T, [own.shipping, own.handling, own.delivery, own.late, own.rules])
                assert report.costs.total >= bound
            if report.costs is not None:
                assert report.costs.soft == slow.soft(packages)
                num_soft += report.costs.soft > 0
    assert num_feasible > 100
    assert num_late > 30
    assert num_soft > 5
