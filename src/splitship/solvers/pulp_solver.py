"""CBC, and any other solver PuLP can drive, through PuLP."""

from __future__ import annotations

import inspect
import re
import subprocess
import tempfile
import time
import warnings
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from splitship.domain import SolveOptions
from splitship.errors import SolverError, UsageError
from splitship.solvers.model import LinearModel, SolverAnswer, SolverInfo, SolverStatus
from splitship.solvers.quiet import silence_stdout
from splitship.units import MICROS, Floats

CBC_NAMES = ("PULP_CBC_CMD", "COIN_CMD")
"""PuLP's names for CBC: the one bundled with it, then one on the path."""

_BUNDLED_CBC = "PULP_CBC_CMD"
_LOWER_BOUND = re.compile(r"^Lower bound:\s+(\S+)", re.MULTILINE)
_CBC_INFINITY = 10**30
_WITHIN_GAP = "Optimal solution found (within gap tolerance)"


def solve_pulp(
    model: LinearModel, pulp_name: str | None, options: SolveOptions, start: Floats | None = None
) -> SolverAnswer:
    """Solve a model with a solver of PuLP's.

    `pulp_name` is PuLP's own name (`HiGHS`, `GUROBI`, `CPLEX_PY`, ...), None for CBC. Time limit, gap, threads and
    `start` [columns], a solution to begin with, are passed to solvers that take them; `detail` says which of them
    this one does not take. CBC alone gets the seed, and runs on one thread, and only its bound is
    known. Files go to a directory of their own, removed at the end.

    Raises:
        UsageError: a work limit: none of these solvers has one.
        SolverError: the solver is not installed or fails.
    """
    import pulp

    began = time.perf_counter()
    if options.work_limit is not None:
        raise UsageError("solvers behind PuLP have no deterministic work limit; use a time limit, or --solver cp-sat")
    with tempfile.TemporaryDirectory(prefix="splitship-") as folder:
        log = Path(folder) / "solver.log"
        engine, untaken = _engine(pulp_name, options, start is not None, log)
        engine.tmpDir = folder
        problem, columns = _pulp_problem(model, start)
        try:
            with silence_stdout(), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # PuLP's own, about its next version
                problem.solve(engine)
        except Exception as error:  # whatever the solver's interface raises: there is no common base
            raise SolverError(f"{engine.name} through PuLP failed: {error}") from error
        log_text = log.read_text(errors="replace") if log.exists() else ""
    status = _status(problem, pulp.constants)
    values = None
    if status in (SolverStatus.OPTIMAL, SolverStatus.FEASIBLE):
        # a column in no row and without cost never reaches the solver: any value within its bounds will do
        free = np.clip(0.0, model.lower, model.upper)
        told = (column.varValue for column in columns)
        values = np.array([own if value is None else value for own, value in zip(free, told, strict=True)])
    objective = float(model.objective @ values) if values is not None else None
    is_cbc = engine.name in CBC_NAMES
    return SolverAnswer(
        status=status,
        objective=objective,
        bound=_cbc_bound(log_text, status, objective) if is_cbc else None,
        values=values,
        seconds=time.perf_counter() - began,
        solver="cbc" if is_cbc else engine.name,
        version=_version(engine) if is_cbc else "",
        detail="; ".join([pulp.LpSolution[problem.sol_status], *untaken]),
    )


def available_pulp_solvers() -> list[SolverInfo]:
    """CBC as `cbc`, and every other solver PuLP finds as `pulp:NAME`."""
    try:
        import pulp
    except ImportError:
        return []
    with silence_stdout(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        names = pulp.listSolvers(onlyAvailable=True)
        cbc = next((name for name in CBC_NAMES if name in names), None)
        found = [SolverInfo("cbc", _version(_bare(cbc)), "PuLP")] if cbc is not None else []
    through = f"PuLP {pulp.__version__}"
    return found + [SolverInfo(f"pulp:{name}", through, "PuLP") for name in names if name not in CBC_NAMES]


def _bare(name: str, **settings: object) -> Any:
    import pulp

    if name == _BUNDLED_CBC:
        settings["_skip_v4_deprecation"] = True
    return pulp.getSolver(name, msg=False, **settings)


def _engine(pulp_name: str | None, options: SolveOptions, has_start: bool, log: Path) -> tuple[Any, list[str]]:
    """The PuLP solver object with what it takes of the options, and notes on what it does not take."""
    import pulp

    with silence_stdout(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if pulp_name is None:
            pulp_name = next((name for name in CBC_NAMES if _bare(name).available()), None)
            if pulp_name is None:
                raise SolverError("no CBC: PuLP has none bundled for this machine and there is no `cbc` on the path")
        known = {solver.lower(): solver for solver in pulp.listSolvers()}
        pulp_name = known.get(pulp_name.lower(), pulp_name)
        if pulp_name not in known.values() or not _bare(pulp_name).available():
            installed = ", ".join(f"pulp:{name}" for name in pulp.listSolvers(onlyAvailable=True))
            raise SolverError(f"PuLP finds no solver {pulp_name} on this machine; it finds {installed or 'none'}")
        wanted: dict[str, object] = {"gapRel": options.gap}
        if options.time_limit_s is not None:
            # CBC reads whole arguments, and takes 0 for no limit
            wanted["timeLimit"] = max(round(options.time_limit_s, 3), 0.001)
        if has_start:
            wanted["warmStart"] = True
        if pulp_name in CBC_NAMES:  # one thread: with more its answer changes from run to run
            wanted |= {
                "logPath": str(log),
                "options": [f"randomSeed {options.seed}", f"randomCbcSeed {options.seed}"],
            }
        else:
            wanted["threads"] = options.threads
        takes = inspect.signature(type(_bare(pulp_name)).__init__).parameters
        settings = {key: value for key, value in wanted.items() if key in takes}
        untaken = [f"PuLP passes no {key} to {pulp_name}" for key in wanted if key not in takes]
        return _bare(pulp_name, **settings), untaken


def _pulp_problem(model: LinearModel, start: Floats | None) -> tuple[Any, list[Any]]:
    """The arrays as PuLP objects; it knows no other way in."""
    import pulp

    names = [str(name) for name in model.column_names]
    categories = np.where(model.is_integer, pulp.LpInteger, pulp.LpContinuous).tolist()
    lowers = [low if np.isfinite(low) else None for low in model.lower.tolist()]
    uppers = [high if np.isfinite(high) else None for high in model.upper.tolist()]
    columns = [
        pulp.LpVariable(name, low, high, category, _skip_v4_deprecation=True)
        for name, low, high, category in zip(names, lowers, uppers, categories, strict=True)
    ]
    if start is not None:
        for column, value in zip(columns, start.tolist(), strict=True):
            column.setInitialValue(value, check=False)
    problem = pulp.LpProblem("splitship", pulp.LpMinimize)
    costs = (model.objective / MICROS).tolist()
    problem.setObjective(pulp.LpAffineExpression({c: cost for c, cost in zip(columns, costs, strict=True) if cost}))
    matrix = model.matrix
    pointers, indices, data = matrix.indptr.tolist(), matrix.indices.tolist(), matrix.data.tolist()
    row_lowers, row_uppers = model.row_lower.tolist(), model.row_upper.tolist()
    for row in range(model.num_rows):
        span = slice(pointers[row], pointers[row + 1])
        entries = {columns[index]: value for index, value in zip(indices[span], data[span], strict=True)}
        name, low, high = str(model.row_names[row]), row_lowers[row], row_uppers[row]
        sides = [(pulp.LpConstraintEQ, low, name)] if low == high else []
        if low != high and np.isfinite(low):
            sides.append((pulp.LpConstraintGE, low, f"{name}_low" if np.isfinite(high) else name))
        if low != high and np.isfinite(high):
            sides.append((pulp.LpConstraintLE, high, name))
        for sense, side, side_name in sides:
            problem.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression(entries), sense, side_name, side))
    return problem, columns


def _status(problem: Any, constants: Any) -> SolverStatus:
    """How the solve ended. Of `status` only a refusal counts: it says optimal also for a run stopped by time."""
    if problem.status == constants.LpStatusInfeasible:
        return SolverStatus.INFEASIBLE
    if problem.status == constants.LpStatusUnbounded:
        return SolverStatus.UNBOUNDED
    by_solution = {
        constants.LpSolutionOptimal: SolverStatus.OPTIMAL,
        constants.LpSolutionIntegerFeasible: SolverStatus.FEASIBLE,
    }
    return by_solution.get(problem.sol_status, SolverStatus.NO_SOLUTION)


def _cbc_bound(log: str, status: SolverStatus, objective: float | None) -> float | None:
    """CBC's lower bound in micros, which it writes in its log only; an optimum without one is its own bound.

    The log has it rounded to a few decimals, so half of the last one is taken off.
    """
    if (found := _LOWER_BOUND.search(log)) is not None:
        try:
            bound = Decimal(found.group(1))
        except ArithmeticError:
            return None
        places = bound.as_tuple().exponent
        if not isinstance(places, int) or abs(bound) >= _CBC_INFINITY:
            return None
        return float((bound - Decimal((0, (5,), places - 1))) * MICROS)
    return objective if status is SolverStatus.OPTIMAL and _WITHIN_GAP not in log else None


def _version(engine: Any) -> str:
    """CBC's version as it prints it, empty when it does not."""
    try:
        done = subprocess.run([engine.path, "-quit"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    found = re.search(r"^Version:\s*(\S+)", done.stdout, re.MULTILINE)
    return found.group(1) if found else ""
