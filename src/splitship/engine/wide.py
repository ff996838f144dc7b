"""Orders too wide for exact pricing: their bound, their plans, and what those use."""

from __future__ import annotations

import numpy as np

from splitship.engine.assignment import Assignment
from splitship.engine.tables import Tables
from splitship.engine.wide_bound import fill_floors
from splitship.engine.wide_plan import add_wide_use, plan_orders
from splitship.engine.wide_tables import make_wide_tables
from splitship.instance import Instance
from splitship.units import I64

_PRICE, _PLACE, _REPLACE = 0, 1, 2


class WideOrders:
    """The wide orders of an instance; every method is a no-op without any."""

    def __init__(self, instance: Instance, tables: Tables) -> None:
        self.is_wide = instance.is_wide
        self.orders = np.flatnonzero(instance.is_wide).astype(np.int64)
        if not len(self.orders):
            return
        self.tables = make_wide_tables(instance, tables)
        problem = instance.problem
        stock_at = np.full((len(problem.nodes), len(problem.skus)), -1, np.int64)
        stock_at[problem.stock.node_idx, problem.stock.sku_idx] = np.arange(len(problem.stock))
        fill_floors(self.tables, self.orders, problem.stock.available, stock_at)

    def price(self, prices: I64, plans: Assignment, cost: I64, use: I64, values: I64) -> int:
        """Plan every wide order at prices; fills `plans`, `cost`, `use`, `values`; returns the sum of their bounds."""
        if not len(self.orders):
            return 0
        return self._plan(_PRICE, self.orders, prices, prices, plans, cost, use, values)[0]

    def place(self, sequence: I64, prices: I64, residual: I64, into: Assignment) -> int:
        """Place the wide orders of a sequence on what is left; returns their true cost."""
        return self._search(_PLACE, sequence, prices, residual, into)

    def replace(self, sequence: I64, prices: I64, residual: I64, plans: Assignment) -> int:
        """Take each wide order out and put it back where that is better; returns the change of true cost."""
        return self._search(_REPLACE, sequence, prices, residual, plans)

    def add_use(self, plans: Assignment, use: I64) -> None:
        """Add what the wide orders of an assignment use of every resource."""
        if not len(self.orders):
            return
        add_wide_use(self.tables, self.orders, plans.count, plans.option, plans.quantity, plans.wide_ptr, use)

    def _search(self, mode: int, sequence: I64, prices: I64, residual: I64, plans: Assignment) -> int:
        if not len(self.orders):
            return 0
        orders = sequence[self.is_wide[sequence]]
        empty = np.zeros(0, np.int64)
        return self._plan(mode, orders, prices, residual, plans, empty, empty, empty)[1]

    def _plan(
        self, mode: int, orders: I64, prices: I64, residual: I64, plans: Assignment, cost: I64, use: I64, values: I64
    ) -> tuple[int, int]:
        bounds, total = plan_orders(
            self.tables, orders, prices, residual, mode, plans.count, plans.option, plans.content, plans.quantity,
            plans.wide_ptr, cost, use, values,
        )  # fmt: skip
        return int(bounds), int(total)
