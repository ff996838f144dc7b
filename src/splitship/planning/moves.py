"""Which orders two answers treat differently, and what each difference costs: parts that add up to the micro.

Everything is matched by id: orders, nodes, services, SKUs and lines of two problems stand where they like.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pandas as pd

from splitship.domain import Plan, Problem, Result
from splitship.domain.orders import NO_KIT
from splitship.domain.parts import with_whole_lines
from splitship.planning.order_costs import ORDER_TERMS, order_costs
from splitship.units import I64, Bools, Strings

ABSENT = -1
"""In place of an order's position: it is not in this problem."""


class Fate(IntEnum):
    """What became of an order from one answer to the other."""

    SAME = 0  # the same packages at the same cost
    RECOSTED = 1  # the same packages, but they, or what does not ship, cost another amount
    MOVED = 2  # other packages: node, service, ship day or contents
    ADDED = 3  # only in the other problem
    REMOVED = 4  # only in the baseline's

    @property
    def label(self) -> str:
        """The name in documents."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Moves:
    """The orders of either of two answers, those of the baseline first.

    `order_id`, `base_row`, `other_row` (positions in the two problems, ABSENT for none) and `fate` are [orders].
    `differences` by term: what the order costs in the other answer less what it costs in the baseline, micros [orders].
    `soft` is the same for what only the whole batch pays. All together they are the difference of the objectives.
    """

    order_id: Strings
    base_row: I64
    other_row: I64
    fate: I64
    differences: Mapping[str, I64]
    soft: int

    @property
    def difference(self) -> I64:
        """All terms of an order together, micros [orders]."""
        total: I64 = np.sum([self.differences[term] for term in ORDER_TERMS], axis=0)
        return total

    @property
    def total(self) -> int:
        """The difference of the objectives, micros."""
        return int(self.difference.sum()) + self.soft

    def count(self, fate: Fate) -> int:
        """How many orders have met a fate."""
        return int((self.fate == fate).sum())

    def of_fate(self, fate: Fate) -> dict[str, int]:
        """The difference by term of all orders that have met a fate, micros."""
        rows = self.fate == fate
        return {term: int(self.differences[term][rows].sum()) for term in ORDER_TERMS}

    def rows(self, fate: Fate) -> I64:
        """The orders of a fate, what changes the cost most first, then by id."""
        found = np.flatnonzero(self.fate == fate)
        ids = self.order_id[found].astype(str)
        return found[np.lexsort((ids, -np.abs(self.difference[found])))]

    def __len__(self) -> int:
        return len(self.order_id)


def moves_between(base: Result, other: Result) -> Moves:
    """Hold two answers against each other, order by order.

    Raises:
        ValueError: one of them has packages without a price.
    """
    of_base, of_other = order_costs(base), order_costs(other)
    old, new = base.problem.orders.order_id, other.problem.orders.order_id
    partner = pd.Index(new).get_indexer(pd.Index(old)).astype(np.int64)
    is_new = np.ones(len(new), np.bool_)
    is_new[partner[partner >= 0]] = False
    added = np.flatnonzero(is_new)
    base_row = np.concatenate([np.arange(len(old)), np.full(len(added), ABSENT)])
    other_row = np.concatenate([partner, added])
    both = np.flatnonzero((base_row >= 0) & (other_row >= 0))
    differences = {
        term: _at(getattr(of_other, term), other_row) - _at(getattr(of_base, term), base_row) for term in ORDER_TERMS
    }
    fate = np.full(len(base_row), Fate.SAME, np.int64)
    is_recosted = np.any([column != 0 for column in differences.values()], axis=0)
    fate[both] = np.where(is_recosted[both], Fate.RECOSTED, Fate.SAME)
    fate[both[~_has_same_packages(base, other, base_row[both], other_row[both])]] = Fate.MOVED
    fate[base_row < 0], fate[other_row < 0] = Fate.ADDED, Fate.REMOVED
    order_id: Strings = np.concatenate([old, new[added]])
    return Moves(order_id, base_row, other_row, fate, differences, of_other.soft - of_base.soft)


def _at(values: I64, row: I64) -> I64:
    """`values[row]`, 0 where the row is ABSENT."""
    found: I64 = np.append(values, 0)[row]  # ABSENT is -1, the last one
    return found


def _has_same_packages(base: Result, other: Result, base_row: I64, other_row: I64) -> Bools:
    """Whether pairs of orders have the same packages: node, service, ship day and contents by line and SKU; [pairs]."""
    columns = _in_common_codes(base.problem, other.problem)
    num = len(base_row)
    one, two = (
        _Contents.of(result, row, num, codes)
        for result, row, codes in zip((base, other), (base_row, other_row), columns, strict=True)
    )
    is_same: Bools = (one.num == two.num) & (one.num_packages == two.num_packages)
    kept = [each.table[np.repeat(is_same, each.num)] for each in (one, two)]
    is_equal = (kept[0] == kept[1]).all(axis=1)
    order = np.repeat(np.flatnonzero(is_same), one.num[is_same])
    is_same[order[~is_equal]] = False
    return is_same


@dataclass(frozen=True, slots=True)
class _Codes:
    """Numbers that stand for ids in both problems: by position of node, service, SKU and line."""

    node: I64
    service: I64
    sku: I64
    line: I64


def _in_common_codes(base: Problem, other: Problem) -> tuple[_Codes, _Codes]:
    def coded(one: Strings, two: Strings) -> tuple[I64, I64]:
        codes = pd.factorize(np.concatenate([one, two]))[0].astype(np.int64)
        return codes[: len(one)], codes[len(one) :]

    skus = coded(base.skus.sku_id, other.skus.sku_id)
    names = coded(base.lines.line_id, other.lines.line_id)
    width = max((int(each.max(initial=0)) for each in skus), default=0) + 2
    # components of a kit share a line's name
    lines = [
        name * width + np.where(problem.lines.kit_line_idx == NO_KIT, 0, sku[problem.lines.sku_idx] + 1)
        for problem, name, sku in zip((base, other), names, skus, strict=True)
    ]
    nodes = coded(base.nodes.node_id, other.nodes.node_id)
    services = coded(base.services.service_id, other.services.service_id)
    return _Codes(nodes[0], services[0], skus[0], lines[0]), _Codes(nodes[1], services[1], skus[1], lines[1])


@dataclass(frozen=True, slots=True)
class _Contents:
    """What the packages of orders hold, in one sequence: `table` [contents, columns], grouped by order.

    `num` contents and `num_packages` packages, [orders].
    """

    table: I64
    num: I64
    num_packages: I64

    @classmethod
    def of(cls, result: Result, rows: I64, num: int, codes: _Codes) -> _Contents:
        """Of the orders at `rows` [num] of a result."""
        problem = result.problem
        plan = with_whole_lines(problem, result.plan)
        number = np.full(len(problem.orders), ABSENT, np.int64)
        number[rows] = np.arange(num)
        sku = plan.skus(problem.lines.sku_idx)
        plan = Plan(
            number[plan.order_idx],
            codes.node[plan.node_idx],
            codes.service[plan.service_idx],
            plan.ship_day,
            plan.content_package,
            codes.line[plan.content_line],
            plan.content_quantity,
            codes.sku[sku],
        )
        plan = plan.of_packages(plan.order_idx >= 0).canonical()
        package = plan.content_package
        order = plan.order_idx[package]
        first = np.searchsorted(plan.order_idx, order)
        assert plan.content_sku_idx is not None
        table = np.column_stack(
            [
                package - first, plan.node_idx[package], plan.service_idx[package], plan.ship_day[package],
                plan.content_line, plan.content_sku_idx, plan.content_quantity,
            ]
        )  # fmt: skip
        return cls(table, np.bincount(order, minlength=num), np.bincount(plan.order_idx, minlength=num))
