"""Kits, substitutes and least values: plans and bounds by hand, planted faults."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from check_slow import Key
from check_world import MONDAY, World, plan_of
from test_check_certificate import certificate_of

from splitship.check import certificate as certificate_module
from splitship.check import check_certificate, check_plan, compare_claim
from splitship.domain import Certificate, Leaf, Plan, Problem

A, B = 0, 1
K, T = 0, 1


def codes(problem: Problem, plan: Plan) -> list[str]:
    """Codes of all that is wrong with a plan."""
    return [found.code for found in check_plan(problem, plan).violations]


def bound_of(problem: Problem, prices: dict[Key, int] | None = None) -> int | None:
    """The bound from prices that are in order."""
    report = check_certificate(problem, certificate_of(prices or {}, -(10**15)))
    assert report.violations == ()
    return report.bound


def packed(*contents: dict[int, int], nodes: tuple[int, ...] = ()) -> Plan:
    """A package of O1 for each content, from A if no nodes are given."""
    node = nodes or (A,) * len(contents)
    return plan_of(*((0, at, 0, MONDAY, held) for at, held in zip(node, contents, strict=True)))


# Kits.


def kits(quantity: int = 2, together: bool = False, **line: Any) -> World:
    """O1 wants kits of one K and two T, 30.00 each if they do not ship; A has plenty of both, B of T."""
    world = World().node().node("B").sku().sku("T").have(on_hand=9).have(sku_id="T", on_hand=9).have("B", "T", 9)
    world.service().lane().lane(node_id="B").rate("10", "5.00").kit("KIT", together, K=1, T=2)
    return world.order().line("O1", "1", "KIT", quantity, unfilled_cost="30", **line)


def test_kits_are_whole_in_what_ships_of_an_order() -> None:
    """Line 0 is K, line 1 T, two of which belong to each K."""
    problem = kits().problem()
    assert problem.lines.kit_quantity.tolist() == [1, 2]
    assert codes(problem, packed({0: 2}, {1: 2}, {1: 2})) == []
    assert codes(problem, packed({0: 1}, {1: 2})) == []
    assert codes(problem, packed({0: 2}, {1: 3})) == ["KIT_DIVIDED", "KIT_INCOMPLETE"]
    [violation] = check_plan(problem, packed({0: 2, 1: 2})).violations
    assert (violation.code, violation.where) == ("KIT_INCOMPLETE", "order O1 line 1")
    assert violation.message == "ships 2 units of SKU K (1 a kit), 2 units of SKU T (2 a kit)"
    assert codes(problem, packed({1: 4})) == ["KIT_INCOMPLETE"]


def test_kits_that_stay_together_do_so_in_every_package() -> None:
    """One kit and one kit, or both; never K of two with T of one, nor without any."""
    problem = kits(together=True).problem()
    assert codes(problem, packed({0: 1, 1: 2}, {0: 1, 1: 2})) == []
    assert codes(problem, packed({0: 2, 1: 4})) == []
    assert codes(problem, packed({0: 2}, {1: 4})) == ["KIT_SEPARATED", "KIT_SEPARATED"]
    [violation] = check_plan(problem, packed({0: 1, 1: 4}, {0: 1})).violations[:1]
    assert (violation.code, violation.where) == (
        "KIT_SEPARATED",
        "packages[0] (order O1, node A, service G, 2026-03-02)",
    )
    assert violation.message == (
        "holds 1 units of SKU K (1 a kit), 4 units of SKU T (2 a kit) of order O1 line 1, whose kits stay together"
    )


def test_unfilled_kits_cost_once() -> None:
    """One of two ships: 5.00 and 30.00 for the other."""
    report = check_plan(kits().problem(), packed({0: 1, 1: 2}))
    assert report.costs is not None
    assert (report.costs.unfilled, report.costs.total) == (30_000_000, 35_000_000)


def test_bound_of_kits_is_worked_by_hand() -> None:
    """T is at B for 5.00, K at none: kits that are not whole save nothing. With K for one kit, 30.00 are saved."""
    world = kits()
    assert bound_of(world.problem()) == 5_000_000
    world.stock[0]["on_hand"] = 0
    assert bound_of(world.problem()) == 60_000_000
    # No package has more than one K: two at 5.00, with 20.00 for each K, less 20.00 for the one that there is.
    world.stock[0]["on_hand"] = 1
    assert bound_of(world.problem(), {("stock", A, K, -1): 20_000_000}) == 50_000_000 - 20_000_000
    assert bound_of(kits(splittable="false").problem()) == 5_000_000
    world = kits(splittable="false")
    world.stock[0]["on_hand"] = 1
    assert bound_of(world.problem()) == 60_000_000


def test_kits_together_need_a_node_with_all() -> None:
    """T is at B only: apart they ship for 10.00, together they do not."""
    for together, bound in ((False, 10_000_000), (True, 60_000_000)):
        world = kits(together=together)
        world.stock[1]["on_hand"] = 0
        assert bound_of(world.problem()) == bound


def test_kit_of_one_is_a_line_that_ships_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """One kit has two T: they all ship from B or none does, which leaves may decide."""
    problem = kits(1).problem()
    none = Certificate.without_prices(0)

    def leaf(ships: bool) -> Leaf:
        return Leaf(np.array([1]), np.array([B]), np.array([ships]), none)

    found = certificate_of({}, 0)
    report = check_certificate(problem, dataclasses.replace(found, leaves=(leaf(False), leaf(True))))
    assert (report.violations, report.bound) == ((), 5_000_000)
    monkeypatch.setattr(certificate_module, "EXACT_STATE_CAP", 1)
    assert bound_of(problem) == 4_999_999  # as a wide order, of which T may stay, less a micro for rounding


# Substitutes.


def replaced(**columns: Any) -> World:
    """O1 wants 2 K, of which A has one; T of 3 kg may stand for K at 0.50 a unit, and A has five."""
    world = World().node().sku().sku("T", "3", value="1").have(on_hand=1).have(sku_id="T", on_hand=5).service()
    world.lane().rate("2", "5.00").rate("10", "6.00").substitute("K", "T", "0.50")
    return world.order(lines={"K": 2}, **columns)


def filled(*packages: tuple[int, int]) -> Plan:
    """Packages from A of so many units of a SKU each."""
    return plan_of(*((0, A, 0, MONDAY, {0: units}) for units, _ in packages), skus=[sku for _, sku in packages])


def test_substitute_ships_at_its_weight_and_price() -> None:
    """Two T weigh 6 kg: 6.00 + 2 x 0.50; 7.00 together."""
    problem = replaced().problem()
    report = check_plan(problem, filled((2, T)))
    assert report.violations == ()
    assert report.costs is not None
    assert (report.costs.shipping, report.costs.rules) == (6_000_000, 1_000_000)
    [fault] = compare_claim(report, costs=dataclasses.replace(report.costs, rules=0))
    assert (fault.code, fault.where) == ("COST_MISMATCH", "costs.rules")
    assert codes(problem, filled((2, K))) == ["STOCK_EXCEEDED"]
    assert codes(problem, filled((1, K), (1, T))) == []
    assert bound_of(problem) == 7_000_000
    assert bound_of(problem, {("stock", A, T, -1): 1_000_000}) == 9_000_000 - 5_000_000


def test_only_substitutes_of_the_line_may_stand_in() -> None:
    """K does not stand for T; numbers that are no SKU stand for nothing."""
    problem = replaced().order("O2", lines={"T": 1}).problem()
    plan = plan_of((1, A, 0, MONDAY, {1: 1}), skus=[K])
    [violation] = check_plan(problem, plan).violations
    assert (violation.code, violation.where) == (
        "NOT_A_SUBSTITUTE", "packages[0] (order O2, node A, service G, 2026-03-02)",
    )  # fmt: skip
    assert violation.message == "holds SKU K for order O2 line 1, which it may not replace"
    assert check_plan(problem, plan).costs is None
    for sku in (-1, 2, 10**15):
        assert codes(problem, filled((1, sku))) == ["NOT_A_SUBSTITUTE"]
    assert codes(problem, dataclasses.replace(filled((1, T)), content_sku_idx=np.zeros(2, np.int64))) == ["PLAN_SHAPE"]


def test_a_package_holds_a_line_in_one_sku() -> None:
    """K and T in one package for one line are the line twice."""
    two = filled((1, K), (1, T))
    head = (column[:1] for column in (two.order_idx, two.node_idx, two.service_idx, two.ship_day))
    contents = (two.content_line, two.content_quantity, two.content_sku_idx)
    joined = Plan(*head, np.zeros(2, np.int64), *contents)
    assert codes(replaced().problem(), joined) == ["DUPLICATE_CONTENT"]
    # Together 5.00 would do; one package of K and one of T are 5.00 + 6.50.
    assert bound_of(replaced(ship_complete="true", max_packages=1).problem()) == 7_000_000


def test_lines_share_the_stock_of_what_ships() -> None:
    """Line 2 wants T itself: with one T there, both lines together do not fit into one package."""
    world = replaced(max_packages=1, ship_complete="true").line("O1", "2", "T", 4)
    assert bound_of(world.problem()) == 600_000_000  # two T for K and four are six
    world.stock[1]["on_hand"] = 6
    world.rates[1]["up_to_kg"] = "18"
    assert bound_of(world.problem()) == 7_000_000
    assert codes(world.problem(), plan_of((0, A, 0, MONDAY, {0: 2, 1: 4}), skus=[T, T])) == []
    world.stock[1]["on_hand"] = 5
    found = codes(world.problem(), plan_of((0, A, 0, MONDAY, {0: 2, 1: 4}), skus=[T, T]))
    assert found == ["STOCK_EXCEEDED"]


def test_ship_alone_and_rules_are_of_what_ships() -> None:
    """T ships alone and must not go; K may, with another line."""
    world = replaced().sku("U").have(sku_id="U").line("O1", "2", "U", 1)
    world.skus[T]["ship_alone"] = "true"
    problem = world.problem()
    assert codes(problem, plan_of((0, A, 0, MONDAY, {0: 1, 1: 1}), skus=[K, 2])) == []
    assert codes(problem, plan_of((0, A, 0, MONDAY, {0: 1, 1: 1}), skus=[T, 2])) == ["SHIP_ALONE_MIXED"]
    problem = world.rule("no T", {"sku": {"sku_id": "T"}}, forbid=True).problem()
    assert codes(problem, plan_of((0, A, 0, MONDAY, {0: 1, 1: 1}), skus=[K, 2])) == []
    assert codes(problem, plan_of((0, A, 0, MONDAY, {0: 1}), skus=[T])) == ["RULE_FORBIDS"]
    world = replaced().rule("T costs", {"sku": {"sku_id": "T"}}, price={"per_unit": "3"})
    assert bound_of(world.problem()) == 10_000_000  # K in two packages, as if there were two
    assert check_plan(world.problem(), filled((2, T))).packages.rules.tolist() == [7_000_000]  # type: ignore[union-attr]


def test_own_prices_are_for_a_lines_own_sku() -> None:
    """K pays 4.00 a unit at A, which is worth 4.00 for the one unit; T pays nothing, or what all pay."""
    problem = replaced(max_packages=1, ship_complete="true").problem()
    own = {"own_line": np.array([0]), "own_node": np.array([A]), "own_price": np.array([4_000_000])}
    report = check_certificate(problem, dataclasses.replace(certificate_of({}, 0), **own))
    assert (report.violations, report.bound) == ((), 7_000_000 - 4_000_000)
    prices: dict[Key, int] = {("stock", A, T, -1): 1_000_000}
    report = check_certificate(problem, dataclasses.replace(certificate_of(prices, 0), **own))
    assert (report.violations, report.bound) == ((), 9_000_000 - 4_000_000 - 5_000_000)


def test_wide_orders_with_substitutes_have_no_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many ways to fill them; the answer says so."""
    monkeypatch.setattr(certificate_module, "EXACT_STATE_CAP", 1)
    report = check_certificate(replaced().problem(), Certificate.without_prices(0))
    assert report.bound is None
    assert [(fault.code, fault.where) for fault in report.violations] == [("SUBSTITUTES_OF_WIDE_ORDER", "order O1")]


# Least values.


def valued(**least: str) -> World:
    """O1 wants 3 K of 10.00 and a ten-thousandth of a micro each, T for 5.00; A has all."""
    world = World().node().sku(value="10.0000000001").sku("T", value="5").have().have(sku_id="T").service().lane()
    world.rate("10", "5.00").order(lines={"K": 3, "T": 1})
    for name, value in least.items():
        world.rule(name, set={name: value})
    return world


def test_packages_are_worth_enough() -> None:
    """20.00 are reached by two K, not by K and T; a bound of one K a package would be less."""
    problem = valued(min_package_value="20").problem()
    assert codes(problem, packed({0: 2}, {0: 1, 1: 1})) == ["PACKAGE_VALUE_TOO_SMALL"]
    assert codes(problem, packed({0: 2, 1: 1})) == []
    [violation] = check_plan(problem, packed({0: 1, 1: 1})).violations
    assert violation.where == "packages[0] (order O1, node A, service G, 2026-03-02)"
    assert violation.message == "is worth 15.00, expected 20.00 or more"
    assert codes(valued(min_package_value="20.000001").problem(), packed({0: 2})) == ["PACKAGE_VALUE_TOO_SMALL"]
    # Of one K and T only, nothing is worth it.
    world = valued(min_package_value="20")
    world.stock[0]["on_hand"] = 1
    assert bound_of(world.problem()) == 400_000_000


def test_orders_are_worth_enough_in_all() -> None:
    """30.00 in two packages, or nothing."""
    problem = valued(min_order_value="30").problem()
    assert codes(problem, packed({0: 2}, {0: 1})) == []
    assert codes(problem, Plan.empty()) == []
    [violation] = check_plan(problem, packed({0: 2, 1: 1})).violations
    assert (violation.code, violation.where) == ("ORDER_VALUE_TOO_SMALL", "order O1")
    assert violation.message == "ships 25.00 in value, expected 30.00 or more"
    assert codes(valued(min_order_value="30.000001").problem(), packed({0: 3})) == ["ORDER_VALUE_TOO_SMALL"]
    assert bound_of(problem) == 5_000_000
    assert bound_of(valued(min_order_value="36").problem()) == 400_000_000
    world = valued(min_order_value="6")
    world.stock[0]["on_hand"] = 0
    assert bound_of(world.problem()) == 400_000_000
    world.settings["rules"][0]["set"]["min_order_value"] = "5"
    assert bound_of(world.problem()) == 305_000_000


def test_least_value_is_exact_beyond_a_micro() -> None:
    """Ten thousand units of a ten-thousandth of a micro beyond 10.00 are one micro more."""
    world = World().node().sku(value="10.0000000001", weight_kg="0").have(on_hand=10**4).service().lane().rate("9", "5")
    world.order().line("O1", "1", "K", 10**4, splittable="false")
    assert bound_of(world.rule("least", set={"min_order_value": "100000.000001"}).problem()) == 5_000_000
    world.settings["rules"][0]["set"]["min_order_value"] = "100000.000002"
    assert bound_of(world.problem()) == 10**12
    assert codes(world.problem(), packed({0: 10**4})) == ["ORDER_VALUE_TOO_SMALL"]
