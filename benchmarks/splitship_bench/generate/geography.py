"""Where cities and nodes lie: in a plane of 4,500 x 2,500 km, and on the earth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.units import I64, Bools, Floats
from splitship_bench.generate.families import Recipe

WIDTH_KM, HEIGHT_KM = 4500.0, 2500.0
NUM_CITIES = 400
ZONE_EDGES_KM = np.array([80.0, 240.0, 480.0, 960.0, 1600.0, 2250.0, 2900.0])
CENTRE_LATITUDE, CENTRE_LONGITUDE = 38.0, -96.0
EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Network:
    """Cities and nodes. Positions in km; `city_weight` sums to 1; `is_big` marks the nodes that hold most of the stock.

    `city_*` [cities], `node_*` and `is_big` [nodes]; `node_city` is the city a node belongs to.
    """

    city_x: Floats
    city_y: Floats
    city_weight: Floats
    node_city: I64
    node_x: Floats
    node_y: Floats
    is_big: Bools

    def distance_km(self) -> Floats:
        """Distance in the plane, [nodes, cities]."""
        return np.hypot(self.node_x[:, None] - self.city_x, self.node_y[:, None] - self.city_y)

    def zones(self) -> I64:
        """Zone 0-7 from node to city, [nodes, cities]."""
        return np.searchsorted(ZONE_EDGES_KM, self.distance_km(), side="left").astype(np.int64)


def draw_network(recipe: Recipe, num_nodes: int, rng: np.random.Generator) -> Network:
    """Cities, then nodes. Draws: x, y, weights of the cities; cities of the nodes (with layers: none); offsets in x, y.

    A fifth of the nodes is big (`mixed`), none (`stores`), or a tenth (`layers`), at least one except for stores.
    """
    x, y = rng.uniform(0, WIDTH_KM, NUM_CITIES), rng.uniform(0, HEIGHT_KM, NUM_CITIES)
    weight = rng.pareto(1.1, NUM_CITIES) + 0.2
    weight /= weight.sum()
    spread = np.full(num_nodes, 30.0)
    if recipe.network == "layers":
        num_big = max(1, num_nodes // 10)
        heaviest = np.argsort(-weight, kind="stable")
        local = heaviest[np.arange(num_nodes - num_big) % NUM_CITIES]
        city = np.concatenate([_medians(x, y, weight, num_big), local]).astype(np.int64)
        spread[num_big:] = 10.0
    else:
        num_big = 0 if recipe.network == "stores" else max(1, num_nodes // 5)
        city = rng.choice(NUM_CITIES, num_nodes, p=weight).astype(np.int64)
    node_x = x[city] + rng.normal(0, spread)
    node_y = y[city] + rng.normal(0, spread)
    return Network(x, y, weight, city, node_x, node_y, np.arange(num_nodes) < num_big)


def _medians(x: Floats, y: Floats, weight: Floats, count: int) -> I64:
    """Cities one after the other, each that which lowers the mean distance to the nearest of them most."""
    distance = np.hypot(x[:, None] - x, y[:, None] - y)
    nearest = np.full(len(x), np.inf)
    chosen = np.empty(count, np.int64)
    for at in range(count):
        chosen[at] = np.argmin(np.minimum(distance, nearest) @ weight)
        nearest = np.minimum(nearest, distance[chosen[at]])
    return chosen


def to_earth(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Latitude and longitude in degrees of points of the plane, north up, rounded to 5 decimals (about a metre).

    The inverse of the azimuthal equidistant projection about 38 N 96 W (J. P. Snyder, Map Projections: A Working
    Manual, 1987, p. 195, doi 10.3133/pp1395). True to scale along rays from the centre, and shrinking by
    sin(c) / c across them at an angle c, so that a distance on the earth is never more than in the plane, nor less
    than 96.9 % of it within 2,750 km of the centre.
    """
    right, up = x - WIDTH_KM / 2, y - HEIGHT_KM / 2
    radius = np.hypot(right, up)
    angle = radius / EARTH_RADIUS_KM
    safe = np.where(radius > 0, radius, 1.0)
    sin_0, cos_0 = np.sin(np.radians(CENTRE_LATITUDE)), np.cos(np.radians(CENTRE_LATITUDE))
    latitude = np.arcsin(np.cos(angle) * sin_0 + up * np.sin(angle) * cos_0 / safe)
    east = np.arctan2(right * np.sin(angle), safe * cos_0 * np.cos(angle) - up * sin_0 * np.sin(angle))
    return np.round(np.degrees(latitude), 5), np.round(np.degrees(east) + CENTRE_LONGITUDE, 5)
