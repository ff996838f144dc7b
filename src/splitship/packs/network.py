"""Text tables of the network to the domain's columns, with every fault of keys, references and values told."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from splitship.domain import Lanes, Nodes, NodeServices, Rates, Services, Skus, Stock
from splitship.packs.columns import MINUTE_DECIMALS
from splitship.packs.findings import suggest
from splitship.packs.view import Cells, Coded, TableView, combine
from splitship.units import ATTO, I64, MICROS, NO_DATE, UNLIMITED, Amounts, Bools, Floats, Strings, atto_to_decimal

PRICE_OUTLIER = 100
"""A price this many times the median of its column is worth a warning."""


def build_nodes(view: TableView, need_coordinates: bool) -> Nodes:
    """The nodes table."""
    codes = view.coded("node_id").codes
    view.text("node_id")
    view.keys((codes,), ("node_id",))
    latitude, longitude = coordinates(view, need_coordinates)
    costs = {name: view.amounts(name)[0] for name in ("package_cost", "line_cost", "unit_cost")}
    for name, cost in costs.items():
        _warn_outliers(view, name, cost)
    target, has_target, share_price = _target_shares(view)
    return Nodes(
        node_id=view.text("node_id"),
        kind=view.words("kind"),
        country=view.text("country"),
        postal_code=view.text("postal_code"),
        latitude=latitude,
        longitude=longitude,
        timezone=_time_zones(view),
        cutoff_us=view.cutoff("cutoff"),
        lead_days=view.whole("lead_days").data,
        working_days=view.week("working_days"),
        is_open=view.flag("open"),
        priority=bounded_floats(view, "priority").data,
        package_cost=costs["package_cost"],
        line_cost=costs["line_cost"],
        unit_cost=costs["unit_cost"],
        max_packages_per_day=limit(view.whole("max_packages_per_day")),
        max_units_per_day=limit(view.whole("max_units_per_day")),
        max_lines_per_day=limit(view.whole("max_lines_per_day")),
        max_umin_per_day=limit(view.scaled("max_minutes_per_day", MINUTE_DECIMALS)),
        umin_per_package=view.scaled("minutes_per_package", MINUTE_DECIMALS).data,
        umin_per_unit=view.scaled("minutes_per_unit", MINUTE_DECIMALS).data,
        target_share=target,
        has_target_share=has_target,
        share_price=share_price,
        attributes=view.attributes(),
    )


def build_skus(view: TableView) -> Skus:
    """The skus table."""
    view.keys((view.coded("sku_id").codes,), ("sku_id",))
    sides = [view.scaled(name) for name in ("length_cm", "width_cm", "height_cm")]
    has_volume = np.logical_and.reduce([side.given for side in sides])
    length, width, height = (np.where(has_volume, side.data, 0) for side in sides)
    return Skus(
        sku_id=view.text("sku_id"),
        weight_ug=view.scaled("weight_kg").data,
        length_ncm=length,
        width_ncm=width,
        height_ncm=height,
        value=view.amounts("value")[0],
        is_ship_alone=view.flag("ship_alone"),
        attributes=view.attributes(),
    )


def build_stock(view: TableView, node_ids: Coded, sku_ids: Coded) -> Stock:
    """The stock table, sorted by node then SKU."""
    node_idx = view.refers("node_id", node_ids, "node")
    sku_idx = view.refers("sku_id", sku_ids, "SKU")
    view.keys((node_idx, sku_idx), ("node_id", "sku_id"))
    on_hand, reserved, safety = (
        view.whole(name, below="E401").data for name in ("on_hand", "reserved", "safety_stock")
    )
    order = np.lexsort((sku_idx, node_idx))
    return Stock(node_idx[order], sku_idx[order], on_hand[order], reserved[order], safety[order])


def build_services(view: TableView) -> Services:
    """The services table."""
    view.keys((view.coded("service_id").codes,), ("service_id",))
    divisor = view.scaled("dim_divisor")
    view.tell("E407", "dim_divisor", divisor.given & (divisor.data == 0), "must be above 0 or empty")
    return Services(
        service_id=view.text("service_id"),
        carrier=view.text("carrier"),
        dim_divisor=divisor.data,
        weight_step_ug=view.scaled("weight_step_kg").data,
        max_weight_ug=limit(view.scaled("max_weight_kg")),
        ship_days=view.week("ship_days"),
        delivery_days=view.week("delivery_days"),
        attributes=view.attributes(),
    )


def build_node_services(view: TableView | None, node_ids: Coded, service_ids: Coded) -> NodeServices:
    """The node_services table; None (no such table) offers everything everywhere without limit."""
    num_nodes, num_services = len(node_ids.codes), len(service_ids.codes)
    if view is None:
        return NodeServices.all_offered(num_nodes, num_services)
    node_idx = view.refers("node_id", node_ids, "node")
    service_idx = view.refers("service_id", service_ids, "service")
    view.keys((node_idx, service_idx), ("node_id", "service_id"))
    capacity = limit(view.whole("max_packages_per_day"))
    is_offered = np.zeros((num_nodes, num_services), np.bool_)
    limits = np.full((num_nodes, num_services), UNLIMITED, np.int64)
    known = (node_idx >= 0) & (service_idx >= 0)
    is_offered[node_idx[known], service_idx[known]] = True
    limits[node_idx[known], service_idx[known]] = capacity[known]
    return NodeServices(is_offered, limits)


def build_lanes(view: TableView, node_ids: Coded, service_ids: Coded) -> Lanes:
    """The lanes table, in the order of its rows."""
    service_idx = view.refers("service_id", service_ids, "service")
    node_idx = view.refers("node_id", node_ids, "node")
    country, destination = view.coded("country"), view.coded("destination")
    view.keys(
        (service_idx, node_idx, country.codes, destination.codes),
        ("service_id", "node_id", "country", "destination"),
    )
    starred = np.array(["*" in text and text != "*" for text in destination.distinct.to_pylist()], np.bool_)
    view.tell(
        "E409",
        "destination",
        starred[destination.codes] if len(starred) else np.zeros(view.num_rows, np.bool_),
        "expected the beginning of a postal code, or * alone for the whole country",
        lambda text: f"write {text.rstrip('*')}" if text.rstrip("*") and "*" not in text.rstrip("*") else "",
    )
    return Lanes(
        service_idx=service_idx,
        node_idx=node_idx,
        country=view.text("country"),
        destination=view.text("destination"),
        zone=view.text("zone"),
        transit_days=view.whole("transit_days").data,
    )


@dataclass(frozen=True, slots=True)
class RateCards:
    """The rates, and for each of them its row in the table."""

    rates: Rates
    row: I64


def build_rates(view: TableView, service_ids: Coded) -> RateCards:
    """The rates table, sorted by service, zone, up_to_kg. In the table brackets of a zone must stand in that order."""
    service_idx = view.refers("service_id", service_ids, "service")
    zone = view.coded("zone")
    zone_rank = ranks(zone)
    up_to = view.scaled("up_to_kg")
    view.keys((service_idx, zone_rank, np.where(up_to.given, up_to.data, -1)), ("service_id", "zone", "up_to_kg"))
    price, _ = view.amounts("price")
    per_extra, has_extra = view.amounts("per_extra_kg")
    rows = np.arange(view.num_rows)
    if view.num_rows:
        card = combine((service_idx, zone_rank))
        usable = (service_idx >= 0) & up_to.given
        by_row = np.lexsort((rows, card))
        same = card[by_row][1:] == card[by_row][:-1]
        later, sooner = by_row[1:][same], by_row[:-1][same]
        both = usable[later] & usable[sooner]
        falls = np.zeros(view.num_rows, np.bool_)
        falls[later[both & (up_to.data[later] < up_to.data[sooner])]] = True
        view.tell("E403", "up_to_kg", falls, "must be above the bracket before it of this service and zone")
        by_weight = np.lexsort((rows, up_to.data, card))
        is_last = np.ones(view.num_rows, np.bool_)
        is_last[by_weight[:-1]] = card[by_weight][1:] != card[by_weight][:-1]
        view.tell(
            "E404", "per_extra_kg", has_extra & ~is_last & usable, "only the last bracket of a service and zone has one"
        )
        _warn_outliers(view, "price", price)
        _warn_outliers(view, "per_extra_kg", per_extra)
    order = np.lexsort((rows, up_to.data, zone_rank, service_idx))
    rates = Rates(
        service_idx=service_idx[order],
        zone=view.text("zone")[order],
        up_to_ug=up_to.data[order],
        price=price.take(order),
        per_extra=per_extra.take(order),
        has_extra=has_extra[order],
    )
    return RateCards(rates, order)


def coordinates(view: TableView, needed: bool) -> tuple[Floats, Floats]:
    """Latitude and longitude in degrees, NaN where empty."""
    latitude, longitude = (bounded_floats(view, name, "E405") for name in ("latitude", "longitude"))
    blank = [view.is_empty(name) for name in ("latitude", "longitude")]
    alone = blank[0] != blank[1]
    half = "latitude and longitude go together: fill both or none"
    view.tell_rows("E405", "latitude", alone, lambda row: half)
    if needed:
        view.tell_rows(
            "E406", "latitude", blank[0] & blank[1], lambda row: "needed because limits.max_distance_km is set"
        )
    return latitude.data, longitude.data


def bounded_floats(view: TableView, column: str, code: str = "E408") -> Cells:
    """Floats within the column's bounds, both inclusive."""
    spec = view.table.column(column)
    cells = view.floats(column)
    least = -np.inf if spec.least is None else spec.least
    with np.errstate(invalid="ignore"):
        beyond = cells.given & ((cells.data < least) | (cells.data > spec.most))
    view.tell(code, column, beyond, f"expected a number from {spec.least:,} to {spec.most:,}")
    return cells


def default_date(cells: Cells) -> I64:
    """Day numbers, NO_DATE where empty."""
    return np.where(cells.given, cells.data, NO_DATE)


def limit(cells: Cells) -> I64:
    """Limits, UNLIMITED where empty."""
    return np.where(cells.given, cells.data, UNLIMITED)


def _target_shares(view: TableView) -> tuple[Amounts, Bools, Amounts]:
    """Target shares, where they are given, and their prices; together they are 1 at most."""
    share, has_share = view.amounts("target_share")
    price, has_price = view.amounts("share_price")
    view.tell_rows("E422", "share_price", has_price & ~has_share, lambda row: "needs a target_share")
    view.tell_rows("E422", "target_share", has_share & ~has_price, lambda row: "needs a share_price")
    total = list(accumulate(share.exact_list()))
    if total and total[-1] > ATTO and not view.faulty("target_share").any():
        bad = np.arange(view.num_rows) == next(row for row, sum_ in enumerate(total) if sum_ > ATTO)
        words = f"the target shares of all nodes sum to {atto_to_decimal(total[-1]):f}, more than 1"
        view.tell_rows("E426", "target_share", bad, lambda row: words)
    return share, has_share, price


def _time_zones(view: TableView) -> Strings:
    texts = view.text("timezone")
    known = {name: _is_zone(name) for name in dict.fromkeys(texts.tolist())}
    bad = np.array([not known[name] for name in texts.tolist()], np.bool_)
    if bad.any():
        every = sorted(zoneinfo.available_timezones())
        view.tell("E402", "timezone", bad, "unknown time zone", lambda text: _zone_hint(text, every))
    return texts


def _is_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return False
    return True


def _zone_hint(text: str, every: list[str]) -> str:
    ending = [name for name in every if name.rpartition("/")[2].casefold() == text.strip().replace(" ", "_").casefold()]
    return f"did you mean {ending[0]}?" if ending else suggest(text, every, most=len(every))


def ranks(coded: Coded) -> I64:
    """Positions of a text column's values in the order of the texts."""
    ranks = (
        pc.rank(coded.distinct, sort_keys="ascending", tiebreaker="min")
        if len(coded.distinct)
        else pa.array([], pa.uint64())
    )
    found: I64 = ranks.to_numpy(zero_copy_only=False).astype(np.int64)[coded.codes]
    return found


def _warn_outliers(view: TableView, column: str, prices: Amounts) -> None:
    """W602: prices far above the median of the column's prices above 0."""
    above: Bools = prices.micros > 0
    if not above.any():
        return
    median = float(np.median(prices.micros[above]))
    far = prices.micros > PRICE_OUTLIER * median
    view.tell("W602", column, far, f"more than {PRICE_OUTLIER} times the median of {median / MICROS:,.2f}")
