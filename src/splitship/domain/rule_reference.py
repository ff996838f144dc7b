"""Which rules are about one line at one node by one service on one day: slow, readable, a cell at a time.

The second road beside the masks, for tests and for answers about a single package.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from splitship.domain.problem import Problem
from splitship.domain.rule_columns import RuleColumns
from splitship.domain.rules import PARTS, Part, Rule
from splitship.domain.where import All, AnyOf, Compare, Condition, Like, Not, TextColumn, instant_us, text_meets


@dataclass(frozen=True, slots=True)
class RuleMatches:
    """Positions of the rules about a line at a node by a service on a day, by what they do to it."""

    forbids: tuple[int, ...]
    prices: tuple[int, ...]
    quotas: tuple[int, ...]


def rule_matches(
    problem: Problem,
    line: int,
    node: int,
    service: int,
    ship_day: int,
    rules: Sequence[Rule] | None = None,
    columns: RuleColumns | None = None,
) -> RuleMatches:
    """Rules (the problem's own when None) that forbid, price or count a line of an order there and then.

    `line`, `node`, `service` are positions in the problem's tables, and the line says which order; `ship_day` is a day
    number. `columns` may be handed on from call to call.

    Raises:
        IndexError: a position that is not in its table.
    """
    listed = problem.rules if rules is None else tuple(rules)
    columns = columns or RuleColumns(problem)
    row = {
        "order": int(problem.lines.order_idx[line]),
        "line": line,
        "sku": int(problem.lines.sku_idx[line]),
        "node": node,
        "service": service,
    }
    about = [
        at
        for at, rule in enumerate(listed)
        if rule.holds_on(ship_day)
        and all(
            _meets(condition, columns, part, name, row[part])
            for part in PARTS
            for name, condition in rule.where.of(part)
        )
    ]
    return RuleMatches(
        tuple(at for at in about if listed[at].is_forbidden),
        tuple(at for at in about if listed[at].price is not None),
        tuple(at for at in about if listed[at].quota is not None),
    )


def _meets(condition: Condition, columns: RuleColumns, part: Part, name: str, row: int) -> bool:
    column = columns.column(part, name)
    if isinstance(column, TextColumn):
        return text_meets(condition, column.text(row))
    return _number_meets(condition, column.number(row), column.is_instant)


def _number_meets(condition: Condition, number: Decimal | None, is_instant: bool) -> bool:
    """Does a number (None: an empty cell) meet a condition?"""
    match condition:
        case AnyOf(values):
            if number is None:
                return "" in values
            return any(number == (instant_us(text) if is_instant else Decimal(text)) for text in values if text)
        case Compare(order, bound):
            if number is None:
                return False
            return {"gt": number > bound, "ge": number >= bound, "lt": number < bound, "le": number <= bound}[order]
        case Like():
            raise ValueError("a pattern needs text, and this column holds numbers")
        case Not(inner):
            return not _number_meets(inner, number, is_instant)
        case All(parts):
            return all(_number_meets(part, number, is_instant) for part in parts)
