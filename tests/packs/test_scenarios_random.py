"""Random operations against a slow account of what they mean, row by row and cell by cell, that shares nothing."""

import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from splitship.errors import PackError
from splitship.packs import Pack, read_pack

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"nodes": ["node_id"], "stock": ["node_id", "sku_id"], "rates": ["service_id", "zone", "up_to_kg"]}
DEFAULTS = {"open": "true", "lead_days": "0", "reserved": "0", "safety_stock": "0", "line_cost": "0", "unit_cost": "0"}
NUMBERS = {
    "nodes": ["unit_cost", "package_cost", "max_packages_per_day", "lead_days", "line_cost"],
    "stock": ["on_hand", "safety_stock", "reserved"],
    "rates": ["price", "up_to_kg", "per_extra_kg"],
}
WHOLE = {"max_packages_per_day", "lead_days", "on_hand", "safety_stock", "reserved"}
Row = dict[str, str]


class _FaultError(Exception):
    pass


def _value(column: str, text: str) -> Decimal | str:
    """What a cell means."""
    text = text or DEFAULTS.get(column, "")
    if any(column in names for names in NUMBERS.values()):
        return Decimal(text) if text else ""
    return text.lower() if column == "open" else text


def _meets(column: str, cell: str, condition: Any) -> bool:
    value = _value(column, cell)
    if isinstance(condition, list):
        return any(_meets(column, cell, each) for each in condition)
    if isinstance(condition, dict):
        met = True
        for key, bound in condition.items():
            if key == "not":
                met &= not _meets(column, cell, bound)
            elif value == "":
                met = False
            else:
                order = {"gt": value > Decimal(bound), "le": value <= Decimal(bound)}  # type: ignore[operator]
                met &= order[key]
        return met
    return value == (_value(column, str(condition)) if condition != "" else "")


def slow(tables: dict[str, list[Row]], operations: list[dict[str, Any]]) -> dict[str, list[Row]]:
    """The tables after the operations."""
    tables = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    for operation in operations:
        name = operation["table"]
        rows = tables[name]
        if "upsert" in operation:
            for given in operation["upsert"]:
                same = [row for row in rows if all(_value(k, row[k]) == _value(k, str(given[k])) for k in KEYS[name])]
                if not same:
                    same = [dict.fromkeys(rows[0] if rows else [], "")]
                    rows.append(same[0])
                    same[0].update({key: str(given[key]) for key in KEYS[name]})
                same[0].update({key: str(value) for key, value in given.items() if key not in KEYS[name]})
            continue
        where = operation.get("where", {})
        matching = [row for row in rows if all(_meets(c, row.get(c, ""), each) for c, each in where.items())]
        if not matching:
            raise _FaultError
        if "remove" in operation:
            tables[name] = [row for row in rows if not any(row is each for each in matching)]
        for column, value in operation.get("set", {}).items():
            for row in rows:
                row.setdefault(column, "")
            for row in matching:
                row[column] = str(value)
        for kind in ("add", "multiply", "clamp"):
            for column, value in operation.get(kind, {}).items():
                for row in matching:
                    row[column] = _calculate(kind, column, row.get(column, ""), value)
    return tables


def _calculate(kind: str, column: str, cell: str, value: Any) -> str:
    if cell == "":
        raise _FaultError
    number = Decimal(cell)
    if kind == "add":
        number += Decimal(value)
    elif kind == "multiply":
        number *= Decimal(value)
    else:
        number = min(max(number, Decimal(value.get("min", "-99"))), Decimal(value.get("max", "99999")))
    if column in WHOLE and number != int(number):
        raise _FaultError
    return format(number, "f")


def _random_operation(rng: random.Random) -> dict[str, Any]:
    table = rng.choice(list(KEYS))
    operation: dict[str, Any] = {"table": table}
    wheres: dict[str, list[dict[str, Any]]] = {
        "nodes": [{"kind": "dc"}, {"node_id": ["EAST", "SHOP"]}, {"open": rng.choice(["true", "FALSE"])},
                  {"unit_cost": {"gt": "0.2"}},
                  {"node_id": {"not": "WEST"}}, {"line_cost": 0, "kind": {"not": "store"}}],
        "stock": [{"sku_id": "mug"}, {"on_hand": {"gt": "0", "le": "2"}}, {"safety_stock": "0.0"}, {"node_id": "WEST"}],
        "rates": [{"service_id": "ground"}, {"up_to_kg": "1.0"}, {"per_extra_kg": ""},
                  {"price": {"gt": "6"}, "zone": "far"}],
    }  # fmt: skip
    kind = rng.choice(["set", "set", "add", "multiply", "multiply", "clamp", "remove", "upsert"])
    if kind != "upsert" and rng.random() < 0.8:
        operation["where"] = rng.choice(wheres[table])
    column = rng.choice(NUMBERS[table][: rng.choice([2, 2, 5])])
    if kind == "set":
        operation["set"] = {column: rng.choice([0, "3", "5.0"])}
        if table == "nodes" and rng.random() < 0.5:
            operation["set"] = {"open": rng.choice([True, False])}
            operation["set"] = {"open": str(operation["set"]["open"]).lower()}
    elif kind in ("add", "multiply"):
        operation[kind] = {column: rng.choice(["1", "0.25", "2", "1.1", "0"])}
    elif kind == "clamp":
        operation["clamp"] = {column: rng.choice([{"min": "1"}, {"max": "4.5"}, {"min": "1", "max": "7"}])}
    elif kind == "remove":
        operation["remove"] = True
    else:
        rows: dict[str, dict[str, Any]] = {
            "nodes": {"node_id": rng.choice(["EAST", "NEW"]), "kind": "dc", "country": "US", "postal_code": "10001"},
            "stock": {"node_id": rng.choice(["EAST", "WEST"]), "sku_id": rng.choice(["mug", "lamp"]), "on_hand": 9},
            "rates": {"service_id": "air", "zone": "far", "up_to_kg": rng.choice(["1.00", "7"]), "price": "31.5"},
        }
        operation["upsert"] = [rows[table]]
    return operation


@pytest.mark.parametrize("seed", range(120))
def test_random_operations_are_what_they_say(seed: int) -> None:
    """The same tables by value, so the same hash; or faults on both sides."""
    rng = random.Random(seed)
    pack = read_pack(ROOT / "scenarios" / "hello")
    tables: dict[str, Any] = {
        name: [{key: str(value) for key, value in row.items()} for row in frame.to_dict("records")]
        for name, frame in pack.tables.items()
    }
    operations = [_random_operation(rng) for _ in range(rng.randint(1, 5))]
    settings = pack.settings.model_dump(by_alias=True, include={"as_of", "currency", "objective", "limits", "solve"})
    overlays = {"x": operations[:2], "y": operations[2:]}
    here = Pack.from_tables(tables, {**settings, "overlays": overlays, "scenarios": {"s": ["x", "y"]}})
    expected: str | None = None
    try:
        expected = Pack.from_tables(slow(tables, operations), settings).problem().input_hash
    except (_FaultError, PackError):
        with pytest.raises(PackError):
            here.problem("s")
        return
    problem, changes = here.problem("s"), here.changes("s")
    assert problem.input_hash == expected, operations
    assert changes.is_empty == (problem.input_hash == here.problem().input_hash)


def test_random_operations_are_not_all_faults() -> None:
    """About as many scenarios are built as are refused."""
    pack = read_pack(ROOT / "scenarios" / "hello")
    tables: dict[str, Any] = {
        name: [{key: str(value) for key, value in row.items()} for row in frame.to_dict("records")]
        for name, frame in pack.tables.items()
    }
    good = 0
    for seed in range(120):
        rng = random.Random(seed)
        operations = [_random_operation(rng) for _ in range(rng.randint(1, 5))]
        try:
            slow(tables, operations)
        except _FaultError:
            continue
        good += 1
    assert 30 <= good <= 110
