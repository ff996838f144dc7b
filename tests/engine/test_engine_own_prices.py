"""Own prices by passes: the kernels against trying everything, and bounds that are what they say they are."""

from __future__ import annotations

import time
from itertools import product

import numpy as np
import pytest

from properties.trials import tiny
from splitship.check import check_certificate
from splitship.domain import SolveOptions
from splitship.engine.building import build_at_arrival
from splitship.engine.claims import supply_value
from splitship.engine.convert import certificate_of
from splitship.engine.dual import Pricer, PriceSearch
from splitship.engine.own_prices import OwnPriceSearch, choose_claims, sum_of_squares, taken_of_plans
from splitship.engine.search import Search
from splitship.instance import compile_problem


@pytest.mark.parametrize("seed", range(60))
def test_choice_of_claims_is_the_best_that_fits(seed: int) -> None:
    """The kernel's choice fits, pays what it says, and nothing that fits pays more, row by row."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(0, 5, 3)
    ptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    num = int(ptr[-1])
    units = rng.integers(1, 4, num).astype(np.int64)
    pieces = np.where(units > 1, 1, rng.integers(1, 3, num)).astype(np.int64)
    price = rng.integers(0, 9, num).astype(np.int64)
    capacity = rng.integers(0, 8, 3).astype(np.int64)
    chosen = np.full(num, -7, np.int16)
    worth = choose_claims(np.arange(3), ptr, units, pieces, price, capacity, chosen)
    best = 0
    for row in range(3):
        claims = range(int(ptr[row]), int(ptr[row + 1]))
        fitting = [
            sum(n * int(units[c] * price[c]) for n, c in zip(taken, claims, strict=True))
            for taken in product(*(range(int(pieces[c]) + 1) for c in claims))
            if sum(n * int(units[c]) for n, c in zip(taken, claims, strict=True)) <= capacity[row]
        ]
        best += max(fitting)
        mine = slice(int(ptr[row]), int(ptr[row + 1]))
        assert int(chosen[mine] @ units[mine]) <= capacity[row]
        assert ((chosen[mine] >= 0) & (chosen[mine] <= pieces[mine])).all()
    assert worth == best
    assert int((chosen * units * price).sum()) == best


def test_square_of_what_is_taken_beyond_what_is_chosen() -> None:
    """Claims 0 and 1 belong to row 0, claim 2 to row 1: (3 - 1)² + (0 - 1)² = 5 on row 0, (2 - 2)² = 0 on row 1."""
    ptr, taken, chosen = np.array([0, 2, 3]), np.array([3, 0, 2], np.int16), np.array([1, 1, 2], np.int16)
    assert sum_of_squares(np.array([0]), ptr, taken, chosen) == 5.0
    assert sum_of_squares(np.array([1]), ptr, taken, chosen) == 0.0


@pytest.mark.parametrize("seed", range(1, 160, 4))
def test_every_pass_proves_what_the_checker_recomputes(seed: int) -> None:
    """On random batches each of many passes gives a bound under the optimum, the same as the checker's own."""
    trial = tiny(seed)
    if trial is None:
        pytest.skip("too large to enumerate")
    instance = compile_problem(trial.problem)
    pricer = Pricer(instance, 1)
    search = Search(instance, SolveOptions(gap=0.0), pricer, None, time.perf_counter())
    build_at_arrival(search)
    prices = PriceSearch.start(pricer)
    first = prices.step()
    own = OwnPriceSearch.start(pricer, first)
    assert search.objective is not None
    for number in range(30):
        result = own.step(search.objective)
        assert result.bound <= trial.cost
        total = int(result.cost.sum()) - supply_value(instance, pricer.tables, own.claims, result.prices)
        assert result.bound == total
        if number % 7 == 0:
            report = check_certificate(trial.problem, certificate_of(pricer, result))
            assert report.violations == ()
            assert report.bound == result.bound
    taken = np.zeros(len(own.price), np.int16)
    taken_of_plans(
        pricer.tables, result.plans.count, result.plans.option, result.plans.content, own.claims.of_option_line, taken
    )
    used = np.bincount(own.claims.row, taken * own.claims.units, len(instance.resources)).astype(np.int64)
    stock = instance.resources.kind == 0
    assert np.array_equal(used[stock], result.use[stock])
