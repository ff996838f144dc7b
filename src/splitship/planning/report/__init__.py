"""The report of one or more answers: a page that opens from disk without a network, and a workbook of its tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from splitship.domain import Result
from splitship.errors import UsageError
from splitship.packs.plans import write_whole
from splitship.planning.report.orders_sheet import orders_table, packages_table
from splitship.planning.report.page import Report as Report
from splitship.planning.report.page import software
from splitship.planning.workbook import workbook_bytes

PAGE_SUFFIXES = (".html", ".htm")
WORKBOOK_SUFFIX = ".xlsx"

__all__ = ["PAGE_SUFFIXES", "WORKBOOK_SUFFIX", "Report", "check_target", "report_workbook", "write_report"]


def write_report(
    results: Sequence[Result], path: Path | str, *, title: str | None = None, xlsx: Path | str | None = None,
    command: str | None = None, pack: str | None = None, is_warm: bool = False,
) -> None:  # fmt: skip
    """Write the report of some answers, the baseline first, and on request a workbook of the same tables.

    `command` made the page; `pack` and `is_warm` as of `Report`. A file is replaced whole or not at all.

    Raises:
        UsageError: no answer, different currencies, an answer without costs, or a file name with another ending.
        OSError: a file cannot be written.
    """
    check_target(path, PAGE_SUFFIXES)
    if xlsx is not None:
        check_target(xlsx, (WORKBOOK_SUFFIX,))
    report = Report(results, title, command, pack, is_warm)
    write_whole(path, report.html().encode())
    if xlsx is not None:
        write_whole(xlsx, report_workbook(report))


def report_workbook(report: Report) -> bytes:
    """The tables of a report with all their rows, then orders and packages of every answer, as an .xlsx file."""
    several = len(report.answers) > 1
    sheets = [report.figures.table.sheet()]
    for answer in report.answers:
        tables = (*answer.tables, orders_table(answer.result), packages_table(answer.result))
        sheets += [table.sheet(answer.name if several else "") for table in tables]
    return workbook_bytes([*sheets, software().sheet()])


def check_target(path: Path | str, suffixes: Sequence[str]) -> None:
    """Refuse a file that cannot be written for what it is called or where it is to be.

    Raises:
        UsageError: another ending, no such folder, or a folder of this name.
    """
    path = Path(path)
    if path.suffix.lower() not in suffixes:
        raise UsageError(f"{path.name}: a file of this kind ends in {suffixes[0]}")
    if not path.parent.is_dir():
        raise UsageError(f"{path.name}: there is no folder {path.parent}")
    if path.is_dir():
        raise UsageError(f"{path} is a folder")
