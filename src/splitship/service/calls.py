"""The methods of all services on the front: admit, forward bytes to a solver process, keep time, answer."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, NoReturn

import grpc
import grpc.aio

from splitship.domain import Termination, TerminationReason
from splitship.errors import SplitshipError
from splitship.run.outcome import CallOutcome, DeadlinePassedError, Ending
from splitship.run.pool import Pool
from splitship.service.answers import termination_message, versions
from splitship.service.entry import ServerSettings, WorkerFacts
from splitship.service.faults import Fault, fault_of
from splitship.v1 import allocation_service_pb2 as api
from splitship.v1 import result_pb2

SERVICE = "splitship.v1.AllocationService"
SCENARIO_SERVICE = "splitship.v1.ScenarioService"
SERVICES = (SERVICE, SCENARIO_SERVICE)
STATUS_DETAILS = "grpc-status-details-bin"
_NO_DEADLINE = 10.0 * 365 * 86_400

Context = Any  # grpc.aio.ServicerContext; its type parameters say nothing about raw bytes
Log = Callable[[str, Mapping[str, object]], None]


class AllocationCalls:
    """Handlers that take and give bytes: the event loop never parses a problem."""

    def __init__(self, settings: ServerSettings, pool: Pool, workers: int, threads: int, log: Log) -> None:
        self.facts = WorkerFacts((), ())
        self._settings, self._pool, self._log = settings, pool, log
        self._workers, self._threads = workers, threads
        self._num_open = 0
        self._pending_bytes = 0
        self._is_idle = asyncio.Event()
        self._is_idle.set()

    def handlers(self) -> tuple[grpc.GenericRpcHandler, ...]:
        """The handlers of all methods by service, without deserializers: messages stay bytes."""
        methods: dict[str, Any] = {
            "Allocate": grpc.unary_unary_rpc_method_handler(self.allocate),
            "AllocateStream": grpc.stream_stream_rpc_method_handler(self.allocate_stream),
            "CheckPlan": grpc.unary_unary_rpc_method_handler(self.check_plan),
            "ExplainOrder": grpc.unary_unary_rpc_method_handler(self.explain_order),
            "GetCapabilities": grpc.unary_unary_rpc_method_handler(self.get_capabilities),
        }
        of_scenarios: dict[str, Any] = {"RunScenarios": grpc.unary_stream_rpc_method_handler(self.run_scenarios)}
        return (
            grpc.method_handlers_generic_handler(SERVICE, methods),
            grpc.method_handlers_generic_handler(SCENARIO_SERVICE, of_scenarios),
        )

    async def wait_until_idle(self, most: float) -> None:
        """Wait until no call is open, at most so many seconds."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._is_idle.wait(), most)

    async def allocate(self, request: bytes, context: Context) -> bytes:
        """Allocate: one message in, one out."""
        async with _Call(self, "Allocate", context) as call:
            call.holds(len(request))
            outcome = await self._pool.run("allocate", (request,), call.deadline)
            call.took(outcome)
            parts = list(_checked(outcome))
            if outcome.ending is not Ending.FINISHED:
                # Parts merge: a later termination replaces the one of the plan that was kept.
                summary = result_pb2.Summary(termination=_cut_short(outcome.ending))
                parts.append(api.AllocateResponse(summary=summary).SerializeToString())
            return b"".join(parts)

    async def allocate_stream(self, requests: AsyncIterator[bytes], context: Context) -> None:
        """AllocateStream: parts in; progress, then parts out."""
        async with _Call(self, "AllocateStream", context) as call:
            self._pool.admit(call.deadline)
            body: list[bytes] = []
            async for part in requests:
                call.holds(len(part))
                body.append(part)
            outcome = await self._streamed("allocate_stream", body, call, context)
            parts = list(_checked(outcome))
            if outcome.ending is not Ending.FINISHED:
                last = api.AllocateStreamResponse.FromString(parts[-1])
                last.part.summary.termination.CopyFrom(_cut_short(outcome.ending))
                parts[-1] = last.SerializeToString()
            for part in parts:
                await context.write(part)

    async def run_scenarios(self, request: bytes, context: Context) -> None:
        """RunScenarios: one message in; what comes of each scenario, as it comes, out."""
        async with _Call(self, "RunScenarios", context) as call:
            call.holds(len(request))
            outcome = await self._streamed("run_scenarios", [request], call, context)
            for part in _checked(outcome):
                await context.write(part)

    async def _streamed(self, kind: str, body: list[bytes], call: _Call, context: Context) -> CallOutcome:
        """Run a task, pass on what it sends while it works, and empty `body`, which may be large."""
        events: asyncio.Queue[bytes | None] = asyncio.Queue()
        work = asyncio.ensure_future(self._pool.run(kind, tuple(body), call.deadline, events.put_nowait))
        work.add_done_callback(lambda _: events.put_nowait(None))
        body.clear()
        try:
            while (event := await events.get()) is not None:
                await context.write(event)
            outcome = await work
        finally:
            work.cancel()
        call.took(outcome)
        return outcome

    async def check_plan(self, request: bytes, context: Context) -> bytes:
        """CheckPlan."""
        return await self._answered("CheckPlan", "check", request, context)

    async def explain_order(self, request: bytes, context: Context) -> bytes:
        """ExplainOrder."""
        return await self._answered("ExplainOrder", "explain", request, context)

    async def _answered(self, method: str, kind: str, request: bytes, context: Context) -> bytes:
        """One message in, the reply of one task out."""
        async with _Call(self, method, context) as call:
            call.holds(len(request))
            outcome = await self._pool.run(kind, (request,), call.deadline)
            call.took(outcome)
            return b"".join(_checked(outcome))

    async def get_capabilities(self, request: bytes, context: Context) -> bytes:
        """GetCapabilities: answered by the front, also while all workers are busy."""
        settings = self._settings
        return api.GetCapabilitiesResponse(
            versions=versions(),
            methods=self.facts.methods,
            packs=[
                api.PackInfo(
                    name=pack.name,
                    input_hash=pack.input_hash,
                    orders=pack.num_orders,
                    lines=pack.num_lines,
                    currency=pack.currency,
                )
                for pack in self.facts.packs
            ],
            max_message_bytes=settings.max_message_bytes,
            max_stream_bytes=settings.max_stream_bytes,
            workers=self._workers,
            max_queue=settings.max_queue,
            max_threads=self._threads,
            default_time_limit_seconds=settings.default_time_limit_s,
            max_time_limit_seconds=settings.max_time_limit_s,
        ).SerializeToString()

    def opened(self, change: int) -> None:
        """Count a call that opens (1) or closes (-1)."""
        self._num_open += change
        if self._num_open:
            self._is_idle.clear()
        else:
            self._is_idle.set()

    def record(self, fields: Mapping[str, object]) -> None:
        """The log line of a call."""
        self._log("call", fields)

    def hold(self, size: int, held: int) -> None:
        """Take in another message of a call that already holds so many bytes; a fault when it is too much."""
        settings = self._settings
        if size > settings.max_message_bytes:
            advice = f"send it in parts with {SERVICE}/AllocateStream, or name a pack that the server has"
            raise _FaultError(_too_large("the message", size, settings.max_message_bytes, advice))
        if held + size > settings.max_stream_bytes:
            advice = "split the batch, or have the server read it as a pack"
            raise _FaultError(_too_large("the problem", held + size, settings.max_stream_bytes, advice))
        if self._pending_bytes + size > settings.max_pending_bytes:
            message = "the requests that are being worked on take all the memory there is for them"
            raise _FaultError(Fault("RESOURCE_EXHAUSTED", message, "MEMORY_FULL", retry_after=1.0))
        self._pending_bytes += size

    def let_go(self, held: int) -> None:
        """The bytes of a call that has ended."""
        self._pending_bytes -= held


class _FaultError(Exception):
    """A call that ends with a fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class _Call:
    """One call: its deadline, its log line, and its end whatever happens."""

    def __init__(self, calls: AllocationCalls, method: str, context: Context) -> None:
        self._calls, self._context = calls, context
        self._started = time.monotonic()
        remaining = context.time_remaining()
        self.deadline = None if remaining is None or remaining > _NO_DEADLINE else self._started + remaining
        self._fields: dict[str, object] = {"method": method}
        self._held = 0

    def holds(self, size: int) -> None:
        """Take in another message; raises when it is too much for the call or the server."""
        self._calls.hold(size, self._held)
        self._held += size

    def took(self, outcome: CallOutcome) -> None:
        """Note what the work took."""
        self._fields |= {
            "queue_s": round(outcome.queue_seconds, 3),
            "work_s": round(outcome.work_seconds, 3),
            "worker": outcome.pid,
            "attempts": outcome.attempts,
            "ending": outcome.ending.value,
            **outcome.reply.log,
        }

    async def __aenter__(self) -> _Call:
        self._calls.opened(1)
        return self

    async def __aexit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        code, reason = "OK", self._fields.get("reason")
        fault: Fault | None = None
        try:
            if isinstance(error, asyncio.CancelledError):
                code = "CANCELLED"
            elif isinstance(error, _FaultError):
                fault = error.fault
            elif isinstance(error, DeadlinePassedError | SplitshipError):
                fault = fault_of(error)
            elif isinstance(error, _ReplyError):
                code = error.code
            elif error is not None:
                code = "INTERNAL"
            if fault is not None:
                code, reason = fault.code, fault.reason
        finally:
            self._calls.let_go(self._held)
            self._calls.opened(-1)
            seconds = round(time.monotonic() - self._started, 3)
            self._calls.record({**self._fields, "code": code, "reason": reason, "seconds": seconds})
        if isinstance(error, _ReplyError):
            await self._abort(error.code, error.message, error.details)
        if fault is not None:
            status = fault.status()
            await self._abort(fault.code, status.message, status.SerializeToString())

    async def _abort(self, code: str, message: str, details: bytes) -> NoReturn:
        await self._context.abort(getattr(grpc.StatusCode, code), message, ((STATUS_DETAILS, details),))
        raise AssertionError("abort raises")


class _ReplyError(Exception):
    """A worker's reply with a status that is not OK."""

    def __init__(self, code: str, message: str, details: bytes) -> None:
        super().__init__(message)
        self.code, self.message, self.details = code, message, details


def _checked(outcome: CallOutcome) -> tuple[bytes, ...]:
    reply = outcome.reply
    if reply.status != "OK":
        raise _ReplyError(reply.status, reply.message, reply.details)
    return reply.parts


def _cut_short(ending: Ending) -> result_pb2.Termination:
    """Why the plan is the last verified one and not the end of a search."""
    if ending is Ending.CUT:
        detail = "the solver was stopped from outside at its limit; this is its last verified plan"
        return termination_message(Termination(TerminationReason.TIME_LIMIT, "deadline", detail))
    detail = "the solver's process died; this is its last verified plan"
    return termination_message(Termination(TerminationReason.INTERRUPTED, None, detail))


def _too_large(what: str, size: int, limit: int, advice: str) -> Fault:
    message = f"{what} has {size:,} bytes, more than the limit of {limit:,}: {advice}"
    return Fault("RESOURCE_EXHAUSTED", message, "MESSAGE_TOO_LARGE")
