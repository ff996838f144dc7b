"""Ctrl-C while a solve runs: the best plan so far is an answer too."""

from __future__ import annotations

import dataclasses
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, NoReturn, TypeVar

from splitship.errors import NoPlanInTimeError

if TYPE_CHECKING:
    from splitship.domain import Result

GRACE_SECONDS = 10.0
"""How long a solve that was asked to stop may take to do so."""

T = TypeVar("T")
Job = Callable[[Callable[[], bool], Callable[["Result"], None]], "Result"]
"""A solve: given `should_stop` and `on_plan`, it gives a result."""


class Interruptible:
    """Runs a solve in a thread, so that signals are heard while a solver is busy in compiled code.

    The first Ctrl-C (or SIGTERM) asks the solve to stop with its best plan. If it has not done so after ten seconds, or
    at the second Ctrl-C, the last verified plan is the answer and `is_abandoned` says that the process must end
    with `leave`, since the solve still runs.
    """

    def __init__(self, on_stop: Callable[[], None] = lambda: None) -> None:
        self._on_stop = on_stop
        self._signals = 0
        self._stopped_at = 0.0
        self._kept: Result | None = None
        self.is_abandoned = False

    @property
    def is_interrupted(self) -> bool:
        """Whether a stop was asked for."""
        return self._signals > 0

    def run(self, job: Job) -> Result | None:
        """The job's result; None when it was interrupted before there was any plan. Its exceptions are raised here."""
        return self.run_any(lambda should_stop: job(should_stop, self._keep)) or self._as_interrupted()

    def run_any(self, work: Callable[[Callable[[], bool]], T]) -> T | None:
        """What `work`, given `should_stop`, returns, whatever it is; None when it was interrupted before that."""
        results: list[T] = []
        errors: list[BaseException] = []

        def do() -> None:
            try:
                results.append(work(lambda: self.is_interrupted))
            except BaseException as error:
                errors.append(error)

        thread = threading.Thread(target=do, name="solve", daemon=True)
        with self._listening():
            thread.start()
            while thread.is_alive():
                thread.join(0.05)
                if self._signals > 1 or (self._signals and time.monotonic() - self._stopped_at > GRACE_SECONDS):
                    self.is_abandoned = thread.is_alive()
                    break
        if errors and not (self.is_interrupted and isinstance(errors[0], NoPlanInTimeError)):
            raise errors[0]
        return results[0] if results else None

    def _keep(self, result: Result) -> None:
        self._kept = result

    def _as_interrupted(self) -> Result | None:
        if self._kept is None:
            return None
        from splitship.domain import Termination, TerminationReason

        termination = Termination(TerminationReason.INTERRUPTED, None, "the best plan before the interrupt")
        return dataclasses.replace(self._kept, termination=termination)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1
        if self._signals == 1:
            self._stopped_at = time.monotonic()
            self._on_stop()

    @contextmanager
    def _listening(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._hear) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def leave(code: int) -> NoReturn:
    """End the process at once, with its output written, although a solver may still be running."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
