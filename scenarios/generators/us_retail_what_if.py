"""What the scenarios of the pack `us-retail` bring: a new store, stock in other places, the orders of a peak week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from us_places import distance_km
from us_retail_demand import Order, Sku
from us_retail_network import CENTRES, Cells, Store

NEW_STORES: Mapping[str, Store] = {"STORE-LAX": ("Los Angeles", "America/Los_Angeles", 0, 40)}
"""As `STORES`; the largest city without one."""
NEW_UNITS = 3
"""Units of every SKU with which a new store opens, one of them safety stock."""
PEAK_SEED = 20261204
PEAK_ORDERS = 250


def new_stock(skus: Sequence[Sku]) -> Iterable[Cells]:
    """Rows of the table stock: a new store opens with all SKUs that stores carry."""
    for node in NEW_STORES:
        for sku in skus:
            if not sku.ship_alone:
                yield node, sku.sku_id, NEW_UNITS, 0, 1


def rebalanced_stock(stock: Sequence[Cells], nodes: Sequence[Cells], orders: Sequence[Order]) -> Iterable[Cells]:
    """Rows (node_id, sku_id, on_hand): the units of a SKU that are free at the centres, spread over all centres.

    A centre gets the share of the units that were ordered near to it, of all SKUs together; remainders go to the
    largest fractions. Units that are reserved stay where they are.
    """
    where = [(str(row[0]), float(str(row[4])), float(str(row[5]))) for row in nodes if row[0] in CENTRES]
    near: Counter[str] = Counter()
    for order in orders:
        centre = min(where, key=lambda node: distance_km(order.place.lat, order.place.lon, node[1], node[2]))
        near[centre[0]] += sum(quantity for _, quantity, _ in order.lines)
    held = {(row[0], row[1]): (int(str(row[2])), int(str(row[3]))) for row in stock if row[0] in CENTRES}
    for sku in sorted({str(sku) for _, sku in held}):
        reserved = {node: held[node, sku][1] for node in CENTRES if (node, sku) in held}
        free = sum(held[node, sku][0] - units for node, units in reserved.items())
        for node, units in shared_out(free, near).items():
            if (node, sku) in held or units:
                yield node, sku, units + reserved.get(node, 0)


def shared_out(units: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Whole numbers in proportion to weights that add up to `units`: largest remainders, the first of equals."""
    total = sum(weights.values())
    shares = {name: units * weight // total for name, weight in sorted(weights.items())}
    rest = sorted(shares, key=lambda name: -(units * weights[name] % total))
    for name in rest[: units - sum(shares.values())]:
        shares[name] += 1
    return shares
