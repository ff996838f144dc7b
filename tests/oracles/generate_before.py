"""A random plan before for a scenario: one that was best at other prices, of which some is released or promised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from oracles.brute import Package, TooManyPlansError, solve_by_enumeration
from oracles.generate_money import money
from oracles.parts import Line, Order
from oracles.world import world_from_tables

if TYPE_CHECKING:
    from oracles.generate import Picks, Row, Scenario


def draw_before(picks: Picks, scenario: Scenario) -> Scenario:
    """The scenario with a plan before; some of what it promises may be impossible, none of what must be kept.

    A plan that keeps all is that of other rates, which is feasible, though not where released packages change what is
    kept for channels or what an order must be worth.
    """
    tables = {name: [dict(row) for row in rows] for name, rows in scenario[0].items()}
    tables["rates"] = [row | {"price": money(picks, 1500)} for row in tables["rates"]]
    if picks.chance(70):  # a plan that ships more
        tables["order_lines"] = [row | {"unfilled_cost": "90"} for row in tables["order_lines"]]
    world = world_from_tables(tables, scenario[1])
    try:
        plan = solve_by_enumeration(world).packages
    except TooManyPlansError:
        plan = ()
    tables = {name: [dict(row) for row in rows] for name, rows in scenario[0].items()}
    if picks.chance(40) and all(world.services[package.service_id].way is None for package in plan):
        _limit_to(plan, tables["nodes"])
    rows: list[Row] = []
    for order in world.orders:
        usual = "" if picks.chance(35) else money(picks, picks.one_of((100, 800, 4000)))
        own: list[Row] = []
        for number, package in enumerate(plan):
            if package.order_id == order.order_id:
                price = usual if picks.chance(80) else picks.one_of(("", "0.75"))
                found = _rows_of(picks, order, package, f"P{number}", price)
                places = [(one.order_id, one.node_id, one.service_id, one.ship_on) for one in plan]
                is_one = places.count((package.order_id, package.node_id, package.service_id, package.ship_on)) == 1
                if is_one and not any(row.get("package_id") for row in found) and picks.chance(70):
                    own += found
                else:
                    own += [{"package_id": f"P{number}"} | row for row in found]
        if picks.chance(30):
            own += _anywhere(picks, scenario, order, own, usual or "2.50")
        rows += own
    if picks.chance(30):
        tables["rejections"] = _refused(picks, rows, tables.get("rejections", []))
    tables["plan_before"] = rows
    return tables, scenario[1]


def _limit_to(plan: Iterable[Package], nodes: list[Row]) -> None:
    """Nodes without a limit can do what they do in the plan on their busiest day, and no more."""
    busy = Counter((package.node_id, package.ship_on) for package in plan)
    for row in nodes:
        most = max((number for (node, _), number in busy.items() if node == row["node_id"]), default=0)
        if most and not row.get("max_packages_per_day"):
            row["max_packages_per_day"] = most


def _rows_of(picks: Picks, order: Order, package: Package, name: str, price: str) -> list[Row]:
    """A package as rows: released, promised in whole or in part, sometimes as two, or forgotten."""
    if picks.chance(20):
        return []
    is_released = picks.chance(30)
    row: Row = {
        "order_id": order.order_id,
        "node_id": package.node_id,
        "service_id": package.service_id,
        "ship_on": package.ship_on.isoformat(),
        "state": "released" if is_released else picks.one_of(("", "promised")),
        "move_price": "" if is_released else price,
    }
    found: list[Row] = []
    is_whole = picks.chance(50)
    for line_id, units, sku_id in _given_units(order, package, is_released):
        kept = units
        line = next(line for line in order.lines if line.given_id == line_id)
        if not is_whole and line.is_splittable and line.kit is None:
            kept = picks.integer(0, units)
        if kept:
            found.append(row | {"line_id": line_id, "quantity": kept, "sku_id": sku_id})
    if len(found) + sum(int(one["quantity"]) for one in found) > 2 and picks.chance(20):
        return _in_two(picks, order, found, name)
    return found


def _given_units(order: Order, package: Package, is_released: bool) -> list[tuple[str, int, str]]:
    """Units by line as given, and a substitute; of kits whole ones of their own components, and where they are
    promised, the whole line."""
    inside = dict(package.units)
    found: list[tuple[str, int, str]] = []
    kits: dict[str, list[Line]] = {}
    for line in order.lines:
        if line.kit is not None:
            kits.setdefault(line.kit, []).append(line)
        for sku in line.skus:
            if line.kit is None and line.name_with(sku) in inside:
                found.append((line.line_id, inside[line.name_with(sku)], "" if sku == line.sku_id else sku))
    for name, lines in kits.items():
        numbers = {inside.get(line.line_id, 0) // line.kit_quantity for line in lines}
        number = numbers.pop()
        if not numbers and number and (is_released or number * lines[0].kit_quantity == lines[0].quantity):
            found.append((name, number, ""))
    return found


def _in_two(picks: Picks, order: Order, rows: list[Row], name: str) -> list[Row]:
    """What was one package as two of the same place."""
    found: list[Row] = []
    for row in rows:
        line = next(line for line in order.lines if line.given_id == row["line_id"])
        units = int(row["quantity"])
        first = picks.integer(0, units) if line.is_splittable and line.kit is None else picks.one_of((0, units))
        for nth, number in enumerate((first, units - first)):
            if number:
                found.append(row | {"quantity": number, "package_id": f"{name}{'ab'[nth]}"})
    return found


def _anywhere(picks: Picks, scenario: Scenario, order: Order, own: list[Row], price: str) -> list[Row]:
    """One more promise, of a place that may be impossible."""
    tables, settings = scenario
    line = picks.one_of(order.lines)
    used = sum(int(row["quantity"]) for row in own if row["line_id"] == line.given_id)
    left = line.quantity - used
    if left <= 0 or line.kit is not None or (used and not line.is_splittable):
        return []
    day = date.fromisoformat(str(settings["as_of"])[:10]) + timedelta(days=picks.integer(0, 3))
    return [
        {
            "order_id": order.order_id,
            "line_id": line.line_id,
            "node_id": str(picks.one_of(tables["nodes"])["node_id"]),
            "service_id": str(picks.one_of(tables["services"])["service_id"]),
            "ship_on": day.isoformat(),
            "quantity": picks.integer(1, left) if line.is_splittable else left,
            "state": "promised",
            "move_price": price,
            "package_id": "else",
        }
    ]


def _refused(picks: Picks, rows: list[Row], rejections: list[Row]) -> list[Row]:
    """Rejections with one more, of a promised package's line or order."""
    promised = [row for row in rows if row["state"] != "released"]
    if not promised:
        return rejections
    row = picks.one_of(promised)
    line = "" if picks.chance(40) else row["line_id"]
    new = {"order_id": row["order_id"], "line_id": line, "node_id": row["node_id"]}
    known = {(one["order_id"], one["line_id"], one["node_id"]) for one in rejections}
    return rejections if (new["order_id"], line, new["node_id"]) in known else [*rejections, new]
