"""A result as an answer: parts that merge to the whole `AllocateResponse`, the last one with the summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np

from splitship.domain import (
    BoundSource,
    CostTerms,
    Event,
    Plan,
    Problem,
    Reason,
    Result,
    Termination,
    TerminationReason,
    WarmStart,
)
from splitship.domain.changes import Change, changes_of
from splitship.domain.feature_counts import feature_counts
from splitship.domain.parts import with_whole_lines
from splitship.domain.rule_effects import RuleEffect, rule_effects
from splitship.errors import Finding
from splitship.packs.content_skus import content_component_ids, content_sku_ids
from splitship.packs.documents import (
    COST_TERMS,
    PACKAGE_TERMS,
    body_hash,
    day_texts,
    package_changes,
    package_ids,
    plan_body,
)
from splitship.service.certificates import certificate_parts
from splitship.units import NO_DATE
from splitship.v1 import allocation_service_pb2, plan_pb2, result_pb2

PACKAGES_PER_PART = 1_000

REASONS: dict[Reason, Any] = {
    reason: plan_pb2.UnfilledReason.Value(f"UNFILLED_REASON_{reason.value}") for reason in Reason
}
TERMINATIONS: dict[TerminationReason, Any] = {
    reason: result_pb2.TerminationReason.Value(f"TERMINATION_REASON_{reason.value}") for reason in TerminationReason
}
BOUND_SOURCES: dict[BoundSource, Any] = {
    source: result_pb2.BoundSource.Value(f"BOUND_SOURCE_{source.name}") for source in BoundSource
}
CHANGES: dict[Change, Any] = {change: result_pb2.Change.Value(f"CHANGE_{change.name}") for change in Change}
"""Our words to the numbers of the API; a word without one fails at import."""


def answer_parts(
    result: Result,
    *,
    request_id: str,
    include_certificate: bool,
    include_events: bool,
    findings: Sequence[Finding] = (),
    with_hash: bool = True,
    warm: WarmStart | None = None,
    include_plan: bool = True,
) -> Iterator[allocation_service_pb2.AllocateResponse]:
    """The answer in parts of at most 1,000 packages. `with_hash` false leaves the plan's hash out, which takes time.

    Without `include_plan` there is neither plan nor changes, only what else is asked for and the summary.

    `warm` is where the solve began: its counts go into the summary.
    """
    for plan in plan_parts(result) if include_plan else ():
        yield allocation_service_pb2.AllocateResponse(plan=plan)
    changes = change_messages(result) if include_plan else []
    for start in range(0, len(changes), PACKAGES_PER_PART):
        yield allocation_service_pb2.AllocateResponse(changes=changes[start : start + PACKAGES_PER_PART])
    if include_certificate and result.certificate is not None:
        for certificate in certificate_parts(result.problem, result.certificate):
            yield allocation_service_pb2.AllocateResponse(certificate=certificate)
    summary = summary_message(result, body_hash(plan_body(result)) if with_hash else "")
    if warm is not None:
        summary.warm_start.CopyFrom(
            result_pb2.WarmStartCounts(
                packages=warm.num_packages,
                dropped_packages=warm.num_dropped_packages,
                prices=warm.num_prices,
                dropped_prices=warm.num_dropped_prices,
            )
        )
    yield allocation_service_pb2.AllocateResponse(
        request_id=request_id,
        events=[progress_message(event) for event in result.events] if include_events else None,
        findings=[finding_message(finding) for finding in findings],
        summary=summary,
    )


def plan_parts(result: Result) -> Iterator[plan_pb2.Plan]:
    """The plan in parts; at least one, so that a plan without packages is there and empty."""
    packages, unfilled = _packages(result), _unfilled(result)
    size = PACKAGES_PER_PART
    for start in range(0, max(len(packages), len(unfilled), 1), size):
        yield plan_pb2.Plan(packages=packages[start : start + size], unfilled=unfilled[start : start + size])


def content_messages(problem: Problem, plan: Plan) -> list[plan_pb2.PackageLine]:
    """What lies in packages, row by row of a plan's contents; the plan knows whole lines."""
    columns = zip(
        problem.lines.line_id[plan.content_line].tolist(),
        content_sku_ids(problem, plan),
        plan.content_quantity.tolist(),
        content_component_ids(problem, plan) or [""] * len(plan.content_line),
        strict=True,
    )
    return [
        plan_pb2.PackageLine(line_id=line_id, sku_id=sku_id, quantity=quantity, component_sku_id=component)
        for line_id, sku_id, quantity, component in columns
    ]


def _packages(result: Result) -> list[plan_pb2.Package]:
    problem, plan, costs = result.problem, result.plan, result.report.packages
    if costs is None:
        raise ValueError("a result without costs by package has no answer")
    plan = with_whole_lines(problem, plan)
    lines = content_messages(problem, plan)
    starts = np.searchsorted(plan.content_package, np.arange(len(plan) + 1)).tolist()
    columns = zip(
        package_ids(result),
        problem.orders.order_id[plan.order_idx].tolist(),
        problem.nodes.node_id[plan.node_idx].tolist(),
        problem.services.service_id[plan.service_idx].tolist(),
        day_texts(plan.ship_day),
        day_texts(costs.deliver_day),
        starts[:-1],
        starts[1:],
        *(getattr(costs, term).tolist() for term in PACKAGE_TERMS),
        strict=True,
    )
    return [
        plan_pb2.Package(
            package_id=package_id,
            order_id=order_id,
            node_id=node_id,
            service_id=service_id,
            ship_on=ship_on,
            deliver_on=deliver_on,
            lines=lines[start:end],
            costs=plan_pb2.PackageCosts(
                shipping_micros=shipping,
                handling_micros=handling,
                delivery_micros=delivery,
                late_micros=late,
                rules_micros=rules,
            ),
        )
        for (
            package_id, order_id, node_id, service_id, ship_on, deliver_on, start, end,
            shipping, handling, delivery, late, rules,
        ) in columns
    ]  # fmt: skip


def _unfilled(result: Result) -> list[plan_pb2.UnfilledLine]:
    problem, unfilled = result.problem, result.unfilled
    columns = zip(
        problem.orders.order_id[problem.lines.order_idx[unfilled.line_idx]].tolist(),
        problem.lines.line_id[unfilled.line_idx].tolist(),
        unfilled.quantity.tolist(),
        unfilled.reason,
        unfilled.detail.tolist(),
        strict=True,
    )
    return [
        plan_pb2.UnfilledLine(
            order_id=order_id, line_id=line_id, quantity=quantity, reason=REASONS[reason], detail=detail
        )
        for order_id, line_id, quantity, reason, detail in columns
    ]


def summary_message(result: Result, plan_hash: str) -> result_pb2.Summary:
    """Everything a result says besides the plan."""
    problem, plan, options = result.problem, result.plan, result.options
    units: dict[Reason, int] = {}
    for reason, quantity in zip(result.unfilled.reason, result.unfilled.quantity.tolist(), strict=True):
        units[reason] = units.get(reason, 0) + quantity
    effects = rule_effects(problem, plan)
    return result_pb2.Summary(
        name=problem.name,
        scenario=problem.scenario,
        method=result.method,
        termination=termination_message(result.termination),
        objective_micros=result.objective,
        bound_micros=result.bound,
        gap=result.gap,
        bound_source=BOUND_SOURCES[result.bound_source],
        currency=problem.currency,
        costs=costs_message(result.report.costs or CostTerms()),
        counts=result_pb2.Counts(
            orders=len(problem.orders),
            lines=len(problem.as_given.lines),
            units=int(problem.as_given.lines.quantity.sum()),
            packages=len(plan),
            split_orders=int(np.sum(np.bincount(plan.order_idx, minlength=1) > 1)),
            late_packages=_late_packages(result),
            unfilled_units=int(result.unfilled.quantity.sum()),
            orders_bounded_by_relaxation=result.num_relaxed_orders,
            **feature_counts(problem, plan),
        ),
        unfilled_by_reason=[
            result_pb2.UnfilledCount(reason=REASONS[reason], units=units[reason])
            for reason in Reason
            if reason in units
        ],
        unavoidable_unfilled_micros=result.unavoidable_unfilled_cost,
        verified=result.report.is_feasible,
        seconds={phase: float(seconds) for phase, seconds in result.seconds.items()},
        peak_memory_mb=result.peak_memory_mb,
        seed=options.seed,
        threads=options.threads,
        input_hash=problem.input_hash,
        plan_hash=plan_hash,
        versions=versions(),
        gap_limit=options.gap,
        time_limit_seconds=options.time_limit_s,
        work_limit=options.work_limit,
        solver=options.solver or "",
        nothing_possible=not result.has_possible_package,
        rules=[_effect(effect) for effect in effects if not effect.is_surcharge],
        surcharges=[_effect(effect) for effect in effects if effect.is_surcharge],
        changes=_change_counts(result),
    )


def _change_counts(result: Result) -> result_pb2.Changes | None:
    if not len(result.problem.as_given.plan_before):
        return None
    changes = changes_of(result.problem, result.plan)
    return result_pb2.Changes(
        **{change.label: changes.count(change) for change in Change},
        new=changes.num_new,
        moved_micros=int(changes.cost.sum()),
    )


def change_messages(result: Result) -> list[result_pb2.PackageChange]:
    """What became of every package of the plan before, in its sequence."""
    return [
        result_pb2.PackageChange(
            order_id=change.order_id,
            node_id=change.node_id,
            service_id=change.service_id,
            ship_on=change.ship_on,
            what=CHANGES[change.what],
            cost_micros=change.cost,
            package_ids=change.package_ids,
        )
        for change in package_changes(result)
    ]


def _effect(effect: RuleEffect) -> result_pb2.RuleEffect:
    return result_pb2.RuleEffect(
        name=effect.name,
        packages=effect.num_packages,
        units=effect.num_units,
        cost_micros=effect.cost,
        quota=effect.quota,
        beyond=effect.num_beyond,
        beyond_micros=effect.beyond_cost,
        most_used=effect.most_used,
        per_day=effect.is_per_day,
    )


def _late_packages(result: Result) -> int:
    if result.report.packages is None:
        return 0
    promised = result.problem.orders.deliver_by[result.plan.order_idx]
    return int(np.sum((promised < NO_DATE) & (result.report.packages.deliver_day > promised)))


def costs_message(costs: CostTerms) -> plan_pb2.CostTerms:
    """The cost by term."""
    return plan_pb2.CostTerms(**{f"{term}_micros": getattr(costs, term) for term in COST_TERMS})


def termination_message(termination: Termination) -> result_pb2.Termination:
    """Why a solve stopped."""
    return result_pb2.Termination(
        reason=TERMINATIONS[termination.reason], limit=termination.limit, detail=termination.detail
    )


def progress_message(event: Event) -> result_pb2.Progress:
    """A step of a solve."""
    return result_pb2.Progress(
        elapsed_seconds=event.seconds,
        phase=event.phase,
        objective_micros=event.objective,
        bound_micros=event.bound,
        gap=event.gap,
    )


def finding_message(finding: Finding) -> result_pb2.Finding:
    """A fault or warning."""
    severity = result_pb2.SEVERITY_WARNING if finding.severity == "warning" else result_pb2.SEVERITY_ERROR
    return result_pb2.Finding(
        field=finding.where, code=finding.code, message=finding.message, hint=finding.hint, severity=severity
    )


@cache
def versions() -> dict[str, str]:
    """Versions of the programs involved, by name."""
    return {name: version(name) for name in ("splitship", "ortools", "pulp", "scipy")}
