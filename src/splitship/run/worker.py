"""A solver process: takes one task at a time from a pipe, and can be told to stop, or killed, at any moment."""

from __future__ import annotations

import os
import queue
import signal
import threading
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from splitship.errors import InputError, SplitshipError
from splitship.run.protocol import (
    Beat,
    Crashed,
    Done,
    Failed,
    FromWorker,
    Kept,
    Limit,
    Progress,
    Ready,
    Reply,
    Stop,
    Task,
)

BEAT_SECONDS = 1.0

Setup = Callable[[], tuple[Any, object]]
"""Run once in a new worker: gives the state for all its tasks, and what to tell the front about it."""


class TaskContext:
    """What a task may say while it runs, and what it may ask. Safe to use from several threads."""

    def __init__(self, task: Task, send: Callable[[FromWorker], None]) -> None:
        self.deadline = task.deadline
        self._task_id = task.task_id
        self._send = send
        self._stop = threading.Event()
        self._abandoned = False

    def should_stop(self) -> bool:
        """Whether to finish now with the best plan so far."""
        return self._stop.is_set()

    @property
    def is_abandoned(self) -> bool:
        """Whether nobody will read the reply."""
        return self._abandoned

    def stop(self, is_abandoned: bool) -> None:
        """Make `should_stop` true."""
        self._abandoned = self._abandoned or is_abandoned
        self._stop.set()

    def limit(self, kill_at: float) -> None:
        """Promise to be done before this instant (monotonic); the process may be killed after it."""
        self._send(Limit(self._task_id, kill_at))

    def progress(self, part: bytes) -> None:
        """Pass a part of the answer on at once."""
        self._send(Progress(self._task_id, part))

    def keep(self, reply: Reply) -> None:
        """Leave a complete, verified reply with the front, in case this process does not finish."""
        self._send(Kept(self._task_id, reply))


Work = Callable[[Any, Task, TaskContext], Reply]
"""Does one task: state of the worker, the task, its context."""


def worker_main(connection: Connection, setup: Setup, work: Work, nice: int) -> None:
    """The life of a worker: set up, then one task after the other until the pipe closes.

    The process leads a session of its own, so that a kill of its group also ends solvers it has started, and a
    key press in the front's terminal does not reach it.
    """
    os.setsid()
    os.nice(nice)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lock = threading.Lock()

    def send(message: FromWorker) -> None:
        try:
            with lock:
                connection.send(message)
        except (BrokenPipeError, ConnectionError, OSError):
            _die()

    started = time.monotonic()
    try:
        state, info = setup()
    except SplitshipError as error:
        send(Failed(str(error), error.findings if isinstance(error, InputError) else ()))
        return
    except Exception:
        send(Failed(traceback.format_exc()))
        return
    tasks: queue.SimpleQueue[tuple[Task, TaskContext]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(connection, tasks, send), daemon=True).start()
    threading.Thread(target=_beat, args=(send,), daemon=True).start()
    send(Ready(time.monotonic() - started, info))
    while True:
        task, context = tasks.get()
        try:
            reply = work(state, task, context)
        except Exception:
            send(Crashed(task.task_id, traceback.format_exc()))
        else:
            send(Done(task.task_id, reply))
        # Let go of a large body before waiting for the next task.
        del task, context


def _listen(
    connection: Connection,
    tasks: queue.SimpleQueue[tuple[Task, TaskContext]],
    send: Callable[[FromWorker], None],
) -> None:
    """Hand tasks over, set the flag of the one that is to stop; without a front there is no reason to live."""
    current: tuple[int, TaskContext] | None = None
    while True:
        try:
            message = connection.recv()
        except (EOFError, OSError):
            _die()
        if isinstance(message, Task):
            context = TaskContext(message, send)
            current = (message.task_id, context)
            tasks.put((message, context))
        elif isinstance(message, Stop) and current is not None and current[0] == message.task_id:
            current[1].stop(message.is_abandoned)
        del message


def _beat(send: Callable[[FromWorker], None]) -> None:
    while True:
        time.sleep(BEAT_SECONDS)
        send(Beat())


def _die() -> NoReturn:
    """End this process and every solver it has started."""
    os.killpg(os.getpgid(0), signal.SIGKILL)
    raise SystemExit(1)  # not reached: the signal cannot be held back
