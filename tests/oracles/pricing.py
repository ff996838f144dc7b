"""What one package costs and when it may ship, worked out one by one in exact fractions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from oracles.days import ship_and_delivery_days
from oracles.parts import Bracket, Node, Order, Service, to_micros
from oracles.rules import is_forbidden, rule_prices_of, surcharges_of
from oracles.supplies import draws_of, own_skus, price_over, reserve_prices, supply
from oracles.world import World

EARTH_RADIUS_KM = 6371.0088
Content = tuple[int, ...]
"""Units of every line of an order."""
Skus = tuple[str, ...]
"""The SKU that ships for every line of an order; its own for lines of which nothing ships."""


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
    """Terms of one package in micros.

    Surcharges and what a transfer asks a unit are part of `shipping`, prices of stock and of substitutes of `rules`.
    """

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
        is_too_far = bool(farthest) and distance_km(node, order) > min(farthest)
        start = start_of(world, order, node)
        for service in world.services.values():
            if (node.node_id, service.service_id) not in world.offered:
                continue
            found_way = _way_there(world, order, node, service, is_too_far)
            if found_way is None:
                continue
            transit_days, brackets = found_way
            longest = [limit for limit in (world.max_transit_days, order.max_transit_days) if limit is not None]
            if longest and transit_days > min(longest):
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
                        brackets,
                        to_micros(world.delivery_day * waited),
                        to_micros(world.late_day * late_days * order.priority),
                    )
                )
    return found


def _way_there(
    world: World, order: Order, node: Node, service: Service, is_too_far: bool
) -> tuple[int, tuple[Bracket, ...]] | None:
    """Days on the way and the rate card, None where the service does not go; nobody is too far to pick something up."""
    if service.way is not None:
        if not any(line.pickup == service.pickup for line in order.lines):
            return None
        return service.way.days, (Bracket(Fraction(0), service.way.per_package, Fraction(0)),)
    lane = None if is_too_far else _best_lane(world, order, node, service)
    if lane is None:
        return None
    zone, transit_days = lane
    brackets = world.rates.get((service.service_id, zone))
    return (transit_days, tuple(brackets)) if brackets else None


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


def package_cost(
    world: World, order: Order, choice: Choice, content: Content, skus: Skus | None = None
) -> PackageCost | None:
    """The exact cost of one package, None when it cannot exist (empty, in steps or to a place that its lines do not
    have, half a kit, ship-alone, weight, forbidden by a rule, not worth enough, a supply or what is kept by itself).

    `skus` ship for the lines, else their own.
    """
    skus = own_skus(order) if skus is None else skus
    units = sum(content)
    inside = [(line, sku, number) for line, sku, number in zip(order.lines, skus, content, strict=True) if number]
    service = world.services[choice.service_id]
    if not inside or not _may_lie_together(world, order, choice, content, skus):
        return None
    if is_forbidden(world, order, choice, content, skus):
        return None
    for key, amount in draws_of(world, order, choice, content, skus):
        limit = supply(world, key)
        if limit is not None and amount > limit and price_over(world, key) is None:
            return None
    if reserve_prices(world, order, choice, content, skus, {}) is None:
        return None
    node = world.nodes[choice.node_id]
    weight = sum((world.skus[sku].weight * number for _, sku, number in inside), Fraction(0))
    if service.max_weight is not None and weight > service.max_weight:
        return None
    volume = sum((world.skus[sku].volume * number for _, sku, number in inside), Fraction(0))
    shipping = _tariff(world, choice, service, weight, volume)
    if shipping is None:
        return None
    handling = node.package_cost + node.line_cost * len(inside) + node.unit_cost * units
    per_unit = 0 if service.way is None else service.way.per_unit
    replaced = sum(dict(line.substitutes)[sku] * number for line, sku, number in inside if sku != line.sku_id)
    taken = sum(world.stock_prices.get((node.node_id, sku), 0) * number for _, sku, number in inside)
    return PackageCost(
        shipping + surcharges_of(world, order, choice, content, skus) + per_unit * units,
        to_micros(handling),
        choice.delivery,
        choice.late,
        rule_prices_of(world, order, choice, content, skus) + replaced + taken,
    )


def _may_lie_together(world: World, order: Order, choice: Choice, content: Content, skus: Skus) -> bool:
    """Lines and units of a package that is not empty fit one another, the service and the node."""
    inside = [(line, sku, number) for line, sku, number in zip(order.lines, skus, content, strict=True) if number]
    goes_to = world.services[choice.service_id].pickup
    if len(inside) > 1 and any(world.skus[sku].is_ship_alone for _, sku, _ in inside):
        return False
    for line, sku, number in inside:
        if number not in line.steps or sku not in line.skus:
            return False
        if line.pickup != goes_to or choice.node_id in line.rejected:
            return False
    together: dict[str, set[int]] = {}
    for line, number in zip(order.lines, content, strict=True):
        if line.kit is not None and line.is_together:
            together.setdefault(line.kit, set()).add(number // line.kit_quantity)
    if any(len(kits) > 1 for kits in together.values()):
        return False
    return order.value_of(content) >= order.min_package_value


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
