"""Leaves of branch and bound: parts of all plans, and the prices that bound each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from splitship.engine.decisions import Path
from splitship.units import I64


@dataclass(frozen=True, slots=True)
class Proof:
    """A bound in micros on the plans that keep the decisions of `path`, and its prices: `price` at `index`, else 0.

    `size` is the length of all prices (rows, and option lines behind them). When no plan keeps the decisions, `bound`
    is out of any plan's reach.
    """

    path: Path
    bound: int
    index: I64
    price: I64
    size: int

    @classmethod
    def of(cls, path: Path, bound: int, prices: I64) -> Self:
        """Only prices other than 0 are kept."""
        index = np.flatnonzero(prices)
        return cls(path, bound, index, prices[index], len(prices))

    def below(self, path: Path) -> Proof:
        """The same prices for a part of the plans: their bound holds there too."""
        return Proof(path, self.bound, self.index, self.price, self.size)

    def prices(self) -> I64:
        """Prices of rows, and of option lines on top."""
        out = np.zeros(self.size, np.int64)
        out[self.index] = self.price
        return out


@dataclass(frozen=True, slots=True)
class Leaves:
    """Proofs whose paths part all plans."""

    proofs: tuple[Proof, ...]

    @property
    def bound(self) -> int:
        """The least bound of the leaves, in micros."""
        return min(proof.bound for proof in self.proofs)
