"""The problem of one order alone on a pack's network: one of the pack's orders, or one described in a JSON file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from splitship.errors import Finding, PackError

if TYPE_CHECKING:
    from splitship.domain import Problem
    from splitship.packs import Pack

DEFAULT_ID = "TEST"
_OF_OTHER_ORDERS = ("orders", "order_lines", "reference", "plan_before", "rejections", "forecast")
"""Tables of a pack that are about its own orders."""


def order_problem(pack: Pack, order: str) -> Problem:
    """The problem of one order. `order` is an id of the pack, or the path of a JSON file.

    Target shares and committed volumes, which are of a whole batch, are left out.

    Raises:
        PackError: no such order, or everything that is wrong with the file.
    """
    from splitship.domain.beside import without_steering

    path = Path(order)
    problem = pack.problem()
    if order not in problem.orders.order_id.tolist() and (path.suffix.lower() == ".json" or path.is_file()):
        return without_steering(_from_file(pack, path))
    from splitship.run.part_of_batch import take_orders

    return without_steering(take_orders(problem, [order], "--order"))


def _from_file(pack: Pack, path: Path) -> Problem:
    """An order in the pack's column names, its lines under `lines`.

    `order_id`, `placed_at` and `line_id` may be left out: TEST, the pack's `as_of`, and 1, 2, ... What the pack's
    plan before has released keeps its stock and capacity.
    """
    from splitship.domain.beside import beside_released
    from splitship.packs import as_text_table, build_problem

    order = _read(path)
    order_id = order.get("order_id", DEFAULT_ID)
    lines = order.pop("lines")
    head = {"order_id": order_id, "placed_at": pack.settings.as_of.isoformat(), **order}
    rows = [{"order_id": order_id, "line_id": str(number), **line} for number, line in enumerate(lines, 1)]

    def locate(table: str, row: int | None, column: str | None) -> str:
        if table == "orders":
            place = path.name
        elif table == "order_lines":
            place = f"{path.name}: lines" + ("" if row is None else f"[{row}]")
        else:
            return table
        return place if column is None else f"{place}{'.' if table == 'order_lines' else ': '}{column}"

    tables = {name: table for name, table in pack.tables.items() if name not in _OF_OTHER_ORDERS}
    try:
        tables |= {"orders": as_text_table([head]), "order_lines": as_text_table(rows)}
    except (TypeError, ValueError, ArithmeticError) as error:
        raise PackError([Finding(path.name, "E101", str(error), "cells are text, numbers, true or false")]) from error
    problem = build_problem(tables, pack.settings, locate, scenario=pack.scenario)
    return beside_released(problem, pack.problem())


def _read(path: Path) -> dict[str, Any]:
    """The file's object, with a list of objects under `lines`."""
    try:
        document = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise _fault(path, f"cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise _fault(path, f"not JSON: {error}") from error
    if not isinstance(document, dict):
        raise _fault(path, "expected one order as an object")
    lines = document.get("lines")
    if not isinstance(lines, list) or not lines or not all(isinstance(line, dict) for line in lines):
        raise _fault(path, "expected a list of one or more lines, each an object with sku_id and quantity", "lines")
    return document


def _fault(path: Path, message: str, field: str = "") -> PackError:
    return PackError([Finding(path.name, "E101", message, field=field)])
