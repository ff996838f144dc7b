"""When a package can leave a node and when it arrives: tables by day, and local starts.

Working days, ship days and delivery days repeat every week, so tables by weekday serve where no day is special. With
holidays, or days on which a node is open out of turn, the tables go day by day over all that a batch can reach. One
index serves both: (day - origin) modulo the length of the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from splitship.domain import LONG_PAST, Problem
from splitship.units import I32, I64, US_PER_DAY, Bools

NO_DAY: Final = -1
THURSDAY: Final = 3  # 1970-01-01, day number 0
FARTHEST: Final = 3 * 366
"""A search for the next working, ship or delivery day goes no farther than this many days."""
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Calendar:
    """Calendar tables; `period` days long, the entry of a day is `index(day)`.

    `start_day` [zones, orders]: the local date on which an order can start, by time zone; `start_us` the local
    time of day in microseconds. `node_zone` [nodes] is the row of a node's time zone.
    `first_ship` [nodes, services, period]: days from the earliest date a package may leave (cut-off applied) to its
    first ship day; NO_DAY when there is none.
    `is_ship_day` [nodes, services, period]: the node works and the service collects.
    `delivery_wait` [services, period]: days from arrival to the next delivery day, NO_DAY when there is none.
    `last_day` is the last ship day of any package.
    """

    start_day: I64
    start_us: I64
    node_zone: I32
    first_ship: I32
    is_ship_day: Bools
    delivery_wait: I32
    origin: int
    last_day: int

    @property
    def period(self) -> int:
        """Days after which the tables repeat."""
        return int(self.delivery_wait.shape[1])

    def index(self, day: I64) -> I64:
        """Where the tables have a day."""
        return (day - self.origin) % self.period


def compile_calendar(problem: Problem) -> Calendar:
    """Tabulate starts, first ship days and delivery waits of a problem."""
    nodes = problem.nodes
    zone_names, node_zone = np.unique(nodes.timezone.astype(str), return_inverse=True)
    start = np.maximum(problem.orders.placed_at_us, problem.as_of_us)
    instants = pd.DatetimeIndex(start.astype("datetime64[us]"), tz="UTC")
    local = np.empty((len(zone_names), len(start)), np.int64)
    for row, name in enumerate(zone_names):
        local[row] = instants.tz_convert(str(name)).tz_localize(None).to_numpy("datetime64[us]").astype(np.int64)
    start_day = local // US_PER_DAY
    is_special = bool(len(problem.calendars)) or bool(problem.node_days.has_open.any())
    tables = _by_day(problem, start_day) if is_special and start_day.size else _by_weekday(problem)
    first_ship, is_ship_day, delivery_wait, origin = tables
    return Calendar(
        start_day=start_day,
        start_us=local - start_day * US_PER_DAY,
        node_zone=node_zone.astype(np.int32),
        first_ship=first_ship,
        is_ship_day=is_ship_day,
        delivery_wait=delivery_wait,
        origin=origin,
        last_day=_last_ship_day(problem, start_day, first_ship),
    )


def _last_ship_day(problem: Problem, start_day: I64, first_ship: I32) -> int:
    """No package leaves later."""
    if not start_day.size:
        return 0
    orders = problem.orders
    last = int(start_day.max()) + 1 + max(0, int(first_ship.max(initial=0))) + problem.limits.horizon_days
    last = max(last, int(orders.hold_until.max(initial=LONG_PAST)))
    waits_for = int(orders.not_before.max(initial=LONG_PAST))
    if waits_for > LONG_PAST:
        last = max(last, waits_for) + search_days(problem)
    return last


def search_days(problem: Problem) -> int:
    """How far the next day can be that is working, ship and delivery day in one: each special day can cost a week."""
    num_special = len(problem.calendars) + int(problem.node_days.has_open.sum())
    return min(FARTHEST, 2 * _WEEK * (1 + num_special))


def _by_weekday(problem: Problem) -> tuple[I32, Bools, I32, int]:
    """Tables of a week."""
    nodes, services = problem.nodes, problem.services
    is_ship_day = nodes.working_days[:, None, :] & services.ship_days[None, :, :]
    first_ship = np.full((len(nodes), len(services), _WEEK), NO_DAY, np.int32)
    patterns: dict[tuple[bytes, int, bytes], I32] = {}
    for node in range(len(nodes)):
        for service in range(len(services)):
            key = (
                nodes.working_days[node].tobytes(),
                int(nodes.lead_days[node]),
                services.ship_days[service].tobytes(),
            )
            if key not in patterns:
                patterns[key] = _first_ship_offsets(nodes.working_days[node], key[1], services.ship_days[service])
            first_ship[node, service] = patterns[key]
    delivery_wait = np.stack([_waits(days) for days in services.delivery_days]) if len(services) else np.zeros((0, 7))
    return first_ship, is_ship_day, delivery_wait.astype(np.int32), -THURSDAY


def _waits(days: Bools) -> I32:
    """Days from each weekday to the next one marked in `days` (0 if itself), NO_DAY when none is."""
    waits = np.full(7, NO_DAY, np.int32)
    for start in range(7):
        for wait in range(7):
            if days[(start + wait) % 7]:
                waits[start] = wait
                break
    return waits


def _first_ship_offsets(working: Bools, lead_days: int, ship: Bools) -> I32:
    """Days from a start date to the first ship day, by the start's weekday."""
    offsets = np.full(7, NO_DAY, np.int32)
    to_working, to_both = _waits(working), _waits(working & ship)
    num_working = int(working.sum())
    if to_both[0] == NO_DAY:
        return offsets
    for start in range(7):
        offset = int(to_working[start])
        weeks, rest = divmod(lead_days, num_working)
        offset += 7 * weeks
        for _ in range(rest):
            offset += 1
            offset += int(to_working[(start + offset) % 7])
        offsets[start] = offset + int(to_both[(start + offset) % 7])
    return offsets


def _by_day(problem: Problem, start_day: I64) -> tuple[I32, Bools, I32, int]:
    """Tables of every day from the first start to beyond the last delivery."""
    nodes, services, special, holidays = problem.nodes, problem.services, problem.node_days, problem.calendars
    first = int(start_day.min())
    num_days = _reach(problem, start_day) - first + 1
    of_week = (np.arange(first, first + num_days) + THURSDAY) % _WEEK
    works = nodes.working_days[:, of_week]
    collects, delivers = services.ship_days[:, of_week], services.delivery_days[:, of_week]

    def inside(day: I64) -> Bools:
        within: Bools = (day >= first) & (day < first + num_days)
        return within

    of_node = inside(holidays.day) & (holidays.node_idx >= 0)
    works[holidays.node_idx[of_node], holidays.day[of_node] - first] = False
    of_service = inside(holidays.day) & (holidays.service_idx >= 0)
    for days in (collects, delivers):
        days[holidays.service_idx[of_service], holidays.day[of_service] - first] = False
    said = special.has_open & inside(special.day)
    works[special.node_idx[said], special.day[said] - first] = special.is_open[said]
    is_ship_day = works[:, None, :] & collects[None, :, :]
    first_ship = np.full(is_ship_day.shape, NO_DAY, np.int32)
    for node in range(len(nodes)):
        ready = _after_lead(works[node], int(nodes.lead_days[node]))
        for service in range(len(services)):
            wait = _wait_by_day(is_ship_day[node, service])
            at = np.maximum(ready, 0)
            is_never = (ready == NO_DAY) | (wait[at] == NO_DAY)
            first_ship[node, service] = np.where(is_never, NO_DAY, at + wait[at] - np.arange(num_days))
    delivery_wait = np.stack([_wait_by_day(days) for days in delivers]) if len(services) else np.zeros((0, num_days))
    return first_ship, is_ship_day, delivery_wait.astype(np.int32), first


def _reach(problem: Problem, start_day: I64) -> int:
    """A day after every one that the calendar is asked about."""
    nodes, lanes, orders = problem.nodes, problem.lanes, problem.orders
    a_week = np.maximum(1, nodes.working_days.sum(axis=1))
    longest_lead = int((_WEEK * -(-nodes.lead_days // a_week)).max(initial=0))
    slack = search_days(problem)
    last = int(start_day.max()) + 2 + longest_lead + 3 * slack + problem.limits.horizon_days
    last = max(last, int(orders.hold_until.max(initial=LONG_PAST)), int(orders.not_before.max(initial=LONG_PAST)))
    last = max(last, int(problem.node_days.day.max(initial=last)))
    return last + 2 * slack + int(lanes.transit_days.max(initial=0)) + FARTHEST


def _wait_by_day(days: Bools) -> I64:
    """Days from each day to the next one marked in `days` (0 if itself), NO_DAY when none is near enough."""
    marked = np.append(np.flatnonzero(days), len(days) + FARTHEST + 1)
    wait = marked[np.searchsorted(marked[:-1], np.arange(len(days)))] - np.arange(len(days))
    return np.where(wait > FARTHEST, NO_DAY, wait)


def _after_lead(works: Bools, lead_days: int) -> I64:
    """The position `lead_days` working days after the first working day from each day on, NO_DAY for none."""
    working = np.flatnonzero(works)
    if not len(working):
        return np.full(len(works), NO_DAY)
    first = np.searchsorted(working, np.arange(len(works)))
    end = first + lead_days
    is_there = end < len(working)
    at = working[np.minimum(end, len(working) - 1)]
    too_far = np.concatenate([[0], np.cumsum(np.diff(working) > FARTHEST)])  # gaps before each working day
    gaps = too_far[np.minimum(end, len(working) - 1)] - too_far[np.minimum(first, len(working) - 1)]
    is_near = working[np.minimum(first, len(working) - 1)] - np.arange(len(works)) <= FARTHEST
    return np.where(is_there & (gaps == 0) & is_near, at, NO_DAY)
