"""A problem message as the tables and settings of a pack, all text, so that files and messages have one validation.

Reads columns, not objects: one list comprehension a field. What a message can say but a table cannot (an enum number
nobody knows, a fraction of a microsecond) becomes text that the validation refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from operator import attrgetter
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from google.protobuf.timestamp_pb2 import Timestamp

from splitship.errors import Finding
from splitship.packs.schema import TABLES
from splitship.packs.text import column_from_arrow, frame_of, text_column
from splitship.units import I64, UG_PER_KG
from splitship.v1 import network_pb2, problem_pb2

FIELD_OF_COLUMN = {
    "weight_kg": "weight_ug",
    "weight_step_kg": "weight_step_ug",
    "max_weight_kg": "max_weight_ug",
    "up_to_kg": "up_to_ug",
}
"""Columns whose field has another name, because it has another unit."""

KIND_TEXTS = {
    network_pb2.NODE_KIND_DC: "dc",
    network_pb2.NODE_KIND_STORE: "store",
    network_pb2.NODE_KIND_VENDOR: "vendor",
    network_pb2.NODE_KIND_THIRD_PARTY: "3pl",
}

ATTRIBUTED = ("nodes", "skus", "services", "orders", "order_lines")
"""Tables whose messages have attributes."""

UNNAMED = "batch"
"""The name of a problem that has none."""

_FIRST_SECOND, _LAST_SECOND = -62_135_596_800, 253_402_300_799
"""The years 1 to 9999: what a Timestamp may hold."""

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
        return place if column is None else f"{place}.{_field_name(table, column)}"


def setting_place(path: tuple[str | int, ...], about_key: bool) -> str:
    """The path of a setting: `limits.max_packages`, but `options.gap` for those of a solve."""
    names = [str(part) for part in path]
    if names[:1] == ["solve"]:
        names[0] = "options"
        if names[-1] == "time_limit_s":
            names[-1] = "time_limit"
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
    if problem.node_services:
        rows["node_services"] = problem.node_services
    tables = Tables({}, _settings(problem), line_order, first_line)
    order_id = np.array([order.order_id for order in orders], object)
    for table, messages in rows.items():
        listed = list(messages)
        cells: Columns = {}
        if table == "order_lines":
            cells["order_id"] = text_column(order_id[line_order].tolist())
        for column, read in READERS[table].items():
            cells[column] = read(listed, _field_name(table, column))
        if table in ATTRIBUTED:
            cells |= _attributes(tables, table, listed, findings)
        tables.frames[table] = frame_of(list(cells), list(cells.values()), len(listed))
    for row, order in enumerate(orders):
        if order.excluded_nodes and any(";" in node_id for node_id in order.excluded_nodes):
            place = tables.locate("orders", row, "excluded_nodes")
            findings.append(Finding(place, "E301", "no node's id has a semicolon", field="excluded_nodes"))
    return tables


def _texts(messages: Sequence[Any], name: str) -> pa.Array:
    return text_column(map(attrgetter(name), messages))


def _whole(messages: Sequence[Any], name: str) -> pa.Array:
    return column_from_arrow(pa.array(list(map(attrgetter(name), messages)), pa.int64()))


def _flags(messages: Sequence[Any], name: str) -> pa.Array:
    return column_from_arrow(pa.array(list(map(attrgetter(name), messages)), pa.bool_()))


def _flags_or_true(messages: Sequence[Any], name: str) -> pa.Array:
    get = attrgetter(name)
    return column_from_arrow(pa.array([get(message) or not message.HasField(name) for message in messages], pa.bool_()))


def _floats(messages: Sequence[Any], name: str) -> pa.Array:
    return text_column(map(_float_text, map(attrgetter(name), messages)))


def _weights(messages: Sequence[Any], name: str) -> pa.Array:
    return text_column(map(_kg_text, map(attrgetter(name), messages)))


def _given(text: Callable[[Any], str]) -> Callable[[Sequence[Any], str], pa.Array]:
    """A column of optional fields: empty where absent."""

    def read(messages: Sequence[Any], name: str) -> pa.Array:
        get = attrgetter(name)
        return text_column(text(get(message)) if message.HasField(name) else "" for message in messages)

    return read


def _kinds(messages: Sequence[Any], name: str) -> pa.Array:
    return text_column(KIND_TEXTS.get(number) or kind_name(number) for number in map(attrgetter(name), messages))


def _instants(messages: Sequence[Any], name: str) -> pa.Array:
    get = attrgetter(name)
    return text_column(instant_texts([get(message) if message.HasField(name) else None for message in messages]))


def _id_lists(messages: Sequence[Any], name: str) -> pa.Array:
    return text_column(map(";".join, map(attrgetter(name), messages)))


def kind_name(number: int) -> str:
    """The name of a node kind, or its number when it has none."""
    kinds = network_pb2.NodeKind.DESCRIPTOR.values_by_number
    return str(kinds[number].name) if number in kinds else str(number)


def _kg_text(micrograms: int) -> str:
    whole, part = divmod(abs(micrograms), UG_PER_KG)
    digits = f"{whole}.{part:09d}".rstrip("0").rstrip(".")
    return f"-{digits}" if micrograms < 0 else digits


def _float_text(value: float) -> str:
    text = repr(value)
    return format(Decimal(text), "f") if "e" in text else text


Reader = Callable[[Sequence[Any], str], pa.Array]

_whole_or_none, _float_or_none, _weight_or_none = _given(str), _given(_float_text), _given(_kg_text)

READERS: Mapping[str, Mapping[str, Reader]] = {
    "nodes": {
        **dict.fromkeys(("node_id", "country", "postal_code", "timezone", "cutoff", "working_days"), _texts),
        **dict.fromkeys(("package_cost", "line_cost", "unit_cost"), _texts),
        "kind": _kinds,
        **dict.fromkeys(("latitude", "longitude"), _float_or_none),
        "lead_days": _whole,
        "open": _flags_or_true,
        "priority": _floats,
        **dict.fromkeys(("max_packages_per_day", "max_units_per_day"), _whole_or_none),
    },
    "skus": {
        **dict.fromkeys(("sku_id", "length_cm", "width_cm", "height_cm", "value"), _texts),
        "weight_kg": _weight_or_none,
        "ship_alone": _flags,
    },
    "stock": {
        **dict.fromkeys(("node_id", "sku_id"), _texts),
        **dict.fromkeys(("on_hand", "reserved", "safety_stock"), _whole),
    },
    "services": {
        **dict.fromkeys(("service_id", "carrier", "dim_divisor", "ship_days", "delivery_days"), _texts),
        **dict.fromkeys(("weight_step_kg", "max_weight_kg"), _weight_or_none),
    },
    "node_services": {
        **dict.fromkeys(("node_id", "service_id"), _texts),
        "max_packages_per_day": _whole_or_none,
    },
    "lanes": {
        **dict.fromkeys(("service_id", "node_id", "country", "destination", "zone"), _texts),
        "transit_days": _whole,
    },
    "rates": {
        **dict.fromkeys(("service_id", "zone", "price", "per_extra_kg"), _texts),
        "up_to_kg": _weights,
    },
    "orders": {
        **dict.fromkeys(("order_id", "country", "postal_code", "deliver_by", "priority", "channel"), _texts),
        "placed_at": _instants,
        **dict.fromkeys(("latitude", "longitude"), _float_or_none),
        "ship_complete": _flags,
        "max_packages": _whole_or_none,
        "excluded_nodes": _id_lists,
    },
    "order_lines": {
        **dict.fromkeys(("line_id", "sku_id", "unit_value", "unfilled_cost"), _texts),
        "quantity": _whole,
        "splittable": _flags_or_true,
    },
}
"""How every column of every table is read from its field."""


def _settings(problem: problem_pb2.Problem) -> dict[str, Any]:
    objective, limits = problem.objective, problem.limits
    return {
        "schema": "splitship.pack/1",
        "name": problem.name or UNNAMED,
        "currency": problem.currency,
        "as_of": _as_of_text(problem) if problem.HasField("as_of") else "",
        "objective": {field.name: text for field, text in objective.ListFields()},
        "limits": {field.name: number for field, number in limits.ListFields()},
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


def instant_texts(stamps: Sequence[Timestamp | None]) -> list[str]:
    """Timestamps as ISO 8601 in UTC, '' for None; what no table can hold becomes text that says so."""
    seconds = np.array([0 if stamp is None else stamp.seconds for stamp in stamps], np.int64)
    nanos = np.array([0 if stamp is None else stamp.nanos for stamp in stamps], np.int64)
    odd = (seconds < _FIRST_SECOND) | (seconds > _LAST_SECOND) | (nanos < 0) | (nanos >= 10**9) | (nanos % 1000 != 0)
    micros = np.where(odd, 0, seconds) * 10**6 + np.where(odd, 0, nanos) // 1000
    unit = "us" if np.any(micros % 10**6) else "s"
    texts = micros.astype("datetime64[us]").astype(f"datetime64[{unit}]").astype(str).tolist()
    found = [text + "+00:00" for text in texts]
    for row in np.flatnonzero(odd).tolist():
        found[row] = f"{seconds[row]} s and {nanos[row]} ns"
    for row, stamp in enumerate(stamps):
        if stamp is None:
            found[row] = ""
    return found


def _attributes(tables: Tables, table: str, rows: Sequence[Any], findings: list[Finding]) -> Columns:
    """Attributes as columns; one that has the name of a field is refused, or it would silently replace it."""
    known = {column.name for column in TABLES[table].columns if not column.later}
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


def _field_name(table: str, column: str | None) -> str:
    name = str(column)
    if name == "attributes":
        return name
    if name in TABLES[table].column_names and not TABLES[table].column(name).later:
        return FIELD_OF_COLUMN.get(name, name)
    return f'attributes["{name}"]' if table in ATTRIBUTED else name
