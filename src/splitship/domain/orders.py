"""Customer orders and their lines as columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from splitship.domain.constant import NEUTRAL
from splitship.units import I64, NO_DATE, Amounts, Bools, Floats, Strings

LONG_PAST = -NO_DATE
"""A day before all others: what an empty `hold_until` or `not_before` means (a day number)."""

SHIPS = -1
"""In place of a pick-up node: the line ships to the customer."""


@dataclass(frozen=True, slots=True)
class Orders:
    """Customer orders, in the order in which they were given.

    `placed_at_us` is microseconds since the epoch, `deliver_by` a day number (NO_DATE when absent),
    `max_packages` the limit in force (the order's own, else the pack's, else UNLIMITED).
    The nodes excluded for order o are `excluded_node_idx[excluded_ptr[o]:excluded_ptr[o + 1]]`.
    `hold_until` is the last ship day to which the order may be held beyond the horizon, `not_before` its earliest
    delivery day: day numbers, LONG_PAST when absent. Columns that nobody filled may be broadcast.
    `max_distance_km` (inf: none) and `max_transit_days` (UNLIMITED: none) are in force where rules set them, the pack's
    limits counted in; None where no rule does.
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
    attributes: Mapping[str, Strings] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.order_id)


@dataclass(frozen=True, slots=True)
class OrderLines:
    """Order lines, grouped by order in the orders' sequence.

    `unit_value` is the line's own or its SKU's; `unfilled_cost` is per unit where `has_unfilled_cost`,
    else the objective's terms apply. `pickup_node_idx` is the node at which the line is picked up, SHIPS when it
    ships: the line's own mode and node where they are given, else its order's. A column that nobody filled may be
    broadcast.
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
    attributes: Mapping[str, Strings] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.order_idx)
