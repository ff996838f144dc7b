"""Laws of rules and surcharges: what may never make the optimum cheaper, what never dearer, and what is the same."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable

import numpy as np
import pytest

from oracles.brute import Package, TooManyPlansError, solve_by_enumeration
from oracles.generate import RandomPicks, Row, Scenario, build
from oracles.plans import judge
from oracles.rules import Rule
from oracles.world import world_from_problem, world_from_tables
from properties.changes import larger_quotas, rule_changes, with_rule, without_effects, without_surcharges
from properties.trials import Trial, certificate_of, mutated, plan_of, ship_days, tiny
from splitship.check import check_certificate, check_plan
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


def trials(count: int = NUM_TRIALS) -> list[Trial]:
    """Trials with rules, every other of them with days."""
    found = (tiny(seed, with_days=bool(seed % 2), with_rules=True) for seed in range(count))
    return [trial for trial in found if trial is not None]


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
    for trial in trials():
        for scenario in loosen(trial.scenario):
            cost = brute_force(scenario)
            if cost is not None:
                assert cost <= trial.cost, trial.name
                cheaper += cost < trial.cost
    assert cheaper >= 2


@EVERY_LOOSENING
def test_engine_takes_what_less_of_a_rule_gives(loosen: Callable[[Scenario], Iterable[Scenario]]) -> None:
    """With less of a rule the engine finds what enumeration finds."""
    for trial in trials(NUM_ENGINE):
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
    for trial in (*trials(NUM_ENGINE), *plain_trials(NUM_ENGINE)):
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
    for trial in trials():
        for name, one, other in same_in_two_ways(trial.scenario):
            costs = brute_force(one), brute_force(other)
            if None not in costs:
                assert costs[0] == costs[1], (trial.name, name)


def test_engine_finds_the_same_in_two_ways() -> None:
    """Nor does the engine, and it finds what enumeration finds."""
    for trial in trials(NUM_ENGINE):
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
    for trial in trials(NUM_ENGINE):
        tables, settings = trial.scenario
        kept = [{name: said for name, said in rule.items() if name != "price"} for rule in settings["rules"]]
        rules = [rule for rule in kept if {"forbid", "quota", "set"} & set(rule)]
        cost = brute_force((tables, settings | {"rules": rules}))
        zeros = [rule | {"price": dict.fromkeys(rule["price"], 0)} if "price" in rule else rule
                 for rule in settings["rules"]]  # fmt: skip
        assert brute_force((tables, settings | {"rules": zeros})) == cost, trial.name
        if cost is not None:
            assert solve(without_prices(trial.problem), TO_THE_END).objective == cost, trial.name
            cheaper += cost < trial.cost
    assert cheaper


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
    for trial in trials(NUM_ENGINE):
        forbidden, priced = prohibitive(trial.scenario)
        cost = cost_of(forbidden)
        if cost is not None and cost_of(priced) is not None:
            assert cost == cost_of(priced), trial.name
            dearer += cost > trial.cost
    assert dearer


# --- the checker ------------------------------------------------------------------------------


def without_rules(trial: Trial, *effects: str) -> tuple[Package, ...] | None:
    """The best plan of those who ignore what rules forbid, count or price; None where that is too long."""
    none = {"is_forbidden": False, "quota": None, "per_package": 0, "per_line": 0, "per_unit": 0}
    ignored = {name: none[name] for name in effects}

    def changed(rule: Rule) -> Rule:
        return rule if rule.is_surcharge else dataclasses.replace(rule, **ignored)

    world = dataclasses.replace(trial.world, rules=tuple(map(changed, trial.world.rules)), memo={})
    try:
        return solve_by_enumeration(world).packages
    except TooManyPlansError:
        return None


@pytest.mark.parametrize("ignored", [("is_forbidden",), ("quota",)], ids=["forbid", "quota"])
def test_checker_refuses_plans_that_ignore_a_rule(ignored: tuple[str, ...]) -> None:
    """Plans that are best when a rule is ignored are refused where the judge refuses them, and only there."""
    refused = 0
    for trial in trials():
        packages = without_rules(trial, *ignored)
        if packages is None:
            continue
        _, wrong = judge(trial.world, packages)
        report = check_plan(trial.problem, plan_of(trial.problem, packages))
        assert report.is_feasible == (not wrong), (trial.name, wrong, report.violations)
        refused += bool(wrong)
    assert refused >= 3


def test_checker_refuses_one_package_more_than_a_quota_allows() -> None:
    """Plans that are best with every quota a package larger are refused when they use it, and say what is exceeded."""
    refused = 0
    for trial in trials(2 * NUM_TRIALS):
        larger = tuple(
            dataclasses.replace(rule, quota=rule.quota + 1 if rule.quota else None) for rule in trial.world.rules
        )
        if all(rule.quota is None for rule in larger):
            continue
        forbidding = [rule.is_forbidding for rule in trial.world.rules]
        larger = tuple(
            dataclasses.replace(rule, is_forbidden=forbids) for rule, forbids in zip(larger, forbidding, strict=True)
        )
        try:
            packages = solve_by_enumeration(dataclasses.replace(trial.world, rules=larger, memo={})).packages
        except TooManyPlansError:
            continue
        _, wrong = judge(trial.world, packages)
        report = check_plan(trial.problem, plan_of(trial.problem, packages))
        assert report.is_feasible == (not wrong), (trial.name, wrong, report.violations)
        assert all("EXCEEDED" in violation.code for violation in report.violations), trial.name
        refused += bool(wrong)
    assert refused >= 3


def test_checker_charges_plans_that_ignore_prices() -> None:
    """Plans that are best when prices are ignored pay them all the same, under the term of rules."""
    charged = 0
    for trial in trials():
        packages = without_rules(trial, "per_package", "per_line", "per_unit")
        if packages is None:
            continue
        costs, wrong = judge(trial.world, packages)
        assert wrong == [], trial.name
        report = check_plan(trial.problem, plan_of(trial.problem, packages))
        assert report.costs is not None
        assert report.costs.rules == costs["rules"], trial.name
        assert report.costs.total == sum(costs.values()) >= trial.cost, trial.name
        charged += costs["rules"] > 0
    assert charged >= 5


def test_checker_agrees_about_changed_plans() -> None:
    """Plans with random changes are refused by both or by neither, and cost the same term by term."""
    priced = 0
    for number, trial in enumerate(trials()):
        assert trial.packages is not None
        picks = RandomPicks(500 + number)
        for _ in range(3):
            packages = mutated(trial, trial.packages, picks)
            costs, wrong = judge(trial.world, packages)
            report = check_plan(trial.problem, plan_of(trial.problem, packages))
            assert report.is_feasible == (not wrong), (trial.name, packages, wrong, report.violations)
            if not wrong:
                assert report.costs is not None
                assert (report.costs.rules, report.costs.shipping) == (costs["rules"], costs["shipping"]), trial.name
                priced += costs["rules"] > 0
    assert priced


def test_checker_refuses_prices_of_quotas_that_are_not_there() -> None:
    """A price on a rule without a quota, on a quota's wrong period or outside its dates is told."""
    seen = 0
    for trial in trials():
        days = ship_days(trial.world)
        for rule in trial.world.rules:
            if rule.is_surcharge or not days:
                continue
            wrong = [None] if not rule.quota or rule.is_quota_per_day else []
            wrong += [day for day in days if not rule.quota or not rule.is_quota_per_day or not rule.holds_on(day)]
            for day in wrong:
                certificate = certificate_of(trial.problem, {("rule_quota", rule.name, day): 5}, bound=-(10**17))
                assert check_certificate(trial.problem, certificate).violations, (trial.name, rule.name, day)
                seen += 1
    assert seen >= 20


# --- problems read twice ----------------------------------------------------------------------


def test_what_rules_set_is_in_the_tables_of_the_problem() -> None:
    """Limits of orders and safety stock in force are those that the oracles find, and what was given is kept."""
    stricter = 0
    for trial in trials():
        problem, world = trial.problem, trial.world
        packages = [2**62 if order.max_packages is None else order.max_packages for order in world.orders]
        assert problem.orders.max_packages.tolist() == packages, trial.name
        complete = [order.is_ship_complete for order in world.orders]
        assert problem.orders.is_ship_complete.tolist() == complete, trial.name
        for column, limit, none in (
            ("max_distance_km", world.max_distance_km, float("inf")),
            ("max_transit_days", world.max_transit_days, 2**62),
        ):
            own = [getattr(order, column) for order in world.orders]
            found = getattr(problem.orders, column)
            if found is None:
                assert own == [None] * len(own), trial.name
                continue
            limits = [[said for said in (limit, mine) if said is not None] for mine in own]
            assert found.tolist() == [float(min(said)) if said else none for said in limits], trial.name
        left = (problem.stock.on_hand - problem.stock.reserved - problem.stock.safety_stock).clip(0).tolist()
        places = zip(problem.stock.node_idx.tolist(), problem.stock.sku_idx.tolist(), strict=True)
        named = [(problem.nodes.node_id[node], problem.skus.sku_id[sku]) for node, sku in places]
        assert dict(zip(named, left, strict=True)) == world.available, trial.name
        given = problem.as_given
        stricter += given is not problem and (given.stock.safety_stock != problem.stock.safety_stock).any()
        stricter += (given.orders.max_packages != problem.orders.max_packages).any()
        assert world_from_problem(problem).rules == world.rules, trial.name
    assert stricter >= 3
