"""How far a line gets at a node by a service: the first stage of the closed list of reasons that stops it.

The stages are the members of `Reason` in their order; the code of a stage is its position there and
POSSIBLE stands after all of them, so the furthest of several stages is their maximum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from splitship.domain import LONG_PAST, SHIPS, Problem, Reason
from splitship.domain.constant import is_constant
from splitship.domain.rule_masks import FIRST_DAY, LAST_DAY
from splitship.domain.rule_rows import any_about, any_about_on_some_day
from splitship.domain.stability import ReleasedUse
from splitship.instance.asked import Asked
from splitship.instance.calendar import NO_DAY, Calendar, compile_calendar
from splitship.instance.capacity import Capacities, largest
from splitship.instance.eligibility import distance_limits, great_circle_km, transit_limits
from splitship.instance.kept_stock import KeptStock
from splitship.instance.kit_groups import KitGroups
from splitship.instance.lanes import LaneTable, compile_lanes
from splitship.instance.least_values import LeastValues
from splitship.instance.model import Tariffs
from splitship.instance.receiving import Receiving
from splitship.instance.stock_by_day import StockByDay
from splitship.instance.terms import compile_tariffs
from splitship.units import I64, Bools

Stages = NDArray[np.int8]

STAGES: Final = tuple(Reason)
CODE: Final = {reason: code for code, reason in enumerate(STAGES)}
POSSIBLE: Final = len(STAGES)
OTHER_MODE: Final = -1
"""In place of a stage: lines of this mode do not leave the node by the service, and have others there."""

CELLS_A_CHUNK = 2_000_000
"""Lines are judged in chunks of at most this many (line, node, service) cells."""

_PART = 10**12
_HEAVY = 2**61
"""Weights saturate here: beyond any limit that is given, below the mark of no limit."""


@dataclass(frozen=True, slots=True)
class Network:
    """Compiled tables of a problem from which stages are read.

    `stock_key` is node x SKUs + SKU, ascending. `pickup_transit` [services] is the days on the way of services by which
    lines are picked up, the same from all orders. `least` is what packages and orders must be worth. `kept` is what
    reserves keep; `full_stock` and `full_capacities` are what there was before released packages took of it.
    """

    problem: Problem
    lanes: LaneTable
    calendar: Calendar
    tariffs: Tariffs
    stock_key: I64
    stock: StockByDay
    capacities: Capacities
    pickup_transit: I64
    least: LeastValues
    kept: KeptStock
    full_stock: StockByDay
    full_capacities: Capacities


def compile_network(problem: Problem, whole: Problem | None = None) -> Network:
    """Lanes, calendar, tariffs and stock of a problem; it may be a part of another, the `whole`."""
    calendar = compile_calendar(problem)
    first_day = int(calendar.start_day.min(initial=calendar.last_day))
    num_days = _last_day_of_capacity(problem, calendar) - first_day + 1
    stock = StockByDay.of(problem)
    receiving = Receiving.of(problem, calendar, first_day)
    capacities = Capacities.of(problem, first_day, num_days, receiving)
    full_stock, full_capacities = stock, capacities
    if len(problem.released):
        full = _before_release(problem, problem if whole is None else whole)
        full_stock = StockByDay.of(full)
        full_capacities = Capacities.of(full, first_day, num_days, receiving)
    return Network(
        problem=problem,
        lanes=compile_lanes(problem),
        calendar=calendar,
        tariffs=compile_tariffs(problem),
        stock_key=problem.stock.node_idx * len(problem.skus) + problem.stock.sku_idx,
        stock=stock,
        capacities=capacities,
        pickup_transit=_pickup_transit(problem),
        least=LeastValues(problem, problem if whole is None else whole),
        kept=KeptStock.of(problem),
        full_stock=full_stock,
        full_capacities=full_capacities,
    )


def _before_release(problem: Problem, whole: Problem) -> Problem:
    """The problem with the stock and the capacities that released packages took."""
    given, num_skus = whole.as_given, len(whole.skus)
    on_hand = problem.stock.on_hand.copy()
    key = problem.stock.node_idx * num_skus + problem.stock.sku_idx
    on_hand[np.searchsorted(key, given.stock.node_idx * num_skus + given.stock.sku_idx)] = given.stock.on_hand
    stock = replace(problem.stock, on_hand=on_hand)
    return replace(problem, stock=stock, inbound=given.inbound, released=ReleasedUse.empty())


def _pickup_transit(problem: Problem) -> I64:
    transit = np.zeros(len(problem.services), np.int64)
    transit[problem.lanes.service_idx] = problem.lanes.transit_days
    transit[problem.services.is_carried] = 0
    return transit


def _last_day_of_capacity(problem: Problem, calendar: Calendar) -> int:
    """The last ship day, or the last one on which a package can come to the node where it is picked up."""
    if problem.services.is_carried.all():
        return calendar.last_day
    wait = int(calendar.delivery_wait.max(initial=0))
    return calendar.last_day + int(_pickup_transit(problem).max(initial=0)) + wait


def deliver_days(network: Network, service: I64, day: I64) -> I64:
    """When packages come to the node where they are picked up, by ship day; columns [rows] of such services."""
    calendar, arrival = network.calendar, day + network.pickup_transit[service]
    found: I64 = arrival + np.maximum(calendar.delivery_wait[service, calendar.index(arrival)], 0)
    return found


def line_reasons(problem: Problem, line_idx: I64) -> Stages:
    """The stage that stops each line at each node by each service, [lines, nodes, services]; POSSIBLE where none does.

    The line alone is judged, against the whole network, not against what other orders take: a splittable line by one
    unit of it (of a component of a kit, those of one kit), another by its whole quantity; as its own SKU or the
    substitute that gets furthest. `STAGES[code]` is the reason, OTHER_MODE none.
    """
    network = compile_network(problem)
    step = lines_a_chunk(problem)
    chunks = []
    for at in range(0, len(line_idx), step):
        asked = Asked.with_substitutes(problem, line_idx[at : at + step])
        chunks.append(np.maximum.reduceat(line_stages(network, asked), asked.starts(), axis=0))
    shape = (0, len(problem.nodes), len(problem.services))
    return np.concatenate(chunks) if chunks else np.zeros(shape, np.int8)


def lines_a_chunk(problem: Problem) -> int:
    """How many lines fit in one chunk."""
    return max(1, CELLS_A_CHUNK // max(1, len(problem.nodes) * len(problem.services)))


def line_stages(network: Network, asked: Asked) -> Stages:
    """`line_reasons` of one chunk of rows on compiled tables, each as the SKU that it names."""
    problem, line_idx = network.problem, asked.line_idx
    nodes, services, offers = problem.nodes, problem.services, problem.node_services
    order_idx = problem.lines.order_idx[line_idx]
    units = units_at_once(problem, line_idx)
    groups = KitGroups.of(problem, asked, units)
    lane = lanes_of(network, order_idx)
    transit = np.append(network.lanes.transit_days, 0)[lane]
    is_carried, _ = stock_rows(network, asked)
    available = stock_at_nodes(network, asked, network.stock, network.kept)
    stage = np.full((len(line_idx), len(nodes), len(services)), POSSIBLE, np.int8)

    # from the last stage to the first, so that the first one that stops a line is what remains
    packages = largest(network.capacities.packages, nodes.max_packages_per_day)
    no_room = (packages < 1) | (largest(network.capacities.units, nodes.max_units_per_day) < groups.units[:, None])
    stage[no_room[:, :, None] | (offers.max_packages_per_day < 1)] = CODE[Reason.CAPACITY]
    for service in np.flatnonzero(~services.is_carried).tolist():
        stage[no_room[:, services.pickup_node_idx[service]], :, service] = CODE[Reason.CAPACITY]
    stage[available < units[:, None, None]] = CODE[Reason.NO_STOCK]
    longest, farthest = transit_limits(problem), distance_limits(problem)
    if longest is not None:
        stage[transit > longest[order_idx, None, None]] = CODE[Reason.TOO_LATE]
    stage[too_heavy(network, asked.sku_idx, units, lane)] = CODE[Reason.TOO_HEAVY]
    if groups.is_any:
        stage[_kit_too_heavy(network, groups, lane)] = CODE[Reason.TOO_HEAVY]
    has_days = (network.calendar.first_ship != NO_DAY).any(axis=2) & (network.calendar.delivery_wait != NO_DAY).any(1)
    has_rate = np.append(network.lanes.bracket_end > network.lanes.bracket_start, False)[lane]
    stage[~(offers.is_offered & has_days & has_rate)] = CODE[Reason.NO_SERVICE]
    stage[groups.is_torn] = CODE[Reason.NO_SERVICE]
    has_modes = not services.is_carried.all() or not is_constant(problem.lines.pickup_node_idx, SHIPS)
    if has_modes:
        stage.transpose(0, 2, 1)[~has_mode(problem, line_idx)] = CODE[Reason.NO_SERVICE]
    if farthest is not None:
        far = node_distances(problem, order_idx) > farthest[order_idx, None]
        stage[far & (problem.lines.pickup_node_idx[line_idx] == SHIPS)[:, None]] = CODE[Reason.TOO_FAR]
    if problem.package_rules.is_forbidden.any():
        stage[_is_forbidden(network, asked)] = CODE[Reason.RULE]
    stage[network.least.is_short[order_idx]] = CODE[Reason.RULE]
    stage[:, ~nodes.is_open] = CODE[Reason.NODE_CLOSED]
    if len(problem.orders.excluded_node_idx):
        stage[_is_excluded(problem, order_idx)] = CODE[Reason.NODE_EXCLUDED]
    if len(problem.rejections):
        stage[is_rejected(problem, line_idx)] = CODE[Reason.NODE_EXCLUDED]
    stage[~is_carried] = CODE[Reason.NOT_CARRIED]
    if has_modes:
        # where a line has services, those of another mode, and ways from other nodes, say nothing of it
        is_way = offers.is_offered | services.is_carried
        is_ours: Bools = has_mode(problem, line_idx)[:, None, :] & is_way
        stage[~is_ours & np.any(is_ours, axis=2)[:, :, None]] = OTHER_MODE
    return stage


def has_mode(problem: Problem, line_idx: I64) -> Bools:
    """Whether lines of a mode leave by a service at all, [lines, services]."""
    found: Bools = problem.lines.pickup_node_idx[line_idx, None] == problem.services.pickup_node_idx
    return found


def is_rejected(problem: Problem, line_idx: I64) -> Bools:
    """Whether a node refused each line, [lines, nodes]."""
    rejected, num_nodes = problem.rejections, len(problem.nodes)
    keys = rejected.line_idx * num_nodes + rejected.node_idx
    found: Bools = np.isin(line_idx[:, None] * num_nodes + np.arange(num_nodes), keys)
    return found


def _kit_too_heavy(network: Network, groups: KitGroups, lane: I64) -> Bools:
    """Whether the components that lie in one package are too heavy together, [rows, nodes, services]."""
    found = np.zeros(lane.shape, np.bool_)
    services = np.arange(len(network.problem.services))
    rows = np.flatnonzero(groups.is_part)
    weight = groups.least_sum(saturated_product(network.problem.skus.weight_ug[groups.sku_idx], groups.own_units))
    whole, part = volumetric_weight(network, groups.sku_idx, groups.own_units)
    volume = np.stack([groups.least_sum(column) for column in (whole + (part > 0)).T], axis=1)
    # what components round up to, at most a microgram each, must not count
    volume = np.maximum(volume - groups.size[:, None], 0)
    found[rows] = exceeds_card(network, services, lane[rows], weight[rows, None, None], volume[rows, None, :])
    return found


def units_at_once(problem: Problem, line_idx: I64) -> I64:
    """The least units of each line that a package can hold: one (those of a kit), or all of an unsplittable line."""
    lines = problem.lines
    units: I64 = np.where(lines.is_splittable[line_idx], lines.kit_quantity[line_idx], lines.quantity[line_idx])
    return units


def lanes_of(network: Network, order_idx: I64) -> I64:
    """Row of the lane that serves each order, [orders, nodes, services]; -1 without one."""
    destination = network.lanes.destination_idx[order_idx]
    lane: I64 = network.lanes.lane[:, :, destination].transpose(2, 1, 0).astype(np.int64)
    return lane


def stock_rows(network: Network, asked: Asked) -> tuple[Bools, I64]:
    """Whether a node has a stock position for each SKU asked, and its row (0 without), [rows, nodes]."""
    problem = network.problem
    key = np.arange(len(problem.nodes)) * len(problem.skus) + asked.sku_idx[:, None]
    row = np.searchsorted(network.stock_key, key)
    is_carried: Bools = np.append(network.stock_key, -1)[row] == key
    return is_carried, np.where(is_carried, row, 0)


def stock_at_nodes(network: Network, asked: Asked, stock: StockByDay, kept: KeptStock | None = None) -> I64:
    """Units of each SKU asked that can leave a node on the last day on which its order may ship from there.

    [rows, nodes, services]; 0 without a stock position. Nothing is there earlier that is not there then. What is `kept`
    for other channels than the order's is not counted.
    """
    problem = network.problem
    is_carried, row = stock_rows(network, asked)
    left = np.where(is_carried, np.append(stock.at_once, 0)[row], 0)
    shape = (*left.shape, len(problem.services))
    by_service: I64 = np.broadcast_to(left[:, :, None], shape).copy()
    if stock.has_arrivals.any():
        line, node, service = np.nonzero(np.broadcast_to((is_carried & stock.has_arrivals[row])[:, :, None], shape))
        last = last_ship_days(network, problem.lines.order_idx[asked.line_idx][line], node, service)
        by_service[line, node, service] = stock.left(row[line, node], last)
    if kept is not None and len(kept):
        channel = problem.reserves.order_channel[problem.lines.order_idx[asked.line_idx]]
        may_have = kept.for_channels(row, np.broadcast_to(channel[:, None], row.shape))
        by_service = np.minimum(by_service, np.where(is_carried, may_have, 0)[:, :, None])
    return by_service


def node_distances(problem: Problem, order_idx: I64) -> NDArray[np.float64]:
    """Great-circle kilometres, [orders, nodes]; NaN where a coordinate is missing."""
    orders, nodes = problem.orders, problem.nodes
    return great_circle_km(
        orders.latitude[order_idx, None], orders.longitude[order_idx, None], nodes.latitude, nodes.longitude
    )


def too_heavy(network: Network, sku_idx: I64, units: I64, lane: I64) -> Bools:
    """Whether `units` of a SKU exceed a service's weight limit or its lane's rate card, [lines, nodes, services]."""
    weight = saturated_product(network.problem.skus.weight_ug[sku_idx], units)
    whole, part = volumetric_weight(network, sku_idx, units)
    volume = whole + (part > 0)
    services = np.arange(len(network.problem.services))
    return exceeds_card(network, services, lane, weight[:, None, None], volume[:, None, :])


def exceeds_card(network: Network, service_idx: I64, lane: I64, weight: I64, volume: I64) -> Bools:
    """Whether a package is over its service's weight limit or beyond its lane's rate card; broadcasts.

    `weight` and `volume` (volumetric, rounded up, 0 for none) in micrograms; `lane` -1 is beyond any card.
    """
    tariffs = network.tariffs
    over_limit = weight > tariffs.max_weight_ug[service_idx]
    billable = np.maximum(weight, volume)
    step = np.maximum(tariffs.weight_step_ug[service_idx], 1)
    last = np.append(network.lanes.bracket_end, 0)[lane] - 1
    top = np.append(tariffs.up_to_ug, -1)[last]
    beyond = ~np.append(tariffs.has_extra, False)[last] & (-(-billable // step) * step > top)
    exceeds: Bools = over_limit | beyond
    return exceeds


def volumetric_weight(network: Network, sku_idx: I64, units: I64) -> tuple[I64, I64]:
    """Volumetric weight of `units` of a SKU by service, micrograms and 10^-12 of one; [lines, services], 0 for none."""
    tariffs = network.tariffs
    whole = np.zeros((len(sku_idx), len(tariffs.divisor_idx)), np.int64)
    part = np.zeros_like(whole)
    for service, divisor in enumerate(tariffs.divisor_idx.tolist()):
        if divisor >= 0:
            fraction = tariffs.volume_part[divisor, sku_idx] * units
            whole[:, service] = saturated_product(tariffs.volume_ug[divisor, sku_idx], units) + fraction // _PART
            part[:, service] = fraction % _PART
    return whole, part


def saturated_product(amount: I64, units: I64) -> I64:
    """amount x units, held at 2^61 where it would pass it; both at least 0."""
    most = _HEAVY // np.maximum(amount, 1)
    product: I64 = np.where(units > most, _HEAVY, amount * np.minimum(units, most))
    return product


def first_ship_days(network: Network, order_idx: I64) -> I64:
    """First ship day of each order by node and service, [orders, nodes, services]; NO_DAY where there is none."""
    calendar, nodes = network.calendar, network.problem.nodes
    start = calendar.start_day[calendar.node_zone][:, order_idx].T
    start_us = calendar.start_us[calendar.node_zone][:, order_idx].T
    earliest = start + (nodes.cutoff_us < start_us)
    num_nodes, num_services = calendar.first_ship.shape[:2]
    wait = calendar.first_ship[
        np.arange(num_nodes)[:, None], np.arange(num_services), calendar.index(earliest)[:, :, None]
    ]
    days: I64 = np.where(wait == NO_DAY, NO_DAY, earliest[:, :, None] + wait)
    return days


def ship_days(network: Network, order: I64, node: I64, service: I64) -> Iterator[tuple[I64, Bools]]:
    """The days on which orders may ship from a node by a service, columns [rows]: each row's next day, and is it one.

    The first ship day of every row comes first; rows without one (their day is then without meaning) have none.
    """
    problem, calendar = network.problem, network.calendar
    unique, row = np.unique(order, return_inverse=True)
    first = first_ship_days(network, unique)[row, node, service]
    has_days = first != NO_DAY
    first = np.where(has_days, first, calendar.last_day)
    last = np.maximum(first + problem.limits.horizon_days, problem.orders.hold_until[order])
    for later in range(int((last - first).max(initial=-1)) + 1):
        day = first + later
        yield day, has_days & calendar.is_ship_day[node, service, calendar.index(day)] & (day <= last)


def last_ship_days(network: Network, order: I64, node: I64, service: I64) -> I64:
    """The last day on which orders may ship from a node by a service, columns [rows]; LONG_PAST where there is none."""
    last = np.full(len(order), LONG_PAST, np.int64)
    for day, works in ship_days(network, order, node, service):
        last[works] = day[works]
    return last


def _is_forbidden(network: Network, asked: Asked) -> NDArray[np.bool_]:
    """Whether rules forbid each row on all its ship days, [rows, nodes, services]."""
    rules, order_idx = network.problem.package_rules, network.problem.lines.order_idx[asked.line_idx]
    is_dated = (rules.first_day != FIRST_DAY) | (rules.last_day != LAST_DAY)
    forbidden = any_about_on_some_day(rules, rules.is_forbidden & ~is_dated, order_idx, asked.rule_row)
    some = any_about_on_some_day(rules, rules.is_forbidden & is_dated, order_idx, asked.rule_row) & ~forbidden
    line, node, service = np.nonzero(some)
    has_day, has_free_day = np.zeros((2, len(line)), np.bool_)
    rows = order_idx[line], asked.rule_row[line], node, service
    for day, works in ship_days(network, order_idx[line], node, service):
        has_day |= works
        has_free_day |= works & ~any_about(rules, rules.is_forbidden, *rows, day)
    forbidden[line, node, service] = has_day & ~has_free_day
    return forbidden


def _is_excluded(problem: Problem, order_idx: I64) -> Bools:
    """Whether the order of each line excludes a node, [lines, nodes]."""
    orders = problem.orders
    num_nodes = len(problem.nodes)
    by_order = np.repeat(np.arange(len(orders)), np.diff(orders.excluded_ptr))
    keys = np.unique(by_order * num_nodes + orders.excluded_node_idx)
    return np.isin(order_idx[:, None] * num_nodes + np.arange(num_nodes), keys)
