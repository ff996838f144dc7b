"""What the pack `omnichannel` owes to what was decided before: units kept for channels, the plan of nine o'clock.

That plan is a rule of thumb, not the engine's: the orders placed first, from the nearest centre that has all of it, by
the cheapest service that keeps the promise. It fits stock, reserves and today's working days, so that promises can be
kept; the batch decides whether they should be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from draw import Draw
from omnichannel_goods import Assortment, Stock
from omnichannel_network import CENTRES, STORES, TODAY, Cells
from omnichannel_orders import Order
from us_places import distance_km

NUM_PLANNED = 360
"""How many of the orders, those placed first, the plan of nine o'clock was made for."""
RELEASED = {"AVP3": 30, "IND1": 22}
"""Packages of the first wave, which the floors of two centres began to pick at half past nine."""
AIR_LIMITS = {"next_day": 5, "two_day": 16}
"""Packages by air that the rule of thumb allows itself, in all."""
NOT_FOUND = {"DFW7": 3, "stores": 2}
"""Promised packages, by place, a line of which was not found after nine."""
GIFT_KM = 1600
LEAST_VALUE = {"marketplace": 12.0, "app": 10.0}
SOME, MANY = 2, 8
CONTRACT = "ONT6"
"""The centre that keeps units for the marketplace by contract."""
Units = Counter[tuple[str, int]]


@dataclass(frozen=True)
class Reserve:
    """Units kept for a channel; of every SKU of the node where `sku` is None; `price` empty: for nobody else."""

    node: str
    sku: int | None
    channel: str
    quantity: int
    price: str = ""


def make_reserves(draw: Draw, stock: Stock) -> list[Reserve]:
    """Of what is short: a unit at stores for those who walk in, some units at centres for the web at a price."""
    found = [Reserve("STORE-CHI", None, "store", 1, "1.50")]
    for node, sku in sorted(stock.units):
        units = stock.units[node, sku]
        if sku not in stock.short or units < SOME:
            continue
        if node in STORES:
            found.append(Reserve(node, sku, "store", 1))
        elif node in CENTRES and units >= MANY:
            found.append(Reserve(node, sku, "web", units // 3, ("1.00", "1.75", "2.50")[int(draw.uniform() * 3)]))
            if node == CONTRACT:
                found.append(Reserve(node, sku, "marketplace", SOME))
    return found


def reserve_rows(reserves: Iterable[Reserve], ids: Sequence[str]) -> Iterable[Cells]:
    """Rows of the table channel_reserves."""
    named = (("" if kept.sku is None else ids[kept.sku], kept) for kept in reserves)
    for sku, kept in sorted(named, key=lambda pair: (pair[1].node, pair[0], pair[1].channel)):
        yield kept.node, sku, kept.channel, kept.quantity, kept.price


@dataclass
class Package:
    """A package of the plan of nine o'clock: positions of the order and of its lines, node and service."""

    order: int
    node: str
    service: str
    lines: list[int]
    state: str = "promised"
    move_price: str = ""


def plan_rows(packages: Iterable[Package], orders: Sequence[Order], ids: Sequence[str]) -> Iterable[Cells]:
    """Rows of the table plan_before; `ids` of orders."""
    for package in packages:
        for nth in package.lines:
            units = orders[package.order].lines[nth].quantity
            where = (package.node, package.service, TODAY, units)
            yield ids[package.order], 1 + nth, *where, package.state, package.move_price


@dataclass
class Planner:
    """The rule of thumb; takes from `left` what it plans."""

    assortment: Assortment
    orders: Sequence[Order]
    reserves: Sequence[Reserve]
    place: Mapping[str, tuple[float, float]]
    left: Units
    today: date
    by_service: Counter[str] = field(default_factory=Counter)
    handed_out: Counter[str] = field(default_factory=Counter)

    def plan(self) -> list[Package]:
        """Packages of the orders placed first, without those that it cannot serve in full today."""
        found: list[Package] = []
        for position in range(NUM_PLANNED):
            packages = self._of_order(position)
            if packages:
                found += packages
                self.by_service.update(package.service for package in packages)
                self.handed_out.update(package.node for package in packages if package.node in STORES)
                for package in packages:
                    self._take(package)
        self._release(found)
        return found

    def _of_order(self, position: int) -> list[Package]:
        order = self.orders[position]
        goods = self.assortment.goods()
        waits = order.hold_until is not None or order.not_before is not None
        if waits or any(goods[line.sku].is_from_vendor for line in order.lines):
            return []
        price = self._move_price(order)
        found: list[Package] = []
        own = [nth for nth, line in enumerate(order.lines) if line.is_picked_up]
        if own:
            assert order.store is not None
            room = STORES[order.store][-1] // 2 - self.handed_out[order.store]
            if room <= 0 or not self._has(order.store, order, own):
                return []
            found.append(Package(position, order.store, f"pickup:{order.store}", own, move_price=price))
        service = self._service(order)
        shipped = [nth for nth, line in enumerate(order.lines) if not line.is_picked_up]
        alone = [nth for nth in shipped if self.assortment.skus[order.lines[nth].sku].ship_alone]
        together = [nth for nth in shipped if nth not in alone]
        for lines in [[nth] for nth in alone] + [together] * bool(together):
            node = self._nearest(order, lines)
            if node is None or service is None:
                return []
            found.append(Package(position, node, service, lines, move_price=price))
        is_one = order.ship_complete or order.max_packages is not None or order.channel == "marketplace"
        return [] if len(found) > (1 if is_one else 3) else found

    def _service(self, order: Order) -> str | None:
        """The cheapest that is in time, None where it is full or must not have what is hazardous."""
        days = 9 if order.deliver_by is None else (order.deliver_by - self.today).days
        service = {1: "next_day", 2: "two_day"}.get(days, "ground")
        if service == "ground":
            return service
        is_hazardous = any(line.sku in self.assortment.hazmat for line in order.lines)
        return None if is_hazardous or self.by_service[service] >= AIR_LIMITS[service] else service

    def _nearest(self, order: Order, lines: Sequence[int]) -> str | None:
        km = {node: distance_km(order.place.lat, order.place.lon, *self.place[node]) for node in CENTRES}
        value = sum(self.assortment.skus[order.lines[nth].sku].value * order.lines[nth].quantity for nth in lines)
        if value < LEAST_VALUE.get(order.channel, 0):
            return None
        allowed = [node for node in CENTRES if node not in order.excluded and (km[node] < GIFT_KM or not order.is_gift)]
        stocked = [node for node in allowed if self._has(node, order, lines)]
        return min(stocked, key=lambda node: km[node], default=None)

    def _wanted(self, order: Order, lines: Sequence[int]) -> Counter[int]:
        wanted: Counter[int] = Counter()
        for nth in lines:
            line = order.lines[nth]
            for sku, units in self.assortment.parts.get(line.sku, ((line.sku, 1),)):
                wanted[sku] += units * line.quantity
        return wanted

    def _has(self, node: str, order: Order, lines: Sequence[int]) -> bool:
        """Whether all units are there that nobody else has and no other channel keeps for itself."""
        for sku, units in self._wanted(order, lines).items():
            kept = sum(
                r.quantity for r in self.reserves if (r.node, r.sku) == (node, sku) and r.channel != order.channel
            )
            if self.left[node, sku] - kept < units:
                return False
        return True

    def _take(self, package: Package) -> None:
        for sku, units in self._wanted(self.orders[package.order], package.lines).items():
            self.left[package.node, sku] -= units

    @staticmethod
    def _move_price(order: Order) -> str:
        """What a changed promise costs; empty for what must stay: who waits for today or tomorrow was told when."""
        if order.priority == 3 or (order.priority == 2 and order.store is not None):
            return ""
        return "2.00" if order.store is not None else "1.50" if order.channel == "marketplace" else "0.75"

    @staticmethod
    def _release(packages: Sequence[Package]) -> None:
        released: Counter[str] = Counter()
        for package in packages:
            if released[package.node] < RELEASED.get(package.node, 0):
                released[package.node] += 1
                package.state, package.move_price = "released", ""


def lines_not_found(
    draw: Draw, packages: Sequence[Package], orders: Sequence[Order], assortment: Assortment
) -> list[tuple[int, int, str]]:
    """Rejections, as of `make_rejections`, of promised lines at the centre that is being counted and at stores."""
    found: list[tuple[int, int, str]] = []
    counts: Counter[str] = Counter()
    places = list(range(len(packages)))
    draw.shuffle(places)
    for package in (packages[place] for place in places):
        kind = "stores" if package.node in STORES else package.node
        line = orders[package.order].lines[package.lines[-1]]
        if package.move_price and line.sku not in assortment.parts and counts[kind] < NOT_FOUND.get(kind, 0):
            counts[kind] += 1
            found.append((package.order, package.lines[-1], package.node))
    return sorted(found)
