"""Rules and surcharges that act on packages: plans and bounds by hand, planted faults, random worlds by enumeration."""

from __future__ import annotations

import dataclasses
import random

import numpy as np
import pytest
from check_slow import Key, Slow, is_feasible
from check_world import MONDAY, World, plan_of, random_problem, random_rules_problem
from test_check_certificate import assert_relaxation_is_its_formula, certificate_of, random_prices

from splitship.check import certificate as certificate_module
from splitship.check import check_certificate, check_plan, compare_claim
from splitship.check import relaxed as relaxed_module
from splitship.check import rule_terms as rule_terms_module
from splitship.check import rules as rules_module
from splitship.domain import Certificate, Leaf, Plan, Problem, ResourceKind, with_rules_in_force
from splitship.units import day_number

TUESDAY, WEDNESDAY = "2026-03-03", "2026-03-04"
DAY = day_number(MONDAY)
NUM_WORLDS = 120


def two_lines(num_orders: int = 1, **order: str) -> World:
    """Orders of 2 K (hazmat, worth 20.00) and 1 T (worth 3.00) each; node A has plenty, service G is 5.00."""
    world = (
        World().node(region="west").sku(**{"class": "hazmat", "value": "20"}).sku("T", **{"class": "", "value": "3"})
    )
    world.have(on_hand=100).have(sku_id="T", on_hand=100).service(tier="air").lane().rate("10", "5.00")
    for number in range(num_orders):
        world.order(f"O{number + 1}", lines={"K": 2, "T": 1}, **order)
    return world


def packed(*orders: int, day: str = MONDAY) -> Plan:
    """All of each of the orders in a package of its own."""
    return plan_of(*((order, 0, 0, day, {2 * order: 2, 2 * order + 1: 1}) for order in orders))


def bound_of(problem: Problem, prices: dict[Key, int] | None = None) -> int | None:
    """The bound from prices that are in order."""
    report = check_certificate(problem, certificate_of(prices or {}, -(10**15)))
    assert report.violations == ()
    return report.bound


HAZMAT = {"sku": {"class": "hazmat"}}

# Plans.


def test_forbidden_line_is_named_with_its_package_and_the_rule() -> None:
    """K must not go by air; T may, and so may both once the rule's last day is over."""
    world = two_lines().rule("no hazmat by air", HAZMAT | {"service": {"tier": "air"}}, forbid=True, last=MONDAY)
    world.settings["limits"] = {"horizon_days": 1}
    problem = world.problem()
    [violation] = check_plan(problem, packed(0)).violations
    assert violation.code == "RULE_FORBIDS"
    assert violation.where == "packages[0] (order O1, node A, service G, 2026-03-02)"
    assert violation.message == "order O1 line 1 must not ship this way: rule no hazmat by air"
    assert check_plan(problem, plan_of((0, 0, 0, MONDAY, {1: 1}))).is_feasible
    assert check_plan(problem, packed(0, day=TUESDAY)).is_feasible


def test_quota_of_no_package_forbids() -> None:
    """0 packages a day: as good as forbidden."""
    problem = two_lines().rule("none", HAZMAT, quota={"packages": 0}).problem()
    assert [v.code for v in check_plan(problem, packed(0)).violations] == ["RULE_FORBIDS"]
    assert bound_of(problem) == 5_000_000 + 200_000_000


def test_prices_of_rules_are_paid_for_packages_lines_and_units() -> None:
    """About K: 1.00 a package, 0.50 a line, 0.25 a unit of 2; about everything: 0.10 a line of 2, 0.01 a unit of 3."""
    world = two_lines()
    world.rule("hazmat", HAZMAT, price={"per_package": "1", "per_line": "0.5", "per_unit": "0.25"})
    world.rule("all", price={"per_line": "0.1", "per_unit": "0.01"})
    report = check_plan(world.problem(), packed(0))
    assert report.violations == ()
    assert report.packages is not None
    assert report.costs is not None
    assert report.packages.rules.tolist() == [2_230_000]
    assert (report.costs.rules, report.costs.shipping, report.costs.total) == (2_230_000, 5_000_000, 7_230_000)
    alone = check_plan(world.problem(), plan_of((0, 0, 0, MONDAY, {1: 1})))
    assert alone.packages is not None
    assert alone.packages.rules.tolist() == [110_000]


def test_prices_hold_within_their_dates_only() -> None:
    """Tuesday alone costs 1.00 more."""
    world = two_lines().rule("Tuesday", price={"per_package": "1"}, first=TUESDAY, last=TUESDAY)
    world.settings["limits"] = {"horizon_days": 2}
    problem = world.problem()
    for day, micros in ((MONDAY, 0), (TUESDAY, 1_000_000), (WEDNESDAY, 0)):
        report = check_plan(problem, packed(0, day=day))
        assert report.costs is not None
        assert report.costs.rules == micros


def test_surcharges_belong_to_shipping_and_are_paid_by_each_row_that_fits() -> None:
    """1.00 a package by air; 2 K of 20.00 at a share of 0.0333333333, 0.666667 each; a row for sea is not."""
    world = two_lines().surcharge("air", "1", service__tier="air").surcharge("sea", "9", service__tier="sea")
    world.surcharge("hazmat", "0.25", "0.0333333333", sku__class="hazmat")
    report = check_plan(world.problem(), packed(0))
    assert report.costs is not None
    assert (report.costs.shipping, report.costs.rules) == (5_000_000 + 1_250_000 + 2 * 666_667, 0)
    alone = check_plan(world.problem(), plan_of((0, 0, 0, MONDAY, {1: 1})))
    assert alone.packages is not None
    assert alone.packages.shipping.tolist() == [6_000_000]


def test_quota_of_a_day_counts_packages_with_a_line_that_matches() -> None:
    """Two packages with hazmat a day: three are one too many; two and one without, or one on Tuesday, are not."""
    world = two_lines(3).rule("few", HAZMAT, quota={"packages": 2})
    world.settings["limits"] = {"horizon_days": 1}
    problem = world.problem()
    [violation] = check_plan(problem, packed(0, 1, 2)).violations
    assert (violation.code, violation.where) == ("RULE_QUOTA_EXCEEDED", "rule few, 2026-03-02")
    assert violation.message == "3 packages ship that the rule is about, it allows 2"
    heads = [(order, 0, 0, MONDAY, {2 * order: 2}) for order in range(2)]
    assert check_plan(problem, plan_of(*heads, (2, 0, 0, MONDAY, {5: 1}))).is_feasible
    assert check_plan(problem, plan_of(*heads, (2, 0, 0, TUESDAY, {4: 2}))).is_feasible


def test_quota_of_the_batch_counts_all_days_within_the_dates() -> None:
    """Two in the batch from Tuesday on: Monday's do not count."""
    world = two_lines(4).rule("few", HAZMAT, quota={"packages": 2, "per": "batch"}, first=TUESDAY)
    world.settings["limits"] = {"horizon_days": 2}
    problem = world.problem()

    def plan(*days: str) -> Plan:
        return plan_of(*((order, 0, 0, day, {2 * order: 2}) for order, day in enumerate(days)))

    assert check_plan(problem, plan(MONDAY, MONDAY, TUESDAY, WEDNESDAY)).is_feasible
    [violation] = check_plan(problem, plan(MONDAY, TUESDAY, TUESDAY, WEDNESDAY)).violations
    assert (violation.code, violation.where) == ("RULE_QUOTA_EXCEEDED", "rule few, the whole batch")


def test_order_is_held_to_its_own_distance_and_transit() -> None:
    """Of two orders 111 km away, by a lane of two days, the app's may go 100 km only, the web's one day."""
    world = two_lines(latitude="41", longitude="-75")
    world.nodes[0] |= {"latitude": "40", "longitude": "-75"}
    world.order("O2", lines={"K": 1}, latitude="41", longitude="-75")
    for row, channel in zip(world.orders, ("app", "web"), strict=True):
        row["channel"] = channel
    world.settings["limits"] = {"max_transit_days": 5}
    world.rule("near", {"order": {"channel": "app"}}, set={"max_distance_km": 100})
    world.rule("soon", {"order": {"channel": "web"}}, set={"max_transit_days": 1})
    problem = world.problem()
    found = check_plan(problem, plan_of((0, 0, 0, MONDAY, {0: 2}), (1, 0, 0, MONDAY, {2: 1}))).violations
    assert [(v.code, v.where[:22]) for v in found] == [
        ("TOO_FAR", "packages[0] (order O1,"),
        ("TOO_LATE", "packages[1] (order O2,"),
    ]
    assert found[0].message == "the node is farther than 100 km, or a coordinate is missing"
    assert found[1].message == "2 transit days, at most 1 are allowed"
    assert bound_of(problem) == 400_000_000


def test_claim_that_leaves_a_rule_or_a_surcharge_out_is_refused() -> None:
    """A claim without the 1.00 of the rule, or with it under shipping, is not what the plan costs."""
    world = two_lines().rule("all", price={"per_package": "1"}).surcharge("air", "0.5", service__tier="air")
    report = check_plan(world.problem(), packed(0))
    assert report.costs is not None
    assert report.packages is not None
    assert compare_claim(report, 6_500_000, report.costs, report.packages) == ()
    assert [v.where for v in compare_claim(report, 5_500_000)] == ["objective"]
    moved = dataclasses.replace(report.costs, rules=0, shipping=6_500_000)
    assert [v.where for v in compare_claim(report, costs=moved)] == ["costs.shipping", "costs.rules"]
    none = {"rules": np.zeros(1, np.int64), "shipping": np.array([5_000_000])}
    assert len(compare_claim(report, packages=none)) == 2


def test_plans_are_looked_at_some_packages_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same violations and costs when a package at once is as much as may be looked at."""
    world = two_lines(4).rule("few", HAZMAT, quota={"packages": 2}).rule("all", price={"per_package": "1"})
    world.rule("no T", {"sku": {"sku_id": "T"}}, forbid=True)
    problem, plan = world.problem(), packed(3, 1, 0, 2)
    whole = check_plan(problem, plan)
    monkeypatch.setattr(rules_module, "_CELLS_AT_ONCE", 1)
    parts = check_plan(problem, plan)
    assert len(whole.violations) == 5
    assert parts.violations == whole.violations
    assert parts.costs == whole.costs
    assert parts.costs is not None
    assert parts.costs.rules == 4_000_000


# Bounds by hand.


def test_bound_leaves_forbidden_contents_out() -> None:
    """K cannot ship: 2 x 100.00 unfilled and T alone for 5.00. By ship-complete nothing ships: 300.00."""
    assert bound_of(two_lines().rule("no", HAZMAT, forbid=True).problem()) == 205_000_000
    assert bound_of(two_lines(ship_complete="true").rule("no", HAZMAT, forbid=True).problem()) == 300_000_000


def test_bound_pays_rules_by_package_line_and_unit() -> None:
    """1.00 a package and 0.20 a line for hazmat, 0.30 a unit of K: 5.00 + 1.00 + 0.20 + 0.60 in one package."""
    price = {"per_package": "1", "per_line": "0.2", "per_unit": "0.3"}
    assert bound_of(two_lines().rule("h", HAZMAT, price=price).problem()) == 6_800_000


def test_bound_pays_surcharges() -> None:
    """1.00 a package by air and a tenth of 2 x 20.00."""
    world = two_lines().surcharge("air", "1", service__tier="air").surcharge("hazmat", "0", "0.1", sku__class="hazmat")
    assert bound_of(world.problem()) == 10_000_000


def test_bound_takes_the_day_on_which_no_rule_asks_for_more() -> None:
    """1.00 until Monday; with horizon 1 Tuesday is free of it, and holding costs nothing."""
    world = two_lines().rule("Monday", price={"per_package": "1"}, last=MONDAY)
    assert bound_of(world.problem()) == 6_000_000
    world.settings["limits"] = {"horizon_days": 1}
    assert bound_of(world.problem()) == 5_000_000


@pytest.mark.parametrize(("per", "key"), [("day", ("rule_quota", -1, 0, DAY)), ("batch", ("rule_quota", -1, 0, -1))])
def test_quota_price_is_paid_by_packages_and_supplied_by_the_quota(per: str, key: Key) -> None:
    """Three orders pay 1.00 each for hazmat, two may: 15.00 + 3.00 - 2.00; of T alone nothing is paid."""
    world = two_lines(3).rule("few", HAZMAT, quota={"packages": 2, "per": per})
    problem = world.problem()
    assert bound_of(problem, {key: 1_000_000}) == 16_000_000
    report = check_certificate(problem, certificate_of({key: 1_000_000}, 16_000_001))
    assert [v.code for v in report.violations] == ["BOUND_NOT_PROVEN"]
    # A price beyond all: T ships alone at 5.00, K is unfilled at 200.00, and two may ship for 500.00 each.
    assert bound_of(problem, {key: 500_000_000}) == 3 * 205_000_000 - 2 * 500_000_000


@pytest.mark.parametrize(
    "key",
    [
        ("rule_quota", -1, 0, -1),  # no quota: a price
        ("rule_quota", -1, 3, -1),  # no such rule
        ("rule_quota", -1, -1, -1),
        ("rule_quota", -1, 1, -1),  # by day
        ("rule_quota", -1, 1, DAY + 1),  # after its dates
        ("rule_quota", -1, 1, DAY - 1),  # before them
        ("rule_quota", -1, 2, DAY),  # for the batch
        ("rule_quota", 0, 2, -1),  # rules have no node
    ],
)
def test_price_of_a_quota_that_is_not_there_is_refused(key: Key) -> None:
    """Rule 0 only asks a price; rule 1 counts Monday's packages, rule 2 those of the batch."""
    world = two_lines().rule("price", price={"per_unit": "1"})
    world.rule("day", quota={"packages": 1}, first=MONDAY, last=MONDAY)
    problem = world.rule("batch", quota={"packages": 1, "per": "batch"}).problem()
    report = check_certificate(problem, certificate_of({key: 1}, -(10**9)))
    assert [v.code for v in report.violations] == ["UNKNOWN_RESOURCE"]
    assert report.bound is None
    assert bound_of(problem, {("rule_quota", -1, 1, DAY): 1, ("rule_quota", -1, 2, -1): 1}) == 8_000_000


def test_other_resources_have_no_rule_and_quotas_are_priced_once() -> None:
    """A rule at the price of stock names nothing; a quota twice is DUPLICATE_RESOURCE, with its name."""
    problem = two_lines().rule("few", quota={"packages": 1, "per": "batch"}).problem()
    stock = certificate_of({("stock", 0, 0, -1): 1}, 0)
    codes = [v.code for v in check_certificate(problem, dataclasses.replace(stock, rule_idx=np.array([0]))).violations]
    assert codes == ["UNKNOWN_RESOURCE"]
    once = certificate_of({("rule_quota", -1, 0, -1): 1}, 0)
    columns = ("kind", "node_idx", "sku_idx", "service_idx", "day", "price", "rule_idx")
    twice = dataclasses.replace(once, **{name: np.repeat(getattr(once, name), 2) for name in columns})
    [violation] = check_certificate(problem, twice).violations
    assert (violation.code, violation.message) == (
        "DUPLICATE_RESOURCE",
        "rule_quota of rule few, the whole batch is priced twice",
    )


def test_decisions_and_own_prices_go_on_with_rules() -> None:
    """K whole from A, 1.00 a unit dearer there by a rule, or not: the leaves prove the lesser of both.

    A: 5.00 + 2.00; not: T alone and 200.00 unfilled. Own prices of 0.50 a unit for 100 in stock come to 2 x 0.50.
    """
    world = two_lines().rule("dear", HAZMAT, price={"per_unit": "1"})
    world.order_lines[0]["splittable"] = "false"
    problem = world.problem()
    own = {name: np.array([value]) for name, value in (("own_line", 0), ("own_node", 0), ("own_price", 500_000))}
    prices = dataclasses.replace(Certificate.without_prices(7_000_000), **own)
    leaves = tuple(
        Leaf(np.array([0]), np.array([0]), np.array([ships]), dataclasses.replace(prices, bound=-(10**9)))
        for ships in (True, False)
    )
    report = check_certificate(problem, dataclasses.replace(Certificate.without_prices(7_000_000), leaves=leaves))
    assert (report.violations, report.bound, report.num_leaves) == ((), 7_000_000, 2)
    forbidding = two_lines().rule("no", HAZMAT, forbid=True)
    forbidding.order_lines[0]["splittable"] = "false"
    report = check_certificate(
        forbidding.problem(), dataclasses.replace(Certificate.without_prices(0), leaves=leaves[:2])
    )
    # The leaf in which K must ship has no plan.
    assert report.bound == 205_000_000 - 1_000_000


def test_more_sets_of_rules_than_are_kept_and_than_a_word_holds() -> None:
    """Seventy nodes with a rule each, the last the cheapest: 5.00 + 1.00 + 0.01 for two orders of one K."""
    world = World().sku().service().rate("10", "5.00").order(lines={"K": 1}).order("O2", lines={"K": 1})
    for number in range(70):
        world.node(f"N{number}").have(f"N{number}").lane(node_id=f"N{number}")
        price = {"per_unit": f"{70 - number}", "per_package": "0.01"}
        world.rule(f"r{number}", {"node": {"node_id": f"N{number}"}}, price=price)
    problem = world.problem()
    assert bound_of(problem) == 2 * 6_010_000
    assert rule_terms_module.MOST_SETS < 70
    packages = [(number % 2, number, 0, MONDAY, {number % 2: 1}) for number in (62, 63)]
    report = check_plan(problem, plan_of(*packages))
    assert report.packages is not None
    assert report.packages.rules.tolist() == [8_010_000, 7_010_000]


def test_price_of_a_quota_that_is_too_large_is_told() -> None:
    """2^61 micros leave 62 bits, together with the rest."""
    problem = two_lines().rule("few", quota={"packages": 1, "per": "batch"}).problem()
    report = check_certificate(problem, certificate_of({("rule_quota", -1, 0, -1): 2**61}, 0))
    assert [violation.code for violation in report.violations] == ["NUMBERS_TOO_LARGE"]


# Wide orders by hand.


def wide(rules: World, monkeypatch: pytest.MonkeyPatch) -> int:
    """The bound of a world all orders of which are wide, the same from the kernels and from exact arithmetic."""
    monkeypatch.setattr(certificate_module, "EXACT_STATE_CAP", 1)
    problem = rules.problem()
    bound = bound_of(problem)
    with monkeypatch.context() as patch:
        patch.setattr(relaxed_module, "LARGEST_SCALE", 0)
        assert bound_of(problem) == bound
    assert bound is not None
    return bound


def test_wide_order_pays_what_is_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    """5.00 less a micro; K pays 0.25 a unit and half of its 3 micros a line, rounded down; 2.00 a package about all.

    The 9.00 a package about K alone are not sure.
    """
    plain = wide(two_lines(), monkeypatch)
    assert plain == 4_999_999
    world = two_lines().rule("line", HAZMAT, price={"per_unit": "0.25", "per_line": "0.000003"})
    assert wide(world, monkeypatch) == plain + 500_000 + 2
    assert wide(world.rule("all", price={"per_package": "2"}), monkeypatch) == plain + 500_002 + 2_000_000
    assert wide(world.rule("K", HAZMAT, price={"per_package": "9"}), monkeypatch) == plain + 2_500_002
    # Once T may not ship, what is about K is about all that can: 100.00 for T.
    world.rule("no T", {"sku": {"sku_id": "T"}}, forbid=True)
    assert wide(world, monkeypatch) == plain + 2_500_002 + 9_000_000 + 100_000_000


# Random worlds against enumeration.


@pytest.mark.parametrize("seed", range(NUM_WORLDS))
def test_bound_equals_enumeration_with_rules(seed: int) -> None:
    """The compiled minimum over all plans is that of trying every day, content and multiset of packages."""
    rng, problem = random.Random(seed), random_rules_problem(seed)
    slow = Slow(problem)
    for _ in range(2):
        prices = random_prices(slow, rng)
        report = check_certificate(problem, certificate_of(prices, slow.bound(prices)))
        assert report.violations == ()
        assert report.bound == slow.bound(prices)


@pytest.mark.parametrize("seed", range(60))
def test_relaxation_equals_its_formula_with_rules(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the cap at 1 every order is wide: compiled loops and exact arithmetic give the formula's number."""
    assert_relaxation_is_its_formula(random_rules_problem(seed), random.Random(seed), monkeypatch)


def test_random_plans_hold_and_cost_as_in_enumeration_with_rules() -> None:
    """Feasibility and terms of random plans; each code of a rule is met, and no bound passes a feasible plan."""
    num_feasible, codes = 0, set()
    for seed in range(NUM_WORLDS):
        problem, rng = random_rules_problem(seed), random.Random(seed)
        slow = Slow(problem)
        ways = [(o, c) for o in range(len(problem.orders)) for c in slow.choices(o)]
        bound = slow.bound({})
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
            codes |= {violation.code for violation in report.violations}
            num_feasible += report.is_feasible
            if report.is_feasible:
                own = report.packages
                assert own is not None
                assert report.costs is not None
                terms = np.array([slow.terms(*package) for package in packages])
                assert np.array_equal(terms.T, [own.shipping, own.handling, own.delivery, own.late, own.rules])
                assert report.costs.rules == own.rules.sum()
                assert report.costs.total >= bound
    assert num_feasible > 100
    assert {"RULE_FORBIDS", "RULE_QUOTA_EXCEEDED"} <= codes


def test_random_worlds_use_what_they_are_for() -> None:
    """Many worlds have choices of which rules forbid, price and count lines, some partly, and prices of quotas."""
    met = dict.fromkeys(("forbid", "price", "quota", "surcharge", "partial", "quota price", "distance", "transit"), 0)
    for seed in range(NUM_WORLDS):
        problem = random_rules_problem(seed)
        slow, kinds = Slow(problem), set()
        for order in range(len(problem.orders)):
            for choice in slow.choices(order):
                acting = [set(slow.about(line, choice)) for line in slow.lines(order)]
                kinds |= {"partial"} if len(set(map(frozenset, acting))) > 1 else set()
                for rule in set().union(*acting):
                    kinds.add("forbid" if problem.rules[rule].is_forbidden else
                              "price" if problem.rules[rule].price else "quota")  # fmt: skip
                kinds |= {of for line in slow.lines(order) for of, _ in slow.payments(line, choice) if of != "rule"}
        kinds |= {"quota price"} if any(key[0] == "rule_quota" for key in slow.resources()) else set()
        kinds |= {"distance"} if problem.orders.max_distance_km is not None else set()
        kinds |= {"transit"} if problem.orders.max_transit_days is not None else set()
        for kind in kinds:
            met[kind] += 1
    assert min(met.values()) > 8, met


def test_rules_about_nothing_change_nothing() -> None:
    """A rule that is about no order: bounds, reports and costs are those without it."""
    for seed in range(30):
        problem = random_problem(seed)
        [rule] = two_lines().rule("never", {"order": {"order_id": "nobody"}}, forbid=True).problem().rules
        ruled = with_rules_in_force(dataclasses.replace(problem, rules=(rule,)))
        assert ruled.package_rules.num_words == 1
        certificate = certificate_of(random_prices(Slow(problem), random.Random(seed)), 0)
        assert check_certificate(ruled, certificate).bound == check_certificate(problem, certificate).bound


def test_kind_of_quota_has_neither_node_nor_service() -> None:
    """The keys of a rule's quota."""
    assert not ResourceKind.RULE_QUOTA.has_node
    assert not ResourceKind.RULE_QUOTA.has_service
