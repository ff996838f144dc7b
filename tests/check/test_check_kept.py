"""Reserves, promises and released packages in random worlds, by enumeration."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from check_kept_world import random_kept_problem, random_packages, random_reserves_problem
from check_slow import Slow, is_feasible
from check_slow_steering import commitments, steered
from check_world import plan_of
from test_check_certificate import assert_relaxation_is_its_formula, certificate_of, random_prices
from test_check_features import size_of
from test_check_leaves import assert_leaves_are_enumerated

from splitship.check import check_certificate, check_plan
from splitship.domain import Problem

NUM_WORLDS = 160


def is_small(problem: Problem) -> bool:
    """Whether all plans of every order can be tried in a moment."""
    return size_of(problem) < 2 * 10**4


def assert_bound_is_enumerated(problem: Problem, rng: random.Random) -> None:
    """The bound of random prices is that of trying every plan; a micro more is not proven."""
    slow = Slow(problem)
    for _ in range(2):
        prices = random_prices(slow, rng)
        expected = slow.bound(prices)
        report = check_certificate(problem, certificate_of(prices, expected))
        assert (report.violations, report.bound) == ((), expected)
        told = check_certificate(problem, certificate_of(prices, expected + 1)).violations
        assert [violation.code for violation in told] == ["BOUND_NOT_PROVEN"]


@pytest.mark.parametrize("seed", range(NUM_WORLDS))
def test_bound_equals_enumeration_with_reserves(seed: int) -> None:
    """Every way in which the units of a package may pay for reserves is tried."""
    problem = random_reserves_problem(seed)
    if is_small(problem):
        assert_bound_is_enumerated(problem, random.Random(seed))


@pytest.mark.parametrize("seed", range(NUM_WORLDS))
def test_bound_equals_enumeration_after_a_plan_before(seed: int) -> None:
    """Promised and released packages, with reserves and without, on days and with rules that differ."""
    problem = random_kept_problem(seed)
    if is_small(problem):
        assert_bound_is_enumerated(problem, random.Random(seed))


@pytest.mark.parametrize("seed", [seed for seed in range(NUM_WORLDS) if seed % 4 < 3])
def test_leaves_and_own_prices_equal_enumeration(seed: int) -> None:
    """Decisions on lines and own prices of stock, where nothing arrives."""
    problem = random_kept_problem(seed)
    if is_small(problem):
        assert_leaves_are_enumerated(problem, random.Random(seed))


@pytest.mark.parametrize("seed", range(60))
def test_relaxation_equals_its_formula_with_reserves(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hard reserves limit what wide orders may have, prices of sets are paid by their units."""
    problem = random_reserves_problem(seed, is_hard=True)
    assert_relaxation_is_its_formula(problem, random.Random(seed), monkeypatch)


@pytest.mark.parametrize("seed", range(60))
def test_relaxation_equals_its_formula_after_released_packages(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Capacities, lines of nothing and splits without a refund, with priced reserves too."""
    problem = random_kept_problem(seed, ("reserves", "released"))
    if is_small(problem):
        assert_relaxation_is_its_formula(problem, random.Random(seed), monkeypatch)


def test_random_plans_hold_and_cost_as_in_enumeration() -> None:
    """Feasibility and the soft cost of random plans; no bound passes one that is feasible; every fault is met."""
    met: Counter[str] = Counter()
    for seed in range(0, NUM_WORLDS, 3):
        for problem in (random_kept_problem(seed), random_reserves_problem(seed)):
            if is_small(problem):
                met += _try_plans(problem, random.Random(seed))
    assert met["feasible"] > 150, met
    assert min(met[kind] for kind in ("reserves paid", "promises paid", "promises kept", "after released")) > 10, met
    assert min(met[code] for code in ("RESERVE_BROKEN", "PROMISE_BROKEN")) > 10, met


def _try_plans(problem: Problem, rng: random.Random) -> Counter[str]:
    """Compares some plans of a problem; counts what they meet."""
    slow, met = Slow(problem), Counter()
    ways = [(order, choice) for order in range(len(problem.orders)) for choice in slow.choices(order)]
    bounds = [check_certificate(problem, certificate_of(random_prices(slow, rng), -(10**17))).bound for _ in range(3)]
    for attempt in range(8 if ways else 0):
        packages = random_packages(problem, rng, 4) if attempt % 2 else []
        for order, choice in (rng.choice(ways) for _ in range(rng.randint(0, 2))):
            packages += [(order, choice, content) for content in slow.contents(order)[-2:-1] + slow.contents(order)[:1]]
        promised = [way for way in ways for at in range(len(problem.promises)) if _is_place(problem, at, *way)]
        if promised and rng.random() < 0.5:
            order, choice = rng.choice(promised)
            packages = [(order, choice, content) for content in slow.contents(order)[-1:]]
        plan = plan_of(
            *(
                (o, c.node, c.service, c.day, {line: q for line, q in zip(slow.lines(o), held, strict=True) if q})
                for o, c, held in packages
            )
        )
        report = check_plan(problem, plan)
        assert report.is_feasible == is_feasible(slow, packages)
        met.update({violation.code for violation in report.violations})
        if not report.is_feasible:
            continue
        assert report.costs is not None
        of_reserves = slow.reserve_cost(packages, [slow] * len(packages))
        broken = slow.broken(packages)
        of_promises = sum(int(problem.promises.price[promise]) for promise in broken)
        rest = slow.soft(packages) + (steered(problem, Counter(), Counter()) if commitments(problem) else 0)
        assert report.costs.soft == (of_reserves or 0) + of_promises + rest
        sizes = Counter(order for order, _, _ in packages)
        released = problem.orders.num_released
        splits = sum(size if released[order] else size - 1 for order, size in sizes.items())
        assert report.costs.split == splits * slow.split
        assert all(bound is not None and bound <= report.costs.total for bound in bounds)
        kinds = {
            "feasible": True,
            "reserves paid": bool(of_reserves),
            "promises paid": bool(of_promises),
            "promises kept": len(broken) < len(problem.promises),
            "after released": len(problem.released) > 0 and bool(packages),
        }
        met.update(kind for kind, is_met in kinds.items() if is_met)
    return met


def _is_place(problem: Problem, promise: int, order: int, choice: object) -> bool:
    """Whether a choice of an order is where a promise is kept."""
    promises = problem.promises
    place = promises.order_idx[promise], promises.node_idx[promise], promises.service_idx[promise]
    own = order, getattr(choice, "node", -1), getattr(choice, "service", -1)
    return place == own and promises.ship_day[promise] == getattr(choice, "day", -1)


def test_random_worlds_use_what_they_are_for() -> None:
    """Many worlds have reserves of several channels, parts, lines of nothing, capacities used and quotas used up."""
    met: Counter[str] = Counter()
    for seed in range(NUM_WORLDS):
        problem = random_kept_problem(seed)
        reserves, lines = problem.reserves, problem.lines
        kinds = {
            "priced": (reserves.price >= 0).any(),
            "hard": (reserves.price < 0).any(),
            "several": len(reserves) > len(set(reserves.stock_idx.tolist())),
            "parts": (lines.part_of >= 0).any(),
            "nothing": (lines.quantity == 0).any(),
            "must be kept": (~problem.promises.may_move).any(),
            "may move": problem.promises.may_move.any(),
            "released": len(problem.released) > 0,
            "counted": len(problem.released.rule_idx) > 0,
            "no more": (problem.orders.max_packages == 0).any(),
        }
        met.update(kind for kind, is_met in kinds.items() if is_met)
        kept = random_reserves_problem(seed).reserves
        met["several"] += len(kept) > len(set(kept.stock_idx.tolist()))
    assert min(met.values()) > 4, met
    assert len(met) == 10, met
