"""Certificates: the kernels against a plain reference, forged parts, known optima."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import check_world
import numpy as np
import pytest
from check_slow import Key, Slow
from check_world import plain_world, random_world

from splitship.check import certificate as certificate_module
from splitship.check import check_certificate
from splitship.domain import Certificate, Problem, ResourceKind
from splitship.packs import read_pack
from splitship.units import UNLIMITED, day_number


def certificate_of(prices: dict[Key, int], bound: int, shares: dict[int, int] | None = None) -> Certificate:
    """A certificate from prices by resource and shares by line."""
    rows = []
    for (kind, node, other, day), price in prices.items():
        number = ResourceKind[kind.upper()]
        sku = other if number == ResourceKind.STOCK else -1
        service = other if number == ResourceKind.SERVICE_PACKAGES else -1
        rows.append((int(number), node, sku, service, day, price))
    columns = np.array(rows, np.int64).reshape(-1, 6).T
    given = np.array(list((shares or {}).items()), np.int64).reshape(-1, 2).T
    return Certificate(*(column.copy() for column in columns), given[0].copy(), given[1].copy(), bound)


def random_prices(slow: Slow, rng: random.Random) -> dict[Key, int]:
    """Prices of some resources, from nothing to more than anything costs."""
    most = rng.choice((0, 10**6, 10**7, 5 * 10**7))
    return {key: rng.randint(0, most) for key in slow.resources() if rng.random() < 0.6}


@pytest.mark.parametrize("seed", range(150))
def test_bound_equals_plain_reference_when_orders_are_narrow(seed: int) -> None:
    """The compiled minimum over all plans is that of trying every multiset of packages in fractions."""
    rng = random.Random(seed)
    problem = random_world(seed).problem()
    slow = Slow(problem)
    for _ in range(2):
        prices = random_prices(slow, rng)
        expected = slow.bound(prices)
        report = check_certificate(problem, certificate_of(prices, expected))
        assert report.violations == ()
        assert report.bound == expected
        assert report.num_relaxed_orders == 0


@pytest.mark.parametrize("seed", range(100))
def test_relaxation_equals_its_formula_and_stays_below_the_minimum(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the cap at 1 every order is wide: the number is the document's, and at most the exact minimum."""
    monkeypatch.setattr(certificate_module, "EXACT_STATE_CAP", 1)
    rng = random.Random(seed)
    problem = random_world(seed).problem()
    slow = Slow(problem)
    for most in (0, 10**6, 10**7, 10**8):
        prices = random_prices(slow, rng)
        shares = {line: rng.randint(0, most) for line in range(len(problem.lines)) if rng.random() < 0.8}
        supply = sum(price * slow.supply(key) for key, price in prices.items())
        relaxed = [slow.relaxed(order, prices, shares) for order in range(len(problem.orders))]
        report = check_certificate(problem, certificate_of(prices, 0, shares))
        assert report.bound == sum(relaxed) - supply
        assert report.num_relaxed_orders == len(problem.orders)
        for order, bound in enumerate(relaxed):
            assert bound <= slow.least(order, prices)
