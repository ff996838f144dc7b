"""How quantities are counted: in units, or whole lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from splitship.domain import Problem
from splitship.units import I64, Floats


@dataclass(frozen=True, slots=True)
class Steps:
    """How quantities are counted: units moved at once (`size`) and number of quantities (`radix`), both [lines].

    `states` [orders] is the number of quantity vectors, `lines` [orders] that of lines.
    """

    size: I64
    radix: I64
    states: Floats
    lines: I64

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """One unit at once, of a kit's component those of one kit, of a line that may not be split all."""
        lines = problem.lines
        size = np.where(lines.is_splittable, lines.kit_quantity, np.maximum(1, lines.quantity))
        radix = lines.quantity // size + 1
        states = np.ones(len(problem.orders))
        np.multiply.at(states, lines.order_idx, radix.astype(np.float64))
        return cls(size, radix, states, np.diff(problem.line_ptr))

    def largest(self, orders: I64) -> tuple[int, int]:
        """Most states and most lines of some orders."""
        return int(self.states[orders].max()), int(self.lines[orders].max())
