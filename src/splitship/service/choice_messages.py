"""What may ship for lines, from where and at which price beside the network itself, as messages: kits, substitutes,
transfers, prices of stock, rejections."""

from __future__ import annotations

from splitship.domain import Problem
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
