"""Random rules and surcharges for a scenario, and the attributes that their conditions name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oracles.generate import Picks, Row, Scenario

Tables = dict[str, list[dict[str, Any]]]
KEY_OF = {"order": "order_id", "line": "line_id", "sku": "sku_id", "node": "node_id", "service": "service_id"}
TABLE_OF = {"order": "orders", "line": "order_lines", "sku": "skus", "node": "nodes", "service": "services"}
COLUMNS: dict[str, dict[str, Sequence[str]]] = {
    "order": {
        "region": ("west", "east", ""),
        "residential": ("yes", "", "no"),
        "country": ("US", "CA"),
        "postal_code": ("12345", "99999", "19000"),
    },
    "line": {"gift": ("yes", "", "no"), "quantity": ("2", "1", "3")},
    "sku": {"class": ("hazmat", "toy", "")},
    "node": {"kind": ("store", "dc"), "area": ("west", "east")},
    "service": {"carrier": ("C", "D")},
}
"""Columns that conditions name besides ids, with values; none that rules set."""
DRAWN = {"order": ("region", "residential"), "line": ("gift",), "sku": ("class",), "node": ("kind", "area"),
         "service": ("carrier",)}  # fmt: skip
"""Columns of these that are drawn anew for every row."""
LINE_PARTS = ("line", "sku")


def draw_rules(picks: Picks, scenario: Scenario, begins: Sequence[date]) -> Scenario:
    """The scenario with 1 to 4 rules and up to 2 surcharges; `begins` are days on which orders can begin."""
    tables = {name: [dict(row) for row in rows] for name, rows in scenario[0].items()}
    settings = dict(scenario[1])
    if picks.chance(40):  # rules rather than stock are what is scarce
        for row in tables["stock"]:
            row["on_hand"] = max(8, row["on_hand"])
    if "horizon_days" not in settings["limits"] and picks.chance(25):
        settings["limits"] = settings["limits"] | {"horizon_days": 1}
    for part, columns in DRAWN.items():
        for row in tables[TABLE_OF[part]]:
            row |= {column: picks.one_of(COLUMNS[part][column]) for column in columns}
    numbers = range(picks.integer(1, 4))
    settings["rules"] = [_rule(picks, f"rule {number}", tables, settings, begins) for number in numbers]
    count = picks.integer(0, 2)
    if count:
        tables["surcharges"] = _surcharges(picks, count, tables)
    for rule in settings["rules"]:
        if "quota" in rule and picks.chance(40):
            rule["quota"] |= {"price_over": _price(picks, 600)}
    return tables, settings


def _rule(picks: Picks, name: str, tables: Tables, settings: Row, begins: Sequence[date]) -> Row:
    rule: Row = {"name": name}
    kind = picks.one_of(("price", "forbid", "quota", "set", "set", "price", "quota"))
    parts: tuple[str, ...] = tuple(TABLE_OF)
    if kind == "forbid":
        rule["forbid"] = True
    if kind == "set":
        rule["set"] = _settings(picks, all("latitude" in row for row in (*tables["orders"], *tables["nodes"])))
        parts = ("node", "sku") if "safety_stock" in rule["set"] else ("order",)
    if kind == "quota":
        rule["quota"] = {"packages": picks.one_of((1, 2, 1, 3, 0)), "per": picks.one_of(("day", "batch"))}
    if kind == "price" or (kind == "quota" and picks.chance(30)):
        prices = [price for price in ("per_package", "per_unit", "per_line") if picks.chance(50)] or ["per_package"]
        rule["price"] = {price: _price(picks, 400) for price in prices}
    # What forbids everything everywhere leaves nothing to decide.
    fewest = 1 if kind == "forbid" else 0
    where: dict[str, Row] = {}
    for _ in range(picks.integer(fewest, 1 if kind == "set" else 2)):
        part = picks.one_of(parts)
        where.setdefault(part, {}).update(_conditions(picks, part, tables))
    if where:
        rule["where"] = where
    if kind != "set" and picks.chance(35):
        first = picks.one_of(begins) + timedelta(days=picks.integer(-1, 2))
        if picks.chance(60):
            rule["from"] = first.isoformat()
        if picks.chance(60):
            rule["until"] = (first + timedelta(days=picks.integer(0, 1))).isoformat()
    if kind == "set" and picks.chance(20):
        edge = date.fromisoformat(str(settings["as_of"])[:10]) + timedelta(days=picks.integer(-1, 1))
        rule[picks.one_of(("from", "until"))] = edge.isoformat()
    return rule


def _price(picks: Picks, most_cents: int) -> str:
    """A price above 0 in whole micros: cents, sometimes all six decimals."""
    if picks.chance(10):
        return f"{picks.integer(0, most_cents) // 100}.{picks.integer(1, 999_999):06d}"
    cents = picks.integer(1, most_cents)
    return f"{cents // 100}.{cents % 100:02d}"


def _settings(picks: Picks, is_located: bool) -> Row:
    names = ["ship_complete", "max_packages", "max_packages", "max_transit_days", "safety_stock", "max_nodes_per_line"]
    name = picks.one_of([*names, *["max_distance_km"] * 3] if is_located else names)
    if name == "ship_complete":
        return {name: True} | ({"max_packages": 1} if picks.chance(30) else {})
    if name == "max_distance_km":
        return {name: f"{picks.integer(300, 1500)}.{picks.integer(0, 9)}"}
    if name == "max_packages":
        return {name: picks.one_of((1, 1, 2))}
    return {name: picks.integer(1, {"max_transit_days": 3, "safety_stock": 5, "max_nodes_per_line": 1}[name])}


def _conditions(picks: Picks, part: str, tables: Tables) -> Row:
    """Conditions on a column of a part."""
    key = KEY_OF[part]
    if picks.chance(25):
        ids = sorted({str(row[key]) for row in tables[TABLE_OF[part]]})
        return {key: _condition(picks, key, ids)}
    column = picks.one_of(sorted(COLUMNS[part]))
    return {column: _condition(picks, column, COLUMNS[part][column])}


def _condition(picks: Picks, column: str, values: Sequence[str]) -> Any:
    kind = picks.one_of(("value", "list", "not", "compare" if column == "quantity" else "like"))
    # Ids are named in full, so that they can be changed.
    if kind == "like" and column not in ("kind", *KEY_OF.values()):
        value = picks.one_of(values)
        pattern = picks.one_of((f"{value[:1]}%", f"%{value[-1:]}", f"{value[:2]}%{value[-1:]}"))
        return {"like": pattern} if picks.chance(70) else {"not": {"like": pattern}}
    if kind == "list":
        return sorted({picks.one_of(values), picks.one_of(values)})
    if kind == "not":
        return {"not": picks.one_of(values)}
    if kind == "compare":
        return {picks.one_of(("gt", "ge", "lt", "le")): picks.integer(1, 3)}
    return picks.one_of(values)


def _surcharges(picks: Picks, count: int, tables: Tables) -> list[Row]:
    """Rows of the surcharges table; all of them have the columns of all conditions."""
    services = [str(row["service_id"]) for row in tables["services"]]
    rows = []
    for number in range(count):
        row: Row = {"name": f"surcharge {number}", "service_id": picks.one_of(services) if picks.chance(30) else ""}
        if picks.chance(60):
            row["per_package"] = _price(picks, 300)
        if "per_package" not in row or picks.chance(40):
            row["share_of_value"] = picks.one_of(("0.01", "0.0333", "0.005", "0.123456789", "0.2", "1"))
        for _ in range(picks.integer(0, 2)):
            part = picks.one_of(tuple(TABLE_OF))
            row |= _surcharge_condition(picks, part, tables)
        rows.append(row)
    columns = dict.fromkeys(column for row in rows for column in row)
    return [{column: row.get(column, "") for column in columns} for row in rows]


def _surcharge_condition(picks: Picks, part: str, tables: Tables) -> Row:
    key = KEY_OF[part]
    if part in ("sku", "node", "order") and picks.chance(30):
        ids = sorted({str(row[key]) for row in tables[TABLE_OF[part]]})
        return {f"{part}.{key}": picks.one_of(ids)}
    column = picks.one_of([name for name in sorted(COLUMNS[part]) if name != "quantity"])
    values = [value for value in COLUMNS[part][column] if value]
    value = picks.one_of(values)
    if column != "kind" and picks.chance(25):
        value = f"{value[:1]}*"
    elif picks.chance(20):
        value = ";".join(sorted({value, picks.one_of(values)}))
    return {f"{part}.{column}": value}
