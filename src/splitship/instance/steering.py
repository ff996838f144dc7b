"""Prices of what is steered, inside the costs of packages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from splitship.domain import Problem, Steering
from splitship.units import ATTO, I64, MAX_TOTAL_MICROS


@dataclass(frozen=True, slots=True)
class SteeringPrices:
    """A price in micros for every share [shares] and every commitment [commitments] of a `Steering`.

    Of a share within its price on both sides of 0, of a commitment from less of its price to 0. With them inside the
    costs of packages the least cost of a batch, plus `constant`, bounds the cost of every plan from below.
    """

    steering: Steering
    share: I64
    commitment: I64

    @classmethod
    def zero(cls, steering: Steering) -> Self:
        """Nothing is priced yet."""
        return cls(steering, np.zeros(len(steering.node_idx), np.int64), np.zeros(len(steering.service_idx), np.int64))

    @property
    def constant(self) -> int:
        """What the prices of commitments promise, less a micro for each share that is priced: its cost is rounded."""
        promised: int = sum(
            -price * least
            for price, least in zip(self.commitment.tolist(), self.steering.min_packages.tolist(), strict=True)
        )
        return min(promised, MAX_TOTAL_MICROS) - int(np.count_nonzero(self.share))

    def unit_prices(self, num_nodes: int) -> I64:
        """What a unit pays that leaves each node: the node's price less its part of all, rounded down, [nodes]."""
        found: I64 = np.zeros(num_nodes, np.int64)
        found[self.steering.node_idx] = self.share
        shared: int = sum(
            target * price for target, price in zip(self.steering.target.exact_list(), self.share.tolist(), strict=True)
        )
        unit: I64 = found + int(-shared // ATTO)
        return unit

    def package_prices(self, problem: Problem, first_day: int, num_days: int) -> I64:
        """What a package of each service on each day from `first_day` on pays, [services, days]."""
        if not len(self.commitment):
            return np.zeros((len(problem.services), 0), np.int64)
        found = np.zeros((len(problem.services), num_days), np.int64)
        at = self.steering.day - first_day
        inside = (at >= 0) & (at < num_days)
        found[self.steering.service_idx[inside], at[inside]] = self.commitment[inside]
        return found
