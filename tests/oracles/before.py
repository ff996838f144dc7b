"""The plan before: what released packages took, and what is promised, worked out from its rows as given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from oracles.parts import Line, Order, Promise, to_micros

if TYPE_CHECKING:
    from oracles.world import World

Held = tuple[str, int, str | None]
"""A content: line as given, units or kits, SKU (None: the line's own, or all components of the kit)."""


@dataclass(frozen=True)
class Before:
    """A package of the plan before; `price` of moving it in whole micros, None where it must not move."""

    order_id: str
    node_id: str
    service_id: str
    ship_on: date
    is_released: bool
    price: int | None
    contents: tuple[Held, ...]


def before_in_tables(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Before]:
    """The rows as packages, in the sequence of order, ship day, node, service, first line, name."""

    def text(row: Mapping[str, Any], name: str) -> str:
        return "" if row.get(name) is None else str(row[name])

    place = {
        name: {text(row, f"{name}_id"): at for at, row in enumerate(tables.get(f"{name}s", []))}
        for name in ("order", "node", "service")
    }
    line_at = {
        (text(row, "order_id"), text(row, "line_id")): at for at, row in enumerate(tables.get("order_lines", []))
    }
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in tables.get("plan_before", []):
        name = text(row, "package_id")
        own = [text(row, column) for column in ("node_id", "service_id", "ship_on")]
        groups.setdefault((text(row, "order_id"), name, *([] if name else [*own, _state(row)])), []).append(row)
    found = []
    for (order_id, name, *_), rows in groups.items():
        rows.sort(key=lambda row: line_at[order_id, text(row, "line_id")])
        first = rows[0]
        before = Before(
            order_id,
            text(first, "node_id"),
            text(first, "service_id"),
            date.fromisoformat(text(first, "ship_on")),
            _state(first) == "released",
            to_micros(Fraction(text(first, "move_price"))) if text(first, "move_price") else None,
            tuple((text(row, "line_id"), int(row["quantity"]), text(row, "sku_id") or None) for row in rows),
        )
        sequence = (
            place["order"][order_id],
            before.ship_on,
            place["node"][before.node_id],
            _rank(before, place),
            line_at[order_id, before.contents[0][0]],
            name,
        )
        found.append((sequence, before))
    return [before for _, before in sorted(found, key=lambda pair: pair[0])]


def _rank(before: Before, place: Mapping[str, Mapping[str, int]]) -> tuple[int, int, int]:
    """Services in their sequence, then pick-up by the nodes from and to which it goes."""
    if before.service_id in place["service"]:
        return place["service"][before.service_id], 0, 0
    _, *nodes = before.service_id.split(":")
    return len(place["service"]), place["node"][before.node_id], place["node"][nodes[-1]]


def _state(row: Mapping[str, Any]) -> str:
    return str(row.get("state") or "promised")


def before_in_problem(given: Any) -> list[Before]:
    """The packages of a Problem as given."""
    before, plan = given.plan_before, given.plan_before.plan
    node, services = given.nodes.node_id, given.services.service_id
    contents: dict[int, list[Held]] = {}
    for row in range(len(plan.content_line)):
        line, sku = int(plan.content_line[row]), -1 if plan.content_sku_idx is None else int(plan.content_sku_idx[row])
        name = None if sku < 0 or sku == int(given.lines.sku_idx[line]) else given.skus.sku_id[sku]
        held = given.lines.line_id[line], int(plan.content_quantity[row]), name
        contents.setdefault(int(plan.content_package[row]), []).append(held)

    def service_of(number: int) -> str:
        if number < len(services):
            return str(services[number])
        start, end = divmod(number - len(services), len(node))
        return f"pickup:{node[end]}" if start == end else f"transfer:{node[start]}:{node[end]}"

    return [
        Before(
            given.orders.order_id[int(plan.order_idx[row])],
            node[int(plan.node_idx[row])],
            service_of(int(plan.service_idx[row])),
            date(1970, 1, 1) + timedelta(days=int(plan.ship_day[row])),
            bool(before.is_released[row]),
            to_micros(Fraction(before.move_price.exact(row), 10**18)) if before.may_move[row] else None,
            tuple(contents.get(row, [])),
        )
        for row in range(len(plan))
    ]


# --- what follows from it ---------------------------------------------------------------------

Draws = Callable[["World", Order, Before, tuple[int, ...], tuple[str, ...]], Counter[Any]]
"""What a released package takes of all resources but stock."""


def with_before(world: World, before: Sequence[Before], draws: Draws) -> World:
    """The world without what is released, its lines in the parts that are promised."""
    if not before:
        return world
    orders = {order.order_id: order for order in world.orders}
    released = [one for one in before if one.is_released]
    used: Counter[Any] = Counter()
    taken: Counter[tuple[str, str]] = Counter()
    gone: Counter[tuple[str, str]] = Counter()
    for one in released:
        order = orders[one.order_id]
        units, skus = _units_in(order, one)
        used += draws(world, order, one, units, skus)
        for line, sku, number in zip(order.lines, skus, units, strict=True):
            taken[one.node_id, sku] += number
            gone[order.order_id, line.line_id] += number
    packages = Counter(one.order_id for one in released)
    left = [_without(order, packages[order.order_id], gone) for order in world.orders]
    promised = [one for one in before if not one.is_released and one.service_id in world.services]
    by_day = Counter((one.service_id, one.ship_on) for one in released)
    return replace(
        world,
        **_stock_without(world, taken),
        orders=[_with_promises(order, [one for one in promised if one.order_id == order.order_id]) for order in left],
        used=used,
        steering=world.steering.without(by_day),
        memo={},
    )


def _units_in(order: Order, before: Before) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Units and SKUs by the order's lines."""
    units, skus = [0] * len(order.lines), [line.sku_id for line in order.lines]
    for name, number, sku in before.contents:
        for at, line in enumerate(order.lines):
            if line.given_id != name:
                continue
            if line.kit is None:
                units[at] += number
                skus[at] = sku or line.sku_id
            elif sku is None:
                units[at] += number * line.kit_quantity
            elif sku == line.sku_id:
                units[at] += number
    return tuple(units), tuple(skus)


def _without(order: Order, packages: int, gone: Mapping[tuple[str, str], int]) -> Order:
    most = order.max_packages
    return replace(
        order,
        num_released=packages,
        max_packages=None if most is None else max(0, most - packages),
        lines=tuple(
            replace(line, quantity=line.quantity - gone.get((order.order_id, line.line_id), 0)) for line in order.lines
        ),
    )


def _stock_without(world: World, taken: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    """Units are taken from what lies there, then from what arrives, the earliest first."""
    available, arrivals = dict(world.available), {place: dict(days) for place, days in world.arrivals.items()}
    for place, units in taken.items():
        here = min(units, available.get(place, 0))
        if here:
            available[place] -= here
        rest = units - here
        for day in sorted(arrivals.get(place, {})):
            now = min(rest, arrivals[place][day])
            arrivals[place][day] -= now
            rest -= now
        arrivals[place] = {day: number for day, number in arrivals.get(place, {}).items() if number}
    return {"available": available, "arrivals": {place: days for place, days in arrivals.items() if days}}


def _with_promises(order: Order, before: Iterable[Before]) -> Order:
    """Every line once for each promise that holds some of it, then for what is left; no promise of what is refused."""
    standing: list[tuple[Before, tuple[int, ...]]] = []
    for one in before:
        units, _ = _units_in(order, one)
        stays = [0 if one.node_id in line.rejected else number for line, number in zip(order.lines, units, strict=True)]
        if any(stays):
            standing.append((one, tuple(stays)))
    lines: list[Line] = []
    holds: list[list[int]] = [[] for _ in standing]
    for at, line in enumerate(order.lines):
        held = [(number, units[at]) for number, (_, units) in enumerate(standing) if units[at]]
        rest = line.quantity - sum(number for _, number in held)
        parts: list[tuple[int | None, int]] = [*held, *([(None, rest)] if rest or not held else [])]
        for nth, (number, units_of_part) in enumerate(parts, 1):
            if number is not None:
                holds[number].append(len(lines))
            is_part = len(parts) > 1
            name = f"{line.line_id}#{nth}" if is_part else line.line_id
            whole = line.line_id if is_part else None
            lines.append(replace(line, line_id=name, quantity=units_of_part, part_of=whole))
    promises = tuple(
        Promise(one.node_id, one.service_id, one.ship_on, one.price, tuple(held))
        for (one, _), held in zip(standing, holds, strict=True)
    )
    return replace(order, lines=tuple(lines), promises=promises)
