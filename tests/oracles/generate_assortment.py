"""Random kits and substitutes for a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oracles.generate_money import money

if TYPE_CHECKING:
    from oracles.generate import Picks, Row, Scenario

Tables = dict[str, list[dict[str, Any]]]


def draw_kits(picks: Picks, scenario: Scenario) -> Scenario:
    """The scenario with one or two kits of two or three components, at most one line of a kit in an order."""
    tables = {name: [dict(row) for row in rows] for name, rows in scenario[0].items()}
    skus = [str(row["sku_id"]) for row in tables["skus"]]
    while len(skus) < 2:
        skus.append(_like_first(picks, tables, f"K{len(skus)}"))
    tables["kits"] = []
    names = [f"KIT{number}" for number in range(2 if picks.chance(30) else 1)]
    parts: dict[str, list[str]] = {}
    for name in names:
        tables["skus"].append(tables["skus"][0] | {"sku_id": name, "ship_alone": "false"})
        first = picks.integer(0, len(skus) - 1)
        count = min(len(skus), 3 if picks.chance(30) else 2)
        parts[name] = [skus[(first + nth) % len(skus)] for nth in range(count)]
        together = picks.one_of(("true", "false"))
        tables["kits"] += [
            {"kit_sku_id": name, "sku_id": sku, "quantity": picks.one_of((1, 2, 1)), "together": together}
            for sku in parts[name]
        ]
    for number, order in enumerate(tables["orders"]):
        lines = [row for row in tables["order_lines"] if row["order_id"] == order["order_id"]]
        if number and picks.chance(45):
            continue
        row = picks.one_of(lines)
        row["sku_id"] = picks.one_of(names)
        row["quantity"] = min(int(row["quantity"]), 2 if len(lines) < 3 and len(parts[row["sku_id"]]) < 3 else 1)
        if picks.chance(60):  # worth two packages
            row["unfilled_cost"] = f"{picks.integer(20, 90)}.{picks.integer(0, 99):02d}"
            order["max_packages"] = ""
        for other in lines:
            other["quantity"] = min(int(other["quantity"]), 2)
    if picks.chance(70):
        used = {sku for members in parts.values() for sku in members}
        for row in tables["skus"]:
            if row["sku_id"] in used:
                row["ship_alone"] = "false"
    if picks.chance(60):
        for row in tables["stock"]:
            row["on_hand"] = max(2, int(row["on_hand"]))
    nodes = [str(row["node_id"]) for row in tables["nodes"]]
    if len(nodes) > 1 and picks.chance(50):  # no node has all of the first kit
        for row in tables["stock"]:
            if row["sku_id"] in parts["KIT0"]:
                is_here = nodes[parts["KIT0"].index(row["sku_id"]) % len(nodes)] == row["node_id"]
                row["on_hand"] = max(2, int(row["on_hand"])) if is_here else 0
    return tables, scenario[1]


def draw_substitutes(picks: Picks, scenario: Scenario) -> Scenario:
    """The scenario with one to three substitutes of what is ordered, often because little of that is there."""
    tables = {name: [dict(row) for row in rows] for name, rows in scenario[0].items()}
    kits = {str(row["kit_sku_id"]) for row in tables.get("kits", [])}
    skus = [str(row["sku_id"]) for row in tables["skus"] if row["sku_id"] not in kits]
    while len(skus) < 2:
        skus.append(_like_first(picks, tables, f"K{len(skus)}"))
    wanted = {str(row["sku_id"]) for row in (*tables["order_lines"], *tables.get("kits", []))} - kits
    found: dict[tuple[str, str], Row] = {}
    for _ in range(picks.one_of((1, 2, 1, 3))):
        sku = picks.one_of(sorted(wanted))
        other = picks.one_of([name for name in skus if name != sku])
        price = "0" if picks.chance(15) else money(picks, 250)
        found[sku, other] = {"sku_id": sku, "substitute_sku_id": other, "price_per_unit": price}
    tables["substitutes"] = list(found.values())
    if picks.chance(60):
        short = {sku for sku, _ in found}
        for row in tables["stock"]:
            if row["sku_id"] in short:
                row["on_hand"] = min(picks.integer(0, 1), int(row["on_hand"]))
    return tables, scenario[1]


def _like_first(picks: Picks, tables: Tables, name: str) -> str:
    """One more SKU, like the first but for its weight, with stock at most nodes."""
    tables["skus"].append(tables["skus"][0] | {"sku_id": name, "weight_kg": picks.one_of(("0.7", "1", "2.5"))})
    for node in tables["nodes"]:
        if picks.chance(80):
            units = picks.integer(1, 4)
            tables["stock"].append({"node_id": node["node_id"], "sku_id": name, "on_hand": units})
    return name
