"""Rules against the tables' columns: is the column there, and can its cells meet the condition at all?

Values are brought into the canonical text of their column (1.50 as 1.5, TRUE as true), so that rules that mean the
same are the same.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from splitship.domain.rule_columns import READERS
from splitship.domain.rules import PARTS, Part, RuleWhere
from splitship.domain.where import Condition, Where
from splitship.packs.findings import Findings, suggest
from splitship.packs.rule_source import KEY, Path, RuleSources
from splitship.packs.view import TableView
from splitship.packs.where_columns import MismatchError, canonical_condition

TABLE_OF_PART: Mapping[Part, str] = {
    "order": "orders",
    "line": "order_lines",
    "sku": "skus",
    "node": "nodes",
    "service": "services",
}
"""The table whose columns the conditions on a part name."""

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
            return canonical_condition(column, condition)
        except MismatchError as error:
            return _Fault("E304", str(error), error.hint)

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
