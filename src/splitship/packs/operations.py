"""Operations bound to their tables: what is done, to which rows, written where; and the same in words."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from splitship.domain.where import Condition, Where, condition_text
from splitship.packs.cell_values import decimal_text
from splitship.packs.scenario_settings import Section, StepKind
from splitship.packs.scenarios import PlacedOperation
from splitship.packs.text import cell_text

PlaceOf = Callable[[str | None], str]
"""Column -> the place where its value is written; None -> that of the row or operation."""


@dataclass(frozen=True, slots=True)
class UpsertRow:
    """A row to put into a table: cells by column, and where they are written."""

    cells: Mapping[str, str]
    place: PlaceOf


@dataclass(frozen=True, slots=True)
class BoundOperation:
    """An operation that fits its table. What is done, by `kind`: `cells` (set: text by column), `numbers` (add,
    multiply: a number by column; clamp: least and most), `rows` (upsert), `settings` (typed values by name)."""

    step: PlacedOperation
    kind: StepKind
    table: str
    section: Section | None
    where: Where
    place: PlaceOf
    cells: Mapping[str, str] = dataclasses.field(default_factory=dict)
    numbers: Mapping[str, tuple[Fraction | None, Fraction | None]] = dataclasses.field(default_factory=dict)
    rows: tuple[UpsertRow, ...] = ()
    settings: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name in findings: `overlays.close_atl.0`."""
        return ".".join(map(str, self.step.path))

    @property
    def words(self) -> str:
        """What it does: `nodes where node_id is 'ATL1': set open = false`."""
        where = " and ".join(_condition_words(name, condition) for name, condition in self.where)
        head = f"{self.table or self.section}{' where ' + where if where else ''}: "
        match self.kind:
            case "set":
                given = self.step.operation.set_ if self.section else self.cells
                return head + "set " + ", ".join(f"{name} = {_shown(value)}" for name, value in (given or {}).items())
            case "remove":
                return head + "remove the rows"
            case "upsert":
                return head + f"upsert {len(self.rows):,} row{'' if len(self.rows) == 1 else 's'}"
            case "upsert_from":
                return head + f"upsert {len(self.rows):,} rows of {self.step.operation.upsert_from}"
            case "clamp":
                return head + "clamp " + ", ".join(_range_text(name, ends) for name, ends in self.numbers.items())
        done = [
            f"add {_fraction_text(number)} to {name}"
            if self.kind == "add"
            else f"multiply {name} by {_fraction_text(number)}"
            for name, (number, _) in self.numbers.items()
        ]
        return head + ", ".join(done)


def _condition_words(name: str, condition: Condition) -> str:
    text = condition_text(condition)
    return f"{name} {text}" if text.startswith((">", "<")) else f"{name} is {text}"


def _shown(value: object) -> str:
    text = cell_text(value)
    return text if text and len(text) <= 60 else repr(text[:60])


def _fraction_text(number: Fraction | None) -> str:
    return "" if number is None else decimal_text(number) or str(number)


def _range_text(name: str, ends: tuple[Fraction | None, Fraction | None]) -> str:
    least, most = map(_fraction_text, ends)
    return f"{name} to {least or '...'} .. {most or '...'}"
