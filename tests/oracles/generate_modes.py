"""Random pick-up nodes for orders and lines of a scenario, and transfers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracles.generate_money import money

if TYPE_CHECKING:
    from oracles.generate import Picks, Row, Scenario

Tables = dict[str, list[dict[str, object]]]
WEEKS = ("1111111", "1111100", "1010101", "0111111")


def draw_modes(picks: Picks, scenario: Scenario) -> Scenario:
    """The scenario with one or two nodes at which lines are picked up, and transfers to them from most others.

    Often little lies where it is picked up, and now and then that node has room for little on a day.
    """
    tables = {name: [dict(row) for row in rows] for name, rows in scenario[0].items()}
    settings = dict(scenario[1])
    if len(tables["nodes"]) == 1:
        _add_node(picks, tables)
    nodes = [str(row["node_id"]) for row in tables["nodes"]]
    places = sorted({picks.one_of(nodes) for _ in range(2 if picks.chance(25) else 1)})
    _pick_up(picks, tables, places)
    ways = [(source, place) for place in places for source in nodes if source != place and picks.chance(70)]
    rows = []
    for source, place in ways:
        row: Row = {"from_node_id": source, "to_node_id": place, "days": picks.one_of((1, 0, 2, 1, 3))}
        if picks.chance(70):
            row["cost_per_package"] = money(picks, 300)
        if picks.chance(50):
            row["cost_per_unit"] = money(picks, 90)
        if picks.chance(30):
            row["working_days"] = picks.one_of(WEEKS)
        rows.append(row)
    if rows:
        names = dict.fromkeys(name for row in rows for name in row)
        tables["transfers"] = [{name: row.get(name, "") for name in names} for row in rows]
    if "horizon_days" not in settings["limits"] and picks.chance(35):
        settings["limits"] = settings["limits"] | {"horizon_days": 1}
    for row in tables["stock"]:
        if row["node_id"] in places and picks.chance(60):
            row["on_hand"] = min(1, row["on_hand"])
    for row in tables["nodes"]:
        if row["node_id"] not in places:
            row["kind"] = picks.one_of(("dc", "vendor", "dc"))
        elif picks.chance(50):
            column = picks.one_of(("max_packages_per_day", "max_units_per_day", "max_lines_per_day"))
            row[column] = picks.integer(1, 2)
    if picks.chance(25):
        settings["rules"] = [*settings.get("rules", []), _rule(picks)]
    return tables, settings


def _add_node(picks: Picks, tables: Tables) -> None:
    """A second node like the first one, which ships nothing to customers."""
    first = tables["nodes"][0]
    tables["nodes"].append(first | {"node_id": "N1", "open": "true"})
    more = [row | {"node_id": "N1", "on_hand": picks.integer(1, 4)} for row in tables["stock"] if picks.chance(80)]
    tables["stock"] += more


def _pick_up(picks: Picks, tables: Tables, places: list[str]) -> None:
    """Orders and lines that are picked up, the first one among them: all lines of an order, or some, one where."""
    for number, order in enumerate(tables["orders"]):
        lines = [row for row in tables["order_lines"] if row["order_id"] == order["order_id"]]
        for row in (order, *lines):
            row |= {"mode": "", "pickup_node": ""}
        kind = "order" if number == 0 and picks.chance(60) else picks.one_of(("lines", "order", "none"))
        if kind == "order":
            order |= {"mode": "pickup", "pickup_node": picks.one_of(places)}
            if len(lines) > 1 and picks.chance(30):
                lines[-1]["mode"] = "ship"
        elif kind == "lines" or number == 0:
            for at, row in enumerate(lines):
                if at == 0 or picks.chance(40):
                    row |= {"mode": "pickup", "pickup_node": picks.one_of(places)}


def _rule(picks: Picks) -> Row:
    """A rule about what is picked up, or what is moved for that."""
    where: Row = {"where": {"service": {"carrier": picks.one_of(("transfer", "pickup"))}}}
    kind = picks.one_of(("price", "quota", "forbid"))
    if kind == "price":
        return where | {"name": "fetching costs", "price": {"per_package": "0.75", "per_unit": "0.10"}}
    if kind == "quota":
        return where | {"name": "few fetch", "quota": {"packages": 1, "per": picks.one_of(("day", "batch"))}}
    where["where"]["node"] = {"node_id": "N0"}
    return where | {"name": "none fetch", "forbid": True}
