"""Units kept for channels: what plans pay and break, and rows of certificates, by hand."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from check_slow import Key
from check_world import MONDAY, World, plain_world, plan_of
from test_check_certificate import certificate_of

from splitship.check import certificate as certificate_module
from splitship.check import check_certificate, check_plan, compare_claim
from splitship.domain import PlanReport, Problem

SHORT = -(10**15)


def two_orders(**units: int) -> World:
    """Ten K at A, 5.00 a package; O1 of web and O2 of no channel for units of K."""
    world = plain_world()
    for number, (channel, quantity) in enumerate(units.items(), 1):
        world.order(f"O{number}", {"K": quantity}, channel="" if channel == "none" else channel)
    return world


def report_of(problem: Problem, *units: int) -> PlanReport:
    """The report of a plan that ships so many units of each order's line from A on Monday."""
    return check_plan(problem, plan_of(*((o, 0, 0, MONDAY, {o: q}) for o, q in enumerate(units) if q)))


def soft_of(problem: Problem, *units: int) -> int:
    """What a plan pays for reserves; it is feasible."""
    report = report_of(problem, *units)
    assert report.violations == ()
    assert report.costs is not None
    return report.costs.soft


def codes(report: Any) -> list[str]:
    """Codes of all violations."""
    return [violation.code for violation in report.violations]


def test_hard_reserve_leaves_what_its_channel_has_not_taken() -> None:
    """Of 10 units 4 are kept for web: others may have 6, and no more when web took some of its 4."""
    problem = two_orders(web=10, none=10).keep(4).problem()
    assert soft_of(problem, 0, 6) == soft_of(problem, 2, 6) == soft_of(problem, 4, 6) == soft_of(problem, 8, 2) == 0
    report = report_of(problem, 2, 7)
    assert codes(report) == ["RESERVE_BROKEN"]
    assert report.violations[0].where == "node A, SKU K"
    assert report.violations[0].message == (
        "9 of 10 units ship, and there are still to be kept 2 for channel web: 1 too many ship"
    )


def test_units_that_nobody_has_break_no_reserve() -> None:
    """Twelve of ten units, web has its own: the stock is exceeded, nothing else."""
    problem = two_orders(web=10, none=10).keep(4).problem()
    assert codes(report_of(problem, 6, 6)) == ["STOCK_EXCEEDED"]
    assert codes(report_of(problem, 3, 9)) == ["STOCK_EXCEEDED", "RESERVE_BROKEN"]


def test_cheapest_reserve_is_paid_first_each_as_far_as_it_goes() -> None:
    """3 for web at 2.00, 2 for app at 0.75, 1 for shop without a price: of ten units four are free."""
    world = two_orders(none=10, app=5, web=5).keep(3, price_per_unit="2").keep(2, "app", "0.75").keep(1, "shop")
    problem = world.problem()
    assert [soft_of(problem, units) for units in range(4, 10)] == [
        0, 750_000, 1_500_000, 3_500_000, 5_500_000, 7_500_000
    ]  # fmt: skip
    assert codes(report_of(problem, 10)) == ["RESERVE_BROKEN"]
    # app has one of its two: the other pays 0.75 once, web is next.
    assert soft_of(problem, 4, 1) == 0
    assert soft_of(problem, 6, 1) == 750_000 + 2_000_000
    # Units of a channel beyond its reserve pay like those of others.
    assert soft_of(problem, 4, 3) == 2_000_000


def test_arrivals_count_however_late_they_are() -> None:
    """Two are there and three arrive on Tuesday, four are kept: one ships on Monday."""
    world = two_orders(none=5).keep(4).arrive(3, "2026-03-03")
    world.stock[0]["on_hand"] = 2
    problem = world.problem()
    assert soft_of(problem, 1) == 0
    assert codes(report_of(problem, 2)) == ["RESERVE_BROKEN"]


def test_reserve_of_every_sku_holds_where_the_sku_has_none_of_its_own() -> None:
    """Two of each SKU for web, of L none: ten L may leave, eight K."""
    world = two_orders(none=10).sku("L").have("A", "L").keep(2, sku_id="").keep(0, sku_id="L")
    world.line("O1", "2", "L", 10)
    problem = world.problem()
    assert codes(check_plan(problem, plan_of((0, 0, 0, MONDAY, {1: 10})))) == []
    assert soft_of(problem, 8) == 0
    assert codes(report_of(problem, 9)) == ["RESERVE_BROKEN"]


@pytest.mark.parametrize("wrong", [0, 749_999, 750_001])
def test_claims_without_what_reserves_cost_are_refused(wrong: int) -> None:
    """A unit at 0.75 left out, or off by a micro."""
    problem = two_orders(none=10).keep(4, price_per_unit="0.75").problem()
    report = report_of(problem, 7)
    assert report.costs is not None
    claimed = dataclasses.replace(report.costs, soft=wrong)
    told = compare_claim(report, objective=claimed.total, costs=claimed)
    assert [(violation.code, violation.where) for violation in told] == [
        ("COST_MISMATCH", "objective"), ("COST_MISMATCH", "costs.soft")
    ]  # fmt: skip


# --- certificates -----------------------------------------------------------------------------


def reserved(mask: int, sku: int = 0) -> Key:
    """The key of a set of reserves at A."""
    return ("channel_reserve", 0, sku, mask)


def kept_for_two() -> Problem:
    """Of ten K three for app at 2.00 and five for web, bits 0 and 1; one order of no channel for five, unfilled 100."""
    return two_orders(none=5).keep(5).keep(3, "app", "2").problem()


def bound_of(problem: Problem, prices: dict[Key, int]) -> int | None:
    """The bound that prices prove; nothing is wrong with them."""
    report = check_certificate(problem, certificate_of(prices, SHORT))
    assert report.violations == ()
    return report.bound


def test_one_package_alone_pays_what_it_cannot_do_without() -> None:
    """Two of five units are in no reserve, three are app's at 2.00: 5.00 + 6.00, whatever the prices."""
    problem = kept_for_two()
    assert bound_of(problem, {}) == 11_000_000
    # A price of what web has: five units and a supply of five.
    assert bound_of(problem, {reserved(0b10): 3_000_000}) == 11_000_000
    # Both: two units that do not pay app, a supply of two.
    assert bound_of(problem, {reserved(0b11): 1_500_000}) == 11_000_000
    # Above 2.00 all five pay app, at 10.00 beside 5.00, less the supply at 2.50.
    assert bound_of(problem, {reserved(0b11): 2_500_000}) == 5_000_000 + 10_000_000 - 5_000_000


def test_bound_of_many_orders_is_that_of_their_units() -> None:
    """Three orders of two: at the price of the reserve every unit pays it, less that of the four that are free."""
    world = plain_world().keep(6, price_per_unit="2")
    for number in range(3):
        world.order(f"O{number}", {"K": 2})
    problem = world.problem()
    assert bound_of(problem, {reserved(1): 2_000_000}) == 3 * 5_000_000 + 6 * 2_000_000 - 4 * 2_000_000
    report = check_plan(problem, plan_of(*((o, 0, 0, MONDAY, {o: 2}) for o in range(3))))
    assert report.costs is not None
    assert report.costs.total == 19_000_000


def test_own_channel_draws_on_no_set_with_its_reserve() -> None:
    """An order of web pays for app's alone."""
    problem = two_orders(web=2).keep(5).keep(3, "app").problem()
    assert bound_of(problem, {reserved(0b10): 10**6, reserved(0b11): 10**6}) == 5_000_000 - 5 * 10**6 - 2 * 10**6
    assert bound_of(problem, {reserved(0b01): 10**6}) == 5_000_000 + 2 * 10**6 - 7 * 10**6


def test_package_beyond_hard_reserves_is_none() -> None:
    """Six of ten are kept: of five units four ship in one package, the fifth in another; all never in one."""
    problem = two_orders(none=5).keep(6).problem()
    assert bound_of(problem, {}) == 2 * 5_000_000
    world = two_orders(none=5).keep(6)
    world.order_lines[0]["splittable"] = "false"
    assert bound_of(world.problem(), {}) == 500_000_000


@pytest.mark.parametrize(
    ("key", "price", "code"),
    [
        (reserved(0), 1, "UNKNOWN_RESOURCE"),
        (reserved(-1), 1, "UNKNOWN_RESOURCE"),
        (reserved(4), 1, "UNKNOWN_RESOURCE"),
        (reserved(2**62), 1, "UNKNOWN_RESOURCE"),
        (reserved(1, sku=1), 1, "UNKNOWN_RESOURCE"),
        (("channel_reserve", 1, 0, 1), 1, "UNKNOWN_RESOURCE"),
        (("channel_reserve", -1, 0, 1), 1, "UNKNOWN_RESOURCE"),
        (reserved(1), -1, "NEGATIVE_PRICE"),
        (reserved(1), 2**62 + 1, "PRICE_TOO_LARGE"),
        (reserved(1), 2**62, "NUMBERS_TOO_LARGE"),
    ],
)
def test_rows_that_cannot_be_are_refused(key: Key, price: int, code: str) -> None:
    """Sets that the position does not have, positions without reserves, prices below 0 or too large."""
    problem = kept_for_two()
    report = check_certificate(problem, certificate_of({key: price}, SHORT))
    assert codes(report) == [code]
    assert report.bound is None


@pytest.mark.parametrize(("column", "value"), [("day", 20_000), ("service_idx", 0)])
def test_rows_with_keys_of_others_are_refused(column: str, value: int) -> None:
    """A set of reserves has neither day nor service."""
    certificate = certificate_of({reserved(1): 1}, SHORT)
    report = check_certificate(kept_for_two(), dataclasses.replace(certificate, **{column: np.array([value])}))
    assert codes(report) == ["UNKNOWN_RESOURCE"]


def test_sets_of_a_problem_without_reserves_are_unknown() -> None:
    """Nothing is kept anywhere."""
    report = check_certificate(two_orders(none=1).problem(), certificate_of({reserved(1): 1}, SHORT))
    assert codes(report) == ["UNKNOWN_RESOURCE"]


def test_a_set_is_priced_once_beside_others_and_own_prices() -> None:
    """Two rows for one set are told with its channels; another set, the stock and own prices may have prices too."""
    once = certificate_of({reserved(3): 1}, SHORT)
    names = ("kind", "node_idx", "sku_idx", "service_idx", "day", "price", "rule_idx")
    twice = dataclasses.replace(once, **{name: np.repeat(getattr(once, name), 2) for name in names})
    report = check_certificate(kept_for_two(), twice)
    assert [(violation.code, violation.message) for violation in report.violations] == [
        ("DUPLICATE_RESOURCE", "channel_reserve of node A, SKU K, channel app and channel web is priced twice")
    ]
    several = certificate_of({reserved(3): 1, reserved(1): 1, ("stock", 0, 0, -1): 1}, SHORT)
    assert codes(check_certificate(kept_for_two(), several)) == []
    own = {"own_line": np.array([0]), "own_node": np.array([0]), "own_price": np.array([5])}
    assert codes(check_certificate(kept_for_two(), dataclasses.replace(once, **own))) == []


def test_a_wrong_supply_is_not_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    """A claim as if one unit less counted is refused; also of wide orders, whose bound knows hard reserves."""
    problem = two_orders(none=5, web=3).keep(6).problem()
    prices = {reserved(1): 30_000_000}
    for cap in (1024, 1):
        monkeypatch.setattr(certificate_module, "EXACT_STATE_CAP", cap)
        bound = bound_of(problem, prices)
        assert bound is not None
        claimed = certificate_of(prices, bound + 30_000_000)
        assert codes(check_certificate(problem, claimed)) == ["BOUND_NOT_PROVEN"]
