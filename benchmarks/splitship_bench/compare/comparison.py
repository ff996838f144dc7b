"""Two sets of records of the same suite, before and after a change: faster or slower, better or worse, and how sure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from splitship_bench.aggregates import SHIFT_S, Pair, Ratio, bootstrap_ratio
from splitship_bench.cells import KINDS, Cell, cells
from splitship_bench.metrics import PLAIN, Timed, drifted, final_gap, gap_seconds, machine_name, middle, solve_seconds
from splitship_bench.records import FAILURES, Record

SYSTEMATIC = 0.03
"""Standard deviation (of a logarithm) of what sets two files of the same program apart on a shared machine although
the reference job is the same: caches, neighbours, placement in memory."""

TRANSFER = 0.1
"""Work does not slow down exactly as the reference job does: this share of the correction counts as unsure too."""

BROKEN = ("WRONG", "FAILED", "KILLED")
"""Statuses that the condition `wrong` counts."""

ALL = "all"
"""The name under which all contenders together are compared."""


@dataclass(frozen=True, slots=True)
class CellChange:
    """One contender on one instance on both sides. Times are seconds of the common machine, None where either side
    was at its limit; gaps are fractions, None without plan or bound; objectives micros; memory MB."""

    suite: str
    instance: str
    contender: str
    seconds_a: float | None
    seconds_b: float | None
    limit_a: bool
    limit_b: bool
    gap_a: float | None
    gap_b: float | None
    objective_a: float | None
    objective_b: float | None
    memory_a: float | None
    memory_b: float | None
    status_a: str
    status_b: str

    @property
    def ratio(self) -> float | None:
        """Seconds of B over A; where B alone was at its limit, at least this. None where A was at its limit."""
        return self.seconds_b / self.seconds_a if self.seconds_a and self.seconds_b else None

    @property
    def gap_change(self) -> float | None:
        """Final gap of B less that of A in percentage points; None where A has none, 100 where only B has none."""
        if self.gap_a is None:
            return None
        return 100.0 if self.gap_b is None else 100 * (self.gap_b - self.gap_a)

    @property
    def memory_ratio(self) -> float | None:
        """Peak memory of B over A."""
        return self.memory_b / self.memory_a if self.memory_a and self.memory_b else None

    @property
    def newly_failed(self) -> bool:
        """B has a failure that A does not have."""
        return self.status_b in _FAILED and self.status_b != self.status_a


@dataclass(frozen=True, slots=True)
class Group:
    """One contender (or ALL): `time` B over A over `timed` cells of `common`, `at_limit` left out because no side
    finished; `memory` the geometric mean ratio; `gap` the largest increase of a final gap, percentage points."""

    contender: str
    common: int
    timed: int
    at_limit: int
    time: Ratio | None
    worst: CellChange | None
    memory: float | None
    gap: float | None
    gap_at: CellChange | None
    wrong: int
    missing: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A against B. `groups` has every contender and, under ALL, all of them; `missing` and `new` are (suite,
    instance, contender) of cells that only A or only B has; `notes` says what limits the comparison."""

    measure: str
    groups: Mapping[str, Group]
    changes: Sequence[CellChange]
    missing: Sequence[tuple[str, str, str]]
    new: Sequence[tuple[str, str, str]]
    broken: Sequence[str]
    correction: float
    notes: Sequence[str] = field(default_factory=tuple)


def compare_records(
    a: Sequence[Record],
    b: Sequence[Record],
    *,
    gap: float | None = None,
    shift: float = SHIFT_S,
    draws: int = 2000,
    seed: int = 0,
    systematic: float = SYSTEMATIC,
) -> Comparison:
    """Pair the runs of A and B by suite, instance and contender, over their repeats, and compare.

    The time compared is the whole solve or, with `gap` (fraction), the time to that certified gap. Each is divided by
    the reference job around its run and multiplied by the median reference of A, so that a machine that was slower in
    B does not look like a slower program; where a run has no reference job, none is used, and a note says so.
    The interval is that of `bootstrap_ratio` with `systematic`, and a tenth of the correction, on top.
    Cells that never finish on either side have no time to compare; their gaps, memory and statuses are compared. A
    cell that is at its limit on one side counts with that limit: its ratio is at least (at most) what is shown.
    """
    cells_a, cells_b = _by_name(a), _by_name(b)
    measure: Callable[[Record], Timed] = solve_seconds if gap is None else lambda run: gap_seconds(run, gap)
    scale = _Scale(a, b)
    notes = [*scale.notes, *_machine_notes(a, b)]
    common, missing = [], []
    for name, cell in cells_a.items():
        other = cells_b.get(name)
        if other is None:
            missing.append(name)
        elif {run.instance_sha256 for run in cell} != {run.instance_sha256 for run in other}:
            missing.append(name)
            notes.append(f"{_words(name)}: not the same instance on both sides (instance_sha256 differs)")
        else:
            common.append(name)
            notes.extend(_told_differently(name, cell, other))
    changes, pairs = [], {}
    for name in common:
        change, pair = _change(name, cells_a[name], cells_b[name], measure, scale)
        changes.append(change)
        if pair is not None:
            pairs[name] = pair
    unsure = math.hypot(systematic, TRANSFER * math.log(scale.correction))
    groups = {}
    for contender in [*_contenders([*a, *b]), ALL]:
        mine = [change for change in changes if contender in (ALL, change.contender)]
        times = [pair for name, pair in pairs.items() if contender in (ALL, name[2])]
        ratio = bootstrap_ratio(times, shift=shift, systematic=unsure, draws=draws, seed=seed) if times else None
        gone = sum(contender in (ALL, name[2]) for name in missing)
        broken = sum(run.status in BROKEN for run in b if contender in (ALL, run.contender))
        groups[contender] = _group(contender, mine, ratio, len(times), broken, gone)
    return Comparison(
        measure="time of the whole solve" if gap is None else f"time to a certified gap of {100 * gap:g} %",
        groups=groups,
        changes=changes,
        missing=missing,
        new=[name for name in cells_b if name not in cells_a],
        broken=_broken(b),
        correction=scale.correction,
        notes=list(dict.fromkeys(notes)),
    )


_FAILED = frozenset(PLAIN[status] for status in FAILURES)

_Name = tuple[str, str, str]


def _by_name(records: Sequence[Record]) -> dict[_Name, list[Record]]:
    groups: dict[_Name, list[Record]] = {}
    for cell in cells(records):
        groups.setdefault(cell.name, []).extend(cell.runs)
    return {name: sorted(runs, key=lambda run: run.repeat) for name, runs in groups.items()}


class _Scale:
    """Seconds of a run as they would be on the common machine, the one whose reference job takes the median of A."""

    def __init__(self, a: Sequence[Record], b: Sequence[Record]) -> None:
        references = [[run.reference_job_s for run in side if run.reference_job_s] for side in (a, b)]
        self.notes: list[str] = []
        self.reference = middle(references[0]) if references[0] else 0.0
        self.correction = 1.0
        self._used = all(run.reference_job_s for run in (*a, *b)) and bool(a) and bool(b)
        if self._used:
            self.correction = middle(references[1]) / self.reference
        elif a and b:
            self.notes.append("times are as measured: not every run has a time of the reference job")
        for name, side in (("A", a), ("B", b)):
            flagged = len(drifted(side))
            if flagged:
                self.notes.append(
                    f"{name}: {flagged} of {len(side)} runs with the reference job over 20 % off its median"
                )

    def seconds(self, record: Record, seconds: float) -> float:
        return seconds * self.reference / record.reference_job_s if self._used and record.reference_job_s else seconds


def _change(
    name: _Name, a: Sequence[Record], b: Sequence[Record], measure: Callable[[Record], Timed], scale: _Scale
) -> tuple[CellChange, Pair | None]:
    sides = [_Timing(side, measure, scale) for side in (a, b)]
    cell_a, cell_b = (Cell(*name[:2], side[0].instance_sha256, name[2], side[0].kind, tuple(side)) for side in (a, b))
    comparable = not (sides[0].at_limit and sides[1].at_limit)
    change = CellChange(
        suite=name[0],
        instance=name[1],
        contender=name[2],
        seconds_a=middle(sides[0].seconds) if comparable else None,
        seconds_b=middle(sides[1].seconds) if comparable else None,
        limit_a=sides[0].at_limit,
        limit_b=sides[1].at_limit,
        gap_a=cell_a.value(final_gap),
        gap_b=cell_b.value(final_gap),
        objective_a=cell_a.value(lambda run: run.objective if run.has_plan else None),
        objective_b=cell_b.value(lambda run: run.objective if run.has_plan else None),
        memory_a=cell_a.value(lambda run: run.peak_memory_mb),
        memory_b=cell_b.value(lambda run: run.peak_memory_mb),
        status_a=_status(cell_a),
        status_b=_status(cell_b),
    )
    # suites share no instances in the statistical sense, so the suite is part of the cluster's name
    return change, Pair(f"{name[0]}/{name[1]}", sides[0].seconds, sides[1].seconds) if comparable else None


class _Timing:
    """Scaled seconds of the repeats in order, and if half of them or more were at the limit."""

    def __init__(self, runs: Sequence[Record], measure: Callable[[Record], Timed], scale: _Scale) -> None:
        times = [measure(run) for run in runs]
        self.seconds = [scale.seconds(run, timed.seconds) for run, timed in zip(runs, times, strict=True)]
        self.at_limit = 2 * sum(timed.censored for timed in times) >= len(times)


def _group(
    contender: str, changes: Sequence[CellChange], time: Ratio | None, timed: int, wrong: int, missing: int
) -> Group:
    ratios = [change for change in changes if change.ratio is not None]
    memory = [ratio for change in changes if (ratio := change.memory_ratio) is not None]
    gaps = [change for change in changes if change.gap_change is not None]
    gap_at = max(gaps, key=lambda change: change.gap_change or 0.0, default=None)
    return Group(
        contender=contender,
        common=len(changes),
        timed=timed,
        at_limit=len(changes) - timed,
        time=time,
        worst=max(ratios, key=lambda change: change.ratio or 0.0, default=None),
        memory=math.exp(sum(map(math.log, memory)) / len(memory)) if memory else None,
        gap=gap_at.gap_change if gap_at else None,
        gap_at=gap_at,
        wrong=wrong,
        missing=missing,
    )


def _contenders(records: Iterable[Record]) -> list[str]:
    found: dict[str, int] = {}
    for record in records:
        found.setdefault(record.contender, KINDS.index(record.kind) if record.kind in KINDS else len(KINDS))
    return sorted(found, key=lambda name: (found[name], name))


def _status(cell: Cell) -> str:
    return cell.failure or PLAIN.get(cell.runs[-1].status, cell.runs[-1].status)


def _broken(records: Sequence[Record]) -> list[str]:
    return [
        f"{run.contender} on {run.instance}, repeat {run.repeat}: {PLAIN[run.status]}"
        + (f" ({run.detail})" if run.detail else "")
        for run in records
        if run.status in BROKEN
    ]


def _machine_notes(a: Sequence[Record], b: Sequence[Record]) -> list[str]:
    machines = [list(dict.fromkeys(map(machine_name, side))) for side in (a, b)]
    if a and b and machines[0] != machines[1]:
        return [f"different machines: A on {'; '.join(machines[0])}. B on {'; '.join(machines[1])}"]
    return []


def _told_differently(name: _Name, a: Sequence[Record], b: Sequence[Record]) -> Iterable[str]:
    told: dict[str, Callable[[Record], object]] = {
        "limit_s": lambda run: run.limit_s,
        "threads": lambda run: run.threads,
        "seed": lambda run: run.seed,
        "options": lambda run: sorted(run.options.items()),
    }
    for what, value in told.items():
        if {str(value(run)) for run in a} != {str(value(run)) for run in b}:
            yield f"{_words(name)}: {what} differs between A and B, so part of any difference is its doing"


def _words(name: _Name) -> str:
    return f"{name[2]} on {name[1]} ({name[0]})"
