"""Small problems for the tests of the checker: one to change in a place or two, and random ones."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np

from splitship.domain import Plan, Problem
from splitship.packs import Pack
from splitship.units import day_number

Row = dict[str, Any]
MONDAY = "2026-03-02"
DAY_TABLES = ("node_days", "calendars", "service_quotas")
MORE_TABLES = (
    "surcharges", "inbound", "transfers", "kits", "substitutes", "stock_prices", "rejections", "channel_reserves",
    "plan_before",
)  # fmt: skip
FEATURES = frozenset(
    (*DAY_TABLES, *MORE_TABLES, "handling_limits", "hold_until", "not_before", "rules", "soft_quotas", "pickup",
     "least_values")
)  # fmt: skip


class World:
    """Tables in the making. Plain: nodes A and B, service G, SKU K of 1 kg, orders to US 10001, Monday noon UTC."""

    def __init__(self, **objective: str) -> None:
        self.settings: Row = {
            "currency": "USD",
            "as_of": f"{MONDAY}T12:00:00+00:00",
            "objective": {"unfilled_unit": "100", **objective},
            "limits": {},
        }
        self.nodes: list[Row] = []
        self.skus: list[Row] = []
        self.stock: list[Row] = []
        self.services: list[Row] = []
        self.node_services: list[Row] | None = None
        self.lanes: list[Row] = []
        self.rates: list[Row] = []
        self.orders: list[Row] = []
        self.order_lines: list[Row] = []
        self.node_days: list[Row] = []
        self.calendars: list[Row] = []
        self.service_quotas: list[Row] = []
        self.surcharges: list[Row] = []
        self.inbound: list[Row] = []
        self.transfers: list[Row] = []
        self.kits: list[Row] = []
        self.substitutes: list[Row] = []
        self.stock_prices: list[Row] = []
        self.rejections: list[Row] = []
        self.channel_reserves: list[Row] = []
        self.plan_before: list[Row] = []

    def node(self, node_id: str = "A", **columns: Any) -> World:
        self.nodes.append({"node_id": node_id, "kind": "dc", "country": "US", "postal_code": "10001"} | columns)
        return self

    def sku(self, sku_id: str = "K", weight_kg: str = "1", **columns: Any) -> World:
        self.skus.append({"sku_id": sku_id, "weight_kg": weight_kg} | columns)
        return self

    def have(self, node_id: str = "A", sku_id: str = "K", on_hand: int = 10, **columns: Any) -> World:
        self.stock.append({"node_id": node_id, "sku_id": sku_id, "on_hand": on_hand} | columns)
        return self

    def arrive(self, quantity: int, available_on: str, node_id: str = "A", sku_id: str = "K") -> World:
        """Units that can leave from a day on."""
        row = {"node_id": node_id, "sku_id": sku_id, "quantity": quantity, "available_on": available_on}
        self.inbound.append(row)
        return self

    def service(self, service_id: str = "G", **columns: Any) -> World:
        self.services.append({"service_id": service_id, "carrier": "C"} | columns)
        return self

    def lane(self, service_id: str = "G", node_id: str = "A", **columns: Any) -> World:
        plain = {"country": "US", "destination": "*", "zone": "1", "transit_days": 2}
        self.lanes.append({"service_id": service_id, "node_id": node_id} | plain | columns)
        return self

    def rate(self, up_to_kg: str, price: str, per_extra_kg: str = "", service_id: str = "G", zone: str = "1") -> World:
        row = {"service_id": service_id, "zone": zone, "up_to_kg": up_to_kg, "price": price}
        self.rates.append(row | {"per_extra_kg": per_extra_kg})
        return self

    def order(self, order_id: str = "O1", lines: dict[str, int] | None = None, **columns: Any) -> World:
        """An order with a line for each `{sku: quantity}`, named 1, 2, ..."""
        plain = {"placed_at": "2026-03-02T08:00:00+00:00", "country": "US", "postal_code": "10001"}
        self.orders.append({"order_id": order_id} | plain | columns)
        for number, (sku_id, quantity) in enumerate((lines or {}).items(), 1):
            self.line(order_id, str(number), sku_id, quantity)
        return self

    def line(self, order_id: str, line_id: str, sku_id: str, quantity: int, **columns: Any) -> World:
        row = {"order_id": order_id, "line_id": line_id, "sku_id": sku_id, "quantity": quantity}
        self.order_lines.append(row | columns)
        return self

    def holiday(self, date: str, **which: str) -> World:
        """A day off for `node_id` or `service_id`."""
        self.calendars.append({"date": date} | which)
        return self

    def day(self, date: str, node_id: str = "A", **columns: Any) -> World:
        self.node_days.append({"node_id": node_id, "date": date} | columns)
        return self

    def quota(self, max_packages: int, date: str = "", service_id: str = "G") -> World:
        self.service_quotas.append({"service_id": service_id, "date": date, "max_packages": max_packages})
        return self

    def rule(self, name: str, where: Row | None = None, **effects: Any) -> World:
        """A rule; `first` and `last` are its dates."""
        dates = {"from": effects.pop("first", None), "until": effects.pop("last", None)}
        row = {"name": name} | effects | {key: day for key, day in dates.items() if day}
        self.settings.setdefault("rules", []).append(row | ({"where": where} if where else {}))
        return self

    def surcharge(self, name: str, per_package: str = "0", share: str = "0", **columns: Any) -> World:
        """A surcharge; conditions are columns such as `sku__class`."""
        conditions = {key.replace("__", "."): value for key, value in columns.items()}
        self.surcharges.append({"name": name, "per_package": per_package, "share_of_value": share} | conditions)
        return self

    def transfer(self, days: int = 1, from_node_id: str = "A", to_node_id: str = "P", **columns: Any) -> World:
        """A way to a node at which lines are picked up."""
        self.transfers.append({"from_node_id": from_node_id, "to_node_id": to_node_id, "days": days} | columns)
        return self

    def kit(self, kit_sku_id: str, together: bool = True, **units: int) -> World:
        """A SKU that ships as so many units of each of the others; it is none of the SKUs yet."""
        self.sku(kit_sku_id, "0")
        for sku_id, quantity in units.items():
            row = {"kit_sku_id": kit_sku_id, "sku_id": sku_id, "quantity": quantity}
            self.kits.append(row | {"together": str(together).lower()})
        return self

    def substitute(self, sku_id: str, substitute_sku_id: str, price_per_unit: str = "0") -> World:
        row = {"sku_id": sku_id, "substitute_sku_id": substitute_sku_id, "price_per_unit": price_per_unit}
        self.substitutes.append(row)
        return self

    def price(self, price_per_unit: str, node_id: str = "A", sku_id: str = "K") -> World:
        """What taking a unit of stock costs."""
        self.stock_prices.append({"node_id": node_id, "sku_id": sku_id, "price_per_unit": price_per_unit})
        return self

    def reject(self, order_id: str = "O1", line_id: str = "", node_id: str = "A") -> World:
        self.rejections.append({"order_id": order_id, "line_id": line_id, "node_id": node_id})
        return self

    def keep(
        self, quantity: int, channel: str = "web", price_per_unit: str = "", node_id: str = "A", sku_id: str = "K"
    ) -> World:
        """Units for a channel; without a price no other may have them."""
        row = {"node_id": node_id, "sku_id": sku_id, "channel": channel, "quantity": quantity}
        self.channel_reserves.append(row | {"price_per_unit": price_per_unit})
        return self

    def before(
        self, quantity: int, state: str = "promised", order_id: str = "O1", line_id: str = "1", node_id: str = "A",
        **columns: Any,
    ) -> World:  # fmt: skip
        """Units of a line in a package of the plan in force, by G on Monday unless said otherwise."""
        plain = {"service_id": "G", "ship_on": MONDAY, "move_price": "", "package_id": ""}
        row = {"order_id": order_id, "line_id": line_id, "node_id": node_id, "quantity": quantity, "state": state}
        self.plan_before.append(row | plain | columns)
        return self

    def problem(self) -> Problem:
        names = ("nodes", "skus", "stock", "services", "lanes", "rates", "orders", "order_lines")
        tables = {name: getattr(self, name) for name in names}
        if self.node_services is not None:
            tables["node_services"] = self.node_services
        extra = {name: getattr(self, name) for name in (*DAY_TABLES, *MORE_TABLES)}
        used = {name: rows for name, rows in extra.items() if rows}
        return Pack.from_tables(tables | used, settings=self.settings, features=FEATURES).problem()


def plain_world(**objective: str) -> World:
    """Node A with ten K, service G in two days: 5.00 to 10 kg."""
    return World(**objective).node().sku().have().service().lane().rate("10", "5.00")


Packed = tuple[int, int, int, str | int, dict[int, int]]


def plan_of(*packages: Packed, skus: list[int] | None = None) -> Plan:
    """A plan from (order, node, service, ship date, {line: quantity}); `skus` of all contents, one after the other."""
    heads = [(o, n, s, day_number(d) if isinstance(d, str) else d) for o, n, s, d, _ in packages]
    columns = np.array(heads, np.int64).reshape(-1, 4).T
    rows = [(at, line, units) for at, package in enumerate(packages) for line, units in package[4].items()]
    contents = np.array(rows, np.int64).reshape(-1, 3).T
    given = None if skus is None else np.array(skus, np.int64)
    return Plan(*(column.copy() for column in columns), *(column.copy() for column in contents), given)


ZONES = ("UTC", "America/New_York", "Asia/Tokyo", "Pacific/Auckland")
WEEKS = ("1111111", "1111111", "1111100", "1010101", "0000011")


class Picks(random.Random):
    """Random choices; `is_fine` when numbers may have more digits than compiled loops can hold."""

    def __init__(self, seed: int, is_fine: bool) -> None:
        super().__init__(seed)
        self.is_fine = is_fine


def decimals(rng: Picks, most: int) -> str:
    """A price with 0, 2, 7 or 18 decimals; sevens end in 5, so that halves of a micro occur."""
    places = rng.choice((0, 2, 2, 7, 18)) if rng.is_fine else rng.choice((0, 2, 2, 7))
    whole = rng.randint(0, most)
    if places == 0:
        return str(whole)
    if places == 7:
        return f"{whole}.{rng.randint(0, 999999):06d}5"
    return f"{whole}.{rng.randint(0, 10**places - 1):0{places}d}"


def random_world(seed: int, max_units: int = 3, max_lines: int = 3) -> World:
    """A small world with every feature now and then; the same seed gives the same world."""
    rng = Picks(seed, is_fine=seed % 2 == 0)

    def maybe(share: float, value: Any, other: Any = "") -> Any:
        return value if rng.random() < share else other

    world = World(
        delivery_day=maybe(0.5, decimals(rng, 1), "0"),
        late_day=maybe(0.6, decimals(rng, 5), "0"),
        split=maybe(0.5, decimals(rng, 2), "0"),
        unfilled_unit=decimals(rng, 60),
        unfilled_value=maybe(0.5, decimals(rng, 1), "0"),
    )
    limits = {
        "max_packages": maybe(0.3, rng.randint(1, 3), None),
        "max_distance_km": maybe(0.1, "900", None),
        "max_transit_days": maybe(0.1, 2, None),
        "horizon_days": maybe(0.3, rng.randint(1, 4), 0),
    }
    world.settings["limits"] = limits
    world.settings["as_of"] = rng.choice((f"{MONDAY}T12:00:00+00:00", "2026-11-01T05:30:00+00:00"))
    most_extra = rng.choice((1, 3, 10**8))
    num_nodes, num_services, num_skus = rng.randint(1, 3), rng.randint(1, 2), rng.randint(1, 3)
    for sku in range(num_skus):
        sides = {
            f"{side}_cm": rng.choice(("10", "20.5", "7.123456789", "30")) for side in ("length", "width", "height")
        }
        world.sku(
            f"K{sku}",
            rng.choice(("0", "0.5", "1", "2.000000001", "3.25")),
            value=decimals(rng, 30),
            ship_alone=maybe(0.15, "true", "false"),
            **(sides if rng.random() < 0.7 else {}),
        )
    for service in range(num_services):
        world.service(
            f"S{service}",
            dim_divisor=maybe(0.6, rng.choice(("5000", "139.7", "1000"))),
            weight_step_kg=maybe(0.3, rng.choice(("0.5", "0.453592370"))),
            max_weight_kg=maybe(0.2, "5"),
            ship_days=rng.choice(WEEKS),
            delivery_days=rng.choice(WEEKS),
        )
        for zone in ("1", "2"):
            if rng.random() < 0.9:
                edges = sorted(rng.sample(("0", "0.5", "1", "2", "3.25", "7", "9.5"), rng.randint(1, 4)), key=float)
                for edge in edges:
                    extra = decimals(rng, most_extra) if edge == edges[-1] and rng.random() < 0.8 else ""
                    world.rate(edge, decimals(rng, 12), extra, f"S{service}", zone)
    world.node_services = [] if rng.random() < 0.3 else None
    for node in range(num_nodes):
        world.node(
            f"N{node}",
            timezone=rng.choice(ZONES),
            cutoff=maybe(0.5, rng.choice(("00:30", "12:00", "23:00"))),
            lead_days=maybe(0.3, rng.randint(1, 9), 0),
            working_days=rng.choice(WEEKS),
            open=maybe(0.05, "false", "true"),
            package_cost=decimals(rng, 2),
            line_cost=decimals(rng, 1),
            unit_cost=decimals(rng, 1),
            max_packages_per_day=maybe(0.4, rng.choice((0, 1, 2, 3, 3))),
            max_units_per_day=maybe(0.4, rng.randint(1, 5)),
            latitude=rng.choice(("40", "41.5", "47")),
            longitude=rng.choice(("-75", "-80.25")),
        )
        for sku in range(num_skus):
            if rng.random() < 0.9:
                world.have(f"N{node}", f"K{sku}", rng.randint(0, 6), reserved=maybe(0.2, 1, 0))
        for service in range(num_services):
            if world.node_services is not None and rng.random() < 0.9:
                cap = maybe(0.5, rng.choice((0, 1, 1, 2)))
                row = {"node_id": f"N{node}", "service_id": f"S{service}", "max_packages_per_day": cap}
                world.node_services.append(row)
            for destination in ("*", "1", "100", "10002"):
                if rng.random() < (0.95 if destination == "*" else 0.4):
                    world.lane(
                        f"S{service}",
                        f"N{node}",
                        destination=destination,
                        zone=rng.choice(("1", "2")),
                        transit_days=rng.randint(0, 3),
                    )
    for order in range(rng.randint(1, 3)):
        world.order(
            f"O{order}",
            placed_at=rng.choice(("2026-03-01T23:30:00-05:00", "2026-11-01T06:30:00+00:00")),
            postal_code=rng.choice(("10001", "10002", "1", "2")),
            deliver_by=maybe(0.7, rng.choice(("2026-03-01", "2026-11-03"))),
            priority=maybe(0.5, decimals(rng, 2), "1"),
            ship_complete=maybe(0.3, "true", "false"),
            max_packages=maybe(0.2, rng.randint(1, 2)),
            excluded_nodes=maybe(0.2, "N0"),
            latitude="40.5",
            longitude="-76",
        )
        for line in range(rng.randint(1, max_lines)):
            world.line(
                f"O{order}",
                str(line),
                f"K{rng.randrange(num_skus)}",
                rng.randint(1, max_units),
                splittable=maybe(0.7, "true", "false"),
                unfilled_cost=maybe(0.3, decimals(rng, rng.choice((30, 30, 10**9 - 1)))),
                unit_value=maybe(0.3, decimals(rng, 30)),
            )
    return world


@cache
def random_problem(seed: int) -> Problem:
    """The problem of `random_world(seed)`."""
    return random_world(seed).problem()


def random_days_world(seed: int, max_units: int = 3, max_lines: int = 3) -> World:
    """A small random world in which days differ, with all that belongs to days now and then."""
    world, rng = random_world(seed, max_units, max_lines), random.Random(f"days {seed}")
    first = date.fromisoformat(str(world.settings["as_of"])[:10])

    def some_day(most: int) -> str:
        return str(first + timedelta(days=rng.randint(-1, most)))

    def maybe(share: float, value: Any, other: Any = "") -> Any:
        return value if rng.random() < share else other

    if rng.random() < 0.5:
        world.settings["limits"]["horizon_days"] = rng.randint(0, 4)
    for node in world.nodes:
        node["lead_days"] = min(2, int(node["lead_days"]))
        if rng.random() < 0.5:
            node["minutes_per_package"] = rng.choice(("0", "2", "1.5"))
            node["minutes_per_unit"] = rng.choice(("0", "0.5", "3"))
            node["max_minutes_per_day"] = maybe(0.8, rng.choice(("4", "9.75", "12")))
        if rng.random() < 0.4:
            node["max_lines_per_day"] = rng.randint(1, 3)
        for at in {some_day(8) for _ in range(rng.randint(0, 5))}:
            world.day(
                at,
                node["node_id"],
                open=maybe(0.4, rng.choice(("true", "false"))),
                max_packages=maybe(0.3, rng.randint(0, 3)),
                max_units=maybe(0.4, rng.randint(0, 6)),
                max_lines=maybe(0.3, rng.randint(0, 3)),
                max_minutes=maybe(0.3, rng.choice(("3", "5.5", "20"))),
                used_packages=maybe(0.2, 1),
                used_units=maybe(0.3, rng.randint(1, 3)),
                used_lines=maybe(0.2, 1),
                used_minutes=maybe(0.2, "2.25"),
            )
        for at in {some_day(8) for _ in range(rng.randint(0, 3))}:
            world.holiday(at, node_id=node["node_id"])
    for service in world.services:
        for at in {some_day(10) for _ in range(rng.randint(0, 4))}:
            world.holiday(at, service_id=service["service_id"])
        if rng.random() < 0.4:
            for at in {"", *(some_day(6) for _ in range(rng.randint(0, 3)))} - ({""} if rng.random() < 0.5 else set()):
                world.quota(rng.randint(0, 3), at, service["service_id"])
    for order in world.orders:
        order["hold_until"] = maybe(0.4, some_day(8))
        order["not_before"] = maybe(0.4, some_day(14))
    return world


@cache
def random_days_problem(seed: int) -> Problem:
    """The problem of `random_days_world(seed)`."""
    return random_days_world(seed).problem()


CONDITIONS: dict[str, dict[str, list[Any]]] = {
    "order": {"channel": ["web", "app", {"not": "web"}], "postal_code": ["10001", {"like": "100%"}], "loyal": ["yes"]},
    "line": {"quantity": [{"ge": 2}, {"lt": 3}], "gift": ["yes", "no"]},
    "sku": {"class": ["hazmat", "toy", ["hazmat", "toy"]], "weight_kg": [{"le": 1}, {"gt": 0.5}]},
    "node": {"region": ["west", "east"], "node_id": ["N0", "N1"]},
    "service": {"service_id": ["S0", {"like": "S%"}], "tier": ["air", "road"]},
}
"""What random rules ask, by part and column."""


def random_rules_world(seed: int, max_units: int = 3, max_lines: int = 3) -> World:
    """A small random world, every other one with days that differ, with rules and surcharges of all kinds."""
    world = (random_days_world if seed % 2 else random_world)(seed, max_units, max_lines)
    rng = random.Random(f"rules {seed}")
    first = date.fromisoformat(str(world.settings["as_of"])[:10])
    if seed % 2 == 0 and rng.random() < 0.5:
        world.settings["limits"]["horizon_days"] = rng.randint(1, 4)
    for rows, name, values in (
        (world.orders, "channel", ("web", "app", "")),
        (world.orders, "loyal", ("yes", "no")),
        (world.order_lines, "gift", ("yes", "no")),
        (world.skus, "class", ("hazmat", "toy", "")),
        (world.nodes, "region", ("west", "east")),
        (world.services, "tier", ("air", "road")),
    ):
        for row in rows:
            row[name] = rng.choice(values)

    def where(parts: tuple[str, ...], most: int) -> Row:
        found: Row = {}
        for part in rng.sample(parts, rng.randint(0, min(most, len(parts)))):
            column = rng.choice(sorted(CONDITIONS[part]))
            found[part] = {column: rng.choice(CONDITIONS[part][column])}
        return found

    def money(most: int) -> str:
        return rng.choice((str(rng.randint(0, most)), f"{rng.randint(0, most)}.{rng.randint(0, 999999):06d}"))

    for number in range(rng.randint(1, 6)):
        kind = rng.choice(("forbid", "price", "price", "quota", "quota", "set", "set"))
        parts, effects = tuple(CONDITIONS), {}
        if kind == "forbid":
            effects["forbid"] = True
        if kind == "price" or (kind == "quota" and rng.random() < 0.3):
            names = rng.sample(("per_unit", "per_line", "per_package"), rng.randint(1, 3))
            effects["price"] = {name: money(4) for name in names} | {names[0]: rng.choice(("0.000001", "1.5"))}
        if kind == "quota":
            effects["quota"] = {"packages": rng.choice((0, 1, 1, 2, 3)), "per": rng.choice(("day", "batch"))}
        if kind == "set":
            values = {
                "ship_complete": True,
                "max_packages": rng.randint(1, 2),
                "max_distance_km": rng.randint(80, 600),
                "max_transit_days": rng.randint(0, 2),
                "safety_stock": rng.randint(1, 4),
            }
            thing, value = rng.choice(list(values.items()))
            effects["set"], parts = {thing: value}, ("node", "sku") if thing == "safety_stock" else ("order",)
        dates: Row = {}
        if rng.random() < 0.4:
            dates["first"] = str(first + timedelta(days=rng.randint(-1, 3)))
        if rng.random() < 0.4:
            dates["last"] = str(first + timedelta(days=rng.randint(3, 6)))
        asked = where(parts, 3 if kind == "forbid" else 2)
        if kind == "forbid" and not asked:
            asked = {"sku": {"class": "hazmat"}}
        world.rule(f"rule {number}", asked, **effects, **dates)
    texts = {
        "order__channel": ("web", "web;app"),
        "order__postal_code": ("100*", "2"),
        "sku__class": ("hazmat", "hazmat;toy"),
        "node__region": ("west",),
        "line__gift": ("yes",),
        "service__tier": ("air;road", "air"),
        "service_id": ("S0",),
    }
    for number in range(rng.randint(0, 3)):
        asked = {name: rng.choice(texts[name]) for name in rng.sample(sorted(texts), rng.randint(0, 2))}
        world.surcharge(f"extra {number}", money(3), rng.choice(("0", "0.1", "0.0333333333", "1")), **asked)
    return world


@cache
def random_rules_problem(seed: int) -> Problem:
    """The problem of `random_rules_world(seed)`."""
    return random_rules_world(seed).problem()


def random_arrivals_world(seed: int, max_units: int = 3, max_lines: int = 3) -> World:
    """A small random world with rules, in which stock arrives, and quotas that may be exceeded at a price."""
    world, rng = random_rules_world(seed, max_units, max_lines), random.Random(f"arrivals {seed}")
    first = date.fromisoformat(str(world.settings["as_of"])[:10])
    if rng.random() < 0.8:
        world.settings["limits"]["horizon_days"] = rng.randint(1, 5)
    for node in world.nodes:
        if rng.random() < 0.5:
            node["lead_days"] = 0
        for sku in world.skus:
            for at in {first + timedelta(days=rng.randint(-1, 7)) for _ in range(rng.choice((0, 1, 1, 2, 3)))}:
                world.arrive(rng.randint(1, 3), str(at), node["node_id"], sku["sku_id"])
    for row in world.stock:
        row["on_hand"] = int(row["on_hand"]) if rng.random() < 0.3 else rng.randint(0, 2)
    world.stock = [row for row in world.stock if rng.random() < 0.8] or world.stock
    for rule in world.settings["rules"]:
        if "quota" in rule and rng.random() < 0.7:
            rule["quota"]["price_over"] = rng.choice(("0.000001", "2", "7.5", "40"))
            rule["quota"]["packages"] = rng.choice((0, 1, 1, 1, 2))
            if rng.random() < 0.5:
                rule.pop("where", None)
    return world


@cache
def random_arrivals_problem(seed: int) -> Problem:
    """The problem of `random_arrivals_world(seed)`."""
    return random_arrivals_world(seed).problem()


NARROW_FEATURES = ("kits", "substitutes", "least values")
"""What orders with too many quantity vectors cannot have."""
ALL_FEATURES = ("pickup", "stock prices", "rejections", *NARROW_FEATURES)


def random_features_world(seed: int, features: tuple[str, ...] = ALL_FEATURES) -> World:
    """A small random world with some of the features, of all that other random worlds have besides."""
    base = (random_world, random_days_world, random_rules_world, random_arrivals_world)[seed % 4]
    world, rng = base(seed, 2, 3 if seed % 3 else 2), random.Random(f"features {seed}")
    chosen = [name for name in features if rng.random() < 0.6] or list(features)
    nodes, skus = [row["node_id"] for row in world.nodes], [row["sku_id"] for row in world.skus]
    for name in chosen:
        {
            "pickup": _add_pickup,
            "stock prices": _add_stock_prices,
            "rejections": _add_rejections,
            "kits": _add_kits,
            "substitutes": _add_substitutes,
            "least values": _add_least_values,
        }[name](world, rng, nodes, skus)
    return world


def _add_pickup(world: World, rng: random.Random, nodes: list[str], _: list[str]) -> None:
    """Orders and lines that are picked up, and transfers between nodes."""
    for row in world.orders:
        if rng.random() < 0.6:
            row |= {"mode": "pickup", "pickup_node": rng.choice(nodes)}
    for row in world.order_lines:
        if rng.random() < 0.2:
            row |= {"mode": "pickup", "pickup_node": rng.choice(nodes)}
        elif rng.random() < 0.15:
            row["mode"] = "ship"
    for one in nodes:
        for two in nodes:
            if one != two and rng.random() < 0.7:
                cost = {"cost_per_unit": _price(rng), "cost_per_package": _price(rng)}
                world.transfer(rng.randint(0, 2), one, two, working_days=rng.choice(WEEKS), **cost)


def _price(rng: random.Random) -> str:
    """From nothing to 3.00, at times with halves of a micro."""
    return rng.choice(("0", f"{rng.randint(0, 2)}.{rng.randint(0, 99):02d}", f"0.{rng.randint(0, 999999):06d}5"))


def _add_stock_prices(world: World, rng: random.Random, _: list[str], __: list[str]) -> None:
    for row in world.stock:
        if rng.random() < 0.6:
            sign = rng.choice(("", "-", "-1"))
            world.price(sign + _price(rng), row["node_id"], row["sku_id"])


def _add_rejections(world: World, rng: random.Random, nodes: list[str], _: list[str]) -> None:
    for row in world.order_lines:
        for node in nodes:
            if rng.random() < 0.15:
                world.reject(row["order_id"], row["line_id"], node)
    for row in world.orders:
        if rng.random() < 0.1:
            world.reject(row["order_id"], "", rng.choice(nodes))


def _add_kits(world: World, rng: random.Random, _: list[str], skus: list[str]) -> None:
    """Kits of one to two SKUs, in place of some lines' own."""
    for number in range(2):
        parts = {sku: rng.randint(1, 2) for sku in rng.sample(skus, min(2, len(skus)))}
        world.kit(f"KIT{number}", rng.random() < 0.5, **parts)
    for row in world.order_lines:
        if rng.random() < 0.4:
            row["sku_id"] = rng.choice(("KIT0", "KIT1"))
    for row in world.stock:
        row["on_hand"] = int(row["on_hand"]) + 2


def _add_substitutes(world: World, rng: random.Random, _: list[str], skus: list[str]) -> None:
    for one in skus:
        for two in skus:
            if one != two and rng.random() < 0.5:
                world.substitute(one, two, _price(rng))


def _add_least_values(world: World, rng: random.Random, _: list[str], __: list[str]) -> None:
    for name in rng.sample(("min_package_value", "min_order_value"), rng.randint(1, 2)):
        asked = {} if rng.random() < 0.5 else {"order": {"order_id": "O0"}}
        world.rule(name, asked, set={name: rng.choice((5, 12.5, 30))})


@cache
def random_features_problem(seed: int, features: tuple[str, ...] = ALL_FEATURES) -> Problem:
    """The problem of `random_features_world`."""
    return random_features_world(seed, features).problem()
