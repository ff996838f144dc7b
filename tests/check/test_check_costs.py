"""Tariffs and calendars worked out by hand, and claims of cost."""

from __future__ import annotations

import numpy as np
import pytest
from check_world import MONDAY, World, plain_world, plan_of

from splitship.check import check_plan, compare_claim
from splitship.domain import CostTerms, PackageCosts, PlanReport
from splitship.units import day_number, day_text


def price(world: World, units: int = 1) -> PackageCosts:
    """Cost of one package of `units` K that leaves on Monday."""
    report = check_plan(world.problem(), plan_of((0, 0, 0, MONDAY, {0: units})))
    assert report.violations == ()
    assert report.packages is not None
    return report.packages


def shipping(units: int, rates: list[tuple[str, str, str]], service: dict[str, str], **sku: str) -> int:
    """Shipping in micros of `units` K by one service with the given rate card."""
    world = World().node().sku(**sku).have().service(**service).lane().order(lines={"K": units})
    for up_to, at, extra in rates:
        world.rate(up_to, at, extra)
    return int(price(world, units).shipping[0])


CARD = [("1", "4", ""), ("2", "6", ""), ("5", "9", "0.5")]


@pytest.mark.parametrize(
    ("units", "weight_kg", "expected"),
    [
        (1, "0", "4"),  # 0 kg: first bracket
        (1, "1", "4"),  # exactly at the edge: still in
        (1, "1.000000001", "6"),  # a microgram over: next
        (2, "1", "6"),
        (5, "1", "9"),
        (7, "1", "10"),  # 9 + 0.5 x 2
        (1, "5.000000001", "9"),  # 9 + 0.5e-9, rounded
        (1, "5.000001", "9"),  # 9 + 0.0000005: half a micro, to the even 9.000000
        (1, "5.000003", "9.000002"),  # 9 + 0.0000015 -> 9.000002
    ],
)
def test_shipping_takes_the_smallest_bracket_that_holds_the_weight(units: int, weight_kg: str, expected: str) -> None:
    """Brackets include their edge; beyond the last each kg costs extra."""
    assert shipping(units, CARD, {}, weight_kg=weight_kg) == round(float(expected) * 10**6)


@pytest.mark.parametrize(
    ("service", "units", "expected"),
    [
        ({}, 1, "4"),  # actual 0.5 kg
        ({"dim_divisor": "5000"}, 1, "6"),  # 6000 cm3 / 5000 = 1.2 kg
        ({"dim_divisor": "6000"}, 1, "4"),  # exactly 1 kg: at the edge
        ({"dim_divisor": "5999.999999999"}, 1, "6"),  # just over 1 kg, by a fraction of a microgram
        ({"dim_divisor": "20000"}, 1, "4"),  # 0.3 kg by volume: the actual 0.5 counts
        ({"dim_divisor": "5000", "weight_step_kg": "0.5"}, 1, "6"),  # 1.2 -> 1.5
        ({"dim_divisor": "5000", "weight_step_kg": "3"}, 1, "9"),  # 1.2 -> 3
        ({"dim_divisor": "5000", "weight_step_kg": "2"}, 4, "9.5"),  # 4.8 -> 6: 9 + 0.5
        ({"dim_divisor": "1000"}, 1, "9.5"),  # 6 kg: 9 + 0.5
        ({"dim_divisor": "7000"}, 7, "9.5"),  # 7 x 6/7 kg = 6 kg: the parts add up exactly
        ({"dim_divisor": "900"}, 1, "9.833333"),  # 6.666... kg: 9 + 0.8333333...
        ({"weight_step_kg": "0.5"}, 2, "4"),  # exactly 1 kg: not moved up
        ({"weight_step_kg": "0.6"}, 2, "6"),  # 1 -> 1.2
    ],
)
def test_billable_weight_is_the_larger_one_moved_up_to_the_step(
    service: dict[str, str], units: int, expected: str
) -> None:
    """A K weighs 0.5 kg and has 10 x 20 x 30 = 6000 cm3; volumes add up as fractions before anything is rounded."""
    sides = {"length_cm": "10", "width_cm": "20", "height_cm": "30"}
    assert shipping(units, CARD, service, weight_kg="0.5", **sides) == round(float(expected) * 10**6)


def test_sku_with_a_side_missing_has_no_volume() -> None:
    """Two sides only: the actual weight counts."""
    sides = {"length_cm": "10", "width_cm": "20"}
    assert shipping(1, CARD, {"dim_divisor": "1"}, weight_kg="0.5", **sides) == 4_000_000


def test_weight_of_nothing_stays_nothing_with_a_step() -> None:
    """0 kg is a multiple of the step: a bracket up to 0 holds it."""
    assert shipping(1, [("0", "3", ""), ("1", "4", "")], {"weight_step_kg": "1"}, weight_kg="0") == 3_000_000


@pytest.mark.parametrize(
    ("package", "line", "unit", "units", "expected"),
    [
        ("1.2", "0.1", "0.25", 3, 2_050_000),  # 1.2 + 0.1 + 0.75
        ("0", "0", "0.0000005", 1, 0),  # half a micro, to even
        ("0", "0", "0.0000005", 3, 2),  # 1.5 micros -> 2
        ("0", "0", "0.0000005", 5, 2),  # 2.5 micros -> 2
        ("0", "0", "0.000000166666666667", 3, 1),  # 3 x = 0.500000000000000001 micros -> 1
        ("0", "0", "0.000000166666666666", 3, 0),  # 0.4999... -> 0
        ("0.0000003", "0.0000003", "0.0000003", 3, 2),  # 0.3 + 0.3 + 0.9 = 1.5 micros, rounded once -> 2
        ("0.000000000000000001", "0", "0.0000005", 5, 3),  # 2.5 micros and a bit -> 3
    ],
)
def test_handling_is_summed_exactly_and_rounded_once(
    package: str, line: str, unit: str, units: int, expected: int
) -> None:
    """Per package, per line, per unit; half to even after the sum."""
    world = World().node(package_cost=package, line_cost=line, unit_cost=unit).sku().have().service().lane()
    assert price(world.rate("10", "0").order(lines={"K": units}), units).handling[0] == expected


def test_delivery_and_late_days_are_priced() -> None:
    """Two days at 0.25; due on Monday, 2 days late at 6.00 with priority 1.5 = 18.00."""
    world = plain_world(delivery_day="0.25", late_day="6").order(lines={"K": 1}, deliver_by=MONDAY, priority="1.5")
    costs = price(world)
    assert (costs.delivery[0], costs.late[0]) == (500_000, 18_000_000)
    on_time = plain_world(late_day="6").order(lines={"K": 1}, deliver_by="2026-03-04")
    assert price(on_time).late[0] == 0


def test_late_price_times_priority_is_rounded_once() -> None:
    """0.000001 x 0.5 x 3 days = 1.5 micros -> 2; x 5 days = 2.5 -> 2."""
    for transit, expected in ((3, 2), (5, 2), (7, 4)):
        world = World(late_day="0.000001").node().sku().have().service().lane(transit_days=transit).rate("10", "0")
        assert price(world.order(lines={"K": 1}, deliver_by=MONDAY, priority="0.5")).late[0] == expected


def journey(
    placed_at: str, node: dict[str, object] | None = None, service: dict[str, object] | None = None, transit: int = 2
) -> tuple[str, str, int]:
    """Ship date, delivery date and days since the start of one package, found by trying days."""
    world = World(delivery_day="1").node(**(node or {})).sku().have().service(**(service or {}))
    world.lane(transit_days=transit).rate("10", "0").order(lines={"K": 60}, placed_at=placed_at)
    world.settings["as_of"] = "2026-01-01T00:00:00+00:00"
    world.stock[0]["on_hand"] = 60
    problem = world.problem()
    around = day_number(placed_at[:10])
    days = list(range(around - 2, around + 42))
    report = check_plan(problem, plan_of(*((0, 0, 0, day, {0: 1}) for day in days)))
    assert {violation.code for violation in report.violations} == {"WRONG_SHIP_DAY"}
    wrong = {violation.where for violation in report.violations}
    [day] = [day for day in days if not any(day_text(day) in place for place in wrong)]
    report = check_plan(problem, plan_of((0, 0, 0, day, {0: 1})))
    assert report.packages is not None
    return day_text(day), day_text(int(report.packages.deliver_day[0])), int(report.packages.delivery[0]) // 10**6


FRIDAY, SATURDAY, SUNDAY, NEXT_MONDAY = "2026-03-06", "2026-03-07", "2026-03-08", "2026-03-09"
FIVE_DAYS = {"working_days": "1111100"}


@pytest.mark.parametrize(
    ("placed_at", "node", "service", "ship"),
    [
        ("2026-03-06T15:00:00+00:00", {"cutoff": "15:00"}, {}, FRIDAY),  # exactly at the cut-off is not after it
        ("2026-03-06T15:00:01+00:00", {"cutoff": "15:00"}, {}, SATURDAY),
        ("2026-03-06T23:59:59+00:00", {"cutoff": "24:00"}, {}, FRIDAY),  # never passed
        ("2026-03-06T00:00:01+00:00", {"cutoff": "00:00"}, {}, SATURDAY),
        ("2026-03-06T00:00:00+00:00", {"cutoff": "00:00"}, {}, FRIDAY),
        ("2026-03-06T15:00:01+00:00", {"cutoff": "15:00"} | FIVE_DAYS, {}, NEXT_MONDAY),
        ("2026-03-07T10:00:00+00:00", FIVE_DAYS, {}, NEXT_MONDAY),  # placed on Saturday
        ("2026-03-06T10:00:00+00:00", {"lead_days": 1} | FIVE_DAYS, {}, NEXT_MONDAY),  # one working day over a weekend
        ("2026-03-07T10:00:00+00:00", {"lead_days": 1} | FIVE_DAYS, {}, "2026-03-10"),  # Monday, then one more
        ("2026-03-06T10:00:00+00:00", {"lead_days": 7} | FIVE_DAYS, {}, "2026-03-17"),  # a week and two days
        ("2026-03-06T10:00:00+00:00", {"lead_days": 5, "working_days": "1000000"}, {}, "2026-04-13"),  # five Mondays on
        ("2026-03-06T10:00:00+00:00", {}, {"ship_days": "0101000"}, "2026-03-10"),  # the service leaves Tue and Thu
        (
            "2026-03-06T10:00:00+00:00",
            {"working_days": "1001000"},
            {"ship_days": "0101000"},
            "2026-03-12",
        ),  # Thu in common
        # 03:30 UTC on Saturday is 22:30 on Friday in New York (UTC-5 until Sunday 02:00).
        ("2026-03-07T03:30:00+00:00", {"timezone": "America/New_York", "cutoff": "22:30"}, {}, FRIDAY),
        ("2026-03-07T03:30:00+00:00", {"timezone": "America/New_York", "cutoff": "22:29"}, {}, SATURDAY),
        # After clocks went forward it is UTC-4: 03:30 UTC on Tuesday is 23:30 on Monday.
        ("2026-03-10T03:30:00+00:00", {"timezone": "America/New_York", "cutoff": "22:30"}, {}, "2026-03-10"),
        ("2026-03-10T03:30:00+00:00", {"timezone": "America/New_York"}, {}, NEXT_MONDAY),
        # 1 November 2026: 05:30 and 06:30 UTC are both 01:30 on the wall in New York.
        ("2026-11-01T05:30:00+00:00", {"timezone": "America/New_York", "cutoff": "01:30"}, {}, "2026-11-01"),
        ("2026-11-01T06:30:00+00:00", {"timezone": "America/New_York", "cutoff": "01:30"}, {}, "2026-11-01"),
        ("2026-11-01T06:31:00+00:00", {"timezone": "America/New_York", "cutoff": "01:30"}, {}, "2026-11-02"),
        # Tokyo is nine hours ahead: Friday 16:00 UTC is Saturday 01:00.
        ("2026-03-06T16:00:00+00:00", {"timezone": "Asia/Tokyo"}, {}, SATURDAY),
        ("2026-03-06T16:00:00+00:00", {"timezone": "Asia/Tokyo"} | FIVE_DAYS, {}, NEXT_MONDAY),
    ],
)
def test_ship_day_follows_cutoff_calendar_and_lead(
    placed_at: str, node: dict[str, object], service: dict[str, object], ship: str
) -> None:
    """Exactly one day is right, and it is this one."""
    assert journey(placed_at, node, service)[0] == ship


@pytest.mark.parametrize(
    ("transit", "delivery_days", "expected"),
    [
        (0, "1111111", (FRIDAY, 0)),
        (2, "1111111", (SUNDAY, 2)),
        (2, "1111100", (NEXT_MONDAY, 3)),  # Sunday is moved to Monday
        (1, "1111110", (SATURDAY, 1)),
        (7, "0000100", ("2026-03-13", 7)),
        (8, "0000100", ("2026-03-20", 14)),
    ],
)
def test_delivery_day_moves_to_the_services_next_delivery_day(
    transit: int, delivery_days: str, expected: tuple[str, int]
) -> None:
    """Ship day plus calendar days of transit, moved on; days are counted from the start date."""
    _, delivered, days = journey(f"{FRIDAY}T10:00:00+00:00", {}, {"delivery_days": delivery_days}, transit)
    assert (delivered, days) == expected


def test_start_is_the_later_of_as_of_and_placed_at() -> None:
    """An order placed last week starts when the batch is solved."""
    world = plain_world().order(lines={"K": 1}, placed_at="2026-02-20T08:00:00+00:00")
    assert price(world).deliver_day[0] == day_number("2026-03-04")


def test_no_common_day_of_node_and_service_is_named() -> None:
    """A node that works on Mondays and a service that leaves on Tuesdays never meet."""
    world = World().node(working_days="1000000").sku().have().service(ship_days="0100000").lane().rate("10", "5")
    report = check_plan(world.order(lines={"K": 1}).problem(), plan_of((0, 0, 0, MONDAY, {0: 1})))
    assert [violation.code for violation in report.violations] == ["NO_SHIP_DAY"]
    assert report.costs is None


def test_horizon_allows_later_ship_days_of_node_and_service_only() -> None:
    """First day Friday; three days on: Saturday and Sunday are not working days, Monday is."""
    world = World().node(**FIVE_DAYS).sku().have().service().lane().rate("10", "5")
    world.order(lines={"K": 1}, placed_at=f"{FRIDAY}T10:00:00+00:00")
    world.settings["limits"] = {"horizon_days": 3}
    problem = world.problem()
    allowed = [
        day_text(day)
        for day in range(day_number("2026-03-04"), day_number("2026-03-14"))
        if check_plan(problem, plan_of((0, 0, 0, day, {0: 1}))).is_feasible
    ]
    assert allowed == [FRIDAY, NEXT_MONDAY]


def report_of_two() -> PlanReport:
    """Two packages at 5.00, one unit at 100.00 unfilled."""
    problem = plain_world().order(lines={"K": 3}).problem()
    return check_plan(problem, plan_of((0, 0, 0, MONDAY, {0: 1}), (0, 0, 0, MONDAY, {0: 1})))


def test_claims_that_agree_are_no_violation() -> None:
    """Total, terms and packages as recomputed."""
    report = report_of_two()
    assert report.costs is not None
    assert compare_claim(report, 110_000_000, report.costs, report.packages) == ()
    assert compare_claim(report) == ()


def test_cost_off_by_a_cent_is_a_violation() -> None:
    """One cent or one micro, in the total, a term, or a package: each is named with both numbers."""
    report = report_of_two()
    [total] = compare_claim(report, objective=110_010_000)
    assert (total.code, total.where) == ("COST_MISMATCH", "objective")
    assert total.message == "cost claimed 110.01, recomputed 110.00"
    [term] = compare_claim(report, costs=CostTerms(shipping=10_000_001, unfilled=100_000_000))
    assert (term.where, term.message) == ("costs.shipping", "cost claimed 10.000001, recomputed 10.00")
    [package] = compare_claim(report, packages={"shipping": np.array([5_000_000, 4_990_000])})
    assert (package.where, package.message) == ("packages[1].shipping", "cost claimed 4.99, recomputed 5.00")
    [short] = compare_claim(report, packages={"late": np.zeros(1, np.int64)})
    assert (short.code, short.where) == ("COST_MISMATCH", "packages.late")
    day = day_number("2026-03-04")
    [late] = compare_claim(report, packages={"deliver_day": np.array([day, day + 1])})
    assert (late.code, late.where) == ("DELIVERY_DAY_MISMATCH", "packages[1].deliver_day")


def test_claim_for_a_plan_without_a_cost_is_a_violation() -> None:
    """An impossible package has no price, so no claim about it can hold."""
    problem = plain_world().order(lines={"K": 3}).problem()
    report = check_plan(problem, plan_of((0, 0, 0, "2026-03-03", {0: 1})))
    assert report.costs is None
    assert [violation.code for violation in compare_claim(report, 0)] == ["COST_MISMATCH"]
