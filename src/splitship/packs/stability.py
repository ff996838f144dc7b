"""Text tables of the plan in force and of rejections to the domain's columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from splitship.domain import Plan, PlanBefore, Rejections
from splitship.packs.demand import Lines, find_lines
from splitship.packs.feature_tables import STATES
from splitship.packs.inventory import optional_key
from splitship.packs.stability_checks import RowUnits, check_kits, check_one_piece, check_quantities, content_skus
from splitship.packs.stability_ways import read_services
from splitship.packs.view import Coded, TableView, combine, taken
from splitship.units import I64, Amounts, Bools, day_text

PROMISED, RELEASED = (STATES.index(state) for state in ("promised", "released"))
_NEEDED = ("nodes", "skus", "kits", "substitutes", "transfers")
"""Tables without which what the plan before says of services and SKUs cannot be judged."""
_KEY = ("order_id", "node_id", "service_id", "ship_on", "line_id")


def build_plan_before(
    view: TableView,
    views: Mapping[str, TableView],
    lines: Lines,
    today: I64,
    tables: Mapping[str, Any],
    faulty: Collection[str] = (),
) -> PlanBefore:
    """The plan_before table: rows to packages, none of a line's units twice.

    `today` [nodes]: the local date; `tables` are those of other features, by name, `faulty` those that have faults:
    what depends on them is then not looked at.
    """
    node_ids, sku_ids = views["nodes"].coded("node_id"), views["skus"].coded("sku_id")
    is_sure = not any(name in faulty or not views[name].is_whole for name in _NEEDED)
    order_idx = view.refers("order_id", views["orders"].coded("order_id"), "order")
    node_idx = view.refers("node_id", node_ids, "node")
    service_idx = read_services(view, views["services"].coded("service_id"), node_ids, node_idx, tables, is_sure)
    line_idx = find_lines(view, views["orders"], views["order_lines"], order_idx, lines.row)
    view.text("line_id")
    day = view.dates("ship_on").data
    quantity = view.whole("quantity")
    state = view.word_codes("state")
    price, has_price = view.amounts("move_price")
    names, has_name = view.coded("package_id").codes, ~view.is_empty("package_id")
    named_sku = _named_skus(view, sku_ids)
    if not view.num_rows:
        return PlanBefore.empty()
    own = [node_idx, service_idx, day, state]
    repeated = view.keys((line_idx, *own, names, view.coded("sku_id").codes), _KEY)
    parts = [np.where(has_name, 0, part + 1) for part in own]
    _, package = np.unique(
        combine((order_idx, np.where(has_name, names, 0), has_name * 1, *parts)), return_inverse=True
    )
    package = package.reshape(-1).astype(np.int64)
    first = first_rows(package)
    place = view.findings.locate
    is_clear = np.logical_and.reduce([part >= 0 for part in (order_idx, *own)]) & ~view.faulty("ship_on")
    strange = np.logical_or.reduce([part != part[first] for part in own]) & is_clear & is_clear[first]
    view.tell_rows(
        "E428",
        "package_id",
        strange,
        lambda row: (
            f"another node, service, day or state than in this package at {place('plan_before', first[row], None)}"
        ),
    )
    promised = state == PROMISED
    _check_move_prices(view, package, state, price, has_price)
    is_known = (line_idx >= 0) & ~repeated & ~view.faulty("quantity") & (state >= 0) & ~strange
    sku_idx = named_sku
    if is_sure:
        sku_idx = content_skus(view, line_idx, named_sku, lines.lines, tables, sku_ids)
        known = np.flatnonzero(is_known & ~view.faulty("sku_id"))
        units = RowUnits.of(known, line_idx, quantity.data, sku_idx, package, lines.lines, tables.get("kits"))
        check_quantities(view, units)
        check_one_piece(view, units, lines.lines)
        check_kits(view, units, ~promised)
    passed = promised & (day < taken(today, node_idx)) & (node_idx >= 0)
    view.tell_rows(
        "W621",
        "ship_on",
        passed,
        lambda row: f"{day_text(day[row])} has passed, it is {day_text(today[node_idx[row]])} there: it cannot be kept",
    )
    keys = (order_idx, *own)
    return _grouped(package, keys, line_idx, quantity.data, sku_idx, names, price, has_price)


def build_rejections(view: TableView, views: Mapping[str, TableView], line_row: I64, node_ids: Coded) -> Rejections:
    """The rejections table."""
    order_idx = view.refers("order_id", views["orders"].coded("order_id"), "order")
    node_idx = view.refers("node_id", node_ids, "node")
    line_idx = find_lines(view, views["orders"], views["order_lines"], order_idx, line_row, is_optional=True)
    parts = order_idx, optional_key(view, "line_id", line_idx), node_idx
    view.keys(parts, ("order_id", "line_id", "node_id"))
    order = np.lexsort((node_idx, line_idx, order_idx))
    return Rejections(order_idx[order], line_idx[order], node_idx[order])


def first_rows(groups: I64) -> I64:
    """For each row the first row of its group; groups are numbered from 0."""
    first = np.zeros(int(groups.max(initial=-1)) + 1, np.int64)
    first[groups[::-1]] = np.arange(len(groups) - 1, -1, -1)
    return first[groups]


def _named_skus(view: TableView, sku_ids: Coded) -> I64:
    """The SKU that each row names, -1 where it names none or one that is not there (a fault)."""
    if not view.has("sku_id"):
        return np.full(view.num_rows, -1, np.int64)
    return view.refers("sku_id", sku_ids, "SKU")


def _check_move_prices(view: TableView, package: I64, state: I64, price: Amounts, has_price: Bools) -> None:
    """One price a package; none of one that never moves."""
    known = np.flatnonzero((state == PROMISED) & ~view.faulty("move_price"))
    _, group = np.unique(package[known], return_inverse=True)
    first = known[first_rows(group.reshape(-1).astype(np.int64))]
    differs = np.zeros(view.num_rows, np.bool_)
    for part in (price.micros, price.atto, has_price):
        differs[known] |= part[known] != part[first]
    first_of = np.zeros(view.num_rows, np.int64)
    first_of[known] = first
    view.tell_rows(
        "E428",
        "move_price",
        differs,
        lambda row: (
            "another price than of this package at "
            f"{view.findings.locate('plan_before', int(first_of[row]), None)}: it is charged once a package"
        ),
    )
    released = has_price & (state == RELEASED)
    view.tell_rows("W623", "move_price", released, lambda row: "no effect: a released package never moves")


def _grouped(
    package: I64,
    keys: tuple[I64, ...],
    line_idx: I64,
    quantity: I64,
    sku_idx: I64,
    names: I64,
    price: Amounts,
    has_price: Bools,
) -> PlanBefore:
    """Rows as packages and contents; `keys` are order, node, service, day, state of the rows."""
    num = int(package.max()) + 1
    row = np.empty(num, np.int64)  # for each package the row of its first line
    by_line = np.lexsort((np.arange(len(package)), line_idx))[::-1]
    row[package[by_line]] = by_line
    order_idx, node_idx, service_idx, day, state = keys
    sequence = np.lexsort(
        (names[row], line_idx[row], state[row], service_idx[row], node_idx[row], day[row], order_idx[row])
    )
    rank = np.empty(num, np.int64)
    rank[sequence] = np.arange(num)
    row = row[sequence]
    content = np.lexsort((sku_idx, line_idx, rank[package]))
    plan = Plan(
        order_idx[row],
        node_idx[row],
        service_idx[row],
        day[row],
        rank[package][content],
        line_idx[content],
        quantity[content],
        sku_idx[content] if (sku_idx >= 0).any() else None,
    )
    is_released = state[row] == RELEASED
    charged = np.where(is_released, 0, 1)
    move_price = Amounts(price.micros[row] * charged, price.atto[row] * charged)
    return PlanBefore(plan, is_released, move_price, has_price[row] & ~is_released)
