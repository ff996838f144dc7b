"""Package contents that some best plan does without: the model is as exact without their columns, and smaller.

Two reasons, both of which turn any plan into one that costs no more and uses no more of anything shared:
- Its steps cost no more unfilled than the package does, net of the split price that the order may lose with it. Not
  for ship-complete and conditional orders, which cannot leave out one package alone.
- Another package of the order holds exactly the same for no more, and every shared resource it uses is used by this
  one too: the same node on another day or by another service, or a node with nothing that can run short.
Solvers find only a part of this themselves: they look at entries one by one, not at what columns stand for.
"""

from __future__ import annotations

import numpy as np

from splitship.instance import Draws, Instance
from splitship.mip.contents import Contents
from splitship.units import I32, I64, Bools


def is_needed(instance: Instance, contents: Contents) -> Bools:
    """Whether the column of each content is needed [contents]."""
    if not len(contents):
        return np.zeros(0, np.bool_)
    return ~(_pays_unfilled(instance, contents) | _has_better(instance, contents))


def _pays_unfilled(instance: Instance, contents: Contents) -> Bools:
    line = instance.option_line[contents.entry_slot].astype(np.int64)
    step_cost = instance.unfilled_cost[line] * instance.line_step[line]
    unfilled = np.zeros(len(contents), np.int64)  # whole numbers: a float could be a micro off
    np.add.at(unfilled, contents.entry_content, step_cost * contents.entry_steps)
    bound = instance.is_ship_complete | instance.is_conditional
    order = _order(instance)[contents.option]
    may_be_left = ~bound[order]
    return may_be_left & (instance.content_cost[contents.content] - instance.refund[order] >= unfilled)


def _has_better(instance: Instance, contents: Contents) -> Bools:
    """Equal contents of an order are sorted by cost; one is dropped where an earlier one uses no other resource."""
    option, cost = contents.option, instance.content_cost[contents.content]
    order = _order(instance)[option]
    line = instance.option_line[contents.entry_slot].astype(np.int64)
    state = np.zeros(len(contents), np.int64)
    np.add.at(state, contents.entry_content, contents.entry_steps * instance.line_stride[line])
    draw = instance.option_draw[option].astype(np.int64)
    supply = instance.option_line_supply[contents.entry_slot]
    has_supply = np.zeros(len(contents), np.bool_)
    has_supply[contents.entry_content[supply >= 0]] = True
    num_rows = np.diff(instance.draws.ptr)[draw]
    is_free = ~has_supply & (num_rows == 0)
    stock = np.zeros(len(contents), np.int64)  # equal for contents that take the same of the same supplies
    np.add.at(stock, contents.entry_content, contents.entry_steps * (line + 1) * _mixed(supply))

    dropped = np.zeros(len(contents), np.bool_)
    # a free package of any node
    sorted_by_cost = np.lexsort((np.arange(len(contents)), ~is_free, cost, state, order))
    group = _groups(order[sorted_by_cost], state[sorted_by_cost])
    position = np.arange(len(contents))
    first_free = np.full(int(group[-1]) + 1, len(contents))
    free_at = np.flatnonzero(is_free[sorted_by_cost])
    np.minimum.at(first_free, group[free_at], free_at)
    dropped[sorted_by_cost] = position > first_free[group]
    # a package of the same node that takes the same stock
    node = instance.option_node[option]
    sorted_by_node = np.lexsort((np.arange(len(contents)), num_rows, cost, stock, node, state, order))
    group = _groups(order[sorted_by_node], state[sorted_by_node], node[sorted_by_node], stock[sorted_by_node])
    draw = draw[sorted_by_node]
    for apart in range(1, int(np.bincount(group).max())):
        same = np.flatnonzero(group[apart:] == group[:-apart])
        covered = _takes_no_more(instance.draws, draw[same], draw[same + apart])
        dropped[sorted_by_node[same[covered] + apart]] = True
    return dropped


def _takes_no_more(draws: Draws, first: I64, second: I64) -> Bools:
    """Whether each of the first draws takes of every resource at most what the second beside it takes."""
    pairs, inverse = np.unique(first * len(draws) + second, return_inverse=True)

    def taken(draw: int) -> dict[int, tuple[int, int, int]]:
        entries = slice(int(draws.ptr[draw]), int(draws.ptr[draw + 1]))
        columns = (draws.package[entries].tolist(), draws.line[entries].tolist(), draws.unit[entries].tolist())
        amounts = zip(*columns, strict=True)
        return dict(zip(draws.row[entries].tolist(), amounts, strict=True))

    def is_covered(pair: int) -> bool:
        one, other = taken(pair // len(draws)), taken(pair % len(draws))
        return all(
            row in other and all(a <= b for a, b in zip(amounts, other[row], strict=True))
            for row, amounts in one.items()
        )

    answers: Bools = np.array([is_covered(pair) for pair in pairs.tolist()], np.bool_)[inverse]
    return answers


def _mixed(values: I32) -> I64:
    """A fixed pseudo-random number for each value."""
    word = (values.astype(np.int64) + 2) * np.int64(-7046029254386353131)
    return word ^ (word >> 29)


def _groups(*keys: I64 | I32) -> I64:
    """A number for each run of equal keys of sorted entries."""
    starts = np.zeros(len(keys[0]), np.bool_)
    for key in keys:
        starts[1:] |= key[1:] != key[:-1]
    return np.cumsum(starts)


def _order(instance: Instance) -> I64:
    return np.repeat(np.arange(instance.num_orders), np.diff(instance.option_ptr))
