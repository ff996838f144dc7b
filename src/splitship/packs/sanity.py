"""Warnings about a problem that is valid but hardly meant: lanes without a rate, orders no node can serve."""

from __future__ import annotations

import numpy as np
import pandas as pd

from splitship.domain import SHIPS, Problem
from splitship.domain.constant import is_constant
from splitship.packs.findings import Findings
from splitship.units import I64, Bools, Strings

_CHUNK = 4_000_000
"""Cells of the (destination, node) table held at once."""


def warn(problem: Problem, findings: Findings) -> None:
    """Add the warnings W601, W603 and W604."""
    rated = lanes_with_rates(problem)
    lanes, services = problem.lanes, problem.services.service_id
    findings.add_rows(
        "W601",
        "lanes",
        "zone",
        np.flatnonzero(~rated),
        lambda row: (
            f"service {services[lanes.service_idx[row]]!r} has no rate for zone {lanes.zone[row]!r}: nothing ships here"
        ),
    )
    counts = np.diff(problem.line_ptr)
    findings.add_rows("W604", "orders", "order_id", np.flatnonzero(counts == 0), lambda row: "this order has no lines")
    orders = problem.orders

    def describe(row: int) -> str:
        place = f"{orders.country[row]} {orders.postal_code[row]}"
        return f"no open node that it may use has a lane with a rate to {place!r}"

    unserved = ~_is_served(problem, rated) & ~_is_picked_up(problem)
    findings.add_rows("W603", "orders", "postal_code", np.flatnonzero(unserved), describe)


def lanes_with_rates(problem: Problem) -> Bools:
    """Lanes whose service has a rate for their zone, [lanes]."""
    rates, lanes = problem.rates, problem.lanes
    if not len(lanes):
        return np.zeros(0, np.bool_)
    zone, _ = pd.factorize(np.concatenate([rates.zone, lanes.zone]))
    service = np.concatenate([rates.service_idx, lanes.service_idx])
    key = zone.astype(np.int64) * (int(service.max()) + 1) + service
    return np.isin(key[len(rates) :], key[: len(rates)])


def _is_picked_up(problem: Problem) -> Bools:
    """Orders with lines, all of which are picked up: they need no lane, [orders]."""
    picked = np.zeros(len(problem.orders), np.bool_)
    if not is_constant(problem.lines.pickup_node_idx, SHIPS):
        picked[problem.lines.order_idx] = True
        picked[problem.lines.order_idx[problem.lines.pickup_node_idx == SHIPS]] = False
    return picked


def _is_served(problem: Problem, rated: Bools) -> Bools:
    """Orders with a lane from an open node that is not excluded, [orders]."""
    orders, lanes = problem.orders, problem.lanes
    usable = (
        rated
        & problem.nodes.is_open[lanes.node_idx]
        & problem.node_services.is_offered[lanes.node_idx, lanes.service_idx]
    )
    place, first = _places(orders.country, orders.postal_code)
    served = np.zeros(len(orders), np.bool_)
    if not usable.any() or not len(orders):
        return served
    by_node = _Prefixes(lanes.country[usable], lanes.destination[usable], lanes.node_idx[usable], len(problem.nodes))
    excluded = np.repeat(np.arange(len(orders)), np.diff(orders.excluded_ptr))
    step = max(1, _CHUNK // max(1, len(problem.nodes)))
    for start in range(0, len(first), step):
        rows = first[start : start + step]
        reach = by_node.reach(orders.country[rows], orders.postal_code[rows])
        here = np.flatnonzero((place >= start) & (place < start + step))
        at = place[here] - start
        left = reach.sum(axis=1)[at]
        barred = np.flatnonzero((place[excluded] >= start) & (place[excluded] < start + step))
        hits = reach[place[excluded[barred]] - start, orders.excluded_node_idx[barred]]
        left -= np.bincount(excluded[barred], hits, len(orders)).astype(np.int64)[here]
        served[here] = left > 0
    return served


def _places(country: Strings, postal_code: Strings) -> tuple[I64, I64]:
    """For every order the number of its destination, and for every destination its first order."""
    left, _ = pd.factorize(country)
    right, names = pd.factorize(postal_code)
    place, _ = pd.factorize(left.astype(np.int64) * (len(names) + 1) + right)
    _, first = np.unique(place, return_index=True)
    return place.astype(np.int64), first.astype(np.int64)


class _Prefixes:
    """Which nodes have a lane to a postal code, by the prefixes of their lanes."""

    def __init__(self, country: Strings, destination: Strings, node_idx: I64, num_nodes: int) -> None:
        prefix = np.where(destination == "*", "", destination)
        codes, names = pd.factorize(country + "\0" + prefix)
        self.keys = pd.Index(names, dtype=object)
        self.nodes = np.zeros((len(self.keys) + 1, num_nodes), np.bool_)
        self.nodes[codes, node_idx] = True
        self.lengths = sorted({len(text) for text in prefix})

    def reach(self, country: Strings, postal_code: Strings) -> Bools:
        """Nodes with a lane to each destination, [destinations, nodes]."""
        found = np.zeros((len(country), self.nodes.shape[1]), np.bool_)
        texts = pd.Series(postal_code, dtype=object)
        for length in self.lengths:
            long_enough = texts.str.len().to_numpy() >= length
            at = self.keys.get_indexer(country + "\0" + texts.str.slice(0, length).to_numpy())
            hit = (at >= 0) & long_enough
            found[hit] |= self.nodes[at[hit]]
        return found
