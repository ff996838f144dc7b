"""The rows that packages of every kind enter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.instance import Instance
from splitship.mip.assemble import INFINITY, Assembler
from splitship.units import I64


@dataclass(frozen=True, slots=True)
class SharedRows:
    """Row positions: `cover` [lines], `packages`, `ships` [orders] (-1: the order has none), `supply` [resources].

    cover: every step of a line is in a package or unfilled. packages: at most max_packages of an order.
    ships: what refunds the split price needs a package; orders of one step have no row: their package is always the
    only one, and costs no split price. supply: stock and capacities.
    """

    cover: I64
    packages: I64
    ships: I64
    supply: I64


def add_shared_rows(assembler: Assembler, instance: Instance) -> SharedRows:
    """The rows of an instance, empty."""
    steps = instance.line_radix - 1
    order_steps = np.bincount(instance.problem.lines.order_idx, steps, instance.num_orders)
    cover = assembler.add_rows("cover", len(steps), steps, steps)
    packages = np.full(instance.num_orders, -1)
    limited = np.flatnonzero(instance.max_packages < order_steps)  # a package holds a step at least
    packages[limited] = assembler.add_rows("packages", len(limited), -INFINITY, instance.max_packages[limited])
    ships = np.full(instance.num_orders, -1)
    has_choice = (np.diff(instance.option_ptr) > 0) & ((order_steps > 1) | instance.is_wide)
    refunded = np.flatnonzero(has_choice & (instance.refund > 0))
    ships[refunded] = assembler.add_rows("ships", len(refunded), -INFINITY, 0.0)
    supply = assembler.add_rows("supply", len(instance.resources), -INFINITY, instance.resources.capacity)
    return SharedRows(cover, packages, ships, supply)
