"""What rules and surcharges do to the packages of a plan: what each charges, and how much of its quota is used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from splitship.domain.contents import rule_rows
from splitship.domain.plan import Plan
from splitship.domain.problem import Problem
from splitship.domain.rule_rows import rules_about
from splitship.units import I64


@dataclass(frozen=True, slots=True)
class RuleEffect:
    """What a rule (or surcharge) that acts on packages does in a plan.

    `num_packages` and `num_units` it is about, `cost` in micros what they pay for it. `quota` is the most packages of a
    ship day (or of the batch: not `is_per_day`) and `most_used` the most there are; both None without a quota.
    `num_beyond` packages are beyond it, over all days, and cost `beyond_cost` (micros, beside `cost`); both None unless
    the quota is soft. With a soft quota of 0 each package pays as for any price: that is in `cost`, not in the other.
    """

    name: str
    is_surcharge: bool
    num_packages: int = 0
    num_units: int = 0
    cost: int = 0
    quota: int | None = None
    most_used: int | None = None
    is_per_day: bool = False
    num_beyond: int | None = None
    beyond_cost: int | None = None


def rule_effects(problem: Problem, plan: Plan) -> tuple[RuleEffect, ...]:
    """The effects of all rules that act on packages, in their sequence, then those of the rows of surcharges."""
    rules = problem.package_rules
    charges = {charge.rule: charge for charge in _charges(problem, plan)}
    surcharge_names = iter(problem.surcharges.name.tolist())
    found = []
    for rule, source in enumerate(rules.source.tolist()):
        is_surcharge = source < 0
        name = next(surcharge_names) if is_surcharge else problem.rules[source].name
        quota = None if is_surcharge else problem.rules[source].quota
        is_per_day = quota is not None and quota.per == "day"
        charge = charges.get(rule)
        effect = RuleEffect(name, is_surcharge, is_per_day=is_per_day)
        packages = np.zeros(0, np.int64)
        if charge is not None:
            packages = charge.package
            effect = replace(
                effect, num_packages=len(packages), num_units=charge.num_units, cost=int(charge.cost.sum())
            )
        if quota is not None:
            used, before = _used_of_quota(problem, rule, plan.ship_day[packages], is_per_day)
            effect = replace(effect, quota=quota.packages, most_used=int(used.max(initial=0)))
            if quota.price_over is not None:
                beyond = np.maximum(used - quota.packages, 0) - np.maximum(before - quota.packages, 0)
                beyond = int(beyond.sum())
                price = int(rules.over_price[rule]) if rules.is_soft[rule] else 0
                effect = replace(effect, num_beyond=beyond, beyond_cost=beyond * price)
        found.append(effect)
    return tuple(found)


def _used_of_quota(problem: Problem, rule: int, day: I64, is_per_day: bool) -> tuple[I64, I64]:
    """Packages in a rule's quota, by day or in all, and how many of them were released before; `day` of the others."""
    released = problem.released
    mine = released.rule_idx == rule
    days = np.append(day, released.rule_day[mine])
    total = np.append(np.ones(len(day), np.int64), released.rule_packages[mine])
    before = np.append(np.zeros(len(day), np.int64), released.rule_packages[mine])
    at = np.unique(days, return_inverse=True)[1].reshape(-1) if is_per_day else np.zeros(len(days), np.int64)
    num = int(at.max(initial=-1)) + 1 if is_per_day else 1
    return np.bincount(at, total, num).astype(np.int64), np.bincount(at, before, num).astype(np.int64)


def package_charges(problem: Problem, plan: Plan) -> tuple[I64, I64]:
    """What rules charge each package, and what surcharges add to its rate: micros, [packages] each."""
    by_rules, by_surcharges = np.zeros((2, len(plan)), np.int64)
    for charge in _charges(problem, plan):
        into = by_surcharges if problem.package_rules.is_surcharge[charge.rule] else by_rules
        into[charge.package] += charge.cost
    return by_rules, by_surcharges


@dataclass(frozen=True, slots=True)
class _Charge:
    """What one rule charges: each package that it is about once, its cost, and units of the lines it is about."""

    rule: int
    package: I64
    cost: I64
    num_units: int


def _charges(problem: Problem, plan: Plan) -> Iterator[_Charge]:
    """The charge of each rule that is about some package of the plan."""
    rules, package = problem.package_rules, plan.content_package
    rows = plan.order_idx[package], rule_rows(problem, plan), plan.node_idx[package], plan.service_idx[package]
    for rule, about in rules_about(rules, np.ones(len(rules), np.bool_), *rows, plan.ship_day[package]):
        packages, of_row = np.unique(package[about], return_inverse=True)
        line, units = plan.content_line[about], plan.content_quantity[about]
        a_unit = np.full(len(line), rules.per_unit[rule])
        if rules.value_row[rule] >= 0:
            a_unit += rules.value_cost[rules.value_row[rule], line]
        cost = np.full(len(packages), rules.per_package[rule])
        np.add.at(cost, of_row, rules.per_line[rule] + a_unit * units)
        yield _Charge(rule, packages, cost, int(units.sum()))
