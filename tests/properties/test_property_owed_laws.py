"""Laws of reserves and plans before: what dearer, freer and unchanged promises can and cannot do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from oracles.brute import NoPlanError, Package, TooManyPlansError, solve_by_enumeration
from oracles.generate import RandomPicks, Row, Scenario, build, tiny_scenario
from oracles.generate_reserves import draw_reserves
from oracles.plans import judge
from oracles.world import world_from_tables
from properties.owed_trials import cost_of, with_rows, with_table
from properties.trials import plan_of
from splitship.check import check_plan

NUM_SEEDS = 60
BEYOND = "100000"
"""A price above all that a tiny scenario could save."""


def reserved() -> Iterator[tuple[Scenario, int]]:
    """Scenarios with reserves, each with its cost without them."""
    for seed in range(NUM_SEEDS):
        plain = tiny_scenario(seed, seed % 8 == 1, seed % 5 == 2, seed % 4 == 3)
        cost = cost_of(plain)
        if cost is not None:
            yield draw_reserves(RandomPicks(4000 + seed), plain), cost


@pytest.mark.parametrize("column", ["quantity", "price_per_unit"])
def test_reserves_of_nothing_or_for_nothing_keep_nothing(column: str) -> None:
    """No units, or at 0.00 for others."""
    for scenario, without in reserved():
        assert cost_of(with_rows(scenario, "channel_reserves", **{column: "0"})) in (without, None)


def test_hard_reserves_are_never_cheaper_than_prices_nor_these_than_none() -> None:
    """And a price that nobody would pay is as good as none."""
    dearer = paid = 0
    for scenario, without in reserved():
        costs = [cost_of(with_rows(scenario, "channel_reserves", price_per_unit=price)) for price in ("1", BEYOND, "")]
        if None in costs:
            continue
        one, beyond, hard = (cost or 0 for cost in costs)
        assert without <= one <= beyond == hard
        dearer += hard > without
        paid += without < one < hard
    assert dearer > NUM_SEEDS / 10
    assert paid > 2


def promised() -> Iterator[Scenario]:
    """Scenarios of which something is promised."""
    for seed in range(NUM_SEEDS):
        scenario = tiny_scenario(seed, seed % 8 == 1, seed % 5 == 2, seed % 4 == 3, ("plan_before",))
        if any(row["state"] != "released" for row in scenario[0]["plan_before"]):
            yield scenario


def at_price(scenario: Scenario, price: str) -> Scenario:
    """All promises at a price; none of those that may be impossible when they must be kept."""
    rows = [
        row if row["state"] == "released" else row | {"move_price": price}
        for row in scenario[0]["plan_before"]
        if price or row.get("package_id") != "else"
    ]
    return with_table(scenario, "plan_before", rows)


def test_dearer_promises_are_never_cheaper_and_free_ones_bind_nobody() -> None:
    """From no promise to one that nobody would break; lines in parts are more lines, so free promises may matter."""
    dearer = 0
    for scenario in promised():
        released = [row for row in scenario[0]["plan_before"] if row["state"] == "released"]
        costs = [cost_of(with_table(scenario, "plan_before", released))]
        costs += [cost_of(at_price(scenario, price)) for price in ("0", "1", "3", BEYOND)]
        known = [cost for cost in costs if cost is not None]
        assert known == sorted(known)
        orders = world_from_tables(*scenario).orders
        if None not in costs and not any(line.part_of for order in orders for line in order.lines):
            assert costs[0] == costs[1]
        dearer += len(known) > 1 and known[-1] > known[0]
    assert dearer > NUM_SEEDS / 6


def test_promises_beyond_price_are_kept_like_those_that_must_be() -> None:
    """Where all can be kept."""
    same = 0
    for scenario in promised():
        possible = at_price(scenario, "")
        must, dear = cost_of(possible), cost_of(at_price(possible, BEYOND))
        if must is not None and dear is not None:
            assert must == dear
            same += 1
    assert same > NUM_SEEDS / 3


def rows_of(packages: tuple[Package, ...], **columns: str) -> list[Row]:
    """A plan as rows of the plan before."""
    return [
        {
            "order_id": package.order_id,
            "line_id": line,
            "node_id": package.node_id,
            "service_id": package.service_id,
            "ship_on": package.ship_on.isoformat(),
            "quantity": units,
            "package_id": f"P{number}",
        }
        | columns
        for number, package in enumerate(packages)
        for line, units in package.units
    ]


def test_the_best_plan_as_the_plan_before_changes_nothing() -> None:
    """All of it promised, at a price or not; the checker finds it feasible at its cost."""
    for seed in range(NUM_SEEDS):
        scenario = tiny_scenario(seed, seed % 4 == 1, seed % 5 == 2, seed % 3 == 1, ("reserves",) * (seed % 2))
        try:
            best = solve_by_enumeration(world_from_tables(*scenario))
        except TooManyPlansError:
            continue
        for price in ("", "1.50"):
            again = with_table(scenario, "plan_before", rows_of(best.packages, move_price=price))
            world = world_from_tables(*again)
            try:
                found = solve_by_enumeration(world)
            except TooManyPlansError:
                continue
            assert found.cost == best.cost, seed
            problem = build(again)
            report = check_plan(problem, plan_of(problem, found.packages))
            assert report.is_feasible
            assert report.costs is not None
            assert report.costs.total == best.cost


def test_what_the_best_plan_leaves_stays_when_it_is_released() -> None:
    """All of it gone, what is left costs what it cost as unfilled: nobody ships it now who did not before."""
    for seed in range(NUM_SEEDS):
        scenario = tiny_scenario(seed, with_days=seed % 4 == 1, with_arrivals=seed % 3 == 1)
        try:
            world = world_from_tables(*scenario)
            best = solve_by_enumeration(world)
            gone = with_table(scenario, "plan_before", rows_of(best.packages, state="released"))
            rest = solve_by_enumeration(world_from_tables(*gone))
        except (TooManyPlansError, NoPlanError):
            continue
        costs, _ = judge(world, best.packages)
        assert rest.cost == costs["unfilled"], seed
