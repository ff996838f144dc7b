"""The instance as the compiled kernels see it, and the scratch space each thread works in."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from splitship.instance import Instance
from splitship.units import I32, I64, Bools

MAX_PACKAGES_WIDE = 64
"""Packages that the search considers for one wide order."""


class Tables(NamedTuple):
    """The arrays of an `Instance` that pricing and search read; same names, same shapes (those of `Draws`: `draw_`).

    `layers` [orders]: how many packages must be counted, 0 when no limit can bind. `slot_ptr` [orders + 1]: where an
    order's packages lie in an assignment. `is_ship_complete` is true of conditional orders too: what ships of them
    must come together, all of it or one of the allowed states. `num_rows` is the number of resources: prices beyond it
    are what an option line pays for a unit on top of the price of its row, if it has one (engine/own_prices.py,
    engine/decisions.py).
    """

    line_ptr: I64
    line_step: I64
    line_radix: I64
    line_stride: I64
    unfilled_cost: I64
    max_packages: I64
    is_ship_complete: Bools
    is_conditional: Bools
    allowed_ptr: I64
    allowed_state: I64
    is_wide: Bools
    num_states: I64
    option_ptr: I64
    option_draw: I32
    option_line_ptr: I64
    option_line: I32
    option_line_radix: I32
    option_line_supply: I32
    content_ptr: I64
    content_cost: I64
    refund: I64
    layers: I64
    slot_ptr: I64
    num_rows: np.int64
    draw_ptr: I64
    draw_row: I64
    draw_package: I64
    draw_line: I64
    draw_unit: I64
    supply_ptr: I64
    supply_row: I64


class Scratch(NamedTuple):
    """Work space of one thread, sized for the largest order.

    By state: `package` the least priced cost of one package with exactly that content, `package_option` and
    `package_content` the one that attains it, `none` the cost of leaving all unfilled. By layer and state: `any_`
    the least cost with any number of packages, `some` with at least one, `choice` the content taken first
    (0: leave a step of the first line unfilled).
    """

    package: I64
    package_option: I64
    package_content: I64
    none: I64
    any_: I64
    some: I64
    choice: I64
    state_of: I64
    price_of: I64
    units_of: I64
    digits: I64
    limits: I64
    out_option: I64
    out_content: I64


def make_tables(instance: Instance) -> Tables:
    """View an instance as kernel arguments; nothing is copied."""
    steps = np.zeros(instance.num_orders, np.int64)
    owner = np.repeat(np.arange(instance.num_orders), np.diff(instance.line_ptr))
    np.add.at(steps, owner, instance.line_radix - 1)
    most = np.minimum(instance.max_packages, steps)
    layers = np.where((most < steps) & ~instance.is_wide, np.maximum(most, 0), 0)
    slots = np.where(instance.is_wide, np.minimum(most, MAX_PACKAGES_WIDE), most)
    return Tables(
        instance.line_ptr,
        instance.line_step,
        instance.line_radix,
        instance.line_stride,
        instance.unfilled_cost,
        instance.max_packages,
        instance.is_ship_complete | instance.is_conditional,
        instance.is_conditional,
        instance.allowed_ptr,
        instance.allowed_state,
        instance.is_wide,
        instance.num_states,
        instance.option_ptr,
        instance.option_draw,
        instance.option_line_ptr,
        instance.option_line,
        instance.option_line_radix,
        instance.option_line_supply,
        instance.content_ptr,
        instance.content_cost,
        instance.refund,
        layers,
        np.concatenate([[0], np.cumsum(slots)]).astype(np.int64),
        np.int64(len(instance.resources)),
        *(getattr(instance.draws, name) for name in instance.draws.__dataclass_fields__),
    )


def make_scratch(tables: Tables) -> Scratch:
    """Work space for one thread."""
    states = int(tables.num_states.max(initial=1)) + 1
    layers = int(tables.layers.max(initial=0)) + 1
    lines = int(np.diff(tables.line_ptr).max(initial=0)) + 1
    slots = int(np.diff(tables.slot_ptr).max(initial=0)) + 1

    def ints(*shape: int) -> I64:
        return np.zeros(shape, np.int64)

    return Scratch(
        ints(states), ints(states), ints(states), ints(states),
        ints(layers + 1, states), ints(layers + 1, states), ints(layers + 1, states),
        ints(states), ints(states), ints(states), ints(lines), ints(lines), ints(slots), ints(slots),
    )  # fmt: skip
