# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Some orders of an instance as an instance of their own, on what is left of the shared resources.

Everything was computed when the whole batch was compiled; a slice only gathers it, and leaves out what cannot ship any
more. It means the same as compiling the orders alone on the remaining stock and capacity.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numba import njit

from splitship.instance import IMPOSSIBLE, Draws, Instance, Resources
from splitship.instance.draws import draw_room, overlaps, supply_room
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
    drawn = _drawn(instance)
    _find_possible(drawn, options, instance.option_line_ptr, instance.option_line, instance.line_step, left, can_ship)
    owner = np.repeat(np.arange(len(orders)), num_options)[can_ship]
    options = options[can_ship]
    slots = rows_of(instance.option_line_ptr, options)
    contents, choices = rows_of(instance.content_ptr, options), rows_of(instance.choice_ptr, options)
    new_line = np.empty(len(instance.line_sku), np.int32)  # only the positions of these lines are read
    new_line[lines] = np.arange(len(lines), dtype=np.int32)
    option_line = new_line[instance.option_line[slots]]
    rows = _rows_that_bind(instance, orders, owner, options, lines, option_line, slots, left)
    draws, supply = _renumbered(instance, rows, instance.option_line_supply[slots])
    content_cost = instance.content_cost[contents]
    content_ptr, option_line_ptr = _ptr(instance.content_ptr, options), _ptr(instance.option_line_ptr, options)
    _mark_impossible(
        drawn, options, option_line_ptr, option_line, instance.option_line_radix[slots],
        instance.option_line_supply[slots], instance.line_step[lines], content_ptr, left, content_cost,
    )  # fmt: skip
    resources, charged = instance.resources, slots if len(instance.option_line_cost) else slots[:0]
    sliced = replace(
        instance,
        problem=problem,
        resources=Resources(
            resources.kind[rows], resources.node_idx[rows], resources.sku_idx[rows], resources.service_idx[rows],
            resources.day[rows], resources.rule_idx[rows], left[rows],
        ),
        line_ptr=problem.line_ptr,
        option_ptr=np.searchsorted(owner, np.arange(len(orders) + 1)).astype(np.int64),
        draws=draws,
        option_draw=instance.option_draw[options],
        option_line_ptr=option_line_ptr,
        option_line=option_line,
        option_line_supply=supply,
        option_line_unit_cost=instance.option_line_unit_cost[charged],
        option_line_cost=instance.option_line_cost[charged],
        option_line_sku=instance.option_line_sku[slots if len(instance.option_line_sku) else slots[:0]],
        constant=0,
        allowed_ptr=_ptr(instance.allowed_ptr, orders),
        allowed_state=instance.allowed_state[rows_of(instance.allowed_ptr, orders)],
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


_OF_ORDERS = ("max_packages", "refund", "is_ship_complete", "is_conditional", "is_wide", "num_states")
_OF_LINES = ("line_sku", "line_quantity", "line_step", "line_radix", "line_stride", "unfilled_cost", "line_reward")
_OF_CHOICES = (
    "choice_service", "choice_ship_day", "choice_deliver_day", "choice_bracket_start", "choice_bracket_end",
    "choice_fixed_cost",
)  # fmt: skip


def _ptr(ptr: I64, groups: I64) -> I64:
    """Where each of the groups begins when only they are kept."""
    return np.concatenate([[0], np.cumsum(ptr[groups + 1] - ptr[groups])]).astype(np.int64)


class _Drawn(NamedTuple):
    """What the helpers of `instance.draws` read of an instance."""

    option_draw: I32
    option_line_supply: I32
    num_rows: np.int64
    draw_ptr: I64
    draw_row: I64
    draw_package: I64
    draw_line: I64
    draw_unit: I64
    supply_ptr: I64
    supply_row: I64


def _drawn(instance: Instance) -> _Drawn:
    draws = instance.draws
    return _Drawn(
        instance.option_draw, instance.option_line_supply, np.int64(len(instance.resources)), draws.ptr, draws.row,
        draws.package, draws.line, draws.unit, draws.supply_ptr, draws.supply_row,
    )  # fmt: skip


def _rows_that_bind(
    instance: Instance, orders: I64, owner: I64, options: I64, lines: I64, option_line: I32, slots: I64, left: I64
) -> I64:
    """The rows that the orders together could exceed, ascending.

    The most an order asks of stock is its lines once; of packages its limit, or one a step; of units all it has.
    """
    draws, num_rows = instance.draws, len(left)
    order_of_line = np.repeat(np.arange(len(orders)), np.diff(instance.line_ptr)[orders])
    steps = np.bincount(order_of_line, instance.line_radix[lines] - 1, len(orders)).astype(np.int64)
    units = np.bincount(order_of_line, instance.line_quantity[lines], len(orders)).astype(np.int64)
    packages = np.minimum(instance.max_packages[orders], steps)
    most = np.zeros(num_rows, np.int64)
    option, entry = draws.entries_of_options(instance.option_draw[options])
    asker = owner[option]
    amount = draws.package[entry] * packages[asker] + draws.line[entry] * steps[asker]
    amount += draws.unit[entry] * units[asker]
    _add_largest(most, draws.row[entry], asker, amount, len(orders))
    slot, row = draws.rows_of_supplies(instance.option_line_supply[slots], num_rows)
    asker = option_line[slot].astype(np.int64)
    _add_largest(most, row, asker, instance.line_quantity[lines][asker], len(lines))
    return np.flatnonzero(most > left)


def _add_largest(most: I64, row: I64, asker: I64, amount: I64, num_askers: int) -> None:
    """Add to `most` [rows] what each asker asks of a row at most in one of the pairs given."""
    key = row * max(1, num_askers) + asker
    order = np.lexsort((-amount, key))
    first = np.ones(len(order), np.bool_)
    first[1:] = key[order][1:] != key[order][:-1]
    np.add.at(most, row[order[first]], amount[order[first]])


def _renumbered(instance: Instance, rows: I64, supply: I32) -> tuple[Draws, I32]:
    """Draws and supplies when only `rows` stay, which are numbered anew."""
    num_old = len(instance.resources)
    new_row = np.full(num_old + 1, NO_ROW, np.int64)  # the last is where row -1 looks
    new_row[rows] = np.arange(len(rows))
    draws = instance.draws.renumbered(new_row)
    is_joint = supply >= num_old
    number = np.where(is_joint, supply - num_old, 0)
    is_left = np.append(np.diff(draws.supply_ptr), 0)[number] > 0
    joint = np.where(is_left, number + len(rows), NO_ROW)
    return draws, np.where(is_joint, joint, new_row[np.where(is_joint, NO_ROW, supply)]).astype(np.int32)


@njit(cache=True, nogil=True)
def _find_possible(t, options, option_line_ptr, option_line, line_step, left, can_ship):
    """Whether an option can still ship anything: a package, and of some line a step that is left, [options].

    Sufficient for what goes, not for what stays: `_mark_impossible` looks at each content.
    """
    for i in range(len(options)):
        option = options[i]
        can_ship[i] = False
        lines, units = draw_room(t, t.option_draw[option], left)
        if lines < 1:
            continue
        for j in range(option_line_ptr[option], option_line_ptr[option + 1]):
            step = line_step[option_line[j]]
            if min(units, supply_room(t, t.option_line_supply[j], left)) >= step:
                can_ship[i] = True
                break


@njit(cache=True, nogil=True)
def _mark_impossible(
    t, options, option_line_ptr, option_line, option_line_radix, option_line_supply, line_step, content_ptr, left,
    content_cost,
):  # fmt: skip
    """Make contents cost IMPOSSIBLE that by themselves exceed the stock, the lines or the units that are left."""
    for option in range(len(options)):
        first, end = option_line_ptr[option], option_line_ptr[option + 1]
        line_room, unit_room = draw_room(t, t.option_draw[options[option]], left)
        for content in range(1, content_ptr[option + 1] - content_ptr[option]):
            digits, units, lines, fits = content, np.int64(0), np.int64(0), True
            for j in range(first, end):
                taken = digits % option_line_radix[j] * line_step[option_line[j]]
                digits = digits // option_line_radix[j]
                units += taken
                supply = option_line_supply[j]
                if taken > 0:
                    lines += 1
                if taken == 0 or supply < 0:
                    continue
                others = content
                for i in range(first, j):  # another line of the same SKU draws on the same stock
                    if overlaps(t, np.int64(option_line_supply[i]), np.int64(supply)):
                        taken += others % option_line_radix[i] * line_step[option_line[i]]
                    others = others // option_line_radix[i]
                fits &= taken <= supply_room(t, supply, left)
            if not fits or units > unit_room or lines > line_room:
                content_cost[content_ptr[option] + content] = IMPOSSIBLE
