"""A comparison on a terminal: tables in 80 columns, differences signed, and coloured as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from splitship.cli.comparison_text import (
    ANSWER_HEADERS,
    MOVE_HEADERS,
    answer_rows,
    kpi_cell,
    move_rows,
    moves_title,
    notes,
    part_rows,
    proven_words,
    shown_rows,
    step_title,
    title,
)
from splitship.cli.console import emit_table, grouped, plain_table
from splitship.planning.comparison_texts import better
from splitship.planning.moves import Fate

if TYPE_CHECKING:
    from rich.table import Table

    from splitship.packs.documents import Document
    from splitship.planning.comparison import Comparison, KpiRow
    from splitship.planning.reference import CostedReference

_WIDEST_LABEL = 27
_BETWEEN = 3
"""Columns of a terminal between two columns of a table."""


def show_comparison(comparison: Comparison, costed: CostedReference | None, show_all: bool, orders_shown: int) -> None:
    """Print answers, KPIs, and for each answer but the first where its difference comes from."""
    rows, left_out = shown_rows(comparison, show_all)
    parts: list[Any] = [title(comparison), "", plain_table(ANSWER_HEADERS, answer_rows(comparison), (1, 2, 3)), ""]
    remarks = notes(comparison, costed)
    if remarks:
        parts += [*remarks, ""]
    for chunk in _chunks(comparison, rows):
        parts += [_kpi_table(comparison, rows, chunk), ""]
    if left_out:
        parts += [f"{grouped(left_out)} more KPIs change: --all shows them", ""]
    for step in comparison.steps:
        headers, table = part_rows(step)
        parts += [step_title(comparison, step), proven_words(step), ""]
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


def _chunks(comparison: Comparison, rows: Sequence[KpiRow]) -> list[list[int]]:
    """Answers beside the baseline, as many in a table as the terminal is wide enough for."""
    from rich.console import Console

    labels = min(_WIDEST_LABEL, max(len(row.label) for row in rows))
    widths = [
        max(len(comparison.names[at]), *(len(text) for row in rows for text in _lines(comparison, row, at)))
        for at in range(len(comparison.names))
    ]
    room = Console().width - labels - widths[0] - _BETWEEN
    chunks: list[list[int]] = []
    left = 0
    for at in range(1, len(widths)):
        if not chunks or left < widths[at] + _BETWEEN:
            chunks.append([])
            left = room
        chunks[-1].append(at)
        left -= widths[at] + _BETWEEN
    return chunks


def _lines(comparison: Comparison, row: KpiRow, at: int) -> list[str]:
    value, words = kpi_cell(comparison, row, at)
    return [value, *_in_two(words)]


def _in_two(words: str) -> list[str]:
    """The words of a difference; the mark stands in a line of its own."""
    mark = " within gap"
    return [words.removesuffix(mark), mark.strip()] if words.endswith(mark) else [words] if words else []


def _kpi_table(comparison: Comparison, rows: Sequence[KpiRow], chunk: Sequence[int]) -> Table:
    from rich.text import Text

    headers = ["", comparison.names[0], *(comparison.names[at] for at in chunk)]
    table = plain_table(headers, [], tuple(range(1, len(headers))))
    for row in rows:
        cells = [Text(row.label), Text(kpi_cell(comparison, row, 0)[0])]
        for at in chunk:
            value, words = kpi_cell(comparison, row, at)
            cell = Text(value)
            for line in _in_two(words):
                cell.append(f"\n{line}", style=_style(comparison, row, at))
            cells.append(cell)
        table.add_row(*cells)
    return table


def _style(comparison: Comparison, row: KpiRow, at: int) -> str:
    """Green for better, red for worse; what is neither, or within the gaps, has no colour."""
    difference, wanted = row.difference(at), better(row.key)
    if not difference or not wanted or comparison.is_within_gap(row, at):
        return "dim"
    return "green" if (difference > 0) == (wanted > 0) else "red"
