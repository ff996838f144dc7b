"""Whole numbers without a limit: columns of Python integers for money and weight.

A column of `object` dtype holds Python integers, so no sum or product here can overflow. A plan has a few such
operations a package, which is cheap; where millions of contents are priced, `kernels` works in int64 limbs instead.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splitship.units import ATTO, ATTO_PER_MICRO, I64, Amounts, decimal_to_atto

Wholes = NDArray[np.object_]
"""A column of Python integers."""

INT64_MAX = 2**63 - 1


def wholes(values: ArrayLike) -> Wholes:
    """Integers as a column of Python integers."""
    column: Wholes = np.asarray(values).astype(object)
    return column


def exact_amounts(amounts: Amounts) -> Wholes:
    """A column of exact decimals in units of 10^-18."""
    column: Wholes = wholes(amounts.micros) * ATTO_PER_MICRO + wholes(amounts.atto)
    return column


def ceil_divide(numerator: Any, denominator: Any) -> Any:
    """The quotient rounded up; integers or columns of them."""
    return -(-numerator // denominator)


def round_half_even(numerator: Wholes, denominator: Any) -> Wholes:
    """Quotients rounded to a whole number, ties to the even one; `denominator` > 0."""
    quotient = numerator // denominator
    twice = 2 * (numerator - quotient * denominator)
    is_up = (twice > denominator) | ((twice == denominator) & (quotient % 2 == 1))
    rounded: Wholes = quotient + is_up.astype(bool).astype(np.int64)
    return wholes(rounded)


def atto_to_micros(values: Wholes) -> Wholes:
    """Amounts in 10^-18 rounded half to even to micros."""
    return round_half_even(values, ATTO_PER_MICRO)


def decimal_micros(value: Decimal) -> int:
    """One exact decimal rounded half to even to a micro."""
    return int(atto_to_micros(wholes([decimal_to_atto(value)]))[0])


def fits(values: Wholes, limit: int = 2**62) -> bool:
    """Whether every magnitude is at most `limit`."""
    return not len(values) or (int(values.max()) <= limit and int(values.min()) >= -limit)


def sum_by_group(values: Wholes, group: I64, num_groups: int) -> Wholes:
    """Exact sums of `values` ([rows]) by `group`, [groups]; rows need not be sorted."""
    sums = wholes(np.zeros(num_groups, np.int64))
    if len(group):
        by_group = np.argsort(group, kind="stable")
        sorted_group = group[by_group]
        starts = np.flatnonzero(np.r_[True, sorted_group[1:] != sorted_group[:-1]])
        sums[sorted_group[starts]] = np.add.reduceat(values[by_group], starts)
    return sums


def product_of_amounts(left: Wholes, right: Wholes) -> Wholes:
    """Products of two columns in 10^-18, rounded half to even to micros."""
    return round_half_even(left * right, ATTO * ATTO_PER_MICRO)
