"""When transfers arrive, and which rows of the receiving node they draw on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from splitship.domain import Problem
from splitship.instance.calendar import NO_DAY, Calendar
from splitship.units import I32, I64


@dataclass(frozen=True, slots=True)
class Receiving:
    """Services that take packages to another node, [transfers]: the node they leave, the service, and where they go.

    `arrival` [transfers, days]: the day on which what leaves on each day from `first_day` on arrives, NO_DAY for never.
    """

    node: I64
    service: I64
    target: I64
    first_day: int
    arrival: I64

    @classmethod
    def none(cls) -> Self:
        """Nothing is moved."""
        empty = np.zeros(0, np.int64)
        return cls(empty, empty, empty, 0, np.zeros((0, 0), np.int64))

    @classmethod
    def of(cls, problem: Problem, calendar: Calendar, first_day: int) -> Self:
        """The transfers of a problem on all of its ship days."""
        services = problem.services
        picked = np.flatnonzero(~services.is_carried)
        if not len(picked):
            return cls.none()
        days = np.arange(first_day, calendar.last_day + 1)
        node = np.argmax(problem.node_services.is_offered[:, picked], axis=0)
        moves = np.flatnonzero(node != services.pickup_node_idx[picked])
        service, node = picked[moves], node[moves]
        by_service = np.argsort(problem.lanes.service_idx, kind="stable")
        lane = by_service[np.searchsorted(problem.lanes.service_idx[by_service], service)]
        there = days[None, :] + problem.lanes.transit_days[lane][:, None]
        wait = calendar.delivery_wait[service[:, None], calendar.index(there)]
        arrival = np.where(wait < 0, NO_DAY, there + wait).astype(np.int64)
        return cls(node, service, services.pickup_node_idx[service], first_day, arrival)

    def __len__(self) -> int:
        return len(self.service)

    def last_day(self, last_day: int) -> int:
        """The later of `last_day` and the last arrival."""
        return max(last_day, int(self.arrival.max(initial=last_day)))

    def rows(self, of_node: I32, shape: tuple[int, int, int]) -> I32:
        """Rows [nodes, services, days] of the receiving nodes, -1 for none; `of_node` [nodes, days] are all nodes'."""
        found = np.full(shape, -1, np.int32)
        if not of_node.shape[-1]:
            return found
        at = np.clip(self.arrival - self.first_day, 0, of_node.shape[-1] - 1)
        rows = np.where(self.arrival == NO_DAY, -1, of_node[self.target[:, None], at])
        found[self.node, self.service, : rows.shape[1]] = rows
        return found
