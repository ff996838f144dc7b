"""Services, rates and lanes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from splitship.units import I64
from splitship_bench.generate.geography import Network

NUM_ZONES = 8
BRACKETS_KG = ("0.5", "1", "2", "3", "5", "8", "12", "20")


@dataclass(frozen=True, slots=True)
class Service:
    """A service: price of a package of w kg in zone z = `base` + `zone_base` z + (`slope` + `zone_slope` z) w.

    `transit_days` by zone; fewer than eight: the service goes no farther, and only from nodes that are not big.
    """

    service_id: str
    carrier: str
    base: str
    zone_base: str
    slope: str
    zone_slope: str
    transit_days: tuple[int, ...]

    @property
    def is_local(self) -> bool:
        """Offered by local nodes only, to cities close by."""
        return len(self.transit_days) < NUM_ZONES


SERVICES = (
    Service("ground", "carrier-1", "5.50", "0.55", "0.18", "0.10", (1, 2, 2, 3, 3, 4, 5, 5)),
    Service("two-day", "carrier-1", "12.80", "0.88", "0.288", "0.16", (2,) * NUM_ZONES),
    Service("overnight", "carrier-1", "26.30", "1.43", "0.468", "0.26", (1,) * NUM_ZONES),
)
LOCAL = Service("local", "carrier-2", "3.90", "0.40", "0.15", "0.05", (1, 1))
"""A van round a local node: zones 0 and 1, up to 240 km."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """Lanes as numbers, [lanes]."""

    service_idx: I64
    node_idx: I64
    city_idx: I64
    zone: I64
    transit_days: I64


def make_lanes(network: Network, services: tuple[Service, ...]) -> Lanes:
    """Every service from every node to every city that it reaches; by service, node, city."""
    zones = network.zones()
    parts = []
    for at, service in enumerate(services):
        reached = np.ones(zones.shape, np.bool_)
        if service.is_local:
            reached = (zones < len(service.transit_days)) & ~network.is_big[:, None]
        node, city = np.nonzero(reached)
        zone = zones[node, city]
        transit = np.array(service.transit_days, np.int64)[zone]
        parts.append((np.full(len(node), at, np.int64), node, city, zone, transit))
    return Lanes(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def rate_rows(services: tuple[Service, ...], in_brackets: bool) -> list[tuple[str, str, str, str, str]]:
    """Rates as text: service_id, zone, up_to_kg, price, per_extra_kg.

    Linear: one bracket up to 0 kg with the fixed part, and the slope beyond it. In brackets: every package pays for
    the upper end of its bracket, to the cent, and beyond 20 kg the slope again.
    """
    rows = []
    for service in services:
        for zone in range(len(service.transit_days)):
            fixed = Decimal(service.base) + Decimal(service.zone_base) * zone
            slope = Decimal(service.slope) + Decimal(service.zone_slope) * zone
            if not in_brackets:
                rows.append((service.service_id, str(zone), "0", str(fixed), str(slope)))
                continue
            for top in BRACKETS_KG:
                price = (fixed + slope * Decimal(top)).quantize(Decimal("0.01"))
                extra = str(slope) if top == BRACKETS_KG[-1] else ""
                rows.append((service.service_id, str(zone), top, str(price), extra))
    return rows
