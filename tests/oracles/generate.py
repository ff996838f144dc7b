"""Tiny random scenarios that between them use every column and limit of the pack format.

A scenario is drawn through `Picks`, so that the same code serves seeded loops and hypothesis, which then
shrinks a failing scenario to its smallest form (every pick shrinks towards its first or least value).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeVar

from oracles.generate_arrivals import draw_arrivals
from oracles.generate_assortment import draw_kits, draw_substitutes
from oracles.generate_before import draw_before
from oracles.generate_modes import draw_modes
from oracles.generate_money import money
from oracles.generate_reserves import draw_reserves
from oracles.generate_rules import draw_rules
from oracles.generate_terms import draw_least_values, draw_rejections, draw_stock_prices
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


DAYS = frozenset({"calendars", "node_days", "handling_limits", "service_quotas", "hold_until", "not_before"})
"""The features of single days that the oracles know."""
RULES = frozenset({"rules", "surcharges", "soft_quotas"})
"""What acts on packages or tightens limits, that the oracles know."""
ARRIVALS = frozenset({"inbound"})
MORE = {
    "modes": draw_modes,
    "kits": draw_kits,
    "substitutes": draw_substitutes,
    "stock_prices": draw_stock_prices,
    "least_values": draw_least_values,
    "rejections": draw_rejections,
}
"""What may be added besides, in this sequence."""
OWED: dict[str, Callable[[Picks, Scenario], Scenario]] = {"reserves": draw_reserves, "plan_before": draw_before}
"""What is added after that: it needs to know the best plans, or changes who may have what."""
OF_WIDE = ("modes", "stock_prices", "rejections")
"""Those of them that orders of more than 1,024 quantity vectors may have."""
STEERING = frozenset({"load_shares", "service_commitments"})
OTHERS = frozenset({"pickup", "transfers", "channel_reserves", "plan_before", *MORE}) - {"modes"}
Features = tuple[str, ...]
"""Names of MORE and OWED."""


def build(scenario: Scenario) -> Any:
    """The scenario as a validated Problem, through the same door as any pack; all that the oracles know is let in."""
    tables, settings = scenario
    return Pack.from_tables(tables, settings=settings, features=DAYS | RULES | ARRIVALS | OTHERS | STEERING).problem()


def tiny_scenario(
    seed: int, with_days: bool = False, with_rules: bool = False, with_arrivals: bool = False, more: Features = ()
) -> Scenario:
    """A tiny scenario: 1 to 4 orders of 1 to 3 lines, 1 to 3 nodes, 1 or 2 services.

    `with_days` adds features of DAYS to what the seed makes without them, `with_rules` those of RULES after that,
    `with_arrivals` stock that arrives after that, and `more` others after that, in the sequence of MORE and OWED.
    """
    return draw_tiny(RandomPicks(seed), with_days, with_rules, with_arrivals, more)


def wide_scenario(
    seed: int, with_days: bool = False, with_rules: bool = False, with_arrivals: bool = False, more: Features = ()
) -> Scenario:
    """A scenario with one order of more than 1,024 quantity vectors, and up to two narrow ones."""
    return draw_wide(RandomPicks(seed), with_days, with_rules, with_arrivals, more)


def draw_tiny(
    picks: Picks, with_days: bool = False, with_rules: bool = False, with_arrivals: bool = False, more: Features = ()
) -> Scenario:
    """Draws a tiny scenario; what `with_days` adds is drawn after that, then `with_rules`, `with_arrivals`, `more`."""
    num_orders = picks.integer(1, 4)
    sizes = []
    for _ in range(num_orders):
        lines = picks.integer(1, 3)
        most = 3 if lines < 3 or picks.chance(40) else 2
        sizes.append([picks.integer(1, most) for _ in range(lines)])
    scenario = _draw(picks, sizes, picks.integer(1, 3), picks.integer(1, 2), picks.integer(1, 4), wide=False)
    if with_days:
        scenario = _with_days(picks, scenario, plenty=4)
    return _with_more(picks, scenario, with_rules, with_arrivals, more)


def draw_wide(
    picks: Picks, with_days: bool = False, with_rules: bool = False, with_arrivals: bool = False, more: Features = ()
) -> Scenario:
    """Draws a scenario with a wide order; the rest is drawn as for a tiny one."""
    shape = picks.one_of(WIDE_SHAPES)
    narrow = [[picks.integer(1, 2)] for _ in range(picks.integer(0, 2))]
    scenario = _draw(picks, [list(shape), *narrow], 2, 1, picks.integer(3, 6), wide=True)
    if with_days:
        scenario = _with_days(picks, scenario, plenty=sum(map(abs, shape)) // 2)
    return _with_more(picks, scenario, with_rules, with_arrivals, more)


def _with_more(picks: Picks, scenario: Scenario, with_rules: bool, with_arrivals: bool, more: Features) -> Scenario:
    if with_rules:
        scenario = draw_rules(picks, scenario, _all_begins(scenario))
    if with_arrivals:
        scenario = draw_arrivals(picks, scenario, _all_begins(scenario))
    for name, draw in (MORE | OWED).items():
        if name in more:
            scenario = draw(picks, scenario)
    return scenario


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


# --- single days ------------------------------------------------------------------------------


def _with_days(picks: Picks, scenario: Scenario, plenty: int) -> Scenario:
    """The scenario with some of the features of DAYS, on the days around which its packages leave.

    `plenty` is a capacity of a day in units that does not always bind.
    """
    tables, settings = scenario
    tables = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    nodes = [row["node_id"] for row in tables["nodes"]]
    services = [row["service_id"] for row in tables["services"]]
    if picks.chance(70):  # orders that want the same days
        for row in tables["orders"]:
            row["placed_at"] = "2026-10-30T08:00:00Z"
    if picks.chance(60):  # days rather than stock are what is scarce
        for row in tables["stock"]:
            row["on_hand"] = max(8, row["on_hand"])
    begins = _all_begins((tables, settings))

    def day(most: int) -> str:
        """Often the day on which an order begins, or one from the day before to `most` days later."""
        later = 0 if picks.chance(40) else picks.integer(-1, most)
        return (picks.one_of(begins) + timedelta(days=later)).isoformat()

    if "horizon_days" not in settings["limits"] and picks.chance(35):
        settings = settings | {"limits": settings["limits"] | {"horizon_days": picks.integer(1, 2)}}
    if picks.chance(60):
        tables["calendars"] = _holidays(picks, nodes, services, day)
    if picks.chance(50):
        _limit_handling(picks, tables["nodes"], plenty)
    if picks.chance(65):
        places = sorted({(picks.one_of(nodes), day(3)) for _ in range(picks.integer(2, 6))})
        tables["node_days"] = [_node_day(picks, *place, plenty) for place in places]
    if picks.chance(70):
        days = ["", *sorted({day(3) for _ in range(picks.integer(0, 2))})]
        quotas = [(service, on) for service in services for on in days if picks.chance(75)]
        tables["service_quotas"] = [
            {"service_id": service, "date": on, "max_packages": picks.integer(0 if on else 1, 2)}
            for service, on in quotas
        ]
    for row in tables["orders"]:
        # Counted from its own beginning: a window of weeks would make enumeration long.
        own = _begins(settings["as_of"], row["placed_at"])
        if picks.chance(35):
            row["hold_until"] = (own + timedelta(days=picks.integer(-1, 4))).isoformat()
        if picks.chance(25):
            row["not_before"] = (own + timedelta(days=picks.integer(-1, 9))).isoformat()
    return tables, settings


def _begins(as_of: str, placed_at: str) -> date:
    """The date on which an order can begin, about."""
    return max(datetime.fromisoformat(as_of), datetime.fromisoformat(placed_at)).date()


def _all_begins(scenario: Scenario) -> list[date]:
    """The dates on which orders can begin, about."""
    tables, settings = scenario
    return sorted({_begins(settings["as_of"], row["placed_at"]) for row in tables["orders"]})


def _holidays(picks: Picks, nodes: list[str], services: list[str], day: Callable[[int], str]) -> list[Row]:
    """Holidays one by one, sometimes two weeks of them in a row."""
    rows = []
    for _ in range(picks.integer(1, 4)):
        where = ("node_id", picks.one_of(nodes)) if picks.chance(50) else ("service_id", picks.one_of(services))
        first = date.fromisoformat(day(5))
        for later in range(14 if picks.chance(8) else 1):
            rows.append((*where, (first + timedelta(days=later)).isoformat()))
    return [{"node_id": "", "service_id": "", column: name, "date": on} for column, name, on in sorted(set(rows))]


def _limit_handling(picks: Picks, nodes: list[Row], plenty: int) -> None:
    """Lines and minutes of some nodes; minutes of packages and units that share a step of their own."""
    for row in nodes:
        if picks.chance(50):
            row["max_lines_per_day"] = picks.integer(1, plenty)
        if picks.chance(60):
            row["minutes_per_package"] = picks.one_of(("2", "0", "7.5", "0.333333"))
            row["minutes_per_unit"] = picks.one_of(("1", "0", "1.25", "0.666666"))
            if picks.chance(80):
                row["max_minutes_per_day"] = f"{picks.integer(2, 4 * plenty)}.{picks.integer(0, 99):02d}"


def _node_day(picks: Picks, node: str, day: str, plenty: int) -> Row:
    """One day of a node: open or not, other capacities, used ones."""
    row: Row = {"node_id": node, "date": day}
    if picks.chance(40):
        row["open"] = picks.one_of(("true", "false"))
    for column, percent, most in (
        ("max_packages", 50, 2), ("max_units", 30, plenty), ("max_lines", 25, plenty), ("max_minutes", 25, 4 * plenty),
        ("used_packages", 30, 2), ("used_units", 30, plenty), ("used_lines", 30, plenty), ("used_minutes", 30, plenty),
    ):  # fmt: skip
        if picks.chance(percent):
            row[column] = picks.integer(0, most)
    return row
