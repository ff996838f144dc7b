"""Wide orders on compiled kernels where their numbers fit, else exactly by `wide`."""

from __future__ import annotations

import math

import numpy as np

from splitship.check.chunks import Part, in_parts
from splitship.check.exact import Wholes, exact_amounts, wholes
from splitship.check.network import Network
from splitship.check.relaxation import RelaxationTables, relax_orders
from splitship.check.rule_terms import RuleTables
from splitship.check.stages import StageTables
from splitship.check.steps import Steps
from splitship.check.tables import INFINITE, DayTables, NetworkTables, OrderTables, PriceTables
from splitship.check.tariff import CUBE_PER_UG, unit_volumes
from splitship.units import ATTO_PER_MICRO, I64

LARGEST_SCALE = 10**6
"""Parts of a micro or of a microgram that the kernels work with; finer ones are left to exact arithmetic."""
UNSETTLED = -(2**63)
CHUNK = 64


def relaxation_tables(network: Network, net: NetworkTables, shares: I64) -> RelaxationTables | None:
    """The network in whole numbers, None when that would take too many digits."""
    problem, tariffs = network.problem, network.tariffs
    nodes = problem.nodes
    handling = [exact_amounts(amounts) for amounts in (nodes.package_cost, nodes.line_cost, nodes.unit_cost)]
    columns = [tariffs.price, tariffs.extra, *handling]
    common = math.gcd(ATTO_PER_MICRO, *(int(value) for column in columns for value in column))
    money_scale = ATTO_PER_MICRO // common
    largest = max((int(value) for column in columns for value in column), default=0)
    divisors = np.unique(problem.services.dim_divisor)
    volumes = [_whole_volumes(unit_volumes(problem), int(divisor)) for divisor in divisors[divisors > 0]]
    if money_scale > LARGEST_SCALE or largest // common > INFINITE or any(scale == 0 for _, scale in volumes):
        return None

    def whole(column: Wholes) -> I64:
        parts: I64 = (column // common).astype(np.int64)
        return parts

    price = whole(tariffs.price)
    floor_price = price.copy()
    for start, end in zip(tariffs.start.tolist(), tariffs.end.tolist(), strict=True):
        floor_price[start:end] = np.minimum.accumulate(price[start:end][::-1])[::-1]
    volume = np.zeros((len(volumes), len(problem.skus)), np.int64)
    for row, (parts, _) in enumerate(volumes):
        volume[row] = parts.astype(np.int64)
    return RelaxationTables(
        money_scale=money_scale,
        floor_price=floor_price,
        last_price=price[tariffs.end - 1],
        extra=whole(tariffs.extra)[tariffs.end - 1],
        handling=np.column_stack([whole(column) for column in handling]),
        volume=volume,
        volume_scale=np.array([scale for _, scale in volumes], np.int64),
        share=shares,
    )


def _whole_volumes(volumes: Wholes, divisor: int) -> tuple[Wholes, int]:
    """Volumetric weights of a unit in parts of a microgram, and how many parts; 0 parts when there are too many."""
    micrograms = divisor * CUBE_PER_UG
    common = math.gcd(micrograms, *(int(volume) for volume in volumes))
    scale = micrograms // common
    parts = wholes(volumes // common)
    if scale > LARGEST_SCALE or (len(parts) and int(parts.max()) > INFINITE):
        return parts, 0
    return parts, scale


class RelaxedOrders:
    """Relaxed least priced costs of wide orders."""

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
        shares: I64,
    ) -> None:
        self.network, self.net, self.days, self.orders, self.prices = network, net, days, orders, prices
        self.rules, self.stages, self.steps = rules, stages, steps
        self.tables = relaxation_tables(network, net, shares)

    def bound(self, which: I64, threads: int) -> I64:
        """Relaxed cost of each of the orders `which` in micros, UNSETTLED where its numbers do not fit; [which]."""
        if self.tables is None:
            return np.full(len(which), UNSETTLED, np.int64)
        return in_parts(self.network, which, threads, self._bound_part, CHUNK)

    def _bound_part(self, part: Part) -> I64:
        assert self.tables is not None
        problem = self.network.problem
        scale = int(self.tables.volume_scale.max(initial=1))
        brackets = int((self.net.tariff_end - self.net.tariff_start).max(initial=0))
        least = np.full(len(part.orders), UNSETTLED, np.int64)
        is_settled = np.zeros(len(part.orders), np.bool_)
        # All units together, their weight in the finest parts and their shares, must fit before anything is tried.
        sku = problem.lines.sku_idx
        unit = np.maximum(problem.skus.weight_ug * float(scale), self.tables.volume.max(axis=0, initial=0))
        num_orders, quantity = len(problem.orders), problem.lines.quantity
        weight = np.bincount(problem.lines.order_idx, quantity * unit[sku], num_orders)
        worth = np.bincount(problem.lines.order_idx, quantity * self.tables.share.astype(np.float64), num_orders)
        rows = np.flatnonzero((weight[part.orders] < 2.0**60) & (worth[part.orders] < 2.0**61))
        if not len(rows):
            return least
        light = part.take(rows)
        own, own_settled = np.zeros(len(rows), np.int64), is_settled[rows]
        relax_orders(
            self.net, self.days, self.orders, self.prices, self.rules, self.stages, self.tables, light.orders,
            light.lanes, light.place_row, light.is_far, self.steps.largest(light.orders)[1], brackets, own, own_settled,
        )  # fmt: skip
        least[rows[own_settled]] = own[own_settled]
        return least
