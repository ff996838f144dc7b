"""Runs put together: the repeats of a contender on an instance, the best that is known, and contradictions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from splitship_bench.metrics import PLAIN, REFUTED, Timed, accepted_bound, middle, relative_gap
from splitship_bench.records import FAILURES, Record

KINDS = ("ours", "solver", "literature", "policy")
"""Order in which contenders are shown; an unknown kind comes last."""

PROVEN = 1e-4
"""A best plan within this fraction of a bound counts as the optimum."""

ROUNDING = 1e-6
"""How far a bound claimed by a solver may lie above a plan, as a fraction, before it is more than its tolerance."""

_SEVERITY = ("WRONG", "FAILED", "KILLED", "NO_PLAN", "NOT_APPLICABLE")


@dataclass(frozen=True, slots=True)
class Cell:
    """The runs of one contender on one instance. A single WRONG repeat makes the whole cell wrong."""

    suite: str
    instance: str
    sha256: str
    contender: str
    kind: str
    runs: tuple[Record, ...]

    @property
    def name(self) -> tuple[str, str, str]:
        """(suite, instance, contender)."""
        return self.suite, self.instance, self.contender

    @property
    def failure(self) -> str:
        """The worst failure among the repeats, in words; empty where all have plans."""
        found = {run.status for run in self.runs}
        worst = next((status for status in _SEVERITY if status in found), None)
        return PLAIN[worst] if worst else ""

    def time(self, measure: Callable[[Record], Timed]) -> Timed:
        """The median over repeats; not reached where the repeats at the median are not, or one of them is WRONG.

        A cell with a WRONG repeat has no time, and counts as the limit.
        """
        times = sorted((measure(run) for run in self.runs), key=lambda each: (each.censored, each.seconds))
        if self.failure == PLAIN["WRONG"]:
            return Timed(max(run.limit_s for run in self.runs), True, PLAIN["WRONG"])
        low, high = times[(len(times) - 1) // 2], times[len(times) // 2]
        if high.censored:
            return high
        return Timed((low.seconds + high.seconds) / 2)

    def value(self, measure: Callable[[Record], float | None]) -> float | None:
        """The median over the repeats that have the number; None where none has."""
        found = [number for number in map(measure, self.runs) if number is not None]
        return middle(found) if found else None


def cells(records: Iterable[Record]) -> list[Cell]:
    """Records by suite, instance, instance_sha256 and contender: instances by size, then contenders ours first."""
    groups: dict[tuple[str, str, str, str], list[Record]] = {}
    for record in records:
        groups.setdefault((record.suite, record.instance, record.instance_sha256, record.contender), []).append(record)
    found = [Cell(*key, kind=runs[0].kind, runs=tuple(runs)) for key, runs in groups.items()]
    return sorted(found, key=lambda cell: (cell.suite, *instance_order(cell.instance), cell.sha256, *rank(cell)))


def rank(cell: Cell) -> tuple[int, str]:
    """Sorts contenders by kind as in KINDS, then by name."""
    return KINDS.index(cell.kind) if cell.kind in KINDS else len(KINDS), cell.contender


@dataclass(frozen=True, slots=True)
class Known:
    """The best of all runs on one instance, micros. `bound_source` is "certificate" or "solver"; plans are verified.

    `contradicted`: a bound above this plan was claimed and is left out here.
    """

    objective: int | None
    contender: str
    bound: int | None
    bound_contender: str
    bound_source: str
    contradicted: bool

    @property
    def gap(self) -> float | None:
        """Between best plan and best bound, fraction."""
        return relative_gap(self.objective, self.bound)

    @property
    def proven(self) -> bool:
        """The best plan is the optimum up to PROVEN."""
        gap = self.gap
        return gap is not None and gap <= PROVEN and not self.contradicted


def best_known(records: Iterable[Record]) -> dict[str, Known]:
    """By instance_sha256: the cheapest verified plan and the highest bound, over all contenders.

    Of equal ones the first record counts; equal bounds go to a certificate before a solver's claim.
    """
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(record.instance_sha256, []).append(record)
    return {sha256: _known(runs) for sha256, runs in groups.items()}


def _known(runs: Sequence[Record]) -> Known:
    plan: Record | None = None
    for run in runs:
        if _plan(run) is not None and (plan is None or (_plan(run) or 0) < (_plan(plan) or 0)):
            plan = run
    objective = _plan(plan) if plan else None
    bound: Record | None = None
    contradicted = False
    for run in runs:
        value = accepted_bound(run)
        if value is None:
            continue
        if objective is not None and value > objective + _allowed(run, objective):
            contradicted = True
            continue
        key = (value, run.bound_source == "certificate")
        if bound is None or key > (accepted_bound(bound) or 0, bound.bound_source == "certificate"):
            bound = run
    return Known(
        objective=objective,
        contender=plan.contender if plan else "",
        bound=accepted_bound(bound) if bound else None,
        bound_contender=bound.contender if bound else "",
        bound_source=bound.bound_source if bound else "none",
        contradicted=contradicted,
    )


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A bound above a verified plan on the same instance: one of the two is wrong, and plans are checked.

    `rounding`: a solver's claim, above by no more than ROUNDING.
    """

    suite: str
    instance: str
    bound: int
    bound_contender: str
    bound_source: str
    objective: int
    plan_contender: str
    rounding: bool

    def __str__(self) -> str:
        over = self.bound - self.objective
        return (
            f"{self.instance}: bound {self.bound / 1e6:,.6f} of {self.bound_contender} ({self.bound_source}) exceeds "
            f"plan of {self.plan_contender}, {self.objective / 1e6:,.6f}, by {over / 1e6:,.6f}"
        )


def contradictions(records: Sequence[Record]) -> list[Contradiction]:
    """Every bound above the cheapest verified plan of its instance_sha256, one a contender, the worst; empty when all
    agree. Bounds of WRONG records are among them when a plan shows that they are wrong."""
    found: dict[tuple[str, str], Contradiction] = {}
    plans: dict[str, Record] = {}
    for run in records:
        best = plans.get(run.instance_sha256)
        if _plan(run) is not None and (best is None or (_plan(run) or 0) < (_plan(best) or 0)):
            plans[run.instance_sha256] = run
    for run in records:
        plan = plans.get(run.instance_sha256)
        if plan is None or plan.objective is None or run.bound is None or run.bound_source == "none":
            continue
        key = (run.instance_sha256, run.contender)
        if run.bound > plan.objective and (key not in found or run.bound > found[key].bound):
            found[key] = Contradiction(
                suite=run.suite,
                instance=run.instance,
                bound=run.bound,
                bound_contender=run.contender,
                bound_source=run.bound_source,
                objective=plan.objective,
                plan_contender=plan.contender,
                rounding=run.bound <= plan.objective + _allowed(run, plan.objective),
            )
    return list(found.values())


def without_refuted(records: Sequence[Record]) -> list[Record]:
    """The same records, bounds that a verified plan contradicts by more than rounding marked REFUTED: no gap of such a
    run is certified, whatever it said."""
    known = best_known(records)
    kept = []
    for run in records:
        best, bound = known[run.instance_sha256].objective, accepted_bound(run)
        refuted = best is not None and bound is not None and bound > best + _allowed(run, best)
        kept.append(replace(run, bound_source=REFUTED, gap=None) if refuted else run)
    return kept


def gap_to_best(record: Record, known: Known) -> float | None:
    """How far the verified plan is above the best known one, as a fraction of the best known; None without a plan."""
    objective = _plan(record)
    if objective is None or known.objective is None:
        return None
    if objective == known.objective:
        return 0.0
    return (objective - known.objective) / abs(known.objective) if known.objective else float("inf")


_SIZE = re.compile(r"(\d+(?:\.\d+)?)([km]?)")
_SEED = re.compile(r"s\d+")


@dataclass(frozen=True, slots=True)
class Traits:
    """An instance by its name. `family` is its first word (the whole name where it states no size), `series` the name
    without size and seed: instances of a series differ in size only. `size` is in orders, 0 where none is stated."""

    family: str
    series: str
    size: int


def traits(instance: str) -> Traits:
    """Family, series and size of a name such as `calm-10k` or `wide-1k-n200-s1`."""
    words = instance.split("-")
    size = next((match for word in words if (match := _SIZE.fullmatch(word))), None)
    if size is None:
        return Traits(instance, instance, 0)
    orders = float(size[1]) * {"": 1, "k": 1e3, "m": 1e6}[size[2]]
    rest = [word for word in words if word != size[0] and not _SEED.fullmatch(word)]
    return Traits(words[0], "-".join(rest) or instance, round(orders))


def instance_order(instance: str) -> tuple[str, int, str]:
    """Sorts instances by series, then size, then name."""
    found = traits(instance)
    return found.series, found.size, instance


def _plan(record: Record) -> int | None:
    return record.objective if record.has_plan and record.status not in FAILURES else None


def _allowed(run: Record, objective: int) -> float:
    return ROUNDING * abs(objective) if run.bound_source == "solver" else 0.0
