"""What one run of one contender on one instance left behind: a line of JSON, written once and never changed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from splitship.errors import UsageError

SCHEMA = 1

RUNS = ("OPTIMAL", "GAP_REACHED", "TIME_LIMIT", "WORK_LIMIT", "NOTHING_TO_SHIP", "DONE")
"""Statuses of runs with a verified plan. DONE: a policy ran to its end. The others are the engine's words."""
FAILURES = ("WRONG", "NO_PLAN", "KILLED", "FAILED", "NOT_APPLICABLE")
"""WRONG: the checker refuses the plan, its claimed cost or its bound. NO_PLAN: a limit came before the first plan.
KILLED: still running long after its limit. FAILED: it raised or died. NOT_APPLICABLE: it does not take this instance
(coordinates missing, say)."""

Incumbent = tuple[float, int | None, int | None]
"""Seconds since reading ended, best objective so far, best bound so far (micros; None where there is none yet)."""


@dataclass(frozen=True, slots=True)
class Record:
    """One run. Money is integer micros of `currency`; seconds are wall time.

    `instance_sha256` is the pack's; `version` the contender's own; `options` what it was told (`gap`, `work_limit`).
    `repeat` counts from 0. `status` is one of RUNS or FAILURES and `detail` says more in words. `objective` is the
    checker's cost of the plan and `claimed` what the contender said; both None without a plan. `bound` is the best
    lower bound, `bound_source` "certificate" (recomputed by the checker), "solver" (claimed) or "none"; `gap` is
    (objective - bound) / |objective|. `seconds` maps phases to wall time: `read`, `warm` (kernels fetched, before the
    clock starts), then `compile`, `build`, `prices`, `primal`, `solve`, `check` as far as the contender has them, and
    `total`, from the data in memory to the checked plan: reading and warming are not in it. `cpu_s` is processor time
    over the same span, children included. `incumbents` are on the clock of `total`. `counts` has `orders`, `lines`,
    `units`, and with a plan `packages`, `split_orders`, `late_packages`, `unfilled_units`; for models `columns`,
    `rows`, `nonzeros`. `costs` are the plan's terms in micros. `reference_job_s` is the time of the fixed reference
    job around this run (mean of before and after). `machine` describes the machine and the versions of what matters.
    `at` is UTC, ISO 8601.
    """

    suite: str
    instance: str
    instance_sha256: str
    contender: str
    kind: str
    version: str
    options: dict[str, Any]
    seed: int
    threads: int
    limit_s: float
    repeat: int
    status: str
    detail: str = ""
    objective: int | None = None
    claimed: int | None = None
    bound: int | None = None
    bound_source: str = "none"
    gap: float | None = None
    currency: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    cpu_s: float | None = None
    peak_memory_mb: float | None = None
    incumbents: list[Incumbent] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    costs: dict[str, int] = field(default_factory=dict)
    verified: bool = False
    reference_job_s: float | None = None
    machine: dict[str, Any] = field(default_factory=dict)
    at: str = ""
    schema: int = SCHEMA

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What makes a run the same run when a suite is resumed: suite, instance, contender, repeat."""
        return self.suite, self.instance, self.contender, self.repeat

    @property
    def has_plan(self) -> bool:
        """A plan that the checker accepts."""
        return self.verified and self.objective is not None

    def to_json(self) -> str:
        """One line of JSON, keys in the order of the fields."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Record:
        """The record of one line.

        Raises:
            ValueError: not JSON, another schema, or a field missing or unknown.
        """
        raw = json.loads(text)
        if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
            raise ValueError(f"not a record of schema {SCHEMA}")
        unknown = raw.keys() - {each.name for each in fields(cls)}
        if unknown:
            raise ValueError(f"unknown fields {', '.join(sorted(unknown))}")
        raw["incumbents"] = [tuple(step) for step in raw.get("incumbents", [])]
        try:
            return cls(**raw)
        except TypeError as error:
            raise ValueError(str(error).removeprefix("Record.__init__() ")) from None


def read_records(paths: Iterable[Path]) -> list[Record]:
    """All records of some files, in their order. A last line cut off by a kill is left out.

    Raises:
        UsageError: a file is missing, or a line in it is no record; names file and line.
    """
    return [record for path in paths for record in _records_of(path)]


def _records_of(path: Path) -> Iterator[Record]:
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    whole, _, rest = text.rpartition("\n")
    lines = whole.split("\n") if whole else []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield Record.from_json(line)
        except ValueError as error:
            raise UsageError(f"{path}:{number}: {error}") from None
    if rest.strip():
        try:
            yield Record.from_json(rest)
        except ValueError:
            return  # written while it was killed; the run is simply done again


class RecordFile:
    """A JSONL file to append records to, one whole line at a time, flushed to disk.

    `done` holds the runs it already has, so that a suite goes on where it was stopped.

    Raises:
        UsageError: the file cannot be written, or what is in it are no records.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        existing = read_records([path]) if path.exists() else []
        self.done = {record.key for record in existing}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab+") as file:
                self._end_last_line(file)
        except OSError as error:
            raise UsageError(f"{path}: {error.strerror}") from None

    def append(self, record: Record) -> None:
        """Write one record and see it on disk."""
        with self.path.open("ab") as file:
            file.write(record.to_json().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self.done.add(record.key)

    @staticmethod
    def _end_last_line(file: Any) -> None:
        """A line cut off by a kill is dropped; a whole one without its end gets it."""
        size = file.seek(0, os.SEEK_END)
        if not size:
            return
        file.seek(0)
        data = file.read()
        if data.endswith(b"\n"):
            return
        start = data.rfind(b"\n") + 1
        try:
            Record.from_json(data[start:].decode())
        except ValueError:
            file.truncate(start)
        else:
            file.write(b"\n")
