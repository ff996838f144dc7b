"""Reasons and single-order options on random scenarios, against compiling, the checker and enumeration."""

from __future__ import annotations

from functools import cache

import numpy as np

from oracles.brute import TooManyPlansError, solve_by_enumeration
from oracles.generate import build, tiny_scenario, wide_scenario
from oracles.plans import judge
from oracles.world import world_from_problem
from splitship.check import check_plan
from splitship.domain import CostTerms, Plan, Problem
from splitship.errors import InputError
from splitship.instance import IMPOSSIBLE, Instance, compile_problem
from splitship.instance.order_test import OrderOption, order_options
from splitship.instance.reasons import POSSIBLE, line_reasons, unavoidable_unfilled_cost
from splitship.instance.subset import subset_of_orders


@cache
def problems() -> tuple[tuple[int, Problem], ...]:
    """The valid ones of a hundred scenarios."""
    found = []
    for seed in range(100):
        try:
            found.append((seed, build(tiny_scenario(seed))))
        except InputError:
            continue
    return tuple(found)


def compiled_pairs(instance: Instance) -> np.ndarray:
    """Whether a line has a possible package with the least of it at a node, [lines, nodes], from an instance."""
    pairs = np.zeros((len(instance.line_sku), len(instance.problem.nodes)), np.bool_)
    for option in range(instance.num_options):
        content = 1
        for j in range(*instance.option_line_ptr[option : option + 2]):
            if instance.content_cost[instance.content_ptr[option] + content] < IMPOSSIBLE:
                pairs[instance.option_line[j], instance.option_node[option]] = True
            content *= instance.option_line_radix[j]
    return pairs


def test_reasons_agree_with_compiling() -> None:
    """A line has no reason at a node exactly where the instance has a package for it."""
    num_stopped = 0
    for seed, problem in problems():
        is_possible = (line_reasons(problem, np.arange(len(problem.lines))) == POSSIBLE).any(axis=2)
        assert np.array_equal(is_possible, compiled_pairs(compile_problem(problem, 1))), seed
        num_stopped += int((~is_possible).sum())
    assert num_stopped > 100


def test_unavoidable_cost_is_below_the_unfilled_cost_of_the_best_plan() -> None:
    """What no plan could avoid is not more than what the optimum leaves, and often something."""
    num_some = 0
    for seed, problem in problems()[:50]:
        world = world_from_problem(problem)
        try:
            costs, _ = judge(world, solve_by_enumeration(world).packages)
        except TooManyPlansError:
            continue
        cost = unavoidable_unfilled_cost(problem)
        assert cost <= costs["unfilled"], seed
        num_some += cost > 0
    assert num_some > 5


def test_unavoidable_cost_is_the_same_with_the_instance_at_hand() -> None:
    """The instance is a faster way to the same number, also where an order is wide."""
    costs = []
    for seed in range(12):
        try:
            wide = build(wide_scenario(seed))
        except InputError:
            continue
        costs.append((wide, unavoidable_unfilled_cost(wide)))
    costs += [(problem, unavoidable_unfilled_cost(problem)) for _, problem in problems()]
    assert sum(cost > 0 for _, cost in costs) > 20
    for problem, cost in costs:
        assert unavoidable_unfilled_cost(problem, compile_problem(problem, 1)) == cost


def one_order_plan(problem: Problem, option: OrderOption) -> Plan:
    """The whole order by an option: ship-alone lines in packages of their own, all others in one."""
    alone = problem.skus.is_ship_alone[problem.lines.sku_idx]
    together = np.flatnonzero(~alone)
    packages = ([together] if len(together) else []) + [np.array([line]) for line in np.flatnonzero(alone)]
    count = len(packages)
    assert count == option.num_packages
    lines = np.concatenate(packages)
    node = problem.nodes.node_id.tolist().index(option.node_id)
    service = problem.services.service_id.tolist().index(option.service_id)
    return Plan(
        order_idx=np.zeros(count, np.int64),
        node_idx=np.full(count, node),
        service_idx=np.full(count, service),
        ship_day=np.full(count, 0 if option.ship_day is None else option.ship_day),
        content_package=np.repeat(np.arange(count), [len(package) for package in packages]),
        content_line=lines,
        content_quantity=problem.lines.quantity[lines],
    )


def test_order_options_are_what_the_checker_says_of_them() -> None:
    """An option without obstacles is feasible at its stated costs and dates; one with obstacles is not."""
    num_possible = num_stopped = 0
    for seed, problem in problems():
        for order in range(len(problem.orders)):
            alone, _ = subset_of_orders(problem, np.array([order]))
            options = order_options(problem, order)
            assert len(options) == len(problem.nodes) * len(problem.services)
            for option in options:
                report = check_plan(alone, one_order_plan(alone, option))
                assert option.is_possible == report.is_feasible == (not option.obstacles), (seed, option)
                if option.is_possible:
                    assert option.costs is not None
                    assert report.packages is not None
                    assert option.costs == report.costs, (seed, option)
                    assert set(report.packages.deliver_day.tolist()) == {option.deliver_day}, (seed, option)
                    num_possible += 1
                else:
                    num_stopped += 1
            totals = [option.costs.total for option in options if option.costs is not None]
            assert totals == sorted(totals)
    assert num_possible > 150
    assert num_stopped > 150


def test_order_options_come_with_dates_even_where_impossible() -> None:
    """A service with a lane shows when it would arrive, so that a planner sees what is missed."""
    dated = [
        option
        for _, problem in problems()
        for option in order_options(problem, 0)
        if not option.is_possible and option.deliver_day is not None
    ]
    assert dated
    assert all(option.late_days is not None and option.late_days >= 0 for option in dated)
    assert all(isinstance(option.costs, CostTerms | None) for option in dated)
