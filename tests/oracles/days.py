"""Which days nodes and services work, when a package may ship and when it arrives, day by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from oracles.parts import Node, Order, Service
from oracles.world import World, midnight_to

DAY = timedelta(days=1)
MOST_DAYS = 3 * 366
"""How many days after the one where it begins a search for a day looks at; after that there is none."""


def works(world: World, node: Node, day: date) -> bool:
    """Whether the node works: what is said of the very day, else its week without its holidays."""
    said = world.node_days.get((node.node_id, day))
    if said is not None and said.is_open is not None:
        return said.is_open
    return node.working_days[day.weekday()] and (node.node_id, day) not in world.node_holidays


def ships(world: World, service: Service, day: date) -> bool:
    """Whether the service collects."""
    return service.ship_days[day.weekday()] and (service.service_id, day) not in world.service_holidays


def delivers(world: World, service: Service, day: date) -> bool:
    """Whether the service delivers."""
    return service.delivery_days[day.weekday()] and (service.service_id, day) not in world.service_holidays


def next_working_day(world: World, node: Node, day: date) -> date | None:
    """The first working day from `day` on."""
    return next((on for on in _from(day) if works(world, node, on)), None)


def next_ship_day(world: World, node: Node, service: Service, day: date) -> date | None:
    """The first day from `day` on on which the node works and the service collects."""
    return next((on for on in _from(day) if works(world, node, on) and ships(world, service, on)), None)


def first_ship_day(world: World, start: datetime, node: Node, service: Service) -> date | None:
    """The first ship day for a local start time, None when there is none."""
    late = midnight_to(start.time()) > node.cutoff
    day = next_working_day(world, node, start.date() + DAY if late else start.date())
    for _ in range(node.lead_days):
        if day is None:
            return None
        day = next_working_day(world, node, day + DAY)
    return None if day is None else next_ship_day(world, node, service, day)


def delivery_day(world: World, ship_on: date, transit_days: int, service: Service) -> date | None:
    """Transit in calendar days, then on to a delivery day of the service."""
    return next((on for on in _from(ship_on + transit_days * DAY) if delivers(world, service, on)), None)


def ship_and_delivery_days(
    world: World, order: Order, start: datetime, node: Node, service: Service, transit_days: int
) -> list[tuple[date, date]]:
    """Every day on which a package of the order may ship, with the day on which it then arrives."""
    first = first_ship_day(world, start, node, service)
    if first is None:
        return []
    last = first + world.horizon_days * DAY
    if order.hold_until is not None:
        last = max(last, order.hold_until)
    window = []
    for later in range((last - first).days + 1):
        ship_on = first + later * DAY
        if works(world, node, ship_on) and ships(world, service, ship_on):
            arrives = delivery_day(world, ship_on, transit_days, service)
            if arrives is not None:
                window.append((ship_on, arrives))
    if order.not_before is None or not window:
        return window
    in_time = [(ship_on, arrives) for ship_on, arrives in window if arrives >= order.not_before]
    if in_time:
        return in_time
    for ship_on in _from(last + DAY):
        if works(world, node, ship_on) and ships(world, service, ship_on):
            arrives = delivery_day(world, ship_on, transit_days, service)
            if arrives is not None and arrives >= order.not_before:
                return [(ship_on, arrives)]
    return []


def _from(day: date) -> Iterator[date]:
    """The days that a search from `day` on looks at."""
    return (day + later * DAY for later in range(MOST_DAYS + 1))
