"""What lines may ship as, from where, by which services, and what that costs besides: tables for the kernels."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from splitship.domain import Problem, Steering
from splitship.domain.constant import is_constant
from splitship.domain.orders import NO_KIT, SHIPS
from splitship.instance.steering import SteeringPrices
from splitship.units import I64, UNLIMITED, in_one_layout


class FeatureTables(NamedTuple):
    """Pick-up, rejections, substitutes, prices of units, kits and least values.

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


def feature_tables(
    problem: Problem, steering: SteeringPrices | None, reward: I64, first_day: int, num_days: int
) -> FeatureTables:
    """The features of a problem for the kernels; `reward` is that of `rewards`, days are those of the batch."""
    if steering is None:
        steering = SteeringPrices.zero(Steering.of(problem))
    lines, services, none = problem.lines, problem.services, np.zeros(1, np.int64)
    substitutes, rejections, num_lines = problem.line_substitutes, problem.rejections, len(problem.lines)
    every_line = np.arange(num_lines + 1)
    size = np.zeros(num_lines, np.int64)
    if lines.has_kits:
        size = np.bincount(lines.head_idx, minlength=num_lines)[lines.head_idx].astype(np.int64)
    least = problem.orders.min_package_value
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
    )


def has_line_prices(problem: Problem, steering: SteeringPrices | None) -> bool:
    """Whether ways of one choice differ in what lines may ship or cost, beyond rules and arrivals."""
    return (
        steering is not None
        or len(problem.line_substitutes) > 0
        or not is_constant(problem.lines.pickup_node_idx, SHIPS)
        or not is_constant(problem.stock.unit_price, 0)
    )


def rewards(problem: Problem, steering: SteeringPrices | None) -> I64:
    """The best reward, in micros a unit, that stock and nodes hold out to each line; 0 where none is; [lines]."""
    stock, lines, substitutes = problem.stock, problem.lines, problem.line_substitutes
    best = np.zeros(len(problem.skus), np.int64)
    np.maximum.at(best, stock.sku_idx, -stock.unit_price)
    found = best[lines.sku_idx]
    np.maximum.at(found, substitutes.line_idx, best[substitutes.sku_idx])
    if steering is not None:
        found = found + max(0, -int(steering.unit_prices(len(problem.nodes)).min(initial=0)))
    return found


def most_substitutions(problem: Problem) -> int:
    """In how many ways the SKUs of one order can be chosen, at most; UNLIMITED beyond all counting."""
    substitutes = problem.line_substitutes
    if not len(substitutes):
        return 1
    choices = 1 + np.bincount(substitutes.line_idx, minlength=len(problem.lines))
    logs = np.zeros(len(problem.orders))
    np.add.at(logs, problem.lines.order_idx, np.log2(choices))
    return UNLIMITED if logs.max() > 30 else round(2 ** logs.max())
