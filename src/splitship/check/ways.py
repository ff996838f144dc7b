"""Compiled steps that narrow and wide orders share: which nodes, services and days can ship an order, at what cost."""

from __future__ import annotations

from splitship.check.compiled import compiled
from splitship.check.limbs import times_micros
from splitship.check.tables import NetworkTables, OrderTables, PriceTables
from splitship.units import I32, I64


@compiled
def is_node_out(net: NetworkTables, orders: OrderTables, order: int, node: int) -> bool:
    """Whether a node can ship nothing of an order: closed, without capacity, or excluded."""
    if not net.node_is_open[node] or net.max_packages[node] < 1:
        return True
    for entry in range(orders.excluded_ptr[order], orders.excluded_ptr[order + 1]):
        if orders.excluded_node[entry] == node:
            return True
    return False


@compiled
def find_journey(
    net: NetworkTables, orders: OrderTables, order: int, node: int, service: int, lanes: I32, place: int
) -> tuple[int, int, int]:
    """Lane, tariff and first ship day of a node's service for an order; tariff -1 when it cannot be used."""
    if not net.is_offered[node, service] or net.service_max_packages[node, service] < 1:
        return -1, -1, 0
    lane = lanes[place, node, service]
    if lane < 0 or net.lane_tariff[lane] < 0:
        return -1, -1, 0
    zone = net.node_zone[node]
    ready = orders.start_day[order, zone]
    if orders.start_us[order, zone] > net.cutoff_us[node]:
        ready += 1
    wait = net.ship_wait[node, service, (ready + 3) % 7]
    arrival = ready + wait + net.lane_transit[lane]
    if wait < 0 or net.delivery_wait[service, (arrival + 3) % 7] < 0:
        return -1, -1, 0
    return lane, net.lane_tariff[lane], ready + wait


@compiled
def is_ship_day(net: NetworkTables, node: int, service: int, day: int) -> bool:
    """Whether a day is a working day of the node and a ship day of the service."""
    of_week = (day + 3) % 7
    is_open: bool = net.working_days[node, of_week] and net.ship_days[service, of_week]
    return is_open


@compiled
def price_day(
    net: NetworkTables, orders: OrderTables, prices: PriceTables, order: int, node: int, service: int, lane: int,
    day: int,
) -> tuple[int, int]:  # fmt: skip
    """What a package costs apart from its content, and the price of a unit of the node's capacity, on a ship day.

    Delivery, late, split, and the prices of a package of the node and of its service.
    """
    arrival = day + net.lane_transit[lane]
    deliver_day = arrival + net.delivery_wait[service, (arrival + 3) % 7]
    price = net.delivery_price
    days = deliver_day - orders.start_day[order, net.node_zone[node]]
    fixed = net.split_cost + times_micros(price[0], price[1], price[2], price[3], days)
    late = deliver_day - orders.deliver_by[order]
    if late > 0:
        price = orders.late_price[order]
        fixed += times_micros(price[0], price[1], price[2], price[3], late)
    code = 0
    if 0 <= day - prices.first_day < len(prices.day_code):
        code = prices.day_code[day - prices.first_day]
    fixed += prices.node_packages[code, node] + prices.service_packages[code, node, service]
    return fixed, prices.node_units[code, node]


@compiled
def note_stock(
    net: NetworkTables, sku: int, slot: int, stock_row: I64, touched_by: I64, mark: int, touched: I64, num: int
) -> int:
    """Writes the stock rows of a line's SKU into `stock_row` [slots, nodes], and its nodes behind `touched[:num]`."""
    for entry in range(net.sku_ptr[sku], net.sku_ptr[sku + 1]):
        row = net.sku_stock[entry]
        node = net.stock_node[row]
        if touched_by[node] != mark:
            touched_by[node] = mark
            touched[num] = node
            num += 1
        stock_row[slot, node] = row
    return num


@compiled
def forget_stock(net: NetworkTables, sku: int, slot: int, stock_row: I64) -> None:
    """Takes back what `note_stock` wrote."""
    for entry in range(net.sku_ptr[sku], net.sku_ptr[sku + 1]):
        stock_row[slot, net.stock_node[net.sku_stock[entry]]] = -1
