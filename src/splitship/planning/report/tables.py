"""Tables of the report: one account of every section, from which the page and the workbook are both written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, NamedTuple

from splitship.planning.workbook import MONEY, NUMBER, SHARE, SHORT_DATE, TEXT, WHOLE, Sheet
from splitship.planning.workbook import Cell as SheetCell
from splitship.units import MICROS, day_text, round_half_even

Kind = Literal["text", "count", "money", "share", "points", "number", "day"]
"""What a column holds: text; whole numbers; micros; a share (0.5 is 50 %); a difference of shares; any number; a day
number. A cell of any kind may be None: there is no such value."""

Value = str | int | float | Fraction | None
BarKind = Literal["plain", "up", "down", "total", "full"]

MINUS = "\N{MINUS SIGN}"
NONE = "\N{EN DASH}"
SPACE = "\N{NO-BREAK SPACE}"
_CENT = MICROS // 100
_FORMATS: dict[Kind, str] = {
    "text": TEXT, "count": WHOLE, "money": MONEY, "share": SHARE, "points": SHARE, "number": NUMBER, "day": SHORT_DATE,
}  # fmt: skip


class Typed(NamedTuple):
    """A cell of another kind than its column's, or one that is a change: with its sign, and `is_good` or not (None:
    neither)."""

    value: Value
    kind: Kind
    is_change: bool = False
    is_good: bool | None = None


Cell = Value | Typed


@dataclass(frozen=True, slots=True)
class Column:
    """A column's header and what its cells are."""

    header: str
    kind: Kind = "text"

    @property
    def is_number(self) -> bool:
        """Whether cells are aligned to the right."""
        return self.kind not in ("text", "day")


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in a row of a chart: where it begins and how long it is, in thousandths of the width, and what it is."""

    start: float
    length: float
    kind: BarKind = "plain"


class Shown(NamedTuple):
    """A cell as the page shows it, and its classes."""

    text: str
    classes: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption. `bars` [rows], where there are any, draw the rows as a chart.

    The page shows the first `shown` rows and says so; the workbook has all, on a sheet called `key`.
    """

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]
    note: str = ""
    bars: tuple[Bar, ...] = ()
    shown: int = 100
    has_total: bool = False

    def without_empty(self) -> Table:
        """The same without columns in which no row has anything."""
        kept = [at for at in range(len(self.columns)) if any(row[at] is not None for row in self.rows)] or [0]
        rows = [tuple(row[at] for at in kept) for row in self.rows]
        return replace(self, columns=tuple(self.columns[at] for at in kept), rows=rows)

    @property
    def page_rows(self) -> list[list[Shown]]:
        """The rows that the page shows."""
        return [
            [_shown(cell, column) for cell, column in zip(row, self.columns, strict=True)]
            for row in self.rows[: self.shown]
        ]

    @property
    def num_hidden(self) -> int:
        """Rows that only the workbook has."""
        return max(0, len(self.rows) - self.shown)

    def sheet(self, name: str = "") -> Sheet:
        """The table as a sheet of a workbook."""
        rows = [
            [_sheet_cell(cell, column.kind) for cell, column in zip(row, self.columns, strict=True)]
            for row in self.rows
        ]
        formats = [_FORMATS[column.kind] for column in self.columns]
        return Sheet(f"{self.key} {name}".strip(), [column.header for column in self.columns], rows, formats)


def cell_text(value: Value, kind: Kind) -> str:
    """A value as the page shows it: money to the cent, shares to a hundredth of a percent."""
    if value is None:
        return NONE
    if isinstance(value, str):
        return value
    if kind == "money":
        return money_text(int(value))
    if kind == "share":
        return share_text(float(value))
    if kind == "points":
        return f"{100 * float(value):,.2f} points".replace("-", MINUS)
    if kind == "day":
        return day_text(int(value))
    is_whole = kind == "count" or value == int(value)
    return (f"{int(value):,}" if is_whole else f"{float(value):,.2f}").replace("-", MINUS)


def money_text(micros: int) -> str:
    """Micros rounded to a hundredth, thousands grouped: 12345678000 is `12,345.68`."""
    whole, cents = divmod(abs(round_half_even(micros, MICROS // 100)), 100)
    sign = MINUS if micros < 0 and (whole or cents) else ""
    return f"{sign}{whole:,}.{cents:02d}"


def least_text(micros: int) -> str:
    """A lower bound as `money_text`, rounded down: the words claim no more than what is proven."""
    return money_text(micros // _CENT * _CENT)


def most_text(micros: int) -> str:
    """An upper bound as `money_text`, rounded up."""
    return money_text(-(-micros // _CENT) * _CENT)


def share_text(share: float) -> str:
    """0.0058 is `0.58 %`, not to be broken; what is above 0 never reads as 0."""
    if 0 < share < 0.00005:
        return f"under 0.01{SPACE}%"
    return f"{share * 100:,.2f}{SPACE}%".replace("-", MINUS)


def signed(text: str) -> str:
    """A number's text with its sign in front, also a plus: changes are told by their signs, not by their colours."""
    return text if text.startswith(MINUS) or not any(digit in text for digit in "123456789") else f"+{text}"


def bars_from_zero(values: Sequence[float], kind: BarKind = "plain") -> tuple[Bar, ...]:
    """A bar a value, the longest over the whole width."""
    most = max(values, default=0) or 1
    return tuple(Bar(0, round(1000 * value / most, 1), kind) for value in values)


def _shown(cell: Cell, column: Column) -> Shown:
    classes = "n" if column.is_number else "d" if column.kind == "day" else ""
    if not isinstance(cell, Typed):
        return Shown(cell_text(cell, column.kind), classes)
    text = cell_text(cell.value, cell.kind)
    if cell.is_change and cell.value is not None:
        text = signed(text)
        if cell.is_good is not None and cell.value:
            classes += " fine" if cell.is_good else " bad"
    return Shown(text, classes.strip())


def _sheet_cell(cell: Cell, kind: Kind) -> SheetCell | str | int | float | Fraction | date | None:
    value, own = (cell.value, cell.kind) if isinstance(cell, Typed) else (cell, kind)
    if own == "day" and isinstance(value, int):
        return date(1970, 1, 1) + timedelta(days=value)
    return SheetCell(value, _FORMATS[own]) if own != kind and value is not None else value
