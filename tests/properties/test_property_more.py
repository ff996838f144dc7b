"""Laws of pick-up, kits, substitutes, prices of stock, least values and rejections.

What may never make the optimum cheaper, what never dearer, and what is the same; by enumeration and by the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from oracles.brute import TooManyPlansError, solve_by_enumeration
from oracles.generate import MORE, Scenario, build
from oracles.world import world_from_tables
from properties.more_changes import LOOSER, SAME, STRICTER, Change, same_in_two_ways
from properties.trials import Trial, more_trials, tiny
from splitship.domain import SolveOptions
from splitship.run import solve

TO_THE_END = SolveOptions(time_limit_s=20.0, gap=0.0, threads=1)
NUM_TRIALS = 32
NUM_ENGINE = 10
MOST_CHANGES = 4
"""Changes of one trial that are looked at."""
Cost = Callable[[Scenario], int | None]


def brute_force(scenario: Scenario) -> int | None:
    """The optimum by enumeration, None where that is too long."""
    try:
        return solve_by_enumeration(world_from_tables(*scenario)).cost
    except TooManyPlansError:
        return None


def engine(scenario: Scenario) -> int:
    """The objective of the engine, run to optimality."""
    return solve(build(scenario), TO_THE_END).objective


def some(changed: Iterator[Scenario]) -> list[Scenario]:
    """A few of the changes, spread over all of them."""
    every = list(changed)
    return every[:: max(1, len(every) // MOST_CHANGES)][:MOST_CHANGES]


def with_both_costs(cost_of: Cost, scenario: Scenario, name: str) -> int | None:
    """The cost by one of the ways; the engine's must be that of enumeration."""
    cost = brute_force(scenario)
    if cost_of is brute_force or cost is None:
        return cost
    assert engine(scenario) == cost, name
    return cost


EVERY_COST = pytest.mark.parametrize(("cost_of", "count"), [(brute_force, NUM_TRIALS), (engine, NUM_ENGINE)])


@pytest.mark.parametrize(("name", "change"), STRICTER.values(), ids=list(STRICTER))
@EVERY_COST
def test_stricter_is_never_cheaper(cost_of: Cost, count: int, name: str, change: Change) -> None:
    """Nothing gets cheaper, and something dearer."""
    dearer = 0
    for trial in more_trials(name, count):
        for scenario in some(change(trial.scenario)):
            cost = with_both_costs(cost_of, scenario, trial.name)
            if cost is not None:
                assert cost >= trial.cost, trial.name
                dearer += cost > trial.cost
    assert dearer or cost_of is engine


@pytest.mark.parametrize(("name", "change"), LOOSER.values(), ids=list(LOOSER))
@EVERY_COST
def test_looser_is_never_dearer(cost_of: Cost, count: int, name: str, change: Change) -> None:
    """Nothing gets dearer, and something cheaper."""
    cheaper = 0
    for trial in more_trials(name, count):
        for scenario in some(change(trial.scenario)):
            cost = with_both_costs(cost_of, scenario, trial.name)
            if cost is not None:
                assert cost <= trial.cost, trial.name
                cheaper += cost < trial.cost
    assert cheaper or cost_of is engine


def some_of_all(count: int) -> list[Trial]:
    """Trials of every feature, and some without any."""
    found = [trial for name in MORE for trial in more_trials(name, count // 4)]
    return found + [trial for trial in map(tiny, range(count // 4)) if trial is not None]


@pytest.mark.parametrize("change", SAME.values(), ids=list(SAME))
@EVERY_COST
def test_what_is_idle_changes_nothing(cost_of: Cost, count: int, change: Change) -> None:
    """Substitutes that are too dear, prices of 0, kits nobody orders, ways to where nobody comes."""
    for trial in some_of_all(count):
        for scenario in some(change(trial.scenario))[:2]:
            cost = with_both_costs(cost_of, scenario, trial.name)
            assert cost in (trial.cost, None), trial.name


@EVERY_COST
def test_the_same_said_in_two_ways_costs_the_same(cost_of: Cost, count: int) -> None:
    """A rejection as an excluded node or a rule that forbids, a price of stock as a price of a rule."""
    dearer = dict.fromkeys(("rejected, or", "price"), 0)
    for trial in some_of_all(count):
        for name, one, other in same_in_two_ways(trial.scenario):
            costs = [with_both_costs(cost_of, either, trial.name) for either in (one, other)]
            if None not in costs:
                assert costs[0] == costs[1], (trial.name, name)
                for kind in dearer:
                    dearer[kind] += kind in name and costs[0] != trial.cost
    assert cost_of is engine or all(dearer.values())
