"""Writes the pack `omnichannel`: one day of a retailer that ships, hands out and moves between its places.

    python scenarios/generators/omnichannel.py FOLDER [OUTPUT_FOLDER]

The folder holds us_network (fulfilment centres, cities, stores), us_places (ZIP coordinates) and ups_2006 (tariff, zone
charts, delivery area). What is real and what is assumed stands in the README of the pack. Everything random
comes from one seeded stream of Python's `random.random`, which gives the same numbers in every version.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from pathlib import Path

import omnichannel_network as network_tables
import tariff_2006
from draw import Draw
from omnichannel_before import Planner, lines_not_found, make_reserves, plan_rows, reserve_rows
from omnichannel_goods import Assortment, make_assortment, make_rejections, make_stock
from omnichannel_network import STORE_ZONES, STORES, Cells, Network
from omnichannel_orders import AS_OF, Order, OrderMaker
from omnichannel_settings import SETTINGS
from tables import read_rows, write_rows, write_text
from us_places import read_places

SEED = 20261208
SERVICES = tuple(  # addresses that are no homes pay less: the difference is a surcharge here
    tariff_2006.Service(service.service_id, tariff, service.chart, "0", service.days)
    for service, tariff in zip(
        tariff_2006.SERVICES,
        ("ground_commercial", "three_day_select", "second_day_air", "next_day_air"),
        strict=True,
    )
)
SURCHARGE_COLUMNS = (
    "name", "service_id", "order.residential", "order.area", "order.postal_code", "sku.oversize", "sku.insured",
    "per_package", "share_of_value",
)  # fmt: skip
SURCHARGES = (
    ("residential", "ground", "true", "", "", "", "", "1.75", ""),
    *(("residential", air, "true", "", "", "", "", "2.10", "") for air in ("three_day", "two_day", "next_day")),
    ("delivery area", "", "true", "das", "", "", "", "2.10", ""),
    ("delivery area", "", "false", "das", "", "", "", "1.30", ""),
    ("Manhattan", "", "", "", "100*;101*;102*", "", "", "0.90", ""),
    ("oversize", "", "", "", "", "true", "", "6.00", ""),
    ("declared value", "", "", "", "", "", "true", "", "0.005"),
)
ORDER_COLUMNS = (
    "order_id", "placed_at", "country", "postal_code", "latitude", "longitude", "deliver_by", "priority",
    "ship_complete", "max_packages", "channel", "excluded_nodes", "mode", "pickup_node", "hold_until", "not_before",
    "residential", "area", "gift",
)  # fmt: skip
QUOTA_COLUMNS = ("service_id", "date", "max_packages", "min_packages", "shortfall_price")
BEFORE_COLUMNS = (
    "order_id", "line_id", "node_id", "service_id", "ship_on", "quantity", "state", "move_price",
)  # fmt: skip
LINE_COLUMNS = ("order_id", "line_id", "sku_id", "quantity", "splittable", "mode", "pickup_node")


def order_id(number: int) -> str:
    return f"M{number:04d}"


def flag(is_so: bool) -> str:
    return "true" if is_so else ""


def order_row(number: int, order: Order, delivery_area: Set[str]) -> Cells:
    """One row of the table orders."""
    place = order.place
    where = (place.zip5, place.lat_text, place.lon_text)
    limits = (flag(order.ship_complete), order.max_packages, order.channel, ";".join(order.excluded))
    pickup = ("pickup", order.store) if order.is_picked_up else ("", "")
    area = "das" if place.zip5 in delivery_area else ""
    attributes = ("true" if order.is_home else "false", area, flag(order.is_gift))
    dates = (order.hold_until, order.not_before)
    promise = (order.deliver_by, order.priority)
    return (
        order_id(number),
        order.placed_at.isoformat(),
        "US",
        *where,
        *promise,
        *limits,
        *pickup,
        *dates,
        *attributes,
    )


def line_rows(number: int, order: Order, assortment: Assortment) -> Iterable[Cells]:
    """The rows of one order in the table order_lines."""
    for nth, line in enumerate(order.lines, start=1):
        own = ("pickup", order.store) if line.is_picked_up and not order.is_picked_up else ("", "")
        splittable = "" if line.is_splittable else "false"
        yield order_id(number), nth, assortment.skus[line.sku].sku_id, line.quantity, splittable, *own


def service_rows() -> Iterable[Cells]:
    """Rows of the table services: collected Monday to Friday, delivered to Saturday, three_day to Friday."""
    for service in SERVICES:
        delivery_days = "1111100" if service.service_id == "three_day" else "1111110"
        most = tariff_2006.MAX_POUNDS * tariff_2006.KG_PER_POUND
        yield service.service_id, "UPS", tariff_2006.CUBIC_CM_PER_KG, most, "1111100", delivery_days


def lane_rows(source: Path, network: Network, prefixes: Iterable[str]) -> Iterable[Cells]:
    """Rows of the table lanes; stores ship to near zones only."""
    for row in tariff_2006.lanes(source, network.zip_of_node, network.offered, prefixes):
        if row[1] not in STORES or row[4] in STORE_ZONES:
            yield row


def main(source: Path, target: Path) -> None:
    draw = Draw(SEED)
    places = read_places(source)
    cities = [row for row in read_rows(source / "us_network" / "cities.csv") if row["State"] != "Puerto Rico"]
    delivery_area = {row["zip5"] for row in read_rows(source / "ups_2006" / "das_zips.csv")}
    network = network_tables.make_network(source, places, cities)
    assortment = make_assortment(draw)
    orders = OrderMaker(draw, cities, places, assortment.goods(), network.place).orders()
    transfers = list(network_tables.transfer_rows(network))
    sources = {store: {str(row[0]) for row in transfers if row[1] == store} for store in STORES}
    stock = make_stock(draw, assortment, orders, sources)
    rejections = make_rejections(draw, orders, stock, network.place)
    reserves = make_reserves(draw, stock)
    planner = Planner(assortment, orders, reserves, network.place, Counter(stock.units), AS_OF.date())
    before = planner.plan()
    rejections = sorted([*rejections, *lines_not_found(draw, before, orders, assortment)])
    write(source, target / "omnichannel", network, assortment, orders, delivery_area)
    ids = [sku.sku_id for sku in assortment.skus]
    folder = target / "omnichannel"
    write_rows(folder, "stock", ("node_id", "sku_id", "on_hand", "reserved"), stock.stock_rows(assortment.skus))
    inbound = ((node, ids[sku], units, day) for node, sku, units, day in stock.inbound)
    write_rows(folder, "inbound", ("node_id", "sku_id", "quantity", "available_on"), inbound)
    replaced = ((ids[sku], ids[other], price) for sku, other, price in stock.substitutes)
    write_rows(folder, "substitutes", ("sku_id", "substitute_sku_id", "price_per_unit"), replaced)
    prices = ((node, ids[sku], price) for node, sku, price in stock.prices)
    write_rows(folder, "stock_prices", ("node_id", "sku_id", "price_per_unit"), prices)
    refused = ((order_id(1 + order), "" if line < 0 else 1 + line, node) for order, line, node in rejections)
    write_rows(folder, "rejections", ("order_id", "line_id", "node_id"), refused)
    reserve_columns = ("node_id", "sku_id", "channel", "quantity", "price_per_unit")
    write_rows(folder, "channel_reserves", reserve_columns, reserve_rows(reserves, ids))
    numbers = [order_id(1 + position) for position in range(len(orders))]
    write_rows(folder, "plan_before", BEFORE_COLUMNS, plan_rows(before, orders, numbers))
    prefixes = {place.zip5[:3] for place in places}
    lane_columns = ("service_id", "node_id", "country", "destination", "zone", "transit_days")
    write_rows(folder, "lanes", lane_columns, lane_rows(source, network, prefixes))


def write(
    source: Path, folder: Path, network: Network, assortment: Assortment, orders: Sequence[Order],
    delivery_area: Set[str],
) -> None:  # fmt: skip
    """Writes nodes and services with what belongs to them, SKUs, kits, orders and settings."""
    write_rows(folder, "nodes", network_tables.NODE_COLUMNS, network.rows)
    write_rows(folder, "node_days", network_tables.NODE_DAY_COLUMNS, network_tables.NODE_DAYS)
    write_rows(folder, "calendars", ("node_id", "service_id", "date"), network_tables.CALENDARS)
    write_rows(folder, "service_quotas", QUOTA_COLUMNS, network_tables.QUOTAS)
    transfer_columns = ("from_node_id", "to_node_id", "days", "cost_per_unit", "cost_per_package", "working_days")
    write_rows(folder, "transfers", transfer_columns, network_tables.transfer_rows(network))
    service_columns = ("service_id", "carrier", "dim_divisor", "max_weight_kg", "ship_days", "delivery_days")
    write_rows(folder, "services", service_columns, service_rows())
    limits = (
        (node, service, network_tables.service_limit(node, service))
        for node, of_node in network.offered.items()
        for service in of_node
    )
    write_rows(folder, "node_services", ("node_id", "service_id", "max_packages_per_day"), limits)
    rates = tariff_2006.rates(source, SERVICES)
    write_rows(folder, "rates", ("service_id", "zone", "up_to_kg", "price"), rates)
    write_rows(folder, "surcharges", SURCHARGE_COLUMNS, SURCHARGES)
    sku_columns = ("sku_id", "weight_kg", "length_cm", "width_cm", "height_cm", "value", "ship_alone")
    write_rows(folder, "skus", (*sku_columns, "category", "class", "oversize", "insured"), assortment.sku_rows())
    write_rows(folder, "kits", ("kit_sku_id", "sku_id", "quantity", "together"), assortment.kit_rows())
    numbered = list(enumerate(orders, start=1))
    write_rows(folder, "orders", ORDER_COLUMNS, (order_row(*pair, delivery_area) for pair in numbered))
    lines = (row for number, order in numbered for row in line_rows(number, order, assortment))
    write_rows(folder, "order_lines", LINE_COLUMNS, lines)
    write_text(folder, "scenario.yaml", SETTINGS)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else Path(__file__).parents[1])
