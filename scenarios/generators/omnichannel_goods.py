"""Invented SKUs, kits, substitutes and stock of the pack `omnichannel`."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from draw import Draw
from omnichannel_network import CENTRES, STORES, THIRD_PARTY, TOMORROW, VENDORS
from omnichannel_orders import Good, Order
from us_places import distance_km
from us_retail_demand import Category, Sku, make_skus

CATEGORIES: tuple[Category, ...] = (  # code, SKUs, median kg, spread, kg per litre, median value, spread
    ("APPAREL", 38, 0.45, 0.5, 0.18, 38, 0.5),
    ("BEAUTY", 20, 0.25, 0.5, 0.35, 26, 0.4),
    ("BOOK", 24, 0.50, 0.4, 0.65, 22, 0.3),
    ("ELECTRO", 28, 0.90, 0.8, 0.22, 130, 0.7),
    ("FURNITURE", 10, 14.0, 0.4, 0.12, 150, 0.4),
    ("KITCHEN", 30, 2.00, 0.6, 0.20, 48, 0.5),
    ("SPORT", 20, 2.80, 0.7, 0.14, 60, 0.6),
    ("TOY", 30, 0.70, 0.6, 0.11, 28, 0.5),
    ("BIKE", 6, 15.0, 0.2, 0.09, 420, 0.3),
    ("PRINT", 12, 0.60, 0.4, 0.20, 34, 0.3),
    ("RUG", 8, 5.50, 0.4, 0.25, 140, 0.4),
    ("SOFA", 6, 24.0, 0.3, 0.10, 520, 0.3),
)
OF_VENDOR = {of[-1]: vendor for vendor, of in VENDORS.items()}
KITS = (  # name, parts: category and units in a kit, all in one package
    ("KIT-CAMP", (("SPORT", 1), ("SPORT", 1), ("KITCHEN", 1)), False),
    ("KIT-COFFEE", (("KITCHEN", 1), ("KITCHEN", 2)), True),
    ("KIT-GAMING", (("ELECTRO", 1), ("ELECTRO", 2)), True),
    ("KIT-PARTY", (("TOY", 2), ("KITCHEN", 1)), False),
    ("KIT-READER", (("BOOK", 1), ("BOOK", 1), ("BOOK", 1)), True),
    ("KIT-SPA", (("BEAUTY", 1), ("BEAUTY", 2)), True),
    ("KIT-STUDENT", (("BOOK", 1), ("ELECTRO", 1)), False),
    ("KIT-WINTER", (("APPAREL", 1), ("APPAREL", 2)), False),
)
NUM_HAZMAT = 4
"""SKUs of class hazmat in each of the categories BEAUTY and KITCHEN."""
INSURED_FROM, OVERSIZE_CM = 200, 95
COVERS, OF_COVER = (0.85, 1.60, 2.50, 4.0), (0.06, 0.26, 0.62, 1.0)
NUM_SUBSTITUTES, NUM_MARKDOWNS = 20, 40
REFUSED_KM = 80
DAY_AFTER = "2026-12-10"
Cells = tuple[object, ...]


@dataclass
class Assortment:
    """SKUs, the last of which are kits (their parts by SKU position), and those of class hazmat."""

    skus: list[Sku]
    parts: dict[int, tuple[tuple[int, int], ...]]
    is_together: dict[int, bool]
    hazmat: set[int]

    def category(self, sku: int) -> str:
        return self.skus[sku].sku_id.split("-")[0]

    def goods(self) -> list[Good]:
        """The SKUs as the draws of orders need them: what comes from vendors and what is heavy is asked for less."""
        rows = []
        for idx, sku in enumerate(self.skus):
            by_vendor = self.category(idx) in OF_VENDOR
            weight = (0.45 if by_vendor else 1.0) * (0.3 if sku.ship_alone else 1.0)
            in_stores = not (by_vendor or sku.ship_alone or idx in self.parts)
            parts = self.parts.get(idx, ((idx, 1),))
            rows.append(Good(weight, sku.ship_alone or by_vendor, by_vendor, in_stores, idx in self.parts, parts))
        return rows

    def sku_rows(self) -> Iterable[Cells]:
        for idx, sku in enumerate(self.skus):
            cells = (sku.sku_id, sku.weight_kg, *sku.sides_cm, sku.value, "true" if sku.ship_alone else "")
            is_hazmat, is_kit = idx in self.hazmat, idx in self.parts
            is_big = not is_kit and max(sku.sides_cm) > OVERSIZE_CM
            is_dear = not is_kit and sku.value >= INSURED_FROM
            flags = ("true" if is_big else "", "true" if is_dear else "")
            yield (*cells, self.category(idx).lower(), "hazmat" if is_hazmat else "", *flags)

    def kit_rows(self) -> Iterable[Cells]:
        for kit, parts in self.parts.items():
            for sku, units in parts:
                word = "true" if self.is_together[kit] else "false"
                yield self.skus[kit].sku_id, self.skus[sku].sku_id, units, word


def make_assortment(draw: Draw) -> Assortment:
    """SKUs by category, some hazardous, then the kits of some of the others."""
    found = Assortment(make_skus(draw, CATEGORIES), {}, {}, set())
    of_category: dict[str, list[int]] = {}
    for idx in range(len(found.skus)):
        of_category.setdefault(found.category(idx), []).append(idx)
    for category in ("BEAUTY", "KITCHEN"):
        shuffled = list(of_category[category])
        draw.shuffle(shuffled)
        found.hazmat |= set(shuffled[:NUM_HAZMAT])
    for name, wanted, is_together in KITS:
        parts: list[tuple[int, int]] = []
        for category, units in wanted:
            fit = [i for i in of_category[category] if i not in found.hazmat and i not in dict(parts)]
            fit = [i for i in fit if not found.skus[i].ship_alone and found.skus[i].value < INSURED_FROM]
            parts.append((fit[int(draw.uniform() * len(fit))], units))
        weight = round(sum(found.skus[i].weight_kg * units for i, units in parts), 2)
        value = int(0.9 * sum(found.skus[i].value * units for i, units in parts)) + 0.49
        litres = sum(found.skus[i].sides_cm[0] * found.skus[i].sides_cm[1] * found.skus[i].sides_cm[2] * units
                     for i, units in parts)  # fmt: skip
        side = round(litres ** (1 / 3), 1)
        kit = len(found.skus)
        found.skus.append(Sku(name, weight, (side, side, side), value, False))
        found.parts[kit], found.is_together[kit] = tuple(parts), is_together
    return found


@dataclass
class Stock:
    """Units at nodes by (node, SKU position), arrivals, substitutes and prices of taking units; SKUs that are short."""

    units: Counter[tuple[str, int]] = field(default_factory=Counter)
    reserved: dict[tuple[str, int], int] = field(default_factory=dict)
    inbound: list[tuple[str, int, int, str]] = field(default_factory=list)
    substitutes: list[tuple[int, int, str]] = field(default_factory=list)
    prices: list[tuple[str, int, str]] = field(default_factory=list)
    short: list[int] = field(default_factory=list)

    def stock_rows(self, skus: Sequence[Sku]) -> Iterable[Cells]:
        """One unit more in stores, two of toys: what the rules keep there as safety stock."""
        keys = sorted(set(self.units) | set(self.reserved), key=lambda key: (key[0], skus[key[1]].sku_id))
        for node, sku in keys:
            reserved = self.reserved.get((node, sku), 0)
            kept = 0 if node not in STORES else 2 if skus[sku].sku_id.startswith("TOY") else 1
            yield node, skus[sku].sku_id, self.units[node, sku] + reserved + kept, reserved


def make_stock(draw: Draw, assortment: Assortment, orders: Sequence[Order], sources: Mapping[str, Set[str]]) -> Stock:
    """Stock somewhat above demand for most SKUs, in uneven heaps; more at stores for most of what is picked up there.

    `sources` are the nodes that transfer to a store: what none of them has lies there if it is picked up there.
    """
    stock = Stock()
    demand: Counter[int] = Counter()
    for order in orders:
        for line in order.lines:
            for sku, units in assortment.parts.get(line.sku, ((line.sku, 1),)):
                demand[sku] += line.quantity * units
    cover = {}
    for sku in range(len(assortment.skus) - len(assortment.parts)):
        cover[sku] = COVERS[draw.pick(OF_COVER)]
        _spread(draw, assortment, stock, sku, cover[sku] * (demand[sku] + 0.5))
    for order in orders:
        for line in order.lines:
            if line.is_picked_up:
                assert order.store is not None
                is_far = not any(stock.units[node, line.sku] for node in (order.store, *sorted(sources[order.store])))
                if draw.chance(0.5) or is_far:
                    stock.units[order.store, line.sku] += line.quantity
    for key in sorted(stock.units):
        if key[0] in CENTRES and draw.chance(0.08):
            stock.reserved[key] = 1 + int(draw.uniform() * 3)
    own = [sku for sku in cover if assortment.category(sku) not in OF_VENDOR and demand[sku]]
    stock.short = short = [sku for sku in own if cover[sku] < 1]
    _arrive(draw, stock, short, demand)
    _replace(draw, assortment, stock, short, [sku for sku in own if cover[sku] > 1.2])
    _price(draw, stock, short, {sku for sku in own if cover[sku] > 1.2})
    return stock


def _spread(draw: Draw, assortment: Assortment, stock: Stock, sku: int, total: float) -> None:
    vendor = OF_VENDOR.get(assortment.category(sku))
    if vendor is not None:
        stock.units[vendor, sku] = int(total) + 1
        return
    heaps: dict[str, float] = {}
    kit = next((kit for kit, parts in assortment.parts.items() if sku in dict(parts)), None)
    both_sides = {list(CENTRES)[((sku if kit is None else kit) + step) % len(CENTRES)] for step in (0, 2)}
    for node in (*CENTRES, THIRD_PARTY[0], *STORES):
        size, carried = (0.7, 0.22) if node in STORES else (6.0, 0.75) if node in CENTRES else (2.5, 0.35)
        heap = -math.log(1 - draw.uniform()) * size
        if kit is not None and node in CENTRES:  # parts of a kit lie together
            heap, carried = max(heap, size), 0.0
        if (draw.chance(carried) or node in both_sides) and not (node in STORES and assortment.skus[sku].ship_alone):
            heaps[node] = heap
    for node, heap in heaps.items():
        units = int(heap / sum(heaps.values()) * total + draw.uniform())
        if units:
            stock.units[node, sku] += units


def _arrive(draw: Draw, stock: Stock, short: Sequence[int], demand: Counter[int]) -> None:
    """Some of what is short arrives at centres tomorrow, or the day after at the third party's."""
    for nth, sku in enumerate(short):
        if nth % 3 != 2:
            node = THIRD_PARTY[0] if nth % 6 == 1 else list(CENTRES)[int(draw.uniform() * len(CENTRES))]
            day = DAY_AFTER if node == THIRD_PARTY[0] else TOMORROW
            stock.inbound.append((node, sku, 1 + int(demand[sku] * 0.12), day))
    stock.inbound.sort()


def _replace(draw: Draw, assortment: Assortment, stock: Stock, short: Sequence[int], rich: Sequence[int]) -> None:
    """What may ship instead: for SKUs that are short first, then for others, from the same category and as dear."""
    others = [sku for sku in rich if sku not in short]
    draw.shuffle(others)
    taken: set[int] = set()
    for sku in (*short[::3], *others):
        of_kind = [
            other
            for other in rich
            if other != sku
            and other not in taken
            and assortment.category(other) == assortment.category(sku)
            and (other in assortment.hazmat) == (sku in assortment.hazmat)
            and 0.6 < assortment.skus[other].value / assortment.skus[sku].value < 1.7
        ]
        if of_kind and sku not in taken and len(stock.substitutes) < NUM_SUBSTITUTES:
            other = of_kind[int(draw.uniform() * len(of_kind))]
            taken |= {sku, other}
            stock.substitutes.append((sku, other, ("0.50", "0.75", "1.00", "1.50")[int(draw.uniform() * 4)]))
    stock.substitutes.sort()


def _price(draw: Draw, stock: Stock, short: Sequence[int], rich: set[int]) -> None:
    """A reward for ageing heaps at stores, a price for what is short at two centres."""
    heaps = sorted((-units, node, sku) for (node, sku), units in stock.units.items() if node in STORES and sku in rich)
    for _, node, sku in heaps[:NUM_MARKDOWNS]:
        stock.prices.append((node, sku, ("-0.80", "-1.40", "-2.00", "-2.60")[int(draw.uniform() * 4)]))
    scarce = [key for key in sorted(stock.units) if key[0] in CENTRES and key[1] in short]
    draw_order = list(range(len(scarce)))
    draw.shuffle(draw_order)
    for place in draw_order[:16]:
        stock.prices.append((*scarce[place], ("0.60", "1.20", "1.80")[int(draw.uniform() * 3)]))
    stock.prices.sort()


def make_rejections(
    draw: Draw, orders: Sequence[Order], stock: Stock, place: Mapping[str, tuple[float, float]]
) -> list[tuple[int, int, str]]:
    """(order, line or -1 for all, store): lines to pick up that are there in the books but were not found, and orders
    that a store near by, which has all of it, had no time for.

    Both by positions. What a store has refused to hand out can only be brought there from elsewhere.
    """
    found: list[tuple[int, int, str]] = []
    candidates = list(range(len(orders)))
    draw.shuffle(candidates)
    for position in candidates:
        order = orders[position]
        kept = [nth for nth, line in enumerate(order.lines) if line.is_picked_up]
        of_store = sum(nth >= 0 for _, nth, _ in found)
        if order.store is not None and of_store < 6:
            here = [nth for nth in kept if stock.units[order.store, order.lines[nth].sku] >= order.lines[nth].quantity]
            if here:
                found.append((position, here[0], order.store))
        elif order.store is None and len(found) - of_store < 5:
            km = {store: distance_km(order.place.lat, order.place.lon, *place[store]) for store in STORES}
            store = min(km, key=lambda name: km[name])
            if km[store] < REFUSED_KM and all(stock.units[store, line.sku] > 0 for line in order.lines):
                found.append((position, -1, store))
    return sorted(found)
