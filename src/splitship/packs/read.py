"""Files to text tables: CSV and Parquet, with every fault of form told and none hiding the others."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from splitship.packs.findings import Findings, suggest
from splitship.packs.schema import TABLES
from splitship.packs.text import column_from_arrow, frame_of, text_column
from splitship.spans import spanned
from splitship.units import I64

SUFFIXES = (".csv", ".parquet")
csv.field_size_limit(1 << 24)


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table read from a file. `record` [rows] is the position of each row in the file, the header being 1;
    `columns` the position of each column, counted from 1. `is_partial`: reading stopped at a fault."""

    name: str
    frame: pd.DataFrame
    record: I64
    columns: dict[str, int]
    is_partial: bool = False


@dataclass(slots=True)
class Folder:
    """The tables of a pack folder, and the words for places in them."""

    files: dict[str, TableFile] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    partial: set[str] = field(default_factory=set)
    """Tables of which some or all could not be read."""

    def locate(self, table: str, row: int | None, column: str | None) -> str:
        """`orders.csv:19:4`; without a row the header's line, without a column the line alone."""
        name = self.names.get(table, f"{table}.csv")
        file = self.files.get(table)
        if file is None or (row is None and column is None):
            return name
        line = 1 if row is None else int(file.record[row])
        position = file.columns.get(column) if column is not None else None
        return f"{name}:{line}" if position is None else f"{name}:{line}:{position}"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Text tables by name."""
        return {name: file.frame for name, file in self.files.items()}


@spanned("tables")
def read_folder(path: Path, folder: Folder, findings: Findings, overlay_files: Collection[str] = ()) -> None:
    """Read every table of a pack's folder into `folder`; `findings` must locate by it.

    `overlay_files` are no tables and are read elsewhere.
    """
    try:
        present = sorted(entry.name for entry in path.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        findings.add("E101", str(path), f"cannot be read: {error.strerror or error}")
        return
    files = [name for name in present if Path(name).suffix.lower() in SUFFIXES and name not in overlay_files]
    strangers = [name for name in files if not _is_table(name)]
    for name in strangers:
        hint = suggest(Path(name).stem, TABLES).replace("?", f"{Path(name).suffix.lower()}?")
        findings.add("W605", name, "no table has this name; the file is not read", hint, kind="files")
    for table in TABLES.values():
        found = [f"{table.name}{suffix}" for suffix in SUFFIXES if f"{table.name}{suffix}" in present]
        if len(found) == 2:
            findings.add("E110", found[1], f"{found[0]} is there too", "keep one of them")
        if not found:
            if table.needed:
                near = suggest(table.name, [Path(name).stem for name in strangers])
                hint = f"is it {near.removeprefix('did you mean ').removesuffix('?')!r}?" if near else ""
                findings.add("E101", f"{table.name}.csv", "this table is missing", hint)
                folder.partial.add(table.name)
            continue
        folder.names[table.name] = found[0]
        file = path / found[0]
        read = read_csv if file.suffix == ".csv" else read_parquet
        content = read(file, table.name, findings)
        if content is not None:
            folder.files[table.name] = content
        if content is None or content.is_partial:
            folder.partial.add(table.name)


def read_csv(path: Path, name: str, findings: Findings) -> TableFile | None:
    """A CSV file: UTF-8 (a byte order mark is skipped), every cell as text. None when it cannot be read at all.

    Lines without any cell are passed over but counted. A row with too few or too many cells is a fault.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        findings.add("E101", path.name, f"cannot be read: {error.strerror or error}")
        return None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        byte = error.object[error.start]
        findings.add("E101", f"{path.name}:{line}", f"is not UTF-8 (byte 0x{byte:02x})", "save it as UTF-8")
        return None
    if "\0" in text:
        findings.add("E101", path.name, "holds NUL characters", "save it as UTF-8 text")
        return None
    rows: list[list[str]] = []
    is_partial = False
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        is_partial = True
        findings.add("E103", f"{path.name}:{len(rows) + 1}", f"is not CSV here: {error}", "check the quotes")
    if not rows:
        findings.add("E102", f"{path.name}:1", "has no header", kind=name)
        return None
    header = rows[0]
    width = len(header)
    lengths = np.fromiter(map(len, rows), np.int64, len(rows))
    keep = lengths > 0
    keep[0] = False
    record = np.flatnonzero(keep) + 1
    body = rows[1:] if keep[1:].all() else [rows[line - 1] for line in record.tolist()]
    ragged = np.flatnonzero(lengths[keep] != width)
    for row in ragged.tolist():
        cells = body[row]
        where = f"{path.name}:{record[row]}"
        findings.add("E103", where, f"expected {width} cells, got {len(cells)}", _ragged_hint(cells, width), kind=name)
        body[row] = [*cells[:width], *[""] * (width - len(cells))]
    findings.mute(name, ragged.tolist())
    columns = [text_column(cells) for cells in zip(*body, strict=True)] if body else [text_column([])] * width
    return _table_file(name, header, columns, len(body), record, is_partial)


def read_parquet(path: Path, name: str, findings: Findings) -> TableFile | None:
    """A Parquet file of any plain types, as text. None when it cannot be read at all."""
    try:
        with pq.ParquetFile(path) as file:
            table = file.read()
        table.validate(full=True)
    except (OSError, pa.ArrowException, ValueError) as error:
        reason = " ".join(str(error).split())[:160]
        findings.add("E101", path.name, f"cannot be read as Parquet: {reason}")
        return None
    names, columns, is_partial = [], [], False
    for at, column_name in enumerate(table.column_names):
        if column_name.startswith("__index_level_"):
            continue
        try:
            column = column_from_arrow(table.column(at))
        except (TypeError, pa.ArrowException) as error:
            findings.add("E101", f"{path.name}:1:{at + 1}", f"{error}", "write it as text", column_name)
            column = text_column([""] * table.num_rows)
            is_partial = True
            findings.mute(name, range(table.num_rows))
        names.append(column_name)
        columns.append(column)
    return _table_file(name, names, columns, table.num_rows, np.arange(table.num_rows) + 2, is_partial)


def _table_file(
    name: str, header: list[str], columns: list[pa.Array], num_rows: int, record: I64, is_partial: bool
) -> TableFile:
    positions: dict[str, int] = {}
    for at, column in enumerate(header, 1):
        positions.setdefault(column, at)
    return TableFile(name, frame_of(header, columns, num_rows), record, positions, is_partial)


def _ragged_hint(cells: list[str], width: int) -> str:
    return "a cell with a comma needs quotes" if len(cells) > width else "cells are missing at the end"


def _is_table(file_name: str) -> bool:
    path = Path(file_name)
    return path.stem in TABLES and path.suffix in SUFFIXES
