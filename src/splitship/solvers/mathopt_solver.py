"""HiGHS, SCIP, CP-SAT and GLOP through OR-Tools MathOpt."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import numpy as np

from splitship.domain import SolveOptions
from splitship.errors import SolverError, UsageError
from splitship.solvers.model import LinearModel, Progress, SolverAnswer, SolverInfo, SolverStatus
from splitship.solvers.progress import LineReader, LogListener, read_cp_sat, read_highs, read_scip
from splitship.solvers.quiet import silence_stdout
from splitship.units import MICROS, Floats

MATHOPT_SOLVERS = {"highs": "HIGHS", "scip": "GSCIP", "cp-sat": "CP_SAT", "glop": "GLOP"}
"""Our names and MathOpt's."""

_READERS: dict[str, LineReader] = {"highs": read_highs, "scip": read_scip, "cp-sat": read_cp_sat}
_MIN_TIME_LIMIT_S = 0.01  # zero means no limit to some of the codes


def solve_mathopt(
    model: LinearModel,
    solver: str,
    options: SolveOptions,
    start: Floats | None = None,
    on_progress: Progress | None = None,
) -> SolverAnswer:
    """Solve a model with one of MATHOPT_SOLVERS.

    `options` gives time limit, gap, seed, threads (CP-SAT only: SCIP and HiGHS run on one thread, which keeps their
    answers repeatable) and work limit (CP-SAT only, and then on one thread). `start` [columns] is a solution to begin
    with. `on_progress` is called as HiGHS, SCIP and CP-SAT find better objectives and bounds. Handing the model over
    counts against the time limit.

    Raises:
        UsageError: a work limit with a solver that has none.
        SolverError: the solver refuses the model or fails.
    """
    from ortools.math_opt.python import mathopt

    began = time.perf_counter()
    if options.work_limit is not None and solver != "cp-sat":
        raise UsageError(f"solver {solver} has no deterministic work limit; use a time limit, or --solver cp-sat")
    if solver == "cp-sat" and not model.is_all_integer:
        raise SolverError(
            "cp-sat needs whole numbers everywhere, and this model has others (unit rates or weights of wide orders); "
            "use --solver highs, scip or cbc"
        )
    scale = 1.0 if solver == "cp-sat" else float(MICROS)
    problem = _mathopt_model(model, scale)
    parameters = _parameters(solver, options, time.perf_counter() - began)
    hints = []
    if start is not None and model.has_integers:
        hints.append(mathopt.SolutionHint(variable_values=dict(zip(problem.variables(), start.tolist(), strict=True))))
    listener = None
    if on_progress is not None and solver in _READERS:
        listener = LogListener(_READERS[solver], scale, on_progress)
    try:
        with silence_stdout():
            result = mathopt.solve(
                problem,
                getattr(mathopt.SolverType, MATHOPT_SOLVERS[solver]),
                params=parameters,
                model_params=mathopt.ModelSolveParameters(solution_hints=hints),
                msg_cb=listener,
            )
    except (AttributeError, RuntimeError, ValueError, TypeError, NotImplementedError) as error:
        # MathOpt's own conversion of a bad status fails with AttributeError and loses the message
        lost = isinstance(error, AttributeError)
        word = "it refused the model or a parameter, without saying which" if lost else str(error)
        raise SolverError(f"{solver} through MathOpt failed: {word}") from error
    if listener is not None and listener.fault is not None:
        raise listener.fault
    return _answer(result, model, solver, scale, time.perf_counter() - began)


def available_mathopt_solvers() -> list[SolverInfo]:
    """The MathOpt solvers that this build of OR-Tools really contains, found by solving an empty model."""
    try:
        import ortools
        from ortools.math_opt.python import mathopt
    except ImportError:
        return []
    found = []
    for name, theirs in MATHOPT_SOLVERS.items():
        try:
            with silence_stdout():
                mathopt.solve(mathopt.Model(), getattr(mathopt.SolverType, theirs))
        except (AttributeError, RuntimeError, ValueError):
            continue
        found.append(SolverInfo(name, f"in OR-Tools {ortools.__version__}", "MathOpt"))
    return found


def _mathopt_model(model: LinearModel, scale: float) -> Any:
    """The arrays as a MathOpt model; a protobuf takes whole columns at once, the expression interface does not."""
    from ortools.math_opt import model_pb2
    from ortools.math_opt.python import mathopt

    proto = model_pb2.ModelProto(name=model.name)
    columns, rows = range(model.num_columns), range(model.num_rows)
    proto.variables.ids.extend(columns)
    proto.variables.lower_bounds.extend(model.lower.tolist())
    proto.variables.upper_bounds.extend(model.upper.tolist())
    proto.variables.integers.extend(model.is_integer.tolist())
    costly = np.flatnonzero(model.objective)
    proto.objective.linear_coefficients.ids.extend(costly.tolist())
    proto.objective.linear_coefficients.values.extend((model.objective[costly] / scale).tolist())
    proto.linear_constraints.ids.extend(rows)
    proto.linear_constraints.lower_bounds.extend(model.row_lower.tolist())
    proto.linear_constraints.upper_bounds.extend(model.row_upper.tolist())
    matrix = model.matrix
    proto.linear_constraint_matrix.row_ids.extend(np.repeat(np.arange(model.num_rows), np.diff(matrix.indptr)).tolist())
    proto.linear_constraint_matrix.column_ids.extend(matrix.indices.tolist())
    proto.linear_constraint_matrix.coefficients.extend(matrix.data.tolist())
    return mathopt.Model.from_model_proto(proto)


def _parameters(solver: str, options: SolveOptions, spent_s: float) -> Any:
    from ortools.math_opt.python import mathopt

    parameters = mathopt.SolveParameters(random_seed=options.seed)
    if options.time_limit_s is not None:
        parameters.time_limit = timedelta(seconds=max(options.time_limit_s - spent_s, _MIN_TIME_LIMIT_S))
    if solver != "glop":
        parameters.relative_gap_tolerance = options.gap
    if solver == "highs":
        parameters.highs.int_options["threads"] = 1  # MathOpt's own `threads` is refused for HiGHS
    elif solver == "cp-sat":
        parameters.threads = 1 if options.work_limit is not None else options.threads
        if options.work_limit is not None:
            parameters.cp_sat.max_deterministic_time = options.work_limit
    return parameters


def _answer(result: Any, model: LinearModel, solver: str, scale: float, seconds: float) -> SolverAnswer:
    """MathOpt's result in our words; bounds that are infinite are no bounds."""
    import ortools
    from ortools.math_opt.python import mathopt

    termination = result.termination
    reasons = mathopt.TerminationReason
    statuses = {
        reasons.OPTIMAL: SolverStatus.OPTIMAL,
        reasons.FEASIBLE: SolverStatus.FEASIBLE,
        reasons.NO_SOLUTION_FOUND: SolverStatus.NO_SOLUTION,
        reasons.INFEASIBLE: SolverStatus.INFEASIBLE,
        reasons.UNBOUNDED: SolverStatus.UNBOUNDED,
        reasons.INFEASIBLE_OR_UNBOUNDED: SolverStatus.INFEASIBLE,
    }
    detail = termination.detail or (f"limit: {termination.limit.name.lower()}" if termination.limit is not None else "")
    if termination.reason not in statuses:
        raise SolverError(f"{solver} through MathOpt ended with {termination.reason.name}: {detail}")
    status = statuses[termination.reason]
    values = duals = objective = None
    if result.has_primal_feasible_solution():
        values = _dense(result.variable_values(), model.num_columns)
        objective = result.objective_value() * scale
        if not model.has_integers and result.has_dual_feasible_solution():
            duals = _dense(result.dual_values(), model.num_rows) * scale
    bound = termination.objective_bounds.dual_bound
    return SolverAnswer(
        status=status,
        objective=objective,
        bound=bound * scale if np.isfinite(bound) else None,
        values=values,
        seconds=seconds,
        solver=solver,
        version=f"in OR-Tools {ortools.__version__}",
        detail=detail,
        row_duals=duals,
    )


def _dense(by_object: dict[Any, float], size: int) -> Floats:
    """MathOpt's map from variables or constraints to numbers as an array by their ids."""
    dense = np.zeros(size)
    ids = np.fromiter((one.id for one in by_object), np.int64, len(by_object))
    dense[ids] = np.fromiter(by_object.values(), np.float64, len(by_object))
    return dense
