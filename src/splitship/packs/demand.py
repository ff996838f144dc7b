"""Text tables of orders and their lines to the domain's columns; the reference allocation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow.compute as pc

from splitship.domain import LONG_PAST, SHIPS, Limits, Objective, OrderLines, Orders, Skus
from splitship.domain.constant import constant, is_constant
from splitship.packs.findings import suggest
from splitship.packs.network import coordinates, default_date
from splitship.packs.pickup import build_pickup
from splitship.packs.text import text_column
from splitship.packs.view import Coded, TableView, combine, positions
from splitship.units import I64, MAX_TOTAL_MICROS, MICROS, UNLIMITED, Amounts, day_number


@dataclass(frozen=True, slots=True)
class Reference:
    """What another system decided, one row a part of a line; positions refer to the problem's tables.

    `line_idx`, `node_idx`, `quantity` [rows]; `service_idx` is -1 where none is named, `ship_day` NO_DATE where empty.
    """

    line_idx: I64
    node_idx: I64
    service_idx: I64
    ship_day: I64
    quantity: I64

    def __len__(self) -> int:
        return len(self.line_idx)


def build_orders(view: TableView, node_ids: Coded, limits: Limits | None, as_of: datetime | None) -> Orders:
    """The orders table, in the order of its rows."""
    view.keys((view.coded("order_id").codes,), ("order_id",))
    limits = limits or Limits()
    latitude, longitude = coordinates(view, limits.max_distance_km is not None)
    most = UNLIMITED if limits.max_packages is None else limits.max_packages
    own = view.whole("max_packages")
    excluded_ptr, excluded_node_idx = _excluded_nodes(view, node_ids)
    deliver_by = default_date(view.dates("deliver_by"))
    hold_until, not_before = (_days(view, column) for column in ("hold_until", "not_before"))
    if as_of is not None and not is_constant(hold_until, LONG_PAST):
        passed = (hold_until != LONG_PAST) & (hold_until < day_number(as_of.date().isoformat()))
        view.tell("W621", "hold_until", passed, f"has passed on {as_of.date()}: the order is not held")
    if not is_constant(not_before, LONG_PAST):
        view.tell("W622", "not_before", not_before > deliver_by, "is after deliver_by: the order is late in any case")
    return Orders(
        order_id=view.text("order_id"),
        placed_at_us=view.instants("placed_at").data,
        country=view.text("country"),
        postal_code=view.text("postal_code"),
        latitude=latitude,
        longitude=longitude,
        deliver_by=deliver_by,
        priority=view.amounts("priority")[0],
        is_ship_complete=view.flag("ship_complete"),
        max_packages=np.where(own.given, own.data, most),
        channel=view.text("channel"),
        excluded_ptr=excluded_ptr,
        excluded_node_idx=excluded_node_idx,
        hold_until=hold_until,
        not_before=not_before,
        attributes=view.attributes(),
    )


@dataclass(frozen=True, slots=True)
class Lines:
    """The order lines grouped by order, and for each of them its row in the table."""

    lines: OrderLines
    row: I64


def build_lines(view: TableView, orders: TableView, sku_ids: Coded, skus: Skus, node_ids: Coded) -> Lines:
    """The order_lines table, grouped by order in the orders' sequence; within an order as in the table."""
    order_idx = view.refers("order_id", orders.coded("order_id"), "order")
    sku_idx = view.refers("sku_id", sku_ids, "SKU")
    view.keys((order_idx, view.coded("line_id").codes), ("order_id", "line_id"))
    quantity = view.whole("quantity").data
    own, has_own = view.amounts("unit_value")
    unfilled, has_unfilled = view.amounts("unfilled_cost")
    if len(skus):
        usual = skus.value.take(np.maximum(sku_idx, 0))
        own = Amounts(np.where(has_own, own.micros, usual.micros), np.where(has_own, own.atto, usual.atto))
    pickup = build_pickup(view, orders, order_idx, node_ids)
    row = np.argsort(order_idx, kind="stable")
    attributes = {name: texts[row] for name, texts in view.attributes().items()}
    lines = OrderLines(
        order_idx=order_idx[row],
        line_id=view.text("line_id")[row],
        sku_idx=sku_idx[row],
        quantity=quantity[row],
        unit_value=own.take(row),
        is_splittable=view.flag("splittable")[row],
        unfilled_cost=unfilled.take(row),
        has_unfilled_cost=has_unfilled[row],
        pickup_node_idx=pickup if is_constant(pickup, SHIPS) else pickup[row],
        attributes=attributes,
    )
    return Lines(lines, row)


def build_reference(
    view: TableView, orders: TableView, lines: TableView, line_row: I64, node_ids: Coded, service_ids: Coded
) -> Reference:
    """The reference table: every row names a line of the batch."""
    order_idx = view.refers("order_id", orders.coded("order_id"), "order")
    node_idx = view.refers("node_id", node_ids, "node")
    service_idx = view.refers("service_id", service_ids, "service")
    view.text("line_id")
    days = default_date(view.dates("ship_on"))
    quantity = view.whole("quantity").data
    line_idx = find_lines(view, orders, lines, order_idx, line_row)
    return Reference(line_idx, node_idx, service_idx, days, quantity)


def check_totals(view: TableView, lines: Lines, orders: Orders, objective: Objective) -> None:
    """The cost of shipping nothing, the plan always at hand, must stay well inside int64 micros."""
    table = lines.lines
    if not len(table):
        return
    value = table.unit_value.micros / MICROS
    by_policy = float(objective.unfilled_unit) + float(objective.unfilled_value) * value
    by_policy = by_policy * ((orders.priority.micros[table.order_idx] + 1) / MICROS)
    unit = np.where(table.has_unfilled_cost, table.unfilled_cost.micros / MICROS, by_policy)
    total = float((unit * table.quantity).sum())
    if total * MICROS > MAX_TOTAL_MICROS / 4:
        worst = int(lines.row[np.argmax(unit * table.quantity)])
        bad = np.zeros(view.num_rows, np.bool_)
        bad[worst] = True
        most = MAX_TOTAL_MICROS // 4 // MICROS
        view.tell_rows(
            "E410",
            "quantity",
            bad,
            lambda row: (
                f"leaving every unit unfilled would cost {total:.3g}, more than {most:.3g}; this line costs most"
            ),
        )


def _excluded_nodes(view: TableView, node_ids: Coded) -> tuple[I64, I64]:
    """Nodes excluded for each order: positions, and where each order's begin. Lists are read once per distinct text."""
    coded = view.coded("excluded_nodes")
    every = node_ids.distinct.to_pylist()
    lists = []
    unknown: dict[str, str] = {}
    for text in coded.distinct.to_pylist():
        names = list(dict.fromkeys(name.strip() for name in text.split(";") if name.strip()))
        found = positions(text_column(names), node_ids)
        missing = [name for name, position in zip(names, found.tolist(), strict=True) if position < 0]
        if missing:
            unknown[text] = missing[0]
        lists.append(np.unique(found[found >= 0]))
    if unknown and node_ids.is_whole:
        bad = np.array([text in unknown for text in coded.distinct.to_pylist()], np.bool_)[coded.codes]
        view.tell(
            "E301",
            "excluded_nodes",
            bad,
            "no node of that name in the list",
            lambda text: suggest(unknown[text], every),
        )
    sizes = np.array([len(nodes) for nodes in lists], np.int64)
    ptr = np.concatenate([[0], np.cumsum(sizes[coded.codes])]).astype(np.int64)
    if not ptr[-1]:
        return ptr, np.zeros(0, np.int64)
    return ptr, np.concatenate([lists[code] for code in coded.codes[sizes[coded.codes] > 0].tolist()])


def _days(view: TableView, column: str) -> I64:
    """Day numbers, LONG_PAST where empty; a column without any costs no memory."""
    if view.has(column):
        days = view.dates(column)
        if days.given.any():
            return np.where(days.given, days.data, LONG_PAST)
    return constant(LONG_PAST, view.num_rows)


def find_lines(
    view: TableView, orders: TableView, lines: TableView, order_idx: I64, line_row: I64, is_optional: bool = False
) -> I64:
    """Positions of (order, line) among the grouped lines, -1 where there is none (a fault).

    `order_idx` [rows] are the orders' positions; `line_row` [lines] are the rows of the grouped lines. With
    `is_optional` an empty line_id is no fault.
    """
    if not view.num_rows:
        return np.zeros(0, np.int64)
    texts = view.coded("line_id")
    known = lines.coded("line_id")
    code = pc.index_in(texts.distinct, value_set=known.distinct).fill_null(-1).to_numpy(zero_copy_only=False)
    own_order = positions(lines.coded("order_id").distinct, orders.coded("order_id"))[lines.coded("order_id").codes]
    at = np.concatenate([own_order, order_idx])
    key = combine((at, np.concatenate([known.codes, code.astype(np.int64)[texts.codes]])))
    of_lines, wanted = key[: lines.num_rows], key[lines.num_rows :]
    position_of_row = np.empty(lines.num_rows, np.int64)
    position_of_row[line_row] = np.arange(lines.num_rows)
    order = np.argsort(of_lines, kind="stable")
    slot = np.searchsorted(of_lines[order], wanted)
    hit = slot < lines.num_rows
    hit[hit] = of_lines[order][slot[hit]] == wanted[hit]
    found = np.full(view.num_rows, -1, np.int64)
    found[hit] = position_of_row[order[slot[hit]]]
    blank = view.is_empty("line_id")
    found[(order_idx < 0) | blank] = -1
    if not known.is_whole or not orders.is_whole:
        return found
    missing = (found < 0) & (order_idx >= 0) & ~(blank & is_optional)
    view.tell("E301", "line_id", missing, "its order has no line of that name")
    return found
