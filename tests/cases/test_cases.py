"""Every feature in a scenario whose best plan is obvious by hand, solved in every way there is."""

from __future__ import annotations

import dataclasses
from collections import Counter

import pytest

from cases.harness import CASES, problem_of, texts_of
from cases.scene import Case
from oracles.brute import solve_by_enumeration
from oracles.columns import solve_by_milp
from oracles.plans import judge, packages_of
from oracles.world import world_from_tables
from splitship.domain import Problem, Result, SolveOptions, Steering
from splitship.domain.reserves import HARD
from splitship.run import solve
from splitship.units import parse_micros

EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@EVERY_CASE
def test_brute_force_finds_the_hand_computed_optimum(case: Case) -> None:
    """The oracle itself agrees with the arithmetic in the comments."""
    world = world_from_tables(case.scene.tables, case.scene.settings)
    if "wide" in case.name:  # too many quantity vectors for plain enumeration
        assert solve_by_milp(world).cost == parse_micros(case.objective)
        return
    best = solve_by_enumeration(world)
    assert best.cost == parse_micros(case.objective)
    costs, wrong = judge(world, best.packages)
    assert (sum(costs.values()), wrong) == (best.cost, [])
    if case.packages is not None:
        assert texts_of(best.packages) == Counter(case.packages)


def assert_solved(case: Case, result: Result, problem: Problem) -> None:
    """The answer is the case's optimum, feasible, and its plan the expected one where there is only one."""
    expected = parse_micros(case.objective)
    assert result.objective == expected
    assert result.report.is_feasible
    assert result.bound is None or result.bound <= expected
    packages = packages_of(problem, result.plan)
    costs, wrong = judge(world_from_tables(case.scene.tables, case.scene.settings), packages)
    assert (sum(costs.values()), wrong) == (expected, [])
    if case.packages is not None:
        assert texts_of(packages) == Counter(case.packages)


def assert_bounded(case: Case, result: Result, problem: Problem) -> None:
    """The optimum lies between the bound and the cost, and that is what the plan costs."""
    expected = parse_micros(case.objective)
    assert result.bound is not None
    assert result.bound <= expected <= result.objective
    costs, wrong = judge(world_from_tables(case.scene.tables, case.scene.settings), packages_of(problem, result.plan))
    assert (sum(costs.values()), wrong) == (result.objective, [])


@EVERY_CASE
def test_engine_finds_the_hand_computed_optimum(case: Case) -> None:
    """The engine, run to optimality; where plans are steered at a price it need not find the best one.

    Nor where units of one line could pay for different reserves: in its plans those of a package pay alike.
    """
    problem = problem_of(case)
    pays_alike = (problem.reserves.price != HARD).any() and (problem.lines.quantity > 1).any()
    if len(Steering.of(problem)) or pays_alike:
        assert_bounded(case, solve(problem, SolveOptions(time_limit_s=1.0, gap=0.0, threads=1)), problem)
        return
    assert_solved(case, solve(problem, SolveOptions(time_limit_s=20.0, gap=0.0, threads=1)), problem)


@pytest.mark.parametrize("solver", ["highs", "cbc"])
@EVERY_CASE
def test_model_finds_the_hand_computed_optimum(case: Case, solver: str) -> None:
    """The one model, through MathOpt and through PuLP."""
    problem = problem_of(case)
    options = SolveOptions(time_limit_s=30.0, gap=0.0, method="mip", solver=solver)
    assert_solved(case, solve(problem, options), problem)


def test_a_wrong_expectation_is_noticed() -> None:
    """The comparison can fail: a case with a cent more expected is refused."""
    case = next(case for case in CASES if case.name == "handling")
    problem = problem_of(case)
    result = solve(problem, SolveOptions(time_limit_s=20.0, gap=0.0, threads=1))
    with pytest.raises(AssertionError):
        assert_solved(dataclasses.replace(case, objective="7.76"), result, problem)
