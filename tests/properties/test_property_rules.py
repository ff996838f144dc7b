"""Laws of rules and surcharges: what may never make the optimum cheaper, what never dearer, and what is the same."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable

import numpy as np
import pytest

from oracles.brute import TooManyPlansError, solve_by_enumeration
from oracles.generate import Row, Scenario, build
from oracles.world import world_from_tables
from properties.changes import (
    behind_many_rules,
    larger_quotas,
    rule_changes,
    with_rule,
    without_effects,
    without_surcharges,
)
from properties.trials import Trial, rule_trials, tiny
from splitship.domain import Problem, SolveOptions
from splitship.run import solve

TO_THE_END = SolveOptions(time_limit_s=20.0, gap=0.0, threads=1)
NUM_TRIALS = 64
NUM_ENGINE = 16
PROHIBITIVE = "100000"
"""A price of a package beyond what any plan of a tiny scenario saves."""


def brute_force(scenario: Scenario) -> int | None:
    """The optimum by enumeration, None where that is too long."""
    try:
        return solve_by_enumeration(world_from_tables(*scenario)).cost
    except TooManyPlansError:
        return None


def engine(scenario: Scenario) -> int:
    """The objective of the engine, run to optimality."""
    return solve(build(scenario), TO_THE_END).objective


def plain_trials(count: int = NUM_TRIALS) -> list[Trial]:
    """Trials without rules, every other of them with days."""
    found = (tiny(seed, with_days=bool(seed % 2)) for seed in range(count))
    return [trial for trial in found if trial is not None]


# --- looser and stricter ----------------------------------------------------------------------


LOOSER: dict[str, Callable[[Scenario], Iterable[Scenario]]] = {
    "no forbid": lambda scenario: without_effects(scenario, "forbid"),
    "no price": lambda scenario: without_effects(scenario, "price"),
    "no quota": lambda scenario: without_effects(scenario, "quota"),
    "no set": lambda scenario: without_effects(scenario, "set"),
    "larger quota": larger_quotas,
    "no surcharges": lambda scenario: [without_surcharges(scenario)],
}
EVERY_LOOSENING = pytest.mark.parametrize("loosen", LOOSER.values(), ids=list(LOOSER))


@EVERY_LOOSENING
def test_less_of_a_rule_is_never_dearer(loosen: Callable[[Scenario], Iterable[Scenario]]) -> None:
    """A rule forbids, prices, counts or sets no more, or a quota grows: nothing gets dearer, and some cheaper."""
    cheaper = 0
    for trial in rule_trials(NUM_TRIALS):
        for scenario in loosen(trial.scenario):
            cost = brute_force(scenario)
            if cost is not None:
                assert cost <= trial.cost, trial.name
                cheaper += cost < trial.cost
    assert cheaper >= 2


@EVERY_LOOSENING
def test_engine_takes_what_less_of_a_rule_gives(loosen: Callable[[Scenario], Iterable[Scenario]]) -> None:
    """With less of a rule the engine finds what enumeration finds."""
    for trial in rule_trials(NUM_ENGINE):
        for scenario in loosen(trial.scenario):
            cost = brute_force(scenario)
            if cost is not None:
                assert engine(scenario) == cost, trial.name


STRICTER: dict[str, Row] = {
    "forbid": {"forbid": True, "where": {"node": {"node_id": "N0"}}},
    "price": {"price": {"per_package": "1.25", "per_unit": "0.333333"}},
    "quota of the batch": {"quota": {"packages": 1, "per": "batch"}},
    "quota of the day": {"quota": {"packages": 1}},
    "ship complete": {"set": {"ship_complete": True}},
    "max packages": {"set": {"max_packages": 1}},
    "max transit": {"set": {"max_transit_days": 2}},
    "safety stock": {"set": {"safety_stock": 1}},
}
EVERY_RULE = pytest.mark.parametrize("rule", STRICTER.values(), ids=list(STRICTER))


@EVERY_RULE
def test_one_more_rule_is_never_cheaper(rule: Row) -> None:
    """Whatever a rule does, it makes nothing cheaper, and something dearer."""
    dearer = 0
    for trial in (*rule_trials(NUM_ENGINE), *plain_trials(NUM_ENGINE)):
        cost = brute_force(with_rule(trial.scenario, rule))
        if cost is not None:
            assert cost >= trial.cost, trial.name
            dearer += cost > trial.cost
    assert dearer


@EVERY_RULE
def test_engine_pays_for_one_more_rule_what_enumeration_does(rule: Row) -> None:
    """The engine's optimum with one rule more is that of enumeration."""
    for trial in plain_trials(NUM_ENGINE):
        scenario = with_rule(trial.scenario, rule)
        cost = brute_force(scenario)
        if cost is not None:
            assert engine(scenario) == cost, trial.name


# --- rules that say the same ------------------------------------------------------------------


NORTH: Row = {"where": {"node": {"node_id": "N0"}}}


def same_in_two_ways(scenario: Scenario) -> list[tuple[str, Scenario, Scenario]]:
    """Pairs of scenarios of the same optimum: the same said in two ways."""
    zeros = rule_changes(
        scenario, "price", lambda price: {"per_unit": "0", "per_line": "0", "per_package": "0"} | price
    )
    half = with_rule_named(scenario, "half", NORTH | {"price": {"per_unit": "0.5"}})
    return [
        *(("a price of 0 is none", free, scenario) for free in zeros),
        (
            "prices of rules add up",
            with_rule(scenario, NORTH | {"price": {"per_unit": "0.75"}}),
            with_rule(half, NORTH | {"price": {"per_unit": "0.25"}}),
        ),
        (
            "a quota of 0 forbids",
            with_rule(scenario, NORTH | {"quota": {"packages": 0, "per": "batch"}}),
            with_rule(scenario, NORTH | {"forbid": True}),
        ),
        ("a boundless quota is none", with_rule(scenario, {"quota": {"packages": 1000}}), scenario),
    ]


def with_rule_named(scenario: Scenario, name: str, rule: Row) -> Scenario:
    """The scenario with one rule more, of that name."""
    tables, settings = scenario
    return tables, settings | {"rules": [*settings.get("rules", []), rule | {"name": name}]}


def test_the_same_said_in_two_ways_costs_the_same() -> None:
    """Enumeration finds no difference."""
    for trial in rule_trials(NUM_TRIALS):
        for name, one, other in same_in_two_ways(trial.scenario):
            costs = brute_force(one), brute_force(other)
            if None not in costs:
                assert costs[0] == costs[1], (trial.name, name)


def test_engine_finds_the_same_in_two_ways() -> None:
    """Nor does the engine, and it finds what enumeration finds."""
    for trial in rule_trials(NUM_ENGINE):
        for name, one, other in same_in_two_ways(trial.scenario):
            cost = brute_force(one)
            if cost is not None:
                assert engine(one) == engine(other) == cost, (trial.name, name)


def without_prices(problem: Problem) -> Problem:
    """The problem with all prices of its rules 0."""
    acting = problem.package_rules
    costs = {
        name: np.where(acting.is_surcharge, getattr(acting, name), 0)
        for name in ("per_package", "per_line", "per_unit")
    }
    return dataclasses.replace(problem, package_rules=dataclasses.replace(acting, **costs))


def test_engine_finds_rules_of_price_0_to_cost_nothing() -> None:
    """Rules that are there and ask for nothing are as good as none; the same for the oracle."""
    cheaper = 0
    for trial in rule_trials(NUM_ENGINE):
        problem = trial.problem
        if any(rule.quota == 0 and rule.over is not None for rule in trial.world.rules):
            continue  # beyond a quota of none is a price too
        tables, settings = trial.scenario
        kept = [{name: said for name, said in rule.items() if name != "price"} for rule in settings["rules"]]
        rules = [rule for rule in kept if {"forbid", "quota", "set"} & set(rule)]
        cost = brute_force((tables, settings | {"rules": rules}))
        zeros = [rule | {"price": dict.fromkeys(rule["price"], 0)} if "price" in rule else rule
                 for rule in settings["rules"]]  # fmt: skip
        assert brute_force((tables, settings | {"rules": zeros})) == cost, trial.name
        if cost is not None:
            assert solve(without_prices(problem), TO_THE_END).objective == cost, trial.name
            cheaper += cost < trial.cost
    assert cheaper


def test_engine_finds_the_same_behind_many_rules() -> None:
    """Seventy rules that are about nothing change nothing."""
    for trial in rule_trials(NUM_ENGINE):
        assert engine(behind_many_rules(trial.scenario)) == trial.cost, trial.name


def prohibitive(scenario: Scenario) -> tuple[Scenario, Scenario]:
    """A rule about a node and a class that forbids, and the same rule at a price that nothing is worth."""
    where: Row = {"where": {"node": {"node_id": "N0"}, "line": {"quantity": {"ge": 2}}}}
    return (
        with_rule(scenario, where | {"forbid": True}),
        with_rule(scenario, where | {"price": {"per_package": PROHIBITIVE}}),
    )


@pytest.mark.parametrize("cost_of", [brute_force, engine])
def test_a_price_above_any_saving_forbids(cost_of: Callable[[Scenario], int | None]) -> None:
    """A package that costs more than leaving everything unfilled is made by nobody."""
    dearer = 0
    for trial in rule_trials(NUM_ENGINE):
        forbidden, priced = prohibitive(trial.scenario)
        cost = cost_of(forbidden)
        if cost is not None and cost_of(priced) is not None:
            assert cost == cost_of(priced), trial.name
            dearer += cost > trial.cost
    assert dearer
