"""Which nodes may serve an order at all, whatever it contains."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from splitship.domain import Problem
from splitship.units import I64, Bools, Floats

EARTH_RADIUS_KM = 6371.0088
_CHUNK = 100_000


def great_circle_km(latitude: Floats, longitude: Floats, to_latitude: Floats, to_longitude: Floats) -> Floats:
    """Haversine distance between places in degrees; broadcasts. NaN where a coordinate is missing."""
    lat1, lon1, lat2, lon2 = map(np.radians, (latitude, longitude, to_latitude, to_longitude))
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    distance: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return distance


def excluded_nodes(problem: Problem) -> Bools:
    """True where an order excludes a node, [orders, nodes]."""
    orders = problem.orders
    excluded = np.zeros((len(orders), len(problem.nodes)), np.bool_)
    rows = np.repeat(np.arange(len(orders)), np.diff(orders.excluded_ptr))
    excluded[rows, orders.excluded_node_idx] = True
    return excluded


def too_far(problem: Problem) -> Bools:
    """True where a node lies beyond the order's limit, a rule's or the pack's, [orders, nodes]."""
    orders, nodes = problem.orders, problem.nodes
    far = np.zeros((len(orders), len(nodes)), np.bool_)
    limit = distance_limits(problem)
    if limit is None:
        return far
    for start in range(0, len(orders), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        distance = great_circle_km(
            orders.latitude[chunk, None], orders.longitude[chunk, None], nodes.latitude, nodes.longitude
        )
        far[chunk] = distance > limit[chunk, None]
    return far


def distance_limits(problem: Problem) -> Floats | None:
    """The farthest node in km that may serve each order (inf: any), [orders]; None when no order has a limit."""
    if problem.orders.max_distance_km is not None:
        return problem.orders.max_distance_km
    limit = problem.limits.max_distance_km
    return None if limit is None else np.full(len(problem.orders), float(limit))


def transit_limits(problem: Problem) -> I64 | None:
    """The longest transit in days of each order's packages (UNLIMITED: any), [orders]; None without limits."""
    if problem.orders.max_transit_days is not None:
        return problem.orders.max_transit_days
    limit = problem.limits.max_transit_days
    return None if limit is None else np.full(len(problem.orders), limit, np.int64)


FAR: Final = 2
"""In `eligible_nodes`: too far to ship from, while what is picked up may still leave the node."""


def eligible_nodes(problem: Problem) -> NDArray[np.int8]:
    """1 where a node is open, not excluded and near enough, FAR where only lines that are picked up mind no distance.

    [orders, nodes]; 0 elsewhere.
    """
    far = too_far(problem)
    eligible = (~excluded_nodes(problem) & problem.nodes.is_open).astype(np.int8)
    eligible[far] *= FAR
    picks = np.zeros(len(problem.orders), np.bool_)
    picks[problem.lines.order_idx[problem.lines.pickup_node_idx >= 0]] = True
    eligible[far & ~picks[:, None]] = 0
    return eligible
