"""The problem as one mixed-integer model, exact.

Columns, all integer (micros in the objective):
    p  packages: how many packages with this content ship from this option; cost of the content. Only of contents that
       a best plan may need, see `needed`
    u  steps of a line that stay unfilled; unfilled cost
    n  nothing of a ship-complete order ships; unfilled cost of all of it (instead of its u columns)
    s  something of an order ships: refunds one split price, which every package is charged (orders of a single step
       have none: their package is charged none)
    k  the instance's constant, where it has one: a column fixed at 1, so that a plan's cost is the objective
and those of wide orders, see `wide`. Components of a kit share the u column of the first: as many of each stay
unfilled. Rows: see `rows` for those that all packages share; `worth` are those of orders with a least value:

    sum over lines of value x units shipped >= least value x w,   packages <= steps of the order x w,   w binary
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.domain import Steering
from splitship.instance import Instance
from splitship.mip.assemble import INFINITY, Assembler
from splitship.mip.contents import Contents, possible_contents
from splitship.mip.needed import is_needed
from splitship.mip.reserves import add_reserves
from splitship.mip.rows import SharedRows, add_shared_rows
from splitship.mip.steering import add_steering
from splitship.mip.wide import WideSlots, add_wide_packages
from splitship.solvers import LinearModel
from splitship.units import I64


@dataclass(frozen=True, slots=True)
class MixedModel:
    """The model of an instance with what its columns mean.

    `contents` belong to the columns `package_column` [contents], `wide` are the slots of wide orders.
    `unfilled_line` is the line of each column in `unfilled_column`; `nothing_order` the order of each in
    `nothing_column`, `ships_order` of each in `ships_column`.
    """

    instance: Instance
    linear: LinearModel
    rows: SharedRows
    contents: Contents
    package_column: I64
    wide: WideSlots
    unfilled_column: I64
    unfilled_line: I64
    nothing_column: I64
    nothing_order: I64
    ships_column: I64
    ships_order: I64


def build_model(instance: Instance) -> MixedModel:
    """The model of all orders of an instance together."""
    assembler = Assembler("splitship")
    line_order = instance.problem.lines.order_idx
    rows = add_shared_rows(assembler, instance)
    possible = possible_contents(instance)
    is_steered = len(Steering.of(instance.problem)) > 0  # then a package may be worth more than it costs
    contents = possible if is_steered else possible.only(is_needed(instance, possible))
    package_column = _add_packages(assembler, instance, contents, rows)
    wide = add_wide_packages(assembler, instance, rows)

    head = instance.problem.lines.head_idx
    is_head = head == np.arange(len(head))
    unfilled_line = np.flatnonzero(~instance.is_ship_complete[line_order] & is_head)
    steps = instance.line_radix - 1
    step_cost = instance.unfilled_cost * instance.line_step
    kit_cost = np.bincount(head, step_cost, len(head))  # components but the first may have a reward to lose
    unfilled_column = assembler.add_columns("u", kit_cost[unfilled_line], steps[unfilled_line])
    column_of_line = np.full(len(head), -1)
    column_of_line[unfilled_line] = unfilled_column
    partial = np.flatnonzero(column_of_line[head] >= 0)
    assembler.add_entries(rows.cover[partial], column_of_line[head[partial]], 1.0)

    nothing_order = np.flatnonzero(instance.is_ship_complete)
    order_cost = np.bincount(line_order, step_cost * steps, instance.num_orders)
    nothing_column = assembler.add_columns("n", order_cost[nothing_order], 1.0)
    column_of_order = np.full(instance.num_orders, -1)
    column_of_order[nothing_order] = nothing_column
    whole = np.flatnonzero(instance.is_ship_complete[line_order])
    assembler.add_entries(rows.cover[whole], column_of_order[line_order[whole]], steps[whole])

    _add_least_values(assembler, instance, contents, package_column)
    add_steering(assembler, instance, contents, package_column, wide)
    add_reserves(assembler, instance, rows)
    if instance.constant:
        assembler.add_columns("k", np.array([float(instance.constant)]), 1.0, 1.0)

    ships_order = np.flatnonzero(rows.ships >= 0)
    ships_column = assembler.add_columns("s", -instance.refund[ships_order].astype(float), 1.0)
    assembler.add_entries(rows.ships[ships_order], ships_column, 1.0)
    return MixedModel(
        instance=instance,
        linear=assembler.build(),
        rows=rows,
        contents=contents,
        package_column=package_column,
        wide=wide,
        unfilled_column=unfilled_column,
        unfilled_line=unfilled_line,
        nothing_column=nothing_column,
        nothing_order=nothing_order,
        ships_column=ships_column,
        ships_order=ships_order,
    )


def _add_packages(assembler: Assembler, instance: Instance, contents: Contents, rows: SharedRows) -> I64:
    """The columns p, and their entries in every row."""
    slot = contents.entry_slot
    line = instance.option_line[slot].astype(np.int64)
    fits = (instance.line_radix[line] - 1) // contents.entry_steps
    upper = np.full(len(contents), np.iinfo(np.int64).max)
    np.minimum.at(upper, contents.entry_content, fits)
    option_order = np.repeat(np.arange(instance.num_orders), np.diff(instance.option_ptr))
    order = option_order[contents.option]
    is_only = rows.ships[order] < 0  # without a split price there is nothing to take off either
    cost = instance.content_cost[contents.content] - np.where(is_only, instance.refund[order], 0)
    column = assembler.add_columns("p", cost, upper)
    entry_column = column[contents.entry_content]
    assembler.add_entries(rows.cover[line], entry_column, contents.entry_steps)

    for row_of_order, coefficient in ((rows.packages, 1.0), (rows.ships, -1.0)):
        used = row_of_order[order] >= 0
        assembler.add_entries(row_of_order[order[used]], column[used], coefficient)

    units = contents.entry_steps * instance.line_step[line]
    draws = instance.draws
    position, row = draws.rows_of_supplies(instance.option_line_supply[slot], len(instance.resources))
    assembler.add_entries(rows.supply[row], entry_column[position], units[position])
    package_units = np.bincount(contents.entry_content, units, len(contents))
    package_lines = np.bincount(contents.entry_content, minlength=len(contents))
    of, entry = draws.entries_of_options(instance.option_draw[contents.option])
    amount = draws.package[entry] + draws.line[entry] * package_lines[of] + draws.unit[entry] * package_units[of]
    assembler.add_entries(rows.supply[draws.row[entry]], column[of], amount)
    return column


def _add_least_values(assembler: Assembler, instance: Instance, contents: Contents, package_column: I64) -> None:
    """The columns w and the rows of orders that must ship so much or nothing."""
    least = instance.problem.orders.min_order_value
    if least is None or not (least > 0).any():
        return
    order = np.flatnonzero(least > 0)
    column = assembler.add_columns("w", np.zeros(len(order)), 1.0)
    value, any_package = (assembler.add_rows(name, len(order), -INFINITY, 0.0) for name in ("worth", "begun"))
    number = np.full(instance.num_orders, -1)
    number[order] = np.arange(len(order))
    steps = np.bincount(instance.problem.lines.order_idx, instance.line_radix - 1, instance.num_orders)
    assembler.add_entries(any_package, column, -steps[order])
    owner = np.repeat(np.arange(instance.num_orders), np.diff(instance.option_ptr))[contents.option]
    chosen = np.flatnonzero(number[owner] >= 0)
    assembler.add_entries(any_package[number[owner[chosen]]], package_column[chosen], 1.0)
    entry = np.flatnonzero(number[owner[contents.entry_content]] >= 0)
    line = instance.option_line[contents.entry_slot[entry]].astype(np.int64)
    owner_of = owner[contents.entry_content[entry]]
    unit_value = instance.problem.lines.unit_value.take(line)
    units = contents.entry_steps[entry] * instance.line_step[line]
    # whole numbers where values are whole micros, as small as they can be
    step = np.gcd.reduce(np.concatenate([least[order], units * unit_value.micros])) if not unit_value.atto.any() else 1
    worth = units * (unit_value.micros + unit_value.atto * 1e-12) / step
    assembler.add_entries(value, column, least[order] / step)
    assembler.add_entries(value[number[owner_of]], package_column[contents.entry_content[entry]], -worth)
