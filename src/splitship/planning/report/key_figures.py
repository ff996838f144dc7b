"""Key figures of answers side by side, and what moved from the baseline to each other one, as tables."""

from __future__ import annotations

from collections.abc import Sequence

from splitship.domain import Result
from splitship.errors import UsageError
from splitship.planning.comparison import Comparison, KpiRow, Step, compare
from splitship.planning.comparison_tables import parts_of
from splitship.planning.kpis import Unit, headline_kpis
from splitship.planning.moves import ABSENT, Fate
from splitship.planning.network_kpis import network_kpis
from splitship.planning.order_packages import OrderPackages
from splitship.planning.report.tables import (
    Cell,
    Column,
    Kind,
    Table,
    Typed,
    cell_text,
    least_text,
    money_text,
    most_text,
    share_text,
    signed,
)

_KINDS: dict[Unit, Kind] = {Unit.MONEY: "money", Unit.SHARE: "share", Unit.COUNT: "count"}
_LESS_IS_BETTER = ("objective", "gap", "cost", "packages.per_order", "packages.late", "orders.split",
                   "split_rate", "days.", "unfilled", "violations")  # fmt: skip
_MORE_IS_BETTER = ("on_time", "fill.")
_HEADLINES = ("cost", "packages", "delivery", "fill", "stock", "emissions")
_TOLD = (Fate.MOVED, Fate.ADDED, Fate.REMOVED)
_SHOWN = 50


class KeyFigures:
    """The key figures of some answers, by position; the first is the baseline.

    Raises:
        UsageError: no answer at all, different currencies, or an answer with packages that have no price.
    """

    def __init__(self, results: Sequence[Result]) -> None:
        if not results:
            raise UsageError("a report needs at least one answer")
        self._results = results
        self._comparison: Comparison | None = None
        if len(results) > 1:
            self._comparison = compare(*results)
            self.names, rows = self._comparison.names, self._comparison.rows
        else:
            (result,) = results
            if result.report.costs is None:
                raise UsageError("an answer with packages that have no price cannot be reported")
            self.names = (result.problem.scenario,)
            found = (*headline_kpis(result, result.proven_bound), *network_kpis(result))
            rows = tuple(KpiRow(kpi.key, kpi.group, kpi.label, kpi.unit, (kpi.value,)) for kpi in found)
        self._rows = {row.key: row for row in rows}

    def text(self, key: str, at: int) -> str:
        """A figure of an answer as the page shows it."""
        row = self._rows[key]
        return cell_text(row.numbers[at], _KINDS.get(row.unit, "number"))

    def change(self, at: int) -> str:
        """How the cost of an answer differs from the baseline's, in words; nothing for the baseline itself."""
        step = self._step(at)
        if step is None:
            return ""
        percent = self._rows["objective"].percent(at)
        share = "" if percent is None else f" ({signed(share_text(percent))})"
        return f"{signed(money_text(step.total))}{share}{', within gap' if step.is_within_gap else ''}"

    @property
    def by_group(self) -> tuple[Table, ...]:
        """The headlines of all answers, a table for each group: what the page shows."""
        found = (
            self._table(group, group, [row for row in self._rows.values() if row.group == group and not _is_empty(row)])
            for group in _HEADLINES
        )
        return tuple(table for table in found if table.rows)

    @property
    def table(self) -> Table:
        """All figures of all answers, also those by node and by service."""
        return self._table("figures", "Key figures", list(self._rows.values()))

    def _table(self, key: str, caption: str, rows: Sequence[KpiRow]) -> Table:
        units = {Unit.MONEY: self._results[0].problem.currency, Unit.DAYS: "days", Unit.KILOGRAMS: "kg"}
        cells: list[tuple[Cell, ...]] = []
        for row in rows:
            label = (
                row.label
                if row.label.startswith("days") or row.unit not in units
                else f"{row.label}, {units[row.unit]}"
            )
            cells.append((label, *(Typed(value, _KINDS.get(row.unit, "number")) for value in row.numbers)))
        columns = (Column("figure"), *(Column(name, "number") for name in self.names))
        return Table(key, caption.capitalize(), columns, cells)

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be said beside the figures."""
        return ("Differences to the baseline are under What moved.",) if self._comparison else ()

    @property
    def moved(self) -> dict[int, list[str]]:
        """Ids of the orders that are planned otherwise than in the baseline, by position of the answer."""
        found = {}
        for at in range(1, len(self.names)):
            step = self._step(at)
            assert step is not None
            rows = [step.moves.order_id[step.moves.rows(fate)].tolist() for fate in (Fate.MOVED, Fate.ADDED)]
            found[at] = rows[0] + rows[1]
        return found

    def moves(self, at: int) -> tuple[Table, ...]:
        """What an answer changes of the baseline: figures, where the difference of cost comes from, and orders."""
        step = self._step(at)
        if step is None:
            return ()
        return self._changes(at), self._parts(step), self._orders(at, step)

    def _step(self, at: int) -> Step | None:
        return self._comparison.steps[at - 1] if self._comparison and at else None

    def _changes(self, at: int) -> Table:
        comparison = self._comparison
        assert comparison is not None
        step = comparison.steps[at - 1]
        rows: list[tuple[Cell, ...]] = []
        ranked = sorted(comparison.rows, key=lambda row: row.group not in _HEADLINES)
        for row in ranked:
            difference = row.difference(at)
            if not difference and row.key != "objective":
                continue
            kind = _KINDS.get(row.unit, "number")
            is_good = None if step.is_within_gap else _is_good(row, difference)
            note = "within gap" if comparison.is_within_gap(row, at) else ""
            of_difference: Kind = "points" if kind == "share" else kind
            rows.append((
                row.label,
                Typed(row.numbers[0], kind),
                Typed(row.numbers[at], kind),
                Typed(difference, of_difference, True, is_good),
                Typed(row.percent(at), "share", True, is_good),
                note,
            ))  # fmt: skip
        return Table(
            "changes",
            f"{comparison.names[at]} against {comparison.names[0]}: figures that differ",
            (Column("figure"), Column(comparison.names[0], "number"), Column(comparison.names[at], "number"),
             Column("difference", "number"), Column("in percent", "share"), Column("note")),
            rows,
            note=_proven(step, comparison.currency),
            shown=max(40, sum(row.group in _HEADLINES for row in ranked)),
        )  # fmt: skip

    def _parts(self, step: Step) -> Table:
        rows: list[tuple[Cell, ...]] = []
        words = {"moved": "orders that moved", "recosted": "same packages, other cost", "added": "orders only here",
                 "removed": "orders only in the baseline", "soft": "what only the whole batch pays"}  # fmt: skip
        for part, num, by_term in parts_of(step):
            amount = sum(by_term.values())
            if num or amount:
                rows.append((words[part], num, _change_of_cost(step, amount)))
        rows.append(("all", len(step.moves), _change_of_cost(step, step.total)))
        currency = self._results[0].problem.currency
        return Table(
            "differences",
            f"Where the difference of {signed(money_text(step.total))} {currency} comes from",
            (Column("part"), Column("orders", "count"), Column("difference", "money")),
            rows,
            has_total=True,
        )

    def _orders(self, at: int, step: Step) -> Table:
        moves, change = step.moves, step.moves.difference
        old, new = OrderPackages(self._results[0]), OrderPackages(self._results[at])
        rows: list[tuple[Cell, ...]] = []
        for fate in _TOLD:
            for row in moves.rows(fate).tolist():
                before, after = (
                    None if where[row] == ABSENT else packages.words(int(where[row]))
                    for packages, where in ((old, moves.base_row), (new, moves.other_row))
                )
                amount = int(change[row])
                rows.append((str(moves.order_id[row]), fate.label, before, after, _change_of_cost(step, amount)))
        return Table(
            "moves",
            "Orders that moved, the largest changes of cost first",
            (Column("order"), Column("what"), Column(f"in {self.names[0]}"), Column(f"in {self.names[at]}"),
             Column("change of its cost", "money")),
            rows,
            shown=_SHOWN,
        )  # fmt: skip


def _is_empty(row: KpiRow) -> bool:
    """Terms of cost and reasons that are 0 everywhere, and rules that nobody breaks, are not worth a row."""
    may_go = row.unit is Unit.MONEY or row.key == "violations" or row.key.startswith("unfilled.")
    return may_go and not any(row.numbers)


def _change_of_cost(step: Step, micros: int) -> Typed:
    """A change of cost; neither good nor bad where the searches alone may have made the whole difference."""
    return Typed(micros, "money", True, None if step.is_within_gap else micros < 0)


def _is_good(row: KpiRow, difference: object) -> bool | None:
    if not isinstance(difference, int | float) and not hasattr(difference, "numerator"):
        return None
    is_more = difference > 0  # type: ignore[operator]
    if row.key.startswith(_LESS_IS_BETTER):
        return not is_more
    return is_more if row.key.startswith(_MORE_IS_BETTER) else None


def _proven(step: Step, currency: str) -> str:
    """What the bounds prove of the difference, in words."""
    least, most = step.interval
    if least is None or most is None:
        proof = "Nothing is proven of the difference of the least costs: a certified bound is missing."
    else:
        proof = (
            "The bounds prove that the least costs of the two differ by "
            f"{signed(least_text(least))} to {signed(most_text(most))} {currency}."
        )
    if step.is_within_gap:
        proof += " The difference found is within the two gaps together: the searches alone may have made it."
    return proof
