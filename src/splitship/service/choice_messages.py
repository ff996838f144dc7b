"""What may ship for lines, from where and at which price beside the network itself, as messages: kits, substitutes,
transfers, prices of stock, reserves of channels; rejections and the plan before."""

from __future__ import annotations

import numpy as np

from splitship.domain import Problem
from splitship.domain.changes import service_ids_before
from splitship.packs.documents import day_texts
from splitship.service.columns_to_fields import amount_texts, weeks
from splitship.v1 import network_pb2, order_pb2


def kit_messages(problem: Problem) -> list[network_pb2.KitComponent]:
    """A message for every component of a kit."""
    kits, ids = problem.kits, problem.skus.sku_id
    columns = zip(
        ids[kits.kit_sku_idx].tolist(),
        ids[kits.sku_idx].tolist(),
        kits.quantity.tolist(),
        kits.is_together.tolist(),
        strict=True,
    )
    return [
        network_pb2.KitComponent(kit_sku_id=kit, sku_id=sku, quantity=quantity, together=None if together else False)
        for kit, sku, quantity, together in columns
    ]


def substitute_messages(problem: Problem) -> list[network_pb2.Substitute]:
    """A message for every SKU that may ship in place of another."""
    table, ids = problem.substitutes, problem.skus.sku_id
    columns = zip(
        ids[table.sku_idx].tolist(),
        ids[table.substitute_sku_idx].tolist(),
        amount_texts(table.price_per_unit),
        strict=True,
    )
    return [
        network_pb2.Substitute(sku_id=sku, substitute_sku_id=other, price_per_unit=price)
        for sku, other, price in columns
    ]


def transfer_messages(problem: Problem) -> list[network_pb2.Transfer]:
    """A message for every way between nodes."""
    table, ids = problem.transfers, problem.nodes.node_id
    columns = zip(
        ids[table.from_node_idx].tolist(),
        ids[table.to_node_idx].tolist(),
        table.days.tolist(),
        amount_texts(table.cost_per_unit),
        amount_texts(table.cost_per_package),
        weeks(table.working_days),
        strict=True,
    )
    return [
        network_pb2.Transfer(
            from_node_id=source,
            to_node_id=target,
            days=days,
            cost_per_unit=per_unit,
            cost_per_package=per_package,
            working_days=working,
        )
        for source, target, days, per_unit, per_package, working in columns
    ]


def stock_price_messages(problem: Problem) -> list[network_pb2.StockPrice]:
    """A message for every stock position with a price."""
    table = problem.stock_prices
    columns = zip(
        problem.nodes.node_id[table.node_idx].tolist(),
        problem.skus.sku_id[table.sku_idx].tolist(),
        amount_texts(table.price_per_unit),
        strict=True,
    )
    return [network_pb2.StockPrice(node_id=node, sku_id=sku, price_per_unit=price) for node, sku, price in columns]


def rejection_messages(problem: Problem) -> list[order_pb2.Rejection]:
    """A message for every node that refused an order or a line."""
    table, line_id = problem.rejections, problem.lines.line_id
    columns = zip(
        problem.orders.order_id[table.order_idx].tolist(),
        ["" if line < 0 else str(line_id[line]) for line in table.line_idx.tolist()],
        problem.nodes.node_id[table.node_idx].tolist(),
        strict=True,
    )
    return [order_pb2.Rejection(order_id=order, line_id=line, node_id=node) for order, line, node in columns]


def reserve_messages(problem: Problem) -> list[network_pb2.ChannelReserve]:
    """A message for every row of reserves of channels."""
    table, sku_ids = problem.channel_reserves, problem.skus.sku_id
    columns = zip(
        problem.nodes.node_id[table.node_idx].tolist(),
        ["" if sku < 0 else str(sku_ids[sku]) for sku in table.sku_idx.tolist()],
        table.channel.tolist(),
        table.quantity.tolist(),
        table.has_price.tolist(),
        amount_texts(table.price_per_unit),
        strict=True,
    )
    return [
        network_pb2.ChannelReserve(
            node_id=node, sku_id=sku, channel=channel, quantity=quantity, price_per_unit=price if has_price else ""
        )
        for node, sku, channel, quantity, has_price, price in columns
    ]


def planned_line_messages(problem: Problem) -> list[order_pb2.PlannedLine]:
    """A message for every content of a package of the plan before; packages are named by their position."""
    before = problem.plan_before
    plan = before.plan
    package, sku_ids = plan.content_package, problem.skus.sku_id
    skus = np.full(len(package), -1) if plan.content_sku_idx is None else plan.content_sku_idx
    columns = zip(
        problem.orders.order_id[plan.order_idx][package].tolist(),
        problem.lines.line_id[plan.content_line].tolist(),
        problem.nodes.node_id[plan.node_idx][package].tolist(),
        service_ids_before(problem)[package].tolist(),
        np.array(day_texts(plan.ship_day), object)[package].tolist(),
        plan.content_quantity.tolist(),
        before.is_released[package].tolist(),
        before.may_move[package].tolist(),
        amount_texts(before.move_price.take(package)),
        package.tolist(),
        ["" if sku < 0 else str(sku_ids[sku]) for sku in skus.tolist()],
        strict=True,
    )
    return [
        order_pb2.PlannedLine(
            order_id=order,
            line_id=line,
            node_id=node,
            service_id=service,
            ship_on=ship_on,
            quantity=quantity,
            state=order_pb2.PACKAGE_STATE_RELEASED if is_released else order_pb2.PACKAGE_STATE_PROMISED,
            move_price=price if may_move else "",
            package_id=str(number),
            sku_id=sku,
        )
        for order, line, node, service, ship_on, quantity, is_released, may_move, price, number, sku in columns
    ]
