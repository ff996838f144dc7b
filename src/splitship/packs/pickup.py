"""Modes of orders and lines: which lines are picked up, and where."""

from __future__ import annotations

import numpy as np

from splitship.domain import SHIPS
from splitship.domain.constant import constant, is_constant
from splitship.domain.modes_in_force import PICKUP, TRANSFER
from splitship.packs.columns import MODES
from splitship.packs.view import Coded, TableView, taken
from splitship.units import I64

COLUMNS = ("mode", "pickup_node")


def build_pickup(lines: TableView, orders: TableView, order_idx: I64, node_ids: Coded) -> I64:
    """The node at which each line is picked up, SHIPS where it ships; by rows of the lines' table.

    A line's own mode and node win over those of its order. `order_idx` [rows], -1 where the order is not known.
    """
    if not any(view.has(column) for view in (lines, orders) for column in COLUMNS):
        return constant(SHIPS, lines.num_rows)
    pickup = MODES.index("pickup")
    own_mode, order_mode = lines.word_codes("mode"), orders.word_codes("mode")
    own_node = lines.refers("pickup_node", node_ids, "node")
    order_node = orders.refers("pickup_node", node_ids, "node")
    has_own, order_has = ~lines.is_empty("pickup_node"), ~orders.is_empty("pickup_node")

    known = order_idx >= 0
    from_order = taken(order_mode, order_idx) == pickup
    is_picked = np.where(lines.is_empty("mode"), from_order & known, own_mode == pickup)
    inherits = is_picked & ~has_own & known
    lacks = inherits & ~taken(order_has, order_idx)
    by_own_mode = lacks & (own_mode == pickup)
    needs = "needs a pickup_node"
    lines.tell_rows("E422", "mode", by_own_mode, lambda row: f"pickup {needs}, the line's own or its order's")
    without = np.zeros(orders.num_rows, np.bool_)
    without[order_idx[lacks & ~by_own_mode]] = True
    orders.tell_rows("E422", "mode", without, lambda row: f"pickup {needs}")
    is_clear = (own_mode >= 0) | (lines.is_empty("mode") & known & (taken(order_mode, order_idx) >= 0))
    ships = has_own & ~is_picked & is_clear
    lines.tell("E421", "pickup_node", ships, "expected none, as the line ships")
    picks = np.zeros(orders.num_rows, np.bool_)
    picks[order_idx[is_picked & known]] = True
    idle = lines.is_whole & order_has & (order_mode == MODES.index("ship")) & ~picks
    orders.tell("E421", "pickup_node", idle, "expected none, as all lines of the order ship")

    node = np.where(is_picked, np.where(has_own, own_node, taken(order_node, order_idx)), SHIPS).astype(np.int64)
    return constant(SHIPS, lines.num_rows) if is_constant(node, SHIPS) else node


def check_service_names(services: TableView, pickup_node_idx: I64) -> None:
    """E429 for services of the pack's own that are named like those by which lines are picked up, if any are."""
    if is_constant(pickup_node_idx, SHIPS):
        return
    names = services.text("service_id")
    taken_names = np.array([name.startswith((f"{PICKUP}:", f"{TRANSFER}:")) for name in names.tolist()], np.bool_)
    services.tell(
        "E429",
        "service_id",
        taken_names,
        f"expected another beginning than {PICKUP}: and {TRANSFER}:, by which services of picked up lines are known",
    )
