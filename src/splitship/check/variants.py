"""Orders with substitutes: the ways to fill their lines with one SKU each, as orders of their own.

Every package fills each of its lines with one SKU, so the least cost of contents is the least over those **variants**
in which a SKU is chosen for every line. A variant that replaces a line's SKU is only about packages with that line.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np

from splitship.check.conditions import ConditionTables
from splitship.check.promises import PromiseTables
from splitship.check.reserve_terms import ReserveTables
from splitship.check.rule_terms import RuleTables
from splitship.check.stages import StageTables
from splitship.check.tables import DayTables, NetworkTables, OrderTables, PriceTables
from splitship.domain import Problem
from splitship.units import I64, Bools

OWN = -1
"""In place of a row of substitutes: the line ships what it names."""


class BoundTables(NamedTuple):
    """All that is read of narrow orders."""

    net: NetworkTables
    days: DayTables
    orders: OrderTables
    prices: PriceTables
    rules: RuleTables
    stages: StageTables
    conditions: ConditionTables
    reserves: ReserveTables
    promises: PromiseTables


@dataclass(frozen=True, slots=True)
class Variants:
    """Variants of some orders, those of an order one after the other.

    `position` [variants] is the order's among those asked for, `order` [variants] the order, `ptr` [variants + 1] the
    lines of each; `line` [variant lines] is the line, `substitute` the row of what ships for it, OWN for its own SKU.
    """

    position: I64
    order: I64
    ptr: I64
    line: I64
    substitute: I64

    @classmethod
    def of(cls, problem: Problem, orders: I64) -> Variants:
        """All variants of `orders`, the first of each being the order itself."""
        table, position, line, substitute = problem.line_substitutes, [], [], []
        for at, order in enumerate(orders.tolist()):
            lines = np.arange(problem.line_ptr[order], problem.line_ptr[order + 1])
            first, end = (np.searchsorted(table.line_idx, lines, side=side) for side in ("left", "right"))
            ways = [[OWN, *range(*rows)] for rows in zip(first.tolist(), end.tolist(), strict=True)]
            for chosen in product(*ways):
                position.append(at)
                line.append(lines)
                substitute.append(np.array(chosen, np.int64))
        ptr = np.append(0, np.cumsum([len(lines) for lines in line])).astype(np.int64)
        at_order = np.array(position, np.int64)
        return cls(at_order, orders[at_order], ptr, np.concatenate(line), np.concatenate(substitute))

    @property
    def goes_on(self) -> Bools:
        """The next variant is one of the same order, [variants]."""
        same: Bools = np.append(self.position[1:] == self.position[:-1], np.zeros(1, np.bool_))
        return same


def tables_of_variants(problem: Problem, tables: BoundTables, variants: Variants) -> BoundTables:
    """The tables with the variants as orders, in their sequence."""
    orders, rules, days, conditions = tables.orders, tables.rules, tables.days, tables.conditions
    line, order = variants.line, variants.order
    is_own = variants.substitute == OWN
    sku = np.where(is_own, orders.sku[line], np.append(problem.line_substitutes.sku_idx, 0)[variants.substitute])
    excluded_ptr, excluded = _groups(orders.excluded_ptr, order)
    barred_ptr, barred = _groups(orders.barred_ptr, line)
    by_line = ("step", "radix", "unfilled", "must_ship", "only_node", "pickup_node")
    by_order = (
        "start_day", "start_us", "deliver_by", "late_price", "is_ship_complete", "max_packages", "split_refund",
        "max_transit",
    )  # fmt: skip
    of_variants = orders._replace(
        line_ptr=variants.ptr,
        sku=sku,
        excluded_ptr=excluded_ptr,
        excluded_node=orders.excluded_node[excluded],
        barred_ptr=barred_ptr,
        barred_node=orders.barred_node[barred],
        **{name: getattr(orders, name)[line] for name in by_line},
        **{name: getattr(orders, name)[order] for name in by_order},
    )
    if rules.order_bits.shape[1]:
        row = np.where(is_own, line, len(problem.lines) + variants.substitute)
        rules = rules._replace(
            order_bits=rules.order_bits[order],
            line_bits=rules.line_bits[row],
            value_cost=np.ascontiguousarray(rules.value_cost[:, line]),
        )
    return BoundTables(
        tables.net,
        days._replace(hold_until=days.hold_until[order], not_before=days.not_before[order]),
        of_variants,
        _prices(problem, tables, variants, sku),
        rules,
        tables.stages,
        ConditionTables(
            has_any=np.ones(len(order), np.bool_),
            min_package_value=conditions.min_package_value[order],
            min_order_value=conditions.min_order_value[order],
            value_micros=conditions.value_micros[line],
            value_atto=conditions.value_atto[line],
            head_slot=conditions.head_slot[line],
            is_together=conditions.is_together[line],
            is_substituted=~is_own,
        ),
        tables.reserves,
        tables.promises._replace(
            first=tables.promises.first[order], end=tables.promises.end[order], of_line=tables.promises.of_line[line]
        ),
    )


def _prices(problem: Problem, tables: BoundTables, variants: Variants, sku: I64) -> PriceTables:
    """Prices of units at nodes: own ones of lines that ship their SKU, of others all, with what substituting costs."""
    net, prices = tables.net, tables.prices
    is_own = variants.substitute == OWN
    own_ptr, own = _groups(prices.own_ptr, np.where(is_own, variants.line, 0))
    stock_ptr, entry = _groups(net.sku_ptr, sku)
    own_line, stock_line = (np.repeat(np.arange(len(sku)), np.diff(ptr)) for ptr in (own_ptr, stock_ptr))
    kept, taken = is_own[own_line], ~is_own[stock_line]
    row = net.sku_stock[entry[taken]]
    replaced = problem.line_substitutes.unit_price[variants.substitute[stock_line[taken]]]
    line = np.append(own_line[kept], stock_line[taken])
    by_line = np.argsort(line, kind="stable")
    return prices._replace(
        own_ptr=np.searchsorted(line[by_line], np.arange(len(sku) + 1)).astype(np.int64),
        own_node=np.append(prices.own_node[own[kept]], net.stock_node[row])[by_line],
        own_price=np.append(prices.own_price[own[kept]], prices.stock[row] + replaced)[by_line],
    )


def _groups(ptr: I64, groups: I64) -> tuple[I64, I64]:
    """The entries of some groups one after the other: where each begins, and their rows."""
    counts = ptr[groups + 1] - ptr[groups]
    own: I64 = np.append(0, np.cumsum(counts)).astype(np.int64)
    return own, np.arange(own[-1]) + np.repeat(ptr[groups] - own[:-1], counts)
