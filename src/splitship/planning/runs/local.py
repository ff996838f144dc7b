"""Runs in processes of this machine: the service's supervised workers, a pool of them for one pack."""

from __future__ import annotations

import asyncio
import hashlib
import pickle
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Any, Self

from splitship import run
from splitship.errors import SplitshipError
from splitship.packs import Pack
from splitship.planning.runs.engines import NotRunError, OnRunEvent, at_intervals
from splitship.planning.runs.task import Failure, RunTask, Solve, Solved, Start, solve_task
from splitship.run.outcome import DeadlinePassedError, PoolRefusedError, PoolSettings
from splitship.run.pool import Pool
from splitship.run.protocol import Reply, Task
from splitship.run.worker import TaskContext

_WARM_UP, _SOLVE = "warm up", "solve"
_EVENT_SECONDS = 0.2
"""Pause between events that a worker passes on."""
_MOST_WAITING = 100_000


@dataclass(slots=True)
class _State:
    """What a worker keeps between tasks: the pack, by the hash of its bytes."""

    solve: Solve
    packs: dict[str, Pack] = field(default_factory=dict)

    def pack(self, data: bytes) -> Pack:
        key = hashlib.sha256(data).hexdigest()
        if key not in self.packs:
            self.packs = {key: pickle.loads(data)}
        return self.packs[key]


def _set_up(solve: Solve) -> tuple[_State, object]:
    return _State(solve), None


def _work(state: _State, task: Task, context: TaskContext) -> Reply:
    """Do one task in a worker process."""
    if task.kind == _WARM_UP:
        run.warm_up_engine()
        return Reply()
    pack, (run_task, start) = state.pack(task.body[0]), pickle.loads(task.body[1])
    tell = at_intervals(lambda event: context.progress(pickle.dumps(event)), _EVENT_SECONDS)
    outcome = solve_task(pack, run_task, start, tell, context.should_stop, state.solve)
    return Reply((pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL),))


class LocalEngine:
    """The engine `local`: `jobs` processes; while the first task is at work the others load their code."""

    def __init__(self, pack: Pack, on_event: OnRunEvent, jobs: int, solve: Solve) -> None:
        self._pack_bytes = pickle.dumps(pack, pickle.HIGHEST_PROTOCOL)
        self._on_event, self._jobs, self._solve = on_event, jobs, solve
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="splitship-runs", daemon=True)
        self._is_stopping = False
        self._is_first = True

    def __enter__(self) -> Self:
        self._thread.start()
        settings = PoolSettings(workers=self._jobs, spares=0, max_queue=_MOST_WAITING, nice=0)
        self._pool = Pool(partial(_set_up, self._solve), _work, settings)
        self._started = self._later(self._pool.start())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._later(self._end()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def pids(self) -> list[int]:
        """The processes, those at work first."""
        return self._pool.pids

    def submit(self, task: RunTask, start: Start | None) -> Future[Solved | Failure]:
        """Have a task done by the first process that is free."""
        future = self._later(self._do(task, start))
        if self._is_first and self._jobs > 1:
            self._is_first = False
            for _ in range(self._jobs - 1):
                self._later(self._warm_up())
        return future

    def stop(self) -> None:
        """Tasks at work end with their best plan, those that wait are not begun."""
        if not self._is_stopping:
            self._is_stopping = True
            self._later(self._pool.drain())

    async def _do(self, task: RunTask, start: Start | None) -> Solved | Failure:
        body = (self._pack_bytes, pickle.dumps((task, start), pickle.HIGHEST_PROTOCOL))
        try:
            await asyncio.wrap_future(self._started)
            outcome = await self._pool.run(
                _SOLVE, body, on_progress=lambda part: self._on_event(task.name, pickle.loads(part))
            )
        except (PoolRefusedError, DeadlinePassedError) as error:
            if self._is_stopping:
                raise NotRunError from error
            return Failure("crash", str(error))
        except SplitshipError as error:
            return Failure("crash", str(error))
        found: Solved | Failure = pickle.loads(outcome.reply.parts[0])
        return found

    async def _warm_up(self) -> None:
        try:
            await asyncio.wrap_future(self._started)
            await self._pool.run(_WARM_UP, ())
        except SplitshipError:
            return  # what is wrong with the processes, the tasks tell

    async def _end(self) -> None:
        await self._pool.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for other in others:
            other.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _later(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)
