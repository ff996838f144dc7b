"""Rules evaluated on a problem: which rows each rule is about, its exact amounts, and what its settings come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

import numpy as np
from numpy.typing import NDArray

from splitship.domain.problem import Problem
from splitship.domain.rule_columns import RuleColumns
from splitship.domain.rule_settings import Resolved, resolve_setting
from splitship.domain.rules import LINE_PARTS, PARTS, SETTABLE, Part, Rule
from splitship.domain.where import Where
from splitship.units import I64, NO_DATE, UNLIMITED, Amounts, Bools

FIRST_DAY, LAST_DAY = -NO_DATE, NO_DATE
"""Days that stand for a rule without a first or last day."""


@dataclass(frozen=True, slots=True)
class Masks:
    """The rows of one table that meet each rule's conditions on it. Rules with equal conditions share a mask.

    `bits` is [masks, ceil(rows / 8)], the lowest bit of a byte being its first row; `count` [masks] the rows set.
    `of_rule` [rules] is the mask of each rule. A rule without conditions on the table has every row.
    """

    num_rows: int
    bits: NDArray[np.uint8]
    count: I64
    of_rule: I64

    @classmethod
    def pack(cls, masks: Sequence[Bools], of_rule: Sequence[int], num_rows: int) -> Self:
        """From one boolean mask [rows] a distinct condition."""
        bits = np.zeros((len(masks), -(-num_rows // 8)), np.uint8)
        for at, mask in enumerate(masks):
            bits[at] = np.packbits(mask, bitorder="little")
        count = np.array([np.count_nonzero(mask) for mask in masks], np.int64)
        return cls(num_rows, bits, count, np.asarray(of_rule, np.int64))

    def rows(self, rule: int) -> Bools:
        """The rows of a rule as booleans, [rows]."""
        packed = self.bits[self.of_rule[rule]]
        return np.unpackbits(packed, count=self.num_rows, bitorder="little").astype(np.bool_)

    def holds(self, rule: int, row: int) -> bool:
        """Does a row meet the rule's conditions?"""
        return bool(self.bits[self.of_rule[rule], row >> 3] >> (row & 7) & 1)

    @property
    def matched(self) -> I64:
        """Rows that meet each rule's conditions, [rules]."""
        counts: I64 = self.count[self.of_rule]
        return counts


@dataclass(frozen=True, slots=True)
class CompiledRules:
    """Rules of a problem as columns; no costs are computed here.

    `orders`, `lines`, `skus`, `nodes`, `services` hold each rule's conditions on that part alone; a rule is about
    (order, line, node, service) when all five hold, on a ship day from `first_day` to `last_day` [rules].
    `has_line_condition` [rules]: conditions on line or SKU, so that some lines of an order match and others not.
    Prices are [rules], 0 where none; `quota_packages` is UNLIMITED where none, `has_overflow_price` where it is soft.
    `settings` holds what the rules in force on the day of `as_of` set, by name; a name that is absent is set by none.
    """

    rules: tuple[Rule, ...]
    orders: Masks
    lines: Masks
    skus: Masks
    nodes: Masks
    services: Masks
    line_order_idx: I64
    line_sku_idx: I64
    stock_node_idx: I64
    stock_sku_idx: I64
    has_line_condition: Bools
    first_day: I64
    last_day: I64
    is_forbidden: Bools
    per_unit: Amounts
    per_line: Amounts
    per_package: Amounts
    per_order: Amounts
    quota_packages: I64
    has_overflow_price: Bools
    overflow_price: Amounts
    is_quota_per_day: Bools
    settings: Mapping[str, Resolved]

    def of(self, part: Part) -> Masks:
        """The masks of one part."""
        return {
            "order": self.orders,
            "line": self.lines,
            "sku": self.skus,
            "node": self.nodes,
            "service": self.services,
        }[part]

    def matching_lines(self, rule: int) -> Bools:
        """Lines that meet a rule's conditions on order, line and SKU together, [lines]."""
        met = self.lines.rows(rule)
        if self.rules[rule].where.order:
            met &= self.orders.rows(rule)[self.line_order_idx]
        if self.rules[rule].where.sku:
            met &= self.skus.rows(rule)[self.line_sku_idx]
        return met

    def setting_rows(self, name: str, rule: int) -> Bools:
        """Rows of a setting (orders, or rows of the stock table) that a rule is about, [rows]."""
        if SETTABLE[name].parts == ("order",):
            return self.orders.rows(rule)
        met: Bools = self.nodes.rows(rule)[self.stock_node_idx] & self.skus.rows(rule)[self.stock_sku_idx]
        return met

    def losers(self, name: str, row: int) -> tuple[int, ...]:
        """Rules in force that set a thing for an order (or row of the stock table) and do not win there."""
        resolved = self.settings[name]
        return tuple(
            rule
            for rule in resolved.setters.tolist()
            if rule != resolved.winner[row] and self._sets_row(name, rule, row)
        )

    def _sets_row(self, name: str, rule: int, row: int) -> bool:
        if SETTABLE[name].parts == ("order",):
            return self.orders.holds(rule, row)
        return self.nodes.holds(rule, int(self.stock_node_idx[row])) and self.skus.holds(
            rule, int(self.stock_sku_idx[row])
        )

    def __len__(self) -> int:
        return len(self.rules)


def evaluate_rules(problem: Problem, rules: Sequence[Rule] | None = None) -> CompiledRules:
    """Evaluate rules (the problem's own when None) on a problem's columns.

    Every distinct set of conditions is evaluated once, every column read once.

    Raises:
        KeyError, ValueError: a rule names a column that is not there, or compares text; `packs` lets no such rule in.
    """
    listed = problem.rules if rules is None else tuple(rules)
    columns = RuleColumns(problem)
    masks = {part: _masks(columns, part, listed) for part in PARTS}
    prices = {
        name: Amounts.from_decimals(getattr(rule.price, name) if rule.price else Decimal(0) for rule in listed)
        for name in ("per_unit", "per_line", "per_package", "per_order")
    }
    quotas = [rule.quota for rule in listed]
    overflow = [quota.price_over if quota else None for quota in quotas]
    settings = {
        name: resolve_setting(problem, thing, listed, lambda rule: masks["order"].rows(rule),
                              lambda rule: (masks["node"].rows(rule), masks["sku"].rows(rule)))
        for name, thing in SETTABLE.items()
    }  # fmt: skip
    return CompiledRules(
        rules=listed,
        orders=masks["order"],
        lines=masks["line"],
        skus=masks["sku"],
        nodes=masks["node"],
        services=masks["service"],
        line_order_idx=problem.lines.order_idx,
        line_sku_idx=problem.lines.sku_idx,
        stock_node_idx=problem.stock.node_idx,
        stock_sku_idx=problem.stock.sku_idx,
        has_line_condition=np.array([any(rule.where.of(part) for part in LINE_PARTS) for rule in listed], np.bool_),
        first_day=_days([rule.first_day for rule in listed], FIRST_DAY),
        last_day=_days([rule.last_day for rule in listed], LAST_DAY),
        is_forbidden=np.array([rule.is_forbidden for rule in listed], np.bool_),
        quota_packages=np.array([quota.packages if quota else UNLIMITED for quota in quotas], np.int64),
        has_overflow_price=np.array([price is not None for price in overflow], np.bool_),
        overflow_price=Amounts.from_decimals(price or Decimal(0) for price in overflow),
        is_quota_per_day=np.array([quota is not None and quota.per == "day" for quota in quotas], np.bool_),
        settings={name: found for name, found in settings.items() if found is not None},
        **prices,
    )


def _masks(columns: RuleColumns, part: Part, rules: Sequence[Rule]) -> Masks:
    known: dict[Where, int] = {}
    masks: list[Bools] = []
    of_rule = []
    for rule in rules:
        where = rule.where.of(part)
        at = known.get(where)
        if at is None:
            at = known[where] = len(masks)
            masks.append(columns.mask(part, where))
        of_rule.append(at)
    return Masks.pack(masks, of_rule, columns.num_rows(part))


def _days(days: Sequence[int | None], open_day: int) -> I64:
    return np.array([open_day if day is None else day for day in days], np.int64)
