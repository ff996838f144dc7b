"""Scenarios that a pack's own file does not define: said in a program or in a message, in the grammar of overlays."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from splitship.packs.findings import Findings, suggest
from splitship.packs.in_scenario import Scenarios, place_steps
from splitship.packs.operations import BoundOperation
from splitship.packs.overlays import Binder
from splitship.packs.scenario_settings import BASELINE
from splitship.packs.scenarios import MAX_SCENARIOS, ScenarioSteps
from splitship.packs.settings import check_steps
from splitship.packs.steps import plain_steps

DefinitionPlace = Callable[[int, tuple[str | int, ...]], str]
"""Puts a place in a definition into words: its number and the path in it, such as (0, ("operations", 2, "set"))."""


def place_in_definition(number: int, path: tuple[str | int, ...]) -> str:
    """A place in words: `definitions[0].operations[2].set.open`."""
    text = f"definitions[{number}]"
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text


@dataclass(frozen=True, slots=True)
class ScenarioDefinition:
    """A scenario: its operations as plain values, as the section `overlays` of a pack has them, after those of
    `extends`.
    """

    name: str
    operations: Sequence[Mapping[str, Any]]
    note: str = ""
    extends: str = BASELINE


def more_scenarios(
    scenarios: Scenarios, definitions: Sequence[ScenarioDefinition], place: DefinitionPlace, findings: Findings
) -> Scenarios:
    """The scenarios of a pack and further ones; a definition may extend the pack's and those before it.

    What is wrong with a definition is told in `findings`, and the definition left out. No operation can read a file
    (`upsert_from`).
    """
    steps, operations = dict(scenarios.steps), dict(scenarios.operations)
    for number, definition in enumerate(definitions):
        name, extends = definition.name, definition.extends or BASELINE
        if len(steps) > MAX_SCENARIOS:
            findings.add("E302", place(number, ("name",)), f"more than {MAX_SCENARIOS} scenarios", "send fewer", "name")
            break
        if not name or name in steps:
            what = f"there is a scenario {name!r} already" if name else "a scenario needs a name"
            findings.add("E302", place(number, ("name",)), what, "give it another one", "name")
        elif extends not in steps:
            hint = suggest(extends, steps)
            findings.add("E302", place(number, ("extends",)), f"no scenario {extends!r}", hint, "extends")
        else:
            bound = _bound(scenarios, definition, lambda path, at=number: place(at, path), findings)  # type: ignore[misc]
            if bound is None:
                continue
            placed = tuple(operation.step for operation in bound)
            applies = (name,) if placed else ()
            steps[name] = ScenarioSteps(name, definition.note, extends, applies, steps[extends].operations + placed)
            operations[name] = operations[extends] + bound
    return dataclasses.replace(scenarios, steps=steps, operations=operations)


def _bound(
    scenarios: Scenarios,
    definition: ScenarioDefinition,
    place: Callable[[tuple[str | int, ...]], str],
    findings: Findings,
) -> tuple[BoundOperation, ...] | None:
    """The operations of a definition, fit to the pack's tables; None when something is wrong with them."""
    faults = findings.num_faults

    def place_in(path: tuple[str | int, ...], about_key: bool) -> str:
        return place(("operations", *path[1:]))

    steps = check_steps(plain_steps(list(definition.operations)), place_in, findings)
    if steps is None:
        return None
    binder = Binder(scenarios.tables, None, place_in, findings)
    placed = place_steps(scenarios, steps, definition.name, place_in, findings)
    bound = [binder.bind(step) for step in placed]
    found = tuple(operation for operation in bound if operation is not None)
    return found if findings.num_faults == faults else None
