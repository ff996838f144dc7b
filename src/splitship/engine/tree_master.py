"""The linear relaxation behind branch and bound: plans that may matter, cuts, and decisions as closed columns."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from splitship.engine.claims import Claims
from splitship.engine.cutting import claims_of_columns, lines_of_columns, with_own_prices
from splitship.engine.decisions import Path
from splitship.engine.dual import Pass, Pricer
from splitship.engine.master import Columns, append_columns, columns_of_plans
from splitship.engine.supply_cuts import Cut, cut_matrix, find_cuts
from splitship.solvers.hot_lp import HotLp
from splitship.units import I64, MICROS, Bools, Floats

_MOST_CUTS = 2_000
_WITHIN = 1e-6
_LEAST_GAIN = 1e-5
"""A plan is worth adding when it is this much (of money) cheaper than what the relaxation pays for its order."""


@dataclass(frozen=True, slots=True)
class Point:
    """An optimum of the relaxation: value (micros), share of every column, what each order costs at its prices [orders]
    (micros), and prices of rows and option lines."""

    value: float
    shares: Floats
    order_cost: Floats
    prices: I64


class TreeMaster:
    """Columns (plans), rows and cuts; grows, and is solved under any decisions.

    The linear program's columns are one stand-in for every order, dearer than any plan, and then `columns`; its rows
    are the orders, and behind them rows of resources and cuts as they came in. A row comes in when a point exceeds it.
    """

    def __init__(self, pricer: Pricer, columns: Columns, cuts: list[Cut], rows: I64, stand_in: int) -> None:
        """`columns` are plans of all orders; `stand_in` is the price in micros of an order without a plan.

        `rows` are there from the start.
        """
        self.pricer, self.columns = pricer, columns
        self.claims: Claims = pricer.need_claims()
        self.capacity = pricer.instance.resources.capacity
        self.num_orders = len(columns.orders)
        self.cuts: list[Cut] = []
        self.pivots = 0
        self.num_claims = len(self.claims.row)
        self.taken = self._subjects_of(columns)
        self.may_decide = np.concatenate([self.claims.is_whole, pricer.tables.line_radix == 2])
        self._keys = set(zip(columns.owner.tolist(), columns.key.tolist(), strict=True))
        num = self.num_orders
        self._rows: list[int] = []
        self._row_places: list[int] = []
        self._cut_places: list[int] = []
        self._num_lp_rows = num
        self._lp = HotLp(
            np.concatenate([np.full(num, stand_in / MICROS), columns.cost / MICROS]),
            sparse.hstack([sparse.eye_array(num), self._owners(columns)], format="csr"),
            np.ones(num),
            np.ones(num),
        )
        self._add_rows(rows)
        self._add_cuts(cuts)

    @property
    def num_rows(self) -> int:
        """Rows of the linear program."""
        return self._num_lp_rows

    def close(self) -> None:
        """Give the solver back."""
        self._lp.close()

    def solve(self, path: Path, seconds: float) -> Point | None:
        """The optimum under decisions; None without time."""
        return self.solve_open(~self.closed(path), seconds)

    def solve_open(self, is_open: Bools, seconds: float) -> Point | None:
        """The optimum with some columns only, [columns]; None without time."""
        until = time.perf_counter() + seconds
        self._lp.open_only(np.concatenate([np.ones(self.num_orders, np.bool_), is_open]))
        while True:
            answer = self._lp.solve(until - time.perf_counter())
            if answer is None:
                return None
            self.pivots += answer.pivots
            shares = answer.values[self.num_orders :]
            over = np.flatnonzero(self.columns.use @ shares > self.capacity + _WITHIN)
            over = np.setdiff1d(over, self._rows)
            if not len(over):
                break
            self._add_rows(over)
        duals = np.maximum(0.0, -answer.duals) * MICROS
        prices = np.zeros(len(self.capacity), np.int64)
        prices[self._rows] = np.rint(duals[self._row_places]).astype(np.int64)
        own = with_own_prices(self.claims, self.cuts, prices, duals[self._cut_places])
        return Point(answer.objective * MICROS, shares, answer.duals[: self.num_orders] * MICROS, own)

    def probe(self, subject: int, ships: bool, seconds: float) -> float:
        """The optimum in micros with one more decision, from the last point solved; -infinite without time."""
        value, pivots = self._lp.probe(self.num_orders + np.flatnonzero(self.closed(((subject, ships),))), seconds)
        self.pivots += pivots
        return value * MICROS

    def closed(self, path: Path) -> Bools:
        """Columns that do not keep decisions, [columns]."""
        closed = np.zeros(len(self.columns), np.bool_)
        for subject, ships in path:
            takes = self.taken.indices[self.taken.indptr[subject] : self.taken.indptr[subject + 1]]
            if ships:
                order = self.order_of(subject)
                of_order = np.flatnonzero(self.columns.owner == order)
                closed[np.setdiff1d(of_order, takes, assume_unique=True)] = True
            else:
                closed[takes] = True
        return closed

    def order_of(self, subject: int) -> int:
        """The order of a claim or line."""
        line = self.claims.line[subject] if subject < self.num_claims else subject - self.num_claims
        return int(np.searchsorted(self.pricer.instance.line_ptr, line, side="right")) - 1

    def add_plans(self, result: Pass, point: Point) -> int:
        """Add the plans of a pass that are cheaper than the relaxation thinks their orders cost; returns how many."""
        gain = point.order_cost - result.cost
        orders = np.flatnonzero(gain > _LEAST_GAIN * MICROS)
        if not len(orders):
            return 0
        found = columns_of_plans(self.pricer, orders, result.plans)
        found.owner, found.orders = orders[found.owner], self.columns.orders
        found.is_complete = self.columns.is_complete
        pairs = list(zip(found.owner.tolist(), found.key.tolist(), strict=True))
        new = np.array([position for position, pair in enumerate(pairs) if pair not in self._keys], np.int64)
        if not len(new):
            return 0
        self._keys.update(pairs)
        found = _take(found, new)
        self.columns = append_columns(self.columns, found)
        taken = self._subjects_of(found)
        self.taken = sparse.hstack([self.taken, taken], format="csr")
        parts = [
            self._owners(found),
            found.use.tocsr()[self._rows],
            self._of_claims(self.cuts) @ taken[: self.num_claims],
        ]
        places = np.concatenate([np.arange(self.num_orders), self._row_places, self._cut_places]).astype(np.int64)
        matrix = sparse.vstack(parts, format="csr")[np.argsort(places)]
        self._lp.add_columns(found.cost / MICROS, matrix)
        return len(new)

    def add_cuts_at(self, point: Point) -> int:
        """Cut off a fractional point; returns how many cuts were found."""
        if len(self.cuts) >= _MOST_CUTS:
            return 0
        found = find_cuts(self.claims, self.capacity, self.taken[: self.num_claims] @ point.shares)
        self._add_cuts(found)
        return len(found)

    def _add_cuts(self, cuts: list[Cut]) -> None:
        if not cuts:
            return
        self.cuts.extend(cuts)
        self._cut_places.extend(
            self._at_end(self._of_claims(cuts) @ self.taken[: self.num_claims], np.array([cut.beta for cut in cuts]))
        )

    def _add_rows(self, rows: I64) -> None:
        self._rows.extend(rows.tolist())
        self._row_places.extend(self._at_end(self.columns.use.tocsr()[rows], self.capacity[rows].astype(float)))

    def _at_end(self, matrix: sparse.csr_array, upper: Floats) -> range:
        """Rows of the linear program at its end; where they are."""
        num, first = len(upper), self._num_lp_rows
        none = sparse.csr_array((num, self.num_orders))
        self._lp.add_rows(sparse.hstack([none, matrix], format="csr"), np.full(num, -np.inf), upper)
        self._num_lp_rows += num
        return range(first, first + num)

    def _of_claims(self, cuts: list[Cut]) -> sparse.csr_array:
        return cut_matrix(cuts, len(self.claims.row))

    def _subjects_of(self, columns: Columns) -> sparse.csr_array:
        """What can be decided of every column: which claims and which lines it ships, [claims + lines, columns]."""
        parts = [claims_of_columns(self.pricer, self.claims, columns), lines_of_columns(self.pricer, columns)]
        subjects: sparse.csr_array = sparse.vstack(parts, format="csr")
        return subjects

    def _owners(self, columns: Columns) -> sparse.csr_array:
        num = len(columns)
        return sparse.csr_array((np.ones(num), (columns.owner, np.arange(num))), shape=(self.num_orders, num))


def _take(columns: Columns, positions: I64) -> Columns:
    counts = np.diff(columns.ptr)[positions]
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    slots = np.repeat(columns.ptr[positions], counts) + within
    return Columns(
        columns.orders,
        columns.owner[positions],
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        columns.option[slots],
        columns.content[slots],
        columns.cost[positions],
        columns.key[positions],
        columns.use[:, positions],
        columns.is_complete,
    )
