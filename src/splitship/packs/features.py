"""The tables of the network's features to the domain, and the refusal of what is not yet supported."""

from __future__ import annotations

import zoneinfo
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TypedDict

import numpy as np

from splitship.domain import (
    LONG_PAST,
    Calendars,
    ChannelReserves,
    Inbound,
    Kits,
    NodeDays,
    Nodes,
    PlanBefore,
    Rejections,
    ServiceQuotas,
    StockPrices,
    Substitutes,
    Surcharges,
    Transfers,
)
from splitship.packs.assortment import build_kits, build_substitutes, build_transfers
from splitship.packs.columns import MINUTE_DECIMALS
from splitship.packs.days import build_calendars, build_node_days, build_service_quotas
from splitship.packs.demand import Lines
from splitship.packs.findings import Findings
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


class FeatureTables(TypedDict):
    """The fields of `Problem` that hold the network's features."""

    inbound: Inbound
    node_days: NodeDays
    calendars: Calendars
    service_quotas: ServiceQuotas
    kits: Kits
    substitutes: Substitutes
    transfers: Transfers
    surcharges: Surcharges
    stock_prices: StockPrices
    channel_reserves: ChannelReserves
    plan_before: PlanBefore
    rejections: Rejections


def build_features(views: Views, nodes: Nodes, lines: Lines, as_of: datetime | None) -> FeatureTables:
    """Every table of a feature; `as_of` None: whether days have passed is not looked at."""
    node_ids, sku_ids = views["nodes"].coded("node_id"), views["skus"].coded("sku_id")
    service_ids = views["services"].coded("service_id")
    today = _local_dates(nodes.timezone, as_of)
    return FeatureTables(
        inbound=build_inbound(views["inbound"], node_ids, sku_ids, today),
        node_days=build_node_days(views["node_days"], node_ids, nodes),
        calendars=build_calendars(views["calendars"], node_ids, service_ids),
        service_quotas=build_service_quotas(views["service_quotas"], service_ids),
        kits=build_kits(views["kits"], sku_ids, views["stock"], views["order_lines"], lines),
        substitutes=build_substitutes(views["substitutes"], sku_ids),
        transfers=build_transfers(views["transfers"], node_ids),
        surcharges=build_surcharges(views["surcharges"], views, service_ids),
        stock_prices=build_stock_prices(views["stock_prices"], node_ids, sku_ids),
        channel_reserves=build_channel_reserves(views["channel_reserves"], node_ids, sku_ids),
        plan_before=build_plan_before(views["plan_before"], views, lines, node_ids, service_ids, today),
        rejections=build_rejections(views["rejections"], views, lines.row, node_ids),
    )


def check_feature_totals(views: Views, lines: Lines, quotas: ServiceQuotas) -> None:
    """What prices and minutes can come to stays well inside int64; for tables without other faults."""
    units = float(lines.lines.quantity.sum())
    value = float((lines.lines.quantity * (lines.lines.unit_value.micros / MICROS)).sum())
    orders = float(views["orders"].num_rows)
    committed = float(quotas.min_packages.max(initial=0))
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
        ("plan_before", "move_price", orders, "orders"),
    ]
    for table, column, times, what in charged:
        if views[table].has(column):
            prices, _ = views[table].amounts(column)
            _check_total(views[table], column, prices.micros, times, what)
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


def _check_total(view: TableView, column: str, micros: I64, times: float, what: str) -> None:
    if not len(micros):
        return
    size = np.abs(micros).astype(np.float64) * times
    bad = np.arange(view.num_rows) == int(np.argmax(size))
    if size.max() > MOST:
        words = f"times {times:,.0f} {what} it could come to {size.max() / MICROS:.3g}, more than {MOST // MICROS:.3g}"
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
