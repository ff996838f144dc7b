"""A linear program that is solved again and again while columns, rows and limits come and go: GLOP through MathOpt.

GLOP begins each solve from the basis of the one before, which costs tens of pivots in place of thousands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from scipy import sparse

from splitship.errors import SolverError
from splitship.spans import spanned
from splitship.units import I64, Bools, Floats


@dataclass(frozen=True, slots=True)
class HotAnswer:
    """Optimal value, values of columns, duals of rows (>= 0 for a lower limit that binds), and pivots made."""

    objective: float
    values: Floats
    duals: Floats
    pivots: int


class HotLp:
    """Minimise cost x over 0 <= x (0 = x in closed columns) with lower <= matrix x <= upper.

    Deterministic: answers depend on the sequence of calls only, unless a time limit stops one.
    """

    def __init__(self, cost: Floats, matrix: sparse.csr_array, lower: Floats, upper: Floats) -> None:
        """`matrix` is [rows, columns]; every column is open."""
        from ortools.math_opt import model_pb2
        from ortools.math_opt.python import mathopt

        self._mathopt = mathopt
        proto = model_pb2.ModelProto()
        columns, rows = range(len(cost)), range(len(lower))
        proto.variables.ids.extend(columns)
        proto.variables.lower_bounds.extend([0.0] * len(cost))
        proto.variables.upper_bounds.extend([np.inf] * len(cost))
        proto.variables.integers.extend([False] * len(cost))
        costly = np.flatnonzero(cost)
        proto.objective.linear_coefficients.ids.extend(costly.tolist())
        proto.objective.linear_coefficients.values.extend(cost[costly].tolist())
        proto.linear_constraints.ids.extend(rows)
        proto.linear_constraints.lower_bounds.extend(lower.tolist())
        proto.linear_constraints.upper_bounds.extend(upper.tolist())
        sorted_matrix = matrix.sorted_indices()
        proto.linear_constraint_matrix.row_ids.extend(np.repeat(np.arange(len(lower)), np.diff(matrix.indptr)).tolist())
        proto.linear_constraint_matrix.column_ids.extend(sorted_matrix.indices.tolist())
        proto.linear_constraint_matrix.coefficients.extend(sorted_matrix.data.tolist())
        self._model = mathopt.Model.from_model_proto(proto)
        self._columns: list[Any] = list(self._model.variables())
        self._rows: list[Any] = list(self._model.linear_constraints())
        self._is_open = np.ones(len(cost), np.bool_)
        self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)
        sparsely = mathopt.SparseVectorFilter(skip_zero_values=True)
        nothing = mathopt.SparseVectorFilter(filtered_items=[])
        self._all = mathopt.ModelSolveParameters(
            variable_values_filter=sparsely, dual_values_filter=sparsely, reduced_costs_filter=nothing
        )
        self._none = mathopt.ModelSolveParameters(
            variable_values_filter=nothing, dual_values_filter=nothing, reduced_costs_filter=nothing
        )

    def close(self) -> None:
        """Give the solver back."""
        self._solver.close()

    def add_columns(self, cost: Floats, matrix: sparse.csc_array) -> None:
        """Open columns at the end; `matrix` is [rows, new columns]."""
        for number in range(len(cost)):
            column = self._model.add_variable(lb=0.0, ub=np.inf)
            self._model.objective.set_linear_coefficient(column, float(cost[number]))
            at = slice(matrix.indptr[number], matrix.indptr[number + 1])
            for row, value in zip(matrix.indices[at].tolist(), matrix.data[at].tolist(), strict=True):
                self._rows[row].set_coefficient(column, value)
            self._columns.append(column)
        self._is_open = np.concatenate([self._is_open, np.ones(len(cost), np.bool_)])

    def add_rows(self, matrix: sparse.csr_array, lower: Floats, upper: Floats) -> None:
        """Rows at the end; `matrix` is [new rows, columns]."""
        for number in range(len(lower)):
            row = self._model.add_linear_constraint(lb=float(lower[number]), ub=float(upper[number]))
            at = slice(matrix.indptr[number], matrix.indptr[number + 1])
            for column, value in zip(matrix.indices[at].tolist(), matrix.data[at].tolist(), strict=True):
                row.set_coefficient(self._columns[column], value)
            self._rows.append(row)

    def open_only(self, is_open: Bools) -> None:
        """Open these columns and close the others, [columns]."""
        for column in np.flatnonzero(is_open != self._is_open).tolist():
            self._columns[column].upper_bound = np.inf if is_open[column] else 0.0
        self._is_open = is_open.copy()

    @spanned("GLOP")
    def solve(self, seconds: float) -> HotAnswer | None:
        """The optimum; None when the time is over.

        Raises:
            SolverError: GLOP finds neither an optimum nor that there is none.
        """
        result = self._solve(seconds, self._all)
        if result is None:
            return None
        values, duals = np.zeros(len(self._columns)), np.zeros(len(self._rows))
        if not result.has_primal_feasible_solution():
            return HotAnswer(np.inf, values, duals, self._pivots(result))
        for column, value in result.variable_values().items():
            values[column.id] = value
        for row, value in result.dual_values().items():
            duals[row.id] = value
        return HotAnswer(result.objective_value(), values, duals, self._pivots(result))

    @spanned("GLOP")
    def probe(self, closed: I64, seconds: float) -> tuple[float, int]:
        """The optimum with some more columns closed, and pivots; infinite without a solution, -infinite without time."""
        for column in closed.tolist():
            self._columns[column].upper_bound = 0.0
        result = self._solve(seconds, self._none)
        for column in closed[self._is_open[closed]].tolist():
            self._columns[column].upper_bound = np.inf
        if result is None:
            return -np.inf, 0
        value = result.objective_value() if result.has_primal_feasible_solution() else np.inf
        return value, self._pivots(result)

    def _solve(self, seconds: float, wanted: Any) -> Any:
        if seconds <= 0:
            return None
        mathopt = self._mathopt
        parameters = mathopt.SolveParameters(
            time_limit=timedelta(seconds=min(seconds, 86_400.0)),
            lp_algorithm=mathopt.LPAlgorithm.DUAL_SIMPLEX,
            presolve=mathopt.Emphasis.OFF,
            scaling=mathopt.Emphasis.OFF,
        )
        try:
            result = self._solver.solve(params=parameters, model_params=wanted)
        except (AttributeError, RuntimeError, ValueError) as error:
            raise SolverError(f"GLOP through MathOpt failed: {error}") from error
        reason, known = result.termination.reason, mathopt.TerminationReason
        if reason in (known.OPTIMAL, known.INFEASIBLE, known.INFEASIBLE_OR_UNBOUNDED):
            return result
        if reason in (known.NO_SOLUTION_FOUND, known.FEASIBLE):
            return None
        raise SolverError(f"GLOP stopped with {reason.value}: {result.termination.detail}")

    @staticmethod
    def _pivots(result: Any) -> int:
        return int(result.solve_stats.simplex_iterations)
