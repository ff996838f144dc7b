"""Text to values, a whole column at a time: exact decimals, whole numbers, flags, dates, times.

Every function takes the distinct texts of a column (Arrow, no nulls, '' for empty) and returns `Parsed`: values of
the same length and a status for each. It never raises for what a cell says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from splitship.units import ATTO_PER_MICRO, I64, MICROS, US_PER_DAY, Bools

OK, EMPTY, WRONG, DECIMALS, LARGE, NO_OFFSET = range(6)
"""Status of a cell: fine, empty, not of the type, too many decimals, too many digits, an instant without offset."""

Status = NDArray[np.uint8]

_WHOLE = r"^[+-]?[0-9]+(\.0*)?$"
_DECIMAL = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$"
_DECIMAL_FORM = re.compile(_DECIMAL[1:-1])
_DECIMAL_PARTS = r"^(?P<sign>[+-]?)(?P<whole>[0-9]*)\.?(?P<part>[0-9]*)$"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_INSTANT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
_OFFSET = r"([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)$"
_CUTOFF = r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
_WEEK = r"^[01]{7}$"

_MAX_WHOLE_DIGITS = 18
_MAX_MONEY_DIGITS = 12
_MAX_FINE_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Parsed:
    """Values of distinct texts and their status; `atto` only for money. A value without status OK is 0."""

    data: NDArray[Any]
    status: Status
    atto: I64 | None = None


def parse_whole(texts: pa.Array) -> Parsed:
    """Whole numbers as int64; `5.0` is whole, `5.5` is not."""
    fits = pc.match_substring_regex(texts, _WHOLE)
    sign, whole, _ = _decimal_parts(pc.if_else(fits, texts, "0"))
    large = _mask(pc.greater(pc.utf8_length(whole), _MAX_WHOLE_DIGITS))
    values = _integers(whole, large)
    values[sign] *= -1
    return Parsed(values, _status(texts, fits, large=large))


def parse_decimal(texts: pa.Array, decimals: int) -> Parsed:
    """Decimals with at most `decimals` (up to 9) decimals as int64 of 10^-decimals."""
    fits = pc.match_substring_regex(texts, _DECIMAL)
    sign, whole, part = _decimal_parts(pc.if_else(fits, texts, "0"))
    large = _mask(pc.greater(pc.utf8_length(whole), _MAX_FINE_DIGITS))
    long = _mask(pc.greater(pc.utf8_length(part), decimals))
    values = _integers(whole, large) * 10**decimals + _integers(_padded(part, decimals), long)
    values[sign] *= -1
    values[large | long] = 0
    return Parsed(values, _status(texts, fits, long=long, large=large))


def parse_money(texts: pa.Array) -> Parsed:
    """Decimals with at most 18 decimals as micros (rounded down) and the rest in 10^-18, as in `units.Amounts`."""
    fits = pc.match_substring_regex(texts, _DECIMAL)
    sign, whole, part = _decimal_parts(pc.if_else(fits, texts, "0"))
    large = _mask(pc.greater(pc.utf8_length(whole), _MAX_MONEY_DIGITS))
    long = _mask(pc.greater(pc.utf8_length(part), 18))
    digits = _padded(part, 18)
    micros = _integers(whole, large) * MICROS + _integers(pc.utf8_slice_codeunits(digits, 0, 6), long)
    atto = _integers(pc.utf8_slice_codeunits(digits, 6, 18), long)
    micros[sign] *= -1
    below = sign & (atto > 0)
    micros[below] -= 1
    atto[below] = ATTO_PER_MICRO - atto[below]
    bad = large | long
    micros[bad] = 0
    atto[bad] = 0
    return Parsed(micros, _status(texts, fits, long=long, large=large), atto)


def parse_decimal_form(text: str) -> Decimal | None:
    """One text of the form that numbers have in cells, exact; None for any other."""
    return Decimal(text) if _DECIMAL_FORM.fullmatch(text) else None


def parse_float(texts: pa.Array) -> Parsed:
    """Decimals as the nearest float64: for degrees and ranks, never for money."""
    fits = pc.match_substring_regex(texts, _DECIMAL)
    values = np.array(pc.if_else(fits, texts, "0").cast(pa.float64()).to_numpy(zero_copy_only=False))
    large = ~np.isfinite(values)
    values[large] = 0.0
    return Parsed(values, _status(texts, fits, large=large))


def parse_flag(texts: pa.Array) -> Parsed:
    """true, false (any case), 1, 0 as booleans."""
    lower = pc.utf8_lower(texts)
    yes = _mask(pc.is_in(lower, value_set=pa.array(["true", "1"], texts.type)))
    no = _mask(pc.is_in(lower, value_set=pa.array(["false", "0"], texts.type)))
    return Parsed(yes, _status(texts, yes | no))


def parse_date(texts: pa.Array) -> Parsed:
    """ISO dates as days since 1970-01-01."""
    fits = _mask(pc.match_substring_regex(texts, _DATE))
    safe = pc.if_else(pa.array(fits), texts, "1970-01-01")
    try:
        values = safe.cast(pa.date32()).cast(pa.int32()).to_numpy(zero_copy_only=False).astype(np.int64)
    except pa.ArrowInvalid:
        values, fits = _one_by_one(safe, fits, _day)
    return Parsed(values, _status(texts, fits))


def parse_instant(texts: pa.Array) -> Parsed:
    """ISO 8601 dates with time and offset as microseconds since the epoch."""
    fits = _mask(pc.match_substring_regex(texts, _INSTANT + _OFFSET))
    local = ~fits & _mask(pc.match_substring_regex(texts, _INSTANT + "$"))
    safe = pc.if_else(pa.array(fits), texts, "1970-01-01T00:00:00Z")
    try:
        values = safe.cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_numpy(zero_copy_only=False).copy()
    except pa.ArrowInvalid:
        values, fits = _one_by_one(safe, fits, _instant)
    status = _status(texts, fits)
    status[local & (status == WRONG)] = NO_OFFSET
    return Parsed(values, status)


def parse_cutoff(texts: pa.Array) -> Parsed:
    """HH:MM from 00:00 to 24:00 as microseconds after midnight."""
    fits = pc.match_substring_regex(texts, _CUTOFF)
    safe = pc.if_else(fits, texts, "00:00")
    hours = pc.utf8_slice_codeunits(safe, 0, 2).cast(pa.int64()).to_numpy(zero_copy_only=False)
    minutes = pc.utf8_slice_codeunits(safe, 3, 5).cast(pa.int64()).to_numpy(zero_copy_only=False)
    return Parsed((hours * 60 + minutes) * (US_PER_DAY // 1440), _status(texts, fits))


def parse_week(texts: pa.Array) -> Parsed:
    """Seven digits 0 or 1, Monday first, as booleans [texts, 7]."""
    fits = pc.match_substring_regex(texts, _WEEK)
    safe = pc.if_else(fits, texts, "0000000")
    joined = "".join(safe.to_pylist())
    values = (np.frombuffer(joined.encode("ascii"), np.uint8) == ord("1")).reshape(len(texts), 7)
    return Parsed(values, _status(texts, fits))


def _mask(array: Any) -> Bools:
    if isinstance(array, np.ndarray):
        return array
    return np.asarray(array.to_numpy(zero_copy_only=False), np.bool_)


def _status(texts: pa.Array, fits: Any, long: Bools | None = None, large: Bools | None = None) -> Status:
    status = np.where(_mask(fits), OK, WRONG).astype(np.uint8)
    if long is not None:
        status[long & (status == OK)] = DECIMALS
    if large is not None:
        status[large & (status == OK)] = LARGE
    status[_mask(pc.equal(texts, ""))] = EMPTY
    return status


def _decimal_parts(texts: pa.Array) -> tuple[Bools, pa.Array, pa.Array]:
    """Is negative; digits before the point without leading zeros; digits after it without trailing zeros."""
    parts = pc.extract_regex(texts, _DECIMAL_PARTS)
    negative = _mask(pc.equal(parts.field("sign"), "-"))
    return negative, pc.utf8_ltrim(parts.field("whole"), "0"), pc.utf8_rtrim(parts.field("part"), "0")


def _padded(digits: pa.Array, width: int) -> pa.Array:
    return pc.utf8_rpad(pc.utf8_slice_codeunits(digits, 0, width), width, "0")


def _integers(digits: pa.Array, skip: Bools) -> I64:
    """Digits as int64, 0 for no digits and where `skip`."""
    blank = pc.or_(pa.array(skip), pc.equal(digits, ""))
    values = pc.if_else(blank, "0", digits).cast(pa.int64())
    return np.array(values.to_numpy(zero_copy_only=False), np.int64)


def _one_by_one(texts: pa.Array, fits: Bools, parse: Any) -> tuple[I64, Bools]:
    """The way taken when some text has the form of a date but is none (2026-02-30): find out which."""
    fits = fits.copy()
    values = np.zeros(len(texts), np.int64)
    for position, text in enumerate(texts.to_pylist()):
        try:
            values[position] = parse(text)
        except (ValueError, OverflowError):
            fits[position] = False
    return values, fits


def _day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def _instant(text: str) -> int:
    delta = datetime.fromisoformat(text.upper()) - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds
