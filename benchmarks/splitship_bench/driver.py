"""Running a suite: one process a run, a reference job in between, a record after each, and on again after a kill."""

from __future__ import annotations

import contextlib
import fnmatch
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from splitship.errors import UsageError
from splitship_bench.contenders import contender, load_plugin
from splitship_bench.instances import prepare_instance
from splitship_bench.job import STARTED, Order
from splitship_bench.machine import describe_machine, memory_high_water_mb, package_version
from splitship_bench.records import Record, RecordFile, read_records
from splitship_bench.reference import reference_seconds
from splitship_bench.suites import Job, Suite

_READING_LIMIT_S = 1800.0
"""A process that has not read its pack and fetched its kernels by then is ended."""
_GRACE_S = 20.0
_GRACE_SHARE = 0.25
"""Past its limit a contender has this long (and this share of the limit) to come back and be checked."""
_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class RunSettings:
    """How a suite is run. `only` are patterns (`*` and `?`) of instances, contenders or INSTANCE/CONTENDER.

    `limit_s` and `repeats` replace the suite's own where given. `plugins` are files with further contenders; those
    named in `also` join every instance of the suite.
    """

    cache: Path
    only: Sequence[str] = ()
    also: Sequence[str] = ()
    plugins: Sequence[Path] = ()
    limit_s: float | None = None
    repeats: int | None = None
    threads: int = 2
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """Where a run of a suite is: `number` of `total`, what it is doing, and the record once it is there."""

    number: int
    total: int
    job: Job
    repeat: int
    doing: str
    record: Record | None = None


def planned(suite: Suite, settings: RunSettings) -> list[tuple[Job, int]]:
    """The runs of a suite in the order in which they are made: repeat by repeat, so that contenders alternate.

    Raises:
        UsageError: patterns that match nothing, or an unknown contender.
    """
    for plugin in settings.plugins if settings.also else ():
        load_plugin(plugin)  # for the names; what a plugin changes otherwise is for the runs' own processes
    jobs = list(suite.jobs)
    instances = list(dict.fromkeys(job.instance for job in jobs))
    for name in settings.also:
        contender(name)
        jobs.extend(
            Job(instance, name, max(j.limit_s for j in jobs if j.instance == instance)) for instance in instances
        )
    jobs = [job for job in jobs if _is_wanted(job, settings.only)]
    if not jobs:
        raise UsageError(
            f"--only {' '.join(settings.only)}: no instance or contender of {suite.name} is called that; "
            f"instances: {', '.join(instances)}"
        )
    if settings.limit_s is not None:
        jobs = [replace(job, limit_s=settings.limit_s) for job in jobs]
    if settings.repeats is not None:
        jobs = [replace(job, repeats=settings.repeats) for job in jobs]
    return [(job, repeat) for repeat in range(max(job.repeats for job in jobs)) for job in jobs if repeat < job.repeats]


def run_suite(
    suite: Suite, out: Path, settings: RunSettings, on_step: Callable[[Step], None] = lambda _: None
) -> list[Record]:
    """Run what `out` does not have yet and append a record for each run; gives the new records.

    Every run is a process of its own (`python -m splitship_bench.job`), ended hard when it is still there long after
    its limit. An interrupt ends the run that is going on and leaves the file as it is: the same call goes on.

    Raises:
        UsageError: unknown names, a file that is no record file, or one of runs with other settings.
        RuntimeError: a pack cannot be read; the message is the reader's.
    """
    runs = planned(suite, settings)
    file = RecordFile(out)
    _refuse_other_settings(out, suite, runs, settings)
    machine = describe_machine()
    todo = [
        (number, job, repeat)
        for number, (job, repeat) in enumerate(runs, 1)
        if _key(suite, job, repeat) not in file.done
    ]
    records: list[Record] = []
    before = reference_seconds() if todo else 0.0
    for number, job, repeat in todo:
        doing = Step(number, len(runs), job, repeat, "running")
        pack = prepare_instance(job.instance, settings.cache, lambda text, s=doing: on_step(replace(s, doing=text)))  # type: ignore[misc]
        on_step(doing)
        order = Order(
            suite.name, job.instance, str(pack), job.contender, [str(path) for path in settings.plugins],
            job.limit_s, job.gap, None, settings.seed, settings.threads, repeat,
        )  # fmt: skip
        record = run_in_process(order)
        after = reference_seconds()
        record = replace(
            record,
            reference_job_s=round((before + after) / 2, 4),
            machine=machine,
            at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        before = after
        file.append(record)
        records.append(record)
        on_step(replace(doing, doing="done", record=record))
    return records


def run_in_process(order: Order) -> Record:
    """Carry out an order in a new process and give its record, also when it had to be ended or died.

    Raises:
        RuntimeError: the pack or a plugin cannot be used at all.
    """
    with tempfile.TemporaryDirectory(prefix="splitship-bench-") as folder:
        result = Path(folder) / "record.json"
        errors = Path(folder) / "errors.txt"
        with errors.open("wb") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-m", "splitship_bench.job", str(result)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, start_new_session=True,
            )  # fmt: skip
        try:
            ended = _wait(process, order)
        finally:
            _end(process)
        if result.exists():
            record = Record.from_json(result.read_text("utf-8"))
            own = record.peak_memory_mb
            return replace(record, peak_memory_mb=None if own is None else round(own + ended.children_mb, 1))
        words = errors.read_text("utf-8", "replace").strip().splitlines()
        last = words[-1][:500] if words else ""
        if ended.started_at is None and not ended.is_killed:
            raise RuntimeError(last or f"the process of {order.contender} on {order.instance} ended before it began")
        if ended.is_killed:
            detail = f"still running {ended.after_s:.0f} s after its start (limit {order.limit_s:g} s), ended"
            return _lost(order, "KILLED", detail, ended)
        return _lost(
            order, "FAILED", f"the process died with exit code {process.returncode}: {last}".rstrip(": "), ended
        )


@dataclass(slots=True)
class _Ended:
    started_at: float | None = None
    is_killed: bool = False
    after_s: float = 0.0
    children_mb: float = 0.0


def _wait(process: subprocess.Popen[bytes], order: Order) -> _Ended:
    """Wait for the process, end it when it is far too late, and watch the memory of programs it starts."""
    assert process.stdin is not None
    assert process.stdout is not None
    ended = _Ended()
    try:
        process.stdin.write(order.to_json().encode())
        process.stdin.close()
    except BrokenPipeError:
        pass  # it died while starting; its exit code and words say why
    began = time.monotonic()
    memory: dict[int, float] = {}
    allowed = order.limit_s + max(_GRACE_S, _GRACE_SHARE * order.limit_s)
    output = process.stdout.fileno()
    is_open = True
    while process.poll() is None:
        if not is_open:
            time.sleep(_POLL_S)
        elif select.select([output], [], [], _POLL_S)[0]:
            text = os.read(output, 4096)
            is_open = bool(text)
            if ended.started_at is None and STARTED.encode() in text:
                ended.started_at = time.monotonic()
        _watch_children(process.pid, memory)
        now = time.monotonic()
        if ended.started_at is None:
            ended.is_killed = now - began > _READING_LIMIT_S
        else:
            ended.is_killed = now - ended.started_at > allowed
        if ended.is_killed:
            break
    ended.after_s = time.monotonic() - (ended.started_at or began)
    if ended.started_at is None and is_open and STARTED.encode() in os.read(output, 4096):
        ended.started_at = began
    ended.children_mb = max(memory.values(), default=0.0)
    return ended


def _watch_children(pid: int, memory: dict[int, float]) -> None:
    """Note the largest resident size of each child (a solver run as a program of its own)."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:
        return
    for child in children:
        size = memory_high_water_mb(child)
        if size is not None:
            memory[int(child)] = max(size, memory.get(int(child), 0.0))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End what is left of the process and everything it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _lost(order: Order, status: str, detail: str, ended: _Ended) -> Record:
    """The record of a run that left none."""
    return Record(
        suite=order.suite, instance=order.instance, instance_sha256="", contender=order.contender,
        kind=contender(order.contender).kind, version=f"splitship {package_version('splitship')}",
        options={"gap": order.gap, "work_limit": order.work_limit}, seed=order.seed, threads=order.threads,
        limit_s=order.limit_s, repeat=order.repeat, status=status, detail=detail,
        seconds={"total": round(ended.after_s, 4)},
    )  # fmt: skip


def _is_wanted(job: Job, patterns: Sequence[str]) -> bool:
    """Whether a pattern matches the job's instance, its contender, or INSTANCE/CONTENDER; no pattern takes all."""
    names = (job.instance, job.contender, f"{job.instance}/{job.contender}")
    return not patterns or any(fnmatch.fnmatch(name, pattern) for pattern in patterns for name in names)


def _key(suite: Suite, job: Job, repeat: int) -> tuple[str, str, str, int]:
    return suite.name, job.instance, job.contender, repeat


def _refuse_other_settings(out: Path, suite: Suite, runs: Sequence[tuple[Job, int]], settings: RunSettings) -> None:
    """A file goes on only with the settings it was begun with: limits, gaps, threads, seed."""
    wanted = {_key(suite, job, repeat): job for job, repeat in runs}
    for record in read_records([out]) if out.exists() else []:
        job = wanted.get(record.key)
        if job is None:
            continue
        for name, there, here in (
            ("limit", record.limit_s, job.limit_s),
            ("gap", record.options.get("gap"), job.gap),
            ("threads", record.threads, settings.threads),
            ("seed", record.seed, settings.seed),
        ):
            if there != here:
                raise UsageError(
                    f"{out}: has {job.contender} on {job.instance} with {name} {there:g}, now it is {here:g}: "
                    "name another file"
                )


def summary_of(records: Sequence[Record]) -> dict[str, Any]:
    """Counts by status, for the last line of a run."""
    counts: dict[str, int] = {}
    for record in records:
        counts[record.status] = counts.get(record.status, 0) + 1
    return dict(sorted(counts.items()))
