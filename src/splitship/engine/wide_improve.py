"""Better plans for wide orders, and better prices beside them.

Orders are taken out and planned again at what the others would lose, who make room by moving single units between the
packages that they have (wide_flow.py). First each order alone; when that brings little, some that share a SKU together
(ruin and recreate, Schrimpf et al. 2000, doi 10.1006/jcph.1999.6413). A change stays where it does not cost more.
While one thread does this, another makes a price pass; both are waited for, so that the answer is the same with one.
"""

from __future__ import annotations

import numpy as np

from splitship.engine.dual import PriceSearch
from splitship.engine.search import Search
from splitship.engine.wide_standing import WideStanding
from splitship.spans import spanned
from splitship.units import I64

_BATCH = 100
"""Orders between two looks at the clock."""
_ROUND = 1_500
"""Orders planned again during one price pass."""
_LARGEST = 4
"""Orders of a group at most."""
_SMALL_GAIN = 2e-4
"""Share of the cost; when a sweep over all orders saves less, groups follow."""
_HIGHEST_SHARE = 0.3
"""Share of the prices that a group pays at most on top of what the others lose."""
_PATIENCE = 6
"""Sweeps without a better plan after which the search ends."""
_SHARE_OF_TIME = 0.5
"""Of the time left, where there are orders of both kinds."""
_WORK_PER_LINE = 4e-5
"""Work units to plan an order again, a line."""


@spanned("wide pieces")
def improve_wide(search: Search, prices: PriceSearch) -> None:
    """Plan wide orders again, alone and in groups, until a limit stops the search or sweeps bring nothing."""
    wide, instance = search.pricer.wide, search.instance
    if search.best is None or search.objective is None or search.bound_pass is None or not len(wide.orders):
        return
    if search.is_over():
        return
    until = 0.0
    if len(wide.orders) < instance.num_orders:
        until = search.seconds_left() * (1 - _SHARE_OF_TIME)
    plans = search.best.copy()
    free = instance.resources.capacity - search.pricer.narrow_use_of(plans)
    standing = WideStanding(instance, wide.tables, wide.orders, plans, free)
    rest = search.objective - standing.total
    change = standing.balance(np.arange(len(instance.problem.skus)))
    search.work += _WORK_PER_LINE * len(instance.line_sku)
    total = standing.total + change
    search.offer_plan("wide pieces", plans, rest + total)
    draws, idle, in_groups, before, swept = _Draws(search), 0, False, total, 0
    while idle < _PATIENCE:
        pricing = search.pricer.beside(prices.step)
        done = 0
        while done < _ROUND and not (search.is_over() or search.seconds_left() <= until):
            groups, group_ptr, paid = draws.groups() if in_groups else draws.singles()
            total += standing.move(groups, group_ptr, paid, np.zeros(len(group_ptr) - 1, np.int64))
            search.work += _WORK_PER_LINE * float(np.diff(instance.line_ptr)[groups].sum())
            done += len(groups)
            search.offer_plan("wide pieces", plans, rest + total)
        search.offer_bound("prices", pricing())
        if search.is_over() or search.seconds_left() <= until:
            return
        swept += done
        if swept >= len(wide.orders):
            idle = 0 if total < before else idle + 1
            in_groups = in_groups or before - total <= _SMALL_GAIN * abs(rest + total)
            before, swept = total, 0


class _Draws:
    """Which orders are planned again next, in batches."""

    def __init__(self, search: Search) -> None:
        instance = search.instance
        self.search, self.wide = search, search.pricer.wide.orders
        owner = np.repeat(np.arange(instance.num_orders), np.diff(instance.line_ptr))
        lines = np.flatnonzero(instance.is_wide[owner])
        lines = lines[np.argsort(instance.line_sku[lines], kind="stable")]
        self.owner, self.sku = owner[lines], instance.line_sku[lines]
        self.ptr = np.searchsorted(self.sku, np.arange(len(instance.problem.skus) + 1))
        self.left = np.zeros(0, np.int64)

    def singles(self) -> tuple[I64, I64, I64]:
        """Single orders, each once before any comes again; no prices."""
        if not len(self.left):
            self.left = self.search.random.permutation(self.wide).astype(np.int64)
        orders, self.left = self.left[:_BATCH], self.left[_BATCH:]
        return orders, np.arange(len(orders) + 1), np.zeros(len(self.search.instance.resources), np.int64)

    def groups(self) -> tuple[I64, I64, I64]:
        """Random orders of random SKUs, at a random share of the prices of the bound."""
        random, bound_pass = self.search.random, self.search.bound_pass
        assert bound_pass is not None
        groups: list[I64] = []
        while sum(map(len, groups)) < _BATCH:
            sku = self.sku[random.integers(len(self.sku))]
            pool = np.unique(self.owner[self.ptr[sku] : self.ptr[sku + 1]])
            groups.append(random.choice(pool, min(len(pool), int(random.integers(1, _LARGEST + 1))), replace=False))
        sizes = np.array([len(group) for group in groups])
        prices = np.rint(bound_pass.prices * random.uniform(0, _HIGHEST_SHARE)).astype(np.int64)
        return np.concatenate(groups).astype(np.int64), np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), prices
