"""From degrees to the plane of a map: an equal-area conic where the part of the world is not too large for one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from splitship.planning.report.land import COUNTRIES, STATES, Atlas, Box, Ring, rings

WIDTH = 960.0
"""Units of a map's width."""
_STATES_BOX = Box(-125.0, 24.3, -66.5, 49.6)
_MOST_LONGITUDE, _MOST_LATITUDE = 110.0, 60.0
"""Beyond these a cone bends the edges too much; a plain grid of degrees is drawn."""
_STEP = 0.7
"""Corners of outlines nearer to the one before than this, in units of the map, are left out."""
_SMALLEST = 2.0


@dataclass(frozen=True, slots=True)
class _Cone:
    """Albers' projection with two standard parallels, all in radians."""

    n: float
    c: float
    longitude: float

    @classmethod
    def of(cls, box: Box) -> _Cone | None:
        height = box.north - box.south
        if box.east - box.west > _MOST_LONGITUDE or height > _MOST_LATITUDE:
            return None
        south, north = math.radians(box.south + height / 6), math.radians(box.north - height / 6)
        n = (math.sin(south) + math.sin(north)) / 2
        if abs(n) < 0.05:
            return None  # about the equator the cone is a cylinder
        return cls(n, math.cos(south) ** 2 + 2 * n * math.sin(south), math.radians((box.west + box.east) / 2))

    def project(self, longitude: float, latitude: float) -> tuple[float, float]:
        radius = math.sqrt(max(0.0, self.c - 2 * self.n * math.sin(math.radians(latitude)))) / self.n
        angle = self.n * (math.radians(longitude) - self.longitude)
        return radius * math.sin(angle), radius * math.cos(angle)


class Projection:
    """The map of a box: `project` gives x from 0 to `WIDTH` and y from 0 to `height` for places inside."""

    def __init__(self, box: Box, atlas: Atlas) -> None:
        self.box = box
        self.atlas = atlas
        self._cone = _Cone.of(box)
        edge = [(box.west + part * (box.east - box.west) / 40, latitude) for part in range(41)
                for latitude in (box.south, box.north)]  # fmt: skip
        edge += [(longitude, box.south + part * (box.north - box.south) / 40) for part in range(41)
                 for longitude in (box.west, box.east)]  # fmt: skip
        points = [self._raw(*place) for place in edge]
        self._x, self._y = min(x for x, _ in points), min(y for _, y in points)
        self._scale = WIDTH / (max(x for x, _ in points) - self._x)
        self.height = round(self._scale * (max(y for _, y in points) - self._y), 1)

    @classmethod
    def around(cls, places: list[tuple[float, float]]) -> Projection:
        """The map of places (longitude, latitude): the contiguous United States where all lie there."""
        if all(_STATES_BOX.holds(*place) for place in places):
            return cls(_STATES_BOX, STATES)
        longitudes, latitudes = [x for x, _ in places], [y for _, y in places]
        box = Box(min(longitudes), min(latitudes), max(longitudes), max(latitudes))
        return cls(box.wider(0.06, 1.5), COUNTRIES)

    def project(self, longitude: float, latitude: float) -> tuple[float, float]:
        """A place on the map, to a tenth."""
        x, y = self._raw(longitude, latitude)
        return round((x - self._x) * self._scale, 1), round((y - self._y) * self._scale, 1)

    def land_path(self) -> str:
        """The outlines of land as the text of an SVG path."""
        drawn = (self._drawn(ring) for ring in rings(self.atlas, self.box.wider(0.05, 1.0)))
        return "".join(path for path in drawn if path)

    def _drawn(self, ring: Ring) -> str:
        points: list[tuple[float, float]] = []
        for place in ring:
            point = self.project(*place)
            if not points or math.dist(point, points[-1]) >= _STEP:
                points.append(point)
        if len(points) < 3:
            return ""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        if max(xs) - min(xs) < _SMALLEST and max(ys) - min(ys) < _SMALLEST:
            return ""
        steps = [f"{number(x - bx)} {number(y - by)}" for (bx, by), (x, y) in pairwise(points)]
        return f"M{number(xs[0])} {number(ys[0])}l{' '.join(steps)}z"

    def _raw(self, longitude: float, latitude: float) -> tuple[float, float]:
        if self._cone is not None:
            return self._cone.project(longitude, latitude)
        middle = math.radians((self.box.south + self.box.north) / 2)
        return math.radians(longitude) * math.cos(middle), -math.radians(latitude)


def number(value: float) -> str:
    """A coordinate as short as it can be, to a tenth."""
    return f"{value:.1f}".removesuffix(".0").replace("-0.", "-.") if abs(value) >= 0.05 else "0"
