"""Tables with operations applied to copies of them; every cell remembers which operation wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from splitship.domain.where import TextColumn, Where, where_mask
from splitship.packs.cell_values import (
    NUMBERS,
    CellFaultError,
    canonical_texts,
    cell_number,
    is_number,
    number_cell,
)
from splitship.packs.columns import Column, Table
from splitship.packs.findings import Findings, Locate
from splitship.packs.operations import BoundOperation, PlaceOf, UpsertRow
from splitship.packs.overlays import spec_of
from splitship.packs.text import frame_of, text_column
from splitship.packs.view import to_arrow
from splitship.units import I64, Bools, Strings


@dataclass(frozen=True, slots=True)
class Write:
    """What wrote a cell or added a row: the operation, and the places of what it wrote."""

    operation: BoundOperation
    place: PlaceOf


class OverlaidTable:
    """A table as columns that may be written to. `base_row` [rows] is a row's position in the table as read, -1 for one
    that was added; `added_by` [rows] and `writers` (column -> [rows]) are positions in `writes`, -1 for none."""

    def __init__(self, table: Table, frame: pd.DataFrame | None) -> None:
        self.table = table
        self.base = pd.DataFrame() if frame is None else frame
        names = [str(name) for name in self.base.columns]
        self.columns: dict[str, Strings] = {
            name: _objects(to_arrow(self.base.iloc[:, at]).to_pylist())
            for at, name in enumerate(names)
            if name.strip() and name not in names[:at]
        }
        self.base_columns = dict(self.columns)
        self.base_row: I64 = np.arange(len(self.base))
        self.added_by: I64 = np.full(len(self.base), -1)
        self.writers: dict[str, I64] = {}

    def __len__(self) -> int:
        return len(self.base_row)

    def spec(self, column: str) -> Column | None:
        """The column of the contract, None for an attribute."""
        return spec_of(self.table, column)

    def cells(self, column: str) -> Strings:
        """The cells of a column; of one that is not there, empty."""
        return self.columns[column] if column in self.columns else _objects([""] * len(self))

    def matching(self, where: Where) -> Bools:
        """Rows that meet the conditions; ValueError for an order comparison of an attribute's text."""
        return where_mask(where, self._where_column, len(self))

    def key_rows(self) -> dict[tuple[str, ...], int]:
        """Row by key, the key's parts in canonical text."""
        parts = [canonical_column(self.spec(name), self.cells(name)) for name in self.table.key]
        return {key: row for row, key in enumerate(zip(*parts, strict=True))}

    def write(self, column: str, rows: I64, texts: Strings, writer: int) -> I64:
        """Put texts into cells; returns who wrote them before, [rows]."""
        if column not in self.columns:
            self.columns[column] = self.cells(column)
        elif self.columns[column] is self.base_columns.get(column):
            self.columns[column] = self.columns[column].copy()
        writers = self.writers.setdefault(column, np.full(len(self), -1))
        before: I64 = writers[rows]
        self.columns[column][rows] = texts
        writers[rows] = writer
        return before

    def keep(self, rows: Bools) -> None:
        """Remove all other rows."""
        self.columns = {name: cells[rows] for name, cells in self.columns.items()}
        self.writers = {name: writers[rows] for name, writers in self.writers.items()}
        self.base_row, self.added_by = self.base_row[rows], self.added_by[rows]

    def append(self, writers: Sequence[int]) -> None:
        """Add empty rows at the end."""
        count = len(writers)
        empty, nobody = _objects([""] * count), np.full(count, -1)
        self.columns = {name: np.concatenate([cells, empty]) for name, cells in self.columns.items()}
        self.writers = {name: np.concatenate([known, nobody]) for name, known in self.writers.items()}
        self.base_row = np.concatenate([self.base_row, nobody])
        self.added_by = np.concatenate([self.added_by, np.array(writers, np.int64)])

    def frame(self) -> pd.DataFrame:
        """The table as text."""
        return frame_of(list(self.columns), [text_column(cells.tolist()) for cells in self.columns.values()], len(self))

    def label(self, row: int) -> str:
        """A row by its key, or by its number where there is none."""
        parts = [str(self.cells(name)[row]) for name in self.table.key]
        return " ".join(filter(None, parts)) or f"row {row + 1}"

    def _where_column(self, name: str) -> TextColumn:
        spec = self.spec(name)
        codes, distinct = pd.factorize(self.cells(name))
        texts = canonical_texts(spec, distinct.tolist())
        if spec is not None and spec.kind in NUMBERS:
            texts = [text if is_number(text) else "" for text in texts]
        return TextColumn(_objects(texts), codes.astype(np.int64))


class Overlaying:
    """Applies operations one after the other; what is wrong is told and the operation left out.

    `num_rows` has for each operation how many rows it was about.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame], locate: Locate, findings: Findings) -> None:
        self.base = tables
        self.base_locate = locate
        self.findings = findings
        self.tables: dict[str, OverlaidTable] = {}
        self.writes: list[Write] = []
        self.num_rows: list[int] = []
        self._clashes: set[tuple[int, str, int]] = set()

    def apply(self, operation: BoundOperation, table: Table) -> None:
        """Apply one operation to its table."""
        overlaid = self.tables.get(table.name)
        if overlaid is None:
            overlaid = self.tables[table.name] = OverlaidTable(table, self.base.get(table.name))
        if operation.kind in ("upsert", "upsert_from"):
            self._upsert(operation, overlaid)
            return
        try:
            mask = overlaid.matching(operation.where)
        except ValueError as error:
            self._tell("E304", operation, ("where",), f"{error}", "name the values in a list")
            self.num_rows.append(0)
            return
        rows = np.flatnonzero(mask)
        self.num_rows.append(len(rows))
        if not len(rows):
            message = f"matches no row of {table.name}" if operation.where else f"{table.name} has no rows"
            self._tell("E308", operation, ("where",), message, "look at the conditions, and at earlier operations")
        elif operation.kind == "remove":
            overlaid.keep(~mask)
        elif operation.kind == "set":
            for name, text in operation.cells.items():
                self._write(operation, overlaid, name, rows, _objects([text] * len(rows)))
        else:
            for name in operation.numbers:
                self._calculate(operation, overlaid, name, rows)

    def frames(self) -> dict[str, pd.DataFrame]:
        """All tables, those that were written to in their new form."""
        return {**self.base, **{name: table.frame() for name, table in self.tables.items()}}

    def locate(self, table: str, row: int | None, column: str | None) -> str:
        """The place of a cell: that of the overlay which wrote it (with the cell's own), else the cell's own."""
        overlaid = self.tables.get(table)
        if overlaid is None or row is None:
            return self.base_locate(table, row, column)
        base_row = int(overlaid.base_row[row])
        writer = int(overlaid.writers[column][row]) if column in overlaid.writers else -1
        own = self.base_locate(table, base_row, column) if base_row >= 0 else ""
        if writer >= 0:
            place = self.writes[writer].place(column)
            return f"{place} ({own})" if own else place
        if base_row < 0:
            return self.writes[int(overlaid.added_by[row])].place(None)
        changed = max((int(writers[row]) for writers in overlaid.writers.values()), default=-1)
        return own if changed < 0 else f"{own} (row changed at {self.writes[changed].place(None)})"

    def _tell(self, code: str, operation: BoundOperation, path: tuple[str, ...], message: str, hint: str = "") -> None:
        name = ".".join((operation.name, *path))
        place = operation.place(path[1]) if len(path) > 1 else operation.place(None)
        self.findings.add(code, place, message, hint, name, "settings")

    def _write(self, operation: BoundOperation, table: OverlaidTable, column: str, rows: I64, texts: Strings) -> None:
        self.writes.append(Write(operation, operation.place))
        before = table.write(column, rows, texts, len(self.writes) - 1)
        self._warn(operation, table, column, rows, before)

    def _warn(self, operation: BoundOperation, table: OverlaidTable, column: str, rows: I64, before: I64) -> None:
        """W611: cells that another overlay wrote."""
        for writer in np.unique(before[before >= 0]).tolist():
            other = self.writes[writer].operation
            clash = (id(operation), column, id(other))
            if other.step.overlay == operation.step.overlay or clash in self._clashes:
                continue
            self._clashes.add(clash)
            cells = rows[before == writer]
            more = f" and {len(cells) - 1:,} more" if len(cells) > 1 else ""
            message = (
                f"{table.table.name}.{column} of {table.label(int(cells[0]))}{more} was written before, "
                f"by the overlay {other.step.overlay}"
            )
            self.findings.add(
                "W611", operation.place(column), message, "the later one counts", operation.name, "settings"
            )

    def _calculate(self, operation: BoundOperation, table: OverlaidTable, column: str, rows: I64) -> None:
        spec = table.spec(column)
        codes, distinct = pd.factorize(table.cells(column)[rows])
        results = list(distinct.tolist())
        for code, text in enumerate(results):
            try:
                results[code] = _calculated(operation, spec, column, text)
            except CellFaultError as fault:
                bad = rows[codes == code]
                more = f" (and {len(bad) - 1:,} more)" if len(bad) > 1 else ""
                cell = f"{table.table.name} {table.label(int(bad[0]))}{more}"
                self._tell("E309", operation, (operation.kind, column), f"{cell}: {fault}", fault.hint)
        self._write(operation, table, column, rows, _objects(results)[codes])

    def _upsert(self, operation: BoundOperation, table: OverlaidTable) -> None:
        self.num_rows.append(len(operation.rows))
        if table.table.name not in self.base and table.table.name == "node_services":
            message = "the pack has no table node_services: every node offers every service, and rows would end that"
            self._tell("E305", operation, (operation.kind,), message, "write the whole table first")
            return
        known = table.key_rows() if table.table.key else {}
        found = [known.get(_key_of(table, row), -1) if table.table.key else -1 for row in operation.rows]
        first = len(self.writes)
        self.writes += [Write(operation, row.place) for row in operation.rows]
        new = [at for at, row in enumerate(found) if row < 0]
        start = len(table)
        table.append([first + at for at in new])
        for position, at in enumerate(new):
            found[at] = start + position
        by_columns: dict[tuple[str, ...], list[int]] = {}
        for at, row in enumerate(operation.rows):
            by_columns.setdefault(tuple(row.cells), []).append(at)
        for columns, members in by_columns.items():
            for column in columns:
                self._upsert_column(operation, table, column, members, found, first)

    def _upsert_column(
        self,
        operation: BoundOperation,
        table: OverlaidTable,
        column: str,
        members: list[int],
        found: list[int],
        first: int,
    ) -> None:
        is_key = column in table.table.key
        written = [
            at for at in members if not is_key or (table.base_row[found[at]] < 0 and not table.cells(column)[found[at]])
        ]
        rows = np.array([found[at] for at in written], np.int64)
        texts = _objects([operation.rows[at].cells[column] for at in written])
        before = np.full(len(rows), -1)
        for position, at in enumerate(written):
            before[position] = table.write(
                column, rows[position : position + 1], texts[position : position + 1], first + at
            )[0]
        self._warn(operation, table, column, rows, before)


def canonical_column(spec: Column | None, cells: Strings) -> list[str]:
    """Canonical texts of a whole column."""
    codes, distinct = pd.factorize(cells)
    return _objects(canonical_texts(spec, distinct.tolist()))[codes].tolist() if len(cells) else []


def _calculated(operation: BoundOperation, spec: Column | None, column: str, text: str) -> str:
    """One cell after add, multiply or clamp; unchanged text where the number does not change."""
    if text == "":
        default = spec.default if spec else ""
        words = f"is empty, which stands for {default}" if default else "is empty, and that is no number"
        raise CellFaultError(f"{column} {words}: {operation.kind} needs a number", "set it first, or leave the row out")
    number = cell_number(text)
    first, second = operation.numbers[column]
    result: Fraction = number
    if operation.kind == "add":
        result = number + (first or 0)
    elif operation.kind == "multiply":
        result = number * (first if first is not None else 1)
    else:
        result = max(result, first) if first is not None else result
        result = min(result, second) if second is not None else result
    return text if result == number else number_cell(result, spec)


def _key_of(table: OverlaidTable, row: UpsertRow) -> tuple[str, ...]:
    return tuple(canonical_texts(table.spec(name), [row.cells.get(name, "")])[0] for name in table.table.key)


def _objects(texts: Sequence[str]) -> Strings:
    column = np.empty(len(texts), object)
    column[:] = texts
    return column
