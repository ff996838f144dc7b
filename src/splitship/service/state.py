"""What a solver process keeps between tasks, and how long a task may take."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from splitship.domain import Problem, SolveOptions
from splitship.packs import Pack
from splitship.service.entry import JobSettings, Solve

GRACE_SECONDS = 5.0
"""Beyond its time limit a solve gets this, and a tenth of the limit, before its process may be killed."""


@dataclass(frozen=True, slots=True)
class State:
    """What a solver process keeps between tasks."""

    settings: JobSettings
    packs: Mapping[str, Pack]
    solve: Solve

    @property
    def defaults(self) -> SolveOptions:
        """Of a problem that is sent, where the request says nothing."""
        return SolveOptions(time_limit_s=self.settings.default_time_limit_s)


def answer_seconds(problem: Problem) -> float:
    """Seconds to keep for making an answer and sending it; grows with the orders."""
    return 0.06 + 3e-5 * len(problem.orders)


def within_limits(settings: JobSettings, options: SolveOptions, deadline: float | None, reserve: float) -> SolveOptions:
    """The options within what the server allows and what is left of the deadline (monotonic)."""
    limit = settings.max_time_limit_s
    if options.time_limit_s is not None:
        limit = min(limit, options.time_limit_s)
    if deadline is not None:
        left = deadline - time.monotonic() - reserve
        limit = min(limit, max(0.01, left - _overrun_seconds(left)))
    return replace(options, time_limit_s=limit, threads=min(options.threads, settings.threads))


def kill_at(options: SolveOptions, reserve: float) -> float:
    """When (monotonic) a process that solves with these options from now on has overrun and may be killed."""
    return time.monotonic() + 1.1 * (options.time_limit_s or 0.0) + GRACE_SECONDS + reserve


def _overrun_seconds(left: float) -> float:
    """Seconds kept because a solve may end late: an answer that is cut off has no bound, and so is worth less."""
    return min(0.5, 0.03 * left)
