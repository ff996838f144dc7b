"""A comparison as frames, as sheets of a workbook, and as a small piece of HTML."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from splitship.planning.comparison_texts import difference_text, frame_value, percent_text, value_text
from splitship.planning.kpis import Unit
from splitship.planning.moves import ABSENT, Fate
from splitship.planning.order_costs import ORDER_TERMS
from splitship.planning.order_packages import OrderPackages
from splitship.planning.workbook import MONEY, NUMBER, SHARE, TEXT, WHOLE, Cell, Sheet
from splitship.units import format_micros

if TYPE_CHECKING:
    from splitship.planning.comparison import Comparison, KpiRow, Step

TOLD = (Fate.MOVED, Fate.RECOSTED, Fate.ADDED, Fate.REMOVED)
"""Fates in the sequence of documents; orders that are the same are not listed."""
_FORMATS = {
    Unit.MONEY: MONEY, Unit.COUNT: WHOLE, Unit.NUMBER: NUMBER, Unit.SHARE: SHARE, Unit.DAYS: NUMBER,
    Unit.KILOGRAMS: NUMBER,
}  # fmt: skip
_SHOWN_ROWS = 40
_HEADLINES = ("cost", "packages", "delivery", "fill", "stock", "emissions")


def kpi_frame(comparison: Comparison) -> pd.DataFrame:
    """See `Comparison.to_frame`."""
    rows = comparison.rows
    columns: list[tuple[str, list[Any]]] = [
        ("group", [row.group for row in rows]),
        ("label", [row.label for row in rows]),
        ("unit", [row.unit.value for row in rows]),
    ]
    for at, name in enumerate(comparison.names):
        columns.append((name, [frame_value(row.numbers[at], row.unit) for row in rows]))
        if at:
            columns += [
                (f"{name} difference", [frame_value(row.difference(at), row.unit) for row in rows]),
                (f"{name} percent", [_hundred(row.percent(at)) for row in rows]),
                (f"{name} within gap", [comparison.is_within_gap(row, at) for row in rows]),
            ]
    # by position: a scenario may be called as a column is
    frame = pd.DataFrame({at: pd.Series(values, dtype=object) for at, (_, values) in enumerate(columns)})
    frame.columns = pd.Index([name for name, _ in columns])
    frame.index = pd.Index([row.key for row in rows], name="key")
    return frame


def moves_frame(comparison: Comparison, name: str | None) -> pd.DataFrame:
    """See `Comparison.moves_frame`."""
    steps = comparison.steps if name is None else (comparison.step(name),)
    headers = ("scenario", "order_id", "fate", "old_plan", "new_plan", "difference", *ORDER_TERMS)
    rows = [
        (step.name, *texts, *(Decimal(format_micros(each)) for each in micros))
        for step in steps
        for texts, micros in _moves(comparison, step)
    ]
    return pd.DataFrame(rows, columns=list(headers), dtype=object)


def comparison_sheets(comparison: Comparison) -> list[Sheet]:
    """Sheets: all KPIs, where each difference comes from, and the orders that differ."""
    return [_kpi_sheet(comparison), _parts_sheet(comparison), _moves_sheet(comparison)]


def parts_of(step: Step) -> list[tuple[str, int | None, dict[str, int]]]:
    """What a difference is made of: part, orders in it (None for `soft`), micros by term, in this sequence."""
    found: list[tuple[str, int | None, dict[str, int]]] = [
        (fate.label, step.moves.count(fate), step.moves.of_fate(fate)) for fate in TOLD
    ]
    return [*found, ("soft", None, {"soft": step.moves.soft})]


def comparison_html(comparison: Comparison) -> str:
    """The changed headlines as a table without scripts; all that comes from users is escaped."""
    rows = [row for row in comparison.changed_rows if row.group in _HEADLINES]
    head = "".join(f"<th style='text-align:right'>{escape(text)}</th>" for text in ("", *comparison.names))
    body = "".join(_html_row(comparison, row) for row in rows[:_SHOWN_ROWS])
    more = len(comparison.changed_rows) - min(len(rows), _SHOWN_ROWS)
    note = f"<p>{more:,} more KPIs differ: <code>.to_frame()</code></p>" if more else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"


def _html_row(comparison: Comparison, row: KpiRow) -> str:
    cells = [f"<th style='text-align:left'>{escape(row.label)}</th>"]
    for at, value in enumerate(row.numbers):
        text = escape(value_text(value, row.unit))
        if at:
            words = f"{difference_text(row.difference(at), row.unit)} {percent_text(row.percent(at))}".strip()
            if comparison.is_within_gap(row, at):
                words += " (within gap)"
            text += f"<br><small>{escape(words)}</small>"
        cells.append(f"<td style='text-align:right'>{text}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _kpi_sheet(comparison: Comparison) -> Sheet:
    headers, formats = ["key", "group", "KPI", "unit", comparison.names[0]], [TEXT] * 5
    for name in comparison.names[1:]:
        headers += [name, f"{name} difference", f"{name} change", f"{name} note"]
        formats += [TEXT, TEXT, SHARE, TEXT]
    rows = []
    for row in comparison.rows:
        form = _FORMATS[row.unit]
        unit = comparison.currency if row.unit is Unit.MONEY else row.unit.value
        cells: list[Any] = [row.key, row.group, row.label, unit, Cell(row.numbers[0], form)]
        for at in range(1, len(row.numbers)):
            cells += [Cell(row.numbers[at], form), Cell(row.difference(at), form), row.percent(at)]
            cells.append("within gap" if comparison.is_within_gap(row, at) else "")
        rows.append(cells)
    return Sheet("KPIs", headers, rows, formats)


def _parts_sheet(comparison: Comparison) -> Sheet:
    terms = (*ORDER_TERMS, "soft")
    rows: list[list[Any]] = []
    for step in comparison.steps:
        parts = parts_of(step)
        for part, num, costs in parts:
            rows.append([step.name, part, num, sum(costs.values()), *(costs.get(term, 0) for term in terms)])
        sums = [sum(costs.get(term, 0) for _, _, costs in parts) for term in terms]
        rows.append([step.name, "all", len(step.moves), step.total, *sums])
    headers = ("scenario", "part", "orders", "difference", *terms)
    return Sheet("differences", headers, rows, (TEXT, TEXT, WHOLE, MONEY, *[MONEY] * len(terms)))


def _moves_sheet(comparison: Comparison) -> Sheet:
    rows: list[list[Any]] = [
        [step.name, *texts, *micros] for step in comparison.steps for texts, micros in _moves(comparison, step)
    ]
    headers = ("scenario", "order", "fate", "old plan", "new plan", "difference", *ORDER_TERMS)
    return Sheet("orders", headers, rows, (*[TEXT] * 5, *[MONEY] * (1 + len(ORDER_TERMS))))


def _moves(comparison: Comparison, step: Step) -> Iterator[tuple[tuple[str, ...], list[int]]]:
    """Of every order that differs: id, fate, old and new plan in words; difference and its terms in micros."""
    moves = step.moves
    old, new = (OrderPackages(result) for result in comparison.pair(step))
    total = moves.difference
    for fate in TOLD:
        for row in moves.rows(fate).tolist():
            words = [
                "" if at[row] == ABSENT else packages.words(int(at[row]))
                for packages, at in ((old, moves.base_row), (new, moves.other_row))
            ]
            costs = [int(moves.differences[term][row]) for term in ORDER_TERMS]
            yield (str(moves.order_id[row]), fate.label, *words), [int(total[row]), *costs]


def _hundred(share: float | None) -> float | None:
    return None if share is None else 100 * share
