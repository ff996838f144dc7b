"""Laws of arriving stock: more of it or earlier is never dearer, before the batch it lies there, after it is no use."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from oracles.brute import TooManyPlansError, bound_at_prices, solve_by_enumeration
from oracles.generate import RandomPicks, Row, Scenario, build
from oracles.plans import judge
from oracles.supplies import there_by
from oracles.world import World, world_from_tables
from properties.changes import earlier_arrivals, larger_arrivals, with_arrivals, without_arrivals
from properties.trials import Trial, arrival_trials, certificate_of, mutated, plan_of, random_prices, ship_days, tiny
from splitship.check import check_certificate, check_plan
from splitship.domain import SolveOptions
from splitship.run import solve

TO_THE_END = SolveOptions(time_limit_s=20.0, gap=0.0, threads=1)
NUM_TRIALS = 64
NUM_ENGINE = 16
DAY = timedelta(days=1)
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


EVERY_COST = pytest.mark.parametrize(("cost_of", "count"), [(brute_force, NUM_TRIALS), (engine, NUM_ENGINE)])


@pytest.mark.parametrize("loosen", [larger_arrivals, earlier_arrivals])
@EVERY_COST
def test_more_or_earlier_is_never_dearer(
    cost_of: Cost, count: int, loosen: Callable[[Scenario], list[Scenario]]
) -> None:
    """A unit more of an arrival, or an arrival a day earlier: nothing gets dearer, and some cheaper."""
    cheaper = 0
    for trial in arrival_trials(count):
        for scenario in loosen(trial.scenario):
            cost = cost_of(scenario)
            if cost is not None:
                assert cost <= trial.cost, trial.name
                cheaper += cost < trial.cost
    assert cheaper >= 2


@EVERY_COST
def test_without_an_arrival_it_is_never_cheaper(cost_of: Cost, count: int) -> None:
    """Less arrives: nothing gets cheaper, and some dearer."""
    dearer = 0
    for trial in arrival_trials(count):
        for scenario in without_arrivals(trial.scenario):
            cost = cost_of(scenario)
            if cost is not None:
                assert cost >= trial.cost, trial.name
                dearer += cost > trial.cost
    assert dearer >= 2


def without_rules(count: int) -> list[Trial]:
    """Trials with ship days and without rules, with and without arrivals: safety stock is the table's."""
    plain = [tiny(seed, with_days=bool(seed % 2)) for seed in range(count // 2)]
    arriving = [trial for trial in arrival_trials(count) if not trial.world.rules]
    return [trial for trial in (*plain, *arriving) if trial is not None and ship_days(trial.world)]


def places_of(world: World) -> list[tuple[str, str]]:
    """Every node with every SKU."""
    return [(node, sku) for node in world.nodes for sku in world.skus]


def arriving(picks: RandomPicks, world: World, day: str) -> list[Row]:
    """A few units at some places."""
    places = [place for place in places_of(world) if picks.chance(50)]
    return [
        {"node_id": node, "sku_id": sku, "quantity": picks.integer(1, 2), "available_on": day} for node, sku in places
    ]


def on_hand(scenario: Scenario, rows: list[Row]) -> Scenario:
    """The scenario with units more on the shelf, also of what is not there; stock is all available."""
    tables, settings = scenario
    units = dict(world_from_tables(*scenario).available)
    for row in rows:
        place = (row["node_id"], row["sku_id"])
        units[place] = units.get(place, 0) + row["quantity"]
    stock = [{"node_id": node, "sku_id": sku, "on_hand": number} for (node, sku), number in units.items()]
    return tables | {"stock": stock}, settings


@EVERY_COST
def test_an_arrival_until_the_first_day_lies_there(cost_of: Cost, count: int) -> None:
    """What comes on the first ship day or before it is as good as on hand, and it makes some cheaper."""
    cheaper = 0
    for number, trial in enumerate(without_rules(count)):
        picks = RandomPicks(number)
        first = ship_days(trial.world)[0] - picks.integer(0, 3) * DAY
        rows = arriving(picks, trial.world, first.isoformat())
        costs = cost_of(with_arrivals(trial.scenario, rows)), cost_of(on_hand(trial.scenario, rows))
        if None not in costs:
            assert costs[0] == costs[1], trial.name
            cheaper += costs[0] < trial.cost
    assert cheaper >= 3


@EVERY_COST
def test_an_arrival_after_the_last_day_is_none(cost_of: Cost, count: int) -> None:
    """What comes the day after the last ship day, or later, changes nothing."""
    for number, trial in enumerate(without_rules(count)):
        picks = RandomPicks(number)
        after = ship_days(trial.world)[-1] + picks.integer(1, 3) * DAY
        rows = arriving(picks, trial.world, after.isoformat())
        assert cost_of(with_arrivals(trial.scenario, rows)) in (trial.cost, None), trial.name


@EVERY_COST
def test_arrivals_of_one_day_add_up(cost_of: Cost, count: int) -> None:
    """What comes in two parts a day apart costs no less than all on the first day and no more than all on the last."""
    for number, trial in enumerate(without_rules(count)):
        picks = RandomPicks(number)
        first = picks.one_of(ship_days(trial.world))
        days = (first.isoformat(), (first + DAY).isoformat())
        some = arriving(picks, trial.world, days[0])
        both = [row | {"available_on": days[at % 2]} for at, row in enumerate(some)]
        costs = [
            cost_of(with_arrivals(trial.scenario, [row | changed for row in both]))
            for changed in ({"available_on": days[0]}, {}, {"available_on": days[1]})
        ]
        if None not in costs:
            assert costs == sorted(costs), trial.name  # type: ignore[type-var]


# --- the checker ------------------------------------------------------------------------------


def too_early(trial: Trial) -> World:
    """The trial's world in which everything arrives a day before it does."""
    arrivals = {
        place: {day - DAY: units for day, units in arriving.items()} for place, arriving in trial.world.arrivals.items()
    }
    return dataclasses.replace(trial.world, arrivals=arrivals, memo={})


def test_checker_refuses_units_that_ship_a_day_too_early() -> None:
    """Plans that are best when all arrives a day earlier are refused where they use it, for their stock."""
    refused = 0
    for trial in arrival_trials(2 * NUM_TRIALS):
        try:
            packages = solve_by_enumeration(too_early(trial)).packages
        except TooManyPlansError:
            continue
        _, wrong = judge(trial.world, packages)
        report = check_plan(trial.problem, plan_of(trial.problem, packages))
        assert report.is_feasible == (not wrong), (trial.name, wrong, report.violations)
        assert all(violation.code == "STOCK_EXCEEDED" for violation in report.violations), trial.name
        refused += bool(wrong)
    assert refused >= 5


def test_checker_agrees_about_changed_plans() -> None:
    """Plans with random changes, of which days are some, are refused by both or by neither."""
    beyond = 0
    for number, trial in enumerate(arrival_trials(NUM_TRIALS)):
        picks = RandomPicks(number)
        assert trial.packages is not None
        for _ in range(4):
            packages = mutated(trial, trial.packages, picks)
            costs, wrong = judge(trial.world, packages)
            report = check_plan(trial.problem, plan_of(trial.problem, packages))
            assert report.is_feasible == (not wrong), (trial.name, packages, wrong, report.violations)
            beyond += any(" until " in text for text in wrong)
            if not wrong:
                assert report.costs is not None
                assert report.costs.total == sum(costs.values()), trial.name
    assert beyond >= 3


def test_prices_of_stock_until_any_day_are_proven() -> None:
    """Weak duality with prices of totals until days from before the batch to beyond it; the checker finds the same."""
    better = 0
    for number, trial in enumerate(arrival_trials(NUM_TRIALS)):
        days = ship_days(trial.world)
        if not days:
            continue
        picks = RandomPicks(number)
        wide = [days[0] - DAY, *days, days[-1] + DAY, days[-1] + 30 * DAY]
        places = sorted({*trial.world.available, *trial.world.arrivals})
        free = bound_at_prices(trial.world, {})
        for most in (300_000, 3_000_000, 20_000_000):
            prices = {
                ("stock_until", *place, day): picks.integer(0, most)
                for place in places
                for day in wide
                if picks.chance(25)
            }
            proven = bound_at_prices(trial.world, prices)
            assert proven <= trial.cost, trial.name
            better += proven > free
            certificate = certificate_of(trial.problem, prices, bound=-(10**17))
            report = check_certificate(trial.problem, certificate)
            assert report.violations == (), trial.name
            assert report.bound == proven, trial.name
    assert better >= 3


def test_prices_of_all_resources_are_proven_where_stock_arrives() -> None:
    """Prices of totals until several days, and of all of a position, beside those of everything else."""
    for number, trial in enumerate(arrival_trials(NUM_TRIALS)):
        prices = random_prices(trial, RandomPicks(300 + number))
        report = check_certificate(trial.problem, certificate_of(trial.problem, prices, bound=-(10**17)))
        assert report.violations == (), trial.name
        assert report.bound == bound_at_prices(trial.world, prices) <= trial.cost, trial.name


def test_what_is_there_by_a_day_is_that_of_the_problem() -> None:
    """Stock positions of the problem, with arrivals until a day, are those of the tables."""
    for trial in arrival_trials(NUM_TRIALS):
        problem, world = trial.problem, trial.world
        stock, inbound = problem.stock, problem.inbound
        named = list(zip(stock.node_idx.tolist(), stock.sku_idx.tolist(), stock.available.tolist(), strict=True))
        for day in [world.as_of.date() + later * DAY for later in (-2, 0, 1, 4, 20)]:
            number = (day - date(1970, 1, 1)).days
            for node, sku, units in named:
                is_here = (inbound.node_idx == node) & (inbound.sku_idx == sku) & (inbound.available_day <= number)
                place = (problem.nodes.node_id[node], problem.skus.sku_id[sku])
                assert units + int(inbound.quantity[is_here].sum()) == there_by(world, *place, day), trial.name
        assert len(named) == len({*world.available, *world.arrivals}), trial.name
