"""Prices of shared resources, and the lower bound they prove.

A pass prices every order at the current prices (in parallel over a fixed partition of the orders; all sums are
integers, so the answer does not depend on the number of threads) and adds up what the orders would use. Prices then
move in proportion to *relative* excess demand, because rows hold anything from one unit to thousands of packages:

    step_r = scale x decay x (use_r - b_r) / (max(use_r, b_r) + 1) / need_r

with use smoothed over passes, and need_r what one package takes of the resource. The bound of a pass is the sum of the
orders' priced costs less prices times supply: an exact integer, valid whatever the prices (Lagrangian relaxation;
Geoffrion 1974, doi 10.1007/BFb0120690).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from splitship.engine import wide
from splitship.engine.assignment import Assignment
from splitship.engine.claims import Claims, supply_value
from splitship.engine.decisions import Bars
from splitship.engine.greedy import (
    cost_of_plans,
    place_orders,
    possible_rows,
    replace_orders,
    use_of_plans,
    values_of_orders,
)
from splitship.engine.pricing import price_orders
from splitship.engine.tables import Scratch, Tables, make_scratch, make_tables
from splitship.instance import Instance
from splitship.spans import spanned
from splitship.units import I64, Bools, Floats

Part = TypeVar("Part")
Made = TypeVar("Made")

_CHUNKS = 2
_SMOOTHING = 0.5
_WARM_PASSES = 24
"""Prices of an earlier answer count as so many passes: steps are smaller, and fewer are left."""


@dataclass(slots=True)
class Pass:
    """One pass: its bound (micros), priced cost of every order [orders], use of every row [rows], and the plans."""

    prices: I64
    bound: int
    cost: I64
    use: I64
    plans: Assignment
    values: I64
    """Line values behind the bound of wide orders, [lines]; zero elsewhere."""


class Pricer:
    """Prices all orders of an instance, again and again, in two threads."""

    def __init__(self, instance: Instance, threads: int) -> None:
        self.instance = instance
        self.tables: Tables = make_tables(instance)
        num = instance.num_orders
        self.edges = np.linspace(0, num, _CHUNKS + 1).astype(int).tolist()
        self.scratch: list[Scratch] = [make_scratch(self.tables) for _ in range(_CHUNKS)]
        self.pool = ThreadPoolExecutor(max(1, min(threads, _CHUNKS))) if threads > 1 and num > 64 else None
        self.wide = wide.WideOrders(instance, self.tables, self.pool)
        self.claims: Claims | None = None
        """Who may draw on which stock; there once own prices are used."""

    def need_claims(self) -> Claims:
        """The claims of the instance, found on first use."""
        if self.claims is None:
            self.claims = Claims.of(self.instance)
        return self.claims

    def in_threads(self, work: Callable[[Part], Made], parts: list[Part]) -> list[Made]:
        """`work` on every part, in two threads where there are two; answers in the order of the parts."""
        if self.pool is not None:
            return list(self.pool.map(work, parts))
        return [work(part) for part in parts]

    def beside(self, work: Callable[[], Made]) -> Callable[[], Made]:
        """Begin `work` in another thread where there are two, else do it at once; the answer waits for it."""
        if self.pool is not None:
            return self.pool.submit(work).result
        made = work()
        return lambda: made

    def close(self) -> None:
        """Stop the threads."""
        if self.pool is not None:
            self.pool.shutdown(wait=True)

    @spanned("price passes")
    def price(self, prices: I64, supply: int | None = None, bars: Bars | None = None) -> Pass:
        """Cheapest plan of every order at prices, and the bound they prove; with `bars` among plans that keep them.

        `supply`: what all supplies are worth at these prices, in micros, where the caller has it already. With bars, an
        order without any such plan has a cost of `decisions.BARRED` and more.
        """
        tables, rows = self.tables, len(self.instance.resources)
        paid = prices
        if bars is not None:
            tables, paid = tables._replace(unfilled_cost=bars.unfilled_cost), bars.on_top_of(prices, rows)
        plans = Assignment.empty(tables)
        cost = np.zeros(self.instance.num_orders, np.int64)
        uses = [np.zeros(rows, np.int64) for _ in range(_CHUNKS)]

        def work(chunk: int) -> int:
            start, end = self.edges[chunk], self.edges[chunk + 1]
            priced = price_orders(
                tables,
                start,
                end,
                paid,
                self.scratch[chunk],
                cost,
                plans.count,
                plans.option,
                plans.content,
                uses[chunk],
            )
            return int(priced)

        totals = self.in_threads(work, list(range(_CHUNKS)))
        use = np.sum(uses, axis=0) if rows else np.zeros(0, np.int64)
        values = np.zeros(len(self.instance.line_sku), np.int64)
        total = sum(totals) + self.wide.price(prices, plans, cost, use, values)
        if supply is None:
            supply = supply_value(self.instance, self.tables, self.claims, prices)
        bound = total - supply
        return Pass(prices.copy(), bound, cost, use, plans, values)

    def place(self, sequence: I64, prices: I64, residual: I64, into: Assignment) -> int:
        """Place all orders in `sequence` on `residual` (changed in place); returns the plan's cost in micros."""
        wide_total = self.wide.place(sequence, prices, residual, into)  # the largest orders first
        total = place_orders(
            self.tables, sequence, prices, residual, self.scratch[0], into.count, into.option, into.content
        )
        return int(total) + wide_total

    def replace(self, sequence: I64, prices: I64, residual: I64, plans: Assignment) -> int:
        """Take every order out and put it back at its best; returns the change of cost in micros."""
        change = replace_orders(
            self.tables, sequence, prices, residual, self.scratch[0], plans.count, plans.option, plans.content
        )
        return int(change) + self.wide.replace(sequence, prices, residual, plans)

    def cost_of(self, plans: Assignment, orders: I64) -> int:
        """True cost of the plans of some narrow orders, in micros."""
        return int(cost_of_plans(self.tables, orders, plans.count, plans.option, plans.content))

    def regrets(self, plans: Assignment, at: Pass) -> I64:
        """How much dearer every narrow order's plan is at the prices of a pass than its best, micros [orders]."""
        value = at.cost.copy()
        values_of_orders(self.tables, plans.count, plans.option, plans.content, at.prices, value)
        regret: I64 = value - at.cost
        return regret

    def use_of(self, plans: Assignment) -> I64:
        """What an assignment uses of every resource, [rows]."""
        use = self.narrow_use_of(plans)
        self.wide.add_use(plans, use)
        return use

    def narrow_use_of(self, plans: Assignment) -> I64:
        """What the narrow orders of an assignment use of every resource, [rows]."""
        use = np.zeros(len(self.instance.resources), np.int64)
        use_of_plans(self.tables, plans.count, plans.option, plans.content, use)
        return use

    def possible_rows(self, orders: I64) -> Bools:
        """The rows that any option of some orders could use, [rows]."""
        is_possible = np.zeros(len(self.instance.resources), np.bool_)
        possible_rows(self.tables, orders, is_possible)
        return is_possible


@dataclass(slots=True)
class PriceSearch:
    """Moves prices by relative excess demand, pass by pass."""

    pricer: Pricer
    scale: float
    prices: Floats
    need: Floats
    smoothed: Floats | None = None
    num_passes: int = 0

    @classmethod
    def start(cls, pricer: Pricer, prices: I64 | None = None) -> PriceSearch:
        """From zero prices, the first step about an average package's cost; or from `prices`, by small steps."""
        instance = pricer.instance
        rows = len(instance.resources)
        costs = instance.content_cost[instance.content_cost < 2**59]
        scale = max(1.0, float(np.median(costs))) if len(costs) else 1e6
        need = instance.draws.needs(rows).astype(float)
        if prices is not None:
            return cls(pricer, scale, prices.astype(float), need, num_passes=_WARM_PASSES)
        return cls(pricer, scale, np.zeros(rows), need)

    def step(self) -> Pass:
        """One pass at the current prices, then move them."""
        result = self.pricer.price(np.rint(self.prices).astype(np.int64))
        supply = self.pricer.instance.resources.capacity.astype(float)
        use = result.use.astype(float)
        self.smoothed = use if self.smoothed is None else _SMOOTHING * self.smoothed + (1 - _SMOOTHING) * use
        excess = (self.smoothed - supply) / (np.maximum(self.smoothed, supply) + 1.0)
        decay = 0.6 / (1.0 + self.num_passes / 6.0)
        self.prices = np.maximum(0.0, self.prices + self.scale * decay * excess / self.need)
        self.num_passes += 1
        return result
