"""What a problem can hold and a message cannot say: refused before anything is sent, never left out."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sized

from splitship.domain import SHIPS, Problem
from splitship.domain.constant import is_constant
from splitship.errors import Finding, UnsupportedError
from splitship.packs.schema import TABLES
from splitship.v1 import problem_pb2

_UNSENT_COLUMNS: Mapping[str, Callable[[Problem], bool]] = {
    "nodes.target_share": lambda problem: bool(problem.nodes.has_target_share.any()),
    "orders.lines.pickup_node": lambda problem: not is_constant(problem.lines.pickup_node_idx, SHIPS),
}
"""Columns in use, by their place."""


def refuse_unsent(problem: Problem) -> None:
    """Refuse tables and columns in use that no message has, with the codes that packs have for them.

    Raises:
        UnsupportedError: with every one of them.
    """
    hint = "have the server read it as a pack"
    findings = [
        Finding(name, "E501" if name in TABLES else "E503", f"messages do not have {name} yet", hint)
        for name in unsent_tables()
        if len(getattr(problem, name))
    ]
    findings += [
        Finding(place, "E502", "messages do not have this column yet", hint, field=place.rpartition(".")[2])
        for place, is_used in _UNSENT_COLUMNS.items()
        if is_used(problem)
    ]
    if findings:
        raise UnsupportedError(findings)


def unsent_tables() -> list[str]:
    """Optional tables of a problem, and whatever else is in rows, that are no field of its message."""
    known = problem_pb2.Problem.DESCRIPTOR.fields_by_name
    return [field.name for field in dataclasses.fields(Problem) if _is_optional(field) and field.name not in known]


def _is_optional(field: dataclasses.Field[object]) -> bool:
    if field.default_factory is not dataclasses.MISSING:
        return True
    return isinstance(field.default, Sized) and not isinstance(field.default, str)
