"""Which of many equally good prices: those that leave the decisions of the batch least in doubt.

Optimal prices are seldom unique: any price between what the last order to get a unit would pay and what the first one
without would pay proves the same bound. A price at either end leaves an order of the batch undecided. So the linear
program over plans is solved with a small share of every order of the batch moved from its plan to the best other one:
its dual adds, to the bound, a small multiple of how much dearer every order's best other plan is at the prices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from splitship.domain import Plan
from splitship.engine.dual import Pass, Pricer
from splitship.engine.master import Columns, columns_of_plans, near_best_columns
from splitship.engine.warm import assignment_of
from splitship.solvers.highs import solve_lp
from splitship.units import I64, MICROS, Floats

_MAX_GROUPS = 3_000
"""More different orders keep the prices of the certificate: the linear program takes too long."""
_MAX_ROUNDS = 25
_CAP = 24
_LARGEST_SHARE, _SMALLEST_SHARE, _SHARE_OF_ALL = 1e-3, 1e-5, 0.1
_DEAREST = 10
"""A price above so many times the dearest plan is none: supply beyond what there is may be had for it."""
_TIE = 10.0
"""Micros by which plans of the same cost may differ once prices are rounded."""
_NUDGE, _LEAST_NUDGE = 1e-3, 100
"""Share of a price by which it is moved to break ties, and the least of it in micros."""
_TOLERANCE = 1e-5
"""The bound may be lower by this share: prices are rounded, and the moved share is not nothing."""


@dataclass(slots=True)
class _Pool:
    """Plans by group: `use` is [rows, plans], `cost` in micros; of plans of equal use in a group the cheapest."""

    group: I64
    cost: I64
    key: np.ndarray
    use: sparse.csc_array

    @classmethod
    def of(cls, parts: list[Columns], group_of: I64) -> _Pool:
        """The plans of `parts`, by the group `group_of` [orders] of their orders."""
        group = np.concatenate([group_of[part.orders[part.owner]] for part in parts])
        cost, key = (np.concatenate([getattr(part, name) for part in parts]) for name in ("cost", "key"))
        return cls(group, cost, key, sparse.hstack([part.use for part in parts], format="csc")).distinct()

    def with_more(self, other: _Pool) -> _Pool:
        """The plans of both."""
        return _Pool(
            np.concatenate([self.group, other.group]), np.concatenate([self.cost, other.cost]),
            np.concatenate([self.key, other.key]), sparse.hstack([self.use, other.use], format="csc"),
        ).distinct()  # fmt: skip

    def distinct(self) -> _Pool:
        """Each use once a group."""
        order = np.lexsort((self.cost, self.key, self.group))
        first = np.ones(len(order), np.bool_)
        first[1:] = (np.diff(self.group[order]) != 0) | (self.key[order][1:] != self.key[order][:-1])
        pick = np.sort(order[first])
        return _Pool(self.group[pick], self.cost[pick], self.key[pick], self.use[:, pick])

    def __len__(self) -> int:
        return len(self.group)


def settle_prices(
    pricer: Pricer, prices: I64, plan: Plan, group: I64, num_batch: int, seconds_left: Callable[[], float]
) -> tuple[I64, bool]:
    """Prices of all rows that prove as much as `prices` and decide the batch clearly, [rows].

    `plan` is a good plan of the instance, of which the first `num_batch` orders are the batch. Orders of one `group`
    [orders] are the same. Orders of more than 1,024 quantity vectors keep what the plan gives them. `seconds_left`
    says how long it may take. False: there are too many orders, or there is no time, for more than breaking ties at
    `prices`.
    """
    instance = pricer.instance
    narrow = np.flatnonzero(~instance.is_wide)
    batch = narrow[narrow < num_batch]
    if not len(batch) or not len(instance.resources):
        return prices, False
    groups, first, number = np.unique(group[narrow], return_index=True, return_inverse=True)
    group_of = np.full(instance.num_orders, -1, np.int64)
    group_of[narrow] = number.reshape(-1)
    plans = assignment_of(pricer, plan)
    chosen = columns_of_plans(pricer, batch, plans)
    found = pricer.price(prices)
    settled = None
    if len(groups) <= _MAX_GROUPS:
        capacity = instance.resources.capacity - (pricer.use_of(plans) - pricer.narrow_use_of(plans))
        pool = _Pool.of([columns_of_plans(pricer, narrow, plans)], group_of)
        program = _Program(pool, np.bincount(group_of[narrow]).astype(float), chosen, group_of, capacity)
        settled = _climb(program, pricer, found, narrow[first], seconds_left)
    if settled is not None:
        return _without_ties(program.pool, chosen, group_of, settled.prices), True
    near = _near(pricer, batch, found)
    return _without_ties(_Pool.of([chosen, near], group_of), chosen, group_of, prices), False


@dataclass(slots=True)
class _Program:
    """The linear program: plans found so far, orders of each group, chosen plans of the batch, supply of the rows."""

    pool: _Pool
    weight: Floats
    chosen: Columns
    group_of: I64
    capacity: I64


def _climb(program: _Program, pricer: Pricer, start: Pass, ones: I64, seconds_left: Callable[[], float]) -> Pass | None:
    """Plans are added to the program until its prices call for no other; None when it is not solved in time.

    `ones` is an order of each group.
    """
    found = start
    for number in range(_MAX_ROUNDS):
        size = len(program.pool)
        program.pool = program.pool.with_more(_Pool.of([_near(pricer, ones, found)], program.group_of))
        if number and len(program.pool) == size:
            break
        solved = _solve(program, seconds_left())
        if solved is None:
            return None
        found = pricer.price(solved)
    return found if found.bound >= start.bound - _TOLERANCE * abs(start.bound) else None


def _near(pricer: Pricer, orders: I64, at: Pass) -> Columns:
    """Plans that cost little more at the prices of a pass than the best."""
    slack = MICROS // 2 + np.abs(at.cost[orders]) // 2
    return near_best_columns(pricer, orders, at.prices[: len(pricer.instance.resources)], slack, _CAP, None)


def _without_ties(pool: _Pool, chosen: Columns, group_of: I64, prices: I64) -> I64:
    """Prices a little lower or higher where orders of the batch have another plan that costs the same at them.

    Such orders take units and leave units of one row in the best plan, but at one price they would all do the same:
    what most of them do, and where that is open they take them, for later orders may not come.
    """
    other, at = _others(pool, chosen, group_of)
    paid = prices.astype(float)
    dearer = (pool.cost + paid @ pool.use)[other] - (chosen.cost + paid @ chosen.use)[at]
    tied = np.abs(dearer) <= _TIE
    difference = (chosen.use[:, at[tied]] - pool.use[:, other[tied]]).tocsr()
    taken, left = (np.asarray((sign * difference > 0).sum(axis=1)).reshape(-1) for sign in (1, -1))
    nudge = np.maximum(_LEAST_NUDGE, np.rint(prices * _NUDGE).astype(np.int64))
    moved: I64 = prices + np.where(
        (taken == 0) & (left == 0) | (prices == 0), 0, np.where(taken >= left, -nudge, nudge)
    )
    return np.maximum(moved, 0)


def _solve(program: _Program, time_limit_s: float) -> I64 | None:
    """Prices of the linear program, with a share of each chosen plan moved to others of its group."""
    pool, chosen, weight = program.pool, program.chosen, program.weight
    other, at = _others(pool, chosen, program.group_of)
    moved = np.unique(at)
    share = min(_LARGEST_SHARE, max(_SMALLEST_SHARE, _SHARE_OF_ALL / max(1, len(moved))))
    use = pool.use.tocsr()
    dearest = _DEAREST * float(np.abs(pool.cost).max(initial=1)) / MICROS
    extra = sparse.identity(use.shape[0], format="csr")
    rows = sparse.hstack([use, use[:, other] - chosen.use.tocsr()[:, at], -extra], format="csr")
    cost = np.concatenate(
        [pool.cost / MICROS, (pool.cost[other] - chosen.cost[at]) / MICROS, np.full(use.shape[0], dearest)]
    )
    num = len(pool)
    whole = sparse.csr_array((np.ones(num), (pool.group, np.arange(num))), shape=(len(weight), len(cost)))
    part = sparse.csr_array(
        (np.ones(len(other)), (np.searchsorted(moved, at), num + np.arange(len(other)))), shape=(len(moved), len(cost))
    )
    equal = sparse.vstack([whole, part], format="csr")
    answer = solve_lp(
        cost,
        rows,
        program.capacity.astype(float),
        equal,
        np.concatenate([weight, np.full(len(moved), share)]),
        time_limit_s,
    )
    if answer is None:
        return None
    prices: I64 = np.rint(np.maximum(0.0, -answer.upper_duals) * MICROS).astype(np.int64)
    return prices


def _others(pool: _Pool, chosen: Columns, group_of: I64) -> tuple[I64, I64]:
    """Plans of the pool that an order of the batch did not choose, and the chosen plans in whose place they are."""
    of_group = np.full(int(pool.group.max(initial=0)) + 1, -1, np.int64)
    of_group[group_of[chosen.orders[chosen.owner]]] = np.arange(len(chosen))
    at = of_group[pool.group]
    other = np.flatnonzero((at >= 0) & (pool.key != chosen.key[at]))
    return other, at[other]
