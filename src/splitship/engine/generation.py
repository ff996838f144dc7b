"""Column generation: prices from the linear relaxation over near-best plans, until no order has a better plan.

For batches small enough for a simplex solve it closes what the price passes leave between their bound and the linear
optimum over whole-order plans. Master prices swing, so a second pass is made at a mix of them and the best prices so
far (Wentges 1997, doi 10.1016/S0969-6016(97)00001-4).
"""

from __future__ import annotations

import numpy as np

from splitship.engine.master import columns_of_plans, merge_columns, near_best_columns, relax_columns
from splitship.engine.search import Search
from splitship.engine.work import WORK_PER_ENTRY
from splitship.instance import Instance
from splitship.spans import spanned
from splitship.units import MICROS

_MAX_ORDERS, _MAX_CONTENTS = 3_000, 80_000
"""Batches beyond both keep the prices of the passes: their linear relaxation takes too long."""
_MAX_ROUNDS = 25
_FIRST_SLACK = MICROS // 2
_CAP = 40
_TOLERANCE = 1e-7


def is_small_enough(instance: Instance) -> bool:
    """Whether the linear relaxation of the whole batch is solved."""
    return instance.num_orders <= _MAX_ORDERS or len(instance.content_cost) <= _MAX_CONTENTS


@spanned("column generation")
def polish_prices(search: Search) -> None:
    """Raise the bound towards the linear optimum over plans."""
    instance, pricer = search.instance, search.pricer
    orders = np.flatnonzero(~instance.is_wide)
    if search.bound_pass is None or not len(instance.resources) or len(orders) != instance.num_orders:
        return
    if not is_small_enough(instance):
        return
    slack = np.full(len(orders), _FIRST_SLACK, np.int64)
    columns = near_best_columns(pricer, orders, search.bound_pass.prices, slack, _CAP, search.best)
    for _ in range(_MAX_ROUNDS):
        if search.is_over():
            return
        relaxed = relax_columns(columns, instance.resources.capacity, search.seconds_left())
        search.work += 3 * WORK_PER_ENTRY * columns.use.nnz
        if relaxed is None:
            return
        result = pricer.price(relaxed.prices)
        search.offer_bound("column generation", result)
        best = search.bound_pass.prices.copy()  # longer than the rows when it has own prices, of a warm start
        best[: len(relaxed.prices)] += relaxed.prices
        mixed = pricer.price(best // 2)
        search.offer_bound("column generation", mixed)
        if relaxed.value - search.bound_pass.bound <= _TOLERANCE * abs(relaxed.value):
            return
        before = len(columns)
        columns = merge_columns(pricer, columns, columns_of_plans(pricer, orders, result.plans))
        columns = merge_columns(pricer, columns, columns_of_plans(pricer, orders, mixed.plans))
        if len(columns) == before:
            return
