"""Text tables of kits, substitutes and transfers to the domain's columns."""

from __future__ import annotations

import numpy as np

from splitship.domain import Kits, Substitutes, Transfers
from splitship.packs.demand import Lines
from splitship.packs.view import Coded, TableView
from splitship.units import MAX_QUANTITY


def build_kits(view: TableView, sku_ids: Coded, stock: TableView, lines_view: TableView, lines: Lines) -> Kits:
    """The kits table; lines of kits must not explode into more units than a line may have."""
    kit_idx = view.refers("kit_sku_id", sku_ids, "SKU")
    sku_idx = view.refers("sku_id", sku_ids, "SKU")
    view.keys((kit_idx, sku_idx), ("kit_sku_id", "sku_id"))
    quantity = view.whole("quantity").data
    together = view.flag("together")
    if not view.num_rows:
        return Kits.empty()
    known = kit_idx >= 0
    view.tell("E423", "sku_id", known & (kit_idx == sku_idx), "expected another SKU than the kit itself")
    is_kit = np.zeros(len(sku_ids.codes) + 1, np.bool_)  # the last for -1
    is_kit[kit_idx[known]] = True
    nested = (sku_idx >= 0) & is_kit[sku_idx] & (kit_idx != sku_idx)
    view.tell("E424", "sku_id", nested, "expected an SKU that is not a kit; list what is in that kit")
    first = np.full(len(is_kit), -1, np.int64)
    first[kit_idx[::-1]] = np.arange(view.num_rows - 1, -1, -1)
    first = first[kit_idx]
    place = view.findings.locate
    view.tell_rows(
        "E428",
        "together",
        known & (together != together[first]),
        lambda row: f"another word than for this kit at {place('kits', int(first[row]), None)}",
    )
    own = stock.find("sku_id", sku_ids)
    words = "this SKU is a kit, which ships as its components: stock of its own is not used"
    stock.tell_rows("W623", "sku_id", (own >= 0) & is_kit[own], lambda row: words)
    most = np.zeros(len(is_kit), np.int64)
    np.maximum.at(most, kit_idx[known], quantity[known])
    units = lines.lines.quantity * most[lines.lines.sku_idx]
    exploded = np.zeros(lines_view.num_rows, np.int64)
    exploded[lines.row] = units
    lines_view.tell_rows(
        "E408",
        "quantity",
        exploded > MAX_QUANTITY,
        lambda row: f"these kits need {exploded[row]:,} units of a component; {MAX_QUANTITY:,} can be handled",
    )
    order = np.lexsort((sku_idx, kit_idx))
    return Kits(kit_idx[order], sku_idx[order], quantity[order], together[order])


def build_substitutes(view: TableView, sku_ids: Coded, kits: TableView) -> Substitutes:
    """The substitutes table; `kits` is the table of kits, for which nothing stands and which stand for nothing."""
    sku_idx = view.refers("sku_id", sku_ids, "SKU")
    other_idx = view.refers("substitute_sku_id", sku_ids, "SKU")
    view.keys((sku_idx, other_idx), ("sku_id", "substitute_sku_id"))
    itself = (sku_idx >= 0) & (sku_idx == other_idx)
    view.tell("E423", "substitute_sku_id", itself, "expected another SKU than the one it replaces")
    is_kit = np.zeros(len(sku_ids.codes) + 1, np.bool_)  # the last for -1
    is_kit[kits.find("kit_sku_id", sku_ids)] = True
    is_kit[-1] = False
    words = "expected an SKU that is not a kit; "
    view.tell("E424", "sku_id", is_kit[sku_idx], words + "give its components substitutes")
    view.tell("E424", "substitute_sku_id", is_kit[other_idx], words + "a kit cannot stand for a line")
    price, _ = view.amounts("price_per_unit")
    order = np.lexsort((other_idx, sku_idx))
    return Substitutes(sku_idx[order], other_idx[order], price.take(order))


def build_transfers(view: TableView, node_ids: Coded) -> Transfers:
    """The transfers table."""
    from_idx = view.refers("from_node_id", node_ids, "node")
    to_idx = view.refers("to_node_id", node_ids, "node")
    view.keys((from_idx, to_idx), ("from_node_id", "to_node_id"))
    view.tell("E423", "to_node_id", (from_idx >= 0) & (from_idx == to_idx), "expected another node than from_node_id")
    days = view.whole("days").data
    per_unit, per_package = (view.amounts(name)[0] for name in ("cost_per_unit", "cost_per_package"))
    working = view.week("working_days")
    order = np.lexsort((to_idx, from_idx))
    return Transfers(
        from_idx[order], to_idx[order], days[order], per_unit.take(order), per_package.take(order), working[order]
    )
