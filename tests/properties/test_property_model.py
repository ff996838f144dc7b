"""The one model through both routes against the brute force."""

from __future__ import annotations

import pytest

from oracles.plans import judge, packages_of
from properties.trials import ARRIVALS_FROM, DAYS_FROM, EVERY_BATCH, MORE_FROM, RULES_FROM, tiny_batch, wide_batch
from splitship.domain import SolveOptions
from splitship.run import solve

ROUTES = ("highs", "cp-sat", "scip", "cbc")
RELATIVE = 1e-7
"""What solvers may leave open by their own tolerances, as a share of the objective."""


def tolerance(cost: int, packages: int) -> float:
    """A micro for each rounded term (two of a package depend on what is in it), and the solver's tolerance."""
    return 2 * packages + RELATIVE * abs(cost)


@pytest.mark.parametrize("solver", ROUTES)
@EVERY_BATCH
def test_model_finds_the_optimum_of_tiny_scenarios(batch: int, solver: str) -> None:
    """Every solver's plan costs the optimum, and no solver's bound is above it."""
    trials = tiny_batch(batch)
    # Every solver sees every kind of scenario; the default one sees all of them.
    chosen = trials if solver == "highs" else trials[ROUTES.index(solver) - 1 :: 3]
    for trial in chosen:
        has_parts = trial.problem.orders.min_order_value is not None and trial.problem.lines.unit_value.atto.any()
        if solver == "cp-sat" and has_parts:  # least values in parts of micros: no whole numbers
            continue
        result = solve(trial.problem, SolveOptions(time_limit_s=30.0, gap=0.0, method="mip", solver=solver))
        costs, wrong = judge(trial.world, packages_of(trial.problem, result.plan))
        assert wrong == [], trial.name
        assert sum(costs.values()) == result.objective, trial.name
        assert abs(result.objective - trial.cost) <= tolerance(trial.cost, len(result.plan)), trial.name
        assert result.bound is None or result.bound <= trial.cost + tolerance(trial.cost, 0), trial.name


@pytest.mark.parametrize("batch", [0, 1, DAYS_FROM, RULES_FROM, ARRIVALS_FROM, MORE_FROM])
def test_model_finds_the_optimum_of_wide_orders(batch: int) -> None:
    """Package slots with whole contents find the optimum of wide orders, or stop with a bound below it."""
    for trial in wide_batch(batch):
        result = solve(trial.problem, SolveOptions(time_limit_s=5.0, gap=0.0, method="mip"))
        costs, wrong = judge(trial.world, packages_of(trial.problem, result.plan))
        assert wrong == [], trial.name
        assert sum(costs.values()) == result.objective, trial.name
        slack = tolerance(trial.cost, len(result.plan))
        assert result.objective >= trial.floor - slack, trial.name
        assert result.bound is None or result.bound <= trial.cost + slack, trial.name
        if result.termination.reason == "OPTIMAL":
            assert abs(result.objective - trial.cost) <= slack, trial.name
