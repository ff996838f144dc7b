"""From a solver's values back to a plan."""

from __future__ import annotations

import numpy as np

from splitship.domain import Plan
from splitship.errors import SolverError
from splitship.mip.model import MixedModel
from splitship.units import I64, Floats

ROW_TOLERANCE = 1e-6
"""Rounded values that break a row by more than this, counted in its largest coefficient, really break it."""


def decode_values(model: MixedModel, values: Floats) -> tuple[Plan, Floats]:
    """The plan in a solver's values [columns], and the values with integer columns rounded to whole numbers.

    A solver that was stopped may not have taken the refund of a split price that its packages earn: it is taken here,
    so that the values cost what the plan does.

    Raises:
        SolverError: the rounded values break a bound or a row of the model: the solver's answer is wrong.
    """
    linear = model.linear
    rounded = np.where(linear.is_integer, np.rint(values), values)
    worst, where = linear.worst_violation(rounded)
    if worst > ROW_TOLERANCE:
        raise SolverError(f"the solver's answer is wrong: {where} is violated by {worst:g}")
    narrow, wide = _narrow_plan(model, rounded), _wide_plan(model, rounded)
    plan = Plan.joined([narrow, wide]).canonical()
    ships = np.zeros(model.instance.num_orders, np.bool_)
    ships[plan.order_idx] = True
    rounded[model.ships_column] = ships[model.ships_order]
    return plan, rounded


def _narrow_plan(model: MixedModel, values: Floats) -> Plan:
    """Packages of the columns p; a column with value 2 is two equal packages."""
    instance, contents = model.instance, model.contents
    count = values[model.package_column].astype(np.int64)
    row = np.repeat(np.arange(len(contents)), count)  # of each package
    option = contents.option[row]
    choice = instance.choice_ptr[option] + instance.content_choice[contents.content[row]]
    first = np.searchsorted(contents.entry_content, row)
    size = np.searchsorted(contents.entry_content, row, side="right") - first
    package = np.repeat(np.arange(len(row)), size)
    entry = np.arange(len(package)) - np.repeat(np.cumsum(size) - size, size) + first[package]
    line = instance.option_line[contents.entry_slot[entry]].astype(np.int64)
    return Plan(
        order_idx=_order_of_option(model)[option],
        node_idx=instance.option_node[option].astype(np.int64),
        service_idx=instance.choice_service[choice].astype(np.int64),
        ship_day=instance.choice_ship_day[choice].astype(np.int64),
        content_package=package,
        content_line=line,
        content_quantity=contents.entry_steps[entry] * instance.line_step[line],
        content_sku_idx=instance.content_skus(option[package], line),
    )


def _wide_plan(model: MixedModel, values: Floats) -> Plan:
    """Packages of the slots that hold anything."""
    instance, wide = model.instance, model.wide
    steps = values[wide.content_column].astype(np.int64)
    held = np.flatnonzero(steps > 0)
    slot, package = np.unique(wide.content_slot[held], return_inverse=True)
    option, choice, line = wide.slot_option[slot], wide.slot_choice[slot], wide.content_line[held]
    return Plan(
        order_idx=_order_of_option(model)[option],
        node_idx=instance.option_node[option].astype(np.int64),
        service_idx=instance.choice_service[choice].astype(np.int64),
        ship_day=instance.choice_ship_day[choice].astype(np.int64),
        content_package=package.astype(np.int64),
        content_line=line,
        content_quantity=steps[held] * instance.line_step[line],
        content_sku_idx=instance.content_skus(option[package], line),
    )


def _order_of_option(model: MixedModel) -> I64:
    instance = model.instance
    return np.repeat(np.arange(instance.num_orders), np.diff(instance.option_ptr))
