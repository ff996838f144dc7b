"""Settings of server and workers, and how a solver process is entered: what it is told, what it tells, where it starts.

The heavy imports (compiled kernels, solvers) happen in the solver processes only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from splitship.domain import Event, Problem, Result, SolveOptions, WarmStart
from splitship.run.protocol import Reply, Task
from splitship.run.worker import TaskContext

MIB = 2**20


class Solve(Protocol):
    """The form of `run.solve`."""

    def __call__(
        self,
        problem: Problem,
        options: SolveOptions,
        on_event: Callable[[Event], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
        on_plan: Callable[[Result], None] | None = None,
        warm: WarmStart | None = None,
    ) -> Result:
        """A verified result."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How a server runs. Times in seconds, sizes in bytes.

    `port` 0 takes a free one. `workers` None is one fewer than there are cores, at least one. `threads` None
    shares the cores among the workers. `packs` maps names to folders. `max_pending_bytes` bounds the requests of all
    calls that wait or are at work, together.
    """

    host: str = "127.0.0.1"
    port: int = 50051
    packs: Mapping[str, str] = field(default_factory=dict)
    workers: int | None = None
    spares: int = 1
    threads: int | None = None
    max_queue: int = 64
    max_message_bytes: int = 64 * MIB
    max_stream_bytes: int = 1024 * MIB
    max_pending_bytes: int = 2048 * MIB
    default_time_limit_s: float = 60.0
    max_time_limit_s: float = 3600.0
    drain_limit_s: float = 30.0
    has_reflection: bool = True
    solve: Solve | None = None


@dataclass(frozen=True, slots=True)
class JobSettings:
    """What every solver process is told: packs by name (folders), threads of a solve, time limits in seconds.

    `solve` stands in for `run.solve`; it must be picklable by reference.
    """

    packs: Mapping[str, str]
    threads: int = 1
    default_time_limit_s: float = 60.0
    max_time_limit_s: float = 3600.0
    solve: Solve | None = None


@dataclass(frozen=True, slots=True)
class PackFacts:
    """What a solver process tells of a pack."""

    name: str
    input_hash: str
    num_orders: int
    num_lines: int
    currency: str


@dataclass(frozen=True, slots=True)
class WorkerFacts:
    """What a solver process tells of itself: its packs by name, the methods it knows."""

    packs: tuple[PackFacts, ...]
    methods: tuple[str, ...]


def set_up(settings: JobSettings) -> tuple[Any, WorkerFacts]:
    """Run once in a new solver process."""
    from splitship.service import jobs

    return jobs.set_up(settings)


def work(state: Any, task: Task, context: TaskContext) -> Reply:
    """Run for every task."""
    from splitship.service import jobs

    return jobs.work(state, task, context)
