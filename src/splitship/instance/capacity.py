"""What nodes and services can take of packages on every day a batch may ship."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.domain import Problem
from splitship.units import I64, NO_DATE, UNLIMITED


@dataclass(frozen=True, slots=True)
class Capacities:
    """Capacity left on the days from `first_day` on, UNLIMITED where there is no limit.

    `packages`, `units`, `lines`, `minutes` [nodes, days], minutes in `Nodes.umin_step`; `services` [nodes, services];
    `quota` [services, days]: packages of all nodes together. No days where nothing is limited.
    """

    first_day: int
    packages: I64
    units: I64
    lines: I64
    minutes: I64
    services: I64
    quota: I64

    @classmethod
    def of(cls, problem: Problem, first_day: int, num_days: int) -> Capacities:
        """Capacities of a problem."""
        nodes, special, step = problem.nodes, problem.node_days, problem.nodes.umin_step
        inside = (special.day >= first_day) & (special.day < first_day + num_days)
        at = special.node_idx[inside], special.day[inside] - first_day

        def by_day(usual: I64, on_day: I64, used: I64, unit: int = 1) -> I64:
            if (usual >= UNLIMITED).all() and (on_day >= UNLIMITED).all():
                return np.zeros((len(nodes), 0), np.int64)
            table = np.repeat(usual[:, None], num_days, axis=1)
            left = np.maximum(0, on_day[inside] - used[inside])
            table[at] = np.where(on_day[inside] >= UNLIMITED, UNLIMITED, left)
            return np.where(table >= UNLIMITED, UNLIMITED, table // unit)

        return cls(
            first_day,
            by_day(nodes.max_packages_per_day, special.max_packages, special.used_packages),
            by_day(nodes.max_units_per_day, special.max_units, special.used_units),
            by_day(nodes.max_lines_per_day, special.max_lines, special.used_lines),
            by_day(nodes.max_umin_per_day, special.max_umin, special.used_umin, step),
            problem.node_services.max_packages_per_day,
            _quota(problem, first_day, num_days),
        )


def at_days(capacity: I64, row: I64, day: I64, first_day: int) -> I64:
    """Capacity of rows of a table on days, UNLIMITED where nothing is limited."""
    if not capacity.shape[1]:
        return np.full(np.broadcast(row, day).shape, UNLIMITED)
    offset = np.clip(day - first_day, 0, capacity.shape[1] - 1)
    found: I64 = capacity[row, offset]
    return found


def _quota(problem: Problem, first_day: int, num_days: int) -> I64:
    quotas, num_services = problem.service_quotas, len(problem.services)
    if not len(quotas):
        return np.zeros((num_services, 0), np.int64)
    table = np.full((num_services, num_days), UNLIMITED, np.int64)
    is_usual = quotas.day == NO_DATE
    table[quotas.service_idx[is_usual]] = quotas.max_packages[is_usual][:, None]
    inside = ~is_usual & (quotas.day >= first_day) & (quotas.day < first_day + num_days)
    table[quotas.service_idx[inside], quotas.day[inside] - first_day] = quotas.max_packages[inside]
    return table


def largest(capacity: I64, usual: I64) -> I64:
    """The most on any day, [nodes]; `usual` [nodes] where no day is limited."""
    most: I64 = capacity.max(axis=1) if capacity.shape[1] else usual
    return most
