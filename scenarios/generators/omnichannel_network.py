"""Nodes, transfers, days and quotas of the pack `omnichannel`: real places, invented handling and capacities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tables import Row, read_rows
from us_places import Place, distance_km, nearest

TODAY, TOMORROW = "2026-12-08", "2026-12-09"

CENTRES = {  # time zone, cut-off, working days, region, packages a day, minutes of labour a day
    "AVP3": ("America/New_York", "16:00", "1111110", "east", 440, 1000),
    "IND1": ("America/Indiana/Indianapolis", "16:00", "1111111", "midwest", 440, 960),
    "DFW7": ("America/Chicago", "15:00", "1111110", "south", 420, 920),
    "ONT6": ("America/Los_Angeles", "16:00", "1111111", "west", 370, 800),
}
THIRD_PARTY = ("3PL-CAE", "CAE1", "America/New_York", "09:00", "1111100", "east")
"""Name, the published centre where it is, ...: its trucks leave at nine, so today's have gone."""
STORES = {  # the store nearest to this city, time zone, region, packages a day
    "STORE-ATL": ("Atlanta", "America/New_York", "south", 14),
    "STORE-BAL": ("Baltimore", "America/New_York", "east", 10),
    "STORE-BOS": ("Boston", "America/New_York", "east", 14),
    "STORE-CHI": ("Chicago", "America/Chicago", "midwest", 20),
    "STORE-CLE": ("Cleveland", "America/New_York", "midwest", 10),
    "STORE-DAL": ("Dallas", "America/Chicago", "south", 14),
    "STORE-DEN": ("Denver", "America/Denver", "west", 10),
    "STORE-DTW": ("Detroit", "America/Detroit", "midwest", 12),
    "STORE-HOU": ("Houston", "America/Chicago", "south", 14),
    "STORE-LAX": ("Los Angeles", "America/Los_Angeles", "west", 24),
    "STORE-MIA": ("Miami", "America/New_York", "south", 14),
    "STORE-MKE": ("Milwaukee", "America/Chicago", "midwest", 8),
    "STORE-MSP": ("Minneapolis", "America/Chicago", "midwest", 10),
    "STORE-NYC": ("New York", "America/New_York", "east", 26),
    "STORE-PHL": ("Philadelphia", "America/New_York", "east", 14),
    "STORE-PHX": ("Phoenix", "America/Phoenix", "west", 10),
    "STORE-PDX": ("Portland", "America/Los_Angeles", "west", 8),
    "STORE-SAN": ("San Diego", "America/Los_Angeles", "west", 10),
    "STORE-SAT": ("San Antonio", "America/Chicago", "south", 10),
    "STORE-SEA": ("Seattle", "America/Los_Angeles", "west", 12),
    "STORE-SFO": ("San Francisco", "America/Los_Angeles", "west", 14),
    "STORE-STL": ("St. Louis", "America/Chicago", "midwest", 8),
    "STORE-TPA": ("Tampa", "America/New_York", "south", 10),
    "STORE-WAS": ("Washington", "America/New_York", "east", 12),
}
FLAGSHIPS = ("STORE-CHI", "STORE-LAX", "STORE-NYC", "STORE-SFO")
VENDORS = {  # near this city, time zone, region, lead days, price a package, packages a day, category of its SKUs
    "VENDOR-BIKE": ("Portland", "America/Los_Angeles", "west", 2, "9.50", 30, "BIKE"),
    "VENDOR-PRINT": ("Nashville", "America/Chicago", "south", 1, "3.25", 45, "PRINT"),
    "VENDOR-RUG": ("Charlotte", "America/New_York", "east", 1, "6.00", 35, "RUG"),
    "VENDOR-SOFA": ("Grand Rapids", "America/Detroit", "midwest", 3, "14.00", 25, "SOFA"),
}
CENTRE_SERVICES = ("ground", "three_day", "two_day", "next_day")
STORE_ZONES = frozenset({"2", "3", "4", "202", "203", "204"})
"""Stores ship no farther than these zones."""

STORE_PAIRS = (  # from store, to store, working days
    ("STORE-BAL", "STORE-WAS", "1111110"),
    ("STORE-CHI", "STORE-MKE", "1010100"),
    ("STORE-LAX", "STORE-SAN", "1111110"),
    ("STORE-NYC", "STORE-PHL", "1111110"),
    ("STORE-PHL", "STORE-NYC", "1111110"),
    ("STORE-SAN", "STORE-LAX", "0101010"),
    ("STORE-SEA", "STORE-PDX", "0101000"),
    ("STORE-WAS", "STORE-BAL", "1111110"),
)
NEAR_KM, MIDDLE_KM = 450, 1100

NODE_COLUMNS = (
    "node_id", "kind", "country", "postal_code", "latitude", "longitude", "timezone", "cutoff", "lead_days",
    "working_days", "priority", "package_cost", "line_cost", "unit_cost", "max_packages_per_day", "max_units_per_day",
    "max_lines_per_day", "max_minutes_per_day", "minutes_per_package", "minutes_per_unit", "target_share",
    "share_price", "region", "flagship",
)  # fmt: skip
NODE_DAY_COLUMNS = ("node_id", "date", "open", "max_packages", "max_minutes", "used_packages", "used_minutes")
NODE_DAYS = (
    ("DFW7", TODAY, "", 210, "460", "", ""),  # half a day: the floor is being counted
    ("STORE-CHI", TODAY, "", "", "", 9, ""),  # packed before this batch
    ("STORE-LAX", TODAY, "", "", "", 6, "40"),
)
CALENDARS = (  # node, service, date
    ("STORE-DEN", "", TOMORROW),
    ("STORE-STL", "", TOMORROW),
    ("", "three_day", TOMORROW),
)
QUOTAS = (  # service, date, packages: aircraft space; volume committed to the carrier, price of a package missing
    ("next_day", "", 12, "", ""),
    ("three_day", TODAY, 200, 24, "0.50"),
    ("two_day", "", 40, "", ""),
    ("two_day", TODAY, 30, "", ""),
)
SHARES = {  # of all units that ship; price of a unit beside that
    "ONT6": ("0.17", "0.10"),
    "3PL-CAE": ("0.02", "0.20"),
    "STORE-NYC": ("0.015", "0.20"),
}
Cells = tuple[object, ...]


@dataclass(frozen=True)
class Network:
    """Rows of the table nodes, the place and region of every node, and the services it offers."""

    rows: list[Cells]
    place: Mapping[str, tuple[float, float]]
    region: Mapping[str, str]
    offered: Mapping[str, tuple[str, ...]]

    @property
    def zip_of_node(self) -> dict[str, str]:
        return {str(row[0]): str(row[3]) for row in self.rows}


def make_network(source: Path, places: Sequence[Place], cities: Sequence[Row]) -> Network:
    """Centres and third party at published positions, stores nearest to their city, vendors at their city."""
    published = {row["Facility"]: row for row in read_rows(source / "us_network" / "fulfillment_centers.csv")}
    stores = read_rows(source / "us_network" / "stores_and_dcs_2006.csv")
    centre_of = {row["City"]: (float(row["Latitude"]), float(row["Longitude"])) for row in cities}
    rows: list[Cells] = []
    at: dict[str, tuple[float, float]] = {}
    region: dict[str, str] = {}

    def add(node: str, kind: str, where: tuple[str, str], of_region: str, *cells: object) -> None:
        at[node], region[node] = (float(where[0]), float(where[1])), of_region
        flagship = "true" if node in FLAGSHIPS else ""
        rows.append(
            (
                node,
                kind,
                "US",
                nearest(places, *at[node]).zip5,
                *where,
                *cells,
                *SHARES.get(node, ("", "")),
                of_region,
                flagship,
            )
        )

    def facility(name: str) -> tuple[str, str]:
        return published[name]["Latitude"], published[name]["Longitude"]

    for node, (zone, cutoff, days, of_region, packages, minutes) in CENTRES.items():
        limits = (packages, "", "", minutes, "1.5", "0.25")
        add(node, "dc", facility(node), of_region, zone, cutoff, 0, days, 1, "1.20", "0.10", "0.25", *limits)
    node, name, zone, cutoff, days, of_region = THIRD_PARTY
    limits = ("", "", 170, "", "", "")
    add(node, "3pl", facility(name), of_region, zone, cutoff, 0, days, 2, "2.10", "0.20", "0.30", *limits)
    for node, (city, zone, of_region, packages) in STORES.items():
        open_stores = [row for row in stores if row["type"] != "DistributionCenter"]
        store = min(open_stores, key=lambda row: distance_km(*centre_of[city], float(row["lat"]), float(row["long"])))
        limits = (packages, "", "", 12 * packages, "8", "1.5")
        where = (store["lat"], store["long"])
        add(node, "store", where, of_region, zone, "14:00", 0, "1111111", 3, "2.40", "0.30", "0.60", *limits)
    for node, (city, zone, of_region, lead, price, packages, _) in VENDORS.items():
        row = next(row for row in cities if row["City"] == city)
        limits = (packages, "", "", "", "", "")
        where = (row["Latitude"], row["Longitude"])
        add(node, "vendor", where, of_region, zone, "12:00", lead, "1111100", 4, price, "0", "0", *limits)

    offered: dict[str, tuple[str, ...]] = dict.fromkeys(CENTRES, CENTRE_SERVICES)
    offered[THIRD_PARTY[0]] = ("ground", "three_day")
    offered |= {node: ("ground", "two_day") if node in FLAGSHIPS else ("ground",) for node in STORES}
    offered |= dict.fromkeys(VENDORS, ("ground",))
    return Network(rows, at, region, offered)


def transfer_rows(network: Network) -> Iterable[Cells]:
    """Ways to stores: from the centre of their region, from the next nearest one, and between some stores."""
    for store in STORES:
        near = sorted(CENTRES, key=lambda centre: distance_km(*network.place[centre], *network.place[store]))
        home = next(centre for centre in CENTRES if network.region[centre] == network.region[store])
        for centre in dict.fromkeys((home, near[0], near[1])):
            km = distance_km(*network.place[centre], *network.place[store])
            days = 1 if km < NEAR_KM else 2 if km < MIDDLE_KM else 3
            week = "1111100" if days == 1 else "0111100" if centre == home else "1010100"
            yield centre, store, days, ("0.20", "0.35", "0.50")[days - 1], ("1.60", "2.40", "3.20")[days - 1], week
    for one, two, week in STORE_PAIRS:
        yield one, two, 1, "0.40", "3.00", week


def service_limit(node: str, service: str) -> object:
    """Packages a day that a node hands to a service; empty for no limit of its own."""
    if service == "next_day":
        return 15
    return 4 if service == "two_day" and node in STORES else ""
