"""Arithmetic in settings: `1 + pct/100`, read by a parser of its own and computed in exact fractions."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

MAX_LENGTH = 200
"""Characters of an expression."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign>[-+*/()]))"
)
_SIGNS: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


class ExpressionFaultError(ValueError):
    """The text is no expression, or has no value; the message says why."""


@dataclass(frozen=True, slots=True)
class Expression:
    """Numbers, names, + - * / and parentheses. `steps` are in postfix order: a number, a name, or a sign."""

    steps: tuple[Fraction | str, ...]

    @property
    def names(self) -> frozenset[str]:
        """Names that need a value."""
        return frozenset(step for step in self.steps if isinstance(step, str) and step not in _SIGNS)

    def value(self, values: Mapping[str, Fraction]) -> Fraction:
        """The exact value.

        Raises:
            ExpressionFaultError: a name without a value, or a division by 0.
        """
        stack: list[Fraction] = []
        for step in self.steps:
            if isinstance(step, Fraction):
                stack.append(step)
            elif step in _SIGNS:
                right, left = stack.pop(), stack.pop()
                if step == "/" and not right:
                    raise ExpressionFaultError("divides by 0")
                stack.append(_SIGNS[step](left, right))
            elif step in values:
                stack.append(values[step])
            else:
                raise ExpressionFaultError(f"{step!r} is not one of the names that vary")
        return stack[0]


def read_expression(text: str) -> Expression:
    """Parse an expression.

    Raises:
        ExpressionFaultError: with what is wrong and where.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionFaultError(f"at most {MAX_LENGTH} characters can be read")
    parser = _Parser(text)
    parser.sum()
    if parser.kind != "end":
        raise parser.fault()
    return Expression(tuple(parser.steps))


class _Parser:
    """sum = product (+|- product)*, product = factor (*|/ factor)*, factor = (+|-)* (number | name | (sum))."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.steps: list[Fraction | str] = []
        self.at = self.end = 0
        self.kind = self.word = ""
        self.advance()

    def advance(self) -> None:
        """Go to the next token."""
        self.at = self.end
        if not self.text[self.at :].strip():
            self.kind, self.word = "end", ""
            return
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            self.at += len(self.text[self.at :]) - len(self.text[self.at :].lstrip())
            raise self.fault()
        self.kind, self.word = str(found.lastgroup), str(found[str(found.lastgroup)])
        self.at, self.end = found.start(str(found.lastgroup)), found.end()

    def fault(self) -> ExpressionFaultError:
        """What is wrong at the present token."""
        if self.kind == "end" and not self.text[self.at :].strip():
            return ExpressionFaultError("ends too early")
        return ExpressionFaultError(f"cannot be read at {self.text[self.at :]!r:.40}")

    def sum(self) -> None:
        self._chain("+-", lambda: self._chain("*/", self._factor))

    def _chain(self, signs: str, part: Callable[[], None]) -> None:
        part()
        while self.kind == "sign" and self.word in signs:
            sign = self.word
            self.advance()
            part()
            self.steps.append(sign)

    def _factor(self) -> None:
        is_negative = False
        while self.kind == "sign" and self.word in "+-":
            is_negative ^= self.word == "-"
            self.advance()
        if is_negative:
            self.steps.append(Fraction(0))
        if self.kind == "number":
            self.steps.append(Fraction(Decimal(self.word)))
        elif self.kind == "name":
            self.steps.append(self.word)
        elif (self.kind, self.word) == ("sign", "("):
            self.advance()
            self.sum()
            if (self.kind, self.word) != ("sign", ")"):
                raise self.fault()
        else:
            raise self.fault()
        self.advance()
        if is_negative:
            self.steps.append("-")
