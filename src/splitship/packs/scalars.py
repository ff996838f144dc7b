"""Single values of settings: exact numbers, money and text from whatever YAML, JSON or Python hands over."""

from __future__ import annotations

import re
from decimal import Decimal

from splitship.packs.columns import MAX_PRICE, MONEY_DECIMALS
from splitship.units import decimal_to_atto

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


def decimal_of(value: object) -> Decimal:
    """A finite decimal from text, int, float (its shortest text) or Decimal; ValueError says what is wrong."""
    if isinstance(value, bool) or value is None:
        raise ValueError("expected a number")
    text = repr(value) if isinstance(value, float) else str(value).strip()
    if not _NUMBER.fullmatch(text):
        raise ValueError("expected a number")
    number = Decimal(text)
    if abs(number.adjusted()) > 40 and number:
        raise ValueError("expected a number of a sensible size")
    return number


def whole_of(value: object) -> int:
    """A whole number; ValueError says what is wrong."""
    number = decimal_of(value)
    if number != number.to_integral_value():
        raise ValueError("expected a whole number")
    return int(number)


def money_of(value: object) -> Decimal:
    """Money of at least 0 with at most 18 decimals, 0 for None; ValueError says what is wrong."""
    number = decimal_of(0 if value is None else value)
    if number < 0:
        raise ValueError("must not be negative")
    if number > MAX_PRICE:
        raise ValueError(f"at most {MAX_PRICE:,} can be handled")
    try:
        decimal_to_atto(number)
    except ValueError:
        raise ValueError(f"at most {MONEY_DECIMALS} decimals can be kept") from None
    return number


def text_of(value: object) -> str:
    """Text, or a number as text; ValueError for anything else."""
    if isinstance(value, (str, int, Decimal)) and not isinstance(value, bool):
        return str(value)
    raise ValueError("expected text")
