"""Tables as sheets of an Excel workbook: the one place that writes .xlsx.

Text is always text: a cell of users that begins with `=`, `+`, `-` or `@` is neither a formula nor a link, and stays
text when somebody edits it. The same sheets give the same bytes.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from splitship.errors import UsageError
from splitship.packs.plans import write_whole
from splitship.units import MICROS

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

TEXT, MONEY, WHOLE, NUMBER, SHARE, SHORT_DATE = "text", "money", "whole", "number", "share", "date"
"""Formats of columns and cells. Money is given in whole micros, a share as 0 to 1."""
_NUMBER_FORMATS = {
    MONEY: "#,##0.00####;[Red]-#,##0.00####",
    WHOLE: "#,##0",
    NUMBER: "#,##0.00##",
    SHARE: "0.00##%",
    SHORT_DATE: "yyyy-mm-dd",
}
_STARTS_OF_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
_CREATED = datetime(2000, 1, 1)
MAX_ROWS, MAX_COLUMNS = 2**20 - 1, 2**14
"""Rows below the header and columns that a sheet can have."""
MAX_TEXT = 32_767
"""Characters that a cell can have."""
_MAX_NAME = 31
_REFUSED_IN_NAMES = dict.fromkeys(map(ord, "[]:*?/\\"), "_")
_WIDEST, _NARROWEST = 60, 8
_LOOKED_AT = 200
"""Rows from which the width of a column is taken."""
_MOST_EXACT = 2**53

Value = str | int | float | Fraction | date | bool | None


class Cell(NamedTuple):
    """A value with a format of its own, in place of its column's."""

    value: Value
    format: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: `headers` [columns], `rows` of as many values or `Cell`s, `formats` by column (left out: text).

    Money is in whole micros, shares are 0 to 1, dates are `date`; None is an empty cell. Text in a column of numbers is
    written as text.
    """

    name: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Value | Cell]]
    formats: Sequence[str] = ()


def write_workbook(target: Path | str | BinaryIO, sheets: Sequence[Sheet]) -> None:
    """Write sheets to a file, which is replaced whole or not at all, or into an open binary one.

    Raises:
        UsageError: no sheet, or one with more rows or columns than a workbook can have.
        OSError: the file cannot be written.
    """
    data = workbook_bytes(sheets)
    if isinstance(target, (str, Path)):
        write_whole(target, data)
    else:
        target.write(data)


def workbook_bytes(sheets: Sequence[Sheet]) -> bytes:
    """The workbook; UsageError as in `write_workbook`."""
    from xlsxwriter import Workbook

    if not sheets:
        raise UsageError("a workbook needs at least one sheet")
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    book = Workbook(buffer, options)
    book.set_properties({"created": _CREATED, "author": "splitship"})
    formats: dict[str, Format] = {name: book.add_format({"num_format": text}) for name, text in _NUMBER_FORMATS.items()}
    formats[TEXT] = book.add_format({"num_format": "@"})
    formats["quoted"] = book.add_format({"num_format": "@", "quote_prefix": True})
    formats["header"] = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
    for sheet, name in zip(sheets, _names(sheets), strict=True):
        _write_sheet(book.add_worksheet(name), sheet, formats)
    book.close()
    return buffer.getvalue()


def _names(sheets: Sequence[Sheet]) -> list[str]:
    """Names that a workbook takes: short, without some characters, no two alike whatever their case."""
    found: list[str] = []
    taken: set[str] = {"history"}
    for sheet in sheets:
        plain = "".join(each for each in sheet.name.translate(_REFUSED_IN_NAMES) if each.isprintable()).strip("' ")
        plain = plain or "sheet"
        name, number = plain[:_MAX_NAME].rstrip("'"), 1
        while name.lower() in taken:
            number += 1
            end = f" {number}"
            name = plain[: _MAX_NAME - len(end)] + end
        taken.add(name.lower())
        found.append(name)
    return found


def _write_sheet(page: Worksheet, sheet: Sheet, formats: Mapping[str, Format]) -> None:
    num = len(sheet.headers)
    if len(sheet.rows) > MAX_ROWS or num > MAX_COLUMNS:
        raise UsageError(
            f"sheet {sheet.name!r}: a workbook takes {MAX_ROWS:,} rows and {MAX_COLUMNS:,} columns, "
            f"not {len(sheet.rows):,} and {num:,}: write csv or json instead"
        )
    of_column = [*sheet.formats, *[TEXT] * (num - len(sheet.formats))]
    for column, (header, width) in enumerate(zip(sheet.headers, _widths(sheet, of_column), strict=True)):
        page.set_column(column, column, width)
        page.write_string(0, column, header[:MAX_TEXT], formats["header"])
    for number, row in enumerate(sheet.rows, 1):
        for column, cell in enumerate(row):
            value, form = cell if isinstance(cell, Cell) else (cell, of_column[column])
            _write(page, number, column, value, form, formats)
    page.freeze_panes(1, 0)
    if sheet.rows and num:
        page.autofilter(0, 0, len(sheet.rows), num - 1)


def _write(page: Worksheet, row: int, column: int, value: Value, form: str, formats: Mapping[str, Format]) -> None:
    if value is None:
        return
    if isinstance(value, str):
        is_risky = value.startswith(_STARTS_OF_FORMULAS)
        text = value if len(value) <= MAX_TEXT else value[: MAX_TEXT - 1] + "…"
        page.write_string(row, column, text, formats["quoted" if is_risky else TEXT])
    elif isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, date):
        page.write_datetime(row, column, datetime(value.year, value.month, value.day), formats[SHORT_DATE])
    elif isinstance(value, float) and not math.isfinite(value):
        return
    elif form == TEXT and isinstance(value, int) and abs(value) > _MOST_EXACT:
        page.write_string(row, column, str(value), formats[TEXT])
    else:
        number = float(Fraction(value) / MICROS) if form == MONEY else float(value)
        page.write_number(row, column, number, formats[WHOLE if form == TEXT else form])


def _widths(sheet: Sheet, formats: Sequence[str]) -> Iterable[int]:
    for column, header in enumerate(sheet.headers):
        most = len(header) + 3  # the filter's arrow
        for row in sheet.rows[:_LOOKED_AT]:
            cell = row[column]
            value, form = cell if isinstance(cell, Cell) else (cell, formats[column])
            most = max(most, _length(value, form))
        yield max(_NARROWEST, min(_WIDEST, most + 1))


def _length(value: Any, form: str) -> int:
    if value is None:
        return 0
    if isinstance(value, str):
        return len(value)
    if isinstance(value, date):
        return 10
    return len(f"{float(value) / (MICROS if form == MONEY else 1):,.2f}")
