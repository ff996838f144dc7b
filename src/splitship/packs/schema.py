"""The tables of a pack: every column with its type, default, unit and meaning, in one place.

Reading, validation, `splitship schema` and the starter pack all follow these tables (those of the network's features
are in `feature_tables`). A column that is not listed is an attribute: kept as text, never a fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from splitship.packs.columns import FIRST_YEAR as FIRST_YEAR
from splitship.packs.columns import LAST_YEAR as LAST_YEAR
from splitship.packs.columns import MAX_DAYS as MAX_DAYS
from splitship.packs.columns import (
    MAX_DIM_DIVISOR,
    MAX_MINUTES,
    MAX_MINUTES_A_DAY,
    MAX_PRIORITY,
    MODES,
    Column,
    Kind,
    Table,
    date_column,
    degrees_column,
    flag_column,
    id_column,
    length_column,
    minutes_column,
    money_column,
    plain_column,
    share_column,
    week_column,
    weight_column,
    whole_column,
)
from splitship.packs.columns import MAX_PRICE as MAX_PRICE
from splitship.packs.columns import MONEY_DECIMALS as MONEY_DECIMALS
from splitship.packs.feature_tables import FEATURE_TABLES
from splitship.units import MAX_QUANTITY

_NODES = Table(
    "nodes",
    "Fulfilment nodes.",
    (
        id_column("node_id", "name of the node"),
        plain_column("kind", "what the node is", required=True, words=("dc", "store", "vendor", "3pl")),
        plain_column("country", "country code", required=True),
        plain_column("postal_code", "postal code", required=True),
        degrees_column("latitude", "north positive; needed when a distance limit is set", 90),
        degrees_column("longitude", "east positive; needed when a distance limit is set", 180),
        Column("timezone", Kind.TEXT, "IANA time zone of cut-off and working days", default="UTC"),
        Column("cutoff", Kind.CUTOFF, "local time after which an order starts the next day", default="24:00"),
        whole_column("lead_days", "working days from start to ship day", "0", unit="days", most=MAX_DAYS),
        week_column("working_days", "days on which the node ships"),
        flag_column("open", "false: the node ships nothing", "true"),
        Column("priority", Kind.DECIMAL, "lower is preferred by policies that rank nodes", default="0",
               least=-MAX_PRIORITY, most=MAX_PRIORITY),
        money_column("package_cost", "handling of a package"),
        money_column("line_cost", "handling of a line in a package"),
        money_column("unit_cost", "handling of a unit"),
        whole_column("max_packages_per_day", "capacity per ship day; empty: no limit", unit="packages"),
        whole_column("max_units_per_day", "capacity per ship day; empty: no limit", unit="units"),
        whole_column("max_lines_per_day", "capacity per ship day, a line counting once in each of its packages; empty: "
                     "no limit", unit="lines", feature="handling_limits"),
        minutes_column("max_minutes_per_day", "labour per ship day; empty: no limit", "", MAX_MINUTES_A_DAY,
                       "handling_limits"),
        minutes_column("minutes_per_package", "labour of a package", "0", MAX_MINUTES, "handling_limits"),
        minutes_column("minutes_per_unit", "labour of a unit", "0", MAX_MINUTES, "handling_limits"),
        share_column("target_share", "share of all shipped units that the node should ship; empty: no target", "",
                     "load_shares"),
        money_column("share_price", "price of a unit above or below the target share", "", feature="load_shares"),
    ),
    key=("node_id",),
    needed=True,
)  # fmt: skip

_SKUS = Table(
    "skus",
    "What is sold.",
    (
        id_column("sku_id", "name of the SKU"),
        weight_column("weight_kg", "weight of a unit", required=True),
        length_column("length_cm", "a side of a unit; with any side missing the unit has no volume"),
        length_column("width_cm", "a side of a unit"),
        length_column("height_cm", "a side of a unit"),
        money_column("value", "value of a unit"),
        flag_column("ship_alone", "its line shares a package with no other line", "false"),
    ),
    key=("sku_id",),
    needed=True,
)

_STOCK = Table(
    "stock",
    "Units at nodes; available = max(0, on_hand - reserved - safety_stock).",
    (
        id_column("node_id", "where"),
        id_column("sku_id", "what"),
        whole_column("on_hand", "units in the building", required=True, unit="units"),
        whole_column("reserved", "units promised elsewhere", "0", unit="units"),
        whole_column("safety_stock", "units never allocated", "0", unit="units"),
    ),
    key=("node_id", "sku_id"),
    needed=True,
)

_SERVICES = Table(
    "services",
    "Carrier services.",
    (
        id_column("service_id", "name of the service"),
        plain_column("carrier", "the carrier", required=True),
        Column("dim_divisor", Kind.DECIMAL, "volume to weight; empty: billed by actual weight", unit="cm3 per kg",
               most=MAX_DIM_DIVISOR),
        weight_column("weight_step_kg", "billable weight goes up to a multiple of this; empty or 0: no step"),
        weight_column("max_weight_kg", "largest actual weight of a package; empty: no limit"),
        week_column("ship_days", "days on which packages leave"),
        week_column("delivery_days", "days on which packages arrive"),
    ),
    key=("service_id",),
    needed=True,
)  # fmt: skip

_NODE_SERVICES = Table(
    "node_services",
    "Which node offers which service; without this table every node offers every service without limit.",
    (
        id_column("node_id", "the node"),
        id_column("service_id", "a service it offers"),
        whole_column("max_packages_per_day", "capacity per ship day; empty: no limit", unit="packages"),
    ),
    key=("node_id", "service_id"),
)

_LANES = Table(
    "lanes",
    "Where a service goes from a node.",
    (
        id_column("service_id", "the service"),
        id_column("node_id", "from this node"),
        plain_column("country", "country of destination", required=True),
        plain_column("destination", "prefix of the postal code, or * for the whole country; the longest match wins",
              required=True),
        plain_column("zone", "zone of the rate card", required=True),
        whole_column("transit_days", "calendar days on the way", required=True, unit="days", most=MAX_DAYS),
    ),
    key=("service_id", "node_id", "country", "destination"),
    needed=True,
)  # fmt: skip

_RATES = Table(
    "rates",
    "Rate cards: the smallest bracket that holds the billable weight gives the price.",
    (
        id_column("service_id", "the service"),
        plain_column("zone", "zone of the lane", required=True),
        weight_column("up_to_kg", "largest billable weight of the bracket", required=True),
        money_column("price", "price of a package", "", required=True),
        money_column("per_extra_kg", "price per kg beyond the last bracket; empty: nothing heavier ships", ""),
    ),
    key=("service_id", "zone", "up_to_kg"),
    needed=True,
)

_ORDERS = Table(
    "orders",
    "Customer orders.",
    (
        id_column("order_id", "name of the order"),
        Column("placed_at", Kind.INSTANT, "when it was placed, ISO 8601 with offset", required=True),
        plain_column("country", "country of destination", required=True),
        plain_column("postal_code", "postal code of destination", required=True),
        degrees_column("latitude", "north positive; needed when a distance limit is set", 90),
        degrees_column("longitude", "east positive; needed when a distance limit is set", 180),
        date_column("deliver_by", "promised date; empty: never late"),
        Column("priority", Kind.DECIMAL, "weight of lateness and of what is unfilled", default="1",
               most=MAX_PRIORITY),
        flag_column("ship_complete", "all units ship or none", "false"),
        whole_column("max_packages", "most packages; empty: the pack's limit", unit="packages", least=1),
        plain_column("channel", "where it was sold"),
        Column("excluded_nodes", Kind.IDS, "nodes that must not ship it"),
        plain_column("mode", "how its lines reach the customer", words=MODES, default="ship", feature="pickup"),
        id_column("pickup_node", "where lines without a pickup_node of their own are picked up", False, "pickup"),
        date_column("hold_until", "last ship day to which it may be held for consolidation; empty: the horizon alone",
                    feature="hold_until"),
        date_column("not_before", "earliest delivery day; empty: any", feature="not_before"),
    ),
    key=("order_id",),
    needed=True,
)  # fmt: skip

_ORDER_LINES = Table(
    "order_lines",
    "What the orders ask for.",
    (
        id_column("order_id", "the order"),
        id_column("line_id", "name of the line within its order"),
        id_column("sku_id", "what"),
        whole_column("quantity", "units", required=True, unit="units", least=1, most=MAX_QUANTITY),
        money_column("unit_value", "value of a unit; empty: the SKU's", ""),
        flag_column("splittable", "false: the line ships whole in one package or not at all", "true"),
        money_column("unfilled_cost", "cost of a unit not shipped; empty: the objective's terms", ""),
        plain_column("mode", "how the line reaches the customer; empty: as its order", words=MODES, feature="pickup",
                    neutral="ship"),
        id_column("pickup_node", "where it is picked up; empty: as its order", False, "pickup"),
    ),
    key=("order_id", "line_id"),
    needed=True,
)  # fmt: skip

_REFERENCE = Table(
    "reference",
    "What another system decided; re-costed with the same rates.",
    (
        id_column("order_id", "the order"),
        id_column("line_id", "the line"),
        id_column("node_id", "the node that shipped"),
        id_column("service_id", "the service used; empty: the cheapest", required=False),
        date_column("ship_on", "ship day; empty: the first possible"),
        whole_column("quantity", "units", required=True, unit="units", least=1, most=MAX_QUANTITY),
    ),
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
            *FEATURE_TABLES,
        )
    }
)
"""Every table of a pack by name, in the order in which faults are told."""

FEATURES = frozenset(
    {table.feature for table in TABLES.values()}
    | {column.feature for table in TABLES.values() for column in table.columns}
) - {""}
"""What tables and columns may belong to beyond the base; `supported` says which of them are."""


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
                    "type": kind,
                    "default": column.default,
                    "unit": column.unit,
                    "meaning": column.meaning,
                    "state": "not yet supported" if column.later or table.later else "",
                }
            )
    return rows
