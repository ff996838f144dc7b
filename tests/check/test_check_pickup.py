"""Pick-up and transfers, prices of stock, rejections: plans and bounds by hand, planted faults."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from check_slow import Key
from check_world import MONDAY, World, plan_of
from test_check_certificate import certificate_of

from splitship.check import certificate as certificate_module
from splitship.check import check_certificate, check_plan, compare_claim
from splitship.check import relaxed as relaxed_module
from splitship.domain import Certificate, Plan, Problem
from splitship.units import day_number

TUESDAY, WEDNESDAY = "2026-03-03", "2026-03-04"
DAY = day_number(MONDAY)
A, P = 0, 1
G, PICKUP, TRANSFER = 0, 1, 2


def picked(num_orders: int = 1, at_p: int = 1, **node_p: Any) -> World:
    """Orders of 2 K, picked up at P; A has ten K, P one. A day from A to P: 1.00 a package, 0.25 a unit."""
    world = World().node().node("P", **node_p).sku().have().have("P", on_hand=at_p).service()
    world.lane().lane(node_id="P").rate("10", "5.00").transfer(cost_per_package="1", cost_per_unit="0.25")
    for number in range(num_orders):
        world.order(f"O{number + 1}", lines={"K": 2}, mode="pickup", pickup_node="P")
    return world


def moved(*packages: tuple[int, int, str, int, int]) -> Plan:
    """A package for each (order, node, day, service, units)."""
    return plan_of(*((order, node, service, day, {order: units}) for order, node, day, service, units in packages))


def codes(problem: Problem, plan: Plan) -> list[str]:
    """Codes of all that is wrong with a plan."""
    return [found.code for found in check_plan(problem, plan).violations]


def bound_of(problem: Problem, prices: dict[Key, int] | None = None) -> int | None:
    """The bound from prices that are in order."""
    report = check_certificate(problem, certificate_of(prices or {}, -(10**15)))
    assert report.violations == ()
    return report.bound


def wide_bound(problem: Problem, monkeypatch: pytest.MonkeyPatch, prices: dict[Key, int] | None = None) -> int:
    """The bound of orders taken to be wide, by compiled loops and by exact arithmetic."""
    monkeypatch.setattr(certificate_module, "EXACT_STATE_CAP", 1)
    bound = bound_of(problem, prices)
    with monkeypatch.context() as patch:
        patch.setattr(relaxed_module, "LARGEST_SCALE", 0)
        assert bound_of(problem, prices) == bound
    assert bound is not None
    return bound


# Ways to the customer.


def test_lines_leave_by_services_of_their_own_mode_only() -> None:
    """O1 is picked up at P, O2 ships, O3 is picked up at A: no other service will do."""
    world = picked().order("O2", lines={"K": 1}).order("O3", lines={"K": 1}, mode="pickup", pickup_node="A")
    problem = world.problem()
    assert problem.services.service_id.tolist() == ["G", "pickup:A", "pickup:P", "transfer:A:P"]
    good = plan_of((0, A, 3, MONDAY, {0: 1}), (0, P, 2, MONDAY, {0: 1}), (1, A, G, MONDAY, {1: 1}))
    assert codes(problem, good) == []
    assert codes(problem, plan_of((2, A, 1, MONDAY, {2: 1}))) == []
    for package in ((0, A, G), (0, A, 1), (1, P, 2), (1, A, 3), (2, A, G), (2, A, 3)):
        order, node, service = package
        assert codes(problem, plan_of((order, node, service, MONDAY, {order: 1}))) == ["WRONG_MODE"]
    [violation] = check_plan(problem, plan_of((0, A, G, MONDAY, {0: 1}))).violations
    assert violation.where == "packages[0] (order O1, node A, service G, 2026-03-02)"
    assert violation.message == "order O1 line 1 is picked up at node P, not by service G"
    [violation] = check_plan(problem, plan_of((1, A, 3, MONDAY, {1: 1}))).violations
    assert violation.message == "order O2 line 1 ships to the customer, not by service transfer:A:P"


def test_lines_of_different_modes_do_not_share_a_package() -> None:
    """One line ships, one is picked up: in one package either is wrong, and the bound pays for two packages."""
    world = picked(0).order(mode="pickup", pickup_node="P").line("O1", "1", "K", 1).line("O1", "2", "K", 1, mode="ship")
    problem = world.problem()
    assert codes(problem, plan_of((0, A, G, MONDAY, {0: 1, 1: 1}))) == ["WRONG_MODE"]
    assert codes(problem, plan_of((0, A, TRANSFER, MONDAY, {0: 1, 1: 1}))) == ["WRONG_MODE"]
    assert bound_of(problem) == 5_000_000
    assert bound_of(picked(0, 0).order(mode="pickup", pickup_node="P").line("O1", "1", "K", 1)
                    .line("O1", "2", "K", 1, mode="ship").problem()) == 6_250_000  # fmt: skip


def test_transfer_costs_its_package_and_its_units() -> None:
    """1.00 + 2 x 0.25, rounded a unit: a third of a micro is none."""
    problem, plan = picked().problem(), moved((0, A, MONDAY, TRANSFER, 2))
    report = check_plan(problem, plan)
    assert report.packages is not None
    assert report.packages.shipping.tolist() == [1_500_000]
    assert report.packages.deliver_day.tolist() == [DAY + 1]
    [fault] = compare_claim(report, packages=dataclasses.replace(report.packages, shipping=[1_000_000]))  # type: ignore[arg-type]
    assert fault.code == "COST_MISMATCH"
    world = picked()
    world.transfers[0]["cost_per_unit"] = "0.0000005"
    world.stock[1]["on_hand"] = 0
    assert bound_of(world.problem()) == 1_000_000  # half a micro is rounded to the even one
    world.transfers[0]["cost_per_unit"] = "0.00000051"
    assert bound_of(world.problem()) == 1_000_002


def test_distance_matters_to_carriers_only() -> None:
    """Nothing ships from A, far away; what is picked up comes from there."""
    world = picked().order("O2", lines={"K": 1}, latitude="40", longitude="-75")
    world.settings["limits"] = {"max_distance_km": "10"}
    for row in (*world.nodes, world.orders[0]):
        row |= {"latitude": "47", "longitude": "-75"}
    world.orders[0]["latitude"] = "40"
    problem = world.problem()
    assert codes(problem, moved((0, A, MONDAY, TRANSFER, 2))) == []
    assert codes(problem, moved((1, A, MONDAY, G, 1))) == ["TOO_FAR"]
    assert bound_of(problem) == 100_000_000


# Receiving.


def test_receiving_takes_capacity_of_the_delivery_day() -> None:
    """P handles one package a day: on Tuesday the one from A, or its own."""
    problem = picked(2, 10, max_packages_per_day=1).problem()
    assert codes(problem, moved((0, A, MONDAY, TRANSFER, 2), (1, P, MONDAY, PICKUP, 2))) == []
    two = moved((0, A, MONDAY, TRANSFER, 2), (1, A, MONDAY, TRANSFER, 2))
    [violation] = check_plan(problem, two).violations
    assert (violation.code, violation.where) == ("NODE_PACKAGES_EXCEEDED", "node P, 2026-03-03")


@pytest.mark.parametrize(
    ("column", "most", "code"),
    [
        ("max_units_per_day", 1, "NODE_UNITS_EXCEEDED"),
        ("max_lines_per_day", 0, "NODE_LINES_EXCEEDED"),
        ("max_minutes_per_day", 3, "NODE_MINUTES_EXCEEDED"),
        ("max_packages_per_day", 0, "NODE_PACKAGES_EXCEEDED"),
    ],
)
def test_content_beyond_what_the_node_receives_is_impossible(column: str, most: int, code: str) -> None:
    """Two units at once do not come in; a unit at a time does, if anything."""
    minutes = {"minutes_per_package": "2", "minutes_per_unit": "1"} if "minutes" in column else {}
    problem = picked(1, 0, **{column: most}, **minutes).problem()
    assert codes(problem, moved((0, A, MONDAY, TRANSFER, 2))) == [code]
    alone = 2_500_000 if most else 200_000_000
    assert bound_of(problem) == alone


def test_transfer_pays_for_capacity_where_it_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    """1.50, and on Tuesday at P 0.50 a package, 0.10 a line and 0.20 a unit; less 9 packages, 9 lines and 9 units."""
    problem = picked(1, 0, max_packages_per_day=9, max_lines_per_day=9, max_units_per_day=9).problem()
    prices: dict[Key, int] = {
        ("node_packages", P, -1, DAY + 1): 500_000,
        ("node_lines", P, -1, DAY + 1): 100_000,
        ("node_units", P, -1, DAY + 1): 200_000,
    }
    assert bound_of(problem, prices) == 1_500_000 + 1_000_000 - 9 * 800_000
    assert wide_bound(problem, monkeypatch, prices) == 1_500_000 + 1_000_000 - 9 * 800_000 - 1
    # On Monday nothing arrives: prices of that day only take away.
    monday: dict[Key, int] = {("node_packages", P, -1, DAY): 500_000}
    monkeypatch.undo()
    assert bound_of(problem, monday) == 1_500_000 - 9 * 500_000


def test_holiday_of_the_receiving_node_is_one_of_the_transfer() -> None:
    """P is closed on Tuesday: the package arrives on Wednesday, and pays that day's prices."""
    problem = picked(1, 0, max_packages_per_day=2).holiday(TUESDAY, node_id="P").problem()
    report = check_plan(problem, moved((0, A, MONDAY, TRANSFER, 2)))
    assert report.packages is not None
    assert report.packages.deliver_day.tolist() == [DAY + 2]
    assert bound_of(problem, {("node_packages", P, -1, DAY + 2): 300_000}) == 1_500_000 + 300_000 - 600_000


# Prices of stock.


def test_stock_prices_are_paid_and_earned(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pays 7.00 for each unit that goes: 5.00 - 14.00, and the objective is below nothing."""
    world = World().node().sku().have().service().lane().rate("10", "5.00").order(lines={"K": 2}).price("-7")
    problem = world.problem()
    plan = plan_of((0, A, G, MONDAY, {0: 2}))
    report = check_plan(problem, plan)
    assert report.costs is not None
    assert (report.costs.rules, report.costs.total) == (-14_000_000, -9_000_000)
    assert compare_claim(report, objective=-9_000_000) == ()
    assert [fault.code for fault in compare_claim(report, objective=5_000_000)] == ["COST_MISMATCH"]
    # A package each earns 2.00: two of them are worse than one of both.
    assert bound_of(problem) == -9_000_000
    assert wide_bound(problem, monkeypatch) == -9_000_001


def test_reward_below_the_rate_leaves_the_line_where_it_costs_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is lost by what stays, so that nothing ships at 5.00 less 2 x 2.00; at a price it ships at all."""
    world = World(unfilled_unit="0").node().sku().have().service().lane().rate("10", "5.00").order(lines={"K": 2})
    assert bound_of(world.price("-2").problem()) == 0
    world.stock_prices[0]["price_per_unit"] = "-2.6"
    assert bound_of(world.problem()) == -200_000
    assert wide_bound(world.problem(), monkeypatch) == -200_001
    world.orders[0]["ship_complete"] = "true"
    assert wide_bound(world.problem(), monkeypatch) == -200_001


# Rejections.


def test_rejected_lines_do_not_leave_the_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused line 1: it is worth 100.00, line 2 ships for 5.00."""
    world = World().node().sku().sku("T").have().have(sku_id="T").service().lane().rate("10", "5.00")
    problem = world.order(lines={"K": 1, "T": 1}).reject(line_id="1").problem()
    assert codes(problem, plan_of((0, A, G, MONDAY, {1: 1}))) == []
    [violation] = check_plan(problem, plan_of((0, A, G, MONDAY, {0: 1, 1: 1}))).violations
    assert (violation.code, violation.message) == ("NODE_REJECTED", "node A has rejected order O1 line 1")
    assert bound_of(problem) == 105_000_000
    assert wide_bound(problem, monkeypatch) == 104_999_999
    monkeypatch.undo()
    assert bound_of(world.reject().problem()) == 200_000_000


def test_certificate_of_what_is_below_nothing() -> None:
    """A bound may be negative, and one above it is refused."""
    world = World().node().sku().have().service().lane().rate("10", "5.00").order(lines={"K": 1}).price("-7")
    report = check_certificate(world.problem(), Certificate.without_prices(-1_999_999))
    assert [violation.code for violation in report.violations] == ["BOUND_NOT_PROVEN"]
    assert check_certificate(world.problem(), Certificate.without_prices(-2_000_000)).violations == ()
