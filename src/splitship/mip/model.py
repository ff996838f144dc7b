"""The problem as one mixed-integer model, exact.

Columns, all integer (micros in the objective):
    p  packages: how many packages with this content ship from this option; cost of the content
    u  steps of a line that stay unfilled; unfilled cost
    n  nothing of a ship-complete order ships; unfilled cost of all of it (instead of its u columns)
    s  something of an order ships: refunds one split price, which every package is charged
and those of wide orders, see `wide`. Rows:
    cover      every step of a line is in a package or unfilled
    packages   at most max_packages of an order
    ships      s <= the order's packages
    supply     stock and capacities, one row a resource that can bind
There is no constant term: a plan's cost is the objective.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.instance import Instance
from splitship.mip.assemble import INFINITY, Assembler
from splitship.mip.contents import Contents, possible_contents
from splitship.solvers import LinearModel
from splitship.units import I64


@dataclass(frozen=True, slots=True)
class MixedModel:
    """The model of an instance with what its columns mean.

    `contents` belong to the columns `package_column` [contents]. `unfilled_line` is the line of each column in
    `unfilled_column`; `nothing_order` the order of each in `nothing_column`, `ships_order` of each in `ships_column`.
    """

    instance: Instance
    linear: LinearModel
    contents: Contents
    package_column: I64
    unfilled_column: I64
    unfilled_line: I64
    nothing_column: I64
    nothing_order: I64
    ships_column: I64
    ships_order: I64


@dataclass(frozen=True, slots=True)
class SharedRows:
    """Rows that packages enter: `cover` [lines], `packages`, `ships` [orders] (-1: none), `supply` [resources]."""

    cover: I64
    packages: I64
    ships: I64
    supply: I64


def build_model(instance: Instance) -> MixedModel:
    """The model of all orders of an instance together."""
    assembler = Assembler("splitship")
    line_order = instance.problem.lines.order_idx
    order_steps = np.bincount(line_order, instance.line_radix - 1, instance.num_orders).astype(np.int64)
    rows, ships_order = _add_rows(assembler, instance, order_steps)

    contents = possible_contents(instance)
    package_column = _add_packages(assembler, instance, contents, rows)

    unfilled_line = np.flatnonzero(~instance.is_ship_complete[line_order])
    steps = instance.line_radix - 1
    step_cost = instance.unfilled_cost * instance.line_step
    unfilled_column = assembler.add_columns("u", step_cost[unfilled_line], steps[unfilled_line])
    assembler.add_entries(rows.cover[unfilled_line], unfilled_column, 1.0)

    nothing_order = np.flatnonzero(instance.is_ship_complete)
    order_cost = np.bincount(line_order, step_cost * steps, instance.num_orders)
    nothing_column = assembler.add_columns("n", order_cost[nothing_order], 1.0)
    column_of_order = np.full(instance.num_orders, -1)
    column_of_order[nothing_order] = nothing_column
    whole = np.flatnonzero(instance.is_ship_complete[line_order])
    assembler.add_entries(rows.cover[whole], column_of_order[line_order[whole]], steps[whole])

    ships_column = assembler.add_columns("s", np.full(len(ships_order), -float(instance.split_cost)), 1.0)
    assembler.add_entries(rows.ships[ships_order], ships_column, 1.0)
    return MixedModel(
        instance=instance,
        linear=assembler.build(),
        contents=contents,
        package_column=package_column,
        unfilled_column=unfilled_column,
        unfilled_line=unfilled_line,
        nothing_column=nothing_column,
        nothing_order=nothing_order,
        ships_column=ships_column,
        ships_order=ships_order,
    )


def _add_rows(assembler: Assembler, instance: Instance, order_steps: I64) -> tuple[SharedRows, I64]:
    """All rows that more than one kind of column enters, and the orders that can be refunded a split price."""
    steps = instance.line_radix - 1
    cover = assembler.add_rows("cover", len(steps), steps, steps)
    packages = np.full(instance.num_orders, -1)
    limited = np.flatnonzero(instance.max_packages < order_steps)  # a package holds a step at least
    packages[limited] = assembler.add_rows("packages", len(limited), -INFINITY, instance.max_packages[limited])
    ships = np.full(instance.num_orders, -1)
    refunded = np.flatnonzero(np.diff(instance.option_ptr) > 0) if instance.split_cost else np.zeros(0, np.int64)
    ships[refunded] = assembler.add_rows("ships", len(refunded), -INFINITY, 0.0)
    supply = assembler.add_rows("supply", len(instance.resources), -INFINITY, instance.resources.capacity)
    return SharedRows(cover, packages, ships, supply), refunded


def _add_packages(assembler: Assembler, instance: Instance, contents: Contents, rows: SharedRows) -> I64:
    """The columns p, and their entries in every row."""
    slot = contents.entry_slot
    line = instance.option_line[slot].astype(np.int64)
    fits = (instance.line_radix[line] - 1) // contents.entry_steps
    upper = np.full(len(contents), np.iinfo(np.int64).max)
    np.minimum.at(upper, contents.entry_content, fits)
    column = assembler.add_columns("p", instance.content_cost[contents.content], upper)
    entry_column = column[contents.entry_content]
    assembler.add_entries(rows.cover[line], entry_column, contents.entry_steps)

    option_order = np.repeat(np.arange(instance.num_orders), np.diff(instance.option_ptr))
    order = option_order[contents.option]
    for row_of_order, coefficient in ((rows.packages, 1.0), (rows.ships, -1.0)):
        used = row_of_order[order] >= 0
        assembler.add_entries(row_of_order[order[used]], column[used], coefficient)

    units = contents.entry_steps * instance.line_step[line]
    stock_row = instance.option_line_row[slot].astype(np.int64)
    used = stock_row >= 0
    assembler.add_entries(rows.supply[stock_row[used]], entry_column[used], units[used])
    for row_of_option in (instance.option_package_row, instance.option_service_row):
        row = row_of_option[contents.option].astype(np.int64)
        used = row >= 0
        assembler.add_entries(rows.supply[row[used]], column[used], 1.0)
    unit_row = instance.option_unit_row[contents.option].astype(np.int64)
    package_units = np.bincount(contents.entry_content, units, len(contents))
    used = unit_row >= 0
    assembler.add_entries(rows.supply[unit_row[used]], column[used], package_units[used])
    return column
