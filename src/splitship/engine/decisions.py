"""Decisions on claims, and how pricing keeps them: what is barred is priced out of reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.engine.claims import Claims
from splitship.engine.tables import Tables
from splitship.units import I64

BARRED = 2**40
"""Micros a unit where a decision bars a line, and for a unit left unfilled that must ship: a million of money."""

Path = tuple[tuple[int, bool], ...]
"""Decisions in the order in which they part the plans: a subject, and whether it ships.

A subject below the number of claims is a whole claim: its line, from there. From there on it is the number of claims
plus a line: that line, from anywhere.
"""


@dataclass(frozen=True, slots=True)
class Bars:
    """Decisions as prices: `option_line` [option lines] on top of a unit's price, `unfilled_cost` [lines] in place."""

    option_line: I64
    unfilled_cost: I64

    def on_top_of(self, prices: I64, num_rows: int) -> I64:
        """Prices of rows and option lines with the bars added."""
        paid = np.concatenate([prices[:num_rows], self.option_line])
        if len(prices) > num_rows:
            paid[num_rows:] += prices[num_rows:]
        return paid


class Barring:
    """Finds the option lines that decisions bar."""

    def __init__(self, tables: Tables, claims: Claims) -> None:
        self._claim_line = claims.line
        self._of_option_line = claims.of_option_line
        self._unfilled_cost = tables.unfilled_cost
        self._of_line = np.argsort(tables.option_line, kind="stable")
        num_lines = len(tables.line_step)
        self._line_ptr = np.searchsorted(tables.option_line[self._of_line], np.arange(num_lines + 1))

    def bars(self, path: Path) -> Bars | None:
        """The bars of some decisions, None for none."""
        if not path:
            return None
        option_line = np.zeros(len(self._of_option_line), np.int64)
        unfilled_cost = self._unfilled_cost.copy()
        num_claims = len(self._claim_line)
        for subject, ships in path:
            line = self._claim_line[subject] if subject < num_claims else subject - num_claims
            of_line = self._of_line[self._line_ptr[line] : self._line_ptr[line + 1]]
            is_there = (self._of_option_line[of_line] == subject) | (subject >= num_claims)
            option_line[of_line[is_there != ships]] = BARRED
            if ships:
                unfilled_cost[line] = BARRED
        return Bars(option_line, unfilled_cost)
