"""Laws of quotas that may be exceeded: between no quota and a hard one, and dearer the dearer the excess."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from oracles.brute import TooManyPlansError, bound_at_prices, solve_by_enumeration
from oracles.generate import Row, Scenario, build
from oracles.plans import judge
from oracles.rules import Rule
from oracles.world import World, world_from_tables
from properties.changes import rule_changes
from properties.trials import Trial, certificate_of, plan_of, rule_trials
from splitship.check import check_certificate, check_plan
from splitship.domain import SolveOptions
from splitship.run import solve

TO_THE_END = SolveOptions(time_limit_s=20.0, gap=0.0, threads=1)
NUM_TRIALS = 80
NUM_ENGINE = 24
PROHIBITIVE = "100000"
"""A price of a package beyond what any plan of a tiny scenario saves."""
Cost = Callable[[Scenario], int | None]


def optimum(world: World) -> int | None:
    """The optimum by enumeration, None where that is too long."""
    try:
        return solve_by_enumeration(world).cost
    except TooManyPlansError:
        return None


def brute_force(scenario: Scenario) -> int | None:
    """The optimum of a scenario by enumeration."""
    return optimum(world_from_tables(*scenario))


def engine(scenario: Scenario) -> int:
    """The objective of the engine, run to optimality."""
    return solve(build(scenario), TO_THE_END).objective


EVERY_COST = pytest.mark.parametrize(("cost_of", "count"), [(brute_force, NUM_TRIALS), (engine, NUM_ENGINE)])


def at_price(price: str) -> Callable[[Row], Row]:
    """The quota, soft at a price."""
    return lambda quota: quota | {"price_over": price}


def hard(quota: Row) -> Row:
    """The quota without a price."""
    return {name: said for name, said in quota.items() if name != "price_over"}


def with_quotas(trials: list[Trial], *changes: Callable[[Row], Row]) -> Iterator[tuple[str, list[Scenario]]]:
    """For each quota of the trials, the scenario with each of the changes of it."""
    for trial in trials:
        for same in zip(*(rule_changes(trial.scenario, "quota", change) for change in changes), strict=True):
            yield trial.name, list(same)


@EVERY_COST
def test_the_dearer_the_excess_the_dearer_all(cost_of: Cost, count: int) -> None:
    """Prices from none to a prohibitive one, then a hard quota: never cheaper than before, the last two same."""
    dearer = 0
    rising = ("0.000001", "0.75", "3.5", "12", PROHIBITIVE)
    for name, scenarios in with_quotas(rule_trials(count), *map(at_price, rising), hard):
        costs = [cost_of(scenario) for scenario in scenarios]
        if None not in costs:
            assert costs == sorted(costs), name  # type: ignore[type-var]
            assert costs[-1] == costs[-2], name
            dearer += costs[0] != costs[-1]
    assert dearer >= 2


@EVERY_COST
def test_what_may_be_exceeded_costs_between_none_and_a_hard_quota(cost_of: Cost, count: int) -> None:
    """Without the quota it is never dearer, and the excess of at most every package, a micro each, never saves more."""
    for trial in rule_trials(count):
        units = sum(line.quantity for order in trial.world.orders for line in order.lines)
        cheap = rule_changes(trial.scenario, "quota", at_price("0.000001"))
        free = rule_changes(trial.scenario, "quota", lambda quota: None)
        for soft, none in zip(cheap, free, strict=True):
            costs = cost_of(none), cost_of(soft)
            if costs[0] is not None and costs[1] is not None:
                assert costs[0] <= costs[1] <= costs[0] + units, trial.name


def changed(world: World, change: Callable[[Rule], Rule]) -> World:
    """The world with its quotas changed."""
    rules = (rule if rule.quota is None else change(rule) for rule in world.rules)
    return dataclasses.replace(world, rules=tuple(rules), memo={})


def test_excess_that_is_free_is_no_quota() -> None:
    """A price of 0, which packs refuse, is the same as no quota at all; certificates cannot price it."""
    for trial in rule_trials(NUM_TRIALS):
        free = changed(trial.world, lambda rule: dataclasses.replace(rule, over=0))
        none = changed(trial.world, lambda rule: dataclasses.replace(rule, quota=None, over=None))
        assert optimum(free) == optimum(none), trial.name


def soft_trials(count: int) -> list[Trial]:
    """Trials with a quota that may be exceeded."""
    return [trial for trial in rule_trials(count) if any(rule.over for rule in trial.world.rules)]


def test_checker_charges_what_is_beyond_a_quota() -> None:
    """Plans that are best when all excess is free pay for it all the same, under the term of soft quotas."""
    charged = 0
    for trial in soft_trials(2 * NUM_TRIALS):
        free = changed(trial.world, lambda rule: rule if rule.over is None else dataclasses.replace(rule, over=0))
        try:
            packages = solve_by_enumeration(free).packages
        except TooManyPlansError:
            continue
        costs, wrong = judge(trial.world, packages)
        assert wrong == [], trial.name
        report = check_plan(trial.problem, plan_of(trial.problem, packages))
        assert report.violations == (), trial.name
        assert report.costs is not None
        assert (report.costs.soft, report.costs.rules) == (costs["soft"], costs["rules"]), trial.name
        assert report.costs.total == sum(costs.values()) >= trial.cost, trial.name
        charged += costs["soft"] > 0
    assert charged >= 5


def test_prices_of_soft_quotas_are_proven_and_count_no_more_than_the_excess() -> None:
    """A price below, at and far above that of the excess: a bound below the optimum, the checker's to the micro."""
    better = 0
    for trial in soft_trials(2 * NUM_TRIALS):
        days = {package.ship_on for package in trial.packages or ()}
        free = bound_at_prices(trial.world, {})
        for rule in trial.world.rules:
            if not rule.counts or not rule.over:
                continue
            keys = [None] if not rule.is_quota_per_day else sorted(day for day in days if rule.holds_on(day))
            for price in (rule.over // 2, rule.over, 10 * rule.over):
                prices = {("rule_quota", rule.name, day): price for day in keys}
                proven = bound_at_prices(trial.world, prices)
                assert proven <= trial.cost, trial.name
                better += proven > free
                report = check_certificate(trial.problem, certificate_of(trial.problem, prices, bound=-(10**17)))
                assert report.violations == (), trial.name
                assert report.bound == proven, trial.name
    assert better >= 2


def test_prices_of_excess_are_whole_micros() -> None:
    """The generator's prices are those that packs may have."""
    for trial in soft_trials(NUM_TRIALS):
        for rule in trial.scenario[1]["rules"]:
            price = Decimal(rule.get("quota", {}).get("price_over", "1"))
            assert price > 0
            assert price == price.quantize(Decimal("0.000001")), trial.name
