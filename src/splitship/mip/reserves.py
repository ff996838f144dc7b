"""Channel reserves at a price, in the one model.

Column, whole:
    r   units of a position's reserve that others have; the reserve's price each

In the row of every set with the reserve: units of channels outside the set - r <= what the set leaves.
"""

from __future__ import annotations

import numpy as np

from splitship.domain import ResourceKind
from splitship.instance import Instance
from splitship.mip.assemble import Assembler
from splitship.mip.rows import SharedRows


def add_reserves(assembler: Assembler, instance: Instance, rows: SharedRows) -> None:
    """Add the reserves of an instance that others can pay for; nothing when there are none."""
    problem, resources = instance.problem, instance.resources
    of_sets = np.flatnonzero(resources.kind == int(ResourceKind.CHANNEL_RESERVE))
    reserves = problem.reserves
    if not len(of_sets) or not reserves.is_priced.any():
        return
    stock = problem.stock_rows(resources.node_idx[of_sets], resources.sku_idx[of_sets])
    first = reserves.ptr(len(problem.stock))[:-1]
    for reserve in np.flatnonzero(reserves.is_priced & np.isin(reserves.stock_idx, stock)).tolist():
        position = int(reserves.stock_idx[reserve])
        bit = reserve - int(first[position])
        relieved = of_sets[(stock == position) & (resources.rule_idx[of_sets] >> bit & 1 == 1)]
        column = assembler.add_columns(
            "r", np.array([float(reserves.price[reserve])]), float(reserves.quantity[reserve])
        )
        assembler.add_entries(rows.supply[relieved], np.repeat(column, len(relieved)), -1.0)
