"""Calendars by date, where holidays or single days make one week unlike the next.

All tables begin at the first day on which an order can start, and end so late that nothing looked up in them lies
beyond: room is made for lead days, horizon, holding, waiting for a delivery that is not too early, transit and the
search for a delivery day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splitship.domain import LONG_PAST, Problem
from splitship.units import I32, I64, NO_DATE, Bools

NEVER = -1
"""In a table of waiting days: no such day exists."""
SEARCHED_DAYS = 3 * 366
"""A day farther than this from where a search for it starts is not found."""


def weekday(days: I64) -> I64:
    """Weekday of day numbers, Monday 0 (day 0, 1970-01-01, was a Thursday)."""
    return (days + 3) % 7


@dataclass(frozen=True, slots=True)
class DatedTables:
    """Tables by date; day d is column d - `origin`.

    `working_days` [nodes, days], `ship_days` and `delivery_days` [services, days]; `ship_wait` [nodes, services, start
    days] and `delivery_wait` [services, days] are days to wait, NEVER for none.
    """

    origin: int
    working_days: Bools
    ship_days: Bools
    delivery_days: Bools
    ship_wait: I64
    delivery_wait: I64


def is_dated(problem: Problem) -> bool:
    """Whether days of one weekday may differ; never without orders, which have no first day."""
    quotas = problem.service_quotas
    has_dates = len(problem.calendars) + len(problem.node_days) > 0 or bool((quotas.day != NO_DATE).any())
    has_dates |= len(problem.released) > 0
    return has_dates and len(problem.orders) > 0 and len(problem.nodes) > 0


def dated_tables(problem: Problem, start_day: I64) -> DatedTables:
    """The tables of a problem whose orders start on `start_day` [orders, zones]."""
    nodes, services = problem.nodes, problem.services
    holidays, single = problem.calendars, problem.node_days
    origin, latest_start = int(start_day.min()), int(start_day.max()) + 1
    days = origin + np.arange(_last_day(problem, latest_start) - origin + 1)
    working = nodes.working_days[:, weekday(days)]
    _paint(working, holidays.node_idx, holidays.day - origin, holidays.node_idx >= 0, np.zeros(len(holidays), np.bool_))
    _paint(working, single.node_idx, single.day - origin, single.has_open, single.is_open)
    ship, delivery = services.ship_days[:, weekday(days)], services.delivery_days[:, weekday(days)]
    for table in (ship, delivery):
        no = np.zeros(len(holidays), np.bool_)
        _paint(table, holidays.service_idx, holidays.day - origin, holidays.service_idx >= 0, no)
    return DatedTables(
        origin,
        working,
        ship,
        delivery,
        _wait_to_ship(working, nodes.lead_days, ship, latest_start - origin + 1),
        _wait(next_days(delivery)[:, :-1]),
    )


def next_days(is_day: Bools) -> I32:
    """Column of the first such day at or after each, one column more than there are days.

    The number of days stands for none and, in the last column, for having found none before.
    """
    num = is_day.shape[-1]
    column = np.arange(num, dtype=np.int32)
    marked = np.where(is_day, column, np.int32(num))
    found = np.minimum.accumulate(marked[..., ::-1], axis=-1)[..., ::-1]
    found = np.where(found - column > SEARCHED_DAYS, np.int32(num), found)
    beyond = np.full((*is_day.shape[:-1], 1), num, np.int32)
    joined: I32 = np.concatenate([found, beyond], axis=-1)
    return joined


def _last_day(problem: Problem, latest_start: int) -> int:
    """A day after all that can be looked up."""
    holidays, single = problem.calendars, problem.node_days
    searches = int(problem.nodes.lead_days.max(initial=0)) + 2
    single_out = int(max(holidays.day.max(initial=latest_start), single.day.max(initial=latest_start)))
    # After the last day that is special all is weekly: whatever is found then is found within seven days.
    first_ship = min(latest_start + searches * (SEARCHED_DAYS + 1), max(latest_start, single_out) + 7 * (searches + 1))
    last_ship = max(first_ship + problem.limits.horizon_days, int(problem.orders.hold_until.max(initial=LONG_PAST)))
    if (problem.orders.not_before > LONG_PAST).any():
        last_ship += 1 + SEARCHED_DAYS
    return last_ship + int(problem.lanes.transit_days.max(initial=0)) + SEARCHED_DAYS + 1


def _paint(table: Bools, row: I64, column: I64, is_meant: Bools, value: Bools) -> None:
    at = np.flatnonzero(is_meant & (column >= 0) & (column < table.shape[1]))
    table[row[at], column[at]] = value[at]


def _wait(found: NDArray[np.signedinteger]) -> I64:
    """Columns of the days found to days of waiting."""
    num = found.shape[-1]
    wait: I64 = np.where(found < num, found - np.arange(num), NEVER).astype(np.int64)
    return wait


def _wait_to_ship(working: Bools, lead_days: I64, ship: Bools, num_starts: int) -> I64:
    """Days from each start day to the first ship day of a node's service, [nodes, services, start days].

    To a working day of the node, plus its lead days, then to a day that is a working day of the node and a ship day of
    the service.
    """
    num = working.shape[1]
    row, base = np.arange(len(working))[:, None], np.arange(num_starts)
    following = next_days(working)
    ready = following[:, :num_starts]
    for step in range(int(lead_days.max(initial=0))):
        later = following[row, np.minimum(ready + 1, num)]
        ready = np.where((lead_days > step)[:, None], later, ready)
    wait = np.full((len(working), len(ship), num_starts), NEVER, np.int64)
    for service in range(len(ship)):
        found = next_days(working & ship[service])[row, ready]
        wait[:, service] = np.where(found < num, found - base, NEVER)
    return wait
