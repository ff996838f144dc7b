# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""The packages of one order while a rule fills them, as a journal that can be taken back.

Every addition of some steps of a line to a package is one entry; an entry remembers what the package was before, so
undoing entries from the last to a mark restores packages and resources exactly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from splitship.instance.inner import inner
from splitship.policies.pricing import add_use, best_option, most_steps_of_line
from splitship.policies.tables import MAX_PACKAGES, NODE, REFUND, STEP, UNFILLED_COST, Packages
from splitship.units import I64

FULL = -1
"""What `add_line` returns when the draft's arrays are too small: undo, enlarge, begin the order again."""


class Draft(NamedTuple):
    """`size` [2]: packages and entries. Packages: node, option, choice position, cost, last entry (-1: none).

    Entries: package, line (from the order's first), steps, the package's previous entry, and its option, choice and
    cost before (option -1: the entry opened it). `row` is scratch space, all zero between calls.
    """

    size: I64
    node: I64
    option: I64
    choice: I64
    cost: I64
    last: I64
    entry_package: I64
    entry_line: I64
    entry_steps: I64
    entry_before: I64
    entry_option: I64
    entry_choice: I64
    entry_cost: I64
    row: I64


@inner
def make_draft(packages, entries, lines):
    """An empty draft with room for so many packages and entries of orders with at most `lines` lines."""
    return Draft(
        np.zeros(2, np.int64),
        np.empty(packages, np.int64), np.empty(packages, np.int64), np.empty(packages, np.int64),
        np.empty(packages, np.int64), np.empty(packages, np.int64),
        np.empty(entries, np.int64), np.empty(entries, np.int64), np.empty(entries, np.int64),
        np.empty(entries, np.int64), np.empty(entries, np.int64), np.empty(entries, np.int64),
        np.empty(entries, np.int64),
        np.zeros(lines, np.int64),
    )  # fmt: skip


@inner
def larger_draft(d):
    """An empty draft of twice the room."""
    return make_draft(2 * len(d.node), 2 * len(d.entry_line), len(d.row))


@inner
def widest_order(t):
    """Lines of the largest order, at least 1."""
    widest = np.int64(1)
    for order in range(t.orders.shape[1]):
        widest = max(widest, t.order_ptr[0, order + 1] - t.order_ptr[0, order])
    return widest


@inner
def add_line(t, d, order, first_option, end_option, line, want, left):
    """Put up to `want` steps of one line (from the order's first) into packages from one node; returns how many fit.

    The node's options are `first_option` to `end_option - 1`. Packages the order already has there are filled first,
    oldest first, then new ones are opened while the order may have more; each takes as much as it can hold.
    Every package goes by its cheapest service and day that fit what is left. FULL when the draft has no room.
    """
    node, added = t.options[NODE, first_option], np.int64(0)
    if most_steps_of_line(t, first_option, end_option, t.order_ptr[0, order] + line, left) == 0:
        return added  # no package of it, open or new, can take a step more
    for package in range(d.size[0]):
        if d.node[package] == node and added < want:
            steps = _extend(t, d, order, package, first_option, end_option, line, want - added, left)
            if steps < 0:
                return np.int64(FULL)
            added += steps
    while added < want and d.size[0] < t.orders[MAX_PACKAGES, order]:
        steps = _extend(t, d, order, d.size[0], first_option, end_option, line, want - added, left)
        if steps < 0:
            return np.int64(FULL)
        if steps == 0:
            break
        added += steps
    return added


@inner
def _extend(t, d, order, package, first_option, end_option, line, want, left):
    """Put as many as fit of `want` steps of a line into one package, a new one when `package` is the next number."""
    is_new = package == d.size[0]
    if d.size[1] == len(d.entry_line) or (is_new and package == len(d.node)):
        return np.int64(FULL)
    num_steps = np.int64(0)
    if not is_new:
        num_steps = _load(d, package)
        add_use(t, order, d.option[package], d.row, 1, left)
    held = d.row[line]
    most = most_steps_of_line(t, first_option, end_option, t.order_ptr[0, order] + line, left) - held
    option, choice, cost, low, high = np.int64(-1), np.int64(0), np.int64(0), np.int64(0), min(want, most)
    # what fits shrinks with the content, so the most that fits is found by halving; mostly all of it fits at once
    middle = high
    while low < high:
        d.row[line] = held + middle
        found, found_choice, found_cost = best_option(
            t, order, first_option, end_option, d.row, num_steps + middle, left
        )
        if found >= 0:
            low, option, choice, cost = middle, found, found_choice, found_cost
        else:
            high = middle - 1
        middle = (low + high + 1) // 2
    d.row[line] = held
    if low > 0:
        entry = d.size[1]
        d.entry_package[entry], d.entry_line[entry], d.entry_steps[entry] = package, line, low
        if is_new:
            d.entry_before[entry], d.entry_option[entry] = -1, -1
            d.entry_choice[entry], d.entry_cost[entry] = 0, 0
            d.node[package] = t.options[NODE, first_option]
            d.size[0] += 1
        else:
            d.entry_before[entry], d.entry_option[entry] = d.last[package], d.option[package]
            d.entry_choice[entry], d.entry_cost[entry] = d.choice[package], d.cost[package]
        d.last[package] = entry
        d.option[package], d.choice[package], d.cost[package] = option, choice, cost
        d.row[line] = held + low
        d.size[1] += 1
    if low > 0 or not is_new:
        add_use(t, order, d.option[package], d.row, -1, left)
    d.row[line] = held
    if not is_new:
        _unload(d, package)
    d.row[line] = 0
    return low


@inner
def undo(t, d, order, mark, left):
    """Take back all entries from number `mark` on."""
    while d.size[1] > mark:
        entry = d.size[1] - 1
        package = d.entry_package[entry]
        _load(d, package)
        add_use(t, order, d.option[package], d.row, 1, left)
        _unload(d, package)
        d.last[package] = d.entry_before[entry]
        d.size[1] -= 1
        if d.entry_option[entry] < 0:
            d.size[0] -= 1
            continue
        d.option[package], d.choice[package] = d.entry_option[entry], d.entry_choice[entry]
        d.cost[package] = d.entry_cost[entry]
        _load(d, package)
        add_use(t, order, d.option[package], d.row, -1, left)
        _unload(d, package)


@inner
def draft_cost(t, d, order, missing):
    """Cost of the drafted packages and of `missing` [lines] steps left unfilled; one split price is handed back."""
    cost = np.int64(0)
    for package in range(d.size[0]):
        cost += d.cost[package]
    if d.size[0]:
        cost -= t.orders[REFUND, order]
    for i in range(len(missing)):
        line = t.order_ptr[0, order] + i
        cost += missing[i] * t.lines[STEP, line] * t.lines[UNFILLED_COST, line]
    return cost


@inner
def _load(d, package):
    """Write a package's content into `row`; returns its steps."""
    num_steps, entry = np.int64(0), d.last[package]
    while entry >= 0:
        d.row[d.entry_line[entry]] += d.entry_steps[entry]
        num_steps += d.entry_steps[entry]
        entry = d.entry_before[entry]
    return num_steps


@inner
def _unload(d, package):
    """Zero what `_load` wrote."""
    entry = d.last[package]
    while entry >= 0:
        d.row[d.entry_line[entry]] = 0
        entry = d.entry_before[entry]


@inner
def make_packages(packages, contents):
    """No packages yet, with room for so many."""
    return Packages(np.zeros(2, np.int64), np.empty((3, packages), np.int64), np.empty((3, contents), np.int64))


@inner
def copy_packages(out, wider):
    """Copy what is filled of `out` into `wider`, which has more room."""
    for kind in range(2):
        wider.size[kind] = out.size[kind]
    for row in range(3):
        for i in range(out.size[0]):
            wider.packages[row, i] = out.packages[row, i]
        for i in range(out.size[1]):
            wider.contents[row, i] = out.contents[row, i]


@inner
def commit(t, d, order, out):
    """Append the draft's packages to `out` and empty the draft; returns `out`, enlarged if it was full."""
    size = out.size
    room, content_room = out.packages.shape[1], out.contents.shape[1]
    if size[0] + d.size[0] > room or size[1] + d.size[1] > content_room:
        wider = make_packages(2 * room + d.size[0], 2 * content_room + d.size[1])
        copy_packages(out, wider)
        out = wider
        size = out.size
    for package in range(d.size[0]):
        out.packages[0, size[0]] = order
        out.packages[1, size[0]] = d.option[package]
        out.packages[2, size[0]] = d.choice[package]
        _load(d, package)
        entry = d.last[package]
        while entry >= 0:
            line = d.entry_line[entry]
            if d.row[line] > 0:
                out.contents[0, size[1]] = size[0]
                out.contents[1, size[1]] = t.order_ptr[0, order] + line
                out.contents[2, size[1]] = d.row[line] * t.lines[STEP, t.order_ptr[0, order] + line]
                d.row[line] = 0
                size[1] += 1
            entry = d.entry_before[entry]
        size[0] += 1
    d.size[:] = 0
    return out
