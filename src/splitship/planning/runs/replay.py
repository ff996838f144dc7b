"""Solving again what was recorded, and saying what is the same and what is not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from splitship.errors import CheckFailedError, InputError, PlanError, UsageError
from splitship.packs import Pack, read_pack
from splitship.planning.runs.engines import HERE, LOCAL, NotRunError, cores, make_engine
from splitship.planning.runs.folder import INDEX, RunFolder, file_stem, plan_path
from splitship.planning.runs.many import Watch
from splitship.planning.runs.parts import differing_parts, input_parts
from splitship.planning.runs.record import RunRecord, read_record, record_of
from splitship.planning.runs.runs import Run
from splitship.planning.runs.task import Failure, Solve, Solved, Start
from splitship.planning.runs.versions import versions_now
from splitship.run.solve import solve as _solve

_POLL_SECONDS = 0.1


class Verdict(StrEnum):
    """SAME: the hashes of input and plan are the recorded ones. VERIFIED: the clock had ended that search, which cannot
    be repeated; its recorded plan and bound hold. DIFFERENT: `details` say what. NOT_RUN: a stop came before it."""

    SAME = "SAME"
    VERIFIED = "VERIFIED"
    DIFFERENT = "DIFFERENT"
    NOT_RUN = "NOT_RUN"


@dataclass(frozen=True, slots=True)
class Replayed:
    """A run done again: the verdict, what differs (or is worth knowing) in words, and both hashes of the plan."""

    name: str
    verdict: Verdict
    details: tuple[str, ...]
    plan_then: str
    plan_now: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """Records with the files they came from."""

    records: tuple[tuple[Path, RunRecord], ...]

    @property
    def pack_path(self) -> str:
        """Where the pack was.

        Raises:
            UsageError: the records do not say, or are of several packs.
        """
        paths = {record.pack_path for _, record in self.records}
        if paths == {""}:
            raise UsageError("the pack was not read from a folder: name one with --pack")
        if len(paths) > 1:
            raise UsageError(f"the records are of several packs: {', '.join(sorted(paths))}; replay them one by one")
        return paths.pop()


def read_recorded(path: Path) -> Recorded:
    """The record of a run file, or all of a folder of runs.

    Raises:
        PlanError: a record that cannot be read.
        UsageError: nothing is there, or no record.
    """
    if path.is_dir():
        folder = RunFolder(path)
        found = [(folder.run_path(record.name), record) for record in folder.records()]
        if not found:
            raise UsageError(f"{path} has no runs: expected {INDEX} and files *.run.json, as splitship sweep writes")
        return Recorded(tuple(found))
    if not path.exists():
        raise UsageError(f"there is no run {path}")
    return Recorded(((path, read_record(path)[0]),))


def replay(
    recorded: Recorded,
    pack: Pack | None = None,
    *,
    jobs: int | None = None,
    watch: Watch | None = None,
    should_stop: Callable[[], bool] | None = None,
    solve: Solve = _solve,
) -> list[Replayed]:
    """Do recorded runs again, each with its own options and from the recorded plan that it began with.

    Parameters:
        pack: None: read from where it was.

    Raises:
        PackError: the pack cannot be read.
        UsageError: the records do not say where the pack is.
    """
    pack = read_pack(recorded.pack_path) if pack is None else pack
    watch, should_stop = watch or Watch(), should_stop or (lambda: False)
    found: dict[str, Replayed] = {}
    todo: list[tuple[RunRecord, Start | None]] = []
    for path, record in recorded.records:
        try:
            _refuse_other_input(pack, record)
            plan = _recorded_plan(path, record)
            if record.is_by_the_clock:
                found[record.name] = _verified(pack, record, plan)
            else:
                todo.append((record, _start_of(path, record)))
        except _DiffersError as error:
            found[record.name] = Replayed(record.name, Verdict.DIFFERENT, error.details, record.plan_hash, "")
    watch.on_begin([record.name for record, _ in todo])
    if todo:
        with make_engine(
            LOCAL if len(todo) > 1 else HERE,
            pack,
            watch.on_event,
            jobs=None if len(todo) == 1 else min(jobs or cores(), len(todo)),
            num_tasks=len(todo),
            solve=solve,
        ) as engine:
            futures = {engine.submit(record.task, start): (record, start) for record, start in todo}
            left: set[Future[Solved | Failure]] = set(futures)
            is_stopping = False
            while left:
                done, left = wait(left, _POLL_SECONDS)
                if should_stop() and not is_stopping:
                    is_stopping = True
                    engine.stop()
                for future in done:
                    record, start = futures[future]
                    try:
                        outcome = future.result()
                    except NotRunError:
                        continue
                    except Exception as error:  # of an engine: this run has failed, and no other
                        outcome = Failure.of(error)
                    now = record_of(record.task, pack, start, outcome)
                    found[record.name] = _compared(record, now)
                    watch.on_done(Run(pack, now, outcome.plan if isinstance(outcome, Solved) else None))
    return [
        found.get(record.name, Replayed(record.name, Verdict.NOT_RUN, (), record.plan_hash, ""))
        for _, record in recorded.records
    ]


class _DiffersError(Exception):
    """It is different already before anything is solved."""

    def __init__(self, details: Sequence[str]) -> None:
        super().__init__()
        self.details = tuple(details)


def _refuse_other_input(pack: Pack, record: RunRecord) -> None:
    if not record.input_hash:
        return
    try:
        now = record.task.problem(pack).input_hash
    except InputError as error:
        raise _DiffersError(["the scenario cannot be built any more", *map(str, error.findings)]) from error
    if now != record.input_hash:
        parts = differing_parts(record.parts, input_parts(pack, record.task.scenario))
        what = f"the input has changed: {', '.join(parts)}" if parts else "the input has changed"
        raise _DiffersError([what, *_other_versions(record)])


def _recorded_plan(path: Path, record: RunRecord) -> bytes | None:
    """The plan beside a record; None for a run that failed."""
    if record.summary is None:
        return None
    name = plan_path(path).name
    try:
        data = plan_path(path).read_bytes()
    except OSError as error:
        raise _DiffersError([f"the recorded plan {name} cannot be read: {error.strerror or error}"]) from error
    if hashlib.sha256(data).hexdigest() != record.plan_sha256:
        raise _DiffersError([f"{name} is not the plan that was recorded"])
    return data


def _start_of(path: Path, record: RunRecord) -> Start | None:
    """The recorded plan that a run began with."""
    if record.start is None:
        return None
    name, plan_hash = record.start
    first_path = path.with_name(f"{file_stem(name)}.run.json")
    try:
        first, _ = read_record(first_path)
    except PlanError as error:
        raise _DiffersError([f"it began with the run {name}: {error.findings[0]}"]) from error
    if first.plan_hash != plan_hash:
        raise _DiffersError([f"it began with another plan than the run {name} has now"])
    document = _recorded_plan(first_path, first)
    assert document is not None
    return Start(name, plan_hash, document)


def _verified(pack: Pack, record: RunRecord, plan: bytes | None) -> Replayed:
    """A search that the clock ended: its plan is held against the problem, nothing is searched."""
    try:
        result = Run(pack, record, plan).result
    except (CheckFailedError, InputError) as error:
        raise _DiffersError([f"the recorded plan does not hold: {error}"]) from error
    solved = Solved.of(result, pack)
    now = str(solved.summary["hashes"]["plan"])
    if now != record.plan_hash:
        raise _DiffersError(["the recorded hash is not that of the plan beside it"])
    ended = "it was interrupted" if record.reason == "INTERRUPTED" else "the clock ended it"
    detail = f"{ended}, which cannot be repeated; its plan and bound hold"
    return Replayed(record.name, Verdict.VERIFIED, (detail, *_other_versions(record)), record.plan_hash, now)


def _compared(then: RunRecord, now: RunRecord) -> Replayed:
    details = []
    if then.summary is None or now.summary is None:
        words = [record.failure.message if record.failure else "an answer" for record in (then, now)]
        if words[0] != words[1]:
            details.append(f"then {words[0]}, now {words[1]}")
    else:
        details += [
            f"{word} {then.summary[key]} then, {now.summary[key]} now"
            for key, word in (("objective", "cost"), ("bound", "bound"), ("costs", "costs"))
            if then.summary[key] != now.summary[key]
        ]
        if then.plan_hash != now.plan_hash:
            details.append("the plan or its certificate is another")
        if then.reason != now.reason:
            details.append(f"it ended by {then.reason} then, by {now.reason} now")
    verdict = Verdict.DIFFERENT if details else Verdict.SAME
    return Replayed(then.name, verdict, (*details, *_other_versions(then)), then.plan_hash, now.plan_hash)


def _other_versions(record: RunRecord) -> list[str]:
    now = versions_now()
    return [
        f"{name} {record.versions.get(name, 'unknown')} then, {number} now"
        for name, number in now.items()
        if record.versions.get(name) != number
    ]
