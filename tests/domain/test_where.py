"""Conditions: a whole column at a time against one cell after another, and the ends of exact arithmetic."""

import random
import re
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from splitship.domain.where import (
    All,
    AnyOf,
    Compare,
    Condition,
    Like,
    Not,
    NumberColumn,
    TextColumn,
    condition_text,
    instant_us,
    matches,
    non_numbers,
    text_meets,
    where_mask,
)
from splitship.units import strings


def plainly(condition: Condition, cell: Any) -> bool:
    """One cell (text, Decimal, or None for an empty number) judged from the meaning of the words."""
    if isinstance(condition, Not):
        return not plainly(condition.condition, cell)
    if isinstance(condition, All):
        return all(plainly(part, cell) for part in condition.conditions)
    if isinstance(condition, AnyOf):
        if cell is None:
            return "" in condition.values
        if isinstance(cell, Decimal):
            return any(Decimal(value) == cell for value in condition.values if value)
        return cell in condition.values
    if isinstance(condition, Like):
        return re.fullmatch(".*".join(map(re.escape, condition.pattern.split("%"))), cell, re.DOTALL) is not None
    if cell in (None, ""):
        return False
    number = Decimal(cell)
    signs = {"gt": number > condition.bound, "ge": number >= condition.bound}
    return (signs | {"lt": number < condition.bound, "le": number <= condition.bound})[condition.order]


def some_number(rng: random.Random, decimals: int) -> str:
    """Few values, so that equal ones meet; the decimals reach the column's last digit."""
    return format(Decimal(rng.randint(-3, 3)) + Decimal(rng.randint(-1, 1)).scaleb(-decimals), "f")


def some_condition(rng: random.Random, values: list[str], decimals: int, texts: bool, depth: int = 0) -> Condition:
    kind = rng.choice(["any", "any", "order", "not", "all", "like" if texts else "order"])
    if kind in ("not", "all") and depth > 2:
        kind = "any"
    if kind == "any":
        return AnyOf(tuple(rng.choice([*values, ""]) for _ in range(rng.randint(1, 3))))
    if kind == "order":
        return Compare(rng.choice(["gt", "ge", "lt", "le"]), Decimal(some_number(rng, decimals + rng.randint(0, 1))))
    if kind == "like":
        return Like("".join(rng.choice("%%10-.") for _ in range(rng.randint(1, 4))))
    if kind == "not":
        return Not(some_condition(rng, values, decimals, texts, depth + 1))
    return All(tuple(some_condition(rng, values, decimals, texts, depth + 1) for _ in range(rng.randint(1, 3))))


@pytest.mark.parametrize("seed", range(40))
def test_text_column_meets_what_its_cells_meet(seed: int) -> None:
    """Numbers as text, with empty cells: all kinds of conditions, nested."""
    rng = random.Random(seed)
    cells = [rng.choice(["", some_number(rng, 1), some_number(rng, 0)]) for _ in range(60)]
    column = TextColumn.of(strings(cells))
    for _ in range(25):
        condition = some_condition(rng, cells, 1, True)
        expected = [plainly(condition, cell) for cell in cells]
        assert matches(condition, column).tolist() == expected, condition_text(condition)
        assert [text_meets(condition, cell) for cell in cells] == expected


@pytest.mark.parametrize(("dtype", "scale"), [("int64", 6), ("object", 18), ("int64", 0), ("float64", 0)])
@pytest.mark.parametrize("seed", range(10))
def test_number_column_meets_what_its_cells_meet(seed: int, dtype: str, scale: int) -> None:
    """Exact integers of 10^-scale, Python integers and floats, with empty cells; bounds beyond the last digit."""
    rng = random.Random(seed)
    decimals = 2 if dtype == "float64" else scale
    cells = [None if rng.random() < 0.2 else Decimal(some_number(rng, decimals)) for _ in range(60)]
    given = np.array([cell is not None for cell in cells])
    numbers = [float(cell or 0) if dtype == "float64" else int((cell or Decimal(0)).scaleb(scale)) for cell in cells]
    column = NumberColumn(np.array(numbers, dtype), scale, given)
    values = [format(cell, "f") for cell in cells if cell is not None]
    for _ in range(25):
        condition = some_condition(rng, values, decimals, False)
        assert matches(condition, column).tolist() == [plainly(condition, cell) for cell in cells], condition
    assert [column.number(row) for row in range(60)] == cells


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("SEA%", "SEA7", True),
        ("SEA%", "SEA", True),
        ("SEA%", "NSEA", False),
        ("%7", "SEA7", True),
        ("a%a", "a", False),  # the two ends do not share a letter
        ("a%a", "aa", True),
        ("%b%c%", "abc", True),
        ("%c%b%", "abc", False),
        ("S_A%", "SEA7", False),  # only % is special
        ("sea%", "SEA7", False),  # case counts
        ("%", "", True),
        ("x", "", False),
    ],
)
def test_pattern_fits_when_its_parts_stand_in_sequence(pattern: str, text: str, fits: bool) -> None:
    """% is any text, everything else itself."""
    assert text_meets(Like(pattern), text) is fits
    assert matches(Like(pattern), TextColumn.of(strings([text]))).tolist() == [fits]


def test_comparison_is_exact_at_the_last_digit() -> None:
    """10^-18 apart, and bounds outside int64: floats would not tell them apart, or overflow."""
    column = NumberColumn(np.array([10**18, 10**18 + 1, 2**70], object), 18, np.ones(3, np.bool_))
    assert matches(Compare("gt", Decimal(1)), column).tolist() == [False, True, True]
    assert matches(AnyOf(("1.000000000000000001",)), column).tolist() == [False, True, False]
    whole = NumberColumn(np.array([0, 2**62], np.int64), 0, np.ones(2, np.bool_))
    assert matches(Compare("lt", Decimal(10) ** 30), whole).tolist() == [True, True]
    assert matches(Compare("ge", Decimal(10) ** 30), whole).tolist() == [False, False]
    assert matches(AnyOf((str(10**30), "0.5")), whole).tolist() == [False, False]
    assert matches(Compare("gt", Decimal("-0.5")), whole).tolist() == [True, True]
    assert matches(Compare("le", Decimal("-0.5")), whole).tolist() == [False, False]


def test_order_comparison_of_text_raises() -> None:
    """What is no number is named beforehand by `non_numbers`; '' is no value and meets no comparison."""
    column = TextColumn.of(strings(["5", "", "west", "1e3"]))
    assert non_numbers(column) == ["west", "1e3"]
    with pytest.raises(ValueError, match="'west' is not a number"):
        matches(Compare("gt", Decimal(1)), column)
    assert matches(Compare("gt", Decimal(1)), TextColumn.of(strings(["5", "", "0"]))).tolist() == [True, False, False]
    with pytest.raises(ValueError, match="a pattern needs text"):
        matches(Like("5%"), NumberColumn(np.zeros(1, np.int64), 0, np.ones(1, np.bool_)))


def test_unused_distinct_texts_do_not_count() -> None:
    """A column may share a list of texts of which some stand in no row."""
    column = TextColumn(strings(["x", "5"]), np.array([1, 1]))
    assert non_numbers(column) == []


def test_instants_are_equal_when_they_are_the_same_moment() -> None:
    """09:00 at -05:00 is 14:00 UTC."""
    noon = int(datetime.fromisoformat("2026-11-27T14:00:00+00:00").timestamp()) * 10**6
    column = NumberColumn(np.array([noon, noon + 1]), 0, np.ones(2, np.bool_), True)
    assert matches(AnyOf(("2026-11-27T09:00:00-05:00",)), column).tolist() == [True, False]
    assert instant_us("2026-11-27T14:00:00.000001Z") == noon + 1
    with pytest.raises(ValueError, match="offset"):
        instant_us("2026-11-27T14:00:00")


def test_all_columns_must_be_met() -> None:
    """Several columns are a conjunction; no column is every row, also of none."""
    columns = {"a": TextColumn.of(strings(["x", "x", "y"])), "b": TextColumn.of(strings(["1", "2", "2"]))}
    where = (("a", AnyOf(("x",))), ("b", Compare("gt", Decimal(1))))
    assert where_mask(where, columns.__getitem__, 3).tolist() == [False, True, False]
    assert where_mask((), columns.__getitem__, 3).tolist() == [True] * 3
    assert where_mask((("a", AnyOf(("x",))),), lambda name: TextColumn.of(strings([])), 0).tolist() == []
