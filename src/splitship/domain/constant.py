"""Columns that hold one value throughout: what a column that nobody filled costs nothing to be."""

from __future__ import annotations

from dataclasses import field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splitship.units import I64, Amounts

NEUTRAL = "neutral"
"""Key in the metadata of a field of a table: the value that says nothing.

A column that holds it throughout is as good as absent, and is no part of the hash of an input.
"""


def constant(value: int, num_rows: int) -> I64:
    """A column of one value in the memory of one; read-only, not contiguous."""
    return np.broadcast_to(np.int64(value), num_rows)


def is_constant(column: NDArray[Any] | Amounts, value: int) -> bool:
    """The column holds the value throughout, also when it has no rows."""
    if isinstance(column, Amounts):
        return is_constant(column.micros, value) and is_constant(column.atto, 0)
    is_broadcast = column.ndim == 1 and column.strides == (0,)
    return bool((column[:1] == value).all() if is_broadcast else (column == value).all())


_IS_COLUMN = "column"


def column_of(value: int | bool) -> Any:
    """The field of a column that may be left out: it holds `value`, its neutral value, throughout."""
    return field(default=None, metadata={NEUTRAL: value, _IS_COLUMN: True})


def fill_columns(table: Any, num_rows: int) -> None:
    """Give a table in the making the columns that were left out."""
    for one in fields(table):
        if one.metadata.get(_IS_COLUMN) and getattr(table, one.name) is None:
            object.__setattr__(table, one.name, np.broadcast_to(np.asarray(one.metadata[NEUTRAL]), num_rows))
