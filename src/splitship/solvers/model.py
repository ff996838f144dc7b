"""A mixed-integer linear model as arrays, and what a solver says about it.

The model is built once; every adaptor reads the same arrays. It is always minimised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.sparse import csr_array

from splitship.units import Bools, Floats, Strings

Progress = Callable[[float | None, float | None], None]
"""Called with (best objective, best bound) in micros while a solver runs; None where there is none yet."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """min objective @ x subject to row_lower <= matrix @ x <= row_upper, lower <= x <= upper.

    Columns: `objective` (micros; adaptors of floating-point codes divide by 10^6), `lower`, `upper` (infinite for
    none), `is_integer`, `column_names`. Rows: `matrix` [rows, columns] without duplicate entries, indices sorted;
    `row_lower`, `row_upper` (infinite for none), `row_names`. Names are letters and digits, starting with a letter
    that no file format reads as a number. There is no constant term.
    """

    name: str
    objective: Floats
    lower: Floats
    upper: Floats
    is_integer: Bools
    column_names: Strings
    matrix: csr_array
    row_lower: Floats
    row_upper: Floats
    row_names: Strings

    @property
    def num_columns(self) -> int:
        """Columns."""
        return len(self.objective)

    @property
    def num_rows(self) -> int:
        """Rows."""
        return len(self.row_lower)

    @property
    def has_integers(self) -> bool:
        """Some column is integer."""
        return bool(self.is_integer.any())

    @property
    def is_all_integer(self) -> bool:
        """Columns, coefficients, bounds and objective are all whole numbers, as CP-SAT needs to be exact."""
        parts = (self.objective, self.matrix.data, self.lower, self.upper, self.row_lower, self.row_upper)
        finite = (part[np.isfinite(part)] for part in parts)
        return bool(self.is_integer.all()) and all(bool((part == np.rint(part)).all()) for part in finite)

    def relaxed(self) -> LinearModel:
        """The linear relaxation: the same model with no integer column."""
        none = np.zeros(self.num_columns, np.bool_)
        return LinearModel(
            self.name, self.objective, self.lower, self.upper, none, self.column_names,
            self.matrix, self.row_lower, self.row_upper, self.row_names,
        )  # fmt: skip

    def worst_violation(self, values: Floats) -> tuple[float, str]:
        """The largest amount by which values [columns] leave a bound or a row, and the name of that column or row.

        A row's amount is counted in its largest coefficient, at least 1: that is how solvers measure it too.
        """
        worst, where = 0.0, ""
        columns = np.maximum(self.lower - values, values - self.upper)
        if columns.size and columns.max() > worst:
            worst, where = float(columns.max()), str(self.column_names[int(columns.argmax())])
        activity = self.matrix @ values
        largest = np.maximum(abs(self.matrix).max(axis=1).toarray().ravel(), 1.0) if self.num_columns else 1.0
        rows = np.maximum(self.row_lower - activity, activity - self.row_upper) / largest
        if rows.size and rows.max() > worst:
            worst, where = float(rows.max()), str(self.row_names[int(rows.argmax())])
        return worst, where

    def __repr__(self) -> str:
        return (
            f"LinearModel({self.name!r}, {self.num_columns} columns, {int(self.is_integer.sum())} integer, "
            f"{self.num_rows} rows, {self.matrix.nnz} nonzeros)"
        )


class SolverStatus(StrEnum):
    """How a solver ended. OPTIMAL: to the gap asked for. FEASIBLE, NO_SOLUTION: at a limit, with or without values."""

    OPTIMAL = "OPTIMAL"
    FEASIBLE = "FEASIBLE"
    NO_SOLUTION = "NO_SOLUTION"
    INFEASIBLE = "INFEASIBLE"
    UNBOUNDED = "UNBOUNDED"


@dataclass(frozen=True, slots=True)
class SolverAnswer:
    """What a solver says. `objective` and `bound` are micros, None when it names none; `values` is [columns] or None.

    `row_duals` is [rows] in micros for linear programs of solvers that give them, else None. `seconds` is wall time
    in the adaptor. `solver` and `version` name the program; `detail` is its own word on how it ended.
    """

    status: SolverStatus
    objective: float | None
    bound: float | None
    values: Floats | None
    seconds: float
    solver: str
    version: str
    detail: str = ""
    row_duals: Floats | None = None


@dataclass(frozen=True, slots=True)
class SolverInfo:
    """A solver found on this machine: its name for `--solver`, version, and the library it is driven through."""

    name: str
    version: str
    through: str
