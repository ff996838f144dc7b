"""Branch and bound: leaves against brute force and checker, by hand, interrupted, on any number of threads."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from oracles.brute import optimum_of
from properties.trials import tiny_batch
from splitship.check import check_certificate, check_plan
from splitship.domain import Certificate, Problem, SolveOptions
from splitship.engine.branching import branch
from splitship.engine.building import build_at_arrival
from splitship.engine.convert import certificate_of, plan_of
from splitship.engine.dual import Pricer, PriceSearch
from splitship.engine.search import Search
from splitship.instance import compile_problem
from splitship.packs import Pack
from splitship.solvers.hot_lp import HotLp


def branched(
    problem: Problem,
    options: SolveOptions,
    passes: int = 3,
    should_stop: Callable[[], bool] | None = None,
) -> tuple[Search, Certificate]:
    """A search that has gone straight from a few price passes to branching, and its certificate."""
    instance = compile_problem(problem)
    pricer = Pricer(instance, options.threads)
    search = Search(instance, options, pricer, None, time.perf_counter())
    try:
        prices = PriceSearch.start(pricer)
        build_at_arrival(search)
        for _ in range(passes):
            search.offer_bound("prices", prices.step())
        search.should_stop = should_stop
        branch(search)
        return search, certificate_of(pricer, search.bound_pass, search.leaves)
    finally:
        pricer.close()


def assert_holds(problem: Problem, search: Search, certificate: Certificate) -> None:
    """The checker finds exactly the bound, and the plan at exactly its cost."""
    report = check_certificate(problem, certificate)
    assert report.violations == ()
    assert report.bound == certificate.bound == search.bound
    assert search.best is not None
    plan = check_plan(problem, plan_of(search.instance, search.pricer.tables, search.best))
    assert plan.is_feasible
    assert plan.costs is not None
    assert plan.costs.total == search.objective


WHEN = {"placed_at": "2026-01-05T07:00:00+00:00", "country": "US"}


def pairs(
    skus: list[str],
    stock: list[tuple[str, str, int]],
    prices: dict[str, str],
    orders: dict[str, list[tuple[str, int]]],
    unfilled: str = "20",
) -> Pack:
    """Nodes with stock and a price a package, and orders whose lines (SKU, units) ship whole."""
    return Pack.from_tables(
        {
            "nodes": [{"node_id": node, "kind": "dc", "country": "US", "postal_code": "10001"} for node in prices],
            "skus": [{"sku_id": sku, "weight_kg": "1"} for sku in skus],
            "stock": [{"node_id": node, "sku_id": sku, "on_hand": on_hand} for node, sku, on_hand in stock],
            "services": [{"service_id": "G", "carrier": "C"}],
            "lanes": [
                {
                    "service_id": "G", "node_id": node, "country": "US", "destination": "*", "zone": node,
                    "transit_days": 2,
                }
                for node in prices
            ],
            "rates": [
                {"service_id": "G", "zone": node, "up_to_kg": "9", "price": price} for node, price in prices.items()
            ],
            "orders": [
                {"order_id": order, "postal_code": f"1{number:04d}"} | WHEN for number, order in enumerate(orders)
            ],
            "order_lines": [
                {"order_id": order, "line_id": f"{position}", "sku_id": sku, "quantity": units, "splittable": "false"}
                for order, lines in orders.items()
                for position, (sku, units) in enumerate(lines)
            ],
        },
        settings={
            "schema": "splitship.pack/1", "name": "pairs", "currency": "USD", "as_of": "2026-01-05T08:00:00+00:00",
            "objective": {"unfilled_unit": unfilled},
        },
    )  # fmt: skip


def triangles(num: int) -> Pack:
    """`num` times three orders of two lines: X and Y, Y and Z, Z and X of SKUs of their own.

    NEAR has one unit of each SKU, FAR plenty. A package from NEAR costs 5.00, from FAR 9.00, so both lines from NEAR
    are best: half of each order in the linear relaxation, 3 x (5 + 9) / 2 = 21.00; but only one of three orders can
    have it: 5 + 9 + 9 = 23.00.
    """
    skus = [f"{letter}{number}" for number in range(num) for letter in "XYZ"]
    return pairs(
        skus,
        [(node, sku, on_hand) for node, on_hand in (("NEAR", 1), ("FAR", 99)) for sku in skus],
        {"NEAR": "5", "FAR": "9"},
        {
            f"O{number}{pair}": [(f"{letter}{number}", 1) for letter in pair]
            for number in range(num)
            for pair in ("XY", "YZ", "ZX")
        },
    )


def contested(seed: int) -> Pack:
    """Seven orders of two or three SKUs of five; two near nodes have one unit of each, FAR plenty."""
    rng = random.Random(seed)
    skus = list("VWXYZ")
    prices = {"A": str(rng.randint(3, 6)), "B": str(rng.randint(3, 6)), "FAR": "9"}
    return pairs(
        skus,
        [(node, sku, 9 if node == "FAR" else 1) for node in prices for sku in skus],
        prices,
        {f"O{number}": [(sku, 1) for sku in rng.sample(skus, rng.randint(2, 3))] for number in range(7)},
        unfilled=str(rng.randint(4, 12)),
    )


@pytest.mark.parametrize("batch", range(4))
def test_leaves_meet_the_brute_force(batch: int) -> None:
    """Never above the optimum of trying everything, at the end equal to it but for whole prices; some need leaves."""
    parted = 0
    for seed in range(batch, 48, 4):
        problem = contested(seed).problem()
        optimum = optimum_of(problem).cost
        search, certificate = branched(problem, SolveOptions(gap=0.0, threads=1))
        assert_holds(problem, search, certificate)
        assert search.objective == optimum, seed
        assert optimum - 100 <= certificate.bound <= optimum, seed
        parted += len(certificate.leaves) > 2
    assert parted >= 2


@pytest.mark.parametrize("batch", range(4))
def test_leaves_stay_below_the_optimum_under_any_rules(batch: int) -> None:
    """Calendars, capacities, lines in parts: where decisions on whole lines cannot finish, the bound is still one."""
    proven = 0
    for trial in tiny_batch(batch)[::2]:
        search, certificate = branched(trial.problem, SolveOptions(gap=0.0, threads=1))
        assert_holds(trial.problem, search, certificate)
        assert certificate.bound <= trial.cost, trial.name
        proven += certificate.bound == search.objective == trial.cost
    assert proven >= 5


def test_leaves_prove_what_no_cut_of_one_row_can() -> None:
    """An odd cycle over three rows: 23.00 is certified, in at least two leaves."""
    problem = triangles(1).problem()
    search, certificate = branched(problem, SolveOptions(gap=0.0, threads=1), passes=30)
    assert_holds(problem, search, certificate)
    assert search.bound_pass is not None
    assert search.bound_pass.bound <= 21_000_000
    assert search.objective == certificate.bound == 23_000_000
    assert len(certificate.leaves) >= 2


@pytest.mark.parametrize("calls", [1, 2, 3, 5, 8, 13, 21, 34])
def test_bound_holds_wherever_the_search_is_interrupted(calls: int) -> None:
    """Stopped at any question: never below the passes, never above 3 x 23.00, and as the checker computes it."""
    problem = triangles(3).problem()
    asked = iter(range(calls))
    search, certificate = branched(
        problem, SolveOptions(gap=0.0, threads=1), passes=30, should_stop=lambda: next(asked, None) is None
    )
    assert_holds(problem, search, certificate)
    assert search.bound_pass is not None
    assert search.bound_pass.bound <= certificate.bound <= 69_000_000


def test_answer_does_not_depend_on_threads() -> None:
    """Sixty-six orders under a work limit: the same leaves with the same prices."""
    problem = triangles(22).problem()
    found = []
    for threads in (1, 2):
        search, certificate = branched(problem, SolveOptions(gap=0.0, threads=threads, work_limit=0.2), passes=30)
        assert_holds(problem, search, certificate)
        found.append((search.objective, certificate))
    (objective, one), (other_objective, other) = found
    assert objective == other_objective
    assert one.bound == other.bound
    assert len(one.leaves) == len(other.leaves) > 1
    for mine, theirs in zip(one.leaves, other.leaves, strict=True):
        assert np.array_equal(mine.line, theirs.line)
        assert np.array_equal(mine.ships, theirs.ships)
        assert np.array_equal(mine.prices.price, theirs.prices.price)


@pytest.mark.parametrize("seed", range(25))
def test_hot_solves_equal_cold_ones(seed: int) -> None:
    """Columns and rows added, columns closed and opened: every value is that of solving anew."""
    rng = np.random.default_rng(seed)
    cost = rng.integers(1, 20, 6).astype(float)
    matrix = rng.integers(0, 3, (4, 6)).astype(float)
    matrix[0] = 1.0
    lower, upper = np.array([1.0, -np.inf, -np.inf, -np.inf]), np.array([1.0, 1.0, 2.0, 1.5])
    hot = HotLp(cost, sparse.csr_array(matrix), lower, upper)
    is_open = np.ones(6, np.bool_)

    def cold(open_now: np.ndarray) -> float:
        rows = np.isfinite(lower)
        answer = linprog(
            cost, A_ub=matrix[~rows], b_ub=upper[~rows], A_eq=matrix[rows], b_eq=upper[rows],
            bounds=[(0, None if column else 0) for column in open_now], method="highs",
        )  # fmt: skip
        return float(answer.fun) if answer.status == 0 else np.inf

    for step in range(12):
        if step % 4 == 1:
            new = rng.integers(0, 3, (len(lower), 2)).astype(float)
            new[0] = 1.0
            more = rng.integers(1, 20, 2).astype(float)
            hot.add_columns(more, sparse.csr_array(new))
            cost, matrix = np.concatenate([cost, more]), np.hstack([matrix, new])
            is_open = np.concatenate([is_open, np.ones(2, np.bool_)])
        elif step % 4 == 2:
            row = rng.integers(0, 3, (1, len(cost))).astype(float)
            hot.add_rows(sparse.csr_array(row), np.array([-np.inf]), np.array([1.0]))
            matrix, lower, upper = np.vstack([matrix, row]), np.append(lower, -np.inf), np.append(upper, 1.0)
        elif step % 4 == 3:
            is_open = rng.random(len(cost)) < 0.7
            hot.open_only(is_open)
        answer = hot.solve(10.0)
        assert answer is not None
        expected = cold(is_open)
        assert answer.objective == pytest.approx(expected, abs=1e-7)
        if np.isfinite(expected):
            assert cost @ answer.values == pytest.approx(expected, abs=1e-7)
        closed = np.flatnonzero(rng.random(len(cost)) < 0.3)
        without = is_open.copy()
        without[closed] = False
        assert hot.probe(closed, 10.0)[0] == pytest.approx(cold(without), abs=1e-7)
    assert hot.solve(0.0) is None
