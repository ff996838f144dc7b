"""Narrow orders: the exact inner minimum of the bound, order by order, on compiled kernels."""

from __future__ import annotations

import numpy as np

from splitship.check.chunks import Part, in_parts
from splitship.check.exact import wholes
from splitship.check.kernels import Overrides, bound_orders
from splitship.check.network import Network
from splitship.check.rule_terms import RuleTables
from splitship.check.stages import StageTables
from splitship.check.steps import Steps
from splitship.check.tables import INFINITE, DayTables, NetworkTables, OrderTables, PriceTables
from splitship.check.tariff import unit_volumes
from splitship.units import I64

CHUNK = 2048
UNSETTLED_ROWS = 4096


class NarrowOrders:
    """Least priced costs of orders that are priced exactly."""

    def __init__(
        self,
        network: Network,
        net: NetworkTables,
        days: DayTables,
        orders: OrderTables,
        prices: PriceTables,
        rules: RuleTables,
        stages: StageTables,
        steps: Steps,
    ) -> None:
        self.network, self.net, self.days, self.orders, self.prices = network, net, days, orders, prices
        self.rules, self.stages, self.steps = rules, stages, steps

    def bound(self, which: I64, threads: int) -> I64:
        """Least priced cost of each of the orders `which` in micros, [which]."""
        return in_parts(self.network, which, threads, self._bound_part, CHUNK)

    def _bound_part(self, part: Part) -> I64:
        """One run of the kernel, and a second one for the orders with contents that int64 could not settle."""
        least, unsettled = self._run(part, None)
        if not len(unsettled):
            return least
        again, position = np.unique(unsettled[:, 0], return_inverse=True)
        order, tariff, state = part.orders[unsettled[:, 0]], unsettled[:, 1], unsettled[:, 2]
        cost = exact_shipping(self.network, self.orders, order, tariff, state)
        ptr = np.append(0, np.cumsum(np.bincount(position, minlength=len(again)))).astype(np.int64)
        least[again], left = self._run(part.take(again), Overrides(ptr, cost))
        if len(left):
            raise AssertionError("a content stayed unsettled though its exact cost was given")
        return least

    def _run(self, part: Part, overrides: Overrides | None) -> tuple[I64, I64]:
        given = overrides or Overrides(np.zeros(len(part.orders) + 1, np.int64), np.zeros(0, np.int64))
        max_states, max_lines = self.steps.largest(part.orders)
        rows = UNSETTLED_ROWS
        while True:
            least = np.zeros(len(part.orders), np.int64)
            unsettled = np.zeros((rows, 3), np.int64)
            num = bound_orders(
                self.net, self.days, self.orders, self.prices, self.rules, self.stages, part.orders, part.lanes,
                part.place_row, part.is_far, given, max_states, max_lines, least, unsettled,
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
