"""Columns as compiled loops read them: the network, orders, prices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from splitship.check.capacity import Capacities
from splitship.check.dated import NEVER
from splitship.check.exact import Wholes, decimal_micros, exact_amounts, wholes
from splitship.check.network import Network
from splitship.check.places import transit_limit
from splitship.check.prices import Prices
from splitship.check.reserves import ChannelStock
from splitship.check.steps import Steps
from splitship.check.stock import StockRows
from splitship.check.tariff import CUBE_PER_UG, unit_volumes
from splitship.domain import Problem
from splitship.units import ATTO, I32, I64, Bools, decimal_to_atto, in_one_layout

INFINITE = 2**62
FRACTION_BITS = 36
THIRTY_DIGITS = 10**30
TEN_DIGITS = 10**10


class NetworkTables(NamedTuple):
    """What does not depend on the order; shapes in brackets, money as `units.Amounts`."""

    node_is_open: Bools  # [nodes] and with capacity for a package on some day
    node_zone: I64  # [nodes] time zone
    cutoff_us: I64  # [nodes]
    handling: I64  # [nodes, 6] package, line, unit: micros, atto each
    delivery_wait: I64  # [services, period] -1 for none
    max_weight_ug: I64  # [services]
    weight_step_ug: I64  # [services]
    divisor_idx: I64  # [services] row of the volume tables, -1 for actual weight
    ship_wait: I64  # [nodes, services, start_period] -1 where the service cannot be used at all
    lane_tariff: I64  # [lanes] -1 where no package may go (no rate, transit too long)
    lane_transit: I64  # [lanes]
    tariff_service: I64  # [tariffs]
    tariff_start: I64  # [tariffs]
    tariff_end: I64  # [tariffs]
    up_to_ug: I64  # [brackets]
    bracket_price: I64  # [brackets, 4] price micros, atto, extra micros, atto
    has_extra: Bools  # [brackets]
    sku_weight_ug: I64  # [SKUs]
    sku_is_alone: Bools  # [SKUs]
    volume_ug: I64  # [divisors, SKUs] volumetric weight of a unit, rounded down
    volume_part: I64  # [divisors, SKUs] the rest in 2^-36 micrograms, rounded down
    volume_open: I64  # [divisors, SKUs] 1 where still something is left
    sku_ptr: I64  # [SKUs + 1]
    sku_stock: I64  # [stock rows] rows of every SKU
    stock_node: I64  # [stock rows]
    available: I64  # [stock rows] when all has arrived
    offer_ptr: I64  # [nodes + 1]
    offer: I64  # [offers] services that a node's packages can leave by, ascending for each node
    pickup_node: I64  # [services] where the customer gets the package, -1 for carriers
    unit_cost: I64  # [services] micros a unit besides the rate
    delivery_price: I64  # [4] micros and three limbs
    split_cost: int
    horizon_days: int


class DayTables(NamedTuple):
    """What packages of a day can do; day d is column (d - origin) % period, in `ship_wait` % start_period.

    Apart from the network, since tables that calls hand on should be small.
    """

    origin: int
    period: int
    start_period: int
    is_ship_day: Bools  # [nodes, services, period] working day of the node and ship day of the service
    can_ship: Bools  # [nodes, services, period] and both let a package leave on it
    can_receive: Bools  # [nodes, period] the node's capacity lets a package come in on it
    room: I64  # [rooms, 3] units, lines and steps of minutes that packages can take on a day
    is_tight: Bools  # [rooms] less than on some other day of the node
    room_of: I32  # [nodes, period] row of `room`
    most_room: I64  # [nodes, 3] on the day with most
    has_tight: Bools  # [nodes] some day is tight
    minutes: I64  # [nodes, 2] steps of minutes of a package and of a unit
    hold_until: I64  # [orders]
    not_before: I64  # [orders]


class OrderTables(NamedTuple):
    """Columns of all orders and lines."""

    line_ptr: I64  # [orders + 1]
    sku: I64  # [lines]
    step: I64  # [lines] units moved at once
    radix: I64  # [lines]
    unfilled: I64  # [lines] micros a step
    start_day: I64  # [orders, zones]
    start_us: I64  # [orders, zones]
    deliver_by: I64  # [orders]
    late_price: I64  # [orders, 4] micros and three limbs
    is_ship_complete: Bools  # [orders]
    max_packages: I64  # [orders]
    split_refund: I64  # [orders] what an order's first package costs less than the others for a split
    max_transit: I64  # [orders]
    excluded_ptr: I64  # [orders + 1]
    excluded_node: I64  # [excluded]
    must_ship: Bools  # [lines] may not be left unfilled
    only_node: I64  # [lines] the one node that may ship the line, -1 for any, -2 for none
    barred_ptr: I64  # [lines + 1]
    barred_node: I64  # [barred] nodes that must not ship the line
    pickup_node: I64  # [lines] where the line is picked up, -1 when it ships


class PriceTables(NamedTuple):
    """Prices as in `prices.Prices`; those of minutes are in packages' and units', of services' quotas in services'.

    `stock` and `own_price` have what taking a unit costs, or brings, besides, and what units of its node pay.
    """

    stock: I64
    day_code: I64
    node_packages: I64
    node_units: I64
    service_packages: I64
    node_lines: I64
    rule_quota: I64
    first_day: int
    own_ptr: I64  # [lines + 1]
    own_node: I64
    own_price: I64


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
    is_usable = problem.node_services.is_offered & (problem.node_services.max_packages_per_day >= 1)
    is_usable &= np.any(days.delivery_days, axis=1)[None, :]
    rooms = _rooms(network)
    offering, offer = np.nonzero(is_usable)
    prices = [tariffs.price_amounts, tariffs.extra_amounts]
    handling = [nodes.package_cost, nodes.line_cost, nodes.unit_cost]
    tables = NetworkTables(
        node_is_open=nodes.is_open & np.any(rooms.has_package_of_day, axis=1),
        node_zone=days.zone_of_node,
        cutoff_us=nodes.cutoff_us,
        handling=np.column_stack([part for amount in handling for part in (amount.micros, amount.atto)]),
        delivery_wait=days.delivery_wait,
        max_weight_ug=services.max_weight_ug,
        weight_step_ug=services.weight_step_ug,
        divisor_idx=(divisor_idx - (len(divisors) - len(used))).astype(np.int64),
        ship_wait=np.where(is_usable[:, :, None], days.ship_wait, NEVER),
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
        available=network.arrivals.most,
        offer_ptr=np.searchsorted(offering, np.arange(len(nodes) + 1)).astype(np.int64),
        offer=offer.astype(np.int64),
        pickup_node=np.array(services.pickup_node_idx, np.int64),
        unit_cost=np.array(services.unit_cost, np.int64),
        delivery_price=thirty_digits([decimal_to_atto(problem.objective.delivery_day) * ATTO])[0],
        split_cost=decimal_micros(problem.objective.split),
        horizon_days=problem.limits.horizon_days,
    )
    return NetworkTables._make(in_one_layout(value) for value in tables)


def day_tables(network: Network) -> DayTables:
    """Days as the kernels read them."""
    days, orders, rooms = network.days, network.problem.orders, _rooms(network)
    is_ship_day = days.working_days[:, None, :] & days.ship_days[None, :, :]
    can_ship = is_ship_day & rooms.has_package_of_day[:, None, :] & _within_quota(network)[None, :, :]
    if len(network.problem.released):
        node, service, column = np.nonzero(can_ship)
        can_ship[node, service, column] = network.capacities.of_service(node, service, column + days.origin) >= 1
    tables = DayTables(
        origin=days.origin,
        period=days.period,
        start_period=days.start_period,
        is_ship_day=is_ship_day,
        can_ship=can_ship,
        can_receive=rooms.has_package_of_day,
        room=rooms.left,
        is_tight=rooms.is_tight,
        room_of=rooms.of_day,
        most_room=rooms.most,
        has_tight=rooms.has_tight,
        minutes=np.column_stack([network.capacities.package_minutes, network.capacities.unit_minutes]),
        hold_until=np.array(orders.hold_until, order="C"),
        not_before=np.array(orders.not_before, order="C"),
    )
    return DayTables._make(in_one_layout(value) for value in tables)


class Rooms(NamedTuple):
    """What the packages of a node's day can take.

    `left` [rooms, 3] is in units, lines and steps of minutes; rooms are the nodes' usual days, then those with a row of
    their own (`Capacities`).
    """

    left: I64
    has_package: Bools
    is_tight: Bools
    of_day: I32
    most: I64

    @property
    def has_package_of_day(self) -> Bools:
        """Whether a node's day takes a package at all, [nodes, period]."""
        has_package: Bools = self.has_package[self.of_day]
        return has_package

    @property
    def has_tight(self) -> Bools:
        """Whether some day of a node takes less than another one, [nodes]."""
        tight: Bools = np.any(self.is_tight[self.of_day], axis=1)
        return tight


def _rooms(network: Network) -> Rooms:
    """The rooms of all days of the calendar's tables."""
    days, capacities = network.days, network.capacities
    num_nodes = len(capacities.usual)
    usual = capacities.remaining(capacities.usual, np.zeros_like(capacities.usual))
    own = capacities.remaining(capacities.most, capacities.used)
    every = np.concatenate([usual, own])
    left, has_package = np.ascontiguousarray(every[:, 1:]), every[:, 0] >= 1
    of_day = np.repeat(np.arange(num_nodes, dtype=np.int32)[:, None], days.period, axis=1)
    of_node, column = capacities.row_node, capacities.row_day - days.origin
    at = np.flatnonzero((column >= 0) & (column < days.period) if days.is_dated else np.zeros(len(column), np.bool_))
    of_day[of_node[at], column[at]] = num_nodes + at
    most = left[:num_nodes].copy()
    np.maximum.at(most, of_node[at], left[num_nodes + at])
    node = np.concatenate([np.arange(num_nodes), of_node])
    return Rooms(left, has_package, np.any(left < most[node], axis=1), of_day, most)


def _within_quota(network: Network) -> Bools:
    """Whether the quota of a service lets a package leave, [services, period]."""
    days, capacities = network.days, network.capacities
    num_services = len(network.problem.services)
    service, column = (axis.ravel() for axis in np.indices((num_services, days.period)))
    # Without dates all days are alike, so that any day of the table will do.
    allowed: Bools = capacities.quota(service, column + days.origin) >= 1
    return allowed.reshape(num_services, days.period)


def order_tables(network: Network, steps: Steps, unfilled: Wholes) -> OrderTables:
    """Orders and lines as the kernels read them; `unfilled` [lines] in micros a unit."""
    problem, orders = network.problem, network.problem.orders
    late_day = decimal_to_atto(problem.objective.late_day)
    exact = exact_amounts(orders.priority)
    priorities, code = np.unique(exact, return_inverse=True) if len(exact) else (exact, np.zeros(0, np.int64))
    lines, rejections = problem.lines, problem.rejections
    tables = OrderTables(
        line_ptr=problem.line_ptr,
        sku=lines.sku_idx,
        step=steps.size,
        radix=steps.radix,
        unfilled=np.minimum(unfilled * wholes(steps.size), INFINITE).astype(np.int64),
        start_day=network.days.start_day,
        start_us=network.days.start_us,
        deliver_by=orders.deliver_by,
        late_price=thirty_digits([late_day * priority for priority in priorities.tolist()])[code],
        is_ship_complete=orders.is_ship_complete,
        max_packages=orders.max_packages,
        split_refund=np.where(orders.num_released > 0, 0, decimal_micros(problem.objective.split)).astype(np.int64),
        max_transit=transit_limit(problem, np.arange(len(orders))),
        excluded_ptr=orders.excluded_ptr,
        excluded_node=orders.excluded_node_idx,
        must_ship=np.zeros(len(lines), np.bool_),
        only_node=np.full(len(lines), -1, np.int64),
        barred_ptr=rejections.line_ptr(len(lines)).astype(np.int64),
        barred_node=rejections.node_idx,
        pickup_node=np.array(lines.pickup_node_idx, np.int64),
    )
    return OrderTables._make(in_one_layout(value) for value in tables)


def price_tables(problem: Problem, prices: Prices, capacities: Capacities, stock: ChannelStock) -> PriceTables:
    """Prices of a channel's orders as the kernels read them.

    Those of stock have what taking it costs, what units of its node pay, and the least that they pay for reserves.

    Sums are right where `chunks.is_within_int64` holds.
    """
    unit_price = problem.stock.unit_price + prices.units_of_node[problem.stock.node_idx] + stock.unit_price
    own_line = np.repeat(np.arange(len(problem.lines)), np.diff(prices.own.ptr))
    own_row = StockRows(problem).rows(prices.own.node, problem.lines.sku_idx[own_line])
    return PriceTables(
        prices.stock + unit_price,
        prices.day_code,
        prices.node_packages + prices.node_minutes * capacities.package_minutes,
        prices.node_units + prices.node_minutes * capacities.unit_minutes,
        prices.service_packages + prices.service_quota[:, None, :],
        prices.node_lines,
        prices.rule_quota,
        prices.first_day,
        prices.own.ptr,
        prices.own.node,
        prices.own.price + unit_price[own_row],
    )
