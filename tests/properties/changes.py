"""Changes to a scenario whose effect on the optimum is known: none, never worse, in proportion."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal

from oracles.generate import Row, Scenario

MONEY = {
    "nodes": ("package_cost", "line_cost", "unit_cost"),
    "skus": ("value",),
    "rates": ("price", "per_extra_kg"),
    "order_lines": ("unit_value", "unfilled_cost"),
}
MONEY_SETTINGS = ("delivery_day", "late_day", "split", "unfilled_unit")


def shuffled(scenario: Scenario, seed: int) -> Scenario:
    """The same scenario with the rows of its tables in another sequence (brackets keep theirs: it has a meaning)."""
    source = random.Random(seed)
    tables, settings = scenario
    mixed = {}
    for name, rows in tables.items():
        mixed[name] = list(rows)
        if name != "rates":
            source.shuffle(mixed[name])
    return mixed, settings


def renamed_backwards(scenario: Scenario) -> Scenario:
    """The same scenario with order, node and SKU ids that sort the other way round: ties may fall differently."""
    tables, settings = scenario
    names: dict[str, str] = {}
    for table, column in (("orders", "order_id"), ("nodes", "node_id"), ("skus", "sku_id"), ("services", "service_id")):
        count = len(tables[table])
        names |= {row[column]: f"{row[column][0]}{count - index}x" for index, row in enumerate(tables[table])}

    def rename(row: Row) -> Row:
        changed = {
            column: names[value] if column in ("order_id", "node_id", "sku_id", "service_id") else value
            for column, value in row.items()
        }
        if changed.get("excluded_nodes"):
            changed["excluded_nodes"] = ";".join(names[node] for node in changed["excluded_nodes"].split(";"))
        return changed

    return {name: [rename(row) for row in rows] for name, rows in tables.items()}, settings


def scaled(scenario: Scenario, factor: int) -> Scenario:
    """All money times a whole number."""
    tables, settings = scenario

    def times(value: object) -> str:
        return f"{Decimal(str(value)) * factor:f}"

    changed = {
        name: [
            row | {column: times(row[column]) for column in MONEY.get(name, ()) if row.get(column) not in (None, "")}
            for row in rows
        ]
        for name, rows in tables.items()
    }
    objective = {key: times(value) if key in MONEY_SETTINGS else value for key, value in settings["objective"].items()}
    return changed, settings | {"objective": objective}


def more_stock(scenario: Scenario) -> Scenario:
    """Two more units of every stock position."""
    tables, settings = scenario
    stock = [row | {"on_hand": int(row["on_hand"]) + 2} for row in tables["stock"]]
    return tables | {"stock": stock}, settings


def more_capacity(scenario: Scenario) -> Scenario:
    """One more unit or package of every capacity that is limited."""
    tables, settings = scenario

    def raised(row: Row, *columns: str) -> Row:
        return row | {column: int(row[column]) + 1 for column in columns if row.get(column) not in (None, "")}

    changed = {
        name: [raised(row, "max_packages_per_day", "max_units_per_day") for row in rows]
        if name in ("nodes", "node_services")
        else rows
        for name, rows in tables.items()
    }
    return changed, settings


def fewer_limits(scenario: Scenario) -> Scenario:
    """No limits on packages, distance and transit, and nodes not excluded."""
    tables, settings = scenario
    limits = {key: value for key, value in settings["limits"].items() if key == "horizon_days"}
    orders = [
        {column: value for column, value in row.items() if column not in ("max_packages", "excluded_nodes")}
        for row in tables["orders"]
    ]
    return tables | {"orders": orders}, settings | {"limits": limits}


def a_later_day(scenario: Scenario) -> Scenario:
    """One more day in the horizon."""
    tables, settings = scenario
    limits = settings["limits"] | {"horizon_days": int(settings["limits"].get("horizon_days", 0)) + 1}
    return tables, settings | {"limits": limits}


RELAXATIONS: tuple[Callable[[Scenario], Scenario], ...] = (more_stock, more_capacity, fewer_limits, a_later_day)
