"""Scenarios and sweeps written out: for each name the operations that make it of the baseline, in their order."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from splitship.errors import Finding
from splitship.packs.arithmetic import ExpressionFaultError, read_expression
from splitship.packs.cell_values import NUMBERS, decimal_text
from splitship.packs.columns import Column
from splitship.packs.findings import Findings, suggest
from splitship.packs.rule_source import Place
from splitship.packs.scalars import decimal_of
from splitship.packs.scenario_settings import Operation, Sweep
from splitship.packs.schema import TABLES
from splitship.packs.settings import Settings
from splitship.packs.text import cell_text

MAX_SCENARIOS = 1000
"""Scenarios that all sweeps of a pack may have together."""
SHOWN_NAMES = 20
"""Names of scenarios that a message lists."""

Path = tuple[str | int, ...]
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class PlacedOperation:
    """An operation, the overlay (or sweep) it belongs to, and its path in the settings."""

    overlay: str
    path: Path
    operation: Operation


@dataclass(frozen=True, slots=True)
class ScenarioSteps:
    """A scenario: what it extends, what it applies to that, and all operations from the baseline on.

    `applies` names overlays, `values` the parameters of a scenario of the sweep `sweep` ('' for any other).
    """

    name: str
    note: str
    extends: str
    applies: tuple[str, ...]
    operations: tuple[PlacedOperation, ...]
    sweep: str = ""
    values: tuple[tuple[str, str], ...] = ()

    @property
    def overlays(self) -> tuple[str, ...]:
        """Overlays in the order of their application, each once."""
        return tuple(dict.fromkeys(step.overlay for step in self.operations))


def write_out(settings: Settings, place: Place, findings: Findings) -> dict[str, ScenarioSteps]:
    """Every scenario by name, `baseline` first, those of sweeps last; what is wrong with sweeps is told."""
    written: dict[str, ScenarioSteps] = {}
    for name in settings.scenario_names:
        entry = settings.scenarios.get(name)
        operations = [step for overlay in settings.overlays_of(name) for step in _of_overlay(settings, overlay)]
        extends = (entry.extends if entry else None) or ("" if name == "baseline" else "baseline")
        applies = tuple(entry.apply) if entry else ()
        written[name] = ScenarioSteps(name, entry.note if entry else "", extends, applies, tuple(operations))
    left = MAX_SCENARIOS
    for name, sweep in settings.sweeps.items():
        reader = _SweepReader(name, sweep, place, findings)
        if not reader.is_sound(left):
            continue
        for steps in reader.scenarios(settings, written[sweep.base]):
            left -= 1
            if steps.name in written:
                reader.tell("E302", (), f"there is a scenario {steps.name!r} already", "rename one of them", True)
            written[steps.name] = steps
    return written


def names_in_words(names: Sequence[str]) -> str:
    """Names of scenarios for a reader, not too many."""
    more = f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else ""
    return ", ".join(names[:SHOWN_NAMES]) + more


def no_scenario(name: str, names: Sequence[str], place: str) -> Finding:
    """There is none of this name; it lists those there are."""
    message = f"no scenario {name!r}; there are {names_in_words(names)}"
    return Finding(place, "E302", message, suggest(name, names), "error", "scenarios")


def _of_overlay(settings: Settings, name: str) -> Iterator[PlacedOperation]:
    for at, operation in enumerate(settings.overlays.get(name, ())):
        yield PlacedOperation(name, ("overlays", name, at), operation)


class _SweepReader:
    def __init__(self, name: str, sweep: Sweep, place: Place, findings: Findings) -> None:
        self.name = name
        self.sweep = sweep
        self.place = place
        self.findings = findings
        self._told: set[Path] = set()

    def tell(self, code: str, path: Path, message: str, hint: str = "", about_key: bool = False) -> None:
        """One finding about a part of the sweep, the first for each part."""
        path = ("sweeps", self.name, *path)
        if path not in self._told:
            self._told.add(path)
            self.findings.add(code, self.place(path, about_key), message, hint, ".".join(map(str, path)), "settings")

    def is_sound(self, most: int) -> bool:
        """Names and values can be used, and are not too many."""
        before = len(self._told)
        count = 1
        if not self.sweep.vary:
            self.tell("E113", ("vary",), "a sweep needs a name and its values", "such as vary: {pct: [0, 5, 10]}")
        for name, values in self.sweep.vary.items():
            count *= len(values)
            texts = [cell_text(value) for value in values]
            if not _NAME.fullmatch(name):
                hint = "letters, digits and _, not beginning with a digit"
                self.tell("E113", ("vary", name), f"{name!r} cannot be a name in arithmetic", hint, True)
            elif not values:
                self.tell("E113", ("vary", name), "expected a list of values")
            for at, text in enumerate(texts):
                if not text or any(sign in text for sign in "[],="):
                    self.tell("E113", ("vary", name, at), f"expected a number or a plain word, got {text!r:.60}")
                elif text in texts[:at]:
                    self.tell("E113", ("vary", name, at), f"{text} stands twice")
        if count > most:
            message = f"the sweeps of a pack make at most {MAX_SCENARIOS:,} scenarios together, this one {count:,}"
            self.tell("E113", ("vary",), message, "vary fewer values")
        return len(self._told) == before

    def scenarios(self, settings: Settings, base: ScenarioSteps) -> Iterator[ScenarioSteps]:
        """One for each combination of the values."""
        names = list(self.sweep.vary)
        lists = [[cell_text(value) for value in values] for values in self.sweep.vary.values()]
        for combination in itertools.product(*lists):
            values = dict(zip(names, combination, strict=True))
            label = ",".join(f"{name}={value}" for name, value in values.items())
            own: list[PlacedOperation] = []
            for at, step in enumerate(self.sweep.apply):
                if isinstance(step, str):
                    own.extend(_of_overlay(settings, step))
                else:
                    filled = _Filling(self, ("apply", at), values).operation(step)
                    own.append(PlacedOperation(self.name, ("sweeps", self.name, "apply", at), filled))
            applies = tuple(step if isinstance(step, str) else self.name for step in self.sweep.apply)
            yield ScenarioSteps(
                f"{self.name}[{label}]",
                self.sweep.note,
                self.sweep.base,
                tuple(dict.fromkeys(applies)),
                (*base.operations, *own),
                self.name,
                tuple(values.items()),
            )


class _Filling:
    """Puts the values of the parameters into one operation of a sweep."""

    def __init__(self, reader: _SweepReader, path: Path, values: Mapping[str, str]) -> None:
        self.reader = reader
        self.path = path
        self.values = values
        self.numbers = {name: Fraction(decimal_of(text)) for name, text in values.items() if _is_decimal(text)}

    def operation(self, step: Operation) -> Operation:
        """The operation with values in place of expressions and names."""
        changes: dict[str, Any] = {}
        for kind in ("add", "multiply"):
            if step.step(kind) is not None:
                changes[kind] = {name: self.number((kind, name), value) for name, value in step.step(kind).items()}
        if step.clamp is not None:
            changes["clamp"] = {
                name: {end: self.number(("clamp", name, end), value) for end, value in ends.items()}
                for name, ends in step.clamp.items()
            }
        if step.set_ is not None:
            changes["set_"] = {name: self.cell(step, ("set", name), name, value) for name, value in step.set_.items()}
        if step.upsert is not None:
            changes["upsert"] = [
                {name: self.cell(step, ("upsert", at, name), name, value) for name, value in row.items()}
                for at, row in enumerate(step.upsert)
            ]
        if step.where is not None:
            changes["where"] = {name: self.condition(("where", name), value) for name, value in step.where.items()}
        return step.model_copy(update=changes)

    def number(self, path: Path, value: object) -> object:
        """The value of an expression, as decimal text where that is exact, else as a fraction."""
        if not isinstance(value, str) or _is_decimal(value):
            return value
        try:
            found = read_expression(value).value(self.numbers)
        except ExpressionFaultError as fault:
            hint = f"numbers vary in {', '.join(self.numbers)}" if self.numbers else "no name here varies over numbers"
            self.reader.tell("E307", (*self.path, *path), f"{fault}, got {value!r:.80}", hint)
            return "0"
        text = decimal_text(found)
        return found if text is None else text

    def cell(self, step: Operation, path: Path, column: str, value: object) -> object:
        """A cell or setting: the expression's value where numbers stand; elsewhere a name that varies, or the text."""
        if not isinstance(value, str):
            return value
        if value.strip() in self.values:
            return self.values[value.strip()]
        is_expression = _holds_numbers(step, column) and any(name in self.values for name in _NAME.findall(value))
        found = self.number(path, value) if is_expression else value
        if isinstance(found, Fraction):
            message = f"{float(found):.6g}... has no end, got {value!r:.80}"
            self.reader.tell("E307", (*self.path, *path), message, "choose another number")
            return "0"
        return found

    def condition(self, path: Path, value: object) -> object:
        """A condition: names that vary stand for their values."""
        if isinstance(value, list):
            return [self.condition((*path, at), part) for at, part in enumerate(value)]
        if isinstance(value, Mapping):
            return {key: self.condition((*path, key), part) for key, part in value.items()}
        return self.values.get(value, value) if isinstance(value, str) else value


def _is_decimal(text: str) -> bool:
    try:
        decimal_of(text)
    except ValueError:
        return False
    return True


def _holds_numbers(step: Operation, name: str) -> bool:
    """Is it a setting, or a column of numbers?"""
    if step.table is None:
        return True
    table = TABLES[step.table]
    column: Column | None = table.column(name) if name in table.column_names else None
    return column is None or column.kind in NUMBERS
