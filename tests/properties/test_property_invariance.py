"""What must not change the optimum, what must not raise it, and what must not change a byte of the answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from oracles.generate import MORE, OF_WIDE, Scenario, build
from oracles.world import world_from_tables
from properties.changes import RELAXATIONS, renamed_backwards, scaled, shuffled
from properties.trials import COMBINED, Trial, tiny, wide
from splitship.domain import Result, SolveOptions
from splitship.run import solve

TO_THE_END = SolveOptions(time_limit_s=20.0, gap=0.0, threads=1)
FACTOR = 3


def optimum(scenario: Scenario) -> int:
    """The objective of a scenario run to optimality."""
    return solve(build(scenario), TO_THE_END).objective


def trials_of(batch: int) -> list[Trial]:
    """Some tiny trials, other ones in each batch, some of them with days, rules, arrivals or features of MORE."""
    seeds = range(10 * batch, 10 * batch + 10)
    found = [tiny(seed) for seed in seeds] + [tiny(seed, with_days=True) for seed in seeds[::2]]
    found += [tiny(seed, with_days=bool(seed % 4), with_rules=True) for seed in seeds[::2]]
    found += [tiny(seed, with_rules=bool(seed % 4), with_arrivals=True) for seed in seeds[::2]]
    found += [tiny(seed, more=COMBINED[seed % len(COMBINED)]) for seed in seeds]
    return [trial for trial in found if trial is not None]


@pytest.mark.parametrize("batch", range(4))
def test_optimum_does_not_depend_on_sequence_or_names(batch: int) -> None:
    """Rows in another sequence, and ids that sort the other way round, leave the optimum as it is."""
    for number, trial in enumerate(trials_of(batch)):
        changed = shuffled(trial.scenario, number) if number % 2 else renamed_backwards(trial.scenario)
        assert optimum(changed) == trial.cost, trial.name


@pytest.mark.parametrize("relax", RELAXATIONS, ids=lambda relax: relax.__name__)
def test_more_of_anything_never_makes_it_worse(relax: object) -> None:
    """More stock, more capacity, fewer limits or a longer horizon: no dearer, and somewhere cheaper."""
    cheaper = 0
    for trial in trials_of(5) + trials_of(6):
        cost = optimum(relax(trial.scenario))  # type: ignore[operator]
        assert cost <= trial.cost, trial.name
        cheaper += cost < trial.cost
    assert cheaper


@pytest.mark.parametrize("batch", range(2))
def test_optimum_scales_with_money(batch: int) -> None:
    """Three times every price is three times the optimum, but for what rounding leaves of each term."""
    for trial in trials_of(batch + 8):
        world = world_from_tables(*trial.scenario)
        units = sum(line.quantity for order in world.orders for line in order.lines)
        # Each rounded term is off by half a micro, times three on one side: at most 2 micros. A unit brings at
        # most a package of four terms and a split price, and what each surcharge takes of its value; a substitute, a
        # price of stock and a transfer are one term a unit each, and a kit's cost is rounded twice.
        terms = 9 + len(trial.scenario[0].get("surcharges", ()))
        assert abs(optimum(scaled(trial.scenario, FACTOR)) - FACTOR * trial.cost) <= 2 * terms * units, trial.name


def bytes_of(result: Result) -> tuple[object, ...]:
    """Everything in an answer that must be reproducible."""
    assert result.certificate is not None
    columns = [getattr(result.plan, name) for name in type(result.plan).__dataclass_fields__]
    columns += [getattr(result.certificate, name) for name in type(result.certificate).__dataclass_fields__]
    return (result.objective, result.bound, *(np.asarray(column).tobytes() for column in columns))


@pytest.mark.parametrize(
    ("seed", "features"),
    [
        *((seed, ()) for seed in range(0, 24, 2)),
        *((seed, (True,)) for seed in range(0, 12, 2)),
        *((seed, (False, True)) for seed in range(0, 12, 2)),
        *((seed, (False, False, True)) for seed in range(0, 12, 2)),
        *((seed, (False, False, False, OF_WIDE)) for seed in range(0, 12, 2)),
        *((seed, (False, False, False, tuple(MORE))) for seed in range(1, 12) if seed % 4),
    ],
)
def test_answer_is_the_same_with_the_same_work_and_seed(seed: int, features: tuple[Any, ...]) -> None:
    """Twice with a work limit, and with two threads in place of one: the same plan, prices and bound to the byte."""
    make = tiny if seed % 4 else wide
    trial = make(seed, *features)
    assert trial is not None
    runs = [
        solve(trial.problem, SolveOptions(time_limit_s=None, work_limit=0.5, gap=0.0, seed=7, threads=threads))
        for threads in (1, 1, 2)
    ]
    assert len({bytes_of(run) for run in runs}) == 1, trial.name
