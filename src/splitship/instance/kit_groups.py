"""What must lie in one package with each line: the other components of its kit, where they ship together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splitship.domain import Problem
from splitship.domain.orders import NO_KIT
from splitship.instance.asked import Asked
from splitship.units import I64, Bools


@dataclass(frozen=True, slots=True)
class KitGroups:
    """Rows of `Asked` whose lines lie in one package; [rows].

    `is_part`: the row's line is a component of a kit that ships together, all components of which are asked. `group`
    numbers kits (-1: none), `size` counts the lines, `own_units` are the units of the row's line at once and `units`
    those of all components. `is_torn`: a component ships alone and there are others, so that the kit cannot ship.
    """

    sku_idx: I64
    line_idx: I64
    is_part: Bools
    group: I64
    size: I64
    own_units: I64
    units: I64
    is_torn: Bools

    @classmethod
    def of(cls, problem: Problem, asked: Asked, units: I64) -> KitGroups:
        """The groups of rows; `units` [rows] are what a package holds of each line at the least."""
        lines, line_idx = problem.lines, asked.line_idx
        is_part = lines.is_together[line_idx] & (lines.kit_line_idx[line_idx] != NO_KIT)
        one = np.ones(len(line_idx), np.int64)
        group = np.full(len(line_idx), -1, np.int64)
        plain = cls(asked.sku_idx, line_idx, is_part, group, one, units, units, np.zeros(len(line_idx), np.bool_))
        if not is_part.any():
            return plain
        kits, number = np.unique(lines.kit_line_idx[line_idx[is_part]], return_inverse=True)
        group[is_part] = number.reshape(-1)
        is_first = np.diff(line_idx, prepend=-1) != 0
        total, size = np.zeros((2, len(kits)), np.int64)
        np.add.at(total, group[is_part & is_first], units[is_part & is_first])
        np.add.at(size, group[is_part & is_first], 1)
        can_share = np.zeros(int(line_idx.max()) + 1, np.bool_)
        np.logical_or.at(can_share, line_idx, ~problem.skus.is_ship_alone[asked.sku_idx])
        torn = np.zeros(len(kits), np.bool_)
        np.logical_or.at(torn, group[is_part], ~can_share[line_idx[is_part]])
        torn &= size > 1
        return cls(
            asked.sku_idx,
            line_idx,
            is_part,
            group,
            np.where(is_part, size[group], 1),
            units,
            np.where(is_part, total[group], units),
            is_part & torn[group],
        )

    @property
    def is_any(self) -> bool:
        """Some kit ships together."""
        return bool(self.is_part.any())

    def least_sum(self, amount: I64) -> I64:
        """What components come to, each as the SKU with the least of `amount`; elsewhere the row's own amount."""
        first = np.flatnonzero(np.diff(self.line_idx, prepend=-1))
        least = np.minimum.reduceat(amount, first) if len(first) else amount
        total = np.zeros(int(self.group.max(initial=-1)) + 1, np.int64)
        of_group = self.group[first]
        np.add.at(total, of_group[of_group >= 0], least[of_group >= 0])
        found: I64 = np.where(self.is_part, np.append(total, 0)[self.group], amount)
        return found

    def least_of_parts(self, values: NDArray[np.int8]) -> NDArray[np.int8]:
        """For rows of a kit that ships together the least of its rows, [rows, ...]; a row for each line only."""
        least = values.copy()
        if self.is_any:
            of_group = np.full((int(self.group.max()) + 1, *values.shape[1:]), np.iinfo(np.int8).max, np.int8)
            np.minimum.at(of_group, self.group[self.is_part], values[self.is_part])
            least[self.is_part] = of_group[self.group[self.is_part]]
        return least
