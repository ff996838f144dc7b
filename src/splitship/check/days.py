"""Which days packages can leave and arrive: cut-offs, working days, lead days, ship and delivery days.

Each move is a table of how many days to wait. Where weeks repeat, tables are by weekday (0 is Monday), else by date:
day d is column (d - origin) % period either way, the origin of weeks being a Monday.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from splitship.check.dated import NEVER, SEARCHED_DAYS, dated_tables, is_dated
from splitship.domain import LONG_PAST, Problem
from splitship.units import I64, US_PER_DAY, Bools

MONDAY = -3
"""A Monday: day 0, 1970-01-01, was a Thursday."""


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
    date and time of the later of `as_of` and `placed_at`. `working_days` [nodes, period], `ship_days`,
    `delivery_days` and `delivery_wait` [services, period] and `ship_wait` [nodes, services, start_period] are tables
    by day; the last begins where an order starts at a node, the next day when it is past the cut-off.
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
        self.horizon_days = problem.limits.horizon_days
        self.hold_until, self.not_before = problem.orders.hold_until, problem.orders.not_before
        self.is_dated = is_dated(problem)
        if self.is_dated:
            tables = dated_tables(problem, self.start_day)
            self.origin = tables.origin
            self.working_days, self.ship_days = tables.working_days, tables.ship_days
            self.delivery_days = tables.delivery_days
            self.ship_wait, self.delivery_wait = tables.ship_wait, tables.delivery_wait
        else:
            self.origin = MONDAY
            self.working_days, self.ship_days = nodes.working_days, services.ship_days
            self.delivery_days = services.delivery_days
            self.ship_wait = wait_to_ship(nodes.working_days, nodes.lead_days, services.ship_days)
            self.delivery_wait = wait_for(services.delivery_days)
        self.period = self.working_days.shape[1] if len(nodes) else 7
        self.start_period = self.ship_wait.shape[2]

    def start_days(self, order: I64, node: I64) -> I64:
        """Date on which an order starts at a node."""
        return self.start_day[order, self.zone_of_node[node]]

    def first_ship_day(self, order: I64, node: I64, service: I64) -> tuple[I64, Bools]:
        """First ship day, and whether there is one; elementwise."""
        zone = self.zone_of_node[node]
        is_after_cutoff = self.start_us[order, zone] > self.cutoff_us[node]
        base = self.start_day[order, zone] + is_after_cutoff
        wait = self.ship_wait[node, service, (base - self.origin) % self.start_period]
        return base + wait, wait >= 0

    def last_ship_day(self, order: I64, first: I64) -> I64:
        """Last day on which a package may leave when `first` is its first ship day; elementwise."""
        last: I64 = np.maximum(first + self.horizon_days, self.hold_until[order])
        return last

    def is_ship_day(self, node: I64, service: I64, day: I64) -> Bools:
        """Whether the node works and the service collects on `day`; elementwise."""
        column, is_in = self._columns(day)
        both: Bools = self.working_days[node, column] & self.ship_days[service, column] & is_in
        return both

    def works(self, node: int, day: int) -> bool:
        """Whether a node works on a day that the tables hold."""
        return bool(self.working_days[node, (day - self.origin) % self.period])

    def deliver_day(self, service: I64, ship_day: I64, transit_days: I64) -> tuple[I64, Bools]:
        """Delivery day, and whether the service has one; elementwise.

        Of days on which no package can leave, and which no table holds, it says that it has.
        """
        arrival = ship_day + transit_days
        column, is_in = self._columns(arrival)
        wait = np.where(is_in, self.delivery_wait[service, column], 0)
        return arrival + wait, wait >= 0

    def first_in_time(self, order: I64, node: I64, service: I64, transit_days: I64, first: I64) -> I64:
        """First ship day from `first` on whose delivery day is not before the order's `not_before`; elementwise.

        NEVER when there is none as far as is searched beyond the last ship day. `first` where any day will do.
        """
        not_before = self.not_before[order]
        limit = self.last_ship_day(order, first) + 1 + SEARCHED_DAYS
        found = first.copy()
        longest = int(self.delivery_wait.max(initial=0))
        day: I64 = np.maximum(first, not_before - transit_days - longest)
        left = np.flatnonzero(not_before > LONG_PAST)
        while len(left):
            is_over = day[left] > limit[left]
            found[left[is_over]] = NEVER
            left = left[~is_over]
            deliver, has_delivery = self.deliver_day(service[left], day[left], transit_days[left])
            is_it = self.is_ship_day(node[left], service[left], day[left]) & has_delivery
            is_it &= deliver >= not_before[left]
            found[left[is_it]] = day[left[is_it]]
            left = left[~is_it]
            day[left] += 1
        return found

    def _columns(self, day: I64) -> tuple[I64, Bools]:
        """Columns of the tables by day, and whether they hold these days at all."""
        at = day - self.origin
        is_in = (at >= 0) & (at < self.period) if self.is_dated else np.ones(len(at), np.bool_)
        return at % self.period, is_in
