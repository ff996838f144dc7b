"""What packages and orders must be worth by rules, what they could be, and which rule says so."""

from __future__ import annotations

import numpy as np

from splitship.domain import Problem
from splitship.domain.rule_masks import CompiledRules, evaluate_rules
from splitship.units import ATTO_PER_MICRO, I64, Bools, atto_to_decimal, format_micros

OF_PACKAGE, OF_ORDER = "min_package_value", "min_order_value"


class Worth:
    """Sums of values, exact: whole micros and 10^-12 of one, the latter below a micro; columns."""

    def __init__(self, num: int) -> None:
        self.micros, self.atto = np.zeros((2, num), np.int64)

    def add(self, at: I64, problem: Problem, line_idx: I64, units: I64) -> None:
        """Add units of lines at positions."""
        value = problem.lines.unit_value
        atto = value.atto[line_idx] * units
        np.add.at(self.micros, at, value.micros[line_idx] * units + atto // ATTO_PER_MICRO)
        np.add.at(self.atto, at, atto % ATTO_PER_MICRO)
        self.micros += self.atto // ATTO_PER_MICRO
        self.atto %= ATTO_PER_MICRO

    def text(self, at: int) -> str:
        """A sum as decimal text."""
        micros, atto = int(self.micros[at]), int(self.atto[at])
        return format(atto_to_decimal(micros * ATTO_PER_MICRO + atto), "f") if atto else format_micros(micros)


class LeastValues:
    """What the packages and orders of a problem must be worth; `whole` is the problem of which it is a part."""

    def __init__(self, problem: Problem, whole: Problem) -> None:
        orders, lines = problem.orders, problem.lines
        self._problem, self._whole = problem, whole
        self._compiled: CompiledRules | None = None
        none = np.zeros(len(orders), np.int64)
        self.of_package: I64 = none if orders.min_package_value is None else orders.min_package_value
        self.of_order: I64 = none if orders.min_order_value is None else orders.min_order_value
        self.is_any = bool(self.of_package.any() or self.of_order.any())
        self._ordered = Worth(len(orders))
        self.is_short: Bools = np.zeros(len(orders), np.bool_)
        if self.is_any:
            self._ordered.add(lines.order_idx, problem, np.arange(len(lines)), lines.quantity)
            self.is_short = self._ordered.micros < np.maximum(self.of_package, self.of_order)

    def short_text(self, order: int) -> str:
        """Why an order of which not even the whole is worth enough cannot ship."""
        which = OF_ORDER if self.of_order[order] > self._ordered.micros[order] else OF_PACKAGE
        return self.text(which, order, f"the whole order is worth {self._ordered.text(order)}")

    def text(self, which: str, order: int, what_is: str) -> str:
        """What a rule asks for, and what there is instead."""
        least = int((self.of_order if which == OF_ORDER else self.of_package)[order])
        thing = "an order" if which == OF_ORDER else "a package"
        return f"the rule {self.rule(which, order)!r} asks for {format_micros(least)} in {thing}, {what_is}"

    def rule(self, which: str, order: int) -> str:
        """The name of the rule that sets the least value of an order or its packages."""
        given = self._whole.as_given
        if self._compiled is None:
            self._compiled = evaluate_rules(given)
        at = np.flatnonzero(given.orders.order_id == self._problem.orders.order_id[order])
        if not len(at) or which not in self._compiled.settings:
            return ""
        return given.rules[int(self._compiled.settings[which].winner[at[0]])].name
