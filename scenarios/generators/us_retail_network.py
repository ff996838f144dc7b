"""The network of the pack `us-retail`: ten centres, a store near to each of some cities, and their services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import tariff_2006
from tables import Row, read_rows
from us_places import Place, distance_km, nearest

Cells = tuple[object, ...]
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
Store = tuple[str, str, int, int]
STORES: dict[str, Store] = {  # the store nearest to this city, time zone, lead days, packages a day
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

NODE_COLUMNS = (
    "node_id", "kind", "country", "postal_code", "latitude", "longitude", "timezone", "cutoff", "lead_days",
    "working_days", "priority", "package_cost", "line_cost", "unit_cost", "max_packages_per_day", "max_units_per_day",
)  # fmt: skip
NODE_SERVICE_COLUMNS = ("node_id", "service_id", "max_packages_per_day")
LANE_COLUMNS = ("service_id", "node_id", "country", "destination", "zone", "transit_days")


def make_nodes(source: Path, places: Sequence[Place], cities: Sequence[Row]) -> list[Cells]:
    """Rows of the table nodes: the ten centres, then the stores."""
    published = {row["Facility"]: row for row in read_rows(source / "us_network" / "fulfillment_centers.csv")}
    rows: list[Cells] = []
    for node, (zone, cutoff, days, packages, units) in CENTRES.items():
        lat, lon = published[node]["Latitude"], published[node]["Longitude"]
        zip5 = nearest(places, float(lat), float(lon)).zip5
        rows.append(
            (node, "dc", "US", zip5, lat, lon, zone, cutoff, 0, days, 1, "1.20", "0.10", "0.25", packages, units)
        )
    return [*rows, *make_stores(source, places, cities, STORES)]


def make_stores(
    source: Path, places: Sequence[Place], cities: Sequence[Row], stores: Mapping[str, Store]
) -> Iterable[Cells]:
    """Rows of the table nodes: for each of `stores` the store nearest to its city."""
    published = [
        row
        for row in read_rows(source / "us_network" / "stores_and_dcs_2006.csv")
        if row["type"] != "DistributionCenter"
    ]
    for node, (name, zone, lead_days, packages) in stores.items():
        city = next(row for row in cities if row["City"] == name)
        centre = float(city["Latitude"]), float(city["Longitude"])
        store = min(published, key=lambda row: distance_km(*centre, float(row["lat"]), float(row["long"])))
        zip5 = nearest(places, float(store["lat"]), float(store["long"])).zip5
        where = (node, "store", "US", zip5, store["lat"], store["long"], zone)
        yield *where, "12:00", lead_days, "1111111", 2, "2.40", "0.30", "0.60", packages, None


def service_rows() -> Iterable[Cells]:
    """Rows of the table services: collected Monday to Friday, delivered to Saturday, three_day to Friday."""
    for service in ALL_SERVICES:
        delivery_days = "1111100" if service == "three_day" else "1111110"
        most = tariff_2006.MAX_POUNDS * tariff_2006.KG_PER_POUND
        yield service, "UPS", tariff_2006.CUBIC_CM_PER_KG, most, "1111100", delivery_days


def offered_services(node: str) -> tuple[str, ...]:
    """The services that a node offers: all at centres, two at stores."""
    return ALL_SERVICES if node in CENTRES else STORE_SERVICES


def node_service_rows(nodes: Iterable[str]) -> Iterable[Cells]:
    """Rows of the table node_services: packages a day that a node hands to a service, empty for no limit of its own."""
    for node in nodes:
        for service in offered_services(node):
            limit = "12" if service == "next_day" else ""
            yield node, service, "6" if node not in CENTRES and service == "two_day" else limit


def lane_rows(source: Path, nodes: Iterable[Cells], places: Iterable[Place]) -> Iterable[Cells]:
    """Rows of the table lanes, from the zone charts of the nodes' postal codes to all 3-digit prefixes of `places`."""
    zip_of_node = {str(row[0]): str(row[3]) for row in nodes}
    offered = {node: offered_services(node) for node in zip_of_node}
    return tariff_2006.lanes(source, zip_of_node, offered, {place.zip5[:3] for place in places})
