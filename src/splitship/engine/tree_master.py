"""The linear relaxation behind branch and bound: plans that may matter, cuts, and decisions as closed columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from splitship.engine.claims import Claims
from splitship.engine.cutting import claims_of_columns, with_own_prices
from splitship.engine.decisions import Path
from splitship.engine.dual import Pass, Pricer
from splitship.engine.master import Columns, append_columns, columns_of_plans
from splitship.engine.supply_cuts import Cut, cut_matrix, find_cuts
from splitship.solvers.hot_lp import HotLp
from splitship.units import I64, MICROS, Bools, Floats

_MOST_CUTS = 2_000
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
    """Columns (plans), rows that can bind, and cuts; grows, and is solved under any decisions.

    The linear program's columns are one stand-in for every order, dearer than any plan, and then `columns`; its rows are
    the orders, the rows `rows` and the cuts.
    """

    def __init__(self, pricer: Pricer, columns: Columns, cuts: list[Cut], stand_in: int) -> None:
        """`columns` are plans of all orders; `stand_in` is the price in micros of an order without a plan."""
        self.pricer, self.columns = pricer, columns
        self.claims: Claims = pricer.need_claims()
        self.capacity = pricer.instance.resources.capacity
        self.num_orders = len(columns.orders)
        self.rows = _rows_that_can_bind(pricer, self.claims)
        self.cuts: list[Cut] = []
        self.pivots = 0
        self.taken = claims_of_columns(pricer, self.claims, columns)
        self._keys = set(zip(columns.owner.tolist(), columns.key.tolist(), strict=True))
        num = self.num_orders
        ones = np.ones(num)
        matrix = sparse.hstack([sparse.eye_array(num), self._owners(columns)])
        below = sparse.hstack([sparse.csr_array((len(self.rows), num)), columns.use.tocsr()[self.rows]])
        self._lp = HotLp(
            np.concatenate([np.full(num, stand_in / MICROS), columns.cost / MICROS]),
            sparse.vstack([matrix, below], format="csr"),
            np.concatenate([ones, np.full(len(self.rows), -np.inf)]),
            np.concatenate([ones, self.capacity[self.rows].astype(float)]),
        )
        self._add_cuts(cuts)

    def close(self) -> None:
        """Give the solver back."""
        self._lp.close()

    def solve(self, path: Path, seconds: float) -> Point | None:
        """The optimum under decisions; None without time."""
        self._lp.open_only(np.concatenate([np.ones(self.num_orders, np.bool_), ~self.closed(path)]))
        answer = self._lp.solve(seconds)
        if answer is None:
            return None
        self.pivots += answer.pivots
        num, last = self.num_orders, self.num_orders + len(self.rows)
        duals = np.maximum(0.0, -answer.duals[num:]) * MICROS
        prices = np.zeros(len(self.capacity), np.int64)
        prices[self.rows] = np.rint(duals[: last - num]).astype(np.int64)
        own = with_own_prices(self.claims, self.cuts, prices, duals[last - num :])
        return Point(answer.objective * MICROS, answer.values[num:], answer.duals[:num] * MICROS, own)

    def probe(self, claim: int, ships: bool, seconds: float) -> float:
        """The optimum in micros with one more decision, from the last point solved; -infinite without time."""
        value, pivots = self._lp.probe(self.num_orders + np.flatnonzero(self.closed(((claim, ships),))), seconds)
        self.pivots += pivots
        return value * MICROS

    def closed(self, path: Path) -> Bools:
        """Columns that do not keep decisions, [columns]."""
        closed = np.zeros(len(self.columns), np.bool_)
        for claim, ships in path:
            takes = self.taken.indices[self.taken.indptr[claim] : self.taken.indptr[claim + 1]]
            if ships:
                order = self.order_of(claim)
                of_order = np.flatnonzero(self.columns.owner == order)
                closed[np.setdiff1d(of_order, takes, assume_unique=True)] = True
            else:
                closed[takes] = True
        return closed

    def order_of(self, claim: int) -> int:
        """The order of a claim."""
        line = self.claims.line[claim]
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
        taken = claims_of_columns(self.pricer, self.claims, found)
        self.taken = sparse.hstack([self.taken, taken], format="csr")
        parts = [self._owners(found), found.use.tocsr()[self.rows], self._of_claims(self.cuts) @ taken]
        self._lp.add_columns(found.cost / MICROS, sparse.vstack(parts, format="csc"))
        return len(new)

    def add_cuts_at(self, point: Point) -> int:
        """Cut off a fractional point; returns how many cuts were found."""
        if len(self.cuts) >= _MOST_CUTS:
            return 0
        found = find_cuts(self.claims, self.capacity, self.taken @ point.shares)
        self._add_cuts(found)
        return len(found)

    def _add_cuts(self, cuts: list[Cut]) -> None:
        if not cuts:
            return
        self.cuts.extend(cuts)
        rows = self._of_claims(cuts) @ self.taken
        rows = sparse.hstack([sparse.csr_array((len(cuts), self.num_orders)), rows], format="csr")
        self._lp.add_rows(rows, np.full(len(cuts), -np.inf), np.array([cut.beta for cut in cuts]))

    def _of_claims(self, cuts: list[Cut]) -> sparse.csr_array:
        return cut_matrix(cuts, len(self.claims.row))

    def _owners(self, columns: Columns) -> sparse.csr_array:
        num = len(columns)
        return sparse.csr_array((np.ones(num), (columns.owner, np.arange(num))), shape=(self.num_orders, num))


def _rows_that_can_bind(pricer: Pricer, claims: Claims) -> I64:
    """Rows that all orders together could exceed."""
    resources = pricer.instance.resources
    wanted = np.bincount(claims.row, claims.units * claims.pieces, len(resources))
    found: I64 = np.flatnonzero((resources.kind != 0) | (wanted > resources.capacity))
    return found


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
