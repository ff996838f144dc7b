"""Where text goes: data to standard output, everything said to a person to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from splitship.errors import Finding


def emit(data: str | bytes) -> None:
    """Write data to standard output. A reader that has left (`| head`) is no error: the rest is dropped."""
    payload = data.encode() if isinstance(data, str) else data
    sys.stdout.flush()
    try:
        sys.stdout.buffer.write(payload)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Nothing may be written any more, not even by the interpreter's flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def emit_json(document: Any) -> None:
    """One JSON object on standard output, indented."""
    import json

    emit(json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def emit_table(*parts: RenderableType) -> None:
    """Tables and lines on standard output, as wide as the terminal and 80 columns where there is none."""
    import io

    from rich.console import Console

    terminal = Console()
    buffer = io.StringIO()
    page = Console(
        file=buffer,
        width=terminal.width,
        force_terminal=terminal.is_terminal,
        color_system=terminal.color_system,  # type: ignore[arg-type]
        no_color=terminal.no_color,
        legacy_windows=False,
    )
    for part in parts:
        page.print(part, highlight=False, markup=False)
    lines = buffer.getvalue().splitlines()
    emit("".join(line.rstrip() + "\n" for line in lines))


def say(message: str) -> None:
    """A message on standard error; one that nobody can read any more is dropped."""
    try:
        print(message, file=sys.stderr, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def say_findings(findings: Iterable[Finding]) -> None:
    """Findings on standard error, one a line."""
    for finding in findings:
        say(str(finding))


def is_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


def plain_table(headers: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> Table:
    """A table with a line under its header; columns at the positions `right` are aligned to the right."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for position, header in enumerate(headers):
        is_right = position in right
        table.add_column(header, justify="right" if is_right else "left", no_wrap=is_right, overflow="fold")
    for row in rows:
        table.add_row(*(_safe(cell) for cell in row))
    return table


def key_values(pairs: Iterable[tuple[str, str]]) -> Table:
    """A table of names and values without a header."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs:
        table.add_row(name, _safe(value))
    return table


def markdown_table(headers: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> str:
    """The same as Markdown text."""

    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"

    rule = "|" + "|".join("--:" if position in right else "---" for position in range(len(headers))) + "|\n"
    return line(headers) + rule + "".join(line(row) for row in rows)


def csv_text(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The same as CSV text."""
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headers)
    writer.writerows(rows)
    return text.getvalue()


def grouped(number: int) -> str:
    """1234567 as `1,234,567`."""
    return f"{number:,}"


def money(text: str | None, currency: str = "") -> str:
    """Money text with thousands grouped: `12345.67` as `12,345.67 USD`; a dash for none."""
    if text is None:
        return "-"
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, part = digits.partition(".")
    return f"{sign}{int(whole):,}.{part} {currency}".rstrip()


def cents(text: str | None, rounding: str = "ROUND_HALF_EVEN") -> str:
    """Money text with thousands grouped, rounded to two decimals for a column; a dash for none.

    `rounding` as of `decimal`: ROUND_CEILING for what is at most, ROUND_FLOOR for what is at least.
    """
    from decimal import Decimal

    return money(None if text is None else f"{Decimal(text).quantize(Decimal('0.01'), rounding):f}")


def percent(share: float | None) -> str:
    """0.00045 as `0.045 %`, with two to four decimals; a dash for none."""
    if share is None:
        return "-"
    value = share * 100
    if value and abs(value) < 0.0001:
        return f"{'-' if value < 0 else ''}<0.0001 %"
    whole, _, part = f"{value:,.4f}".partition(".")
    return f"{whole}.{part.rstrip('0').ljust(2, '0')} %"


def counted(number: int, noun: str) -> str:
    """`1 fault`, `2 faults`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _safe(cell: str) -> Any:
    """Text of users as text: square brackets are no markup."""
    from rich.text import Text

    return Text(cell)
