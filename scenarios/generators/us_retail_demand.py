"""Invented SKUs, orders and stock of the pack `us-retail`, at real places."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from draw import Draw, cumulated
from tables import Row
from us_places import Place, surroundings

NUM_ORDERS = 1000
EASTERN = timezone(timedelta(hours=-5))
AS_OF = datetime(2026, 11, 27, 9, tzinfo=EASTERN)

Category = tuple[str, int, float, float, float, float, float]
CATEGORIES: tuple[Category, ...] = (  # code, SKUs, median kg, spread, kg per litre, median value, spread
    ("APPAREL", 36, 0.45, 0.5, 0.18, 38, 0.5),
    ("BEAUTY", 16, 0.25, 0.5, 0.35, 26, 0.4),
    ("BOOK", 28, 0.50, 0.4, 0.65, 22, 0.3),
    ("ELECTRO", 26, 0.90, 0.8, 0.22, 130, 0.7),
    ("FURNITURE", 12, 14.0, 0.4, 0.12, 150, 0.4),
    ("KITCHEN", 30, 2.00, 0.6, 0.20, 48, 0.5),
    ("SPORT", 20, 2.80, 0.7, 0.14, 60, 0.6),
    ("TOY", 32, 0.70, 0.6, 0.11, 28, 0.5),
)


@dataclass(frozen=True)
class Sku:
    """A SKU as it stands in the table."""

    sku_id: str
    weight_kg: float
    sides_cm: tuple[float, float, float]
    value: float
    ship_alone: bool


@dataclass
class Order:
    """An order with its lines: (SKU position, quantity, splittable)."""

    placed_at: datetime
    place: Place
    deliver_by: date | None
    priority: int
    ship_complete: bool
    max_packages: int | None
    channel: str
    lines: list[tuple[int, int, bool]] = field(default_factory=list)


def make_skus(draw: Draw, categories: Sequence[Category] = CATEGORIES) -> list[Sku]:
    """SKUs by category: weight and value log-normal, sides from the density and a random shape."""
    skus = []
    for code, count, kg, kg_spread, density, value, value_spread in categories:
        for number in range(1, count + 1):
            weight = max(0.05, round(draw.log_normal(kg, kg_spread), 2))
            litres = weight / (density * math.exp(0.35 * draw.normal()))
            side = (litres * 1000) ** (1 / 3)
            stretch, flat = math.exp(0.35 * draw.normal()), math.exp(0.35 * draw.normal())
            sides = sorted((side * stretch, side * flat, side / (stretch * flat)), reverse=True)
            price = max(6, int(draw.log_normal(value, value_spread))) + 0.99
            rounded = (round(sides[0], 1), round(sides[1], 1), round(max(0.5, sides[2]), 1))
            skus.append(Sku(f"{code}-{number:02d}", weight, rounded, price, weight > 12))
    return skus


def make_popularity(draw: Draw, skus: Sequence[Sku]) -> list[float]:
    """Running sums of how often each SKU is chosen: by a random rank, ship-alone SKUs less."""
    ranks = list(range(len(skus)))
    draw.shuffle(ranks)
    return cumulated(
        [(1 + rank) ** -0.8 * (0.4 if sku.ship_alone else 1) for rank, sku in zip(ranks, skus, strict=True)]
    )


def make_orders(
    draw: Draw,
    cities: Sequence[Row],
    places: Sequence[Place],
    skus: Sequence[Sku],
    popularity: Sequence[float],
    num: int = NUM_ORDERS,
) -> list[Order]:
    """Orders of the 24 hours before `AS_OF`, in the order in which they were placed."""
    city_weights = cumulated([float(city["Population"]) for city in cities])
    around = surroundings(cities, places)
    by_hour = cumulated([1.0 + 0.9 * math.sin(2 * math.pi * (hour - 11) / 24) for hour in range(24)])  # peak at 17:00

    orders = []
    for _ in range(num):
        hour = draw.pick(by_hour)
        second = int(draw.uniform() * 3600)
        placed = AS_OF.replace(hour=hour, minute=0) + timedelta(seconds=second)
        if placed > AS_OF:
            placed -= timedelta(days=1)
        near_places, near_weights = around[draw.pick(city_weights)]
        place = near_places[draw.pick(near_weights)]
        channel = ("web", "app", "marketplace")[draw.pick((0.55, 0.90, 1.0))]
        promise, priority = ((1, 3), (3, 2), (5, 1), (7, 1), (None, 1))[draw.pick((0.03, 0.20, 0.55, 0.88, 1.0))]
        order = Order(
            placed,
            place,
            None if promise is None else AS_OF.date() + timedelta(days=promise),
            priority,
            draw.chance(0.05),
            (1, 2, None)[draw.pick((0.04, 0.12, 1.0))],
            channel,
        )
        chosen: list[int] = []
        wanted = min(6, draw.geometric(0.48))
        while len(chosen) < wanted:
            sku = draw.pick(popularity)
            if sku not in chosen:
                chosen.append(sku)
        for sku in chosen:
            quantity = 1 if skus[sku].ship_alone else min(5, draw.geometric(0.75))
            order.lines.append((sku, quantity, not draw.chance(0.06)))
        if len(chosen) > 1 and any(skus[sku].ship_alone for sku in chosen):
            order.max_packages = None  # it needs several packages
        orders.append(order)
    return sorted(orders, key=lambda order: order.placed_at)


def make_stock(
    draw: Draw, nodes: Sequence[str], stores: Set[str], skus: Sequence[Sku], orders: Sequence[Order]
) -> list[tuple[object, ...]]:
    """Stock somewhat above demand in total for most SKUs, in uneven heaps at the nodes that carry them."""
    demand: Counter[int] = Counter()
    for order in orders:
        for sku, quantity, _ in order.lines:
            demand[sku] += quantity
    rows = []
    for idx, sku in enumerate(skus):
        cover = (0.9, 1.25, 1.8, 2.6)[draw.pick((0.05, 0.35, 0.75, 1.0))]
        shares = {}
        for node in nodes:
            is_store = node in stores
            heap = -math.log(1 - draw.uniform()) * (1 if is_store else 5)
            if draw.chance(0.3 if is_store else 0.65) and not (is_store and sku.ship_alone):
                shares[node] = heap
        total = sum(shares.values())
        for node, share in shares.items():
            units = int(share / total * cover * (demand[idx] + 0.5) + draw.uniform())
            safety = 1 if node in stores and units else 0
            reserved = int(draw.uniform() * 3) if draw.chance(0.15) else 0
            if units:
                rows.append((node, sku.sku_id, units + safety + reserved, reserved, safety))
    return sorted(rows)
