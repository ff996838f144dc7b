"""One solver process as the front sees it, and the call it works on."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Protocol

from splitship.run.outcome import CallOutcome
from splitship.run.protocol import Failed, FromWorker, Reply, Task, ToWorker
from splitship.run.worker import Setup, Work, worker_main


class Owner(Protocol):
    """Who is told, on the event loop, what a process says and that it has ended."""

    def hear(self, worker: WorkerProcess, message: FromWorker) -> None:
        """A message."""

    def bury(self, worker: WorkerProcess) -> None:
        """The end of the process."""


class Call:
    """A task on its way: waiting, at work, or ended (its future is done)."""

    def __init__(
        self,
        task: Task,
        future: asyncio.Future[CallOutcome],
        on_progress: Callable[[bytes], None] | None,
    ) -> None:
        self.task = task
        self.future = future
        self.on_progress = on_progress
        self.kept: Reply | None = None
        self.worker: WorkerProcess | None = None
        self.attempts = 0
        self.queued_at = time.monotonic()
        self.started_at = 0.0
        self.queue_seconds = 0.0
        self.limit_timer: asyncio.TimerHandle | None = None


class WorkerProcess:
    """One solver process as the front sees it."""

    def __init__(self, setup: Setup, work: Work, loop: asyncio.AbstractEventLoop, owner: Owner, nice: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe(duplex=True)
        self.process = context.Process(target=worker_main, args=(theirs, setup, work, nice), daemon=True)
        with without_main():
            self.process.start()
        theirs.close()
        self.pid = int(self.process.pid or 0)
        self.call: Call | None = None
        self.is_ready = False
        self.is_killed = False
        self.failed: Failed | None = None
        self.started_at = self.heard_at = time.monotonic()
        self._lock = threading.Lock()
        threading.Thread(target=self._read, args=(self.connection, loop, owner), daemon=True).start()

    @property
    def is_free(self) -> bool:
        """Warm, alive as far as we know, and without a task."""
        return self.is_ready and not self.is_killed and self.call is None

    def send(self, message: ToWorker) -> None:
        """Write to the pipe; blocks while the worker does not read, so never on the event loop."""
        with contextlib.suppress(OSError), self._lock:
            self.connection.send(message)

    def kill(self) -> None:
        """End the process and every solver it has started, at once; it gets no more work."""
        self.is_killed = True
        self._end()

    def _end(self) -> None:
        # The group exists once the worker leads its session; before that there is the process alone.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(self.pid, signal.SIGKILL)

    def _read(self, connection: Connection, loop: asyncio.AbstractEventLoop, owner: Owner) -> None:
        with contextlib.suppress(RuntimeError):  # the loop was closed: nobody listens any more
            try:
                while True:
                    message = connection.recv()
                    loop.call_soon_threadsafe(owner.hear, self, message)
                    del message
            except Exception:  # end of file, or a message cut short by a kill
                self._end()
                self.process.join()
                loop.call_soon_threadsafe(owner.bury, self)


@contextmanager
def without_main() -> Iterator[None]:
    """A process started inside does not run the program's main script again: it needs nothing of it.

    Else a script that starts processes would need a guard, and would run in each of them without one.
    """
    main = sys.modules["__main__"]
    kept = {name: getattr(main, name) for name in ("__spec__", "__file__") if hasattr(main, name)}
    try:
        for name in kept:
            setattr(main, name, None)
        yield
    finally:
        for name, value in kept.items():
            setattr(main, name, value)
