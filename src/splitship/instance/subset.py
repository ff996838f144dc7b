"""Some orders of a problem as a problem of their own, on the same network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from splitship.domain import OrderLines, Orders, Problem
from splitship.domain.orders import NO_PROMISE
from splitship.units import I64


def rows_of(ptr: I64, groups: I64) -> I64:
    """Rows `ptr[g]` to `ptr[g + 1] - 1` of every group in `groups`, one after the other."""
    counts = ptr[groups + 1] - ptr[groups]
    starts = np.repeat(ptr[groups] - (np.cumsum(counts) - counts), counts)
    rows: I64 = starts + np.arange(int(counts.sum()))
    return rows


def subset_of_orders(problem: Problem, order_idx: I64) -> tuple[Problem, I64]:
    """The problem with the orders `order_idx` only, and the positions of its lines in the whole problem.

    The network and its stock stay whole, so the subset may hold more than its orders could get in the batch.
    """
    orders, lines = problem.orders, problem.lines
    line_idx = rows_of(problem.line_ptr, order_idx)
    counts = problem.line_ptr[order_idx + 1] - problem.line_ptr[order_idx]
    excluded = orders.excluded_ptr[order_idx + 1] - orders.excluded_ptr[order_idx]
    some_orders = Orders(
        order_id=orders.order_id[order_idx],
        placed_at_us=orders.placed_at_us[order_idx],
        country=orders.country[order_idx],
        postal_code=orders.postal_code[order_idx],
        latitude=orders.latitude[order_idx],
        longitude=orders.longitude[order_idx],
        deliver_by=orders.deliver_by[order_idx],
        priority=orders.priority.take(order_idx),
        is_ship_complete=orders.is_ship_complete[order_idx],
        max_packages=orders.max_packages[order_idx],
        channel=orders.channel[order_idx],
        excluded_ptr=np.concatenate([[0], np.cumsum(excluded)]).astype(np.int64),
        excluded_node_idx=orders.excluded_node_idx[rows_of(orders.excluded_ptr, order_idx)],
        hold_until=orders.hold_until[order_idx],
        not_before=orders.not_before[order_idx],
        max_distance_km=None if orders.max_distance_km is None else orders.max_distance_km[order_idx],
        max_transit_days=None if orders.max_transit_days is None else orders.max_transit_days[order_idx],
        min_package_value=None if orders.min_package_value is None else orders.min_package_value[order_idx],
        min_order_value=None if orders.min_order_value is None else orders.min_order_value[order_idx],
        num_released=orders.num_released[order_idx],
        attributes={name: column[order_idx] for name, column in orders.attributes.items()},
    )
    some_lines = OrderLines(
        order_idx=np.repeat(np.arange(len(order_idx)), counts).astype(np.int64),
        line_id=lines.line_id[line_idx],
        sku_idx=lines.sku_idx[line_idx],
        quantity=lines.quantity[line_idx],
        unit_value=lines.unit_value.take(line_idx),
        is_splittable=lines.is_splittable[line_idx],
        unfilled_cost=lines.unfilled_cost.take(line_idx),
        has_unfilled_cost=lines.has_unfilled_cost[line_idx],
        pickup_node_idx=lines.pickup_node_idx[line_idx],
        kit_line_idx=lines.kit_line_idx[line_idx],
        kit_quantity=lines.kit_quantity[line_idx],
        is_together=lines.is_together[line_idx],
        promise_idx=lines.promise_idx[line_idx],
        part_of=lines.part_of[line_idx],
        attributes={name: column[line_idx] for name, column in lines.attributes.items()},
    )
    order_of, line_of = np.full(len(orders), -1, np.int64), np.full(len(lines), -1, np.int64)
    order_of[order_idx], line_of[line_idx] = np.arange(len(order_idx)), np.arange(len(line_idx))
    if len(problem.promises):
        number = np.full(len(problem.promises) + 1, NO_PROMISE)
        rows = problem.promises.rows_of_orders(order_of)
        number[rows] = np.arange(len(rows))
        some_lines = replace(some_lines, promise_idx=number[some_lines.promise_idx])
    subset = replace(
        problem,
        orders=some_orders,
        lines=some_lines,
        plan_before=problem.plan_before.of_orders(order_of, line_of),
        rejections=problem.rejections.of_orders(order_of, line_of),
        promises=problem.promises.of_orders(order_of),
        reserves=problem.reserves.of_orders(order_idx),
        package_rules=problem.package_rules.of_orders(order_idx, line_idx, problem.line_substitutes.rows_at(line_idx)),
        line_substitutes=problem.line_substitutes.of_lines(line_idx),
        given=None,
    )
    return subset, line_idx
