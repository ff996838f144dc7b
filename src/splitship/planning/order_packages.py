"""The packages of single orders, as documents have them and in a line of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from splitship.domain import Result
from splitship.units import day_text

OrderPackage = Mapping[str, Any]
"""`node_id`, `service_id`, `ship_on` and `lines` of `line_id`, `sku_id`, `quantity`: as plan documents name them."""


class OrderPackages:
    """Finds the packages of an answer's orders."""

    def __init__(self, result: Result) -> None:
        self.problem, self.plan = result.problem, result.plan
        self._starts = np.searchsorted(self.plan.order_idx, np.arange(len(self.problem.orders) + 1))
        self._contents = np.searchsorted(self.plan.content_package, np.arange(len(self.plan) + 1))
        self._sku_ids = self.problem.skus.sku_id[self.plan.skus(self.problem.lines.sku_idx)]
        self._line_ids = self.problem.lines.line_id[self.plan.content_line]

    def of(self, order: int) -> list[OrderPackage]:
        """The packages of the order at a position, in the plan's sequence."""
        return [self._package(package) for package in range(self._starts[order], self._starts[order + 1])]

    def words(self, order: int, most_lines: int = 3) -> str:
        """The same in words: `ATL1 ground 2026-11-27: 2 x SKU7, 1 x SKU9; ...`."""
        packages = self.of(order)
        if not packages:
            return "nothing ships"
        return "; ".join(
            f"{each['node_id']} {each['service_id']} {each['ship_on']}: {_lines(each['lines'], most_lines)}"
            for each in packages
        )

    def _package(self, package: int) -> OrderPackage:
        problem, plan = self.problem, self.plan
        lines: dict[tuple[str, str], int] = {}
        for at in range(self._contents[package], self._contents[package + 1]):
            # promised units of a line are contents of their own
            key = (str(self._line_ids[at]), str(self._sku_ids[at]))
            lines[key] = lines.get(key, 0) + int(plan.content_quantity[at])
        return {
            "node_id": str(problem.nodes.node_id[plan.node_idx[package]]),
            "service_id": str(problem.services.service_id[plan.service_idx[package]]),
            "ship_on": day_text(int(plan.ship_day[package])),
            "lines": [
                {"line_id": line_id, "sku_id": sku_id, "quantity": units} for (line_id, sku_id), units in lines.items()
            ],
        }


def _lines(lines: Sequence[Mapping[str, Any]], most: int) -> str:
    listed = ", ".join(f"{line['quantity']} x {line['sku_id']}" for line in lines[:most])
    more = len(lines) - most
    return listed + (f", {more} more line{'' if more == 1 else 's'}" if more > 0 else "")
