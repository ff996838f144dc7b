"""Rules and surcharges read in two ways: from tables and settings as written, and from a Problem.

The first knows the grammar from its documentation only. The second asks the domain's slow road cell by cell, on the
tables as they were given, with a row for each way to a pick-up node and for each SKU that may ship for a line.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from oracles.features import Features, skus_that_ship
from oracles.parts import Way
from oracles.rules import Cell, Rule
from splitship.domain.rule_columns import RuleColumns
from splitship.domain.rule_reference import rule_matches

TABLE_OF = {"order": "orders", "line": "order_lines", "sku": "skus", "node": "nodes", "service": "services"}
NUMBERS = {"priority", "max_packages", "quantity", "unit_value", "weight_kg", "value", "lead_days"}
"""Columns of the contract that are compared by value; text else, as far as the oracles use columns."""
DEFAULTS = {"priority": "1", "splittable": "true", "value": "0", "ship_alone": "false", "open": "true",
            "lead_days": "0", "ship_complete": "false"}  # fmt: skip

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
Ways = Mapping[str, Way]
Meets = Callable[[str, Row], bool]
"""Does a row of a part meet the conditions on that part?"""


# --- as written -------------------------------------------------------------------------------


def rules_in_tables(tables: Tables, settings: Mapping[str, Any], features: Features, ways: Ways) -> tuple[Rule, ...]:
    """The rules of the settings in their sequence, then the surcharges, which are about carriers' packages only."""
    picked_up = [{"service_id": name, "carrier": _carrier_of(way)} for name, way in ways.items()]
    all_services = [*tables.get("services", []), *picked_up]
    rules = [
        _written_rule(rule, {**tables, "services": all_services}, features) for rule in settings.get("rules") or []
    ]
    return (*rules, *(_written_surcharge(row, tables, features) for row in tables.get("surcharges", [])))


def _carrier_of(way: Way) -> str:
    return "transfer" if way.is_transfer else "pickup"


def _written_rule(rule: Row, tables: Tables, features: Features) -> Rule:
    where = rule.get("where") or {}

    def meets(part: str, row: Row) -> bool:
        conditions = (where.get(part) or {}).items()
        return all(cell_meets(name, condition, _cell(row, name)) for name, condition in conditions)

    price, quota = rule.get("price") or {}, rule.get("quota") or {}
    assert not price.get("per_order")
    return Rule(
        _text(rule["name"]),
        _about(tables, meets, features),
        frozenset(_text(row["order_id"]) for row in tables.get("orders", []) if meets("order", row)),
        _stock_of(tables, meets),
        _date(rule.get("from")),
        _date(rule.get("until")),
        rule.get("forbid") is not None,
        *(_micros(price.get(name) or 0) for name in ("per_package", "per_line", "per_unit")),
        None if rule.get("quota") is None else int(quota["packages"]),
        None if quota.get("price_over") is None else _micros(quota["price_over"]),
        (quota.get("per") or "day") == "day",
        tuple(sorted((name, _set_value(name, value)) for name, value in (rule.get("set") or {}).items())),
    )


def _written_surcharge(row: Row, tables: Tables, features: Features) -> Rule:
    conditions = [(*name.split(".", 1), _text(cell)) for name, cell in row.items() if "." in name and _text(cell)]
    service_id = _text(row.get("service_id"))

    def meets(part: str, other: Row) -> bool:
        if part == "service" and service_id not in ("", other["service_id"]):
            return False
        return all(
            _is_one_of(_cell(other, column), wanted) for subject, column, wanted in conditions if subject == part
        )

    return Rule(
        _text(row["name"]),
        _about(tables, meets, features),
        per_package=_micros(row.get("per_package") or 0),
        is_surcharge=True,
        share_of_value=Fraction(str(row.get("share_of_value") or 0)),
    )


def _about(tables: Tables, meets: Meets, features: Features) -> frozenset[Cell]:
    orders = {row["order_id"]: row for row in tables.get("orders", [])}
    skus = {row["sku_id"]: row for row in tables.get("skus", [])}
    lines = [
        (row, sku)
        for row in tables.get("order_lines", [])
        if meets("line", row) and meets("order", orders[row["order_id"]])
        for sku in skus_that_ship(features, _text(row["sku_id"]))
        if meets("sku", skus[sku])
    ]
    nodes = [row["node_id"] for row in tables.get("nodes", []) if meets("node", row)]
    services = [row["service_id"] for row in tables.get("services", []) if meets("service", row)]
    return frozenset(
        (_text(row["order_id"]), _text(row["line_id"]), sku, _text(node), _text(service))
        for (row, sku), node, service in product(lines, nodes, services)
    )


def _stock_of(tables: Tables, meets: Meets) -> frozenset[tuple[str, str]]:
    nodes = {row["node_id"] for row in tables.get("nodes", []) if meets("node", row)}
    skus = {row["sku_id"] for row in tables.get("skus", []) if meets("sku", row)}
    return frozenset(
        (_text(row["node_id"]), _text(row["sku_id"]))
        for row in tables.get("stock", [])
        if row["node_id"] in nodes and row["sku_id"] in skus
    )


def cell_meets(name: str, condition: Any, cell: str) -> bool:
    """A cell against a condition of a rule as written."""
    if isinstance(condition, Mapping):
        return all(_meets_key(name, key, part, cell) for key, part in condition.items())
    wanted = [_text(value) for value in (condition if isinstance(condition, list) else [condition])]
    if name in NUMBERS and cell:
        return any(Decimal(value) == Decimal(cell) for value in wanted if value)
    return cell in wanted


def _meets_key(name: str, key: str, part: Any, cell: str) -> bool:
    if key == "not":
        return not cell_meets(name, part, cell)
    if key == "like":
        return re.fullmatch(".*".join(map(re.escape, part.split("%"))), cell, re.DOTALL) is not None
    if not cell:
        return False
    number, bound = Decimal(cell), Decimal(str(part))
    return {"gt": number > bound, "ge": number >= bound, "lt": number < bound, "le": number <= bound}[key]


def _is_one_of(cell: str, wanted: str) -> bool:
    """A cell against a condition of a surcharge: values and beginnings ending in *, separated by ;."""
    parts = [part.strip() for part in wanted.split(";") if part.strip()]
    return any(cell.startswith(part[:-1]) if part.endswith("*") else cell == part for part in parts)


def _cell(row: Row, name: str) -> str:
    return _text(row.get(name)) or DEFAULTS.get(name, "")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _date(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(str(value))


def _micros(value: Any) -> int:
    micros = Fraction(str(value)) * 1_000_000
    assert micros.denominator == 1, f"{value} is not in whole micros"
    return int(micros)


def _set_value(name: str, value: Any) -> Any:
    if name == "ship_complete":
        return True
    exact = ("max_distance_km", "min_package_value", "min_order_value")
    return Fraction(str(value)) if name in exact else int(value)


# --- from a Problem ---------------------------------------------------------------------------


def rules_in_problem(given: Any, features: Features, ways: Ways) -> tuple[Rule, ...]:
    """The rules and surcharges of a Problem before anything is set; `given` is its `as_given`."""
    by_carriers = _with_what_ships(given, features)
    wide = _with_ways(by_carriers, ways)
    return (*_problem_rules(wide, RuleColumns(wide)), *_problem_surcharges(by_carriers, RuleColumns(by_carriers)))


def _with_what_ships(given: Any, features: Features) -> Any:
    """The problem with each line once for every SKU that may ship for it."""
    names = list(given.skus.sku_id)
    rows = [
        (line, names.index(sku))
        for line, own in enumerate(given.lines.sku_idx.tolist())
        for sku in skus_that_ship(features, names[own])
    ]
    line = np.array([row for row, _ in rows], np.int64)
    columns = {
        field.name: _taken(getattr(given.lines, field.name), line) for field in dataclasses.fields(given.lines)
    } | {"sku_idx": np.array([sku for _, sku in rows], np.int64)}
    return dataclasses.replace(given, lines=dataclasses.replace(given.lines, **columns))


def _taken(column: Any, rows: Any) -> Any:
    """Rows of a column, of a mapping of columns those of each."""
    if isinstance(column, Mapping):
        return {name: values[rows] for name, values in column.items()}
    return column.take(rows) if hasattr(column, "exact") else column[rows]


def _with_ways(given: Any, ways: Ways) -> Any:
    """The problem with the ways to pick-up nodes after its services, of which only names, carriers and days count."""
    old, num = given.services, len(ways)
    texts = {"service_id": list(ways), "carrier": [_carrier_of(way) for way in ways.values()]}
    columns: dict[str, Any] = {
        name: np.append(getattr(old, name), np.array(texts[name], object)) for name in ("service_id", "carrier")
    }
    for name, value in (("dim_divisor", 0), ("weight_step_ug", 0), ("max_weight_ug", 2**62), ("unit_cost", 0),
                        ("pickup_node_idx", -1)):  # fmt: skip
        columns[name] = np.append(getattr(old, name), np.full(num, value)).astype(np.int64)
    for name in ("ship_days", "delivery_days"):
        columns[name] = np.concatenate([getattr(old, name), np.ones((num, 7), np.bool_)])
    columns["attributes"] = {
        name: np.append(column, np.array([""] * num, object)) for name, column in old.attributes.items()
    }
    return dataclasses.replace(given, services=dataclasses.replace(old, **columns))


def _problem_rules(given: Any, columns: RuleColumns) -> list[Rule]:
    # Without dates and with one effect, so that every rule about a line is among those that forbid it.
    dateless = [
        dataclasses.replace(rule, is_forbidden=True, price=None, quota=None, first_day=None, last_day=None)
        for rule in given.rules
    ]
    about: list[set[Cell]] = [set() for _ in dateless]
    if dateless:
        for line, node, service in product(
            range(len(given.lines)), range(len(given.nodes)), range(len(given.services))
        ):
            for at in rule_matches(given, line, node, service, 0, dateless, columns).forbids:
                about[at].add(_cell_of(given, line, node, service))
    found = []
    for at, rule in enumerate(given.rules):
        price, quota = rule.price, rule.quota
        assert price is None or not price.per_order
        masks = {part: columns.mask(part, rule.where.of(part)) for part in ("order", "node", "sku")}
        found.append(
            Rule(
                rule.name,
                frozenset(about[at]),
                frozenset(given.orders.order_id[row] for row in range(len(given.orders)) if masks["order"][row]),
                frozenset(
                    (given.nodes.node_id[node], given.skus.sku_id[sku])
                    for node, sku in zip(given.stock.node_idx.tolist(), given.stock.sku_idx.tolist(), strict=True)
                    if masks["node"][node] and masks["sku"][sku]
                ),
                _day(rule.first_day),
                _day(rule.last_day),
                rule.is_forbidden,
                *_prices(price),
                None if quota is None else quota.packages,
                None if quota is None or quota.price_over is None else _micros(quota.price_over),
                quota is None or quota.per == "day",
                tuple(sorted((name, _set_value(name, value)) for name, value in rule.sets)),
            )
        )
    return found


def _problem_surcharges(given: Any, columns: RuleColumns) -> list[Rule]:
    table = given.surcharges
    found = []
    for row in range(len(table)):

        def meets(part: Any, at: int, row: int = row) -> bool:
            conditions = [condition for condition in table.conditions[row] if condition.subject == part]
            return all(
                columns.has(part, condition.column)
                and condition.holds_for(columns.column(part, condition.column).text(at))  # type: ignore[union-attr]
                for condition in conditions
            )

        lines = [
            line
            for line in range(len(given.lines))
            if meets("line", line)
            and meets("order", int(given.lines.order_idx[line]))
            and meets("sku", int(given.lines.sku_idx[line]))
        ]
        nodes = [node for node in range(len(given.nodes)) if meets("node", node)]
        services = [
            service
            for service in range(len(given.services))
            if meets("service", service) and int(table.service_idx[row]) in (-1, service)
        ]
        found.append(
            Rule(
                str(table.name[row]),
                frozenset(_cell_of(given, *place) for place in product(lines, nodes, services)),
                per_package=_micros(Fraction(table.per_package.exact(row), 10**18)),
                is_surcharge=True,
                share_of_value=Fraction(table.share_of_value.exact(row), 10**18),
            )
        )
    return found


def _prices(price: Any) -> tuple[int, int, int]:
    if price is None:
        return 0, 0, 0
    return _micros(price.per_package), _micros(price.per_line), _micros(price.per_unit)


def _cell_of(given: Any, line: int, node: int, service: int) -> Cell:
    return (
        given.orders.order_id[int(given.lines.order_idx[line])],
        given.lines.line_id[line],
        given.skus.sku_id[int(given.lines.sku_idx[line])],
        given.nodes.node_id[node],
        given.services.service_id[service],
    )


def _day(number: int | None) -> date | None:
    return None if number is None else date(1970, 1, 1) + timedelta(days=number)
