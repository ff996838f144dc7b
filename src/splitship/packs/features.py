"""The tables of the network's features to the domain, and the refusal of what is not yet supported."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

import numpy as np

from splitship.domain import LONG_PAST, Nodes
from splitship.packs.assortment import build_kits, build_substitutes, build_transfers
from splitship.packs.columns import MINUTE_DECIMALS
from splitship.packs.days import build_calendars, build_node_days, build_service_quotas
from splitship.packs.demand import Lines
from splitship.packs.feature_tables import FEATURE_TABLES
from splitship.packs.findings import Findings
from splitship.packs.forecast import build_forecast
from splitship.packs.inventory import build_channel_reserves, build_inbound, build_stock_prices
from splitship.packs.schema import TABLES
from splitship.packs.stability import build_plan_before, build_rejections
from splitship.packs.supported import is_supported
from splitship.packs.surcharges import build_surcharges
from splitship.packs.view import TableView
from splitship.units import I64, MAX_TOTAL_MICROS, MICROS, Strings, day_number

Views = Mapping[str, TableView]

MOST = MAX_TOTAL_MICROS // 4
"""Largest total that a price times what it can be charged on may come to, in micros."""


def build_features(
    views: Views, nodes: Nodes, lines: Lines, as_of: datetime | None, need_coordinates: bool = False
) -> dict[str, Any]:
    """The tables of features that have rows, by the names of their fields in `Problem`.

    `as_of` None: whether days have passed is not looked at. `need_coordinates`: a limit of distance is set.
    """
    if not any(views[table.name].num_rows for table in FEATURE_TABLES):
        return {}
    node_ids, sku_ids = views["nodes"].coded("node_id"), views["skus"].coded("sku_id")
    service_ids = views["services"].coded("service_id")
    today = _local_dates(nodes.timezone, as_of)
    stock, order_lines = views["stock"], views["order_lines"]
    found: dict[str, Any] = {}
    faulty: set[str] = set()
    builders: dict[str, Callable[[TableView], Any]] = {
        "inbound": lambda view: build_inbound(view, node_ids, sku_ids, today),
        "node_days": lambda view: build_node_days(view, node_ids, nodes),
        "calendars": lambda view: build_calendars(view, node_ids, service_ids),
        "service_quotas": lambda view: build_service_quotas(view, service_ids),
        "kits": lambda view: build_kits(view, sku_ids, stock, order_lines, lines),
        "substitutes": lambda view: build_substitutes(view, sku_ids, views["kits"]),
        "transfers": lambda view: build_transfers(view, node_ids),
        "surcharges": lambda view: build_surcharges(view, views, service_ids),
        "stock_prices": lambda view: build_stock_prices(view, node_ids, sku_ids),
        "channel_reserves": lambda view: build_channel_reserves(view, node_ids, sku_ids),
        "plan_before": lambda view: build_plan_before(view, views, lines, today, found, faulty),
        "rejections": lambda view: build_rejections(view, views, lines.row, node_ids),
        "forecast": lambda view: build_forecast(view, sku_ids, as_of, need_coordinates),
    }
    for table in FEATURE_TABLES:
        if views[table.name].num_rows:
            faults = views[table.name].findings.num_faults
            found[table.name] = builders[table.name](views[table.name])
            if views[table.name].findings.num_faults > faults:
                faulty.add(table.name)
    return found


def check_feature_totals(views: Views, lines: Lines, tables: Mapping[str, Any]) -> None:
    """What prices and minutes can come to stays well inside int64.

    For tables without other faults; `tables` are those of `build_features`.
    """
    units = float(lines.lines.quantity.sum())
    value = float((lines.lines.quantity * (lines.lines.unit_value.micros / MICROS)).sum())
    planned = float(views["plan_before"].num_rows)
    expected = float(tables["forecast"].quantity.sum()) if "forecast" in tables else 0.0
    committed = float(tables["service_quotas"].min_packages.max(initial=0)) if "service_quotas" in tables else 0.0
    charged = [
        ("nodes", "share_price", units, "units"),
        ("service_quotas", "shortfall_price", committed, "packages"),
        ("substitutes", "price_per_unit", units, "units"),
        ("transfers", "cost_per_unit", units, "units"),
        ("transfers", "cost_per_package", units, "packages"),
        ("surcharges", "per_package", units, "packages"),
        ("surcharges", "share_of_value", value, "of value"),
        ("stock_prices", "price_per_unit", units, "units"),
        ("channel_reserves", "price_per_unit", units, "units"),
        ("plan_before", "move_price", planned, "packages"),
        ("forecast", "unfilled_cost", expected, "units"),
    ]
    for table, column, times, what in charged:
        if views[table].has(column):
            prices, _ = views[table].amounts(column)
            _check_total(views[table], column, prices.micros, times, what, adds_up=table == "surcharges")
    for column, what in (("minutes_per_package", "packages"), ("minutes_per_unit", "units")):
        if views["nodes"].has(column):
            minutes = views["nodes"].scaled(column, MINUTE_DECIMALS)
            _check_total(views["nodes"], column, minutes.data, units, what)


def refuse_unsupported(views: Views, findings: Findings, features: Collection[str]) -> None:
    """E501 for tables with rows, E502 for cells in use, of features that are read but not supported."""
    for name, table in TABLES.items():
        view = views[name]
        if table.feature and not is_supported(table.feature, features):
            if view.num_rows:
                words = f"the table {name} is not yet supported"
                findings.add("E501", findings.locate(name, None, None), words, "remove it or leave it empty")
            continue
        for column in table.columns:
            if column.feature and not is_supported(column.feature, features) and view.has(column.name):
                view.tell("E502", column.name, view.in_use(column.name), "this column is not yet supported")


def _check_total(view: TableView, column: str, micros: I64, times: float, what: str, adds_up: bool = False) -> None:
    """E410 at the largest price; with `adds_up` the prices of all rows can be due together."""
    if not len(micros):
        return
    size = np.abs(micros).astype(np.float64) * times
    bad = np.arange(view.num_rows) == int(np.argmax(size))
    total = float(size.sum() if adds_up else size.max())
    if total > MOST:
        who = "all rows" if adds_up else "it"
        words = f"times {times:,.0f} {what} {who} could come to {total / MICROS:.3g}, more than {MOST // MICROS:.3g}"
        view.tell_rows("E410", column, bad, lambda row: words)


def _local_dates(timezones: Strings, as_of: datetime | None) -> I64:
    """The local date of the decision by node, LONG_PAST without one or in a time zone that is none (a fault)."""
    dates: dict[str, int] = {}
    for name in dict.fromkeys(timezones.tolist()) if as_of is not None else ():
        assert as_of is not None
        try:
            dates[name] = day_number(as_of.astimezone(zoneinfo.ZoneInfo(name)).date().isoformat())
        except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError, OverflowError):
            dates[name] = LONG_PAST
    return np.array([dates.get(name, LONG_PAST) for name in timezones.tolist()], np.int64)
