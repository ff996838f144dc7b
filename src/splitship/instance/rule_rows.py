"""Which rules are about lines at nodes by services on days: many rows at a time, a word of rules after another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from splitship.domain import PackageRules, Plan, Problem
from splitship.domain.package_rules import U64, WORD
from splitship.units import I64, Bools


def rules_about(
    rules: PackageRules, which: Bools, order: I64, line: I64, node: I64, service: I64, day: I64
) -> Iterator[tuple[int, Bools]]:
    """Each of the rules `which` [rules] that is about some row, and the rows; arguments are columns [rows]."""
    chosen = _words(rules, which)
    for word in np.flatnonzero(chosen).tolist():
        bits = rules.order_bits[order, word] & rules.line_bits[line, word] & rules.node_bits[node, word]
        bits &= rules.service_bits[service, word] & chosen[word]
        some = int(np.bitwise_or.reduce(bits, initial=np.uint64(0)))
        for place in range(WORD):
            rule = word * WORD + place
            if some >> place & 1:
                is_about = (bits >> np.uint64(place) & np.uint64(1)).astype(np.bool_)
                is_about &= (rules.first_day[rule] <= day) & (day <= rules.last_day[rule])
                if is_about.any():
                    yield rule, is_about


def any_about(
    rules: PackageRules, which: Bools, order: I64, line: I64, node: I64, service: I64, day: I64
) -> Bools:
    """Whether one of the rules `which` [rules] is about each row on its day; arguments are columns [rows]."""
    found = np.zeros(len(line), np.bool_)
    if not which.any() or not len(line):
        return found
    days, code = np.unique(day, return_inverse=True)
    chosen = np.stack([_words(rules, which & (rules.first_day <= d) & (d <= rules.last_day)) for d in days.tolist()])
    for word in np.flatnonzero(chosen.any(axis=0)).tolist():
        bits = rules.order_bits[order, word] & rules.line_bits[line, word] & rules.node_bits[node, word]
        found |= (bits & rules.service_bits[service, word] & chosen[code, word]) != 0
    return found


def any_about_on_some_day(rules: PackageRules, which: Bools, order: I64, line: I64) -> NDArray[np.bool_]:
    """Whether one of the rules `which` is about each line, dates aside, [lines, nodes, services]."""
    found = np.zeros((len(line), len(rules.node_bits), len(rules.service_bits)), np.bool_)
    chosen = _words(rules, which)
    for word in np.flatnonzero(chosen).tolist():
        of_line = rules.order_bits[order, word] & rules.line_bits[line, word] & chosen[word]
        some = np.flatnonzero(of_line)
        of_place = rules.node_bits[:, word, None] & rules.service_bits[None, :, word]
        found[some] |= (of_line[some, None, None] & of_place) != 0
    return found


def _words(rules: PackageRules, which: Bools) -> U64:
    """The rules `which` as bits, [words]."""
    packed = np.zeros(rules.num_words * (WORD // 8), np.uint8)
    bits = np.packbits(which, bitorder="little")
    packed[: len(bits)] = bits
    return packed.view("<u8").astype(np.uint64)


@dataclass(frozen=True, slots=True)
class QuotaUse:
    """What a plan leaves of the quotas of rules.

    `rule` [quotas] are positions in the package rules; `used` [quotas, days] counts packages by day from `first_day`,
    and of a quota of the batch those of all days in every column. `counted` is (quota, package) by package of the plan.
    """

    rules: PackageRules
    rule: I64
    first_day: int
    used: I64
    counted: Bools

    @classmethod
    def of(cls, problem: Problem, plan: Plan) -> Self:
        """The use of a plan that need not be feasible."""
        rules = problem.package_rules
        which = rules.has_quota
        rule = np.flatnonzero(which)
        first_day = int(plan.ship_day.min()) if len(plan) else 0
        num_days = int(plan.ship_day.max()) - first_day + 1 if len(plan) else 1
        counted = np.zeros((len(rule), len(plan)), np.bool_)
        package = plan.content_package
        rows = plan.order_idx[package], plan.content_line, plan.node_idx[package], plan.service_idx[package]
        for found, is_about in rules_about(rules, which, *rows, plan.ship_day[package]):
            counted[np.searchsorted(rule, found), package[is_about]] = True
        used = np.zeros((len(rule), num_days), np.int64)
        for quota, packages in enumerate(counted):
            used[quota] = np.bincount(plan.ship_day[packages] - first_day, minlength=num_days)
            if not rules.is_quota_per_day[rule[quota]]:
                used[quota] = used[quota].sum()
        return cls(rules, rule, first_day, used, counted)

    def left(self, quota: int, day: I64) -> I64:
        """Packages left on each day, of the batch for a quota of the batch."""
        rule, offset = self.rule[quota], day - self.first_day
        used = self.used[quota][np.clip(offset, 0, self.used.shape[1] - 1)]
        if self.rules.is_quota_per_day[rule]:
            used = np.where((offset >= 0) & (offset < self.used.shape[1]), used, 0)
        left: I64 = self.rules.quota[rule] - used
        return left

    def is_full(
        self, rules: PackageRules, order: I64, line: I64, node: I64, service: I64, day: I64, package: I64 | None = None
    ) -> Bools:
        """Whether a quota has no room for a package with the line; columns [rows]; `rules` are those of the lines.

        With `package` the line joins a package of the plan, which may be counted already.
        """
        full = np.zeros(len(line), np.bool_)
        if not len(self.rule):
            return full
        for rule, is_about in rules_about(rules, rules.has_quota, order, line, node, service, day):
            quota = int(np.searchsorted(self.rule, rule))
            needs = is_about if package is None else is_about & ~self.counted[quota, package]
            full |= needs & (self.left(quota, day) < 1)
        return full
