"""Collecting columns, rows and entries of a linear model block by block."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array

from splitship.solvers import LinearModel
from splitship.units import I64, Bools, Floats, strings

INFINITY = np.inf


class Assembler:
    """Grows a `LinearModel`. Names are a prefix and a number, from 0 in order of their addition: `p0`, `p1`, ..."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._columns: list[tuple[Floats, Floats, Floats, Bools]] = []
        self._column_names: list[str] = []
        self._rows: list[tuple[Floats, Floats]] = []
        self._row_names: list[str] = []
        self._named: dict[str, int] = {}
        self._entries: list[tuple[I64, I64, Floats]] = []

    @property
    def num_columns(self) -> int:
        """Columns so far."""
        return len(self._column_names)

    @property
    def num_rows(self) -> int:
        """Rows so far."""
        return len(self._row_names)

    def add_columns(
        self, prefix: str, objective: ArrayLike, upper: ArrayLike, lower: ArrayLike = 0.0, *, is_integer: bool = True
    ) -> I64:
        """A block of columns; `objective` [block] in micros, the bounds broadcast. Returns their positions."""
        costs = np.asarray(objective, np.float64)
        shape = costs.shape
        first = self.num_columns
        self._columns.append(
            (
                costs,
                np.broadcast_to(np.asarray(lower, np.float64), shape),
                np.broadcast_to(np.asarray(upper, np.float64), shape),
                np.full(shape, is_integer, np.bool_),
            )
        )
        self._column_names += self._names(prefix, len(costs))
        return np.arange(first, self.num_columns)

    def add_rows(self, prefix: str, count: int, lower: ArrayLike, upper: ArrayLike) -> I64:
        """A block of `count` rows with bounds that broadcast. Returns their positions."""
        first = self.num_rows
        self._rows.append(
            (
                np.broadcast_to(np.asarray(lower, np.float64), (count,)),
                np.broadcast_to(np.asarray(upper, np.float64), (count,)),
            )
        )
        self._row_names += self._names(prefix, count)
        return np.arange(first, self.num_rows)

    def add_entries(self, rows: I64, columns: I64, coefficients: ArrayLike) -> None:
        """Coefficients of `columns` in `rows`, [entries]; a coefficient broadcasts. Repeated entries are summed."""
        values = np.broadcast_to(np.asarray(coefficients, np.float64), np.shape(rows))
        self._entries.append((np.asarray(rows, np.int64), np.asarray(columns, np.int64), values))

    def _names(self, prefix: str, count: int) -> list[str]:
        first = self._named.get(prefix, 0)
        self._named[prefix] = first + count
        return [f"{prefix}{i}" for i in range(first, first + count)]

    def build(self) -> LinearModel:
        """The model."""
        shape = (self.num_rows, self.num_columns)
        rows, columns, values = (_joined([block[part] for block in self._entries]) for part in range(3))
        matrix = coo_array((values, (rows.astype(np.int64), columns.astype(np.int64))), shape=shape).tocsr()
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        return LinearModel(
            name=self._name,
            objective=_joined([block[0] for block in self._columns]),
            lower=_joined([block[1] for block in self._columns]),
            upper=_joined([block[2] for block in self._columns]),
            is_integer=_joined([block[3] for block in self._columns]).astype(np.bool_),
            column_names=strings(self._column_names),
            matrix=matrix,
            row_lower=_joined([block[0] for block in self._rows]),
            row_upper=_joined([block[1] for block in self._rows]),
            row_names=strings(self._row_names),
        )


def _joined(blocks: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(blocks) if blocks else np.zeros(0)
