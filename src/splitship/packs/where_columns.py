"""Conditions against a column of a table: can its cells meet them at all?

Values are brought into the canonical text of their column (1.50 as 1.5, TRUE as true), so that conditions that mean
the same are the same.
"""

from __future__ import annotations

import pyarrow as pa

from splitship.domain.where import All, AnyOf, Compare, Condition, Like, Not
from splitship.packs import cells
from splitship.packs.cell_values import NUMBERS, number_text
from splitship.packs.columns import Column, Kind
from splitship.packs.findings import suggest
from splitship.packs.scalars import decimal_of
from splitship.packs.text import text_column


class MismatchError(ValueError):
    """A value that the column's cells can never be; `hint` is the remedy."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def canonical_condition(column: Column, condition: Condition) -> Condition:
    """The condition with its values in the canonical text of the column's cells (1.50 as 1.5, TRUE as true).

    Raises:
        MismatchError: the column's cells can never meet it.
    """
    match condition:
        case AnyOf(values):
            return AnyOf(tuple(sorted({_value(column, value) for value in values})))
        case Compare(order):
            if column.kind not in NUMBERS:
                raise MismatchError(f"{order} compares numbers, and {column.name} holds {kind_text(column)}")
            return condition
        case Like():
            if column.kind in (*NUMBERS, Kind.FLAG, Kind.INSTANT):
                raise MismatchError(f"like compares text, and {column.name} holds {kind_text(column)}")
            return condition
        case Not(inner):
            return Not(canonical_condition(column, inner))
        case All(parts):
            return All(tuple(canonical_condition(column, part) for part in parts))


def _value(column: Column, text: str) -> str:
    """A value in the canonical text of the column's cells; '' stays: it is the empty cell."""
    if text == "":
        return ""
    if column.words and text not in column.words:
        message = f"{column.name} is one of {', '.join(column.words)}, never {text!r:.80}"
        raise MismatchError(message, suggest(text, column.words))
    if column.kind in NUMBERS:
        try:
            return number_text(decimal_of(text))
        except ValueError as error:
            raise MismatchError(f"{column.name} holds numbers: {error}, got {text!r:.80}") from None
    if column.kind is Kind.FLAG:
        status = cells.parse_flag(_one(text))
        _check(status, column, text, "true or false")
        return "true" if status.data[0] else "false"
    if column.kind is Kind.DATE:
        _check(cells.parse_date(_one(text)), column, text, "dates such as 2026-11-27")
    elif column.kind is Kind.INSTANT:
        _check(cells.parse_instant(_one(text)), column, text, "instants such as 2026-11-27T09:00:00-05:00")
    elif column.kind is Kind.CUTOFF:
        _check(cells.parse_cutoff(_one(text)), column, text, "times HH:MM from 00:00 to 24:00")
    elif column.kind is Kind.WEEK:
        _check(cells.parse_week(_one(text)), column, text, "seven digits 0 or 1, Monday first")
    return text


def _check(parsed: cells.Parsed, column: Column, text: str, expected: str) -> None:
    if parsed.status[0] != cells.OK:
        raise MismatchError(f"{column.name} holds {expected}, never {text!r:.80}")


def _one(text: str) -> pa.Array:
    return text_column([text])


def kind_text(column: Column) -> str:
    """What the column holds, in words."""
    return {
        Kind.ID: "ids",
        Kind.IDS: "lists of ids",
        Kind.FLAG: "true or false",
        Kind.DATE: "dates",
        Kind.INSTANT: "instants",
        Kind.CUTOFF: "times",
        Kind.WEEK: "days of the week",
    }.get(column.kind, "numbers" if column.kind in NUMBERS else "text")
