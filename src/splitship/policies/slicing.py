# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Some orders of an instance as an instance of their own, on what is left of the shared resources.

Everything was computed when the whole batch was compiled; a slice only gathers it, and leaves out what cannot ship any
more. It means the same as compiling the orders alone on the remaining stock and capacity.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numba import njit

from splitship.instance import IMPOSSIBLE, Instance, Resources
from splitship.instance.subset import rows_of, subset_of_orders
from splitship.units import I32, I64

NO_ROW = -1


def slice_instance(instance: Instance, orders: I64, left: I64) -> tuple[Instance, I64]:
    """The orders at positions `orders`, in that order, and the positions of their lines in the whole instance.

    `left` [rows] is what other orders leave of every resource. Resources that these orders could not exhaust get no
    row; contents that exceed what is left cost IMPOSSIBLE; options without any possible content go. The problem
    keeps its network with the stock it had at first, which only bounds of wide orders read (they stay valid).
    """
    problem, lines = subset_of_orders(instance.problem, orders)
    options = rows_of(instance.option_ptr, orders)
    num_options = np.diff(instance.option_ptr)[orders]
    can_ship = np.empty(len(options), np.bool_)
    _find_possible(
        options, instance.option_package_row, instance.option_service_row, instance.option_unit_row,
        instance.option_line_ptr, instance.option_line,
        instance.option_line_row, instance.line_step, left, can_ship,
    )  # fmt: skip
    owner = np.repeat(np.arange(len(orders)), num_options)[can_ship]
    options = options[can_ship]
    slots = rows_of(instance.option_line_ptr, options)
    contents, choices = rows_of(instance.content_ptr, options), rows_of(instance.choice_ptr, options)
    new_line = np.empty(len(instance.line_sku), np.int32)  # only the positions of these lines are read
    new_line[lines] = np.arange(len(lines), dtype=np.int32)
    option_line = new_line[instance.option_line[slots]]
    rows, (package_row, service_row, unit_row, line_row) = _rows_that_bind(
        instance, orders, owner, options, lines, option_line, slots, left
    )
    content_cost = instance.content_cost[contents]
    content_ptr, option_line_ptr = _ptr(instance.content_ptr, options), _ptr(instance.option_line_ptr, options)
    _mark_impossible(
        instance.option_unit_row[options], option_line_ptr, option_line, instance.option_line_radix[slots],
        instance.option_line_row[slots], instance.line_step[lines], content_ptr, left, content_cost,
    )  # fmt: skip
    resources = instance.resources
    sliced = replace(
        instance,
        problem=problem,
        resources=Resources(
            resources.kind[rows], resources.node_idx[rows], resources.sku_idx[rows], resources.service_idx[rows],
            resources.day[rows], left[rows],
        ),
        line_ptr=problem.line_ptr,
        option_ptr=np.searchsorted(owner, np.arange(len(orders) + 1)).astype(np.int64),
        option_package_row=package_row,
        option_service_row=service_row,
        option_unit_row=unit_row,
        option_line_ptr=option_line_ptr,
        option_line=option_line,
        option_line_row=line_row,
        content_ptr=content_ptr,
        content_cost=content_cost,
        choice_ptr=_ptr(instance.choice_ptr, options),
        option_node=instance.option_node[options],
        option_line_radix=instance.option_line_radix[slots],
        content_choice=instance.content_choice[contents],
        **{name: getattr(instance, name)[orders] for name in _OF_ORDERS},
        **{name: getattr(instance, name)[lines] for name in _OF_LINES},
        **{name: getattr(instance, name)[choices] for name in _OF_CHOICES},
    )  # fmt: skip
    return sliced, lines


_OF_ORDERS = ("max_packages", "is_ship_complete", "is_wide", "num_states")
_OF_LINES = ("line_sku", "line_quantity", "line_step", "line_radix", "line_stride", "unfilled_cost")
_OF_CHOICES = (
    "choice_service", "choice_ship_day", "choice_deliver_day", "choice_bracket_start", "choice_bracket_end",
    "choice_fixed_cost",
)  # fmt: skip


def _ptr(ptr: I64, groups: I64) -> I64:
    """Where each of the groups begins when only they are kept."""
    return np.concatenate([[0], np.cumsum(ptr[groups + 1] - ptr[groups])]).astype(np.int64)


def _rows_that_bind(
    instance: Instance, orders: I64, owner: I64, options: I64, lines: I64, option_line: I32, slots: I64, left: I64
) -> tuple[I64, list[I32]]:
    """The rows that the orders together could exceed, ascending, and the rows of options and option lines among them.

    The most an order asks of stock is its lines once; of packages its limit, or one a step; of units all it has.
    """
    order_of_line = np.repeat(np.arange(len(orders)), np.diff(instance.line_ptr)[orders])
    steps = np.bincount(order_of_line, instance.line_radix[lines] - 1, len(orders)).astype(np.int64)
    units = np.bincount(order_of_line, instance.line_quantity[lines], len(orders)).astype(np.int64)
    packages = np.minimum(instance.max_packages[orders], steps)
    columns = (
        (instance.option_package_row[options], owner, packages),
        (instance.option_service_row[options], owner, packages),
        (instance.option_unit_row[options], owner, units),
        (instance.option_line_row[slots], option_line, instance.line_quantity[lines]),
    )
    most = np.zeros(len(left), np.int64)
    for row, asker, amount in columns:
        used = np.flatnonzero(row >= 0)
        pairs = np.unique(row[used].astype(np.int64) * len(lines) + asker[used])
        np.add.at(most, pairs // max(len(lines), 1), amount[pairs % max(len(lines), 1)])
    rows = np.flatnonzero(most > left)
    new_row = np.full(len(left) + 1, NO_ROW, np.int32)  # the last is where row -1 looks
    new_row[rows] = np.arange(len(rows), dtype=np.int32)
    return rows, [new_row[row] for row, _, _ in columns]


@njit(cache=True, nogil=True)
def _find_possible(
    options, package_row, service_row, unit_row, option_line_ptr, option_line, option_line_row, line_step, left,
    can_ship,
):  # fmt: skip
    """Whether an option can still ship anything: a package, and of some line a step that is left, [options].

    Sufficient for what goes, not for what stays: `_mark_impossible` looks at each content.
    """
    for i in range(len(options)):
        option = options[i]
        can_ship[i] = False
        if package_row[option] >= 0 and left[package_row[option]] < 1:
            continue
        if service_row[option] >= 0 and left[service_row[option]] < 1:
            continue
        for j in range(option_line_ptr[option], option_line_ptr[option + 1]):
            step = line_step[option_line[j]]
            has_stock = option_line_row[j] < 0 or left[option_line_row[j]] >= step
            if has_stock and (unit_row[option] < 0 or left[unit_row[option]] >= step):
                can_ship[i] = True
                break


@njit(cache=True, nogil=True)
def _mark_impossible(
    unit_row, option_line_ptr, option_line, option_line_radix, option_line_row, line_step, content_ptr, left,
    content_cost,
):  # fmt: skip
    """Make contents cost IMPOSSIBLE that by themselves exceed the stock or the units that are left."""
    for option in range(len(unit_row)):
        first, end = option_line_ptr[option], option_line_ptr[option + 1]
        for content in range(1, content_ptr[option + 1] - content_ptr[option]):
            digits, units, fits = content, np.int64(0), True
            for j in range(first, end):
                taken = digits % option_line_radix[j] * line_step[option_line[j]]
                digits = digits // option_line_radix[j]
                units += taken
                if taken == 0 or option_line_row[j] < 0:
                    continue
                others = content
                for i in range(first, j):  # another line of the same SKU draws on the same stock
                    if option_line_row[i] == option_line_row[j]:
                        taken += others % option_line_radix[i] * line_step[option_line[i]]
                    others = others // option_line_radix[i]
                fits &= taken <= left[option_line_row[j]]
            if not fits or (unit_row[option] >= 0 and units > left[unit_row[option]]):
                content_cost[content_ptr[option] + content] = IMPOSSIBLE
