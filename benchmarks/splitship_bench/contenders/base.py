"""What a contender is: something that turns a problem into a plan, and perhaps a bound, within a limit."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field

from splitship.domain import Certificate, Plan, Problem
from splitship_bench.records import Incumbent

OnIncumbent = Callable[[int | None, int | None], None]
"""Called with (best objective, best bound) in micros whenever one of them improves; the caller reads the clock."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a contender gets. `limit_s` covers all it does from here on; it may stop at a relative `gap`.

    `work_limit` is for contenders that have one, None otherwise. `elapsed()` is the clock of the record, in seconds:
    it started when the problem was in memory.
    """

    problem: Problem
    limit_s: float
    gap: float
    seed: int
    threads: int
    work_limit: float | None
    elapsed: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a contender claims; the driver has it checked. Fields as in Record; money in micros.

    `objective` None: the contender leaves it to the checker (policies; models whose costs are rounded).
    """

    status: str
    plan: Plan | None = None
    objective: int | None = None
    bound: int | None = None
    certificate: Certificate | None = None
    detail: str = ""
    incumbents: list[Incumbent] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


class NotApplicableError(Exception):
    """A contender does not take this kind of instance; the message says why."""


class Contender(ABC):
    """A way to plans under a name. `kind` is "ours", "solver", "policy" or "literature"."""

    name: str
    kind: str
    description: str

    @abstractmethod
    def version(self) -> str:
        """Name and version of the program that does the work, e.g. `HiGHS 1.12.0 (scipy 1.17.1)`."""

    def warm(self) -> None:  # noqa: B027  most have nothing to prepare
        """Do once what a long-lived process has done before the first request (kernels fetched); not timed."""

    @abstractmethod
    def run(self, task: Task) -> Outcome:
        """Solve. May raise NotApplicableError; any other exception becomes a FAILED record."""
