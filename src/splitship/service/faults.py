"""Status codes and their google.rpc details: what went wrong, where, and when to try again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2

from splitship.errors import (
    CheckFailedError,
    Finding,
    InputError,
    NoPlanInTimeError,
    SolverError,
    SplitshipError,
    UnsupportedError,
    UsageError,
    WorkerError,
)
from splitship.run.outcome import PoolRefusedError, Refused
from splitship.run.protocol import Reply

DOMAIN = "splitship"
DETAIL_BYTES = 5_600
"""Most bytes of details. Trailers over 8 KiB are dropped on the way, and binary ones travel in base64."""
MESSAGE_CHARS = 400


@dataclass(frozen=True, slots=True)
class Fault:
    """A call's failure: the name of a status code, a message for people, a stable reason, and details."""

    code: str
    message: str
    reason: str
    findings: tuple[Finding, ...] = ()
    retry_after: float | None = None
    metadata: tuple[tuple[str, str], ...] = ()

    def status(self) -> status_pb2.Status:
        """The google.rpc.Status, within the size that travels."""
        info = error_details_pb2.ErrorInfo(reason=self.reason, domain=DOMAIN, metadata=dict(self.metadata))
        status = status_pb2.Status(code=code_pb2.Code.Value(self.code), message=_short(self.message, MESSAGE_CHARS))
        if self.findings:
            info.metadata["total_violations"] = str(len(self.findings))
        status.details.append(_any(info))
        if self.retry_after is not None:
            whole, part = divmod(round(self.retry_after * 1000), 1000)
            status.details.append(
                _any(error_details_pb2.RetryInfo(retry_delay=Duration(seconds=whole, nanos=part * 10**6)))
            )
        if self.findings:
            status.details.append(_any(_bad_request(self.findings, DETAIL_BYTES - status.ByteSize() - 100)))
        return status

    def reply(self, log: Mapping[str, object] | None = None) -> Reply:
        """As the reply of a task."""
        status = self.status()
        fields = {**(log or {}), "reason": self.reason}
        return Reply(status=self.code, message=status.message, details=status.SerializeToString(), log=fields)


def invalid(findings: Sequence[Finding], reason: str = "INVALID_PROBLEM") -> Fault:
    """INVALID_ARGUMENT with as many violations as fit; warnings are left out."""
    faults = tuple(finding for finding in findings if finding.severity == "error")
    first = str(faults[0]) if faults else ""
    more = f"; and {len(faults) - 1} more" if len(faults) > 1 else ""
    hint = "; all of them with mode SOLVING_MODE_VALIDATE_ONLY" if len(faults) > 5 else ""
    return Fault("INVALID_ARGUMENT", _short(first, MESSAGE_CHARS - 100) + more + hint, reason, faults)


def fault_of(error: SplitshipError) -> Fault:
    """The failure that an exception of ours is to a caller."""
    if isinstance(error, UnsupportedError):
        return invalid(error.findings, "UNSUPPORTED")
    if isinstance(error, InputError):
        return invalid(error.findings)
    if isinstance(error, UsageError):
        return Fault("INVALID_ARGUMENT", str(error), "INVALID_OPTIONS", (Finding("options", "E702", str(error)),))
    if isinstance(error, NoPlanInTimeError):
        return Fault("DEADLINE_EXCEEDED", str(error), "NO_PLAN_IN_TIME")
    if isinstance(error, PoolRefusedError):
        code = "UNAVAILABLE" if error.reason in (Refused.DRAINING, Refused.NO_WORKER) else "RESOURCE_EXHAUSTED"
        return Fault(code, str(error), error.reason.value, retry_after=error.retry_after)
    reasons: tuple[tuple[type[SplitshipError], str], ...] = (
        (CheckFailedError, "CHECK_FAILED"),
        (SolverError, "SOLVER_FAILED"),
        (WorkerError, "WORKER_FAILED"),
    )
    reason = next((name for kind, name in reasons if isinstance(error, kind)), "INTERNAL")
    return Fault("INTERNAL", str(error), reason)


def _bad_request(findings: Sequence[Finding], room: int) -> error_details_pb2.BadRequest:
    bad = error_details_pb2.BadRequest()
    for finding in findings:
        description = f"{finding.message} ({finding.hint})" if finding.hint else finding.message
        violation = error_details_pb2.BadRequest.FieldViolation(
            field=_short(finding.where, 200), description=_short(description, 300), reason=finding.code
        )
        room -= violation.ByteSize() + 3
        if room < 0:
            break
        bad.field_violations.append(violation)
    return bad


def _any(message: Message) -> Any:
    packed = Any()
    packed.Pack(message)
    return packed


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 3] + "..."
