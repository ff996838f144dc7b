"""Solving many scenarios of a pack: the baseline first, the others from its answer, all that is done kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from pathlib import Path

from splitship.domain import SolveOptions
from splitship.errors import InputError, UsageError
from splitship.packs import Pack
from splitship.packs.scenario_settings import BASELINE
from splitship.planning.runs.engines import LOCAL, Engine, NotRunError, OnRunEvent, cores, make_engine
from splitship.planning.runs.folder import RunFolder
from splitship.planning.runs.record import record_of
from splitship.planning.runs.runs import Run, Runs
from splitship.planning.runs.task import Failure, RunTask, Solve, Solved, Start
from splitship.run.solve import ORDER_PLANS
from splitship.run.solve import solve as _solve

_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told of many runs at work; from any thread."""

    on_event: OnRunEvent = lambda name, event: None
    on_begin: Callable[[Sequence[str]], None] = lambda names: None
    """The names of all runs, before the first begins."""
    on_done: Callable[[Run], None] = lambda run: None


def scenario_names(pack: Pack, names: Sequence[str] | None) -> list[str]:
    """Scenarios by their names or the names of sweeps, each once; None or nothing: all that the pack has.

    Raises:
        PackError: no scenario and no sweep has a name; says which there are.
    """
    if not names:
        return list(pack.scenario_names)
    found: list[str] = []
    for name in names:
        of_sweep = [each for each in pack.scenario_names if pack.scenario_steps(each).sweep == name]
        found += of_sweep or [pack.scenario_steps(name).name]
    return list(dict.fromkeys(found))


def run_scenarios(
    pack: Pack,
    names: Sequence[str] | None = None,
    options: SolveOptions | None = None,
    *,
    changes: dict[str, object] | None = None,
    engine: str = LOCAL,
    jobs: int | None = None,
    address: str | None = None,
    folder: Path | None = None,
    is_warm: bool = True,
    again: bool = False,
    watch: Watch | None = None,
    should_stop: Callable[[], bool] | None = None,
    solve: Solve = _solve,
) -> Runs:
    """Solve scenarios of a pack. One that fails does not stop the others; see `Runs.failures`.

    The baseline is always solved first and the others begin with its plan and prices, unless `is_warm` is False.
    Answers depend on neither engine nor the number of processes, as long as no clock stops a search.

    Parameters:
        names: scenarios, or sweeps for all of theirs; None: every scenario of the pack.
        options: for every scenario; None: each has those of the pack. `time_limit_s` is for each run by itself.
        changes: fields of SolveOptions to replace in that.
        engine: `local` (processes of this machine), `dask`, or `here` (in this process, one after the other).
        jobs, address: of the engine; see `make_engine`.
        folder: keep records and plans there. Finished runs that it has are not solved again unless `again`.
        watch: is told what happens.
        should_stop: polled; once it is true, runs at work end with their best plan and no other begins.

    Raises:
        PackError: no scenario has one of the names.
        UsageError: options that do not go together, or a folder that is not for these runs.
    """
    chosen = scenario_names(pack, names)
    is_warm = is_warm and BASELINE in pack.scenario_names  # a pack that is in a scenario has no other
    if is_warm:
        chosen = [BASELINE, *(name for name in chosen if name != BASELINE)]
    at_once = max(1, min(len(chosen) - is_warm, jobs or cores()))
    tasks = {name: _task(pack, name, options, changes or {}, at_once, name == BASELINE and is_warm) for name in chosen}
    store = None if folder is None else RunFolder(folder)
    if store is not None:
        store.prepare(pack.name)
        store.write_index(pack.name, [], chosen)
    work = _Work(pack, tasks, store, again, watch or Watch(), should_stop or (lambda: False))
    work.watch.on_begin(chosen)
    if not work.reuse_all(is_warm):
        with make_engine(
            engine, pack, work.watch.on_event, jobs=jobs, address=address, num_tasks=at_once, solve=solve
        ) as made:
            work.do(made, is_warm)
    runs = {name: work.runs[name] for name in chosen if name in work.runs}
    not_run = tuple(name for name in chosen if name not in work.runs)
    if store is not None:
        store.write_index(pack.name, [run.record for run in runs.values()], not_run)
    return Runs(pack, runs, not_run)


def _task(
    pack: Pack,
    name: str,
    options: SolveOptions | None,
    changes: dict[str, object],
    at_once: int,
    is_alone: bool,
) -> RunTask:
    """A run of a scenario; threads that none was asked for are the cores that there are for it."""
    own = options or pack_options(pack, name)
    chosen: SolveOptions = dataclasses.replace(own, **changes)  # type: ignore[arg-type]
    if chosen.method != ORDER_PLANS:
        raise UsageError(f"scenarios are solved by the method {ORDER_PLANS}, not by {chosen.method}")
    if "threads" not in changes:
        share = cores() if is_alone else max(1, cores() // at_once)
        chosen = dataclasses.replace(chosen, threads=min(chosen.threads, share))
    return RunTask(name, name, chosen)


def pack_options(pack: Pack, name: str) -> SolveOptions:
    """The options of a scenario; the pack's own where it cannot be built, which its run will say."""
    try:
        return pack.options(name)
    except InputError:
        return pack.options()


@dataclass(slots=True)
class _Work:
    """Runs under way."""

    pack: Pack
    tasks: dict[str, RunTask]
    store: RunFolder | None
    again: bool
    watch: Watch
    should_stop: Callable[[], bool]
    runs: dict[str, Run] = field(default_factory=dict)

    def reuse_all(self, is_warm: bool) -> bool:
        """Take over every finished run that the folder has; True when nothing is left to do."""
        start = None
        for name in self.tasks:
            if is_warm and name != BASELINE and start is None:
                return False  # what the baseline's answer will be is not known yet
            self.reuse(name, start)
            if is_warm and name == BASELINE:
                start = self.start()
        return len(self.runs) == len(self.tasks)

    def reuse(self, name: str, start: Start | None) -> bool:
        """Take over a finished run of the folder, if doing it again would repeat it."""
        if self.store is None or self.again or name in self.runs:
            return name in self.runs
        record = self.store.read(name)
        if record is None or not record.is_finished:
            return False
        try:
            input_hash = self.tasks[name].problem(self.pack).input_hash
        except InputError:
            return False
        if not record.is_of(self.tasks[name], input_hash, None if start is None else start.key):
            return False
        plan = self.store.plan_of(record)
        if plan is None:
            return False
        self._keep(Run(self.pack, record, plan, is_reused=True))
        return True

    def start(self) -> Start | None:
        """The baseline's answer as a start for the others; None where there is none."""
        run = self.runs.get(BASELINE)
        if run is None or run.plan is None:
            return None
        return Start(BASELINE, run.record.plan_hash, run.plan)

    def do(self, engine: Engine, is_warm: bool) -> None:
        """Solve what is left; the baseline alone, then the others."""
        start = None
        if is_warm and BASELINE not in self.runs:
            self._collect(engine, {engine.submit(self.tasks[BASELINE], None): BASELINE}, None)
        if is_warm:
            if BASELINE not in self.runs or self.should_stop():
                return
            start = self.start()
        left = [name for name in self.tasks if name not in self.runs and not self.reuse(name, start)]
        self._collect(engine, {engine.submit(self.tasks[name], start): name for name in left}, start)

    def _collect(self, engine: Engine, futures: dict[Future[Solved | Failure], str], start: Start | None) -> None:
        is_stopping = False
        for future in self._ended(futures):
            if future is None:
                if self.should_stop() and not is_stopping:
                    is_stopping = True
                    engine.stop()
                continue
            try:
                outcome = future.result()
            except NotRunError:
                continue
            except Exception as error:  # of an engine: this run has failed, and no other
                outcome = Failure.of(error)
            task = self.tasks[futures[future]]
            solved = outcome if isinstance(outcome, Solved) else None
            run = Run(
                self.pack,
                record_of(task, self.pack, start, outcome),
                None if solved is None else solved.plan,
                solved=solved,
            )
            if self.store is not None:
                self.store.write(run.record, run.plan)
            self._keep(run)

    @staticmethod
    def _ended(futures: dict[Future[Solved | Failure], str]) -> Iterator[Future[Solved | Failure] | None]:
        """Futures as they end, and None whenever a while has passed."""
        left = set(futures)
        while left:
            done, left = wait(left, _POLL_SECONDS, FIRST_COMPLETED)
            yield from done
            yield None

    def _keep(self, run: Run) -> None:
        self.runs[run.record.name] = run
        self.watch.on_done(run)
