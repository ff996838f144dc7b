"""What one run solves, and solving it: the same function whatever engine calls it, in whatever process."""

from __future__ import annotations

import dataclasses
import hashlib
import pickle
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from splitship.domain import Event, Plan, Problem, Result, SolveOptions, WarmStart
from splitship.domain.certificate import Certificate
from splitship.errors import Finding, InputError, NoPlanInTimeError, SplitshipError
from splitship.packs import Pack
from splitship.packs.documents import Document, plan_document, summary_part
from splitship.packs.plan_json import read_plan_document
from splitship.packs.plans import document_text
from splitship.packs.scenario_settings import BASELINE
from splitship.packs.warm_start import warm_start_between
from splitship.planning.runs.parts import input_parts
from splitship.planning.runs.versions import versions_now
from splitship.run.part_of_batch import take_orders
from splitship.run.solve import ORDER_PLANS
from splitship.run.solve import solve as _solve

OnEvent = Callable[[Event], None]


class Solve(Protocol):
    """`run.solve.solve`, or what tests put in its place."""

    def __call__(
        self,
        problem: Problem,
        options: SolveOptions,
        *,
        on_event: OnEvent | None,
        should_stop: Callable[[], bool] | None,
        warm: WarmStart | None,
    ) -> Result:
        """Solve a problem."""


@dataclass(frozen=True, slots=True)
class RunTask:
    """A scenario to solve and how; `name` is the run's, `orders` are the only ones wanted (None: all)."""

    name: str
    scenario: str
    options: SolveOptions
    orders: tuple[str, ...] | None = None

    def problem(self, pack: Pack) -> Problem:
        """What is to be solved.

        Raises:
            InputError: the scenario cannot be built, or has no such orders.
        """
        problem = pack.problem(self.scenario)
        return problem if self.orders is None else take_orders(problem, self.orders, "--orders")


@dataclass(frozen=True, slots=True)
class Solved:
    """An answer on its way between processes: its summary and plan document, and all of the Result but its problem.

    `parts` are hashes of the tables and settings that it is of, `versions` those of the process that found it.
    """

    summary: Document
    plan: bytes
    parts: dict[str, str]
    versions: dict[str, str]
    fields: bytes

    @classmethod
    def of(cls, result: Result, pack: Pack) -> Solved:
        """The answer without its problem, which who asked can build alone."""
        document = plan_document(result)
        kept = {each.name: getattr(result, each.name) for each in dataclasses.fields(result) if each.name != "problem"}
        plan = document_text(document).encode()
        parts = input_parts(pack, result.problem.scenario)
        return cls(summary_part(document), plan, parts, versions_now(), pickle.dumps(kept, pickle.HIGHEST_PROTOCOL))

    def result(self, problem: Problem) -> Result:
        """The answer with its problem, as the independent checker accepted it in the process that solved it."""
        fields: dict[str, Any] = pickle.loads(self.fields)
        return Result(problem=problem, **fields)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer. `kind`: `input` (with findings), `no plan`, `solver` or `crash` (`detail`: where)."""

    kind: str
    message: str
    findings: tuple[Finding, ...] = ()
    detail: str = ""

    @classmethod
    def of(cls, error: Exception) -> Failure:
        """The failure that an exception stands for."""
        if isinstance(error, InputError):
            return cls("input", _first_line(error), error.findings)
        if isinstance(error, NoPlanInTimeError):
            return cls("no plan", str(error))
        if isinstance(error, SplitshipError):
            return cls("solver", str(error))
        return cls("crash", f"{type(error).__name__}: {_first_line(error)}", (), traceback.format_exc())


@dataclass(frozen=True, slots=True)
class Start:
    """The run that others begin with: its name, the hash of its plan, and its plan document."""

    name: str
    plan_hash: str
    document: bytes

    @property
    def key(self) -> tuple[str, str]:
        """What a record keeps of it: name and hash."""
        return self.name, self.plan_hash


def solve_task(
    pack: Pack,
    task: RunTask,
    start: Start | None,
    on_event: OnEvent | None = None,
    should_stop: Callable[[], bool] | None = None,
    solve: Solve = _solve,
) -> Solved | Failure:
    """Solve one run. Nothing is raised but what ends processes: a run that fails must not stop the others.

    The warm start is read from the plan document, also by who still has the answer itself, so that a run that is
    resumed or done again begins exactly where the first one did.
    """
    try:
        problem = task.problem(pack)
        warm = None
        if start is not None and task.options.method == ORDER_PLANS:
            plan, certificate = _read_start(pack, task, start)
            warm = warm_start_between(_first_problem(pack, task), plan, certificate, problem)
        return Solved.of(solve(problem, task.options, on_event=on_event, should_stop=should_stop, warm=warm), pack)
    except Exception as error:
        return Failure.of(error)


_read: dict[str, tuple[Plan, Certificate | None]] = {}
"""The last start that this process has read, by the hash of problem and document."""


def _read_start(pack: Pack, task: RunTask, start: Start) -> tuple[Plan, Certificate | None]:
    problem = _first_problem(pack, task)
    key = f"{problem.input_hash} {hashlib.sha256(start.document).hexdigest()}"
    found = _read.get(key)
    if found is None:
        file = read_plan_document(start.document, f"{start.name}.plan.json", problem)
        found = (file.plan, file.certificate)
        _read.clear()
        _read[key] = found
    return found


def _first_problem(pack: Pack, task: RunTask) -> Problem:
    return dataclasses.replace(task, scenario=BASELINE).problem(pack)


def _first_line(error: BaseException) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else "no message"
