"""How SKUs stand for others: kits and substitutes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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
