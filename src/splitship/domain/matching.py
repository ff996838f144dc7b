"""Rows of one column that have the values of another."""

from __future__ import annotations

import numpy as np

from splitship.units import I64


def matching_rows(keys: I64, asked: I64) -> tuple[I64, I64]:
    """Every pair of a row of `keys`, which ascend, and a row of `asked` with the same value, sorted by the latter."""
    first = np.searchsorted(keys, asked)
    count = np.searchsorted(keys, asked, side="right") - first
    row = np.repeat(np.arange(len(asked)), count)
    at: I64 = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + first[row]
    return at, row
