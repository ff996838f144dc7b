"""A scenario as plain Python objects with exact fractions: what the oracles price and enumerate.

There are two ways in: from a pack's tables as given, which also judges how packs are read, and from
a Problem's columns. Nothing of the project but the domain's columns is used here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
UNLIMITED = 2**62
NO_DATE = 2**30
NEVER = timedelta(hours=24)

Tables = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Node:
    """`cutoff` is the time since local midnight; limits are None when there is none."""

    node_id: str
    latitude: float | None
    longitude: float | None
    timezone: str
    cutoff: timedelta
    lead_days: int
    working_days: tuple[bool, ...]
    is_open: bool
    package_cost: Fraction
    line_cost: Fraction
    unit_cost: Fraction
    max_packages: int | None
    max_units: int | None


@dataclass(frozen=True)
class Sku:
    """Kilograms and cm3 a unit; volume 0 when a side is missing."""

    sku_id: str
    weight: Fraction
    volume: Fraction
    is_ship_alone: bool


@dataclass(frozen=True)
class Service:
    """`divisor` in cm3 per kg, `step` and `max_weight` in kg; None when not given."""

    service_id: str
    divisor: Fraction | None
    step: Fraction | None
    max_weight: Fraction | None
    ship_days: tuple[bool, ...]
    delivery_days: tuple[bool, ...]


@dataclass(frozen=True)
class Lane:
    """Where a service goes from a node."""

    service_id: str
    node_id: str
    country: str
    destination: str
    zone: str
    transit_days: int


@dataclass(frozen=True)
class Bracket:
    """A bracket of a rate card; `per_extra` is None where heavier packages cannot ship."""

    up_to: Fraction
    price: Fraction
    per_extra: Fraction | None


@dataclass(frozen=True)
class Line:
    """`unfilled_cost` in whole micros a unit."""

    line_id: str
    sku_id: str
    quantity: int
    is_splittable: bool
    unfilled_cost: int


@dataclass(frozen=True)
class Order:
    """One customer order; `placed_at` is an instant, `deliver_by` a date or None."""

    order_id: str
    placed_at: datetime
    country: str
    postal_code: str
    latitude: float | None
    longitude: float | None
    deliver_by: date | None
    priority: Fraction
    is_ship_complete: bool
    max_packages: int | None
    excluded: frozenset[str]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class World:
    """A whole scenario. `available` holds the stock positions, `offered` the pairs and their daily limit."""

    as_of: datetime
    nodes: dict[str, Node]
    skus: dict[str, Sku]
    available: dict[tuple[str, str], int]
    services: dict[str, Service]
    offered: dict[tuple[str, str], int | None]
    lanes: list[Lane]
    rates: dict[tuple[str, str], list[Bracket]]
    orders: list[Order]
    delivery_day: Fraction
    late_day: Fraction
    split: int
    max_distance_km: Fraction | None
    max_transit_days: int | None
    horizon_days: int
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)


def to_micros(amount: Fraction) -> int:
    """Money as whole micros, ties to the even one (Python's own rounding of a Fraction)."""
    return round(amount * 1_000_000)


# --- from a pack's tables as given -------------------------------------------------------------


def world_from_tables(tables: Tables, settings: Mapping[str, Any]) -> World:
    """Reads rows of text or natural values with the defaults of the pack format."""
    objective = settings.get("objective") or {}
    limits = settings.get("limits") or {}
    skus = {str(row["sku_id"]): _sku(row) for row in tables.get("skus", [])}
    values = {str(row["sku_id"]): _number(row, "value", 0) for row in tables.get("skus", [])}
    services = {str(row["service_id"]): _service(row) for row in tables.get("services", [])}
    nodes = {str(row["node_id"]): _node(row) for row in tables.get("nodes", [])}
    if "node_services" in tables:
        offered = {
            (str(row["node_id"]), str(row["service_id"])): _count(row, "max_packages_per_day")
            for row in tables["node_services"]
        }
    else:
        offered = {(node, service): None for node in nodes for service in services}
    available = {
        (str(row["node_id"]), str(row["sku_id"])): max(
            0, int(row["on_hand"]) - (_count(row, "reserved") or 0) - (_count(row, "safety_stock") or 0)
        )
        for row in tables.get("stock", [])
    }
    lanes = [
        Lane(
            str(row["service_id"]),
            str(row["node_id"]),
            str(row["country"]),
            str(row["destination"]),
            str(row["zone"]),
            int(row["transit_days"]),
        )
        for row in tables.get("lanes", [])
    ]
    rates: dict[tuple[str, str], list[Bracket]] = {}
    for row in tables.get("rates", []):
        key = (str(row["service_id"]), str(row["zone"]))
        extra = None if _empty(row, "per_extra_kg") else _fraction(row["per_extra_kg"])
        rates.setdefault(key, []).append(Bracket(_fraction(row["up_to_kg"]), _fraction(row["price"]), extra))
    for brackets in rates.values():
        brackets.sort(key=lambda bracket: bracket.up_to)
    fixed_unfilled = _setting(objective, "unfilled_unit")
    share_unfilled = _setting(objective, "unfilled_value")
    lines: dict[str, list[Line]] = {}
    priorities = {str(row["order_id"]): _number(row, "priority", 1) for row in tables.get("orders", [])}
    for row in tables.get("order_lines", []):
        order_id, sku_id = str(row["order_id"]), str(row["sku_id"])
        value = values[sku_id] if _empty(row, "unit_value") else _fraction(row["unit_value"])
        if _empty(row, "unfilled_cost"):
            unfilled = (fixed_unfilled + share_unfilled * value) * priorities[order_id]
        else:
            unfilled = _fraction(row["unfilled_cost"])
        line = Line(
            str(row["line_id"]), sku_id, int(row["quantity"]), _truth(row, "splittable", True), to_micros(unfilled)
        )
        lines.setdefault(order_id, []).append(line)
    pack_packages = limits.get("max_packages")
    orders = []
    for row in tables.get("orders", []):
        own_packages = _count(row, "max_packages")
        excluded = "" if _empty(row, "excluded_nodes") else str(row["excluded_nodes"])
        orders.append(
            Order(
                str(row["order_id"]),
                datetime.fromisoformat(str(row["placed_at"])),
                str(row["country"]),
                str(row["postal_code"]),
                _degrees(row, "latitude"),
                _degrees(row, "longitude"),
                None if _empty(row, "deliver_by") else date.fromisoformat(str(row["deliver_by"])),
                priorities[str(row["order_id"])],
                _truth(row, "ship_complete", False),
                own_packages if own_packages is not None else (None if pack_packages is None else int(pack_packages)),
                frozenset(name.strip() for name in excluded.split(";") if name.strip()),
                tuple(lines.get(str(row["order_id"]), [])),
            )
        )
    distance, transit = limits.get("max_distance_km"), limits.get("max_transit_days")
    return World(
        datetime.fromisoformat(str(settings["as_of"])),
        nodes,
        skus,
        available,
        services,
        offered,
        lanes,
        rates,
        orders,
        _setting(objective, "delivery_day"),
        _setting(objective, "late_day"),
        to_micros(_setting(objective, "split")),
        None if distance is None else _fraction(distance),
        None if transit is None else int(transit),
        int(limits.get("horizon_days") or 0),
    )


def _empty(row: Mapping[str, Any], name: str) -> bool:
    return row.get(name) is None or row[name] == ""


def _fraction(value: Any) -> Fraction:
    return Fraction(str(value))


def _number(row: Mapping[str, Any], name: str, default: int) -> Fraction:
    return Fraction(default) if _empty(row, name) else _fraction(row[name])


def _setting(section: Mapping[str, Any], name: str) -> Fraction:
    return Fraction(0) if section.get(name) is None else _fraction(section[name])


def _count(row: Mapping[str, Any], name: str) -> int | None:
    return None if _empty(row, name) else int(row[name])


def _truth(row: Mapping[str, Any], name: str, default: bool) -> bool:
    return default if _empty(row, name) else str(row[name]).lower() == "true"


def _degrees(row: Mapping[str, Any], name: str) -> float | None:
    return None if _empty(row, name) else float(row[name])


def _week(row: Mapping[str, Any], name: str) -> tuple[bool, ...]:
    return (True,) * 7 if _empty(row, name) else tuple(digit == "1" for digit in str(row[name]))


def _node(row: Mapping[str, Any]) -> Node:
    hours, minutes = ("24", "0") if _empty(row, "cutoff") else str(row["cutoff"]).split(":")
    return Node(
        str(row["node_id"]),
        _degrees(row, "latitude"),
        _degrees(row, "longitude"),
        "UTC" if _empty(row, "timezone") else str(row["timezone"]),
        timedelta(hours=int(hours), minutes=int(minutes)),
        _count(row, "lead_days") or 0,
        _week(row, "working_days"),
        _truth(row, "open", True),
        _number(row, "package_cost", 0),
        _number(row, "line_cost", 0),
        _number(row, "unit_cost", 0),
        _count(row, "max_packages_per_day"),
        _count(row, "max_units_per_day"),
    )


def _sku(row: Mapping[str, Any]) -> Sku:
    sides = ("length_cm", "width_cm", "height_cm")
    volume = Fraction(0)
    if not any(_empty(row, side) for side in sides):
        volume = _fraction(row[sides[0]]) * _fraction(row[sides[1]]) * _fraction(row[sides[2]])
    return Sku(str(row["sku_id"]), _fraction(row["weight_kg"]), volume, _truth(row, "ship_alone", False))


def _service(row: Mapping[str, Any]) -> Service:
    def optional(name: str) -> Fraction | None:
        return None if _empty(row, name) else _fraction(row[name])

    return Service(
        str(row["service_id"]),
        optional("dim_divisor"),
        optional("weight_step_kg"),
        optional("max_weight_kg"),
        _week(row, "ship_days"),
        _week(row, "delivery_days"),
    )


# --- from a Problem ----------------------------------------------------------------------------


def world_from_problem(problem: Any) -> World:
    """Reads the columns of a Problem."""
    kilo = 10**9

    def money(amounts: Any, row: int) -> Fraction:
        return Fraction(amounts.exact(row), 10**18)

    def limit(value: Any) -> int | None:
        return None if int(value) >= UNLIMITED else int(value)

    def degrees(value: Any) -> float | None:
        return None if value != value else float(value)

    n, k, v, o, lines = problem.nodes, problem.skus, problem.services, problem.orders, problem.lines
    nodes = {
        n.node_id[i]: Node(
            n.node_id[i],
            degrees(n.latitude[i]),
            degrees(n.longitude[i]),
            n.timezone[i],
            timedelta(microseconds=int(n.cutoff_us[i])),
            int(n.lead_days[i]),
            tuple(bool(day) for day in n.working_days[i]),
            bool(n.is_open[i]),
            money(n.package_cost, i),
            money(n.line_cost, i),
            money(n.unit_cost, i),
            limit(n.max_packages_per_day[i]),
            limit(n.max_units_per_day[i]),
        )
        for i in range(len(n))
    }
    skus = {
        k.sku_id[i]: Sku(
            k.sku_id[i],
            Fraction(int(k.weight_ug[i]), kilo),
            Fraction(int(k.length_ncm[i]) * int(k.width_ncm[i]) * int(k.height_ncm[i]), kilo**3),
            bool(k.is_ship_alone[i]),
        )
        for i in range(len(k))
    }
    services = {
        v.service_id[i]: Service(
            v.service_id[i],
            Fraction(int(v.dim_divisor[i]), kilo) if v.dim_divisor[i] else None,
            Fraction(int(v.weight_step_ug[i]), kilo) if v.weight_step_ug[i] else None,
            Fraction(int(v.max_weight_ug[i]), kilo) if limit(v.max_weight_ug[i]) is not None else None,
            tuple(bool(day) for day in v.ship_days[i]),
            tuple(bool(day) for day in v.delivery_days[i]),
        )
        for i in range(len(v))
    }
    offered = {
        (n.node_id[i], v.service_id[j]): limit(problem.node_services.max_packages_per_day[i, j])
        for i in range(len(n))
        for j in range(len(v))
        if problem.node_services.is_offered[i, j]
    }
    stock = problem.stock
    available = {
        (n.node_id[int(i)], k.sku_id[int(j)]): max(0, int(hand) - int(reserved) - int(safety))
        for i, j, hand, reserved, safety in zip(
            stock.node_idx, stock.sku_idx, stock.on_hand, stock.reserved, stock.safety_stock, strict=True
        )
    }
    table = problem.lanes
    lanes = [
        Lane(
            v.service_id[int(table.service_idx[i])],
            n.node_id[int(table.node_idx[i])],
            table.country[i],
            table.destination[i],
            table.zone[i],
            int(table.transit_days[i]),
        )
        for i in range(len(table))
    ]
    rates: dict[tuple[str, str], list[Bracket]] = {}
    card = problem.rates
    for i in range(len(card)):
        key = (v.service_id[int(card.service_idx[i])], card.zone[i])
        extra = money(card.per_extra, i) if card.has_extra[i] else None
        rates.setdefault(key, []).append(Bracket(Fraction(int(card.up_to_ug[i]), kilo), money(card.price, i), extra))
    objective, limits = problem.objective, problem.limits
    orders = []
    for i in range(len(o)):
        priority = money(o.priority, i)
        own = []
        for row in range(len(lines)):
            if int(lines.order_idx[row]) != i:
                continue
            if lines.has_unfilled_cost[row]:
                unfilled = money(lines.unfilled_cost, row)
            else:
                share = Fraction(objective.unfilled_value) * money(lines.unit_value, row)
                unfilled = (Fraction(objective.unfilled_unit) + share) * priority
            own.append(
                Line(
                    lines.line_id[row],
                    k.sku_id[int(lines.sku_idx[row])],
                    int(lines.quantity[row]),
                    bool(lines.is_splittable[row]),
                    to_micros(unfilled),
                )
            )
        excluded = o.excluded_node_idx[int(o.excluded_ptr[i]) : int(o.excluded_ptr[i + 1])]
        by = int(o.deliver_by[i])
        orders.append(
            Order(
                o.order_id[i],
                EPOCH + timedelta(microseconds=int(o.placed_at_us[i])),
                o.country[i],
                o.postal_code[i],
                degrees(o.latitude[i]),
                degrees(o.longitude[i]),
                None if by >= NO_DATE else date(1970, 1, 1) + timedelta(days=by),
                priority,
                bool(o.is_ship_complete[i]),
                limit(o.max_packages[i]),
                frozenset(n.node_id[int(j)] for j in excluded),
                tuple(own),
            )
        )
    return World(
        problem.as_of,
        nodes,
        skus,
        available,
        services,
        offered,
        lanes,
        rates,
        orders,
        Fraction(objective.delivery_day),
        Fraction(objective.late_day),
        to_micros(Fraction(objective.split)),
        None if limits.max_distance_km is None else Fraction(limits.max_distance_km),
        limits.max_transit_days,
        limits.horizon_days,
    )


def midnight_to(moment: time) -> timedelta:
    """The time of day as time since midnight."""
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond)
