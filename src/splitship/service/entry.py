"""How a solver process is entered: what it is told, what it tells, where it starts. Light enough for the front.

The heavy imports (compiled kernels, solvers) happen in the solver processes only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from splitship.domain import Event, Problem, Result, SolveOptions
from splitship.run.protocol import Reply, Task
from splitship.run.worker import TaskContext


class Solve(Protocol):
    """The form of `run.solve`."""

    def __call__(
        self,
        problem: Problem,
        options: SolveOptions,
        on_event: Callable[[Event], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
        on_plan: Callable[[Result], None] | None = None,
    ) -> Result:
        """A verified result."""


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
