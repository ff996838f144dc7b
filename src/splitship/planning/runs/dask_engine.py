"""Runs on a Dask cluster (`pip install splitship[dask]`): the same function, submitted to its workers."""

from __future__ import annotations

import contextlib
import logging
import pickle
import signal
import threading
import uuid
from concurrent.futures import Future
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from splitship.domain import Event
from splitship.errors import UsageError
from splitship.packs import Pack
from splitship.planning.runs.engines import NotRunError, OnRunEvent, at_intervals
from splitship.planning.runs.task import Failure, RunTask, Solve, Solved, Start, solve_task
from splitship.run.process import without_main

if TYPE_CHECKING:
    from distributed import LocalCluster

_CONNECT_SECONDS = 10.0
_POLL_SECONDS = 0.5
_EVENT_SECONDS = 0.5


def _work(pack_bytes: bytes, todo: bytes, topic: str, solve: bytes) -> bytes | None:
    """Do one task in a worker of the cluster; None when a stop was asked for before it began."""
    from distributed import Event as Flag
    from distributed import get_client, get_worker

    worker = get_worker()
    flag: Any = Flag(topic, client=get_client())  # type: ignore[no-untyped-call]
    if flag.is_set():
        return None
    stop, done = threading.Event(), threading.Event()

    def watch() -> None:
        with contextlib.suppress(Exception):  # a scheduler that is gone stops nothing
            while not done.wait(_POLL_SECONDS):
                if flag.is_set():
                    stop.set()
                    return

    task, start = pickle.loads(todo)

    def tell(event: Event) -> None:
        worker.log_event(topic, (task.name, event.seconds, event.phase, event.objective, event.bound))

    watcher = threading.Thread(target=watch, name="splitship-stop", daemon=True)
    watcher.start()
    try:
        told = at_intervals(tell, _EVENT_SECONDS)
        outcome = solve_task(pickle.loads(pack_bytes), task, start, told, stop.is_set, pickle.loads(solve))
    finally:
        done.set()
        watcher.join()
    return pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL)


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class DaskEngine:
    """The engine `dask`: a cluster by its scheduler's address, or one of `jobs` processes on this machine.

    A task takes the whole of a worker's thread; threads of the cluster's workers should be as many as its cores.
    """

    def __init__(self, pack: Pack, on_event: OnRunEvent, jobs: int, address: str | None, solve: Solve) -> None:
        try:
            import distributed
        except ImportError as error:
            raise UsageError("the engine dask is not installed: pip install 'splitship[dask]'") from error
        self._distributed = distributed
        self._pack_bytes = pickle.dumps(pack, pickle.HIGHEST_PROTOCOL)
        self._solve = pickle.dumps(solve)
        self._on_event, self._jobs, self._address = on_event, jobs, address
        self._topic = f"splitship-{uuid.uuid4()}"
        self._cluster: LocalCluster | None = None
        self._client: Any = None
        self._is_stopping = False
        self._waiting: dict[Future[Solved | Failure], Any] = {}

    def __enter__(self) -> Self:
        distributed = self._distributed
        if self._address is None:
            with without_main():
                self._cluster = distributed.LocalCluster(
                    n_workers=self._jobs,
                    threads_per_worker=1,
                    host="127.0.0.1",
                    dashboard_address="127.0.0.1:0",
                    silence_logs=logging.ERROR,
                )
        target = self._cluster if self._address is None else self._address
        try:
            self._client = distributed.Client(target, timeout=_CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            self._close()
            raise UsageError(f"no Dask scheduler answers at {self._address}: {error}") from error
        try:
            if self._cluster is not None:
                with contextlib.suppress(Exception):  # a key press in this terminal is for this process
                    self._client.run(_ignore_interrupts)
            self._pack = self._client.scatter(self._pack_bytes, broadcast=True, hash=False)
            self._flag = distributed.Event(self._topic, client=self._client)
            self._client.subscribe_topic(self._topic, self._hear)
        except Exception as error:
            self._close()
            where = self._address or "of this machine"
            raise UsageError(f"the Dask cluster {where} takes no work: {error or 'it has no workers'}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(Exception):
            self._flag.set()
        self._close()

    def _close(self) -> None:
        if self._client is not None:
            self._client.close()
        if self._cluster is not None:
            self._cluster.close()

    def submit(self, task: RunTask, start: Start | None) -> Future[Solved | Failure]:
        """Have a task done by some worker of the cluster."""
        assert self._client is not None
        todo = pickle.dumps((task, start), pickle.HIGHEST_PROTOCOL)
        theirs = self._client.submit(
            _work, self._pack, todo, self._topic, self._solve, pure=False, key=f"{task.name}-{uuid.uuid4()}", retries=1
        )
        ours: Future[Solved | Failure] = Future()
        ours.set_running_or_notify_cancel()
        theirs.add_done_callback(lambda done: self._finish(ours, done))
        self._waiting[ours] = theirs  # a future that nobody holds is forgotten by the cluster
        return ours

    def _finish(self, ours: Future[Solved | Failure], theirs: Any) -> None:
        try:
            data = theirs.result() if theirs.status == "finished" else None
            if data is not None:
                ours.set_result(pickle.loads(data))
            elif theirs.status == "finished" or self._is_stopping:
                ours.set_exception(NotRunError())
            elif theirs.status == "error":
                ours.set_result(Failure.of(theirs.exception()))
            else:
                ours.set_result(Failure("crash", f"the cluster says of the run: {theirs.status}"))
        except Exception as error:  # whatever it is, somebody waits for this future
            ours.set_result(Failure.of(error))

    def _hear(self, event: Any) -> None:
        _, (name, *fields) = event
        self._on_event(name, Event(*fields))

    def stop(self) -> None:
        """Tasks at work end with their best plan, those that wait are not begun."""
        self._is_stopping = True
        self._flag.set()
