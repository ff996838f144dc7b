"""The cheapest plans of one order at prices: the k best, and the best under a condition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from splitship.domain import Plan
from splitship.engine.assignment import Assignment
from splitship.engine.convert import plan_of
from splitship.engine.decisions import BARRED
from splitship.engine.dual import Pricer
from splitship.engine.master import columns_of_plans, near_best_columns
from splitship.engine.pricing import price_orders
from splitship.engine.tables import Tables, make_scratch
from splitship.engine.warm import assignment_of
from splitship.units import I64, MICROS, Bools

_CAP = 512
"""Plans of one order that are looked at together."""
_WIDEST = 2**50


@dataclass(frozen=True, slots=True)
class PricedPlan:
    """A plan of one order in the engine's terms: packages as options and contents, and as a plan of the problem.

    `value` is its cost at the prices, in micros, as the engine adds it up; `use` [rows] what it takes of every
    resource. Orders of too many lines have no options and contents here, and no value.
    """

    plan: Plan
    value: int
    use: I64
    option: I64
    content: I64


class OrderSearch:
    """Plans of single orders at fixed prices of the rows [rows]."""

    def __init__(self, pricer: Pricer, prices: I64) -> None:
        self.pricer, self.prices = pricer, prices
        self._assignment = Assignment.empty(pricer.tables)
        self._bars: I64 | None = None
        self._cost = np.zeros(pricer.instance.num_orders, np.int64)
        self._use = np.zeros(len(prices), np.int64)
        self._scratch = make_scratch(pricer.tables)

    def is_wide(self, order: int) -> bool:
        """Whether the order has too many quantity vectors for its plans to be listed."""
        return bool(self.pricer.instance.is_wide[order])

    def nearest(self, order: int, count: int) -> tuple[list[PricedPlan], bool]:
        """The `count` cheapest plans of a narrow order at the prices, cheapest first, and whether they surely are.

        Of plans that take the same of every resource only the cheapest is there. Shipping nothing is a plan too. Plans
        whose packages only together take more than there is are left out.
        """
        one, slack = np.array([order], np.int64), MICROS
        while True:
            columns = near_best_columns(self.pricer, one, self.prices, np.array([slack], np.int64), _CAP, None)
            is_complete = bool(columns.is_complete[0])
            fits = np.flatnonzero(self._fit(columns.use))
            if len(fits) >= count or not is_complete or slack > _WIDEST:
                break
            slack *= 4
        value = columns.cost + np.asarray(self.prices @ columns.use.astype(np.int64)).reshape(-1)
        best = fits[np.lexsort((fits, value[fits]))[:count]]
        plans = [
            self._made(order, columns.option[start:end], columns.content[start:end])
            for start, end in zip(columns.ptr[best].tolist(), columns.ptr[best + 1].tolist(), strict=True)
        ]
        return plans, len(fits) >= count or is_complete

    def best(
        self, order: int, *, whole: bool = False, line: int | None = None, node: int | None = None,
        most_packages: int | None = None,
    ) -> PricedPlan | None:  # fmt: skip
        """The cheapest plan of a narrow order under conditions; None where there is none.

        `node` alone: all packages are from there. With `line` (a position in the problem): this line ships whole from
        the node. `whole`: nothing stays unfilled. `most_packages`: no more packages than so many. Where its
        packages together would take more than there is, it is the cheapest with fewer packages.
        """
        found = self._best(order, whole, line, node, most_packages)
        while found is not None and (found.use > self.pricer.instance.resources.capacity).any():
            if len(found.plan) < 2:
                return None
            found = self._best(order, whole, line, node, len(found.plan) - 1)
        return found

    def _best(
        self, order: int, whole: bool, line: int | None, node: int | None, most_packages: int | None
    ) -> PricedPlan | None:
        tables = self.pricer.tables
        start, end = tables.option_ptr[order], tables.option_ptr[order + 1]
        first, last = int(tables.option_line_ptr[start]), int(tables.option_line_ptr[end])
        prices = self._extended()
        num_rows = len(self.prices)
        if node is not None:
            owner = np.repeat(np.arange(start, end), np.diff(tables.option_line_ptr[start : end + 1]))
            elsewhere = self.pricer.instance.option_node[owner] != node
            if line is not None:
                elsewhere &= tables.option_line[first:last] == line
            prices[num_rows + first : num_rows + last][elsewhere] = BARRED
        try:
            found = self._priced(self._tables(order, whole, line, most_packages), order, prices)
        finally:
            prices[num_rows + first : num_rows + last] = 0
        return None if found is None else self._made(order, *found)

    def value_without(self, order: int, rows: I64) -> int:
        """The least cost of a narrow order at the prices, in micros, when it takes nothing of some rows."""
        prices = self.prices.copy()
        prices[rows] += BARRED
        return self._price(self.pricer.tables, order, prices)

    def of_plan(self, order: int, plan: Plan) -> PricedPlan | None:
        """A plan of one order in the engine's terms; None where these cannot express all of it."""
        assignment = assignment_of(self.pricer, plan)
        found = plan_of(self.pricer.instance, self.pricer.tables, assignment)
        if not is_same_plan(found, plan.canonical()):
            return None
        use = self.pricer.use_of(assignment)
        if self.is_wide(order):
            return PricedPlan(found, 0, use, np.zeros(0, np.int64), np.zeros(0, np.int64))
        slot, count = int(self.pricer.tables.slot_ptr[order]), int(assignment.count[order])
        return self._made(order, assignment.option[slot : slot + count], assignment.content[slot : slot + count])

    def use_of(self, plan: Plan) -> I64 | None:
        """What a plan of one order takes of every resource, [rows], whatever it costs; None where it cannot be told."""
        instance, pricer = self.pricer.instance, self.pricer
        assignment = assignment_of(pricer, plan)
        found, asked = plan_of(instance, pricer.tables, assignment), plan.canonical()
        if not is_same_plan(found, asked, with_choice=False):
            return None
        order = int(plan.order_idx[0]) if len(plan) else 0
        slot = int(pricer.tables.slot_ptr[order])
        taken = assignment.option[slot : slot + int(assignment.count[order])]
        wanted = set(zip(asked.service_idx.tolist(), asked.ship_day.tolist(), strict=True))
        for option in taken.tolist():
            choices = slice(int(instance.choice_ptr[option]), int(instance.choice_ptr[option + 1]))
            ways = zip(
                instance.choice_service[choices].tolist(), instance.choice_ship_day[choices].tolist(), strict=True
            )
            if wanted.isdisjoint(ways):
                return None
        return pricer.use_of(assignment)

    def _fit(self, use: sparse.csc_array) -> Bools:
        """Columns that take no more than there is."""
        entries = use.tocoo()
        is_over = entries.data > self.pricer.instance.resources.capacity[entries.row]
        fits = np.ones(use.shape[1], np.bool_)
        fits[entries.col[is_over]] = False
        return fits

    def _extended(self) -> I64:
        """The prices with room for what single option lines pay on top."""
        if self._bars is None:
            more = np.zeros(len(self.pricer.instance.option_line), np.int64)
            self._bars = np.concatenate([self.prices, more])
        return self._bars

    def _tables(self, order: int, whole: bool, line: int | None, most_packages: int | None) -> Tables:
        tables = self.pricer.tables
        if whole or line is not None:
            unfilled = tables.unfilled_cost.copy()
            own = slice(int(tables.line_ptr[order]), int(tables.line_ptr[order + 1]))
            unfilled[own if whole else slice(line, (line or 0) + 1)] = BARRED
            tables = tables._replace(unfilled_cost=unfilled)
        if most_packages is not None and most_packages < int(tables.max_packages[order]):
            layers, limit = tables.layers.copy(), tables.max_packages.copy()
            layers[order] = limit[order] = most_packages
            steps = int((tables.line_radix[tables.line_ptr[order] : tables.line_ptr[order + 1]] - 1).sum())
            if most_packages < steps:
                tables = tables._replace(layers=layers, max_packages=limit)
        return tables

    def _priced(self, tables: Tables, order: int, prices: I64) -> tuple[I64, I64] | None:
        slot = int(tables.slot_ptr[order])
        assignment = self._assignment
        value = self._price(tables, order, prices)
        count = int(assignment.count[order])
        assignment.count[order] = 0
        if value >= BARRED:
            return None
        return assignment.option[slot : slot + count].copy(), assignment.content[slot : slot + count].copy()

    def _price(self, tables: Tables, order: int, prices: I64) -> int:
        """The least cost of a narrow order at prices; its plan is left in the assignment."""
        assignment = self._assignment
        if int(tables.layers[order]) >= len(self._scratch.any_):  # a row for each package that is counted, and one more
            self._scratch = make_scratch(tables)
        return int(
            price_orders(
                tables, order, order + 1, prices, self._scratch, self._cost, assignment.count,
                assignment.option, assignment.content, self._use,
            )
        )  # fmt: skip

    def _made(self, order: int, option: I64, content: I64) -> PricedPlan:
        assignment, slot = self._assignment, int(self.pricer.tables.slot_ptr[order])
        assignment.count[order] = len(option)
        assignment.option[slot : slot + len(option)], assignment.content[slot : slot + len(option)] = option, content
        columns = columns_of_plans(self.pricer, np.array([order], np.int64), assignment)
        plan = plan_of(self.pricer.instance, self.pricer.tables, assignment)
        assignment.count[order] = 0
        use = np.rint(columns.use.toarray().reshape(-1)).astype(np.int64)
        return PricedPlan(plan, int(columns.cost[0]) + int(self.prices @ use), use, option, content)


def distinct(plans: Iterable[PricedPlan]) -> list[PricedPlan]:
    """Each plan once, in their sequence."""
    kept: list[PricedPlan] = []
    for each in plans:
        if not any(is_same_plan(each.plan, other.plan) for other in kept):
            kept.append(each)
    return kept


def is_same_plan(one: Plan, other: Plan, with_choice: bool = True) -> bool:
    """Are two plans in canonical form the same packages? Without `with_choice` by whatever service, on whatever day."""
    names = ["order_idx", "node_idx", "content_package", "content_line", "content_quantity"]
    names += ["service_idx", "ship_day"] if with_choice else []
    if one.content_sku_idx is not None and other.content_sku_idx is not None:
        names.append("content_sku_idx")  # a substitute is taken from elsewhere
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)
