"""Writes the pack `us-retail`: one day of orders over a real network, with invented demand and stock.

    python scenarios/generators/us_retail.py FOLDER [OUTPUT_FOLDER]

The folder holds us_network (fulfilment centres, cities, stores), us_places (ZIP coordinates) and ups_2006 (tariff and
zone charts). What is real and what is assumed stands in the README of the pack. Everything random comes
from two seeded streams of Python's `random.random` (the day, and the orders of the peak week), which give the same
numbers in every version.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import tariff_2006
import us_retail_what_if as what_if
from draw import Draw
from tables import read_rows, write_rows, write_text
from us_places import read_places
from us_retail_demand import Order, Sku, make_orders, make_popularity, make_skus, make_stock
from us_retail_network import (
    LANE_COLUMNS,
    NODE_COLUMNS,
    NODE_SERVICE_COLUMNS,
    STORES,
    Cells,
    lane_rows,
    make_nodes,
    make_stores,
    node_service_rows,
    service_rows,
)
from us_retail_settings import SETTINGS

SEED = 20261127
ORDER_COLUMNS = (
    "order_id", "placed_at", "country", "postal_code", "latitude", "longitude", "deliver_by", "priority",
    "ship_complete", "max_packages", "channel", "excluded_nodes",
)  # fmt: skip
STOCK_COLUMNS = ("node_id", "sku_id", "on_hand", "reserved", "safety_stock")
LINE_COLUMNS = ("order_id", "line_id", "sku_id", "quantity", "splittable")


def order_row(order_id: str, order: Order) -> Cells:
    """One row of the table orders."""
    place = order.place
    return (
        order_id,
        order.placed_at.isoformat(),
        "US",
        place.zip5,
        place.lat_text,
        place.lon_text,
        order.deliver_by,
        order.priority,
        "true" if order.ship_complete else "",
        order.max_packages,
        order.channel,
        ";".join(STORES) if order.channel == "marketplace" else "",
    )


def sku_row(sku: Sku) -> Cells:
    """One row of the table skus, with its category as an attribute."""
    alone = "true" if sku.ship_alone else ""
    return sku.sku_id, sku.weight_kg, *sku.sides_cm, sku.value, alone, sku.sku_id.split("-")[0].lower()


def line_rows(order_id: str, order: Order, skus: Sequence[Sku]) -> Iterable[Cells]:
    """The rows of one order in the table order_lines."""
    for line, (sku, quantity, splittable) in enumerate(order.lines, start=1):
        yield order_id, line, skus[sku].sku_id, quantity, "" if splittable else "false"


def write_orders(folder: Path, tables: tuple[str, str], letter: str, orders: Iterable[Order], skus: list[Sku]) -> None:
    """Writes orders, numbered from 1 after a letter, and their lines, to two tables."""
    named = [(f"{letter}{number:04d}", order) for number, order in enumerate(orders, start=1)]
    write_rows(folder, tables[0], ORDER_COLUMNS, (order_row(*pair) for pair in named))
    write_rows(folder, tables[1], LINE_COLUMNS, (row for pair in named for row in line_rows(*pair, skus)))


def main(source: Path, target: Path) -> None:
    draw = Draw(SEED)
    places = read_places(source)
    cities = [row for row in read_rows(source / "us_network" / "cities.csv") if row["State"] != "Puerto Rico"]
    nodes = make_nodes(source, places, cities)
    skus = make_skus(draw)
    popularity = make_popularity(draw, skus)
    orders = make_orders(draw, cities, places, skus, popularity)
    stock = make_stock(draw, [str(row[0]) for row in nodes], set(STORES), skus, orders)

    folder = target / "us-retail"
    write_rows(folder, "nodes", NODE_COLUMNS, nodes)
    sku_columns = ("sku_id", "weight_kg", "length_cm", "width_cm", "height_cm", "value", "ship_alone", "category")
    write_rows(folder, "skus", sku_columns, (sku_row(sku) for sku in skus))
    write_rows(folder, "stock", STOCK_COLUMNS, stock)
    service_columns = ("service_id", "carrier", "dim_divisor", "max_weight_kg", "ship_days", "delivery_days")
    write_rows(folder, "services", service_columns, service_rows())
    write_rows(folder, "node_services", NODE_SERVICE_COLUMNS, node_service_rows(str(row[0]) for row in nodes))
    write_rows(folder, "lanes", LANE_COLUMNS, lane_rows(source, nodes, places))
    write_rows(folder, "rates", ("service_id", "zone", "up_to_kg", "price"), tariff_2006.rates(source))
    write_orders(folder, ("orders", "order_lines"), "R", orders, skus)
    write_text(folder, "scenario.yaml", SETTINGS)

    overlays = folder / "overlays"
    opened = list(make_stores(source, places, cities, what_if.NEW_STORES))
    write_rows(overlays, "new_store_nodes", NODE_COLUMNS, opened)
    write_rows(overlays, "new_store_services", NODE_SERVICE_COLUMNS, node_service_rows(what_if.NEW_STORES))
    write_rows(overlays, "new_store_lanes", LANE_COLUMNS, lane_rows(source, opened, places))
    write_rows(overlays, "new_store_stock", STOCK_COLUMNS, what_if.new_stock(skus))
    write_rows(overlays, "rebalanced_stock", STOCK_COLUMNS[:3], what_if.rebalanced_stock(stock, nodes, orders))
    further = make_orders(Draw(what_if.PEAK_SEED), cities, places, skus, popularity, what_if.PEAK_ORDERS)
    write_orders(overlays, ("peak_orders", "peak_order_lines"), "P", further, skus)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else Path(__file__).parents[1])
