"""The grammar of conditions, for rules and overlays alike: plain values to the domain's conditions.

A condition is a value (the cell is equal), a list (equal to one of them), or a map of `gt`, `ge`, `lt`, `le` with a
number, `like` with a pattern, `not` with a condition; several keys in one map must all hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from splitship.domain.where import ORDERS, All, AnyOf, Compare, Condition, Like, Not
from splitship.packs.findings import suggest
from splitship.packs.scalars import decimal_of
from splitship.packs.text import cell_text

KEYS = (*ORDERS, "like", "not")
"""What a map of conditions may hold."""
MAX_DEPTH = 20
"""Negations within negations."""


class ConditionFaultError(ValueError):
    """A condition that says nothing, or something that cannot be; the message says what, `hint` the remedy."""

    def __init__(self, message: str, hint: str = "", is_shape: bool = False) -> None:
        super().__init__(f"{message}{', ' + hint if hint else ''}")
        self.message = message
        self.hint = hint
        self.is_shape = is_shape


def read_condition(value: object, depth: int = 0) -> Condition:
    """The condition that a plain value stands for, in canonical form: lists sorted, keys in the order of `KEYS`.

    Raises:
        ConditionFaultError: with what is wrong and the remedy.
    """
    if depth > MAX_DEPTH:
        raise ConditionFaultError("nested too deeply", is_shape=True)
    if isinstance(value, (list, tuple)):
        if any(isinstance(part, (list, tuple, Mapping)) for part in value):
            raise ConditionFaultError("a list holds plain values", is_shape=True)
        if not value:
            raise ConditionFaultError("an empty list holds for no row", "name a value, or leave the condition out")
        return AnyOf(tuple(sorted({_text(part) for part in value})))
    if not isinstance(value, Mapping):
        return AnyOf((_text(value),))
    for name in value:
        if name not in KEYS:
            raise ConditionFaultError(f"unknown condition {str(name)!r}", suggest(str(name), KEYS) or _known())
    if not value:
        raise ConditionFaultError("an empty condition", "leave it out")
    parts = [_part(name, value[name], depth) for name in KEYS if name in value]
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _part(name: str, value: object, depth: int) -> Condition:
    if name == "not":
        return Not(read_condition(value, depth + 1))
    if isinstance(value, (list, tuple, Mapping)):
        raise ConditionFaultError(f"{name} compares with one value", is_shape=True)
    if name == "like":
        pattern = _text(value)
        if not pattern:
            raise ConditionFaultError("like needs a pattern", 'such as "SEA%"; an empty cell is ""')
        return Like(pattern)
    try:
        number = decimal_of(value)
    except ValueError as error:
        raise ConditionFaultError(f"{name} compares with a number: {error}, got {_text(value)!r:.80}") from None
    return Compare(name, number or Decimal(0))  # type: ignore[arg-type]  # one of ORDERS


def _text(value: object) -> str:
    try:
        return cell_text(value)
    except TypeError as error:
        raise ConditionFaultError(f"expected a plain value: {error}", is_shape=True) from None


def _known() -> str:
    return f"there are {', '.join(KEYS)}"
