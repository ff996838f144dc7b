"""The records of a report put in order once: cells, contenders, instances, the best known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from splitship_bench.cells import Cell, Known, best_known, cells, rank, traits, without_refuted
from splitship_bench.metrics import Timed, accepted_bound, gap_seconds, solve_seconds
from splitship_bench.records import Record

HEADLINE_GAP = 0.0075
"""The certified gap whose time is in the first table unless told otherwise."""

Measure = Callable[[Record], Timed]
"""A time of a run."""

Place = tuple[str, str, str]
"""(suite, instance, instance_sha256)."""


@dataclass(frozen=True, slots=True)
class View:
    """`places` and `contenders` in the order of tables; `reference` is ours, or the first contender without one;
    `bounded` are the contenders that ever had an accepted bound: only they can certify a gap."""

    records: Sequence[Record]
    cells: Sequence[Cell]
    table: dict[tuple[Place, str], Cell]
    known: dict[str, Known]
    places: Sequence[Place]
    contenders: Sequence[str]
    kinds: dict[str, str]
    bounded: Sequence[str]
    reference: str
    gap: float

    @classmethod
    def of(cls, records: Sequence[Record], gap: float = HEADLINE_GAP) -> View:
        """The view of at least one record. Bounds that a verified plan refutes do not count in it."""
        claimed = best_known(records)
        records = without_refuted(records)
        found = cells(records)
        kinds = {cell.contender: cell.kind for cell in sorted(found, key=rank)}
        with_bounds = {run.contender for run in records if accepted_bound(run) is not None}
        certifying = {name for name, kind in kinds.items() if kind in ("ours", "solver")}
        return cls(
            records=records,
            cells=found,
            table={((cell.suite, cell.instance, cell.sha256), cell.contender): cell for cell in found},
            known=claimed,
            places=list(dict.fromkeys((cell.suite, cell.instance, cell.sha256) for cell in found)),
            contenders=list(kinds),
            kinds=kinds,
            bounded=[name for name in kinds if name in with_bounds or name in certifying],
            reference=next(iter(kinds)),
            gap=gap,
        )

    def label(self, place: Place) -> str:
        """The instance, with its suite where several are reported, and its hash where a name means two instances."""
        suites = len({suite for suite, _, _ in self.places}) > 1
        twice = sum(other[:2] == place[:2] for other in self.places) > 1
        return place[1] + (f" ({place[0]})" if suites else "") + (f" #{place[2][:8]}" if twice else "")

    def place(self, cell: Cell) -> Place:
        """Where a cell is."""
        return cell.suite, cell.instance, cell.sha256

    def time(self, cell: Cell) -> Timed:
        """Time to the headline gap for contenders with bounds, of the whole solve for the others."""
        return cell.time(self.to_gap if cell.contender in self.bounded else solve_seconds)

    def to_gap(self, record: Record) -> Timed:
        """Time to the headline gap."""
        return gap_seconds(record, self.gap)

    @property
    def gap_text(self) -> str:
        """The headline gap in percent."""
        return f"{100 * self.gap:g} %"

    def orders(self, cell: Cell) -> int:
        """Orders of the instance, from the records or else from its name; 0 when neither says."""
        counted = next((run.counts["orders"] for run in cell.runs if run.counts.get("orders")), 0)
        return counted or traits(cell.instance).size
