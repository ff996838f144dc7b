"""A comparison on a terminal: tables in 80 columns, differences signed, and coloured as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from splitship.cli.comparison_text import (
    ANSWER_HEADERS,
    HEADLINES,
    MOVE_HEADERS,
    WITHIN_GAP,
    answer_rows,
    kpi_cells,
    move_rows,
    moves_title,
    notes,
    part_rows,
    proven_words,
    shown_rows,
    step_title,
    title,
)
from splitship.cli.console import counted, emit_table, plain_table
from splitship.planning.comparison_texts import better
from splitship.planning.moves import Fate

if TYPE_CHECKING:
    from rich.table import Table

    from splitship.packs.documents import Document
    from splitship.planning.comparison import Comparison, KpiRow
    from splitship.planning.reference import CostedReference

_MARK = "~"
_OF_A_TERM = "  (of a single term this proves nothing: the searches may move it by more)"
_BETWEEN = 3
"""Columns of a terminal between two columns of a table."""


def show_comparison(comparison: Comparison, costed: CostedReference | None, show_all: bool, orders_shown: int) -> None:
    """Print answers, KPIs, and for each answer but the first where its difference comes from."""
    parts: list[Any] = [title(comparison), "", plain_table(ANSWER_HEADERS, answer_rows(comparison), (1, 2, 3)), ""]
    remarks = notes(comparison, costed)
    if remarks:
        parts += [*remarks, ""]
    for answers in _side_by_side(comparison, show_all):
        rows, left_out = shown_rows(comparison, show_all, answers)
        parts += [_kpi_table(comparison, rows, answers), ""]
        if any(comparison.is_within_gap(row, at) for row in rows for at in answers):
            parts += [f"{_MARK} {WITHIN_GAP}: less than the two gaps together", _OF_A_TERM, ""]
        if left_out:
            parts += [f"{counted(left_out, 'KPI')} more {'changes' if left_out == 1 else 'change'}: see --all", ""]
    for step in comparison.steps:
        headers, table = part_rows(step)
        parts += [step_title(comparison, step), proven_words(comparison, step), ""]
        parts += [plain_table(headers, table, tuple(range(1, len(headers)))), "", moves_title(step, orders_shown)]
        if orders_shown and step.moves.count(Fate.MOVED):
            parts += [plain_table(MOVE_HEADERS, move_rows(comparison, step, orders_shown), (3,))]
        parts += [""]
    emit_table(*parts[:-1])


def reference_document(costed: CostedReference | None) -> Document:
    """What the JSON document says of a reference beside its numbers; nothing without one."""
    if costed is None:
        return {}
    return {
        "reference": {
            "chosen_services": costed.num_chosen_services,
            "chosen_ship_days": costed.num_chosen_days,
            "packages_left_out": costed.num_left_out,
            "left_out": [
                {"code": each.code, "where": each.where, "message": each.message} for each in costed.left_out[:20]
            ],
        }
    }


def _side_by_side(comparison: Comparison, show_all: bool) -> list[list[int]]:
    """Answers beside the baseline, as many in one table as the terminal is wide enough for, one at least."""
    from rich.console import Console

    every = range(1, len(comparison.names))
    rows, _ = shown_rows(comparison, show_all, every)
    widths = [
        max(len(comparison.names[at]), *(_width(comparison, row, at) for row in rows))
        for at in range(len(comparison.names))
    ]
    room = Console().width - max(len(row.label) for row in rows) - widths[0] - _BETWEEN
    found: list[list[int]] = []
    left = 0
    for at in every:
        if not found or left < widths[at] + _BETWEEN:
            found.append([])
            left = room
        found[-1].append(at)
        left -= widths[at] + _BETWEEN
    return found


def _width(comparison: Comparison, row: KpiRow, at: int) -> int:
    """Columns that a value and the line below it take."""
    value, *words = (each.replace(WITHIN_GAP, _MARK) for each in kpi_cells(comparison, row, at))
    return max(len(value), len(" ".join(each for each in words if each)))


def _kpi_table(comparison: Comparison, rows: Sequence[KpiRow], answers: Sequence[int]) -> Table:
    """A row a KPI; of one answer the difference stands beside its value, of several below it."""
    from rich.text import Text

    names = [comparison.names[at] for at in answers]
    is_alone = len(answers) == 1
    headers = ["", comparison.names[0], *names, *(("difference", "change") if is_alone else ())]
    table = plain_table(headers, [], tuple(range(1, len(headers))))
    group = rows[0].group if rows else ""
    for row in rows:
        if row.group != group and row.group not in HEADLINES:
            table.add_row(Text(row.group, style="bold"))
        group = row.group
        cells = [Text(row.label), Text(kpi_cells(comparison, row, 0)[0])]
        for at in answers:
            value, *words = (each.replace(WITHIN_GAP, _MARK) for each in kpi_cells(comparison, row, at))
            style = _style(comparison, row, at)
            if is_alone:
                cells += [Text(value), *(Text(each, style=style) for each in words)]
            else:
                below = " ".join(each for each in words if each)
                cells.append(Text(value).append(f"\n{below}" if below else "", style=style))
        table.add_row(*cells)
    return table


def _style(comparison: Comparison, row: KpiRow, at: int) -> str:
    """Green for better, red for worse; what is neither, or within the gaps, has no colour.

    Where the total is within the gaps nothing has: the searches alone may have made all that differs.
    """
    difference, wanted = row.difference(at), better(row.key)
    is_open = comparison.steps[at - 1].is_within_gap or comparison.is_within_gap(row, at)
    if not difference or not wanted or is_open:
        return ""
    return "green" if (difference > 0) == (wanted > 0) else "red"
