"""The optimum of a tiny scenario by looking at every plan.

For each order: every way of cutting what ships into packages, each over every node, service and ship day.
Plans that use as much or more of everything scarce and cost as much or more are dropped, as are plans too dear to be
in any joint plan that beats one already known; both can be proven safe. Then all orders together, one
after the other, over what they leave of the scarce supplies.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from oracles.parts import Order
from oracles.pricing import Choice, Content, Skus, choices_of, package_cost
from oracles.supplies import (
    STEERED_KINDS,
    STOCK_KINDS,
    UNITS_OF,
    Key,
    draws_of,
    ever_there,
    price_over,
    reserve_prices,
    reserves_paid,
    steered_cost,
    steering_prices,
    supply,
    umin_step,
)
from oracles.world import World, world_from_problem

MOST_STEPS = 1_500_000
"""Combinations tried before a scenario counts as too large for enumeration; about two seconds."""

MOST_WAYS = 2_000
"""Ways to ship that are kept together where plans are steered: there few of them make others needless."""

NONE = 2**60
"""The cost of what cannot be packed; twice it still fits an int64."""

Prices = Mapping[Key, int]
Own = tuple[str, str, str]
"""Who pays an own price, and where: order, line, node."""
Broken = Mapping[tuple[str, int], int]
"""What a plan pays that breaks a promise, by order and number of the promise."""
Usage = tuple[int, ...]


class NoPlanError(Exception):
    """No plan keeps all promises that must be kept."""


class TooManyPlansError(Exception):
    """Not a tiny scenario: enumeration was given up after MOST_STEPS combinations, at the same point every time."""


@dataclass(frozen=True, order=True)
class Package:
    """One package of a plan; `units` pairs names of lines with quantities, in the order's sequence of lines.

    A line that ships as another SKU has that in its name, `L1=K2`, and so has a component of a kit: `L1/K2`.
    """

    order_id: str
    ship_on: date
    node_id: str
    service_id: str
    units: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Optimum:
    """The least cost in micros and one plan that has it."""

    cost: int
    packages: tuple[Package, ...]


@dataclass(frozen=True)
class Candidate:
    """A possible package: its cost with the split price, what it draws on, and what it is.

    `skus` ship for the lines. It keeps the promises `keeps`, by number in the order, whose prices are off its cost; an
    order pays for all its promises at first.
    """

    content: Content
    skus: Skus
    choice: Choice
    cost: int
    draws: tuple[tuple[Key, int], ...]
    keeps: tuple[int, ...] = ()


def contents_of(order: Order) -> Iterator[Content]:
    """Every quantity vector of an order's lines; an unsplittable line is in whole or not at all, a kit's component in
    what whole kits have of it."""
    yield from itertools.product(*(line.steps for line in order.lines))


def assortments_of(order: Order, content: Content) -> Iterator[Skus]:
    """Every choice of SKUs that may ship for the lines in a package."""
    yield from itertools.product(
        *(line.skus if units else (line.sku_id,) for line, units in zip(order.lines, content, strict=True))
    )


def ends_of(order: Order) -> list[Content]:
    """What may have shipped of an order in the end: nothing, or whole kits, of enough value, all if it must be."""
    whole = tuple(line.quantity for line in order.lines)
    nothing = (0,) * len(whole)
    some = [whole] if order.is_ship_complete else contents_of(order)
    return [nothing, *(ships for ships in some if any(ships) and may_end_with(order, ships))]


def may_end_with(order: Order, ships: Content) -> bool:
    """The same number of every component of a kit, and all together of enough value."""
    kits: dict[str, set[tuple[int, int]]] = {}
    for line, units in zip(order.lines, ships, strict=True):
        if line.kit is not None:
            kits.setdefault(line.kit, set()).add(divmod(units, line.kit_quantity))
    return all(len(numbers) == 1 for numbers in kits.values()) and (
        not any(ships) or order.value_of(ships) >= order.min_order_value
    )


def candidates_of(world: World, order: Order) -> list[Candidate]:
    """Every package of an order that is possible by itself; remembered, since bounds ask again at other prices."""
    key = ("candidates", order.order_id)
    if key not in world.memo:
        world.memo[key] = _candidates_of(world, order)
    return world.memo[key]  # type: ignore[no-any-return]


def _candidates_of(world: World, order: Order) -> list[Candidate]:
    found = []
    choices = choices_of(world, order)
    for content in contents_of(order):
        for choice, skus in itertools.product(choices, assortments_of(order, content)):
            cost = package_cost(world, order, choice, content, skus)
            if cost is not None:
                draws = draws_of(world, order, choice, content, skus)
                keeps = order.kept_by(choice.node_id, choice.service_id, choice.ship_on, content)
                refund = sum(order.promises[number].price or 0 for number in keeps)
                found.append(Candidate(content, skus, choice, cost.total + world.split - refund, draws, keeps))
    return found


def solve_by_enumeration(world: World) -> Optimum:
    """The optimum over all plans of all orders together."""
    candidates = [candidates_of(world, order) for order in world.orders]
    scarce = _scarce(world, candidates)
    position = {key: index for index, key in enumerate(scarce)}
    over = {at: price for at, key in enumerate(scarce) if (price := price_over(world, key)) is not None}
    soft = Soft(world, tuple((at, supply(world, scarce[at]) or 0, price) for at, price in over.items()), scarce)
    limits = [None if at in over else supply(world, key) for at, key in enumerate(scarce)]
    capacity = np.array([NONE if limit is None else limit for limit in limits], np.int64)
    plans = [
        _plans_of(world, order, own, position, capacity) for order, own in zip(world.orders, candidates, strict=True)
    ]
    return _joint(plans, capacity, soft)


def optimum_of(problem: Any) -> Optimum:
    """The optimum of a tiny Problem."""
    return solve_by_enumeration(world_from_problem(problem))


def _scarce(world: World, candidates: list[list[Candidate]]) -> list[Key]:
    """Resources that some plan could overdraw, and all that is steered; the others cannot matter.

    An order makes at most one package a unit, takes at most its demand of a SKU's stock, and at most once its units of
    all else, of minutes at most what as many packages and units take.
    """
    most: dict[Key, int] = {}
    step = umin_step(world)
    for order, own in zip(world.orders, candidates, strict=True):
        total = sum(line.quantity for line in order.lines)
        demand: dict[str, int] = {}
        for line in order.lines:
            for sku in line.skus:
                demand[sku] = demand.get(sku, 0) + line.quantity
        for key in sorted({key for candidate in own for key, _ in candidate.draws}):
            taken = demand[key[2]] if key[0] in (*STOCK_KINDS, UNITS_OF) else total
            if key[0] == "node_minutes":
                node = world.nodes[key[1]]
                taken = total * ((node.umin_per_package + node.umin_per_unit) // step)
            most[key] = most.get(key, 0) + taken
    limits = ((key, supply(world, key)) for key in sorted(most, key=str))
    tight = _tight_places(world, most)
    return [
        key
        for key, limit in limits
        if key[0] in STEERED_KINDS or key[1:3] in tight[key[0]] or (limit is not None and limit < most[key])
    ]


def _tight_places(world: World, most: Mapping[Key, int]) -> Mapping[str, set[tuple[str, str]]]:
    """Positions of which so much may be taken that reserves matter, by kind of resource."""
    tight: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for place, kept in world.reserves.items():
        asked = sum(units for key, units in most.items() if key[0] == UNITS_OF and key[1:3] == place)
        if asked > ever_there(world, *place) - sum(one.quantity for one in kept):
            tight[UNITS_OF].add(place)
    return tight


@dataclass(frozen=True)
class _OrderPlan:
    cost: int
    usage: Usage
    packages: tuple[Package, ...]


def _plans_of(
    world: World, order: Order, candidates: list[Candidate], position: dict[Key, int], capacity: np.ndarray
) -> list[_OrderPlan]:
    """All plans of one order that can matter: least cost for every undominated use of the scarce resources.

    The number of packages is one more scarce thing when the order limits it, and a promise that must be kept one of
    which there is a unit too little at first.
    """
    limit = order.max_packages
    counts = [1] if limit is not None else []
    musts = [number for number, promise in enumerate(order.promises) if promise.price is None]
    room = np.concatenate([capacity, [limit] if limit is not None else [], np.zeros(len(musts))]).astype(np.int64)
    by_content: dict[Content, dict[Usage, tuple[int, Candidate]]] = {}
    for candidate in candidates:
        use = [0] * len(capacity)
        for key, amount in candidate.draws:
            if key in position:
                use[position[key]] += amount
        usage = (*use, *counts, *(-(number in candidate.keeps) for number in musts))
        same = by_content.setdefault(candidate.content, {})
        if usage not in same or candidate.cost < same[usage][0]:
            same[usage] = (candidate.cost, candidate)
    nothing = tuple(0 for _ in order.lines)
    memo: dict[Content, dict[Usage, tuple[int, Any]]] = {nothing: {(0,) * len(room): (0, None)}}
    steps = 0

    def cut(ships: Content) -> dict[Usage, tuple[int, Any]]:
        """Ways to pack exactly `ships`. One package must hold the first line with units left, so start there."""
        nonlocal steps
        if ships in memo:
            return memo[ships]
        first = next(index for index, units in enumerate(ships) if units)
        found: dict[Usage, tuple[int, Any]] = {}
        for content, ways in by_content.items():
            if not content[first] or any(part > whole for part, whole in zip(content, ships, strict=True)):
                continue
            rest = cut(tuple(whole - part for part, whole in zip(content, ships, strict=True)))
            steps += len(ways) * len(rest)
            if steps > MOST_STEPS:
                raise TooManyPlansError
            for usage, (cost, candidate) in ways.items():
                for other, (other_cost, chain) in rest.items():
                    both = tuple(map(int.__add__, usage, other))
                    total = cost + other_cost
                    if both in found and found[both][0] <= total:
                        continue
                    if all(used <= most for used, most in zip(both, room_list, strict=True)):
                        found[both] = (total, (candidate, chain))
        memo[ships] = _undominated(found, world)
        return memo[ships]

    room_list = room.tolist()
    best: dict[Usage, tuple[int, Any]] = {}
    broken = sum(promise.price or 0 for promise in order.promises)
    for ships in ends_of(order):
        left = sum((line.quantity - units) * line.unfilled_cost for line, units in zip(order.lines, ships, strict=True))
        refund = refund_of(world, order, ships)
        for usage, (cost, chain) in cut(ships).items():
            if 0 in usage[len(room) - len(musts) :]:
                continue  # it breaks a promise that must be kept
            total = cost + left - refund + broken
            shared = usage[: len(capacity)]
            if shared not in best or total < best[shared][0]:
                best[shared] = (total, chain)
    return [
        _OrderPlan(cost, usage, _unchain(order, chain)) for usage, (cost, chain) in _undominated(best, world).items()
    ]


def refund_of(world: World, order: Order, ships: Content) -> int:
    """The split price that an order gets back for its first package, if none has left before."""
    return world.split if any(ships) and not order.num_released else 0


def _undominated(ways: dict[Usage, tuple[int, Any]], world: World) -> dict[Usage, tuple[int, Any]]:
    """Ways in order of cost, without those for which another uses no more of anything and costs no more."""
    if len(world.steering) and len(ways) > MOST_WAYS:
        raise TooManyPlansError
    if len(ways) < 2:
        return ways
    ordered = sorted(ways.items(), key=lambda item: (item[1][0], item[0]))
    usages = np.array([usage for usage, _ in ordered], np.int64)
    kept: list[int] = []
    for index in range(len(ordered)):
        if not kept or not (usages[kept] <= usages[index]).all(axis=1).any():
            kept.append(index)
    return {ordered[index][0]: ordered[index][1] for index in kept}


def _unchain(order: Order, chain: Any) -> tuple[Package, ...]:
    packages = []
    while chain is not None:
        candidate, chain = chain
        inside = zip(order.lines, candidate.skus, candidate.content, strict=True)
        units = tuple((line.name_with(sku), taken) for line, sku, taken in inside if taken)
        choice = candidate.choice
        packages.append(Package(order.order_id, choice.ship_on, choice.node_id, choice.service_id, units))
    return tuple(sorted(packages))


@dataclass(frozen=True)
class Soft:
    """What all orders together pay for, and what they may not break.

    `supplies` may be exceeded: position, how much there is, what each beyond it costs. `keys` name what is counted at
    every position, of which some is steered.
    """

    world: World
    supplies: tuple[tuple[int, int, int], ...]
    keys: list[Key]

    def excess(self, usage: Usage) -> int:
        """What is paid for soft supplies and reserves, which only grows with use; twice NONE where hard ones break."""
        reserves = reserves_paid(self.world, self._counted(usage)) if self.world.reserves else 0
        if reserves is None:
            return 2 * NONE
        return reserves + sum(max(0, usage[at] - most) * price for at, most, price in self.supplies)

    def paid(self, usage: Usage) -> int:
        """What is paid in the end."""
        return self.excess(usage) + steered_cost(self.world, self._counted(usage))

    @property
    def is_empty(self) -> bool:
        """Nothing is paid before the end."""
        return not self.supplies and not self.world.reserves

    def _counted(self, usage: Usage) -> dict[Key, int]:
        return dict(zip(self.keys, usage, strict=True))


def _joint(plans: list[list[_OrderPlan]], capacity: np.ndarray, soft: Soft) -> Optimum:
    """One plan for every order within the supplies: order by order over the undominated uses so far.

    What is beyond a soft supply is paid in the end: until then it can only grow.
    """
    if not all(plans):
        raise NoPlanError
    least = [own[0].cost for own in plans]
    known = _first_come(plans, capacity, soft)
    slack = known - sum(least)
    capacity_list = capacity.tolist()
    states: dict[Usage, tuple[int, Any]] = {(0,) * len(capacity): (0, None)}
    for index, own in enumerate(plans):
        still = sum(least[index + 1 :])
        found: dict[Usage, tuple[int, Any]] = {}
        if len(states) * len(own) > MOST_STEPS:
            raise TooManyPlansError
        for used, (cost, chain) in states.items():
            for plan in own:
                total = cost + plan.cost
                if plan.cost - least[index] > slack or total + still > known:
                    break  # plans come in order of cost
                both = tuple(map(int.__add__, used, plan.usage))
                if both in found and found[both][0] <= total:
                    continue
                if not soft.is_empty and total + still + soft.excess(both) > known:
                    continue
                if all(amount <= most for amount, most in zip(both, capacity_list, strict=True)):
                    found[both] = (total, (plan, chain))
        states = _undominated(found, soft.world)
    if not states:
        raise NoPlanError
    ends = ((cost + soft.paid(used), chain) for used, (cost, chain) in states.items())
    cost, chain = min(ends, key=lambda end: end[0])
    packages: list[Package] = []
    while chain is not None:
        plan, chain = chain
        packages.extend(plan.packages)
    return Optimum(cost, tuple(sorted(packages)))


def _first_come(plans: list[list[_OrderPlan]], capacity: np.ndarray, soft: Soft) -> int:
    """The cost of a plan that exists: every order in turn takes its cheapest plan that still fits.

    Where promises that must be kept are in the way of each other, what no plan costs.
    """
    left, total = capacity.copy(), 0
    for own in plans:
        fits = (
            plan
            for plan in own
            if (np.array(plan.usage, np.int64) <= left).all()
            and soft.excess(tuple((capacity - left + np.array(plan.usage, np.int64)).tolist())) < 2 * NONE
        )
        plan = next(fits, None)
        if plan is None:
            return NONE
        left -= np.array(plan.usage, np.int64)
        total += plan.cost
    return total + soft.paid(tuple((capacity - left).tolist()))


# --- the bound at given prices ----------------------------------------------------------------


def bound_at_prices(
    world: World,
    prices: Prices,
    own: Mapping[Own, int] | None = None,
    broken: Mapping[tuple[str, int], int] | None = None,
) -> int:
    """The lower bound of docs/certificate.md with exact inner minima: packages that only together exceed
    a supply may be in a plan, one that exceeds a supply by itself may not. `own`: what lines pay a unit at a node.
    `broken`: what a plan pays that breaks a promise which must be kept, by order and number of the promise.

    A unit that ships on a day pays for all that may leave until then or until a later day. A package pays for a quota
    that may be exceeded no more than what being beyond it costs.
    """
    own, broken = own or {}, broken or {}
    total = sum(_cheapest(world, order, prices, own, broken) for order in world.orders) - _worth(world, own)
    for key, price in prices.items():
        if key[0] == "node_share":
            total -= price != 0  # for rounding
            continue
        limit = world.steering.committed[key[1:]][0] if key[0] == "service_commitment" else supply(world, key)
        assert limit is not None, f"a price on {key}, which has no limit"
        total -= price * limit
    return total


def oracle_bound(problem: Any, prices: Prices) -> int:
    """The bound of a Problem at prices, by least cost over the plans of each order."""
    return bound_at_prices(world_from_problem(problem), prices)


def _worth(world: World, own: Mapping[Own, int]) -> int:
    """What the stock with own prices is worth: for every node and SKU the most that lines which fit together pay."""
    claims: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
    for order in world.orders:
        for line in order.lines:
            for node in world.nodes:
                # Units of another SKU pay no own price.
                price = own.get((order.order_id, line.line_id, node), 0)
                if price:
                    assert (node, line.sku_id) not in world.arrivals, "an own price where something arrives"
                    step = line.steps.step
                    claims.setdefault((node, line.sku_id), []).append((step, line.quantity // step, price))
    worth = 0
    for (node, sku), listed in claims.items():
        most = 0
        for pieces in itertools.product(*(range(number + 1) for _, number, _ in listed)):
            taken = [(count * step, price) for count, (step, _, price) in zip(pieces, listed, strict=True)]
            if sum(units for units, _ in taken) <= world.available.get((node, sku), 0):
                most = max(most, sum(units * price for units, price in taken))
        worth += most
    return worth


def _cheapest(world: World, order: Order, prices: Prices, own: Mapping[Own, int], broken: Broken) -> int:
    """The least cost of one order alone at the prices, over all its plans, and whatever it leaves unfilled."""
    whole = tuple(line.quantity for line in order.lines)
    shape = tuple(units + 1 for units in whole)
    least = np.full(shape, NONE, np.int64)
    musts = {
        number: broken.get((order.order_id, number), 0)
        for number, promise in enumerate(order.promises)
        if promise.price is None
    }
    until: dict[Key, list[tuple[date, int]]] = {}
    for key, price in prices.items():
        if key[0] == "stock_until":
            until.setdefault(("stock", *key[1:3]), []).append((key[3], price))
    for candidate in candidates_of(world, order):
        cost = candidate.cost
        for key, amount in candidate.draws:
            cost += _paid(world, prices, key) * amount
            cost += sum(price for day, price in until.get(key, ()) if candidate.choice.ship_on <= day) * amount
        cost += steering_prices(world, candidate.choice, candidate.content, prices)
        cost += reserve_prices(world, order, candidate.choice, candidate.content, candidate.skus, prices) or 0
        cost -= sum(musts.get(number, 0) for number in candidate.keeps)
        for line, sku, units in zip(order.lines, candidate.skus, candidate.content, strict=True):
            if sku != line.sku_id:
                continue
            cost += units * own.get((order.order_id, line.line_id, candidate.choice.node_id), 0)
        least[candidate.content] = min(cost, int(least[candidate.content]))
    units = sum(whole)
    if order.max_packages is None or order.max_packages >= units:
        packed = _pack(least, None)
    else:
        packed = np.full(shape, NONE, np.int64)
        packed[(0,) * len(whole)] = 0
        for _ in range(order.max_packages):
            packed = _pack(least, packed)
    best = sum(line.quantity * line.unfilled_cost for line in order.lines)
    for ships in ends_of(order):
        if any(ships) and packed[ships] < NONE:
            left = zip(order.lines, ships, strict=True)
            cost = int(packed[ships]) + sum((line.quantity - taken) * line.unfilled_cost for line, taken in left)
            best = min(best, cost - refund_of(world, order, ships))
    return best + sum(promise.price or 0 for promise in order.promises) + sum(musts.values())


def _paid(world: World, prices: Prices, key: Key) -> int:
    """What a package pays for what it draws from a resource once; for days of stock it pays with the stock itself."""
    price, over = 0 if key[0] == "stock_until" else prices.get(key, 0), price_over(world, key)
    return price if over is None else min(price, over)


def _pack(least: np.ndarray, rest: np.ndarray | None) -> np.ndarray:
    """The least cost of packing every vector: one package on top of `rest`, or any number when `rest` is None.

    Arrays are indexed by units of each line. Vectors come in ascending sequence, so what remains after one package
    is known already. One package holds the first line that ships, whichever package of the plan that is.
    """
    packed = np.full(least.shape, NONE, np.int64)
    packed[(0,) * least.ndim] = 0
    before = packed if rest is None else rest
    for ships in itertools.islice(np.ndindex(least.shape), 1, None):
        first = next(index for index, units in enumerate(ships) if units)
        # Contents with 1.. units of the first line; what is left over runs the other way.
        inside = tuple(slice(1 if index == first else 0, units + 1) for index, units in enumerate(ships))
        others = tuple(slice(units - 1 if index == first else units, None, -1) for index, units in enumerate(ships))
        found = int((least[inside] + before[others]).min())
        packed[ships] = found if found < NONE // 2 else NONE  # a price below 0 makes nothing possible
    return packed
