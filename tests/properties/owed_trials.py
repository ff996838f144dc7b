"""Random scenarios with reserves of channels, a plan before or both, and what they are compared with."""

from __future__ import annotations

from functools import cache

from oracles.brute import NoPlanError, TooManyPlansError, solve_by_enumeration
from oracles.generate import Features, Row, Scenario, build, tiny_scenario
from oracles.world import world_from_tables
from properties.trials import Trial

KINDS: tuple[Features, ...] = (
    ("reserves",),
    ("plan_before",),
    ("reserves", "plan_before"),
    ("plan_before",),
    ("reserves", "stock_prices", "substitutes"),
    ("plan_before", "rejections", "kits"),
    ("reserves", "plan_before", "modes", "substitutes"),
)
"""Features of the trials, one after the other."""


@cache
def owed(seed: int) -> Trial | None:
    """A tiny trial, some of them with days, rules or arrivals; None where enumeration is too long, or there is no plan
    at all."""
    scenario = tiny_scenario(seed, seed % 8 == 1, seed % 5 == 2, seed % 4 == 3, KINDS[seed % len(KINDS)])
    world = world_from_tables(*scenario)
    try:
        best = solve_by_enumeration(world)
    except (TooManyPlansError, NoPlanError):
        return None
    return Trial(f"owed {seed}", scenario, build(scenario), world, best.cost, best.cost, best.packages)


def trials(count: int) -> list[Trial]:
    """The trials of as many seeds, without those that are too large or impossible."""
    found = [trial for trial in map(owed, range(count)) if trial is not None]
    assert len(found) > 0.8 * count
    return found


def cost_of(scenario: Scenario) -> int | None:
    """The optimum, None where enumeration is too long or there is no plan."""
    try:
        return solve_by_enumeration(world_from_tables(*scenario)).cost
    except (TooManyPlansError, NoPlanError):
        return None


def with_rows(scenario: Scenario, table: str, **columns: object) -> Scenario:
    """The scenario with other values in all rows of a table."""
    return with_table(scenario, table, [row | columns for row in scenario[0].get(table, [])])


def with_table(scenario: Scenario, table: str, rows: list[Row]) -> Scenario:
    """The scenario with other rows in a table."""
    return scenario[0] | {table: rows}, scenario[1]
