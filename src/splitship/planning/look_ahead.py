"""A batch joined with what is expected to be ordered after it: the look-ahead problem."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from splitship.domain import LONG_PAST, SHIPS, Forecast, OrderLines, Orders, Problem, with_rules_in_force
from splitship.domain.constant import NEUTRAL, is_constant
from splitship.errors import UsageError
from splitship.units import (
    I64,
    MAX_TOTAL_MICROS,
    MICROS,
    NO_DATE,
    UNLIMITED,
    US_PER_DAY,
    US_PER_SECOND,
    Amounts,
    Strings,
    day_number,
    strings,
)


@dataclass(frozen=True, slots=True)
class LookAhead:
    """The joined problem, in force. Its first `num_batch` orders are the batch.

    `group` [orders] numbers the orders: those of one row of the forecast, which are all the same, have one number.
    `last_day` is the last day of the forecast that is looked at, a day number.
    """

    problem: Problem
    num_batch: int
    group: I64
    last_day: int

    @property
    def num_expected(self) -> int:
        """Orders of the forecast."""
        return len(self.group) - self.num_batch


def join_forecast(problem: Problem, horizon_days: int | None = None) -> LookAhead:
    """The batch and, for each unit of its forecast, an order of one line of one unit.

    Such an order is placed when its day begins by the clock of `as_of`, and so starts on that day, or at `as_of` if
    that is later; limits and horizons of the pack are its own, as they would be if it came. `horizon_days`: rows of
    days later than so many after the date of `as_of` are left out.

    Raises:
        UsageError: there is no forecast, none within the horizon, or its costs are beyond what can be added up.
    """
    given, forecast = problem.as_given, problem.as_given.forecast
    if not len(forecast):
        raise UsageError("there is no forecast: the pack has no table forecast, or one without rows")
    last = NO_DATE if horizon_days is None else day_number(problem.as_of.date().isoformat()) + horizon_days
    rows = np.flatnonzero(forecast.placed_day <= last)
    if not len(rows):
        raise UsageError(f"the forecast has nothing for the first {horizon_days} days after as_of")
    _check_total(given, forecast, rows)
    row = np.repeat(rows, forecast.quantity[rows])
    num = len(given.orders)
    orders, lines = _orders_of(given, forecast, row), _lines_of(given, forecast, row, num)
    text = f"{problem.input_hash}\0forecast\0{horizon_days}"
    joined = replace(
        given,
        orders=_appended(given.orders, orders),
        lines=_appended(given.lines, lines),
        forecast=Forecast.empty(),
        input_hash="sha256:" + hashlib.sha256(text.encode()).hexdigest(),
        given=None,
    )
    group = np.concatenate([np.arange(num), num + np.repeat(np.arange(len(rows)), forecast.quantity[rows])])
    return LookAhead(with_rules_in_force(joined), num, group.astype(np.int64), int(forecast.placed_day[rows].max()))


def _check_total(given: Problem, forecast: Forecast, rows: I64) -> None:
    """What all expected units cost unfilled stays well inside int64, as for orders."""
    objective, value = given.objective, given.skus.value.micros[forecast.sku_idx[rows]] / MICROS
    unit = float(objective.unfilled_unit) + float(objective.unfilled_value) * value
    unit = np.where(forecast.has_unfilled_cost[rows], forecast.unfilled_cost.micros[rows] / MICROS, unit)
    total = float((unit * forecast.quantity[rows]).sum())
    if total * MICROS > MAX_TOTAL_MICROS / 4:
        most = MAX_TOTAL_MICROS // 4 // MICROS
        raise UsageError(f"leaving the whole forecast unfilled would cost {total:.3g}, more than {most:.3g}")


def _orders_of(given: Problem, forecast: Forecast, row: I64) -> Orders:
    """The orders of forecast rows `row`, one each; nothing is asked of them but to ship."""
    num = len(row)
    offset = given.as_of.utcoffset()
    assert offset is not None
    offset_us = (offset.days * 86_400 + offset.seconds) * US_PER_SECOND + offset.microseconds
    limits = given.limits
    return Orders(
        order_id=strings(f"forecast:{number + 1}" for number in range(num)),
        placed_at_us=forecast.placed_day[row] * US_PER_DAY - offset_us,
        country=forecast.country[row],
        postal_code=forecast.postal_code[row],
        latitude=forecast.latitude[row],
        longitude=forecast.longitude[row],
        deliver_by=np.full(num, NO_DATE, np.int64),
        priority=Amounts(np.full(num, MICROS, np.int64), np.zeros(num, np.int64)),
        is_ship_complete=np.zeros(num, np.bool_),
        max_packages=np.full(num, UNLIMITED if limits.max_packages is None else limits.max_packages, np.int64),
        channel=_blank(num),
        excluded_ptr=np.zeros(num + 1, np.int64),
        excluded_node_idx=np.zeros(0, np.int64),
        hold_until=np.full(num, LONG_PAST, np.int64),
        not_before=np.full(num, LONG_PAST, np.int64),
        attributes={name: _blank(num) for name in given.orders.attributes},
    )


def _lines_of(given: Problem, forecast: Forecast, row: I64, num_orders: int) -> OrderLines:
    """The lines of the orders of `_orders_of`, which come after `num_orders` others."""
    num = len(row)
    return OrderLines(
        order_idx=num_orders + np.arange(num, dtype=np.int64),
        line_id=strings(["1"] * num),
        sku_idx=forecast.sku_idx[row],
        quantity=np.ones(num, np.int64),
        unit_value=given.skus.value.take(forecast.sku_idx[row]),
        is_splittable=np.ones(num, np.bool_),
        unfilled_cost=forecast.unfilled_cost.take(row),
        has_unfilled_cost=forecast.has_unfilled_cost[row],
        pickup_node_idx=np.full(num, SHIPS, np.int64),
        attributes={name: _blank(num) for name in given.lines.attributes},
    )


def _blank(num: int) -> Strings:
    return np.full(num, "", object)


def _appended(first: Any, second: Any) -> Any:
    """A table of columns with the rows of another at its end."""
    made: dict[str, Any] = {}
    for field in fields(first):
        one, other = getattr(first, field.name), getattr(second, field.name)
        if isinstance(one, Mapping):
            made[field.name] = {name: np.concatenate([one[name], other[name]]) for name in one}
        elif isinstance(one, Amounts):
            made[field.name] = Amounts(
                np.concatenate([one.micros, other.micros]), np.concatenate([one.atto, other.atto])
            )
        elif field.name == "excluded_ptr":
            made[field.name] = np.concatenate([one, one[-1] + other[1:]])
        elif one is None:
            made[field.name] = None
        elif NEUTRAL in field.metadata and all(is_constant(column, field.metadata[NEUTRAL]) for column in (one, other)):
            made[field.name] = np.broadcast_to(one.dtype.type(field.metadata[NEUTRAL]), len(one) + len(other))
        else:
            made[field.name] = np.concatenate([one, other])
    return type(first)(**made)
