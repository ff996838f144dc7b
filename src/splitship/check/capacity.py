"""What nodes and services can take on a ship day, less what others have used of it."""

from __future__ import annotations

import numpy as np

from splitship.check.released import NodeUse, packages_by_service, use_of_nodes
from splitship.domain import NodeDays, Problem, ResourceKind
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

    Minutes are counted in `step` (10^-6 minutes). `usual` [nodes, kinds] holds on days without a row of their own,
    `most` and `used` [node days, kinds] on those with one: the rows of node_days, then days of which released packages
    use something, `row_node` and `row_day` [node days]. Kinds are as in `NODE_KINDS`, minutes there in 10^-6.
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
        self.row_node, self.row_day = rows.node_idx, rows.day
        self._row = _Rows(rows.node_idx, rows.day)
        if len(problem.released):
            self._add_released(use_of_nodes(problem), rows)
        is_dated = quotas.day != NO_DATE
        self._dated_quota, self._other_quota = np.flatnonzero(is_dated), np.flatnonzero(~is_dated)
        self._quota_row = _Rows(quotas.service_idx[is_dated], quotas.day[is_dated])
        self.has_quotas = len(quotas) > 0
        self._quota = quotas.max_packages
        self._every_day: I64 = np.full(len(problem.services), UNLIMITED, np.int64)
        self._every_day[quotas.service_idx[self._other_quota]] = quotas.max_packages[self._other_quota]
        self._a_day = problem.node_services.max_packages_per_day
        self._released = _Released(problem) if len(problem.released) else None

    def _add_released(self, use: NodeUse, rows: NodeDays) -> None:
        """What released packages use joins what others do, on days of their own where node_days says nothing."""
        row = self._row.find(use.node, use.day)
        self.used = self.used.copy()
        self.used[row[row >= 0]] += use.amount[row >= 0]
        new = row < 0
        self.most = np.concatenate([self.most, self.usual[use.node[new]]])
        self.used = np.concatenate([self.used, use.amount[new]])
        self.row_node = np.append(rows.node_idx, use.node[new])
        self.row_day = np.append(rows.day, use.day[new])
        self._row = _Rows(self.row_node, self.row_day)

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
        """Packages left of a service on a day over all nodes, UNLIMITED where nothing is said; elementwise."""
        quota = self._every_day[service]
        if len(self._dated_quota):
            row = self._quota_row.find(service, day)
            quota = np.where(row >= 0, self._quota[self._dated_quota[row]], quota)
        return quota if self._released is None else less(quota, self._released.of_quota(service, day))

    def of_service(self, node: I64, service: I64, day: I64) -> I64:
        """Packages left of a node's service on a day, UNLIMITED where there is no limit; elementwise."""
        most: I64 = self._a_day[node, service]
        return most if self._released is None else less(most, self._released.of_service(node, service, day))


def less(most: I64, used: I64) -> I64:
    """What is left of limits, never below 0; nothing takes away from UNLIMITED; elementwise."""
    left: I64 = np.where(most >= UNLIMITED, UNLIMITED, np.maximum(0, most - used))
    return left


class _Released:
    """Packages released by node, service and day, and by service and day."""

    def __init__(self, problem: Problem) -> None:
        self._num_services = len(problem.services)
        own, quota = packages_by_service(problem, is_by_node=True), packages_by_service(problem, is_by_node=False)
        self._own, self._own_row = own.packages, _Rows(own.position, own.day)
        self._quota, self._quota_row = quota.packages, _Rows(quota.position, quota.day)

    def of_service(self, node: I64, service: I64, day: I64) -> I64:
        return np.append(self._own, 0)[self._own_row.find(node * self._num_services + service, day)]

    def of_quota(self, service: I64, day: I64) -> I64:
        return np.append(self._quota, 0)[self._quota_row.find(service, day)]


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
