"""Who does the work of many runs: this process, others on this machine, or a Dask cluster. One protocol."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Protocol, Self

from splitship.domain import Event
from splitship.errors import UsageError
from splitship.packs import Pack
from splitship.planning.runs.task import Failure, RunTask, Solve, Solved, Start
from splitship.run.solve import solve as _solve

LOCAL, DASK, HERE = "local", "dask", "here"
ENGINES = (LOCAL, DASK, HERE)
OnRunEvent = Callable[[str, Event], None]
"""Told the run's name and where its search is; from any thread."""


def at_intervals(tell: Callable[[Event], None], seconds: float) -> Callable[[Event], None]:
    """`tell`, but for events of a phase that come sooner than `seconds` after the last one told."""
    phase, told_at = "", -math.inf

    def maybe(event: Event) -> None:
        nonlocal phase, told_at
        now = time.monotonic()
        if event.phase != phase or now - told_at >= seconds:
            phase, told_at = event.phase, now
            tell(event)

    return maybe


class NotRunError(Exception):
    """A stop was asked for before the task had begun."""


class Engine(Protocol):
    """Does tasks of one pack; entered before the first, left after the last, when all that it started ends."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every process, at once."""

    def submit(self, task: RunTask, start: Start | None) -> Future[Solved | Failure]:
        """Have a task done. The future holds its outcome, or NotRunError."""

    def stop(self) -> None:
        """Tasks at work end with their best plan, those that wait are not begun."""


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def make_engine(
    engine: str,
    pack: Pack,
    on_event: OnRunEvent,
    *,
    jobs: int | None = None,
    address: str | None = None,
    num_tasks: int = 1,
    solve: Solve = _solve,
) -> Engine:
    """An engine by its name: `local`, `dask`, `here`.

    Parameters:
        jobs: processes of `local`, or of a Dask cluster that is started here; None: as many as cores. Never more than
            tasks.
        address: of the Dask scheduler, `tcp://...`; None: a cluster on this machine.
        num_tasks: how many tasks will come.

    Raises:
        UsageError: no such engine, options that do not go with it, or Dask is not installed.
    """
    if engine not in ENGINES:
        raise UsageError(f"no engine {engine!r}: use {', '.join(ENGINES)}")
    if address is not None and engine != DASK:
        raise UsageError("an address goes with the engine dask")
    if jobs is not None and (jobs < 1 or engine == HERE or address is not None):
        raise UsageError(
            "jobs are 1 or more" if jobs < 1 else "a number of jobs goes with processes that are started here"
        )
    processes = max(1, min(jobs or cores(), num_tasks))
    if engine == DASK:
        from splitship.planning.runs.dask_engine import DaskEngine

        return DaskEngine(pack, on_event, processes, address, solve)
    if engine == HERE:
        from splitship.planning.runs.here import HereEngine

        return HereEngine(pack, on_event, solve)
    from splitship.planning.runs.local import LocalEngine

    return LocalEngine(pack, on_event, processes, solve)
