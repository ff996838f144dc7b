"""Words for where overlays write. Packs go to other processes, so these are no closures."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from splitship.packs.rule_source import Place
from splitship.packs.scenario_settings import StepKind

_Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class PlaceInFile:
    """A place in a settings file by its path: where keys and values stand, by line and column."""

    name: str
    of_keys: Mapping[_Path, tuple[int, int]]
    of_values: Mapping[_Path, tuple[int, int]]

    def __call__(self, at: _Path, about_key: bool) -> str:
        """The place in words."""
        spots = self.of_keys if about_key and at in self.of_keys else self.of_values
        line, column = spots.get(at, (1, 1))
        return f"{self.name}:{line}:{column}"


@dataclass(frozen=True, slots=True)
class PlaceOfColumn:
    """Where an operation writes a column; None is the operation."""

    place: Place
    path: _Path
    kind: StepKind

    def __call__(self, column: str | None) -> str:
        """The place in words."""
        return self.place(self.path if column is None else (*self.path, self.kind, column), False)


@dataclass(frozen=True, slots=True)
class PlaceInListedRow:
    """Where a row of an `upsert` writes a column; None, or a column it does not write, is the row."""

    place: Place
    path: _Path
    columns: Collection[str]

    def __call__(self, column: str | None) -> str:
        """The place in words."""
        return self.place(self.path if column is None or column not in self.columns else (*self.path, column), False)


@dataclass(frozen=True, slots=True)
class PlaceInRowOfFile:
    """Where a row of an `upsert_from` file writes a column; None, or a column it does not have, is its line."""

    line: str
    positions: Mapping[str, int]

    def __call__(self, column: str | None) -> str:
        """The place in words."""
        at = None if column is None else self.positions.get(column)
        return self.line if at is None else f"{self.line}:{at}"
