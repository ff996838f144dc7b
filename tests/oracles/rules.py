"""Rules and surcharges as the oracles know them: what they are about, what they set, and what they do to a package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Union

if TYPE_CHECKING:
    from oracles.before import Before
    from oracles.parts import Line, Order
    from oracles.pricing import Choice, Content, Skus
    from oracles.world import World

Cell = tuple[str, str, str, str, str]
"""A line in a package: order, line as given, the SKU that ships for it, node, service."""


@dataclass(frozen=True)
class Rule:
    """A rule or a surcharge; money in whole micros.

    `about` are the lines at nodes by services that meet all conditions, whatever the day; `orders` and `stock` (node,
    SKU) those that meet the conditions on them, for what it sets. `first` and `last` are ship days, both included.
    `over` is what a package beyond the quota costs, None where none may be.
    """

    name: str
    about: frozenset[Cell]
    orders: frozenset[str] = frozenset()
    stock: frozenset[tuple[str, str]] = frozenset()
    first: date | None = None
    last: date | None = None
    is_forbidden: bool = False
    per_package: int = 0
    per_line: int = 0
    per_unit: int = 0
    quota: int | None = None
    over: int | None = None
    is_quota_per_day: bool = True
    sets: tuple[tuple[str, Any], ...] = ()
    is_surcharge: bool = False
    share_of_value: Fraction = Fraction(0)

    def holds_on(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    @property
    def is_forbidding(self) -> bool:
        """It forbids what it is about, outright or by a quota of no packages."""
        return self.is_forbidden or (self.quota == 0 and self.over is None)

    @property
    def counts(self) -> bool:
        """It has a quota of at least a package, and going beyond it is not free."""
        return bool(self.quota) and self.over != 0

    @property
    def price_of_package(self) -> int:
        """What a package pays once: beyond a quota of none is every package."""
        return self.per_package + (self.over if self.quota == 0 and self.over is not None else 0)


# --- what rules set ---------------------------------------------------------------------------


def orders_in_force(orders: Sequence[Order], rules: Sequence[Rule], today: date) -> list[Order]:
    """The orders with the strictest of what they, the limits and the rules of the day say."""
    return [replace(order, **_strictest(order, rules, today)) for order in orders]


def _strictest(order: Order, rules: Sequence[Rule], today: date) -> dict[str, Any]:
    said: dict[str, list[Any]] = {}
    for rule in rules:
        if rule.holds_on(today) and order.order_id in rule.orders:
            for name, value in rule.sets:
                said.setdefault(name, []).append(value)
    lines = order.lines
    if 1 in said.get("max_nodes_per_line", []):
        lines = tuple(replace(line, is_splittable=False) for line in lines)
    packages = [*said.get("max_packages", []), *([] if order.max_packages is None else [order.max_packages])]
    return {
        "lines": lines,
        "is_ship_complete": order.is_ship_complete or "ship_complete" in said,
        "max_packages": min(packages, default=None),
        "max_distance_km": min(said.get("max_distance_km", []), default=None),
        "max_transit_days": min(said.get("max_transit_days", []), default=None),
        "min_package_value": max(said.get("min_package_value", []), default=Fraction(0)),
        "min_order_value": max(said.get("min_order_value", []), default=Fraction(0)),
    }


def safety_in_force(node_id: str, sku_id: str, own: int, rules: Sequence[Rule], today: date) -> int:
    """Units of an SKU at a node that are never allocated: the most of what stock and rules of the day say."""
    said = (
        int(value)
        for rule in rules
        if rule.holds_on(today) and (node_id, sku_id) in rule.stock
        for name, value in rule.sets
        if name == "safety_stock"
    )
    return max([own, *said])


# --- what rules do to a package ---------------------------------------------------------------


def rules_about(
    world: World, order: Order, choice: Place, content: Content, skus: Skus
) -> Iterator[tuple[Rule, list[Inside]]]:
    """The rules about at least one line of a package, with the lines that they are about; `skus` ship for the lines."""
    for rule, met in _rules_there(world, order, choice, skus):
        inside = [
            (line, units) for line, units, is_about in zip(order.lines, content, met, strict=True) if is_about and units
        ]
        if inside:
            yield rule, inside


Place = Union["Choice", "Before"]
"""What has a node, a service and a ship day."""
Inside = tuple["Line", int]
"""A line in a package, and its units there."""


def _rules_there(world: World, order: Order, choice: Place, skus: Skus) -> list[tuple[Rule, tuple[bool, ...]]]:
    """Rules about some line of the order there and then, with the lines they are about; remembered."""
    key = ("rules", order.order_id, choice.node_id, choice.service_id, choice.ship_on, skus)
    if key not in world.memo:
        found = []
        for rule in world.rules:
            if rule.holds_on(choice.ship_on):
                place = (choice.node_id, choice.service_id)
                met = tuple(
                    (order.order_id, line.given_id, sku, *place) in rule.about
                    for line, sku in zip(order.lines, skus, strict=True)
                )
                if any(met):
                    found.append((rule, met))
        world.memo[key] = found
    return world.memo[key]  # type: ignore[no-any-return]


def is_forbidden(world: World, order: Order, choice: Choice, content: Content, skus: Skus) -> bool:
    """Some rule forbids a line of the package."""
    return any(rule.is_forbidding for rule, _ in rules_about(world, order, choice, content, skus))


def surcharges_of(world: World, order: Order, choice: Choice, content: Content, skus: Skus) -> int:
    """What surcharges add to the rate, in micros; a share of a unit's value is rounded, ties to the even micro."""
    total = 0
    for rule, inside in rules_about(world, order, choice, content, skus):
        if rule.is_surcharge:
            total += rule.per_package
            total += sum(units * round(rule.share_of_value * line.value * 1_000_000) for line, units in inside)
    return total


def rule_prices_of(world: World, order: Order, choice: Choice, content: Content, skus: Skus) -> int:
    """What the package pays for its rules, in micros."""
    return sum(
        rule.price_of_package + rule.per_line * len(inside) + rule.per_unit * sum(units for _, units in inside)
        for rule, inside in rules_about(world, order, choice, content, skus)
        if not rule.is_surcharge
    )


def quota_draws(
    world: World, order: Order, choice: Place, content: Content, skus: Skus
) -> Iterator[tuple[tuple[str, str, date | None], int]]:
    """The quotas that the package counts towards."""
    for rule, _ in rules_about(world, order, choice, content, skus):
        if rule.counts:
            yield ("rule_quota", rule.name, choice.ship_on if rule.is_quota_per_day else None), 1


def quota_of(rules: Iterable[Rule], name: str, day: date | None) -> int | None:
    """How many packages a rule allows on a day, or in the whole batch (None); None where it says nothing."""
    rule = rule_named(rules, name)
    if not rule.counts or rule.is_quota_per_day != (day is not None) or (day is not None and not rule.holds_on(day)):
        return None
    return rule.quota


def rule_named(rules: Iterable[Rule], name: str) -> Rule:
    """The rule of that name."""
    return next(rule for rule in rules if rule.name == name and not rule.is_surcharge)
