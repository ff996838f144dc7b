"""The record of a run: everything that is needed to solve it again, and what came out."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from splitship.domain import SolveOptions
from splitship.errors import Finding, PlanError
from splitship.packs import Pack
from splitship.packs.documents import Document
from splitship.planning.runs.task import Failure, RunTask, Solved, Start
from splitship.planning.runs.versions import versions_now

SCHEMA = "splitship.run/1"
UNFINISHED = "INTERRUPTED"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What was solved, from where, by what, and the outcome: a `summary` (`splitship.summary/1`) or a `failure`.

    `pack_path` is as it was given ('' for a pack in memory). `start` names the run whose plan this one began with and
    the hash of that plan. `parts` are hashes of the tables and settings, `plan_sha256` is of the bytes of the plan
    document beside the record.
    """

    task: RunTask
    pack_name: str
    pack_path: str
    start: tuple[str, str] | None
    versions: dict[str, str]
    summary: Document | None
    failure: Failure | None
    plan_sha256: str = ""
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The run's name."""
        return self.task.name

    @property
    def input_hash(self) -> str:
        """`hashes.input`; '' where nothing could be built."""
        return "" if self.summary is None else str(self.summary["hashes"]["input"])

    @property
    def plan_hash(self) -> str:
        """`hashes.plan`; '' without a plan."""
        return "" if self.summary is None else str(self.summary["hashes"]["plan"])

    @property
    def reason(self) -> str:
        """Why the search stopped, or FAILED."""
        return "FAILED" if self.summary is None else str(self.summary["termination"]["reason"])

    @property
    def is_finished(self) -> bool:
        """It has a plan, and was not interrupted."""
        return self.reason not in ("FAILED", UNFINISHED)

    @property
    def is_by_the_clock(self) -> bool:
        """The clock, or a person, ended the search: the same run need not find the same plan."""
        return self.reason in ("TIME_LIMIT", UNFINISHED)

    def is_of(self, task: RunTask, input_hash: str, start: tuple[str, str] | None) -> bool:
        """Whether doing the task now would repeat this run: same input, options (but threads), start and versions."""
        same_options = dataclasses.replace(task.options, threads=self.task.options.threads) == self.task.options
        return (
            self.is_finished
            and self.input_hash == input_hash
            and same_options
            and self.task.orders == task.orders
            and (None if self.start is None else self.start[1]) == (None if start is None else start[1])
            and self.versions == versions_now()
        )


def record_of(task: RunTask, pack: Pack, start: Start | None, outcome: Solved | Failure) -> RunRecord:
    """The record of a task that is done."""
    return RunRecord(
        task=task,
        pack_name=pack.name,
        pack_path=str(pack.path) if pack.path is not None and pack.is_as_written else "",
        start=None if start is None else start.key,
        versions=outcome.versions if isinstance(outcome, Solved) else versions_now(),
        summary=outcome.summary if isinstance(outcome, Solved) else None,
        failure=outcome if isinstance(outcome, Failure) else None,
        plan_sha256=hashlib.sha256(outcome.plan).hexdigest() if isinstance(outcome, Solved) else "",
        parts=outcome.parts if isinstance(outcome, Solved) else {},
    )


def record_document(record: RunRecord, plan_file: str | None) -> Document:
    """The record as JSON-ready dictionary, schema `splitship.run/1`; `plan_file` is the plan's file beside it."""
    task, failure = record.task, record.failure
    return {
        "schema": SCHEMA,
        "name": task.name,
        "pack": {"name": record.pack_name, "path": record.pack_path},
        "scenario": task.scenario,
        "orders": None if task.orders is None else list(task.orders),
        "options": dataclasses.asdict(task.options),
        "warm_start": None if record.start is None else {"run": record.start[0], "plan": record.start[1]},
        "versions": record.versions,
        "parts": record.parts,
        "summary": record.summary,
        "failure": None
        if failure is None
        else {
            "kind": failure.kind,
            "message": failure.message,
            "findings": [dataclasses.asdict(finding) for finding in failure.findings],
            "detail": failure.detail,
        },
        "plan_file": None if plan_file is None else {"name": plan_file, "sha256": record.plan_sha256},
    }


def read_record(path: Path) -> tuple[RunRecord, str | None]:
    """A record from its file, and the name of its plan's file.

    Raises:
        PlanError: it cannot be read as a record; says why.
    """
    document = read_json(path, SCHEMA)
    try:
        return _record(document), None if document["plan_file"] is None else str(document["plan_file"]["name"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"{type(error).__name__}: {error}"
        raise PlanError([Finding(path.name, "E701", f"not a whole record of a run: {what}")]) from error


def read_json(path: Path, schema: str) -> dict[str, Any]:
    """A JSON file of one schema.

    Raises:
        PlanError: it cannot be read, or is something else.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PlanError([Finding(path.name, "E701", f"cannot be read: {error.strerror or error}")]) from error
    except ValueError as error:
        raise PlanError([Finding(path.name, "E701", f"not JSON: {error}")]) from error
    found = document.get("schema") if isinstance(document, dict) else None
    if found != schema:
        hint = "splitship solve --record and splitship sweep --out write them"
        raise PlanError([Finding(path.name, "E702", f"expected the schema {schema}, got {found!r}", hint)])
    return dict(document)


def _record(document: dict[str, Any]) -> RunRecord:
    orders, start, failure, plan = (document[key] for key in ("orders", "warm_start", "failure", "plan_file"))
    task = RunTask(
        str(document["name"]),
        str(document["scenario"]),
        SolveOptions(**document["options"]),
        None if orders is None else tuple(str(each) for each in orders),
    )
    if (document["summary"] is None) == (failure is None):
        raise ValueError("a run has either a summary or a failure")
    if document["summary"] is not None:
        summary = document["summary"]
        for key in ("input", "plan"):
            if not isinstance(summary["hashes"][key], str):
                raise TypeError(f"hashes.{key} is no text")
        if not isinstance(summary["termination"]["reason"], str) or not isinstance(summary["objective"], str):
            raise TypeError("termination.reason and objective are texts")
    return RunRecord(
        task=task,
        pack_name=str(document["pack"]["name"]),
        pack_path=str(document["pack"]["path"]),
        start=None if start is None else (str(start["run"]), str(start["plan"])),
        versions={str(name): str(value) for name, value in document["versions"].items()},
        summary=document["summary"],
        failure=None
        if failure is None
        else Failure(
            str(failure["kind"]),
            str(failure["message"]),
            tuple(Finding(**each) for each in failure["findings"]),
            str(failure["detail"]),
        ),
        plan_sha256="" if plan is None else str(plan["sha256"]),
        parts={str(name): str(value) for name, value in document["parts"].items()},
    )
