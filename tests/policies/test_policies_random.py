"""Policies on random scenarios: always feasible, never lazy, and the optimal one optimal."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from oracles.brute import TooManyPlansError, optimum_of
from oracles.generate import Scenario, build, tiny_scenario, wide_scenario
from splitship.check import check_plan
from splitship.domain import Problem, Reason
from splitship.errors import InputError
from splitship.instance import Instance, compile_problem
from splitship.instance.reasons import unfilled_lines
from splitship.instance.subset import subset_of_orders
from splitship.policies import POLICIES, route

# look at costs, or give up orders that no node has whole
MAY_LEAVE_UNITS = ("highest_stock_first", "per_order_optimal", "partitioned_1500", "linking_lp")


def problems(scenario: Callable[[int], Scenario], seeds: range) -> list[tuple[int, Problem]]:
    """The valid scenarios among the seeds."""
    found = []
    for seed in seeds:
        try:
            found.append((seed, build(scenario(seed))))
        except InputError:
            continue
    return found


@cache
def instances() -> tuple[tuple[int, Instance], ...]:
    """Compiled random scenarios, the same for every policy."""
    given = problems(tiny_scenario, range(60)) + problems(wide_scenario, range(20))
    return tuple((seed, compile_problem(problem, 1)) for seed, problem in given)


@pytest.mark.parametrize("name", POLICIES)
def test_policy_plans_are_feasible_and_fill_what_the_rule_can(name: str) -> None:
    """No violation; and nothing that could still ship is left by a rule of thumb."""
    num_routed = 0
    for seed, instance in instances():
        problem = instance.problem
        try:
            plan = route(instance, name)
        except InputError:
            assert name in ("nearest", "fewest_splits", "min_splits_ranked", "single_then_multi")
            continue
        assert check_plan(problem, plan).violations == (), seed
        if name not in MAY_LEAVE_UNITS:
            assert Reason.COSTLIER_THAN_UNFILLED not in unfilled_lines(problem, plan).reason, seed
        num_routed += 1
    assert num_routed > 25


def test_per_order_optimal_is_optimal_for_one_order() -> None:
    """Alone on the network, an order costs what enumeration of all its plans finds."""
    num_compared = 0
    for seed, problem in problems(tiny_scenario, range(50)):
        for order in range(len(problem.orders)):
            alone, _ = subset_of_orders(problem, np.array([order]))
            try:
                best = optimum_of(alone).cost
            except TooManyPlansError:
                continue
            costs = check_plan(alone, route(compile_problem(alone, 1), "per_order_optimal")).costs
            assert costs is not None
            assert costs.total == best, (seed, order)
            num_compared += 1
    assert num_compared > 80
