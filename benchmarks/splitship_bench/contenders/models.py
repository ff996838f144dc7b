"""General solvers on the one model of a batch: the same arrays for all, each with its own presolve, from cold."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace

from splitship.domain import Plan, SolveOptions, TerminationReason
from splitship.instance import compile_problem
from splitship.mip import MixedModel, build_model
from splitship.mip.solve import read_answer
from splitship.run import warm_up
from splitship.solvers import LinearModel, SolverAnswer, solve_linear_model
from splitship.solvers.model import Progress
from splitship_bench.contenders.base import Contender, NotApplicableError, Outcome, Task
from splitship_bench.contenders.model_cbc import cbc_version, solve_cbc
from splitship_bench.contenders.model_history import History
from splitship_bench.contenders.model_scipy import scipy_highs_version, solve_scipy
from splitship_bench.machine import package_version


class ModelContender(Contender):
    """One solver on the one model. Compiling and building count against the limit, as compiling does for the engine."""

    kind = "solver"

    def __init__(self, name: str, description: str) -> None:
        self.name = name
        self.description = description

    def warm(self) -> None:
        """Fetch the kernels that compile a problem, and import the solver."""
        warm_up()
        self.version()

    def run(self, task: Task) -> Outcome:
        """Compile, build, solve with what is left of the limit, decode.

        Raises:
            NotApplicableError: the solver does not take this model.
            SolverError: it fails, or its values break the model.
        """
        began = task.elapsed()
        instance = compile_problem(task.problem, task.threads)
        compiled = task.elapsed()
        seconds = {"compile": compiled - began}
        if not len(instance.line_sku):
            return Outcome("NOTHING_TO_SHIP", Plan.empty(), 0, 0, seconds=seconds)
        model = build_model(instance)
        linear = model.linear
        built = task.elapsed()
        seconds["build"] = built - compiled
        counts = {"columns": linear.num_columns, "rows": linear.num_rows, "nonzeros": int(linear.matrix.nnz)}
        self.refuse(model)
        options = SolveOptions(
            time_limit_s=task.limit_s - built, gap=task.gap, seed=task.seed, threads=task.threads, solver=self.name
        )
        if built >= task.limit_s:
            return Outcome("NO_PLAN", detail="the limit came before the solver began", seconds=seconds, counts=counts)
        history = History(task.elapsed, model.wide.rounding_micros)
        answer = self.solve(linear, options, history.add)
        ended = task.elapsed()
        found = read_answer(model, answer, options, ended - built)
        seconds["solve"] = ended - built
        detail = found.detail
        if task.work_limit is not None:
            detail = f"{detail}; the work limit is not used: solvers count work in other units".removeprefix("; ")
        return Outcome(
            status=_status(found.plan, found.termination.reason),
            plan=found.plan,
            # wide orders: the model is a micro or so off a package, so the cost is left to the checker
            objective=None if model.wide.rounding_micros else found.objective,
            bound=found.bound,
            detail=detail,
            incumbents=history.ended(ended, found.objective, found.bound),
            seconds=seconds,
            counts=counts,
        )

    def refuse(self, model: MixedModel) -> None:
        """Raise NotApplicableError where the solver cannot take the model."""

    @abstractmethod
    def solve(self, linear: LinearModel, options: SolveOptions, on_progress: Progress) -> SolverAnswer:
        """Solve the model within `options`, and tell of better objectives and bounds meanwhile."""


class MathOptContender(ModelContender):
    """HiGHS or SCIP through MathOpt, on one thread.

    SCIP has no other way there; HiGHS has, and took as long or longer with two threads on our calibration packs.
    """

    def __init__(self, name: str, title: str, description: str) -> None:
        super().__init__(name, description)
        self._title = title

    def version(self) -> str:
        """OR-Tools does not tell which version of the solver it contains."""
        from ortools.math_opt.python import mathopt  # noqa: F401  so that warming imports it

        return f"{self._title} (OR-Tools {package_version('ortools')}), 1 thread"

    def solve(self, linear: LinearModel, options: SolveOptions, on_progress: Progress) -> SolverAnswer:
        """Through `splitship.solvers`."""
        return solve_linear_model(linear, options, on_progress=on_progress)


class CpSat(MathOptContender):
    """CP-SAT, which takes whole numbers only and as many threads as it is given."""

    def __init__(self) -> None:
        super().__init__("cp-sat", "CP-SAT", "OR-Tools CP-SAT on the one model, through MathOpt")

    def version(self) -> str:
        """CP-SAT is part of OR-Tools."""
        return f"{super().version().removesuffix(', 1 thread')}, all threads"

    def refuse(self, model: MixedModel) -> None:
        """Wide orders with prices a kilogram bring numbers that are not whole."""
        if not model.linear.is_all_integer:
            raise NotApplicableError(
                "cp-sat takes whole numbers only, and wide orders bring others (prices a kilogram, scaled weights)"
            )


class ScipyHighs(ModelContender):
    """HiGHS as SciPy bundles it."""

    def __init__(self) -> None:
        super().__init__("highs-scipy", "SciPy's HiGHS on the one model, by scipy.optimize.milp")

    def version(self) -> str:
        """Of HiGHS and SciPy."""
        return scipy_highs_version()

    def solve(self, linear: LinearModel, options: SolveOptions, on_progress: Progress) -> SolverAnswer:
        """By `scipy.optimize.milp`."""
        return solve_scipy(linear, options, on_progress)


class Cbc(ModelContender):
    """CBC as PuLP bundles it, on one thread: with two its search repeats less, and took longer wherever we measured."""

    def __init__(self) -> None:
        super().__init__("cbc", "PuLP's CBC on the one model, by an MPS file")

    def version(self) -> str:
        """Of CBC and PuLP."""
        return f"{cbc_version()}, 1 thread"

    def solve(self, linear: LinearModel, options: SolveOptions, on_progress: Progress) -> SolverAnswer:
        """By its command line."""
        return solve_cbc(linear, replace(options, threads=1), on_progress)


def _status(plan: Plan | None, reason: TerminationReason) -> str:
    if plan is None:
        return "NO_PLAN"
    if reason in (TerminationReason.OPTIMAL, TerminationReason.GAP_REACHED):
        return reason.value
    return TerminationReason.TIME_LIMIT.value


SOLVER_CONTENDERS: tuple[Contender, ...] = (
    MathOptContender("highs", "HiGHS", "HiGHS on the one model, through OR-Tools MathOpt"),
    ScipyHighs(),
    MathOptContender("scip", "SCIP", "SCIP on the one model, through OR-Tools MathOpt"),
    CpSat(),
    Cbc(),
)
"""Solvers on the one model."""
