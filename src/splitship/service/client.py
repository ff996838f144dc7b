"""The typed client: sends problems in parts, sets deadlines, tries again when a server is away, gives typed answers.

with Client("127.0.0.1:50051") as client:
    answer = client.allocate(read_pack("scenarios/us-retail"), time_limit_s=10)
print(answer)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Self, TypeVar

import grpc
from google.rpc import error_details_pb2, status_pb2

from splitship.domain import Certificate, Event, Plan, Problem, Result, WarmStart
from splitship.errors import Finding, InputError, NoPlanInTimeError, SplitshipError, UsageError
from splitship.packs import Pack, ScenarioDefinition
from splitship.packs.collection import without_collection
from splitship.service.allocation import Allocation, PlanCheck, read_check, read_event, read_finding
from splitship.service.answers import PACKAGES_PER_PART
from splitship.service.certificates import certificate_parts, split_certificate
from splitship.service.scenario_answers import AnswerCollector, ScenarioAnswers, scenarios_request
from splitship.service.to_messages import (
    options_message,
    plan_message,
    problem_message,
    problem_parts,
    seconds_message,
)
from splitship.v1 import allocation_service_pb2 as api
from splitship.v1 import certificate_pb2, explanation_pb2, plan_pb2, problem_pb2, scenario_service_pb2

_SERVICE = "/splitship.v1.AllocationService/"
_STATUS_DETAILS = "grpc-status-details-bin"
_BEYOND_LIMIT_SECONDS = 30.0
"""A call's deadline when none is given: the solve's time limit and this much for sending and waiting."""
_DEFAULT_LIMIT_SECONDS = 60.0

Source = Problem | Pack | problem_pb2.Problem | str
"""What to allocate: a problem, a pack (its baseline), a problem message, or the name of a pack that the server has."""

Previous = Allocation | Result | WarmStart
"""An earlier answer: of a server, of a local solve, or already in the positions of the problem that is sent."""

Answer = TypeVar("Answer")


class ServiceError(SplitshipError):
    """The server refused or failed a call: the status code's name, a stable reason, and when to try again (seconds)."""

    def __init__(self, code: str, message: str, reason: str = "", retry_after: float | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.reason, self.retry_after = code, reason, retry_after


class RequestError(InputError):
    """The server found faults in a request; `total` counts also those that did not fit into its answer."""

    def __init__(self, findings: list[Finding], code: str, reason: str, total: int) -> None:
        super().__init__(findings)
        self.code, self.reason, self.total = code, reason, total


class Client:
    """A connection to a server; use it as a context manager or call `close`. Safe to share between threads.

    `retries` is how often a call is tried again when the server is away (UNAVAILABLE), waiting longer each time.
    """

    def __init__(self, address: str, retries: int = 5) -> None:
        options: list[tuple[str, int]] = [
            ("grpc.max_receive_message_length", -1),
            ("grpc.max_send_message_length", -1),
        ]
        if address.rsplit(":", 1)[0] in ("localhost", "127.0.0.1", "[::1]"):
            options.append(("grpc.enable_http_proxy", 0))  # a proxy cannot reach this machine's own loopback
        self.address = address
        self._retries = retries
        self._channel = grpc.insecure_channel(address, options=options)

    def allocate(
        self,
        source: Source,
        *,
        time_limit_s: float | None = None,
        work_limit: float | None = None,
        gap: float | None = None,
        seed: int | None = None,
        method: str = "",
        solver: str = "",
        scenario: str | None = None,
        on_event: Callable[[Event], None] | None = None,
        deadline_s: float | None = None,
        include_certificate: bool = False,
        include_events: bool = False,
        request_id: str = "",
        warm_start: Previous | None = None,
    ) -> Allocation:
        """Allocate a batch; blocks until the answer is there.

        Args:
            source: what to allocate.
            time_limit_s, work_limit, gap, seed, method, solver: as in `SolveOptions`; those not given are the
                pack's or the server's.
            scenario: of a pack; None is its own, the baseline where it was read.
            on_event: called with every step of the solve as it happens.
            deadline_s: seconds from sending until the answer must be here; None: the time limit and half a minute.
                The server answers in time with the best plan it has.
            include_certificate: ask for the prices that prove the bound.
            warm_start: an earlier answer to begin with, to whatever problem; ask for its certificate as well, for the
                prices are worth most. What the problem does not know is left out.

        Raises:
            UsageError: a `WarmStart` with a source that has no positions: a message or the name of a pack.
            RequestError: faults in the request.
            NoPlanInTimeError: no plan before the deadline.
            ServiceError: the server is away, too busy, or failed.
        """
        if isinstance(source, Pack):
            source = source.in_scenario(scenario)
        options = _options(source, time_limit_s, work_limit, gap, seed, method, solver)
        head = api.AllocateRequest(
            request_id=request_id,
            mode=api.SOLVING_MODE_SOLVE,
            options=options,
            include_certificate=include_certificate,
            include_events=include_events,
        )
        if deadline_s is None:
            limit = options.time_limit.seconds + options.time_limit.nanos * 1e-9
            deadline_s = (limit if options.HasField("time_limit") else _DEFAULT_LIMIT_SECONDS) + _BEYOND_LIMIT_SECONDS
        if isinstance(source, Pack):
            source = source.problem()
        more = () if warm_start is None else _warm_parts(warm_start, source)
        return Allocation(self._stream(head, source, scenario, deadline_s, on_event, more))

    def validate(
        self, source: Source, *, scenario: str | None = None, deadline_s: float = 60.0, request_id: str = ""
    ) -> tuple[Finding, ...]:
        """Every fault and warning the server finds in a problem; nothing is solved."""
        head = api.AllocateRequest(request_id=request_id, mode=api.SOLVING_MODE_VALIDATE_ONLY)
        answer = self._stream(head, source, scenario, deadline_s, None)
        return tuple(read_finding(finding) for finding in answer.findings)

    def check(
        self,
        source: Problem | Pack,
        plan: Plan,
        certificate: Certificate | None = None,
        *,
        deadline_s: float = 120.0,
        request_id: str = "",
    ) -> PlanCheck:
        """Have the server's independent checker look at a plan, and at a certificate's bound."""
        problem = source.problem() if isinstance(source, Pack) else source
        request = api.CheckPlanRequest(
            request_id=request_id, problem=problem_message(problem), plan=plan_message(problem, plan)
        )
        if certificate is not None:
            request.certificate.CopyFrom(certificate_pb2.Certificate())
            for part in certificate_parts(problem, certificate):
                request.certificate.MergeFrom(part)
        call = self._channel.unary_unary(
            f"{_SERVICE}CheckPlan",
            request_serializer=api.CheckPlanRequest.SerializeToString,
            response_deserializer=api.CheckPlanResponse.FromString,
        )
        return read_check(self._retrying(lambda left: call(request, timeout=left), deadline_s))

    def explain_order(
        self,
        source: Source,
        order_id: str,
        *,
        answer: Previous | None = None,
        force: explanation_pb2.Force | None = None,
        max_alternatives: int = 3,
        time_limit_s: float | None = None,
        work_limit: float | None = None,
        gap: float | None = None,
        scenario: str | None = None,
        deadline_s: float = 120.0,
        request_id: str = "",
    ) -> api.ExplainOrderResponse:
        """Why an order is served as it is, the best other ways, and what serving it another way would change.

        Args:
            source: what the order is part of.
            answer: what to explain, with its certificate; None: the problem is solved first.
            force: serve the order so, and tell what that changes.
            max_alternatives: so many other ways, 1 to 100.

        Raises:
            As `allocate`.
        """
        if isinstance(source, Pack):
            source = source.in_scenario(scenario)
        options = _options(source, time_limit_s, work_limit, gap, None, "", "")
        if isinstance(source, Pack):
            source = source.problem()
        request = api.ExplainOrderRequest(
            request_id=request_id, order_id=order_id, options=options, max_alternatives=max_alternatives,
            force=force,
        )  # fmt: skip
        if answer is not None:
            request.plan.SetInParent()  # also one without packages is the one to explain
        for part in () if answer is None else _warm_parts(answer, source):
            request.plan.MergeFrom(part.warm_start.plan)
            if part.warm_start.HasField("certificate"):
                request.certificate.MergeFrom(part.warm_start.certificate)
        if isinstance(source, str):
            request.pack.CopyFrom(problem_pb2.NamedPack(name=source, scenario=scenario or ""))
        else:
            request.problem.CopyFrom(problem_message(source) if isinstance(source, Problem) else source)
        call = self._channel.unary_unary(
            f"{_SERVICE}ExplainOrder",
            request_serializer=api.ExplainOrderRequest.SerializeToString,
            response_deserializer=api.ExplainOrderResponse.FromString,
        )
        return self._retrying(lambda left: call(request, timeout=left), deadline_s)

    def run_scenarios(
        self,
        source: Source,
        scenarios: Sequence[str] = (),
        *,
        definitions: Sequence[ScenarioDefinition] = (),
        time_limit_s: float | None = None,
        work_limit: float | None = None,
        gap: float | None = None,
        seed: int | None = None,
        on_event: Callable[[str, Event], None] | None = None,
        deadline_s: float = 600.0,
        include_plans: bool = True,
        include_certificates: bool = False,
        cold: bool = False,
        request_id: str = "",
    ) -> ScenarioAnswers:
        """Solve scenarios: of a pack that the server has, by their names; of a problem that is sent, as `definitions`.

        The baseline comes first, the others begin with its answer unless `cold`. A scenario without an answer is in
        `failures` and stops no other.

        Args:
            source: the baseline. A `Pack` here is sent as its problem, which has no scenarios but `definitions`.
            scenarios: names; none: all of `definitions`, or all of the pack.
            definitions: further scenarios, in the grammar of overlays.
            time_limit_s, work_limit, gap, seed: for each scenario, as in `SolveOptions`.
            on_event: called with the scenario and every step of its solve.

        Raises:
            As `allocate`.
        """
        options = _options(source, time_limit_s, work_limit, gap, seed, "", "")
        unknown = [name for name in scenarios if name not in {"baseline", *(each.name for each in definitions)}]
        if unknown and not isinstance(source, str):
            raise UsageError(f"{unknown[0]!r} is not among `definitions`: a problem that is sent has no others")
        if isinstance(source, Pack):
            source = source.problem()
        if isinstance(source, Problem):
            source = problem_message(source)
        with without_collection():
            request = scenarios_request(
                source, scenarios, definitions, options, include_plans=include_plans,
                include_certificates=include_certificates, cold=cold, request_id=request_id,
            )  # fmt: skip
        call: Any = self._channel.unary_stream(
            "/splitship.v1.ScenarioService/RunScenarios",
            request_serializer=scenario_service_pb2.RunScenariosRequest.SerializeToString,
            response_deserializer=scenario_service_pb2.RunScenariosResponse.FromString,
        )

        def once(left: float) -> ScenarioAnswers:
            collector = AnswerCollector()
            responses = call(request, timeout=left)
            try:
                for response in responses:
                    collector.take(response)
                    if on_event is not None and response.HasField("progress"):
                        on_event(response.scenario, read_event(response.progress))
            finally:
                responses.cancel()  # no effect on a call that has ended
            return collector.answers()

        return self._retrying(once, deadline_s)

    def capabilities(self, *, deadline_s: float = 10.0) -> api.GetCapabilitiesResponse:
        """Limits, methods, packs and versions of the server."""
        call = self._channel.unary_unary(
            f"{_SERVICE}GetCapabilities",
            request_serializer=api.GetCapabilitiesRequest.SerializeToString,
            response_deserializer=api.GetCapabilitiesResponse.FromString,
        )
        request = api.GetCapabilitiesRequest()
        return self._retrying(lambda left: call(request, timeout=left), deadline_s)

    def close(self) -> None:
        """Close the connection; calls that still run are cancelled."""
        self._channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _stream(
        self,
        head: api.AllocateRequest,
        source: Source,
        scenario: str | None,
        deadline_s: float,
        on_event: Callable[[Event], None] | None,
        more: Iterable[api.AllocateRequest] = (),
    ) -> api.AllocateResponse:
        call: Any = self._channel.stream_stream(
            f"{_SERVICE}AllocateStream", response_deserializer=api.AllocateStreamResponse.FromString
        )
        if isinstance(source, Pack):
            source = source.problem(scenario)
        with without_collection():
            parts = [part.SerializeToString() for part in _parts(head, source, scenario)]
            parts += [api.AllocateStreamRequest(part=part).SerializeToString() for part in more]

        def once(left: float) -> api.AllocateResponse:
            answer = api.AllocateResponse()
            responses = call(iter(parts), timeout=left)
            try:
                for response in responses:
                    if response.HasField("part"):
                        answer.MergeFrom(response.part)
                    elif on_event is not None:
                        on_event(read_event(response.progress))
            finally:
                responses.cancel()  # no effect on a call that has ended; otherwise the server must not go on
            return answer

        return self._retrying(once, deadline_s)

    def _retrying(self, once: Callable[[float], Answer], deadline_s: float) -> Answer:
        end = time.monotonic() + deadline_s
        for attempt in range(self._retries + 1):
            try:
                return once(max(0.001, end - time.monotonic()))
            except grpc.RpcError as error:
                failure = _error(error, self.address)
                is_away = isinstance(failure, ServiceError) and failure.code == "UNAVAILABLE"
                wait = max(0.1 * 2**attempt, getattr(failure, "retry_after", None) or 0.0)
                if not is_away or attempt == self._retries or time.monotonic() + wait > end:
                    raise failure from None
                time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")


def _options(
    source: Source,
    time_limit_s: float | None,
    work_limit: float | None,
    gap: float | None,
    seed: int | None,
    method: str,
    solver: str,
) -> problem_pb2.SolveOptions:
    message = problem_pb2.SolveOptions()
    if isinstance(source, Pack):
        message = options_message(replace(source.options(), method=method or source.options().method))
    if time_limit_s is not None:
        message.time_limit.CopyFrom(seconds_message(time_limit_s))
    message.MergeFrom(problem_pb2.SolveOptions(work_limit=work_limit, gap=gap, seed=seed, method=method, solver=solver))
    return message


def _parts(
    head: api.AllocateRequest, source: Problem | problem_pb2.Problem | str, scenario: str | None
) -> Iterator[api.AllocateStreamRequest]:
    """The request in parts: options first, then the network, then the orders."""
    yield api.AllocateStreamRequest(part=head)
    if isinstance(source, str):
        named = problem_pb2.NamedPack(name=source, scenario=scenario or "")
        yield api.AllocateStreamRequest(part=api.AllocateRequest(pack=named))
        return
    for part in (source,) if isinstance(source, problem_pb2.Problem) else problem_parts(source):
        yield api.AllocateStreamRequest(part=api.AllocateRequest(problem=part))


def _warm_parts(previous: Previous, source: Problem | problem_pb2.Problem | str) -> Iterator[api.AllocateRequest]:
    """An earlier answer as parts of a request."""
    plan = plan_pb2.Plan()
    certificates: Iterator[certificate_pb2.Certificate] = iter(())
    if isinstance(previous, Allocation):
        plan = previous.message.plan
        if previous.message.HasField("certificate"):
            certificates = split_certificate(previous.message.certificate)
    else:
        problem = previous.problem if isinstance(previous, Result) else source
        if not isinstance(problem, Problem):
            raise UsageError("a WarmStart is in the positions of a problem: send the Problem or Pack it was made for")
        if previous.plan is not None:
            plan = plan_message(problem, previous.plan)
        if previous.certificate is not None:
            certificates = certificate_parts(problem, previous.certificate)
    for start in range(0, len(plan.packages), PACKAGES_PER_PART):
        part = plan_pb2.Plan(packages=plan.packages[start : start + PACKAGES_PER_PART])
        yield api.AllocateRequest(warm_start=api.WarmStart(plan=part))
    for certificate in certificates:
        yield api.AllocateRequest(warm_start=api.WarmStart(certificate=certificate))


def _error(error: Any, address: str) -> SplitshipError:
    """The exception of ours for a failed call, with the details the server sent."""
    code, message = error.code().name, error.details() or ""
    status = status_pb2.Status()
    for key, value in error.trailing_metadata() or ():
        if key == _STATUS_DETAILS:
            status.ParseFromString(value)
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    retry = error_details_pb2.RetryInfo()
    for detail in status.details:
        for kind in (info, bad, retry):
            if detail.Is(kind.DESCRIPTOR):
                detail.Unpack(kind)
    if code in ("INVALID_ARGUMENT", "NOT_FOUND"):
        findings = [Finding(each.field, each.reason, each.description) for each in bad.field_violations]
        total = int(info.metadata.get("total_violations", len(findings) or 1))
        return RequestError(findings or [Finding("", info.reason, message)], code, info.reason, total)
    if code == "DEADLINE_EXCEEDED":
        return NoPlanInTimeError(message)
    if code == "UNAVAILABLE" and not info.reason:
        message = f"no server answers at {address} ({message})"
    after = retry.retry_delay.seconds + retry.retry_delay.nanos * 1e-9 if retry.HasField("retry_delay") else None
    return ServiceError(code, message, info.reason, after)
