"""Orders too wide for exact pricing: their bound, their plans, and what those use."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from splitship.engine.assignment import Assignment
from splitship.engine.tables import Tables
from splitship.engine.wide_bound import fill_floors
from splitship.engine.wide_facilities import list_facilities
from splitship.engine.wide_passes import (
    add_wide_use,
    cost_of_wide_orders,
    place_wide_orders,
    price_wide_orders,
    replace_wide_orders,
)
from splitship.engine.wide_tables import WideTables, make_wide_tables
from splitship.instance import Instance
from splitship.units import I64

_PARTS = 2
_CHUNK = 64
"""Orders between two looks at the clock."""
_STEPS = 40
_QUICK_PASSES = 8
"""Passes without branching, while prices still move far."""
_NODES = 200


class WideOrders:
    """The wide orders of an instance; every method is a no-op without any.

    A pass starts from what the last one found (line values, nodes that ship), so it depends on the passes before.
    """

    def __init__(self, instance: Instance, tables: Tables, pool: ThreadPoolExecutor | None = None) -> None:
        self.is_wide = instance.is_wide
        self.orders = np.flatnonzero(instance.is_wide).astype(np.int64)
        self.pool = pool
        self.num_passes = 0
        self.is_late: Callable[[], bool] = lambda: False
        """Asked between chunks of orders; once true, the rest of a pass is skipped and orders not placed stay out."""
        if not len(self.orders):
            return
        problem = instance.problem
        stock_at = np.full((len(problem.nodes), len(problem.skus)), -1, np.int64)
        stock_at[problem.stock.node_idx, problem.stock.sku_idx] = np.arange(len(problem.stock))
        tables_now = make_wide_tables(instance, tables)
        fill_floors(tables_now, self.orders, problem.ever_available, stock_at)
        self.tables = _with_facilities(tables_now, self.orders)
        self.is_open = np.zeros(len(self.tables.facility_choice), np.bool_)
        self.value = np.zeros(len(instance.line_sku))
        self.unfilled = instance.unfilled_cost * instance.line_quantity
        self.line_ptr = instance.line_ptr
        self.refund = instance.refund

    def price(self, prices: I64, plans: Assignment, cost: I64, use: I64, values: I64) -> int:
        """Plan every wide order at prices; fills `plans`, `cost`, `use`, `values`; returns the sum of their bounds."""
        if not len(self.orders):
            return 0
        edges = np.linspace(0, len(self.orders), _PARTS + 1).astype(int).tolist()
        uses = [np.zeros_like(use) for _ in range(_PARTS)]
        bounds = np.zeros(len(cost), np.int64)
        nodes = 0 if self.num_passes < _QUICK_PASSES else _NODES
        self.num_passes += 1

        def work(part: int) -> int:
            total = 0
            for start in range(edges[part], edges[part + 1], _CHUNK):
                orders = self.orders[start : min(start + _CHUNK, edges[part + 1])]
                if self.is_late():
                    total -= int(self.refund[orders].sum())  # no order costs less
                    continue
                added = price_wide_orders(
                    self.tables,
                    orders,
                    prices,
                    _STEPS,
                    nodes,
                    self.is_open,
                    self.value,
                    plans.count,
                    plans.option,
                    plans.content,
                    plans.quantity,
                    plans.wide_ptr,
                    cost,
                    uses[part],
                    values,
                    bounds,
                )
                total += int(added)
            return total

        totals = list((map if self.pool is None else self.pool.map)(work, range(_PARTS)))
        use += np.sum(uses, axis=0)
        return sum(totals)

    def place(self, sequence: I64, prices: I64, residual: I64, into: Assignment) -> int:
        """Place the wide orders of a sequence on what is left; returns their true cost."""
        total = 0
        # At prices from the back: orders come dearest first, but those have most ways to do with what is left.
        for orders in self._chunks(sequence[::-1] if prices.any() else sequence):
            if self.is_late():
                total += sum(int(self.unfilled[self.line_ptr[o] : self.line_ptr[o + 1]].sum()) for o in orders)
                continue
            added = place_wide_orders(
                self.tables,
                orders,
                prices,
                residual,
                self.is_open,
                into.count,
                into.option,
                into.content,
                into.quantity,
                into.wide_ptr,
            )
            total += int(added)
        return total

    def replace(self, sequence: I64, prices: I64, residual: I64, plans: Assignment) -> int:
        """Take each wide order out and put it back where that is better; returns the change of true cost."""
        total = 0
        for orders in self._chunks(sequence):
            if self.is_late():
                break
            added = replace_wide_orders(
                self.tables,
                orders,
                prices,
                residual,
                self.is_open,
                plans.count,
                plans.option,
                plans.content,
                plans.quantity,
                plans.wide_ptr,
            )
            total += int(added)
        return total

    def add_use(self, plans: Assignment, use: I64) -> None:
        """Add what the wide orders of an assignment use of every resource."""
        if not len(self.orders):
            return
        add_wide_use(self.tables, self.orders, plans.count, plans.option, plans.quantity, plans.wide_ptr, use)

    def cost_of(self, plans: Assignment) -> int:
        """True cost of the plans of all wide orders, in micros."""
        if not len(self.orders):
            return 0
        cost = cost_of_wide_orders(self.tables, self.orders, plans.count, plans.option, plans.quantity, plans.wide_ptr)
        return int(cost)

    def _chunks(self, sequence: I64) -> list[I64]:
        orders = sequence[self.is_wide[sequence]]
        return [orders[start : start + _CHUNK] for start in range(0, len(orders), _CHUNK)]


def _with_facilities(tables: WideTables, orders: I64) -> WideTables:
    num = len(tables.floor_package)
    choice, option, ptr = np.empty(num, np.int64), np.empty(num, np.int64), np.empty(num + 1, np.int64)
    most = len(tables.floor_unit)
    line, source = np.empty(most, np.int64), np.empty((most, 2), np.int64)
    facilities, entries = list_facilities(tables, orders, tables.facility_ptr, choice, option, ptr, line, source)
    return tables._replace(
        facility_choice=choice[:facilities].copy(),
        facility_option=option[:facilities].copy(),
        entry_ptr=ptr[: facilities + 1].copy(),
        entry_line=line[:entries].copy(),
        entry_from=source[:entries].copy(),
    )
