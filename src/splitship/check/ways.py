"""Compiled steps that narrow and wide orders share: which nodes can ship an order, and what its days cost.

They take the few arrays they need: passing whole tables by call costs more than the work.
"""

from __future__ import annotations

from splitship.check.compiled import compiled
from splitship.check.dated import SEARCHED_DAYS
from splitship.check.limbs import times_micros
from splitship.units import I64, Bools


@compiled
def is_listed(start: int, end: int, entries: I64, wanted: int) -> bool:
    """Whether `wanted` is among entries[start:end]."""
    is_found = False
    for entry in range(start, end):
        is_found |= entries[entry] == wanted
    return is_found


@compiled
def days_micros(delivery_price: I64, late_price: I64, order: int, days: int, late_days: int) -> int:
    """Delivery and late cost of a package that takes `days` from its start; `late_days` may be negative."""
    cost = times_micros(delivery_price[0], delivery_price[1], delivery_price[2], delivery_price[3], days)
    if late_days > 0:
        cost += times_micros(
            late_price[order, 0], late_price[order, 1], late_price[order, 2], late_price[order, 3], late_days
        )
    return cost


@compiled
def find_code(day_code: I64, at: int) -> int:
    """Row of a day's prices, 0 (no price) outside the days that have one."""
    code: int = day_code[at] if 0 <= at < len(day_code) else 0
    return code


@compiled
def days_in_time(
    is_ship_day: Bools, delivery_wait: I64, origin: int, period: int, transit: int, first: int, last: int,
    not_before: int,
) -> tuple[int, int]:  # fmt: skip
    """First and last day on which a package may leave for a delivery at or after `not_before`, none when crossed.

    Later ship days deliver no earlier. Where no day from `first` to `last` will do, the first one after them that does
    is the only one. `is_ship_day` and `delivery_wait` [period] are those of a node's service.
    """
    for day in range(first, last + 2 + SEARCHED_DAYS):
        if is_ship_day[(day - origin) % period]:
            arrival = day + transit
            wait = delivery_wait[(arrival - origin) % period]
            if wait >= 0 and arrival + wait >= not_before:
                return day, max(day, last)
    return last + 1, last


@compiled
def note_stock(
    start: int, end: int, sku_stock: I64, stock_node: I64, row_of_node: I64, touched_by: I64, mark: int, touched: I64,
    num: int,
) -> int:  # fmt: skip
    """Writes stock rows sku_stock[start:end] into `row_of_node` [nodes], and their nodes behind `touched[:num]`."""
    for entry in range(start, end):
        row = sku_stock[entry]
        node = stock_node[row]
        if touched_by[node] != mark:
            touched_by[node] = mark
            touched[num] = node
            num += 1
        row_of_node[node] = row
    return num


@compiled
def forget_stock(start: int, end: int, sku_stock: I64, stock_node: I64, row_of_node: I64) -> None:
    """Takes back what `note_stock` wrote."""
    for entry in range(start, end):
        row_of_node[stock_node[sku_stock[entry]]] = -1
