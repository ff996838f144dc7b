"""Small random packs with random rules, and a judge that reads nothing but their texts."""

from __future__ import annotations

import random
import re
from decimal import Decimal
from typing import Any

from splitship.packs import Pack
from splitship.packs.rule_refusals import RULE_FEATURES

Row = dict[str, str]
AS_OF = "2026-11-27T09:00:00+00:00"
TABLE = {"order": "orders", "line": "order_lines", "sku": "skus", "node": "nodes", "service": "services"}
NUMBERS = ("priority", "max_packages", "quantity", "weight_kg", "value", "lead_days", "max_packages_per_day", "size")
DEFAULTS = {"priority": "1", "open": "true", "value": "0", "lead_days": "0"}
CONDITIONS: dict[str, list[tuple[str, list[str]]]] = {
    "order": [
        ("channel", ["web", "app", ""]),
        ("region", ["west", "east", ""]),
        ("priority", ["1", "2.50", "0.1"]),
        ("max_packages", ["1", "2", ""]),
        ("deliver_by", ["2026-12-01", "2026-12-02", ""]),
        ("ship_complete", ["true", "false"]),
        ("postal_code", ["10001", "94103"]),
    ],
    "line": [("quantity", ["1", "2", "3"]), ("gift", ["yes", "no", ""]), ("sku_id", ["K0", "K1", "K2"])],
    "sku": [("class", ["hazmat", "toy", ""]), ("weight_kg", ["0.5", "1", "2.000000001"]), ("size", ["5", "10", ""])],
    "node": [
        ("kind", ["dc", "store"]),
        ("region", ["west", "east"]),
        ("open", ["true", "false"]),
        ("lead_days", ["0", "1"]),
        ("max_packages_per_day", ["5", ""]),
        ("node_id", ["N0", "N1", "N2"]),
    ],
    "service": [("carrier", ["ACME", "BOLT"]), ("service_id", ["S0", "S1"])],
}


def random_pack(seed: int, num_rules: int = 12) -> tuple[dict[str, list[Row]], list[dict[str, Any]], Pack]:
    """Tables, rules as plain values, and the pack of both."""
    rng = random.Random(seed)
    tables = random_tables(rng)
    rules = [random_rule(rng, at) for at in range(num_rules)]
    settings = {"as_of": AS_OF, "currency": "USD", "rules": rules, "limits": rng.choice([{}, {"max_packages": 3}])}
    if settings["limits"]:
        for row in tables["orders"]:
            row["max_packages"] = row["max_packages"] or "3"  # the limit in force, which is what conditions see
    return tables, rules, Pack.from_tables(tables, settings, features={"rules", *RULE_FEATURES})


def random_tables(rng: random.Random) -> dict[str, list[Row]]:
    pick = rng.choice
    column = {part: dict(columns) for part, columns in CONDITIONS.items()}

    def some(part: str, *names: str) -> Row:
        return {name: pick(column[part][name]) for name in names}

    skus = [{"sku_id": f"K{at}"} | some("sku", "class", "weight_kg", "size") for at in range(4)]
    nodes = [
        {"node_id": f"N{at}", "country": "US", "postal_code": "1"}
        | some("node", "kind", "region", "open", "lead_days", "max_packages_per_day")
        for at in range(5)
    ]
    orders, lines = [], []
    for at in range(25):
        names = ("channel", "region", "priority", "max_packages", "deliver_by", "ship_complete", "postal_code")
        orders.append({"order_id": f"O{at}", "placed_at": AS_OF, "country": "US"} | some("order", *names))
        for line in range(rng.randint(1, 3)):
            row = {"order_id": f"O{at}", "line_id": str(line), "sku_id": f"K{rng.randrange(4)}"}
            lines.append(row | some("line", "quantity", "gift"))
    stock = [
        {"node_id": f"N{node}", "sku_id": f"K{sku}", "on_hand": "9", "safety_stock": pick(["", "1", "4"])}
        for node in range(5)
        for sku in range(4)
        if rng.random() < 0.7
    ]
    services = [{"service_id": f"S{at}"} | some("service", "carrier") for at in range(3)]
    return {"nodes": nodes, "skus": skus, "services": services, "orders": orders, "order_lines": lines, "stock": stock}


def random_rule(rng: random.Random, at: int) -> dict[str, Any]:
    effect: dict[str, Any] = rng.choice(
        [
            {"forbid": True},
            {"price": {"per_unit": "0.5"}},
            {"quota": {"packages": 3}, "price": {"per_package": "0.25"}},
            {"set": {"max_packages": rng.randint(1, 4), "min_order_value": rng.choice(["1.5", "20"])}},
            {"set": {"ship_complete": True, "max_transit_days": rng.randint(1, 5)}},
            {"set": {"safety_stock": rng.randint(1, 5)}},
        ]
    )
    parts = list(CONDITIONS)
    if "set" in effect:
        parts = ["node", "sku"] if "safety_stock" in effect["set"] else ["order"]
    where: dict[str, Any] = {}
    for part in rng.sample(parts, rng.randint(0, min(2, len(parts)))):
        columns = rng.sample(CONDITIONS[part], rng.randint(1, 2))
        where[part] = {name: random_condition(rng, name, values) for name, values in columns}
    dates: dict[str, str] = {}
    if rng.random() < 0.4:
        dates["from"] = rng.choice(["2026-11-26", "2026-11-27", "2026-11-28"])
    if rng.random() < 0.4:
        dates["until"] = rng.choice(["2026-11-28", "2026-11-29", "2026-11-30"])
    return {"name": f"rule {at}", "where": where} | effect | dates


def random_condition(rng: random.Random, name: str, values: list[str], depth: int = 0) -> Any:
    kind = rng.choice(["value", "list", "not", "order" if name in NUMBERS else "like"])
    if name in ("ship_complete", "open"):
        kind = rng.choice(["value", "not"])
    if kind == "not" and depth < 2:
        return {"not": random_condition(rng, name, values, depth + 1)}
    if kind == "list":
        return rng.sample(values, rng.randint(1, len(values)))
    if kind == "like":
        value = rng.choice(values)
        return {"like": f"{value[: rng.randint(0, len(value))]}%"}
    if kind == "order":
        return {name: rng.choice(["0.5", "1", "2", "2.5", "7"]) for name in rng.sample(["gt", "ge", "lt", "le"], 2)}
    return rng.choice(values)


def meets(name: str, condition: Any, cell: str) -> bool:
    """A cell as text against a condition as written, from the words of the grammar alone."""
    if isinstance(condition, dict):
        return all(_meets_key(name, key, part, cell) for key, part in condition.items())
    wanted = condition if isinstance(condition, list) else [condition]
    if name in NUMBERS and name != "size" and cell:
        return any(Decimal(value) == Decimal(cell) for value in wanted if value)
    return cell in wanted


def _meets_key(name: str, key: str, part: Any, cell: str) -> bool:
    if key == "not":
        return not meets(name, part, cell)
    if key == "like":
        return re.fullmatch(".*".join(map(re.escape, part.split("%"))), cell) is not None
    if not cell:
        return False
    number, bound = Decimal(cell), Decimal(part)
    return {"gt": number > bound, "ge": number >= bound, "lt": number < bound, "le": number <= bound}[key]


def row_meets(rule: dict[str, Any], part: str, row: Row) -> bool:
    """Does a row of a table as written meet a rule's conditions on its part?"""
    return all(
        meets(name, condition, row.get(name, "") or DEFAULTS.get(name, ""))
        for name, condition in rule["where"].get(part, {}).items()
    )
