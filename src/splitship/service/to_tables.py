"""A problem message as the tables and settings of a pack, all text, so that files and messages have one validation.

Columns are read, not objects (`fields_to_columns`). A repeated field without rows is a table that is not there, where
tables may be absent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from splitship.errors import Finding
from splitship.packs.text import frame_of, text_column
from splitship.service.fields_to_columns import READERS, field_name, instant_texts
from splitship.service.rule_messages import plain_rules
from splitship.units import I64
from splitship.v1 import problem_pb2

ATTRIBUTED = ("nodes", "skus", "services", "orders", "order_lines")
"""Tables whose messages have attributes."""

OPTIONAL = (
    "node_services", "inbound", "node_days", "calendars", "service_quotas", "surcharges", "kits", "substitutes",
    "transfers", "stock_prices", "channel_reserves", "plan_before", "rejections",
)  # fmt: skip
"""Tables that are absent when they have no rows."""

UNNAMED = "batch"
"""The name of a problem that has none."""

Columns = dict[str, pa.Array]
"""Text columns by name."""


@dataclass(frozen=True, slots=True)
class Tables:
    """A problem's tables as text, its settings, and how to name a place in the message it came from."""

    frames: dict[str, pd.DataFrame]
    settings: dict[str, Any]
    line_order: I64
    """Order of every order line; [lines]."""
    first_line: I64
    """First order line of every order; [orders]."""

    def locate(self, table: str, row: int | None, column: str | None) -> str:
        """The path of a place: `orders[12].lines[0].quantity`."""
        place = table
        if table == "order_lines":
            place = "orders.lines"
            if row is not None:
                order = int(self.line_order[row])
                place = f"orders[{order}].lines[{row - int(self.first_line[order])}]"
            if column == "order_id":
                return place
        elif row is not None:
            place = f"{table}[{row}]"
        return place if column is None else f"{place}.{_place_name(table, column)}"


def setting_place(path: tuple[str | int, ...], about_key: bool) -> str:
    """The path of a setting: `limits.max_packages`, `rules[2].price`, but `options.gap` for those of a solve."""
    names = [str(part) for part in path]
    if names[:1] == ["solve"]:
        names[0] = "options"
        if names[-1] == "time_limit_s":
            names[-1] = "time_limit"
    if names[:1] == ["rules"] and len(names) > 1:
        names[:2] = [f"rules[{names[1]}]"]
    return ".".join(names) or "problem"


def read_tables(problem: problem_pb2.Problem, findings: list[Finding]) -> Tables:
    """The tables and settings of a problem message.

    Raises nothing for what the message says: faults stay in the text, and those that no text can hold are
    added to `findings`.
    """
    orders = list(problem.orders)
    counts = np.array([len(order.lines) for order in orders], np.int64)
    line_order = np.repeat(np.arange(len(orders)), counts)
    first_line = np.concatenate([[0], np.cumsum(counts)])[:-1].astype(np.int64)
    rows: dict[str, Sequence[Any]] = {
        "nodes": problem.nodes,
        "skus": problem.skus,
        "stock": problem.stock,
        "services": problem.services,
        "lanes": problem.lanes,
        "rates": problem.rates,
        "orders": orders,
        "order_lines": [line for order in orders for line in order.lines],
    }
    rows |= {table: getattr(problem, table) for table in OPTIONAL if getattr(problem, table)}
    tables = Tables({}, _settings(problem), line_order, first_line)
    order_id = np.array([order.order_id for order in orders], object)
    for table, messages in rows.items():
        listed = list(messages)
        cells: Columns = {}
        if table == "order_lines":
            cells["order_id"] = text_column(order_id[line_order].tolist())
        for column, read in READERS[table].items():
            texts = read(listed, field_name(table, column) or column)
            if texts is not None:
                cells[column] = texts
        if table in ATTRIBUTED:
            cells |= _attributes(tables, table, listed, findings)
        if table == "surcharges":
            cells |= _conditions(tables, listed, findings)
        tables.frames[table] = frame_of(list(cells), list(cells.values()), len(listed))
    for row, order in enumerate(orders):
        if order.excluded_nodes and any(";" in node_id for node_id in order.excluded_nodes):
            place = tables.locate("orders", row, "excluded_nodes")
            findings.append(Finding(place, "E301", "no node's id has a semicolon", field="excluded_nodes"))
    return tables


def _settings(problem: problem_pb2.Problem) -> dict[str, Any]:
    objective, limits = problem.objective, problem.limits
    return {
        "schema": "splitship.pack/1",
        "name": problem.name or UNNAMED,
        "currency": problem.currency,
        "as_of": _as_of_text(problem) if problem.HasField("as_of") else "",
        "objective": {field.name: text for field, text in objective.ListFields()},
        "limits": {field.name: number for field, number in limits.ListFields()},
        "rules": plain_rules(problem.rules),
    }


def solve_settings(options: problem_pb2.SolveOptions) -> dict[str, Any]:
    """The section `solve` of the settings, from what the options say; method and solver are not part of it."""
    given = {field.name: value for field, value in options.ListFields()}
    solve = {name: given[name] for name in ("work_limit", "gap", "seed", "threads") if name in given}
    if "time_limit" in given:
        limit = given["time_limit"]
        solve["time_limit_s"] = Decimal(limit.seconds) + Decimal(limit.nanos).scaleb(-9)
    return solve


def _as_of_text(problem: problem_pb2.Problem) -> str:
    (text,) = instant_texts([problem.as_of])
    minutes = problem.as_of_offset_minutes
    if minutes == 0 or not text.endswith("+00:00"):
        return text
    if abs(minutes) >= 1440:
        return f"{text.removesuffix('+00:00')}{minutes:+d} min"
    try:
        return datetime.fromisoformat(text).astimezone(timezone(timedelta(minutes=minutes))).isoformat()
    except (ValueError, OverflowError):
        return text


def _attributes(tables: Tables, table: str, rows: Sequence[Any], findings: list[Finding]) -> Columns:
    """Attributes as columns; one that has the name of a field is refused, or it would silently replace it."""
    known = {*READERS[table], *(("order_id",) if table == "order_lines" else ())}
    found: dict[str, dict[int, str]] = {}
    for row, message in enumerate(rows):
        if message.attributes:
            for name, text in message.attributes.items():
                found.setdefault(name, {})[row] = text
    cells: Columns = {}
    for name in sorted(found):
        for row in found[name] if name in known else ():
            place = tables.locate(table, row, "attributes")
            findings.append(Finding(place, "E102", f"{name!r} is a field, not an attribute", field=name))
        if name not in known:
            cells[name] = text_column(found[name].get(row, "") for row in range(len(rows)))
    return cells


def _conditions(tables: Tables, rows: Sequence[Any], findings: list[Finding]) -> Columns:
    """Conditions of surcharges as columns; a name without a subject is refused, or it would be another column."""
    found: dict[str, dict[int, str]] = {}
    for row, message in enumerate(rows):
        for name, text in message.conditions.items():
            found.setdefault(name, {})[row] = text
    cells: Columns = {}
    for name in sorted(found):
        if "." in name:
            cells[name] = text_column(found[name].get(row, "") for row in range(len(rows)))
            continue
        for row in found[name]:
            place = tables.locate("surcharges", row, "conditions")
            findings.append(Finding(place, "E427", f"{name!r} is no column such as order.postal_code", field=name))
    return cells


def _place_name(table: str, column: str) -> str:
    """A column in the words of its message: what has no field is an attribute, where there are any."""
    if column == "attributes":
        return column
    if table == "surcharges" and "." in column:
        return f'conditions["{column}"]'
    return field_name(table, column) or (f'attributes["{column}"]' if table in ATTRIBUTED else column)
