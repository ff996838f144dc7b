"""Promised and released packages: what plans break and pay, and bounds, by hand."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from check_slow import Key
from check_world import MONDAY, Packed, World, plain_world, plan_of
from test_check_certificate import certificate_of

from splitship.check import certificate as certificate_module
from splitship.check import check_certificate, check_plan, compare_claim
from splitship.domain import PlanBefore, PlanReport, Problem, with_rules_in_force
from splitship.domain.stability import way_service
from splitship.units import Amounts, day_number

SHORT = -(10**17)
DAY = day_number(MONDAY)
TUESDAY = "2026-03-03"


def report_of(problem: Problem, *packages: Packed) -> PlanReport:
    """What the checker says of a plan."""
    return check_plan(problem, plan_of(*packages))


def soft_of(problem: Problem, *packages: Packed) -> int:
    """The soft cost of a plan that is feasible."""
    report = report_of(problem, *packages)
    assert report.violations == ()
    assert report.costs is not None
    return report.costs.soft


def codes(report: Any) -> list[str]:
    """Codes of all violations."""
    return [violation.code for violation in report.violations]


def bound_of(problem: Problem, prices: dict[Key, int] | None = None) -> int | None:
    """The bound that prices prove, and a micro more is not."""
    report = check_certificate(problem, certificate_of(prices or {}, SHORT))
    assert report.violations == ()
    assert report.bound is not None
    assert codes(check_certificate(problem, certificate_of(prices or {}, report.bound + 1))) == ["BOUND_NOT_PROVEN"]
    return report.bound


# --- promises ---------------------------------------------------------------------------------


def promised(units: int = 3, **columns: Any) -> World:
    """An order for four K of which three are promised from A at 5.00 on Monday; from B a package is 3.00."""
    world = plain_world().node("B").have("B").lane(node_id="B", zone="2").rate("10", "3.00", zone="2")
    world.settings["limits"]["horizon_days"] = 1
    return world.order("O1", {"K": 4}).before(units, **columns)


@pytest.mark.parametrize(
    ("packages", "is_kept"),
    [
        ([(0, 0, 0, MONDAY, {0: 3, 1: 1})], True),
        ([(0, 0, 0, MONDAY, {0: 3}), (0, 1, 0, MONDAY, {1: 1})], True),
        ([(0, 1, 0, MONDAY, {0: 3, 1: 1})], False),
        ([(0, 0, 0, TUESDAY, {0: 3, 1: 1})], False),
        ([(0, 0, 0, MONDAY, {0: 2, 1: 1})], False),
        ([(0, 0, 0, MONDAY, {0: 2, 1: 1}), (0, 0, 0, MONDAY, {0: 1})], False),
        ([], False),
    ],
)
def test_promise_is_kept_by_one_package_with_all_its_units(packages: list[Packed], is_kept: bool) -> None:
    """From the node on the day; what lies with them does not matter. Else 1.50, or a violation."""
    assert soft_of(promised(move_price="1.5").problem(), *packages) == (0 if is_kept else 1_500_000)
    assert codes(report_of(promised().problem(), *packages)) == ([] if is_kept else ["PROMISE_BROKEN"])


def test_broken_promise_names_its_place() -> None:
    """The order; node, service and day."""
    found = report_of(promised().problem()).violations[0]
    assert (found.where, found.message) == (
        "order O1",
        "no package holds all 3 units that node A ships by service G on 2026-03-02: they are promised and must not "
        "move",
    )


def test_promise_by_another_service_is_broken() -> None:
    """The same node and day by F."""
    world = promised().service("F").lane("F").rate("10", "5.00", service_id="F")
    assert codes(report_of(world.problem(), (0, 0, 1, MONDAY, {0: 3, 1: 1}))) == ["PROMISE_BROKEN"]


def test_promise_of_two_lines_needs_both() -> None:
    """One package with both lines, or 2.00."""
    world = plain_world().sku("L").have("A", "L").order("O1", {"K": 1, "L": 1})
    world.before(1, move_price="2").before(1, line_id="2", move_price="2")
    problem = world.problem()
    assert soft_of(problem, (0, 0, 0, MONDAY, {0: 1, 1: 1})) == 0
    assert soft_of(problem, (0, 0, 0, MONDAY, {0: 1}), (0, 0, 0, MONDAY, {1: 1})) == 2_000_000
    assert bound_of(problem) == 5_000_000


def test_one_package_keeps_several_promises_of_its_place() -> None:
    """Two packages were promised of one node and day: together they are 5.00 and not 10.00."""
    world = plain_world().order("O1", {"K": 4})
    world.before(2, package_id="1", move_price="1").before(2, package_id="2", move_price="1")
    problem = world.problem()
    assert soft_of(problem, (0, 0, 0, MONDAY, {0: 2, 1: 2})) == 0
    assert soft_of(problem, (0, 0, 0, MONDAY, {0: 2, 1: 1})) == 1_000_000
    assert bound_of(problem) == 5_000_000


@pytest.mark.parametrize(
    ("price", "bound"), [("0", 3_000_000), ("1.5", 4_500_000), ("2.5", 5_000_000), ("", 5_000_000)]
)
def test_bound_moves_a_promise_when_that_is_cheaper(price: str, bound: int) -> None:
    """All from B for 3.00 and what moving costs, or all from A for 5.00."""
    assert bound_of(promised(move_price=price).problem()) == bound


def test_prices_and_promises_add_up() -> None:
    """At 0.50 a unit of A: four units 2.00 beside 5.00, less the supply of ten; moved 4.50 and the supply."""
    prices = {("stock", 0, 0, -1): 500_000}
    assert bound_of(promised(move_price="1.5").problem(), prices) == 4_500_000 - 5_000_000
    assert bound_of(promised().problem(), prices) == 5_000_000 + 2_000_000 - 5_000_000


def test_substitutes_keep_promises_too() -> None:
    """A unit of L in place of K, from the same place."""
    world = plain_world().sku("L").have("A", "L").substitute("K", "L", "0.25").order("O1", {"K": 1})
    world.before(1, move_price="2")
    world.stock[0]["on_hand"] = 0
    problem = world.problem()
    report = check_plan(problem, plan_of((0, 0, 0, MONDAY, {0: 1}), skus=[1]))
    assert report.costs is not None
    assert (report.costs.soft, report.costs.total) == (0, 5_250_000)
    assert bound_of(problem) == 5_250_000


def test_promises_of_wide_orders_have_no_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Told once an order."""
    monkeypatch.setattr(certificate_module, "EXACT_STATE_CAP", 1)
    report = check_certificate(promised().problem(), certificate_of({}, SHORT))
    assert (codes(report), report.bound) == (["PROMISES_OF_WIDE_ORDER"], None)


@pytest.mark.parametrize("wrong", [0, 1_499_999, 1_500_001])
def test_claims_without_what_moving_costs_are_refused(wrong: int) -> None:
    """A promise left out, or off by a micro."""
    report = report_of(promised(move_price="1.5").problem(), (0, 1, 0, MONDAY, {0: 3, 1: 1}))
    assert report.costs is not None
    claimed = dataclasses.replace(report.costs, soft=wrong)
    told = compare_claim(report, objective=claimed.total, costs=claimed)
    assert [violation.where for violation in told] == ["objective", "costs.soft"]


# --- released packages ------------------------------------------------------------------------


def released(most: int, kind: str) -> World:
    """O1's package of one K left A by G on Monday; O2 asks for one more. Something has room for `most` packages."""
    world = plain_world().order("O1", {"K": 1}).order("O2", {"K": 1}).before(1, "released")
    node = world.nodes[0]
    if kind in ("packages", "units", "lines"):
        node[f"max_{kind}_per_day"] = most
    if kind == "minutes":
        node |= {"minutes_per_package": "2", "minutes_per_unit": "0.5", "max_minutes_per_day": str(2.5 * most)}
    if kind == "node_day":
        world.day(MONDAY, max_packages=most + 1, used_packages=1)
    if kind == "service":
        world.node_services = [{"node_id": "A", "service_id": "G", "max_packages_per_day": most}]
    if kind == "quota":
        world.quota(most)
    if kind == "quota of the day":
        world.quota(most, MONDAY)
    if kind in ("day", "batch"):
        world.rule("few", {"sku": {"sku_id": "K"}}, quota={"packages": most, "per": kind})
    return world


KINDS = {
    "packages": "NODE_PACKAGES_EXCEEDED", "units": "NODE_UNITS_EXCEEDED", "lines": "NODE_LINES_EXCEEDED",
    "minutes": "NODE_MINUTES_EXCEEDED", "node_day": "NODE_PACKAGES_EXCEEDED", "service": "SERVICE_PACKAGES_EXCEEDED",
    "quota": "SERVICE_QUOTA_EXCEEDED", "quota of the day": "SERVICE_QUOTA_EXCEEDED", "day": "RULE_QUOTA_EXCEEDED",
    "batch": "RULE_QUOTA_EXCEEDED",
}  # fmt: skip
KEYS: dict[str, Key] = {
    "packages": ("node_packages", 0, -1, DAY), "units": ("node_units", 0, -1, DAY),
    "lines": ("node_lines", 0, -1, DAY), "minutes": ("node_minutes", 0, -1, DAY),
    "node_day": ("node_packages", 0, -1, DAY), "service": ("service_packages", 0, 0, DAY),
    "quota": ("service_quota", -1, 0, DAY), "quota of the day": ("service_quota", -1, 0, DAY),
    "day": ("rule_quota", -1, 0, DAY), "batch": ("rule_quota", -1, 0, -1),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cap", [1024, 1])
def test_released_package_takes_what_there_is(kind: str, cap: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for one the second order stays, in plan and bound; with room for two, and without it, it ships."""
    monkeypatch.setattr(certificate_module, "EXACT_STATE_CAP", cap)
    package: Packed = (1, 0, 0, MONDAY, {1: 1})
    full = released(1, kind).problem()
    assert codes(report_of(full, package)) == [KINDS[kind]]
    assert bound_of(full) == bound_of(full, {KEYS[kind]: 10**6}) == 100_000_000
    room = released(2, kind).problem()
    assert codes(report_of(room, package)) == []
    least = 5_000_000 - (cap == 1)
    assert bound_of(room) == least
    # One package, or five half minutes of it, is left of the supply and paid by the order.
    assert least - 5 <= (bound_of(room, {KEYS[kind]: 10**5}) or 0) <= least
    free = released(1, kind)
    free.plan_before.clear()
    assert codes(report_of(free.problem(), package)) == []


@pytest.mark.parametrize("kind", ["packages", "service", "quota", "day"])
def test_released_package_leaves_other_days_alone(kind: str) -> None:
    """It left on Monday; on Tuesday there is room for one."""
    world = released(1, kind)
    world.settings["limits"]["horizon_days"] = 1
    problem = world.problem()
    assert codes(report_of(problem, (1, 0, 0, MONDAY, {1: 1}))) == [KINDS[kind]]
    assert codes(report_of(problem, (1, 0, 0, TUESDAY, {1: 1}))) == []
    assert bound_of(problem) == 5_000_000


@pytest.mark.parametrize("per", ["day", "batch"])
def test_soft_quota_is_paid_beyond_what_is_left(per: str) -> None:
    """One of one is released: the next one pays 7.00."""
    world = released(9, "").rule("soft", {}, quota={"packages": 1, "per": per, "price_over": "7"})
    problem = world.problem()
    assert soft_of(problem, (1, 0, 0, MONDAY, {1: 1})) == 7_000_000
    assert bound_of(problem, {("rule_quota", -1, 0, DAY if per == "day" else -1): 7_000_000}) == 12_000_000


def test_released_packages_count_for_a_commitment() -> None:
    """Three are committed at 1.25: of two that are left one ships."""
    world = released(9, "")
    world.service_quotas.append(
        {"service_id": "G", "date": "", "max_packages": 9, "min_packages": 3, "shortfall_price": "1.25"}
    )
    problem = world.problem()
    assert soft_of(problem) == 2_500_000
    assert soft_of(problem, (1, 0, 0, MONDAY, {1: 1})) == 1_250_000
    assert bound_of(problem, {("service_commitment", -1, 0, DAY): -1_000_000}) == 5_000_000 - 1_000_000 + 2_000_000


@pytest.mark.parametrize("cap", [1024, 1])
def test_every_package_after_a_released_one_is_a_split(cap: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of three K are left: one package 5.00 and 2.00, two 14.00."""
    monkeypatch.setattr(certificate_module, "EXACT_STATE_CAP", cap)
    problem = plain_world(split="2").order("O1", {"K": 3}).before(1, "released").problem()
    for packages, split in (([], 0), ([2], 2_000_000), ([1, 1], 4_000_000)):
        costs = report_of(problem, *((0, 0, 0, MONDAY, {0: units}) for units in packages)).costs
        assert costs is not None
        assert costs.split == split
    assert bound_of(problem) == 7_000_000 - (cap == 1)


def test_released_packages_count_among_the_most_of_an_order() -> None:
    """One of one has left: the second unit stays."""
    problem = plain_world().order("O1", {"K": 2}, max_packages=1).before(1, "released").problem()
    assert codes(report_of(problem, (0, 0, 0, MONDAY, {0: 1}))) == ["MAX_PACKAGES_EXCEEDED"]
    assert bound_of(problem) == 100_000_000


@pytest.mark.parametrize("cap", [1024, 1])
@pytest.mark.parametrize("columns", [{}, {"ship_complete": "true"}])
def test_line_that_has_left_altogether_disturbs_nothing(
    cap: int, columns: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """K is gone; L ships alone. Nothing more of K may ship."""
    monkeypatch.setattr(certificate_module, "EXACT_STATE_CAP", cap)
    world = plain_world().sku("L").have("A", "L").order("O1", {"K": 2, "L": 1}, **columns).before(2, "released")
    problem = world.problem()
    report = report_of(problem, (0, 0, 0, MONDAY, {1: 1}))
    assert report.violations == ()
    assert report.costs is not None
    assert report.costs.total == 5_000_000
    assert codes(report_of(problem, (0, 0, 0, MONDAY, {0: 1, 1: 1}))) == ["LINE_OVERSUPPLIED"]
    assert bound_of(problem) == 5_000_000 - (cap == 1)
    # Whatever else is asked of the lines of the order.
    with monkeypatch.context() as patch:
        patch.setattr("splitship.check.relaxed.LARGEST_SCALE", 0)
        assert bound_of(problem) == 5_000_000 - (cap == 1)


def picked_up(shipped: str) -> Problem:
    """O1's K left A on a day for P, which works on weekdays and has room for one package; O2 picks up one K at P."""
    world = plain_world().node("P", max_packages_per_day=1, working_days="1111100").have("P").transfer(1)
    for number in (1, 2):
        world.order(f"O{number}", {"K": 1}, mode="pickup", pickup_node="P")
    world.settings["limits"]["horizon_days"] = 1
    given = world.problem().as_given
    one = np.array([0])
    plan = dataclasses.replace(plan_of((0, 0, 0, shipped, {0: 1})), service_idx=way_service(1, 2, one, one + 1))
    before = PlanBefore(plan, one == 0, Amounts.zeros(1), one != 0)
    return with_rules_in_force(dataclasses.replace(given, plan_before=before))


@pytest.mark.parametrize(("shipped", "day"), [("2026-02-27", MONDAY), (MONDAY, TUESDAY)])
def test_node_that_receives_a_released_package_is_used_on_the_delivery_day(shipped: str, day: str) -> None:
    """On its way from Friday over the weekend, or from Monday: P is full on that day, and free on the other."""
    problem = picked_up(shipped)
    service = problem.services.service_id.tolist().index("pickup:P")
    for other in (MONDAY, TUESDAY):
        told = codes(report_of(problem, (1, 1, service, other, {1: 1})))
        assert told == (["NODE_PACKAGES_EXCEEDED"] if other == day else [])
    assert bound_of(problem) == 0
