"""The workbook of a report has the tables of the page, and no text of users in it is a formula."""

import io
import re
import zipfile
from xml.etree import ElementTree

import pytest
from hostile_texts import ORDER, SKU

from splitship.planning.report import Report, report_workbook

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheets(data):
    """Sheets by name, rows of cells as text or number, and the XML of all of them."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        strings = [
            "".join(part.text or "" for part in each.iter(f"{SPACE}t"))
            for each in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        ]
        names = [
            each.get("name") for each in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{SPACE}sheet")
        ]
        found, raw = {}, ""
        for number, name in enumerate(names, 1):
            text = book.read(f"xl/worksheets/sheet{number}.xml").decode()
            raw += text
            rows = []
            for row in ElementTree.fromstring(text).iter(f"{SPACE}row"):
                cells = {}
                for cell in row:
                    value = cell.find(f"{SPACE}v")
                    if value is not None:
                        column = re.match("[A-Z]+", cell.get("r"))[0]
                        cells[column] = strings[int(value.text)] if cell.get("t") == "s" else float(value.text)
                rows.append(cells)
            found[name] = rows
    return found, raw


def test_every_table_of_the_page_is_a_sheet_with_all_rows(retail):
    report = Report(retail)
    found, _ = sheets(report_workbook(report))
    assert len(found) == 1 + sum(len(answer.tables) + 2 for answer in report.answers) + 1
    for answer in report.answers:
        for table in answer.tables:
            rows = found[f"{table.key} {answer.name}"]
            assert len(rows) == len(table.rows) + 1
            assert list(rows[0].values()) == [column.header for column in table.columns]
    total = found["costs baseline"][-1]
    assert total["A"] == "total"
    assert total["B"] == pytest.approx(retail[0].objective / 1e6, abs=1e-9)
    orders = found["orders baseline"]
    assert sum(row["J"] for row in orders[1:]) == pytest.approx(
        (retail[0].objective - retail[0].report.costs.soft) / 1e6
    )


def test_one_answer_needs_no_name_on_its_sheets(certified):
    found, _ = sheets(report_workbook(Report([certified])))
    assert {"figures", "costs", "stock prices", "unfilled", "orders", "packages", "provenance", "software"} <= set(
        found
    )


def test_texts_of_users_are_no_formulas(hostile):
    found, raw = sheets(report_workbook(Report([hostile])))
    texts = {cell for rows in found.values() for row in rows for cell in row.values() if isinstance(cell, str)}
    assert {ORDER, SKU} <= texts
    assert "<f>" not in raw
    assert "<hyperlink" not in raw


def test_the_same_answers_give_the_same_workbook(certified):
    assert report_workbook(Report([certified])) == report_workbook(Report([certified]))
