"""Orders in fixed chunks, on threads; and whether compiled loops can hold their numbers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from splitship.check.dated import SEARCHED_DAYS
from splitship.check.exact import Wholes
from splitship.check.network import Network
from splitship.check.places import has_distance_limit, is_too_far
from splitship.check.prices import Prices
from splitship.check.receiving import is_transferring
from splitship.check.steps import Steps
from splitship.check.tariff import CUBE_PER_UG, unit_volumes
from splitship.domain import Problem
from splitship.units import I32, I64, Bools, Floats

LANE_TABLE_CELLS = 3 * 10**7
"""Lanes of all orders are looked up once when places x nodes x services is at most this, else by chunk."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some orders: their positions, the lanes of their places, and the nodes too far from them.

    `lanes` is [places, nodes, services], `place_row` [orders] points into it; `is_far` is [orders, nodes], or has
    no rows without a limit of distance.
    """

    orders: I64
    lanes: I32
    place_row: I64
    is_far: Bools

    def take(self, rows: I64) -> Part:
        """The orders at `rows`."""
        is_far = self.is_far[rows] if len(self.is_far) else self.is_far
        return Part(self.orders[rows], self.lanes, self.place_row[rows], is_far)


def in_parts(network: Network, orders: I64, threads: int, run: Callable[[Part], I64], size: int) -> I64:
    """`run` over chunks of `size` orders, one number an order; chunks do not depend on the number of threads."""
    problem, places = network.problem, network.places
    place = places.order_place[orders]
    used, row = np.unique(place, return_inverse=True)
    is_small = len(used) * len(problem.nodes) * len(problem.services) <= LANE_TABLE_CELLS
    lanes = places.lane_table(used) if is_small else None
    nodes = np.arange(len(problem.nodes))

    def run_chunk(start: int) -> I64:
        chunk = slice(start, start + size)
        is_far = np.zeros((0, 0), np.bool_)
        if has_distance_limit(problem):
            is_far = is_too_far(problem, orders[chunk][:, None], nodes[None, :])
        if lanes is not None:
            return run(Part(orders[chunk], lanes, row[chunk], is_far))
        own, own_row = np.unique(place[chunk], return_inverse=True)
        return run(Part(orders[chunk], places.lane_table(own), own_row, is_far))

    if not len(orders):
        return np.zeros(0, np.int64)
    with ThreadPoolExecutor(max(1, threads)) as pool:
        return np.concatenate(list(pool.map(run_chunk, range(0, len(orders), size))))


def is_within_int64(network: Network, prices: Prices, orders: I64, steps: Steps, unfilled: Wholes) -> bool:
    """Whether no weight or sum that the kernels form for `orders` can leave int64, by generous upper limits."""
    problem, tariffs = network.problem, network.tariffs
    lines, nodes, objective = problem.lines, problem.nodes, problem.objective
    is_in = np.isin(lines.order_idx, orders)
    if not is_in.any():
        return True
    divisor = problem.services.dim_divisor[problem.services.dim_divisor > 0]
    by_volume = unit_volumes(problem).astype(np.float64) / (float(divisor.min()) * CUBE_PER_UG) if len(divisor) else 0.0
    unit_weight: Floats = np.maximum(problem.skus.weight_ug.astype(np.float64), by_volume)
    order = lines.order_idx[is_in]
    quantity: Floats = lines.quantity[is_in].astype(np.float64)

    def most(values: NDArray[np.floating]) -> float:
        return float(np.bincount(order, values).max())

    line_weight, substitutes = unit_weight[lines.sku_idx], problem.line_substitutes
    np.maximum.at(line_weight, substitutes.line_idx, unit_weight[substitutes.sku_idx])
    weight = most(quantity * line_weight[is_in]) + float(problem.services.weight_step_ug.max(initial=0))
    units, packages = most(quantity), most(steps.radix[is_in] - 1.0)
    num_lines = most(np.ones(len(order)))
    span = float(network.last_day - network.first_day + 400 + problem.lanes.transit_days.max(initial=0))
    span += SEARCHED_DAYS if network.days.is_dated else 0
    needs = network.capacities
    num_nodes = 2 if is_transferring(problem) else 1
    is_due = problem.orders.deliver_by[orders] < network.last_day + span
    due = problem.orders.deliver_by[orders][is_due]
    late = max(0.0, network.last_day + span - float(due.min())) if len(due) else 0.0
    priority = float(problem.orders.priority.micros.max(initial=0)) / 1e6 + 1
    a_package = (
        _highest(tariffs.price_amounts.micros)
        + _highest(tariffs.extra_amounts.micros) * (weight / 1e9 + 1)
        + _highest(nodes.package_cost.micros)
        + _highest(nodes.line_cost.micros) * num_lines
        + _highest(nodes.unit_cost.micros) * units
        + _micros(objective.delivery_day) * span
        + _micros(objective.late_day) * late * priority
        + _micros(objective.split)
        + _highest(prices.node_packages) * num_nodes
        + _highest(prices.service_packages)
        + _highest(np.abs(prices.service_quota))
        + _highest(prices.node_lines) * num_nodes * num_lines
        + _most_product(prices.node_minutes, needs.package_minutes) * num_nodes
        + float(problem.package_rules.per_package.sum(dtype=np.float64))
        + float(prices.rule_quota.max(axis=0).sum(dtype=np.float64))
        + float(problem.package_rules.per_line.sum(dtype=np.float64)) * num_lines
    )
    a_unit = (
        _highest(prices.stock)
        + _highest(prices.until.price)
        + _highest(prices.own.price)
        + _highest(prices.node_units) * num_nodes
    )
    a_unit += _most_product(prices.node_minutes, needs.unit_minutes) * num_nodes
    a_unit += _highest(np.abs(problem.stock.unit_price)) + _highest(problem.services.unit_cost)
    a_unit += _highest(np.abs(prices.units_of_node))
    a_unit += 2 * (prices.reserves.most_of_position() + _highest(problem.reserves.price))
    a_unit += _highest(substitutes.unit_price)
    a_unit += float(problem.package_rules.per_unit.sum(dtype=np.float64)) + _most_value_cost(problem)
    nothing = most(quantity * np.minimum(unfilled[is_in], 2**63).astype(np.float64))
    promises = problem.promises
    nothing += float(np.bincount(promises.order_idx, promises.price.astype(np.float64)).max(initial=0.0))
    return weight < 9e17 and units < 2.0**26 and a_package * packages + a_unit * units + nothing < 2.0**61


def _highest(values: I64) -> float:
    return float(values.max(initial=0)) + 1


def _most_value_cost(problem: Problem) -> float:
    """Most that a unit pays to all surcharges by value."""
    rules = problem.package_rules
    row = rules.value_row[rules.value_row >= 0]
    return float(rules.value_cost.max(axis=1, initial=0)[row].sum(dtype=np.float64))


def _most_product(prices: I64, amounts: I64) -> float:
    """Most that one of `amounts` [nodes] costs at `prices` [days, nodes]."""
    return float((prices.astype(np.float64) * amounts).max(initial=0.0)) + 1


def _micros(price: Decimal) -> float:
    return float(price) * 1e6 + 1
