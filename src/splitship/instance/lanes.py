"""Which lane and which rate brackets serve an order: the longest postal prefix, resolved per destination."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from splitship.domain import Problem
from splitship.units import I32, I64

NO_LANE = -1
WHOLE_COUNTRY = "*"


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
    destination_idx, destinations = _distinct(orders.country, orders.postal_code)
    country, postal = orders.country[destinations], orders.postal_code[destinations]
    num_pairs = len(problem.services) * len(problem.nodes)
    table = np.full((num_pairs, len(country)), NO_LANE, np.int32)
    pair = lanes.service_idx * len(problem.nodes) + lanes.node_idx
    prefix = np.where(lanes.destination == WHOLE_COUNTRY, "", lanes.destination)
    lengths = np.array([len(text) for text in prefix], np.int64)
    postal_lengths = np.array([len(text) for text in postal], np.int64)
    for length in np.unique(lengths):  # shorter prefixes first, so that longer ones overwrite them
        rows = np.flatnonzero(lengths == length)
        reachable = np.flatnonzero(postal_lengths >= length)
        cut = np.array([text[:length] for text in postal[reachable]], object)
        codes, _ = _distinct(
            np.concatenate([lanes.country[rows], country[reachable]]), np.concatenate([prefix[rows], cut])
        )
        codes, found = codes[: len(rows)], codes[len(rows) :]
        by_code = np.argsort(codes, kind="stable")
        starts = np.searchsorted(codes[by_code], np.arange(int(max(codes.max(), found.max(initial=0))) + 2))
        first, last = starts[found], starts[found + 1]
        counts = last - first
        which = np.repeat(reachable, counts)
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


def _distinct(country: np.ndarray, code: np.ndarray) -> tuple[I64, I64]:
    """A number for every distinct pair of country and code, and where each pair stands first."""
    by_country, _ = pd.factorize(country)
    by_code, codes = pd.factorize(code)
    number, pairs = pd.factorize(by_country.astype(np.int64) * max(1, len(codes)) + by_code)
    first = np.full(len(pairs), len(number), np.int64)
    np.minimum.at(first, number, np.arange(len(number)))
    return number.astype(np.int64), first


def _brackets(problem: Problem) -> tuple[I64, I64]:
    """First and one-past-last rate row of every lane's (service, zone); both 0 when the zone has no rate."""
    rates, lanes = problem.rates, problem.lanes
    zone, zones = pd.factorize(np.concatenate([rates.zone, lanes.zone]))
    num_cards = max(1, len(problem.services)) * max(1, len(zones))
    rate_card = rates.service_idx * max(1, len(zones)) + zone[: len(rates)]
    lane_card = lanes.service_idx * max(1, len(zones)) + zone[len(rates) :]
    start, end = np.full(num_cards, len(rates), np.int64), np.zeros(num_cards, np.int64)
    np.minimum.at(start, rate_card, np.arange(len(rates)))  # rates are sorted, so a card's rows follow each other
    np.maximum.at(end, rate_card, np.arange(len(rates)) + 1)
    start[end == 0] = 0
    return start[lane_card], end[lane_card]
