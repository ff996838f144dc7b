"""One run after the other in this process: for small packs, where a process costs more than a solve."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from splitship.packs import Pack
from splitship.planning.runs.engines import NotRunError, OnRunEvent
from splitship.planning.runs.task import Failure, RunTask, Solve, Solved, Start, solve_task


class HereEngine:
    """The engine `here`."""

    def __init__(self, pack: Pack, on_event: OnRunEvent, solve: Solve) -> None:
        self._pack, self._on_event, self._solve = pack, on_event, solve
        self._stop = threading.Event()
        self._thread = ThreadPoolExecutor(1, "splitship-run")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.shutdown()

    def submit(self, task: RunTask, start: Start | None) -> Future[Solved | Failure]:
        """Have a task done after those before it."""

        def do() -> Solved | Failure:
            if self._stop.is_set():
                raise NotRunError
            return solve_task(
                self._pack,
                task,
                start,
                lambda event: self._on_event(task.name, event),
                self._stop.is_set,
                self._solve,
            )

        return self._thread.submit(do)

    def stop(self) -> None:
        """Tasks at work end with their best plan, those that wait are not begun."""
        self._stop.set()
