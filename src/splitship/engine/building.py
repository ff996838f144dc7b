"""First plans: orders placed one after the other, at no prices or at the prices of the dual search."""

from __future__ import annotations

import numpy as np

from splitship.engine.assignment import Assignment
from splitship.engine.search import WORK_PER_CONTENT, Search
from splitship.spans import spanned
from splitship.units import I64

_ROUNDS = 10
_PRICED_ROUNDS = 7


@spanned("first plan")
def build_at_arrival(search: Search) -> None:
    """Each order in the sequence of arrival takes its cheapest plan on what is left: always there first."""
    orders = search.instance.problem.orders
    sequence = np.lexsort((np.arange(len(orders)), orders.placed_at_us)).astype(np.int64)
    prices = np.zeros(len(search.instance.resources), np.int64)
    assignment, _, total = _place(search, sequence, prices)
    search.offer_plan("first plan", assignment, total)


@spanned("building")
def build_at_prices(search: Search) -> None:
    """Orders in falling order of their priced cost take their cheapest priced plan on what is left.

    Then every order is taken out and put back at its best, at prices that shrink to zero.
    """
    if search.bound_pass is None or search.is_over():
        return
    prices, cost = search.bound_pass.prices, search.bound_pass.cost
    sequence = np.lexsort((np.arange(len(cost)), -cost)).astype(np.int64)
    assignment, residual, total = _place(search, sequence, prices)
    search.offer_plan("building", assignment, total)
    for round_number in range(_ROUNDS):
        if search.is_over():
            return
        share = max(0.0, 1.0 - round_number / _PRICED_ROUNDS)
        lowered = np.rint(prices * share).astype(np.int64)
        total += search.pricer.replace(sequence, lowered, residual, assignment)
        search.work += 2 * WORK_PER_CONTENT * len(search.instance.content_cost)
        search.offer_plan("re-insertion", assignment, total)


def _place(search: Search, sequence: I64, prices: I64) -> tuple[Assignment, I64, int]:
    residual = search.instance.resources.capacity.copy()
    assignment = Assignment.empty(search.pricer.tables)
    total = search.pricer.place(sequence, prices, residual, assignment)
    search.work += WORK_PER_CONTENT * len(search.instance.content_cost)
    return assignment, residual, total
