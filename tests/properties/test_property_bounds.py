"""Certificates: a bound from any prices whatever never exceeds the optimum, and is exact for narrow orders."""

from __future__ import annotations

from typing import Any

import pytest

from oracles.brute import bound_at_prices
from oracles.generate import MORE, RandomPicks
from properties.trials import (
    EVERY_BATCH,
    Trial,
    certificate_of,
    random_prices,
    tiny,
    tiny_batch,
    wide_batch,
)
from splitship.check import check_certificate


@EVERY_BATCH
def test_bound_at_random_prices_is_the_oracles_and_below_the_optimum(batch: int) -> None:
    """For narrow orders the checker's bound is the exact minimum over plans, to the micro."""
    for number, trial in enumerate(tiny_batch(batch)):
        picks = RandomPicks(7000 * batch + number)
        for prices in ({}, random_prices(trial, picks), random_prices(trial, picks)):
            report = check_certificate(trial.problem, certificate_of(trial.problem, prices, bound=-(10**17)))
            assert report.violations == (), trial.name
            assert report.num_relaxed_orders == 0
            assert report.bound == bound_at_prices(trial.world, prices), (trial.name, prices)
            assert report.bound <= trial.cost, (trial.name, prices)


def random_shares(trial: Trial, picks: RandomPicks) -> dict[int, int]:
    """Values for some lines of wide orders: around the unfilled cost, small, or enormous."""
    most = picks.one_of((0, 1_000_000, 5_000_000, 30_000_000, 10**12))
    return {line: picks.integer(0, most) for line in range(len(trial.problem.lines)) if picks.chance(85)}


@EVERY_BATCH
def test_bound_with_wide_orders_is_below_what_is_exact(batch: int) -> None:
    """The relaxation, whatever the prices and share values, stays below the exact minimum at these prices."""
    for number, trial in enumerate(wide_batch(batch)):
        picks = RandomPicks(9000 * batch + number)
        for prices in ({}, random_prices(trial, picks)):
            exact = bound_at_prices(trial.world, prices)
            assert exact <= trial.cost
            for shares in ({}, *(random_shares(trial, picks) for _ in range(4))):
                certificate = certificate_of(trial.problem, prices, shares, bound=-(10**17))
                report = check_certificate(trial.problem, certificate)
                assert report.violations == (), trial.name
                assert report.num_relaxed_orders == 1
                assert report.bound is not None
                assert report.bound <= exact, (trial.name, prices, shares)


@pytest.mark.parametrize(
    "features",
    [(False,), (True,), (False, True), (False, False, True), (False, False, False, tuple(MORE))],
    ids=str,
)
@pytest.mark.parametrize("seed", range(6))
def test_bound_does_not_depend_on_threads(seed: int, features: tuple[Any, ...]) -> None:
    """One thread or two: the same bound."""
    trial = tiny(seed, *features)
    assert trial is not None
    certificate = certificate_of(trial.problem, random_prices(trial, RandomPicks(seed)), bound=-(10**17))
    bounds = {check_certificate(trial.problem, certificate, threads=threads).bound for threads in (1, 2)}
    assert len(bounds) == 1


def test_a_claimed_bound_a_micro_too_high_is_refused() -> None:
    """The mandatory check can fail: one micro more than the prices prove is a violation."""
    for seed in range(10):
        trial = tiny(seed)
        if trial is None:
            continue
        prices = random_prices(trial, RandomPicks(seed))
        proven = bound_at_prices(trial.world, prices)
        assert check_certificate(trial.problem, certificate_of(trial.problem, prices, bound=proven)).violations == ()
        report = check_certificate(trial.problem, certificate_of(trial.problem, prices, bound=proven + 1))
        assert [violation.code for violation in report.violations] == ["BOUND_NOT_PROVEN"]
