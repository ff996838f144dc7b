"""An allocation: packages and what is in them. Everything not in a package is unfilled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.units import I64


@dataclass(frozen=True, slots=True)
class Plan:
    """Packages of a problem as columns; positions refer to the problem's tables.

    `order_idx`, `node_idx`, `service_idx`, `ship_day` are [packages] (`ship_day` a day number).
    `content_package`, `content_line`, `content_quantity` are [contents]: `content_quantity` units of order
    line `content_line` lie in package `content_package`. Any values are representable, also wrong
    ones: only `check` says whether a plan is feasible.
    """

    order_idx: I64
    node_idx: I64
    service_idx: I64
    ship_day: I64
    content_package: I64
    content_line: I64
    content_quantity: I64

    @classmethod
    def empty(cls) -> Plan:
        """Nothing ships."""
        return cls(*(np.zeros(0, np.int64) for _ in range(7)))

    def canonical(self) -> Plan:
        """The same plan in the one order used for hashes and output.

        Packages by order, ship day, node, service, then contents; contents by package, then line. Two plans
        with the same packages have the same canonical form.
        """
        by_line = np.lexsort((self.content_quantity, self.content_line, self.content_package))
        package, line = self.content_package[by_line], self.content_line[by_line]
        quantity = self.content_quantity[by_line]
        num = len(self.order_idx)
        starts = np.searchsorted(package, np.arange(num + 1))
        width = int(np.diff(starts).max()) if num else 0
        keys = np.full((2 * width, num), -1, np.int64)
        slot = np.arange(len(package)) - starts[package]
        keys[2 * slot, package] = line
        keys[2 * slot + 1, package] = quantity
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
        )

    def shipped(self, num_lines: int) -> I64:
        """Units shipped of every order line, [lines]."""
        return np.bincount(self.content_line, self.content_quantity, num_lines).astype(np.int64)

    def __len__(self) -> int:
        return len(self.order_idx)
