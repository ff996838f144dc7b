"""The judge: no plan, cost or bound counts before the independent checker has agreed to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace

import numpy as np

from splitship.check import check_certificate, check_plan
from splitship.domain import Plan, PlanReport, Problem, relative_gap
from splitship.units import NO_DATE
from splitship_bench.contenders import Outcome
from splitship_bench.records import FAILURES, Record

_SOLVER_SLACK = 1e-6
"""How far, relatively, a solver's floating-point bound may pass the exact cost of its plan and still count."""


def judged(record: Record, problem: Problem, outcome: Outcome, elapsed: Callable[[], float]) -> Record:
    """Have the checker look at what a contender claims; the record with what holds.

    A plan the checker refuses, a cost it does not agree with, or a bound that cannot be makes the record WRONG. The
    time of the check belongs to the contender's total; one that has had its answer checked itself (`seconds` has
    `check`) pays for that and not for this second look.
    """
    seconds, counts = record.seconds | outcome.seconds, record.counts | outcome.counts
    record = replace(
        record,
        status=outcome.status,
        detail=outcome.detail,
        claimed=outcome.objective,
        incumbents=[(round(t, 4), objective, bound) for t, objective, bound in outcome.incumbents],
        counts=counts,
        seconds=seconds | {"total": elapsed()},
    )
    if outcome.plan is None:
        status = outcome.status if outcome.status in FAILURES else "NO_PLAN"
        source = "none" if outcome.bound is None else "solver"
        return replace(record, status=status, bound=outcome.bound, bound_source=source)
    began = elapsed()
    report = check_plan(problem, outcome.plan)
    ended = elapsed()
    if "check" not in outcome.seconds:
        record = replace(record, seconds=seconds | {"check": ended - began, "total": ended})
    wrong = _faults(report, outcome)
    bound, source, fault = _bound(problem, outcome, report, record.threads)
    if fault:
        wrong.append(fault)
    record = replace(record, bound=bound, bound_source=source)
    if wrong or report.costs is None:
        return replace(record, status="WRONG", detail="; ".join(wrong))
    return replace(
        record,
        verified=True,
        objective=report.costs.total,
        gap=relative_gap(report.costs.total, bound),
        costs={term: int(value) for term, value in asdict(report.costs).items() if value},
        counts=counts | _plan_counts(problem, outcome.plan, report),
    )


def _faults(report: PlanReport, outcome: Outcome) -> list[str]:
    if not report.is_feasible or report.costs is None:
        return [f"{fault.code} {fault.where}: {fault.message}" for fault in report.violations[:5]]
    if outcome.objective is not None and outcome.objective != report.costs.total:
        return [f"claims a cost of {outcome.objective} micros; the checker computes {report.costs.total}"]
    return []


def _bound(problem: Problem, outcome: Outcome, report: PlanReport, threads: int) -> tuple[int | None, str, str]:
    """The bound that holds, where it comes from, and what is wrong with the claim (empty: nothing)."""
    cost = report.costs.total if report.is_feasible and report.costs is not None else None
    if outcome.certificate is not None:
        recomputed = check_certificate(problem, outcome.certificate, threads)
        if recomputed.bound is None or recomputed.violations:
            listed = "; ".join(f"{fault.code} {fault.where}: {fault.message}" for fault in recomputed.violations[:3])
            return None, "none", f"the checker refuses the certificate: {listed}"
        if outcome.bound is not None and recomputed.bound < outcome.bound:
            return None, "none", f"claims a bound of {outcome.bound}; the checker computes {recomputed.bound}"
        if cost is not None and recomputed.bound > cost:
            return None, "none", f"the bound {recomputed.bound} is above the plan's cost {cost}"
        return recomputed.bound, "certificate", ""
    if outcome.bound is None:
        return None, "none", ""
    if cost is not None and outcome.bound > cost:
        if outcome.bound - cost > _SOLVER_SLACK * abs(cost) + 2 * len(outcome.plan or ()) + 10:
            return None, "none", f"claims that nothing costs less than {outcome.bound} micros; its plan costs {cost}"
        return cost, "solver", ""
    return outcome.bound, "solver", ""


def _plan_counts(problem: Problem, plan: Plan, report: PlanReport) -> dict[str, int]:
    assert report.packages is not None
    promised = problem.orders.deliver_by[plan.order_idx]
    packages = np.bincount(plan.order_idx, minlength=len(problem.orders))
    shipped = int(plan.content_quantity.sum())
    return {
        "packages": len(plan),
        "split_orders": int((packages > 1).sum()),
        "late_packages": int(((promised < NO_DATE) & (report.packages.deliver_day > promised)).sum()),
        "unfilled_units": int(problem.lines.quantity.sum()) - shipped,
    }
