"""Additions to the rates of packages that meet conditions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from splitship.units import I64, Amounts, Strings

Subject = Literal["order", "line", "sku", "node", "service"]
"""Whose column a condition is on."""


@dataclass(frozen=True, slots=True)
class TextCondition:
    """A column of a package's order, lines, SKUs, node or service is one of `values` or begins with one of `prefixes`.

    `column` is the name in the pack, of the contract or an attribute; true and false stand for flags. Both tuples are
    sorted and free of repetition, and not both are empty; no prefix is ''.
    """

    subject: Subject
    column: str
    values: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()

    def holds_for(self, text: str) -> bool:
        """The text of a cell meets the condition; an empty cell never does."""
        return text in self.values or text.startswith(self.prefixes)


@dataclass(frozen=True, slots=True)
class Surcharges:
    """Surcharges in the order of their table; each [surcharges].

    A package of service `service_idx` (-1: any) whose order, node and service meet all conditions on them, with at
    least one line that meets all conditions on line and SKU, pays `per_package` once and `share_of_value` (0 to 1) of
    the value of its units of such lines. It pays every row that it fits; `name` may repeat.
    """

    name: Strings
    service_idx: I64
    per_package: Amounts
    share_of_value: Amounts
    conditions: tuple[tuple[TextCondition, ...], ...]

    @classmethod
    def empty(cls) -> Surcharges:
        """Rates and nothing else."""
        return cls(np.zeros(0, object), np.zeros(0, np.int64), Amounts.zeros(0), Amounts.zeros(0), ())

    def __len__(self) -> int:
        return len(self.name)
