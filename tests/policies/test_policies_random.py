"""Policies on random scenarios: always feasible, never lazy, and the optimal one optimal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from oracles.brute import TooManyPlansError, optimum_of
from oracles.generate import Scenario, build, tiny_scenario, wide_scenario
from splitship.check import check_plan
from splitship.domain import Plan, Problem, Reason, ResourceKind, SolveOptions, TerminationReason, rule_matches
from splitship.engine import solve
from splitship.errors import InputError
from splitship.instance import Instance, compile_problem
from splitship.instance.reasons import unfilled_lines
from splitship.instance.subset import subset_of_orders
from splitship.policies import POLICIES, route, route_in_partitions
from splitship.policies.rows import ResourceRows
from splitship.policies.slicing import slice_instance
from splitship.policies.tables import arrival_sequence
from splitship.units import I64, Bools

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


EXACT = SolveOptions(time_limit_s=None, gap=0.0, threads=1)


def cost_of(problem: Problem, plan: Plan) -> int:
    costs = check_plan(problem, plan).costs
    assert costs is not None
    return costs.total


def test_one_partition_costs_what_the_joint_engine_proves() -> None:
    """A partition that holds the whole batch is the whole problem: its plan meets the proven optimum."""
    num_compared = 0
    for seed, instance in instances():
        joint = solve(instance, EXACT)
        if joint.termination.reason is not TerminationReason.OPTIMAL:
            continue
        plan = route_in_partitions(instance, 10**6, EXACT)
        assert cost_of(instance.problem, plan) == joint.objective, seed
        num_compared += 1
    assert num_compared > 30


def test_partitions_of_one_order_are_optimal_one_by_one() -> None:
    """Order by order on what the partitions before it left: what `per_order_optimal` pays for that order alone."""
    num_compared = 0
    for seed, instance in instances():
        if instance.is_wide.any():
            continue
        plan, left = route_in_partitions(instance, 1, EXACT), instance.resources.capacity.copy()
        rows = ResourceRows.of(instance)
        for order in arrival_sequence(instance):
            alone, lines = slice_instance(instance, np.array([order]), left)
            own = plan_of_order(plan, order, lines)
            assert cost_of(alone.problem, own) == cost_of(alone.problem, route(alone, "per_order_optimal")), seed
            left -= rows.use_of(of_orders(plan, np.array([order])))
            num_compared += 1
        assert (left >= 0).all()
    assert num_compared > 80


def of_orders(plan: Plan, orders: I64) -> Plan:
    """The packages of some orders, with positions of the whole batch."""
    keep = np.isin(plan.order_idx, orders)
    number = np.cumsum(keep) - 1
    inside = keep[plan.content_package]
    return Plan(
        plan.order_idx[keep], plan.node_idx[keep], plan.service_idx[keep], plan.ship_day[keep],
        number[plan.content_package[inside]], plan.content_line[inside], plan.content_quantity[inside],
    )  # fmt: skip


def plan_of_order(plan: Plan, order: int, lines: I64) -> Plan:
    """The packages of one order, with positions in a batch of it alone."""
    own = of_orders(plan, np.array([order]))
    return replace(own, order_idx=np.zeros(len(own), np.int64), content_line=own.content_line - lines[0])


def test_slices_allow_what_is_left_and_no_more() -> None:
    """The orders after the first one: the policy's plan of the slice fits with the first order's; and nothing is lost.

    Nothing is lost: `per_order_optimal` on the slice goes on exactly as it did on the whole batch.
    """
    num_compared = 0
    for seed, instance in instances():
        sequence, rows = arrival_sequence(instance), ResourceRows.of(instance)
        whole = route(instance, "per_order_optimal")
        for cut in range(1, len(sequence)):
            taken = rows.use_of(of_orders(whole, sequence[:cut]))
            rest, _ = slice_instance(instance, sequence[cut:], instance.resources.capacity - taken)
            after = of_orders(whole, sequence[cut:])
            expected = np.bincount(after.content_line, after.content_quantity, len(instance.line_sku)).sum()
            found = route(rest, "per_order_optimal")
            assert found.content_quantity.sum() == expected, (seed, cut)
            assert len(found) == len(after), (seed, cut)
            num_compared += 1
    assert num_compared > 80


def _units_beside(instance: Instance, plan: Plan, row: int) -> int:
    """Units of a position that channels take other than those of the row's set of reserves."""
    problem, resources = instance.problem, instance.resources
    reserves, total = problem.reserves, 0
    position = np.flatnonzero(
        (problem.stock.node_idx == resources.node_idx[row]) & (problem.stock.sku_idx == resources.sku_idx[row])
    )
    kept = reserves.channel_idx[reserves.stock_idx == position[0]]
    for content, package in enumerate(plan.content_package.tolist()):
        number = np.flatnonzero(kept == reserves.order_channel[plan.order_idx[package]])
        is_of_set = len(number) > 0 and resources.rule_idx[row] >> number[0] & 1
        is_here = plan.node_idx[package] == resources.node_idx[row]
        if is_here and instance.line_sku[plan.content_line[content]] == resources.sku_idx[row] and not is_of_set:
            total += int(plan.content_quantity[content])
    return total


def test_rows_count_what_a_plan_takes() -> None:
    """Use of every resource, counted again package by package; some rows of every kind with a limit are used."""
    kinds = set()
    days = problems(lambda seed: tiny_scenario(seed, with_days=True), range(60))
    days += problems(lambda seed: tiny_scenario(seed, with_rules=True, with_arrivals=True), range(60))
    days += problems(lambda seed: tiny_scenario(seed, more=("reserves",)), range(60))
    for seed, instance in (*instances(), *((seed, compile_problem(problem, 1)) for seed, problem in days)):
        plan, resources, nodes = route(instance, "priority"), instance.resources, instance.problem.nodes
        use = ResourceRows.of(instance).use_of(plan)
        for row in range(len(resources)):
            node, sku, service, day = (
                getattr(resources, name)[row] for name in ("node_idx", "sku_idx", "service_idx", "day")
            )
            kind = ResourceKind(int(resources.kind[row]))
            here = (plan.node_idx == node) | (kind in (ResourceKind.SERVICE_QUOTA, ResourceKind.RULE_QUOTA))
            if kind is ResourceKind.STOCK_UNTIL:
                here &= plan.ship_day <= day
            elif kind is not ResourceKind.STOCK and day >= 0:
                here &= plan.ship_day == day
            if kind is ResourceKind.RULE_QUOTA:
                here &= _counted_by(instance.problem, plan, int(resources.rule_idx[row]))
            if kind in (ResourceKind.SERVICE_PACKAGES, ResourceKind.SERVICE_QUOTA):
                here &= plan.service_idx == service
            inside = here[plan.content_package]
            if kind in (ResourceKind.STOCK, ResourceKind.STOCK_UNTIL):
                inside &= instance.line_sku[plan.content_line] == sku
            packages, units, lines = here.sum(), plan.content_quantity[inside].sum(), inside.sum()
            if kind in (ResourceKind.STOCK, ResourceKind.STOCK_UNTIL, ResourceKind.NODE_UNITS):
                expected = units
            elif kind is ResourceKind.NODE_LINES:
                expected = lines
            elif kind is ResourceKind.NODE_MINUTES:
                expected = nodes.umin_per_package[node] * packages + nodes.umin_per_unit[node] * units
                expected //= nodes.umin_step
            elif kind is ResourceKind.CHANNEL_RESERVE:
                expected = min(_units_beside(instance, plan, row), int(resources.capacity[row]))
            else:
                expected = packages
            assert use[row] == expected, (seed, kind)
            if expected:
                kinds.add(kind)
    assert kinds == set(ResourceKind) - {ResourceKind.NODE_SHARE, ResourceKind.SERVICE_COMMITMENT}


def _counted_by(problem: Problem, plan: Plan, rule: int) -> Bools:
    """Packages that count in the quota of a rule, asked line by line, [packages]."""
    counted = np.zeros(len(plan), np.bool_)
    for package, line in zip(plan.content_package.tolist(), plan.content_line.tolist(), strict=True):
        node, service, day = (int(column[package]) for column in (plan.node_idx, plan.service_idx, plan.ship_day))
        counted[package] |= rule in rule_matches(problem.as_given, line, node, service, day).quotas
    return counted
