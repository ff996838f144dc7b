"""What a problem can hold and a message cannot say: refused before anything is sent, never left out."""

from __future__ import annotations

import dataclasses

from splitship.domain import Problem
from splitship.errors import Finding, UnsupportedError
from splitship.packs.schema import TABLES
from splitship.v1 import problem_pb2

_NEED_NO_FIELD = (
    "scenario",
    "lines",
    "input_hash",
    "line_ptr",
    "package_rules",
    "line_substitutes",
    "given",
    "reserves",
    "promises",
    "released",
)
"""A message is of one scenario and has the lines in its orders; the rest follows from what it says."""


def refuse_unsent(problem: Problem) -> None:
    """Refuse tables in use that no message has, with the codes that packs have for them.

    Raises:
        UnsupportedError: with every one of them.
    """
    hint = "have the server read it as a pack"
    findings = [
        Finding(name, "E501" if name in TABLES else "E503", f"messages do not have {name} yet", hint)
        for name in unsent_tables()
        if len(getattr(problem, name))
    ]
    if findings:
        raise UnsupportedError(findings)


def unsent_tables() -> list[str]:
    """Parts of a problem that its message has no field for."""
    known = problem_pb2.Problem.DESCRIPTOR.fields_by_name
    names = [field.name for field in dataclasses.fields(Problem)]
    return [name for name in names if name not in known and name not in _NEED_NO_FIELD]
