"""Shared resources as planners know them: what there may be one more of, in business words, and its price."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from splitship.domain import Problem, ResourceKind
from splitship.domain.reserves_in_force import ReserveSets
from splitship.units import MICROS, day_text, format_micros

_UNITS = {
    ResourceKind.STOCK: "unit",
    ResourceKind.NODE_UNITS: "unit",
    ResourceKind.NODE_LINES: "line",
    ResourceKind.NODE_MINUTES: "minute",
    ResourceKind.CHANNEL_RESERVE: "unit",
    ResourceKind.NODE_SHARE: "unit",
}


@dataclass(frozen=True, slots=True)
class PricedRow:
    """A row of a certificate: its keys as there (-1 where the kind has none), and its price in micros."""

    kind: ResourceKind
    node_idx: int
    sku_idx: int
    service_idx: int
    day: int
    rule_idx: int
    price: int


@dataclass(frozen=True, slots=True, order=True)
class Resource:
    """Something a planner can have more of; positions as in the problem in force, -1 (and '') where there is no key.

    It is what the tables can say, so it may stand for several rows of a certificate: a unit on hand (STOCK) is there on
    every day and for every channel; a limit a day of a service at a node (SERVICE_PACKAGES) or of a rule (RULE_QUOTA)
    holds on all days. CHANNEL_RESERVE is a unit less that is kept for `channel`, SERVICE_COMMITMENT a package less of a
    committed volume. Of NODE_SHARE, a share to be steered towards, there is no more or less.
    """

    kind: ResourceKind
    node_idx: int = -1
    sku_idx: int = -1
    service_idx: int = -1
    day: int = -1
    rule_idx: int = -1
    channel: str = ""

    @property
    def unit(self) -> str:
        """What it is counted in."""
        return _UNITS.get(self.kind, "package")

    @property
    def can_be_more(self) -> bool:
        """Whether the tables can say that there is more of it."""
        return self.kind is not ResourceKind.NODE_SHARE

    def words(self, problem: Problem) -> str:
        """Its name: `stock of SKU7 at CHI1`, `packages at ATL1 on 2026-11-27`."""
        node = str(problem.nodes.node_id[self.node_idx]) if self.node_idx >= 0 else ""
        sku = str(problem.skus.sku_id[self.sku_idx]) if self.sku_idx >= 0 else ""
        service = str(problem.services.service_id[self.service_idx]) if self.service_idx >= 0 else ""
        match self.kind:
            case ResourceKind.STOCK | ResourceKind.STOCK_UNTIL:
                return f"stock of {sku} at {node}"
            case ResourceKind.SERVICE_PACKAGES:
                return f"packages a day by {service} from {node}"
            case ResourceKind.SERVICE_QUOTA:
                return f"packages by {service} on {day_text(self.day)}"
            case ResourceKind.RULE_QUOTA:
                rule = problem.rules[self.rule_idx]
                per = "a day" if rule.quota is not None and rule.quota.per == "day" else "in the batch"
                return f"packages {per} under the rule {rule.name!r}"
            case ResourceKind.CHANNEL_RESERVE:
                return f"{sku} at {node} kept for {self.channel}"
            case ResourceKind.SERVICE_COMMITMENT:
                return f"committed packages by {service} on {day_text(self.day)}"
            case ResourceKind.NODE_SHARE:
                return f"share of {node}"
        noun = {"minute": "minutes of work"}.get(self.unit, f"{self.unit}s")
        return f"{noun} at {node} on {day_text(self.day)}"

    def change_words(self, problem: Problem, step: int) -> str:
        """So many more of it: `2 more units of SKU7 at CHI1`, `3 more packages at ATL1 on 2026-11-27`."""
        number = f"{step:,} {{}} {self.unit}{'' if step == 1 else 's'}"
        words = self.words(problem)
        match self.kind:
            case ResourceKind.STOCK | ResourceKind.STOCK_UNTIL:
                return number.format("more") + words.removeprefix("stock")
            case ResourceKind.CHANNEL_RESERVE:
                return number.format("fewer") + f" of {words}"
            case ResourceKind.SERVICE_COMMITMENT:
                return number.format("fewer") + words.removeprefix("committed packages") + " committed"
        return number.format("more") + words.removeprefix(f"{self.unit}s")

    def amount_text(self, amount: int) -> str:
        """A supply or use of it; minutes are kept in 10^-6."""
        if self.kind is not ResourceKind.NODE_MINUTES:
            return f"{amount:,}"
        return format_micros(amount).rstrip("0").rstrip(".")


def priced_resources(problem: Problem, rows: Iterable[PricedRow]) -> dict[Resource, int]:
    """What one more of each resource is worth at the prices of rows, in micros; those worth nothing are left out.

    One more raises every row that it stands for, so its price is the sum of theirs. Minutes are priced by the step in
    which they are counted. Prices below 0 (shares of nodes, committed volumes) count by their size.
    """
    sets, step = ReserveSets(problem), problem.nodes.umin_step
    found: dict[Resource, int] = {}

    def add(resource: Resource, price: int) -> None:
        found[resource] = found.get(resource, 0) + price

    for row in rows:
        if not row.price:
            continue
        position = Resource(ResourceKind.STOCK, row.node_idx, row.sku_idx)
        match row.kind:
            case ResourceKind.STOCK | ResourceKind.STOCK_UNTIL:
                add(position, row.price)
            case ResourceKind.CHANNEL_RESERVE:
                add(position, row.price)
                for channel in sets.channels(row.node_idx, row.sku_idx, row.rule_idx):
                    add(replace(position, kind=row.kind, channel=channel), row.price)
            case ResourceKind.SERVICE_PACKAGES:
                add(Resource(row.kind, row.node_idx, service_idx=row.service_idx), row.price)
            case ResourceKind.RULE_QUOTA:
                add(Resource(row.kind, rule_idx=row.rule_idx), row.price)
            case ResourceKind.NODE_MINUTES:
                add(Resource(row.kind, row.node_idx, day=row.day), row.price * MICROS // step)
            case ResourceKind.NODE_SHARE:
                add(Resource(row.kind, row.node_idx), abs(row.price))
            case _:
                add(Resource(row.kind, row.node_idx, service_idx=row.service_idx, day=row.day), abs(row.price))
    return {resource: price for resource, price in found.items() if price}
