"""Conditions on the columns of a table: "which rows", as data, evaluated a whole column at a time.

A `Where` names columns with a condition each, and a row must meet all of them. Rules use it, and so do overlays.
Nothing in a condition is code. A condition is evaluated on a column's distinct texts, or on its numbers as exact
integers, and only then spread over the rows.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from splitship.units import I64, Bools, Strings

Order = Literal["gt", "ge", "lt", "le"]
ORDERS: tuple[Order, ...] = ("gt", "ge", "lt", "le")
"""Comparisons of order: greater than, greater or equal, less than, less or equal."""

_SIGNS = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The cell is one of `values`; '' stands for an empty cell. On numbers 1 and 1.0 are the same."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """The cell is a number greater or less than `bound`. An empty cell meets no comparison."""

    order: Order
    bound: Decimal


@dataclass(frozen=True, slots=True)
class Like:
    """The whole cell fits `pattern`; % in it stands for any text, also none. Case counts; nothing else is special."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Not:
    """The cell does not meet `condition`; an empty cell does not meet most, and so meets most negations."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class All:
    """The cell meets every one of `conditions`."""

    conditions: tuple[Condition, ...]


Condition = AnyOf | Compare | Like | Not | All
Where = tuple[tuple[str, Condition], ...]
"""Columns with their conditions, sorted by the columns' names. Empty: every row."""


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column of text (flags, dates and times too, in their canonical text): `distinct[codes]` are its cells."""

    distinct: Strings
    codes: I64

    @classmethod
    def of(cls, texts: Strings) -> Self:
        """From one text a row."""
        codes, distinct = pd.factorize(texts)
        return cls(np.asarray(distinct, object), codes.astype(np.int64))

    @classmethod
    def of_values(cls, values: NDArray[Any], text: Callable[[Any], str]) -> Self:
        """From a column of another type, and the text of each of its distinct values."""
        distinct, codes = np.unique(values, return_inverse=True)
        texts = np.empty(len(distinct), object)
        texts[:] = [text(value) for value in distinct.tolist()]
        return cls(texts, codes.reshape(-1).astype(np.int64))

    def text(self, row: int) -> str:
        """One cell."""
        return str(self.distinct[self.codes[row]])

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """A column of numbers: numbers / 10^scale, exact (int64, or Python integers where those are too short), or float64
    for degrees and ranks (scale 0). A cell is empty where not `given`. `is_instant`: microseconds since the epoch,
    compared with ISO 8601 texts."""

    numbers: NDArray[Any]
    scale: int
    given: Bools
    is_instant: bool = False

    def number(self, row: int) -> Decimal | None:
        """One cell, None when it is empty."""
        if not self.given[row]:
            return None
        value = self.numbers[row]
        if isinstance(value, (float, np.floating)):
            return Decimal(repr(float(value)))
        exact = Fraction(int(value), 10**self.scale)
        return _decimal(exact)

    def __len__(self) -> int:
        return len(self.numbers)


Column = TextColumn | NumberColumn


def where_mask(where: Where, column: Callable[[str], Column], num_rows: int) -> Bools:
    """Rows that meet every condition, [num_rows]; `column` gives a column by its name.

    Raises:
        ValueError: an order comparison on a column that holds text which is no number (`non_numbers` finds it).
    """
    return reduce(
        np.logical_and,
        (matches(condition, column(name)) for name, condition in where),
        np.ones(num_rows, np.bool_),
    )


def matches(condition: Condition, column: Column) -> Bools:
    """Rows of a column that meet a condition, [rows].

    Raises:
        ValueError: an order comparison on text that is no number, or a pattern on numbers.
    """
    if isinstance(column, NumberColumn):
        return _number_matches(condition, column)
    met = _text_matches(condition, column.distinct)
    return met[column.codes] if len(met) else np.zeros(len(column), np.bool_)


def text_meets(condition: Condition, text: str) -> bool:
    """Does one cell of text meet a condition?

    Raises:
        ValueError: an order comparison, and the text is neither empty nor a number.
    """
    match condition:
        case AnyOf(values):
            return text in values
        case Compare(order, bound):
            return text != "" and _holds(order, read_number(text), bound)
        case Like(pattern):
            return _fits(text, pattern)
        case Not(inner):
            return not text_meets(inner, text)
        case All(parts):
            return all(text_meets(part, text) for part in parts)


def compares(condition: Condition) -> bool:
    """Does the condition hold a comparison of order?"""
    return any(isinstance(part, Compare) for part in parts_of(condition))


def parts_of(condition: Condition) -> list[Condition]:
    """The conditions without parts of their own, in their sequence."""
    match condition:
        case Not(inner):
            return parts_of(inner)
        case All(parts):
            return [leaf for part in parts for leaf in parts_of(part)]
    return [condition]


def non_numbers(column: Column) -> list[str]:
    """Distinct texts of a column that stand in rows and are neither empty nor numbers; none in a column of numbers."""
    if isinstance(column, NumberColumn):
        return []
    used = np.zeros(len(column.distinct), np.bool_)
    used[column.codes] = True
    return [text for text in column.distinct[used].tolist() if text != "" and not _NUMBER.fullmatch(text)]


def read_number(text: str) -> Decimal:
    """Plain decimal text as a number; ValueError for anything else, exponents included."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a number")
    return Decimal(text)


def condition_text(condition: Condition) -> str:
    """The condition in words of its own grammar: `'west'`, `one of 'east', 'west'`, `> 5 and <= 10`, `not 'west'`."""
    match condition:
        case AnyOf((value,)):
            return repr(value)
        case AnyOf(values):
            listed = ", ".join(map(repr, values[:5]))
            return f"one of {listed}" + (f" and {len(values) - 5} more" if len(values) > 5 else "")
        case Compare(order, bound):
            return f"{_SIGNS[order]} {bound}"
        case Like(pattern):
            return f"like {pattern!r}"
        case Not(inner):
            return f"not {condition_text(inner)}"
        case All(parts):
            return " and ".join(map(condition_text, parts))


def instant_us(text: str) -> int:
    """ISO 8601 text with an offset as microseconds since the epoch, exact; ValueError without an offset."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("the offset is missing")
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _text_matches(condition: Condition, distinct: Strings) -> Bools:
    match condition:
        case AnyOf(values):
            wanted = frozenset(values)
            met = (text in wanted for text in distinct)
        case Not(inner):
            return ~_text_matches(inner, distinct)
        case All(parts):
            every = np.ones(len(distinct), np.bool_)
            return reduce(np.logical_and, (_text_matches(part, distinct) for part in parts), every)
        case _:
            met = (text_meets(condition, text) for text in distinct)
    return np.fromiter(met, np.bool_, len(distinct))


def _number_matches(condition: Condition, column: NumberColumn) -> Bools:
    match condition:
        case AnyOf(values):
            met = ~column.given if "" in values else np.zeros(len(column), np.bool_)
            wanted = [_target(text, column) for text in values if text != ""]
            equal = np.isin(column.numbers, [number for number in wanted if _is_stored(number, column)])
            return met | (equal & column.given)
        case Compare(order, bound):
            return _compared(order, bound, column) & column.given
        case Like():
            raise ValueError("a pattern needs text, and this column holds numbers")
        case Not(inner):
            return ~_number_matches(inner, column)
        case All(parts):
            every = np.ones(len(column), np.bool_)
            return reduce(np.logical_and, (_number_matches(part, column) for part in parts), every)


def _compared(order: Order, bound: Decimal, column: NumberColumn) -> Bools:
    """number / 10^scale against the bound: an integer is above it exactly when it is above the scaled bound's floor."""
    numbers = column.numbers
    if numbers.dtype.kind == "f":
        limit: Any = float(bound)
    else:
        scaled = Fraction(bound) * 10**column.scale
        limit = math.floor(scaled) if order in ("gt", "le") else math.ceil(scaled)
    found = {
        "gt": lambda: numbers > limit,
        "ge": lambda: numbers >= limit,
        "lt": lambda: numbers < limit,
        "le": lambda: numbers <= limit,
    }[order]()
    return np.asarray(found, np.bool_)


def _target(text: str, column: NumberColumn) -> Any:
    """A text as a value of the column; a fraction where the column can hold no such value."""
    if column.is_instant:
        return instant_us(text)
    if column.numbers.dtype.kind == "f":
        return float(read_number(text))
    scaled = Fraction(read_number(text)) * 10**column.scale
    return int(scaled) if scaled.denominator == 1 else scaled


def _is_stored(number: Any, column: NumberColumn) -> bool:
    """Could the column's array hold the number at all?"""
    if isinstance(number, Fraction):
        return False
    return column.numbers.dtype != np.int64 or -(2**63) <= number < 2**63


def _holds(order: Order, number: Decimal, bound: Decimal) -> bool:
    above, below = number > bound, number < bound
    return {"gt": above, "ge": not below, "lt": below, "le": not above}[order]


def _fits(text: str, pattern: str) -> bool:
    """`like`: the parts between the % signs stand in the text in their sequence, the outer ones at its ends."""
    first, *rest = pattern.split("%")
    if not rest:
        return text == pattern
    if not text.startswith(first):
        return False
    at = len(first)
    for part in rest[:-1]:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(text) - at >= len(rest[-1]) and text.endswith(rest[-1])


def _decimal(exact: Fraction) -> Decimal:
    """A fraction whose denominator divides a power of ten, exactly."""
    scale = 0
    while exact.denominator != 1:
        exact, scale = exact * 10, scale + 1
    return Decimal(f"{exact.numerator}E-{scale}")
