"""Days: calendars by date, holding, not before, capacity by day; planted faults, small worlds by hand, enumeration."""

from __future__ import annotations

import dataclasses
import random

import numpy as np
import pytest
from check_slow import Key, Slow, is_feasible
from check_world import MONDAY, World, plain_world, plan_of, random_days_problem, random_problem
from test_check_certificate import assert_relaxation_is_its_formula, certificate_of, random_prices

from splitship.check import check_certificate, check_plan
from splitship.domain import Certificate, Plan, Problem, Violation
from splitship.units import day_number

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"
NEXT_MONDAY = "2026-03-09"


def found(problem: Problem, plan: Plan) -> tuple[Violation, ...]:
    """The violations of a plan."""
    return check_plan(problem, plan).violations


def days_of(problem: Problem, order: int = 0) -> list[int]:
    """Every day of sixty on which one unit of an order may leave node A by service G, from its Monday."""
    first = day_number(MONDAY)
    line = int(problem.line_ptr[order])
    return [
        ahead
        for ahead in range(-2, 60)
        if check_plan(problem, plan_of((order, 0, 0, first + ahead, {line: 1}))).is_feasible
    ]


def one_unit(**order: str) -> World:
    """Order O1 of one K; node A has ten, service G takes two days, 5.00."""
    return plain_world().order(lines={"K": 1}, **order)


def delivery_of(problem: Problem, day: str) -> int:
    """Delivery of one unit that leaves on `day`, in days from Monday 2 March."""
    report = check_plan(problem, plan_of((0, 0, 0, day, {0: 1})))
    assert report.packages is not None
    return int(report.packages.deliver_day[0]) - day_number(MONDAY)


# 1 and 2: which days are working, ship and delivery days, and the first ship day.


def test_holiday_of_the_node_moves_the_first_ship_day() -> None:
    """Monday is off: Tuesday is the first and, with horizon 0, the only day."""
    assert days_of(one_unit().holiday(MONDAY, node_id="A").problem()) == [1]


def test_holiday_of_another_node_moves_nothing() -> None:
    """B's holidays are B's."""
    assert days_of(one_unit().node("B").holiday(MONDAY, node_id="B").problem()) == [0]


def test_holiday_of_the_service_stops_collection_and_delivery() -> None:
    """G does not run on Monday and Wednesday: collected on Tuesday; of what leaves then, two days later is Thursday.

    With Wednesday off alone, Monday's package arrives on Wednesday and is delivered on Thursday, day 3.
    """
    assert days_of(one_unit().holiday(MONDAY, service_id="G").holiday(WEDNESDAY, service_id="G").problem()) == [1]
    problem = one_unit().holiday(WEDNESDAY, service_id="G").problem()
    assert days_of(problem) == [0]
    assert delivery_of(problem, MONDAY) == 3


def test_node_days_win_over_week_and_holidays_both_ways() -> None:
    """A works Tuesdays only, Tuesday is a holiday: opened on Wednesday by its row; a row also opens the holiday."""
    world = one_unit().holiday(TUESDAY, node_id="A").day(WEDNESDAY, open="true")
    world.nodes[0]["working_days"] = "0100000"
    assert days_of(world.problem()) == [2]
    assert days_of(world.day(TUESDAY, open="true").problem()) == [1]
    assert days_of(one_unit().day(MONDAY, open="false").problem()) == [1]


def test_row_that_opens_a_closed_node_does_not() -> None:
    """`open` of the node is about the node altogether."""
    world = one_unit().day(MONDAY, open="true")
    world.nodes[0]["open"] = "false"
    [violation] = found(world.problem(), plan_of((0, 0, 0, MONDAY, {0: 1})))
    assert violation.code == "NODE_CLOSED"


def test_lead_days_are_counted_in_working_days_without_holidays() -> None:
    """Two lead days from Monday: Tuesday is off, so Wednesday and Thursday; Thursday is G's holiday: Friday, day 4."""
    world = one_unit().holiday(TUESDAY, node_id="A").holiday(THURSDAY, service_id="G")
    world.nodes[0]["lead_days"] = 2
    assert days_of(world.problem()) == [4]


def test_day_that_is_three_years_away_is_found_and_one_more_is_not() -> None:
    """A works on no weekday; its row opens it 3 x 366 = 1,098 days after Monday, or a day later."""
    first = day_number(MONDAY)
    for ahead, codes in ((1098, []), (1099, ["NO_SHIP_DAY"])):
        world = one_unit().day(str(np.datetime64(first + ahead, "D")), open="true")
        world.nodes[0]["working_days"] = "0000000"
        plan = plan_of((0, 0, 0, first + ahead, {0: 1}))
        assert [violation.code for violation in found(world.problem(), plan)] == codes
        bound = check_certificate(world.problem(), Certificate.without_prices(0)).bound
        assert bound == (100_000_000 if codes else 5_000_000)


def test_service_that_delivers_no_more_has_no_delivery_day() -> None:
    """G delivers on Mondays only, and all of them for 1,200 days are holidays: nothing within 1,098 days."""
    world = one_unit()
    world.services[0]["delivery_days"] = "1000000"
    for week in range(1, 175):
        world.holiday(str(np.datetime64(day_number(MONDAY) + 7 * week, "D")), service_id="G")
    problem = world.problem()
    assert [v.code for v in found(problem, plan_of((0, 0, 0, MONDAY, {0: 1})))] == ["NO_DELIVERY_DAY"]
    assert check_certificate(problem, Certificate.without_prices(0)).bound == 100_000_000


# 3: later days.


def test_order_may_be_held_until_the_later_of_horizon_and_hold_until() -> None:
    """Horizon 1 from Monday: days 0 and 1. Held until Thursday: also 2 and 3. A past hold_until takes nothing away."""
    for hold_until, days in (("", [0, 1]), (THURSDAY, [0, 1, 2, 3]), ("2026-02-01", [0, 1]), (MONDAY, [0, 1])):
        world = one_unit(hold_until=hold_until)
        world.settings["limits"] = {"horizon_days": 1}
        assert days_of(world.problem()) == days


def test_held_order_still_needs_days_on_which_both_work() -> None:
    """Held until Friday: not on Tuesday (A's holiday) nor on Thursday (G's)."""
    world = one_unit(hold_until=FRIDAY).holiday(TUESDAY, node_id="A").holiday(THURSDAY, service_id="G")
    assert days_of(world.problem()) == [0, 2, 4]


# 4: not before.


def test_delivery_before_not_before_is_too_early_and_the_window_stays() -> None:
    """Two days on the way; not before Thursday: of days 0 to 2, Tuesday and Wednesday deliver in time."""
    world = one_unit(not_before=THURSDAY)
    world.settings["limits"] = {"horizon_days": 2}
    problem = world.problem()
    assert days_of(problem) == [1, 2]
    [violation] = found(problem, plan_of((0, 0, 0, MONDAY, {0: 1})))
    assert violation.code == "TOO_EARLY"
    assert violation.where == "packages[0] (order O1, node A, service G, 2026-03-02)"
    assert violation.message == "is delivered on 2026-03-04, the order's not_before is 2026-03-05"


def test_window_that_is_too_early_gains_the_first_day_that_is_not() -> None:
    """Horizon 0, not before Monday the 9th: a package of Saturday (day 5) arrives then; that one day, not Sunday's.

    With G delivering on weekdays only, Friday's package arrives on Saturday and is delivered on Monday: day 3 would do.
    """
    assert days_of(one_unit(not_before=NEXT_MONDAY).problem()) == [5]
    world = one_unit(not_before=NEXT_MONDAY)
    world.services[0]["delivery_days"] = "1111100"
    # Thursday (3) arrives on Saturday and Friday (4) on Sunday, both are delivered on Monday: the earliest is Thursday.
    assert days_of(world.problem()) == [3]
    assert delivery_of(world.problem(), THURSDAY) == 7


def test_day_that_is_gained_is_a_ship_day() -> None:
    """Saturday the 7th is A's holiday, on Sundays G does not collect: day 7, Monday."""
    world = one_unit(not_before=NEXT_MONDAY).holiday("2026-03-07", node_id="A")
    world.services[0]["ship_days"] = "1111110"
    problem = world.problem()
    assert days_of(problem) == [7]
    [violation] = found(problem, plan_of((0, 0, 0, "2026-03-08", {0: 1})))
    assert violation.code == "WRONG_SHIP_DAY"
    assert "or 2026-03-09, the first day that is not too early" in violation.message


def test_delivery_that_is_three_years_off_is_not_waited_for() -> None:
    """Window: Monday. The first day after it plus 1,098 days is day 1,099, delivered on day 1,101; not a day later."""
    for ahead, bound in ((1101, 5_000_000), (1102, 100_000_000)):
        not_before = str(np.datetime64(day_number(MONDAY) + ahead, "D"))
        problem = one_unit(not_before=not_before).problem()
        assert check_certificate(problem, Certificate.without_prices(0)).bound == bound
        plan = plan_of((0, 0, 0, day_number(MONDAY) + ahead - 2, {0: 1}))
        assert check_plan(problem, plan).is_feasible == (bound == 5_000_000)


# 5 and 6: capacity of a day.


def five_orders(**node: str) -> World:
    """Five orders of one K and one T each, and horizon 1; the node's capacity is that of `node`."""
    world = World().node(**node).sku().sku("T").have().have(sku_id="T").service().lane().rate("10", "5.00")
    for number in range(5):
        world.order(f"O{number}", lines={"K": 1, "T": 1})
    world.settings["limits"] = {"horizon_days": 1}
    return world


def packed(*orders: int, day: str = MONDAY) -> Plan:
    """Both lines of each of `orders` in a package of its own."""
    return plan_of(*((order, 0, 0, day, {2 * order: 1, 2 * order + 1: 1}) for order in orders))


MINUTES = {"minutes_per_package": "2", "minutes_per_unit": "1.5"}


@pytest.mark.parametrize(
    ("node", "day", "code", "message"),
    [
        ({"max_lines_per_day": 4}, {}, "NODE_LINES_EXCEEDED", "6 lines ship, the node can ship 4 a day"),
        ({}, {"max_lines": 5}, "NODE_LINES_EXCEEDED", "6 lines ship, the node can ship 5 a day"),
        (
            {"max_lines_per_day": 8},
            {"used_lines": 3},
            "NODE_LINES_EXCEEDED",
            "6 lines ship, the node has 5 left of 8: others use 3",
        ),
        # Three packages of two units: 3 x (2 + 2 x 1.5) = 15 minutes.
        (
            {"max_minutes_per_day": "14.9", **MINUTES},
            {},
            "NODE_MINUTES_EXCEEDED",
            "15.00 minutes of work, the node has 14.90 a day",
        ),
        (
            {"max_minutes_per_day": "20", **MINUTES},
            {"used_minutes": "5.25"},
            "NODE_MINUTES_EXCEEDED",
            "15.00 minutes of work, the node has 14.75 left of 20.00: others use 5.25",
        ),
        (
            {"max_packages_per_day": 9},
            {"max_packages": 3, "used_packages": 1},
            "NODE_PACKAGES_EXCEEDED",
            "3 packages ship, the node has 2 left of 3: others use 1",
        ),
        (
            {"max_units_per_day": 7},
            {"used_units": 9},
            "NODE_UNITS_EXCEEDED",
            "6 units ship, the node has 0 left of 7: others use 9",
        ),
    ],
)
def test_capacity_of_a_day_is_exceeded(node: dict[str, str], day: dict[str, str], code: str, message: str) -> None:
    """Three packages of a unit of each of two lines are too much for Monday; Tuesday is as usual."""
    world = five_orders(**node)
    if day:
        world.day(MONDAY, **day)
    [violation] = found(world.problem(), packed(0, 1, 2))
    assert (violation.code, violation.where, violation.message) == (code, "node A, 2026-03-02", message)
    codes = {violation.code for violation in found(world.problem(), packed(0, 1, 2, day=TUESDAY))}
    is_usual_short = not day or "14.9" in node.values()
    assert codes == ({code} if is_usual_short and node else set())


def test_capacity_that_is_just_enough_is_enough() -> None:
    """6 lines, 15 minutes, with 1.5 used of 16.5; what others use of no limit limits nothing."""
    world = five_orders(max_lines_per_day="6", max_minutes_per_day="16.5", **MINUTES)
    world.day(MONDAY, used_minutes="1.5", used_packages=10**6)
    assert found(world.problem(), packed(0, 1, 2)) == ()


def test_minutes_are_counted_in_the_largest_step_of_all_nodes() -> None:
    """2 and 1.5 minutes, 0.2 at another node: steps of 0.1 minutes, so 14.95 minutes are 149 steps, 15.00 are 150."""
    world = five_orders(max_minutes_per_day="14.95", **MINUTES).node("B", minutes_per_unit="0.2")
    problem = world.problem()
    assert problem.nodes.umin_step == 100_000
    [violation] = found(problem, packed(0, 1, 2))
    assert violation.code == "NODE_MINUTES_EXCEEDED"
    monday = day_number(MONDAY)
    # No order is dearer for a price of 0, so the bound is what the five plans cost, less price x 149.
    report = check_certificate(problem, certificate_of({("node_minutes", 0, -1, monday + 9): 7}, 0))
    assert report.bound == 25_000_000 - 7 * 149


def test_quota_of_a_service_counts_packages_of_all_nodes() -> None:
    """2 packages a day, 3 on Tuesday: A and B together ship 3."""
    world = five_orders().node("B").have("B").have("B", "T").lane(node_id="B").quota(2).quota(3, TUESDAY)
    problem = world.problem()

    def plan(day: str) -> Plan:
        return plan_of(*((order, order % 2, 0, day, {2 * order: 1}) for order in range(3)))

    [violation] = found(problem, plan(MONDAY))
    assert (violation.code, violation.where) == ("SERVICE_QUOTA_EXCEEDED", "service G, 2026-03-02")
    assert violation.message == "3 packages ship from all nodes, the service takes 2 on that day"
    assert found(problem, plan(TUESDAY)) == ()


def test_line_in_two_packages_counts_twice() -> None:
    """Two packages with a K of one line each are two lines; one with both is one."""
    world = plain_world().order(lines={"K": 2})
    world.nodes[0]["max_lines_per_day"] = 1
    problem = world.problem()
    assert found(problem, plan_of((0, 0, 0, MONDAY, {0: 2}))) == ()
    [violation] = found(problem, plan_of((0, 0, 0, MONDAY, {0: 1}), (0, 0, 0, MONDAY, {0: 1})))
    assert violation.code == "NODE_LINES_EXCEEDED"


def test_wrong_day_says_who_does_not_work() -> None:
    """Tuesday is A's holiday, Wednesday G's; a day before the first, or long after, just is none."""
    world = one_unit().holiday(TUESDAY, node_id="A").holiday(WEDNESDAY, service_id="G")
    world.settings["limits"] = {"horizon_days": 3}
    problem = world.problem()
    for day, words in (
        (TUESDAY, "on this day the node does not work"),
        (WEDNESDAY, "on this day the service does not collect"),
        ("2026-03-01", "later ones within 3 days"),
        ("1970-01-01", "later ones within 3 days"),
        ("9999-12-31", "later ones within 3 days"),
    ):
        [violation] = found(problem, plan_of((0, 0, 0, day, {0: 1})))
        assert violation.code == "WRONG_SHIP_DAY"
        assert violation.message.endswith(words)


# 7: which plans the bound ranges over.


def bound_of(world: World) -> int | None:
    """The bound without prices."""
    return check_certificate(world.problem(), Certificate.without_prices(0)).bound


def test_package_must_fit_into_its_own_day() -> None:
    """Two K in one package are 5.00, in two 10.00; 100.00 a unit unfilled. Monday has room for one unit or package.

    Where only Monday is short, horizon 1 lets both leave together on Tuesday at 5.00.
    """
    for column, most in (("max_units", 3), ("max_minutes", "3"), ("max_packages", 3)):
        world = plain_world().order(lines={"K": 2})
        world.nodes[0]["minutes_per_unit"] = "1"
        world.day(MONDAY, **{column: most, column.replace("max", "used"): 2})
        single = 5_000_000 if column == "max_packages" else 10_000_000
        assert bound_of(world) == single
        world.settings["limits"] = {"horizon_days": 1}
        assert bound_of(world) == 5_000_000
    world = plain_world().order(lines={"K": 2}).day(MONDAY, max_lines=0)
    assert bound_of(world) == 200_000_000


def test_package_of_two_lines_needs_room_for_two_lines() -> None:
    """K and T in one package 5.00, apart 10.00: a day of one line allows the latter only."""
    world = five_orders(max_lines_per_day="1")
    world.orders, world.order_lines = world.orders[:1], world.order_lines[:2]
    assert bound_of(world) == 10_000_000
    world.nodes[0]["max_lines_per_day"] = 2
    assert bound_of(world) == 5_000_000


def test_quota_of_zero_leaves_no_plan_on_its_day() -> None:
    """Monday 0, else 1: Tuesday within horizon 1, nothing within 0."""
    world = one_unit().quota(0, MONDAY)
    assert bound_of(world) == 100_000_000
    world.settings["limits"] = {"horizon_days": 1}
    assert bound_of(world) == 5_000_000
    assert bound_of(one_unit().quota(0)) == 100_000_000


def test_node_without_usual_capacity_ships_on_its_special_day() -> None:
    """0 packages a day, one on Tuesday."""
    world = one_unit().day(TUESDAY, max_packages=1)
    world.nodes[0]["max_packages_per_day"] = 0
    assert bound_of(world) == 100_000_000
    world.settings["limits"] = {"horizon_days": 1}
    assert bound_of(world) == 5_000_000


# 8: prices.

AT = day_number(MONDAY)


@pytest.mark.parametrize(
    ("price", "bound"),
    [
        # Five plans at 5.00, each with two lines that pay 1.00: 25 + 10 - 8 lines x 1.00.
        ({("node_lines", 0, -1, AT): 1_000_000}, 27_000_000),
        # A package of two units takes 2 + 3 = 5 minutes, steps of 0.5: 10 each at 0.10; 40 steps on the day.
        ({("node_minutes", 0, -1, AT): 100_000}, 26_000_000),
        # Five packages at 1.00, four may leave.
        ({("service_quota", -1, 0, AT): 1_000_000}, 26_000_000),
        # Others use 2 of 9 units: 5 x 2 x 1.00 - 7.00.
        ({("node_units", 0, -1, AT): 1_000_000}, 28_000_000),
        # All at once: 25 + 2 + 1 + 1.
        (
            {
                ("node_lines", 0, -1, AT): 1_000_000,
                ("node_minutes", 0, -1, AT): 100_000,
                ("service_quota", -1, 0, AT): 1_000_000,
            },
            29_000_000,
        ),
    ],
)
def test_new_prices_are_paid_and_supplied_as_by_hand(price: dict[Key, int], bound: int) -> None:
    """Monday has 8 lines, 20 minutes, 4 packages of the service, 7 of 9 units; horizon 0."""
    world = five_orders(max_lines_per_day="8", max_minutes_per_day="20", max_units_per_day="9", **MINUTES)
    world.quota(4).day(MONDAY, used_units=2).settings["limits"] = {}
    problem = world.problem()
    report = check_certificate(problem, certificate_of(price, bound))
    assert (report.violations, report.bound) == ((), bound)
    too_much = check_certificate(problem, certificate_of(price, bound + 1))
    assert [violation.code for violation in too_much.violations] == ["BOUND_NOT_PROVEN"]


@pytest.mark.parametrize(
    ("key", "code", "words"),
    [
        (("node_lines", 0, -1, AT + 1), "UNLIMITED_RESOURCE", "node_lines of node A, 2026-03-03 has no limit"),
        (("node_minutes", 0, -1, AT), "UNLIMITED_RESOURCE", "node_minutes of node A, 2026-03-02 has no limit"),
        (("service_quota", -1, 0, AT), "UNLIMITED_RESOURCE", "service_quota of service G, 2026-03-02 has no limit"),
        (("service_quota", 0, 0, AT + 1), "UNKNOWN_RESOURCE", "kind 6, node_idx 0"),
        (("service_quota", -1, 1, AT + 1), "UNKNOWN_RESOURCE", "service_idx 1"),
        (("service_quota", -1, -1, AT + 1), "UNKNOWN_RESOURCE", "service_idx -1"),
        (("node_lines", -1, -1, AT), "UNKNOWN_RESOURCE", "node_idx -1"),
        (("node_minutes", 1, -1, AT), "UNKNOWN_RESOURCE", "node_idx 1"),
    ],
)
def test_price_that_names_nothing_with_a_limit_is_refused(key: Key, code: str, words: str) -> None:
    """Lines are limited on Monday only, the service's packages on Tuesday only."""
    problem = five_orders().day(MONDAY, max_lines=3).quota(3, TUESDAY).problem()
    [violation] = check_certificate(problem, certificate_of({key: 1}, -(10**9))).violations
    assert violation.code == code
    assert words in violation.message


def test_service_and_day_are_priced_once() -> None:
    """The same quota twice is DUPLICATE_RESOURCE."""
    problem = one_unit().quota(1).problem()
    once = certificate_of({("service_quota", -1, 0, AT): 1}, 0)
    columns = ("kind", "node_idx", "sku_idx", "service_idx", "day", "price", "rule_idx")
    twice = dataclasses.replace(once, **{name: np.repeat(getattr(once, name), 2) for name in columns})
    assert [v.code for v in check_certificate(problem, twice).violations] == ["DUPLICATE_RESOURCE"]


def test_price_of_minutes_that_is_too_large_is_told() -> None:
    """2^60 a step and 10 steps a package leave 62 bits."""
    world = one_unit()
    world.nodes[0] |= {"minutes_per_package": "5", "minutes_per_unit": "0.5", "max_minutes_per_day": "50"}
    report = check_certificate(world.problem(), certificate_of({("node_minutes", 0, -1, AT): 2**60}, 0))
    assert [violation.code for violation in report.violations] == ["NUMBERS_TOO_LARGE"]


# Random worlds against enumeration.


@pytest.mark.parametrize("seed", range(60))
def test_bound_equals_enumeration_when_days_differ(seed: int) -> None:
    """The compiled minimum over all plans is that of trying every day, content and multiset of packages."""
    rng, problem = random.Random(seed), random_days_problem(seed)
    slow = Slow(problem)
    for _ in range(2):
        prices = random_prices(slow, rng)
        report = check_certificate(problem, certificate_of(prices, slow.bound(prices)))
        assert report.violations == ()
        assert report.bound == slow.bound(prices)


def test_random_worlds_use_what_they_are_for() -> None:
    """Of 60 worlds, many have choices on special days, after waiting, and prices of every kind."""
    kinds: dict[str, int] = {}
    num_late = 0
    for seed in range(60):
        problem = random_days_problem(seed)
        slow = Slow(problem)
        for kind in {key[0] for key in slow.resources()}:
            kinds[kind] = kinds.get(kind, 0) + 1
        for order in range(len(problem.orders)):
            days = {choice.day for choice in slow.choices(order)}
            num_late += bool(days) and problem.orders.not_before[order] > min(days)
    assert min(kinds.values()) > 5
    assert len(kinds) == 7
    assert num_late > 10


@pytest.mark.parametrize("seed", range(30))
def test_relaxation_equals_its_formula_when_days_differ(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the cap at 1 every order is wide: compiled loops and exact arithmetic give the document's number."""
    assert_relaxation_is_its_formula(random_days_problem(seed), random.Random(seed), monkeypatch)


def test_random_plans_hold_and_cost_as_in_enumeration_when_days_differ() -> None:
    """Feasibility, terms and delivery days of random plans, on days that are allowed and some that are not."""
    num_feasible = num_wrong = 0
    for seed in range(60):
        problem, rng = random_days_problem(seed), random.Random(seed)
        slow = Slow(problem)
        ways = [(o, c) for o in range(len(problem.orders)) for c in slow.choices(o)]
        for _ in range(15 if ways else 0):
            packages = []
            for _ in range(rng.randint(1, 3)):
                order, choice = rng.choice(ways)
                if rng.random() < 0.2:
                    choice = dataclasses.replace(choice, day=choice.day + rng.randint(-2, 4))
                    choice = next((c for c in slow.choices(order) if c.day == choice.day
                                   and (c.node, c.service) == (choice.node, choice.service)), choice)  # fmt: skip
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
                own = report.packages
                assert own is not None
                terms = np.array([slow.terms(*package) for package in packages])
                assert np.array_equal(terms.T, [own.shipping, own.handling, own.delivery, own.late, own.rules])
                assert own.deliver_day.tolist() == [choice.delivery for _, choice, _ in packages]
    assert num_feasible > 40
    assert num_wrong > 40


def test_tables_by_date_change_nothing_where_weeks_repeat() -> None:
    """A holiday of the distant past turns the tables by date on: bounds and days are those of weeks."""
    for seed in range(30):
        problem = random_problem(seed)
        past = np.zeros(1, np.int64)
        dated = dataclasses.replace(
            problem, calendars=dataclasses.replace(problem.calendars, node_idx=past, service_idx=past - 1, day=past + 3)
        )
        prices = random_prices(Slow(problem), random.Random(seed))
        certificate = certificate_of(prices, 0)
        assert check_certificate(dated, certificate).bound == check_certificate(problem, certificate).bound
