"""A base plan with one order served another way: who has to make room, and who takes what becomes free."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from splitship.domain import Plan
from splitship.engine.assignment import Assignment
from splitship.engine.convert import plan_of
from splitship.engine.greedy import place_orders, replace_orders
from splitship.engine.master import columns_of_plans
from splitship.engine.warm import assignment_of
from splitship.planning.order_search import OrderSearch, is_same_plan
from splitship.units import I64

_MOST_CANDIDATES = 200
"""Orders that are asked what it would cost them to make room in one place, or whether they gain by what is free."""


def repaired_plan(search: OrderSearch, base: Plan, order: int, forced: Plan) -> Plan | None:
    """The base plan with a narrow order's packages replaced by `forced`, the others put right; None where that fails.

    Where the forced packages take what others have, the orders give way that lose least by it, and are placed anew on
    what is left. Then orders that gain by what became free are put back at their best. Nobody else moves.
    """
    pricer = search.pricer
    instance, tables = pricer.instance, pricer.tables
    assignment, needed = assignment_of(pricer, base), search.use_of(forced)
    if needed is None or not is_same_plan(plan_of(instance, tables, assignment), base.canonical()):
        return None
    room: I64 = instance.resources.capacity - pricer.use_of(assignment)
    assignment.count[order] = 0
    residual: I64 = instance.resources.capacity - pricer.use_of(assignment) - needed
    victims = _make_room(search, assignment, residual)
    if (residual < 0).any():
        return None
    pricer.place(victims, np.zeros(len(residual), np.int64), residual, assignment)
    _take_up(search, assignment, residual, room, order, victims)
    return Plan.joined([plan_of(instance, tables, assignment), forced]).canonical()


def _take_up(
    search: OrderSearch, assignment: Assignment, residual: I64, room: I64, order: int, victims: I64
) -> None:  # fmt: skip
    """Put back at their best those who gave way, and orders that gain by what is free now and was not in the base.

    What an order could have had in the base too, where there was `room`, it is not given: that has nothing to do with
    the forced order.
    """
    pricer = search.pricer
    tables, nothing = pricer.tables, np.zeros(len(residual), np.int64)
    others = _orders_that_use(search, np.flatnonzero(residual > room))
    others = others[~np.isin(others, victims) & (others != order) & ~pricer.instance.is_wide[others]]
    for each in (*victims.tolist(), *others[:_MOST_CANDIDATES].tolist()):
        one = np.array([each], np.int64)
        slot = slice(int(tables.slot_ptr[each]), int(tables.slot_ptr[each + 1]))
        before = int(assignment.count[each]), assignment.option[slot].copy(), assignment.content[slot].copy()
        left = residual.copy()
        saved = replace_orders(
            tables, one, nothing, residual, pricer.scratch[0], assignment.count, assignment.option, assignment.content
        )
        taken = left - residual
        if saved and each not in victims and (taken <= room).all():
            assignment.count[each], assignment.option[slot], assignment.content[slot] = before
            residual += taken


def _make_room(search: OrderSearch, assignment: Assignment, residual: I64) -> I64:
    """Take out the narrow orders that lose least until no row of `residual`, which is changed, is below 0."""
    pricer = search.pricer
    tables, nothing = pricer.tables, np.zeros(len(residual), np.int64)
    over = np.flatnonzero(residual < 0)
    if not len(over):
        return np.zeros(0, np.int64)
    orders = np.flatnonzero(~pricer.instance.is_wide & (assignment.count > 0))
    columns = columns_of_plans(pricer, orders, assignment)
    use = sparse.csr_array(columns.use.tocsr())
    trial, taken_out = assignment.copy(), set[int]()
    for row in over.tolist():
        users = use[[row]].tocoo()
        losses = []
        for position, units in list(zip(columns.owner[users.col].tolist(), users.data.tolist(), strict=True)):
            if int(orders[position]) in taken_out:
                continue
            column = np.rint(columns.use[:, [position]].toarray().reshape(-1)).astype(np.int64)
            left = np.maximum(residual + column, 0)
            left[row] = max(0, int(residual[row]))  # what it gives up it cannot have again
            cost = place_orders(
                tables, orders[[position]], nothing, left, pricer.scratch[0], trial.count, trial.option, trial.content
            )
            losses.append(((int(cost) - int(columns.cost[position])) / units, position, column))
            if len(losses) == _MOST_CANDIDATES:
                break
        losses.sort(key=lambda loss: loss[:2])
        for _, position, column in losses:
            if residual[row] >= 0:
                break
            taken_out.add(int(orders[position]))
            assignment.count[orders[position]] = 0
            residual += column
    return np.array(sorted(taken_out), np.int64)


def _orders_that_use(search: OrderSearch, rows: I64) -> I64:
    """Orders of which some option could use one of the rows."""
    instance, num_rows = search.pricer.instance, len(search.prices)
    is_row = np.zeros(num_rows, np.bool_)
    is_row[rows] = True
    option_of_line = np.repeat(np.arange(instance.num_options), np.diff(instance.option_line_ptr))
    at, row = instance.draws.rows_of_supplies(instance.option_line_supply, num_rows)
    by_draw, option = instance.draws.rows_of_options(instance.option_draw)
    options = np.concatenate([option_of_line[at[is_row[row]]], option[is_row[by_draw]]])
    owner = np.repeat(np.arange(instance.num_orders), np.diff(instance.option_ptr))
    found: I64 = np.unique(owner[options]).astype(np.int64)
    return found
