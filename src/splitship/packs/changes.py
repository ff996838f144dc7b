"""What a scenario changes: table by table, row by row, cell by cell, by value and not by spelling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from splitship.packs.operations import BoundOperation
from splitship.packs.overlaid import OverlaidTable, Overlaying, canonical_column
from splitship.units import I64, Bools

ChangeKind = Literal["changed", "added", "removed"]


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that says something else than in the baseline. `row` is the row's key; `overlay` wrote the cell last.

    A row that was added has a change for each filled cell, with `old` None; one that was removed a single change
    without column, with `old` and `new` None.
    """

    kind: ChangeKind
    table: str
    row: str
    column: str
    old: str | None
    new: str | None
    overlay: str


@dataclass(frozen=True, slots=True)
class SettingChange:
    """One setting with another value; texts as they would be written, '' for none."""

    section: str
    name: str
    old: str
    new: str
    overlay: str


@dataclass(frozen=True, slots=True)
class Applied:
    """One operation as it was applied: the overlay, what it does in words, where it stands, rows it was about."""

    overlay: str
    words: str
    place: str
    num_rows: int


class TableChanges:
    """What differs in one table. Rows of `changed` (column -> rows) and `added` are those of the new table."""

    def __init__(self, overlaying: Overlaying, overlaid: OverlaidTable) -> None:
        self.table = overlaid.table.name
        self._overlaying = overlaying
        self._overlaid = overlaid
        self.changed: dict[str, I64] = {}
        self.added: I64 = np.flatnonzero(overlaid.base_row < 0)
        kept = np.zeros(len(overlaid.base), np.bool_)
        kept[overlaid.base_row[overlaid.base_row >= 0]] = True
        self.removed: I64 = np.flatnonzero(~kept)
        for column, writers in overlaid.writers.items():
            rows = np.flatnonzero((writers >= 0) & (overlaid.base_row >= 0))
            spec = overlaid.spec(column)
            old = overlaid.base_columns.get(column)
            before = np.full(len(rows), "", object) if old is None else old[overlaid.base_row[rows]]
            after = overlaid.columns[column][rows]
            differs = _differ(canonical_column(spec, before), canonical_column(spec, after))
            if differs.any():
                self.changed[column] = rows[differs]

    def __len__(self) -> int:
        return self.num_changed_rows + len(self.added) + len(self.removed)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns with changed cells, in the order of the table's contract."""
        known = self._overlaid.table.column_names
        return tuple(
            sorted(self.changed, key=lambda name: (name not in known, known.index(name) if name in known else 0))
        )

    @property
    def num_changed_rows(self) -> int:
        """Rows of the baseline in which a cell differs."""
        return len(np.unique(np.concatenate(list(self.changed.values())))) if self.changed else 0

    @property
    def words(self) -> str:
        """`rates: 340 rows, price`; also how many rows were added and removed."""
        parts = []
        if self.changed:
            parts.append(f"{_rows_text(self.num_changed_rows)}, {', '.join(self.columns)}")
        if len(self.added):
            parts.append(f"{_rows_text(len(self.added))} added")
        if len(self.removed):
            parts.append(f"{_rows_text(len(self.removed))} removed")
        return f"{self.table}: {'; '.join(parts)}"

    def cells(self) -> Iterator[CellChange]:
        """Every difference: changed cells by row, then rows added, then rows removed."""
        overlaid = self._overlaid
        of_row: dict[int, list[str]] = {}
        for column in self.columns:
            for row in self.changed[column].tolist():
                of_row.setdefault(row, []).append(column)
        base = OverlaidTable(overlaid.table, overlaid.base)
        for row in sorted(of_row):
            base_row = int(overlaid.base_row[row])
            for column in of_row[row]:
                old, new = str(base.cells(column)[base_row]), str(overlaid.columns[column][row])
                yield CellChange(
                    "changed", self.table, base.label(base_row), column, old, new, self._writer(column, row)
                )
        for row in self.added.tolist():
            for column, cells in overlaid.columns.items():
                if cells[row] != "":
                    overlay = self._writer(column, row)
                    yield CellChange("added", self.table, overlaid.label(row), column, None, str(cells[row]), overlay)
        for row in self.removed.tolist():
            yield CellChange("removed", self.table, base.label(row), "", None, None, "")

    def _writer(self, column: str, row: int) -> str:
        return self._overlaying.writes[int(self._overlaid.writers[column][row])].operation.step.overlay


@dataclass(frozen=True, slots=True)
class Changes:
    """The operations of a scenario in their order, and what they change of the baseline; tables without any are left
    out."""

    scenario: str
    operations: tuple[Applied, ...]
    tables: tuple[TableChanges, ...]
    settings: tuple[SettingChange, ...]

    @property
    def is_empty(self) -> bool:
        """The scenario says what the baseline says."""
        return not self.tables and not self.settings

    @property
    def lines(self) -> tuple[str, ...]:
        """One line a table (`rates: 340 rows, price`) and a setting (`objective.split: 0.50 -> 1`)."""
        settings = [
            f"{each.section}.{each.name}: {each.old or 'none'} -> {each.new or 'none'}" for each in self.settings
        ]
        return (*(table.words for table in self.tables), *settings)


def table_changes(overlaying: Overlaying) -> tuple[TableChanges, ...]:
    """The tables that differ, in the order in which they were first written to."""
    found = [TableChanges(overlaying, overlaid) for overlaid in overlaying.tables.values()]
    return tuple(changes for changes in found if len(changes))


def applied(operation: BoundOperation, num_rows: int) -> Applied:
    """An operation as it is told."""
    return Applied(operation.step.overlay, operation.words, operation.place(None), num_rows)


def _differ(left: list[str], right: list[str]) -> Bools:
    return np.fromiter((one != other for one, other in zip(left, right, strict=True)), np.bool_, len(left))


def _rows_text(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"
