# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""What the rules have in common, as kernels: an order's nodes, their ranking, letting them give what they have."""

from __future__ import annotations

import numpy as np

from splitship.instance.inner import inner
from splitship.policies.draft import FULL, add_line, undo
from splitship.policies.tables import NODE, RADIX


@inner
def nodes_of_order(t, order):
    """Where the options of each of an order's nodes begin, and the end of the last; [nodes of the order + 1]."""
    first, end = t.order_ptr[1, order], t.order_ptr[1, order + 1]
    starts = np.empty(end - first + 1, np.int64)
    count = 0
    for option in range(first, end):
        if option == first or t.options[NODE, option] != t.options[NODE, option - 1]:
            starts[count] = option
            count += 1
    starts[count] = end
    return starts[: count + 1].copy()


@inner
def ranked(keys):
    """Positions by ascending key, ties by position."""
    return reranked(np.arange(len(keys)), keys)


@inner
def reranked(ranking, keys):
    """The same positions by ascending key, ties as they stand in `ranking`, which is overwritten."""
    for i in range(1, len(ranking)):
        position, j = ranking[i], i
        while j > 0 and keys[ranking[j - 1]] > keys[position]:
            ranking[j] = ranking[j - 1]
            j -= 1
        ranking[j] = position
    return ranking


@inner
def missing_steps(t, order):
    """All steps of every line of an order."""
    missing = np.empty(t.order_ptr[0, order + 1] - t.order_ptr[0, order], np.int64)
    for i in range(len(missing)):
        missing[i] = t.lines[RADIX, t.order_ptr[0, order] + i] - 1
    return missing


@inner
def take_from(t, d, order, first_option, end_option, missing, left):
    """Let one node give what it has of `missing` [lines], which shrinks by it; False when the draft is full."""
    for i in range(len(missing)):
        if missing[i] > 0:
            added = add_line(t, d, order, first_option, end_option, i, missing[i], left)
            if added == FULL:
                return False
            missing[i] -= added
    return True


@inner
def walk_nodes(t, d, order, starts, ranking, chosen, missing, left):
    """Walk the nodes in `ranking`, first the `chosen` ones [nodes of the order]; False when the draft is full."""
    for turn in range(2):
        for i in ranking:
            if chosen[i] != (turn == 0) or missing.sum() == 0:
                continue
            if not take_from(t, d, order, starts[i], starts[i + 1], missing, left):
                return False
    return True


@inner
def take_whole(t, d, order, starts, ranking, missing, left):
    """Let the first node of `ranking` that can supply the whole order take it.

    Returns 1 when one did (`missing` is all 0 then), 0 when none can (the draft is empty then), FULL.
    """
    for i in ranking:
        wanted = missing.copy()
        if not take_from(t, d, order, starts[i], starts[i + 1], wanted, left):
            return np.int64(FULL)
        if wanted.sum() == 0:
            missing[:] = 0
            return np.int64(1)
        undo(t, d, order, np.int64(0), left)
    return np.int64(0)


@inner
def first_that_can(t, d, order, starts, missing, left):
    """The rule of `first_location` for one order, see there; False when the draft is full."""
    found = take_whole(t, d, order, starts, np.arange(len(starts) - 1), missing, left)
    if found != 0:
        return found > 0
    for line in range(len(missing)):
        for is_partial in range(2):  # the first node that can take the whole line; failing that, all that have some
            for i in range(len(starts) - 1):
                if missing[line] == 0:
                    break
                mark = d.size[1]
                added = add_line(t, d, order, starts[i], starts[i + 1], line, missing[line], left)
                if added == FULL:
                    return False
                if is_partial or added == missing[line]:
                    missing[line] -= added
                else:
                    undo(t, d, order, mark, left)
    return True
