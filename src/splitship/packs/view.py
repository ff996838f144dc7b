"""One table seen through its schema: typed columns on request, faults told with their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from splitship.packs import cells
from splitship.packs.cells import DECIMALS, EMPTY, LARGE, NO_OFFSET, OK, Parsed
from splitship.packs.columns import FINE_DECIMALS, FIRST_YEAR, LAST_YEAR, MONEY_DECIMALS, Column, Kind, Table
from splitship.packs.findings import Findings, suggest
from splitship.packs.schema import TABLES
from splitship.units import ATTO_PER_MICRO, I64, MICROS, Amounts, Bools, Strings, day_number

_FIRST_DAY, _LAST_DAY = day_number(f"{FIRST_YEAR}-01-01"), day_number(f"{LAST_YEAR}-12-31")
_US_A_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Coded:
    """A text column as distinct values and, for each row, the position of its value.

    `is_whole` is False when the column could not be read, wholly or in part: what it should hold is then unknown,
    and references to it are not faults.
    """

    distinct: pa.Array
    codes: I64
    is_whole: bool = True

    def texts(self) -> Strings:
        """The column as Python text, [rows]."""
        return self._objects()[self.codes]

    def _objects(self) -> Strings:
        column = np.empty(len(self.distinct), object)
        column[:] = self.distinct.to_pylist()
        return column


@dataclass(frozen=True, slots=True)
class Cells:
    """Typed values of a column; `given` where the cell (or its default) holds a valid one."""

    data: NDArray[Any]
    given: Bools


class TableView:
    """Typed columns of one text table.

    Reading a column tells its faults (types, empty required cells, numbers out of bounds) and never raises;
    a faulty cell reads as 0.
    """

    def __init__(self, table: Table, frame: pd.DataFrame, findings: Findings, is_whole: bool = True) -> None:
        self.table = table
        self.is_whole = is_whole
        self.frame = frame
        self.findings = findings
        self.num_rows = len(frame)
        self._coded: dict[str, Coded] = {}
        self._parsed: dict[str, Parsed] = {}
        self._parsers: dict[str, Callable[[pa.Array], Parsed]] = {}
        self._faulty: dict[str, Bools] = {}
        self._told: set[tuple[str, str]] = set()
        self._check_columns()

    def has(self, column: str) -> bool:
        """The table has the column."""
        return column in self.frame.columns

    def coded(self, column: str) -> Coded:
        """The text of a column; a column that is not there is empty throughout."""
        known = self._coded.get(column)
        if known is None:
            if self.has(column):
                encoded = to_arrow(self.frame[column]).dictionary_encode()
                codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
                known = Coded(encoded.dictionary, codes, self.is_whole)
            else:
                is_whole = self.is_whole and not self.num_rows
                known = Coded(pa.array([""], pa.large_string()), np.zeros(self.num_rows, np.int64), is_whole)
            self._coded[column] = known
        return known

    def text(self, column: str) -> Strings:
        """The column as text, its default where empty; a required column that is empty is a fault."""
        coded = self._required(column)
        default = self.table.column(column).default if column in self.table.column_names else ""
        values = coded.distinct
        if default:
            values = pc.if_else(pc.equal(values, ""), default, values)
        return Coded(values, coded.codes).texts()

    def is_empty(self, column: str) -> Bools:
        """Rows whose cell is empty."""
        coded = self.coded(column)
        return _mask(pc.equal(coded.distinct, ""))[coded.codes]

    def words(self, column: str, code: str = "E108") -> Strings:
        """Text that must be one of the column's words."""
        return self._words(column, code).texts()

    def word_codes(self, column: str, code: str = "E108") -> I64:
        """As `words`, but positions among the column's words: -1 where the cell is empty or none of them."""
        spec = self.table.column(column)
        coded = self._words(column, code)
        known = {word: position for position, word in enumerate(spec.words)}
        found = [known.get(text or spec.default, -1) for text in coded.distinct.to_pylist()]
        codes: I64 = np.array(found, np.int64)[coded.codes]
        return codes

    def whole(self, column: str, below: str = "") -> Cells:
        """Whole numbers within the column's bounds. `below` is the code of values under the least."""
        spec = self.table.column(column)
        expected = _whole_words(spec)
        coded, parsed = self._parse(column, cells.parse_whole, "E104", expected)
        values = parsed.data[coded.codes]
        given = (parsed.status == OK)[coded.codes]
        if spec.least is not None:
            words = expected if not below else f"must be at least {spec.least}"
            self.tell(below or "E104", column, given & (values < spec.least), words)
        self._tell_most(spec, given & (values > spec.most))
        return Cells(values, given)

    def scaled(self, column: str, decimals: int = FINE_DECIMALS) -> Cells:
        """Decimals as integers of 10^-decimals within the column's bounds."""
        spec = self.table.column(column)
        unit = f" of {spec.unit}" if spec.unit else ""
        expected = f"expected a number{unit}"
        coded, parsed = self._parse(
            column, lambda texts: cells.parse_decimal(texts, decimals), "E105", expected, decimals
        )
        values = parsed.data[coded.codes]
        given = (parsed.status == OK)[coded.codes]
        if spec.least is not None:
            code, words = ("E407", "must not be negative") if spec.least == 0 else ("E408", f"at least {spec.least}")
            self.tell(code, column, given & (values < spec.least * 10**decimals), words)
        self._tell_most(spec, given & (values > spec.most * 10**decimals))
        return Cells(values, given)

    def amounts(self, column: str) -> tuple[Amounts, Bools]:
        """Exact decimals within the column's bounds (0 the least where it has none), and where they are given."""
        spec = self.table.column(column)
        expected = "expected an amount of money" if spec.kind is Kind.MONEY else "expected a number"
        coded, parsed = self._parse(column, cells.parse_money, "E105", expected, MONEY_DECIMALS)
        assert parsed.atto is not None
        micros, atto = parsed.data[coded.codes], parsed.atto[coded.codes]
        given = (parsed.status == OK)[coded.codes]
        least, most = spec.least or 0, spec.most * MICROS
        code, words = ("E407", "must not be negative") if least == 0 else ("E408", f"at least {least:,}")
        self.tell(code, column, given & (micros < least * MICROS), words)
        self._tell_most(spec, given & ((micros > most) | ((micros == most) & (atto > 0))))
        return Amounts(micros, atto), given

    def floats(self, column: str) -> Cells:
        """Decimals as float64, NaN where empty. Bounds are the caller's to check."""
        coded, parsed = self._parse(column, cells.parse_float, "E105", "expected a number")
        given = (parsed.status == OK)[coded.codes]
        return Cells(np.where(given, parsed.data[coded.codes], np.nan), given)

    def flag(self, column: str) -> Bools:
        """true or false."""
        coded, parsed = self._parse(column, cells.parse_flag, "E108", "expected true or false")
        flags: Bools = parsed.data[coded.codes]
        return flags

    def week(self, column: str) -> Bools:
        """Days of the week as booleans [rows, 7], Monday first."""
        expected = "expected seven digits 0 or 1, Monday first (1111100)"
        coded, parsed = self._parse(column, cells.parse_week, "E108", expected)
        days: Bools = parsed.data[coded.codes]
        return days

    def cutoff(self, column: str) -> I64:
        """A time of day in microseconds after midnight."""
        coded, parsed = self._parse(column, cells.parse_cutoff, "E107", "expected a time HH:MM from 00:00 to 24:00")
        times: I64 = parsed.data[coded.codes]
        return times

    def dates(self, column: str) -> Cells:
        """Dates as day numbers."""
        coded, parsed = self._parse(column, cells.parse_date, "E107", "expected a date such as 2026-11-27")
        values, given = parsed.data[coded.codes], (parsed.status == OK)[coded.codes]
        self._tell_years(column, given & ((values < _FIRST_DAY) | (values > _LAST_DAY)))
        return Cells(values, given)

    def instants(self, column: str) -> Cells:
        """Instants as microseconds since the epoch."""
        expected = "expected a date and time with offset such as 2026-11-27T09:00:00-05:00"
        coded, parsed = self._parse(column, cells.parse_instant, "E107", expected)
        values, given = parsed.data[coded.codes], (parsed.status == OK)[coded.codes]
        low, high = _FIRST_DAY * _US_A_DAY, (_LAST_DAY + 1) * _US_A_DAY - 1
        self._tell_years(column, given & ((values < low) | (values > high)))
        return Cells(values, given)

    def refers(self, column: str, ids: Coded, what: str) -> I64:
        """Positions of the column's ids in the first column of another table, -1 where empty or not found (a fault)."""
        coded = self._required(column)
        found = positions(coded.distinct, ids)
        if not ids.is_whole:
            return found[coded.codes]
        missing = (found < 0) & ~_mask(pc.equal(coded.distinct, ""))
        self.tell(
            "E301",
            column,
            missing[coded.codes],
            f"no {what} of that name",
            lambda text: suggest(text, ids.distinct.to_pylist()),
        )
        result: I64 = found[coded.codes]
        return result

    def find(self, column: str, ids: Coded) -> I64:
        """As `refers`, but what is not found is no fault."""
        coded = self.coded(column)
        rows: I64 = positions(coded.distinct, ids)[coded.codes]
        return rows

    def keys(self, parts: Sequence[I64], columns: Sequence[str]) -> Bools:
        """Tell rows whose key stands before, and say which they are.

        A negative part is a missing reference and is passed over.
        """
        if not self.num_rows:
            return np.zeros(0, np.bool_)
        key = combine(parts)
        usable = np.logical_and.reduce([part >= 0 for part in parts])
        repeated = np.zeros(self.num_rows, np.bool_)
        repeated[usable] = pd.Series(key[usable]).duplicated().to_numpy()
        rows = np.flatnonzero(repeated)
        if not len(rows):
            return repeated
        labels = [self.coded(column).texts() for column in columns]
        shown = {int(key[row]) for row in rows[:1000]}
        first = {int(key[row]): int(row) for row in np.flatnonzero(usable)[::-1] if int(key[row]) in shown}

        def describe(row: int) -> str:
            name = ", ".join(str(label[row]) for label in labels)
            before = first.get(int(key[row]))
            place = self.findings.locate(self.table.name, before, None) if before is not None else "a row above"
            return f"{name!r} stands already at {place}"

        self.findings.add_rows("E201", self.table.name, columns[-1], rows, describe)
        return repeated

    def attributes(self) -> dict[str, Strings]:
        """Columns that are not in the contract, as text, by name."""
        known = set(self.table.column_names)
        names = [str(name) for name in self.frame.columns if str(name) not in known and str(name)]
        return {name: self.coded(name).texts() for name in names}

    def tell(
        self,
        code: str,
        column: str,
        bad: Bools,
        expected: str,
        hint: Callable[[str], str] | None = None,
    ) -> None:
        """One finding for every row where `bad`: `expected`, and what stands there instead."""
        rows = np.flatnonzero(bad)
        if not len(rows):
            return
        self._note_faulty(code, column, bad)
        coded = self.coded(column)

        def text(row: int) -> str:
            return str(coded.distinct[int(coded.codes[row])].as_py())

        self.findings.add_rows(
            code,
            self.table.name,
            column,
            rows,
            lambda row: f"{expected}, got {_quoted(text(row))}",
            (lambda row: hint(text(row))) if hint else None,
        )

    def tell_rows(self, code: str, column: str | None, bad: Bools, describe: Callable[[int], str]) -> None:
        """One finding for every row where `bad`, in the words of `describe(row)`."""
        rows = np.flatnonzero(bad)
        if not len(rows):
            return
        if column is not None:
            self._note_faulty(code, column, bad)
        self.findings.add_rows(code, self.table.name, column, rows, describe)

    def faulty(self, column: str) -> Bools:
        """Rows whose cell a fault was told of."""
        return self._faulty.get(column, np.zeros(self.num_rows, np.bool_))

    def in_use(self, column: str) -> Bools:
        """Rows whose cell was read, is free of faults and says something else than the default."""
        spec = self.table.column(column)
        coded = self.coded(column)
        parsed = self._parsed.get(column)
        if parsed is None:
            plain = pa.array(["", spec.default, spec.neutral], pa.large_string())
            said = ~_mask(pc.is_in(coded.distinct, value_set=plain))
        else:
            usual = _absent(self.table.name, column, self._parsers[column])
            same = parsed.data == usual.data[0]
            if parsed.atto is not None and usual.atto is not None:
                same &= parsed.atto == usual.atto[0]
            said = (parsed.status == OK) & ~(same if usual.status[0] == OK else np.zeros(len(same), np.bool_))
        return said[coded.codes] & ~self.faulty(column)

    def _parse(
        self, column: str, parse: Callable[[pa.Array], Parsed], code: str, expected: str, decimals: int = 0
    ) -> tuple[Coded, Parsed]:
        spec = self.table.column(column)
        coded = self._required(column)
        if not self.has(column):
            return coded, _absent(self.table.name, column, parse)
        texts = coded.distinct
        if spec.default:
            texts = pc.if_else(pc.equal(texts, ""), spec.default, texts)
        parsed = parse(texts)
        self._parsed[column], self._parsers[column] = parsed, parse
        if (column, "type") not in self._told:
            self._told.add((column, "type"))
            status = parsed.status
            if np.any(status > EMPTY):
                of_row = status[coded.codes]
                self.tell(code, column, (of_row > EMPTY) & ~np.isin(of_row, (LARGE, DECIMALS, NO_OFFSET)), expected)
                self.tell(code, column, of_row == NO_OFFSET, f"{expected}; the offset is missing")
                self.tell("E106", column, of_row == DECIMALS, f"at most {decimals} decimals can be kept")
                self.tell("E408", column, of_row == LARGE, _most_words(spec))
        return coded, parsed

    def _required(self, column: str) -> Coded:
        coded = self.coded(column)
        if column in self.table.required_names and self.has(column) and (column, "empty") not in self._told:
            self._told.add((column, "empty"))
            blank = _mask(pc.equal(coded.distinct, ""))
            if blank.any():
                self.tell_rows("E109", column, blank[coded.codes], lambda row: "must not be empty")
        return coded

    def _note_faulty(self, code: str, column: str, bad: Bools) -> None:
        if code[0] == "E":
            self._faulty[column] = self._faulty[column] | bad if column in self._faulty else bad

    def _words(self, column: str, code: str) -> Coded:
        spec = self.table.column(column)
        coded = self._required(column)
        known = np.array([value in spec.words or value == "" for value in coded.distinct.to_pylist()], np.bool_)
        expected = f"expected one of {', '.join(spec.words)}"
        self.tell(code, column, ~known[coded.codes], expected, lambda text: suggest(text, spec.words))
        return coded

    def _tell_most(self, spec: Column, bad: Bools) -> None:
        if bad.any():
            self.tell("E408", spec.name, bad, _most_words(spec))

    def _tell_years(self, column: str, bad: Bools) -> None:
        if bad.any():
            self.tell("E408", column, bad, f"expected a year from {FIRST_YEAR} to {LAST_YEAR}")

    def _check_columns(self) -> None:
        """Missing, repeated and nearly known columns."""
        table, findings = self.table, self.findings
        names = [str(name) for name in self.frame.columns]
        seen: set[str] = set()
        for at, name in enumerate(names):
            place = findings.locate(table.name, None, name)
            if not name.strip() and not _mask(pc.equal(to_arrow(self.frame.iloc[:, at]), "")).all():
                findings.add("E102", place, "a column without a name holds cells", name=name, kind=table.name)
            elif name.strip() and name in seen:
                findings.add("E102", place, "this column stands twice", name=name, kind=table.name)
            seen.add(name)
        if len(seen) != len(names) or any(not name.strip() for name in names):
            index = pd.Index(names)
            self.frame = self.frame.loc[:, ~index.duplicated() & np.array([bool(name.strip()) for name in names])]
            names = [str(name) for name in self.frame.columns]
        missing = [name for name in table.required_names if name not in seen]
        strangers = [name for name in names if name not in table.column_names]
        close = {name: suggest(name, missing or table.column_names) for name in dict.fromkeys(strangers)}
        if names or self.num_rows:
            for name in missing:
                near = [stranger for stranger, hint in close.items() if hint == f"did you mean {name}?"]
                hint = f"is it {near[0]!r}?" if near else ""
                place = findings.locate(table.name, None, None)
                findings.add("E102", place, "this required column is missing", hint, name, kind=table.name)
        for name in dict.fromkeys(strangers):
            hint = _nearly(name, [known for known in table.column_names if known not in seen])
            if hint:
                place = findings.locate(table.name, None, name)
                findings.add("W606", place, "kept as an attribute", hint, name, kind=table.name)


_ABSENT: dict[tuple[str, str], Parsed] = {}
"""What the defaults of columns read as: the same for every table that lacks the column."""


def _absent(table: str, column: str, parse: Callable[[pa.Array], Parsed]) -> Parsed:
    known = _ABSENT.get((table, column))
    if known is None:
        default = TABLES[table].column(column).default
        known = _ABSENT[(table, column)] = parse(pa.array([default], pa.large_string()))
    return known


def to_arrow(series: pd.Series[Any]) -> pa.Array:
    """A column of text as one Arrow array, '' for missing cells."""
    array = pa.array(series, type=pa.large_string(), from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks == 1 else array.combine_chunks()
    return array.fill_null("") if array.null_count else array


def positions(texts: pa.Array, ids: Coded) -> I64:
    """First rows of `ids` that hold the texts, -1 where none does or the text is empty."""
    first = np.full(len(ids.distinct), -1, np.int64)
    first[ids.codes[::-1]] = np.arange(len(ids.codes) - 1, -1, -1)
    found = pc.index_in(texts, value_set=ids.distinct).fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    rows = np.where(found >= 0, first[found] if len(first) else -1, -1)
    rows[_mask(pc.equal(texts, ""))] = -1
    return rows


def taken(values: NDArray[Any], index: I64) -> NDArray[Any]:
    """Values at an index; anything where it is -1 or there are no values."""
    found: NDArray[Any] = values[index] if len(values) else np.zeros(len(index), values.dtype)
    return found


def combine(parts: Sequence[I64]) -> I64:
    """Several columns of positions as one column that is equal where all are."""
    key = parts[0].astype(np.int64)
    for part in parts[1:]:
        if len(part) and int(part.max()) > 2**31:
            part = np.unique(part, return_inverse=True)[1].astype(np.int64)
        _, key = np.unique(key, return_inverse=True)
        key = key.astype(np.int64) * (int(part.max(initial=0)) + 2) + part + 1
    return key


def _mask(array: pa.Array) -> Bools:
    return np.asarray(array.to_numpy(zero_copy_only=False), np.bool_)


def _nearly(name: str, known: Sequence[str]) -> str:
    """A hint when the name is a known one but for case, spaces, a plural or one or two letters."""
    hint = suggest(name, known)
    if not hint:
        return ""
    target = hint.removeprefix("did you mean ").removesuffix("?")
    if "".join(filter(str.isalnum, name.casefold())) == "".join(filter(str.isalnum, target)):
        return hint
    return hint if _distance(name.casefold(), target) <= (1 if len(target) < 8 else 2) else ""


def _distance(left: str, right: str) -> int:
    """Letters to insert, drop or change to make one word of the other."""
    row = list(range(len(right) + 1))
    for at, letter in enumerate(left, 1):
        previous, row[0] = row[0], at
        for to, other in enumerate(right, 1):
            previous, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, previous + (letter != other))
    return row[-1]


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")


def _whole_words(spec: Column) -> str:
    if spec.least is None:
        return "expected a whole number"
    return f"expected a whole number above {spec.least - 1}" if spec.least == 1 else (
        f"expected a whole number of at least {spec.least}"
    )  # fmt: skip


def _most_words(spec: Column) -> str:
    unit = f" {spec.unit}" if spec.unit and spec.unit != "money" else ""
    return f"at most {spec.most:,}{unit} can be handled"


__all__ = ["ATTO_PER_MICRO", "Cells", "Coded", "TableView", "combine", "positions", "taken", "to_arrow"]
