"""Pick-up, kits, substitutes, prices of stock, rejections and least values in random worlds, by enumeration."""

from __future__ import annotations

import dataclasses
import random

import numpy as np
import pytest
from check_slow import Choice, Content, Slow, is_feasible
from check_world import plan_of, random_features_problem, random_problem
from test_check_certificate import assert_relaxation_is_its_formula, certificate_of, random_prices
from test_check_leaves import assert_leaves_are_enumerated

from splitship.check import check_certificate, check_plan
from splitship.check import narrow as narrow_module
from splitship.domain import Problem
from splitship.domain.assortment import LineSubstitutes

NUM_WORLDS = 160
WIDE_FEATURES = ("pickup", "stock prices", "rejections")


def enumerable(num_worlds: int) -> list[int]:
    """Seeds of worlds of which all plans can be tried in a moment."""
    return [seed for seed in range(num_worlds) if size_of(random_features_problem(seed)) < 5 * 10**4]


def size_of(problem: Problem) -> int:
    """How long enumeration may take: ways to fill an order's packages, and the contents it can have."""
    slow, most = Slow(problem), 0
    for order in range(len(problem.orders)):
        contents = len(slow.contents(order))
        most = max(most, contents * len(slow.variants(order)) * len(problem.nodes), contents**3)
    return most


@pytest.mark.parametrize("seed", enumerable(NUM_WORLDS))
def test_bound_equals_enumeration_with_features(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The compiled minimum over all plans is that of trying every SKU, day, content and multiset of packages."""
    rng, problem = random.Random(seed), random_features_problem(seed)
    slow = Slow(problem)
    monkeypatch.setattr(narrow_module, "FEW", 1 + seed % 3)
    for _ in range(2):
        prices = random_prices(slow, rng)
        report = check_certificate(problem, certificate_of(prices, slow.bound(prices)))
        assert report.violations == ()
        assert report.bound == slow.bound(prices)


@pytest.mark.parametrize("seed", [seed for seed in enumerable(NUM_WORLDS) if seed % 4 < 3])
def test_leaves_equal_enumeration_with_features(seed: int) -> None:
    """Decisions on lines, rejected ones too, and own prices, in worlds where nothing arrives."""
    assert_leaves_are_enumerated(random_features_problem(seed), random.Random(seed))


@pytest.mark.parametrize("seed", range(60))
def test_relaxation_equals_its_formula_with_features(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the cap at 1 every order is wide: compiled loops and exact arithmetic give the formula's number."""
    problem = random_features_problem(seed, WIDE_FEATURES)
    assert_relaxation_is_its_formula(problem, random.Random(seed), monkeypatch)


@pytest.mark.parametrize("seed", range(30))
def test_relaxation_stays_below_the_minimum_of_kits_and_least_values(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wide orders take no notice of either, which proves no more than there is."""
    problem = random_features_problem(seed, (*WIDE_FEATURES, "kits", "least values"))
    if size_of(problem) < 5 * 10**4:
        slow, rng = Slow(problem), random.Random(seed)
        prices = random_prices(slow, rng)
        monkeypatch.setattr("splitship.check.certificate.EXACT_STATE_CAP", 1)
        report = check_certificate(problem, certificate_of(prices, -(10**15)))
        assert report.bound is not None
        assert report.bound <= slow.bound(prices)


def random_package(slow: Slow, rng: random.Random, order: int, choice: Choice) -> tuple[Content, Slow]:
    """Contents that are possible, if some of a few are; and what they are filled with."""
    content, variant = rng.choice(slow.contents(order)), rng.choice(slow.variants(order))
    for _ in range(20):
        if variant.is_possible(order, choice, content):
            break
        content, variant = rng.choice(slow.contents(order)), rng.choice(slow.variants(order))
    return content, variant


def test_random_plans_hold_and_cost_as_in_enumeration_with_features() -> None:
    """Feasibility and terms of random plans; each code is met, and no bound passes a feasible plan."""
    num_feasible, num_replaced, codes = 0, 0, set()
    for seed in enumerable(NUM_WORLDS):
        problem, rng = random_features_problem(seed), random.Random(seed)
        slow = Slow(problem)
        ways = [(o, c) for o in range(len(problem.orders)) for c in slow.choices(o)]
        bound = check_certificate(problem, certificate_of({}, -(10**15))).bound
        assert bound is not None
        for _ in range(12 if ways else 0):
            packages, variants, skus = [], [], []
            for order, choice in (rng.choice(ways) for _ in range(rng.randint(1, 3))):
                content, variant = random_package(slow, rng, order, choice)
                packages.append((order, choice, content))
                variants.append(variant)
                skus += [int(variant.sku_idx[line]) for line, q in zip(slow.lines(order), content, strict=True) if q]
            plan = plan_of(
                *(
                    (o, c.node, c.service, c.day, {line: q for line, q in zip(slow.lines(o), held, strict=True) if q})
                    for o, c, held in packages
                ),
                skus=skus,
            )
            report = check_plan(problem, plan)
            assert report.is_feasible == is_feasible(slow, packages, variants)
            codes |= {violation.code for violation in report.violations}
            num_feasible += report.is_feasible
            if report.is_feasible:
                own = report.packages
                assert own is not None
                assert report.costs is not None
                num_replaced += not np.array_equal(skus, problem.lines.sku_idx[plan.content_line])
                terms = np.array([variant.terms(*package) for variant, package in zip(variants, packages, strict=True)])
                assert np.array_equal(terms.T, [own.shipping, own.handling, own.delivery, own.late, own.rules])
                assert report.costs.total >= bound
    assert num_feasible > 100
    assert num_replaced > 30
    assert {
        "WRONG_MODE", "NODE_REJECTED", "KIT_INCOMPLETE", "KIT_SEPARATED", "PACKAGE_VALUE_TOO_SMALL",
        "ORDER_VALUE_TOO_SMALL",
    } <= codes  # fmt: skip


def test_random_worlds_use_what_they_are_for() -> None:
    """Many worlds have orders that only a feature explains."""
    met = dict.fromkeys(("picked", "moved", "mixed", "kits", "together", "apart", "replaced", "reward", "rejected"), 0)
    for seed in enumerable(NUM_WORLDS):
        problem = random_features_problem(seed)
        slow = Slow(problem)
        choices = [choice for order in range(len(problem.orders)) for choice in slow.choices(order)]
        to = problem.lines.pickup_node_idx
        kinds = {
            "picked": (to >= 0).any(),
            "moved": any(slow.target(choice) is not None for choice in choices),
            "mixed": any(len(set(to[slow.lines(order)].tolist())) > 1 for order in range(len(problem.orders))),
            "kits": problem.lines.has_kits,
            "together": problem.lines.is_together.any(),
            "apart": (~problem.lines.is_together & (problem.lines.kit_line_idx >= 0)).any(),
            "replaced": len(problem.line_substitutes) > 0,
            "reward": (problem.stock.unit_price < 0).any(),
            "rejected": len(problem.rejections) > 0,
        }
        for kind, is_met in kinds.items():
            met[kind] += bool(is_met)
    assert min(met.values()) > 20, met


def test_substitutes_of_no_line_change_nothing() -> None:
    """Bounds of orders that go through variants, in which lines ship their own SKU as a substitute, stay the same."""
    for seed in range(30):
        problem = random_problem(seed)
        own = LineSubstitutes(
            np.arange(len(problem.lines)), problem.lines.sku_idx, np.zeros(len(problem.lines), np.int64)
        )
        twice = dataclasses.replace(problem, line_substitutes=own)
        certificate = certificate_of(random_prices(Slow(problem), random.Random(seed)), 0)
        assert check_certificate(twice, certificate).bound == check_certificate(problem, certificate).bound
