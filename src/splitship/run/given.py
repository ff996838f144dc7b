"""The answer that a plan makes which is there already: read from a file, not searched for."""

from __future__ import annotations

import time
from dataclasses import replace

from splitship.check import check_certificate, check_plan
from splitship.domain import (
    BoundSource,
    Certificate,
    Plan,
    Problem,
    Result,
    SolveOptions,
    Termination,
    TerminationReason,
    Violation,
)
from splitship.domain.termination import GIVEN_LIMIT
from splitship.errors import CheckFailedError
from splitship.instance import compile_problem
from splitship.instance.reasons import unavoidable_unfilled_cost, unfilled_lines

_SHOWN = 10
"""Violations that a message lists."""


def result_of_plan(
    problem: Problem, plan: Plan, certificate: Certificate | None = None, options: SolveOptions | None = None
) -> Result:
    """A plan from anywhere as a verified answer to a problem, with the bound of its certificate if it has one.

    The independent checker says what it costs and what the certificate proves. The termination is OPTIMAL or
    GAP_REACHED where the bound shows as much (`options.gap`), else WORK_LIMIT, with `given` as the limit.

    Raises:
        CheckFailedError: the plan is not feasible, or the certificate does not hold.
    """
    options = options or SolveOptions()
    started = time.perf_counter()
    report = check_plan(problem, plan)
    if not report.is_feasible or report.costs is None:
        raise CheckFailedError(f"the plan is not one for this problem: {_listed(report.violations)}")
    objective = report.costs.total
    bound, num_relaxed = None, 0
    if certificate is not None:
        proof = check_certificate(problem, certificate, options.threads)
        if proof.bound is None or proof.violations:
            raise CheckFailedError(f"the certificate does not hold: {_listed(proof.violations)}")
        if proof.bound > objective:
            raise CheckFailedError(f"the plan costs {objective} micros, less than the bound {proof.bound}")
        bound, num_relaxed = proof.bound, proof.num_relaxed_orders
        certificate = replace(certificate, bound=bound)
    checked = time.perf_counter()
    instance = compile_problem(problem, options.threads)
    compiled = time.perf_counter()
    result = Result(
        problem=problem,
        options=options,
        plan=plan,
        unfilled=unfilled_lines(problem, plan),
        report=report,
        objective=objective,
        bound=bound,
        bound_source=BoundSource.NONE if bound is None else BoundSource.CERTIFICATE,
        certificate=certificate,
        termination=Termination(TerminationReason.WORK_LIMIT, GIVEN_LIMIT, "the plan was given, not searched for"),
        seconds={
            "compile": compiled - checked,
            "check": checked - started,
            "total": time.perf_counter() - started,
        },
        num_relaxed_orders=num_relaxed,
        unavoidable_unfilled_cost=unavoidable_unfilled_cost(problem, instance),
        method=options.method,
        has_possible_package=instance.num_options > 0 or not len(problem.lines),
    )
    return replace(result, termination=_termination(result))


def _termination(result: Result) -> Termination:
    found = result.termination
    if not len(result.problem.lines):
        return replace(found, reason=TerminationReason.NOTHING_TO_SHIP)
    if result.gap is None or result.gap > result.options.gap:
        return found
    return replace(found, reason=TerminationReason.GAP_REACHED if result.gap else TerminationReason.OPTIMAL)


def _listed(violations: tuple[Violation, ...]) -> str:
    more = f" and {len(violations) - _SHOWN} more" if len(violations) > _SHOWN else ""
    return "; ".join(f"{v.code} {v.where}: {v.message}" for v in violations[:_SHOWN]) + more
