"""What lines may ship as, from where, by which services, and what that costs besides: tables for the kernels."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from splitship.domain import Problem, Steering
from splitship.domain.constant import is_constant
from splitship.domain.orders import NO_KIT, SHIPS
from splitship.instance.reserves import ReserveTables
from splitship.instance.steering import SteeringPrices
from splitship.units import I64, UNLIMITED, in_one_layout


class FeatureTables(NamedTuple):
    """Pick-up, rejections, substitutes, prices of units, kits, least values, reserves and promises.

    `pickup` [lines] and `service_pickup` [services] are nodes, SHIPS for what carriers bring: a line leaves only by
    services of its own. The nodes that rejected line l are `rejected_node[rejected_ptr[l]:rejected_ptr[l + 1]]`, its
    substitutes rows `substitute_ptr[l]` to `substitute_ptr[l + 1] - 1`; without any the pointers have one entry.
    Micros a unit: `substitute_price`, `stock_price` [stock], `service_price` [services], and `reward` [lines], what
    every unit of the line pays so that no price of stock is below 0 (`Instance.constant` gives it back).
    `kit` [lines] is a number for each kit whose components lie together, `kit_size` of how many lines, 0 for others.
    `node_price` [nodes] is micros a unit and `package_price` [services, days from `first_day`] micros a package, of
    either sign, that prices of what is steered add; no days where no package is priced.
    `least_value` [orders] is the least value of a package in micros, without entries where there is none; a unit is
    worth `value_micros` and `value_atto` [lines].
    `channel` [orders] and the columns after it are those of `ReserveTables`; alternatives of stock row s are
    `alternative_ptr[s]` to `alternative_ptr[s + 1] - 1`; without any the pointers have one entry.
    Promises of order o are `promise_ptr[o]` to `promise_ptr[o + 1] - 1`: a package of `promise_node`, `promise_service`
    and `promise_day` that holds all `promise_units` of the lines with the promise (`line_promise` [lines], NO_PROMISE
    for none) is refunded `promise_price`, which all units of these lines pay; without any the pointer has one entry.
    """

    pickup: I64
    service_pickup: I64
    rejected_ptr: I64
    rejected_node: I64
    substitute_ptr: I64
    substitute_sku: I64
    substitute_price: I64
    stock_price: I64
    service_price: I64
    reward: I64
    node_price: I64
    package_price: I64
    first_day: int
    kit: I64
    kit_size: I64
    least_value: I64
    value_micros: I64
    value_atto: I64
    channel: I64
    alternative_ptr: I64
    alternative_channel: I64
    alternative_price: I64
    alternative_draws: I64
    alternative_most: I64
    most_alternatives: int
    room_ptr: I64
    room: I64
    promise_ptr: I64
    promise_node: I64
    promise_service: I64
    promise_day: I64
    promise_units: I64
    promise_price: I64
    line_promise: I64


def feature_tables(
    problem: Problem, steering: SteeringPrices | None, reward: I64, reserves: ReserveTables, first_day: int,
    num_days: int,
) -> FeatureTables:  # fmt: skip
    """The features of a problem for the kernels; `reward` is that of `rewards`, days are those of the batch."""
    if steering is None:
        steering = SteeringPrices.zero(Steering.of(problem))
    lines, services, none = problem.lines, problem.services, np.zeros(1, np.int64)
    substitutes, rejections, num_lines = problem.line_substitutes, problem.rejections, len(problem.lines)
    every_line = np.arange(num_lines + 1)
    size = np.zeros(num_lines, np.int64)
    if lines.has_kits:
        size = np.bincount(lines.head_idx, minlength=num_lines)[lines.head_idx].astype(np.int64)
    least, promises = problem.orders.min_package_value, problem.promises
    return FeatureTables(
        pickup=in_one_layout(lines.pickup_node_idx),
        service_pickup=in_one_layout(services.pickup_node_idx),
        rejected_ptr=rejections.line_ptr(num_lines) if len(rejections) else none,
        rejected_node=in_one_layout(rejections.node_idx),
        substitute_ptr=np.searchsorted(substitutes.line_idx, every_line) if len(substitutes) else none,
        substitute_sku=in_one_layout(substitutes.sku_idx),
        substitute_price=in_one_layout(substitutes.unit_price),
        stock_price=in_one_layout(problem.stock.unit_price),
        service_price=in_one_layout(services.unit_cost),
        reward=in_one_layout(reward),
        node_price=in_one_layout(steering.unit_prices(len(problem.nodes))),
        package_price=steering.package_prices(problem, first_day, num_days),
        first_day=first_day,
        kit=np.where(lines.is_together, lines.kit_line_idx, NO_KIT).astype(np.int64),
        kit_size=np.where(lines.is_together, size, 0).astype(np.int64),
        least_value=in_one_layout(np.zeros(0, np.int64) if least is None else least),
        value_micros=in_one_layout(lines.unit_value.micros),
        value_atto=in_one_layout(lines.unit_value.atto),
        channel=in_one_layout(problem.reserves.order_channel),
        alternative_ptr=in_one_layout(reserves.ptr),
        alternative_channel=in_one_layout(reserves.channel),
        alternative_price=in_one_layout(reserves.price),
        alternative_draws=in_one_layout(reserves.draws),
        alternative_most=in_one_layout(reserves.most),
        most_alternatives=reserves.most_a_line,
        room_ptr=in_one_layout(reserves.room_ptr),
        room=in_one_layout(reserves.room),
        promise_ptr=promises.ptr(len(problem.orders)) if len(promises) else none,
        promise_node=in_one_layout(promises.node_idx),
        promise_service=in_one_layout(promises.service_idx),
        promise_day=in_one_layout(promises.ship_day),
        promise_units=in_one_layout(promises.units),
        promise_price=in_one_layout(promises.price),
        line_promise=in_one_layout(lines.promise_idx),
    )


def has_line_prices(problem: Problem, steering: SteeringPrices | None) -> bool:
    """Whether ways of one choice differ in what lines may ship or cost, beyond rules and arrivals."""
    return (
        steering is not None
        or len(problem.line_substitutes) > 0
        or not is_constant(problem.lines.pickup_node_idx, SHIPS)
        or not is_constant(problem.stock.unit_price, 0)
        or len(problem.reserves) > 0
        or len(problem.promises) > 0
    )


def rewards(problem: Problem, steering: SteeringPrices | None) -> I64:
    """The best reward, in micros a unit, that stock, nodes and promises hold out to each line; 0 for none; [lines]."""
    stock, lines, substitutes = problem.stock, problem.lines, problem.line_substitutes
    best = np.zeros(len(problem.skus), np.int64)
    np.maximum.at(best, stock.sku_idx, -stock.unit_price)
    found = best[lines.sku_idx]
    np.maximum.at(found, substitutes.line_idx, best[substitutes.sku_idx])
    if steering is not None:
        found = found + max(0, -int(steering.unit_prices(len(problem.nodes)).min(initial=0)))
    promises = problem.promises
    if len(promises):  # a kept promise gets its price back from units that have paid at least as much
        is_promised = lines.promise_idx >= 0
        each = -(-promises.price // np.maximum(1, promises.units))
        found[is_promised] += each[lines.promise_idx[is_promised]]
    return found


def most_selections(problem: Problem, reserves: ReserveTables) -> int:
    """In how many ways SKUs and paid reserves of one order can be chosen, at most; UNLIMITED beyond all counting."""
    substitutes = problem.line_substitutes
    if not len(substitutes) and reserves.most_a_line == 1:
        return 1
    choices = (1 + np.bincount(substitutes.line_idx, minlength=len(problem.lines))) * reserves.most_of_lines(problem)
    logs = np.zeros(len(problem.orders))
    np.add.at(logs, problem.lines.order_idx, np.log2(choices))
    return UNLIMITED if logs.max() > 30 else round(2 ** logs.max())
