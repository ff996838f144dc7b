"""The scenarios of one pack: bound to its tables when it is read, applied to copies of them when one is asked for."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any

import pandas as pd

from splitship.errors import Finding, InputError
from splitship.packs.build import Built, build
from splitship.packs.cell_values import number_text
from splitship.packs.changes import Applied, Changes, SettingChange, applied, table_changes
from splitship.packs.findings import Findings, Locate, suggest
from splitship.packs.operations import BoundOperation
from splitship.packs.overlaid import Overlaying
from splitship.packs.overlays import Binder
from splitship.packs.rule_source import Place
from splitship.packs.scenario_settings import Operation
from splitship.packs.scenarios import Path, PlacedOperation, ScenarioSteps, write_out
from splitship.packs.schema import TABLES
from splitship.packs.settings import Settings
from splitship.spans import spanned


@dataclass(frozen=True, slots=True)
class Scenarios:
    """Every scenario of a pack by name, its operations bound. `locate` and `place` put places of the baseline's cells
    and of settings into words."""

    tables: Mapping[str, pd.DataFrame]
    settings: Settings
    locate: Locate
    place: Place
    features: Collection[str]
    steps: Mapping[str, ScenarioSteps]
    operations: Mapping[str, tuple[BoundOperation, ...]]


@dataclass(frozen=True, slots=True)
class Applying:
    """A scenario's tables and settings, what they change, and findings so far (warnings only)."""

    tables: Mapping[str, pd.DataFrame]
    settings: Settings
    changes: Changes
    overlaying: Overlaying
    findings: Findings


def bind_scenarios(
    tables: Mapping[str, pd.DataFrame],
    settings: Settings,
    locate: Locate,
    place: Place,
    findings: Findings,
    folder: FilePath | None = None,
    partial: Collection[str] = (),
    features: Collection[str] = (),
) -> Scenarios:
    """Write out the scenarios of a pack and bind every operation, used or not; what is wrong is told.

    `partial` names tables that could not be read as a whole; operations on them are passed over.
    """
    steps = write_out(settings, place, findings)
    binder = Binder(tables, folder, place, findings, partial)
    of_overlays: dict[Path, BoundOperation | None] = {}
    for name, overlay in settings.overlays.items():
        for at, operation in enumerate(overlay):
            step = PlacedOperation(name, ("overlays", name, at), operation)
            of_overlays[step.path] = binder.bind(step)
    operations: dict[str, tuple[BoundOperation, ...]] = {}
    for name, scenario in steps.items():
        faults = findings.num_faults
        bound = [
            of_overlays[step.path] if step.path in of_overlays else binder.bind(step) for step in scenario.operations
        ]
        operations[name] = tuple(operation for operation in bound if operation is not None)
        if findings.num_faults > faults:
            break  # the other scenarios of a sweep have the same faults
    return Scenarios(tables, settings, locate, place, features, steps, operations)


def bind_steps(base: Scenarios, steps: Sequence[str | Operation], name: str, folder: FilePath | None) -> Scenarios:
    """A scenario made on the spot, bound to the tables of a pack whose scenarios are `base`; the only one of its own.

    Raises:
        PackError: an operation does not fit its table, or there is no overlay of a name; with every fault.
    """
    findings = Findings(base.locate)
    binder = Binder(base.tables, folder, base.place, findings)
    placed = place_steps(base, steps, name, base.place, findings)
    operations = [binder.bind(step) for step in placed]
    findings.raise_faults()
    applies = tuple(dict.fromkeys(step.overlay for step in placed))
    made = ScenarioSteps(name, "", "baseline", applies, tuple(placed))
    bound = tuple(operation for operation in operations if operation is not None)
    return dataclasses.replace(base, steps={name: made}, operations={name: bound})


def place_steps(
    base: Scenarios, steps: Sequence[str | Operation], name: str, place: Place, findings: Findings
) -> list[PlacedOperation]:
    """The operations of a scenario made on the spot, those of overlays that it names among them."""
    placed: list[PlacedOperation] = []
    for at, step in enumerate(steps):
        path: Path = ("scenario", at)
        if isinstance(step, Operation):
            placed.append(PlacedOperation(name, path, step))
        elif step in base.settings.overlays:
            placed.extend(PlacedOperation(step, path, each) for each in base.settings.overlays[step])
        else:
            known = list(base.settings.overlays)
            hint = suggest(step, known) or (f"there are {', '.join(known)}" if known else "this pack has none")
            findings.add("E302", place(path, False), f"no overlay {step!r}", hint)
    return placed


@spanned("scenario")
def apply_scenario(scenarios: Scenarios, name: str) -> Applying:
    """Apply a scenario's operations to copies of the tables.

    Raises:
        PackError: an operation cannot be applied; with every fault.
    """
    findings = Findings(scenarios.locate)
    overlaying = Overlaying(scenarios.tables, scenarios.locate, findings)
    changed = _ChangedSettings(scenarios.settings, findings)
    told: list[Applied] = []
    for operation in scenarios.operations[name]:
        if operation.section is None:
            overlaying.apply(operation, TABLES[operation.table])
            told.append(applied(operation, overlaying.num_rows[-1]))
        else:
            changed.apply(operation)
            told.append(applied(operation, len(operation.settings)))
    findings.raise_faults()
    changes = Changes(name, tuple(told), table_changes(overlaying), changed.changes())
    findings.locate = overlaying.locate
    return Applying(overlaying.frames(), changed.settings, changes, overlaying, findings)


def build_scenario(scenarios: Scenarios, name: str, applying: Applying) -> Built:
    """Validate a scenario's tables like any others and build its problem.

    Raises:
        PackError: with every fault, placed at the overlay that wrote the cell, or at the cell of the baseline.
        UnsupportedError: the scenario uses features that are not built.
    """
    findings = applying.findings
    built = build(applying.tables, applying.settings, findings, name, features=scenarios.features)
    if built is None:
        raise _with_removals(findings.error(), scenarios, name)
    return built


def _with_removals(error: InputError, scenarios: Scenarios, name: str) -> InputError:
    """References into tables from which the scenario removed rows get a hint that says where."""
    removals = [operation for operation in scenarios.operations[name] if operation.kind == "remove"]
    if not removals:
        return error
    hint = "; ".join(f"rows of {operation.table} are removed at {operation.place(None)}" for operation in removals)
    listed = [
        Finding(each.where, each.code, each.message, hint, each.severity, each.field)
        if each.code == "E301" and each.message != "" and not each.message.startswith("...")
        else each
        for each in error.findings
    ]
    return type(error)(listed)


class _ChangedSettings:
    def __init__(self, settings: Settings, findings: Findings) -> None:
        self.base = settings
        self.settings = settings
        self.findings = findings
        self._writers: dict[tuple[str, str], BoundOperation] = {}

    def apply(self, operation: BoundOperation) -> None:
        section = str(operation.section)
        part = getattr(self.settings, section).model_copy(update=dict(operation.settings))
        self.settings = self.settings.model_copy(update={section: part})
        for name in operation.settings:
            before = self._writers.get((section, name))
            if before is not None and before.step.overlay != operation.step.overlay:
                message = f"{section}.{name} was set before, by the overlay {before.step.overlay}"
                where = operation.place(name)
                self.findings.add("W611", where, message, "the later one counts", operation.name, "settings")
            self._writers[section, name] = operation

    def changes(self) -> tuple[SettingChange, ...]:
        found = []
        for (section, name), operation in self._writers.items():
            old, new = (getattr(getattr(settings, section), name) for settings in (self.base, self.settings))
            if old != new:
                found.append(SettingChange(section, name, _text(old), _text(new), operation.step.overlay))
        return tuple(found)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return number_text(value) if isinstance(value, Decimal) else str(value)
