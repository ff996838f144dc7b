"""Faults planted in what the engine and the model work with: the mandatory check refuses every one."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from properties.trials import Trial, arrival_trials, rule_trials, tiny
from splitship import engine
from splitship.domain import PackageRules, Problem, SolveOptions
from splitship.errors import CheckFailedError
from splitship.instance import IMPOSSIBLE, Instance
from splitship.run import solve
from splitship.units import UNLIMITED

CENT = 10_000
ENGINE = SolveOptions(time_limit_s=20.0, gap=0.0, threads=1)
MODEL = dataclasses.replace(ENGINE, method="mip")
# The package exports the function under the module's name.
RUN = sys.modules["splitship.run.solve"]


def trials(is_wanted: Callable[[Trial], bool], count: int) -> Iterator[Trial]:
    """The first tiny trials of some kind."""
    found = (trial for trial in map(tiny, range(200)) if trial is not None and is_wanted(trial))
    for _, trial in zip(range(count), found, strict=False):
        yield trial


def planted(monkeypatch: pytest.MonkeyPatch, change: Callable[[Instance], Instance]) -> None:
    """Every problem compiled from here on is changed, in a solve only: the checker compiles nothing."""
    honest = RUN.compile_problem
    monkeypatch.setattr(RUN, "compile_problem", lambda problem, *more: change(honest(problem, *more)))


def a_cent_dearer(instance: Instance) -> Instance:
    """Every package a cent dearer than its tariff."""
    cost = instance.content_cost
    return dataclasses.replace(instance, content_cost=np.where(cost < IMPOSSIBLE, cost + CENT, cost))


def a_micro_cheaper_to_leave(instance: Instance) -> Instance:
    """Every unfilled unit a micro cheaper."""
    return dataclasses.replace(instance, unfilled_cost=np.maximum(0, instance.unfilled_cost - 1))


def one_more_of_everything(instance: Instance) -> Instance:
    """One more unit or package of every shared resource than there is."""
    rows = instance.resources
    return dataclasses.replace(instance, resources=dataclasses.replace(rows, capacity=rows.capacity + 1))


def ships(trial: Trial) -> bool:
    """The best plan has a package, and not only just: nothing ships costs 10.00 more."""
    nothing = sum(line.quantity * line.unfilled_cost for order in trial.world.orders for line in order.lines)
    return bool(trial.packages) and nothing > trial.cost + 1000 * CENT


def leaves(trial: Trial) -> bool:
    """The best plan leaves units that cost something."""
    shipped = sum(units for package in trial.packages or () for _, units in package.units)
    ordered = sum(line.quantity for order in trial.world.orders for line in order.lines)
    dear = all(line.unfilled_cost for order in trial.world.orders for line in order.lines)
    return dear and shipped < ordered


def test_a_cent_on_the_tariff_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's own package costs, a cent too high: no such answer comes out."""
    chosen = list(trials(ships, 10))
    planted(monkeypatch, a_cent_dearer)
    for trial in chosen:
        with pytest.raises(CheckFailedError, match="the checker computes"):
            solve(trial.problem, ENGINE)


def test_a_micro_on_the_unfilled_cost_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A micro per unfilled unit is enough to be seen."""
    chosen = list(trials(leaves, 10))
    planted(monkeypatch, a_micro_cheaper_to_leave)
    for trial in chosen:
        with pytest.raises(CheckFailedError, match="the checker computes"):
            solve(trial.problem, ENGINE)


@pytest.mark.parametrize("options", [ENGINE, MODEL], ids=["engine", "model"])
def test_supplies_that_are_not_there_are_refused(monkeypatch: pytest.MonkeyPatch, options: SolveOptions) -> None:
    """Where a unit more would change the best plan, a plan that uses it is refused by name."""
    chosen = list(trials(ships, 60))
    planted(monkeypatch, one_more_of_everything)
    refused = 0
    for trial in chosen:
        try:
            result = solve(trial.problem, options)
        except CheckFailedError as error:
            assert "EXCEEDED" in str(error)  # noqa: PT017 (the error may or may not come)
            refused += 1
        else:
            # Nobody needed the extra unit, so the answer is right all the same.
            assert result.objective == pytest.approx(trial.cost, abs=2 * len(result.plan), rel=1e-7)
    assert refused >= 10


def test_a_bound_a_micro_too_high_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A certificate that claims a micro more than its prices prove does not come out."""
    honest = engine.solve

    def boastful(*args: object, **options: object) -> object:
        answer = honest(*args, **options)  # type: ignore[arg-type]
        certificate = dataclasses.replace(answer.certificate, bound=answer.certificate.bound + 1)
        return dataclasses.replace(answer, certificate=certificate)

    monkeypatch.setattr(engine, "solve", boastful)
    for trial in trials(ships, 5):
        with pytest.raises(CheckFailedError, match="BOUND_NOT_PROVEN"):
            solve(trial.problem, ENGINE)


def refused_or_right(
    monkeypatch: pytest.MonkeyPatch,
    chosen: list[Trial],
    options: SolveOptions,
    change: Callable[[Problem], Problem],
) -> int:
    """How many answers are refused when what is solved is not the problem; the others are right all the same."""
    honest = RUN.compile_problem

    def compile_changed(problem: Problem, *more: object) -> Instance:
        return dataclasses.replace(honest(change(problem), *more), problem=problem)

    monkeypatch.setattr(RUN, "compile_problem", compile_changed)
    refused = 0
    for trial in chosen:
        try:
            result = solve(trial.problem, options)
        except CheckFailedError:
            refused += 1
        else:
            assert result.objective == pytest.approx(trial.cost, abs=2 * len(result.plan), rel=1e-7), trial.name
    return refused


# --- rules ------------------------------------------------------------------------------------


def forbids_nothing(rules: PackageRules) -> PackageRules:
    """No rule forbids a package."""
    return dataclasses.replace(rules, is_forbidden=np.zeros_like(rules.is_forbidden))


def prices_nothing(rules: PackageRules) -> PackageRules:
    """No rule and no surcharge asks for money."""
    none = {name: np.zeros_like(getattr(rules, name)) for name in ("per_package", "per_line", "per_unit", "value_cost")}
    return dataclasses.replace(rules, **none)


def counts_nothing(rules: PackageRules) -> PackageRules:
    """No rule has a quota."""
    return dataclasses.replace(rules, quota=np.full_like(rules.quota, UNLIMITED))


def allows_one_more(rules: PackageRules) -> PackageRules:
    """Every quota a package larger."""
    return dataclasses.replace(rules, quota=np.where(rules.has_quota, rules.quota + 1, rules.quota))


FORGOTTEN = (forbids_nothing, prices_nothing, counts_nothing, allows_one_more)


@pytest.mark.parametrize(
    ("forget", "options"),
    # What a solver's plan costs is the checker's to say, so that only the engine can be wrong about prices.
    [
        *((forget, ENGINE) for forget in FORGOTTEN),
        *((forget, MODEL) for forget in FORGOTTEN if forget is not prices_nothing),
    ],
    ids=lambda value: getattr(value, "__name__", None) or value.method,
)
def test_rules_that_are_forgotten_are_refused(
    monkeypatch: pytest.MonkeyPatch, forget: Callable[[PackageRules], PackageRules], options: SolveOptions
) -> None:
    """Packages that are forbidden, beyond a quota, or cheaper than their rules have it: no such answer comes out."""
    has = {
        forbids_nothing: lambda rules: rules.is_forbidden.any(),
        prices_nothing: lambda rules: (rules.per_package + rules.per_line + rules.per_unit).any(),
        # What may be exceeded at a price is no fault, and the price is the checker's to say.
        counts_nothing: lambda rules: rules.has_quota.any() and not rules.is_soft.any(),
        allows_one_more: lambda rules: rules.has_quota.any() and not rules.is_soft.any(),
    }[forget]
    chosen = [trial for trial in rule_trials(120) if has(trial.problem.package_rules)]

    def forgetful(problem: Problem) -> Problem:
        return dataclasses.replace(problem, package_rules=forget(problem.package_rules))

    assert refused_or_right(monkeypatch, chosen, options, forgetful) >= 3


def excess_is_free(problem: Problem) -> Problem:
    """Beyond a soft quota packages cost nothing."""
    rules = problem.package_rules
    rules = dataclasses.replace(rules, over_price=np.where(rules.is_soft, 0, rules.over_price))
    return dataclasses.replace(problem, package_rules=rules)


def test_excess_that_is_free_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan that does not pay for what is beyond a soft quota does not come out at its price."""
    chosen = [trial for trial in rule_trials(160) if trial.problem.package_rules.is_soft.any()]
    assert refused_or_right(monkeypatch, chosen, ENGINE, excess_is_free) >= 2


# --- arrivals ---------------------------------------------------------------------------------


def arriving_a_day_early(problem: Problem) -> Problem:
    """The problem in which everything that arrives can leave a day before it does."""
    inbound = dataclasses.replace(problem.inbound, available_day=problem.inbound.available_day - 1)
    return dataclasses.replace(problem, inbound=inbound)


def lying_there_already(problem: Problem) -> Problem:
    """The problem in which everything that arrives has done so long ago."""
    inbound = dataclasses.replace(problem.inbound, available_day=problem.inbound.available_day - 60)
    return dataclasses.replace(problem, inbound=inbound)


@pytest.mark.parametrize("change", [arriving_a_day_early, lying_there_already])
@pytest.mark.parametrize("options", [ENGINE, MODEL], ids=["engine", "model"])
def test_units_that_ship_before_they_arrive_are_refused(
    monkeypatch: pytest.MonkeyPatch, options: SolveOptions, change: Callable[[Problem], Problem]
) -> None:
    """A plan that takes what is not there yet does not come out."""
    assert refused_or_right(monkeypatch, arrival_trials(48), options, change) >= 3
