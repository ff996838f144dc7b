"""Where services go: the lane of an order from a node, and distances."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from splitship.domain import Problem
from splitship.units import I64, UNLIMITED, Bools, Floats, Strings

EARTH_RADIUS_KM = 6371.0088
NONE = -1
EVERYWHERE = "*"


def great_circle_km(latitude: Floats, longitude: Floats, to_latitude: Floats, to_longitude: Floats) -> Floats:
    """Distance on a sphere by the haversine formula; degrees in, kilometres out."""
    phi, to_phi = np.radians(latitude), np.radians(to_latitude)
    half_phi = np.sin((to_phi - phi) / 2)
    half_lambda = np.sin(np.radians(to_longitude - longitude) / 2)
    chord = half_phi**2 + np.cos(phi) * np.cos(to_phi) * half_lambda**2
    distance: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(chord, 1.0)))
    return distance


def distinct_pairs(countries: Strings, texts: Strings) -> tuple[I64, list[tuple[str, str]]]:
    """Number of each row's (country, text) among the distinct ones, and those."""
    country_code, country = pd.factorize(countries)
    text_code, text = pd.factorize(texts)
    keys, code = np.unique(country_code * max(1, len(text)) + text_code, return_inverse=True)
    pairs = [(str(country[key // len(text)]), str(text[key % len(text)])) for key in keys.tolist()]
    return code.astype(np.int64), pairs


class Places:
    """The longest matching lane of every (order, node, service).

    Every distinct (country, destination) of the lanes is a place; `*` is the empty prefix. A place's parent is the
    longest other place of its country that is a prefix of it, so orders with the same longest place
    (`order_place` [orders], NONE when no lane fits) have the same lanes from everywhere.
    """

    def __init__(self, problem: Problem) -> None:
        lanes, orders = problem.lanes, problem.orders
        self.num_nodes, self.num_services = len(problem.nodes), len(problem.services)
        lane_place, places = distinct_pairs(
            lanes.country, np.where(lanes.destination == EVERYWHERE, "", lanes.destination)
        )
        self.place_ids: dict[tuple[str, str], int] = {pair: number for number, pair in enumerate(places)}
        self.lengths: dict[str, list[int]] = {}
        for country, prefix in self.place_ids:
            known = self.lengths.setdefault(country, [])
            if len(prefix) not in known:
                known.append(len(prefix))
        for known in self.lengths.values():
            known.sort(reverse=True)
        self.parent: I64 = np.array(
            [self._longest(country, prefix, len(prefix)) for country, prefix in self.place_ids], np.int64
        )
        keys = self._key(lane_place, lanes.node_idx, lanes.service_idx)
        self.lane_of_key = np.argsort(keys, kind="stable").astype(np.int64)
        self.keys = keys[self.lane_of_key]
        codes, destinations = distinct_pairs(orders.country, orders.postal_code)
        longest = [self._longest(country, code, len(code) + 1) for country, code in destinations]
        self.order_place: I64 = np.array(longest, np.int64)[codes]

    def _longest(self, country: str, text: str, below: int) -> int:
        """The place with the longest prefix of `text` shorter than `below`."""
        for length in self.lengths.get(country, ()):
            if length < below and length <= len(text):
                found = self.place_ids.get((country, text[:length]))
                if found is not None:
                    return found
        return NONE

    def _key(self, place: I64, node: I64, service: I64) -> I64:
        return (place * self.num_nodes + node) * self.num_services + service

    def lane(self, place: I64, node: I64, service: I64) -> I64:
        """Row of the lane, NONE where there is none; elementwise over columns of one length."""
        lane = np.full(len(place), NONE, np.int64)
        place = place.copy()
        left = np.flatnonzero(place >= 0) if len(self.keys) else np.zeros(0, np.int64)
        while len(left):
            key = self._key(place[left], node[left], service[left])
            at = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
            is_found = self.keys[at] == key
            lane[left[is_found]] = self.lane_of_key[at[is_found]]
            left = left[~is_found]
            place[left] = self.parent[place[left]]
            left = left[place[left] >= 0]
        return lane

    def lane_table(self, places: I64) -> NDArray[np.int32]:
        """Lanes from everywhere to each of `places`, [places, nodes, services]."""
        shape = (len(places), self.num_nodes, self.num_services)
        place, node, service = (axis.ravel().astype(np.int64) for axis in np.indices(shape))
        return self.lane(places[place], node, service).astype(np.int32).reshape(shape)


def has_distance_limit(problem: Problem) -> bool:
    """Whether any order may have a farthest node."""
    return problem.limits.max_distance_km is not None or problem.orders.max_distance_km is not None


def distance_limit(problem: Problem, order: I64) -> Floats:
    """Kilometres within which nodes may serve orders, infinite without a limit; elementwise."""
    orders, limit = problem.orders, problem.limits.max_distance_km
    if orders.max_distance_km is not None:
        return orders.max_distance_km[order]
    return np.full(order.shape, np.inf if limit is None else float(limit))


def transit_limit(problem: Problem, order: I64) -> I64:
    """Most transit days of a package of orders, UNLIMITED without a limit; elementwise."""
    orders, limit = problem.orders, problem.limits.max_transit_days
    if orders.max_transit_days is not None:
        return orders.max_transit_days[order]
    return np.full(order.shape, UNLIMITED if limit is None else limit, np.int64)


def is_too_far(problem: Problem, order: I64, node: I64) -> Bools:
    """Whether nodes lie beyond the distance allowed for orders; arrays that broadcast.

    A missing coordinate is too far, where there is a limit.
    """
    if not has_distance_limit(problem):
        return np.zeros(np.broadcast_shapes(order.shape, node.shape), np.bool_)
    orders, nodes = problem.orders, problem.nodes
    limit = distance_limit(problem, order)
    distance = great_circle_km(
        nodes.latitude[node], nodes.longitude[node], orders.latitude[order], orders.longitude[order]
    )
    is_near: Bools = (distance <= limit) | np.isinf(limit)
    return ~is_near


def is_excluded(problem: Problem, order: I64, node: I64) -> Bools:
    """Whether orders exclude nodes; elementwise."""
    orders, num_nodes = problem.orders, len(problem.nodes)
    of_order = np.repeat(np.arange(len(orders)), np.diff(orders.excluded_ptr))
    return np.isin(order * num_nodes + node, of_order * num_nodes + orders.excluded_node_idx)
