"""What a plan takes of shared resources at their prices, named so that a person knows what is meant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.domain import Plan, ResourceKind
from splitship.instance import Instance
from splitship.packs.certificate_names import CertificateNames
from splitship.units import I64, day_text, format_micros


@dataclass(frozen=True, slots=True)
class Taken:
    """So many units of one shared resource at its price a unit, in micros; keys that the kind has not are None.

    `kind` is the label of a `ResourceKind`, `words` names one of them in a sentence.
    """

    kind: str
    words: str
    units: int
    price: int
    node_id: str | None = None
    sku_id: str | None = None
    service_id: str | None = None
    date: str | None = None
    rule: str | None = None

    @property
    def amount(self) -> int:
        """Price x units, micros."""
        return self.price * self.units

    @property
    def text(self) -> str:
        """`2 x KETTLE at EAST, 3.00 each`."""
        return f"{self.units:,} x {self.words}, {format_micros(self.price)} each"


def taken_of_rows(instance: Instance, names: CertificateNames, prices: I64, use: I64) -> tuple[Taken, ...]:
    """What is taken of rows that have a price, dearest first; `prices` and `use` are [rows]."""
    problem, resources = instance.problem, instance.resources
    rows = np.flatnonzero((use != 0) & (prices > 0))
    rows = rows[np.argsort(-(use * prices)[rows], kind="stable")]
    found = []
    for row in rows.tolist():
        kind = ResourceKind(int(resources.kind[row]))
        node, sku, service = (int(getattr(resources, f"{name}_idx")[row]) for name in ("node", "sku", "service"))
        day, mark = int(resources.day[row]), int(resources.rule_idx[row])
        rule = problem.rules[mark].name if kind is ResourceKind.RULE_QUOTA else None
        node_id = str(problem.nodes.node_id[node]) if kind.has_node else None
        sku_id = str(problem.skus.sku_id[sku]) if kind.has_sku else None
        service_id = str(problem.services.service_id[service]) if kind.has_service else None
        date = day_text(day) if kind.has_day and day >= 0 else None
        words = _words(kind, node_id, sku_id, service_id, date, rule)
        if kind is ResourceKind.CHANNEL_RESERVE:
            words += f" beyond what is kept for {', '.join(names.reserves.channels(node, sku, mark))}"
        found.append(Taken(kind.label, words, int(use[row]), int(prices[row]), node_id, sku_id, service_id, date, rule))
    return tuple(found)


def taken_of_steering(instance: Instance, plan: Plan) -> tuple[Taken, ...]:
    """What units and packages of a plan do to shares of nodes and committed volumes, at their prices of either sign."""
    steering, problem = instance.steering, instance.problem
    if steering is None:
        return ()
    found = []
    unit_prices = steering.unit_prices(len(problem.nodes))
    units = np.bincount(plan.node_idx[plan.content_package], plan.content_quantity, len(problem.nodes)).astype(np.int64)
    for node in np.flatnonzero((units > 0) & (unit_prices != 0)).tolist():
        node_id = str(problem.nodes.node_id[node])
        words = f"unit of {node_id} beside the target shares"
        found.append(
            Taken(ResourceKind.NODE_SHARE.label, words, int(units[node]), int(unit_prices[node]), node_id=node_id)
        )
    goals = steering.steering
    rows = zip(goals.service_idx.tolist(), goals.day.tolist(), steering.commitment.tolist(), strict=True)
    for service, day, price in rows:
        count = int(((plan.service_idx == service) & (plan.ship_day == day)).sum())
        if count and price:
            service_id, date = str(problem.services.service_id[service]), day_text(day)
            words = f"package of {service_id}'s committed volume on {date}"
            label = ResourceKind.SERVICE_COMMITMENT.label
            found.append(Taken(label, words, count, price, service_id=service_id, date=date))
    return tuple(found)


def _words(
    kind: ResourceKind, node_id: str | None, sku_id: str | None, service_id: str | None, date: str | None,
    rule: str | None,
) -> str:  # fmt: skip
    when = f" on {date}" if date else ""
    match kind:
        case ResourceKind.STOCK | ResourceKind.CHANNEL_RESERVE:
            return f"{sku_id} at {node_id}"
        case ResourceKind.STOCK_UNTIL:
            return f"{sku_id} at {node_id} until {date}"
        case ResourceKind.NODE_PACKAGES:
            return f"package of {node_id}{when}"
        case ResourceKind.NODE_UNITS:
            return f"unit of {node_id}'s capacity{when}"
        case ResourceKind.NODE_LINES:
            return f"line of {node_id}{when}"
        case ResourceKind.NODE_MINUTES:
            return f"step of {node_id}'s minutes{when}"
        case ResourceKind.SERVICE_PACKAGES:
            return f"package of {node_id} by {service_id}{when}"
        case ResourceKind.SERVICE_QUOTA:
            return f"package by {service_id}{when}"
        case ResourceKind.RULE_QUOTA:
            return f"package under the rule {rule!r}{when}"
    return kind.label
