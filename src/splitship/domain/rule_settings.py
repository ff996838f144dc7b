"""What rules `set`: for every order, or node and SKU, the strictest value, and which rule it comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from splitship.domain.problem import Problem
from splitship.domain.rules import Rule, Settable, SetValue
from splitship.units import I64, UNLIMITED, Amounts, Bools, Floats

_EPOCH_DAY = date(1970, 1, 1)
NO_RULE = -1
"""The winner where no rule is stricter than the tables and limits."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """One thing that rules set, over its rows: the orders, or for `safety_stock` the rows of the stock table.

    `value` [rows] is in force, the tables' and limits' own included: int64 (UNLIMITED for no limit), booleans for
    `ship_complete`, float64 for `max_distance_km` (inf for no limit), `Amounts` for money (0 for none).
    `winner` [rows] is the rule it comes from, NO_RULE where the tables are as strict already. `setters` are the rules
    in force that set it, in their sequence; for each of them [setters] the rows it matches, those where it wins,
    those where another rule wins, and those where the tables or limits are as strict.
    """

    name: str
    value: I64 | Bools | Floats | Amounts
    winner: I64
    setters: I64
    num_matched: I64
    num_won: I64
    num_outdone: I64
    num_idle: I64


def in_force(problem: Problem, rule: Rule) -> bool:
    """Do the rule's dates hold the day of `as_of`, on its own clock? That decides about what it sets."""
    return rule.holds_on((problem.as_of.date() - _EPOCH_DAY).days)


def setters_of(problem: Problem, name: str, rules: Sequence[Rule]) -> list[tuple[int, SetValue]]:
    """Positions and values of the rules in force that set a thing, in their sequence."""
    return [
        (at, value)
        for at, rule in enumerate(rules)
        for thing, value in rule.sets
        if thing == name and in_force(problem, rule)
    ]


def resolve_setting(
    problem: Problem,
    thing: Settable,
    rules: Sequence[Rule],
    orders: Callable[[int], Bools],
    nodes_skus: Callable[[int], tuple[Bools, Bools]],
) -> Resolved | None:
    """The strictest value for every row, None when no rule in force sets the thing.

    `orders(rule)` are the orders of a rule, `nodes_skus(rule)` its nodes and SKUs. Of equally strict rules the first
    wins.
    """
    setters = setters_of(problem, thing.name, rules)
    if not setters:
        return None
    stock = problem.stock

    def rows_of(rule: int) -> Bools:
        if thing.parts == ("order",):
            return orders(rule)
        nodes, skus = nodes_skus(rule)
        met: Bools = nodes[stock.node_idx] & skus[stock.sku_idx]
        return met

    own = _own(problem, thing.name)
    matched = {rule: rows_of(rule) for rule, _ in setters}
    best = np.full(len(stock) if thing.parts != ("order",) else len(problem.orders), NO_RULE, np.int64)
    sign = 1 if thing.strictest == "most" else -1
    # Weakest first; of equals the last first: whoever comes later in this sequence takes the row.
    for rule, value in sorted(setters, key=lambda entry: (sign * Decimal(entry[1]), -entry[0])):
        best[matched[rule] & _is_looser(own, value, sign)] = rule
    counts = [
        (
            np.count_nonzero(rows),
            np.count_nonzero(rows & (best == rule)),
            np.count_nonzero(rows & (best != rule) & (best != NO_RULE)),
            np.count_nonzero(rows & (best == NO_RULE)),
        )
        for rule, rows in matched.items()
    ]
    num_matched, num_won, num_outdone, num_idle = np.array(counts, np.int64).T
    return Resolved(
        name=thing.name,
        value=_in_force(thing, own, best, dict(setters)),
        winner=best,
        setters=np.array([rule for rule, _ in setters], np.int64),
        num_matched=num_matched,
        num_won=num_won,
        num_outdone=num_outdone,
        num_idle=num_idle,
    )


Own = I64 | Decimal | None
"""What stands without rules: a value a row, one for all of them, or nothing."""


def _own(problem: Problem, name: str) -> Own:
    match name:
        case "ship_complete":
            return problem.orders.is_ship_complete.astype(np.int64)
        case "max_packages":
            return problem.orders.max_packages
        case "max_distance_km":
            return problem.limits.max_distance_km
        case "max_transit_days":
            days = problem.limits.max_transit_days
            return None if days is None else Decimal(days)
        case "safety_stock":
            return problem.stock.safety_stock
    return None


def _is_looser(own: Own, value: SetValue, sign: int) -> Bools | bool:
    """Where the value is stricter than what stands there."""
    if own is None:
        return True
    if isinstance(own, Decimal):
        return sign * own < sign * Decimal(value)
    looser: Bools = sign * own < sign * int(value)
    return looser


def _in_force(thing: Settable, own: Own, winner: I64, values: dict[int, SetValue]) -> I64 | Bools | Floats | Amounts:
    """The winner's value, else what stands there."""
    listed = sorted(values)
    has = winner != NO_RULE
    at = np.where(has, np.searchsorted(np.array(listed, np.int64), winner), 0)
    if thing.kind == "money":
        amounts = Amounts.from_decimals(Decimal(values[rule]) for rule in listed).take(at)
        return Amounts(np.where(has, amounts.micros, 0), np.where(has, amounts.atto, 0))
    if thing.kind == "number":
        limit = float(own) if isinstance(own, Decimal) else np.inf
        return np.where(has, np.array([float(values[rule]) for rule in listed])[at], limit)
    none = (int(own) if isinstance(own, Decimal) else UNLIMITED) if not isinstance(own, np.ndarray) else own
    whole: I64 = np.where(has, np.array([int(values[rule]) for rule in listed], np.int64)[at], none)
    return whole.astype(np.bool_) if thing.kind == "flag" else whole
