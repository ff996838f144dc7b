"""Operations of overlays against the tables: are the columns there, and can they take what is done to them?"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path as FilePath
from typing import Any

import pandas as pd
from pydantic import ValidationError

from splitship.domain.where import All, AnyOf, Condition, Not, Where
from splitship.packs.cell_values import NUMBERS, canonical_texts, setting_number
from splitship.packs.columns import Column, Kind, Table
from splitship.packs.findings import Findings, suggest
from splitship.packs.operation_places import PlaceInListedRow, PlaceInRowOfFile, PlaceOfColumn
from splitship.packs.operations import BoundOperation, UpsertRow
from splitship.packs.read import SUFFIXES, TableFile, read_csv, read_parquet
from splitship.packs.rule_source import Place
from splitship.packs.scenario_settings import Section
from splitship.packs.scenarios import Path, PlacedOperation
from splitship.packs.schema import TABLES
from splitship.packs.settings import LimitSettings, ObjectiveSettings, SolveSettings
from splitship.packs.text import cell_text
from splitship.packs.view import to_arrow
from splitship.packs.where import read_condition
from splitship.packs.where_columns import MismatchError, canonical_condition, kind_text

SECTION_MODELS: Mapping[Section, type[ObjectiveSettings | LimitSettings | SolveSettings]] = {
    "objective": ObjectiveSettings,
    "limits": LimitSettings,
    "solve": SolveSettings,
}
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Binder:
    """Binds operations to tables; what is wrong is told. `folder` is the pack's, None in memory."""

    tables: Mapping[str, pd.DataFrame]
    folder: FilePath | None
    place: Place
    findings: Findings
    partial: Collection[str] = ()
    _files: dict[tuple[str, str], TableFile | None] = dataclasses.field(default_factory=dict)

    def bind(self, step: PlacedOperation) -> BoundOperation | None:
        """The operation with values in the form of its table's cells; None when something is wrong with it."""
        operation = step.operation
        before = self.findings.num_faults
        bound = BoundOperation(
            step,
            operation.kind,
            operation.table or "",
            operation.settings,
            (),
            PlaceOfColumn(self.place, step.path, operation.kind),
        )
        if operation.settings is not None:
            bound = dataclasses.replace(bound, settings=self._setting_values(step, operation.settings))
        elif operation.table in self.partial:
            return None
        else:
            table = TABLES[bound.table]
            bound = dataclasses.replace(bound, where=self._where(step, table), **self._work(step, table))
        return bound if self.findings.num_faults == before else None

    def _tell(self, code: str, path: Path, message: str, hint: str = "", about_key: bool = False) -> None:
        self.findings.add(code, self.place(path, about_key), message, hint, ".".join(map(str, path)), "settings")

    def _where(self, step: PlacedOperation, table: Table) -> Where:
        found = []
        for name, value in (step.operation.where or {}).items():
            path = (*step.path, "where", name)
            if not self._is_column(table, name, path, "E303"):
                continue
            column = spec_of(table, name)
            condition = read_condition(value)
            try:
                found.append((name, condition if column is None else _by_value(column, condition)))
            except MismatchError as error:
                self._tell("E304", path, str(error), error.hint)
        return tuple(found)

    def _work(self, step: PlacedOperation, table: Table) -> dict[str, Any]:
        operation, kind = step.operation, step.operation.kind
        given = operation.step(kind)
        if kind == "set":
            return {"cells": self._cells(table, given, (*step.path, "set"))}
        if kind in ("add", "multiply"):
            numbers = {
                name: (self._number(table, name, value, (*step.path, kind, name)), None)
                for name, value in given.items()
            }
            return {"numbers": numbers}
        if kind == "clamp":
            return {
                "numbers": {
                    name: self._range(table, name, ends, (*step.path, "clamp", name)) for name, ends in given.items()
                }
            }
        if kind == "upsert":
            return {"rows": self._listed_rows(step, table)}
        if kind == "upsert_from":
            return {"rows": self._file_rows(step, table)}
        return {}

    def _is_column(self, table: Table, name: str, path: Path, code: str) -> bool:
        """Is there such a column, of the contract or an attribute? Told when there is none."""
        if name in table.column_names or self._is_attribute(table.name, name):
            return True
        frame = self.tables.get(table.name)
        held = [] if frame is None else [str(column) for column in frame.columns if str(column)]
        known = [*(column for column in held if column not in table.column_names), *table.column_names]
        listed = ", ".join(known[:_SHOWN]) + (f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else "")
        hint = suggest(name, known) or f"it has {listed}"
        self._tell(code, path, f"the table {table.name} has no column {name!r}", hint, True)
        return False

    def _cells(self, table: Table, given: Mapping[str, Any], path: Path) -> dict[str, str]:
        for name in given:
            self._is_column(table, name, (*path, name), "E305")
        return {name: cell_text(value) for name, value in given.items()}

    def _number(self, table: Table, name: str, value: object, path: Path) -> Fraction | None:
        self._is_column(table, name, path, "E305")
        column = spec_of(table, name)
        if column is not None and column.kind not in NUMBERS:
            self._tell("E306", path, f"arithmetic needs numbers, and {name} holds {kind_text(column)}", "use set")
        if isinstance(value, Fraction):
            return value
        try:
            return setting_number(value)
        except ValueError as error:
            self._tell("E307", path, f"{error}, got {str(value)!r:.80}", "arithmetic with names belongs into sweeps")
            return None

    def _range(
        self, table: Table, name: str, ends: Mapping[str, Any], path: Path
    ) -> tuple[Fraction | None, Fraction | None]:
        least, most = (
            None if ends.get(end) is None else self._number(table, name, ends[end], (*path, end))
            for end in ("min", "max")
        )
        if all(ends.get(end) is None for end in ("min", "max")):
            self._tell("E113", path, "clamp needs min or max")
        if least is not None and most is not None and least > most:
            self._tell("E113", path, "min must not be above max")
        return least, most

    def _listed_rows(self, step: PlacedOperation, table: Table) -> tuple[UpsertRow, ...]:
        rows = []
        for at, given in enumerate(step.operation.upsert or ()):
            path = (*step.path, "upsert", at)
            cells = self._cells(table, given, path)
            rows.append(UpsertRow(cells, PlaceInListedRow(self.place, path, tuple(cells))))
            missing = _missing_key(table, cells)
            if missing:
                self._tell("E113", path, missing)
        return self._distinct(table, rows)

    def _file_rows(self, step: PlacedOperation, table: Table) -> tuple[UpsertRow, ...]:
        name = str(step.operation.upsert_from)
        path = (*step.path, "upsert_from")
        if self.folder is None:
            self._tell("E101", path, "a pack in memory has no files", "give the rows under upsert")
            return ()
        target = self.folder / name
        if not target.resolve().is_relative_to(self.folder.resolve()):
            self._tell("E101", path, f"{name!r:.80} is outside the pack's folder", "move the file into it")
            return ()
        if target.suffix.lower() not in SUFFIXES:
            self._tell("E101", path, f"expected a {' or '.join(SUFFIXES)} file, got {name!r:.80}")
            return ()
        if not target.is_file():
            self._tell("E101", path, f"there is no file {name!r:.80} in the pack's folder")
            return ()
        key = (name, table.name)
        if key not in self._files:
            self._files[key] = self._read(target, name, table)
        file = self._files[key]
        return () if file is None else self._rows_of(file, name, table)

    def _read(self, target: FilePath, name: str, table: Table) -> TableFile | None:
        own = Findings(self.findings.locate)
        file = (read_csv if target.suffix.lower() == ".csv" else read_parquet)(target, table.name, own)
        for finding in own.listed():
            place = finding.where.replace(target.name, name, 1)
            self.findings.add(finding.code, place, finding.message, finding.hint, finding.field, "settings")
        if own.num_faults or file is None:
            return None
        for column, at in file.columns.items():
            if not column.strip():
                self.findings.add("E102", f"{name}:1:{at}", "a column needs a name", kind=name)
            elif column not in table.column_names and not self._is_attribute(table.name, column):
                hint = suggest(column, table.column_names)
                self.findings.add(
                    "E305", f"{name}:1:{at}", f"the table {table.name} has no such column", hint, column, name
                )
        if len(file.columns) < file.frame.shape[1]:
            self.findings.add("E102", f"{name}:1", "a column stands twice", kind=name)
            return None
        return file

    def _is_attribute(self, table: str, column: str) -> bool:
        """Is it a column beside the contract? Conditions of surcharges may be written where there were none."""
        if table == "surcharges" and "." in column:
            return True
        frame = self.tables.get(table)
        return frame is not None and column in map(str, frame.columns)

    def _rows_of(self, file: TableFile, name: str, table: Table) -> tuple[UpsertRow, ...]:
        names = [str(column) for column in file.frame.columns]
        texts = [to_arrow(file.frame.iloc[:, at]).to_pylist() for at in range(len(names))]
        rows = []
        for at, cells in enumerate(zip(*texts, strict=True)):
            line = f"{name}:{file.record[at]}"
            row = UpsertRow(dict(zip(names, cells, strict=True)), PlaceInRowOfFile(line, file.columns))
            rows.append(row)
            missing = _missing_key(table, row.cells)
            if missing:
                self.findings.add("E113", line, missing, kind=name)
        return self._distinct(table, rows)

    def _distinct(self, table: Table, rows: list[UpsertRow]) -> tuple[UpsertRow, ...]:
        """The rows; a key that stands twice among them is told."""
        if not table.key:
            return tuple(rows)
        parts = [canonical_texts(table.column(name), [row.cells.get(name, "") for row in rows]) for name in table.key]
        first: dict[tuple[str, ...], UpsertRow] = {}
        for row, key in zip(rows, zip(*parts, strict=True), strict=True):
            before = first.setdefault(key, row)
            if before is not row:
                message = f"{', '.join(key)!r:.80} stands already at {before.place(None)}"
                self.findings.add("E201", row.place(None), message, name=table.key[-1], kind="upsert")
        return tuple(rows)

    def _setting_values(self, step: PlacedOperation, section: Section) -> dict[str, Any]:
        given = step.operation.set_ or {}
        model = SECTION_MODELS[section]
        known = list(model.model_fields)
        for name in given:
            if name not in known:
                hint = suggest(name, known) or f"there are {', '.join(known)}"
                self._tell("E112", (*step.path, "set", name), "unknown key", hint, True)
        usable = {name: value for name, value in given.items() if name in known}
        try:
            checked = model.model_validate(usable)
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                cause = fault.get("ctx", {}).get("error")
                message = str(cause) if cause else str(fault["msg"]).replace("Input should be", "expected")
                name = str(fault["loc"][0])
                self._tell("E113", (*step.path, "set", name), f"{message}, got {str(given.get(name))!r:.80}")
            return {}
        return {name: getattr(checked, name) for name in usable}


def _missing_key(table: Table, cells: Mapping[str, str]) -> str:
    """What a row lacks to be found by its key, in words; '' when it has all."""
    missing = [name for name in table.key if not cells.get(name) and name in table.required_names]
    key = ", ".join(table.key)
    return f"a row of {table.name} is found by {key}, and {' and '.join(missing)} is missing" if missing else ""


def spec_of(table: Table, column: str) -> Column | None:
    """The column of the contract; None for an attribute."""
    return table.column(column) if column in table.column_names else None


def _by_value(column: Column, condition: Condition) -> Condition:
    """The condition with the canonical texts that cells are compared by."""
    canonical = canonical_condition(column, condition)
    return _mapped(column, canonical) if column.kind in (Kind.INSTANT, Kind.IDS) else canonical


def _mapped(column: Column, condition: Condition) -> Condition:
    match condition:
        case AnyOf(values):
            return AnyOf(tuple(canonical_texts(column, values)))
        case Not(inner):
            return Not(_mapped(column, inner))
        case All(parts):
            return All(tuple(_mapped(column, part) for part in parts))
    return condition
