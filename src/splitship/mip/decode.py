"""From a solver's values back to a plan, and from a plan to values to start with."""

from __future__ import annotations

import numpy as np

from splitship.domain import Plan
from splitship.errors import SolverError
from splitship.mip.model import MixedModel
from splitship.units import I64, Floats

ROW_TOLERANCE = 1e-6
"""Rows hold whole numbers, so rounded values that break one by more than this really break it."""


def decode_values(model: MixedModel, values: Floats) -> tuple[Plan, Floats]:
    """The plan in a solver's values [columns], and the values with integer columns rounded to whole numbers.

    Raises:
        SolverError: the rounded values break a bound or a row of the model: the solver's answer is wrong.
    """
    linear = model.linear
    rounded = np.where(linear.is_integer, np.rint(values), values)
    worst, where = linear.worst_violation(rounded)
    if worst > ROW_TOLERANCE:
        raise SolverError(f"the solver's answer is wrong: {where} is violated by {worst:g}")
    return _narrow_plan(model, rounded).canonical(), rounded


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
    )


def _order_of_option(model: MixedModel) -> I64:
    instance = model.instance
    return np.repeat(np.arange(instance.num_orders), np.diff(instance.option_ptr))
