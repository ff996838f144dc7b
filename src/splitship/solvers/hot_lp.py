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
        from ortools.math_opt import model_pb2, model_update_pb2, parameters_pb2
        from ortools.math_opt.core.python import solver
        from ortools.math_opt.python import mathopt

        self._mathopt, self._new_update = mathopt, model_update_pb2.ModelUpdateProto
        self._keeps_duals = True
        self._is_open, self._num_rows = np.ones(len(cost), np.bool_), len(lower)
        model = model_pb2.ModelProto()
        _put_columns(model.variables, 0, len(cost))
        _put_rows(model.linear_constraints, 0, lower, upper)
        _put_vector(model.objective.linear_coefficients, 0, cost)
        _put_matrix(model.linear_constraint_matrix, matrix, 0, 0)
        # The interface of Python objects would rebuild the basis in Python after every solve, which takes longer than
        # the solve itself.
        self._solver = solver.new(mathopt.SolverType.GLOP.value, model, parameters_pb2.SolverInitializerProto())
        self._no_callback = mathopt.CallbackRegistration().to_proto()
        sparsely = mathopt.SparseVectorFilter(skip_zero_values=True)
        nothing = mathopt.SparseVectorFilter(filtered_items=[])
        self._all = mathopt.ModelSolveParameters(
            variable_values_filter=sparsely, dual_values_filter=sparsely, reduced_costs_filter=nothing
        ).to_proto()
        self._none = mathopt.ModelSolveParameters(
            variable_values_filter=nothing, dual_values_filter=nothing, reduced_costs_filter=nothing
        ).to_proto()

    def close(self) -> None:
        """Give the solver back."""
        del self._solver

    def add_columns(self, cost: Floats, matrix: sparse.csr_array) -> None:
        """Open columns at the end; `matrix` is [rows, new columns]."""
        first, update = len(self._is_open), self._new_update()
        _put_columns(update.new_variables, first, len(cost))
        _put_vector(update.objective_updates.linear_coefficients, first, cost)
        _put_matrix(update.linear_constraint_matrix_updates, matrix, 0, first)
        self._is_open = np.concatenate([self._is_open, np.ones(len(cost), np.bool_)])
        self._change(update)
        self._keeps_duals = False

    def add_rows(self, matrix: sparse.csr_array, lower: Floats, upper: Floats) -> None:
        """Rows at the end; `matrix` is [new rows, columns]."""
        update = self._new_update()
        _put_rows(update.new_linear_constraints, self._num_rows, lower, upper)
        _put_matrix(update.linear_constraint_matrix_updates, matrix, self._num_rows, 0)
        self._num_rows += len(lower)
        self._change(update)

    def open_only(self, is_open: Bools) -> None:
        """Open these columns and close the others, [columns]."""
        self._limit(np.flatnonzero(is_open & ~self._is_open), np.inf)
        self._limit(np.flatnonzero(self._is_open & ~is_open), 0.0)
        self._is_open = is_open.copy()

    def _limit(self, columns: I64, upper: float) -> None:
        if not len(columns):
            return
        update = self._new_update()
        update.variable_updates.upper_bounds.ids.extend(columns.tolist())
        update.variable_updates.upper_bounds.values.extend([upper] * len(columns))
        self._change(update)

    def _change(self, update: Any) -> None:
        if not self._solver.update(update):
            raise SolverError("GLOP through MathOpt cannot change its model in place")

    @spanned("GLOP")
    def solve(self, seconds: float) -> HotAnswer | None:
        """The optimum; None when the time is over.

        Raises:
            SolverError: GLOP finds neither an optimum nor that there is none.
        """
        result = self._solve(seconds, self._all)
        if result is None:
            return None
        values, duals = np.zeros(len(self._is_open)), np.zeros(self._num_rows)
        if self._is_infeasible(result):
            return HotAnswer(np.inf, values, duals, self._pivots(result))
        primal, dual = result.solutions[0].primal_solution, result.solutions[0].dual_solution
        values[np.array(primal.variable_values.ids, np.int64)] = primal.variable_values.values
        duals[np.array(dual.dual_values.ids, np.int64)] = dual.dual_values.values
        return HotAnswer(primal.objective_value, values, duals, self._pivots(result))

    @spanned("GLOP")
    def probe(self, closed: I64, seconds: float) -> tuple[float, int]:
        """The optimum with some more columns closed, and pivots; infinite: no solution, -infinite: no time."""
        shut = closed[self._is_open[closed]]
        self._limit(shut, 0.0)
        result = self._solve(seconds, self._none)
        self._limit(shut, np.inf)
        if result is None:
            return -np.inf, 0
        if self._is_infeasible(result):
            return np.inf, self._pivots(result)
        return float(result.solutions[0].primal_solution.objective_value), self._pivots(result)

    def _solve(self, seconds: float, wanted: Any) -> Any:
        if seconds <= 0:
            return None
        mathopt, algorithm = self._mathopt, self._mathopt.LPAlgorithm
        parameters = mathopt.SolveParameters(
            time_limit=timedelta(seconds=min(seconds, 86_400.0)),
            lp_algorithm=algorithm.DUAL_SIMPLEX if self._keeps_duals else algorithm.PRIMAL_SIMPLEX,
            presolve=mathopt.Emphasis.OFF,
            scaling=mathopt.Emphasis.OFF,
        )
        result = self._solver.solve(parameters.to_proto(), wanted, None, self._no_callback, None, None)
        self._keeps_duals = True  # new columns keep the basis primal feasible, all other changes dual feasible
        known = mathopt.TerminationReason
        reason = known(result.termination.reason)
        if reason in (known.OPTIMAL, known.INFEASIBLE, known.INFEASIBLE_OR_UNBOUNDED):
            return result
        if reason in (known.NO_SOLUTION_FOUND, known.FEASIBLE):
            return None
        raise SolverError(f"GLOP through MathOpt stopped with {reason.name}: {result.termination.detail}")

    def _is_infeasible(self, result: Any) -> bool:
        return bool(result.termination.reason != self._mathopt.TerminationReason.OPTIMAL.value)

    @staticmethod
    def _pivots(result: Any) -> int:
        return int(result.solve_stats.simplex_iterations)


def _put_columns(into: Any, first: int, num: int) -> None:
    into.ids.extend(range(first, first + num))
    into.lower_bounds.extend([0.0] * num)
    into.upper_bounds.extend([np.inf] * num)
    into.integers.extend([False] * num)


def _put_rows(into: Any, first: int, lower: Floats, upper: Floats) -> None:
    into.ids.extend(range(first, first + len(lower)))
    into.lower_bounds.extend(lower.tolist())
    into.upper_bounds.extend(upper.tolist())


def _put_vector(into: Any, first: int, values: Floats) -> None:
    used = np.flatnonzero(values)
    into.ids.extend((first + used).tolist())
    into.values.extend(values[used].tolist())


def _put_matrix(into: Any, matrix: sparse.csr_array, first_row: int, first_column: int) -> None:
    matrix = matrix.sorted_indices()
    into.row_ids.extend((first_row + np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))).tolist())
    into.column_ids.extend((first_column + matrix.indices).tolist())
    into.coefficients.extend(matrix.data.tolist())
