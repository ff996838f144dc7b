"""What is steered, in the one model.

Columns, whole or not as they come out:
    a, b  units of a node above and below its share of all units; the share's price each
    m     packages missing from a committed volume; its price each
    k     the price of what is missing on days on which nothing of the batch can ship: a constant

Rows:
    share   units of the node - target x all units - a + b = 0
    volume  packages of the service on the day + m >= least packages
"""

from __future__ import annotations

import numpy as np

from splitship.domain import ResourceKind, Steering
from splitship.instance import Instance
from splitship.mip.assemble import INFINITY, Assembler
from splitship.mip.contents import Contents
from splitship.mip.wide import WideSlots
from splitship.units import ATTO, I64


def add_steering(
    assembler: Assembler, instance: Instance, contents: Contents, package_column: I64, wide: WideSlots
) -> None:
    """Add what the problem of an instance steers; nothing when that is nothing."""
    steering = Steering.of(instance.problem)
    if len(steering.node_idx):
        _add_shares(assembler, instance, steering, contents, package_column, wide)
    if len(steering.service_idx):
        _add_volumes(assembler, instance, steering, contents, package_column)


def _add_shares(
    assembler: Assembler, instance: Instance, steering: Steering, contents: Contents, package_column: I64,
    wide: WideSlots,
) -> None:  # fmt: skip
    price = steering.share_price.astype(np.float64)
    above, below = (assembler.add_columns(name, price, INFINITY, is_integer=False) for name in ("a", "b"))
    row = assembler.add_rows("share", len(above), 0.0, 0.0)
    assembler.add_entries(row, above, -1.0)
    assembler.add_entries(row, below, 1.0)
    line = instance.option_line[contents.entry_slot]
    units = contents.entry_steps * instance.line_step[line]
    node = np.append(
        instance.option_node[contents.option[contents.entry_content]],
        instance.option_node[wide.slot_option[wide.content_slot]],
    )
    column = np.append(package_column[contents.entry_content], wide.content_column)
    amount = np.append(units, instance.line_step[wide.content_line])
    targets = np.array(steering.target.exact_list(), np.float64) / ATTO
    for at, (own, target) in enumerate(zip(steering.node_idx.tolist(), targets.tolist(), strict=True)):
        assembler.add_entries(np.full(len(column), row[at]), column, amount * ((node == own) - target))


def _add_volumes(
    assembler: Assembler, instance: Instance, steering: Steering, contents: Contents, package_column: I64
) -> None:
    resources, draws = instance.resources, instance.draws
    rows = np.flatnonzero(resources.kind == ResourceKind.SERVICE_COMMITMENT)
    place = {(int(resources.service_idx[row]), int(resources.day[row])): int(row) for row in rows}
    asked = [place.get(key, -1) for key in zip(steering.service_idx.tolist(), steering.day.tolist(), strict=True)]
    resource = np.array(asked, np.int64)
    lost = resource < 0
    constant = int(steering.min_packages[lost] @ steering.shortfall_price[lost])
    if constant:
        assembler.add_columns("k", np.array([float(constant)]), 1.0, 1.0)
    least, price = steering.min_packages[~lost], steering.shortfall_price[~lost]
    missing = assembler.add_columns("m", price.astype(np.float64), least.astype(np.float64))
    volume = assembler.add_rows("volume", len(missing), least.astype(np.float64), INFINITY)
    assembler.add_entries(volume, missing, 1.0)
    volume_of = np.full(len(resources), -1)
    volume_of[resource[~lost]] = volume
    of, entry = draws.entries_of_options(instance.option_draw[contents.option])
    counts = volume_of[draws.row[entry]] >= 0
    assembler.add_entries(volume_of[draws.row[entry[counts]]], package_column[of[counts]], 1.0)
