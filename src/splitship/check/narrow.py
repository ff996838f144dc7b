"""Narrow orders: the exact inner minimum of the bound, order by order, on compiled kernels."""

from __future__ import annotations

import numpy as np

from splitship.check.chunks import Part, in_parts
from splitship.check.conditions import mark_states
from splitship.check.exact import wholes
from splitship.check.kernels import Overrides, bound_orders
from splitship.check.network import Network
from splitship.check.steps import Steps
from splitship.check.tables import INFINITE, OrderTables
from splitship.check.tariff import unit_volumes
from splitship.check.variants import BoundTables, Variants, tables_of_variants
from splitship.units import I64, Bools

CHUNK = 2048
FEW = 64
"""Orders with substitutes at once, each of which has many variants."""
UNSETTLED_ROWS = 4096


class NarrowOrders:
    """Least priced costs of orders that are priced exactly."""

    def __init__(self, network: Network, tables: BoundTables, steps: Steps) -> None:
        self.network, self.tables, self.steps = network, tables, steps
        self.problem = network.problem
        self.has_substitutes: Bools = np.zeros(len(self.problem.orders), np.bool_)
        self.has_substitutes[self.problem.lines.order_idx[self.problem.line_substitutes.line_idx]] = True

    def bound(self, which: I64, threads: int) -> I64:
        """Least priced cost of each of the orders `which` in micros, [which]."""
        is_replaced = self.has_substitutes[which]
        if not is_replaced.any():
            return in_parts(self.network, which, threads, self._bound_part, CHUNK)
        least = np.zeros(len(which), np.int64)
        for run, some, size in ((self._bound_part, ~is_replaced, CHUNK), (self._bound_variants, is_replaced, FEW)):
            least[some] = in_parts(self.network, which[some], threads, run, size)
        return least

    def _bound_part(self, part: Part) -> I64:
        """One run of the kernel, and a second one for the orders with contents that int64 could not settle."""
        goes_on = np.zeros(len(part.orders), np.bool_)
        largest, states = self.steps.largest(part.orders), self.steps.states[part.orders].astype(np.int64)
        least, unsettled = self._run(self.tables, part, states, goes_on, largest, None)
        if not len(unsettled):
            return least
        again, position = np.unique(unsettled[:, 0], return_inverse=True)
        ptr = np.append(0, np.cumsum(np.bincount(position, minlength=len(again)))).astype(np.int64)
        overrides = Overrides(ptr, self._exact_shipping(self.tables, part, unsettled))
        least[again], left = self._run(self.tables, part.take(again), states[again], goes_on[again], largest, overrides)
        if len(left):
            raise AssertionError("a content stayed unsettled though its exact cost was given")
        return least

    def _bound_variants(self, part: Part) -> I64:
        """As `_bound_part`, of orders with substitutes: all their variants are run together."""
        variants = Variants.of(self.problem, part.orders)
        tables = tables_of_variants(self.problem, self.tables, variants)
        every = part.take(variants.position)
        every = Part(np.arange(len(variants.order)), every.lanes, every.place_row, every.is_far)
        largest, goes_on = self.steps.largest(part.orders), variants.goes_on
        states = self.steps.states[variants.order].astype(np.int64)
        least, unsettled = self._run(tables, every, states, goes_on, largest, None)
        if len(unsettled):
            ptr = np.searchsorted(unsettled[:, 0], np.arange(len(variants.order) + 1)).astype(np.int64)
            overrides = Overrides(ptr, self._exact_shipping(tables, every, unsettled))
            least, left = self._run(tables, every, states, goes_on, largest, overrides)
            if len(left):
                raise AssertionError("a content stayed unsettled though its exact cost was given")
        return least[~goes_on]

    def _exact_shipping(self, tables: BoundTables, part: Part, unsettled: I64) -> I64:
        position, tariff, state = unsettled.T
        return exact_shipping(self.network, tables.orders, part.orders[position], tariff, state)

    def _run(
        self, tables: BoundTables, part: Part, states: I64, goes_on: Bools, largest: tuple[int, int],
        overrides: Overrides | None,
    ) -> tuple[I64, I64]:  # fmt: skip
        given = overrides or Overrides(np.zeros(len(part.orders) + 1, np.int64), np.zeros(0, np.int64))
        max_states, max_lines = largest
        marks = mark_states(tables.conditions, tables.orders, part.orders, states)
        rows = UNSETTLED_ROWS
        while True:
            least = np.zeros(len(part.orders), np.int64)
            unsettled = np.zeros((rows, 3), np.int64)
            num = bound_orders(
                tables.net, tables.days, tables.orders, tables.prices, tables.rules, tables.stages, tables.reserves,
                tables.promises, marks, part.orders, goes_on, part.lanes, part.place_row, part.is_far, given,
                max_states, max_lines, least, unsettled,
            )  # fmt: skip
            if num <= rows:
                return least, unsettled[:num]
            rows = num


def exact_shipping(network: Network, orders: OrderTables, order: I64, tariff: I64, state: I64) -> I64:
    """Shipping of contents given by their state, with Python integers; INFINITE beyond the rate card."""
    skus = network.problem.skus
    weight, volume = wholes(np.zeros(len(order), np.int64)), wholes(np.zeros(len(order), np.int64))
    cubes = unit_volumes(network.problem)
    first, last = orders.line_ptr[order], orders.line_ptr[order + 1]
    rest = state.copy()
    for slot in range(int((last - first).max())):
        line = np.minimum(first + slot, last - 1)
        radix = np.where(first + slot < last, orders.radix[line], 1)
        units = wholes(rest % radix * orders.step[line])
        rest //= radix
        weight += units * wholes(skus.weight_ug[orders.sku[line]])
        volume += units * cubes[orders.sku[line]]
    cost, is_priced = network.tariffs.shipping(tariff, weight, volume)
    costs: I64 = np.where(is_priced, cost, INFINITE).astype(np.int64)
    return costs
