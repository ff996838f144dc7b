"""Every exception of Splitship, and the exit code each leads to on the command line.

SplitshipError               70  our fault, when nothing more precise applies
|- UsageError                 2  options that do not go together
|- InputError                 3  carries findings: what is wrong, where, and the remedy
|  |- PackError               3  a pack's tables or scenario.yaml
|  |- PlanError               3  a plan file that cannot be read against its pack
|  '- UnsupportedError        3  valid input that asks for something not built yet
|- NothingPossibleError       4  demand, but no possible package at all
|- NoPlanInTimeError          5  a limit was reached before the first plan
|- SolverError               70  a solver failed or is not installed
|- CheckFailedError          70  the independent checker refused our own plan; it is never shown
'- WorkerError               70  a solver process died and the retry did too
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault or warning in something a user gave us.

    `where` names the place: `orders.csv:19:4` in a pack (line and column count from 1, the header is
    line 1), `orders[12].lines[0].quantity` in a message, `limits.max_packages` in settings.
    `kind` groups findings for the cap of twenty of a kind; `code` is stable (`E104`, `W301`).
    """

    where: str
    code: str
    message: str
    hint: str = ""
    severity: str = "error"
    field: str = ""

    def __str__(self) -> str:
        head = f"{self.where}: " if self.where else ""
        name = f"{self.field}: " if self.field else ""
        tail = f" ({self.hint})" if self.hint else ""
        return f"{head}{self.severity}[{self.code}] {name}{self.message}{tail}"


class SplitshipError(Exception):
    """Base of every exception raised on purpose."""

    exit_code: ClassVar[int] = 70


class UsageError(SplitshipError):
    """Options or arguments that do not go together."""

    exit_code = 2


class InputError(SplitshipError):
    """Input that cannot be used; `findings` holds every fault found, not only the first."""

    exit_code = 3

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class PackError(InputError):
    """Faults in a pack's tables or settings."""


class PlanError(InputError):
    """Faults in a plan file."""


class UnsupportedError(InputError):
    """The input is valid but asks for a feature that is not built; it is refused, never ignored."""


class NothingPossibleError(SplitshipError):
    """There is demand but no line has a possible package."""

    exit_code = 4


class NoPlanInTimeError(SplitshipError):
    """A limit was reached before any plan was found."""

    exit_code = 5


class SolverError(SplitshipError):
    """A solver failed, or the one asked for is not installed."""


class CheckFailedError(SplitshipError):
    """The independent checker refused a plan of ours. The message lists the violations."""


class WorkerError(SplitshipError):
    """A solver process died, and so did the one that retried its work."""
