"""The surcharges table to the domain's columns, its conditions among them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from splitship.domain import Subject, Surcharges, TextCondition
from splitship.packs.columns import Column, Kind
from splitship.packs.findings import suggest
from splitship.packs.inventory import optional_key
from splitship.packs.schema import TABLES
from splitship.packs.view import Coded, TableView

TABLE_OF: Mapping[str, tuple[Subject, str]] = {
    "order": ("order", "orders"),
    "line": ("line", "order_lines"),
    "sku": ("sku", "skus"),
    "node": ("node", "nodes"),
    "service": ("service", "services"),
}
"""The table that holds a subject's columns."""

IDS = ("node.node_id", "sku.sku_id", "service.service_id")
"""Conditions on these name rows that must be there."""

FLAGS = {"true": "true", "1": "true", "false": "false", "0": "false"}


def build_surcharges(view: TableView, views: Mapping[str, TableView], service_ids: Coded) -> Surcharges:
    """The surcharges table, in the order of its rows. `views` are those of all tables by name."""
    name = view.text("name")
    service_idx = view.refers("service_id", service_ids, "service")
    per_package, _ = view.amounts("per_package")
    share, _ = view.amounts("share_of_value")
    view.tell("E106", "per_package", per_package.atto > 0, "at most 6 decimals can be kept")
    dotted = sorted(column for column in map(str, view.frame.columns) if "." in column)
    read = {column: _read_conditions(view, column, views) for column in dotted}
    parts = [view.coded("name").codes, optional_key(view, "service_id", service_idx)]
    view.keys([*parts, *(view.coded(column).codes for column in dotted)], ("service_id", *dotted, "name"))
    nothing = np.logical_and.reduce([amounts.micros == 0 for amounts in (per_package, share)])
    nothing &= (per_package.atto == 0) & (share.atto == 0)
    for column in ("per_package", "share_of_value"):
        nothing &= ~view.faulty(column)
    view.tell_rows("W623", "per_package", nothing, lambda row: "adds nothing, as share_of_value is 0 too")
    columns = [(conditions, view.coded(column).codes) for column, conditions in read.items()]
    return Surcharges(
        name=name,
        service_idx=service_idx,
        per_package=per_package,
        share_of_value=share,
        conditions=tuple(
            tuple(found for conditions, codes in columns if (found := conditions[codes[row]]) is not None)
            for row in range(view.num_rows)
        ),
    )


def _read_conditions(view: TableView, name: str, views: Mapping[str, TableView]) -> list[TextCondition | None]:
    """What each distinct cell of a column of conditions says, None for nothing; faults told."""
    nothing: list[TextCondition | None] = [None] * len(view.coded(name).distinct)
    subject, _, column = name.partition(".")
    place = view.findings.locate(view.table.name, None, name)
    if subject not in TABLE_OF:
        hint = suggest(subject, TABLE_OF).removesuffix("?")
        hint = f"{hint}.{column}?" if hint else f"begin with {', '.join(TABLE_OF)}"
        view.findings.add("E427", place, f"no subject {subject!r}", hint, name, kind=view.table.name)
        return nothing
    about, table = TABLE_OF[subject]
    spec = TABLES[table].column(column) if column in TABLES[table].column_names else None
    if spec is not None and spec.kind not in (Kind.ID, Kind.TEXT, Kind.FLAG):
        words = f"{table}.{column} is a {spec.kind}: conditions are on ids, texts and flags"
        view.findings.add("E427", place, words, "mark the rows with an attribute", name, kind=view.table.name)
        return nothing
    if spec is None and not views[table].has(column):
        known = [*TABLES[table].column_names, *map(str, views[table].frame.columns)]
        hint = suggest(column, known).replace("did you mean ", f"did you mean {subject}.")
        words = f"{table} has no column {column!r}: nothing meets a condition on it"
        view.findings.add("W624", place, words, hint, name, kind=view.table.name)
    coded = view.coded(name)
    faults: dict[int, tuple[str, str, str]] = {}
    for code, text in enumerate(coded.distinct.to_pylist()):
        if text:
            try:
                nothing[code] = _condition(about, column, text, spec, _ids_of(name, views))
            except _ConditionError as fault:
                faults[code] = fault.said
    for wrong in dict.fromkeys(said[:2] for said in faults.values()):
        bad = np.isin(coded.codes, [code for code, said in faults.items() if said[:2] == wrong])
        hints = {coded.distinct[code].as_py(): said[2] for code, said in faults.items()}
        view.tell(wrong[0], name, bad, wrong[1], lambda text, hints=hints: hints[text])  # type: ignore[misc]
    return nothing


class _ConditionError(Exception):
    """A cell that is no condition: code, what was expected, hint."""

    def __init__(self, code: str, expected: str, hint: str = "") -> None:
        super().__init__(expected)
        self.said = (code, expected, hint)


def _condition(subject: Subject, column: str, text: str, spec: Column | None, ids: Coded | None) -> TextCondition:
    parts = [part for part in map(str.strip, text.split(";")) if part]
    if not parts:
        raise _ConditionError("E427", "expected a value", "leave the cell empty for any")
    if "*" in parts:
        raise _ConditionError("E427", "* needs a beginning before it", "leave the cell empty for any")
    values = sorted({part for part in parts if not part.endswith("*")})
    prefixes = sorted({part[:-1] for part in parts if part.endswith("*")})
    if any("*" in part for part in (*values, *prefixes)):
        raise _ConditionError("E427", "expected * only at the end of a value")
    if spec is not None and spec.kind is Kind.FLAG:
        strange = [value for value in values if value.lower() not in FLAGS]
        if strange or prefixes:
            raise _ConditionError("E427", "expected true or false")
        values = sorted({FLAGS[value.lower()] for value in values})
    if spec is not None and spec.words:
        _must_be_known(values, spec.words, "E427", f"expected {', '.join(spec.words)}")
    if ids is not None and ids.is_whole:
        _must_be_known(values, ids.distinct.to_pylist(), "E301", f"no {subject} of that name")
    return TextCondition(subject, column, tuple(values), tuple(prefixes))


def _must_be_known(values: list[str], known: list[str] | tuple[str, ...], code: str, expected: str) -> None:
    listed = set(known)
    for value in values:
        if value not in listed:
            raise _ConditionError(code, expected, suggest(value, known))


def _ids_of(name: str, views: Mapping[str, TableView]) -> Coded | None:
    if name not in IDS:
        return None
    subject, _, column = name.partition(".")
    return views[TABLE_OF[subject][1]].coded(column)
