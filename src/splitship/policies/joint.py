# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""The cheapest plan of one narrow order whose packages fit together what is left of the shared resources.

The recursion over quantity vectors looks at each package by itself, so its value bounds every completion from below; a
depth-first search with that bound finds the cheapest plan that fits jointly.
"""

from __future__ import annotations

import numpy as np

from splitship.engine.greedy import package_fits, state_of_content
from splitship.engine.pricing import add_use
from splitship.instance import IMPOSSIBLE
from splitship.instance.inner import inner

MAX_BRANCHES = 2_000_000
"""Packages tried for one order before the best plan found counts."""


@inner
def cheapest_joint_plan(t, order, top, below, left, s):
    """Write the packages of the cheapest plan within `left` that costs less than `below` into `s.out_*`.

    Returns how many packages it has, -1 when no plan that ships costs less. Call after `price_packages` and
    `fill_plans` (which gave `top`) with zero prices on the same `left`, which ends as it was.
    """
    full = t.num_states[order] - 1
    is_limited = t.layers[order] > 0 or t.max_packages[order] < 1
    limit = below + t.refund[order]  # every package carries the split price, one is handed back at the end
    best_count = -1
    ptr, item_cost, item_option, item_content = _items(t, order, top, full, limit, is_limited, left, s)
    deepest = full + 2  # every level takes at least one step, and a state number is at least its steps
    state, cost = np.empty(deepest, np.int64), np.empty(deepest, np.int64)
    content, item = np.empty(deepest, np.int64), np.empty(deepest, np.int64)
    packages, opened = np.empty(deepest, np.int64), np.empty(deepest, np.int64)
    depth, branches = 0, 0
    state[0], cost[0], content[0], item[0], packages[0], opened[0] = full, 0, 0, 0, 0, -1
    path = np.empty(deepest, np.int64)
    while depth >= 0:
        q, layer = state[depth], top - packages[depth] if is_limited else top
        found = np.int64(-1)
        if q == 0 and packages[depth] > 0 and cost[depth] < limit:
            limit, best_count = cost[depth], packages[depth]
            for i in range(best_count):
                s.out_option[i], s.out_content[i] = item_option[path[i]], item_content[path[i]]
        if q > 0 and branches < MAX_BRANCHES:
            low = t.line_ptr[order]
            while q // t.line_stride[low] % t.line_radix[low] == 0:
                low += 1
            if content[depth] == 0:  # first child: one step of that line stays unfilled
                content[depth], item[depth] = t.line_stride[low], ptr[t.line_stride[low]]
                rest = q - t.line_stride[low]
                spent = cost[depth] + t.unfilled_cost[low] * t.line_step[low]
                least = s.any_[layer, rest] if packages[depth] > 0 else s.some[layer, rest]
                if not t.is_ship_complete[order] and least < IMPOSSIBLE and spent + least < limit:
                    depth += 1
                    state[depth], cost[depth], content[depth] = rest, spent, 0
                    packages[depth], opened[depth] = packages[depth - 1], -1
                    continue
            if layer > 0:
                found = _next_item(
                    t, order, q, low, cost[depth], layer - 1 if is_limited else layer, limit, content, item, depth,
                    ptr, item_cost, item_option, item_content, left, s,
                )  # fmt: skip
                branches += 1
        if found < 0:
            if opened[depth] >= 0:
                add_use(t, item_option[opened[depth]], item_content[opened[depth]], 1, left)
            depth -= 1
            continue
        add_use(t, item_option[found], item_content[found], -1, left)
        path[packages[depth]] = found
        depth += 1
        state[depth], cost[depth] = q - content[depth - 1], cost[depth - 1] + item_cost[found]
        content[depth], packages[depth], opened[depth] = 0, packages[depth - 1] + 1, found
    return best_count


@inner
def _items(t, order, top, full, limit, is_limited, left, s):
    """Packages that fit by themselves and can be in a plan below `limit`, by state, cheapest first.

    Those with state q are `ptr[q]` to `ptr[q + 1] - 1` of the arrays of cost, option and content.
    """
    first_option, end_option = t.option_ptr[order], t.option_ptr[order + 1]
    most = t.content_ptr[end_option] - t.content_ptr[first_option]
    state, cost = np.empty(most, np.int64), np.empty(most, np.int64)
    option_of, content_of = np.empty(most, np.int64), np.empty(most, np.int64)
    count = 0
    rest_layer = top - 1 if is_limited else top
    for option in range(first_option, end_option):
        for content in range(1, t.content_ptr[option + 1] - t.content_ptr[option]):
            price = t.content_cost[t.content_ptr[option] + content]
            if price >= IMPOSSIBLE or rest_layer < 0 or not package_fits(t, option, content, left):
                continue
            q = state_of_content(t, option, content)
            least = s.any_[rest_layer, full - q]
            if least >= IMPOSSIBLE or price + least >= limit:
                continue
            state[count], cost[count], option_of[count], content_of[count] = q, price, option, content
            count += 1
    ptr = np.zeros(full + 2, np.int64)
    for i in range(count):
        ptr[state[i] + 1] += 1
    for q in range(full + 1):
        ptr[q + 1] += ptr[q]
    rank, filled = np.empty(count, np.int64), np.zeros(full + 1, np.int64)
    for i in range(count):  # into its state, behind all that cost no more
        first = ptr[state[i]]
        j = first + filled[state[i]]
        while j > first and cost[rank[j - 1]] > cost[i]:
            rank[j] = rank[j - 1]
            j -= 1
        rank[j] = i
        filled[state[i]] += 1
    return ptr, cost[rank], option_of[rank], content_of[rank]


@inner
def _next_item(
    t, order, q, low, cost, rest_layer, limit, content, item, depth, ptr, item_cost, item_option, item_content, left, s
):
    """The next package for state q that holds line `low`, fits `left` and can be completed below `limit`; -1: none.

    `content[depth]` and `item[depth]` say where the search stands; they end on the package and just behind it.
    """
    r, i = content[depth], item[depth]
    while r <= q:
        if ptr[r] < ptr[r + 1] and _holds(t, order, r, q, low):
            least = s.any_[rest_layer, q - r]
            while least < IMPOSSIBLE and i < ptr[r + 1] and cost + item_cost[i] + least < limit:
                if package_fits(t, item_option[i], item_content[i], left):
                    content[depth], item[depth] = r, i + 1
                    return i
                i += 1
        r += 1
        if r <= q:
            i = ptr[r]
    content[depth], item[depth] = r, i
    return np.int64(-1)


@inner
def _holds(t, order, content, q, low):
    """Whether a content is within q in every line and holds something of line `low`."""
    for line in range(t.line_ptr[order], t.line_ptr[order + 1]):
        inside = content // t.line_stride[line] % t.line_radix[line]
        if inside > q // t.line_stride[line] % t.line_radix[line] or (line == low and inside == 0):
            return False
    return True
