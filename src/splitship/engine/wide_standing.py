"""The plan of the wide orders as it is being improved with flows between packages."""

from __future__ import annotations

import numpy as np

from splitship.engine.assignment import Assignment
from splitship.engine.wide_flow import Flows
from splitship.engine.wide_moves import balance_skus, move_groups, start_flows
from splitship.engine.wide_tables import WideTables
from splitship.instance import Instance
from splitship.units import I32, I64

_LOG = 1 << 16
"""Moves of units that one change of the plan may take."""


class WideStanding:
    """A plan that is changed in place: the assignment, what it leaves of every row, and the flows of its units."""

    def __init__(self, instance: Instance, tables: WideTables, orders: I64, plans: Assignment, residual: I64) -> None:
        self.tables, self.orders = tables, orders
        num_rows, num_skus = len(instance.resources), len(instance.problem.skus)
        owner = np.repeat(np.arange(instance.num_orders), np.diff(instance.line_ptr))
        alone = instance.problem.skus.is_ship_alone[instance.line_sku]
        is_parted = instance.is_wide[owner] & (instance.line_step == 1) & ~alone
        sku_of = np.full(num_rows, -1, np.int64)
        supply, line = instance.option_line_supply, instance.option_line
        there = np.flatnonzero((supply >= 0) & (supply < num_rows))
        sku_of[supply[there]] = instance.line_sku[line[there]]
        is_parted[line[supply >= num_rows]] = False  # units that take of several rows at once stay where they are
        rows = np.flatnonzero(sku_of >= 0)
        rows = rows[np.argsort(sku_of[rows], kind="stable")]
        row_ptr = np.searchsorted(sku_of[rows], np.arange(num_skus + 1)).astype(np.int64)
        place = np.zeros(num_rows, np.int64)
        place[rows] = np.arange(len(rows)) - row_ptr[sku_of[rows]]
        num_places = np.diff(row_ptr) + 1
        way_ptr = np.concatenate([[0], np.cumsum(num_places**2)]).astype(np.int64)
        free_ptr = np.concatenate([[0], np.cumsum(num_places)]).astype(np.int64)
        num_cells, num_lines, num_heads = int(plans.wide_ptr[-1]), len(instance.line_sku), num_rows + num_skus

        def none(size: int) -> I32:
            return np.full(size, -1, np.int32)

        def zeros(size: int) -> I64:
            return np.zeros(size, np.int64)

        self.flows = Flows(
            packages=plans.count, option=plans.option, content=plans.content, quantity=plans.quantity,
            wide_ptr=plans.wide_ptr, residual=residual, unfilled=zeros(num_lines), cost=zeros(instance.num_orders),
            cell_line=none(num_cells), cell_at=none(num_cells), cell_row=none(num_cells),
            line_order=owner.astype(np.int64), is_parted=is_parted,
            row_ptr=row_ptr, sku_row=rows.astype(np.int64), place=place,
            head=none(num_heads), after=none(num_cells + num_lines), before=none(num_cells + num_lines),
            way_ptr=way_ptr, way=zeros(int(way_ptr[-1])), by=none(int(way_ptr[-1])), to=none(int(way_ptr[-1])),
            free_ptr=free_ptr, free=zeros(int(free_ptr[-1])), follow=zeros(int(free_ptr[-1])),
            is_dirty=np.ones(num_heads, np.bool_), is_changed=np.ones(num_skus, np.bool_),
            log=np.zeros((_LOG, 3), np.int64), log_size=zeros(2),
            room=zeros(num_rows), price=zeros(num_rows),
            stamp=zeros(instance.num_orders), new_cost=zeros(instance.num_orders),
        )  # fmt: skip
        self.total = int(start_flows(tables, self.flows, orders))

    def balance(self, skus: I64) -> int:
        """Put the units of some SKUs where they cost least among the packages there; the change of true cost."""
        return int(balance_skus(self.tables, self.flows, skus))

    def move(self, groups: I64, group_ptr: I64, prices: I64, grace: I64) -> int:
        """Plan groups of orders again, others making room; the change of true cost.

        Group g, `groups[group_ptr[g]:group_ptr[g + 1]]`, is planned in this sequence, at `prices` [rows] on top of what
        others lose, and keeps its new plans when all orders together cost at most `grace[g]` micros more.
        """
        return int(move_groups(self.tables, self.flows, groups, group_ptr, prices, grace))
