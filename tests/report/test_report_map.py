"""Outlines and projections: places come out where they are."""

import hashlib
import math

import numpy as np
import pytest

from splitship.planning.report import flow_map, land
from splitship.planning.report.land import COUNTRIES, STATES, Box, asset, rings
from splitship.planning.report.projection import WIDTH, Projection, number


@pytest.mark.parametrize("atlas", [STATES, COUNTRIES])
def test_vendored_outlines_are_those_that_are_named(atlas):
    assert hashlib.sha256(asset(atlas.file)).hexdigest() == atlas.sha256


def inside(ring, longitude, latitude):
    """Even or odd: how many edges a ray to the east crosses."""
    crossed = False
    for (x, y), (u, v) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y > latitude) != (v > latitude) and longitude < x + (latitude - y) * (u - x) / (v - y):
            crossed = not crossed
    return crossed


WORLD = Box(-180, -90, 180, 90)


@pytest.mark.parametrize(
    ("atlas", "place", "is_land"),
    [
        (STATES, (-96.8, 32.8), True),  # Dallas
        (STATES, (-90.0, 26.0), False),  # the Gulf of Mexico
        (COUNTRIES, (2.3, 48.8), True),  # Paris
        (COUNTRIES, (-30.0, 40.0), False),  # the Atlantic
        (COUNTRIES, (133.0, -25.0), True),  # Australia
    ],
)
def test_outlines_hold_land_and_not_sea(atlas, place, is_land):
    assert any(inside(ring, *place) for ring in rings(atlas, WORLD)) is is_land
    near = Box(place[0] - 3, place[1] - 3, place[0] + 3, place[1] + 3)
    cut = rings(atlas, near)
    assert any(inside(ring, *place) for ring in cut) is is_land
    for ring in cut:
        assert all(near.holds(round(x, 9), round(y, 9)) for x, y in ring)


def test_the_conic_keeps_areas_and_directions():
    """One square degree in the north and one in the south, by the area of a sphere's zone."""
    view = Projection.around([(-120.0, 30.0), (-75.0, 45.0)])
    assert view.atlas is STATES

    def area(longitude, latitude):
        corners = [(0, 0), (0.1, 0), (0.1, 0.1), (0, 0.1)]
        points = [view._raw(longitude + x, latitude + y) for x, y in corners]
        doubled = sum(x * v - u * y for (x, y), (u, v) in zip(points, [*points[1:], points[0]], strict=True))
        zone = math.sin(math.radians(latitude + 0.1)) - math.sin(math.radians(latitude))
        return abs(doubled) / 2 / zone

    assert area(-100, 47) == pytest.approx(area(-80, 27), rel=1e-4)
    west, east = view.project(-120, 40), view.project(-75, 40)
    south, north = view.project(-96, 26), view.project(-96, 48)
    assert west[0] < east[0]
    assert north[1] < south[1]


@pytest.mark.parametrize(
    "places",
    [
        [(2.0, 48.0), (13.0, 52.0)],
        [(151.0, -33.0), (115.0, -32.0)],  # south of the equator
        [(-170.0, -40.0), (170.0, 60.0)],  # the whole world
        [(36.0, -1.0), (37.0, 1.0)],  # across the equator
        [(8.0, 50.0)],  # one place
    ],
)
def test_every_place_lies_on_its_map(places):
    view = Projection.around(places)
    assert view.atlas is COUNTRIES
    for place in places:
        x, y = view.project(*place)
        assert 0 <= x <= WIDTH
        assert 0 <= y <= view.height
    assert view.land_path().startswith("M")
    (x, y), (east, _), (_, north) = (view.project(*each) for each in (places[0], (places[0][0] + 0.5, places[0][1]),
                                                                       (places[0][0], places[0][1] + 0.5)))  # fmt: skip
    assert east > x
    assert north < y


def test_coordinates_are_short_and_right():
    for value in (0.0, -0.04, 0.5, -0.5, 12.0, -12.34, 100.06):
        assert float(number(value)) == pytest.approx(value, abs=0.051)
        assert len(number(value)) <= len(f"{value:.1f}")


def test_the_map_draws_the_largest_flows_and_says_what_it_leaves_out(retail):
    result = retail[0]
    flows = flow_map.flows_of(result)
    view = flow_map.projection_of(retail)
    drawn = flow_map.flow_map(result, flows, view)
    assert len(drawn.flows) == min(300, len(flows.packages))
    assert len(drawn.nodes) == len(result.problem.nodes)
    shown = int(np.sort(flows.packages)[::-1][:300].sum())
    assert f"{shown:,} of {len(result.plan):,} packages" in drawn.notes[0]
    assert all(0 <= spot.x <= WIDTH and 0 <= spot.y <= view.height for spot in (*drawn.nodes, *drawn.regions))


def test_labels_do_not_lie_on_each_other(retail):
    flows = flow_map.flows_of(retail[0])
    spots = [spot for spot in flow_map.flow_map(retail[0], flows, flow_map.projection_of(retail)).nodes if spot.label]
    boxes = []
    for spot in spots:
        width = 7 * len(spot.label)
        left = spot.label_x if spot.anchor == "start" else spot.label_x - width
        boxes.append((left, spot.y - 6, left + width, spot.y + 6))
    assert len(boxes) > 5
    assert not any(flow_map._overlap(one, other) for at, one in enumerate(boxes) for other in boxes[:at])


def test_transfers_and_pick_ups_are_told_and_not_drawn(everything):
    flows = flow_map.flows_of(everything)
    assert flows.num_picked_up > 0
    assert int(flows.packages.sum()) + flows.num_picked_up == len(everything.plan)


def test_land_is_read_once():
    assert land._all_rings(STATES) is land._all_rings(STATES)
