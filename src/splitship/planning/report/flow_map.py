"""Where packages go: nodes, the regions they ship to, and the flows between, on a map of real outlines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from splitship.check.places import great_circle_km
from splitship.domain import Problem, Result
from splitship.planning.report.projection import WIDTH, Projection, number
from splitship.planning.report.tables import Cell, Column, Table
from splitship.units import I64, Bools, Floats

_DIGITS = 2
"""Leading characters of the postal code that make a region."""
_CELL_DEGREES = 3.0
"""Size of the cell that stands for a region where there is no postal code."""
_MOST_FLOWS = 300
_NUM_MAJOR = 8
"""Nodes that keep their labels on narrow screens."""
_MOST_WIDTH, _MOST_RADIUS = 7.0, 17.0
"""Of the largest flow and the largest node, in units of the map."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A node or a region on the map. `anchor` and `label_x` place the label, which is empty where there is no room."""

    x: float
    y: float
    radius: float
    name: str
    label: str = ""
    label_x: float = 0.0
    anchor: str = "start"
    is_major: bool = True


@dataclass(frozen=True, slots=True)
class Flow:
    """A curve from a node to a region, as the text of an SVG path, and what it is in words."""

    path: str
    width: float
    words: str


@dataclass(frozen=True, slots=True)
class FlowMap:
    """One answer's map, and in `notes` what it leaves out."""

    flows: tuple[Flow, ...]
    nodes: tuple[Spot, ...]
    regions: tuple[Spot, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flows:
    """Packages from nodes to regions; all [flows], regions by `names` and mean place [regions]."""

    node: I64
    region: I64
    packages: I64
    cost: I64
    names: list[str]
    longitude: Floats
    latitude: Floats
    num_without_place: int
    num_picked_up: int


def flows_of(result: Result) -> Flows:
    """The packages of an answer by node and region. A region is a country and the first two characters of its postal
    codes; its place is the mean of its orders'."""
    problem, plan = result.problem, result.plan
    names, of_order = _regions(problem)
    orders = problem.orders
    has_place = np.isfinite(orders.latitude) & np.isfinite(orders.longitude)
    num = np.bincount(of_order[has_place], minlength=len(names))
    with np.errstate(invalid="ignore"):
        latitude = np.bincount(of_order[has_place], orders.latitude[has_place], len(names)) / num
        longitude = np.bincount(of_order[has_place], orders.longitude[has_place], len(names)) / num
    is_carried = problem.services.is_carried[plan.service_idx]
    region = of_order[plan.order_idx]
    cost = np.zeros(len(plan), np.int64) if result.report.packages is None else result.report.packages.total
    keys, group = np.unique(plan.node_idx[is_carried] * max(1, len(names)) + region[is_carried], return_inverse=True)
    group = group.reshape(-1)
    paid = np.zeros(len(keys), np.int64)
    np.add.at(paid, group, cost[is_carried])
    is_placed = num[region] > 0
    return Flows(
        keys // max(1, len(names)), keys % max(1, len(names)), np.bincount(group, minlength=len(keys)), paid,
        names, longitude, latitude, int((is_carried & ~is_placed).sum()), int((~is_carried).sum()),
    )  # fmt: skip


def flow_table(result: Result, flows: Flows) -> Table:
    """Flows as rows, most packages first."""
    nodes = result.problem.nodes
    order = np.lexsort((flows.region, flows.node, -flows.packages))
    km = great_circle_km(nodes.latitude[flows.node], nodes.longitude[flows.node],
                   flows.latitude[flows.region], flows.longitude[flows.region])  # fmt: skip
    total = int(flows.packages.sum())
    rows: list[tuple[Cell, ...]] = [
        (str(nodes.node_id[flows.node[row]]), flows.names[flows.region[row]], int(flows.packages[row]),
         flows.packages[row] / total, int(flows.cost[row]), round(float(km[row])) if math.isfinite(km[row]) else None)
        for row in order.tolist()
    ]  # fmt: skip
    return Table(
        "flows",
        "Flows from nodes to regions",
        (Column("from"), Column("to region"), Column("packages", "count"), Column("share", "share"),
         Column("cost of packages", "money"), Column("km", "count")),
        rows,
        note="A region is a country and the first two characters of the postal code.",
        shown=20,
    ).without_empty()  # fmt: skip


def projection_of(results: Sequence[Result]) -> Projection | None:
    """One projection for the maps of all answers; None where nodes or orders have no coordinates at all."""
    places: set[tuple[float, float]] = set()
    for result in results:
        nodes, orders = result.problem.nodes, result.problem.orders
        here = _places(nodes.longitude, nodes.latitude)
        there = _places(orders.longitude, orders.latitude)
        if not here or not there:
            return None
        places |= here | there
    return Projection.around(sorted(places)) if places else None


def flow_map(result: Result, flows: Flows, projection: Projection) -> FlowMap:
    """The map of an answer: the largest flows as curves, nodes and regions by their packages."""
    nodes = result.problem.nodes
    has_node = np.isfinite(nodes.latitude) & np.isfinite(nodes.longitude)
    is_drawn = has_node[flows.node] & np.isfinite(flows.latitude[flows.region])
    drawn = np.flatnonzero(is_drawn)
    drawn = drawn[np.lexsort((drawn, -flows.packages[drawn]))][:_MOST_FLOWS]
    most = int(flows.packages.max(initial=1))
    curves = []
    for row in drawn.tolist()[::-1]:
        node, region, count = int(flows.node[row]), int(flows.region[row]), int(flows.packages[row])
        start = projection.project(nodes.longitude[node], nodes.latitude[node])
        end = projection.project(flows.longitude[region], flows.latitude[region])
        words = f"{nodes.node_id[node]} to {flows.names[region]}: {count:,} package{'' if count == 1 else 's'}"
        curves.append(Flow(_curve(start, end), round(max(0.4, _MOST_WIDTH * count / most), 1), words))
    by_region = np.bincount(flows.region, flows.packages, len(flows.names)).astype(np.float64)
    regions = _spots(flows.longitude, flows.latitude, by_region, flows.names, projection, 4.0)
    ids: list[str] = nodes.node_id.tolist()
    by_node = np.bincount(flows.node, flows.packages, len(ids)).astype(np.float64)
    spots = _with_labels(_spots(nodes.longitude, nodes.latitude, by_node, ids, projection, _MOST_RADIUS, True))
    shown, total = int(flows.packages[drawn].sum()), int(flows.packages.sum())
    notes = []
    if len(drawn) < int(is_drawn.sum()):
        notes.append(
            f"The {len(drawn):,} largest of {int(is_drawn.sum()):,} flows are drawn: {shown:,} of {total:,} packages."
        )
    if flows.num_without_place:
        notes.append(f"{flows.num_without_place:,} packages go to regions without coordinates.")
    if flows.num_picked_up:
        notes.append(f"{flows.num_picked_up:,} packages are picked up at nodes and are not drawn.")
    if not has_node.all():
        notes.append(f"{int((~has_node).sum()):,} nodes have no coordinates.")
    return FlowMap(tuple(curves), tuple(spots), tuple(regions), tuple(notes))


def _regions(problem: Problem) -> tuple[list[str], I64]:
    """Names of regions, and the one of every order."""
    orders = problem.orders
    names = []
    for country, code, latitude, longitude in zip(
        orders.country.tolist(), orders.postal_code.tolist(), orders.latitude.tolist(), orders.longitude.tolist(),
        strict=True,
    ):  # fmt: skip
        start = code.replace(" ", "")[:_DIGITS].upper()
        if not start and math.isfinite(latitude) and math.isfinite(longitude):
            at = [_CELL_DEGREES * math.floor(value / _CELL_DEGREES) for value in (latitude, longitude)]
            start = f"{at[0]:.0f}, {at[1]:.0f}"
        names.append(f"{country} {start}".strip() or "anywhere")
    found = sorted(set(names))
    position = {name: row for row, name in enumerate(found)}
    return found, np.array([position[name] for name in names], np.int64)


def _places(longitude: Floats, latitude: Floats) -> set[tuple[float, float]]:
    has: Bools = np.isfinite(longitude) & np.isfinite(latitude)
    return set(zip(longitude[has].tolist(), latitude[has].tolist(), strict=True))


def _curve(start: tuple[float, float], end: tuple[float, float]) -> str:
    """A curve that bends to its left, so that flows to and fro do not lie on each other."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    bend_x, bend_y = dx / 2 + 0.12 * dy, dy / 2 - 0.12 * dx
    return f"M{number(start[0])} {number(start[1])}q{number(bend_x)} {number(bend_y)} {number(dx)} {number(dy)}"


def _spots(
    longitude: Floats, latitude: Floats, packages: Floats, names: list[str], projection: Projection, most: float,
    shows_empty: bool = False,
) -> list[Spot]:  # fmt: skip
    largest = float(packages.max(initial=1.0)) or 1.0
    found = []
    for row in np.argsort(-packages, kind="stable").tolist():
        if not math.isfinite(longitude[row]) or not math.isfinite(latitude[row]) or not (packages[row] or shows_empty):
            continue
        x, y = projection.project(longitude[row], latitude[row])
        radius = round(max(1.5, most * math.sqrt(packages[row] / largest)), 1)
        count = int(packages[row])
        found.append(Spot(x, y, radius, f"{names[row]}: {count:,} package{'' if count == 1 else 's'}", names[row]))
    return found


def _with_labels(spots: list[Spot]) -> list[Spot]:
    """Every label to the right or left of its spot, where it hides neither another spot nor another label."""
    taken = [(spot.x - spot.radius, spot.y - spot.radius, spot.x + spot.radius, spot.y + spot.radius) for spot in spots]
    found: list[Spot] = []
    for spot in spots:
        own, width = taken.pop(0), 8.2 * len(spot.label) + 4
        labelled = replace(spot, label="")
        for anchor, x in (("start", spot.x + spot.radius + 3), ("end", spot.x - spot.radius - 3)):
            left = x if anchor == "start" else x - width
            box = (left, spot.y - 7, left + width, spot.y + 7)
            if left > 0 and left + width < WIDTH and not any(_overlap(box, other) for other in taken):
                labelled = replace(spot, label_x=round(x, 1), anchor=anchor, is_major=len(found) < _NUM_MAJOR)
                taken.append(box)
                break
        found.append(labelled)
        taken.append(own)
    return found


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
