"""A folder of runs: `runs.json`, and for each run `NAME.run.json` and `NAME.plan.json`, each written whole."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from splitship.errors import Finding, PlanError, UsageError
from splitship.packs.documents import Document
from splitship.packs.plans import document_text, write_whole
from splitship.planning.runs.record import RunRecord, read_json, read_record, record_document

SCHEMA = "splitship.runs/1"
INDEX = "runs.json"
_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_DEVICES = re.compile(r"con|aux|nul|prn|(com|lpt)[0-9]")
"""Names that files cannot have on Windows, whatever follows after a dot."""
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


def file_stem(name: str) -> str:
    """A name that any file system takes, another one for every run: `rates[pct=5]` as `rates_pct_5_~` and a hash.

    Names that stay as they are have neither capitals, which some file systems do not tell apart, nor `~`.
    """
    if _PLAIN.fullmatch(name) and not _DEVICES.fullmatch(name):
        return name
    return f"{_UNSAFE.sub('_', name)[:60]}~{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def write_run(path: Path, record: RunRecord, plan: bytes | None) -> None:
    """Write a run file and, beside it, the plan document: `X.run.json` and `X.plan.json`.

    The plan goes first: a record never names a plan that is not there.
    """
    plan_file = None if plan is None else plan_path(path).name
    if plan is not None:
        write_whole(plan_path(path), plan)
    write_whole(path, document_text(record_document(record, plan_file)).encode())


def plan_path(path: Path) -> Path:
    """The plan beside a run file: `X.plan.json` for `X.run.json` and for `X.json`."""
    stem = path.name.removesuffix(".json").removesuffix(".run")
    return path.with_name(f"{stem}.plan.json")


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Runs of one pack in a folder of their own."""

    path: Path

    def prepare(self, pack_name: str) -> None:
        """Make the folder, or see that it is one of runs of this pack.

        Raises:
            UsageError: it is a file, has something else in it, or runs of another pack.
        """
        if self.path.exists() and not self.path.is_dir():
            raise UsageError(f"{self.path} is a file: name a folder for the runs")
        self.path.mkdir(parents=True, exist_ok=True)
        if (self.path / INDEX).exists():
            other = str(read_json(self.path / INDEX, SCHEMA).get("pack"))
            if other != pack_name:
                raise UsageError(f"{self.path} holds runs of the pack {other!r}, not of {pack_name!r}: name another")
        elif any(self.path.iterdir()):
            raise UsageError(f"{self.path} has other files in it: name a new or empty folder for the runs")

    def run_path(self, name: str) -> Path:
        """The file of a run's record."""
        return self.path / f"{file_stem(name)}.run.json"

    def read(self, name: str) -> RunRecord | None:
        """The record of a run; None where there is none that can be read."""
        try:
            record, _ = read_record(self.run_path(name))
        except PlanError:
            return None
        return record if record.name == name else None

    def plan_of(self, record: RunRecord) -> bytes | None:
        """The plan document of a record; None when it is not there any more as it was written."""
        try:
            data = plan_path(self.run_path(record.name)).read_bytes()
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == record.plan_sha256 else None

    def write(self, record: RunRecord, plan: bytes | None) -> None:
        """Write a run's files; an earlier one of the name is replaced."""
        write_run(self.run_path(record.name), record, plan)

    def write_index(self, pack_name: str, records: Sequence[RunRecord], not_run: Sequence[str]) -> None:
        """Write `runs.json`: every run that the folder has, those of before last, and names that were left out."""
        known = {record.name for record in records} | set(not_run)
        before = [record for record in self._readable() if record.name not in known]
        rows: list[Document] = [
            {
                "name": record.name,
                "run": self.run_path(record.name).name,
                "termination": record.reason,
                "input": record.input_hash or None,
                "plan": record.plan_hash or None,
            }
            for record in (*records, *before)
        ]
        document: Document = {"schema": SCHEMA, "pack": pack_name, "runs": rows, "not_run": list(not_run)}
        write_whole(self.path / INDEX, document_text(document).encode())

    def _readable(self) -> list[RunRecord]:
        """All runs in the folder that can be read: one that cannot must not stop others from being kept."""
        found = []
        for path in sorted(self.path.glob("*.run.json")):
            with contextlib.suppress(PlanError):
                found.append(read_record(path)[0])
        return found

    def records(self) -> list[RunRecord]:
        """All runs in the folder, in the sequence of the index where it has them.

        Raises:
            PlanError: a record that cannot be read.
        """
        found = {path.name: read_record(path)[0] for path in sorted(self.path.glob("*.run.json"))}
        listed: list[str] = []
        if (self.path / INDEX).exists():
            rows = read_json(self.path / INDEX, SCHEMA).get("runs")
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                raise PlanError([Finding(INDEX, "E701", "runs: expected a list of runs")])
            listed = [str(row.get("run")) for row in rows]
        sequence = dict.fromkeys([name for name in listed if name in found] + list(found))
        return [found[name] for name in sequence]
