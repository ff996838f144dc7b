"""From a problem to an instance: two passes of compiled kernels over the orders, in fixed chunks.

The first pass counts what each shared resource could be asked for, so that resources which cannot bind get
no row; the second sizes and then fills options, choices and the cost of every content.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from splitship.domain import EXACT_STATE_CAP, Problem
from splitship.instance import filling, kernels
from splitship.instance.arrivals import Arrivals
from splitship.instance.calendar import Calendar, compile_calendar, search_days
from splitship.instance.capacity import Capacities, largest
from splitship.instance.conditions import allowed_states
from splitship.instance.eligibility import eligible_nodes, transit_limits
from splitship.instance.features import (
    FeatureTables,
    feature_tables,
    has_line_prices,
    most_selections,
    rewards,
)
from splitship.instance.kept import broken_promises
from splitship.instance.lanes import LaneTable, compile_lanes
from splitship.instance.model import Instance, Tariffs
from splitship.instance.receiving import Receiving
from splitship.instance.refusals import (
    refuse_broken_promises,
    refuse_many_ways,
    refuse_overflow,
    refuse_reserves,
    refuse_wide,
)
from splitship.instance.reserves import ReserveTables
from splitship.instance.shared import PossibleUse, SharedResources, draws_with_quotas, share_resources
from splitship.instance.steering import SteeringPrices
from splitship.instance.terms import compile_tariffs, delivery_limbs, late_limbs, split_cost, unfilled_costs
from splitship.instance.ways import ANY_DAY, StageTables, most_ways, rule_tables
from splitship.spans import spanned
from splitship.units import I32, I64, UNLIMITED, Bools, in_one_layout

NO_ROW = -1
MOST_WAYS = 100_000
"""Ways in which an order can leave a node, at most, where substitutes multiply them."""
_MOST_PARTS = 65
"""Edges between orders that rules are about and others, at most, for these to be compiled apart."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Network:
    """What the kernels need to know of nodes, services, stock and calendar; see `kernels` for the shapes."""

    node_ok: NDArray[np.int8]
    destination_idx: I64
    lane: I32
    transit_days: I64
    bracket_start: I64
    bracket_end: I64
    max_transit: I64
    horizon: int
    start_entry: I64
    window: int
    search: int
    hold_until: I64
    not_before: I64
    last_day: int
    start_day: I64
    start_us: I64
    node_zone: I32
    cutoff_us: I64
    first_ship: I32
    is_ship_day: Bools
    delivery_wait: I32
    is_offered: Bools
    service_capacity: I64
    node_packages: I64
    node_units: I64
    capacities: Capacities
    service_rank: I64
    stock_at: I32
    arrivals: Arrivals
    receiving: Receiving
    reserves: ReserveTables
    features: FeatureTables


@dataclass(frozen=True, slots=True)
class OrderColumns:
    """What the kernels need to know of orders and lines."""

    line_ptr: I64
    line_sku: I64
    line_quantity: I64
    line_step: I64
    line_radix: I64
    max_packages: I64
    is_wide: Bools


@spanned("compile")
def compile_problem(problem: Problem, threads: int = 2, steering: SteeringPrices | None = None) -> Instance:
    """Compile a problem into dense arrays with every package cost computed, exact to the micro.

    `steering` puts prices of what is steered into the costs; without it they leave that out. `threads` only changes the
    time: the partition of orders into chunks is fixed and results are joined in order.

    Memory, in bytes: about 8 a content and 4 a content choice, 60 an option, 40 a choice, 16 an option line.

    Raises:
        InputError: totals of money could leave the range of 64-bit micros.
    """
    orders = _order_columns(problem)
    refuse_wide(problem, orders.is_wide)
    refuse_reserves(problem)
    num_states, stride = _states(orders)
    reward = rewards(problem, steering)
    network = _network(problem, steering, reward)
    tariffs = compile_tariffs(problem)
    unfilled = unfilled_costs(problem)
    refuse_overflow(problem, unfilled)
    common = _common(orders, network)
    shared = _shared(problem, common, network)
    has_all_ways = len(network.arrivals) > 0 or has_line_prices(problem, steering)
    filled = _fill(problem, orders, network, common, tariffs, shared, _parts_with_ways(problem, has_all_ways), threads)
    allowed = allowed_states(problem, orders.line_ptr, orders.line_step, orders.line_radix, stride, num_states)
    draws, filled["option_draw"] = draws_with_quotas(
        shared, filled["option_draw"], filled.pop("option_quotas"), filled.pop("option_quota_day")
    )
    instance = Instance(
        problem=problem,
        resources=shared.resources,
        draws=draws,
        tariffs=tariffs,
        refund=np.where(problem.orders.num_released > 0, 0, split_cost(problem)).astype(np.int64),
        constant=(0 if steering is None else steering.constant)
        + int(problem.promises.price.sum())
        - int(np.dot(reward, orders.line_quantity)),
        steering=steering,
        line_ptr=orders.line_ptr,
        max_packages=orders.max_packages,
        is_ship_complete=problem.orders.is_ship_complete,
        is_wide=orders.is_wide,
        num_states=num_states,
        line_sku=orders.line_sku,
        line_quantity=orders.line_quantity,
        line_step=orders.line_step,
        line_radix=orders.line_radix,
        line_stride=stride,
        unfilled_cost=unfilled + reward,
        line_reward=reward,
        is_conditional=allowed.is_conditional,
        allowed_ptr=allowed.ptr,
        allowed_state=allowed.state,
        **filled,
    )
    refuse_broken_promises(problem, broken_promises(instance))
    return instance


def _order_columns(problem: Problem) -> OrderColumns:
    lines = problem.lines
    step = np.where(lines.is_splittable, lines.kit_quantity, np.maximum(1, lines.quantity)).astype(np.int64)
    radix = lines.quantity // step + 1
    logs = np.zeros(len(problem.orders))
    np.add.at(logs, lines.order_idx, np.log2(radix))
    return OrderColumns(
        line_ptr=problem.line_ptr,
        line_sku=lines.sku_idx,
        line_quantity=lines.quantity,
        line_step=step,
        line_radix=radix,
        max_packages=problem.orders.max_packages,
        is_wide=logs > np.log2(EXACT_STATE_CAP) + 1e-9,
    )


def _states(orders: OrderColumns) -> tuple[I64, I64]:
    """Number of quantity vectors per order (0 if wide) and the stride of each line in them."""
    num = np.ones(len(orders.is_wide), np.int64)
    stride = np.zeros(len(orders.line_sku), np.int64)
    kernels.strides(orders.line_ptr, orders.line_radix, orders.is_wide, num, stride)
    return num, stride


@spanned("lanes and calendar")
def _network(problem: Problem, steering: SteeringPrices | None, reward: I64) -> Network:
    calendar: Calendar = compile_calendar(problem)
    lanes: LaneTable = compile_lanes(problem)
    nodes = problem.nodes
    stock_at = np.full((len(nodes), len(problem.skus)), NO_ROW, np.int32)
    stock_at[problem.stock.node_idx, problem.stock.sku_idx] = np.arange(len(problem.stock))
    first_day = int(calendar.start_day.min(initial=calendar.last_day))
    receiving = Receiving.of(problem, calendar, first_day)
    num_days = receiving.last_day(calendar.last_day) - first_day + 1
    capacities = Capacities.of(problem, first_day, num_days, receiving)
    reserves = ReserveTables.of(problem)
    return Network(
        node_ok=eligible_nodes(problem),
        destination_idx=lanes.destination_idx,
        lane=lanes.lane,
        transit_days=lanes.transit_days,
        bracket_start=lanes.bracket_start,
        bracket_end=lanes.bracket_end,
        max_transit=_max_transit(problem),
        horizon=problem.limits.horizon_days,
        start_entry=calendar.index(calendar.start_day),
        window=_window(problem, calendar),
        search=search_days(problem),
        hold_until=np.ascontiguousarray(problem.orders.hold_until),
        not_before=np.ascontiguousarray(problem.orders.not_before),
        last_day=calendar.last_day,
        start_day=calendar.start_day,
        start_us=calendar.start_us,
        node_zone=calendar.node_zone,
        cutoff_us=nodes.cutoff_us,
        first_ship=calendar.first_ship,
        is_ship_day=calendar.is_ship_day,
        delivery_wait=calendar.delivery_wait,
        is_offered=problem.node_services.is_offered,
        service_capacity=problem.node_services.max_packages_per_day,
        node_packages=largest(capacities.packages, nodes.max_packages_per_day),
        node_units=largest(capacities.units, nodes.max_units_per_day),
        capacities=capacities,
        service_rank=np.argsort(problem.services.service_id.astype(str), kind="stable").astype(np.int64),
        stock_at=stock_at,
        arrivals=Arrivals.of(problem, first_day, calendar.last_day),
        receiving=receiving,
        reserves=reserves,
        features=feature_tables(problem, steering, reward, reserves, first_day, num_days),
    )


def _max_transit(problem: Problem) -> I64:
    """Most days that a lane may take, by order."""
    limits = transit_limits(problem)
    return np.full(len(problem.orders), UNLIMITED) if limits is None else np.ascontiguousarray(limits)


def _window(problem: Problem, calendar: Calendar) -> int:
    """The most days on which an order could ship by one service: the horizon's, or until it is held no longer."""
    longest = problem.limits.horizon_days + 1
    if not calendar.start_day.size:
        return longest
    held = int((problem.orders.hold_until - calendar.start_day.min(axis=0)).max(initial=0)) + 1
    return max(longest, held)


@spanned("shared rows")
def _shared(problem: Problem, common: tuple[object, ...], network: Network) -> SharedResources:
    """Rows for the resources that can bind, and what draws on them."""
    capacities, nodes = network.capacities, problem.nodes
    num_days = network.receiving.last_day(network.last_day) - capacities.first_day + 1
    use = PossibleUse.none(problem, capacities, num_days, bool((network.service_capacity < UNLIMITED).any()))
    possible_use: Any = kernels.possible_use
    minutes = nodes.umin_per_package // nodes.umin_step, nodes.umin_per_unit // nodes.umin_step
    possible_use(
        *common, capacities.first_day, num_days, *minutes, use.stock, use.packages, use.units,
        use.lines, use.minutes, use.services, use.quota,
    )  # fmt: skip
    return share_resources(
        problem, capacities, use, network.last_day, network.arrivals, network.receiving, network.reserves
    )


def _common(orders: OrderColumns, network: Network) -> tuple[object, ...]:
    """The arguments that every kernel over orders takes first."""
    given = (
        orders.line_ptr, orders.line_sku, orders.line_quantity, orders.line_step, orders.max_packages,
        network.node_ok, network.destination_idx, network.lane, network.transit_days,
        network.bracket_start, network.bracket_end, network.max_transit, network.horizon, network.start_day,
        network.start_us, network.node_zone, network.cutoff_us, network.first_ship, network.is_ship_day,
        network.delivery_wait, network.is_offered, network.service_capacity, network.node_packages,
        network.node_units, network.service_rank, network.stock_at, network.arrivals.most, network.start_entry,
        network.window, network.hold_until, network.not_before, network.search, network.features,
    )  # fmt: skip
    return tuple(in_one_layout(value) for value in given)


@spanned("options and costs")
def _fill(
    problem: Problem, orders: OrderColumns, network: Network, common: tuple[object, ...], tariffs: Tariffs,
    shared: SharedResources, parts: list[_Part], threads: int,
) -> dict[str, np.ndarray]:  # fmt: skip
    """Size, then fill, the arrays of options, choices and contents."""
    has_ways = any(part.has_ways for part in parts)
    rules, arrivals = problem.package_rules, network.arrivals
    stages = StageTables(
        arrivals.ptr, arrivals.from_day, arrivals.available, shared.stage_supply, shared.kept_ptr, shared.kept_supply
    )
    room = max(MOST_WAYS // max(1, len(problem.services) * network.window), most_ways(rules))
    ways_a_choice = min(room, most_ways(rules) * most_selections(problem, network.reserves))

    def row_args(with_ways: bool) -> tuple[object, ...]:
        return (
            network.capacities.first_day, shared.stock_row, shared.draw_of, shared.draw_lines, shared.draw_units,
            rule_tables(rules), stages, with_ways, ways_a_choice,
        )  # fmt: skip

    num_orders = len(orders.max_packages)
    counts = np.zeros((num_orders, 4), np.int64)  # options, option lines, contents, choices
    count_options: Any = kernels.count_options
    fill_options: Any = filling.fill_options
    stopped = _in_chunks(
        lambda start, end, with_ways: count_options(
            start, end, *common, *row_args(with_ways), orders.is_wide, counts
        ),
        num_orders, threads, parts,
    )  # fmt: skip
    refuse_many_ways(problem, stopped)
    ends = np.concatenate([np.zeros((1, 4), np.int64), np.cumsum(counts, axis=0)])
    options, option_lines, contents, choices = (int(value) for value in ends[-1])
    out: dict[str, np.ndarray] = {
        "option_ptr": np.ascontiguousarray(ends[:, 0]),
        "option_node": np.empty(options, np.int32),
        "option_draw": np.empty(options, np.int32),
        "option_line_ptr": np.zeros(options + 1, np.int64),
        "option_line": np.empty(option_lines, np.int32),
        "option_line_radix": np.empty(option_lines, np.int32),
        "option_line_supply": np.empty(option_lines, np.int32),
        "content_ptr": np.zeros(options + 1, np.int64),
        "content_cost": np.empty(contents, np.int64),
        "content_choice": np.empty(contents, np.int32),
        "choice_ptr": np.zeros(options + 1, np.int64),
        "choice_service": np.empty(choices, np.int32),
        "choice_ship_day": np.empty(choices, np.int32),
        "choice_deliver_day": np.empty(choices, np.int32),
        "choice_bracket_start": np.empty(choices, np.int32),
        "choice_bracket_end": np.empty(choices, np.int32),
        "choice_fixed_cost": np.empty(choices, np.int64),
        "option_line_unit_cost": np.zeros(option_lines if has_ways else 0, np.int64),
        "option_line_cost": np.zeros(option_lines if has_ways else 0, np.int64),
        "option_line_sku": np.empty(option_lines if len(problem.line_substitutes) else 0, np.int32),
        "option_quotas": np.zeros((options if has_ways else 0, rules.num_words), np.uint64),
        "option_quota_day": np.full(options if has_ways else 0, ANY_DAY, np.int64),
    }
    late, delivery, split = late_limbs(problem), delivery_limbs(problem), split_cost(problem)
    tariff_args = (
        problem.skus.weight_ug, problem.skus.is_ship_alone, tariffs.up_to_ug, tariffs.price_micros, tariffs.price_atto,
        tariffs.extra_micros, tariffs.extra_atto, tariffs.has_extra, tariffs.package_micros, tariffs.package_atto,
        tariffs.line_micros, tariffs.line_atto, tariffs.unit_micros, tariffs.unit_atto, tariffs.weight_step_ug,
        tariffs.max_weight_ug, tariffs.divisor_idx, tariffs.volume_ug, tariffs.volume_part,
        late, delivery, split, problem.orders.deliver_by,
    )  # fmt: skip
    _in_chunks(
        lambda start, end, with_ways: fill_options(
            start, end, *common, *row_args(with_ways), orders.is_wide, ends, *tariff_args, *out.values()
        ),
        num_orders, threads, parts,
    )  # fmt: skip
    return out


class _Part(NamedTuple):
    """Orders `start` to `end - 1`, whose choices may come in several ways or do not."""

    start: int
    end: int
    has_ways: bool


def _parts_with_ways(problem: Problem, has_all_ways: bool) -> list[_Part]:
    """All orders in parts: those that rules are about, if these are few and together, apart from the others.

    A rule for one order, as what-if questions make them, costs the others nothing.
    """
    num, rules = len(problem.orders), problem.package_rules
    if has_all_ways or not len(rules):
        return [_Part(0, num, has_all_ways)]
    is_met = (rules.order_bits != 0).any(axis=1)
    edges = [0, *(np.flatnonzero(np.diff(is_met)) + 1).tolist(), num]
    if len(edges) > _MOST_PARTS or not num:
        return [_Part(0, num, True)]
    return [_Part(start, end, bool(is_met[start])) for start, end in pairwise(edges)]


def _in_chunks(work: Callable[[int, int, bool], T], num_orders: int, threads: int, parts: list[_Part]) -> list[T]:
    """What `work(start, end, has_ways)` returns over fixed chunks of orders; kernels release the GIL."""
    edges = np.linspace(0, num_orders, max(1, min(threads, num_orders)) + 1).astype(int).tolist()
    spans = list(pairwise(edges))

    def one(span: tuple[int, int]) -> list[T]:
        within = [(max(span[0], part.start), min(span[1], part.end), part.has_ways) for part in parts]
        return [work(start, end, with_ways) for start, end, with_ways in within if start < end or not num_orders]

    if len(spans) == 1:
        return one(spans[0])
    with ThreadPoolExecutor(len(spans)) as pool:
        return [found for future in [pool.submit(one, span) for span in spans] for found in future.result()]
