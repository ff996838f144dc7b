"""The state of one solve: best plan, best bound, budget, and what has been told to the caller."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from splitship.domain import Event, SolveOptions, Termination, TerminationReason, relative_gap
from splitship.engine.assignment import Assignment
from splitship.engine.dual import Pass, Pricer
from splitship.engine.leaves import Leaves
from splitship.engine.supply_cuts import Cut
from splitship.engine.work import WORK_PER_CONTENT
from splitship.instance import Instance
from splitship.units import I64


@dataclass(slots=True)
class Search:
    """Everything the phases of a solve share. All randomness comes from `random`, seeded by the options.

    `objective` and `bound` are without the constant of the instance.
    """

    instance: Instance
    options: SolveOptions
    pricer: Pricer
    deadline: float | None
    started: float
    on_event: Callable[[Event], None] | None = None
    on_plan: Callable[[Search], None] | None = None
    should_stop: Callable[[], bool] | None = None
    best: Assignment | None = None
    objective: int | None = None
    bound_pass: Pass | None = None
    cuts: list[Cut] = field(default_factory=list)
    leaves: Leaves | None = None
    work: float = 0.0
    events: list[Event] = field(default_factory=list)
    stopped: Termination | None = None
    random: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.random = np.random.default_rng(self.options.seed)
        self.pricer.wide.is_late = self.is_late

    @property
    def bound(self) -> int | None:
        """Best lower bound so far, in micros: of the best pass, or of leaves."""
        if self.bound_pass is None:
            return None
        return self.bound_pass.bound if self.leaves is None else max(self.bound_pass.bound, self.leaves.bound)

    @property
    def gap(self) -> float | None:
        """Relative gap so far."""
        return relative_gap(self.told(self.objective), self.told(self.bound))

    def told(self, amount: int | None) -> int | None:
        """An objective or a bound of the search as the caller counts it: with the instance's constant."""
        return None if amount is None else amount + self.instance.constant

    def seconds(self) -> float:
        """Wall time since the solve started."""
        return time.perf_counter() - self.started

    def seconds_left(self) -> float:
        """Wall time until the deadline (a week when there is none)."""
        return 604_800.0 if self.deadline is None else self.deadline - time.perf_counter()

    def is_late(self) -> bool:
        """Whether the clock or the caller ends the search now; asked from any thread."""
        return self.seconds_left() <= 0 or (self.should_stop is not None and self.should_stop())

    def offer_plan(self, phase: str, assignment: Assignment, objective: int) -> bool:
        """Keep a copy of a plan if it is better; True if it was."""
        if self.objective is not None and objective >= self.objective:
            return False
        self.best, self.objective = assignment.copy(), objective
        self._tell(phase)
        if self.on_plan is not None:
            self.on_plan(self)
        return True

    def offer_bound(self, phase: str, result: Pass) -> None:
        """Keep the bound of a pass if it is better."""
        self.work += WORK_PER_CONTENT * len(self.instance.content_cost)
        if self.bound_pass is None or result.bound > self.bound_pass.bound:
            self.bound_pass = result
            self._tell(phase)

    def offer_leaves(self, phase: str, leaves: Leaves) -> None:
        """Keep leaves if their bound is better."""
        assert self.bound is not None
        if leaves.bound > self.bound:
            self.leaves = leaves
            self._tell(phase)

    def _tell(self, phase: str) -> None:
        # with prices of what is steered inside the costs only the checker knows what a plan costs
        objective = None if self.instance.steering is not None else self.told(self.objective)
        event = Event(self.seconds(), phase, objective, self.told(self.bound))
        self.events.append(event)
        if self.on_event is not None:
            self.on_event(event)

    def is_over(self, reserve_s: float = 0.0) -> bool:
        """Whether to stop now, and why: the first reason found stays. `reserve_s` of the time left is for others."""
        if self.stopped is None:
            self.stopped = self._reason_to_stop(reserve_s)
        return self.stopped is not None

    def _reason_to_stop(self, reserve_s: float) -> Termination | None:
        if self.should_stop is not None and self.should_stop():
            return Termination(TerminationReason.INTERRUPTED)
        gap = self.gap
        if gap is not None and gap <= 0:
            return Termination(TerminationReason.OPTIMAL, detail="the plan meets its certified bound")
        if gap is not None and gap <= self.options.gap:
            return Termination(TerminationReason.GAP_REACHED)
        if self.seconds_left() <= reserve_s and self.deadline is not None:
            return Termination(TerminationReason.TIME_LIMIT, f"time_limit_s={self.options.time_limit_s:g}")
        if self.options.work_limit is not None and self.work >= self.options.work_limit:
            return Termination(TerminationReason.WORK_LIMIT, f"work_limit={self.options.work_limit:g}")
        return None

    def residual(self, assignment: Assignment) -> I64:
        """What an assignment leaves of every resource, [rows]."""
        left: I64 = self.instance.resources.capacity - self.pricer.use_of(assignment)
        return left
