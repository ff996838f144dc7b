"""What a solver process does for a call: read the request, solve or check, make the answer.

Everything that takes time with the size of a problem happens in this process, never on the server's event loop.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace

from google.protobuf.message import DecodeError

from splitship import run
from splitship.check import check_certificate, check_plan
from splitship.domain import Event, Result, Violation, WarmStart, relative_gap
from splitship.errors import Finding, InputError, SplitshipError
from splitship.packs import read_pack
from splitship.packs.collection import without_collection
from splitship.policies import POLICIES
from splitship.run.protocol import Reply, Task
from splitship.run.solve import ORDER_PLANS
from splitship.run.worker import TaskContext
from splitship.service.answers import answer_parts, costs_message, finding_message, progress_message
from splitship.service.collection import settle
from splitship.service.entry import JobSettings, PackFacts, WorkerFacts
from splitship.service.explain_jobs import explain_order
from splitship.service.faults import Fault, fault_of, invalid
from splitship.service.plans import read_certificate_message, read_plan_message, read_warm_start
from splitship.service.requests import (
    ReadProblem,
    UnknownPackError,
    read_source,
    request_findings,
)
from splitship.service.scenario_jobs import run_scenarios
from splitship.service.state import State, answer_seconds, kill_at, within_limits
from splitship.v1 import allocation_service_pb2 as api
from splitship.v1 import problem_pb2, scenario_service_pb2

MAX_VIOLATIONS = 10_000
KEEP_SHARE = 9.0
"""A verified plan is handed over at most so often that the rest of the time is this many times what it took."""


def set_up(settings: JobSettings) -> tuple[State, WorkerFacts]:
    """Read the packs and warm the compiled code.

    Raises:
        InputError: a pack that cannot be used.
    """
    packs = {}
    for name, folder in sorted(settings.packs.items()):
        try:
            packs[name] = read_pack(folder)
        except InputError as error:
            raise InputError([Finding(f"--pack {name}", "E301", "the pack cannot be used"), *error.findings]) from None
    facts = []
    for name, pack in packs.items():
        problem = pack.problem()
        facts.append(PackFacts(name, problem.input_hash, len(problem.orders), len(problem.lines), problem.currency))
    if settings.solve is None:
        run.warm_up()
    settle()
    methods = ("order-plans", "mip", *(f"policy:{name}" for name in sorted(POLICIES)))
    return State(settings, packs, settings.solve or run.solve), WorkerFacts(tuple(facts), methods)


def work(state: State, task: Task, context: TaskContext) -> Reply:
    """Do one task: `allocate`, `allocate_stream`, `check`, `explain` or `run_scenarios`."""
    body = b"".join(task.body)
    try:
        if task.kind == "check":
            return _check(state, api.CheckPlanRequest.FromString(body))
        if task.kind == "explain":
            return explain_order(state, api.ExplainOrderRequest.FromString(body), context)
        if task.kind == "run_scenarios":
            return run_scenarios(state, scenario_service_pb2.RunScenariosRequest.FromString(body), context)
        if task.kind == "allocate_stream":
            # Parts one after the other are the bytes of the merged message: that is how protobuf merges.
            return _allocate(state, api.AllocateStreamRequest.FromString(body).part, context, is_stream=True)
        return _allocate(state, api.AllocateRequest.FromString(body), context, is_stream=False)
    except DecodeError:
        fault = Fault("INVALID_ARGUMENT", "the request is not a message of the API", "MALFORMED_REQUEST")
        return fault.reply()
    except UnknownPackError as error:
        (finding,) = error.findings
        message = f"{finding.message}; {finding.hint}"
        return Fault("NOT_FOUND", message, "PACK_NOT_FOUND", error.findings).reply()
    except SplitshipError as error:
        return fault_of(error).reply()


def _allocate(state: State, request: api.AllocateRequest, context: TaskContext, *, is_stream: bool) -> Reply:
    started = time.monotonic()
    request_id = request.request_id or str(uuid.uuid4())
    read, findings = _read(state, request, request_id)
    problem = read.problem if read is not None else None
    warm, warm_faults = _warm_start(request, read)
    findings = (*findings, *warm_faults)
    log = {"request_id": request_id[:128], "orders": len(problem.orders) if problem else None}
    if request.mode == api.SOLVING_MODE_VALIDATE_ONLY:
        parts = [
            api.AllocateResponse(findings=[finding_message(finding) for finding in findings[start : start + 5_000]])
            for start in range(0, len(findings), 5_000)
        ]
        return Reply(_encode([*parts, api.AllocateResponse(request_id=request_id)], is_stream), log=log)
    if problem is None or read is None or any(finding.severity == "error" for finding in findings):
        return invalid(findings).reply(log)

    read_seconds = time.monotonic() - started
    reserve = answer_seconds(problem)
    options = within_limits(state.settings, read.options, context.deadline, reserve)
    context.limit(kill_at(options, reserve))

    def encode(result: Result, *, is_final: bool) -> tuple[bytes, ...]:
        seconds = {**result.seconds, "read": read_seconds}
        return _encode(
            answer_parts(
                replace(result, seconds=seconds),
                request_id=request_id,
                include_certificate=request.include_certificate,
                include_events=request.include_events,
                findings=findings,
                with_hash=is_final,
                warm=warm,
            ),
            is_stream,
        )

    def log_of(result: Result) -> dict[str, object]:
        return {
            **log,
            "gap": result.gap,
            "solve_s": round(result.seconds.get("total", 0.0), 3),
            "termination": result.termination.reason.value,
        }

    def on_event(event: Event) -> None:
        context.progress(api.AllocateStreamResponse(progress=progress_message(event)).SerializeToString())

    keeper = _Keeper(lambda result: context.keep(Reply(encode(result, is_final=False), log=log_of(result))))
    try:
        result = state.solve(
            problem,
            options,
            on_event=on_event if is_stream else None,
            should_stop=context.should_stop,
            on_plan=keeper.offer,
            warm=warm,
        )
    finally:
        keeper.close()
    if context.is_abandoned:
        return Reply(log=log_of(result))
    return Reply(encode(result, is_final=True), log=log_of(result))


def _read(
    state: State, request: api.AllocateRequest | api.CheckPlanRequest, request_id: str
) -> tuple[ReadProblem | None, tuple[Finding, ...]]:
    """The problem that a request sends or names, and everything that is wrong with the request."""
    findings = request_findings(request, request_id)
    options = problem_pb2.SolveOptions()
    if isinstance(request, api.AllocateRequest):
        options = request.options
        known = (api.SOLVING_MODE_SOLVE, api.SOLVING_MODE_VALIDATE_ONLY)
        if request.HasField("mode") and request.mode not in known:
            findings.append(Finding("mode", "E701", "expected SOLVING_MODE_SOLVE or SOLVING_MODE_VALIDATE_ONLY"))
    read = read_source(request, options, state.defaults, state.packs)
    return read, (*findings, *(read.findings if read is not None else ()))


def _warm_start(request: api.AllocateRequest, read: ReadProblem | None) -> tuple[WarmStart | None, tuple[Finding, ...]]:
    """Where the request says to begin, and what is wrong with that; nothing while the problem itself has faults."""
    if not request.HasField("warm_start") or read is None or read.problem is None:
        return None, ()
    if read.options.method != ORDER_PLANS:
        message = f"goes with the method {ORDER_PLANS}, not with {read.options.method}"
        return None, (Finding("warm_start", "E702", message),)
    try:
        with without_collection():
            return read_warm_start(request.warm_start, read.problem), ()
    except InputError as error:
        return None, error.findings


def _encode(parts: Iterable[api.AllocateResponse], is_stream: bool) -> tuple[bytes, ...]:
    with without_collection():
        if is_stream:
            return tuple(api.AllocateStreamResponse(part=part).SerializeToString() for part in parts)
        return tuple(part.SerializeToString() for part in parts)


class _Keeper:
    """Hands verified plans over from a thread of its own, so that making an answer does not hold up the search.

    The first plan goes at once; after that only the newest, and at most a tenth of the time is spent on it.
    """

    def __init__(self, keep: Callable[[Result], None]) -> None:
        self._keep = keep
        self._latest: Result | None = None
        self._is_closed = False
        self._changed = threading.Condition()
        threading.Thread(target=self._loop, daemon=True).start()

    def offer(self, result: Result) -> None:
        """A newly verified plan, better than those before."""
        with self._changed:
            self._latest = result
            self._changed.notify()

    def close(self) -> None:
        """No more plans are wanted."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()

    def _loop(self) -> None:
        not_before = 0.0
        while True:
            with self._changed:
                while not self._is_closed and (self._latest is None or time.monotonic() < not_before):
                    wait = max(0.0, not_before - time.monotonic()) if self._latest is not None else None
                    self._changed.wait(wait)
                if self._is_closed:
                    return
                result, self._latest = self._latest, None
            if result is not None:
                started = time.monotonic()
                self._keep(result)
                now = time.monotonic()
                not_before = now + KEEP_SHARE * (now - started)


def _check(state: State, request: api.CheckPlanRequest) -> Reply:
    started = time.monotonic()
    request_id = request.request_id or str(uuid.uuid4())
    read, findings = _read(state, request, request_id)
    problem = read.problem if read is not None else None
    log: dict[str, object] = {"request_id": request_id[:128], "orders": len(problem.orders) if problem else None}
    faults = [finding for finding in findings if finding.severity == "error"]
    if not request.HasField("plan"):
        faults.append(Finding("plan", "E701", "the request has no plan"))
    if problem is None or faults:
        return invalid(faults).reply(log)
    plan = read_plan_message(request.plan, problem)
    report = check_plan(problem, plan)
    response = api.CheckPlanResponse(
        request_id=request_id,
        feasible=report.is_feasible,
        violations=[_violation(violation) for violation in report.violations[:MAX_VIOLATIONS]],
        total_violations=len(report.violations),
        currency=problem.currency,
    )
    if report.costs is not None:
        response.costs.CopyFrom(costs_message(report.costs))
        response.objective_micros = report.costs.total
    if request.HasField("certificate"):
        certificate = read_certificate_message(request.certificate, problem)
        proof = check_certificate(problem, certificate, threads=state.settings.threads)
        response.certificate_holds = not proof.violations
        response.certificate_violations.extend(_violation(violation) for violation in proof.violations[:MAX_VIOLATIONS])
        response.orders_bounded_by_relaxation = proof.num_relaxed_orders
        if proof.bound is not None:
            response.bound_micros = proof.bound
            gap = relative_gap(report.costs.total, proof.bound) if report.costs is not None else None
            if gap is not None:
                response.gap = gap
    response.seconds = time.monotonic() - started
    return Reply((response.SerializeToString(),), log=log)


def _violation(violation: Violation) -> api.Violation:
    return api.Violation(code=violation.code, place=violation.where, message=violation.message)
