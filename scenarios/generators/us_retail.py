"""Writes the pack `us-retail`: one day of orders over a real network, with invented demand and stock.

    python scenarios/generators/us_retail.py FOLDER [OUTPUT_FOLDER]

The folder holds us_network (fulfilment centres, cities, stores), us_places (ZIP coordinates) and ups_2006 (tariff and
zone charts). What is real and what is assumed stands in the README of the pack. Everything random comes
from one seeded stream of Python's `random.random`, which gives the same numbers in every version.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import tariff_2006
from draw import Draw
from tables import Row, read_rows, write_rows, write_text
from us_places import Place, distance_km, nearest, read_places
from us_retail_demand import Order, Sku, make_orders, make_skus, make_stock

SEED = 20261127
ALL_SERVICES = tuple(service.service_id for service in tariff_2006.SERVICES)
STORE_SERVICES = ("ground", "two_day")

CENTRES = {  # time zone, cut-off, working days, packages a day, units a day
    "AVP3": ("America/New_York", "16:00", "1111111", 135, 300),
    "BNA2": ("America/Chicago", "15:00", "1111110", 150, None),
    "CAE1": ("America/New_York", "15:00", "1111110", 140, None),
    "DFW7": ("America/Chicago", "16:00", "1111111", 150, None),
    "IND1": ("America/Indiana/Indianapolis", "16:00", "1111111", 140, 330),
    "OAK4": ("America/Los_Angeles", "15:00", "1111111", 110, None),
    "ONT6": ("America/Los_Angeles", "16:00", "1111111", 150, None),
    "PHX6": ("America/Phoenix", "15:00", "1111111", 105, None),
    "RIC2": ("America/New_York", "08:00", "1111111", 130, None),  # its trucks leave early: today's have gone
    "SAT1": ("America/Chicago", "14:00", "1111100", 95, None),
}
STORES = {  # the store nearest to this city, time zone, lead days, packages a day
    "STORE-ATL": ("Atlanta", "America/New_York", 0, 12),
    "STORE-BOS": ("Boston", "America/New_York", 0, 12),
    "STORE-CHI": ("Chicago", "America/Chicago", 0, 18),
    "STORE-DEN": ("Denver", "America/Denver", 0, 10),
    "STORE-DTW": ("Detroit", "America/Detroit", 1, 12),
    "STORE-HOU": ("Houston", "America/Chicago", 1, 12),
    "STORE-MIA": ("Miami", "America/New_York", 0, 16),
    "STORE-MSP": ("Minneapolis", "America/Chicago", 1, 10),
    "STORE-NYC": ("New York", "America/New_York", 0, 20),
    "STORE-PHL": ("Philadelphia", "America/New_York", 1, 12),
    "STORE-SEA": ("Seattle", "America/Los_Angeles", 0, 14),
    "STORE-TPA": ("Tampa", "America/New_York", 0, 10),
}
SETTINGS = """\
# one day of orders over a real network: see README.md
schema: splitship.pack/1
name: us-retail
currency: USD
as_of: 2026-11-27T09:00:00-05:00
objective:               # money per ...
  delivery_day: 0.25     # ... package and day from the order's start date to delivery
  late_day: 6.00         # ... package and late day, times the order's priority
  split: 0.50            # ... package of an order beyond the first
  unfilled_unit: 5.00    # ... unit not shipped, plus ...
  unfilled_value: 0.40   # ... this share of its value
limits: {max_packages: 4, max_distance_km: null, max_transit_days: null, horizon_days: 0}
rules: []
overlays:                # what if ...
  close_dfw7: [{table: nodes, where: {node_id: DFW7}, set: {open: false}}]
  ground_up: [{table: rates, where: {service_id: ground}, multiply: {price: "1.049"}}]
  more_hands:
    - {table: nodes, where: {kind: dc}, multiply: {max_packages_per_day: "1.2"}}
    - {table: nodes, where: {max_units_per_day: {gt: 0}}, multiply: {max_units_per_day: "1.2"}}
scenarios:
  baseline: []
  dallas_down: {apply: [close_dfw7], note: "the centre in Dallas is closed"}
  rate_increase: {apply: [ground_up], note: "ground rates rise by 4.9 %"}
  peak_capacity: {apply: [more_hands], note: "centres handle a fifth more"}
sweeps: {}
solve: {time_limit_s: 20, work_limit: null, gap: 0.006, seed: 1, threads: 2}
"""


NODE_COLUMNS = (
    "node_id", "kind", "country", "postal_code", "latitude", "longitude", "timezone", "cutoff", "lead_days",
    "working_days", "priority", "package_cost", "line_cost", "unit_cost", "max_packages_per_day", "max_units_per_day",
)  # fmt: skip
ORDER_COLUMNS = (
    "order_id", "placed_at", "country", "postal_code", "latitude", "longitude", "deliver_by", "priority",
    "ship_complete", "max_packages", "channel", "excluded_nodes",
)  # fmt: skip
Cells = tuple[object, ...]


def make_nodes(source: Path, places: Sequence[Place], cities: Sequence[Row]) -> list[Cells]:
    """Rows of the table nodes: the ten centres, then the store nearest to each city of `STORES`."""
    published = {row["Facility"]: row for row in read_rows(source / "us_network" / "fulfillment_centers.csv")}
    stores = [
        row
        for row in read_rows(source / "us_network" / "stores_and_dcs_2006.csv")
        if row["type"] != "DistributionCenter"
    ]
    rows: list[Cells] = []
    for node, (zone, cutoff, days, packages, units) in CENTRES.items():
        lat, lon = published[node]["Latitude"], published[node]["Longitude"]
        zip5 = nearest(places, float(lat), float(lon)).zip5
        rows.append(
            (node, "dc", "US", zip5, lat, lon, zone, cutoff, 0, days, 1, "1.20", "0.10", "0.25", packages, units)
        )
    for node, (name, zone, lead_days, packages) in STORES.items():
        city = next(row for row in cities if row["City"] == name)
        centre = float(city["Latitude"]), float(city["Longitude"])
        store = min(stores, key=lambda row: distance_km(*centre, float(row["lat"]), float(row["long"])))
        zip5 = nearest(places, float(store["lat"]), float(store["long"])).zip5
        where = (node, "store", "US", zip5, store["lat"], store["long"], zone)
        rows.append((*where, "12:00", lead_days, "1111111", 2, "2.40", "0.30", "0.60", packages, None))
    return rows


def service_rows() -> Iterable[Cells]:
    """Rows of the table services: collected Monday to Friday, delivered to Saturday, three_day to Friday."""
    for service in ALL_SERVICES:
        delivery_days = "1111100" if service == "three_day" else "1111110"
        most = tariff_2006.MAX_POUNDS * tariff_2006.KG_PER_POUND
        yield service, "UPS", tariff_2006.CUBIC_CM_PER_KG, most, "1111100", delivery_days


def service_limit(node: str, service: str) -> str:
    """Packages a day that a node hands to a service; empty for no limit of its own."""
    if service == "next_day":
        return "12"
    return "6" if node in STORES and service == "two_day" else ""


def order_row(number: int, order: Order) -> Cells:
    """One row of the table orders."""
    place = order.place
    return (
        f"R{number:04d}",
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


def line_rows(number: int, order: Order, skus: Sequence[Sku]) -> Iterable[Cells]:
    """The rows of one order in the table order_lines."""
    for line, (sku, quantity, splittable) in enumerate(order.lines, start=1):
        yield f"R{number:04d}", line, skus[sku].sku_id, quantity, "" if splittable else "false"


def main(source: Path, target: Path) -> None:
    draw = Draw(SEED)
    places = read_places(source)
    cities = [row for row in read_rows(source / "us_network" / "cities.csv") if row["State"] != "Puerto Rico"]
    nodes = make_nodes(source, places, cities)
    zip_of_node = {str(row[0]): str(row[3]) for row in nodes}
    offered = {node: STORE_SERVICES if node in STORES else ALL_SERVICES for node in zip_of_node}
    skus = make_skus(draw)
    orders = make_orders(draw, cities, places, skus)
    stock = make_stock(draw, list(zip_of_node), set(STORES), skus, orders)
    numbered = list(enumerate(orders, start=1))

    folder = target / "us-retail"
    write_rows(folder, "nodes", NODE_COLUMNS, nodes)
    sku_columns = ("sku_id", "weight_kg", "length_cm", "width_cm", "height_cm", "value", "ship_alone", "category")
    write_rows(folder, "skus", sku_columns, (sku_row(sku) for sku in skus))
    write_rows(folder, "stock", ("node_id", "sku_id", "on_hand", "reserved", "safety_stock"), stock)
    service_columns = ("service_id", "carrier", "dim_divisor", "max_weight_kg", "ship_days", "delivery_days")
    write_rows(folder, "services", service_columns, service_rows())
    limits = ((node, service, service_limit(node, service)) for node, of_node in offered.items() for service in of_node)
    write_rows(folder, "node_services", ("node_id", "service_id", "max_packages_per_day"), limits)
    lane_columns = ("service_id", "node_id", "country", "destination", "zone", "transit_days")
    prefixes = {place.zip5[:3] for place in places}
    write_rows(folder, "lanes", lane_columns, tariff_2006.lanes(source, zip_of_node, offered, prefixes))
    write_rows(folder, "rates", ("service_id", "zone", "up_to_kg", "price"), tariff_2006.rates(source))
    write_rows(folder, "orders", ORDER_COLUMNS, (order_row(*pair) for pair in numbered))
    lines = (row for number, order in numbered for row in line_rows(number, order, skus))
    write_rows(folder, "order_lines", ("order_id", "line_id", "sku_id", "quantity", "splittable"), lines)
    write_text(folder, "scenario.yaml", SETTINGS)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else Path(__file__).parents[1])
