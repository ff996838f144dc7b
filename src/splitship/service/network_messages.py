"""The network's tables as messages."""

from __future__ import annotations

import numpy as np

from splitship.domain import Problem
from splitship.packs.columns import MINUTE_DECIMALS
from splitship.packs.documents import day_texts
from splitship.service.columns_to_fields import amount_texts, attribute_maps, decimal_texts, degrees, limits, weeks
from splitship.service.fields_to_columns import KIND_TEXTS
from splitship.units import UNLIMITED, US_PER_DAY, Amounts, Bools
from splitship.v1 import network_pb2

_KINDS = {text: kind for kind, text in KIND_TEXTS.items()}


def node_messages(problem: Problem) -> list[network_pb2.Node]:
    """A message for every node."""
    nodes = problem.nodes
    minutes = (nodes.cutoff_us // (US_PER_DAY // 1440)).tolist()
    columns = zip(
        nodes.node_id.tolist(),
        [_KINDS[kind] for kind in nodes.kind.tolist()],
        nodes.country.tolist(),
        nodes.postal_code.tolist(),
        degrees(nodes.latitude),
        degrees(nodes.longitude),
        nodes.timezone.tolist(),
        [f"{minute // 60:02d}:{minute % 60:02d}" for minute in minutes],
        nodes.lead_days.tolist(),
        weeks(nodes.working_days),
        nodes.is_open.tolist(),
        nodes.priority.tolist(),
        amount_texts(nodes.package_cost),
        amount_texts(nodes.line_cost),
        amount_texts(nodes.unit_cost),
        limits(nodes.max_packages_per_day),
        limits(nodes.max_units_per_day),
        attribute_maps(nodes.attributes, range(len(nodes))),
        limits(nodes.max_lines_per_day),
        decimal_texts(nodes.max_umin_per_day, MINUTE_DECIMALS, UNLIMITED),
        decimal_texts(nodes.umin_per_package, MINUTE_DECIMALS),
        decimal_texts(nodes.umin_per_unit, MINUTE_DECIMALS),
        _texts_where(nodes.has_target_share, nodes.target_share),
        _texts_where(nodes.has_target_share, nodes.share_price),
        strict=True,
    )
    names = [field.name for field in network_pb2.Node.DESCRIPTOR.fields]
    return [network_pb2.Node(**dict(zip(names, row, strict=True))) for row in columns]


def _texts_where(is_given: Bools, amounts: Amounts) -> list[str]:
    """Exact decimals as text, '' where none is given."""
    if not is_given.any():
        return [""] * len(is_given)
    return [text if given else "" for given, text in zip(is_given.tolist(), amount_texts(amounts), strict=True)]


def sku_messages(problem: Problem) -> list[network_pb2.Sku]:
    """A message for every SKU."""
    skus = problem.skus
    columns = zip(
        skus.sku_id.tolist(),
        skus.weight_ug.tolist(),
        decimal_texts(skus.length_ncm),
        decimal_texts(skus.width_ncm),
        decimal_texts(skus.height_ncm),
        amount_texts(skus.value),
        skus.is_ship_alone.tolist(),
        attribute_maps(skus.attributes, range(len(skus))),
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


def stock_messages(problem: Problem) -> list[network_pb2.StockPosition]:
    """A message for every stock position."""
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


def inbound_messages(problem: Problem) -> list[network_pb2.Inbound]:
    """A message for every arrival."""
    inbound = problem.inbound
    columns = zip(
        problem.nodes.node_id[inbound.node_idx].tolist(),
        problem.skus.sku_id[inbound.sku_idx].tolist(),
        inbound.quantity.tolist(),
        day_texts(inbound.available_day),
        strict=True,
    )
    return [
        network_pb2.Inbound(node_id=node, sku_id=sku, quantity=quantity, available_on=available_on)
        for node, sku, quantity, available_on in columns
    ]


def service_messages(problem: Problem) -> list[network_pb2.CarrierService]:
    """A message for every service."""
    services = problem.services
    columns = zip(
        services.service_id.tolist(),
        services.carrier.tolist(),
        decimal_texts(services.dim_divisor),
        [step or None for step in services.weight_step_ug.tolist()],
        limits(services.max_weight_ug),
        weeks(services.ship_days),
        weeks(services.delivery_days),
        attribute_maps(services.attributes, range(len(services))),
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


def offer_messages(problem: Problem) -> list[network_pb2.NodeService]:
    """A message for every service at a node; none when every node offers every service without limit."""
    offered, most = problem.node_services.is_offered, problem.node_services.max_packages_per_day
    if bool(offered.all()) and bool((most >= UNLIMITED).all()):
        return []
    node_idx, service_idx = np.nonzero(offered)
    most_packages = limits(most[node_idx, service_idx])
    if not len(node_idx) and offered.size:
        # Nothing is offered at all. No message would mean everything, so one pair is offered for no package.
        node_idx, service_idx, most_packages = np.zeros(1, np.int64), np.zeros(1, np.int64), [0]
    columns = zip(
        problem.nodes.node_id[node_idx].tolist(),
        problem.services.service_id[service_idx].tolist(),
        most_packages,
        strict=True,
    )
    return [
        network_pb2.NodeService(node_id=node, service_id=service, max_packages_per_day=limit)
        for node, service, limit in columns
    ]


def lane_messages(problem: Problem) -> list[network_pb2.Lane]:
    """A message for every lane."""
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


def rate_messages(problem: Problem) -> list[network_pb2.Rate]:
    """A message for every bracket of a rate card."""
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
