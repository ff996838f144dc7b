"""Outlines of land from TopoJSON: the atlases of `assets/`, decoded and cut to a part of the world."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import accumulate
from typing import Any

Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True, slots=True)
class Atlas:
    """A vendored file: what it is, from where, under which licence, and the SHA-256 of its bytes."""

    file: str
    layer: str
    package: str
    licence: str
    sha256: str


STATES = Atlas(
    "us-atlas-states-10m.json", "states", "us-atlas 3.0.1", "ISC",
    "d76b391ccfa8bff601d51e3e3da5d43a89fa46cd5caca72ce731b383be5596d0",
)  # fmt: skip
COUNTRIES = Atlas(
    "world-atlas-countries-110m.json", "countries", "world-atlas 2.0.2", "ISC",
    "2516c915867c7baf18ddec727aec46c315541a07cfb3d79a6559b05d5e94eee8",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the world, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def wider(self, share: float, at_least: float) -> Box:
        """A box with a margin: a share of each side, and so many degrees at least."""
        x = max(at_least, share * (self.east - self.west))
        y = max(at_least, share * (self.north - self.south))
        return Box(max(-180.0, self.west - x), max(-85.0, self.south - y),
                   min(180.0, self.east + x), min(85.0, self.north + y))  # fmt: skip

    def holds(self, longitude: float, latitude: float) -> bool:
        """Whether a place lies inside."""
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north


def rings(atlas: Atlas, box: Box) -> list[Ring]:
    """The outlines of an atlas' polygons as far as they lie in a box; each ring in degrees, not closed."""
    found = (_clipped(ring, box) for ring in _all_rings(atlas))
    return [ring for ring in found if len(ring) > 2]


def asset(file: str) -> bytes:
    """A file of `assets/`."""
    return (resources.files(__package__) / "assets" / file).read_bytes()


@lru_cache(maxsize=2)
def _all_rings(atlas: Atlas) -> tuple[Ring, ...]:
    topology = json.loads(asset(atlas.file))
    arcs = _arcs(topology)
    found: list[Ring] = []
    for geometry in topology["objects"][atlas.layer]["geometries"]:
        for polygon in _polygons(geometry):
            for indices in polygon:
                ring: Ring = []
                for index in indices:
                    arc = arcs[index] if index >= 0 else arcs[~index][::-1]
                    ring += arc[1:] if ring else arc
                found.append(ring[:-1])
    return tuple(found)


def _polygons(geometry: dict[str, Any]) -> Iterator[list[list[int]]]:
    if geometry["type"] == "Polygon":
        yield geometry["arcs"]
    elif geometry["type"] == "MultiPolygon":
        yield from geometry["arcs"]


def _arcs(topology: dict[str, Any]) -> list[Ring]:
    """Arcs are stored as steps on a grid."""
    (scale_x, scale_y), (at_x, at_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        xs, ys = accumulate(step[0] for step in arc), accumulate(step[1] for step in arc)
        found.append([(x * scale_x + at_x, y * scale_y + at_y) for x, y in zip(xs, ys, strict=True)])
    return found


def _clipped(ring: Ring, box: Box) -> Ring:
    """The part of a ring inside a box, edge by edge (Sutherland and Hodgman)."""
    for axis, limit, side in ((0, box.west, 1), (0, box.east, -1), (1, box.south, 1), (1, box.north, -1)):
        if not ring:
            break
        kept: Ring = []
        before = ring[-1]
        was_in = side * before[axis] >= side * limit
        for point in ring:
            is_in = side * point[axis] >= side * limit
            if is_in != was_in:
                part = (limit - before[axis]) / (point[axis] - before[axis])
                kept.append((before[0] + part * (point[0] - before[0]), before[1] + part * (point[1] - before[1])))
            if is_in:
                kept.append(point)
            before, was_in = point, is_in
        ring = kept
    return ring
