"""The checker about rules and surcharges: plans that ignore them, prices of their quotas, and what they set."""

from __future__ import annotations

import dataclasses

import pytest

from oracles.brute import Package, TooManyPlansError, bound_at_prices, solve_by_enumeration
from oracles.generate import RandomPicks, build
from oracles.plans import judge
from oracles.rules import Rule
from oracles.world import world_from_problem
from properties.changes import behind_many_rules
from properties.trials import Trial, certificate_of, mutated, plan_of, random_prices, rule_trials, ship_days
from splitship.check import check_certificate, check_plan

NUM_TRIALS = 64


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
    for trial in rule_trials(2 * NUM_TRIALS):
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
    for trial in rule_trials(2 * NUM_TRIALS):
        larger = tuple(
            dataclasses.replace(rule, quota=rule.quota + 1 if rule.quota else rule.quota) for rule in trial.world.rules
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
    for trial in rule_trials(NUM_TRIALS):
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
    for number, trial in enumerate(rule_trials(NUM_TRIALS)):
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
    for trial in rule_trials(NUM_TRIALS):
        days = ship_days(trial.world)
        for rule in trial.world.rules:
            if rule.is_surcharge or not days:
                continue
            wrong = [None] if not rule.counts or rule.is_quota_per_day else []
            wrong += [day for day in days if not rule.counts or not rule.is_quota_per_day or not rule.holds_on(day)]
            for day in wrong:
                certificate = certificate_of(trial.problem, {("rule_quota", rule.name, day): 5}, bound=-(10**17))
                assert check_certificate(trial.problem, certificate).violations, (trial.name, rule.name, day)
                seen += 1
    assert seen >= 20


def test_checker_finds_the_same_behind_many_rules() -> None:
    """Nor do they for what a plan costs, whether it is feasible, and what prices prove."""
    priced = 0
    for number, trial in enumerate(rule_trials(NUM_TRIALS)):
        problem = build(behind_many_rules(trial.scenario))
        assert trial.packages is not None
        picks = RandomPicks(number)
        for packages in (trial.packages, mutated(trial, trial.packages, picks)):
            costs, wrong = judge(trial.world, packages)
            report = check_plan(problem, plan_of(problem, packages))
            assert report.is_feasible == (not wrong), (trial.name, wrong, report.violations)
            if not wrong:
                assert report.costs is not None
                assert report.costs.total == sum(costs.values()), trial.name
        prices = random_prices(trial, picks)
        report_of_bound = check_certificate(problem, certificate_of(problem, prices, bound=-(10**17)))
        assert report_of_bound.violations == (), trial.name
        assert report_of_bound.bound == bound_at_prices(trial.world, prices), trial.name
        priced += any(key[0] == "rule_quota" for key in prices)
    assert priced


def test_what_rules_set_is_in_the_tables_of_the_problem() -> None:
    """Limits of orders and safety stock in force are those that the oracles find, and what was given is kept."""
    stricter = 0
    for trial in rule_trials(NUM_TRIALS):
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
