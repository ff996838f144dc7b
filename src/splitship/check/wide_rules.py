"""What rules and surcharges do to the choices of a wide order, in whole numbers without a limit."""

from __future__ import annotations

import numpy as np

from splitship.check.exact import Wholes, wholes
from splitship.domain import Problem
from splitship.units import I64, Bools


class OrderRules:
    """The rules about some line of one order, for ways of shipping it: columns of node, service and ship day."""

    def __init__(self, problem: Problem, order: int, lines: I64) -> None:
        rules = problem.package_rules
        self.rules, self.lines = rules, lines
        self.quantity = problem.lines.quantity[lines]
        bits = rules.order_bits[order] & rules.line_bits[lines] if len(rules) else np.zeros((len(lines), 0), np.uint64)
        about = np.unpackbits(bits.view(np.uint8), axis=1, count=len(rules), bitorder="little").astype(np.bool_)
        self.numbers = np.flatnonzero(about.any(axis=0)).tolist()
        """Positions in `package_rules`."""
        self.about_line: Bools = about

    def is_forbidden(self, node: I64, service: I64, day: I64) -> Bools:
        """Lines that a rule keeps from shipping in each way, [ways, lines]."""
        found = np.zeros((len(node), len(self.lines)), np.bool_)
        for rule in self.numbers:
            if self.rules.is_forbidden[rule]:
                found |= self._acts(rule, node, service, day)[:, None] & self.about_line[:, rule]
        return found

    def unit_terms(self, node: I64, service: I64, day: I64) -> Wholes:
        """What a unit of each line pays at least in each way, [ways, lines].

        Prices a line count by its quantity, rounded down: no package holds more units of it.
        """
        rules = self.rules
        a_unit, a_line = (wholes(np.zeros((len(node), len(self.lines)), np.int64)) for _ in range(2))
        for rule in self.numbers:
            price = wholes(np.full(len(self.lines), rules.per_unit[rule]))
            if rules.value_row[rule] >= 0:
                price += wholes(rules.value_cost[rules.value_row[rule], self.lines])
            acts = self._acts(rule, node, service, day)[:, None] & self.about_line[:, rule]
            a_unit += acts * price
            a_line += acts * int(rules.per_line[rule])
        terms: Wholes = a_unit + a_line // wholes(self.quantity)
        return terms

    def package_terms(self, node: I64, service: I64, day: I64, can_ship: Bools, quota_price: I64) -> Wholes:
        """What every package of each way pays, [ways]: rules about all lines that can ship by it, [ways, lines].

        A rule about some of them only is left out, since a package may hold the others alone and prices are not
        negative. `quota_price` is [ways, rules].
        """
        total = wholes(np.zeros(len(node), np.int64))
        for rule in self.numbers:
            acts = self._acts(rule, node, service, day) & ~np.any(can_ship & ~self.about_line[:, rule], axis=1)
            total += acts * (int(self.rules.per_package[rule]) + wholes(quota_price[:, rule]))
        return total

    def _acts(self, rule: int, node: I64, service: I64, day: I64) -> Bools:
        """Whether a rule is about each way, [ways]."""
        rules, (word, bit) = self.rules, divmod(rule, 64)
        bits = (rules.node_bits[node, word] & rules.service_bits[service, word]) >> np.uint64(bit)
        acts: Bools = ((bits & np.uint64(1)) > 0) & (rules.first_day[rule] <= day) & (day <= rules.last_day[rule])
        return acts
