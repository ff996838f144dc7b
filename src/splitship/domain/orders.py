"""Customer orders and their lines as columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from splitship.domain.constant import NEUTRAL, column_of, fill_columns
from splitship.units import I64, NO_DATE, Amounts, Bools, Floats, Strings

LONG_PAST = -NO_DATE
"""A day before all others: what an empty `hold_until` or `not_before` means (a day number)."""

SHIPS = -1
"""In place of a pick-up node: the line ships to the customer."""

NO_KIT = -1
"""In place of a kit's line: the line is no component of a kit."""

NO_PROMISE = -1
"""In place of a promise: the line's units are not promised."""

NO_PART = -1
"""In place of a line in parts: the line is whole."""


@dataclass(frozen=True, slots=True)
class Orders:
    """Customer orders, in the order in which they were given.

    `placed_at_us` is microseconds since the epoch, `deliver_by` a day number (NO_DATE when absent),
    `max_packages` the limit in force (the order's own, else the pack's, else UNLIMITED).
    The nodes excluded for order o are `excluded_node_idx[excluded_ptr[o]:excluded_ptr[o + 1]]`.
    `hold_until` is the last ship day to which the order may be held beyond the horizon, `not_before` its earliest
    delivery day: day numbers, LONG_PAST when absent. Columns that nobody filled may be broadcast.
    `max_distance_km` (inf: none) and `max_transit_days` (UNLIMITED: none) are in force where rules set them, the pack's
    limits counted in; None where no rule does. So are `min_package_value` and `min_order_value`, in whole micros: what
    lies in each package, and what ships of the order if anything does, is worth as much by its lines' unit values.
    `num_released` packages have left before: they are off `max_packages`, and with one of them every package that ships
    is a split.
    """

    order_id: Strings
    placed_at_us: I64
    country: Strings
    postal_code: Strings
    latitude: Floats
    longitude: Floats
    deliver_by: I64
    priority: Amounts
    is_ship_complete: Bools
    max_packages: I64
    channel: Strings
    excluded_ptr: I64
    excluded_node_idx: I64
    hold_until: I64 = field(metadata={NEUTRAL: LONG_PAST})
    not_before: I64 = field(metadata={NEUTRAL: LONG_PAST})
    max_distance_km: Floats | None = field(default=None, metadata={NEUTRAL: None})
    max_transit_days: I64 | None = field(default=None, metadata={NEUTRAL: None})
    min_package_value: I64 | None = field(default=None, metadata={NEUTRAL: None})
    min_order_value: I64 | None = field(default=None, metadata={NEUTRAL: None})
    num_released: I64 = column_of(0)
    attributes: Mapping[str, Strings] = field(default_factory=dict)

    def __post_init__(self) -> None:
        fill_columns(self, len(self.order_id))

    def __len__(self) -> int:
        return len(self.order_id)


@dataclass(frozen=True, slots=True)
class OrderLines:
    """Order lines, grouped by order in the orders' sequence.

    `unit_value` is the line's own or its SKU's; `unfilled_cost` is per unit where `has_unfilled_cost`,
    else the objective's terms apply. `pickup_node_idx` is the node at which the line is picked up, SHIPS when it
    ships: the line's own mode and node where they are given, else its order's. A column that nobody filled may be
    broadcast.

    Components of kits are lines of their own once kits are in force: `kit_line_idx` is the line of the kit in the
    problem as given, NO_KIT for other lines; `kit_quantity` the units in one kit, 1 for other lines, and such a line
    ships by whole kits. A kit counts as shipped as often as all its components are, and none may ship beyond that.
    Where `is_together`, all components of a unit of the kit lie in one package.

    Units that were released are off `quantity`, which may be 0 then. `promise_idx` is the promise that a line's units
    are part of (`Problem.promises`), NO_PROMISE for none. A line of which a promise holds a part comes once for each
    promise and once for the rest: they have the same `part_of` (any number from 0
    on), NO_PART for whole lines.
    """

    order_idx: I64
    line_id: Strings
    sku_idx: I64
    quantity: I64
    unit_value: Amounts
    is_splittable: Bools
    unfilled_cost: Amounts
    has_unfilled_cost: Bools
    pickup_node_idx: I64 = field(metadata={NEUTRAL: SHIPS})
    kit_line_idx: I64 = column_of(NO_KIT)
    kit_quantity: I64 = column_of(1)
    is_together: Bools = column_of(False)
    promise_idx: I64 = column_of(NO_PROMISE)
    part_of: I64 = column_of(NO_PART)
    attributes: Mapping[str, Strings] = field(default_factory=dict)

    def __post_init__(self) -> None:
        fill_columns(self, len(self.order_idx))

    @property
    def has_kits(self) -> bool:
        """Some line is a component of a kit."""
        return bool((self.kit_line_idx != NO_KIT).any())

    @property
    def head_idx(self) -> I64:
        """The first component of the line's kit, the line itself where it is of no kit; [lines]."""
        head = np.arange(len(self), dtype=np.int64)
        if self.has_kits:
            part = np.flatnonzero(self.kit_line_idx != NO_KIT)
            _, first, number = np.unique(self.kit_line_idx[part], return_index=True, return_inverse=True)
            head[part] = part[first][number.reshape(-1)]
        return head

    def __len__(self) -> int:
        return len(self.order_idx)
