"""What one run of one contender is worth: times, gaps and integrals, each a pure function of its `Record`.

Money is integer micros, times are wall seconds on the clock of `Record.seconds["total"]` (reading and warming are not
in it), gaps are fractions (0.01 is 1 %). A number that was not reached within the limit is the limit, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from splitship_bench.records import FAILURES, Record

GAPS = (0.05, 0.01, 0.0075, 0.005, 0.0025, 0.001)
"""Certified gaps whose times are reported: 5, 1, 0.75, 0.5, 0.25 and 0.1 %."""

PLAIN = {
    "WRONG": "wrong",
    "NO_PLAN": "no plan",
    "KILLED": "killed",
    "FAILED": "failed",
    "NOT_APPLICABLE": "not applicable",
    "TIME_LIMIT": "time limit",
    "WORK_LIMIT": "work limit",
    "OPTIMAL": "optimal",
    "GAP_REACHED": "gap reached",
    "NOTHING_TO_SHIP": "nothing to ship",
    "DONE": "done",
}
"""Statuses in words."""

NOT_ASKED = "not asked"
"""Reason of a gap that a run was told to stop before: neither reached nor missed."""

_EDGE = 1e-12  # a gap equal to its target counts as reached, whatever the last bit says


@dataclass(frozen=True, slots=True)
class Timed:
    """A time in seconds. `censored`: it was not reached, and `seconds` is the limit; `reason` says why in words."""

    seconds: float
    censored: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Best objective and best bound (micros, None where there is none) from `seconds` on."""

    seconds: float
    objective: int | None
    bound: int | None


REFUTED = "refuted"
"""`bound_source` of a bound that a verified plan of another run has shown to be wrong; no file has it."""


def solve_seconds(record: Record) -> Timed:
    """Seconds from the data in memory to the checked plan; the limit for time-outs and for runs without a plan.

    A run with a work limit that used it up ended by itself: its time is a time.
    """
    if not record.has_plan or record.status in FAILURES:
        return Timed(record.limit_s, True, _why_no_plan(record))
    total = record.seconds.get("total")
    if record.status == "TIME_LIMIT" or total is None or total > record.limit_s:
        return Timed(record.limit_s, True, "time limit")
    return Timed(total)


def accepted_bound(record: Record) -> int | None:
    """The run's lower bound in micros, if it counts: recomputed by the checker or claimed by a solver, and neither
    refuted nor of a WRONG record."""
    return record.bound if record.bound_source not in ("none", REFUTED) and record.status != "WRONG" else None


def relative_gap(objective: int | None, bound: int | None) -> float | None:
    """(objective - bound) / |objective|, not below 0; None without both, infinite over an objective of 0."""
    if objective is None or bound is None:
        return None
    if bound >= objective:
        return 0.0
    return (objective - bound) / abs(objective) if objective else float("inf")


def final_gap(record: Record) -> float | None:
    """The run's last gap between its verified plan and its own accepted bound (fraction), None without both."""
    return relative_gap(record.objective if record.has_plan else None, accepted_bound(record))


def trace(record: Record) -> list[Step]:
    """Best objective and bound over time, in order of time, ending with what was accepted.

    Incumbents are claims made on the way; only the last plan and the last bound are checked. So no claim counts for
    more than what was accepted in the end: an objective below the verified one is raised to it, a bound above the
    accepted one lowered to it, and without a verified plan (an accepted bound) there are no objectives (bounds).
    """
    last_plan = record.objective if record.has_plan and record.status not in FAILURES else None
    last_bound = accepted_bound(record)
    end = record.seconds.get("total", record.limit_s)
    best_plan: int | None = None
    best_bound: int | None = None
    steps: list[Step] = []
    claims = sorted(record.incumbents, key=lambda step: step[0])
    for seconds, objective, bound in [*claims, (max([end, *(step[0] for step in claims)]), last_plan, last_bound)]:
        if objective is not None and last_plan is not None:
            claim = max(objective, last_plan)
            best_plan = claim if best_plan is None else min(best_plan, claim)
        if bound is not None and last_bound is not None:
            claim = min(bound, last_bound)
            best_bound = claim if best_bound is None else max(best_bound, claim)
        if steps and (steps[-1].objective, steps[-1].bound) == (best_plan, best_bound):
            continue
        if best_plan is not None or best_bound is not None:
            steps.append(Step(max(seconds, 0.0), best_plan, best_bound))
    return steps


def first_plan_seconds(record: Record) -> Timed:
    """Seconds to the first plan of a run whose last plan was accepted; for runs without incumbents, to their end."""
    for step in trace(record):
        if step.objective is not None:
            return _within(step.seconds, record)
    return Timed(record.limit_s, True, _why_no_plan(record))


def gap_seconds(record: Record, gap: float) -> Timed:
    """Seconds until plan and bound of this run are within `gap` (fraction) of each other.

    `reason` of what was not reached: the status of a failure, `no bound`, `bound refuted`, `time limit`, `not asked`
    (it was told to stop at a larger gap and did) or `stopped` (it ended by itself before).
    """
    if not record.has_plan or record.status in FAILURES:
        return Timed(record.limit_s, True, _why_no_plan(record))
    for step in trace(record):
        reached = relative_gap(step.objective, step.bound)
        if reached is not None and reached <= gap + _EDGE:
            return _within(step.seconds, record)
    if accepted_bound(record) is None:
        return Timed(record.limit_s, True, "bound refuted" if record.bound_source == REFUTED else "no bound")
    told = record.options.get("gap")
    if record.status in ("GAP_REACHED", "OPTIMAL") and isinstance(told, int | float) and told > gap:
        return Timed(record.limit_s, True, NOT_ASKED)
    return Timed(record.limit_s, True, "time limit" if record.status == "TIME_LIMIT" else "stopped")


def integral_gap(left: int | None, right: int | None) -> float:
    """Berthold's gap of two values: |left - right| / max(|left|, |right|); 1 where one is missing or the signs differ,
    0 where both are 0. Always within [0, 1]."""
    if left is None or right is None:
        return 1.0
    if left == right:
        return 0.0
    if left * right < 0:
        return 1.0
    return abs(left - right) / max(abs(left), abs(right))


def primal_dual_integral(record: Record) -> float:
    """The area under the gap of plan and bound over time, in seconds between 0 and the limit.

    PD = integral over t in [0, limit] of g(t), g(t) = |P(t) - B(t)| / max(|P(t)|, |B(t)|) with P the best objective
    and B the best bound at t; g(t) = 1 while one of them is missing or their signs differ, 0 once B >= P. After the
    end of the run its last gap goes on to the limit. A run without an accepted plan has g = 1 throughout.

    T. Berthold, Measuring the impact of primal heuristics, Operations Research Letters 41(6), 2013,
    doi:10.1016/j.orl.2013.08.007 (there for the plan alone; with the bound in place of the optimum it takes both).
    """
    steps = [(step.seconds, 0.0 if _met(step) else integral_gap(step.objective, step.bound)) for step in trace(record)]
    return _area(steps, record.limit_s)


def primal_integral(record: Record, best: int) -> float:
    """The area under the gap of the plan to the best known objective `best` (micros), in seconds up to the limit.

    p(t) = |P(t) - best| / max(|P(t)|, |best|), 1 before the first plan; Berthold 2013, doi:10.1016/j.orl.2013.08.007.
    """
    steps = [(step.seconds, integral_gap(step.objective, best)) for step in trace(record)]
    return _area(steps, record.limit_s)


def orders_per_second(record: Record) -> float | None:
    """Orders of the instance by seconds of the run (the limit for time-outs); None without a verified plan."""
    timed = solve_seconds(record)
    if not record.has_plan or not timed.seconds or "orders" not in record.counts:
        return None
    return record.counts["orders"] / timed.seconds


def per_order(record: Record, name: str) -> float | None:
    """A count of the verified plan (`packages`, `split_orders`, `late_packages`, `unfilled_units`) by order."""
    if not record.has_plan or name not in record.counts or not record.counts.get("orders"):
        return None
    return record.counts[name] / record.counts["orders"]


def cost_per_order(record: Record) -> float | None:
    """Micros of the verified plan by order."""
    orders = record.counts.get("orders")
    return record.objective / orders if record.has_plan and record.objective is not None and orders else None


def drifted(records: Sequence[Record], limit: float = 0.2) -> list[tuple[Record, float]]:
    """Runs whose reference job was more than `limit` off the median of their machine, with the ratio to that median.

    The machine was busy, hot or throttled around them: their times are not comparable with the others'.
    """
    times: dict[str, list[float]] = {}
    for record in records:
        if record.reference_job_s:
            times.setdefault(machine_name(record), []).append(record.reference_job_s)
    medians = {name: middle(values) for name, values in times.items()}
    found = []
    for record in records:
        if record.reference_job_s:
            ratio = record.reference_job_s / medians[machine_name(record)]
            if abs(ratio - 1) > limit:
                found.append((record, ratio))
    return found


_MACHINE_NAMES = ("name", "host", "hostname", "node", "cpu", "processor", "cores", "cpus", "memory_gb", "system")


def machine_name(record: Record) -> str:
    """The machine in a few words: what in `Record.machine` tells one from another, versions aside."""
    found = [f"{key} {record.machine[key]}" for key in _MACHINE_NAMES if record.machine.get(key) not in (None, "")]
    return ", ".join(found) or "unknown machine"


def middle(values: Sequence[float]) -> float:
    """The median; of an even number, the mean of the two in the middle. `values` must not be empty."""
    ordered = sorted(values)
    half, odd = divmod(len(ordered), 2)
    return ordered[half] if odd else (ordered[half - 1] + ordered[half]) / 2


def _within(seconds: float, record: Record) -> Timed:
    return Timed(seconds) if seconds <= record.limit_s else Timed(record.limit_s, True, "time limit")


def _why_no_plan(record: Record) -> str:
    if record.status in FAILURES:
        return PLAIN[record.status]
    return "not verified" if record.objective is not None else "no plan"


def _met(step: Step) -> bool:
    return step.objective is not None and step.bound is not None and step.bound >= step.objective


def _area(steps: Sequence[tuple[float, float]], limit: float) -> float:
    """Under a step function that is 1 before its first step and keeps its last value up to `limit`."""
    area, since, height = 0.0, 0.0, 1.0
    for seconds, value in steps:
        until = min(max(seconds, since), limit)
        area += height * (until - since)
        since, height = until, value
    return area + height * max(limit - since, 0.0)
