"""What the text of a cell means: one text for each value, and exact arithmetic on decimal text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa

from splitship.packs import cells
from splitship.packs.columns import MONEY_DECIMALS, Column, Kind
from splitship.packs.scalars import decimal_of
from splitship.packs.text import text_column

NUMBERS = (Kind.WHOLE, Kind.DECIMAL, Kind.MONEY, Kind.WEIGHT, Kind.LENGTH)
"""Kinds whose cells are numbers."""


class CellFaultError(ValueError):
    """Arithmetic that a cell cannot take; the message says why, `hint` the remedy."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def canonical_texts(column: Column | None, texts: Sequence[str]) -> list[str]:
    """For each text the one text of its value: two cells of a column mean the same exactly when these are equal.

    An empty cell is its column's default. Numbers lose what does not count, flags are true or false, instants are
    microseconds since the epoch, lists of ids are sorted. A text that the column cannot hold stays as it is, and so
    does every text of an attribute (`column` None).
    """
    if column is None:
        return list(texts)
    filled = [text or column.default for text in texts]
    if column.kind in NUMBERS:
        return [_number_text(text) for text in filled]
    if column.kind is Kind.IDS:
        return [";".join(sorted({name.strip() for name in text.split(";") if name.strip()})) for text in filled]
    parse: Callable[[pa.Array], cells.Parsed] | None = _PARSERS.get(column.kind)
    if parse is None:
        return filled
    parsed = parse(text_column(filled))
    values = [str(value).lower() for value in parsed.data.tolist()]
    is_value = parsed.status == cells.OK
    return [value if good else text for value, good, text in zip(values, is_value.tolist(), filled, strict=True)]


def is_number(text: str) -> bool:
    """Is it plain decimal text?"""
    try:
        cell_number(text)
    except CellFaultError:
        return False
    return True


def cell_number(text: str) -> Fraction:
    """The number of a cell's text, exact.

    Raises:
        CellFaultError: it is none.
    """
    parsed = cells.parse_decimal_form(text)
    if parsed is None:
        raise CellFaultError(f"{text!r:.60} is not a number")
    return Fraction(parsed)


def number_cell(value: Fraction, column: Column | None) -> str:
    """A number as a cell's text: plain, without zeros that do not count.

    Raises:
        CellFaultError: the column cannot hold it exactly.
    """
    text = decimal_text(value)
    if column is not None and column.kind is Kind.WHOLE and value.denominator != 1:
        shown = text if text is not None else f"{float(value):.6g}..."
        raise CellFaultError(f"{column.name} holds whole numbers, and it would be {shown}", "choose another number")
    if text is None:
        raise CellFaultError(f"{float(value):.6g}... has no end as a decimal", "choose another number")
    if len(text.partition(".")[2]) > MONEY_DECIMALS:
        raise CellFaultError(f"{text} has more than {MONEY_DECIMALS} decimals, and nothing is rounded")
    return text


def decimal_text(value: Fraction) -> str | None:
    """A fraction as plain decimal text; None when it has no end."""
    rest, scale = value.denominator, 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest, count = rest // prime, count + 1
        scale = max(scale, count)
    if rest != 1:
        return None
    digits = f"{abs(value.numerator) * 10**scale // value.denominator:0{scale + 1}d}"
    whole, part = (digits[:-scale], digits[-scale:]) if scale else (digits, "")
    return ("-" if value < 0 else "") + whole + (f".{part}" if part else "")


def setting_number(value: object) -> Fraction:
    """A number of scenario.yaml, exact; ValueError says what is wrong."""
    return Fraction(decimal_of(value))


def number_text(number: Decimal) -> str:
    """A decimal as plain text, without zeros that do not count."""
    text = format(number or Decimal(0), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number_text(text: str) -> str:
    number = cells.parse_decimal_form(text)
    return text if number is None else number_text(number)


_PARSERS: dict[Kind, Callable[[pa.Array], cells.Parsed]] = {
    Kind.FLAG: cells.parse_flag,
    Kind.INSTANT: cells.parse_instant,
}
