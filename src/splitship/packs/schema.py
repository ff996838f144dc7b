"""The tables of a pack: every column with its type, default, unit and meaning, in one place.

Reading, validation, `splitship schema` and the starter pack all follow this table. A column that is not listed
is an attribute: kept as text, never a fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from splitship.units import MAX_PRICE_MICROS, MAX_QUANTITY, MAX_WEIGHT_UG, MICROS, UG_PER_KG


class Kind(StrEnum):
    """How the text of a cell is read."""

    ID = "id"
    TEXT = "text"
    IDS = "ids separated by ;"
    WHOLE = "whole number"
    DECIMAL = "decimal"
    MONEY = "money"
    WEIGHT = "weight"
    LENGTH = "length"
    FLAG = "true or false"
    DATE = "date"
    INSTANT = "date and time with offset"
    CUTOFF = "HH:MM"
    WEEK = "seven digits 0 or 1, Monday first"


MAX_COUNT = 10**12
"""Largest whole number where no narrower limit is stated (stock, capacities)."""
MAX_DAYS = 3650
"""Longest lead, transit or horizon in days."""
MAX_LENGTH_CM = 10**4
MAX_DIM_DIVISOR = 10**9
MAX_PRIORITY = 10**9
MAX_WEIGHT_KG = MAX_WEIGHT_UG // UG_PER_KG
MAX_PRICE = MAX_PRICE_MICROS // MICROS
FIRST_YEAR, LAST_YEAR = 1970, 2199
"""Dates and instants outside these years are faults: they are typing errors, and calendars end somewhere."""
MONEY_DECIMALS = 18
FINE_DECIMALS = 9
"""Decimals of weights, lengths and dimensional divisors."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `default` is the text that an empty cell stands for ('' when empty has a meaning of its own).

    `least` and `most` bound numbers, both inclusive. `later` marks a column of a feature that is not built:
    a cell that is neither empty nor `neutral` is refused.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    default: str = ""
    unit: str = ""
    least: int | None = 0
    most: int = MAX_COUNT
    later: bool = False
    neutral: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `needed`: a pack folder without it is a fault. `later`: refused unless it has no rows."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    needed: bool = False
    later: bool = False

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when it is not in the contract."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names in the order of the contract."""
        return tuple(column.name for column in self.columns)

    @property
    def required_names(self) -> tuple[str, ...]:
        """Names of the columns that must be there and filled."""
        return tuple(column.name for column in self.columns if column.required)


def _id(name: str, meaning: str, required: bool = True) -> Column:
    return Column(name, Kind.ID, meaning, required)


def _text(name: str, meaning: str, required: bool = False, words: tuple[str, ...] = ()) -> Column:
    return Column(name, Kind.TEXT, meaning, required, words=words)


def _money(name: str, meaning: str, default: str = "0", required: bool = False) -> Column:
    return Column(name, Kind.MONEY, meaning, required, default, "money", most=MAX_PRICE)


def _whole(
    name: str,
    meaning: str,
    default: str = "",
    required: bool = False,
    unit: str = "",
    least: int | None = 0,
    most: int = MAX_COUNT,
) -> Column:
    return Column(name, Kind.WHOLE, meaning, required, default, unit, least, most)


def _weight(name: str, meaning: str, required: bool = False) -> Column:
    return Column(name, Kind.WEIGHT, meaning, required, unit="kg", most=MAX_WEIGHT_KG)


def _length(name: str, meaning: str) -> Column:
    return Column(name, Kind.LENGTH, meaning, unit="cm", most=MAX_LENGTH_CM)


def _flag(name: str, meaning: str, default: str) -> Column:
    return Column(name, Kind.FLAG, meaning, default=default)


def _week(name: str, meaning: str) -> Column:
    return Column(name, Kind.WEEK, meaning, default="1111111")


def _later(name: str, kind: Kind, meaning: str, unit: str = "", neutral: str = "") -> Column:
    return Column(name, kind, meaning, default=neutral, unit=unit, later=True, neutral=neutral)


def _degrees(name: str, meaning: str, most: int) -> Column:
    return Column(name, Kind.DECIMAL, meaning, unit="degrees", least=-most, most=most)


_NODES = Table(
    "nodes",
    "Fulfilment nodes.",
    (
        _id("node_id", "name of the node"),
        _text("kind", "what the node is", required=True, words=("dc", "store", "vendor", "3pl")),
        _text("country", "country code", required=True),
        _text("postal_code", "postal code", required=True),
        _degrees("latitude", "north positive; needed when a distance limit is set", 90),
        _degrees("longitude", "east positive; needed when a distance limit is set", 180),
        Column("timezone", Kind.TEXT, "IANA time zone of cut-off and working days", default="UTC"),
        Column("cutoff", Kind.CUTOFF, "local time after which an order starts the next day", default="24:00"),
        _whole("lead_days", "working days from start to ship day", "0", unit="days", most=MAX_DAYS),
        _week("working_days", "days on which the node ships"),
        _flag("open", "false: the node ships nothing", "true"),
        Column("priority", Kind.DECIMAL, "lower is preferred by policies that rank nodes", default="0",
               least=-MAX_PRIORITY, most=MAX_PRIORITY),
        _money("package_cost", "handling of a package"),
        _money("line_cost", "handling of a line in a package"),
        _money("unit_cost", "handling of a unit"),
        _whole("max_packages_per_day", "capacity per ship day; empty: no limit", unit="packages"),
        _whole("max_units_per_day", "capacity per ship day; empty: no limit", unit="units"),
        _later("minutes_per_package", Kind.DECIMAL, "labour of a package", "minutes"),
        _later("minutes_per_unit", Kind.DECIMAL, "labour of a unit", "minutes"),
        _later("target_share", Kind.DECIMAL, "share of the load the node should have"),
        _later("share_price", Kind.MONEY, "price of a unit away from the target share", "money"),
    ),
    key=("node_id",),
    needed=True,
)  # fmt: skip

_SKUS = Table(
    "skus",
    "What is sold.",
    (
        _id("sku_id", "name of the SKU"),
        _weight("weight_kg", "weight of a unit", required=True),
        _length("length_cm", "a side of a unit; with any side missing the unit has no volume"),
        _length("width_cm", "a side of a unit"),
        _length("height_cm", "a side of a unit"),
        _money("value", "value of a unit"),
        _flag("ship_alone", "its line shares a package with no other line", "false"),
    ),
    key=("sku_id",),
    needed=True,
)

_STOCK = Table(
    "stock",
    "Units at nodes; available = max(0, on_hand - reserved - safety_stock).",
    (
        _id("node_id", "where"),
        _id("sku_id", "what"),
        _whole("on_hand", "units in the building", required=True, unit="units"),
        _whole("reserved", "units promised elsewhere", "0", unit="units"),
        _whole("safety_stock", "units never allocated", "0", unit="units"),
    ),
    key=("node_id", "sku_id"),
    needed=True,
)

_SERVICES = Table(
    "services",
    "Carrier services.",
    (
        _id("service_id", "name of the service"),
        _text("carrier", "the carrier", required=True),
        Column("dim_divisor", Kind.DECIMAL, "volume to weight; empty: billed by actual weight", unit="cm3 per kg",
               most=MAX_DIM_DIVISOR),
        _weight("weight_step_kg", "billable weight goes up to a multiple of this; empty or 0: no step"),
        _weight("max_weight_kg", "largest actual weight of a package; empty: no limit"),
        _week("ship_days", "days on which packages leave"),
        _week("delivery_days", "days on which packages arrive"),
    ),
    key=("service_id",),
    needed=True,
)  # fmt: skip

_NODE_SERVICES = Table(
    "node_services",
    "Which node offers which service; without this table every node offers every service without limit.",
    (
        _id("node_id", "the node"),
        _id("service_id", "a service it offers"),
        _whole("max_packages_per_day", "capacity per ship day; empty: no limit", unit="packages"),
    ),
    key=("node_id", "service_id"),
)

_LANES = Table(
    "lanes",
    "Where a service goes from a node.",
    (
        _id("service_id", "the service"),
        _id("node_id", "from this node"),
        _text("country", "country of destination", required=True),
        _text("destination", "prefix of the postal code, or * for the whole country; the longest match wins",
              required=True),
        _text("zone", "zone of the rate card", required=True),
        _whole("transit_days", "calendar days on the way", required=True, unit="days", most=MAX_DAYS),
    ),
    key=("service_id", "node_id", "country", "destination"),
    needed=True,
)  # fmt: skip

_RATES = Table(
    "rates",
    "Rate cards: the smallest bracket that holds the billable weight gives the price.",
    (
        _id("service_id", "the service"),
        _text("zone", "zone of the lane", required=True),
        _weight("up_to_kg", "largest billable weight of the bracket", required=True),
        _money("price", "price of a package", "", required=True),
        _money("per_extra_kg", "price per kg beyond the last bracket; empty: nothing heavier ships", ""),
    ),
    key=("service_id", "zone", "up_to_kg"),
    needed=True,
)

_ORDERS = Table(
    "orders",
    "Customer orders.",
    (
        _id("order_id", "name of the order"),
        Column("placed_at", Kind.INSTANT, "when it was placed, ISO 8601 with offset", required=True),
        _text("country", "country of destination", required=True),
        _text("postal_code", "postal code of destination", required=True),
        _degrees("latitude", "north positive; needed when a distance limit is set", 90),
        _degrees("longitude", "east positive; needed when a distance limit is set", 180),
        Column("deliver_by", Kind.DATE, "promised date; empty: never late"),
        Column("priority", Kind.DECIMAL, "weight of lateness and of what is unfilled", default="1",
               most=MAX_PRIORITY),
        _flag("ship_complete", "all units ship or none", "false"),
        _whole("max_packages", "most packages; empty: the pack's limit", unit="packages", least=1),
        _text("channel", "where it was sold"),
        Column("excluded_nodes", Kind.IDS, "nodes that must not ship it"),
        _later("mode", Kind.TEXT, "ship or pickup", neutral="ship"),
        _later("pickup_node", Kind.ID, "where it is picked up"),
        _later("hold_until", Kind.DATE, "earliest ship day"),
        _later("not_before", Kind.DATE, "earliest delivery day"),
    ),
    key=("order_id",),
    needed=True,
)  # fmt: skip

_ORDER_LINES = Table(
    "order_lines",
    "What the orders ask for.",
    (
        _id("order_id", "the order"),
        _id("line_id", "name of the line within its order"),
        _id("sku_id", "what"),
        _whole("quantity", "units", required=True, unit="units", least=1, most=MAX_QUANTITY),
        _money("unit_value", "value of a unit; empty: the SKU's", ""),
        _flag("splittable", "false: the line ships whole in one package or not at all", "true"),
        _money("unfilled_cost", "cost of a unit not shipped; empty: the objective's terms", ""),
        _later("mode", Kind.TEXT, "ship or pickup", neutral="ship"),
        _later("pickup_node", Kind.ID, "where it is picked up"),
    ),
    key=("order_id", "line_id"),
    needed=True,
)

_REFERENCE = Table(
    "reference",
    "What another system decided; re-costed with the same rates.",
    (
        _id("order_id", "the order"),
        _id("line_id", "the line"),
        _id("node_id", "the node that shipped"),
        _id("service_id", "the service used; empty: the cheapest", required=False),
        Column("ship_on", Kind.DATE, "ship day; empty: the first possible"),
        _whole("quantity", "units", required=True, unit="units", least=1, most=MAX_QUANTITY),
    ),
)


def _network_feature(name: str, meaning: str, columns: str) -> Table:
    """A table of a later feature: only the names of its columns are fixed (`*` marks the required ones)."""
    listed = tuple(
        Column(part.rstrip("*"), Kind.TEXT, "", required=part.endswith("*"), later=True) for part in columns.split()
    )
    return Table(name, meaning, listed, later=True)


_LATER = (
    _network_feature("inbound", "Units that arrive.", "node_id* sku_id* quantity* available_on*"),
    _network_feature(
        "node_days",
        "Capacity of a node on one day, and what the day has already used.",
        "node_id* date* open max_packages max_units max_lines max_minutes used_packages used_units",
    ),
    _network_feature("calendars", "Holidays of nodes and services.", "node_id service_id date*"),
    _network_feature(
        "service_quotas",
        "Packages a service takes, at most and at least.",
        "service_id* date max_packages* min_packages shortfall_price",
    ),
    _network_feature("kits", "SKUs made of others.", "kit_sku_id* sku_id* quantity* together"),
    _network_feature("substitutes", "SKUs that may replace others.", "sku_id* substitute_sku_id* price_per_unit"),
    _network_feature(
        "transfers",
        "Moves between nodes.",
        "from_node_id* to_node_id* days* cost_per_unit cost_per_package working_days",
    ),
    _network_feature("surcharges", "Additions to rates.", "name* service_id per_package share_of_value"),
    _network_feature("stock_prices", "Price of taking a unit.", "node_id* sku_id* price_per_unit"),
    _network_feature(
        "channel_reserves", "Units kept for a channel.", "node_id* sku_id channel* quantity* price_per_unit"
    ),
    _network_feature(
        "plan_before",
        "The plan in force: released or promised packages.",
        "order_id* line_id* node_id* service_id* ship_on* quantity* state move_price",
    ),
    _network_feature("rejections", "Nodes that refused a line.", "order_id* line_id node_id*"),
)

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            _NODES,
            _SKUS,
            _STOCK,
            _SERVICES,
            _NODE_SERVICES,
            _LANES,
            _RATES,
            _ORDERS,
            _ORDER_LINES,
            _REFERENCE,
            *_LATER,
        )
    }
)
"""Every table of a pack by name, in the order in which faults are told."""


def schema_rows() -> list[dict[str, str]]:
    """The contract as printable rows: table, column, required, type, default, unit, meaning, state."""
    rows = []
    for table in TABLES.values():
        for column in table.columns:
            kind = " | ".join(column.words) if column.words else column.kind.value
            rows.append(
                {
                    "table": table.name,
                    "column": column.name,
                    "required": "yes" if column.required else "",
                    "type": "" if table.later else kind,
                    "default": column.default,
                    "unit": column.unit,
                    "meaning": column.meaning or table.meaning,
                    "state": "not yet supported" if column.later else "",
                }
            )
    return rows
