"""Moves between nodes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.units import I64, Amounts, Bools


@dataclass(frozen=True, slots=True)
class Transfers:
    """Ways from one node to another, sorted by both; each [ways].

    `days` calendar days after the day it leaves, one of `working_days` ([ways, 7], Monday first), the transfer is
    there. It costs `cost_per_package` for the units of one order that move together, and `cost_per_unit` each.
    """

    from_node_idx: I64
    to_node_idx: I64
    days: I64
    cost_per_unit: Amounts
    cost_per_package: Amounts
    working_days: Bools

    @classmethod
    def empty(cls) -> Transfers:
        """Nothing moves between nodes."""
        none = np.zeros(0, np.int64)
        return cls(none, none, none, Amounts.zeros(0), Amounts.zeros(0), np.zeros((0, 7), np.bool_))

    def __len__(self) -> int:
        return len(self.from_node_idx)
