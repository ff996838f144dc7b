"""One entry to every solver, by name."""

from __future__ import annotations

from splitship.domain import SolveOptions
from splitship.errors import SolverError
from splitship.solvers.mathopt_solver import MATHOPT_SOLVERS, available_mathopt_solvers, solve_mathopt
from splitship.solvers.model import LinearModel, Progress, SolverAnswer, SolverInfo
from splitship.solvers.pulp_solver import available_pulp_solvers, solve_pulp
from splitship.units import Floats

DEFAULT_SOLVER = "highs"


def available_solvers() -> tuple[SolverInfo, ...]:
    """Every solver found on this machine. Asks each, which takes about a second: for `doctor`, not for hot paths."""
    return (*available_mathopt_solvers(), *available_pulp_solvers())


def solve_linear_model(
    model: LinearModel,
    options: SolveOptions,
    start: Floats | None = None,
    on_progress: Progress | None = None,
) -> SolverAnswer:
    """Solve a model with `options.solver`: highs (the default), scip, cp-sat, glop, cbc, or pulp:NAME.

    `start` [columns] is a solution to begin with; `on_progress` is called by solvers that report while they run.

    Raises:
        SolverError: an unknown or missing solver, named with those that are there; or the solver fails.
    """
    name = options.solver or DEFAULT_SOLVER
    if name in MATHOPT_SOLVERS:
        return solve_mathopt(model, name, options, start, on_progress)
    if name == "cbc":
        return solve_pulp(model, None, options, start)
    if name.startswith("pulp:"):
        return solve_pulp(model, name.removeprefix("pulp:"), options, start)
    found = ", ".join(info.name for info in available_solvers())
    raise SolverError(
        f"no solver called {name}; this machine has {found or 'none'} (and pulp:NAME for others of PuLP's)"
    )
