"""Branching of wide orders: against every set of choices, forged claims, limits."""

from __future__ import annotations

import dataclasses
from itertools import product

import numpy as np
import pytest
from check_world import plain_world

from splitship.check import check_certificate
from splitship.check.branching import branch_order, least_cost
from splitship.check.tables import INFINITE
from splitship.domain import Certificate
from splitship.units import I64


def random_terms(seed: int) -> tuple[I64, I64, I64, I64, I64]:
    """Up to 7 choices and 5 lines: F, c, d, demand, worth; a third of the choices are short of some lines."""
    rng = np.random.default_rng(seed)
    num, num_lines = rng.integers(1, 8), rng.integers(1, 6)
    demand, worth = rng.integers(1, 6, num_lines), rng.integers(0, 60, num_lines)
    cost = rng.integers(0, 40, (num, num_lines))
    amount = np.where(rng.random((num, num_lines)) < 0.7, demand, 0)
    if seed % 3 == 0:
        amount = np.minimum(amount, rng.integers(0, 6, (num, num_lines)))
    return rng.integers(0, 90, num), np.where(amount > 0, cost, INFINITE), amount, demand, worth


def best_by_trying(fixed: I64, cost: I64, amount: I64, demand: I64, worth: I64, most: int) -> int:
    """The least cost over 0 to `most` packages of every choice."""
    best = int(demand @ worth)
    for counts in product(range(most + 1), repeat=len(fixed)):
        total = int(np.dot(counts, fixed))
        for line in range(len(demand)):
            left = int(demand[line])
            for choice in np.argsort(cost[:, line], kind="stable"):
                if cost[choice, line] < worth[line]:
                    units = min(left, counts[choice] * int(amount[choice, line]))
                    total += units * int(cost[choice, line])
                    left -= units
            total += left * int(worth[line])
        best = min(best, total)
    return best


@pytest.mark.parametrize("seed", range(150))
def test_branching_finds_the_best_set_when_nothing_is_short(seed: int) -> None:
    """To the end it is the least cost of all sets of choices; where stock is short, at most that of several packages.

    Cut short after any number of nodes it is a bound all the same.
    """
    fixed, cost, amount, demand, worth = random_terms(seed)
    is_short = bool(((amount > 0) & (amount < demand)).any())
    expected = best_by_trying(fixed, cost, amount, demand, worth, 1)
    value = np.minimum(worth, cost.min(axis=0))
    found = least_cost(fixed, cost, amount, demand, worth, value, 1000)
    if is_short:
        least = best_by_trying(fixed, cost, amount, demand, worth, 2 if len(fixed) > 5 else 3)
        assert found <= least
    else:
        assert found == expected
    before = 0
    for nodes in (1, 3, 7, 21):
        bound = least_cost(fixed, cost, amount, demand, worth, value, nodes)
        assert before <= bound <= found
        before = bound


def test_ship_complete_order_pays_for_every_unit_or_ships_nothing() -> None:
    """Two lines of one unit, one choice each at 10 a package: 20 for both.

    With 9 + 9 unfilled nothing ships: 18. Lines that may stay behind one by one cost 18 too, and with 9 + 15 one is
    left: 9 + 10 = 19.
    """
    fixed, demand = np.array([10, 10]), np.array([1, 1])
    cost, amount = np.array([[0, INFINITE], [INFINITE, 0]]), np.array([[1, 0], [0, 1]])
    lowest = np.zeros(2, np.int64)
    for unfilled, is_complete, expected in (((9, 9), True, 18), ((9, 15), True, 20), ((9, 15), False, 19)):
        bound = branch_order(
            fixed.copy(), cost.copy(), amount.copy(), 2, demand, np.array(unfilled), is_complete, 0, lowest, 0
        )
        assert bound == expected


def test_numbers_beyond_the_limit_keep_the_bound_without_branching() -> None:
    """A unit worth 2^60 is not multiplied in int64."""
    one = np.ones((1, 1), np.int64)
    bound = branch_order(one[0].copy(), one, one, 1, one[0], np.array([2**60]), False, 0, one[0], 7)
    assert bound == 7


def test_claim_above_the_branched_bound_is_refused_by_a_micro() -> None:
    """1,024 units are 1,025 vectors: wide. One node that has all of them or less; what is proven is accepted."""
    world = plain_world().order(lines={"K": 1024})
    world.stock[0]["on_hand"] = 6
    problem = world.problem()
    bound = check_certificate(problem, Certificate.without_prices(0)).bound
    assert bound is not None
    assert bound > 0
    for above, codes in ((0, []), (1, ["BOUND_NOT_PROVEN"])):
        certificate = dataclasses.replace(Certificate.without_prices(0), bound=bound + above)
        assert [violation.code for violation in check_certificate(problem, certificate).violations] == codes
