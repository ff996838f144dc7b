"""Rules against the tables' columns: is the column there, and can its cells meet the condition at all?

Values are brought into the canonical text of their column (1.50 as 1.5, TRUE as true), so that rules that mean the
same are the same.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal

import pyarrow as pa

from splitship.domain.rule_columns import READERS
from splitship.domain.rules import PARTS, Part, RuleWhere
from splitship.domain.where import All, AnyOf, Compare, Condition, Like, Not, Where, parts_of
from splitship.packs import cells
from splitship.packs.columns import Column, Kind
from splitship.packs.findings import Findings, suggest
from splitship.packs.rule_source import KEY, Path, RuleSources
from splitship.packs.scalars import decimal_of
from splitship.packs.text import text_column
from splitship.packs.view import TableView

TABLE_OF_PART: Mapping[Part, str] = {
    "order": "orders",
    "line": "order_lines",
    "sku": "skus",
    "node": "nodes",
    "service": "services",
}
"""The table whose columns the conditions on a part name."""

_NUMBERS = (Kind.WHOLE, Kind.DECIMAL, Kind.MONEY, Kind.WEIGHT, Kind.LENGTH)
_SHOWN = 12


def bind_rules(sources: RuleSources, views: Mapping[str, TableView], findings: Findings) -> RuleSources:
    """The rules with their values in canonical form; a rule that names a column wrongly is told and left out."""
    binder = _Binder(views)
    bound = []
    for source in sources.sources:
        wheres: dict[str, Where] = {}
        is_good = source.is_whole
        for part in source.rule.where.parts:
            conditions = []
            for name, condition in source.rule.where.of(part):
                path: Path = ("where", part, name)
                found = binder.bind(part, name, condition)
                if isinstance(found, _Fault):
                    is_good = False
                    source.tell(
                        findings, found.code, (*path, KEY) if found.about_key else path, found.message, found.hint
                    )
                else:
                    conditions.append((name, found))
            wheres[part] = tuple(conditions)
        if is_good:
            rule = dataclasses.replace(source.rule, where=RuleWhere(**wheres))
            bound.append(source.with_rule(rule))
    return dataclasses.replace(sources, sources=tuple(bound))


@dataclasses.dataclass(frozen=True, slots=True)
class _Fault:
    code: str
    message: str
    hint: str = ""
    about_key: bool = False


class _MismatchError(ValueError):
    """A value that the column's cells can never be."""


class _Binder:
    def __init__(self, views: Mapping[str, TableView]) -> None:
        self.views = views
        self._known: dict[tuple[Part, str, Condition], Condition | _Fault] = {}

    def bind(self, part: Part, name: str, condition: Condition) -> Condition | _Fault:
        """The condition in canonical form, or what is wrong with it."""
        key = (part, name, condition)
        if key not in self._known:
            self._known[key] = self._bind(part, name, condition)
        return self._known[key]

    def _bind(self, part: Part, name: str, condition: Condition) -> Condition | _Fault:
        view = self.views[TABLE_OF_PART[part]]
        if name not in view.table.column_names:
            return condition if view.has(name) or not view.is_whole else self._unknown(part, name)
        if name not in READERS[part]:
            others = [f"name it under {other}" for other in PARTS if name in READERS[other]]
            return _Fault("E303", f"a condition cannot name the column {name} here", next(iter(others), ""), True)
        column = view.table.column(name)
        try:
            return _canonical(column, condition)
        except _MismatchError as error:
            hint = ""
            if column.words:
                values = [value for leaf in parts_of(condition) if isinstance(leaf, AnyOf) for value in leaf.values]
                wrong = [value for value in values if value not in column.words]
                hint = suggest(wrong[0], column.words) if wrong else ""
            return _Fault("E304", str(error), hint)

    def _unknown(self, part: Part, name: str) -> _Fault:
        table = TABLE_OF_PART[part]
        known = self._columns(part)
        others = [other for other in PARTS if other != part and name in self._columns(other)]
        listed = ", ".join(known[:_SHOWN]) + (f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else "")
        hint = f"it is a column of {TABLE_OF_PART[others[0]]}: name it under {others[0]}" if others else ""
        return _Fault(
            "E303",
            f"the table {table} has no column {name!r}",
            hint or suggest(name, known) or f"it has {listed}",
            True,
        )

    def _columns(self, part: Part) -> list[str]:
        """Attributes first: they are what a rule is most likely about."""
        view = self.views[TABLE_OF_PART[part]]
        contract = view.table.column_names
        return [str(name) for name in view.frame.columns if str(name) not in contract and str(name)] + [
            name for name in contract if name in READERS[part]
        ]


def _canonical(column: Column, condition: Condition) -> Condition:
    match condition:
        case AnyOf(values):
            return AnyOf(tuple(sorted({_value(column, value) for value in values})))
        case Compare(order):
            if column.kind not in _NUMBERS:
                raise _MismatchError(f"{order} compares numbers, and {column.name} holds {_kind_text(column)}")
            return condition
        case Like():
            if column.kind in (*_NUMBERS, Kind.FLAG, Kind.INSTANT):
                raise _MismatchError(f"like compares text, and {column.name} holds {_kind_text(column)}")
            return condition
        case Not(inner):
            return Not(_canonical(column, inner))
        case All(parts):
            return All(tuple(_canonical(column, part) for part in parts))


def _value(column: Column, text: str) -> str:
    """A value in the canonical text of the column's cells; '' stays: it is the empty cell."""
    if text == "":
        return ""
    if column.words and text not in column.words:
        raise _MismatchError(f"{column.name} is one of {', '.join(column.words)}, never {text!r:.80}")
    if column.kind in _NUMBERS:
        try:
            return _plain(decimal_of(text))
        except ValueError as error:
            raise _MismatchError(f"{column.name} holds numbers: {error}, got {text!r:.80}") from None
    if column.kind is Kind.FLAG:
        status = cells.parse_flag(_one(text))
        _check(status, column, text, "true or false")
        return "true" if status.data[0] else "false"
    if column.kind is Kind.DATE:
        _check(cells.parse_date(_one(text)), column, text, "dates such as 2026-11-27")
    elif column.kind is Kind.INSTANT:
        _check(cells.parse_instant(_one(text)), column, text, "instants such as 2026-11-27T09:00:00-05:00")
    elif column.kind is Kind.CUTOFF:
        _check(cells.parse_cutoff(_one(text)), column, text, "times HH:MM from 00:00 to 24:00")
    elif column.kind is Kind.WEEK:
        _check(cells.parse_week(_one(text)), column, text, "seven digits 0 or 1, Monday first")
    return text


def _check(parsed: cells.Parsed, column: Column, text: str, expected: str) -> None:
    if parsed.status[0] != cells.OK:
        raise _MismatchError(f"{column.name} holds {expected}, never {text!r:.80}")


def _one(text: str) -> pa.Array:
    return text_column([text])


def _plain(number: Decimal) -> str:
    """A number as text without exponent and trailing zeros."""
    text = format(number or Decimal(0), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _kind_text(column: Column) -> str:
    return {
        Kind.ID: "ids",
        Kind.IDS: "lists of ids",
        Kind.FLAG: "true or false",
        Kind.DATE: "dates",
        Kind.INSTANT: "instants",
        Kind.CUTOFF: "times",
        Kind.WEEK: "days of the week",
    }.get(column.kind, "numbers" if column.kind in _NUMBERS else "text")
