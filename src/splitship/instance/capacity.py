"""What nodes and services can take of packages on every day a batch may ship."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.domain import Problem
from splitship.instance.receiving import Receiving
from splitship.units import I64, NO_DATE, UNLIMITED


@dataclass(frozen=True, slots=True)
class Capacities:
    """Capacity left on the days from `first_day` on, once released packages have theirs; UNLIMITED without a limit.

    `packages`, `units`, `lines`, `minutes` [nodes, days], minutes in `Nodes.umin_step`; `services` [nodes, services],
    of which released packages have `services_used` [nodes, services, days]; `quota` [services, days]: packages of all
    nodes together. No days where nothing is limited, or used.
    """

    first_day: int
    packages: I64
    units: I64
    lines: I64
    minutes: I64
    services: I64
    services_used: I64
    quota: I64

    @classmethod
    def of(cls, problem: Problem, first_day: int, num_days: int, receiving: Receiving) -> Capacities:
        """Capacities of a problem, whose transfers arrive as `receiving` says."""
        used = _Used.of(problem, first_day, num_days, receiving)
        nodes, special, step = problem.nodes, problem.node_days, problem.nodes.umin_step
        inside = (special.day >= first_day) & (special.day < first_day + num_days)
        at = special.node_idx[inside], special.day[inside] - first_day

        def by_day(usual: I64, on_day: I64, by_others: I64, released: I64, unit: int = 1) -> I64:
            if (usual >= UNLIMITED).all() and (on_day >= UNLIMITED).all():
                return np.zeros((len(nodes), 0), np.int64)
            table = np.repeat(usual[:, None], num_days, axis=1)
            left = np.maximum(0, on_day[inside] - by_others[inside])
            table[at] = np.where(on_day[inside] >= UNLIMITED, UNLIMITED, left)
            return less(np.where(table >= UNLIMITED, UNLIMITED, table // unit), released)

        return cls(
            first_day,
            by_day(nodes.max_packages_per_day, special.max_packages, special.used_packages, used.packages),
            by_day(nodes.max_units_per_day, special.max_units, special.used_units, used.units),
            by_day(nodes.max_lines_per_day, special.max_lines, special.used_lines, used.lines),
            by_day(nodes.max_umin_per_day, special.max_umin, special.used_umin, used.minutes, step),
            problem.node_services.max_packages_per_day,
            used.services,
            less(_quota(problem, first_day, num_days), used.services.sum(axis=0)),
        )


@dataclass(frozen=True, slots=True)
class _Used:
    """What released packages use: `packages`, `units`, `lines`, `minutes` [nodes, days] (minutes in `umin_step`),
    packages of `services` [nodes, services, days]; no days where none was released.
    """

    packages: I64
    units: I64
    lines: I64
    minutes: I64
    services: I64

    @classmethod
    def of(cls, problem: Problem, first_day: int, num_days: int, receiving: Receiving) -> _Used:
        """The use on the days from `first_day` on, at the nodes that ship and at those to which transfers go."""
        released, nodes, num_services = problem.released, problem.nodes, len(problem.services)
        days = num_days if len(released) else 0
        shape = len(nodes), days
        used = cls(
            np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.int64),
            np.zeros((len(nodes), num_services, days), np.int64),
        )  # fmt: skip
        inside = (released.ship_day >= first_day) & (released.ship_day < first_day + num_days)
        day = released.ship_day[inside] - first_day
        node, service = released.node_idx[inside], released.service_idx[inside]
        amounts = released.packages[inside], released.lines[inside], released.units[inside]
        carried = service >= 0
        np.add.at(used.services, (node[carried], service[carried], day[carried]), amounts[0][carried])
        used._add(problem, node, day, *amounts)
        for row, (moved, at) in enumerate(zip(receiving.node.tolist(), receiving.service.tolist(), strict=True)):
            mine = np.flatnonzero((node == moved) & (service == at))
            if not len(mine):
                continue
            comes = receiving.arrival[row, day[mine] + first_day - receiving.first_day] - first_day
            mine, comes = mine[(comes >= 0) & (comes < num_days)], comes[(comes >= 0) & (comes < num_days)]
            target = np.full(len(mine), receiving.target[row])
            used._add(problem, target, comes, *(amount[mine] for amount in amounts))
        return used

    def _add(self, problem: Problem, node: I64, day: I64, packages: I64, lines: I64, units: I64) -> None:
        nodes = problem.nodes
        minutes = (nodes.umin_per_package[node] * packages + nodes.umin_per_unit[node] * units) // nodes.umin_step
        for table, amount in (
            (self.packages, packages), (self.units, units), (self.lines, lines), (self.minutes, minutes),
        ):  # fmt: skip
            np.add.at(table, (node, day), amount)


def less(capacity: I64, used: I64) -> I64:
    """What is left of capacities, at least 0; nothing takes away from UNLIMITED."""
    if not capacity.shape[-1] or not used.shape[-1]:
        return capacity
    return np.where(capacity >= UNLIMITED, UNLIMITED, np.maximum(0, capacity - used))


def at_days(capacity: I64, row: I64, day: I64, first_day: int) -> I64:
    """Capacity of rows of a table on days, UNLIMITED where nothing is limited."""
    if not capacity.shape[1]:
        return np.full(np.broadcast(row, day).shape, UNLIMITED)
    offset = np.clip(day - first_day, 0, capacity.shape[1] - 1)
    found: I64 = capacity[row, offset]
    return found


def service_left(capacities: Capacities, node: I64, service: I64, day: I64) -> I64:
    """Packages that services of nodes have left on days once released packages have theirs; of one shape."""
    found = capacities.services[node, service]
    days = capacities.services_used.shape[2]
    if not days:
        return found
    offset = np.clip(day - capacities.first_day, 0, days - 1)
    used = np.where(found >= UNLIMITED, 0, capacities.services_used[node, service, offset])
    left: I64 = np.maximum(found - used, 0)
    return left


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
