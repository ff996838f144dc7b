"""Samples from one seeded stream of `random.random`, which gives the same numbers in every version of Python."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence


class Draw:
    """Samples from one stream of `random.random`."""

    def __init__(self, seed: int) -> None:
        self.uniform = random.Random(seed).random

    def chance(self, probability: float) -> bool:
        return self.uniform() < probability

    def normal(self) -> float:
        return math.sqrt(-2 * math.log(1 - self.uniform())) * math.cos(2 * math.pi * self.uniform())

    def log_normal(self, median: float, spread: float) -> float:
        return median * math.exp(spread * self.normal())

    def geometric(self, success: float) -> int:
        """1, 2, ...: trials up to the first success."""
        return 1 + int(math.log(1 - self.uniform()) / math.log(1 - success))

    def pick(self, cumulative: Sequence[float]) -> int:
        """A position with probability proportional to the steps of `cumulative`."""
        target = self.uniform() * cumulative[-1]
        return next(i for i, reached in enumerate(cumulative) if target < reached)

    def shuffle(self, values: list[int]) -> None:
        for i in range(len(values) - 1, 0, -1):
            j = int(self.uniform() * (i + 1))
            values[i], values[j] = values[j], values[i]


def cumulated(weights: Sequence[float]) -> list[float]:
    """Running sums."""
    total, sums = 0.0, []
    for weight in weights:
        total += weight
        sums.append(total)
    return sums
