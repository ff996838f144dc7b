"""A pack's tables as given and the Problem made of them say the same."""

from __future__ import annotations

import pytest

from cases.harness import CASES, problem_of
from cases.scene import Case
from oracles.world import World, world_from_problem, world_from_tables
from properties.trials import EVERY_BATCH, tiny_batch, wide_batch


def facts_of(world: World) -> dict[str, object]:
    """Everything in a world, in a sequence that does not depend on that of the tables."""
    return {
        name: sorted(value, key=str) if name in ("lanes", "orders") else value
        for name, value in ((name, getattr(world, name)) for name in World.__dataclass_fields__)
        if name != "memo"
    }


@EVERY_BATCH
def test_problem_says_what_the_tables_say(batch: int) -> None:
    """Every fact of random scenarios survives reading, exactly."""
    for trial in tiny_batch(batch) + wide_batch(batch):
        assert facts_of(world_from_problem(trial.problem)) == facts_of(trial.world), trial.name


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_problem_says_what_the_tables_say_of_cases(case: Case) -> None:
    """Every fact of the hand-made cases survives reading too."""
    world = world_from_tables(case.scene.tables, case.scene.settings)
    assert facts_of(world_from_problem(problem_of(case))) == facts_of(world)
