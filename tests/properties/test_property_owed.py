"""Reserves and the plan before: what is in force, checker, certificates, engine and model against enumeration."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

from oracles.brute import TooManyPlansError, bound_at_prices, solve_by_enumeration
from oracles.generate import RandomPicks
from oracles.plans import judge, names_of_lines, packages_of
from oracles.supplies import Key
from oracles.world import World
from properties.owed_trials import trials
from properties.trials import Trial, certificate_of, mutated, plan_of, prices_of_breaking, random_prices
from splitship.check import check_certificate, check_plan
from splitship.domain import SolveOptions
from splitship.domain.parts import in_parts, with_whole_lines
from splitship.domain.reserves import HARD, StockReserves
from splitship.domain.stability import Promises, ReleasedUse
from splitship.run import solve

NUM_TRIALS = 120
NUM_SOLVED = 42


def test_what_is_in_force_is_what_the_oracle_works_out() -> None:
    """Reserves of positions, lines in parts, promises and what is left of packages."""
    for trial in trials(NUM_TRIALS):
        problem, world = trial.problem, trial.world
        channels = np.unique(problem.as_given.channel_reserves.channel.astype(str))
        kept = {
            place: [(one.channel, one.quantity, HARD if one.price is None else one.price) for one in reserves]
            for place, reserves in world.reserves.items()
        }
        found: dict[tuple[str, str], list[tuple[str, int, int]]] = {}
        reserves, stock = problem.reserves, problem.stock
        for row, position in enumerate(reserves.stock_idx.tolist()):
            place = problem.nodes.node_id[stock.node_idx[position]], problem.skus.sku_id[stock.sku_idx[position]]
            channel = str(channels[reserves.channel_idx[row]])
            found.setdefault(place, []).append((channel, int(reserves.quantity[row]), int(reserves.price[row])))
        assert found == kept, trial.name
        names, lines = names_of_lines(problem), problem.lines
        of_orders = [(order.order_id, line.line_id, line.quantity) for order in world.orders for line in order.lines]
        owners = (str(problem.orders.order_id[row]) for row in lines.order_idx)
        assert list(zip(owners, names, lines.quantity.tolist(), strict=True)) == of_orders, trial.name
        assert list(_promises_in_force(trial)) == list(_promises_of_oracle(trial)), trial.name
        assert problem.orders.num_released.tolist() == [order.num_released for order in world.orders], trial.name
        most = [order.max_packages for order in world.orders]
        assert [None if units >= 2**62 else units for units in problem.orders.max_packages.tolist()] == most


def _promises_in_force(trial: Trial) -> Iterator[tuple[object, ...]]:
    problem, promises, names = trial.problem, trial.problem.promises, names_of_lines(trial.problem)
    for row in range(len(promises)):
        held = np.flatnonzero(problem.lines.promise_idx == row)
        yield (
            problem.orders.order_id[promises.order_idx[row]],
            problem.nodes.node_id[promises.node_idx[row]],
            problem.services.service_id[promises.service_idx[row]],
            int(promises.ship_day[row]),
            int(promises.price[row]) if promises.may_move[row] else None,
            tuple(names[line] for line in held),
            int(promises.units[row]),
        )


def _promises_of_oracle(trial: Trial) -> Iterator[tuple[object, ...]]:
    for order in trial.world.orders:
        for promise in order.promises:
            lines = [order.lines[at] for at in promise.lines]
            yield (
                order.order_id,
                promise.node_id,
                promise.service_id,
                promise.ship_on.toordinal() - 719163,
                promise.price,
                tuple(line.line_id for line in lines),
                sum(line.quantity for line in lines),
            )


def test_checker_agrees_about_costs() -> None:
    """Of best plans, and of plans with random changes: every term, to the micro."""
    paying = broken = 0
    for number, trial in enumerate(trials(NUM_TRIALS)):
        picks = RandomPicks(100 + number)
        assert trial.packages is not None
        plans = [trial.packages, (), *(mutated(trial, trial.packages, picks) for _ in range(5))]
        for packages in plans:
            costs, wrong = judge(trial.world, packages)
            report = check_plan(trial.problem, plan_of(trial.problem, packages))
            assert report.is_feasible == (not wrong), (trial.name, packages, wrong, report.violations)
            broken += any(one.code in ("RESERVE_BROKEN", "PROMISE_BROKEN") for one in report.violations)
            if not wrong:
                assert report.costs is not None
                assert {term: getattr(report.costs, term) for term in costs} == costs, (trial.name, packages)
                assert report.costs.total >= trial.cost, trial.name
                paying += costs["soft"] > 0
    assert paying > NUM_TRIALS / 2
    assert broken > NUM_TRIALS / 8


def _prices_of_reserves(trial: Trial, picks: RandomPicks) -> dict[Key, int]:
    """Prices on sets of reserves only, of the size of what reserves cost."""
    found = random_prices(trial, picks)
    return {key: min(price, picks.integer(0, 9_000_000)) for key, price in found.items() if key[0] == "channel_reserve"}


def test_bounds_are_those_of_enumeration() -> None:
    """At random prices the bound is the oracle's, at most the optimum; a micro more is not proven."""
    better = 0
    for number, trial in enumerate(trials(NUM_TRIALS)):
        picks = RandomPicks(300 + number)
        broken = prices_of_breaking(trial.problem)
        free = bound_at_prices(trial.world, {}, broken=broken)
        drawn = [random_prices(trial, picks) for _ in range(4)]
        for prices in ({}, _prices_of_reserves(trial, picks), *drawn):
            expected = bound_at_prices(trial.world, prices, broken=broken)
            report = check_certificate(trial.problem, certificate_of(trial.problem, prices, bound=expected))
            assert (report.violations, report.bound) == ((), expected), (trial.name, prices)
            assert expected <= trial.cost, (trial.name, prices)
            forged = certificate_of(trial.problem, prices, bound=expected + 1)
            codes = [violation.code for violation in check_certificate(trial.problem, forged).violations]
            assert codes == ["BOUND_NOT_PROVEN"], trial.name
            better += expected > free
    assert better > 5


def test_engine_finds_the_optimum() -> None:
    """Its plan costs what the judge says, and its bound is below the optimum."""
    reached = 0
    for trial in trials(NUM_SOLVED):
        result = solve(trial.problem, SolveOptions(time_limit_s=3.0, gap=0.0, threads=1))
        costs, wrong = judge(trial.world, packages_of(trial.problem, result.plan))
        assert (wrong, sum(costs.values())) == ([], result.objective), trial.name
        assert result.bound is not None
        assert result.bound <= trial.cost <= result.objective, trial.name
        reached += result.objective == trial.cost
    assert reached > 0.95 * len(trials(NUM_SOLVED))


def test_model_finds_the_optimum() -> None:
    """The one model, to what it leaves to rounding."""
    for trial in trials(NUM_SOLVED):
        result = solve(trial.problem, SolveOptions(time_limit_s=30.0, gap=0.0, method="mip", solver="highs"))
        costs, wrong = judge(trial.world, packages_of(trial.problem, result.plan))
        assert (wrong, sum(costs.values())) == ([], result.objective), trial.name
        slack = 2 * len(result.plan) + 1e-7 * abs(trial.cost)
        assert abs(result.objective - trial.cost) <= slack, trial.name


def test_plans_in_whole_lines_are_dealt_to_the_same_promises() -> None:
    """What is written in whole lines is no dearer when it is read again."""
    split = 0
    for trial in trials(NUM_TRIALS):
        plan = plan_of(trial.problem, trial.packages or ())
        again = in_parts(trial.problem, with_whole_lines(trial.problem, plan))
        report = check_plan(trial.problem, again)
        assert report.is_feasible, (trial.name, report.violations)
        assert report.costs is not None
        assert report.costs.total == trial.cost, trial.name
        split += bool((trial.problem.lines.part_of >= 0).any())
    assert split > 5


def _without(trial: Trial, part: str) -> World:
    """The oracle's world without some of what is owed."""
    world = trial.world
    if part == "reserves":
        return dataclasses.replace(world, reserves={}, memo={})
    if part == "released":
        return dataclasses.replace(world, used=Counter(), memo={})
    orders = [dataclasses.replace(order, promises=()) for order in world.orders]
    return dataclasses.replace(world, orders=orders, memo={})


@pytest.mark.parametrize("part", ["reserves", "promises", "released"])
def test_what_is_owed_left_out_is_missed(part: str) -> None:
    """A checker that knew nothing of it would take the best plan without it, which is wrong or costs something else."""
    nothing = {
        "reserves": StockReserves.empty(), "promises": Promises.empty(), "released": ReleasedUse.empty(),
    }[part]  # fmt: skip
    missed = 0
    for trial in trials(NUM_TRIALS):
        try:
            best = solve_by_enumeration(_without(trial, part))
        except TooManyPlansError:
            continue
        plan = plan_of(trial.problem, best.packages)
        blind = check_plan(dataclasses.replace(trial.problem, **{part: nothing}), plan)
        assert blind.is_feasible, trial.name
        report = check_plan(trial.problem, plan)
        missed += not report.is_feasible or report.costs != blind.costs
    assert missed >= 4
