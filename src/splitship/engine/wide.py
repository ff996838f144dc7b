"""Orders too wide for exact pricing."""
from __future__ import annotations

import numpy as np

from splitship.engine.assignment import Assignment
from splitship.engine.tables import Tables
from splitship.instance import Instance
from splitship.units import I64


class WideOrders:
    """The wide orders of an instance."""

    def __init__(self, instance: Instance, tables: Tables) -> None:
        self.orders = np.flatnonzero(instance.is_wide)

    def price(self, prices: I64, cost: I64, use: I64, values: I64) -> int:
        """Nothing yet."""
        return 0

    def place(self, sequence: I64, prices: I64, residual: I64, into: Assignment) -> int:
        """Nothing yet."""
        return 0

    def replace(self, sequence: I64, prices: I64, residual: I64, plans: Assignment) -> int:
        """Nothing yet."""
        return 0

    def add_use(self, plans: Assignment, use: I64) -> None:
        """Nothing yet."""
