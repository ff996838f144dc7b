"""Promised packages: whether a plan keeps them, and what keeping them earns in a bound."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from splitship.check.compiled import compiled
from splitship.check.contents import Contents
from splitship.check.exact import wholes
from splitship.check.steps import Steps
from splitship.check.tables import INFINITE
from splitship.check.violations import Names, Violations, date_text
from splitship.domain import Plan, Problem
from splitship.domain.orders import NO_PROMISE
from splitship.units import I64, Bools, in_one_layout

NOWHERE = -1
"""In place of the node of a promise that no package can keep."""


def check_promises(problem: Problem, plan: Plan, contents: Contents, names: Names, found: Violations) -> int:
    """Promises that must be kept; returns the micros that a plan pays for those that it does not keep.

    A promise is kept by one package of its order, from its node by its service on its day, with all units of all of its
    lines.
    """
    promises, lines = problem.promises, problem.lines
    if not len(promises):
        return 0
    needed = np.bincount(lines.promise_idx[lines.promise_idx != NO_PROMISE], minlength=len(promises))
    promise = lines.promise_idx[contents.line]
    is_in = (promise != NO_PROMISE) & (contents.quantity >= lines.quantity[contents.line])
    promise, package = promise[is_in], contents.package[is_in]
    is_there = plan.node_idx[package] == promises.node_idx[promise]
    is_there &= plan.service_idx[package] == promises.service_idx[promise]
    is_there &= plan.ship_day[package] == promises.ship_day[promise]
    pairs, count = np.unique(np.stack([promise[is_there], package[is_there]]), axis=1, return_counts=True)
    is_kept: Bools = needed == 0
    is_kept[pairs[0, count >= needed[pairs[0]]]] = True
    found.add_rows(
        "PROMISE_BROKEN",
        ~is_kept & ~promises.may_move,
        lambda at: names.order(int(promises.order_idx[at])),
        lambda at: (
            f"no package holds all {promises.units[at]} units that {names.node(int(promises.node_idx[at]))} ships by "
            f"{names.service(int(promises.service_idx[at]))} on {date_text(int(promises.ship_day[at]))}: they are "
            "promised and must not move"
        ),
    )
    return int(sum(promises.price[~is_kept & promises.may_move].tolist()))


class PromiseTables(NamedTuple):
    """Promises as the kernels read them: those of order o are `first[o]` to `end[o]` - 1."""

    first: I64  # [orders]
    end: I64  # [orders]
    node: I64  # [promises] NOWHERE where no package can keep it
    service: I64
    day: I64
    price: I64
    of_line: I64  # [lines] promise that a line's units are part of


def promise_tables(problem: Problem, steps: Steps) -> PromiseTables:
    """The promises of a problem's orders."""
    promises, lines = problem.promises, problem.lines
    ptr = promises.ptr(len(problem.orders)).astype(np.int64)
    node = promises.node_idx.copy()
    # Of units beyond the last whole step nothing ever ships.
    is_short = (steps.radix - 1) * steps.size < lines.quantity
    node[lines.promise_idx[is_short & (lines.promise_idx != NO_PROMISE)]] = NOWHERE
    columns = (
        ptr[:-1], ptr[1:], node, promises.service_idx, promises.ship_day, promises.price, lines.promise_idx,
    )  # fmt: skip
    return PromiseTables._make(in_one_layout(column) for column in columns)


def promised_micros(problem: Problem, orders: I64) -> int:
    """What orders pay that keep no promise."""
    promises = problem.promises
    return int(wholes(promises.price[np.isin(promises.order_idx, orders)]).sum()) if len(promises) else 0


@compiled
def refund_promises(
    promises: PromiseTables, begin: int, end: int, node: int, service: int, day: int, content: I64, num_contents: int,
    radix: I64, stride: I64, first: int, num_lines: int, terms: I64, refunded: I64,
) -> bool:  # fmt: skip
    """Whether one of the promises `begin` to `end` - 1 is of this place and day; then writes `refunded` [states].

    That is the `terms` of contents less the price of each promise of which they hold all lines in full.
    """
    has_any = False
    for promise in range(begin, end):
        is_here = promises.node[promise] == node and promises.service[promise] == service
        if not is_here or promises.day[promise] != day:
            continue
        if not has_any:
            for number in range(num_contents):
                refunded[content[number]] = terms[content[number]]
        has_any = True
        for number in range(num_contents):
            state = content[number]
            is_kept = refunded[state] < INFINITE
            for slot in range(num_lines):
                if promises.of_line[first + slot] == promise:
                    line_radix = radix[first + slot]
                    is_kept &= state // stride[slot] % line_radix == line_radix - 1
            if is_kept:
                refunded[state] -= promises.price[promise]
    return has_any
