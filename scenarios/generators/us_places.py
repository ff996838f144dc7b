"""ZIPs of the 48 states and DC with their coordinates, and distances between points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from draw import cumulated
from tables import Row, read_rows


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great-circle distance."""
    a, b, c = math.radians(lat), math.radians(other_lat), math.radians(other_lon - lon)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(c / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(half))


@dataclass(frozen=True)
class Place:
    """A ZIP of the 48 states and DC."""

    zip5: str
    lat: float
    lon: float
    lat_text: str
    lon_text: str


def read_places(source: Path) -> list[Place]:
    """ZIPs of the 48 states and DC, sorted, once each."""
    outside = {"", "AK", "HI", "MH"}
    found: dict[str, Place] = {}
    for row in read_rows(source / "us_places" / "us_zip_coords.csv.gz"):
        if row["state"] not in outside:
            found.setdefault(
                row["zip"], Place(row["zip"], float(row["lat"]), float(row["lon"]), row["lat"], row["lon"])
            )
    return [found[zip5] for zip5 in sorted(found)]


def nearest(places: Sequence[Place], lat: float, lon: float) -> Place:
    """The place nearest to a point, the first of equals."""
    return min(places, key=lambda place: distance_km(lat, lon, place.lat, place.lon))


def surroundings(cities: Sequence[Row], places: Sequence[Place]) -> list[tuple[list[Place], list[float]]]:
    """For each city the places within 60 km, with running sums of their weights exp(-km / 18)."""
    around = []
    for city in cities:
        lat, lon = float(city["Latitude"]), float(city["Longitude"])
        band = [place for place in places if abs(place.lat - lat) < 0.6]  # 60 km are 0.54 degrees
        near = [(place, distance_km(lat, lon, place.lat, place.lon)) for place in band]
        close = [(place, math.exp(-km / 18)) for place, km in near if km < 60]
        around.append(([place for place, _ in close], cumulated([weight for _, weight in close])))
    return around
