"""What packages that have left already take of capacities and quotas."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from splitship.check.dated import SEARCHED_DAYS, weekday
from splitship.domain import NO_RULE, PackageRules, Problem
from splitship.domain.package_rules import WORD
from splitship.units import I64, UNLIMITED

NONE = -1


@dataclass(frozen=True, slots=True)
class NodeUse:
    """What released packages use of nodes' days, each once; `amount` [rows, 4]: packages, units, lines, 10^-6 min."""

    node: I64
    day: I64
    amount: I64


@dataclass(frozen=True, slots=True)
class DayPackages:
    """Released packages of a day, by any position; each once."""

    position: I64
    day: I64
    packages: I64


def use_of_nodes(problem: Problem) -> NodeUse:
    """Of the nodes that packages left on their ship days, and of those that receive them on their delivery days."""
    released, nodes = problem.released, problem.nodes
    received, target, day = _received(problem)
    row = np.append(np.arange(len(released)), received)
    node, on = np.append(released.node_idx, target), np.append(released.ship_day, day)
    packages, units = released.packages[row], released.units[row]
    minutes = packages * nodes.umin_per_package[node] + units * nodes.umin_per_unit[node]
    keys, group = np.unique(np.stack([node, on]), axis=1, return_inverse=True)
    amount = np.zeros((keys.shape[1], 4), np.int64)
    np.add.at(amount, group.reshape(-1), np.column_stack([packages, units, released.lines[row], minutes]))
    return NodeUse(keys[0].copy(), keys[1].copy(), amount)


def _received(problem: Problem) -> tuple[I64, I64, I64]:
    """Rows of what is released that another node receives, that node, and the day."""
    released, lanes = problem.released, problem.lanes
    rows, targets, days = [], [], []
    for row, (node, service) in enumerate(zip(released.node_idx.tolist(), released.service_idx.tolist(), strict=True)):
        target = int(problem.services.pickup_node_idx[service]) if service >= 0 else NONE
        if target in (NONE, node):
            continue
        way = np.flatnonzero((lanes.node_idx == node) & (lanes.service_idx == service))
        if not len(way):
            continue
        # A transfer takes as long to everywhere.
        day = _delivery_day(problem, service, int(released.ship_day[row] + lanes.transit_days[way[0]]))
        if day is not None:
            rows.append(row)
            targets.append(target)
            days.append(day)
    return np.array(rows, np.int64), np.array(targets, np.int64), np.array(days, np.int64)


def _delivery_day(problem: Problem, service: int, first: int) -> int | None:
    """The first day from `first` on, be it past, on which a service delivers."""
    holidays = set(problem.calendars.day[problem.calendars.service_idx == service].tolist())
    days = first + np.arange(SEARCHED_DAYS + 1)
    for day in days[problem.services.delivery_days[service][weekday(days)]].tolist():
        if day not in holidays:
            return int(day)
    return None


def packages_by_service(problem: Problem, is_by_node: bool) -> DayPackages:
    """Released packages of services, of which there are S: by node x S + service, else by service."""
    released = problem.released
    known = np.flatnonzero(released.service_idx >= 0)
    position = released.service_idx[known]
    if is_by_node:
        position = position + released.node_idx[known] * len(problem.services)
    keys, group = np.unique(np.stack([position, released.ship_day[known]]), axis=1, return_inverse=True)
    packages = np.zeros(keys.shape[1], np.int64)
    np.add.at(packages, group.reshape(-1), released.packages[known])
    return DayPackages(keys[0].copy(), keys[1].copy(), packages)


class QuotasLeft:
    """What released packages leave of the quotas of rules, by row of `package_rules`."""

    def __init__(self, problem: Problem) -> None:
        self._rules, released = problem.package_rules, problem.released
        self.used: dict[tuple[int, int], int] = {}
        """Packages by row and ship day, NONE for quotas of the whole batch."""
        for rule, day, packages in zip(
            released.rule_idx.tolist(), released.rule_day.tolist(), released.rule_packages.tolist(), strict=True
        ):
            key = rule, day if self._rules.is_quota_per_day[rule] else NONE
            self.used[key] = self.used.get(key, 0) + packages

    def of(self, rule: int, day: int) -> int:
        """Packages that may still leave on a day, NONE for a quota of the whole batch."""
        return max(0, int(self._rules.quota[rule]) - self.used.get((rule, day), 0))


def with_used_up_quotas(problem: Problem) -> Problem:
    """The problem with rules that forbid packages where released ones have used up a quota of others."""
    rules, left = problem.package_rules, QuotasLeft(problem)
    is_hard = rules.has_quota & ~rules.is_soft
    over = sorted(key for key in left.used if is_hard[key[0]] and left.of(*key) == 0)
    if not over:
        return problem
    row, day = np.array(over, np.int64).T
    is_forbidden = rules.is_forbidden.copy()
    is_forbidden[row[day == NONE]] = True
    row, day = row[day != NONE], day[day != NONE]
    more, nothing = len(row), np.zeros(len(row), np.int64)
    no = np.zeros(more, np.bool_)

    def bits(words: np.ndarray) -> np.ndarray:
        """The words with a bit for each new rule, that of the rule whose quota it is about."""
        num = len(rules) + more
        found = np.zeros((len(words), -(-num // WORD)), np.uint64)
        found[:, : words.shape[1]] = words
        for at, rule in enumerate(row.tolist(), len(rules)):
            bit = words[:, rule // WORD] >> np.uint64(rule % WORD) & np.uint64(1)
            found[:, at // WORD] |= bit << np.uint64(at % WORD)
        return found

    made = PackageRules(
        order_bits=bits(rules.order_bits),
        line_bits=bits(rules.line_bits),
        node_bits=bits(rules.node_bits),
        service_bits=bits(rules.service_bits),
        source=np.append(rules.source, np.full(more, NO_RULE)),
        is_partial=np.append(rules.is_partial, rules.is_partial[row]),
        first_day=np.append(rules.first_day, day),
        last_day=np.append(rules.last_day, day),
        is_forbidden=np.append(is_forbidden, ~no),
        per_package=np.append(rules.per_package, nothing),
        per_line=np.append(rules.per_line, nothing),
        per_unit=np.append(rules.per_unit, nothing),
        value_row=np.append(rules.value_row, np.full(more, NONE)),
        value_cost=rules.value_cost,
        quota=np.append(rules.quota, np.full(more, UNLIMITED)),
        is_quota_per_day=np.append(rules.is_quota_per_day, no),
        over_price=np.append(rules.over_price, np.full(more, NONE)),
    )
    return replace(problem, package_rules=made)
