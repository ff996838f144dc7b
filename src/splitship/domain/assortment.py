"""How SKUs stand for others: kits and substitutes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.domain.matching import matching_rows
from splitship.units import I64, Amounts, Bools


@dataclass(frozen=True, slots=True)
class Kits:
    """Components of kits, sorted by kit, component; each [components].

    A unit of `kit_sku_idx` ships as `quantity` units of each of its `sku_idx`, none of which is a kit. `is_together`,
    the same in all rows of a kit: all components of a kit unit lie in one package.
    """

    kit_sku_idx: I64
    sku_idx: I64
    quantity: I64
    is_together: Bools

    @classmethod
    def empty(cls) -> Kits:
        """No SKU is a kit."""
        none = np.zeros(0, np.int64)
        return cls(none, none, none, np.zeros(0, np.bool_))

    def __len__(self) -> int:
        return len(self.kit_sku_idx)


@dataclass(frozen=True, slots=True)
class Substitutes:
    """What may ship in place of an SKU, at a price for every unit replaced; sorted by SKU, substitute."""

    sku_idx: I64
    substitute_sku_idx: I64
    price_per_unit: Amounts

    @classmethod
    def empty(cls) -> Substitutes:
        """Every line ships what it names."""
        none = np.zeros(0, np.int64)
        return cls(none, none, Amounts.zeros(0))

    def __len__(self) -> int:
        return len(self.sku_idx)


@dataclass(frozen=True, slots=True)
class LineSubstitutes:
    """Which other SKUs may ship for the lines of a problem, sorted by line, SKU; each [line substitutes].

    A package fills a line with units of one SKU; each that is not the line's own costs `unit_price` micros.
    """

    line_idx: I64
    sku_idx: I64
    unit_price: I64

    @classmethod
    def empty(cls) -> LineSubstitutes:
        """Every line ships what it names."""
        none = np.zeros(0, np.int64)
        return cls(none, none, none)

    def rows_of(self, line_idx: I64, sku_idx: I64) -> I64:
        """The row of each pair of a line and an SKU, -1 where the SKU is no substitute."""
        if not len(self):
            return np.full(len(line_idx), -1, np.int64)
        most = int(max(self.sku_idx.max(), sku_idx.max(initial=0))) + 1
        own, asked = self.line_idx * most + self.sku_idx, line_idx * most + sku_idx
        at = np.minimum(np.searchsorted(own, asked), len(self) - 1)
        found: I64 = np.where(own[at] == asked, at, -1)
        return found

    def rows_at(self, line_idx: I64) -> I64:
        """The rows of some lines, one line after the other."""
        return matching_rows(self.line_idx, line_idx)[0]

    def of_lines(self, line_idx: I64) -> LineSubstitutes:
        """The same for some lines, which it numbers in their sequence."""
        rows, line = matching_rows(self.line_idx, line_idx)
        return LineSubstitutes(line, self.sku_idx[rows], self.unit_price[rows])

    def __len__(self) -> int:
        return len(self.line_idx)
