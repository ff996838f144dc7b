"""Improving a plan piece by piece: the orders around some SKUs are freed and chosen again together, the rest fixed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.domain import Termination, TerminationReason
from splitship.engine.master import (
    Columns,
    choose_columns,
    near_best_columns,
    put_columns,
    relax_columns,
    without_dear,
    work_to_choose,
)
from splitship.engine.search import Search
from splitship.engine.work import WORK_PER_ENTRY
from splitship.instance import Instance
from splitship.spans import spanned
from splitship.units import I64, Bools, Floats

_FIRST_LEVELS = ((0.025, 600.0), (0.08, 300.0), (0.2, 150.0), (0.5, 100.0))
"""Slack as a share of an order's mean cost, and orders of a piece to begin with."""
_SMALLEST_PIECE = 40
_FIRST_FRACTIONAL, _MOST_FRACTIONAL = 80, 300
"""Fractional columns of the linear relaxation beyond which a piece is too hard; the first limit grows when idle."""
_PATIENCE = 20
_CAP, _MOST_CAP = 200, 4_000
_NODE_LIMIT = 10
_COARSEST_GAP, _FINEST_GAP, _SHARE_OF_GAP = 1e-3, 1e-5, 0.05
"""A piece is chosen to within this share of the batch's relative gap, between the two."""
_PROOF_CAP = 2_000
_PROOF_COLUMNS = 60_000
_MOST_PROVEN, _MOST_NODES = 250, 2_000
"""Fractional columns with which a proof by one master is tried, and nodes of its tree."""
_SAMPLE = 16


@spanned("whole master")
def prove_or_improve(search: Search) -> None:
    """Small batches: all plans that could be part of a better answer, as one master. Proven: nothing better exists.

    A plan whose priced cost exceeds its order's best by more than objective - bound cannot be in a better answer
    (reduced-cost fixing).
    """
    if search.bound_pass is None or search.best is None or search.objective is None or search.is_over():
        return
    instance = search.instance
    orders = np.flatnonzero(~instance.is_wide)
    if len(orders) != instance.num_orders:
        return
    slack = np.full(len(orders), search.objective - search.bound_pass.bound, np.int64)
    columns = _bounded_columns(search, orders, slack)
    if columns is None:
        return
    capacity = instance.resources.capacity
    relaxed = relax_columns(columns, capacity, search.seconds_left())
    search.work += WORK_PER_ENTRY * columns.use.nnz
    if relaxed is None or relaxed.num_fractional > _MOST_PROVEN:
        return
    columns = without_dear(search.pricer, columns, relaxed, search.objective)
    choice = choose_columns(columns, capacity, search.seconds_left(), _MOST_NODES, 0.0)
    search.work += work_to_choose(choice, relaxed.num_fractional)
    if choice.chosen is not None:
        _adopt(search, columns, choice.chosen, "master")
        if choice.is_optimal:
            detail = "every plan that could be part of a better answer was compared in one master model"
            search.stopped = Termination(TerminationReason.OPTIMAL, detail=detail)
            if instance.problem.reserves.is_priced.any() and (instance.problem.lines.quantity > 1).any():
                detail += ", but for those in which units of a line in a package differ in what they pay for reserves"
                search.stopped = Termination(TerminationReason.WORK_LIMIT, "plans", detail)


def _bounded_columns(search: Search, orders: I64, slack: I64) -> Columns | None:
    """All columns within the slack, None when there are too many to try."""
    assert search.bound_pass is not None
    sample = np.unique(np.linspace(0, len(orders) - 1, _SAMPLE).astype(np.int64)) if len(orders) else orders
    if 4 * len(sample) < len(orders):
        tried = near_best_columns(
            search.pricer, orders[sample], search.bound_pass.prices, slack[sample], _PROOF_CAP, None
        )
        if not tried.is_complete.all() or len(tried) / len(sample) * len(orders) > 2 * _PROOF_COLUMNS:
            return None
    columns = near_best_columns(search.pricer, orders, search.bound_pass.prices, slack, _PROOF_CAP, search.best)
    if len(columns) > _PROOF_COLUMNS or not columns.is_complete.all():
        return None
    return columns


@dataclass(slots=True)
class _Level:
    """Pieces of one kind: plans within `slack` micros of each order's best; orders, after how hard they were."""

    slack: int
    size: float
    idle: int = 0


@dataclass(slots=True)
class Pieces:
    """Pieces of the plan chosen again, two disjoint ones at a time, in turn wide with few plans and small with many."""

    search: Search
    narrow: int
    sku_ptr: I64
    sku_orders: I64
    levels: list[_Level]
    cap: int = _CAP
    next_level: int = 0
    hardest: int = _FIRST_FRACTIONAL
    is_done: bool = False
    is_proven: bool = False

    @classmethod
    def start(cls, search: Search) -> Pieces:
        """Pieces of the best plan so far."""
        assert search.bound_pass is not None
        instance = search.instance
        by_sku = np.argsort(instance.line_sku, kind="stable")
        owner = np.repeat(np.arange(instance.num_orders), np.diff(instance.line_ptr))
        sku_ptr = np.searchsorted(instance.line_sku[by_sku], np.arange(len(instance.problem.skus) + 1))
        narrow = np.flatnonzero(~instance.is_wide)
        mean = int(search.bound_pass.cost[narrow].sum()) // max(1, len(narrow))
        levels = [_Level(max(1, int(mean * share)), min(float(len(narrow)), size)) for share, size in _FIRST_LEVELS]
        return cls(search, len(narrow), sku_ptr, owner[by_sku], levels, is_done=not len(narrow))

    @spanned("pieces")
    def turn(self, work: float) -> bool:
        """Free pieces until `work` more units are spent or no piece can improve; whether the plan got better."""
        search = self.search
        if search.best is None or search.bound_pass is None:
            return False
        before, end = search.objective, search.work + work
        weight = self._weights()
        while not self.is_done and not search.is_over() and search.work < end:
            self._step(weight)
        return search.objective != before

    def _step(self, weight: Floats) -> None:
        search, level = self.search, self.levels[self.next_level]
        self.next_level = (self.next_level + 1) % len(self.levels)
        before, size = search.objective, int(level.size)
        taken = np.zeros(search.instance.num_orders, np.bool_)
        pieces = [self._piece(size, weight, taken)]
        if 2 * len(pieces[0]) < self.narrow:
            taken[pieces[0]] = True
            pieces.append(self._piece(size, weight, taken))
        whole = len(pieces[0]) == self.narrow
        tried = self._choose(pieces, level.slack)
        hardest = max(one.num_fractional for one in tried)
        is_optimal = all(one.is_optimal for one in tried)
        if search.objective != before:
            level.idle = 0
        elif hardest <= self.hardest:
            level.idle += len(pieces)
        if hardest > self.hardest or not is_optimal:
            level.size = max(_SMALLEST_PIECE, min(size, len(pieces[0])) * 0.6)
        elif hardest < self.hardest // 2:
            level.size = min(float(self.narrow), size * 1.5)
        if whole and is_optimal and level.idle:
            self._look_further(level, all(one.is_complete for one in tried))
        if all(one.idle > _PATIENCE + 4 * self.narrow / max(1.0, one.size) for one in self.levels):
            self.is_done = self.hardest >= _MOST_FRACTIONAL
            self.hardest = min(_MOST_FRACTIONAL, self.hardest * 3 // 2)
            for one in self.levels:
                one.idle = 0

    def _look_further(self, level: _Level, is_complete: bool) -> None:
        """After the whole batch was one piece and nothing better was found: more plans, or the end."""
        gap = (self.search.objective or 0) - (self.search.bound or 0)
        if level.slack < gap:
            level.slack *= 2
        elif is_complete or self.cap >= _MOST_CAP:
            self.is_done = self.is_proven = True  # nothing better exists
        else:
            self.cap *= 4

    def _weights(self) -> Floats:
        """How much each SKU stands between plan and bound, [SKUs]: regret of its orders, priced supply unused."""
        search, instance = self.search, self.search.instance
        assert search.best is not None
        assert search.bound_pass is not None
        resources, plans, prices = instance.resources, search.best, search.bound_pass.prices
        regret = np.maximum(0, search.pricer.regrets(plans, search.bound_pass)).astype(float)
        owner = np.repeat(np.arange(instance.num_orders), np.diff(instance.line_ptr))
        num_skus = len(instance.problem.skus)
        weight = np.bincount(instance.line_sku, (regret / np.maximum(1, np.diff(instance.line_ptr)))[owner], num_skus)
        stock = np.flatnonzero(resources.kind == 0)
        unused = (prices[stock] * search.residual(plans)[stock]).astype(float)
        weight += np.bincount(resources.sku_idx[stock], unused, num_skus)
        weights: Floats = np.asarray(weight, float) + max(1.0, float(weight.mean())) / 10.0  # every piece may come up
        return weights

    def _piece(self, size: int, weight: Floats, taken: Bools) -> I64:
        """About `size` narrow orders not `taken` that share SKUs: from one drawn by weight through its orders' SKUs."""
        search, instance = self.search, self.search.instance
        if size >= self.narrow:
            return np.flatnonzero(~instance.is_wide & ~taken)
        taken = taken.copy()
        chance = np.cumsum(weight)
        seen = np.zeros(len(self.sku_ptr) - 1, np.bool_)
        queue: list[int] = []
        found: list[I64] = []
        total = 0
        while total < size and not seen.all():
            if not queue:
                sku = int(np.searchsorted(chance, search.random.random() * chance[-1], side="right"))
                sku = min(sku, len(seen) - 1)
                queue.append(sku if not seen[sku] else int(search.random.choice(np.flatnonzero(~seen))))
            sku = queue.pop(0)
            if seen[sku]:
                continue
            seen[sku] = True
            orders = self.sku_orders[self.sku_ptr[sku] : self.sku_ptr[sku + 1]]
            orders = np.unique(orders[~taken[orders] & ~instance.is_wide[orders]])
            if total + len(orders) > 1.5 * size:
                few = size - total
                orders = np.sort(search.random.choice(orders, few, replace=False)) if few > 0 else orders[:0]
            taken[orders] = True
            found.append(orders)
            total += len(orders)
            neighbours = np.unique(instance.line_sku[_lines_of(instance, orders[:200])])
            queue.extend(search.random.permutation(neighbours[~seen[neighbours]]).tolist())
        return np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)

    def _choose(self, pieces: list[I64], slack: int) -> list[_Tried]:
        """Choose the plans of disjoint pieces again, in two threads where there are two.

        What nobody uses goes to the first piece where both could use it, so that the choices fit together.
        """
        search = self.search
        assert search.best is not None
        pricer = search.pricer
        unused = search.residual(search.best)
        jobs, is_given = [], np.zeros(len(unused), np.bool_)
        for number, piece in enumerate(pieces):
            alone = search.best.copy()
            others = np.ones(search.instance.num_orders, np.bool_)
            others[piece] = False
            alone.count[others] = 0
            capacity = pricer.narrow_use_of(alone) + np.where(is_given, 0, unused)
            if number + 1 < len(pieces):
                is_given |= pricer.possible_rows(piece)
            jobs.append((number, piece, capacity, slack))
        tried = pricer.in_threads(lambda job: self._choose_one(*job), jobs)
        for one in tried:
            search.work += one.work
            if one.chosen is not None:
                _adopt(search, one.columns, one.chosen, "pieces")
        return tried

    def _choose_one(self, number: int, piece: I64, capacity: I64, slack: int) -> _Tried:
        search = self.search
        assert search.best is not None
        assert search.bound_pass is not None
        columns = near_best_columns(
            search.pricer, piece, search.bound_pass.prices, np.full(len(piece), slack, np.int64), self.cap,
            search.best, number,
        )  # fmt: skip
        is_complete = bool(columns.is_complete.all())
        if not len(piece):
            return _Tried(columns, None, True, True, 0, 0.0)
        now = search.pricer.cost_of(search.best, piece)
        relaxed = relax_columns(columns, capacity, search.seconds_left())
        work = WORK_PER_ENTRY * columns.use.nnz
        if relaxed is None:
            return _Tried(columns, None, False, is_complete, 0, work)
        num_fractional = relaxed.num_fractional
        if num_fractional > self.hardest and len(piece) > _SMALLEST_PIECE:
            return _Tried(columns, None, False, is_complete, num_fractional, work)
        useful = without_dear(search.pricer, columns, relaxed, now)
        solver_gap = min(_COARSEST_GAP, max(_FINEST_GAP, _SHARE_OF_GAP * (search.gap or 1.0)))
        choice = choose_columns(useful, capacity, search.seconds_left(), _NODE_LIMIT, solver_gap)
        work += work_to_choose(choice, num_fractional)
        return _Tried(useful, choice.chosen, choice.is_optimal, is_complete, num_fractional, work)


def improve_pieces(search: Search) -> None:
    """Free one piece after another until a limit stops the search or no piece can improve."""
    Pieces.start(search).turn(np.inf)


def _lines_of(instance: Instance, orders: I64) -> I64:
    """The lines of some orders."""
    first, count = instance.line_ptr[orders], np.diff(instance.line_ptr)[orders]
    lines: I64 = np.repeat(first, count) + np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    return lines


@dataclass(frozen=True, slots=True)
class _Tried:
    """How choosing a piece again went.

    `is_optimal`: proven best among its columns; `is_complete`: all plans within the slack were there;
    `num_fractional` columns in the linear relaxation; `work` spent.
    """

    columns: Columns
    chosen: I64 | None
    is_optimal: bool
    is_complete: bool
    num_fractional: int
    work: float


def _adopt(search: Search, columns: Columns, chosen: I64, phase: str) -> None:
    assert search.best is not None
    assert search.objective is not None
    assignment = search.best.copy()
    old = search.pricer.cost_of(search.best, columns.orders)
    put_columns(search.pricer, columns, chosen, assignment)
    search.offer_plan(phase, assignment, search.objective - old + int(columns.cost[chosen].sum()))
