"""Rules: what a business forbids, prices, tightens or limits, and for which orders, lines, SKUs, nodes and services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal

from splitship.domain.where import Where

Part = Literal["order", "line", "sku", "node", "service"]
PARTS: tuple[Part, ...] = ("order", "line", "sku", "node", "service")
"""What a rule's `where` may name."""
LINE_PARTS: tuple[Part, ...] = ("line", "sku")
"""Parts that tell lines of one order apart."""
MAX_RULES = 10_000
"""Most rules of a problem."""

SetValue = bool | int | Decimal


@dataclass(frozen=True, slots=True)
class RuleWhere:
    """What a rule is about: conditions on each part, all of which must hold; an empty part is every row."""

    order: Where = ()
    line: Where = ()
    sku: Where = ()
    node: Where = ()
    service: Where = ()

    def of(self, part: Part) -> Where:
        """The conditions on one part."""
        where: Where = getattr(self, part)
        return where

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts that have conditions."""
        return tuple(part for part in PARTS if self.of(part))


@dataclass(frozen=True, slots=True)
class RulePrice:
    """Money for doing what the rule is about, all at least 0, with up to 18 decimals.

    `per_unit`, `per_line`: for each unit, each line of a package that matches. `per_package`: once for a package of
    which a line matches. `per_order`: once for an order of which a package matches.
    """

    per_unit: Decimal = Decimal(0)
    per_line: Decimal = Decimal(0)
    per_package: Decimal = Decimal(0)
    per_order: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class RuleQuota:
    """At most `packages` packages of which a line matches, all matches together; per ship day or in the whole batch.

    `price_over` is money per package beyond it; None makes it hard.
    """

    packages: int
    price_over: Decimal | None = None
    per: Literal["day", "batch"] = "day"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Its effects, one at least: `is_forbidden` (without price and quota), `price`, `sets`, `quota`.

    `sets` are pairs of a name in `SETTABLE` and a value, sorted by name. `first_day` and `last_day` are day numbers,
    both inclusive, None when open: the ship day for which the rule holds (for `sets` the day of `as_of`).
    """

    name: str
    where: RuleWhere = field(default_factory=RuleWhere)
    is_forbidden: bool = False
    price: RulePrice | None = None
    sets: tuple[tuple[str, SetValue], ...] = ()
    quota: RuleQuota | None = None
    first_day: int | None = None
    last_day: int | None = None

    @property
    def acts_on_packages(self) -> bool:
        """It forbids, prices or counts packages (and does not only set limits)."""
        return self.is_forbidden or self.price is not None or self.quota is not None

    def holds_on(self, day: int) -> bool:
        """Is the day number within the rule's dates?"""
        return (self.first_day is None or self.first_day <= day) and (self.last_day is None or day <= self.last_day)

    def facts(self) -> dict[str, Any]:
        """What the rule says, by name, without what it leaves open: the form in which it is hashed."""
        said: dict[str, Any] = {"name": self.name}
        said |= {f"where.{part}": self.where.of(part) for part in self.where.parts}
        said |= {f"set.{name}": value for name, value in self.sets}
        rest = {
            "forbid": self.is_forbidden or None,
            "price": self.price,
            "quota": self.quota,
            "from": self.first_day,
            "until": self.last_day,
        }
        return said | {name: value for name, value in rest.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Settable:
    """A thing that rules may `set`: its type and bounds, which value is the strictest, and where it is looked up.

    `kind`: flag (true only), whole, number (at most 9 decimals) or money. `strictest` is the value that wins: the
    `least` or the `most`; what the tables and limits say takes part, so that a rule never loosens anything.
    `parts`: what the rule's `where` may name.
    """

    name: str
    kind: Literal["flag", "whole", "number", "money"]
    strictest: Literal["least", "most"]
    parts: tuple[Part, ...]
    meaning: str
    least: int = 0
    most: int = 10**12
    unit: str = ""


SETTABLE: Mapping[str, Settable] = MappingProxyType(
    {
        thing.name: thing
        for thing in (
            Settable("ship_complete", "flag", "most", ("order",), "all units of the order ship or none"),
            Settable("max_packages", "whole", "least", ("order",), "most packages of the order", 1, unit="packages"),
            Settable(
                "max_distance_km", "number", "least", ("order",), "farthest node that may serve the order",
                0, 100_000, "km",
            ),
            Settable(
                "max_transit_days", "whole", "least", ("order",), "longest transit of a package's lane", 0, 3650, "days"
            ),
            Settable(
                "max_nodes_per_line", "whole", "least", ("order",), "nodes that share a line; 1: it is not split",
                1, unit="nodes",
            ),
            Settable(
                "min_package_value", "money", "most", ("order",), "least value of the units in a package of the order",
                0, 10**9, "money",
            ),
            Settable(
                "min_order_value", "money", "most", ("order",), "least value of what ships of the order, if any ships",
                0, 10**9, "money",
            ),
            Settable(
                "safety_stock", "whole", "most", ("node", "sku"), "units of an SKU at a node that are never allocated",
                1, unit="units",
            ),
        )
    }
)  # fmt: skip
"""Everything a rule may set, by name."""
