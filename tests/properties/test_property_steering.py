"""Shares of nodes and committed volumes: checker, certificates, engine and model against enumeration; laws."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cache

import pytest

from oracles.brute import TooManyPlansError, bound_at_prices, solve_by_enumeration
from oracles.generate import RandomPicks, Row, Scenario, build, tiny_scenario
from oracles.generate_steering import with_steering
from oracles.plans import judge, packages_of
from oracles.supplies import Key
from oracles.world import world_from_tables
from properties.trials import Trial, certificate_of, mutated, plan_of, random_prices
from splitship.check import check_certificate, check_plan
from splitship.domain import SolveOptions
from splitship.run import solve

NUM_TRIALS = 72
NUM_SOLVED = 24
MORE = ((), ("modes",), (), ("stock_prices", "rejections"), ("kits", "substitutes"), ())
"""Other features of the trials, one after the other."""


@cache
def steered(seed: int) -> Trial | None:
    """A tiny trial with shares, committed volumes or both, None where enumeration is too long."""
    plain = tiny_scenario(seed, seed % 8 == 1, seed % 5 == 2, seed % 7 == 3, MORE[seed % len(MORE)])
    scenario = with_steering(RandomPicks(7000 + seed), plain, seed % 3 != 1, seed % 3 != 2)
    world = world_from_tables(*scenario)
    try:
        best = solve_by_enumeration(world)
    except TooManyPlansError:
        return None
    return Trial(f"steered {seed}", scenario, build(scenario), world, best.cost, best.cost, best.packages)


def trials(count: int) -> list[Trial]:
    """The trials of as many seeds, without those that are too large."""
    found = [trial for trial in map(steered, range(count)) if trial is not None]
    assert len(found) > 0.8 * count
    return found


def steering_prices(trial: Trial, picks: RandomPicks) -> dict[Key, int]:
    """Prices in their range, often at an end of it."""
    steering, found = trial.world.steering, {}
    for node, (_, price) in steering.shares.items():
        if picks.chance(80):
            found["node_share", node] = picks.one_of((-price, price, picks.integer(-price, price)))
    for key, (_, price) in steering.committed.items():
        if picks.chance(80):
            found["service_commitment", *key] = picks.one_of((-price, -picks.integer(0, price)))
    return found


def test_checker_agrees_about_costs() -> None:
    """Of best plans, and of plans with random changes: every term, to the micro."""
    paying = 0
    for number, trial in enumerate(trials(NUM_TRIALS)):
        picks = RandomPicks(100 + number)
        assert trial.packages is not None
        plans = [trial.packages, *(mutated(trial, trial.packages, picks) for _ in range(3))]
        for packages in plans:
            costs, wrong = judge(trial.world, packages)
            report = check_plan(trial.problem, plan_of(trial.problem, packages))
            assert report.is_feasible == (not wrong), trial.name
            if not wrong:
                assert report.costs is not None
                assert {term: getattr(report.costs, term) for term in costs} == costs, trial.name
                assert report.costs.total >= trial.cost, trial.name
                paying += costs["soft"] > 0
    assert paying > NUM_TRIALS / 2


def test_bounds_are_those_of_enumeration() -> None:
    """At random prices in range the bound is the oracle's, at most the optimum; a micro more is not proven."""
    better = 0
    for number, trial in enumerate(trials(NUM_TRIALS)):
        picks = RandomPicks(300 + number)
        free = bound_at_prices(trial.world, {})
        for prices in (steering_prices(trial, picks), steering_prices(trial, picks) | random_prices(trial, picks)):
            expected = bound_at_prices(trial.world, prices)
            report = check_certificate(trial.problem, certificate_of(trial.problem, prices, bound=expected))
            assert (report.violations, report.bound) == ((), expected), trial.name
            assert expected <= trial.cost, (trial.name, prices)
            forged = certificate_of(trial.problem, prices, bound=expected + 1)
            codes = [violation.code for violation in check_certificate(trial.problem, forged).violations]
            assert codes == ["BOUND_NOT_PROVEN"], trial.name
            better += expected > free
    assert better > NUM_TRIALS / 6


def test_prices_out_of_range_are_refused() -> None:
    """A micro beyond either end."""
    for trial in trials(NUM_TRIALS // 2):
        steering = trial.world.steering
        wrong: list[tuple[Key, int]] = [(("node_share", node), end * (price + 1))
                                        for node, (_, price) in steering.shares.items() for end in (-1, 1)]  # fmt: skip
        for key, (_, price) in steering.committed.items():
            wrong += [(("service_commitment", *key), -price - 1), (("service_commitment", *key), 1)]
        for key, price in wrong:
            certificate = certificate_of(trial.problem, {key: price}, bound=-(10**17))
            report = check_certificate(trial.problem, certificate)
            assert [violation.code for violation in report.violations] == ["PRICE_OUT_OF_RANGE"], trial.name


def test_engine_keeps_its_bound_below_the_optimum_and_its_plan_above() -> None:
    """It need not reach the optimum; its plan costs what the judge says."""
    reached = 0
    for trial in trials(NUM_SOLVED):
        result = solve(trial.problem, SolveOptions(time_limit_s=1.5, gap=0.0, threads=1))
        costs, wrong = judge(trial.world, packages_of(trial.problem, result.plan))
        assert (wrong, sum(costs.values())) == ([], result.objective), trial.name
        assert result.bound is not None
        assert result.bound <= trial.cost <= result.objective, trial.name
        reached += result.objective == trial.cost
    assert reached > NUM_SOLVED / 2


def test_model_finds_the_optimum() -> None:
    """The one model, to what it leaves to rounding: a micro for each rounded term."""
    for trial in trials(NUM_SOLVED):
        result = solve(trial.problem, SolveOptions(time_limit_s=30.0, gap=0.0, method="mip", solver="highs"))
        costs, wrong = judge(trial.world, packages_of(trial.problem, result.plan))
        assert (wrong, sum(costs.values())) == ([], result.objective), trial.name
        slack = 2 * len(result.plan) + 2 * len(trial.world.nodes) + 1e-7 * abs(trial.cost)
        assert abs(result.objective - trial.cost) <= slack, trial.name


# --- laws -------------------------------------------------------------------------------------


def changed(scenario: Scenario, table: str, change: Callable[[Row], Row]) -> Scenario:
    """The scenario with other rows in a table."""
    tables = scenario[0] | {table: [change(row) for row in scenario[0].get(table, [])]}
    return tables, scenario[1]


def cost_of(scenario: Scenario) -> int | None:
    """The optimum, None where enumeration is too long."""
    try:
        return solve_by_enumeration(world_from_tables(*scenario)).cost
    except TooManyPlansError:
        return None


def with_price(name: str, factor: int) -> Callable[[Row], Row]:
    """A row in which a price is as many times what it was."""

    def change(row: Row) -> Row:
        return row | {name: str(float(row[name]) * factor)} if row.get(name) else row

    return change


def unsteered(row: Row) -> Row:
    """A row that steers nothing."""
    names = {"target_share", "share_price", "min_packages", "shortfall_price"}
    return {key: value for key, value in row.items() if key not in names}


PRICES = (("nodes", "share_price"), ("service_quotas", "shortfall_price"))


def test_prices_of_nothing_steer_nothing() -> None:
    """With shares and shortfalls for 0.00 all is as without them."""
    for trial in trials(NUM_TRIALS // 2):
        free = trial.scenario
        for table, name in PRICES:
            free = changed(free, table, with_price(name, 0))
        without = trial.scenario
        for table, _ in PRICES:
            without = changed(without, table, unsteered)
        assert not len(world_from_tables(*free).steering)
        assert cost_of(free) == cost_of(without), trial.name
        report = check_plan(build(free), plan_of(trial.problem, trial.packages or ()))
        assert report.costs == check_plan(build(without), plan_of(trial.problem, trial.packages or ())).costs


@pytest.mark.parametrize(("table", "name"), PRICES, ids=[name for _, name in PRICES])
def test_dearer_steering_is_never_cheaper(table: str, name: str) -> None:
    """Twice the price of a unit beside its share, or of a missing package."""
    dearer = 0
    for trial in trials(NUM_TRIALS // 2):
        cost = cost_of(changed(trial.scenario, table, with_price(name, 2)))
        if cost is not None:
            assert cost >= trial.cost - 1, trial.name  # a share may be rounded up before and down now
            dearer += cost > trial.cost
    assert dearer > 5


def test_larger_commitments_are_never_cheaper() -> None:
    """One package more on every day of a commitment."""

    def more(row: Row) -> Row:
        least = int(row.get("min_packages") or 0)
        return row | {"min_packages": least + 1} if 0 < least < int(row["max_packages"]) else row

    for trial in trials(NUM_TRIALS // 2):
        cost = cost_of(changed(trial.scenario, "service_quotas", more))
        assert cost is None or cost >= trial.cost, trial.name


def test_steering_left_out_is_missed() -> None:
    """A checker that knows nothing of it would say less: its cost is not that of the judge."""
    missed = 0
    for trial in trials(NUM_TRIALS // 2):
        nodes, quotas = trial.problem.nodes, trial.problem.service_quotas
        blind = dataclasses.replace(
            trial.problem,
            nodes=dataclasses.replace(nodes, has_target_share=nodes.has_target_share & False),
            service_quotas=dataclasses.replace(quotas, min_packages=quotas.min_packages * 0),
        )
        costs = check_plan(blind, plan_of(trial.problem, trial.packages or ())).costs
        assert costs is not None
        missed += costs.total != trial.cost
    assert missed > NUM_TRIALS / 6
