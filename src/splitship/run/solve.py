"""The one way to an answer: compile, solve by the method asked for, have the independent checker agree, report."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from splitship import engine, mip, policies
from splitship.check import check_certificate, check_plan
from splitship.domain import (
    BoundSource,
    Certificate,
    Event,
    Plan,
    PlanReport,
    Problem,
    Result,
    SolveOptions,
    Steering,
    Termination,
    TerminationReason,
    WarmStart,
)
from splitship.domain.parts import promised_plan
from splitship.errors import CheckFailedError, Finding, InputError, NoPlanInTimeError, UsageError
from splitship.instance import Instance, compile_problem
from splitship.instance.reasons import unavoidable_unfilled_cost, unfilled_lines
from splitship.spans import span, spanned

ORDER_PLANS, ONE_MODEL, POLICY_PREFIX = "order-plans", "mip", "policy:"
_RESERVE_BASE_S, _RESERVE_PER_COMPILED_S = 0.15, 1.1
"""Time kept for the check: a little, and somewhat more than compiling took, which grows with the batch alike; twice as
much where something is promised, kept for channels or steered."""
_RESERVE_WIDE_S, _RESERVE_PER_WIDE_ORDER_S = 0.4, 0.7e-3
"""The same for wide orders: loading the kernels, and branching."""
_MOST_RESERVED = 0.6
_SOLVER_TOLERANCE = 1e-6
"""How far, relatively, a MIP solver's floating-point bound may pass the exact cost of its plan."""
_TELL_EVERY = 4.0
"""A better plan is verified and shown only when as many times the last verification's time has passed."""

OnEvent = Callable[[Event], None]
OnPlan = Callable[[Result], None]


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a method claims, before anyone has checked it. `objective` None: the checker's cost is taken."""

    plan: Plan
    objective: int | None
    bound: int | None
    bound_source: BoundSource
    certificate: Certificate | None
    termination: Termination
    events: tuple[Event, ...] = ()
    prices_seconds: float = 0.0
    primal_seconds: float = 0.0


def solve(
    problem: Problem,
    options: SolveOptions | None = None,
    on_event: OnEvent | None = None,
    should_stop: Callable[[], bool] | None = None,
    on_plan: OnPlan | None = None,
    warm: WarmStart | None = None,
) -> Result:
    """Solve a problem in this process and return a verified answer.

    `options.method` is `order-plans` (the engine, with a certificate), `mip` (the one model through `options.solver`)
    or `policy:NAME`. `on_event` gets every step; `on_plan` gets better plans of the engine on the way, each verified
    but without a bound; `should_stop` is asked often and ends the engine's search with the best plan so far. The time
    limit covers everything, the final check included. `warm` is where the engine begins, in this problem's positions
    (packs/warm_start.py makes one from an earlier answer); it changes the way, and nothing of what is checked.

    Raises:
        UsageError: no such method, or one that cannot use `warm`.
        NoPlanInTimeError: a limit came before the first plan (only `mip`).
        InputError: E506, promises that must be kept and of which the best plan found breaks some.
        CheckFailedError: the checker refuses the plan, its cost or its bound. Such a plan is never returned.
    """
    options = options or SolveOptions()
    if warm is not None and options.method != ORDER_PLANS:
        raise UsageError(f"a warm start goes with the method {ORDER_PLANS}, not with {options.method}")
    started = time.perf_counter()
    steering = None
    if options.method == ORDER_PLANS and len(Steering.of(problem)):
        steering = engine.find_steering(
            problem, options, started, None if warm is None else warm.certificate, should_stop
        )
    steered = time.perf_counter()
    instance = compile_problem(problem, options.threads, steering)
    if warm is None and len(problem.promises):
        warm = WarmStart(promised_plan(problem))
    compiled = time.perf_counter()
    verifier = _Verifier(problem, options, instance, started, compiled - started)
    if options.method == ORDER_PLANS:
        reserve = _time_for_the_check(problem, instance, compiled - steered)
        claim = _by_engine(instance, options, reserve, verifier, started, on_event, should_stop, on_plan, warm)
    elif options.method == ONE_MODEL:
        claim = _by_model(instance, options, compiled - started, on_event)
    elif options.method.startswith(POLICY_PREFIX):
        claim = _by_policy(instance, options.method.removeprefix(POLICY_PREFIX))
    else:
        raise UsageError(f"no method {options.method!r}: use order-plans, mip or policy:NAME")
    return verifier.result(claim, with_certificate=True)


def _by_engine(
    instance: Instance, options: SolveOptions, reserve: float, verifier: _Verifier, started: float,
    on_event: OnEvent | None, should_stop: Callable[[], bool] | None, on_plan: OnPlan | None, warm: WarmStart | None,
) -> _Claim:  # fmt: skip
    if options.time_limit_s is not None:
        reserve = min(reserve, _MOST_RESERVED * options.time_limit_s)
    answer = engine.solve(
        instance,
        options,
        on_event,
        None if on_plan is None else lambda make: verifier.show(make, on_plan),
        should_stop,
        started,
        reserve,
        warm,
    )
    return _claim_of(answer)


def _time_for_the_check(problem: Problem, instance: Instance, compile_s: float) -> float:
    """Seconds to keep for it; `compile_s` is what compiling once took."""
    num_wide = int(instance.is_wide.sum())
    owes = len(problem.promises) > 0 or len(problem.reserves) > 0 or instance.steering is not None
    reserve = _RESERVE_BASE_S + _RESERVE_PER_COMPILED_S * compile_s * (1 + owes)
    return reserve + _RESERVE_WIDE_S * (num_wide > 0) + _RESERVE_PER_WIDE_ORDER_S * num_wide


def _claim_of(answer: engine.Answer) -> _Claim:
    return _Claim(
        plan=answer.plan,
        objective=answer.objective,
        bound=answer.certificate.bound,
        bound_source=BoundSource.CERTIFICATE,
        certificate=answer.certificate,
        termination=answer.termination,
        events=answer.events,
        prices_seconds=answer.prices_seconds,
        primal_seconds=answer.primal_seconds,
    )


def _by_model(instance: Instance, options: SolveOptions, seconds_gone: float, on_event: OnEvent | None) -> _Claim:
    events: list[Event] = []

    def tell(event: Event) -> None:
        events.append(event)
        if on_event is not None:
            on_event(event)

    if options.time_limit_s is not None:
        options = replace(options, time_limit_s=max(0.05, options.time_limit_s - seconds_gone))
    answer = mip.solve_model(instance, options, tell)
    if answer.plan is None:
        raise NoPlanInTimeError(f"{answer.solver} found no plan: {answer.termination.detail or answer.detail}")
    return _Claim(
        plan=answer.plan,
        objective=None,  # the model may be a micro off per rounded term; the checker's cost counts
        bound=answer.bound,
        bound_source=BoundSource.NONE if answer.bound is None else BoundSource.SOLVER,
        certificate=None,
        termination=answer.termination,
        events=tuple(events),
        primal_seconds=answer.seconds,
    )


def _by_policy(instance: Instance, name: str) -> _Claim:
    began = time.perf_counter()
    plan = policies.route(instance, name)
    nothing = not len(instance.line_sku)
    termination = Termination(
        TerminationReason.NOTHING_TO_SHIP if nothing else TerminationReason.WORK_LIMIT,
        None if nothing else "policy",
        f"the rule {name} ran to its end; it proves nothing",
    )
    return _Claim(plan, None, None, BoundSource.NONE, None, termination, primal_seconds=time.perf_counter() - began)


class _Verifier:
    """Turns claims into results, or refuses them."""

    def __init__(
        self, problem: Problem, options: SolveOptions, instance: Instance, started: float, compile_s: float
    ) -> None:
        self.problem, self.options, self.instance = problem, options, instance
        self.started, self.compile_s = started, compile_s
        self.next_show = 0.0

    @cached_property
    def unavoidable(self) -> int:
        """Unfilled cost that no plan avoids, in micros: the same for every plan shown."""
        return unavoidable_unfilled_cost(self.problem, self.instance)

    def show(self, make: Callable[[], engine.Answer], on_plan: OnPlan) -> None:
        """Verify a plan on the way and pass it on, unless the last one was only just shown."""
        now = time.perf_counter()
        if now < self.next_show:
            return
        on_plan(self.result(_claim_of(make()), with_certificate=False))
        took = time.perf_counter() - now
        self.next_show = now + (1 + _TELL_EVERY) * took

    def result(self, claim: _Claim, with_certificate: bool) -> Result:
        """The verified result of a claim."""
        began = time.perf_counter()
        with span("check of the plan"):
            report = check_plan(self.problem, claim.plan)
        objective = self._agreed_objective(claim, report)
        bound, source, certificate = claim.bound, claim.bound_source, claim.certificate
        num_relaxed = 0
        if certificate is not None and with_certificate:
            certificate, num_relaxed = self._agreed_bound(certificate)
            bound = certificate.bound
        elif certificate is not None:
            bound, source, certificate = None, BoundSource.NONE, None
        elif bound is not None and bound > objective:
            if bound - objective > _SOLVER_TOLERANCE * abs(objective) + 2 * len(claim.plan) + 10:
                raise CheckFailedError(
                    f"the solver claims that nothing costs less than {bound} micros, but its plan costs {objective}"
                )
            bound = objective
        with span("reasons"):
            unfilled = unfilled_lines(self.problem, claim.plan)
            unavoidable = self.unavoidable
        ended = time.perf_counter()
        return Result(
            problem=self.problem,
            options=self.options,
            plan=claim.plan,
            unfilled=unfilled,
            report=report,
            objective=objective,
            bound=bound,
            bound_source=source,
            certificate=certificate,
            termination=claim.termination,
            events=claim.events,
            seconds={
                "compile": self.compile_s,
                "prices": claim.prices_seconds,
                "primal": claim.primal_seconds,
                "check": ended - began,
                "total": ended - self.started,
            },
            num_relaxed_orders=num_relaxed,
            unavoidable_unfilled_cost=unavoidable,
            peak_memory_mb=peak_memory_mb(),
            method=self.options.method,
            has_possible_package=self.instance.num_options > 0 or not len(self.problem.lines),
        )

    def _agreed_objective(self, claim: _Claim, report: PlanReport) -> int:
        if not report.is_feasible or report.costs is None:
            if all(violation.code == "PROMISE_BROKEN" for violation in report.violations) and report.violations:
                hint = "they cannot all be kept within the limits of their orders and what there is: state a move_price"
                raise InputError(
                    [
                        Finding("plan_before", "E506", f"no plan was found without this: {v.where}: {v.message}", hint)
                        for v in report.violations[:20]
                    ]
                )
            listed = "; ".join(f"{v.code} {v.where}: {v.message}" for v in report.violations[:10])
            raise CheckFailedError(f"the checker refuses the plan: {listed}")
        if claim.objective is not None and not self._agrees(claim.objective, report.costs.total):
            raise CheckFailedError(
                f"the plan is said to cost {claim.objective} micros, the checker computes {report.costs.total}"
            )
        return report.costs.total

    def _agrees(self, claimed: int, cost: int) -> bool:
        """The claim is the cost; with soft quotas, or reserves at a price, it may be above: what a search paid for can
        have been free in the end.
        """
        can_be_less = self.problem.package_rules.is_soft.any() or self.problem.reserves.is_priced.any()
        return claimed == cost or (claimed > cost and bool(can_be_less))

    @spanned("check of the bound")
    def _agreed_bound(self, certificate: Certificate) -> tuple[Certificate, int]:
        """The certificate that both the engine and the checker stand behind, and how many orders were relaxed."""
        report = check_certificate(self.problem, certificate, self.options.threads)
        if report.num_relaxed_orders and report.bound is not None and report.bound < certificate.bound:
            # The engine computes the relaxation of wide orders in floating point; the checker's exact number counts.
            certificate = replace(certificate, bound=report.bound)
            report = check_certificate(self.problem, certificate, self.options.threads)
        if report.bound is None or report.violations:
            listed = "; ".join(f"{v.code} {v.where}: {v.message}" for v in report.violations[:10])
            raise CheckFailedError(f"the checker refuses the certificate: {listed}")
        return certificate, report.num_relaxed_orders


def peak_memory_mb() -> float:
    """Largest resident size of this process so far, in MB (10^6 bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
