"""Thin adaptors to PuLP, OR-Tools MathOpt and SciPy's HiGHS."""

from splitship.solvers.choose import DEFAULT_SOLVER as DEFAULT_SOLVER
from splitship.solvers.choose import available_solvers as available_solvers
from splitship.solvers.choose import solve_linear_model as solve_linear_model
from splitship.solvers.model import LinearModel as LinearModel
from splitship.solvers.model import SolverAnswer as SolverAnswer
from splitship.solvers.model import SolverInfo as SolverInfo
from splitship.solvers.model import SolverStatus as SolverStatus
from splitship.solvers.quiet import silence_stdout as silence_stdout

__all__ = [
    "DEFAULT_SOLVER",
    "LinearModel",
    "SolverAnswer",
    "SolverInfo",
    "SolverStatus",
    "available_solvers",
    "silence_stdout",
    "solve_linear_model",
]
