"""The tables of features: days, inbound, kits, transfers, surcharges, reserves, the plan in force, the forecast.

All are optional; a table that is absent or has no rows changes nothing.
"""

from __future__ import annotations

from splitship.packs.columns import (
    MAX_DAYS,
    MAX_MINUTES_A_DAY,
    MAX_PRICE,
    Table,
    date_column,
    degrees_column,
    flag_column,
    id_column,
    minutes_column,
    money_column,
    plain_column,
    share_column,
    week_column,
    whole_column,
)
from splitship.units import MAX_QUANTITY

STATES = ("promised", "released")

_INBOUND = Table(
    "inbound",
    "Units that arrive: stock of a node from a day on, beside what is there already.",
    (
        id_column("node_id", "where"),
        id_column("sku_id", "what"),
        whole_column("quantity", "units that arrive", required=True, unit="units", least=1),
        date_column("available_on", "first ship day on which they can leave", required=True),
    ),
    key=("node_id", "sku_id", "available_on"),
    feature="inbound",
)

_NODE_DAYS = Table(
    "node_days",
    "What is different at a node on one day, and what of that day is used already.",
    (
        id_column("node_id", "the node"),
        date_column("date", "the ship day", required=True),
        flag_column("open", "whether the node ships on that day, whatever its working days and holidays say; empty: "
                    "as they say (a node that is closed altogether stays closed)", ""),
        whole_column("max_packages", "capacity of the day; empty: the node's", unit="packages"),
        whole_column("max_units", "capacity of the day; empty: the node's", unit="units"),
        whole_column("max_lines", "capacity of the day; empty: the node's", unit="lines", feature="handling_limits"),
        minutes_column("max_minutes", "labour of the day; empty: the node's", "", MAX_MINUTES_A_DAY,
                       "handling_limits"),
        whole_column("used_packages", "used already by what is not in this batch", "0", unit="packages"),
        whole_column("used_units", "used already by what is not in this batch", "0", unit="units"),
        whole_column("used_lines", "used already by what is not in this batch", "0", unit="lines",
                     feature="handling_limits"),
        minutes_column("used_minutes", "used already by what is not in this batch", "0", MAX_MINUTES_A_DAY,
                       "handling_limits"),
    ),
    key=("node_id", "date"),
    feature="node_days",
)  # fmt: skip

_CALENDARS = Table(
    "calendars",
    "Holidays: a node does not work, a service neither collects nor delivers. Each row names one of the two.",
    (
        id_column("node_id", "the node that does not work", required=False),
        id_column("service_id", "the service that does not run", required=False),
        date_column("date", "the holiday", required=True),
    ),
    key=("node_id", "service_id", "date"),
    feature="calendars",
)

_SERVICE_QUOTAS = Table(
    "service_quotas",
    "Packages of a service a ship day over all nodes, at most and at least.",
    (
        id_column("service_id", "the service"),
        date_column("date", "the ship day; empty: every day that has no row of its own"),
        whole_column("max_packages", "most packages", required=True, unit="packages"),
        whole_column("min_packages", "committed volume; needs shortfall_price", "0", unit="packages",
                     feature="service_commitments"),
        money_column("shortfall_price", "price of a package missing from min_packages", "",
                     feature="service_commitments"),
    ),
    key=("service_id", "date"),
    feature="service_quotas",
)  # fmt: skip

_KITS = Table(
    "kits",
    "SKUs that ship as their components, one row a component; a component is not a kit itself.",
    (
        id_column("kit_sku_id", "the SKU that is ordered"),
        id_column("sku_id", "a component"),
        whole_column("quantity", "units of the component in one kit", required=True, unit="units", least=1,
                     most=MAX_QUANTITY),
        flag_column("together", "true: all components of a kit unit in one package; one word for all rows of a kit",
                    "true"),
    ),
    key=("kit_sku_id", "sku_id"),
    feature="kits",
)  # fmt: skip

_SUBSTITUTES = Table(
    "substitutes",
    "SKUs that may fill lines of others, one step: a substitute's own substitutes are not tried.",
    (
        id_column("sku_id", "the SKU that is ordered"),
        id_column("substitute_sku_id", "what may ship in its place"),
        money_column("price_per_unit", "price of a unit replaced"),
    ),
    key=("sku_id", "substitute_sku_id"),
    feature="substitutes",
)

_TRANSFERS = Table(
    "transfers",
    "Ways to move units from one node to another, where they are picked up or shipped.",
    (
        id_column("from_node_id", "the node that gives"),
        id_column("to_node_id", "the node that receives"),
        whole_column("days", "calendar days on the way", required=True, unit="days", most=MAX_DAYS),
        money_column("cost_per_unit", "cost of a unit moved"),
        money_column("cost_per_package", "cost of the units of one order moved together"),
        week_column("working_days", "days on which the way is served at its beginning"),
    ),
    key=("from_node_id", "to_node_id"),
    feature="transfers",
)

_SURCHARGES = Table(
    "surcharges",
    "Additions to the rate of packages that fit. A column such as order.postal_code, node.kind, sku.class, "
    "service.carrier or line.gift is a condition on that column, of the pack or an attribute, of the package's order, "
    "node, SKUs, service or lines: a value, values separated by ;, or a beginning ending in * (331*); empty: any. All "
    "conditions of a row hold; for line and sku one line of the package must meet all of them. A package pays every "
    "row that it fits once; rows may share a name.",
    (
        plain_column("name", "under which it is reported", required=True),
        id_column("service_id", "the service; empty: any", required=False),
        money_column("per_package", "added to a package that fits"),
        share_column("share_of_value", "added: this share of the value of the package's units that fit", "0"),
    ),
    feature="surcharges",
)

_STOCK_PRICES = Table(
    "stock_prices",
    "Price of taking a unit from stock; below 0 it is a reward for shipping it.",
    (
        id_column("node_id", "where"),
        id_column("sku_id", "what"),
        money_column("price_per_unit", "added for every unit that ships", "", required=True, least=-MAX_PRICE),
    ),
    key=("node_id", "sku_id"),
    feature="stock_prices",
)

_CHANNEL_RESERVES = Table(
    "channel_reserves",
    "Available units that are kept for the orders of a channel.",
    (
        id_column("node_id", "where"),
        id_column("sku_id", "what; empty: every SKU of the node that has no row of its own for the channel",
                  required=False),
        plain_column("channel", "the channel that may have them", required=True),
        whole_column("quantity", "units kept, of each SKU", required=True, unit="units"),
        money_column("price_per_unit", "at which other orders may have them; empty: not at all", ""),
    ),
    key=("node_id", "sku_id", "channel"),
    feature="channel_reserves",
)  # fmt: skip

_PLAN_BEFORE = Table(
    "plan_before",
    "The plan in force, one row a line in a package. Released packages stay as they are; a promised one may move at "
    "a price or not at all. on_hand still counts the units of both.",
    (
        id_column("order_id", "the order"),
        id_column("line_id", "the line"),
        id_column("node_id", "the node that ships"),
        id_column("service_id", "the service used; of what is picked up pickup:NODE, or transfer:FROM:NODE"),
        date_column("ship_on", "the ship day", required=True),
        whole_column("quantity", "units", required=True, unit="units", least=1, most=MAX_QUANTITY),
        plain_column("state", "whether the package has left the plan for the floor", words=STATES, default="promised"),
        money_column("move_price", "price of a plan that does not keep the promised package, the same in all its rows; "
                     "empty: it must be kept", ""),
        plain_column("package_id", "the package within its order; empty: the rows of one node, service, day and state "
                    "are one package"),
        id_column("sku_id", "what ships: a component of a line that is a kit, or a substitute; empty: the line's own, "
                  "all components of a kit", required=False),
    ),
    key=("order_id", "line_id", "node_id", "service_id", "ship_on", "state", "package_id", "sku_id"),
    feature="plan_before",
)  # fmt: skip

_REJECTIONS = Table(
    "rejections",
    "Nodes that refused an order or a line: nothing of it ships from there, whatever plan_before says.",
    (
        id_column("order_id", "the order"),
        id_column("line_id", "the line; empty: the whole order", required=False),
        id_column("node_id", "the node"),
    ),
    key=("order_id", "line_id", "node_id"),
    feature="rejections",
)

_FORECAST = Table(
    "forecast",
    "Units expected to be ordered, each an order of its own. Used by splitship forecast-prices only: in no plan.",
    (
        id_column("sku_id", "what"),
        plain_column("country", "country code of the destination", required=True),
        plain_column("postal_code", "postal code of the destination", required=True),
        whole_column("quantity", "units expected", required=True, unit="units", least=1, most=MAX_QUANTITY),
        date_column("placed_on", "the day on which they are ordered; empty: that of as_of"),
        degrees_column("latitude", "north positive; needed when a distance limit is set", 90),
        degrees_column("longitude", "east positive; needed when a distance limit is set", 180),
        money_column("unfilled_cost", "cost of a unit not shipped; empty: the objective's terms", ""),
    ),
    key=("sku_id", "country", "postal_code", "placed_on"),
    feature="forecast",
)

FEATURE_TABLES = (
    _INBOUND,
    _NODE_DAYS,
    _CALENDARS,
    _SERVICE_QUOTAS,
    _KITS,
    _SUBSTITUTES,
    _TRANSFERS,
    _SURCHARGES,
    _STOCK_PRICES,
    _CHANNEL_RESERVES,
    _PLAN_BEFORE,
    _REJECTIONS,
    _FORECAST,
)
"""Read in this order; the feature of each has the table's name."""
