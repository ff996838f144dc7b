"""Shares of nodes and committed volumes: costs by hand, prices in and out of range, bounds by enumeration."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from typing import Any

import numpy as np
import pytest
from check_slow import Key, Slow, is_feasible
from check_slow_steering import commitments, shares, steered
from check_world import MONDAY, World, plain_world, plan_of, random_features_world, random_world
from test_check_certificate import certificate_of, random_prices

from splitship.check import certificate as certificate_module
from splitship.check import check_certificate, check_plan, compare_claim
from splitship.check import relaxed as relaxed_module
from splitship.domain import Problem, ResourceKind
from splitship.units import day_number

DAY = day_number(MONDAY)
NUM_WORLDS = 120


# --- by hand ----------------------------------------------------------------------------------


def two_nodes(share: str = "0.75", price: str = "2", **quota: Any) -> World:
    """A, which should ship a share of all units, and B; two orders of 2 K and of 1 K, each 5.00 a package."""
    world = plain_world().node("B").have("B").lane(node_id="B").order("O1", {"K": 2}).order("O2", {"K": 1})
    if share:
        world.nodes[0] |= {"target_share": share, "share_price": price}
    if quota:
        world.service_quotas.append({"service_id": "G", "date": "", "max_packages": 9} | quota)
    return world


def soft_of(problem: Problem, *packages: Any) -> int:
    """What a plan of (order, node, {line: units}) pays for what is steered, after every other term."""
    report = check_plan(problem, plan_of(*((order, node, 0, MONDAY, held) for order, node, held in packages)))
    assert report.is_feasible
    assert report.costs is not None
    assert report.costs.total == sum(getattr(report.costs, field.name) for field in dataclasses.fields(report.costs))
    return report.costs.soft


def test_share_is_paid_above_and_below() -> None:
    """Of 3 units A should ship 2.25: 0.75 short or beyond is 1.50, 2.25 short 4.50; of none none is missing."""
    problem = two_nodes().problem()
    assert soft_of(problem, (0, 0, {0: 2}), (1, 0, {1: 0 + 1})) == 1_500_000
    assert soft_of(problem, (0, 0, {0: 2}), (1, 1, {1: 1})) == 500_000
    assert soft_of(problem, (0, 1, {0: 2}), (1, 1, {1: 1})) == 4_500_000
    assert soft_of(problem) == 0


def test_shares_are_rounded_half_to_even_by_node() -> None:
    """Halves of a micro at two nodes: 0.5 to 0 and 1.5 to 2."""
    world = two_nodes("0.5", "0.000001")
    world.nodes[1] |= {"target_share": "0.5", "share_price": "0.000003"}
    problem = world.problem()
    assert soft_of(problem, (1, 0, {1: 1})) == 0 + 2
    assert soft_of(problem, (0, 0, {0: 2}), (1, 1, {1: 1})) == 0 + 2


def test_committed_packages_that_are_missing_are_paid() -> None:
    """Three are committed on Monday at 1.25: 3, 2 or 1 are missing; a fourth earns nothing."""
    problem = two_nodes("", min_packages=3, shortfall_price="1.25").problem()
    assert soft_of(problem) == 3_750_000
    assert soft_of(problem, (0, 0, {0: 2})) == 2_500_000
    assert soft_of(problem, (0, 0, {0: 1}), (0, 1, {0: 1}), (1, 0, {1: 1})) == 0


def test_a_day_of_its_own_wins_over_every_day() -> None:
    """Over two more days and a horizon of two, of which Tuesday has a row without a commitment."""
    world = two_nodes("", min_packages=1, shortfall_price="1")
    world.service_quotas.append({"service_id": "G", "date": "2026-03-03", "max_packages": 5})
    world.settings["limits"]["horizon_days"] = 2
    assert soft_of(world.problem(), (0, 0, {0: 2})) == 1_000_000


def test_claims_without_what_is_steered_are_refused() -> None:
    """A share left out, or off by a micro."""
    problem = two_nodes().problem()
    plan = plan_of((0, 0, 0, MONDAY, {0: 2}), (1, 0, 0, MONDAY, {1: 1}))
    report = check_plan(problem, plan)
    costs = report.costs
    assert costs is not None
    assert compare_claim(report, costs=costs) == ()
    for wrong in (0, costs.soft - 1, costs.soft + 1):
        claimed = dataclasses.replace(costs, soft=wrong)
        told = compare_claim(report, objective=claimed.total, costs=claimed)
        assert [(violation.code, violation.where) for violation in told] == [
            ("COST_MISMATCH", "objective"), ("COST_MISMATCH", "costs.soft")
        ]  # fmt: skip


SHARE_A: Key = ("node_share", 0, -1, -1)
MONDAY_G: Key = ("service_commitment", -1, 0, DAY)


def both_steered() -> Problem:
    """Shares of A, 0.75 at 2.00, and 5 committed packages at 1.25 each."""
    return two_nodes(min_packages=5, shortfall_price="1.25").problem()


def codes(problem: Problem, prices: dict[Key, int], bound: int = -(10**15)) -> list[str]:
    """Codes of all violations of a certificate."""
    return [violation.code for violation in check_certificate(problem, certificate_of(prices, bound)).violations]


def test_bound_of_a_share_is_worked_by_hand() -> None:
    """At -1.00 a unit from A pays -1.00 + 0.75, from B 0.75: both orders from A, 5.00 - 0.50 + 5.00 - 0.25."""
    problem = two_nodes().problem()
    report = check_certificate(problem, certificate_of({SHARE_A: -1_000_000}, 9_250_000 - 1))
    assert (report.violations, report.bound) == ((), 9_250_000 - 1)
    assert codes(problem, {SHARE_A: -1_000_000}, 9_250_000) == ["BOUND_NOT_PROVEN"]


def test_bound_of_a_commitment_is_worked_by_hand() -> None:
    """At -1.00 a package of 5.00 costs 4.00, and 5.00 more for what is committed: 2 x 4.00 + 5.00; no rounding."""
    problem = two_nodes("", min_packages=5, shortfall_price="1.25").problem()
    report = check_certificate(problem, certificate_of({MONDAY_G: -1_000_000}, 13_000_000))
    assert (report.violations, report.bound) == ((), 13_000_000)
    assert codes(problem, {MONDAY_G: -1_000_000}, 13_000_001) == ["BOUND_NOT_PROVEN"]


def test_a_sum_of_prices_is_rounded_up() -> None:
    """A third of a micro more or less: units pay 1 - 1 micros at 1, and -1 - 0 micros at -1."""
    problem = two_nodes("0.333333333333333333", "1").problem()
    assert check_certificate(problem, certificate_of({SHARE_A: 1}, 0)).bound == 10_000_000 - 3 - 1
    assert check_certificate(problem, certificate_of({SHARE_A: -1}, 0)).bound == 10_000_000 - 3 - 1


def test_prices_at_the_ends_of_their_range_are_usable() -> None:
    """From less to more of 2.00, from less of 1.25 to 0."""
    problem = both_steered()
    for share in (-2_000_000, 0, 2_000_000):
        for shortfall in (-1_250_000, 0):
            assert codes(problem, {SHARE_A: share, MONDAY_G: shortfall}) == []


@pytest.mark.parametrize(
    ("key", "price", "code"),
    [
        (SHARE_A, 2_000_001, "PRICE_OUT_OF_RANGE"),
        (SHARE_A, -2_000_001, "PRICE_OUT_OF_RANGE"),
        (MONDAY_G, 1, "PRICE_OUT_OF_RANGE"),
        (MONDAY_G, -1_250_001, "PRICE_OUT_OF_RANGE"),
        (("node_share", 1, -1, -1), 0, "UNKNOWN_RESOURCE"),
        (("node_share", 2, -1, -1), -1, "UNKNOWN_RESOURCE"),
        (("node_share", 0, -1, DAY), -1, "UNKNOWN_RESOURCE"),
        (("service_commitment", -1, 0, DAY + 1), -1, "UNKNOWN_RESOURCE"),
        (("service_commitment", 0, 0, DAY), -1, "UNKNOWN_RESOURCE"),
        (("service_commitment", -1, 1, DAY), -1, "UNKNOWN_RESOURCE"),
        (("service_quota", -1, 0, DAY), -1, "NEGATIVE_PRICE"),
        (("stock", 0, 0, -1), -1, "NEGATIVE_PRICE"),
    ],
)
def test_prices_that_cannot_be_are_refused(key: Key, price: int, code: str) -> None:
    """Out of range, of what is not steered, and below 0 where that is for others."""
    certificate = certificate_of({key: price}, -(10**15))
    report = check_certificate(both_steered(), certificate)
    assert [violation.code for violation in report.violations] == [code]
    assert report.bound is None


def test_a_share_is_priced_once() -> None:
    """Two rows for one node."""
    once = certificate_of({SHARE_A: -1}, -(10**15))
    names = ("kind", "node_idx", "sku_idx", "service_idx", "day", "price", "rule_idx")
    twice = dataclasses.replace(once, **{name: np.repeat(getattr(once, name), 2) for name in names})
    report = check_certificate(both_steered(), twice)
    assert [violation.code for violation in report.violations] == ["DUPLICATE_RESOURCE"]


def test_shares_without_a_price_have_no_resource() -> None:
    """A share at 0.00 is not steered."""
    assert codes(two_nodes("0.5", "0").problem(), {SHARE_A: 0}) == ["UNKNOWN_RESOURCE"]


def test_commitments_have_no_price_beside_wide_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shares have; prices of 0 say nothing."""
    monkeypatch.setattr(certificate_module, "EXACT_STATE_CAP", 1)
    problem = both_steered()
    assert codes(problem, {SHARE_A: -1, MONDAY_G: -1}) == ["COMMITMENTS_OF_WIDE_ORDERS"]
    assert codes(problem, {SHARE_A: -1, MONDAY_G: 0}) == []


def test_labels_in_messages_name_what_is_steered() -> None:
    """The node, and the service with its day."""
    wrong = {SHARE_A: 3_000_000, MONDAY_G: 1}
    told = [violation.message for violation in check_certificate(both_steered(), certificate_of(wrong, 0)).violations]
    assert told == [
        "node_share of node A: expected -2000000 to 2000000 micros, got 3000000",
        "service_commitment of service G, 2026-03-02: expected -1250000 to 0 micros, got 1",
    ]
    assert ResourceKind.NODE_SHARE.label == "node_share"


# --- by enumeration ---------------------------------------------------------------------------


def steering_problem(seed: int, with_commitments: bool = True) -> Problem:
    """A small random problem, every other one with further features, with shares and committed volumes."""
    rng = random.Random(f"steering {seed}")
    world = (random_features_world if seed % 2 and with_commitments else random_world)(seed)
    left = 100
    for node in world.nodes:
        if rng.random() < 0.8:
            share = rng.randint(0, left)
            left -= share
            digits = rng.choice(("", "", "333333333333", "0000000005")) if share < 100 and left else ""
            left -= 1 if digits else 0
            node["target_share"] = f"{share / 100:.2f}{digits}"
            node["share_price"] = rng.choice(("0.000001", "1", "2.5", "7.0000005", "30"))
    if with_commitments:
        days = [MONDAY, "2026-03-03", "2026-11-01", "2026-11-02", "2026-03-04", ""]
        said = {(row["service_id"], row["date"]) for row in world.service_quotas}
        for service in world.services:
            for on in rng.sample(days, rng.randint(0, 4)):
                if (service["service_id"], on) not in said:
                    row = {"service_id": service["service_id"], "date": on, "max_packages": rng.randint(3, 6)}
                    row |= {"min_packages": rng.randint(1, 3), "shortfall_price": rng.choice(("0.5", "3", "12.5"))}
                    world.service_quotas.append(row)
    return world.problem()


def steering_prices(problem: Problem, rng: random.Random) -> dict[Key, int]:
    """Prices of what is steered, anywhere in their range, often at an end of it."""
    found: dict[Key, int] = {}
    for node, (_, price) in shares(problem).items():
        if rng.random() < 0.8:
            found["node_share", node, -1, -1] = rng.choice((-price, price, rng.randint(-price, price)))
    for (service, day), (_, price) in commitments(problem).items():
        if rng.random() < 0.8:
            found["service_commitment", -1, service, day] = rng.choice((-price, rng.randint(-price, 0)))
    return found


def is_small(problem: Problem) -> bool:
    """Whether all plans of every order can be tried in a moment."""
    slow = Slow(problem)
    sizes = [(len(slow.contents(order)), len(slow.variants(order))) for order in range(len(problem.orders))]
    return all(contents * variants * len(problem.nodes) < 5000 and contents < 30 for contents, variants in sizes)


@pytest.mark.parametrize("seed", range(NUM_WORLDS))
def test_bound_equals_enumeration_when_prices_steer(seed: int) -> None:
    """The compiled minimum is that of trying every plan; a micro more is not proven."""
    problem, rng = steering_problem(seed), random.Random(seed)
    if not is_small(problem):
        return
    slow = Slow(problem)
    for _ in range(2):
        prices = random_prices(slow, rng) | steering_prices(problem, rng)
        expected = slow.bound(prices)
        report = check_certificate(problem, certificate_of(prices, expected))
        assert (report.violations, report.bound) == ((), expected)
        assert codes(problem, prices, expected + 1) == ["BOUND_NOT_PROVEN"]


@pytest.mark.parametrize("seed", range(60))
def test_relaxation_equals_its_formula_when_shares_are_priced(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every order wide, units pay below 0 too; both roads give the formula's number, never above the minimum."""
    problem, rng = steering_problem(seed, with_commitments=False), random.Random(seed)
    monkeypatch.setattr(certificate_module, "EXACT_STATE_CAP", 1)
    slow = Slow(problem)
    for most in (0, 10**7):
        prices = random_prices(slow, rng) | steering_prices(problem, rng)
        values = {line: rng.randint(0, most) for line in range(len(problem.lines))}
        least, is_known = 0, True
        for order in range(len(problem.orders)):
            relaxed, branched = slow.relaxed(order, prices, values), slow.branched(order, prices, 8)
            is_known &= branched is not None
            least += relaxed if branched is None else branched
            assert relaxed <= slow.least(order, prices)
        least -= sum(price * slow.supply(key) for key, price in prices.items())
        least -= sum(key[0] == "node_share" and price != 0 for key, price in prices.items())
        certificate = certificate_of(prices, -(10**15), values)
        report = check_certificate(problem, certificate)
        assert report.bound is not None
        assert report.bound == least if is_known else report.bound >= least
        assert report.bound <= slow.bound(prices)
        with monkeypatch.context() as patch:
            patch.setattr(relaxed_module, "LARGEST_SCALE", 0)
            assert check_certificate(problem, certificate).bound == report.bound


def test_random_plans_cost_what_they_steer_and_no_bound_passes_them() -> None:
    """Whatever the prices are, and the rules of what is beside a share or missing; most plans pay something."""
    num_paying = 0
    for seed in range(0, NUM_WORLDS, 2):
        problem, rng = steering_problem(seed), random.Random(seed)
        slow = Slow(problem)
        ways = [(order, choice) for order in range(len(problem.orders)) for choice in slow.choices(order)]
        bounds = [
            check_certificate(problem, certificate_of(steering_prices(problem, rng), -(10**15))).bound for _ in range(4)
        ]
        for _ in range(12 if ways else 0):
            picked = [(*rng.choice(ways), None) for _ in range(rng.randint(1, 3))]
            packages = [(order, choice, rng.choice(slow.contents(order))) for order, choice, _ in picked]
            if not is_feasible(slow, packages):
                continue
            plan = plan_of(
                *(
                    (o, c.node, c.service, c.day, {line: q for line, q in zip(slow.lines(o), held, strict=True) if q})
                    for o, c, held in packages
                )
            )
            costs = check_plan(problem, plan).costs
            assert costs is not None
            units: Counter[int] = Counter()
            for _, choice, held in packages:
                units[choice.node] += sum(held)
            expected = steered(problem, units, Counter((choice.service, choice.day) for _, choice, _ in packages))
            assert costs.soft == expected
            num_paying += expected > 0
            assert all(bound is not None and bound <= costs.total for bound in bounds)
    assert num_paying > 50


@pytest.mark.parametrize("seed", range(0, NUM_WORLDS, 4))
def test_own_prices_stand_beside_prices_of_shares(seed: int) -> None:
    """Lines with an own price pay for shares as all others do."""
    problem, rng = steering_problem(seed), random.Random(seed)
    slow, lines = Slow(problem), problem.lines
    own = {
        (line, node): rng.randint(0, 5 * 10**6)
        for line in range(len(lines))
        for node in range(len(problem.nodes))
        if (node, int(lines.sku_idx[line])) in slow.stock and rng.random() < 0.5
    }
    prices = steering_prices(problem, rng)
    columns = np.array([(*key, price) for key, price in own.items()], np.int64).reshape(-1, 3).T.copy()
    certificate = dataclasses.replace(
        certificate_of(prices, -(10**15)), own_line=columns[0], own_node=columns[1], own_price=columns[2]
    )
    report = check_certificate(problem, certificate)
    assert (report.violations, report.bound) == ((), slow.bound(prices, own))
