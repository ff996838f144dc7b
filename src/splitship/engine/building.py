"""First plans: orders placed one after the other, at no prices or at the prices of the dual search."""

from __future__ import annotations

import numpy as np

from splitship.engine.assignment import Assignment
from splitship.engine.search import Search
from splitship.engine.work import WORK_PER_CONTENT
from splitship.spans import spanned
from splitship.units import I64

_CHUNK = 10_000
_SHARE = 0.7
"""Share of the prices at which orders are put back: what is left is worth something to the others."""


@spanned("first plan")
def build_at_arrival(search: Search) -> None:
    """Each order in the sequence of arrival takes its cheapest plan on what is left: always there first."""
    orders = search.instance.problem.orders
    sequence = np.lexsort((np.arange(len(orders)), orders.placed_at_us)).astype(np.int64)
    prices = np.zeros(len(search.instance.resources), np.int64)
    placed = _place(search, sequence, prices, can_stop=False)
    assert placed is not None
    assignment, _, total = placed
    search.offer_plan("first plan", assignment, total)


@spanned("building")
def build_at_prices(search: Search) -> None:
    """Orders in falling order of their priced cost take their cheapest priced plan on what is left.

    Then every order is taken out once and put back at its best, at lower prices.
    """
    if search.bound_pass is None or search.is_over():
        return
    prices, cost = search.bound_pass.prices, search.bound_pass.cost
    sequence = np.lexsort((np.arange(len(cost)), -cost)).astype(np.int64)
    placed = _place(search, sequence, prices, can_stop=True)
    if placed is None:
        return
    assignment, residual, total = placed
    search.offer_plan("building", assignment, total)
    lowered = np.rint(prices * _SHARE).astype(np.int64)
    for chunk in _chunks(sequence):
        if search.is_over():
            break
        total += search.pricer.replace(chunk, lowered, residual, assignment)
        search.work += 2 * WORK_PER_CONTENT * len(search.instance.content_cost) * len(chunk) / len(sequence)
    search.offer_plan("re-insertion", assignment, total)


def _place(search: Search, sequence: I64, prices: I64, can_stop: bool) -> tuple[Assignment, I64, int] | None:
    """Place orders one after the other: plan, what is left, cost; None when a limit stopped it on the way."""
    is_wide = search.instance.is_wide[sequence]
    sequence = np.concatenate([sequence[is_wide], sequence[~is_wide]])  # they need the most at one place
    residual = search.instance.resources.capacity.copy()
    assignment = Assignment.empty(search.pricer.tables)
    total = 0
    for chunk in _chunks(sequence):
        if can_stop and search.is_over():
            return None
        total += search.pricer.place(chunk, prices, residual, assignment)
    search.work += WORK_PER_CONTENT * len(search.instance.content_cost)
    return assignment, residual, total


def _chunks(sequence: I64) -> list[I64]:
    """Parts of a sequence short enough to look at the clock between them."""
    return [sequence[start : start + _CHUNK] for start in range(0, len(sequence), _CHUNK)]
