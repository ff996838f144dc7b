"""What comes back of many runs: records, answers, failures, and what was not begun."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from splitship.domain import Problem, Result, Termination, TerminationReason
from splitship.errors import CheckFailedError
from splitship.packs import Pack
from splitship.packs.plan_json import read_plan_document
from splitship.packs.scenario_settings import BASELINE
from splitship.planning.runs.record import UNFINISHED, RunRecord
from splitship.planning.runs.task import Failure, Solved
from splitship.run.given import result_of_plan
from splitship.units import format_micros, parse_micros


@dataclass(frozen=True, repr=False)
class Run:
    """A run that is done. `plan` is its plan document, None where it failed; `is_reused`: it was not solved again."""

    pack: Pack
    record: RunRecord
    plan: bytes | None
    is_reused: bool = False
    solved: Solved | None = None

    def __repr__(self) -> str:
        cost = "no answer" if self.objective is None else format_micros(self.objective)
        return f"Run({self.record.name!r}, {cost}, {self.record.reason})"

    @property
    def failure(self) -> Failure | None:
        """Why there is no answer."""
        return self.record.failure

    @property
    def objective(self) -> int | None:
        """Cost in micros, None where it failed."""
        return self._money("objective")

    @property
    def bound(self) -> int | None:
        """Proven lower bound in micros, None without one."""
        return self._money("bound")

    @cached_property
    def result(self) -> Result:
        """The answer: as it was verified where it was found; one that was read from a file is verified now.

        Raises:
            ValueError: the run failed.
            InputError: the pack is no longer what it was.
            CheckFailedError: a file claims what the independent checker does not find.
        """
        if self.plan is None:
            raise ValueError(f"the run {self.record.name} failed: {self.failure and self.failure.message}")
        problem = self.record.task.problem(self.pack)
        if problem.input_hash != self.record.input_hash:
            raise CheckFailedError(f"the pack has changed since the run {self.record.name}")
        if self.solved is not None:
            return self.solved.result(problem)
        return self._verified(problem, self.plan)

    def _verified(self, problem: Problem, plan: bytes) -> Result:
        name, summary = self.record.name, self.record.summary
        assert summary is not None
        file = read_plan_document(plan, f"{name}.plan.json", problem)
        found = result_of_plan(problem, file.plan, file.certificate, self.record.task.options)
        if (found.objective, found.bound) != (self.objective, self.bound):
            raise CheckFailedError(f"the record of {name} claims another cost or bound than its plan has")
        told = summary["termination"]
        termination = Termination(TerminationReason(told["reason"]), told["limit"], told["detail"])
        return dataclasses.replace(found, termination=termination, seconds=summary["seconds"])

    def _money(self, key: str) -> int | None:
        summary = self.record.summary
        text = None if summary is None else summary[key]
        return None if text is None else parse_micros(text)


@dataclass(frozen=True, repr=False)
class Runs:
    """Runs of one pack by name, in the sequence they were asked for (the baseline first, where it belongs to them).

    `not_run` are those that an interruption came before.
    """

    pack: Pack
    runs: Mapping[str, Run]
    not_run: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Run:
        return self.runs[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.runs)

    def __len__(self) -> int:
        return len(self.runs)

    def __repr__(self) -> str:
        failed, waits = len(self.failures), len(self.not_run)
        more = (f", {failed} failed" if failed else "") + (f", {waits} not begun" if waits else "")
        return f"Runs({self.pack.name!r}, {len(self.runs) - failed} solved{more})"

    @property
    def results(self) -> dict[str, Result]:
        """The answers by name, without those that failed."""
        return {name: run.result for name, run in self.runs.items() if run.failure is None}

    @property
    def failures(self) -> dict[str, Failure]:
        """What failed, by name."""
        return {name: run.failure for name, run in self.runs.items() if run.failure is not None}

    @property
    def is_interrupted(self) -> bool:
        """A stop came before all of it was done."""
        return bool(self.not_run) or any(run.record.reason == UNFINISHED for run in self.runs.values())

    @property
    def baseline(self) -> Run | None:
        """The baseline's run, if it is among them and did not fail."""
        run = self.runs.get(BASELINE)
        return None if run is None or run.failure is not None else run
