"""Laws of single days: what may never make the optimum dearer, what never cheaper, and what must not change it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from oracles.brute import TooManyPlansError, solve_by_enumeration
from oracles.generate import RandomPicks, Scenario, build
from oracles.world import world_from_tables
from properties.changes import (
    RELAXATIONS,
    a_longer_hold,
    boundless_capacities,
    less_used,
    ready_at_any_time,
    with_a_holiday,
    without_capacities,
)
from properties.trials import Trial, ship_days, tiny
from splitship.domain import SolveOptions
from splitship.run import solve

TO_THE_END = SolveOptions(time_limit_s=20.0, gap=0.0, threads=1)
NUM_TRIALS = 64
NUM_ENGINE = 16


def brute_force(scenario: Scenario) -> int | None:
    """The optimum by enumeration, None where that is too long."""
    try:
        return solve_by_enumeration(world_from_tables(*scenario)).cost
    except TooManyPlansError:
        return None


def engine(scenario: Scenario) -> int:
    """The objective of the engine, run to optimality."""
    return solve(build(scenario), TO_THE_END).objective


def trials() -> list[Trial]:
    """Trials with features of days."""
    found = (tiny(seed, with_days=True) for seed in range(NUM_TRIALS))
    return [trial for trial in found if trial is not None]


LOOSER = (*RELAXATIONS, less_used, a_longer_hold)
EVERY_LOOSENING = pytest.mark.parametrize("loosen", LOOSER, ids=lambda loosen: loosen.__name__)


@EVERY_LOOSENING
def test_more_room_is_never_dearer(loosen: Callable[[Scenario], Scenario]) -> None:
    """A longer horizon or hold, more capacity, less used of it: enumeration finds nothing dearer, and some cheaper."""
    cheaper = 0
    for trial in trials():
        cost = brute_force(loosen(trial.scenario))
        if cost is not None:
            assert cost <= trial.cost, trial.name
            cheaper += cost < trial.cost
    assert cheaper


@EVERY_LOOSENING
def test_engine_takes_what_more_room_gives(loosen: Callable[[Scenario], Scenario]) -> None:
    """With more room the engine finds what enumeration finds."""
    for trial in trials()[:NUM_ENGINE]:
        cost = brute_force(loosen(trial.scenario))
        if cost is not None:
            assert engine(loosen(trial.scenario)) == cost, trial.name


def free_of_capacities(trial: Trial, column: str) -> Scenario:
    """The scenario in which a holiday can only delay.

    Where a day can do so much and no more, a holiday may help: it moves the window of days that are allowed to
    others that are less full. And the holiday of a service may move a delivery that would be too early to a day that
    is not.
    """
    scenario = without_capacities(trial.scenario)
    return ready_at_any_time(scenario) if column == "service_id" else scenario


def holidays(column: str, per_trial: int) -> list[tuple[Trial, Scenario, Scenario]]:
    """Trials with, for some of their ship days, the scenario before and after one more holiday."""
    found = []
    for number, trial in enumerate(trials()):
        picks = RandomPicks(number)
        scenario = free_of_capacities(trial, column)
        days = ship_days(world_from_tables(*scenario))
        names = [row[column] for row in scenario[0]["nodes" if column == "node_id" else "services"]]
        for _ in range(per_trial if days else 0):
            name, day = picks.one_of(names), picks.one_of(days)
            found.append((trial, scenario, with_a_holiday(scenario, column, name, day)))
    return found


@pytest.mark.parametrize("column", ["node_id", "service_id"])
def test_a_holiday_is_never_cheaper_where_no_day_is_full(column: str) -> None:
    """One holiday more of a node or a service: enumeration finds nothing cheaper, and some dearer."""
    dearer = 0
    for trial, before, after in holidays(column, 2):
        costs = brute_force(before), brute_force(after)
        if costs[0] is not None and costs[1] is not None:
            assert costs[0] <= costs[1], (trial.name, after[0]["calendars"])
            dearer += costs[0] < costs[1]
    assert dearer >= 5


@pytest.mark.parametrize("column", ["node_id", "service_id"])
def test_engine_pays_for_a_holiday_what_enumeration_does(column: str) -> None:
    """The engine's optimum after one holiday more is that of enumeration."""
    for trial, _, after in holidays(column, 1)[:NUM_ENGINE]:
        cost = brute_force(after)
        if cost is not None:
            assert engine(after) == cost, trial.name


def test_capacity_beyond_any_use_equals_none() -> None:
    """Limits on everything that are never reached cost nothing, and without limits it is cheaper somewhere."""
    cheaper = 0
    for trial in trials():
        costs = brute_force(without_capacities(trial.scenario)), brute_force(boundless_capacities(trial.scenario))
        if costs[0] is not None and costs[1] is not None:
            assert costs[0] == costs[1], trial.name
            assert costs[0] <= trial.cost, trial.name
            cheaper += costs[0] < trial.cost
    assert cheaper >= 10


def test_engine_finds_no_difference_between_boundless_and_none() -> None:
    """The engine's optimum with limits that are never reached is that without limits."""
    for trial in trials()[:NUM_ENGINE]:
        without = engine(without_capacities(trial.scenario))
        assert engine(boundless_capacities(trial.scenario)) == without, trial.name
        assert brute_force(without_capacities(trial.scenario)) in (without, None), trial.name
