"""The checker against the oracle's judge: which plans are feasible, and what they cost to the micro."""

from __future__ import annotations

import dataclasses

from oracles.generate import RandomPicks
from oracles.plans import TERMS, judge
from properties.trials import EVERY_BATCH, mutated, plan_of, tiny, tiny_batch
from splitship.check import check_plan
from splitship.domain import Problem
from splitship.units import Amounts


@EVERY_BATCH
def test_checker_accepts_the_best_plan_and_finds_its_cost(batch: int) -> None:
    """The brute force's plan passes, and every term of its cost is the same."""
    for trial in tiny_batch(batch):
        assert trial.packages is not None
        report = check_plan(trial.problem, plan_of(trial.problem, trial.packages))
        assert report.violations == (), trial.name
        assert report.costs is not None
        costs, _ = judge(trial.world, trial.packages)
        assert {term: getattr(report.costs, term) for term in TERMS} == costs, trial.name
        assert report.costs.total == trial.cost, trial.name


@EVERY_BATCH
def test_checker_refuses_exactly_the_wrong_plans(batch: int) -> None:
    """Plans with random changes are refused by both or by neither, and cost the same where they are possible."""
    refused = accepted = 0
    for number, trial in enumerate(tiny_batch(batch)):
        assert trial.packages is not None
        picks = RandomPicks(1000 * batch + number)
        for _ in range(4):
            packages = mutated(trial, trial.packages, picks)
            costs, wrong = judge(trial.world, packages)
            report = check_plan(trial.problem, plan_of(trial.problem, packages))
            assert report.is_feasible == (not wrong), (trial.name, packages, wrong, report.violations)
            if wrong:
                refused += 1
            else:
                accepted += 1
                assert report.costs is not None
                assert report.costs.total == sum(costs.values()), (trial.name, packages)
    assert refused >= 10
    assert accepted >= 5


def dearer_by_a_micro(problem: Problem) -> Problem:
    """The same problem with every rate a micro higher: a planted fault in the tariff."""
    rates = problem.rates
    price = Amounts(rates.price.micros + 1, rates.price.atto)
    return dataclasses.replace(problem, rates=dataclasses.replace(rates, price=price))


def test_a_tariff_fault_of_a_micro_is_seen() -> None:
    """The comparison above can fail: it does with rates a micro off, for every plan that ships."""
    seen = 0
    for seed in range(20):
        trial = tiny(seed)
        if trial is None or not trial.packages:
            continue
        report = check_plan(dearer_by_a_micro(trial.problem), plan_of(trial.problem, trial.packages))
        assert report.costs is not None
        assert report.costs.total == trial.cost + len(trial.packages)
        seen += 1
    assert seen
