"""Tables of the report: one account of every section, from which the page and the workbook are both written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from splitship.units import MICROS, day_text, round_half_even

Kind = Literal["text", "count", "money", "change", "share", "number", "day"]
"""What a column holds: text; whole numbers; micros; micros as a signed difference; a share (0.5 is 50 %); a number with
one decimal; a day number. A cell of any kind may be None: there is no such value."""

Cell = str | int | float | None

MINUS = "\N{MINUS SIGN}"
NONE = "\N{EN DASH}"


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
    kind: Literal["plain", "up", "down", "total", "full"] = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption. `bars` [rows], where there are any, draw the rows as a chart.

    The page shows the first `shown` rows and says so; the workbook has all.
    """

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]
    note: str = ""
    bars: tuple[Bar, ...] = ()
    shown: int = 100
    has_total: bool = False

    @property
    def page_rows(self) -> list[list[str]]:
        """The rows that the page shows, as texts."""
        return [
            [cell_text(cell, column.kind) for cell, column in zip(row, self.columns, strict=True)]
            for row in self.rows[: self.shown]
        ]

    @property
    def num_hidden(self) -> int:
        """Rows that only the workbook has."""
        return max(0, len(self.rows) - self.shown)


def cell_text(cell: Cell, kind: Kind) -> str:
    """A cell as the page shows it: money to the cent, shares to a hundredth of a percent."""
    if cell is None:
        return NONE
    if isinstance(cell, str):
        return cell
    if kind == "money":
        return money_text(int(cell))
    if kind == "change":
        return signed(money_text(int(cell)))
    if kind == "share":
        return share_text(float(cell))
    if kind == "day":
        return day_text(int(cell))
    return f"{cell:,}" if kind == "count" else f"{cell:,.1f}".replace("-", MINUS)


def money_text(micros: int) -> str:
    """Micros rounded to a hundredth, thousands grouped: 12345678000 is `12,345.68`."""
    whole, cents = divmod(abs(round_half_even(micros, MICROS // 100)), 100)
    sign = MINUS if micros < 0 and (whole or cents) else ""
    return f"{sign}{whole:,}.{cents:02d}"


def share_text(share: float) -> str:
    """0.0058 is `0.58 %`; what is above 0 never reads as 0."""
    value = share * 100
    if 0 < value < 0.005:
        return "under 0.01 %"
    return f"{value:,.2f} %".replace("-", MINUS)


def signed(text: str) -> str:
    """A number's text with its sign in front, also a plus: changes are told by their signs, not by their colours."""
    return text if text.startswith(MINUS) or not any(digit in text for digit in "123456789") else f"+{text}"


def bars_from_zero(values: Sequence[float], kind: Literal["plain", "up", "down", "total", "full"] = "plain") -> tuple[Bar, ...]:
    """A bar a value, the longest over the whole width."""
    most = max(values, default=0) or 1
    return tuple(Bar(0, round(1000 * value / most, 1), kind) for value in values)
