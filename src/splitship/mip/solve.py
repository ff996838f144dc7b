"""Solving the one model with a MIP solver."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from splitship.domain import Event, Plan, SolveOptions, Termination, TerminationReason, relative_gap
from splitship.errors import SolverError
from splitship.instance import Instance
from splitship.mip.decode import decode_values
from splitship.mip.model import MixedModel, build_model
from splitship.mip.wide import SLOT_CAP
from splitship.solvers import SolverAnswer, SolverStatus, solve_linear_model

PHASE = "mip"
_SAME = 1e-9
"""Relative difference up to which a floating-point bound and objective are the same number."""


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """A MIP solver's answer in the words of the domain.

    `plan` is None when a limit came before the first one. `objective` is the plan's cost in the model (micros): exact
    for narrow orders, a micro or two per package off for wide ones. `bound` (micros, rounded down) is what the solver
    claims, None when it claims none; nobody has checked it. `detail` is the solver's own word on how it ended.
    """

    plan: Plan | None
    objective: int | None
    bound: int | None
    termination: Termination
    seconds: float
    detail: str
    solver: str
    version: str


def solve_model(
    instance: Instance, options: SolveOptions, on_event: Callable[[Event], None] | None = None
) -> ModelAnswer:
    """Build the one model of an instance and solve it with `options.solver` (HiGHS when None).

    The time limit of `options` counts from this call. A limit or an empty batch is an answer, not an exception.
    The plan is feasible in the model; whether it is in truth, and what it costs, is for the checker to say.

    Raises:
        SolverError: no such solver, it fails, or its answer breaks the model.
        UsageError: a work limit with a solver that has none.
    """
    began = time.perf_counter()

    def tell(objective: float | None, bound: float | None) -> None:
        if on_event is not None:
            seconds = time.perf_counter() - began
            on_event(Event(seconds, PHASE, _whole(objective, np.rint), _whole(bound, np.floor)))

    if not len(instance.line_sku):
        nothing = Termination(TerminationReason.NOTHING_TO_SHIP)
        return ModelAnswer(Plan.empty(), 0, 0, nothing, time.perf_counter() - began, "", options.solver or "", "")
    model = build_model(instance)
    tell(None, None)
    left = options
    if options.time_limit_s is not None:
        left = replace(options, time_limit_s=options.time_limit_s - (time.perf_counter() - began))
    answer = solve_linear_model(model.linear, left, on_progress=tell)
    found = read_answer(model, answer, options, time.perf_counter() - began)
    tell(found.objective, found.bound)
    return found


def read_answer(model: MixedModel, answer: SolverAnswer, options: SolveOptions, seconds: float) -> ModelAnswer:
    """What a solver's answer to a built model means; `options` are what it was asked for, `seconds` its time.

    Raises:
        SolverError: it calls the model infeasible or unbounded, or its values break the model.
    """
    if answer.status in (SolverStatus.INFEASIBLE, SolverStatus.UNBOUNDED):
        raise SolverError(
            f"{answer.solver} calls the model {answer.status.value.lower()}, though shipping nothing is always possible"
        )
    plan = objective = None
    if answer.values is not None:
        plan, values = decode_values(model, answer.values)
        objective = _objective(model, values)
    bound = _bound(model, answer.bound, objective)
    detail = answer.detail
    if not model.wide.is_exact:
        detail = f"{detail}; a wide order could use more than {SLOT_CAP} packages of one kind: no bound".removeprefix(
            "; "
        )
    return ModelAnswer(
        plan=plan,
        objective=objective,
        bound=bound,
        termination=_termination(answer, objective, bound, options, is_exact=model.wide.is_exact),
        seconds=seconds,
        detail=detail,
        solver=answer.solver,
        version=answer.version,
    )


def _objective(model: MixedModel, values: np.ndarray) -> int:
    """Cost of whole values in micros; whole coefficients are summed as integers, beyond what floats can hold."""
    costs = model.linear.objective
    whole = (costs == np.rint(costs)) & model.linear.is_integer
    exact = int(costs[whole].astype(np.int64) @ values[whole].astype(np.int64))
    return exact + round(float(costs[~whole] @ values[~whole]))


def _bound(model: MixedModel, claimed: float | None, objective: int | None) -> int | None:
    """The claimed bound rounded down; one that equals the objective to the last digits of a float is the objective."""
    if claimed is None or not model.wide.is_exact:
        return None
    if _is_closed(claimed, objective):
        return None if objective is None else objective - model.wide.rounding_micros
    return int(np.floor(claimed)) - model.wide.rounding_micros


def _is_closed(claimed: float | None, objective: int | None) -> bool:
    """Bound and objective are the same number, to a micro or to the last digits of a float."""
    return claimed is not None and objective is not None and claimed >= objective - max(1.0, _SAME * abs(objective))


def _termination(
    answer: SolverAnswer, objective: int | None, bound: int | None, options: SolveOptions, *, is_exact: bool
) -> Termination:
    """OPTIMAL only where no better plan can exist: the bound is met, or a solver without one was given no gap."""
    is_done = answer.status is SolverStatus.OPTIMAL
    if is_exact and (_is_closed(answer.bound, objective) or (is_done and answer.bound is None and options.gap == 0)):
        return Termination(TerminationReason.OPTIMAL, detail=answer.detail)
    gap = relative_gap(objective, bound)
    if is_done or (gap is not None and gap <= options.gap):
        return Termination(TerminationReason.GAP_REACHED, detail=answer.detail)
    if options.work_limit is not None and (options.time_limit_s is None or answer.seconds < options.time_limit_s):
        return Termination(TerminationReason.WORK_LIMIT, f"work_limit={options.work_limit:g}", answer.detail)
    if options.time_limit_s is not None:
        return Termination(TerminationReason.TIME_LIMIT, f"time_limit_s={options.time_limit_s:g}", answer.detail)
    return Termination(TerminationReason.INTERRUPTED, detail=answer.detail)


def _whole(value: float | None, rounding: Callable[[float], float]) -> int | None:
    return None if value is None else int(rounding(value))
