"""The terms of the objective beside carriage and handling: days to delivery, late days, unfilled units."""

from __future__ import annotations

import numpy as np

from splitship.check.exact import (
    Wholes,
    atto_to_micros,
    exact_amounts,
    product_of_amounts,
    round_half_even,
    wholes,
)
from splitship.domain import Orders, Problem
from splitship.units import ATTO, ATTO_PER_MICRO, I64, decimal_to_atto


def delivery_cost(problem: Problem, days: I64) -> Wholes:
    """Price of `days` from the start date to delivery, in micros; elementwise over packages."""
    return atto_to_micros(decimal_to_atto(problem.objective.delivery_day) * wholes(days))


def late_days(problem: Problem, order: I64, deliver_day: I64) -> I64:
    """Days after `deliver_by`, 0 when in time; elementwise over packages."""
    days: I64 = np.maximum(0, deliver_day - problem.orders.deliver_by[order])
    return days


def late_cost(problem: Problem, order: I64, days: I64) -> Wholes:
    """Price of late days times the order's priority, in micros; elementwise over packages."""
    priority = exact_amounts(problem.orders.priority.take(order))
    price = decimal_to_atto(problem.objective.late_day) * wholes(days)
    return product_of_amounts(wholes(price), priority)


def least_value(orders: Orders, name: str) -> I64:
    """A column of least values in micros, 0 where nothing is asked; [orders]."""
    column: I64 | None = getattr(orders, name)
    return np.zeros(len(orders), np.int64) if column is None else column


def unfilled_cost(problem: Problem) -> Wholes:
    """Price of a unit that does not ship, in micros, [lines]: as given, else by the objective."""
    lines, objective = problem.lines, problem.objective
    given = atto_to_micros(exact_amounts(lines.unfilled_cost))
    if lines.has_unfilled_cost.all():
        return given
    a_unit = decimal_to_atto(objective.unfilled_unit) * ATTO
    of_value = decimal_to_atto(objective.unfilled_value) * exact_amounts(lines.unit_value)
    priority = exact_amounts(problem.orders.priority)[lines.order_idx]
    by_policy = round_half_even(wholes((a_unit + of_value) * priority), ATTO * ATTO * ATTO_PER_MICRO)
    return np.where(lines.has_unfilled_cost, given, by_policy)
