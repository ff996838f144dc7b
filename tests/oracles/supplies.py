"""What packages share: how much there is of it, and how much of it a package takes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from oracles.parts import NO_USE, Order
from oracles.reserves import kept_in, least_price, reserve_cost, subsets_of
from oracles.rules import quota_draws, quota_of, rule_named
from oracles.world import World

if TYPE_CHECKING:
    from oracles.before import Before
    from oracles.pricing import Choice, Content, Skus

DAY = timedelta(days=1)
Key = tuple[Any, ...]
"""A resource: ("stock", node, sku); ("stock_until", node, sku, date), units that ship until then;
("node_packages", "node_units", "node_lines" or "node_minutes", node, date); ("service_packages", node, service, date);
("service_quota", service, date); ("rule_quota", rule, date), with None as date for a quota of the whole batch;
("channel_reserve", node, sku, set of reserves), which has prices only."""

NODE_KINDS = {"node_packages": "packages", "node_units": "units", "node_lines": "lines", "node_minutes": "umin"}
"""Kinds of a node's day, with the field of `Daily` that they are counted in."""


UNITS_OF = "units_of"
"""What channels take of positions of which something is kept: ("units_of", node, sku, channel), None for the channels
for which nothing is."""
STOCK_KINDS = ("stock", "stock_until")
STEERED_KINDS = ("units_from", "units_from, less", "packages_by, less")
"""What is counted to steer plans, of which there is no end: units that leave a node, once more as a number below 0, so
that nothing has less of both than something else has, and packages of a service and ship day, below 0."""


COUNTED_KINDS = (*STEERED_KINDS, UNITS_OF)
"""What has no limit of its own and matters all the same."""


def there_by(world: World, node_id: str, sku_id: str, day: date) -> int:
    """Units of a stock position that lie there or have arrived by a ship day."""
    arriving = world.arrivals.get((node_id, sku_id), {})
    return world.available.get((node_id, sku_id), 0) + sum(units for on, units in arriving.items() if on <= day)


def ever_there(world: World, node_id: str, sku_id: str) -> int:
    """Units of a stock position that lie there or ever arrive."""
    return there_by(world, node_id, sku_id, date.max)


def price_over(world: World, key: Key) -> int | None:
    """What each package beyond a quota costs, None where no resource may be exceeded."""
    return rule_named(world.rules, key[1]).over if key[0] == "rule_quota" else None


def umin_step(world: World) -> int:
    """Millionths of a minute in which minutes are counted: the largest that every package and unit is a multiple of."""
    needs = [need for node in world.nodes.values() for need in (node.umin_per_package, node.umin_per_unit)]
    return math.gcd(*needs) or 1


def left_on_day(world: World, kind: str, node_id: str, day: date) -> int | None:
    """What is left of a node's day, None without a limit; minutes in whole steps."""
    said = world.node_days.get((node_id, day))
    field = NODE_KINDS[kind]
    most = getattr(world.nodes[node_id].most if said is None else said.most, field)
    if most is None:
        return None
    left = max(0, most - getattr(NO_USE if said is None else said.used, field))
    return left // umin_step(world) if kind == "node_minutes" else int(left)


def supply(world: World, key: Key) -> int | None:
    """How much there is of a resource, None without a limit; released packages have had theirs."""
    limit = _supply(world, key)
    return limit if limit is None or key not in world.used else max(0, limit - world.used[key])


def _supply(world: World, key: Key) -> int | None:
    if key[0] in COUNTED_KINDS:
        return None
    if key[0] == "channel_reserve":
        return ever_there(world, key[1], key[2]) - kept_in(world.reserves[key[1], key[2]], key[3])
    if key[0] in STOCK_KINDS:
        until = key[3] if key[0] == "stock_until" else date.max
        return there_by(world, key[1], key[2], until)
    if key[0] == "service_packages":
        return world.offered[key[1], key[2]]
    if key[0] == "service_quota":
        every_day = world.quotas.get((key[1], None))
        return world.quotas.get((key[1], key[2]), every_day)
    if key[0] == "rule_quota":
        return quota_of(world.rules, key[1], key[2])
    return left_on_day(world, *key)


def draws_of(
    world: World, order: Order, choice: Choice, content: Content, skus: Skus | None = None
) -> tuple[tuple[Key, int], ...]:
    """What a package takes of every shared resource, limited or not; `skus` ship for the lines, else their own."""
    skus = own_skus(order) if skus is None else skus
    stock: dict[Key, int] = {}
    for sku, units in zip(skus, content, strict=True):
        if units:
            key = ("stock", choice.node_id, sku)
            stock[key] = stock.get(key, 0) + units
    day = choice.ship_on
    # The eves of arrivals are the days that matter: between them nothing arrives, and what ships only grows.
    eves = (
        (("stock_until", node_id, sku_id, on - DAY), units)
        for (_, node_id, sku_id), units in stock.items()
        for on in world.arrivals.get((node_id, sku_id), {})
        if choice.ship_on < on
    )
    return (
        *stock.items(),
        *eves,
        *(
            ((UNITS_OF, *key[1:], _channel_at(world, order, key)), units)
            for key, units in stock.items()
            if key[1:] in world.reserves
        ),
        *_handling(world, choice.node_id, day, content),
        *_receiving(world, choice, content),
        (("service_packages", choice.node_id, choice.service_id, day), 1),
        (("service_quota", choice.service_id, day), 1),
        *quota_draws(world, order, choice, content, skus),
        *_steered(world, choice, content),
    )


def _channel_at(world: World, order: Order, key: Key) -> str | None:
    """The order's channel if something is kept for it at a position."""
    return order.channel if any(one.channel == order.channel for one in world.reserves[key[1], key[2]]) else None


def released_draws(world: World, order: Order, before: Before, content: Content, skus: Skus) -> Counter[Key]:
    """What a released package takes of limited resources but stock."""
    from oracles.days import delivery_day

    service = world.services[before.service_id]
    draws: tuple[tuple[Key, int], ...] = ()
    if service.way is not None and service.way.is_transfer:
        there_on = delivery_day(world, before.ship_on, service.way.days, service)
        assert there_on is not None
        draws = _handling(world, service.way.to_node, there_on, content)
    draws += (
        *_handling(world, before.node_id, before.ship_on, content),
        (("service_packages", before.node_id, before.service_id, before.ship_on), 1),
        (("service_quota", before.service_id, before.ship_on), 1),
        *quota_draws(world, order, before, content, skus),
    )
    return Counter(dict(draws))


def reserves_paid(world: World, counted: Mapping[Key, int]) -> int | None:
    """What is paid for units kept for channels where so much is counted, None where hard reserves are broken."""
    total = 0
    for place, kept in world.reserves.items():
        taken = {key[3]: units for key, units in counted.items() if key[0] == UNITS_OF and key[1:3] == place}
        cost = reserve_cost(kept, ever_there(world, *place), taken)
        if cost is None:
            return None
        total += cost
    return total


def reserve_prices(
    world: World, order: Order, choice: Choice, content: Content, skus: Skus, prices: Mapping[Key, int]
) -> int | None:
    """The least that a package pays to prices of sets of reserves; None where it alone takes what is kept from it."""
    taken: Counter[tuple[str, str]] = Counter()
    for sku, units in zip(skus, content, strict=True):
        taken[choice.node_id, sku] += units
    total = 0
    for place, units in taken.items():
        kept = world.reserves.get(place)
        if kept and units:
            of_sets = ((subset, prices.get(("channel_reserve", *place, subset), 0)) for subset in subsets_of(kept))
            paying = tuple((subset, price) for subset, price in of_sets if price)
            paid = least_price(kept, ever_there(world, *place), order.channel, units, paying)
            if paid is None:
                return None
            total += paid
    return total


def _steered(world: World, choice: Choice, content: Content) -> tuple[tuple[Key, int], ...]:
    """What a package counts towards shares and committed volumes."""
    found: list[tuple[Key, int]] = []
    if world.steering.shares:
        units = sum(content)
        found += [(("units_from", choice.node_id), units), (("units_from, less", choice.node_id), -units)]
    if (choice.service_id, choice.ship_on) in world.steering.committed:
        found.append((("packages_by, less", choice.service_id, choice.ship_on), -1))
    return tuple(found)


def steered_cost(world: World, counted: Mapping[Key, int]) -> int:
    """What is paid for shares and committed volumes where so much is counted."""
    units = {key[1]: number for key, number in counted.items() if key[0] == "units_from"}
    packages = {(key[1], key[2]): -number for key, number in counted.items() if key[0] == "packages_by, less"}
    return world.steering.cost(units, packages)


def steering_prices(world: World, choice: Choice, content: Content, prices: Mapping[Key, int]) -> int:
    """What a package pays to prices of shares and committed volumes, often less than nothing."""
    if not (world.steering.shares or world.steering.committed):
        return 0
    committed = prices.get(("service_commitment", choice.service_id, choice.ship_on), 0)
    return committed + sum(content) * world.steering.unit_price(choice.node_id, prices)


def _receiving(world: World, choice: Choice, content: Content) -> tuple[tuple[Key, int], ...]:
    """What a transfer asks of the node to which it goes, on the day when it is there."""
    service = world.services.get(choice.service_id)
    if service is None or service.way is None or not service.way.is_transfer:
        return ()
    return _handling(world, service.way.to_node, choice.deliver_on, content)


def _handling(world: World, node_id: str, day: date, content: Content) -> tuple[tuple[Key, int], ...]:
    """What a node has to do on a day for a package that leaves it, or that comes to it to be picked up."""
    node = world.nodes[node_id]
    umin = node.umin_per_package + node.umin_per_unit * sum(content)
    return (
        (("node_packages", node_id, day), 1),
        (("node_units", node_id, day), sum(content)),
        (("node_lines", node_id, day), sum(1 for units in content if units)),
        (("node_minutes", node_id, day), umin // umin_step(world)),
    )


def own_skus(order: Order) -> Skus:
    """The SKU that each line asks for."""
    return tuple(line.sku_id for line in order.lines)
