"""A problem as messages: whole, or in parts for a stream. Reading them back gives the same problem, value for value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
from google.protobuf.duration_pb2 import Duration

from splitship.domain import LONG_PAST, SHIPS, Plan, Problem, SolveOptions
from splitship.domain.constant import is_constant
from splitship.domain.parts import with_whole_lines
from splitship.packs.content_skus import content_component_ids, content_sku_ids
from splitship.packs.documents import day_texts
from splitship.service.choice_messages import (
    kit_messages,
    planned_line_messages,
    rejection_messages,
    reserve_messages,
    stock_price_messages,
    substitute_messages,
    transfer_messages,
)
from splitship.service.columns_to_fields import amount_texts, attribute_maps, date_texts, degrees, limits, stamp
from splitship.service.days_messages import holiday_messages, node_day_messages, quota_messages
from splitship.service.network_messages import (
    inbound_messages,
    lane_messages,
    node_messages,
    offer_messages,
    rate_messages,
    service_messages,
    sku_messages,
    stock_messages,
)
from splitship.service.rule_messages import rule_messages, surcharge_messages
from splitship.service.unsent import refuse_unsent
from splitship.units import I64, NO_DATE
from splitship.v1 import order_pb2, plan_pb2, problem_pb2

ORDERS_PER_PART = 1_000
ROWS_PER_PART = 20_000
"""Rows of a network table in a part."""


def problem_message(problem: Problem) -> problem_pb2.Problem:
    """The whole problem as one message.

    Raises:
        UnsupportedError: the problem has something that messages do not.
    """
    whole = problem_pb2.Problem()
    for part in problem_parts(problem):
        whole.MergeFrom(part)
    return whole


def problem_parts(problem: Problem) -> Iterator[problem_pb2.Problem]:
    """The problem in parts that merge to the whole: settings and network first, then the orders.

    What is not in use is not said: a problem without features is the same bytes as ever.

    Raises:
        UnsupportedError: before the first part, when the problem has something that messages do not.
    """
    problem = problem.as_given
    refuse_unsent(problem)
    objective, most = problem.objective, problem.limits
    offset = problem.as_of.utcoffset() or timedelta()
    whole_minutes, rest = divmod(offset, timedelta(minutes=1))
    head = problem_pb2.Problem(
        name=problem.name,
        currency=problem.currency,
        as_of=stamp(problem.as_of_us),
        # An offset with seconds (local mean time) cannot be said; the instant itself is exact all the same.
        as_of_offset_minutes=0 if rest else whole_minutes,
        objective=problem_pb2.Objective(
            delivery_day=str(objective.delivery_day),
            late_day=str(objective.late_day),
            split=str(objective.split),
            unfilled_unit=str(objective.unfilled_unit),
            unfilled_value=str(objective.unfilled_value),
        ),
        limits=problem_pb2.Limits(
            max_packages=most.max_packages,
            max_distance_km="" if most.max_distance_km is None else format(most.max_distance_km, "f"),
            max_transit_days=most.max_transit_days,
            horizon_days=most.horizon_days,
        ),
        nodes=node_messages(problem),
        services=service_messages(problem),
        node_services=offer_messages(problem),
    )
    yield head
    tables: dict[str, Sequence[Any]] = {
        "skus": sku_messages(problem),
        "stock": stock_messages(problem),
        "inbound": inbound_messages(problem),
        "rates": rate_messages(problem),
        "lanes": lane_messages(problem),
        "node_days": node_day_messages(problem),
        "calendars": holiday_messages(problem),
        "service_quotas": quota_messages(problem),
        "rules": rule_messages(problem),
        "surcharges": surcharge_messages(problem),
        "kits": kit_messages(problem),
        "substitutes": substitute_messages(problem),
        "transfers": transfer_messages(problem),
        "stock_prices": stock_price_messages(problem),
        "channel_reserves": reserve_messages(problem),
    }
    yield from _table_parts(tables)
    for start in range(0, len(problem.orders), ORDERS_PER_PART):
        yield problem_pb2.Problem(orders=_orders(problem, start, start + ORDERS_PER_PART))
    yield from _table_parts({"plan_before": planned_line_messages(problem), "rejections": rejection_messages(problem)})


def _table_parts(tables: dict[str, Sequence[Any]]) -> Iterator[problem_pb2.Problem]:
    for name, rows in tables.items():
        for start in range(0, len(rows), ROWS_PER_PART):
            part = problem_pb2.Problem()
            getattr(part, name).extend(rows[start : start + ROWS_PER_PART])
            yield part


def options_message(options: SolveOptions) -> problem_pb2.SolveOptions:
    """How to solve, as a message."""
    message = problem_pb2.SolveOptions(
        work_limit=options.work_limit,
        gap=options.gap,
        seed=options.seed,
        threads=options.threads,
        method=options.method,
        solver=options.solver or "",
    )
    if options.time_limit_s is not None:
        message.time_limit.CopyFrom(seconds_message(options.time_limit_s))
    return message


def plan_message(problem: Problem, plan: Plan) -> plan_pb2.Plan:
    """A plan as a message to be checked: packages and what is in them, no costs."""
    plan = with_whole_lines(problem, plan)
    says_skus = plan.content_sku_idx is not None or problem.lines.has_kits
    lines = [
        plan_pb2.PackageLine(line_id=line_id, sku_id=sku_id, quantity=quantity, component_sku_id=component)
        for line_id, sku_id, quantity, component in zip(
            problem.lines.line_id[plan.content_line].tolist(),
            content_sku_ids(problem, plan) if says_skus else [""] * len(plan.content_line),
            plan.content_quantity.tolist(),
            content_component_ids(problem, plan) or [""] * len(plan.content_line),
            strict=True,
        )
    ]
    by_package = np.argsort(plan.content_package, kind="stable")
    starts = np.searchsorted(plan.content_package[by_package], np.arange(len(plan) + 1)).tolist()
    columns = zip(
        problem.orders.order_id[plan.order_idx].tolist(),
        problem.nodes.node_id[plan.node_idx].tolist(),
        problem.services.service_id[plan.service_idx].tolist(),
        day_texts(plan.ship_day),
        starts[:-1],
        starts[1:],
        strict=True,
    )
    return plan_pb2.Plan(
        packages=[
            plan_pb2.Package(
                order_id=order,
                node_id=node,
                service_id=service,
                ship_on=ship_on,
                lines=[lines[content] for content in by_package[start:end].tolist()],
            )
            for order, node, service, ship_on, start, end in columns
        ]
    )


def seconds_message(seconds: float) -> Duration:
    """Seconds as a Duration, to the nanosecond."""
    whole, part = divmod(round(seconds * 10**9), 10**9)
    return Duration(seconds=whole, nanos=part)


def _orders(problem: Problem, start: int, end: int) -> list[order_pb2.Order]:
    orders, ptr = problem.orders, problem.line_ptr
    end = min(end, len(orders))
    rows = slice(start, end)
    lines = _lines(problem, int(ptr[start]), int(ptr[end]))
    firsts = (ptr[start : end + 1] - ptr[start]).tolist()
    excluded = problem.nodes.node_id[orders.excluded_node_idx].tolist()
    columns = zip(
        orders.order_id[rows].tolist(),
        orders.placed_at_us[rows].tolist(),
        orders.country[rows].tolist(),
        orders.postal_code[rows].tolist(),
        degrees(orders.latitude[rows]),
        degrees(orders.longitude[rows]),
        date_texts(orders.deliver_by[rows], NO_DATE),
        amount_texts(orders.priority.take(np.arange(start, end))),
        orders.is_ship_complete[rows].tolist(),
        limits(orders.max_packages[rows]),
        orders.channel[rows].tolist(),
        orders.excluded_ptr[start:end].tolist(),
        orders.excluded_ptr[start + 1 : end + 1].tolist(),
        firsts[:-1],
        firsts[1:],
        attribute_maps(orders.attributes, range(start, end)),
        date_texts(orders.hold_until[rows], LONG_PAST),
        date_texts(orders.not_before[rows], LONG_PAST),
        strict=True,
    )
    return [
        order_pb2.Order(
            order_id=order_id,
            placed_at=stamp(placed),
            country=country,
            postal_code=postal_code,
            latitude=latitude,
            longitude=longitude,
            deliver_by=deliver_by,
            priority=priority,
            ship_complete=complete,
            max_packages=most,
            channel=channel,
            excluded_nodes=excluded[first_node:end_node],
            lines=lines[first_line:end_line],
            attributes=attributes,
            hold_until=hold_until,
            not_before=not_before,
        )
        for (
            order_id, placed, country, postal_code, latitude, longitude, deliver_by, priority, complete, most, channel,
            first_node, end_node, first_line, end_line, attributes, hold_until, not_before,
        ) in columns
    ]  # fmt: skip


def _lines(problem: Problem, start: int, end: int) -> list[order_pb2.OrderLine]:
    lines, rows, index = problem.lines, slice(start, end), np.arange(start, end)
    columns = zip(
        lines.line_id[rows].tolist(),
        problem.skus.sku_id[lines.sku_idx[rows]].tolist(),
        lines.quantity[rows].tolist(),
        amount_texts(lines.unit_value.take(index)),
        lines.is_splittable[rows].tolist(),
        amount_texts(lines.unfilled_cost.take(index)),
        lines.has_unfilled_cost[rows].tolist(),
        attribute_maps(lines.attributes, range(start, end)),
        _node_ids(problem, lines.pickup_node_idx[rows]),
        strict=True,
    )
    return [
        order_pb2.OrderLine(
            line_id=line_id,
            sku_id=sku_id,
            quantity=quantity,
            unit_value=unit_value,
            splittable=None if splittable else False,
            unfilled_cost=unfilled if has_unfilled else "",
            attributes=attributes,
            pickup_node=picked,
        )
        for line_id, sku_id, quantity, unit_value, splittable, unfilled, has_unfilled, attributes, picked in columns
    ]


def _node_ids(problem: Problem, pickup_node_idx: I64) -> list[str]:
    """The node at which each line is picked up, '' where it ships."""
    if is_constant(pickup_node_idx, SHIPS):
        return [""] * len(pickup_node_idx)
    ids: list[str] = np.append(problem.nodes.node_id, "")[pickup_node_idx].tolist()
    return ids
