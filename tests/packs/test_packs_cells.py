"""Text to values: exact numbers, dates and times, and what is refused."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from splitship.packs import cells
from splitship.units import ATTO_PER_MICRO, decimal_to_atto


def column(*texts: str) -> pa.Array:
    return pa.array(texts, pa.large_string())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.decimals(-(10**11), 10**11, allow_nan=False, places=18), min_size=1, max_size=20), st.booleans())
def test_money_is_exact(values: list[Decimal], strip: bool) -> None:
    """18 decimals and 11 digits before the point come back to the last one, negative numbers too."""
    texts = [
        format(value.normalize() if strip and len(value.as_tuple().digits) < 28 else value, "f") for value in values
    ]
    parsed = cells.parse_money(column(*texts))
    exact = [int(micros) * ATTO_PER_MICRO + int(atto) for micros, atto in zip(parsed.data, parsed.atto, strict=True)]
    assert exact == [decimal_to_atto(text) for text in texts]
    assert (parsed.atto >= 0).all()
    assert (parsed.atto < ATTO_PER_MICRO).all()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(-(10**18) + 1, 10**18 - 1), min_size=1, max_size=20))
def test_fine_decimals_are_exact(values: list[int]) -> None:
    """A weight of 9 decimals is a whole number of 10^-9."""
    texts = [format(Decimal(value).scaleb(-9), "f") for value in values]
    assert cells.parse_decimal(column(*texts), 9).data.tolist() == values


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("0.10", cells.OK),
        (".5", cells.OK),
        ("5.", cells.OK),
        ("+5", cells.OK),
        ("0005.50", cells.OK),
        ("1.0000000000000000000000", cells.OK),  # zeros are no decimals
        ("", cells.EMPTY),
        (".", cells.WRONG),
        ("-", cells.WRONG),
        (" 5", cells.WRONG),
        ("5\n", cells.WRONG),
        ("1e3", cells.WRONG),
        ("inf", cells.WRONG),
        ("1_000", cells.WRONG),
        ("٣", cells.WRONG),  # an Arabic three
        ("5,0", cells.WRONG),
        ("0.1234567890123456789", cells.DECIMALS),
        ("1234567890123", cells.LARGE),
    ],
)
def test_money_status(text: str, status: int) -> None:
    """Plain decimals only; what is refused says why."""
    parsed = cells.parse_money(column(text))
    assert parsed.status.tolist() == [status]
    if status != cells.OK:
        assert parsed.data.tolist() == [0]


def test_whole_numbers() -> None:
    """5.0 is whole, 5.5 is not, nineteen digits are too many."""
    parsed = cells.parse_whole(column("5", "-3", "5.0", "007", "5.5", "", "1" * 19, "three"))
    assert parsed.data.tolist() == [5, -3, 5, 7, 0, 0, 0, 0]
    ok, wrong = cells.OK, cells.WRONG
    assert parsed.status.tolist() == [ok, ok, ok, ok, wrong, cells.EMPTY, cells.LARGE, wrong]


def test_instants() -> None:
    """Every common way to write one moment; without an offset it is none."""
    same = [
        "2026-03-02T08:00:00Z",
        "2026-03-02T03:00-05:00",
        "2026-03-02 13:30:00.000+05:30",
        "2026-03-02t08:00:00+0000",
    ]
    parsed = cells.parse_instant(column(*same, "2026-03-02T08:00:00", "2026-02-30T08:00:00Z", "2026-03-02"))
    moment = int(np.datetime64("2026-03-02T08:00:00", "us").astype(np.int64))
    assert parsed.data.tolist() == [moment] * 4 + [0] * 3
    assert parsed.status.tolist() == [cells.OK] * 4 + [cells.NO_OFFSET, cells.WRONG, cells.WRONG]


def test_dates_times_and_weeks() -> None:
    """ISO dates, HH:MM up to 24:00, seven digits."""
    assert cells.parse_date(column("1970-01-02", "1969-12-31", "2026-2-3")).data.tolist() == [1, -1, 0]
    cutoffs = cells.parse_cutoff(column("24:00", "00:00", "09:30", "9:30", "24:01", "23:60"))
    assert cutoffs.data.tolist() == [86_400_000_000, 0, 34_200_000_000, 0, 0, 0]  # 9.5 h x 3600 s
    assert cutoffs.status.tolist() == [cells.OK] * 3 + [cells.WRONG] * 3
    weeks = cells.parse_week(column("1111100", "0000001", "111110", "1111102"))
    assert weeks.data[0].tolist() == [True] * 5 + [False] * 2
    assert weeks.status.tolist() == [cells.OK, cells.OK, cells.WRONG, cells.WRONG]


def test_flags() -> None:
    """true and false in any case, 1 and 0; nothing else."""
    parsed = cells.parse_flag(column("TRUE", "false", "1", "0", "yes", ""))
    assert parsed.data.tolist()[:4] == [True, False, True, False]
    assert parsed.status.tolist() == [cells.OK] * 4 + [cells.WRONG, cells.EMPTY]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=5))
def test_no_text_breaks_a_parser(texts: list[str]) -> None:
    """Any text gives a status, never an exception."""
    given_texts = column(*(text.encode("utf-8", "replace").decode() for text in texts))
    parsers = [
        cells.parse_whole,
        cells.parse_money,
        cells.parse_float,
        cells.parse_flag,
        cells.parse_date,
        cells.parse_instant,
        cells.parse_cutoff,
        cells.parse_week,
        lambda values: cells.parse_decimal(values, 9),
    ]
    for parse in parsers:
        assert len(parse(given_texts).status) == len(texts)
