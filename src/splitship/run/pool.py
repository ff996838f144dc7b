"""Supervised solver processes behind an asyncio front: a bounded queue, hard limits, respawn, a warm spare.

A task that overruns is answered by the last verified reply its worker has left with the front. A worker that
dies costs its own task nothing but time: the task is answered by its last verified reply, or done once more.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from splitship.errors import InputError, SplitshipError, UsageError, WorkerError
from splitship.run.outcome import (
    CallOutcome,
    DeadlinePassedError,
    Ending,
    PoolRefusedError,
    PoolSettings,
    Refused,
)
from splitship.run.process import Call, WorkerProcess
from splitship.run.protocol import (
    Beat,
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
    ToWorker,
)
from splitship.run.worker import Setup, Work

MAX_ATTEMPTS = 2
"""A task whose worker died is done once more, not more often: it may be what kills them."""


class Pool:
    """Solver processes, `workers` of them at work at a time, and the calls that wait for one.

    All methods belong to the event loop in which `start` ran. `setup` and `work` must be picklable by reference.
    `on_change` is called with the number of ready processes whenever it may have changed.
    """

    def __init__(
        self,
        setup: Setup,
        work: Work,
        settings: PoolSettings,
        on_change: Callable[[int], None] | None = None,
        on_note: Callable[[str, dict[str, object]], None] | None = None,
    ) -> None:
        if settings.workers < 1 or settings.spares < 0 or settings.max_queue < 0:
            raise UsageError("a pool needs at least one worker, and no negative spares or queue")
        self._setup, self._work, self._settings = setup, work, settings
        self._on_change = on_change or (lambda count: None)
        self._on_note = on_note or (lambda event, fields: None)
        self._workers: list[WorkerProcess] = []
        self._queue: deque[Call] = deque()
        self._task_ids = itertools.count(1)
        self._average_seconds = 1.0
        self._start_failures = 0
        self._is_draining = False
        self._is_closed = False
        self._first: asyncio.Future[object] | None = None
        self._idle = asyncio.Event()
        self._watcher: asyncio.Task[None] | None = None
        # One thread a worker, more for those being replaced: a blocked write must not delay another's.
        self._writers = ThreadPoolExecutor(2 * (settings.workers + settings.spares) + 2, "splitship-write")

    async def start(self) -> object:
        """Start the processes; returns the first one's info as soon as it is ready.

        Raises:
            InputError: the setup refused what the user gave.
            WorkerError: no process could be started.
        """
        self._loop = asyncio.get_running_loop()
        self._first = self._loop.create_future()
        self._idle.set()
        self._watcher = self._loop.create_task(self._watch())
        self._fill()
        return await self._first

    async def run(
        self,
        kind: str,
        body: tuple[bytes, ...],
        deadline: float | None = None,
        on_progress: Callable[[bytes], None] | None = None,
    ) -> CallOutcome:
        """Have a task done. Cancelling this call frees its worker.

        Args:
            kind, body: what to do; passed to `work` as they are.
            deadline: instant (monotonic) by which the answer must be out; None: no deadline.
            on_progress: called with each part that the worker passes on.

        Raises:
            PoolRefusedError: not accepted; no work was begun.
            DeadlinePassedError: the deadline came before any verified reply.
            WorkerError: two workers died of it or failed with no reply.
        """
        self.admit(deadline)
        due = None if deadline is None else deadline - self._margin(deadline)
        call = Call(Task(next(self._task_ids), kind, body, due), self._loop.create_future(), on_progress)
        timer = None if due is None else self._loop.call_at(due, self._overrun, call)
        self._queue.append(call)
        self._idle.clear()
        self._dispatch()
        try:
            return await call.future
        finally:
            if timer is not None:
                timer.cancel()
            self._release(call)

    @property
    def num_ready(self) -> int:
        """Processes that are warm, at work or not."""
        return sum(worker.is_ready and not worker.is_killed for worker in self._workers)

    @property
    def num_running(self) -> int:
        """Tasks at work for a caller; those that were cut or cancelled and are about to stop do not count."""
        return sum(worker.call is not None and not worker.call.future.done() for worker in self._workers)

    @property
    def num_waiting(self) -> int:
        """Calls in the queue."""
        return len(self._queue)

    @property
    def pids(self) -> list[int]:
        """Process ids of all workers, those at work first."""
        return [worker.pid for worker in sorted(self._workers, key=lambda worker: worker.call is None)]

    async def drain(self) -> None:
        """Accept nothing more, refuse what waits, ask running tasks for their best plan, wait for them."""
        self._is_draining = True
        for call in list(self._queue):
            self._refuse(call, Refused.DRAINING, "the server is shutting down")
        for worker in self._workers:
            if worker.call is not None:
                self._write(worker, Stop(worker.call.task.task_id, is_abandoned=False))
        try:
            await asyncio.wait_for(self._idle.wait(), self._settings.drain_limit)
        except TimeoutError:
            for worker in list(self._workers):
                if worker.call is not None:
                    self._overrun(worker.call)

    async def close(self) -> None:
        """End all processes now."""
        self._is_draining = self._is_closed = True
        if self._watcher is not None:
            self._watcher.cancel()
        for call in list(self._queue):
            self._refuse(call, Refused.DRAINING, "the server is shutting down")
        workers = list(self._workers)
        for worker in workers:
            worker.kill()
        deadline = time.monotonic() + 5
        while self._workers and time.monotonic() < deadline:
            await asyncio.sleep(0.01)  # until each reader thread has reaped its process
        for worker in workers:
            worker.connection.close()
        self._writers.shutdown(wait=False, cancel_futures=True)

    # ------------------------------------------------------------------ admission and queue

    def admit(self, deadline: float | None) -> None:
        """Raise PoolRefusedError when a call with this deadline would be refused now."""
        wait = self._expected_wait()
        retry_after = max(0.1, wait)
        if self._is_draining:
            raise PoolRefusedError(Refused.DRAINING, 1.0, "the server is shutting down")
        if not self.num_ready and self._start_failures >= 3:
            raise PoolRefusedError(Refused.NO_WORKER, 5.0, "no solver process can be started; see the server's log")
        free = self._settings.workers - self.num_running
        if len(self._queue) >= self._settings.max_queue + max(0, free):
            message = f"{len(self._queue)} calls wait already, as many as may"
            raise PoolRefusedError(Refused.QUEUE_FULL, retry_after, message)
        if deadline is not None and time.monotonic() + wait > deadline - self._margin(deadline):
            left = max(0.0, deadline - time.monotonic())
            message = f"{left:.3f} s are left before the deadline, and the expected wait is {wait:.1f} s"
            raise PoolRefusedError(Refused.WAIT_EXCEEDS_DEADLINE, retry_after, message)

    def _margin(self, deadline: float) -> float:
        """How long before the deadline a reply must be here: sending it takes time, and so does a busy machine."""
        settings = self._settings
        share = settings.margin_share * max(0.0, deadline - time.monotonic())
        return min(settings.max_margin, settings.answer_margin + share)

    def _expected_wait(self) -> float:
        """Seconds until a call that joins now would start, by the average of recent calls."""
        now = time.monotonic()
        running = [worker.call for worker in self._workers if worker.call and not worker.call.future.done()]
        slots = [max(0.0, self._average_seconds - (now - call.started_at)) for call in running]
        slots += [0.0] * (self._settings.workers - len(slots))
        for _ in self._queue:
            slots[slots.index(min(slots))] += self._average_seconds
        return min(slots)

    def _dispatch(self) -> None:
        while self._queue and self.num_running < self._settings.workers:
            worker = next((worker for worker in self._workers if worker.is_free), None)
            if worker is None:
                return
            call = self._queue.popleft()
            call.worker, worker.call = worker, call
            call.attempts += 1
            call.started_at = worker.heard_at = time.monotonic()
            if call.attempts == 1:
                call.queue_seconds = call.started_at - call.queued_at
            self._write(worker, call.task)

    def _write(self, worker: WorkerProcess, message: ToWorker) -> None:
        with contextlib.suppress(RuntimeError):  # the writers are shut down
            self._writers.submit(worker.send, message)

    def _refuse(self, call: Call, reason: Refused, message: str) -> None:
        with contextlib.suppress(ValueError):
            self._queue.remove(call)
        if not call.future.done():
            call.future.set_exception(PoolRefusedError(reason, max(0.1, self._expected_wait()), message))
        self._settle()

    def _release(self, call: Call) -> None:
        """The caller is gone, with its reply or without."""
        with contextlib.suppress(ValueError):
            self._queue.remove(call)
        worker = call.worker
        if worker is not None and worker.call is call:
            self._write(worker, Stop(call.task.task_id, is_abandoned=True))
            self._loop.call_later(self._settings.cancel_grace, self._kill_if_on, worker, call)
        self._settle()
        self._dispatch()

    def _settle(self) -> None:
        if not self._queue and not self.num_running:
            self._idle.set()

    # ------------------------------------------------------------------ what happens to running calls

    def hear(self, worker: WorkerProcess, message: FromWorker) -> None:
        """A message of a process."""
        worker.heard_at = time.monotonic()
        if isinstance(message, Beat):
            return
        if isinstance(message, Ready):
            worker.is_ready = True
            self._start_failures = 0
            if self._first is not None and not self._first.done():
                self._first.set_result(message.info)
                self._refill_later()
            self._on_change(self.num_ready)
            self._dispatch()
            return
        if isinstance(message, Failed):
            worker.failed = message
            return
        call = worker.call
        if call is None or call.task.task_id != message.task_id:
            return
        if isinstance(message, Limit):
            self._set_limit(call, message.kill_at)
        elif isinstance(message, Progress):
            if call.on_progress is not None and not call.future.done():
                call.on_progress(message.part)
        elif isinstance(message, Kept):
            call.kept = message.reply
        elif isinstance(message, Done):
            self._finish(call, message.reply, Ending.FINISHED)
        else:
            self._on_note("task failed", {"pid": worker.pid, "traceback": message.traceback})
            self._fail(call, WorkerError("the solver failed unexpectedly; see the server's log"))

    def _set_limit(self, call: Call, kill_at: float) -> None:
        if call.limit_timer is not None:
            call.limit_timer.cancel()
        call.limit_timer = self._loop.call_at(kill_at, self._overrun, call)

    def _overrun(self, call: Call) -> None:
        """The deadline or the worker's own limit has come: answer with what there is, and free the core."""
        if call.future.done():
            return
        if call in self._queue:
            self._refuse(call, Refused.WAIT_EXCEEDS_DEADLINE, "no solver process became free before the deadline")
            return
        # The call ends now; its worker gets a moment to stop by itself (see _release), so that it stays warm.
        if call.worker is not None:
            self._on_note("cut", {"pid": call.worker.pid, "has_plan": call.kept is not None})
        if call.kept is not None:
            self._resolve(call, call.kept, Ending.CUT)
        elif not call.future.done():
            call.future.set_exception(DeadlinePassedError("no verified plan was found in time"))

    def _resolve(self, call: Call, reply: Reply, ending: Ending) -> None:
        seconds = time.monotonic() - call.started_at
        pid = call.worker.pid if call.worker is not None else 0
        if not call.future.done():
            self._average_seconds += 0.2 * (seconds - self._average_seconds)
            call.future.set_result(CallOutcome(reply, ending, call.queue_seconds, seconds, call.attempts, pid))

    def _finish(self, call: Call, reply: Reply, ending: Ending) -> None:
        self._resolve(call, reply, ending)
        self._free(call)

    def _fail(self, call: Call, error: SplitshipError) -> None:
        if not call.future.done():
            call.future.set_exception(error)
        self._free(call)

    def _free(self, call: Call) -> None:
        if call.limit_timer is not None:
            call.limit_timer.cancel()
        worker, call.worker = call.worker, None
        if worker is not None and worker.call is call:
            worker.call = None
        self._settle()
        self._dispatch()

    def _kill_if_on(self, worker: WorkerProcess, call: Call) -> None:
        if worker.call is call and not worker.is_killed:
            self._on_note("worker killed", {"pid": worker.pid, "why": "did not stop when its call had ended"})
            worker.kill()

    # ------------------------------------------------------------------ life and death of processes

    def _fill(self) -> None:
        """Start processes until there are as many as there should be; spares wait until the first is warm."""
        wanted = self._settings.workers
        if self._first is not None and self._first.done():
            wanted += self._settings.spares
        while not self._is_closed and len(self._workers) < wanted:
            try:
                self._workers.append(WorkerProcess(self._setup, self._work, self._loop, self, self._settings.nice))
            except OSError as error:
                self._start_failures += 1
                self._on_note("worker not started", {"why": str(error)})
                self._refill_later()
                return

    def _refill_later(self) -> None:
        # Starting a process holds the loop up for some milliseconds: let answers that are due go out first.
        delay = 0.05 if not self._start_failures else min(5.0, 0.1 * 2**self._start_failures)
        self._loop.call_later(delay, self._fill)

    def bury(self, worker: WorkerProcess) -> None:
        """A process has ended, by itself, by our hand or by another's."""
        self._workers.remove(worker)
        if not self._is_closed:
            worker.connection.close()
        if (not worker.is_ready and not worker.is_killed) or worker.failed is not None:
            self._start_failures += 1
        if worker.failed is not None:
            self._on_note("worker not started", {"why": worker.failed.message})
            if self._first is not None and not self._first.done():
                findings = worker.failed.findings
                self._first.set_exception(InputError(findings) if findings else WorkerError(worker.failed.message))
        elif self._first is not None and not self._first.done() and self._start_failures >= 3:
            self._first.set_exception(WorkerError("solver processes end before they are ready"))
        call = worker.call
        worker.is_ready, worker.call = False, None
        if call is not None:
            self._lost(call, worker)
        self._on_change(self.num_ready)
        self._refill_later()
        self._settle()
        self._dispatch()

    def _lost(self, call: Call, worker: WorkerProcess) -> None:
        if call.future.done():
            return
        self._on_note("worker died", {"pid": worker.pid, "exit_code": worker.process.exitcode})
        if call.limit_timer is not None:
            call.limit_timer.cancel()
        if call.kept is not None:
            self._finish(call, call.kept, Ending.LOST)
        elif call.attempts < MAX_ATTEMPTS and not self._is_closed:
            call.worker = None
            self._queue.appendleft(call)
        else:
            self._fail(call, WorkerError(f"{call.attempts} solver processes died of this request, one after the other"))

    async def _watch(self) -> None:
        """Kill processes that are silent while at work, or that never become ready."""
        while True:
            await asyncio.sleep(1.0)
            now = time.monotonic()
            for worker in list(self._workers):
                limit = self._settings.silence_limit if worker.is_ready else self._settings.start_limit
                if now - worker.heard_at > limit and not worker.is_killed:
                    self._on_note("worker killed", {"pid": worker.pid, "why": f"silent for {limit:g} s"})
                    worker.kill()
