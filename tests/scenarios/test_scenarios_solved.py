"""The packs that ship, solved: known optima are met, and us-retail shows what it is meant to show."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from splitship.check import check_plan
from splitship.domain import BoundSource, Reason, Result, TerminationReason
from splitship.instance import compile_problem
from splitship.packs import read_pack
from splitship.policies import route
from splitship.run import solve
from splitship.units import MICROS

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@cache
def solved(name: str, gap: float | None = None) -> Result:
    pack = read_pack(SCENARIOS / name)
    options = pack.options()
    return solve(pack.problem(), options if gap is None else replace(options, gap=gap))


@pytest.mark.parametrize("name", ["hello", "us-retail", "brunel", "brunel-raised"])
def test_shipped_pack_reads_without_a_warning(name: str) -> None:
    """No fault and nothing odd."""
    pack = read_pack(SCENARIOS / name)
    pack.problem()
    assert list(pack.warnings) == []


def test_hello_is_solved_and_proved_optimal() -> None:
    """87.50, with a certificate that meets it and one unit unfilled for want of stock."""
    result = solved("hello")
    assert (result.objective, result.bound) == (87_500_000, 87_500_000)
    assert result.bound_source is BoundSource.CERTIFICATE
    assert result.termination.reason is TerminationReason.OPTIMAL
    costs = result.report.costs
    assert costs is not None
    # the last row of the table in the README
    terms = (costs.shipping, costs.handling, costs.delivery, costs.late, costs.split, costs.unfilled)
    assert terms == (58_000_000, 10_000_000, 4_000_000, 4_000_000, 500_000, 11_000_000)
    assert result.unfilled.reason == (Reason.NO_STOCK,)


def test_us_retail_has_a_certified_plan_with_splits_late_packages_and_unfilled_units() -> None:
    """Within 1 % of its bound; capacity binds somewhere; three services are used; reasons of three kinds."""
    result = solved("us-retail", 0.01)
    assert result.report.is_feasible
    assert result.bound_source is BoundSource.CERTIFICATE
    assert result.gap is not None
    assert result.gap <= 0.01
    problem, plan = result.problem, result.plan
    packages_of = np.bincount(plan.order_idx, minlength=1000)
    assert 100 < (packages_of > 1).sum() < 300
    packages = result.report.packages
    assert packages is not None
    assert 5 <= (packages.late > 0).sum() <= 40
    assert {Reason.NO_STOCK, Reason.MAX_PACKAGES, Reason.COSTLIER_THAN_UNFILLED} <= set(result.unfilled.reason)
    assert 17 <= result.unfilled.quantity.sum() <= 40
    at_node = np.bincount(plan.node_idx, minlength=22)
    assert (at_node <= problem.nodes.max_packages_per_day).all()
    assert (at_node == problem.nodes.max_packages_per_day).sum() >= 1
    assert len(set(plan.service_idx.tolist())) >= 3


@pytest.mark.parametrize("policy", ["per_order_optimal", "fewest_splits", "nearest"])
def test_us_retail_beats_routing_one_order_at_a_time(policy: str) -> None:
    """A rule that routes orders one at a time costs over 15 % more than the joint plan."""
    result = solved("us-retail", 0.01)
    report = check_plan(result.problem, route(compile_problem(result.problem), policy))
    assert report.is_feasible
    assert report.costs is not None
    assert report.costs.total > 1.15 * result.objective


@pytest.mark.slow
def test_brunel_solve_ships_2444_orders_at_the_published_cost() -> None:
    """2,444 orders, as many as can, and what they cost is 1,181,335.93 within 5."""
    result = solved("brunel")
    assert len(result.plan) == 2444
    assert result.report.costs is not None
    assert abs(result.report.costs.handling - 1_181_335_930_000) < 5 * MICROS
    assert set(result.unfilled.reason) == {Reason.CAPACITY}


def test_brunel_raised_solve_ships_everything_at_the_published_cost() -> None:
    """All 9,215 orders at 15,519,339.15 within 5, with a certified bound as close."""
    result = solved("brunel-raised")
    assert len(result.plan) == 9215
    assert abs(result.objective - 15_519_339_150_000) < 5 * MICROS
    assert result.bound is not None
    assert abs(result.bound - 15_519_339_150_000) < 5 * MICROS
    assert result.bound_source is BoundSource.CERTIFICATE
