"""Fields of messages as columns of tables, all text: how every column of every table is read.

One list comprehension a field. What a table cannot say (an enum number nobody knows, a fraction of a microsecond)
becomes text that the validation refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa
from google.protobuf.timestamp_pb2 import Timestamp

from splitship.packs.text import column_from_arrow, text_column
from splitship.units import UG_PER_KG
from splitship.v1 import network_pb2, order_pb2

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

MODE_TEXTS = {order_pb2.MODE_SHIP: "ship", order_pb2.MODE_PICKUP: "pickup"}

STATE_TEXTS = {
    order_pb2.PACKAGE_STATE_UNSPECIFIED: "",
    order_pb2.PACKAGE_STATE_PROMISED: "promised",
    order_pb2.PACKAGE_STATE_RELEASED: "released",
}

_FIRST_SECOND, _LAST_SECOND = -62_135_596_800, 253_402_300_799
"""The years 1 to 9999: what a Timestamp may hold."""

Reader = Callable[[Sequence[Any], str], pa.Array | None]
"""Reads the field of that name of every message; None when the column is absent, as nobody said anything."""


def _texts(messages: Sequence[Any], name: str) -> pa.Array:
    return text_column(map(attrgetter(name), messages))


def _texts_or_absent(messages: Sequence[Any], name: str) -> pa.Array | None:
    """What few messages say is no column, and takes no time, until one does."""
    return _texts(messages, name) if any(map(attrgetter(name), messages)) else None


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


def _modes(messages: Sequence[Any], name: str) -> pa.Array | None:
    """How orders and lines reach the customer; who names a node and no mode is there to pick up."""
    if not any(message.mode or message.pickup_node for message in messages):
        return None
    return text_column(
        MODE_TEXTS.get(message.mode, str(message.mode)) if message.mode else "pickup" if message.pickup_node else ""
        for message in messages
    )


def _states(messages: Sequence[Any], name: str) -> pa.Array:
    return text_column(STATE_TEXTS.get(number, str(number)) for number in map(attrgetter(name), messages))


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


def _flag_text(flag: bool) -> str:
    return "true" if flag else "false"


_whole_or_none, _float_or_none, _weight_or_none = _given(str), _given(_float_text), _given(_kg_text)
_flag_or_none = _given(_flag_text)

READERS: Mapping[str, Mapping[str, Reader]] = {
    "nodes": {
        **dict.fromkeys(("node_id", "country", "postal_code", "timezone", "cutoff", "working_days"), _texts),
        **dict.fromkeys(("package_cost", "line_cost", "unit_cost"), _texts),
        "kind": _kinds,
        **dict.fromkeys(("latitude", "longitude"), _float_or_none),
        "lead_days": _whole,
        "open": _flags_or_true,
        "priority": _floats,
        **dict.fromkeys(("max_packages_per_day", "max_units_per_day", "max_lines_per_day"), _whole_or_none),
        **dict.fromkeys(("max_minutes_per_day", "minutes_per_package", "minutes_per_unit"), _texts_or_absent),
        **dict.fromkeys(("target_share", "share_price"), _texts_or_absent),
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
        **dict.fromkeys(("hold_until", "not_before", "pickup_node"), _texts_or_absent),
        "mode": _modes,
    },
    "order_lines": {
        **dict.fromkeys(("line_id", "sku_id", "unit_value", "unfilled_cost"), _texts),
        "quantity": _whole,
        "splittable": _flags_or_true,
        "pickup_node": _texts_or_absent,
        "mode": _modes,
    },
    "node_days": {
        **dict.fromkeys(("node_id", "date", "max_minutes", "used_minutes"), _texts),
        "open": _flag_or_none,
        **dict.fromkeys(("max_packages", "max_units", "max_lines"), _whole_or_none),
        **dict.fromkeys(("used_packages", "used_units", "used_lines"), _whole),
    },
    "calendars": dict.fromkeys(("node_id", "service_id", "date"), _texts),
    "service_quotas": {
        **dict.fromkeys(("service_id", "date", "shortfall_price"), _texts),
        "max_packages": _whole_or_none,
        "min_packages": _whole,
    },
    "inbound": {
        **dict.fromkeys(("node_id", "sku_id", "available_on"), _texts),
        "quantity": _whole,
    },
    "surcharges": dict.fromkeys(("name", "service_id", "per_package", "share_of_value"), _texts),
    "kits": {
        **dict.fromkeys(("kit_sku_id", "sku_id"), _texts),
        "quantity": _whole,
        "together": _flags_or_true,
    },
    "substitutes": dict.fromkeys(("sku_id", "substitute_sku_id", "price_per_unit"), _texts),
    "transfers": {
        **dict.fromkeys(("from_node_id", "to_node_id", "cost_per_unit", "cost_per_package", "working_days"), _texts),
        "days": _whole,
    },
    "stock_prices": dict.fromkeys(("node_id", "sku_id", "price_per_unit"), _texts),
    "channel_reserves": {
        **dict.fromkeys(("node_id", "sku_id", "channel", "price_per_unit"), _texts),
        "quantity": _whole_or_none,
    },
    "plan_before": {
        **dict.fromkeys(("order_id", "line_id", "node_id", "service_id", "ship_on", "move_price"), _texts),
        **dict.fromkeys(("package_id", "sku_id"), _texts_or_absent),
        "quantity": _whole,
        "state": _states,
    },
    "rejections": dict.fromkeys(("order_id", "line_id", "node_id"), _texts),
}
"""How every column of every table is read from its field."""


def field_name(table: str, column: str) -> str | None:
    """The field that holds a column, None when the messages of the table have none for it."""
    return FIELD_OF_COLUMN.get(column, column) if column in READERS.get(table, ()) else None
