"""The plan before put into force: released packages leave the problem, lines come in the parts that promises hold."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from splitship.domain.inventory import Inbound
from splitship.domain.kits_in_force import Exploded
from splitship.domain.matching import matching_rows
from splitship.domain.modes_in_force import rounded_to_micros
from splitship.domain.network import Stock
from splitship.domain.orders import NO_KIT, NO_PART, NO_PROMISE, OrderLines
from splitship.domain.parts import first_parts
from splitship.domain.problem import Problem
from splitship.domain.rule_rows import rules_about
from splitship.domain.stability import Promises, ReleasedUse
from splitship.units import I64, MICROS, UNLIMITED, Amounts, Bools

_NO_WAY = -1
_AMPLE = 4
"""How often over a promise that must be kept is dearer than all that its units and its package could save."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What lies in the packages of the plan before, by exploded lines; each [contents].

    `package` is the package's position in the plan, `line` the exploded line, `sku_idx` what the units are of.
    """

    package: I64
    line: I64
    quantity: I64
    sku_idx: I64

    def only(self, mask: Bools) -> Contents:
        """Some of them."""
        return Contents(self.package[mask], self.line[mask], self.quantity[mask], self.sku_idx[mask])


def contents_before(exploded: Exploded) -> Contents:
    """The contents of the plan before; those of kits by their components."""
    problem, plan = exploded.problem, exploded.problem.plan_before.plan
    lines = problem.lines
    at, row = matching_rows(exploded.given_line, plan.content_line)
    said = np.full(len(plan.content_line), -1) if plan.content_sku_idx is None else plan.content_sku_idx
    is_part = lines.kit_line_idx[at] != NO_KIT
    sku = np.where(said[row] >= 0, said[row], lines.sku_idx[at])
    # of a kit all components, unless one is named; a line that is no kit has what is named as a substitute
    is_in = ~is_part | (said[row] < 0) | (said[row] == lines.sku_idx[at])
    each = np.where(is_part & (said[row] < 0), lines.kit_quantity[at], 1)
    found = Contents(plan.content_package[row], at, plan.content_quantity[row] * each, sku)
    return found.only(is_in)


def with_promises(exploded: Exploded) -> Exploded:
    """The problem without the units of released packages, its lines in parts, and the promises that still stand.

    What a node rejects is promised no more; rejections are by exploded lines.
    """
    problem = exploded.problem
    before = problem.plan_before
    contents = contents_before(exploded)
    is_released = before.is_released[contents.package]
    released, promised = contents.only(is_released), contents.only(~is_released)
    lines = problem.lines
    left = np.maximum(0, lines.quantity - np.bincount(released.line, released.quantity, len(lines)).astype(np.int64))
    services = services_before(problem)
    stands = (services != _NO_WAY)[promised.package]
    rejected = problem.rejections
    if len(rejected):
        num_nodes = len(problem.nodes)
        refused = rejected.line_idx * num_nodes + rejected.node_idx
        stands &= ~np.isin(promised.line * num_nodes + before.plan.node_idx[promised.package], refused)
    promised = promised.only(stands)
    package, promise = np.unique(promised.package, return_inverse=True)
    promise = promise.reshape(-1).astype(np.int64)
    parts, given = _in_parts(exploded, left, promised, promise)
    units = np.bincount(promise, promised.quantity, len(package)).astype(np.int64)
    may_move = before.may_move[package]
    price = np.where(
        may_move, rounded_to_micros(before.move_price.take(package)), _prohibitive(problem, left) * (units + 2)
    )
    promises = Promises(
        before.plan.order_idx[package], before.plan.node_idx[package], services[package],
        before.plan.ship_day[package], units, price.astype(np.int64), may_move, package,
    )  # fmt: skip
    return Exploded(replace(problem, lines=parts, promises=promises), given)


def without_released(problem: Problem, whole: Exploded) -> Problem:
    """The problem without what released packages took of its stock, packages and capacities.

    `whole` are the lines before they came in parts; what rules set is in the problem.
    """
    before = problem.plan_before
    if not before.is_released.any():
        return problem
    contents = contents_before(whole)
    contents = contents.only(before.is_released[contents.package])
    # of a line in parts the first one; components of a kit follow one another
    contents = replace(contents, line=first_parts(problem)[contents.line])
    plan, orders = before.plan, problem.orders
    num_released = np.bincount(plan.order_idx[before.is_released], minlength=len(orders)).astype(np.int64)
    most = np.where(orders.max_packages >= UNLIMITED, UNLIMITED, np.maximum(0, orders.max_packages - num_released))
    taken = _Taken(problem, plan.node_idx[contents.package], contents.sku_idx, contents.quantity)
    return replace(
        problem,
        orders=replace(orders, max_packages=most, num_released=num_released),
        stock=taken.stock(),
        inbound=taken.inbound(),
        released=_use(problem, contents),
    )


def services_before(problem: Problem) -> I64:
    """The service of every package of the plan before, -1 where units are picked up in a way that is gone."""
    plan, services = problem.as_given.plan_before.plan, problem.services
    carried, num_nodes = int(services.is_carried.sum()), len(problem.nodes)
    found = plan.service_idx.copy()
    way = np.flatnonzero(found >= carried)
    picked = np.arange(carried, len(services))
    source = np.argmax(problem.node_services.is_offered[:, picked], axis=0) if len(picked) else picked
    key = source * num_nodes + services.pickup_node_idx[picked]
    by_key = np.argsort(key, kind="stable")
    asked = found[way] - carried
    at = np.searchsorted(key[by_key], asked)
    is_there = at < len(key)
    is_there[is_there] = key[by_key][at[is_there]] == asked[is_there]
    found[way] = _NO_WAY
    found[way[is_there]] = picked[by_key[at[is_there]]]
    return found


def _in_parts(exploded: Exploded, left: I64, promised: Contents, promise: I64) -> tuple[OrderLines, I64]:
    """Lines in the parts that promises hold, first those, then the rest; and the given line of each."""
    lines = exploded.problem.lines
    by_line = np.lexsort((promise, promised.line))
    # units of a line that lie twice in one package are one part
    key = np.column_stack([promised.line[by_line], promise[by_line]])
    pairs, pair = np.unique(key, axis=0, return_inverse=True)
    held = np.bincount(pair.reshape(-1), promised.quantity[by_line], len(pairs)).astype(np.int64)
    line, number = (pairs[:, 0], pairs[:, 1]) if len(pairs) else (np.zeros(0, np.int64), np.zeros(0, np.int64))
    rest = left - np.bincount(line, held, len(lines)).astype(np.int64)
    is_promised = np.bincount(line, minlength=len(lines)) > 0
    with_rest = np.flatnonzero(~is_promised | (rest > 0))
    at = np.append(line, with_rest)
    quantity = np.append(held, np.maximum(rest, 0)[with_rest])
    of_promise = np.append(number, np.full(len(with_rest), NO_PROMISE))
    sequence = np.lexsort((np.where(of_promise < 0, len(promise), of_promise), at))
    at, quantity, of_promise = at[sequence], quantity[sequence], of_promise[sequence]
    in_parts = np.bincount(at, minlength=len(lines)) > 1
    columns: dict[str, Any] = {}
    for one in fields(OrderLines):
        value = getattr(lines, one.name)
        if isinstance(value, Amounts):
            columns[one.name] = value.take(at)
        elif isinstance(value, np.ndarray):
            columns[one.name] = value[at]
    columns["attributes"] = {name: column[at] for name, column in lines.attributes.items()}
    columns |= {"quantity": quantity, "promise_idx": of_promise, "part_of": np.where(in_parts[at], at, NO_PART)}
    return OrderLines(**columns), exploded.given_line[at]


def _prohibitive(problem: Problem, left: I64) -> int:
    """More than any unit of stock or package could save, in micros, as a price of every unit of a promise."""
    lines = problem.lines
    objective, own = problem.objective, lines.unfilled_cost.micros.astype(np.float64)
    value, priority = lines.unit_value.micros + 1.0, (problem.orders.priority.micros + 1) / MICROS
    usual = (float(objective.unfilled_unit) * MICROS + float(objective.unfilled_value) * value) * priority[
        lines.order_idx
    ]
    cost = np.zeros(len(problem.orders))
    np.add.at(cost, lines.order_idx, np.where(lines.has_unfilled_cost, own, usual) * left)
    return _AMPLE * (int(cost.max(initial=0.0)) + MICROS)


class _Taken:
    """Units that released packages took: of what lies there first, then of what arrives, the earliest first."""

    def __init__(self, problem: Problem, node: I64, sku: I64, quantity: I64) -> None:
        self._problem = problem
        stock, num_skus = problem.stock, len(problem.skus)
        key = stock.node_idx * num_skus + stock.sku_idx
        at, row = matching_rows(key, node * num_skus + sku)
        self._units = np.bincount(at, quantity[row], len(stock)).astype(np.int64)

    def stock(self) -> Stock:
        """The stock that is left."""
        stock = self._problem.stock
        return replace(stock, on_hand=stock.on_hand - np.minimum(self._units, stock.available))

    def inbound(self) -> Inbound:
        """The arrivals that are left."""
        problem, inbound = self._problem, self._problem.inbound
        if not len(inbound):
            return inbound
        row = problem.stock_rows(inbound.node_idx, inbound.sku_idx)
        beyond = np.maximum(0, self._units - problem.stock.available)
        total = np.cumsum(inbound.quantity)
        first = np.searchsorted(row, row)
        before = total - inbound.quantity - (total - inbound.quantity)[first]
        taken = np.clip(beyond[row] - before, 0, inbound.quantity)
        left, some = inbound.quantity - taken, inbound.quantity > taken
        return Inbound(inbound.node_idx[some], inbound.sku_idx[some], inbound.available_day[some], left[some])


def _use(problem: Problem, contents: Contents) -> ReleasedUse:
    """What the packages of `contents`, whose lines are those of the problem, take of capacities."""
    before, services = problem.plan_before, services_before(problem)
    plan = before.plan
    package = np.unique(contents.package)
    rows, row = np.unique(
        np.column_stack([plan.node_idx[package], services[package], plan.ship_day[package]]), axis=0,
        return_inverse=True,
    )  # fmt: skip
    row_of = np.zeros(len(plan), np.int64)
    row_of[package] = row.reshape(-1)
    at, num = row_of[contents.package], len(rows)
    lines_in = np.unique(np.column_stack([contents.package, contents.line]), axis=0)[:, 0]

    def total(index: I64, weights: I64 | None = None) -> I64:
        return np.bincount(index, weights, num).astype(np.int64)

    counted = _counted(problem, contents, services)
    return ReleasedUse(
        rows[:, 0], rows[:, 1], rows[:, 2], total(row_of[package]), total(row_of[lines_in]),
        total(at, contents.quantity), *counted,
    )  # fmt: skip


def _counted(problem: Problem, contents: Contents, services: I64) -> tuple[I64, I64, I64]:
    """Rules in whose quotas released packages count, their days, and how many packages."""
    plan, package, rules = problem.plan_before.plan, contents.package, problem.package_rules
    if not rules.has_quota.any():
        return (np.zeros(0, np.int64),) * 3
    found: list[tuple[int, int]] = []
    row = problem.line_substitutes.rows_of(contents.line, contents.sku_idx)
    row = np.where(row < 0, contents.line, len(problem.lines) + row)
    columns = plan.order_idx[package], row, plan.node_idx[package], services[package], plan.ship_day[package]
    for rule, about in rules_about(rules, rules.has_quota, *columns):
        found += [(rule, int(plan.ship_day[one])) for one in np.unique(package[about]).tolist()]
    pairs, count = np.unique(np.array(found, np.int64).reshape(-1, 2), axis=0, return_counts=True)
    return pairs[:, 0].copy(), pairs[:, 1].copy(), count.astype(np.int64)
