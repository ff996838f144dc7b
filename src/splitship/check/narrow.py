"""Narrow orders: the exact inner minimum of the bound, order by order, on compiled kernels."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

import numpy as np
from numpy.typing import NDArray

from splitship.check.exact import Wholes, decimal_micros, exact_amounts, wholes
from splitship.check.kernels import (
    FRACTION_BITS,
    INFINITE,
    NetworkTables,
    OrderTables,
    Overrides,
    PriceTables,
    bound_orders,
)
from splitship.check.network import Network
from splitship.check.places import is_too_far
from splitship.check.prices import Prices
from splitship.check.tariff import CUBE_PER_UG, unit_volumes
from splitship.domain import Problem
from splitship.units import ATTO, I32, I64, Bools, Floats, decimal_to_atto

CHUNK = 2048
LANE_TABLE_CELLS = 3 * 10**7
UNSETTLED_ROWS = 4096


@dataclass(frozen=True, slots=True)
class Steps:
    """How quantities are counted: units moved at once (`size`) and number of quantities (`radix`), both [lines].

    `states` [orders] is the number of quantity vectors, `lines` [orders] that of lines.
    """

    size: I64
    radix: I64
    states: Floats
    lines: I64

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """One unit at once, the whole quantity of a line that may not be split."""
        lines = problem.lines
        size = np.where(lines.is_splittable, 1, np.maximum(1, lines.quantity))
        radix = lines.quantity // size + 1
        states = np.ones(len(problem.orders))
        np.multiply.at(states, lines.order_idx, radix.astype(np.float64))
        return cls(size, radix, states, np.diff(problem.line_ptr))

    def largest(self, orders: I64) -> tuple[int, int]:
        """Most states and most lines of some orders."""
        return int(self.states[orders].max()), int(self.lines[orders].max())


THIRTY_DIGITS = 10**30
TEN_DIGITS = 10**10


def thirty_digits(exact: Sequence[int]) -> I64:
    """Money in 10^-36 as micros and three limbs of ten digits, [rows, 4]."""
    rows = []
    for value in exact:
        micros, rest = divmod(value, THIRTY_DIGITS)
        high, rest = divmod(rest, TEN_DIGITS**2)
        middle, low = divmod(rest, TEN_DIGITS)
        rows.append((min(micros, INFINITE), high, middle, low))
    return np.array(rows, np.int64).reshape(len(rows), 4)


def network_tables(network: Network) -> NetworkTables:
    """The network as the kernels read it."""
    problem, tariffs, days = network.problem, network.tariffs, network.days
    nodes, services, skus = problem.nodes, problem.services, problem.skus
    divisors, divisor_idx = np.unique(services.dim_divisor, return_inverse=True)
    used = divisors[divisors > 0]
    volume = wholes(np.zeros((len(used), len(skus)), np.int64))
    parts, left_open = volume.copy(), volume.copy()
    cubes = unit_volumes(problem)
    for row, divisor in enumerate(used.tolist()):
        denominator = divisor * CUBE_PER_UG
        volume[row] = np.minimum(cubes // denominator, INFINITE)
        rest = (cubes % denominator) << FRACTION_BITS
        parts[row] = rest // denominator
        left_open[row] = (rest % denominator > 0).astype(np.int64)
    by_sku = np.argsort(problem.stock.sku_idx, kind="stable")
    counts = np.bincount(problem.stock.sku_idx, minlength=len(skus))
    prices = [tariffs.price_amounts, tariffs.extra_amounts]
    handling = [nodes.package_cost, nodes.line_cost, nodes.unit_cost]
    return NetworkTables(
        node_is_open=nodes.is_open,
        node_zone=days.zone_of_node,
        cutoff_us=nodes.cutoff_us,
        working_days=nodes.working_days,
        max_packages=nodes.max_packages_per_day,
        max_units=nodes.max_units_per_day,
        handling=np.column_stack([part for amount in handling for part in (amount.micros, amount.atto)]),
        ship_days=services.ship_days,
        delivery_wait=days.delivery_wait,
        max_weight_ug=services.max_weight_ug,
        weight_step_ug=services.weight_step_ug,
        divisor_idx=(divisor_idx - (len(divisors) - len(used))).astype(np.int64),
        is_offered=problem.node_services.is_offered,
        service_max_packages=problem.node_services.max_packages_per_day,
        ship_wait=days.ship_wait,
        lane_tariff=network.lane_tariff,
        lane_transit=problem.lanes.transit_days,
        tariff_service=tariffs.service,
        tariff_start=tariffs.start,
        tariff_end=tariffs.end,
        up_to_ug=tariffs.up_to,
        bracket_price=np.column_stack([part for amount in prices for part in (amount.micros, amount.atto)]),
        has_extra=tariffs.has_extra,
        sku_weight_ug=skus.weight_ug,
        sku_is_alone=skus.is_ship_alone,
        volume_ug=volume.astype(np.int64),
        volume_part=parts.astype(np.int64),
        volume_open=left_open.astype(np.int64),
        sku_ptr=np.append(0, np.cumsum(counts)).astype(np.int64),
        sku_stock=by_sku.astype(np.int64),
        stock_node=problem.stock.node_idx,
        available=problem.stock.available,
        delivery_price=thirty_digits([decimal_to_atto(problem.objective.delivery_day) * ATTO])[0],
        split_cost=decimal_micros(problem.objective.split),
        horizon_days=problem.limits.horizon_days,
    )


def order_tables(network: Network, steps: Steps, unfilled: Wholes) -> OrderTables:
    """Orders and lines as the kernels read them; `unfilled` [lines] in micros a unit."""
    problem, orders = network.problem, network.problem.orders
    late_day = decimal_to_atto(problem.objective.late_day)
    exact = exact_amounts(orders.priority)
    priorities, code = np.unique(exact, return_inverse=True) if len(exact) else (exact, np.zeros(0, np.int64))
    return OrderTables(
        line_ptr=problem.line_ptr,
        sku=problem.lines.sku_idx,
        step=steps.size,
        radix=steps.radix,
        unfilled=np.minimum(unfilled * wholes(steps.size), INFINITE).astype(np.int64),
        start_day=network.days.start_day,
        start_us=network.days.start_us,
        deliver_by=orders.deliver_by,
        late_price=thirty_digits([late_day * priority for priority in priorities.tolist()])[code],
        is_ship_complete=orders.is_ship_complete,
        max_packages=orders.max_packages,
        excluded_ptr=orders.excluded_ptr,
        excluded_node=orders.excluded_node_idx,
    )


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

    weight = most(quantity * unit_weight[lines.sku_idx[is_in]]) + float(problem.services.weight_step_ug.max(initial=0))
    units, packages = most(quantity), most(steps.radix[is_in] - 1.0)
    num_lines = most(np.ones(len(order)))
    span = float(network.last_day - network.first_day + 400 + problem.lanes.transit_days.max(initial=0))
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
        + _highest(prices.node_packages)
        + _highest(prices.service_packages)
    )
    a_unit = _highest(prices.stock) + _highest(prices.node_units)
    nothing = most(quantity * np.minimum(unfilled[is_in], 2**63).astype(np.float64))
    return weight < 9e17 and units < 2.0**26 and a_package * packages + a_unit * units + nothing < 2.0**61


def _highest(values: I64) -> float:
    return float(values.max(initial=0)) + 1


def _micros(price: Decimal) -> float:
    return float(price) * 1e6 + 1


def bound_narrow(network: Network, prices: Prices, which: I64, steps: Steps, unfilled: Wholes, threads: int) -> I64:
    """Least priced cost of each of the orders `which` in micros, [which]."""
    net = network_tables(network)
    orders = order_tables(network, steps, unfilled)
    tables = PriceTables(
        prices.stock,
        prices.day_code,
        prices.node_packages,
        prices.node_units,
        prices.service_packages,
        prices.first_day,
    )
    place = network.places.order_place[which]
    used, row = np.unique(place, return_inverse=True)
    cells = len(used) * len(problem_nodes(network)) * len(network.problem.services)
    lanes = network.places.lane_table(used) if cells <= LANE_TABLE_CELLS else None

    def bound_chunk(start: int) -> I64:
        part = slice(start, start + CHUNK)
        if lanes is not None:
            return _bound_part(network, steps, net, orders, tables, which[part], lanes, row[part])
        own, own_row = np.unique(place[part], return_inverse=True)
        return _bound_part(network, steps, net, orders, tables, which[part], network.places.lane_table(own), own_row)

    starts = range(0, len(which), CHUNK)
    if not len(which):
        return np.zeros(0, np.int64)
    with ThreadPoolExecutor(max(1, threads)) as pool:
        return np.concatenate(list(pool.map(bound_chunk, starts)))


def problem_nodes(network: Network) -> I64:
    """Positions of the nodes."""
    return np.arange(len(network.problem.nodes))


def _bound_part(
    network: Network, steps: Steps, net: NetworkTables, orders: OrderTables, prices: PriceTables, which: I64,
    lanes: I32, row: I64,
) -> I64:  # fmt: skip
    """One run of the kernel, and a second one for the orders with contents that int64 could not settle."""
    problem = network.problem
    has_limit = problem.limits.max_distance_km is not None
    nodes = problem_nodes(network)
    is_far = is_too_far(problem, which[:, None], nodes[None, :]) if has_limit else np.zeros((0, 0), np.bool_)
    least, unsettled = _run(steps, net, orders, prices, which, lanes, row, is_far, None)
    if not len(unsettled):
        return least
    again, position = np.unique(unsettled[:, 0], return_inverse=True)
    cost = exact_shipping(network, orders, which[unsettled[:, 0]], unsettled[:, 1], unsettled[:, 2])
    ptr = np.append(0, np.cumsum(np.bincount(position, minlength=len(again)))).astype(np.int64)
    far = is_far[again] if has_limit else is_far
    least[again], left = _run(steps, net, orders, prices, which[again], lanes, row[again], far, Overrides(ptr, cost))
    if len(left):
        raise AssertionError("a content stayed unsettled though its exact cost was given")
    return least


def _run(
    steps: Steps, net: NetworkTables, orders: OrderTables, prices: PriceTables, which: I64, lanes: I32, row: I64,
    is_far: Bools, overrides: Overrides | None,
) -> tuple[I64, I64]:  # fmt: skip
    none = np.zeros(0, np.int64)
    given = overrides or Overrides(np.zeros(len(which) + 1, np.int64), none)
    max_states, max_lines = steps.largest(which)
    rows = UNSETTLED_ROWS
    while True:
        least = np.zeros(len(which), np.int64)
        unsettled = np.zeros((rows, 3), np.int64)
        num = bound_orders(
            net, orders, prices, which, lanes, row, is_far, given, max_states, max_lines, least, unsettled
        )
        if num <= rows:
            return least, unsettled[:num]
        rows = num


def exact_shipping(network: Network, orders: OrderTables, order: I64, tariff: I64, state: I64) -> I64:
    """Shipping of contents given by their state, with Python integers; INFINITE beyond the rate card."""
    skus = network.problem.skus
    weight, volume = wholes(np.zeros(len(order), np.int64)), wholes(np.zeros(len(order), np.int64))
    cubes = unit_volumes(network.problem)
    first, last = orders.line_ptr[order], orders.line_ptr[order + 1]
    rest = state.copy()
    for slot in range(int((last - first).max())):
        line = np.minimum(first + slot, last - 1)
        radix = np.where(first + slot < last, orders.radix[line], 1)
        units = wholes(rest % radix * orders.step[line])
        rest //= radix
        weight += units * wholes(skus.weight_ug[orders.sku[line]])
        volume += units * cubes[orders.sku[line]]
    cost, is_priced = network.tariffs.shipping(tariff, weight, volume)
    costs: I64 = np.where(is_priced, cost, INFINITE).astype(np.int64)
    return costs
