"""What may become of a call to the pool, and how a pool is sized."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from splitship.errors import NoPlanInTimeError, SplitshipError
from splitship.run.protocol import Reply


class Ending(StrEnum):
    """How a call came by its reply."""

    FINISHED = "finished"
    CUT = "cut"
    """The worker overran the deadline or its own limit; the reply is its last verified one."""
    LOST = "lost"
    """The worker died; the reply is its last verified one."""


class Refused(StrEnum):
    """Why a call was not accepted."""

    QUEUE_FULL = "QUEUE_FULL"
    WAIT_EXCEEDS_DEADLINE = "WAIT_EXCEEDS_DEADLINE"
    DRAINING = "DRAINING"
    NO_WORKER = "NO_WORKER"


class PoolRefusedError(SplitshipError):
    """No work was begun; `retry_after` is when it may be worth asking again, in seconds."""

    def __init__(self, reason: Refused, retry_after: float, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.retry_after = retry_after


class DeadlinePassedError(NoPlanInTimeError):
    """The deadline came before any verified reply."""


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """Sizes and patience of a pool; times in seconds.

    `workers` tasks run at the same time, `spares` more processes wait warm, `max_queue` calls may wait. A reply must
    be here `answer_margin` and `margin_share` of the time left before the deadline, at most `max_margin`. A task that
    nobody waits for any more has `cancel_grace` to end by itself. A worker silent for `silence_limit` is taken for
    dead, one not ready after `start_limit` too. `drain_limit` bounds an orderly end.
    By `nice` workers yield to the front, which has to answer in time whatever they compute.
    """

    workers: int = 1
    spares: int = 1
    max_queue: int = 64
    answer_margin: float = 0.03
    margin_share: float = 0.01
    max_margin: float = 0.2
    cancel_grace: float = 0.5
    silence_limit: float = 30.0
    start_limit: float = 300.0
    drain_limit: float = 30.0
    nice: int = 3


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """A reply, how it came about, and what it took: seconds in the queue and in a worker, attempts, worker's pid."""

    reply: Reply
    ending: Ending
    queue_seconds: float
    work_seconds: float
    attempts: int
    pid: int
