"""What a scenario consists of, as plain Python objects with exact fractions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction


def to_micros(amount: Fraction) -> int:
    """Money as whole micros, ties to the even one (Python's own rounding of a Fraction)."""
    return round(amount * 1_000_000)


@dataclass(frozen=True)
class Daily:
    """Amounts of one ship day of a node; `umin` is millionths of a minute. As limits they are None without one."""

    packages: int | None = None
    units: int | None = None
    lines: int | None = None
    umin: int | None = None


NO_USE = Daily(0, 0, 0, 0)


@dataclass(frozen=True)
class NodeDay:
    """What is said of one day of a node; `is_open` is None when nothing is. `most` is in force, node's or day's own."""

    is_open: bool | None
    most: Daily
    used: Daily


@dataclass(frozen=True)
class Node:
    """`cutoff` is the time since local midnight; `most` is what a day without a row of its own can do."""

    node_id: str
    latitude: float | None
    longitude: float | None
    timezone: str
    cutoff: timedelta
    lead_days: int
    working_days: tuple[bool, ...]
    is_open: bool
    package_cost: Fraction
    line_cost: Fraction
    unit_cost: Fraction
    most: Daily = Daily()
    umin_per_package: int = 0
    umin_per_unit: int = 0


@dataclass(frozen=True)
class Sku:
    """Kilograms and cm3 a unit; volume 0 when a side is missing."""

    sku_id: str
    weight: Fraction
    volume: Fraction
    is_ship_alone: bool


@dataclass(frozen=True)
class Way:
    """How units get from the node that they leave to the one at which they are picked up; the same without a transfer.

    `per_unit` in whole micros.
    """

    from_node: str
    to_node: str
    days: int
    working_days: tuple[bool, ...]
    per_package: Fraction
    per_unit: int

    @property
    def is_transfer(self) -> bool:
        """It moves units between two nodes."""
        return self.from_node != self.to_node


@dataclass(frozen=True)
class Service:
    """`divisor` in cm3 per kg, `step` and `max_weight` in kg; None when not given. `way` where no carrier runs it."""

    service_id: str
    divisor: Fraction | None
    step: Fraction | None
    max_weight: Fraction | None
    ship_days: tuple[bool, ...]
    delivery_days: tuple[bool, ...]
    way: Way | None = None

    @property
    def pickup(self) -> str | None:
        """The node at which the customer gets what goes by it, None where it is brought."""
        return None if self.way is None else self.way.to_node


@dataclass(frozen=True)
class Lane:
    """Where a service goes from a node."""

    service_id: str
    node_id: str
    country: str
    destination: str
    zone: str
    transit_days: int


@dataclass(frozen=True)
class Bracket:
    """A bracket of a rate card; `per_extra` is None where heavier packages cannot ship."""

    up_to: Fraction
    price: Fraction
    per_extra: Fraction | None


@dataclass(frozen=True)
class Promise:
    """A package of the plan before that should stay: its place, and the order's lines that it holds in full.

    `price` of a plan without it in whole micros, None where there must be no such plan.
    """

    node_id: str
    service_id: str
    ship_on: date
    price: int | None
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Line:
    """`unfilled_cost` in whole micros a unit; `value` is the exact one of a unit.

    `pickup` is the node at which it is picked up, None when it ships. A component is a line of its own, with the kit's
    line and its own SKU in its name: `kit` is the line that was given, `kit_quantity` the units in one kit.
    `substitutes` are SKUs with what a unit of them costs, in whole micros; `rejected` are nodes that it does not ship
    from. A line of which promises hold parts is a line for each part: `part_of` is the whole line's name.
    """

    line_id: str
    sku_id: str
    quantity: int
    is_splittable: bool
    unfilled_cost: int
    value: Fraction = Fraction(0)
    pickup: str | None = None
    kit: str | None = None
    kit_quantity: int = 1
    is_together: bool = False
    substitutes: tuple[tuple[str, int], ...] = ()
    rejected: frozenset[str] = frozenset()
    part_of: str | None = None

    @property
    def given_id(self) -> str:
        """The line's name in the tables."""
        return self.kit or self.part_of or self.line_id

    @property
    def skus(self) -> tuple[str, ...]:
        """Every SKU that may ship for it, its own first."""
        return (self.sku_id, *(sku for sku, _ in self.substitutes))

    @property
    def steps(self) -> range:
        """Units of it that may lie in a package: whole kits, of an unsplittable line all or none."""
        return range(0, self.quantity + 1, self.kit_quantity if self.is_splittable else max(1, self.quantity))

    def name_with(self, sku_id: str) -> str:
        """The line's name in a package that holds units of an SKU for it."""
        return self.line_id if sku_id == self.sku_id else f"{self.line_id}={sku_id}"


@dataclass(frozen=True)
class Order:
    """One customer order; `placed_at` is an instant, `deliver_by`, `hold_until` and `not_before` dates or None.

    What rules set is counted in: `max_distance_km` and `max_transit_days` are theirs, beside those of all orders.
    `num_released` packages have left before, and are off `max_packages`.
    """

    order_id: str
    placed_at: datetime
    country: str
    postal_code: str
    latitude: float | None
    longitude: float | None
    deliver_by: date | None
    priority: Fraction
    is_ship_complete: bool
    max_packages: int | None
    excluded: frozenset[str]
    lines: tuple[Line, ...]
    hold_until: date | None = None
    not_before: date | None = None
    max_distance_km: Fraction | None = None
    max_transit_days: int | None = None
    min_package_value: Fraction = Fraction(0)
    min_order_value: Fraction = Fraction(0)
    channel: str = ""
    num_released: int = 0
    promises: tuple[Promise, ...] = ()

    def kept_by(self, node_id: str, service_id: str, ship_on: date, units: tuple[int, ...]) -> tuple[int, ...]:
        """The promises that a package with so many units of every line keeps, by number."""
        place = node_id, service_id, ship_on
        return tuple(
            number
            for number, promise in enumerate(self.promises)
            if (promise.node_id, promise.service_id, promise.ship_on) == place
            and all(units[at] >= self.lines[at].quantity for at in promise.lines)
        )

    def value_of(self, units: tuple[int, ...]) -> Fraction:
        """What units of its lines are worth."""
        return sum((line.value * number for line, number in zip(self.lines, units, strict=True)), Fraction(0))
