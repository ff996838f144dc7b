"""What lines may ship as: their own SKU or a substitute, a row for each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.domain import Problem
from splitship.units import I64, Bools


@dataclass(frozen=True, slots=True)
class Asked:
    """Lines as the SKUs that may ship for them; columns [rows].

    `line_idx` are lines, a line's rows one after the other and its own SKU first. `rule_row` is the row of the line
    with that SKU in `PackageRules.line_bits`.
    """

    line_idx: I64
    sku_idx: I64
    rule_row: I64

    @classmethod
    def own(cls, problem: Problem, line_idx: I64) -> Asked:
        """Lines as they are."""
        return cls(line_idx, problem.lines.sku_idx[line_idx], line_idx)

    @classmethod
    def with_substitutes(cls, problem: Problem, line_idx: I64) -> Asked:
        """Lines (ascending), each as its own SKU and then as each of its substitutes."""
        table = problem.line_substitutes
        if not len(table):
            return cls.own(problem, line_idx)
        rows = table.rows_at(line_idx)
        line = np.append(line_idx, table.line_idx[rows])
        order = np.argsort(line, kind="stable")
        return cls(
            line[order],
            np.append(problem.lines.sku_idx[line_idx], table.sku_idx[rows])[order],
            np.append(line_idx, len(problem.lines) + rows)[order],
        )

    def is_substitute(self, problem: Problem) -> Bools:
        """The row is another SKU than the line's own, [rows]."""
        found: Bools = self.rule_row >= len(problem.lines)
        return found

    def take(self, rows: I64) -> Asked:
        """Some of the rows."""
        return Asked(self.line_idx[rows], self.sku_idx[rows], self.rule_row[rows])

    def starts(self) -> I64:
        """The first row of every line."""
        return np.flatnonzero(np.diff(self.line_idx, prepend=-1))

    def __len__(self) -> int:
        return len(self.line_idx)
