# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Promises that must be kept: which of them no plan keeps."""

from __future__ import annotations

import numpy as np
from numba import njit

from splitship.domain import ResourceKind
from splitship.instance.model import IMPOSSIBLE, Instance
from splitship.units import I64, in_one_layout

_NONE = -1


def broken_promises(instance: Instance) -> I64:
    """Promises that must be kept and cannot: no such package is possible, or all of them ask for more than there is.

    Positions in `Problem.promises`. Where a resource cannot serve all of them, those that ask for it are returned.
    """
    return impossible_promises(instance, np.flatnonzero(~instance.problem.promises.may_move))


def impossible_promises(instance: Instance, must: I64) -> I64:
    """Those of some promises, given by their positions, that cannot be kept; as `broken_promises`."""
    promises, lines = instance.problem.promises, instance.problem.lines
    if not len(must):
        return must
    option = np.full(len(must), _NONE)
    _find_options(
        must, promises.order_idx, promises.node_idx, promises.service_idx, promises.ship_day,
        in_one_layout(lines.promise_idx), instance.line_ptr, instance.line_radix, instance.option_ptr,
        instance.option_node, instance.option_line_ptr, instance.option_line, instance.option_line_radix,
        instance.content_ptr, instance.content_cost, instance.content_choice, instance.choice_ptr,
        instance.choice_service, instance.choice_ship_day, option,
    )  # fmt: skip
    possible = np.flatnonzero(option != _NONE)
    over = _over_used(instance, must[possible], option[possible])
    broken = np.append(must[option == _NONE], must[possible][over])
    return np.sort(broken)


def _over_used(instance: Instance, promise: I64, option: I64) -> I64:
    """Which packages of promises, each of an option, use a resource of which all of them together use too much."""
    lines, draws, resources = instance.problem.lines, instance.draws, instance.resources
    place = np.full(len(instance.problem.promises), _NONE)
    place[promise] = np.arange(len(promise))
    line = np.flatnonzero(lines.promise_idx >= 0)
    line = line[place[lines.promise_idx[line]] >= 0]
    package = place[lines.promise_idx[line]]
    units = lines.quantity[line]
    owner = np.repeat(np.arange(instance.num_options), np.diff(instance.option_line_ptr))
    key = owner * len(lines) + instance.option_line
    supply = instance.option_line_supply[np.searchsorted(key, option[package] * len(lines) + line)]
    content, row = draws.rows_of_supplies(supply, len(resources))
    drawer, entry = draws.entries_of_options(instance.option_draw[option])
    num_lines = np.bincount(package, minlength=len(option))
    num_units = np.bincount(package, units, len(option)).astype(np.int64)
    amount = draws.package[entry] + draws.line[entry] * num_lines[drawer] + draws.unit[entry] * num_units[drawer]
    user = np.append(package[content], drawer)
    rows = np.append(row, draws.row[entry])
    use = np.zeros(len(resources), np.int64)
    np.add.at(use, rows, np.append(units[content], amount))
    # of reserves at a price there may be another way than the one found
    is_over = (use > resources.capacity) & (resources.kind != int(ResourceKind.CHANNEL_RESERVE))
    found: I64 = np.unique(user[is_over[rows]])
    return found


@njit(cache=True, nogil=True)
def _find_options(
    promises, order_of, node_of, service_of, day_of, line_promise, line_ptr, line_radix, option_ptr, option_node,
    option_line_ptr, option_line, option_line_radix, content_ptr, content_cost, content_choice, choice_ptr,
    choice_service, choice_ship_day, out_option,
):  # fmt: skip
    """For every promise an option that has just its package, unless there is none."""
    for at in range(len(promises)):
        promise = promises[at]
        order = order_of[promise]
        num_lines = 0
        for line in range(line_ptr[order], line_ptr[order + 1]):
            num_lines += line_promise[line] == promise
        for option in range(option_ptr[order], option_ptr[order + 1]):
            if option_node[option] != node_of[promise]:
                continue
            content, stride, found = np.int64(0), np.int64(1), 0
            for j in range(option_line_ptr[option], option_line_ptr[option + 1]):
                line = option_line[j]
                if line_promise[line] == promise and option_line_radix[j] == line_radix[line]:
                    content += (option_line_radix[j] - 1) * stride
                    found += 1
                stride *= option_line_radix[j]
            if found < num_lines or content_cost[content_ptr[option] + content] >= IMPOSSIBLE:
                continue
            choice = choice_ptr[option] + content_choice[content_ptr[option] + content]
            if choice_service[choice] == service_of[promise] and choice_ship_day[choice] == day_of[promise]:
                out_option[at] = option
                break
