"""What one package costs and when it may ship, worked out one by one in exact fractions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from oracles.days import ship_and_delivery_days
from oracles.rules import is_forbidden, rule_prices_of, surcharges_of
from oracles.supplies import draws_of, supply
from oracles.world import Bracket, Node, Order, Service, World, to_micros

EARTH_RADIUS_KM = 6371.0088
Content = tuple[int, ...]
"""Units of every line of an order."""


@dataclass(frozen=True)
class Choice:
    """One way to send a package of an order: node, service, ship day; `delivery` and `late` in micros."""

    node_id: str
    service_id: str
    ship_on: date
    deliver_on: date
    brackets: tuple[Bracket, ...]
    delivery: int
    late: int


@dataclass(frozen=True)
class PackageCost:
    """Terms of one package in micros; surcharges are part of `shipping`."""

    shipping: int
    handling: int
    delivery: int
    late: int
    rules: int = 0

    @property
    def total(self) -> int:
        return self.shipping + self.handling + self.delivery + self.late + self.rules


def start_of(world: World, order: Order, node: Node) -> datetime:
    """When the node can begin with the order, in its local time."""
    return max(world.as_of, order.placed_at).astimezone(ZoneInfo(node.timezone))


def distance_km(node: Node, order: Order) -> float:
    """Great-circle distance by the haversine formula."""
    points = (node.latitude, node.longitude, order.latitude, order.longitude)
    there, east, here, west = (math.radians(_given(angle)) for angle in points)
    across = east - west
    chord = math.sin((there - here) / 2) ** 2 + math.cos(there) * math.cos(here) * math.sin(across / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))


def _given(angle: float | None) -> float:
    """A distance limit without coordinates is a fault of the pack, found long before."""
    assert angle is not None
    return angle


def choices_of(world: World, order: Order) -> list[Choice]:
    """Every node, service and ship day an order's packages may use, whatever is in them; remembered."""
    key = ("choices", order.order_id)
    if key not in world.memo:
        world.memo[key] = _choices_of(world, order)
    return world.memo[key]  # type: ignore[no-any-return]


def _choices_of(world: World, order: Order) -> list[Choice]:
    found = []
    for node in world.nodes.values():
        if not node.is_open or node.node_id in order.excluded:
            continue
        farthest = [limit for limit in (world.max_distance_km, order.max_distance_km) if limit is not None]
        if farthest and distance_km(node, order) > min(farthest):
            continue
        start = start_of(world, order, node)
        for service in world.services.values():
            if (node.node_id, service.service_id) not in world.offered:
                continue
            lane = _best_lane(world, order, node, service)
            if lane is None:
                continue
            zone, transit_days = lane
            longest = [limit for limit in (world.max_transit_days, order.max_transit_days) if limit is not None]
            if longest and transit_days > min(longest):
                continue
            brackets = world.rates.get((service.service_id, zone))
            if not brackets:
                continue
            for ship_on, arrives in ship_and_delivery_days(world, order, start, node, service, transit_days):
                waited = (arrives - start.date()).days
                late_days = 0 if order.deliver_by is None else max(0, (arrives - order.deliver_by).days)
                found.append(
                    Choice(
                        node.node_id,
                        service.service_id,
                        ship_on,
                        arrives,
                        tuple(brackets),
                        to_micros(world.delivery_day * waited),
                        to_micros(world.late_day * late_days * order.priority),
                    )
                )
    return found


def _best_lane(world: World, order: Order, node: Node, service: Service) -> tuple[str, int] | None:
    best: tuple[int, str, int] | None = None
    for lane in world.lanes:
        if (lane.service_id, lane.node_id, lane.country) != (service.service_id, node.node_id, order.country):
            continue
        if lane.destination == "*":
            length = 0
        elif order.postal_code.startswith(lane.destination):
            length = len(lane.destination)
        else:
            continue
        if best is None or length > best[0]:
            best = (length, lane.zone, lane.transit_days)
    return None if best is None else (best[1], best[2])


def package_cost(world: World, order: Order, choice: Choice, content: Content) -> PackageCost | None:
    """The exact cost of one package, None when it cannot exist (empty, ship-alone, weight, forbidden by a
    rule, a supply by itself)."""
    units = sum(content)
    inside = [(line, units_of) for line, units_of in zip(order.lines, content, strict=True) if units_of]
    if not inside:
        return None
    if len(inside) > 1 and any(world.skus[line.sku_id].is_ship_alone for line, _ in inside):
        return None
    if any(not line.is_splittable and units_of != line.quantity for line, units_of in inside):
        return None
    if is_forbidden(world, order, choice, content):
        return None
    for key, amount in draws_of(world, order, choice, content):
        limit = supply(world, key)
        if limit is not None and amount > limit:
            return None
    node, service = world.nodes[choice.node_id], world.services[choice.service_id]
    weight = sum((world.skus[line.sku_id].weight * units_of for line, units_of in inside), Fraction(0))
    if service.max_weight is not None and weight > service.max_weight:
        return None
    volume = sum((world.skus[line.sku_id].volume * units_of for line, units_of in inside), Fraction(0))
    shipping = _tariff(world, choice, service, weight, volume)
    if shipping is None:
        return None
    handling = node.package_cost + node.line_cost * len(inside) + node.unit_cost * units
    return PackageCost(
        shipping + surcharges_of(world, order, choice, content),
        to_micros(handling),
        choice.delivery,
        choice.late,
        rule_prices_of(world, order, choice, content),
    )


def _tariff(world: World, choice: Choice, service: Service, weight: Fraction, volume: Fraction) -> int | None:
    """Remembered by service, rate card and weight, since the same weights come again and again."""
    key = (service.service_id, choice.brackets, weight, volume)
    if key not in world.memo:
        world.memo[key] = tariff(service, choice.brackets, weight, volume)
    return world.memo[key]  # type: ignore[no-any-return]


def tariff(service: Service, brackets: tuple[Bracket, ...], weight: Fraction, volume: Fraction) -> int | None:
    """The rate in micros of a package of this weight and volume, None when no bracket takes it."""
    billable = weight
    if service.divisor is not None:
        billable = max(billable, volume / service.divisor)
    if service.step is not None:
        billable = math.ceil(billable / service.step) * service.step
    for bracket in brackets:
        if billable <= bracket.up_to:
            return to_micros(bracket.price)
    last = brackets[-1]
    if last.per_extra is None:
        return None
    return to_micros(last.price + last.per_extra * (billable - last.up_to))
