"""A problem as messages: whole, or in parts for a stream. Reading them back gives the same problem, value for value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from splitship.domain import Plan, Problem, SolveOptions
from splitship.packs.documents import day_texts
from splitship.service.to_tables import KIND_TEXTS
from splitship.units import ATTO_PER_MICRO, I64, NO_DATE, UNLIMITED, US_PER_DAY, Amounts, Bools, Floats, atto_to_decimal
from splitship.v1 import network_pb2, order_pb2, plan_pb2, problem_pb2

ORDERS_PER_PART = 1_000
ROWS_PER_PART = 20_000
"""Rows of a network table in a part."""

_KINDS = {text: kind for kind, text in KIND_TEXTS.items()}
_FINE = 10**9


def problem_message(problem: Problem) -> problem_pb2.Problem:
    """The whole problem as one message."""
    whole = problem_pb2.Problem()
    for part in problem_parts(problem):
        whole.MergeFrom(part)
    return whole


def problem_parts(problem: Problem) -> Iterator[problem_pb2.Problem]:
    """The problem in parts that merge to the whole: settings and network first, then the orders."""
    objective, limits = problem.objective, problem.limits
    offset = problem.as_of.utcoffset() or timedelta()
    whole_minutes, rest = divmod(offset, timedelta(minutes=1))
    head = problem_pb2.Problem(
        name=problem.name,
        currency=problem.currency,
        as_of=_stamp(problem.as_of_us),
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
            max_packages=limits.max_packages,
            max_distance_km="" if limits.max_distance_km is None else format(limits.max_distance_km, "f"),
            max_transit_days=limits.max_transit_days,
            horizon_days=limits.horizon_days,
        ),
        nodes=_nodes(problem),
        services=_services(problem),
        node_services=_node_services(problem),
    )
    yield head
    tables: dict[str, Sequence[Any]] = {
        "skus": _skus(problem),
        "stock": _stock(problem),
        "rates": _rates(problem),
        "lanes": _lanes(problem),
    }
    for name, rows in tables.items():
        for start in range(0, len(rows), ROWS_PER_PART):
            part = problem_pb2.Problem()
            getattr(part, name).extend(rows[start : start + ROWS_PER_PART])
            yield part
    for start in range(0, len(problem.orders), ORDERS_PER_PART):
        yield problem_pb2.Problem(orders=_orders(problem, start, start + ORDERS_PER_PART))


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
    lines = [
        plan_pb2.PackageLine(line_id=line_id, quantity=quantity)
        for line_id, quantity in zip(
            problem.lines.line_id[plan.content_line].tolist(), plan.content_quantity.tolist(), strict=True
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


def amount_texts(amounts: Amounts) -> list[str]:
    """Exact decimals as text; each distinct value is written once, since prices repeat."""
    if not len(amounts):
        return []
    pairs = np.stack([amounts.micros, amounts.atto], axis=1)
    values, inverse = np.unique(pairs, axis=0, return_inverse=True)
    texts = [format(atto_to_decimal(micros * ATTO_PER_MICRO + atto), "f") for micros, atto in values.tolist()]
    listed: list[str] = np.array(texts, object)[inverse.reshape(-1)].tolist()
    return listed


def _stamp(micros: int) -> Timestamp:
    seconds, rest = divmod(micros, 10**6)
    return Timestamp(seconds=seconds, nanos=rest * 1000)


def _attributes(attributes: Mapping[str, Any], rows: range) -> list[dict[str, str] | None]:
    """Attributes of each row, empty ones left out; None where there are none at all."""
    if not attributes:
        return [None] * len(rows)
    columns = {name: texts[rows.start : rows.stop].tolist() for name, texts in sorted(attributes.items())}
    found = [{} for _ in rows]  # type: list[dict[str, str]]
    for name, texts in columns.items():
        for row, text in enumerate(texts):
            if text:
                found[row][name] = text
    return list(found)


def _fine_texts(values: I64) -> list[str]:
    """10^-9 parts as decimal text; 0 is ''."""
    texts = []
    for value in values.tolist():
        whole, part = divmod(value, _FINE)
        texts.append(f"{whole}.{part:09d}".rstrip("0").rstrip(".") if value else "")
    return texts


def _limits(values: I64) -> list[int | None]:
    return [None if value >= UNLIMITED else value for value in values.tolist()]


def _degrees(values: Floats) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]


def _weeks(days: Bools) -> list[str]:
    texts = ["".join("1" if day else "0" for day in week) for week in days.tolist()]
    return ["" if text == "1111111" else text for text in texts]


def _nodes(problem: Problem) -> list[network_pb2.Node]:
    nodes = problem.nodes
    minutes = (nodes.cutoff_us // (US_PER_DAY // 1440)).tolist()
    columns = zip(
        nodes.node_id.tolist(),
        [_KINDS[kind] for kind in nodes.kind.tolist()],
        nodes.country.tolist(),
        nodes.postal_code.tolist(),
        _degrees(nodes.latitude),
        _degrees(nodes.longitude),
        nodes.timezone.tolist(),
        [f"{minute // 60:02d}:{minute % 60:02d}" for minute in minutes],
        nodes.lead_days.tolist(),
        _weeks(nodes.working_days),
        nodes.is_open.tolist(),
        nodes.priority.tolist(),
        amount_texts(nodes.package_cost),
        amount_texts(nodes.line_cost),
        amount_texts(nodes.unit_cost),
        _limits(nodes.max_packages_per_day),
        _limits(nodes.max_units_per_day),
        _attributes(nodes.attributes, range(len(nodes))),
        strict=True,
    )
    names = [field.name for field in network_pb2.Node.DESCRIPTOR.fields]
    return [network_pb2.Node(**dict(zip(names, row, strict=True))) for row in columns]


def _skus(problem: Problem) -> list[network_pb2.Sku]:
    skus = problem.skus
    columns = zip(
        skus.sku_id.tolist(),
        skus.weight_ug.tolist(),
        _fine_texts(skus.length_ncm),
        _fine_texts(skus.width_ncm),
        _fine_texts(skus.height_ncm),
        amount_texts(skus.value),
        skus.is_ship_alone.tolist(),
        _attributes(skus.attributes, range(len(skus))),
        strict=True,
    )
    return [
        network_pb2.Sku(
            sku_id=sku_id,
            weight_ug=weight,
            length_cm=length,
            width_cm=width,
            height_cm=height,
            value=value,
            ship_alone=alone,
            attributes=attributes,
        )
        for sku_id, weight, length, width, height, value, alone, attributes in columns
    ]


def _stock(problem: Problem) -> list[network_pb2.StockPosition]:
    stock = problem.stock
    columns = zip(
        problem.nodes.node_id[stock.node_idx].tolist(),
        problem.skus.sku_id[stock.sku_idx].tolist(),
        stock.on_hand.tolist(),
        stock.reserved.tolist(),
        stock.safety_stock.tolist(),
        strict=True,
    )
    return [
        network_pb2.StockPosition(node_id=node, sku_id=sku, on_hand=on_hand, reserved=reserved, safety_stock=safety)
        for node, sku, on_hand, reserved, safety in columns
    ]


def _services(problem: Problem) -> list[network_pb2.CarrierService]:
    services = problem.services
    columns = zip(
        services.service_id.tolist(),
        services.carrier.tolist(),
        _fine_texts(services.dim_divisor),
        [step or None for step in services.weight_step_ug.tolist()],
        _limits(services.max_weight_ug),
        _weeks(services.ship_days),
        _weeks(services.delivery_days),
        _attributes(services.attributes, range(len(services))),
        strict=True,
    )
    return [
        network_pb2.CarrierService(
            service_id=service_id,
            carrier=carrier,
            dim_divisor=divisor,
            weight_step_ug=step,
            max_weight_ug=most,
            ship_days=ship_days,
            delivery_days=delivery_days,
            attributes=attributes,
        )
        for service_id, carrier, divisor, step, most, ship_days, delivery_days, attributes in columns
    ]


def _node_services(problem: Problem) -> list[network_pb2.NodeService]:
    """None when every node offers every service without limit: what no message means, too."""
    offered, most = problem.node_services.is_offered, problem.node_services.max_packages_per_day
    if bool(offered.all()) and bool((most >= UNLIMITED).all()):
        return []
    node_idx, service_idx = np.nonzero(offered)
    limits = _limits(most[node_idx, service_idx])
    if not len(node_idx) and offered.size:
        # Nothing is offered at all. No message would mean everything, so one pair is offered for no package.
        node_idx, service_idx, limits = np.zeros(1, np.int64), np.zeros(1, np.int64), [0]
    columns = zip(
        problem.nodes.node_id[node_idx].tolist(),
        problem.services.service_id[service_idx].tolist(),
        limits,
        strict=True,
    )
    return [
        network_pb2.NodeService(node_id=node, service_id=service, max_packages_per_day=limit)
        for node, service, limit in columns
    ]


def _lanes(problem: Problem) -> list[network_pb2.Lane]:
    lanes = problem.lanes
    columns = zip(
        problem.services.service_id[lanes.service_idx].tolist(),
        problem.nodes.node_id[lanes.node_idx].tolist(),
        lanes.country.tolist(),
        lanes.destination.tolist(),
        lanes.zone.tolist(),
        lanes.transit_days.tolist(),
        strict=True,
    )
    return [
        network_pb2.Lane(
            service_id=service, node_id=node, country=country, destination=destination, zone=zone, transit_days=days
        )
        for service, node, country, destination, zone, days in columns
    ]


def _rates(problem: Problem) -> list[network_pb2.Rate]:
    rates = problem.rates
    columns = zip(
        problem.services.service_id[rates.service_idx].tolist(),
        rates.zone.tolist(),
        rates.up_to_ug.tolist(),
        amount_texts(rates.price),
        amount_texts(rates.per_extra),
        rates.has_extra.tolist(),
        strict=True,
    )
    return [
        network_pb2.Rate(
            service_id=service, zone=zone, up_to_ug=up_to, price=price, per_extra_kg=extra if has_extra else ""
        )
        for service, zone, up_to, price, extra, has_extra in columns
    ]


def _orders(problem: Problem, start: int, end: int) -> list[order_pb2.Order]:
    orders, ptr = problem.orders, problem.line_ptr
    end = min(end, len(orders))
    rows = slice(start, end)
    lines = _lines(problem, int(ptr[start]), int(ptr[end]))
    firsts = (ptr[start : end + 1] - ptr[start]).tolist()
    promised = orders.deliver_by[rows]
    dates = day_texts(np.where(promised >= NO_DATE, 0, promised))
    excluded = problem.nodes.node_id[orders.excluded_node_idx].tolist()
    columns = zip(
        orders.order_id[rows].tolist(),
        orders.placed_at_us[rows].tolist(),
        orders.country[rows].tolist(),
        orders.postal_code[rows].tolist(),
        _degrees(orders.latitude[rows]),
        _degrees(orders.longitude[rows]),
        ["" if day >= NO_DATE else text for day, text in zip(promised.tolist(), dates, strict=True)],
        amount_texts(orders.priority.take(np.arange(start, end))),
        orders.is_ship_complete[rows].tolist(),
        _limits(orders.max_packages[rows]),
        orders.channel[rows].tolist(),
        orders.excluded_ptr[start:end].tolist(),
        orders.excluded_ptr[start + 1 : end + 1].tolist(),
        firsts[:-1],
        firsts[1:],
        _attributes(orders.attributes, range(start, end)),
        strict=True,
    )
    return [
        order_pb2.Order(
            order_id=order_id,
            placed_at=_stamp(placed),
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
        )
        for (
            order_id, placed, country, postal_code, latitude, longitude, deliver_by, priority, complete, most, channel,
            first_node, end_node, first_line, end_line, attributes,
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
        _attributes(lines.attributes, range(start, end)),
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
        )
        for line_id, sku_id, quantity, unit_value, splittable, unfilled, has_unfilled, attributes in columns
    ]
