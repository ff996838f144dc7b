"""The optimum as an integer program over every possible package, for orders too wide to enumerate plans of.

Variables are packages (how often each is made), units left of each line, and whether the order ships at all.
It knows nothing of the brute force's way of combining packages, so each can judge the other.
"""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from oracles.brute import Candidate, NoPlanError, candidates_of, contents_of
from oracles.parts import Order
from oracles.supplies import COUNTED_KINDS, UNITS_OF, Key, ever_there, price_over, reserves_paid, steered_cost, supply
from oracles.world import World


@dataclass(frozen=True)
class MilpOptimum:
    """The exact cost of the plan found, in micros, and the solver's lower bound."""

    cost: int
    bound: float


def solve_by_milp(world: World, time_limit_s: float = 60.0) -> MilpOptimum:
    """The optimum through HiGHS: `cost` is recomputed in whole micros from the rounded solution."""
    objective: list[float] = []
    upper: list[float] = []
    entries: list[tuple[int, int, float]] = []
    low: list[float] = []
    high: list[float] = []
    shared: dict[Key, list[tuple[int, int]]] = {}
    columns: list[tuple[int, Candidate]] = []
    left_columns: list[tuple[int, int]] = []

    def variable(cost: float, most: float) -> int:
        objective.append(cost)
        upper.append(most)
        return len(objective) - 1

    def row(least: float, most: float) -> int:
        low.append(least)
        high.append(most)
        return len(low) - 1

    refunds, constant = [], 0
    for order in world.orders:
        cover = [row(line.quantity, line.quantity) for line in order.lines]
        ships = variable(0 if order.num_released else -world.split, 1)
        if not order.num_released:
            refunds.append(ships)
        constant += sum(promise.price or 0 for promise in order.promises)
        any_row = row(-np.inf, 0)  # ships <= packages
        entries.append((any_row, ships, 1.0))
        total = sum(line.quantity for line in order.lines)
        most = total if order.max_packages is None else min(total, order.max_packages)
        count_row = row(-np.inf, most)
        first_column = len(columns)
        for candidate in _cheapest_of_each(world, candidates_of(world, order)):
            times = min(
                line.quantity // taken for line, taken in zip(order.lines, candidate.content, strict=True) if taken
            )
            column = variable(candidate.cost, times)
            columns.append((column, candidate))
            entries += [(cover[index], column, taken) for index, taken in enumerate(candidate.content) if taken]
            entries += [(any_row, column, -1), (count_row, column, 1)]
            for key, amount in candidate.draws:
                shared.setdefault(key, []).append((column, amount))
        for number, promise in enumerate(order.promises):
            if promise.price is None:
                kept = row(1, np.inf)
                entries += [(kept, column, 1) for column, one in columns[first_column:] if number in one.keeps]
        left_of = []
        for index, line in enumerate(order.lines):
            column = variable(line.unfilled_cost, line.quantity)
            left_columns.append((column, line.unfilled_cost))
            left_of.append(column)
            entries.append((cover[index], column, 1))
            if order.is_ship_complete:  # left = quantity x (1 - ships)
                whole = row(line.quantity, line.quantity)
                entries += [(whole, column, 1), (whole, ships, line.quantity)]
        for one, two in _same_kits(order):
            equal = row(0, 0)
            entries += [(equal, left_of[at], factor / order.lines[at].kit_quantity)
                        for at, factor in ((one, 1.0), (two, -1.0))]  # fmt: skip
        if order.min_order_value:  # value of what ships >= least x ships, and no package where it does not ship
            worth = [float(line.value) for line in order.lines]
            enough = row(-np.inf, sum(value * line.quantity for value, line in zip(worth, order.lines, strict=True)))
            entries += [(enough, column, value) for column, value in zip(left_of, worth, strict=True)]
            entries.append((enough, ships, _between(order)))
            none = row(-np.inf, 0)
            entries.append((none, ships, -float(total)))
            entries += [(none, column, 1.0) for column, candidate in columns[first_column:]]
    for key, users in shared.items():
        limit = supply(world, key)
        if limit is not None:
            resource = row(-np.inf, limit)
            entries += [(resource, column, amount) for column, amount in users]
            over = price_over(world, key)
            if over is not None:
                beyond = variable(over, sum(upper[column] * amount for column, amount in users))
                left_columns.append((beyond, over))
                entries.append((resource, beyond, -1))
    for place, kept_here in world.reserves.items():
        # what is taken and what stays for channels is there; a unit that does not stay is paid
        all_of = row(-np.inf, ever_there(world, *place))
        for one in kept_here:
            stays = variable(0, one.quantity)
            entries.append((all_of, stays, 1.0))
            paid = variable(one.price or 0, 0 if one.price is None else one.quantity)
            full = row(one.quantity, np.inf)
            entries += [(full, stays, 1.0), (full, paid, 1.0)]
            entries += [(full, column, amount) for column, amount in shared.get((UNITS_OF, *place, one.channel), [])]
        for key, users in shared.items():
            if key[0] == UNITS_OF and key[1:3] == place:
                entries += [(all_of, column, amount) for column, amount in users]
    num_whole = len(objective)
    for node_id, (target, price) in world.steering.shares.items():
        beside = row(0, 0)
        entries += [(beside, variable(float(price), np.inf), 1.0), (beside, variable(float(price), np.inf), -1.0)]
        for column, candidate in columns:
            share = int(candidate.choice.node_id == node_id) - float(target)
            entries.append((beside, column, share * sum(candidate.content)))
    for (service_id, day), (least, price) in world.steering.committed.items():
        enough = row(least, np.inf)
        entries.append((enough, variable(float(price), np.inf), 1.0))
        for column, candidate in columns:
            if (candidate.choice.service_id, candidate.choice.ship_on) == (service_id, day):
                entries.append((enough, column, 1.0))
    if not objective:
        return MilpOptimum(constant, float(constant))
    rows, cols, values = zip(*entries, strict=True)
    matrix = csr_array((values, (rows, cols)), shape=(len(low), len(objective)))
    # Costs in thousands of micros keep HiGHS' absolute tolerances far below a micro's worth of choice.
    scale = 1000.0
    answer = milp(
        np.array(objective) / scale,
        integrality=(np.arange(len(objective)) < num_whole).astype(int),
        bounds=Bounds(np.zeros(len(objective)), np.array(upper, float)),
        constraints=LinearConstraint(matrix, np.array(low), np.array(high)),
        options={"mip_rel_gap": 0.0, "time_limit": time_limit_s},
    )
    if answer.status == 2:
        raise NoPlanError
    assert answer.x is not None, answer.message
    values_of = np.rint(answer.x).astype(np.int64)
    cost = sum(int(values_of[column]) * candidate.cost for column, candidate in columns)
    cost += sum(int(values_of[column]) * price for column, price in left_columns)
    cost -= world.split * sum(int(values_of[column]) for column in refunds)
    counted: Counter[Key] = Counter()
    for column, candidate in columns:
        for key, amount in candidate.draws:
            counted[key] += amount * int(values_of[column])
    cost += steered_cost(world, counted) + constant
    reserved = reserves_paid(world, counted)
    assert reserved is not None
    cost += reserved
    return MilpOptimum(cost, float(answer.mip_dual_bound) * scale + constant)


def _same_kits(order: Order) -> Iterator[tuple[int, int]]:
    """Pairs of lines that ship the same number of kits: each component with the one before."""
    for at, line in enumerate(order.lines):
        if at and line.kit is not None and line.kit == order.lines[at - 1].kit:
            yield at - 1, at


def _between(order: Order) -> float:
    """A value between what is too little to ship of an order and what is enough: rounding decides nothing."""
    values = sorted({order.value_of(content) for content in contents_of(order)})
    at = bisect.bisect_left(values, order.min_order_value)
    enough = values[at] if at < len(values) else values[-1] + 1
    return float((values[at - 1] + enough) / 2)


def _cheapest_of_each(world: World, candidates: list[Candidate]) -> list[Candidate]:
    """Of packages with the same content that draw on the same limited resources, the cheapest is enough."""
    best: dict[object, Candidate] = {}
    for candidate in candidates:
        limited = frozenset(
            tuple(draw for draw in candidate.draws if supply(world, draw[0]) is not None or draw[0][0] in COUNTED_KINDS)
        )
        key = (candidate.content, limited, candidate.keeps)
        if key not in best or candidate.cost < best[key].cost:
            best[key] = candidate
    return list(best.values())
