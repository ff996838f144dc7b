"""Workbooks: what is in the cells, read from the file's own XML."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest

from splitship.errors import UsageError
from splitship.planning import workbook
from splitship.planning.workbook import (
    MONEY,
    SHARE,
    SHORT_DATE,
    TEXT,
    WHOLE,
    Cell,
    Sheet,
    workbook_bytes,
    write_workbook,
)

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RISKY = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "=cmd|' /C calc'!A0",
    "http://example.org",
    "mailto:a@b",
    "00123",
]


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def cells(data: bytes, sheet: int = 1) -> dict[str, tuple[str, str]]:
    """Type (`s` for text) and content of every cell of a sheet that has one."""
    files = parts(data)
    shared = [
        "".join(each.text or "" for each in entry.iter(f"{MAIN}t"))
        for entry in ElementTree.fromstring(files["xl/sharedStrings.xml"])
    ]
    found = {}
    for cell in ElementTree.fromstring(files[f"xl/worksheets/sheet{sheet}.xml"]).iter(f"{MAIN}c"):
        value = cell.findtext(f"{MAIN}v")
        kind = cell.get("t", "n")
        if value is not None:
            found[cell.attrib["r"]] = (kind, shared[int(value)] if kind == "s" else value)
    return found


def test_text_is_never_a_formula_or_a_link() -> None:
    """Whatever a cell of users begins with, it is stored as text, and no part of the file has a formula or a link."""
    data = workbook_bytes([Sheet("=a", ["=head"], [[text] for text in RISKY]), Sheet("n", ["x"], [["=1"]], [MONEY])])
    found = cells(data)
    assert [found[f"A{row}"] for row in range(2, 2 + len(RISKY))] == [
        ("s", text.replace("\r", "_x000D_")) for text in RISKY
    ]
    assert cells(data, 2)["A2"] == ("s", "=1")
    for name, content in parts(data).items():
        assert b"<f>" not in content, name
        assert b"<hyperlink" not in content, name
        assert b"relationships/hyperlink" not in content, name


def test_risky_text_stays_text_when_it_is_edited() -> None:
    """Its format says that a quote stands before it."""
    styles = parts(workbook_bytes([Sheet("a", ["x"], [["=1"]])]))["xl/styles.xml"].decode()
    assert 'quotePrefix="1"' in styles


def test_numbers_are_numbers_in_their_units() -> None:
    rows = [["a", -12_345_678, Fraction(1, 3), 7, date(2026, 11, 27), Cell(2_500_000, MONEY), float("nan"), None]]
    formats = (TEXT, MONEY, SHARE, WHOLE, SHORT_DATE, TEXT, SHARE, WHOLE)
    data = workbook_bytes([Sheet("a", list("abcdefgh"), rows, formats)])
    found = cells(data)
    assert found["A2"] == ("s", "a")
    assert [float(found[f"{column}2"][1]) for column in "BCDEF"] == [-12.345678, 1 / 3, 7, 46353, 2.5]
    assert "G2" not in found
    assert "H2" not in found
    sheet = parts(data)["xl/worksheets/sheet1.xml"].decode()
    assert 'state="frozen"' in sheet
    assert 'autoFilter ref="A1:H2"' in sheet


def test_same_sheets_give_the_same_bytes(tmp_path: Path) -> None:
    sheets = [Sheet("a", ["x"], [["y"], [3]])]
    write_workbook(tmp_path / "one.xlsx", sheets)
    buffer = io.BytesIO()
    write_workbook(buffer, sheets)
    assert (tmp_path / "one.xlsx").read_bytes() == buffer.getvalue()
    assert b"2000-01-01" in parts(buffer.getvalue())["docProps/core.xml"]
    assert [each.name for each in tmp_path.iterdir()] == ["one.xlsx"]


def test_names_of_sheets_are_made_to_fit() -> None:
    """31 characters, none of []:*?/\\, no two alike, not History."""
    names = ["rates[pct=5]", "RATES_pct=5_", "x" * 40, "x" * 40, "", "'", "History"]
    book = parts(workbook_bytes([Sheet(name, ["a"], []) for name in names]))["xl/workbook.xml"]
    found = [each.attrib["name"] for each in ElementTree.fromstring(book).iter(f"{MAIN}sheet")]
    assert found == ["rates_pct=5_", "RATES_pct=5_ 2", "x" * 31, "x" * 29 + " 2", "sheet", "sheet 2", "History 2"]


def test_limits_of_workbooks(monkeypatch: pytest.MonkeyPatch) -> None:
    found = cells(workbook_bytes([Sheet("a", ["x"], [["y" * 40_000], [2**60]])]))
    assert len(found["A2"][1]) == 32_767
    assert found["A2"][1].endswith("…")
    assert found["A3"] == ("s", str(2**60))
    with pytest.raises(UsageError, match="at least one sheet"):
        workbook_bytes([])
    monkeypatch.setattr(workbook, "MAX_ROWS", 2)
    with pytest.raises(UsageError, match="3 and 1: write csv or json"):
        workbook_bytes([Sheet("a", ["x"], [["y"]] * 3)])
