"""Improving a plan piece by piece: the orders around some SKUs are freed and chosen again together, the rest fixed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.domain import Termination, TerminationReason
from splitship.engine.master import Columns, choose_columns, near_best_columns, put_columns
from splitship.engine.search import WORK_PER_ENTRY, Search
from splitship.spans import spanned
from splitship.units import I64, MICROS

_FIRST_PIECE = 12_000
_SMALLEST_PIECE = 60
_FIRST_SLACK = 3 * MICROS // 10
_CAP, _MOST_CAP = 60, 4_000
_NODE_LIMIT = 60
_COARSE_GAP, _FINE_GAP = 1e-4, 1e-5
_PROOF_CAP = 2_000
_PROOF_COLUMNS = 60_000
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
    choice = choose_columns(columns, instance.resources.capacity, search.seconds_left(), 10**6, 0.0)
    search.work += WORK_PER_ENTRY * choice.num_entries * (1 + choice.num_nodes / 10)
    if choice.chosen is not None:
        _adopt(search, columns, choice.chosen, "master")
        if choice.is_optimal:
            detail = "every plan that could be part of a better answer was compared in one master model"
            search.stopped = Termination(TerminationReason.OPTIMAL, detail=detail)


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


@spanned("pieces")
def improve_pieces(search: Search) -> None:
    """Free one piece after another until a limit stops the search or no piece can improve."""
    instance = search.instance
    if search.best is None or search.bound_pass is None:
        return
    narrow = int((~instance.is_wide).sum())
    if not narrow:
        return
    by_sku = np.argsort(instance.line_sku, kind="stable")
    owner = np.repeat(np.arange(instance.num_orders), np.diff(instance.line_ptr))
    sku_ptr = np.searchsorted(instance.line_sku[by_sku], np.arange(len(instance.problem.skus) + 1))
    sku_orders = owner[by_sku]
    contested = _contested_skus(search)
    size, slack, cap, idle = float(min(narrow, _FIRST_PIECE)), float(_FIRST_SLACK), _CAP, 0
    while not search.is_over():
        piece = _piece(search, int(size), contested, sku_ptr, sku_orders)
        before, whole = search.objective, len(piece) == narrow
        tried = _improve(search, piece, int(slack), cap)
        gap = (search.objective or 0) - (search.bound or 0)
        idle = 0 if search.objective != before else idle + 1
        if not tried.is_optimal:
            size, slack = max(_SMALLEST_PIECE, min(size, len(piece)) * 0.5), max(slack * 0.8, _FIRST_SLACK)
        elif whole and slack > gap:  # nothing better within these columns; more of them, or the end
            if tried.is_complete or cap >= _MOST_CAP:
                return
            cap *= 4
        else:
            slack *= 2.0 if whole else 1.1
            size = min(float(narrow), size * (1.25 if tried.num_nodes <= 1 else 1.0))
        if idle > 40 + 4 * narrow / max(1.0, size) and slack > gap:
            return


def _contested_skus(search: Search) -> I64:
    """SKUs with a priced stock row, dearest first; all SKUs when none is priced."""
    assert search.bound_pass is not None
    resources = search.instance.resources
    prices = search.bound_pass.prices[: len(resources)]
    priced = (resources.kind == 0) & (prices > 0)
    weight = np.bincount(
        resources.sku_idx[priced], prices[priced].astype(float) * resources.capacity[priced],
        len(search.instance.problem.skus),
    )  # fmt: skip
    found = np.flatnonzero(weight > 0)
    return found if len(found) else np.arange(len(weight))


def _piece(search: Search, size: int, contested: I64, sku_ptr: I64, sku_orders: I64) -> I64:
    """About `size` narrow orders that share SKUs: from a random contested SKU through the SKUs of its orders."""
    instance = search.instance
    if size >= instance.num_orders - int(instance.is_wide.sum()):
        return np.flatnonzero(~instance.is_wide)
    taken = np.zeros(instance.num_orders, np.bool_)
    seen = np.zeros(len(sku_ptr) - 1, np.bool_)
    queue: list[int] = []
    found: list[I64] = []
    total = 0
    while total < size:
        if not queue:
            queue.append(int(search.random.choice(contested)))
            if seen[queue[0]]:
                rest = contested[~seen[contested]]
                if not len(rest):
                    break
                queue[0] = int(search.random.choice(rest))
        sku = queue.pop(0)
        if seen[sku]:
            continue
        seen[sku] = True
        orders = sku_orders[sku_ptr[sku] : sku_ptr[sku + 1]]
        orders = np.unique(orders[~taken[orders] & ~instance.is_wide[orders]])
        if total + len(orders) > 1.5 * size:
            orders = np.sort(search.random.choice(orders, size - total, replace=False)) if size > total else orders[:0]
        taken[orders] = True
        found.append(orders)
        total += len(orders)
        lines = (
            np.concatenate([np.arange(instance.line_ptr[o], instance.line_ptr[o + 1]) for o in orders[:200]])
            if len(orders)
            else np.zeros(0, np.int64)
        )
        neighbours = np.unique(instance.line_sku[lines])
        queue.extend(search.random.permutation(neighbours[~seen[neighbours]]).tolist())
    return np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class _Tried:
    """How choosing a piece again went: proven best among its columns; all plans within the slack were there; nodes."""

    is_optimal: bool
    is_complete: bool
    num_nodes: int


def _improve(search: Search, piece: I64, slack: int, cap: int) -> _Tried:
    """Choose the plans of a piece again."""
    assert search.best is not None
    assert search.bound_pass is not None
    if not len(piece):
        return _Tried(True, True, 0)
    columns = near_best_columns(
        search.pricer, piece, search.bound_pass.prices, np.full(len(piece), slack, np.int64), cap, search.best
    )
    others = search.best.copy()
    others.count[piece] = 0
    capacity = search.residual(others)
    solver_gap = _COARSE_GAP if (search.gap or 1.0) > 20 * _COARSE_GAP else _FINE_GAP
    choice = choose_columns(columns, capacity, search.seconds_left(), _NODE_LIMIT, solver_gap)
    search.work += WORK_PER_ENTRY * choice.num_entries * (1 + choice.num_nodes / 10)
    if choice.chosen is not None:
        _adopt(search, columns, choice.chosen, "pieces")
    return _Tried(choice.is_optimal, bool(columns.is_complete.all()), choice.num_nodes)


def _adopt(search: Search, columns: Columns, chosen: I64, phase: str) -> None:
    assert search.best is not None
    assert search.objective is not None
    assignment = search.best.copy()
    old = search.pricer.cost_of(search.best, columns.orders)
    put_columns(search.pricer, columns, chosen, assignment)
    search.offer_plan(phase, assignment, search.objective - old + int(columns.cost[chosen].sum()))
