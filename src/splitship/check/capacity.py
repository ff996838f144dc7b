"""What nodes and services can take on a ship day, less what others have used of it."""

from __future__ import annotations

import numpy as np

from splitship.domain import Problem, ResourceKind
from splitship.units import I64, NO_DATE, UNLIMITED

NODE_KINDS = (
    ResourceKind.NODE_PACKAGES,
    ResourceKind.NODE_UNITS,
    ResourceKind.NODE_LINES,
    ResourceKind.NODE_MINUTES,
)
"""The columns of a node's capacities, in this order."""
_DAYS_A_KEY = 2**33
"""More than twice the largest day number anywhere."""


class Capacities:
    """Capacities of nodes and services by ship day.

    Minutes are counted in `step` (10^-6 minutes). `usual` [nodes, kinds] holds on days without a row in node_days,
    `most` and `used` [node days, kinds] on those with one; kinds as in `NODE_KINDS`, minutes there in 10^-6.
    `package_minutes` and `unit_minutes` [nodes] are in steps.
    """

    def __init__(self, problem: Problem) -> None:
        nodes, rows, quotas = problem.nodes, problem.node_days, problem.service_quotas
        self.step = nodes.umin_step
        self.package_minutes: I64 = nodes.umin_per_package // self.step
        self.unit_minutes: I64 = nodes.umin_per_unit // self.step
        usual = (
            nodes.max_packages_per_day, nodes.max_units_per_day, nodes.max_lines_per_day, nodes.max_umin_per_day,
        )  # fmt: skip
        self.usual: I64 = np.column_stack(usual)
        self.most: I64 = np.column_stack([rows.max_packages, rows.max_units, rows.max_lines, rows.max_umin])
        self.used: I64 = np.column_stack([rows.used_packages, rows.used_units, rows.used_lines, rows.used_umin])
        self._row = _Rows(rows.node_idx, rows.day)
        is_dated = quotas.day != NO_DATE
        self._dated_quota, self._other_quota = np.flatnonzero(is_dated), np.flatnonzero(~is_dated)
        self._quota_row = _Rows(quotas.service_idx[is_dated], quotas.day[is_dated])
        self.has_quotas = len(quotas) > 0
        self._quota = quotas.max_packages
        self._every_day: I64 = np.full(len(problem.services), UNLIMITED, np.int64)
        self._every_day[quotas.service_idx[self._other_quota]] = quotas.max_packages[self._other_quota]

    def limits(self, node: I64, day: I64) -> tuple[I64, I64]:
        """Capacities as stated and what others have used of them, both [rows, kinds]; elementwise."""
        most, used = self.usual[node], np.zeros((len(node), len(NODE_KINDS)), np.int64)
        row = self._row.find(node, day)
        has_row = row >= 0
        most[has_row], used[has_row] = self.most[row[has_row]], self.used[row[has_row]]
        return most, used

    def left(self, node: I64, day: I64) -> I64:
        """What packages can take, [rows, kinds], minutes in steps, UNLIMITED where there is no limit; elementwise."""
        return self.remaining(*self.limits(node, day))

    def remaining(self, most: I64, used: I64) -> I64:
        """Capacities less their use, [rows, kinds], minutes in steps; nothing takes away from UNLIMITED."""
        divided = np.ones(len(NODE_KINDS), np.int64)
        divided[NODE_KINDS.index(ResourceKind.NODE_MINUTES)] = self.step
        left: I64 = np.where(most >= UNLIMITED, UNLIMITED, np.maximum(0, most - used) // divided)
        return left

    def quota(self, service: I64, day: I64) -> I64:
        """Packages of a service on a day over all nodes, UNLIMITED where nothing is said; elementwise."""
        quota = self._every_day[service]
        if len(self._dated_quota):
            row = self._quota_row.find(service, day)
            quota = np.where(row >= 0, self._quota[self._dated_quota[row]], quota)
        return quota


class _Rows:
    """Finds the row of a (position, day)."""

    def __init__(self, position: I64, day: I64) -> None:
        key = self._key(position, day)
        self._by_key = np.argsort(key, kind="stable").astype(np.int64)
        self._keys = key[self._by_key]

    @staticmethod
    def _key(position: I64, day: I64) -> I64:
        return position * _DAYS_A_KEY + day

    def find(self, position: I64, day: I64) -> I64:
        """Rows, -1 where there is none; days are below 2^32 in size; elementwise."""
        if not len(self._keys):
            return np.full(len(position), -1, np.int64)
        key = self._key(position, day)
        at = np.minimum(np.searchsorted(self._keys, key), len(self._keys) - 1)
        return np.where(self._keys[at] == key, self._by_key[at], -1)
