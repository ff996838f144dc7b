"""What contents, and all that ships of an order, must be besides: of one way to the customer, kits, worth enough.

The states of orders with such conditions are marked before the bound's kernel runs, which reads the marks only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from splitship.check.compiled import compiled
from splitship.check.exact import exact_amounts, wholes
from splitship.check.steps import Steps
from splitship.check.tables import OrderTables
from splitship.check.terms import least_value
from splitship.domain import Problem
from splitship.units import ATTO_PER_MICRO, I64, Bools

NONE = -1
NOTHING = -2
"""In place of the node at which contents are picked up, when there are no contents."""
VALUE_CAP = 2**52
"""More than any least value: what is worth so much is worth enough."""


class ConditionTables(NamedTuple):
    """Conditions on contents and on what ships of orders in all."""

    has_any: Bools  # [orders] also where lines differ in where they go
    min_package_value: I64  # [orders] micros
    min_order_value: I64  # [orders] micros
    value_micros: I64  # [lines] a step, at most VALUE_CAP
    value_atto: I64  # [lines] the rest in 10^-18
    head_slot: I64  # [lines] first component of the line's kit, counted in its order; the line itself without a kit
    is_together: Bools  # [lines] all components of a unit of the kit lie in one package
    is_substituted: Bools  # [lines] another SKU ships for the line, and every package holds it


class MarkedStates(NamedTuple):
    """Marks on the states of some orders; those of the order at position p begin at `start[p]`, NONE without any.

    `is_out`: no package can hold the state. `is_no_end`: it cannot be all that ships. `pickup_node`: where it goes.
    """

    start: I64
    is_out: Bools
    is_no_end: Bools
    pickup_node: I64


def condition_tables(problem: Problem, steps: Steps) -> ConditionTables:
    """The conditions of a problem's orders."""
    lines, orders = problem.lines, problem.orders
    of_package, of_order = (least_value(orders, name) for name in ("min_package_value", "min_order_value"))
    pickup_node, order = lines.pickup_node_idx, lines.order_idx
    has_any = (of_package > 0) | (of_order > 0)
    has_any[order[lines.kit_line_idx >= 0]] = True
    has_any[order[pickup_node != pickup_node[problem.line_ptr[order]]]] = True
    micros, atto = np.zeros(len(lines), np.int64), np.zeros(len(lines), np.int64)
    valued = np.flatnonzero(has_any[order])
    value = exact_amounts(lines.unit_value.take(valued)) * wholes(steps.size[valued])
    micros[valued] = np.minimum(value // ATTO_PER_MICRO, VALUE_CAP).astype(np.int64)
    atto[valued] = (value % ATTO_PER_MICRO).astype(np.int64)
    return ConditionTables(
        has_any=has_any,
        min_package_value=of_package,
        min_order_value=of_order,
        value_micros=micros,
        value_atto=atto,
        head_slot=lines.head_idx - problem.line_ptr[order],
        is_together=np.array(lines.is_together),
        is_substituted=np.zeros(len(lines), np.bool_),
    )


def mark_states(conditions: ConditionTables, orders: OrderTables, which: I64, states: I64) -> MarkedStates:
    """The marks of the orders `which`, which have so many `states` each, [which]."""
    marked = np.flatnonzero(conditions.has_any[which])
    start = np.full(len(which), NONE, np.int64)
    ends = np.cumsum(states[marked])
    start[marked] = ends - states[marked]
    num = int(ends[-1]) if len(ends) else 0
    marks = MarkedStates(start, np.zeros(num, np.bool_), np.zeros(num, np.bool_), np.full(num, NOTHING, np.int64))
    if num:
        note_marks(conditions, orders.line_ptr, orders.radix, orders.pickup_node, which, states, marks)
    return marks


@compiled
def note_marks(
    conditions: ConditionTables, line_ptr: I64, radix: I64, pickup_node: I64, which: I64, states: I64,
    marks: MarkedStates,
) -> None:  # fmt: skip
    """Fills the marks, all of which say nothing yet.

    Lines of a package go to one place; kits that stay together are whole in it, all kits in what ships; both are worth
    what is asked. A line for which another SKU ships is in every content.
    """
    for position in range(len(which)):
        start, order = marks.start[position], which[position]
        if start < 0:
            continue
        first = line_ptr[order]
        num_lines = line_ptr[order + 1] - first
        steps = np.zeros(num_lines, np.int64)
        for state in range(states[position]):
            at, rest = start + state, state
            micros, atto = 0, 0
            for slot in range(num_lines):
                line = first + slot
                steps[slot] = rest % radix[line]
                rest //= radix[line]
                micros += steps[slot] * conditions.value_micros[line]
                atto += steps[slot] * conditions.value_atto[line]
                # Components of a kit move in steps of as many kits each.
                if steps[slot] != steps[conditions.head_slot[line]]:
                    marks.is_no_end[at] = True
                    marks.is_out[at] |= conditions.is_together[line]
                if steps[slot] == 0:
                    marks.is_out[at] |= conditions.is_substituted[line]
                    continue
                if marks.pickup_node[at] == NOTHING:
                    marks.pickup_node[at] = pickup_node[line]
                marks.is_out[at] |= marks.pickup_node[at] != pickup_node[line]
            micros += atto // ATTO_PER_MICRO
            marks.is_out[at] |= micros < conditions.min_package_value[order]
            marks.is_no_end[at] |= state > 0 and micros < conditions.min_order_value[order]
