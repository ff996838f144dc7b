"""Changes to a scenario whose effect on the optimum is known: none, never worse, in proportion."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from oracles.generate import Row, Scenario

MONEY = {
    "nodes": ("package_cost", "line_cost", "unit_cost"),
    "skus": ("value",),
    "rates": ("price", "per_extra_kg"),
    "order_lines": ("unit_value", "unfilled_cost"),
    "surcharges": ("per_package",),
    "transfers": ("cost_per_unit", "cost_per_package"),
    "substitutes": ("price_per_unit",),
    "stock_prices": ("price_per_unit",),
}
MONEY_SET = ("min_package_value", "min_order_value")
ID_COLUMNS = (
    "order_id", "node_id", "sku_id", "service_id", "pickup_node", "from_node_id", "to_node_id", "kit_sku_id",
    "substitute_sku_id",
)  # fmt: skip
MONEY_SETTINGS = ("delivery_day", "late_day", "split", "unfilled_unit")


def shuffled(scenario: Scenario, seed: int) -> Scenario:
    """The same scenario with the rows of its tables, and its rules, in another sequence.

    Brackets keep theirs: it has a meaning.
    """
    source = random.Random(seed)
    tables, settings = scenario
    mixed = {}
    for name, rows in tables.items():
        mixed[name] = list(rows)
        if name != "rates":
            source.shuffle(mixed[name])
    if "rules" in settings:
        rules = list(settings["rules"])
        source.shuffle(rules)
        settings = settings | {"rules": rules}
    return mixed, settings


def renamed_backwards(scenario: Scenario) -> Scenario:
    """The same scenario with order, node and SKU ids that sort the other way round: ties may fall differently."""
    tables, settings = scenario
    names: dict[str, str] = {}
    for table, column in (("orders", "order_id"), ("nodes", "node_id"), ("skus", "sku_id"), ("services", "service_id")):
        count = len(tables[table])
        names |= {row[column]: f"{row[column][0]}{count - index}x" for index, row in enumerate(tables[table])}

    def rename(row: Row) -> Row:
        changed = {column: names[value] if value and column in ID_COLUMNS else value for column, value in row.items()}
        if changed.get("excluded_nodes"):
            changed["excluded_nodes"] = ";".join(names[node] for node in changed["excluded_nodes"].split(";"))
        for column in ("order.order_id", "sku.sku_id", "node.node_id"):
            changed |= {column: names[row[column]]} if row.get(column) else {}
        return changed

    def rename_condition(condition: Any) -> Any:
        """A condition on ids."""
        if isinstance(condition, dict):
            return {key: rename_condition(part) for key, part in condition.items()}
        if isinstance(condition, list):
            return [names.get(value, value) for value in condition]
        return names.get(condition, condition)

    if "rules" in settings:
        settings = settings | {"rules": [_with_conditions(rule, rename_condition) for rule in settings["rules"]]}
    return {name: [rename(row) for row in rows] for name, rows in tables.items()}, settings


def _with_conditions(rule: Row, change: Callable[[Any], Any]) -> Row:
    """The rule with its conditions on ids changed."""
    where = {
        part: {name: change(condition) if name.endswith("_id") else condition for name, condition in columns.items()}
        for part, columns in rule.get("where", {}).items()
    }
    return rule | ({"where": where} if where else {})


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
    settings = settings | {"objective": objective}
    if "rules" in settings:
        settings["rules"] = [
            rule
            | ({"price": {name: times(price) for name, price in rule["price"].items()}} if "price" in rule else {})
            | ({"quota": _quota_times(rule["quota"], times)} if "quota" in rule else {})
            | ({"set": _set_times(rule["set"], times)} if "set" in rule else {})
            for rule in settings["rules"]
        ]
    return changed, settings


def _quota_times(quota: Row, times: Callable[[object], str]) -> Row:
    return quota | ({"price_over": times(quota["price_over"])} if "price_over" in quota else {})


def _set_times(sets: Row, times: Callable[[object], str]) -> Row:
    return {name: times(value) if name in MONEY_SET else value for name, value in sets.items()}


def more_stock(scenario: Scenario) -> Scenario:
    """Two more units of every stock position."""
    tables, settings = scenario
    stock = [row | {"on_hand": int(row["on_hand"]) + 2} for row in tables["stock"]]
    return tables | {"stock": stock}, settings


CAPACITIES = {
    "nodes": ("max_packages_per_day", "max_units_per_day", "max_lines_per_day", "max_minutes_per_day"),
    "node_services": ("max_packages_per_day",),
    "node_days": ("max_packages", "max_units", "max_lines", "max_minutes"),
    "service_quotas": ("max_packages",),
}
USED = ("used_packages", "used_units", "used_lines", "used_minutes")


def more_capacity(scenario: Scenario) -> Scenario:
    """One more unit, package, line or minute of every capacity that is limited."""
    return _changed(scenario, CAPACITIES, lambda value: str(Decimal(str(value)) + 1))


def less_used(scenario: Scenario) -> Scenario:
    """One less used of every day's capacities."""
    return _changed(scenario, {"node_days": USED}, lambda value: max(0, int(value) - 1))


def a_longer_hold(scenario: Scenario) -> Scenario:
    """A day more for every order that may be held."""

    def later(value: object) -> str:
        return (date.fromisoformat(str(value)) + timedelta(days=1)).isoformat()

    return _changed(scenario, {"orders": ("hold_until",)}, later)


def without_capacities(scenario: Scenario) -> Scenario:
    """No limit on what a day can do anywhere."""
    tables, settings = _changed(scenario, CAPACITIES, lambda value: "")
    return {name: rows for name, rows in tables.items() if name != "service_quotas"}, settings


def boundless_capacities(scenario: Scenario) -> Scenario:
    """A limit on everything that a day can do, each beyond any use."""
    tables, settings = _changed(scenario, CAPACITIES, lambda value: "")
    services = [{"service_id": row["service_id"], "date": "", "max_packages": 1000} for row in tables["services"]]
    changed = {
        name: [row | dict.fromkeys(CAPACITIES.get(name, ()), 1000) for row in rows] for name, rows in tables.items()
    }
    return changed | {"service_quotas": services}, settings


def ready_at_any_time(scenario: Scenario) -> Scenario:
    """No order that must not be delivered too early."""
    return _changed(scenario, {"orders": ("not_before",)}, lambda value: "")


def with_a_holiday(scenario: Scenario, column: str, name: str, day: date) -> Scenario:
    """One holiday more, of the node or service `name`."""
    tables, settings = scenario
    row = {"node_id": "", "service_id": "", "date": day.isoformat()} | {column: name}
    known = tables.get("calendars", [])
    return tables | {"calendars": known if row in known else [*known, row]}, settings


def _changed(scenario: Scenario, columns: Mapping[str, Sequence[str]], change: Callable[[object], object]) -> Scenario:
    """The scenario with every filled cell of some columns changed."""
    tables, settings = scenario
    changed = {
        name: [
            row | {column: change(row[column]) for column in columns.get(name, ()) if row.get(column) not in (None, "")}
            for row in rows
        ]
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


# --- rules ------------------------------------------------------------------------------------


def rule_changes(scenario: Scenario, effect: str, change: Callable[[Any], Any]) -> list[Scenario]:
    """For each rule with an effect, the scenario with that effect of that rule changed; None takes it away."""
    tables, settings = scenario
    found = []
    for at, rule in enumerate(settings.get("rules", [])):
        if effect in rule:
            said = change(rule[effect])
            rest = {name: value for name, value in rule.items() if name != effect}
            changed = rest if said is None else rest | {effect: said}
            is_idle = not any(name in changed for name in ("forbid", "price", "quota", "set"))
            rules = [*settings["rules"][:at], *([] if is_idle else [changed]), *settings["rules"][at + 1 :]]
            found.append((tables, settings | {"rules": rules}))
    return found


def without_effects(scenario: Scenario, effect: str) -> list[Scenario]:
    """For each rule with an effect, the scenario in which it has not."""
    return rule_changes(scenario, effect, lambda said: None)


def larger_quotas(scenario: Scenario) -> list[Scenario]:
    """For each rule with a quota, the scenario with a package more in it."""
    return rule_changes(scenario, "quota", lambda quota: quota | {"packages": quota["packages"] + 1})


def with_rule(scenario: Scenario, rule: Row) -> Scenario:
    """The scenario with one rule more."""
    tables, settings = scenario
    return tables, settings | {"rules": [*settings.get("rules", []), rule | {"name": "one more"}]}


def without_surcharges(scenario: Scenario) -> Scenario:
    """The scenario at the rates alone."""
    tables, settings = scenario
    return {name: rows for name, rows in tables.items() if name != "surcharges"}, settings


def behind_many_rules(scenario: Scenario) -> Scenario:
    """The scenario with its rules after 70 others, of orders that are not there or of days long past."""
    tables, settings = scenario
    others: list[Row] = [
        {"forbid": True, "where": {"order": {"order_id": "nobody"}}},
        {"price": {"per_package": "9"}, "until": "2020-01-01"},
        {"quota": {"packages": 1, "per": "batch"}, "where": {"node": {"node_id": "nowhere"}}},
        {"quota": {"packages": 1}, "until": "2020-01-01"},
    ]
    many = [others[number % len(others)] | {"name": f"idle {number}"} for number in range(70)]
    return tables, settings | {"rules": [*many, *settings.get("rules", [])]}


# --- arrivals ---------------------------------------------------------------------------------


def arrival_changes(scenario: Scenario, change: Callable[[Row], Row | None]) -> list[Scenario]:
    """For each arrival, the scenario with it changed; None takes it away. Two of one day become one."""
    tables, settings = scenario
    found = []
    for at, row in enumerate(tables.get("inbound", [])):
        changed = change(row)
        rows = [*tables["inbound"][:at], *([] if changed is None else [changed]), *tables["inbound"][at + 1 :]]
        found.append((tables | {"inbound": _merged(rows)}, settings))
    return found


def _merged(rows: Sequence[Row]) -> list[Row]:
    """Arrivals with those of one place and day added up."""
    merged: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        key = (row["node_id"], row["sku_id"], row["available_on"])
        before = merged.get(key, row | {"quantity": 0})
        merged[key] = row | {"quantity": before["quantity"] + row["quantity"]}
    return list(merged.values())


def larger_arrivals(scenario: Scenario) -> list[Scenario]:
    """For each arrival, the scenario with a unit more in it."""
    return arrival_changes(scenario, lambda row: row | {"quantity": row["quantity"] + 1})


def earlier_arrivals(scenario: Scenario) -> list[Scenario]:
    """For each arrival, the scenario in which it comes a day earlier."""
    return arrival_changes(scenario, a_day_earlier)


def a_day_earlier(row: Row) -> Row:
    """The same arrival, the day before."""
    day = date.fromisoformat(row["available_on"]) - timedelta(days=1)
    return row | {"available_on": day.isoformat()}


def without_arrivals(scenario: Scenario) -> list[Scenario]:
    """For each arrival, the scenario without it."""
    return arrival_changes(scenario, lambda row: None)


def with_arrivals(scenario: Scenario, rows: Sequence[Row]) -> Scenario:
    """The scenario with more arrivals."""
    tables, settings = scenario
    return tables | {"inbound": _merged([*tables.get("inbound", []), *rows])}, settings
