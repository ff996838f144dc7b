"""What became of the plan before in a new plan: packages kept, moved, rejected, released; and packages that are new."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from splitship.domain.modes_in_force import PICKUP, TRANSFER
from splitship.domain.orders import NO_PROMISE
from splitship.domain.plan import Plan
from splitship.domain.problem import Problem
from splitship.domain.promises_in_force import services_before
from splitship.units import I64, Bools, Strings, strings


class Change(IntEnum):
    """What became of a package of the plan before."""

    KEPT = 0  # promised, and a package of the plan keeps it
    MOVED = 1  # promised, and no package does: its price is paid
    REJECTED = 2  # a node refused something of it, or its way is closed; what is left of it, if anything, is kept
    RELEASED = 3  # it had left

    @property
    def label(self) -> str:
        """The name in documents."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Changes:
    """`what` [packages before] are `Change`; `cost` is what those that moved cost, in micros.

    `is_new` [packages] of the plan are those that keep no promise. `moved_from` and `moved_to` pair packages that moved
    with packages of the plan that hold some of their units now, sorted by both.
    """

    what: I64
    cost: I64
    is_new: Bools
    moved_from: I64
    moved_to: I64

    def count(self, change: Change) -> int:
        """How many packages before became that."""
        return int((self.what == change).sum())

    @property
    def num_new(self) -> int:
        """Packages of the plan that keep no promise."""
        return int(self.is_new.sum())


def changes_of(problem: Problem, plan: Plan) -> Changes:
    """How a plan differs from the plan before; `plan` is of the problem in force, lines in parts as parts."""
    before, promises, lines = problem.as_given.plan_before, problem.promises, problem.lines
    is_refused, stands = _refused(problem)
    of_promise = np.flatnonzero(stands)  # promises are in the sequence of their packages
    assert len(of_promise) == len(promises)
    line = np.flatnonzero(lines.promise_idx != NO_PROMISE)
    line = line[np.argsort(lines.promise_idx[line], kind="stable")]
    is_part = lines.promise_idx[plan.content_line] != NO_PROMISE
    promise = lines.promise_idx[plan.content_line[is_part]]
    package = plan.content_package[is_part]
    # units of each promised line in each package, then lines of each promise that lie there in full
    held, row = np.unique(
        np.column_stack([promise, package, plan.content_line[is_part]]), axis=0, return_inverse=True
    )  # fmt: skip
    units = np.bincount(row.reshape(-1), plan.content_quantity[is_part], len(held))
    held = held[units >= lines.quantity[held[:, 2]]]
    pairs, count = np.unique(held[:, :2], axis=0, return_counts=True)
    num_lines = np.bincount(lines.promise_idx[line], minlength=len(promises))
    asked, here = pairs[:, 0], pairs[:, 1]
    keeps = count == num_lines[asked]
    for promised, given in (
        (promises.node_idx, plan.node_idx), (promises.service_idx, plan.service_idx),
        (promises.ship_day, plan.ship_day),
    ):  # fmt: skip
        keeps &= promised[asked] == given[here]
    is_kept = np.zeros(len(promises), np.bool_)
    is_kept[asked[keeps]] = True
    is_new = np.ones(len(plan), np.bool_)
    is_new[here[keeps]] = False
    what = np.full(len(before), Change.REJECTED, np.int64)
    what[of_promise] = np.where(is_kept, np.where(is_refused[of_promise], Change.REJECTED, Change.KEPT), Change.MOVED)
    what[before.is_released] = Change.RELEASED
    cost = np.zeros(len(before), np.int64)
    cost[of_promise] = np.where(is_kept, 0, promises.price)
    now = np.unique(np.column_stack([of_promise[promise], package])[~is_kept[promise]], axis=0)
    return Changes(what, cost, is_new, now[:, 0].copy(), now[:, 1].copy())


def _refused(problem: Problem) -> tuple[Bools, Bools]:
    """Packages before of which a node refused something, and promised ones of which something still stands."""
    given, services = problem.as_given, services_before(problem)
    before, rejected, num_nodes = given.plan_before, given.rejections, len(given.nodes)
    plan = before.plan
    node = plan.node_idx[plan.content_package]
    whole = rejected.line_idx < 0
    of_order = rejected.order_idx[whole] * num_nodes + rejected.node_idx[whole]
    of_line = rejected.line_idx[~whole] * num_nodes + rejected.node_idx[~whole]
    content = np.isin(plan.order_idx[plan.content_package] * num_nodes + node, of_order)
    content |= np.isin(plan.content_line * num_nodes + node, of_line)
    is_refused, stands = np.zeros((2, len(before)), np.bool_)
    is_refused[plan.content_package[content]] = True
    stands[plan.content_package[~content]] = True
    return is_refused, stands & (services >= 0) & ~before.is_released


def service_ids_before(problem: Problem) -> Strings:
    """The service of every package of the plan before, by its id; [packages before]."""
    given = problem.as_given
    num_services, num_nodes = len(given.services), len(given.nodes)
    service, ids = given.plan_before.plan.service_idx, given.nodes.node_id
    found: list[str] = []
    for one in service.tolist():
        if one < num_services:
            found.append(str(given.services.service_id[one]))
            continue
        source, target = divmod(one - num_services, num_nodes)
        found.append(f"{PICKUP}:{ids[target]}" if source == target else f"{TRANSFER}:{ids[source]}:{ids[target]}")
    return strings(found)
