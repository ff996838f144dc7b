"""Which lane and which rate brackets serve an order: the longest postal prefix, resolved per destination."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from splitship.domain import Problem
from splitship.units import I32, I64

NO_LANE = -1
WHOLE_COUNTRY = "*"
_SEPARATOR = "\x1f"  # not NUL: hash tables of text stop at one


@dataclass(frozen=True, slots=True)
class LaneTable:
    """Lanes by destination.

    `destination_idx` [orders]: the order's distinct (country, postal code).
    `lane` [services, nodes, destinations]: row of the lane with the longest matching prefix, NO_LANE if none.
    `transit_days`, `bracket_start`, `bracket_end` [lanes]: an empty bracket range means no rate for its zone.
    """

    destination_idx: I64
    lane: I32
    transit_days: I64
    bracket_start: I64
    bracket_end: I64


def compile_lanes(problem: Problem) -> LaneTable:
    """Resolve the longest prefix for every distinct destination and find each lane's rate brackets."""
    orders, lanes = problem.orders, problem.lanes
    destination_idx, destinations = pd.factorize(pd.Index(_key(orders.country, orders.postal_code)))
    country, postal = _split(np.asarray(destinations, object))
    num_pairs = len(problem.services) * len(problem.nodes)
    table = np.full((num_pairs, len(country)), NO_LANE, np.int32)
    pair = lanes.service_idx * len(problem.nodes) + lanes.node_idx
    prefix = np.where(lanes.destination == WHOLE_COUNTRY, "", lanes.destination)
    lengths = np.array([len(text) for text in prefix], np.int64)
    postal_lengths = np.array([len(text) for text in postal], np.int64)
    for length in np.unique(lengths):  # shorter prefixes first, so that longer ones overwrite them
        rows = np.flatnonzero(lengths == length)
        codes, keys = pd.factorize(pd.Index(_key(lanes.country[rows], prefix[rows])))
        reachable = np.flatnonzero(postal_lengths >= length)
        cut = np.array([text[:length] for text in postal[reachable]], object)
        found = pd.Index(keys).get_indexer(pd.Index(_key(country[reachable], cut)))
        by_code = np.argsort(codes, kind="stable")
        starts = np.searchsorted(codes[by_code], np.arange(len(keys) + 1))
        hit = found >= 0
        first, last = starts[found[hit]], starts[found[hit] + 1]
        counts = last - first
        which = np.repeat(reachable[hit], counts)
        position = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(first, counts)
        lane_rows = rows[by_code[position]]
        table[pair[lane_rows], which] = lane_rows
    start, end = _brackets(problem)
    return LaneTable(
        destination_idx=destination_idx.astype(np.int64),
        lane=table.reshape(len(problem.services), len(problem.nodes), len(country)),
        transit_days=lanes.transit_days,
        bracket_start=start,
        bracket_end=end,
    )


def _key(country: np.ndarray, code: np.ndarray) -> np.ndarray:
    return country + _SEPARATOR + code if len(country) else np.zeros(0, object)


def _split(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    pairs = [key.split(_SEPARATOR, 1) for key in keys]
    country, postal = np.empty(len(pairs), object), np.empty(len(pairs), object)
    country[:] = [pair[0] for pair in pairs]
    postal[:] = [pair[1] for pair in pairs]
    return country, postal


def _brackets(problem: Problem) -> tuple[I64, I64]:
    """First and one-past-last rate row of every lane's (service, zone); both 0 when the zone has no rate."""
    rates, lanes = problem.rates, problem.lanes
    rate_keys = pd.MultiIndex.from_arrays([rates.service_idx, rates.zone])
    lane_keys = pd.MultiIndex.from_arrays([lanes.service_idx, lanes.zone])
    codes, unique = pd.factorize(rate_keys)
    if not len(unique):
        return np.zeros(len(lanes), np.int64), np.zeros(len(lanes), np.int64)
    starts = np.searchsorted(codes, np.arange(len(unique) + 1))  # rates are sorted, so codes ascend
    found = pd.Index(unique).get_indexer(lane_keys)
    none = found < 0
    safe = np.where(none, 0, found)
    return np.where(none, 0, starts[safe]).astype(np.int64), np.where(none, 0, starts[safe + 1]).astype(np.int64)
