"""Plans with one row a package line: CSV and Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

import numpy as np

from splitship.domain import Plan, Problem
from splitship.domain.parts import in_parts
from splitship.errors import Finding, PlanError
from splitship.packs.findings import suggest
from splitship.packs.plan_claims import PlanFile
from splitship.packs.plan_ids import Place, PlanFaults, PlanIds, day_numbers, unit_counts
from splitship.units import I64

ROW_COLUMNS = ("package_id", "order_id", "node_id", "service_id", "ship_on", "line_id", "sku_id", "quantity")
"""The columns of a plan as rows. `sku_id` may be absent or empty; other columns are ignored."""

COMPONENT = "component_sku_id"
"""A column that is there only where a substitute ships for a component of a kit: the component."""
_OPTIONAL = ("sku_id", COMPONENT)
_READ = (*ROW_COLUMNS, COMPONENT)

_OF_A_PACKAGE = ("order_id", "node_id", "service_id", "ship_on")

Columns = dict[str, Sequence[object]]


def read_plan_csv(data: bytes, name: str, problem: Problem, is_for_another: bool = False) -> PlanFile:
    """A plan from the bytes of a CSV file; `name` is the file's name in messages.

    With `is_for_another` it was made for another problem: unknown ids are -1.

    Raises:
        PlanError: with every fault, placed as `plan.csv:LINE:COLUMN` counted from 1, the header being line 1.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlanError([Finding(name, "E701", f"not UTF-8 text: {error.reason} at byte {error.start}")]) from error
    rows: list[list[str]] = []
    line_of_row: list[int] = []
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        header = next(reader, [])
        for row in reader:
            if row:
                rows.append(row)
                line_of_row.append(reader.line_num)
    except csv.Error as error:
        raise PlanError([Finding(f"{name}:{reader.line_num}", "E701", f"not a CSV table: {error}")]) from error
    faults = PlanFaults()
    for row, line in zip(rows, line_of_row, strict=True):
        if len(row) != len(header):
            faults.add(f"{name}:{line}", "E702", f"expected {len(header)} cells, got {len(row)}")
    _check_header(header, name, faults)
    faults.raise_if_any()
    columns: Columns = dict(zip(header, zip(*rows, strict=True), strict=True)) if rows else {}
    position = {title: header.index(title) + 1 for title in _READ if title in header}

    def place_of(title: str) -> Place:
        return lambda row: f"{name}:{line_of_row[row]}:{position[title]}"

    ids = PlanIds(problem, faults, is_for_another)
    return PlanFile(in_parts(problem, _plan_of_rows(columns, len(rows), place_of, ids, faults)), None, None)


def read_plan_parquet(data: bytes, name: str, problem: Problem, is_for_another: bool = False) -> PlanFile:
    """A plan from the bytes of a Parquet file, as `read_plan_csv`; places are `plan.parquet:ROW`, from 1."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(pa.BufferReader(data))
    except (pa.ArrowException, OSError, ValueError) as error:
        text = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise PlanError([Finding(name, "E701", f"not a Parquet table: {text}")]) from error
    faults = PlanFaults()
    _check_header(table.column_names, name, faults)
    faults.raise_if_any()
    columns: Columns = {}
    for title in _READ:
        if title in table.column_names:
            column = table.column(title)
            if pa.types.is_date(column.type):
                column = column.cast(pa.string())
            columns[title] = column.to_pylist()

    def place_of(_: str) -> Place:
        return lambda row: f"{name}:{row + 1}"

    ids = PlanIds(problem, faults, is_for_another)
    return PlanFile(in_parts(problem, _plan_of_rows(columns, table.num_rows, place_of, ids, faults)), None, None)


def _check_header(header: Sequence[str], name: str, faults: PlanFaults) -> None:
    for title in _READ:
        if header.count(title) > 1:
            faults.add(f"{name}:1", "E702", f"column {title} stands twice")
        elif title not in header and title not in _OPTIONAL:
            hint = suggest(title, [other for other in header if other not in _READ])
            hint = hint.replace("did you mean", "is it") if hint else "columns are " + ", ".join(ROW_COLUMNS)
            faults.add(f"{name}:1", "E702", f"column {title} is missing", hint)


def _plan_of_rows(
    columns: Columns, num_rows: int, place_of: Callable[[str], Place], ids: PlanIds, faults: PlanFaults
) -> Plan:
    if num_rows == 0:
        return Plan.empty()
    for title, cells in columns.items():
        if title not in _OPTIONAL:
            for row, cell in enumerate(cells):
                if cell is None or cell == "":
                    faults.add(place_of(title)(row), "E702", "is empty", field=title)
    columns = {title: [None if cell == "" else cell for cell in cells] for title, cells in columns.items()}
    order_idx = ids.positions("order_id", columns["order_id"], place_of("order_id"))
    node_idx = ids.positions("node_id", columns["node_id"], place_of("node_id"))
    service_idx = ids.positions("service_id", columns["service_id"], place_of("service_id"))
    ship_day = day_numbers(columns["ship_on"], "ship_on", place_of("ship_on"), faults)
    line_idx = ids.lines(order_idx, columns["line_id"], place_of("line_id"))
    none: list[object] = [None] * num_rows
    said = COMPONENT if "sku_id" not in columns and COMPONENT in columns else "sku_id"
    place = place_of(said if said in columns else "line_id")
    line_idx, sku_idx = ids.contents(line_idx, columns.get("sku_id", none), columns.get(COMPONENT, none), place)
    quantity = unit_counts(columns["quantity"], "quantity", place_of("quantity"), faults)
    package, first = _group(columns["package_id"])
    for title, column in zip(_OF_A_PACKAGE, (order_idx, node_idx, service_idx, ship_day), strict=True):
        _check_agreement(title, columns, column, package, first, place_of(title), faults)
    faults.raise_if_any()
    return Plan(
        order_idx[first], node_idx[first], service_idx[first], ship_day[first], package, line_idx, quantity, sku_idx
    )


def _group(package_ids: Sequence[object]) -> tuple[I64, I64]:
    """Package position of every row, and the first row of every package, packages in the sequence of the file."""
    seen: dict[object, int] = {}
    package = np.empty(len(package_ids), np.int64)
    first: list[int] = []
    for row, package_id in enumerate(package_ids):
        position = seen.get(package_id)
        if position is None:
            position = seen[package_id] = len(first)
            first.append(row)
        package[row] = position
    return package, np.array(first, np.int64)


def _check_agreement(
    title: str, columns: Columns, column: I64, package: I64, first: I64, place: Place, faults: PlanFaults
) -> None:
    """Rows of one package must agree on what the package has only one of."""
    of_first = column[first][package]
    for row in np.flatnonzero((column != of_first) & (column >= 0) & (of_first >= 0)).tolist():
        package_id, before = columns["package_id"][row], columns[title][int(first[package[row]])]
        message = f"package {package_id!r} has {before!r} on an earlier row, got {columns[title][row]!r}"
        faults.add(place(row), "E705", message, "one package has one order, node, service and ship day", title)
