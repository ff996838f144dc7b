"""What a plan leaves of the hard quotas of rules; beyond soft ones there is always room, at a price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from splitship.domain import PackageRules, Plan, Problem
from splitship.domain.contents import rule_rows
from splitship.domain.rule_rows import rules_about
from splitship.units import I64, Bools


@dataclass(frozen=True, slots=True)
class QuotaUse:
    """What a plan leaves of the hard quotas of rules.

    `rule` [quotas] are positions in the package rules; `used` [quotas, days] counts packages by day from `first_day`,
    and of a quota of the batch those of all days in every column; released packages
    count, too. `counted` has quota x packages + package, ascending,
    for each package of the plan that a quota counts.
    """

    rules: PackageRules
    rule: I64
    first_day: int
    used: I64
    num_packages: int
    counted: I64

    @classmethod
    def of(cls, problem: Problem, plan: Plan) -> Self:
        """The use of a plan that need not be feasible."""
        rules = problem.package_rules
        which = rules.has_quota & ~rules.is_soft
        rule = np.flatnonzero(which)
        released = problem.released
        days = np.append(plan.ship_day, released.rule_day)
        first_day = int(days.min()) if len(days) else 0
        num_days = int(days.max()) - first_day + 1 if len(days) else 1
        counted = [np.zeros(0, np.int64)]
        used = np.zeros((len(rule), num_days), np.int64)
        package = plan.content_package
        rows = plan.order_idx[package], rule_rows(problem, plan), plan.node_idx[package], plan.service_idx[package]
        for found, about in rules_about(rules, which, *rows, plan.ship_day[package]):
            quota, packages = int(np.searchsorted(rule, found)), np.unique(package[about])
            counted.append(quota * len(plan) + packages)
            used[quota] = np.bincount(plan.ship_day[packages] - first_day, minlength=num_days)
        at = np.searchsorted(rule, released.rule_idx)
        is_hard = np.append(rule, -1)[at] == released.rule_idx
        np.add.at(used, (at[is_hard], released.rule_day[is_hard] - first_day), released.rule_packages[is_hard])
        of_batch = ~rules.is_quota_per_day[rule]
        used[of_batch] = used[of_batch].sum(axis=1, keepdims=True)
        return cls(rules, rule, first_day, used, len(plan), np.concatenate(counted))

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

        `line` is the row of `line_bits`: the line's own, or that of a substitute.

        With `package` the line joins a package of the plan, which may be counted already.
        """
        full = np.zeros(len(line), np.bool_)
        if not len(self.rule):
            return full
        for rule, about in rules_about(rules, rules.has_quota & ~rules.is_soft, order, line, node, service, day):
            quota = int(np.searchsorted(self.rule, rule))
            if package is not None:
                about = about[~np.isin(quota * self.num_packages + package[about], self.counted)]
            full[about] |= self.left(quota, day[about]) < 1
        return full
