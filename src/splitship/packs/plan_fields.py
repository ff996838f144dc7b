"""Fields of JSON documents: rows, columns and money, every fault with its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from splitship.domain import Problem
from splitship.packs.findings import suggest
from splitship.packs.plan_ids import Place, PlanFaults, PlanIds
from splitship.units import I64, MAX_TOTAL_MICROS, parse_micros

NOT_AN_OBJECT: dict[str, Any] = {}
"""Stands where something else was found; told apart by identity."""


class Fields:
    """Reads fields of one document; every method adds its faults and gives something well-formed back."""

    def __init__(self, name: str, problem: Problem, faults: PlanFaults, is_for_another: bool = False) -> None:
        """`name` is the file's name in messages; with `is_for_another` unknown ids are -1."""
        self.name = name
        self.problem = problem
        self.faults = faults
        self.ids = PlanIds(problem, faults, is_for_another)

    def objects(self, value: object, where: str) -> list[dict[str, Any]]:
        """A list of objects; what is not one is a fault and becomes `NOT_AN_OBJECT`."""
        if not isinstance(value, list):
            self.faults.add(f"{self.name}: {where}", "E703", f"expected a list, got {kind_of(value)}")
            return []
        for row, element in enumerate(value):
            if not isinstance(element, dict):
                self.faults.add(f"{self.name}: {where}[{row}]", "E703", f"expected an object, got {kind_of(element)}")
        return [element if isinstance(element, dict) else NOT_AN_OBJECT for element in value]

    def column(self, rows: list[dict[str, Any]], key: str, places: list[str]) -> list[object]:
        """One key of every row; a missing one is a fault and None."""
        values: list[object] = [row.get(key) for row in rows]
        for row, value in enumerate(values):
            if value is None and rows[row] is not NOT_AN_OBJECT:
                self.faults.add(places[row], "E702", "is missing", near_key(key, rows[row]), key)
        return values

    def money(self, value: object, where: str, field: str = "") -> int:
        """Money text (or a whole number) as micros; a fault gives 0, None is passed over."""
        if value is None:
            return 0
        try:
            if isinstance(value, bool) or not isinstance(value, str | int):
                raise ValueError
            micros = parse_micros(str(value))
            if abs(micros) > MAX_TOTAL_MICROS:
                raise ValueError
        except ValueError:
            message = f"expected money as text with at most 6 decimals, got {str(value)[:40]!r}"
            self.faults.add(where, "E703", message, field=field)
            return 0
        return micros


def place_in(places: list[str]) -> Place:
    """The place of every row."""
    return lambda row: places[row]


def whole_numbers(values: list[int]) -> I64:
    """A column of whole numbers."""
    return np.array(values, np.int64)


def near_key(key: str, row: Mapping[str, Any]) -> str:
    """A hint when the row has a key that is spelt nearly like this one."""
    return suggest(key, [other for other in row if isinstance(other, str)]).replace("did you mean", "is it")


def kind_of(value: object) -> str:
    """What a JSON value is, in words."""
    kinds = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return "null" if value is None else kinds.get(type(value), type(value).__name__)
