"""The engine against the brute force: same optimum, valid bound, a plan that costs what is claimed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from oracles.brute import TooManyPlansError, bound_at_prices, solve_by_enumeration
from oracles.generate import MORE, DrawnPicks, build, draw_tiny
from oracles.plans import judge, packages_of
from oracles.world import world_from_tables
from properties.trials import (
    ARRIVALS_FROM,
    BATCHES,
    DAYS_FROM,
    EVERY_BATCH,
    MORE_FROM,
    RULES_FROM,
    Trial,
    own_prices_of,
    prices_of,
    tiny_batch,
    wide_batch,
)
from splitship.check import check_certificate
from splitship.domain import BoundSource, Result, SolveOptions, TerminationReason
from splitship.run import solve

TO_THE_END = SolveOptions(time_limit_s=20.0, gap=0.0, threads=1)


def assert_honest(trial: Trial, result: Result) -> None:
    """The plan is feasible and costs what is claimed; the bound is proven by its certificate."""
    costs, wrong = judge(trial.world, packages_of(trial.problem, result.plan))
    assert wrong == [], trial.name
    assert sum(costs.values()) == result.objective, trial.name
    assert result.report.costs is not None
    assert result.report.costs.total == result.objective, trial.name
    assert result.bound is not None
    assert result.bound_source is BoundSource.CERTIFICATE
    assert result.certificate is not None
    proven = check_certificate(trial.problem, result.certificate).bound
    assert proven is not None
    assert result.bound <= proven, trial.name


@EVERY_BATCH
def test_engine_finds_the_optimum_of_tiny_scenarios(batch: int) -> None:
    """Run to optimality, the objective is the brute force's, and the bound what the prices prove by enumeration."""
    for trial in tiny_batch(batch):
        result = solve(trial.problem, TO_THE_END)
        assert_honest(trial, result)
        assert result.objective == trial.cost, trial.name
        assert result.bound is not None
        assert result.bound <= trial.cost, trial.name
        assert result.num_relaxed_orders == 0
        assert result.certificate is not None
        prices, own = prices_of(trial.problem, result.certificate), own_prices_of(trial.problem, result.certificate)
        assert result.bound == bound_at_prices(trial.world, prices, own), trial.name
        assert result.termination.reason in (TerminationReason.OPTIMAL, TerminationReason.NOTHING_TO_SHIP), trial.name


@EVERY_BATCH
def test_engine_accounts_for_every_unit_and_every_event(batch: int) -> None:
    """Units are shipped or listed as unfilled; what no plan could avoid is avoided by none; no event is false."""
    for trial in tiny_batch(batch)[::2]:
        result = solve(trial.problem, TO_THE_END)
        unfilled = np.zeros(len(trial.problem.lines), np.int64)
        np.add.at(unfilled, result.unfilled.line_idx, result.unfilled.quantity)
        shipped = result.plan.shipped(len(trial.problem.lines))
        assert (unfilled + shipped).tolist() == trial.problem.lines.quantity.tolist(), trial.name
        assert trial.packages is not None
        costs, _ = judge(trial.world, trial.packages)
        assert 0 <= result.unavoidable_unfilled_cost <= costs["unfilled"], trial.name
        for event in result.events:
            assert event.objective is None or event.objective >= trial.cost, trial.name
            assert event.bound is None or event.bound <= trial.cost, trial.name


STOPS = {
    "gap": (SolveOptions(time_limit_s=20.0, gap=0.5, threads=1), None),
    "work": (SolveOptions(time_limit_s=None, work_limit=1e-6, gap=0.0, threads=1), None),
    "time": (SolveOptions(time_limit_s=1e-3, gap=0.0, threads=1), None),
    "asked": (TO_THE_END, lambda: True),
}


@pytest.mark.parametrize("stop", STOPS)
def test_engine_is_honest_when_stopped_early(stop: str) -> None:
    """Whatever ends the search, there is a feasible plan at its true cost, and a bound that is proven."""
    options, should_stop = STOPS[stop]
    kinds = (0, DAYS_FROM, RULES_FROM, ARRIVALS_FROM, MORE_FROM)
    for trial in [trial for first in kinds for trial in tiny_batch(first + 3)]:
        result = solve(trial.problem, options, should_stop=should_stop)
        assert_honest(trial, result)
        assert result.objective >= trial.cost, trial.name
        assert result.bound is not None
        assert result.bound <= trial.cost, trial.name
        if result.termination.reason is TerminationReason.OPTIMAL:
            assert result.objective == trial.cost, trial.name
        if result.termination.reason is TerminationReason.GAP_REACHED:
            assert result.gap is not None
            assert result.gap <= options.gap, trial.name


@EVERY_BATCH
def test_engine_is_honest_about_wide_orders(batch: int) -> None:
    """With a wide order the plan is feasible, never better than the optimum, and the bound never above it."""
    for trial in wide_batch(batch):
        result = solve(trial.problem, TO_THE_END)
        assert_honest(trial, result)
        assert result.objective >= trial.floor - 1e-9 * abs(trial.floor) - 1, trial.name
        assert result.bound is not None
        assert result.bound <= trial.cost, trial.name
        assert result.num_relaxed_orders == 1
        if result.termination.reason is TerminationReason.OPTIMAL:
            assert result.objective <= trial.cost, trial.name


def test_engine_comes_near_the_optimum_of_wide_orders() -> None:
    """Heuristic as they are, plans of wide orders are within a few per cent of the optimum, all trials together."""
    trials = [trial for batch in range(BATCHES) for trial in wide_batch(batch)]
    excess = [solve(trial.problem, TO_THE_END).objective / max(1, trial.cost) - 1 for trial in trials]
    assert sum(excess) / len(excess) < 0.03, [
        (trial.name, round(over, 3)) for trial, over in zip(trials, excess, strict=True) if over > 0.01
    ]


@settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize(
    "features",
    [
        (False,) * 3,
        (True,),
        (False, True),
        (True, True),
        (False, False, True),
        *((False, False, False, (name,)) for name in MORE),
        (False, False, False, tuple(MORE)),
    ],
    ids=str,
)
def test_engine_finds_the_optimum_of_drawn_scenarios(data: st.DataObject, features: tuple[Any, ...]) -> None:
    """The same for scenarios drawn by hypothesis, so that a disagreement comes in its smallest form."""
    scenario = draw_tiny(DrawnPicks(data.draw), *features)
    world = world_from_tables(*scenario)
    try:
        best = solve_by_enumeration(world)
    except TooManyPlansError:
        assume(False)
        return
    result = solve(build(scenario), TO_THE_END)
    assert result.objective == best.cost, scenario
    assert result.bound is not None
    assert result.bound <= best.cost, scenario
