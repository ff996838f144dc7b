"""The certificate of a lower bound: prices of shared resources, line values for wide orders, and leaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from splitship.units import I64, Bools


class ResourceKind(IntEnum):
    """Kinds of shared resource, and which keys name one."""

    STOCK = 0  # node, SKU; units
    NODE_PACKAGES = 1  # node, ship day
    NODE_UNITS = 2  # node, ship day
    SERVICE_PACKAGES = 3  # node, service, ship day
    NODE_LINES = 4  # node, ship day; each line of each package
    NODE_MINUTES = 5  # node, ship day; in `Nodes.umin_step` each
    SERVICE_QUOTA = 6  # service, ship day; packages of all nodes
    RULE_QUOTA = 7  # rule, ship day (or none: the whole batch); packages that the rule is about
    STOCK_UNTIL = 8  # node, SKU, day; units that ship on it or before, where more arrives
    NODE_SHARE = 9  # node; units of the node beyond its share of all units, a price of either sign
    SERVICE_COMMITMENT = 10  # service, ship day; packages beyond the committed volume, a price of at most 0
    CHANNEL_RESERVE = 11  # node, SKU, a set of reserves; units of all channels but those for which the set is kept

    @property
    def has_node(self) -> bool:
        """Whether a node is one of the keys: of all but quotas over all nodes."""
        return self not in (ResourceKind.SERVICE_QUOTA, ResourceKind.RULE_QUOTA, ResourceKind.SERVICE_COMMITMENT)

    @property
    def has_sku(self) -> bool:
        """Whether a SKU is one of the keys."""
        return self in (ResourceKind.STOCK, ResourceKind.STOCK_UNTIL, ResourceKind.CHANNEL_RESERVE)

    @property
    def has_service(self) -> bool:
        """Whether a service is one of the keys."""
        return self in (
            ResourceKind.SERVICE_PACKAGES, ResourceKind.SERVICE_QUOTA, ResourceKind.SERVICE_COMMITMENT
        )  # fmt: skip

    @property
    def has_day(self) -> bool:
        """Whether a ship day is one of the keys; a rule's quota of the whole batch has none all the same."""
        return self not in (ResourceKind.STOCK, ResourceKind.NODE_SHARE, ResourceKind.CHANNEL_RESERVE)

    @property
    def is_signed(self) -> bool:
        """Whether prices may be below 0."""
        return self in (ResourceKind.NODE_SHARE, ResourceKind.SERVICE_COMMITMENT)

    @property
    def label(self) -> str:
        """The name in documents: `stock`, `node_packages`, `node_units` and so on."""
        return self.name.lower()


def _none() -> I64:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Prices in micros per unit of a resource; a resource that is not listed has price 0.

    They are at least 0, but for `ResourceKind.NODE_SHARE` from less to more of the node's share price, and for
    `SERVICE_COMMITMENT` from less of its shortfall price to 0.

    Rows are [prices]; `node_idx`, `sku_idx`, `service_idx`, `day` and `rule_idx` (a position in `Problem.rules`) are -1
    where the kind has no such key; `rule_idx` may be left out when it is -1 throughout.
    `share_line` and `share_value` ([shares]) give, for lines of orders too wide for exact pricing, a value
    in micros per unit from which the bound of docs/certificate.md is recomputed; a line that is not
    listed has value 0. `bound` is the claimed lower bound in micros.
    `own_line`, `own_node`, `own_price` ([own prices]) charge a line of an order that is priced exactly its own price
    (micros per unit) for stock at a node, in place of a price for all; such stock counts as what the best choice of
    lines that fits into it pays.

    `leaves` part all plans by decisions; each has prices of its own, the certificate itself then has none, and its
    `bound` is the least of theirs. Without leaves its prices hold for all plans.
    """

    kind: I64
    node_idx: I64
    sku_idx: I64
    service_idx: I64
    day: I64
    price: I64
    share_line: I64
    share_value: I64
    bound: int
    own_line: I64 = field(default_factory=_none)
    own_node: I64 = field(default_factory=_none)
    own_price: I64 = field(default_factory=_none)
    leaves: tuple[Leaf, ...] = ()
    rule_idx: I64 = field(default_factory=_none)

    def __post_init__(self) -> None:
        if not len(self.rule_idx) and len(self.kind):
            object.__setattr__(self, "rule_idx", np.full(len(self.kind), -1, np.int64))

    @classmethod
    def without_prices(cls, bound: int) -> Certificate:
        """All prices zero: every order at its cheapest plan."""
        none = np.zeros(0, np.int64)
        return cls(none, none, none, none, none, none, none, none, bound)


ANY_NODE = -1
"""In place of a node in a decision: the whole line ships from some node, or nothing of it does from any."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """Plans that keep some decisions, and prices that bound their cost.

    `line`, `node`, `ships` ([decisions], in the order in which they part the plans): True says that the whole line
    ships from the node, False that nothing of it does; with `ANY_NODE` as node, that it ships, or not, at all. Only
    lines that ship whole, of orders that are priced exactly. `prices` bounds the cost of these plans, and has no leaves
    itself.
    """

    line: I64
    node: I64
    ships: Bools
    prices: Certificate
