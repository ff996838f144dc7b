"""Which days packages can leave and arrive: cut-offs, working days, lead days, ship and delivery days.

Calendars repeat every week, so each move is a table by weekday (0 is Monday) of how many days to wait.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from splitship.domain import Problem
from splitship.units import I64, US_PER_DAY, Bools

NEVER = -1
"""In a table of waiting days: no such day exists."""


def weekday(days: I64) -> I64:
    """Weekday of day numbers, Monday 0 (day 0, 1970-01-01, was a Thursday)."""
    return (days + 3) % 7


def local_time(instants_us: I64, timezone: str) -> tuple[I64, I64]:
    """Day number and microseconds since midnight on the wall clock of an IANA time zone, for UTC instants."""
    unique, inverse = np.unique(instants_us, return_inverse=True)
    utc = pd.DatetimeIndex(unique.astype("datetime64[us]"), tz="UTC")
    wall = utc.tz_convert(timezone).tz_localize(None).to_numpy().astype("datetime64[us]").astype(np.int64)
    return (wall // US_PER_DAY)[inverse], (wall % US_PER_DAY)[inverse]


def wait_for(days: Bools) -> I64:
    """Days from each weekday to the first day of `days` at or after it, NEVER for none; both [..., 7]."""
    wait = np.full(days.shape, NEVER, np.int64)
    for ahead in range(6, -1, -1):
        wait[np.roll(days, -ahead, axis=-1)] = ahead
    return wait


def wait_for_lead(working_days: Bools, lead_days: I64) -> I64:
    """Days that `lead_days` working days take from each weekday, [nodes, 7]; NEVER without a working day."""
    wait = wait_for(working_days)
    a_week = working_days.sum(axis=1)
    is_never = a_week == 0
    weeks, rest = np.divmod(lead_days, np.maximum(a_week, 1))
    total = np.repeat((7 * weeks)[:, None], 7, axis=1)
    at = np.arange(7)[None, :] + np.zeros_like(total)
    row = np.arange(len(total))[:, None]
    for step in range(6):
        more = np.where((rest > step)[:, None], 1 + wait[row, (at + 1) % 7], 0)
        total, at = total + more, at + more
    total[is_never] = NEVER
    return total


def wait_to_ship(working_days: Bools, lead_days: I64, ship_days: Bools) -> I64:
    """Days from each weekday to the first ship day of a node's service, [nodes, services, 7]; NEVER for none.

    To a working day of the node, plus its lead days, then to a day that is a working day of the node and a
    ship day of the service.
    """
    week = np.arange(7)
    row = np.arange(len(working_days))[:, None]
    opened = wait_for(working_days)
    led = wait_for_lead(working_days, lead_days)[row, (week + opened) % 7]
    ready = opened + led
    shared = wait_for(working_days[:, None, :] & ship_days[None, :, :])
    service = np.arange(len(ship_days))[None, :, None]
    last = shared[row[:, :, None], service, ((week + ready) % 7)[:, None, :]]
    is_never = (opened < 0)[:, None, :] | (last < 0)
    return np.where(is_never, NEVER, ready[:, None, :] + last)


class Days:
    """The calendar of a problem.

    `zone_of_node` [nodes] numbers the distinct time zones; `start_day` and `start_us` [orders, zones] are the local
    date and time of the later of `as_of` and `placed_at`; `ship_wait` [nodes, services, 7] and `delivery_wait`
    [services, 7] are waiting days by weekday.
    """

    def __init__(self, problem: Problem) -> None:
        nodes, services = problem.nodes, problem.services
        codes, zones = pd.factorize(nodes.timezone)
        start = np.maximum(problem.orders.placed_at_us, problem.as_of_us)
        local = [local_time(start, str(zone)) for zone in zones]
        shape = (len(start), max(1, len(local)))
        self.zone_of_node: I64 = codes.astype(np.int64)
        self.start_day: I64 = np.zeros(shape, np.int64)
        self.start_us: I64 = np.zeros(shape, np.int64)
        for column, (day, clock) in enumerate(local):
            self.start_day[:, column], self.start_us[:, column] = day, clock
        self.cutoff_us = nodes.cutoff_us
        self.working_days = nodes.working_days
        self.ship_days = services.ship_days
        self.horizon_days = problem.limits.horizon_days
        self.ship_wait = wait_to_ship(nodes.working_days, nodes.lead_days, services.ship_days)
        self.delivery_wait = wait_for(services.delivery_days)

    def start_days(self, order: I64, node: I64) -> I64:
        """Date on which an order starts at a node."""
        return self.start_day[order, self.zone_of_node[node]]

    def first_ship_day(self, order: I64, node: I64, service: I64) -> tuple[I64, Bools]:
        """First ship day, and whether there is one; elementwise."""
        zone = self.zone_of_node[node]
        is_after_cutoff = self.start_us[order, zone] > self.cutoff_us[node]
        base = self.start_day[order, zone] + is_after_cutoff
        wait = self.ship_wait[node, service, weekday(base)]
        return base + wait, wait >= 0

    def is_ship_day(self, node: I64, service: I64, day: I64, first: I64) -> Bools:
        """Whether a package may leave on `day` when `first` is its first ship day; elementwise."""
        of_week = weekday(day)
        is_allowed = self.working_days[node, of_week] & self.ship_days[service, of_week]
        in_horizon: Bools = (day >= first) & (day - first <= self.horizon_days)
        return is_allowed & in_horizon

    def deliver_day(self, service: I64, ship_day: I64, transit_days: I64) -> tuple[I64, Bools]:
        """Delivery day, and whether the service ever delivers; elementwise."""
        arrival = ship_day + transit_days
        wait = self.delivery_wait[service, weekday(arrival)]
        return arrival + wait, wait >= 0
