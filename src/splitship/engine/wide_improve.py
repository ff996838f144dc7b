"""Better plans for wide orders: some that share a SKU are taken out together and put back in another sequence.

Ruin and recreate (Schrimpf et al. 2000, doi 10.1006/jcph.1999.6413): orders go back at prices, which leaves scarce
units to those who save most by them; the change stays where it does not cost more.
"""

from __future__ import annotations

import numpy as np

from splitship.engine.search import Search
from splitship.spans import spanned
from splitship.units import I64

_GROUPS = 24
"""Groups between two looks at the clock."""
_LARGEST = 5
_CYCLE = 60
"""Rounds in which the prices at which orders go back fall from `_FIRST_SHARE` of those of the bound to nothing."""
_FIRST_SHARE = 0.6
_PATIENCE = 3
"""Cycles without a better plan after which the search ends."""
_SHARE_OF_TIME = 0.5
"""Of the time left, where there are orders of both kinds."""
_WORK_PER_LINE = 2e-5
"""Work units to plan an order again, a line."""


@spanned("wide pieces")
def improve_wide(search: Search) -> None:
    """Take out and put back small groups of wide orders until a limit stops the search or cycles bring nothing."""
    wide, instance = search.pricer.wide, search.instance
    if search.best is None or search.objective is None or search.bound_pass is None or not len(wide.orders):
        return
    plans = search.best.copy()
    residual, total = search.residual(plans), search.objective
    until = 0.0
    if len(wide.orders) < instance.num_orders:
        until = search.seconds_left() * (1 - _SHARE_OF_TIME)
    owner = np.repeat(np.arange(instance.num_orders), np.diff(instance.line_ptr))
    lines = np.flatnonzero(instance.is_wide[owner])
    lines = lines[np.argsort(instance.line_sku[lines], kind="stable")]
    ptr = np.searchsorted(instance.line_sku[lines], np.arange(len(instance.problem.skus) + 1))
    idle = 0
    while idle < _PATIENCE:
        before = total
        for round_number in range(_CYCLE):
            if search.is_over() or search.seconds_left() <= until:
                return
            share = _FIRST_SHARE * (1 - round_number / _CYCLE) * search.random.uniform(0.8, 1.2)
            groups, group_ptr = _draw_groups(search, owner[lines], ptr, instance.line_sku[lines])
            prices = np.rint(search.bound_pass.prices * share).astype(np.int64)
            total += wide.recreate(groups, group_ptr, prices, residual, plans)
            search.work += _WORK_PER_LINE * float(np.diff(instance.line_ptr)[groups].sum())
            search.offer_plan("wide pieces", plans, total)
        idle = 0 if total < before else idle + 1


def _draw_groups(search: Search, owner: I64, ptr: I64, sku: I64) -> tuple[I64, I64]:
    """Random orders of random SKUs, in each group about the cheapest first: the dearest have most ways to adapt."""
    assert search.bound_pass is not None
    groups: list[I64] = []
    for line in search.random.integers(len(sku), size=_GROUPS).tolist():
        pool = np.unique(owner[ptr[sku[line]] : ptr[sku[line] + 1]])
        size = min(len(pool), int(search.random.integers(1, _LARGEST + 1)))
        group = search.random.choice(pool, size, replace=False)
        weight = search.bound_pass.cost[group] * search.random.uniform(0.7, 1.3, size)
        groups.append(group[np.argsort(weight, kind="stable")])
    sizes = np.array([len(group) for group in groups])
    return np.concatenate(groups).astype(np.int64), np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
