"""A scenario as plain Python objects with exact fractions: what the oracles price and enumerate.

There are two ways in: from a pack's tables as given, which also judges how packs are read, and from
a Problem's columns. Nothing of the project but the domain's columns is used here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from oracles.before import Before, before_in_problem, before_in_tables, with_before
from oracles.features import (
    Features,
    features_in_problem,
    features_in_tables,
    holidays_of_ways,
    orders_with_features,
    services_of_ways,
    ways_of,
)
from oracles.parts import Bracket, Daily, Lane, Line, Node, NodeDay, Order, Service, Sku, to_micros
from oracles.reserves import Asked, Kept, reserves_in_problem, reserves_in_tables, reserves_of
from oracles.rule_reading import rules_in_problem, rules_in_tables
from oracles.rules import Rule, orders_in_force, safety_in_force
from oracles.steering import Said, Steering, committed_of, shares_of

EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
UNLIMITED = 2**62
NO_DATE = 2**30
NEVER = timedelta(hours=24)

Tables = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class World:
    """A whole scenario. `available` holds the stock positions, `offered` the pairs and their daily limit.

    `quotas` are a service's packages a day over all nodes, under None those of days without a row of their own.
    `rules` are the rules, then the surcharges; what rules set is in `available` and the orders already. `arrivals` are
    units by stock position and first ship day, of positions that need not be among `available`. `services` has those by
    which lines are picked up too, and lines are as they ship, kits as their components. `stock_prices` in whole micros.
    `used` is what released packages take of resources but stock, which they are off already; lines come in the parts
    that are promised. `reserves` by stock position are in force.
    """

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
    node_days: dict[tuple[str, date], NodeDay] = field(default_factory=dict)
    node_holidays: frozenset[tuple[str, date]] = frozenset()
    service_holidays: frozenset[tuple[str, date]] = frozenset()
    quotas: dict[tuple[str, date | None], int] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    arrivals: dict[tuple[str, str], dict[date, int]] = field(default_factory=dict)
    stock_prices: dict[tuple[str, str], int] = field(default_factory=dict)
    steering: Steering = field(default_factory=Steering)
    used: Counter[Any] = field(default_factory=Counter)
    reserves: dict[tuple[str, str], Kept] = field(default_factory=dict)
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)


# --- from a pack's tables as given -------------------------------------------------------------


def world_from_tables(tables: Tables, settings: Mapping[str, Any]) -> World:
    """Reads rows of text or natural values with the defaults of the pack format."""
    objective = settings.get("objective") or {}
    limits = settings.get("limits") or {}
    as_of = datetime.fromisoformat(str(settings["as_of"]))
    features = features_in_tables(tables)
    nodes = {str(row["node_id"]): _node(row) for row in tables.get("nodes", [])}
    rules = rules_in_tables(tables, settings, features, ways_of(features, _open(nodes)))
    skus = {str(row["sku_id"]): _sku(row) for row in tables.get("skus", [])}
    values = {str(row["sku_id"]): _number(row, "value", 0) for row in tables.get("skus", [])}
    services = {str(row["service_id"]): _service(row) for row in tables.get("services", [])}
    if "node_services" in tables:
        offered = {
            (str(row["node_id"]), str(row["service_id"])): _count(row, "max_packages_per_day")
            for row in tables["node_services"]
        }
    else:
        offered = {(node, service): None for node in nodes for service in services}
    available = {}
    for row in tables.get("stock", []):
        place = (str(row["node_id"]), str(row["sku_id"]))
        safety = safety_in_force(*place, _count(row, "safety_stock") or 0, rules, as_of.date())
        available[place] = max(0, int(row["on_hand"]) - (_count(row, "reserved") or 0) - safety)
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
        is_splittable = _truth(row, "splittable", True)
        line = Line(str(row["line_id"]), sku_id, int(row["quantity"]), is_splittable, to_micros(unfilled), value)
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
                _date(row, "deliver_by"),
                priorities[str(row["order_id"])],
                _truth(row, "ship_complete", False),
                own_packages if own_packages is not None else (None if pack_packages is None else int(pack_packages)),
                frozenset(name.strip() for name in excluded.split(";") if name.strip()),
                tuple(lines.get(str(row["order_id"]), [])),
                _date(row, "hold_until"),
                _date(row, "not_before"),
                channel="" if _empty(row, "channel") else str(row["channel"]),
            )
        )
    distance, transit = limits.get("max_distance_km"), limits.get("max_transit_days")
    world = World(
        as_of,
        nodes,
        skus,
        available,
        services,
        offered,
        lanes,
        rates,
        orders_in_force(orders, rules, as_of.date()),
        _setting(objective, "delivery_day"),
        _setting(objective, "late_day"),
        to_micros(_setting(objective, "split")),
        None if distance is None else _fraction(distance),
        None if transit is None else int(transit),
        int(limits.get("horizon_days") or 0),
        {
            (str(row["node_id"]), _given_date(row)): _node_day(row, nodes[str(row["node_id"])].most)
            for row in tables.get("node_days", [])
        },
        frozenset(
            (str(row["node_id"]), _given_date(row)) for row in tables.get("calendars", []) if not _empty(row, "node_id")
        ),
        frozenset(
            (str(row["service_id"]), _given_date(row))
            for row in tables.get("calendars", [])
            if not _empty(row, "service_id")
        ),
        {
            (str(row["service_id"]), _date(row, "date")): int(row["max_packages"])
            for row in tables.get("service_quotas", [])
        },
        rules,
        _arrivals(
            (
                str(row["node_id"]),
                str(row["sku_id"]),
                date.fromisoformat(str(row["available_on"])),
                int(row["quantity"]),
            )
            for row in tables.get("inbound", [])
        ),
    )
    shares = [(str(row["node_id"]), _optional(row, "target_share"), _optional(row, "share_price"))
              for row in tables.get("nodes", [])]  # fmt: skip
    said = [
        (
            str(row["service_id"]),
            _date(row, "date"),
            _count(row, "min_packages") or 0,
            _number(row, "shortfall_price", 0),
        )
        for row in tables.get("service_quotas", [])
    ]
    world = _with_features(_with_steering(world, shares, said), features, values)
    return _owed(world, before_in_tables(tables), reserves_in_tables(tables.get("channel_reserves", [])))


def _with_steering(world: World, shares: list[tuple[str, Fraction | None, Fraction | None]], said: list[Said]) -> World:
    first, horizon = world.as_of.date(), world.horizon_days
    committed = committed_of(said, world.services, world.service_holidays, first, horizon)
    return replace(world, steering=Steering(shares_of(shares), committed))


def _owed(world: World, before: list[Before], asked: list[Asked]) -> World:
    """The world with the plan before and reserves in force."""
    from oracles.supplies import ever_there, released_draws

    world = with_before(world, before, released_draws)
    places = {*world.available, *world.arrivals} if asked else ()
    return replace(world, reserves=reserves_of(asked, {place: ever_there(world, *place) for place in places}))


def _optional(row: Mapping[str, Any], name: str) -> Fraction | None:
    return None if _empty(row, name) else _fraction(row[name])


def _open(nodes: Mapping[str, Node]) -> dict[str, bool]:
    return {name: node.is_open for name, node in nodes.items()}


def _with_features(world: World, features: Features, values: Mapping[str, Fraction]) -> World:
    """The world with ways to pick-up nodes, and lines as they ship; `values` are those of SKUs."""
    ways = ways_of(features, _open(world.nodes))
    return replace(
        world,
        services=world.services | services_of_ways(ways, world.nodes),
        offered=world.offered | {(way.from_node, name): None for name, way in ways.items()},
        service_holidays=world.service_holidays | holidays_of_ways(ways, world.node_holidays),
        orders=orders_with_features(world.orders, features, values),
        stock_prices=features.stock_prices,
    )


def _arrivals(rows: Iterable[tuple[str, str, date, int]]) -> dict[tuple[str, str], dict[date, int]]:
    found: dict[tuple[str, str], dict[date, int]] = {}
    for node_id, sku_id, day, units in rows:
        found.setdefault((node_id, sku_id), {})[day] = units
    return found


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


def _umin(row: Mapping[str, Any], name: str) -> int | None:
    """Minutes in millionths, None when not given; packs have no more than six decimals."""
    if _empty(row, name):
        return None
    umin = _fraction(row[name]) * 1_000_000
    assert umin.denominator == 1
    return int(umin)


def _date(row: Mapping[str, Any], name: str) -> date | None:
    return None if _empty(row, name) else date.fromisoformat(str(row[name]))


def _given_date(row: Mapping[str, Any]) -> date:
    return date.fromisoformat(str(row["date"]))


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
        Daily(
            _count(row, "max_packages_per_day"),
            _count(row, "max_units_per_day"),
            _count(row, "max_lines_per_day"),
            _umin(row, "max_minutes_per_day"),
        ),
        _umin(row, "minutes_per_package") or 0,
        _umin(row, "minutes_per_unit") or 0,
    )


def _node_day(row: Mapping[str, Any], usual: Daily) -> NodeDay:
    own = Daily(
        _count(row, "max_packages"), _count(row, "max_units"), _count(row, "max_lines"), _umin(row, "max_minutes")
    )
    most = Daily(
        usual.packages if own.packages is None else own.packages,
        usual.units if own.units is None else own.units,
        usual.lines if own.lines is None else own.lines,
        usual.umin if own.umin is None else own.umin,
    )
    used = Daily(
        _count(row, "used_packages") or 0,
        _count(row, "used_units") or 0,
        _count(row, "used_lines") or 0,
        _umin(row, "used_minutes") or 0,
    )
    return NodeDay(None if _empty(row, "open") else _truth(row, "open", True), most, used)


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
    """Reads the columns of a Problem, as they were before rules set anything in them."""
    kilo = 10**9
    problem = problem.as_given
    features = features_in_problem(problem)
    is_open = {name: bool(flag) for name, flag in zip(problem.nodes.node_id, problem.nodes.is_open, strict=True)}
    rules = rules_in_problem(problem, features, ways_of(features, is_open))

    def money(amounts: Any, row: int) -> Fraction:
        return Fraction(amounts.exact(row), 10**18)

    def limit(value: Any) -> int | None:
        return None if int(value) >= UNLIMITED else int(value)

    def degrees(value: Any) -> float | None:
        return None if value != value else float(value)

    def on(number: Any) -> date:
        return EPOCH.date() + timedelta(days=int(number))

    def day_or_none(number: Any) -> date | None:
        return on(number) if -NO_DATE < int(number) < NO_DATE else None

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
            Daily(
                limit(n.max_packages_per_day[i]),
                limit(n.max_units_per_day[i]),
                limit(n.max_lines_per_day[i]),
                limit(n.max_umin_per_day[i]),
            ),
            int(n.umin_per_package[i]),
            int(n.umin_per_unit[i]),
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
        (n.node_id[int(i)], k.sku_id[int(j)]): max(
            0,
            int(hand)
            - int(reserved)
            - safety_in_force(n.node_id[int(i)], k.sku_id[int(j)], int(safety), rules, problem.as_of.date()),
        )
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
                    money(lines.unit_value, row),
                )
            )
        excluded = o.excluded_node_idx[int(o.excluded_ptr[i]) : int(o.excluded_ptr[i + 1])]
        orders.append(
            Order(
                o.order_id[i],
                EPOCH + timedelta(microseconds=int(o.placed_at_us[i])),
                o.country[i],
                o.postal_code[i],
                degrees(o.latitude[i]),
                degrees(o.longitude[i]),
                day_or_none(o.deliver_by[i]),
                priority,
                bool(o.is_ship_complete[i]),
                limit(o.max_packages[i]),
                frozenset(n.node_id[int(j)] for j in excluded),
                tuple(own),
                day_or_none(o.hold_until[i]),
                day_or_none(o.not_before[i]),
                channel=str(o.channel[i]),
            )
        )
    d, c, q, b = problem.node_days, problem.calendars, problem.service_quotas, problem.inbound
    node_days = {
        (n.node_id[int(d.node_idx[i])], on(d.day[i])): NodeDay(
            bool(d.is_open[i]) if d.has_open[i] else None,
            Daily(limit(d.max_packages[i]), limit(d.max_units[i]), limit(d.max_lines[i]), limit(d.max_umin[i])),
            Daily(int(d.used_packages[i]), int(d.used_units[i]), int(d.used_lines[i]), int(d.used_umin[i])),
        )
        for i in range(len(d))
    }
    world = World(
        problem.as_of,
        nodes,
        skus,
        available,
        services,
        offered,
        lanes,
        rates,
        orders_in_force(orders, rules, problem.as_of.date()),
        Fraction(objective.delivery_day),
        Fraction(objective.late_day),
        to_micros(Fraction(objective.split)),
        None if limits.max_distance_km is None else Fraction(limits.max_distance_km),
        limits.max_transit_days,
        limits.horizon_days,
        node_days,
        frozenset((n.node_id[int(c.node_idx[i])], on(c.day[i])) for i in range(len(c)) if c.node_idx[i] >= 0),
        frozenset((v.service_id[int(c.service_idx[i])], on(c.day[i])) for i in range(len(c)) if c.service_idx[i] >= 0),
        {(v.service_id[int(q.service_idx[i])], day_or_none(q.day[i])): int(q.max_packages[i]) for i in range(len(q))},
        rules,
        _arrivals(
            (n.node_id[int(b.node_idx[i])], k.sku_id[int(b.sku_idx[i])], on(b.available_day[i]), int(b.quantity[i]))
            for i in range(len(b))
        ),
    )
    shares = [(n.node_id[i], money(n.target_share, i), money(n.share_price, i))
              for i in range(len(n)) if n.has_target_share[i]]  # fmt: skip
    said = [
        (
            v.service_id[int(q.service_idx[i])],
            day_or_none(q.day[i]),
            int(q.min_packages[i]),
            money(q.shortfall_price, i),
        )
        for i in range(len(q))
    ]
    world = _with_steering(world, shares, said)
    world = _with_features(world, features, {k.sku_id[i]: money(k.value, i) for i in range(len(k))})
    return _owed(world, before_in_problem(problem), reserves_in_problem(problem))


def midnight_to(moment: time) -> timedelta:
    """The time of day as time since midnight."""
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond)
