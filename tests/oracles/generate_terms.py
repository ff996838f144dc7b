"""Random prices of stock, least values and rejections for a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracles.generate_money import money

if TYPE_CHECKING:
    from oracles.generate import Picks, Row, Scenario


def draw_stock_prices(picks: Picks, scenario: Scenario) -> Scenario:
    """The scenario with prices of taking units from one to five places, some of them rewards."""
    tables, settings = scenario
    nodes = [str(row["node_id"]) for row in tables["nodes"]]
    skus = [str(row["sku_id"]) for row in tables["skus"]]
    found: dict[tuple[str, str], Row] = {}
    for _ in range(picks.integer(1, 5)):
        place = picks.one_of(nodes), picks.one_of(skus)
        price = f"-{money(picks, 900)}" if picks.chance(40) else money(picks, 500)
        found[place] = {"node_id": place[0], "sku_id": place[1], "price_per_unit": price}
    return tables | {"stock_prices": list(found.values())}, settings


def draw_least_values(picks: Picks, scenario: Scenario) -> Scenario:
    """The scenario with one or two rules that say what packages or orders must at least be worth."""
    tables = {name: [dict(row) for row in rows] for name, rows in scenario[0].items()}
    if picks.chance(80):
        for row in tables["skus"]:
            if not row.get("value"):
                row["value"] = f"{picks.integer(1, 30)}"
    orders = [str(row["order_id"]) for row in tables["orders"]]
    rules: list[Row] = []
    for number in range(picks.integer(1, 2)):
        names = [name for name in ("min_package_value", "min_order_value") if picks.chance(60)] or ["min_order_value"]
        rule: Row = {"name": f"least {number}", "set": {name: _value(picks) for name in names}}
        if picks.chance(40):
            rule["where"] = {"order": {"order_id": sorted({picks.one_of(orders), picks.one_of(orders)})}}
        rules.append(rule)
    return tables, scenario[1] | {"rules": [*scenario[1].get("rules", []), *rules]}


def _value(picks: Picks) -> str:
    cents = picks.integer(1, 6000 if picks.chance(80) else 20000)
    return f"{cents // 100}.{cents % 100:02d}"


def draw_rejections(picks: Picks, scenario: Scenario) -> Scenario:
    """The scenario in which nodes have refused one to three orders or lines."""
    tables, settings = scenario
    nodes = [str(row["node_id"]) for row in tables["nodes"]]
    found: dict[tuple[str, str, str], Row] = {}
    for _ in range(picks.integer(1, 3)):
        row = picks.one_of(tables["order_lines"])
        order, line = str(row["order_id"]), "" if picks.chance(35) else str(row["line_id"])
        node = picks.one_of(nodes)
        found[order, line, node] = {"order_id": order, "line_id": line, "node_id": node}
    return tables | {"rejections": list(found.values())}, settings
