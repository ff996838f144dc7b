"""Kits and substitutes: order lines in terms of the SKUs that can ship for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from splitship.domain.assortment import LineSubstitutes
from splitship.domain.matching import matching_rows
from splitship.domain.modes_in_force import rounded_to_micros
from splitship.domain.orders import NO_KIT, OrderLines
from splitship.domain.problem import Problem
from splitship.units import ATTO, ATTO_PER_MICRO, I64, MICROS, Amounts, round_half_even


@dataclass(frozen=True, slots=True)
class Exploded:
    """A problem with components in place of kits; `given_line` [lines] is the line of the given problem."""

    problem: Problem
    given_line: I64


def with_kits_exploded(problem: Problem) -> Exploded:
    """Every line of a kit SKU becomes a line for each of its components, the one with the fewest units a kit first.

    What an unfilled kit costs lies on its first component: a unit of it costs the kit's cost divided by the units in
    one kit, in whole micros (half to even).
    """
    kits, lines = problem.kits, problem.lines
    same = np.arange(len(lines))
    if not len(kits):
        return Exploded(problem, same)
    by_quantity = np.lexsort((kits.sku_idx, kits.quantity, kits.kit_sku_idx))
    kit_of = kits.kit_sku_idx[by_quantity]
    first = np.searchsorted(kit_of, lines.sku_idx)
    count = np.searchsorted(kit_of, lines.sku_idx, side="right") - first
    is_kit = count > 0
    if not is_kit.any():
        return Exploded(problem, same)
    given = np.repeat(same, np.maximum(count, 1))
    start = np.repeat(np.cumsum(np.maximum(count, 1)) - np.maximum(count, 1), np.maximum(count, 1))
    nth = np.arange(len(given)) - start
    part = is_kit[given]
    component = by_quantity[np.where(part, first[given] + nth, 0)]
    each = np.where(part, kits.quantity[component], 1)
    sku = np.where(part, kits.sku_idx[component], lines.sku_idx[given])
    unfilled, has_unfilled = lines.unfilled_cost.take(given), lines.has_unfilled_cost[given] | part
    unit_value, usual = lines.unit_value.take(given), problem.skus.value.take(sku)
    cost = unfilled.micros.copy()
    cost[part] = 0
    for row in np.flatnonzero(part & (nth == 0)).tolist():
        cost[row] = round_half_even(_unfilled_cost(problem, int(given[row])), int(each[row]))
    exploded = OrderLines(
        order_idx=lines.order_idx[given],
        line_id=lines.line_id[given],
        sku_idx=sku,
        quantity=lines.quantity[given] * each,
        unit_value=Amounts(
            np.where(part, usual.micros, unit_value.micros), np.where(part, usual.atto, unit_value.atto)
        ),
        is_splittable=lines.is_splittable[given],
        unfilled_cost=Amounts(cost, np.where(part, 0, unfilled.atto)),
        has_unfilled_cost=has_unfilled,
        pickup_node_idx=lines.pickup_node_idx[given],
        kit_line_idx=np.where(part, given, NO_KIT),
        kit_quantity=each,
        is_together=part & kits.is_together[component],
        attributes={name: column[given] for name, column in lines.attributes.items()},
    )
    return Exploded(replace(problem, lines=exploded), given)


def _unfilled_cost(problem: Problem, line: int) -> int:
    """What a unit of a line costs that does not ship, in micros, rounded half to even."""
    lines, objective = problem.lines, problem.objective
    if lines.has_unfilled_cost[line]:
        return round_half_even(lines.unfilled_cost.exact(line), ATTO_PER_MICRO)
    priority = Fraction(problem.orders.priority.exact(int(lines.order_idx[line])), ATTO)
    value = Fraction(lines.unit_value.exact(line), ATTO)
    cost = (Fraction(objective.unfilled_unit) + Fraction(objective.unfilled_value) * value) * priority * MICROS
    return round_half_even(cost.numerator, cost.denominator)


def line_substitutes(problem: Problem) -> LineSubstitutes:
    """Which other SKUs may ship for each line, by line and SKU."""
    table, lines = problem.substitutes, problem.lines
    if not len(table):
        return LineSubstitutes.empty()
    row, line = matching_rows(table.sku_idx, lines.sku_idx)
    return LineSubstitutes(line, table.substitute_sku_idx[row], rounded_to_micros(table.price_per_unit)[row])
