"""Rules and surcharges held against a plan: lines they forbid, packages they count, money they add."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from splitship.check.contents import OWN, Contents, package_place
from splitship.check.exact import Wholes, wholes
from splitship.check.released import QuotasLeft
from splitship.check.violations import Names, Violations, date_text
from splitship.domain import Plan, Problem
from splitship.units import I64, Bools

NONE = -1
_CELLS_AT_ONCE = 2**24
"""Lines in packages times rules that are looked at together."""


@dataclass(frozen=True, slots=True)
class RuleCosts:
    """What rules and surcharges add to every package of a plan in micros, [packages], and soft quotas to the plan."""

    rules: Wholes
    surcharges: Wholes
    soft: int = 0


def quota_rows(problem: Problem) -> I64:
    """Row in `package_rules` of every rule that counts packages, NONE for the others, [rules]."""
    rules = problem.package_rules
    row = np.full(len(problem.rules), NONE, np.int64)
    counting = np.flatnonzero(rules.has_quota)
    row[rules.source[counting]] = counting
    return row


def check_rules(problem: Problem, plan: Plan, contents: Contents, names: Names, found: Violations) -> RuleCosts:
    """Forbidden lines and quotas of packages; returns what packages, and the plan, pay to rules and surcharges.

    A rule without conditions on lines is about all lines of a package that it is about.
    """
    rules = problem.package_rules
    costs = RuleCosts(wholes(np.zeros(len(plan), np.int64)), wholes(np.zeros(len(plan), np.int64)))
    if not len(rules):
        return costs
    forbidden: list[I64] = []
    counts: dict[tuple[int, int], int] = {}
    for row, rule in _matches(problem, plan, contents):
        is_out = rules.is_forbidden[rule]
        forbidden.append(np.stack([row[is_out], rule[is_out]]))
        package = contents.package[row]
        of_package, of_rule = np.divmod(np.unique(package * len(rules) + rule), len(rules))
        _count(problem, plan, of_package, of_rule, counts)
        _add_costs(problem, contents, row, rule, costs)
        for column, is_meant in ((costs.rules, ~rules.is_surcharge), (costs.surcharges, rules.is_surcharge)):
            kept = is_meant[of_rule] & (rules.per_package[of_rule] > 0)
            np.add.at(column, of_package[kept], wholes(rules.per_package[of_rule[kept]]))
    line, by_rule = np.concatenate(forbidden, axis=1) if forbidden else np.zeros((2, 0), np.int64)
    found.add_rows(
        "RULE_FORBIDS",
        np.ones(len(line), np.bool_),
        lambda at: package_place(names, plan, int(contents.package[line[at]])),
        lambda at: (
            f"{names.line(int(contents.line[line[at]]))} must not ship this way: "
            f"{names.rule(int(rules.source[by_rule[at]]))}"
        ),
    )
    left = QuotasLeft(problem)
    beyond = {key: count - left.of(*key) for key, count in counts.items() if count > left.of(*key)}
    over = sorted(key for key in beyond if not rules.is_soft[key[0]])
    found.add_rows(
        "RULE_QUOTA_EXCEEDED",
        np.arange(len(over)),
        lambda at: quota_place(names, int(rules.source[over[at][0]]), over[at][1]),
        lambda at: f"{counts[over[at]]} packages ship that the rule is about, it allows {left.of(*over[at])}",
    )
    soft = sum(number * int(rules.over_price[rule]) for (rule, _), number in beyond.items() if rules.is_soft[rule])
    return replace(costs, soft=soft)


def quota_place(names: Names, rule: int, day: int) -> str:
    """A rule's quota of a day, or of the whole batch (NONE), in words."""
    return f"{names.rule(rule)}, {'the whole batch' if day == NONE else date_text(day)}"


def _matches(problem: Problem, plan: Plan, contents: Contents) -> Iterator[tuple[I64, I64]]:
    """Rows of the contents with the rules that are about them, some whole packages at a time."""
    rules = problem.package_rules
    by_package = np.argsort(contents.package, kind="stable")
    first_rows = np.flatnonzero(np.diff(contents.package[by_package], prepend=NONE))
    at_once = max(1, _CELLS_AT_ONCE // len(rules))
    start = 0
    while start < len(by_package):
        later = first_rows[first_rows > start]
        within = later[later <= start + at_once]
        if start + at_once >= len(by_package):
            end = len(by_package)
        else:
            end = int(within[-1]) if len(within) else int(later[0]) if len(later) else len(by_package)
        rows = by_package[start:end]
        package = contents.package[rows]
        # Substitutes have rows of their own, after those of the lines.
        substitute = contents.substitute[rows]
        line = np.where(substitute == OWN, contents.line[rows], len(problem.lines) + substitute)
        about = rules.about_lines(
            plan.order_idx[package], line, plan.node_idx[package], plan.service_idx[package],
            plan.ship_day[package],
        )  # fmt: skip
        row, rule = np.nonzero(about)
        yield rows[row].astype(np.int64), rule.astype(np.int64)
        start = end


def _count(problem: Problem, plan: Plan, package: I64, rule: I64, counts: dict[tuple[int, int], int]) -> None:
    """Adds packages to the count of (rule, ship day), NONE for the whole batch, of rules with quotas."""
    rules = problem.package_rules
    kept = rules.has_quota[rule]
    package, rule = package[kept], rule[kept]
    day = np.where(rules.is_quota_per_day[rule], plan.ship_day[package], NONE)
    keys, number = np.unique(np.stack([rule, day]), axis=1, return_counts=True)
    for at, on, packages in zip(*keys.tolist(), number.tolist(), strict=True):
        counts[at, on] = counts.get((at, on), 0) + packages


def _add_costs(problem: Problem, contents: Contents, row: I64, rule: I64, costs: RuleCosts) -> None:
    """Adds prices by line and by unit, and shares of value."""
    rules = problem.package_rules
    has_value: Bools = rules.value_row >= 0
    is_paying = (rules.per_line > 0) | (rules.per_unit > 0) | has_value
    kept = is_paying[rule]
    row, rule = row[kept], rule[kept]
    a_unit = wholes(rules.per_unit[rule])
    at = np.flatnonzero(has_value[rule])
    a_unit[at] += wholes(rules.value_cost[rules.value_row[rule[at]], contents.line[row[at]]])
    cost = a_unit * contents.quantity[row] + rules.per_line[rule]
    is_surcharge = rules.is_surcharge[rule]
    np.add.at(costs.surcharges, contents.package[row[is_surcharge]], cost[is_surcharge])
    np.add.at(costs.rules, contents.package[row[~is_surcharge]], cost[~is_surcharge])
