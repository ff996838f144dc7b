"""Plans from a fractional point: order by order its dearest plan is fixed and the relaxation solved again."""

from __future__ import annotations

import numpy as np

from splitship.engine.assignment import Assignment
from splitship.engine.decisions import Path
from splitship.engine.master import put_columns
from splitship.engine.search import Search
from splitship.engine.tree_master import Point, TreeMaster
from splitship.spans import spanned
from splitship.units import Floats

_MOST_SOLVES = 150
_SURE = 0.9
"""Plans with this share are fixed together."""
_WHOLE = 1e-6


@spanned("dives")
def dive(search: Search, master: TreeMaster, path: Path, point: Point) -> tuple[Assignment, int] | None:
    """A plan near a point of the relaxation, and its cost in micros; None when a limit came first.

    The relaxation loses the columns of fixed orders until nothing is fractional; what then has no plan, or one that
    does not fit, is placed at the point's prices on what is left.
    """
    closed = master.closed(path)
    shares, order_of = point.shares, master.columns.owner
    is_fixed = np.zeros(master.num_orders, np.bool_)
    for _ in range(_MOST_SOLVES):
        is_fractional = (shares > _WHOLE) & (shares < 1 - _WHOLE)
        candidates = np.flatnonzero(is_fractional & ~is_fixed[order_of])
        if not len(candidates):
            break
        chosen = candidates[shares[candidates] >= _SURE]
        if not len(chosen):
            chosen = candidates[[int(np.argmax(shares[candidates]))]]
        is_fixed[order_of[chosen]] = True
        is_other = np.isin(order_of, order_of[chosen])
        is_other[chosen] = False
        closed = closed | is_other
        if search.is_over():
            return None
        found = master.solve_open(~closed, search.seconds_left())
        if found is None:
            return None
        shares = found.shares
    return _rounded(search, master, shares, point)


def _rounded(search: Search, master: TreeMaster, shares: Floats, point: Point) -> tuple[Assignment, int]:
    """Whole plans that fit together, the others placed order by order."""
    pricer, columns = search.pricer, master.columns
    chosen = np.flatnonzero(shares > 0.5 + _WHOLE)  # at most one an order
    into = Assignment.empty(pricer.tables)
    put_columns(pricer, columns, chosen, into)
    use = np.asarray(columns.use[:, chosen].sum(axis=1)).ravel()
    over = np.flatnonzero(use > master.capacity)
    if len(over):
        touches = np.flatnonzero(np.diff(columns.use[:, chosen].tocsr()[over].tocsc().indptr))
        into.count[columns.orders[columns.owner[chosen[touches]]]] = 0
        chosen = np.delete(chosen, touches)
    has_plan = np.zeros(master.num_orders, np.bool_)
    has_plan[columns.owner[chosen]] = True
    rest = np.flatnonzero(~has_plan)
    residual = search.residual(into)
    cost = int(columns.cost[chosen].sum()) + pricer.place(rest, point.prices, residual, into)
    return into, cost
