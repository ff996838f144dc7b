"""Text tables of the plan in force and of rejections to the domain's columns."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from splitship.domain import Plan, PlanBefore, Rejections
from splitship.packs.demand import Lines, find_lines
from splitship.packs.feature_tables import STATES
from splitship.packs.inventory import optional_key
from splitship.packs.view import Coded, TableView, combine, taken
from splitship.units import I64, Amounts, Bools, day_text

PROMISED, RELEASED = (STATES.index(state) for state in ("promised", "released"))


def build_plan_before(
    view: TableView, views: Mapping[str, TableView], lines: Lines, node_ids: Coded, service_ids: Coded, today: I64
) -> PlanBefore:
    """The plan_before table: rows to packages, none of a line's units twice. `today` [nodes]: the local date."""
    order_idx = view.refers("order_id", views["orders"].coded("order_id"), "order")
    node_idx = view.refers("node_id", node_ids, "node")
    service_idx = view.refers("service_id", service_ids, "service")
    line_idx = find_lines(view, views["orders"], views["order_lines"], order_idx, lines.row)
    view.text("line_id")
    day = view.dates("ship_on").data
    quantity = view.whole("quantity")
    state = view.word_codes("state")
    price, has_price = view.amounts("move_price")
    names, has_name = view.coded("package_id").codes, ~view.is_empty("package_id")
    if not view.num_rows:
        return PlanBefore.empty()
    own = [node_idx, service_idx, day, state]
    repeated = view.keys((line_idx, *own, names), ("order_id", "node_id", "service_id", "ship_on", "line_id"))
    parts = [np.where(has_name, 0, part + 1) for part in own]
    _, package = np.unique(
        combine((order_idx, np.where(has_name, names, 0), has_name * 1, *parts)), return_inverse=True
    )
    first = _first_rows(package)
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
    _check_move_prices(view, order_idx, state, price, has_price)
    unique = (line_idx >= 0) & ~repeated & ~view.faulty("quantity")
    _check_quantities(view, np.flatnonzero(unique), line_idx, quantity.data, lines)
    passed = promised & (day < taken(today, node_idx)) & (node_idx >= 0)
    view.tell_rows(
        "W621",
        "ship_on",
        passed,
        lambda row: f"{day_text(day[row])} has passed, it is {day_text(today[node_idx[row]])} there: it cannot be kept",
    )
    return _grouped(view, package, (order_idx, *own), line_idx, quantity.data, names, price, has_price)


def build_rejections(view: TableView, views: Mapping[str, TableView], line_row: I64, node_ids: Coded) -> Rejections:
    """The rejections table."""
    order_idx = view.refers("order_id", views["orders"].coded("order_id"), "order")
    node_idx = view.refers("node_id", node_ids, "node")
    line_idx = find_lines(view, views["orders"], views["order_lines"], order_idx, line_row, is_optional=True)
    parts = order_idx, optional_key(view, "line_id", line_idx), node_idx
    view.keys(parts, ("order_id", "line_id", "node_id"))
    order = np.lexsort((node_idx, line_idx, order_idx))
    return Rejections(order_idx[order], line_idx[order], node_idx[order])


def _check_move_prices(view: TableView, order_idx: I64, state: I64, price: Amounts, has_price: Bools) -> None:
    """One price an order; none of a package that never moves."""
    known = np.flatnonzero((state == PROMISED) & (order_idx >= 0) & ~view.faulty("move_price"))
    first = known[_first_rows(pd.factorize(order_idx[known])[0])]
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
            "another price than of this order at "
            f"{view.findings.locate('plan_before', int(first_of[row]), None)}: it is charged once an order"
        ),
    )
    released = has_price & (state == RELEASED)
    view.tell_rows("W623", "move_price", released, lambda row: "no effect: a released package never moves")


def _check_quantities(view: TableView, known: I64, line_idx: I64, quantity: I64, lines: Lines) -> None:
    """What the rows `known` put into packages is at most what their lines ask for; told where it is passed."""
    sums = pd.Series(quantity[known]).groupby(line_idx[known]).cumsum().to_numpy()
    asked = lines.lines.quantity[line_idx[known]]
    beyond = np.zeros(view.num_rows, np.bool_)
    beyond[known] = (sums > asked) & (sums - quantity[known] <= asked)
    total, ordered = np.zeros(view.num_rows, np.int64), np.zeros(view.num_rows, np.int64)
    total[known], ordered[known] = sums, asked
    view.tell_rows(
        "E425",
        "quantity",
        beyond,
        lambda row: f"makes {total[row]:,} units of this line in packages; it asks for {ordered[row]:,}",
    )


def _first_rows(groups: I64) -> I64:
    """For each row the first row of its group; groups are numbered from 0."""
    first = np.zeros(int(groups.max(initial=-1)) + 1, np.int64)
    first[groups[::-1]] = np.arange(len(groups) - 1, -1, -1)
    return first[groups]


def _grouped(
    view: TableView,
    package: I64,
    keys: tuple[I64, ...],
    line_idx: I64,
    quantity: I64,
    names: I64,
    price: Amounts,
    has_price: Bools,
) -> PlanBefore:
    """Rows as packages and contents; `keys` are order, node, service, day, state of the rows."""
    num = int(package.max()) + 1
    row = np.empty(num, np.int64)  # for each package the row of its first line
    by_line = np.lexsort((np.arange(view.num_rows), line_idx))[::-1]
    row[package[by_line]] = by_line
    order_idx, node_idx, service_idx, day, state = keys
    sequence = np.lexsort(
        (names[row], line_idx[row], state[row], service_idx[row], node_idx[row], day[row], order_idx[row])
    )
    rank = np.empty(num, np.int64)
    rank[sequence] = np.arange(num)
    row = row[sequence]
    content = np.lexsort((line_idx, rank[package]))
    plan = Plan(
        order_idx[row],
        node_idx[row],
        service_idx[row],
        day[row],
        rank[package][content],
        line_idx[content],
        quantity[content],
    )
    is_released = state[row] == RELEASED
    charged = np.where(is_released, 0, 1)
    move_price = Amounts(price.micros[row] * charged, price.atto[row] * charged)
    return PlanBefore(plan, is_released, move_price, has_price[row] & ~is_released)
