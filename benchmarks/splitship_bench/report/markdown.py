"""A report as plain Markdown: all text and tables, no charts."""

from __future__ import annotations

from collections.abc import Sequence

from splitship_bench.records import Record
from splitship_bench.report.build import build_report
from splitship_bench.report.content import Table, Value
from splitship_bench.report.view import HEADLINE_GAP


def markdown_report(records: Sequence[Record], gap: float = HEADLINE_GAP) -> str:
    """The report of some records as Markdown; `gap` (fraction) is the certified gap of its headline."""
    report = build_report(records, gap)
    out = [f"# {report.title}", "", report.about, ""]
    out += [f"> **{_escape(alert)}**\n>" for alert in report.alerts]
    for section in report.sections:
        out += ["", f"## {section.title}", ""]
        for paragraph in section.text:
            out += [_escape(paragraph), ""]
        for table in section.tables:
            out += _table(table)
    return "\n".join(out).replace("\n\n\n", "\n\n").rstrip() + "\n"


def _table(table: Table) -> list[str]:
    out = [f"### {_escape(table.title)}", ""] if table.title else []
    rule = "|".join("---" if column in table.left else "---:" for column in range(len(table.columns)))
    out += [f"| {' | '.join(map(_escape, table.columns))} |", f"|{rule}|"]
    out += [f"| {' | '.join(map(_cell, row))} |" for row in table.rows]
    return [*out, ""]


def _cell(value: Value) -> str:
    words = _escape(", ".join([value.text, *value.more]))
    return f"**{words}**" if words and value.tone in ("best", "bad") else words


def _escape(words: str) -> str:
    for mark in "\\|<*_`":
        words = words.replace(mark, "\\" + mark)
    return words.replace("\n", " ")
