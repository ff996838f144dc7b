"""Tiny random scenarios that between them use every column and limit of the pack format.

A scenario is drawn through `Picks`, so that the same code serves seeded loops and hypothesis, which then
shrinks a failing scenario to its smallest form (every pick shrinks towards its first or least value).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from splitship.packs import Pack

T = TypeVar("T")
Row = dict[str, Any]
Scenario = tuple[dict[str, list[Row]], dict[str, Any]]

START = "2026-11-27T09:00:00-05:00"  # a Friday
# The second night of November 2026 is the one in which New York's clocks go back.
STARTS = (START, "2026-11-01T01:30:00-04:00", "2026-12-31T23:10:00+09:00", "2026-11-29T16:00:00+00:00")
ZONES = ("UTC", "America/New_York", "Asia/Tokyo", "Pacific/Auckland", "Asia/Kolkata")
WEEKS = ("1111111", "1111100", "1010101", "0000011", "1111110")
# Quantities of the lines of wide orders; a negative one is an unsplittable line's.
WIDE_SHAPES = ((1,) * 11, (3, 3, 3, 3, 4), (1,) * 9 + (-2, -3), (4, 4, 4, 8), (2, 2, 2, 2, 1, 1, 1, -3), (1024,))


class Picks(Protocol):
    """Where the choices of a scenario come from."""

    def integer(self, least: int, most: int) -> int: ...

    def one_of(self, options: Sequence[T]) -> T: ...

    def chance(self, percent: int) -> bool: ...


class RandomPicks:
    """Choices from a seeded generator."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def integer(self, least: int, most: int) -> int:
        return self._random.randint(least, most)

    def one_of(self, options: Sequence[T]) -> T:
        return options[self._random.randrange(len(options))]

    def chance(self, percent: int) -> bool:
        return self._random.randrange(100) < percent


class DrawnPicks:
    """Choices drawn by hypothesis."""

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        self._draw = draw

    def integer(self, least: int, most: int) -> int:
        from hypothesis import strategies as st

        return int(self._draw(st.integers(least, most)))

    def one_of(self, options: Sequence[T]) -> T:
        return options[self.integer(0, len(options) - 1)]

    def chance(self, percent: int) -> bool:
        return self.integer(0, 99) >= 100 - percent


def build(scenario: Scenario) -> Any:
    """The scenario as a validated Problem, through the same door as any pack."""
    tables, settings = scenario
    return Pack.from_tables(tables, settings=settings).problem()


def tiny_scenario(seed: int) -> Scenario:
    """A tiny scenario: 1 to 4 orders of 1 to 3 lines, 1 to 3 nodes, 1 or 2 services."""
    return draw_tiny(RandomPicks(seed))


def wide_scenario(seed: int) -> Scenario:
    """A scenario with one order of more than 1,024 quantity vectors, and up to two narrow ones."""
    return draw_wide(RandomPicks(seed))


def money(picks: Picks, most_cents: int) -> str:
    """A price: whole units, cents, or with more decimals than a micro has."""
    if picks.chance(10):
        return f"{picks.integer(0, most_cents) // 100}.{picks.integer(0, 999_999_999):09d}"
    if picks.chance(5):  # half a micro: what rounding to the even one is about
        return f"{picks.integer(0, most_cents) // 100}.{picks.integer(0, 999_999):06d}5"
    cents = picks.integer(0, most_cents)
    return f"{cents // 100}.{cents % 100:02d}"


def draw_tiny(picks: Picks) -> Scenario:
    """Draws a tiny scenario."""
    num_orders = picks.integer(1, 4)
    sizes = []
    for _ in range(num_orders):
        lines = picks.integer(1, 3)
        most = 3 if lines < 3 or picks.chance(40) else 2
        sizes.append([picks.integer(1, most) for _ in range(lines)])
    return _draw(picks, sizes, picks.integer(1, 3), picks.integer(1, 2), picks.integer(1, 4), wide=False)


def draw_wide(picks: Picks) -> Scenario:
    """Draws a scenario with a wide order."""
    shape = picks.one_of(WIDE_SHAPES)
    narrow = [[picks.integer(1, 2)] for _ in range(picks.integer(0, 2))]
    return _draw(picks, [list(shape), *narrow], 2, 1, picks.integer(3, 6), wide=True)


def _draw(
    picks: Picks, sizes: list[list[int]], num_nodes: int, num_services: int, num_skus: int, wide: bool
) -> Scenario:
    objective: Row = {}
    for key, percent, most in (
        ("delivery_day", 40, 60),
        ("late_day", 60, 500),
        ("split", 40, 150),
        ("unfilled_unit", 95, 5000),
        ("unfilled_value", 50, 90),
    ):
        if picks.chance(percent):
            objective[key] = money(picks, most)
    located = picks.chance(40)
    limits: Row = {}
    if located and picks.chance(60):
        limits["max_distance_km"] = str(picks.integer(600, 2500))
    if picks.chance(10):
        limits["max_transit_days"] = picks.integer(2, 4)
    if picks.chance(20):
        limits["max_packages"] = picks.integer(1, 3)
    if picks.chance(25):
        # Days multiply the plans of equal cost, which is what makes enumeration long.
        limits["horizon_days"] = picks.integer(1, 2 if wide or num_nodes * num_services > 3 else 3)
    settings: Row = {
        "schema": "splitship.pack/1",
        "name": "tiny",
        "currency": "USD",
        "as_of": picks.one_of(STARTS),
        "objective": objective,
        "limits": limits,
    }
    nodes = [f"N{index}" for index in range(num_nodes)]
    services = [f"S{index}" for index in range(num_services)]
    skus = [f"K{index}" for index in range(num_skus)]
    tables: dict[str, list[Row]] = {
        "nodes": [_node(picks, name, located) for name in nodes],
        "skus": [_sku(picks, name) for name in skus],
        "services": [_service(picks, name) for name in services],
        "stock": [],
        "lanes": [],
        "rates": [],
        "orders": [],
        "order_lines": [],
    }
    plenty = 8 if not wide else max(8, max(max(size) for size in sizes))
    tight = picks.integer(2, 4 if not wide else max(4, plenty // 2))
    for node in nodes:
        for sku in skus:
            if picks.chance(90):
                row: Row = {"node_id": node, "sku_id": sku, "on_hand": picks.integer(0, tight)}
                if picks.chance(35):
                    row["on_hand"] = plenty
                if picks.chance(15):
                    row["reserved"] = picks.integer(0, 2)
                if picks.chance(15):
                    row["safety_stock"] = picks.integer(0, 2)
                tables["stock"].append(row)
    if picks.chance(35):
        tables["node_services"] = [
            {
                "node_id": node,
                "service_id": service,
                "max_packages_per_day": picks.one_of(("", 1, 2, 3)),
            }
            for node in nodes
            for service in services
            if picks.chance(85)
        ] or [{"node_id": nodes[0], "service_id": services[0]}]
    for service in services:
        zones = ("2", "5")
        for node in nodes:
            destinations = ["*"] if picks.chance(95) else []
            destinations += [prefix for prefix in ("1", "12", "123") if picks.chance(25)]
            for destination in destinations:
                tables["lanes"].append(
                    {
                        "service_id": service,
                        "node_id": node,
                        "country": "US",
                        "destination": destination,
                        "zone": picks.one_of(zones),
                        "transit_days": picks.integer(0, 5),
                    }
                )
        for zone in zones:
            if picks.chance(97):
                tables["rates"] += _rates(picks, service, zone, wide)
    for number, quantities in enumerate(sizes):
        order = f"O{number}"
        tables["orders"].append(_order(picks, order, nodes, located))
        for index, quantity in enumerate(quantities):
            tables["order_lines"].append(_line(picks, order, f"L{index}", picks.one_of(skus), quantity, wide))
    return tables, settings


def _node(picks: Picks, name: str, located: bool) -> Row:
    row: Row = {"node_id": name, "kind": "dc", "country": "US", "postal_code": "10001"}
    if located:
        row |= {"latitude": f"{picks.integer(330, 430) / 10}", "longitude": f"{-picks.integer(730, 930) / 10}"}
    if picks.chance(50):
        row["timezone"] = picks.one_of(ZONES)
    if picks.chance(50):
        row["cutoff"] = picks.one_of(("24:00", "09:00", "14:00", "17:30", "00:00", "01:30"))
    if picks.chance(25):
        row["lead_days"] = picks.integer(0, 2)
    if picks.chance(35):
        row["working_days"] = picks.one_of(WEEKS)
    if picks.chance(4):
        row["open"] = "false"
    for column, percent, most in (("package_cost", 35, 200), ("line_cost", 25, 60), ("unit_cost", 35, 90)):
        if picks.chance(percent):
            row[column] = money(picks, most)
    if picks.chance(30):
        row["max_packages_per_day"] = picks.integer(1, 3)
    if picks.chance(25):
        row["max_units_per_day"] = picks.integer(1, 5)
    return row


def _sku(picks: Picks, name: str) -> Row:
    weight = picks.one_of(("0.5", "0.1", "0.45359237", "1", "2.5", "3.000000001", "0.333333333", "0"))
    row: Row = {"sku_id": name, "weight_kg": weight}
    if picks.chance(50):
        row |= {side: str(picks.integer(5, 40)) for side in ("length_cm", "width_cm", "height_cm")}
        if picks.chance(10):
            row["height_cm"] = ""
    if picks.chance(60):
        row["value"] = money(picks, 4000)
    if picks.chance(12):
        row["ship_alone"] = "true"
    return row


def _service(picks: Picks, name: str) -> Row:
    row: Row = {"service_id": name, "carrier": "C"}
    if picks.chance(40):
        row["dim_divisor"] = picks.one_of(("5000", "6000", "3333.3", "8468.5"))
    if picks.chance(40):
        row["weight_step_kg"] = picks.one_of(("0.5", "1", "0.45359237", "0.3"))
    if picks.chance(30):
        row["max_weight_kg"] = picks.one_of(("9", "5", "2.5", "0.9"))
    if picks.chance(30):
        row["ship_days"] = picks.one_of(WEEKS)
    if picks.chance(30):
        row["delivery_days"] = picks.one_of(WEEKS)
    return row


def _rates(picks: Picks, service: str, zone: str, wide: bool) -> list[Row]:
    """A card of one to four brackets; prices need not rise evenly, nor always rise."""
    rows: list[Row] = []
    up_to, price = 0, picks.integer(100, 900)
    count = picks.integer(1, 4)
    for index in range(count):
        up_to = up_to + picks.integer(1, 8) if index or not picks.chance(20) else 0
        rows.append(
            {
                "service_id": service,
                "zone": zone,
                "up_to_kg": f"{up_to / 2}",
                "price": f"{price // 100}.{price % 100:02d}" if not picks.chance(10) else money(picks, 1500),
            }
        )
        price = max(0, price + picks.integer(-100, 700))
    if picks.chance(70 if not wide else 90):
        rows[-1]["per_extra_kg"] = picks.one_of(("0.8", "1.234567", "0", "0.333333333333333333", "2.05"))
    return rows


def _order(picks: Picks, name: str, nodes: list[str], located: bool) -> Row:
    row: Row = {
        "order_id": name,
        "placed_at": picks.one_of(
            ("2026-10-30T08:00:00Z", "2026-11-27T09:00:00-05:00", "2026-11-27T13:59:59-08:00", "2027-01-01T00:00:00Z")
        ),
        "country": "US",
        "postal_code": picks.one_of(("12345", "12999", "19000", "99999", "02139")),
    }
    if located:
        row |= {"latitude": f"{picks.integer(330, 430) / 10}", "longitude": f"{-picks.integer(730, 930) / 10}"}
    if picks.chance(60):
        row["deliver_by"] = picks.one_of(("2026-11-30", "2026-11-02", "2026-12-02", "2027-01-03"))
    if picks.chance(40):
        row["priority"] = picks.one_of(("2", "0.5", "0", "1.333333333"))
    if picks.chance(15):
        row["ship_complete"] = "true"
    if picks.chance(25):
        row["max_packages"] = picks.integer(1, 3)
    if picks.chance(15):
        row["excluded_nodes"] = ";".join(node for node in nodes if picks.chance(50))
    return row


def _line(picks: Picks, order: str, line: str, sku: str, quantity: int, wide: bool) -> Row:
    row: Row = {"order_id": order, "line_id": line, "sku_id": sku, "quantity": abs(quantity)}
    if picks.chance(25):
        row["unit_value"] = money(picks, 5000)
    if quantity < 0 or (not wide and picks.chance(25)):
        row["splittable"] = "false"
    if picks.chance(25):
        row["unfilled_cost"] = money(picks, 2500)
    return row
