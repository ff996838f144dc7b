"""The fulfilment network as columns: nodes, SKUs, stock, carrier services, lanes, rates.

Every class is a table; a row is a position in its arrays. References between tables are positions
(`node_idx`, `sku_idx`, `service_idx`). Ids stay text. Columns the model does not use are kept in
`attributes` as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from splitship.domain.constant import NEUTRAL, column_of, fill_columns
from splitship.units import I64, UNLIMITED, Amounts, Bools, Floats, Strings

Attributes = Mapping[str, Strings]


@dataclass(frozen=True, slots=True)
class Nodes:
    """Fulfilment nodes.

    `cutoff_us` is microseconds after local midnight (24:00, the default, is never passed).
    `working_days` is [nodes, 7], Monday first. Capacities are per ship day, UNLIMITED when absent.
    `latitude` and `longitude` are degrees, NaN when absent. `priority`: lower is preferred.
    A line counts once in each of its packages. Minutes of labour are in 10^-6 minutes (umin). Where
    `has_target_share`, each unit that the node ships above or below `target_share` (0 to 1, in all 1 at most) of all
    units shipped costs `share_price`.
    """

    node_id: Strings
    kind: Strings
    country: Strings
    postal_code: Strings
    latitude: Floats
    longitude: Floats
    timezone: Strings
    cutoff_us: I64
    lead_days: I64
    working_days: Bools
    is_open: Bools
    priority: Floats
    package_cost: Amounts
    line_cost: Amounts
    unit_cost: Amounts
    max_packages_per_day: I64
    max_units_per_day: I64
    max_lines_per_day: I64 = field(metadata={NEUTRAL: UNLIMITED})
    max_umin_per_day: I64 = field(metadata={NEUTRAL: UNLIMITED})
    umin_per_package: I64 = field(metadata={NEUTRAL: 0})
    umin_per_unit: I64 = field(metadata={NEUTRAL: 0})
    target_share: Amounts = field(metadata={NEUTRAL: 0})
    has_target_share: Bools = field(metadata={NEUTRAL: False})
    share_price: Amounts = field(metadata={NEUTRAL: 0})
    attributes: Attributes = field(default_factory=dict)

    @property
    def umin_step(self) -> int:
        """The unit in which minutes are counted and priced: what every package and unit needs is a multiple of it."""
        needed = np.concatenate([self.umin_per_package, self.umin_per_unit])
        return int(np.gcd.reduce(needed[needed > 0])) if (needed > 0).any() else 1

    def __len__(self) -> int:
        return len(self.node_id)


@dataclass(frozen=True, slots=True)
class Skus:
    """SKUs. `weight_ug` in micrograms a unit; sides in 10^-9 cm, all three 0 when any is missing (no volume)."""

    sku_id: Strings
    weight_ug: I64
    length_ncm: I64
    width_ncm: I64
    height_ncm: I64
    value: Amounts
    is_ship_alone: Bools
    attributes: Attributes = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.sku_id)


@dataclass(frozen=True, slots=True)
class Stock:
    """Stock positions in units, one row a (node, SKU), sorted by node then SKU position.

    `unit_price` is what taking a unit is priced at, in micros, below 0 a reward: of the table `stock_prices`, once it
    is in force.
    """

    node_idx: I64
    sku_idx: I64
    on_hand: I64
    reserved: I64
    safety_stock: I64
    unit_price: I64 = column_of(0)

    def __post_init__(self) -> None:
        fill_columns(self, len(self.node_idx))

    @property
    def available(self) -> I64:
        """Units that may be allocated: max(0, on hand - reserved - safety stock)."""
        left: I64 = np.maximum(0, self.on_hand - self.reserved - self.safety_stock)
        return left

    def __len__(self) -> int:
        return len(self.node_idx)


@dataclass(frozen=True, slots=True)
class Services:
    """Carrier services.

    `dim_divisor` is 10^-9 cm3 per kg, 0 for billing by actual weight; `weight_step_ug` is 0 for no step;
    `max_weight_ug` limits a package's actual weight. `ship_days` and `delivery_days` are [services, 7],
    Monday first. Services by which lines are picked up follow those of carriers once modes are in force:
    `pickup_node_idx` is where the customer gets the package, SHIPS at the services of carriers; `unit_cost` is micros
    that a unit costs besides the rate.
    """

    service_id: Strings
    carrier: Strings
    dim_divisor: I64
    weight_step_ug: I64
    max_weight_ug: I64
    ship_days: Bools
    delivery_days: Bools
    pickup_node_idx: I64 = column_of(-1)
    unit_cost: I64 = column_of(0)
    attributes: Attributes = field(default_factory=dict)

    def __post_init__(self) -> None:
        fill_columns(self, len(self.service_id))

    @property
    def is_carried(self) -> Bools:
        """A carrier runs the service; else a line is picked up by it. [services]"""
        found: Bools = self.pickup_node_idx < 0
        return found

    def __len__(self) -> int:
        return len(self.service_id)


@dataclass(frozen=True, slots=True)
class NodeServices:
    """Which node offers which service, and how many packages a ship day; both [nodes, services]."""

    is_offered: Bools
    max_packages_per_day: I64

    @classmethod
    def all_offered(cls, num_nodes: int, num_services: int) -> NodeServices:
        """Every node offers every service without limit: what an absent table means."""
        shape = (num_nodes, num_services)
        return cls(np.ones(shape, np.bool_), np.full(shape, UNLIMITED, np.int64))


@dataclass(frozen=True, slots=True)
class Lanes:
    """Where a service goes from a node: zone and transit days by destination prefix (`*` = the whole country)."""

    service_idx: I64
    node_idx: I64
    country: Strings
    destination: Strings
    zone: Strings
    transit_days: I64

    def __len__(self) -> int:
        return len(self.service_idx)


@dataclass(frozen=True, slots=True)
class Rates:
    """Rate card brackets, sorted by service, zone, `up_to_ug`.

    `per_extra` is money per kg beyond the bracket's `up_to_ug`; only where `has_extra`, on last brackets.
    """

    service_idx: I64
    zone: Strings
    up_to_ug: I64
    price: Amounts
    per_extra: Amounts
    has_extra: Bools

    def __len__(self) -> int:
        return len(self.service_idx)
