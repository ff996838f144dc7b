"""When a package can leave a node and when it arrives: weekday tables and local starts.

Working days, ship days and delivery days repeat every week, so all calendar logic is a function of a weekday
(Monday = 0) and is tabulated once per node and service.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from splitship.domain import Problem
from splitship.units import I32, I64, US_PER_DAY, Bools

NO_DAY = -1
THURSDAY = 3  # 1970-01-01, day number 0


def weekday(day: int) -> int:
    """Monday = 0 of a day number."""
    return (day + THURSDAY) % 7


@dataclass(frozen=True, slots=True)
class Calendar:
    """Calendar tables.

    `start_day` [zones, orders]: the local date on which an order can start, by time zone; `start_us` the local
    time of day in microseconds. `node_zone` [nodes] is the row of a node's time zone.
    `first_ship` [nodes, services, 7]: days from the earliest date a package may leave (cut-off applied) to its
    first ship day, by the weekday of that date; NO_DAY when there is none.
    `is_ship_day` [nodes, services, 7]: the node works and the service collects.
    `delivery_wait` [services, 7]: days from arrival to the next delivery day, NO_DAY when there is none.
    """

    start_day: I64
    start_us: I64
    node_zone: I32
    first_ship: I32
    is_ship_day: Bools
    delivery_wait: I32


def compile_calendar(problem: Problem) -> Calendar:
    """Tabulate starts, first ship days and delivery waits of a problem."""
    nodes, services = problem.nodes, problem.services
    zone_names, node_zone = np.unique(nodes.timezone.astype(str), return_inverse=True)
    start = np.maximum(problem.orders.placed_at_us, problem.as_of_us)
    instants = pd.DatetimeIndex(start.astype("datetime64[us]"), tz="UTC")
    local = np.empty((len(zone_names), len(start)), np.int64)
    for row, name in enumerate(zone_names):
        local[row] = instants.tz_convert(str(name)).tz_localize(None).to_numpy("datetime64[us]").astype(np.int64)
    start_day = local // US_PER_DAY
    is_ship_day = nodes.working_days[:, None, :] & services.ship_days[None, :, :]
    first_ship = np.full((len(nodes), len(services), 7), NO_DAY, np.int32)
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
    return Calendar(
        start_day=start_day,
        start_us=local - start_day * US_PER_DAY,
        node_zone=node_zone.astype(np.int32),
        first_ship=first_ship,
        is_ship_day=is_ship_day,
        delivery_wait=delivery_wait.astype(np.int32),
    )


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
