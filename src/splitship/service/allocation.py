"""What a client gets back: the answer's numbers, its packages, and the same `Result` that a local solve gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from splitship.domain import (
    BoundSource,
    CostTerms,
    Event,
    PackageCosts,
    PlanReport,
    Problem,
    Result,
    SolveOptions,
    Termination,
    UnfilledLines,
    Violation,
)
from splitship.errors import Finding, SplitshipError
from splitship.packs.documents import COST_TERMS, PACKAGE_TERMS
from splitship.packs.plan_ids import PlanFaults, PlanIds
from splitship.service.answers import BOUND_SOURCES, REASONS, TERMINATIONS
from splitship.service.plans import read_certificate_message, read_plan_message
from splitship.units import I64, format_micros, strings
from splitship.v1 import allocation_service_pb2 as api
from splitship.v1 import plan_pb2, result_pb2

_REASONS = {number: reason for reason, number in REASONS.items()}
_TERMINATIONS = {number: reason for reason, number in TERMINATIONS.items()}
_BOUND_SOURCES = {number: source for source, number in BOUND_SOURCES.items()}


@dataclass(frozen=True, slots=True, repr=False)
class Allocation:
    """The answer to a batch. `message` is the whole answer as it came; the properties read it. Money is in micros."""

    message: api.AllocateResponse

    @property
    def request_id(self) -> str:
        """The id under which the server's log has the call."""
        return self.message.request_id

    @property
    def summary(self) -> result_pb2.Summary:
        """Everything but the plan."""
        return self.message.summary

    @property
    def packages(self) -> Sequence[plan_pb2.Package]:
        """What ships: order, node, service, ship and delivery day, lines, costs."""
        return self.message.plan.packages

    @property
    def unfilled(self) -> Sequence[plan_pb2.UnfilledLine]:
        """What does not ship, and why."""
        return self.message.plan.unfilled

    @property
    def objective(self) -> int:
        """Cost of the plan."""
        return self.summary.objective_micros

    @property
    def bound(self) -> int | None:
        """A lower bound on the cost of any plan; None: none."""
        return self.summary.bound_micros if self.summary.HasField("bound_micros") else None

    @property
    def gap(self) -> float | None:
        """(objective - bound) / |objective|; None: undefined."""
        return self.summary.gap if self.summary.HasField("gap") else None

    @property
    def currency(self) -> str:
        """ISO 4217 code."""
        return self.summary.currency

    @property
    def costs(self) -> CostTerms:
        """The cost by term."""
        return read_costs(self.summary.costs)

    @property
    def termination(self) -> Termination:
        """Why the search stopped."""
        message = self.summary.termination
        return Termination(
            _TERMINATIONS[message.reason], message.limit if message.HasField("limit") else None, message.detail
        )

    @property
    def is_verified(self) -> bool:
        """The server's independent checker found the plan feasible and its cost as stated."""
        return self.summary.verified

    @property
    def events(self) -> tuple[Event, ...]:
        """Steps of the solve, if they were asked for."""
        return tuple(read_event(event) for event in self.message.events)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What looks wrong in the problem."""
        return tuple(read_finding(finding) for finding in self.message.findings)

    def result(self, problem: Problem) -> Result:
        """The same as a `Result` of the problem that was sent, as a local solve would give it.

        Raises:
            PlanError: the answer is not about this problem.
        """
        summary, packages = self.summary, self.packages
        plan = read_plan_message(self.message.plan, problem)
        sent = [package.order_id for package in packages]
        if problem.orders.order_id[plan.order_idx].tolist() != sent:
            raise SplitshipError("the answer's packages are not in their canonical sequence")
        days = np.array([package.deliver_on for package in packages], "datetime64[D]").astype(np.int64)
        terms = {
            term: np.array([getattr(package.costs, f"{term}_micros") for package in packages], np.int64)
            for term in PACKAGE_TERMS
        }
        has_certificate = self.message.HasField("certificate")
        certificate = read_certificate_message(self.message.certificate, problem) if has_certificate else None
        costs = PackageCosts(**terms, deliver_day=days)
        return Result(
            problem=problem,
            options=SolveOptions(
                time_limit_s=summary.time_limit_seconds if summary.HasField("time_limit_seconds") else None,
                work_limit=summary.work_limit if summary.HasField("work_limit") else None,
                gap=summary.gap_limit,
                seed=summary.seed,
                threads=summary.threads,
                method=summary.method,
                solver=summary.solver or None,
            ),
            plan=plan,
            unfilled=_read_unfilled(self.unfilled, problem),
            report=PlanReport((), self.costs, costs, summary.seconds.get("check", 0.0)),
            objective=self.objective,
            bound=self.bound,
            bound_source=_BOUND_SOURCES.get(summary.bound_source, BoundSource.NONE),
            certificate=certificate,
            termination=self.termination,
            events=self.events,
            seconds=dict(summary.seconds),
            num_relaxed_orders=summary.counts.orders_bounded_by_relaxation,
            unavoidable_unfilled_cost=summary.unavoidable_unfilled_micros,
            peak_memory_mb=summary.peak_memory_mb,
            method=summary.method,
            has_possible_package=not summary.nothing_possible,
        )

    def __repr__(self) -> str:
        gap = "no bound" if self.gap is None else f"gap {self.gap:.3%}"
        return (
            f"Allocation({self.summary.name!r}, {format_micros(self.objective)} {self.currency}, {gap}, "
            f"{len(self.packages)} packages, {self.termination.reason.value})"
        )


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """What the server's independent checker says of a plan and its certificate; money in micros, None where unknown."""

    is_feasible: bool
    violations: tuple[Violation, ...]
    total_violations: int
    costs: CostTerms | None
    objective: int | None
    does_certificate_hold: bool | None
    certificate_violations: tuple[Violation, ...]
    bound: int | None
    gap: float | None
    seconds: float


def read_check(message: api.CheckPlanResponse) -> PlanCheck:
    """The answer to CheckPlan."""

    def given(name: str) -> Any:
        return getattr(message, name) if message.HasField(name) else None

    return PlanCheck(
        is_feasible=message.feasible,
        violations=tuple(Violation(each.code, each.place, each.message) for each in message.violations),
        total_violations=message.total_violations,
        costs=read_costs(message.costs) if message.HasField("costs") else None,
        objective=given("objective_micros"),
        does_certificate_hold=given("certificate_holds"),
        certificate_violations=tuple(
            Violation(each.code, each.place, each.message) for each in message.certificate_violations
        ),
        bound=given("bound_micros"),
        gap=given("gap"),
        seconds=message.seconds,
    )


def read_costs(message: plan_pb2.CostTerms) -> CostTerms:
    """The cost by term."""
    return CostTerms(**{term: getattr(message, f"{term}_micros") for term in COST_TERMS})


def read_event(message: result_pb2.Progress) -> Event:
    """A step of a solve."""
    objective = message.objective_micros if message.HasField("objective_micros") else None
    bound = message.bound_micros if message.HasField("bound_micros") else None
    return Event(message.elapsed_seconds, message.phase, objective, bound)


def read_finding(message: result_pb2.Finding) -> Finding:
    """A fault or warning."""
    severity = "warning" if message.severity == result_pb2.SEVERITY_WARNING else "error"
    return Finding(message.field, message.code, message.message, message.hint, severity)


def _read_unfilled(messages: Sequence[plan_pb2.UnfilledLine], problem: Problem) -> UnfilledLines:
    faults = PlanFaults()
    ids = PlanIds(problem, faults)
    orders: I64 = ids.positions(
        "order_id", [each.order_id for each in messages], lambda row: f"plan.unfilled[{row}].order_id"
    )
    lines = ids.lines(orders, [each.line_id for each in messages], lambda row: f"plan.unfilled[{row}].line_id")
    faults.raise_if_any()
    return UnfilledLines(
        lines,
        np.array([each.quantity for each in messages], np.int64),
        tuple(_REASONS[each.reason] for each in messages),
        strings([each.detail for each in messages]),
    )
