"""Judging a given plan: what it costs and which rule it breaks, package by package."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from oracles.brute import Package, may_end_with
from oracles.parts import Order
from oracles.pricing import Content, Skus, choices_of, package_cost
from oracles.supplies import STOCK_KINDS, Key, draws_of, price_over, reserves_paid, steered_cost, supply, there_by
from oracles.world import World

TERMS = ("shipping", "handling", "delivery", "late", "split", "unfilled", "rules", "soft")


def packages_of(problem: Any, plan: Any) -> tuple[Package, ...]:
    """A Plan's packages with names in place of positions."""
    units: dict[int, list[tuple[int, str, int]]] = {}
    names, skus = names_of_lines(problem), problem.skus.sku_id
    contents = zip(
        plan.content_package.tolist(), plan.content_line.tolist(), plan.content_quantity.tolist(),
        plan.skus(problem.lines.sku_idx).tolist(), strict=True,
    )  # fmt: skip
    for package, line, quantity, sku in contents:
        name = names[line] if sku == problem.lines.sku_idx[line] else f"{names[line]}={skus[sku]}"
        units.setdefault(package, []).append((line, name, quantity))
    return tuple(
        sorted(
            Package(
                problem.orders.order_id[int(plan.order_idx[row])],
                date(1970, 1, 1) + timedelta(days=int(plan.ship_day[row])),
                problem.nodes.node_id[int(plan.node_idx[row])],
                problem.services.service_id[int(plan.service_idx[row])],
                tuple((name, quantity) for _, name, quantity in sorted(units.get(row, []))),
            )
            for row in range(len(plan))
        )
    )


def names_of_lines(problem: Any) -> list[str]:
    """The names of a Problem's lines in packages: a component of a kit has its SKU in it, a part its number."""
    lines = problem.lines
    names = []
    parts: Counter[int] = Counter()
    columns = lines.kit_line_idx.tolist(), lines.sku_idx.tolist(), lines.part_of.tolist()
    for line_id, kit, sku, part_of in zip(lines.line_id, *columns, strict=True):
        name = line_id if kit < 0 else f"{line_id}/{problem.skus.sku_id[sku]}"
        parts[part_of] += 1
        names.append(name if part_of < 0 else f"{name}#{parts[part_of]}")
    return names


def _unpacked(order: Order, package: Package) -> tuple[Content, Skus] | None:
    """Units and SKUs of a package's lines, None where a line lies in it twice or as what the order does not know."""
    known = {line.name_with(sku): (at, sku) for at, line in enumerate(order.lines) for sku in line.skus}
    units, skus = [0] * len(order.lines), [line.sku_id for line in order.lines]
    for name, quantity in package.units:
        if name not in known or units[known[name][0]]:
            return None
        at, sku = known[name]
        units[at], skus[at] = quantity, sku
    return tuple(units), tuple(skus)


def judge(world: World, packages: Iterable[Package]) -> tuple[dict[str, int], list[str]]:
    """Cost by term in micros, and what is wrong in words (nothing: the plan is feasible).

    A package that cannot exist costs nothing here and is named in the list.
    """
    costs = Counter(dict.fromkeys(TERMS, 0))
    wrong: list[str] = []
    orders = {order.order_id: order for order in world.orders}
    used: Counter[Key] = Counter()
    counts: Counter[str] = Counter()
    kept: defaultdict[str, set[int]] = defaultdict(set)
    shipped: Counter[tuple[str, str]] = Counter()
    left_on: dict[tuple[str, str], Counter[date]] = {}
    for package in packages:
        order = orders[package.order_id]
        counts[order.order_id] += 1
        for name, quantity in package.units:
            shipped[order.order_id, name.split("=")[0]] += quantity
        unpacked = _unpacked(order, package)
        place = (package.node_id, package.service_id, package.ship_on)
        same = (c for c in choices_of(world, order) if (c.node_id, c.service_id, c.ship_on) == place)
        choice = next(same, None)
        cost = None if choice is None or unpacked is None else package_cost(world, order, choice, *unpacked)
        if choice is None or unpacked is None or cost is None:
            wrong.append(f"{package} is impossible")
            continue
        content, skus = unpacked
        kept[order.order_id].update(order.kept_by(*place, content))
        for term in ("shipping", "handling", "delivery", "late", "rules"):
            costs[term] += getattr(cost, term)
        for key, amount in draws_of(world, order, choice, content, skus):
            if key[0] not in STOCK_KINDS:
                used[key] += amount
        for sku, taken in zip(skus, content, strict=True):
            left_on.setdefault((package.node_id, sku), Counter())[package.ship_on] += taken
    for order in world.orders:
        number = counts[order.order_id]
        costs["split"] += world.split * (number if order.num_released else max(0, number - 1))
        if order.max_packages is not None and number > order.max_packages:
            wrong.append(f"{order.order_id} has {number} packages of at most {order.max_packages}")
        left = [line.quantity - shipped[order.order_id, line.line_id] for line in order.lines]
        costs["unfilled"] += sum(units * line.unfilled_cost for units, line in zip(left, order.lines, strict=True))
        if min(left, default=0) < 0:
            wrong.append(f"{order.order_id} ships more than was ordered")
        if order.is_ship_complete and number and any(left):
            wrong.append(f"{order.order_id} ships in part")
        ships = tuple(line.quantity - units for units, line in zip(left, order.lines, strict=True))
        if not may_end_with(order, ships):
            wrong.append(f"{order.order_id} ships half a kit, or too little")
        for at, promise in enumerate(order.promises):
            if at in kept[order.order_id]:
                continue
            if promise.price is None:
                wrong.append(f"{order.order_id} breaks the promise of {promise.node_id} on {promise.ship_on}")
            else:
                costs["soft"] += promise.price
    for key, amount in used.items():
        limit, over = supply(world, key), price_over(world, key)
        if limit is None or amount <= limit:
            continue
        if over is None:
            wrong.append(f"{key}: {amount} of {limit}")
        else:
            costs["soft"] += (amount - limit) * over
    costs["soft"] += steered_cost(world, used)
    reserved = reserves_paid(world, used)
    if reserved is None:
        wrong.append("units kept for a channel are missing")
    else:
        costs["soft"] += reserved
    wrong += _beyond_stock(world, left_on)
    return dict(costs), wrong


def _beyond_stock(world: World, left_on: dict[tuple[str, str], Counter[date]]) -> list[str]:
    """Stock positions from which more has left by some day than was there by then; ship day by ship day."""
    wrong = []
    for place, units in left_on.items():
        for day in sorted(units):
            asked = sum(taken for on, taken in units.items() if on <= day)
            there = there_by(world, *place, day)
            if asked > there:
                wrong.append(f"{place} until {day}: {asked} of {there}")
    return wrong
