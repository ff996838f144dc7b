# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""The cost of an option's packages as a fixed part and a part for each line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from splitship.instance import IMPOSSIBLE, Instance
from splitship.policies.pricing import price_content
from splitship.policies.tables import LINE, LINE_RADIX, LINES, RADIX, Tables
from splitship.units import Floats


@dataclass(frozen=True, slots=True)
class LinearCosts:
    """Micros: `fixed` a package [options]; `line` for a whole line [option lines].

    `share` [option lines] is the part of the line that one package can hold, 0 when it cannot hold a step.
    """

    fixed: Floats
    line: Floats
    share: Floats


def linear_costs(instance: Instance, tables: Tables) -> LinearCosts:
    """Fit a fixed part F and a part s_l for each line l to the exact package costs of every option.

    With c_l the cost of a package of as much of line l as one holds, c of all lines together, n lines:
    F = (sum of c_l - c) / (n - 1), s_l = c_l - F, which meets every c_l and c, and is exact for costs that are linear
    in what a package holds. F is kept between 0 and the least c_l. Where there is one line only, or all
    lines do not fit one package, F is the cost of the cheapest package of a single step. A line that is too much for
    one package counts as many as its steps.
    """
    fixed = np.zeros(instance.num_options)
    line = np.zeros(len(instance.option_line))
    share = np.zeros(len(instance.option_line))
    _fit(tables, fixed, line, share)
    return LinearCosts(fixed, line, share)


@njit(cache=True, nogil=True)
def _fit(t, fixed, line_cost, share):
    """Fill what `linear_costs` returns."""
    widest = np.int64(1)
    for order in range(t.orders.shape[1]):
        widest = max(widest, t.order_ptr[0, order + 1] - t.order_ptr[0, order])
    row = np.zeros(widest, np.int64)
    for order in range(t.orders.shape[1]):
        first_line = t.order_ptr[0, order]
        for option in range(t.order_ptr[1, order], t.order_ptr[1, order + 1]):
            first, end = t.option_ptr[LINES, option], t.option_ptr[LINES, option + 1]
            lightest, least, total, count, are_whole = np.inf, np.inf, 0.0, 0, True
            for j in range(first, end):
                line = t.option_lines[LINE, j] - first_line
                most = t.option_lines[LINE_RADIX, j] - 1
                row[line] = 1
                single, _ = price_content(t, order, option, row)
                row[line] = most
                alone, _ = price_content(t, order, option, row)
                row[line] = 0
                if single >= IMPOSSIBLE:
                    continue
                if alone >= IMPOSSIBLE:
                    alone, are_whole = most * single, False
                share[j] = most / (t.lines[RADIX, t.option_lines[LINE, j]] - 1)
                line_cost[j] = alone
                lightest, least = min(lightest, single), min(least, alone)
                total += alone
                count += 1
            if count == 0:
                continue
            fixed[option] = lightest
            if count > 1 and are_whole:
                for j in range(first, end):
                    if share[j] > 0:
                        row[t.option_lines[LINE, j] - first_line] = t.option_lines[LINE_RADIX, j] - 1
                together, _ = price_content(t, order, option, row)
                row[:] = 0
                if together < IMPOSSIBLE:
                    fixed[option] = min(max((total - together) / (count - 1), 0.0), least)
            for j in range(first, end):
                if share[j] > 0:
                    line_cost[j] = max(line_cost[j] - fixed[option], 0.0) / share[j]
