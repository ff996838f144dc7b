"""Invented orders of the pack `omnichannel`, at real places: shipped, picked up at stores, or both."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from draw import Draw, cumulated
from omnichannel_network import CENTRES, STORES
from tables import Row
from us_places import Place, distance_km, surroundings

NUM_ORDERS = 2000
AS_OF = datetime(2026, 12, 8, 10, tzinfo=timezone(timedelta(hours=-5)))
MOST_VECTORS = 1024
"""Quantity vectors of an order at most: up to there all its contents are looked at."""
PICKUP_KM = 45
VENDOR_PROMISE = 9
"""Days in which an order with a line of a vendor is promised at the earliest."""

CHANNELS = ("web", "app", "store", "marketplace")
OF_CHANNEL = (0.44, 0.72, 0.80, 1.0)
PROMISES = ((1, 3), (2, 2), (4, 1), (7, 1), (None, 1))
OF_PROMISE = (0.03, 0.18, 0.55, 0.88, 1.0)
PICKUP_PROMISES = ((0, 2), (1, 1), (3, 1), (None, 1))
OF_PICKUP_PROMISE = (0.08, 0.42, 0.82, 1.0)


@dataclass(frozen=True)
class Good:
    """What the draws need to know of a SKU: `parts` are (SKU position, units) of a kit, itself otherwise."""

    weight: float
    is_heavy: bool
    is_from_vendor: bool
    is_sold_in_stores: bool
    is_kit: bool
    parts: tuple[tuple[int, int], ...]


@dataclass
class Line:
    """A line: SKU position, units, and whether it is picked up at the order's store."""

    sku: int
    quantity: int
    is_splittable: bool
    is_picked_up: bool = False


@dataclass
class Order:
    """An order with its lines; `store` is where its lines are picked up, if any are."""

    placed_at: datetime
    place: Place
    channel: str
    deliver_by: date | None
    priority: int
    max_packages: int | None
    ship_complete: bool
    is_home: bool
    is_gift: bool
    store: str | None = None
    hold_until: date | None = None
    not_before: date | None = None
    excluded: tuple[str, ...] = ()
    lines: list[Line] = field(default_factory=list)

    @property
    def is_picked_up(self) -> bool:
        return all(line.is_picked_up for line in self.lines)


class OrderMaker:
    """Draws orders from one stream."""

    def __init__(
        self, draw: Draw, cities: Sequence[Row], places: Sequence[Place], goods: Sequence[Good],
        place_of_node: Mapping[str, tuple[float, float]],
    ) -> None:  # fmt: skip
        self.draw, self.goods = draw, goods
        self.city_weights = cumulated([float(city["Population"]) for city in cities])
        self.around = surroundings(cities, places)
        self.stores = {store: place_of_node[store] for store in STORES}
        ranks = list(range(len(goods)))
        draw.shuffle(ranks)
        weights = [good.weight * (1 + rank) ** -0.6 for rank, good in zip(ranks, goods, strict=True)]
        self.popularity = cumulated([0 if good.is_kit else w for w, good in zip(weights, goods, strict=True)])
        self.in_stores = cumulated([w if g.is_sold_in_stores else 0 for w, g in zip(weights, goods, strict=True)])
        self.kits = [sku for sku, good in enumerate(goods) if good.is_kit]
        # a peak at 17:00
        self.by_hour = cumulated([1.0 + 0.9 * math.sin(2 * math.pi * (hour - 11) / 24) for hour in range(24)])

    def orders(self) -> list[Order]:
        """Orders of the 24 hours before `AS_OF`, in the order in which they were placed."""
        return sorted((self._order() for _ in range(NUM_ORDERS)), key=lambda order: order.placed_at)

    def _order(self) -> Order:
        draw = self.draw
        hour = draw.pick(self.by_hour)
        placed = AS_OF.replace(hour=hour, minute=0) + timedelta(seconds=int(draw.uniform() * 3600))
        if placed > AS_OF:
            placed -= timedelta(days=1)
        near_places, near_weights = self.around[draw.pick(self.city_weights)]
        place = near_places[draw.pick(near_weights)]
        channel = CHANNELS[draw.pick(OF_CHANNEL)]
        store = self._store_nearby(place) if channel != "marketplace" else None
        is_pickup = store is not None and draw.chance(0.30)
        is_mixed = store is not None and not is_pickup and draw.chance(0.09)
        if is_pickup:
            days, priority = PICKUP_PROMISES[draw.pick(OF_PICKUP_PROMISE)]
        else:
            days, priority = PROMISES[draw.pick(OF_PROMISE)]
        order = Order(
            placed_at=placed,
            place=place,
            channel=channel,
            deliver_by=None if days is None else AS_OF.date() + timedelta(days=days),
            priority=priority,
            max_packages=(1, 2, None)[draw.pick((0.03, 0.10, 1.0))],
            ship_complete=draw.chance(0.04),
            is_home=draw.chance(0.86),
            is_gift=draw.chance(0.03),
            store=store if is_pickup or is_mixed else None,
        )
        if priority == 1 and draw.chance(0.02):
            order.hold_until = AS_OF.date() + timedelta(days=2 + int(draw.uniform() * 2))
        elif priority == 1 and draw.chance(0.02):
            order.not_before = AS_OF.date() + timedelta(days=6 + int(draw.uniform() * 6))
            order.deliver_by = order.not_before + timedelta(days=2)
        if draw.chance(0.015):
            order.excluded = (list(CENTRES)[int(draw.uniform() * len(CENTRES))],)
        self._add_lines(order, is_pickup, is_mixed)
        return order

    def _store_nearby(self, place: Place) -> str | None:
        km = {store: distance_km(place.lat, place.lon, *at) for store, at in self.stores.items()}
        store = min(km, key=lambda name: km[name])
        return store if km[store] <= PICKUP_KM else None

    def _add_lines(self, order: Order, is_pickup: bool, is_mixed: bool) -> None:
        draw = self.draw
        wanted = min(5, draw.geometric(0.52))
        wanted = max(wanted, 2) if is_mixed else wanted
        skus: list[int] = []
        if not is_pickup and draw.chance(0.055):
            skus.append(self.kits[int(draw.uniform() * len(self.kits))])
        while len(skus) < wanted:
            own = is_pickup or (is_mixed and len(skus) % 2 == 0)
            sku = draw.pick(self.in_stores if own else self.popularity)
            if sku not in skus:
                skus.append(sku)
        for sku in skus:
            good = self.goods[sku]
            quantity = 1 if good.is_heavy or good.is_kit else min(4, draw.geometric(0.78))
            line = Line(sku, quantity, not draw.chance(0.06))
            line.is_picked_up = is_pickup or (is_mixed and good.is_sold_in_stores and len(order.lines) % 2 == 0)
            order.lines.append(line)
        if draw.chance(0.015) and not self.goods[skus[0]].is_heavy and not self.goods[skus[0]].is_kit:
            order.lines[0].quantity = 6 + int(draw.uniform() * 7)
        light = [line for line in order.lines if not self.goods[line.sku].is_heavy]
        if order.channel == "marketplace" and light:
            order.lines = light  # what ships complete in two packages
        order.is_gift = order.is_gift and len(light) == len(order.lines)
        while self._vectors(order) > MOST_VECTORS:
            order.lines.pop()
        if any(self.goods[line.sku].is_from_vendor for line in order.lines) and order.deliver_by is not None:
            order.deliver_by = max(order.deliver_by, AS_OF.date() + timedelta(days=VENDOR_PROMISE))
            order.priority = 1
        if is_mixed and order.is_picked_up:
            order.lines[-1].is_picked_up = len(order.lines) == 1
        if not any(line.is_picked_up for line in order.lines):
            order.store = None
        if any(self.goods[line.sku].is_heavy for line in order.lines) or (order.store and not order.is_picked_up):
            order.max_packages, order.ship_complete = None, False  # it needs several packages

    def _vectors(self, order: Order) -> int:
        vectors = 1
        for line in order.lines:
            for _, units in self.goods[line.sku].parts:
                vectors *= line.quantity * units + 1
        return vectors
