"""An allocation: packages and what is in them. Everything not in a package is unfilled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from splitship.units import I64, Bools


@dataclass(frozen=True, slots=True)
class Plan:
    """Packages of a problem as columns; positions refer to the problem's tables.

    `order_idx`, `node_idx`, `service_idx`, `ship_day` are [packages] (`ship_day` a day number).
    `content_package`, `content_line`, `content_quantity` are [contents]: `content_quantity` units of order
    line `content_line` lie in package `content_package`. `content_sku_idx` [contents] says of which SKU they are where
    a problem has substitutes; None where all are of their line's own. Any values are representable, also wrong ones:
    only `check` says whether a plan is feasible.
    """

    order_idx: I64
    node_idx: I64
    service_idx: I64
    ship_day: I64
    content_package: I64
    content_line: I64
    content_quantity: I64
    content_sku_idx: I64 | None = None

    @classmethod
    def empty(cls) -> Plan:
        """Nothing ships."""
        return cls(*(np.zeros(0, np.int64) for _ in range(7)))

    @classmethod
    def joined(cls, plans: Sequence[Plan]) -> Plan:
        """All packages of plans, one plan after the other."""
        if not plans:
            return cls.empty()
        offsets = np.cumsum([0] + [len(plan) for plan in plans[:-1]])
        skus = [plan.content_sku_idx for plan in plans if plan.content_sku_idx is not None]

        def column(name: str) -> I64:
            joined: I64 = np.concatenate([getattr(plan, name) for plan in plans])
            return joined

        return cls(
            order_idx=column("order_idx"),
            node_idx=column("node_idx"),
            service_idx=column("service_idx"),
            ship_day=column("ship_day"),
            content_package=np.concatenate(
                [plan.content_package + offset for plan, offset in zip(plans, offsets, strict=True)]
            ),
            content_line=column("content_line"),
            content_quantity=column("content_quantity"),
            content_sku_idx=np.concatenate(skus) if skus else None,
        )

    def of_packages(self, stays: Bools, holds: Bools | None = None) -> Plan:
        """The packages `stays` [packages] in their sequence, with their contents `holds` [contents] (None: all)."""
        holds = stays[self.content_package] if holds is None else holds
        rank = np.cumsum(stays) - 1
        return Plan(
            self.order_idx[stays],
            self.node_idx[stays],
            self.service_idx[stays],
            self.ship_day[stays],
            rank[self.content_package[holds]].astype(np.int64),
            self.content_line[holds],
            self.content_quantity[holds],
            None if self.content_sku_idx is None else self.content_sku_idx[holds],
        )

    def canonical(self) -> Plan:
        """The same plan in the one order used for hashes and output.

        Packages by order, ship day, node, service, then contents; contents by package, then line. Two plans
        with the same packages have the same canonical form.
        """
        sku_of = self.content_line if self.content_sku_idx is None else self.content_sku_idx
        by_line = np.lexsort((sku_of, self.content_quantity, self.content_line, self.content_package))
        package, line = self.content_package[by_line], self.content_line[by_line]
        quantity, sku = self.content_quantity[by_line], sku_of[by_line]
        num = len(self.order_idx)
        starts = np.searchsorted(package, np.arange(num + 1))
        width = int(np.diff(starts).max()) if num else 0
        columns = [line, quantity] if self.content_sku_idx is None else [line, quantity, sku]
        keys = np.full((len(columns) * width, num), -1, np.int64)
        slot = np.arange(len(package)) - starts[package]
        for at, column in enumerate(columns):
            keys[len(columns) * slot + at, package] = column
        order = np.lexsort((*keys[::-1], self.service_idx, self.node_idx, self.ship_day, self.order_idx))
        rank = np.empty(num, np.int64)
        rank[order] = np.arange(num)
        resort = np.lexsort((line, rank[package]))
        return Plan(
            self.order_idx[order],
            self.node_idx[order],
            self.service_idx[order],
            self.ship_day[order],
            rank[package][resort],
            line[resort],
            quantity[resort],
            None if self.content_sku_idx is None else sku[resort],
        )

    def skus(self, line_sku_idx: I64) -> I64:
        """Which SKU the units of every content are of, [contents]; `line_sku_idx` [lines] is each line's own."""
        return line_sku_idx[self.content_line] if self.content_sku_idx is None else self.content_sku_idx

    def shipped(self, num_lines: int) -> I64:
        """Units shipped of every order line, [lines]."""
        return np.bincount(self.content_line, self.content_quantity, num_lines).astype(np.int64)

    def __len__(self) -> int:
        return len(self.order_idx)
