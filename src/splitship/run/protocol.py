"""What the front process and its solver processes say to each other, pickled over a pipe.

The pool knows nothing of what a task means: its body and the parts of its reply are bytes.
Instants are `time.monotonic()` seconds, which all processes of a machine share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from splitship.errors import Finding


@dataclass(frozen=True, slots=True)
class Reply:
    """What a task gives back: parts of an answer, or a status that is not OK.

    `status` is the name of a status code; `message` and `details` (opaque bytes) explain one that is not OK.
    `log` holds what the log line of the call should say.
    """

    parts: tuple[bytes, ...] = ()
    status: str = "OK"
    message: str = ""
    details: bytes = b""
    log: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task:
    """To a worker: do this. The reply must be at the front before `deadline` (None: no deadline)."""

    task_id: int
    kind: str
    body: tuple[bytes, ...]
    deadline: float | None


@dataclass(frozen=True, slots=True)
class Stop:
    """To a worker: finish with the best plan so far, or, if `is_abandoned`, with anything: nobody reads it."""

    task_id: int
    is_abandoned: bool


@dataclass(frozen=True, slots=True)
class Ready:
    """From a worker: warm and waiting. `info` is what its setup tells the front."""

    seconds: float
    info: object


@dataclass(frozen=True, slots=True)
class Failed:
    """From a worker: its setup failed and it is gone. `findings` when the cause is in what the user gave."""

    message: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Beat:
    """From a worker: alive."""


@dataclass(frozen=True, slots=True)
class Limit:
    """From a worker: the task ends by itself before this instant; past it the process may be killed."""

    task_id: int
    kill_at: float


@dataclass(frozen=True, slots=True)
class Progress:
    """From a worker: a part of the answer to pass on at once."""

    task_id: int
    part: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """From a worker: a complete, verified reply to use should the worker not finish. A later one replaces it."""

    task_id: int
    reply: Reply


@dataclass(frozen=True, slots=True)
class Done:
    """From a worker: the reply."""

    task_id: int
    reply: Reply


@dataclass(frozen=True, slots=True)
class Crashed:
    """From a worker: the task raised what nobody expected; the worker itself lives on."""

    task_id: int
    traceback: str


ToWorker = Task | Stop
FromWorker = Ready | Failed | Beat | Limit | Progress | Kept | Done | Crashed
