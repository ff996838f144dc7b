"""Collecting violations: one call a rule, at most 100 listed of a code, all counted."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from splitship.domain import Problem, Violation
from splitship.units import Bools, day_text

LISTED = 100
"""Violations of one code that are listed; one more says how many there are."""


class Violations:
    """What was found so far, in the order of the checks."""

    def __init__(self) -> None:
        self.found: list[Violation] = []

    def add(self, code: str, where: str, message: str) -> None:
        """One violation."""
        self.found.append(Violation(code, where, message))

    def add_rows(
        self,
        code: str,
        rows: NDArray[np.integer] | Bools,
        where: Callable[[int], str],
        message: Callable[[int], str],
    ) -> None:
        """A violation for each of `rows` (positions or a mask), the first 100 in words and then their number."""
        listed = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        for row in listed[:LISTED].tolist():
            self.add(code, where(row), message(row))
        if len(listed) > LISTED:
            self.add(code, "", f"{len(listed)} violations of this kind in all, the first {LISTED} are listed")


class Names:
    """Places in words, for messages only."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    @cached_property
    def channels(self) -> list[str]:
        """Names of the channels that something is kept for."""
        return sorted({str(name) for name in self.problem.channel_reserves.channel})

    def order(self, order: int) -> str:
        """`order O1`."""
        return f"order {self.problem.orders.order_id[order]}"

    def line(self, line: int) -> str:
        """`order O1 line 2`."""
        return f"{self.order(int(self.problem.lines.order_idx[line]))} line {self.problem.lines.line_id[line]}"

    def component(self, line: int) -> str:
        """`SKU K1`, of a line's own SKU: what tells the components of a kit apart."""
        return self.sku(int(self.problem.lines.sku_idx[line]))

    def node(self, node: int) -> str:
        """`node N1`."""
        return f"node {self.problem.nodes.node_id[node]}"

    def service(self, service: int) -> str:
        """`service ground`."""
        return f"service {self.problem.services.service_id[service]}"

    def sku(self, sku: int) -> str:
        """`SKU K1`."""
        return f"SKU {self.problem.skus.sku_id[sku]}"

    def channel(self, channel: int) -> str:
        """`channel web`, by its position among the channels that something is kept for."""
        return f"channel {self.channels[channel]}"

    def rule(self, rule: int) -> str:
        """`rule no hazmat by air`."""
        return f"rule {self.problem.rules[rule].name}"

    def package(self, number: int, order: int, node: int, service: int, day: int) -> str:
        """`packages[3] (order O1, node N1, service ground, 2026-03-02)`; values out of range are shown as numbers."""
        parts = [
            self.order(order) if 0 <= order < len(self.problem.orders) else f"order_idx {order}",
            self.node(node) if 0 <= node < len(self.problem.nodes) else f"node_idx {node}",
            self.service(service) if 0 <= service < len(self.problem.services) else f"service_idx {service}",
            date_text(day),
        ]
        return f"packages[{number}] ({', '.join(parts)})"


def date_text(day: int) -> str:
    """An ISO date, or the bare number where it is no date of the calendar's four-digit years."""
    return day_text(day) if -719_162 <= day <= 2_932_896 else f"day {day}"
