"""SciPy's own HiGHS on the one model, its log read as it is printed."""

from __future__ import annotations

import time

import numpy as np
import scipy
from scipy.optimize import Bounds, LinearConstraint, milp

from splitship.domain import SolveOptions
from splitship.errors import SolverError
from splitship.solvers import LinearModel, SolverAnswer, SolverStatus
from splitship.solvers.model import Progress
from splitship.solvers.progress import LogListener, read_highs
from splitship.solvers.quiet import tap_stdout
from splitship.units import MICROS

_OPTIMAL, _LIMIT, _INFEASIBLE, _UNBOUNDED = range(4)
_LEAST_LIMIT_S = 0.01


def scipy_highs_version() -> str:
    """Version of the HiGHS inside SciPy, as far as SciPy tells."""
    try:
        from scipy.optimize._highspy import _core  # type: ignore[import-not-found]  # there is no public name

        number = f" {_core.HIGHS_VERSION_MAJOR}.{_core.HIGHS_VERSION_MINOR}.{_core.HIGHS_VERSION_PATCH}"
    except (ImportError, AttributeError):
        number = ""
    return f"HiGHS{number} (scipy {scipy.__version__}), 1 thread"


def solve_scipy(model: LinearModel, options: SolveOptions, on_progress: Progress) -> SolverAnswer:
    """Solve a model with `scipy.optimize.milp`, which takes time limit and gap; neither threads nor a seed.

    Raises:
        SolverError: HiGHS ends with none of optimal, limit, infeasible, unbounded.
    """
    began = time.perf_counter()
    listener = LogListener(read_highs, float(MICROS), on_progress)
    settings: dict[str, float | bool] = {"disp": True, "mip_rel_gap": options.gap}
    if options.time_limit_s is not None:
        settings["time_limit"] = max(options.time_limit_s, _LEAST_LIMIT_S)
    with tap_stdout(listener):
        answer = milp(
            model.objective / MICROS,
            integrality=model.is_integer.astype(np.int64),
            bounds=Bounds(model.lower, model.upper),
            constraints=LinearConstraint(model.matrix, model.row_lower, model.row_upper),
            options=settings,  # type: ignore[arg-type]
        )
    if listener.fault is not None:
        raise listener.fault
    values = None if answer.x is None else np.asarray(answer.x, np.float64)
    statuses = {
        _OPTIMAL: SolverStatus.OPTIMAL,
        _LIMIT: SolverStatus.NO_SOLUTION if values is None else SolverStatus.FEASIBLE,
        _INFEASIBLE: SolverStatus.INFEASIBLE,
        _UNBOUNDED: SolverStatus.UNBOUNDED,
    }
    if answer.status not in statuses:
        raise SolverError(f"HiGHS through SciPy ended with status {answer.status}: {answer.message}")
    bound = answer.get("mip_dual_bound")
    return SolverAnswer(
        status=statuses[answer.status],
        objective=None if values is None else float(answer.fun or 0.0) * MICROS,
        bound=float(bound) * MICROS if bound is not None and np.isfinite(bound) else None,
        values=values,
        seconds=time.perf_counter() - began,
        solver="highs-scipy",
        version=scipy_highs_version(),
        detail=" ".join(str(answer.message).split()),
    )
