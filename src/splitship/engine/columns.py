# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Enumerating the plans of an order whose priced cost is close to its best: the columns of the restricted master."""

from __future__ import annotations

import numpy as np
from numba import njit

from splitship.engine.greedy import assigned_cost, priced_use
from splitship.engine.pricing import best_allowed, fill_plans, price_packages
from splitship.instance import IMPOSSIBLE
from splitship.instance.inner import inner

_MOST_STEPS = 400_000
"""Branches looked at for one order before its enumeration is given up as incomplete."""


@inner
def _mix(row):
    """A fixed pseudo-random 64-bit weight of a row."""
    word = (np.uint64(row) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    word ^= word >> np.uint64(30)
    word *= np.uint64(0xBF58476D1CE4E5B9)
    word ^= word >> np.uint64(27)
    word *= np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@inner
def use_key(t, option, content):
    """A hash of what one package uses of all rows; keys of packages add up to the key of their plan."""
    key = np.uint64(0)
    lines, all_units = np.int64(0), np.int64(0)
    left = content
    for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
        radix = t.option_line_radix[j]
        digit, left = left % radix, left // radix
        if digit == 0:
            continue
        units = digit * t.line_step[t.option_line[j]]
        lines += 1
        all_units += units
        supply = t.option_line_supply[j]
        if supply >= t.num_rows:
            for k in range(t.supply_ptr[supply - t.num_rows], t.supply_ptr[supply - t.num_rows + 1]):
                key += np.uint64(units) * _mix(t.supply_row[k])
        elif supply >= 0:
            key += np.uint64(units) * _mix(supply)
    draw = t.option_draw[option]
    for k in range(t.draw_ptr[draw], t.draw_ptr[draw + 1]):
        amount = t.draw_package[k] + t.draw_line[k] * lines + t.draw_unit[k] * all_units
        key += np.uint64(amount) * _mix(t.draw_row[k])
    return key


@inner
def _slot_of(table_key, table_plan, key):
    """Where a key stands, or could stand, in an open hash table (plan -1: free)."""
    mask = np.uint64(len(table_key) - 1)
    slot = key & mask
    while table_plan[np.int64(slot)] >= 0 and table_key[np.int64(slot)] != key:
        slot = (slot + np.uint64(1)) & mask
    return np.int64(slot)


@inner
def order_columns(t, order, prices, slack, cap, s, out_count, out_option, out_content, width):
    """Write every plan of one order with priced cost <= best + slack into `out_*`; returns how many there are.

    Depth first over packages, each holding the first line with units left; a branch is cut when even its cheapest
    completion is too dear. Of plans that use the same of every row only the cheapest is written: the others cannot
    matter. At most `cap` plans are written; the return value is negative when there were more, or when the search was
    given up after `_MOST_STEPS`: then -1 - n with the n plans written so far.
    `out_option`, `out_content` are [cap, width], `out_count` [cap].
    """
    price_packages(t, order, prices, prices, False, s)
    top = fill_plans(t, order, s)
    full = t.num_states[order] - 1
    limited = t.layers[order] > 0 or t.max_packages[order] < 1
    complete = t.is_ship_complete[order]
    ships_none = s.none[full]
    ships_all = s.some[top, full]
    if t.is_conditional[order]:
        ships_all, _ = best_allowed(t, order, top, s)
    ships_some = ships_all - t.refund[order]
    limit = min(ships_none, ships_some) + slack
    found = 0
    if ships_none <= limit:
        out_count[found] = 0
        found += 1
    if full == 0 or ships_all >= IMPOSSIBLE or ships_some > limit:
        return found
    limit += t.refund[order]  # from here on without the refund
    # flatten the order's contents by state, so that a branch finds its candidates directly
    first_option, end_option = t.option_ptr[order], t.option_ptr[order + 1]
    total = t.content_ptr[end_option] - t.content_ptr[first_option]
    states = t.num_states[order]
    ptr = np.zeros(states + 1, np.int64)
    item_state = np.empty(total, np.int64)
    item_cost = np.empty(total, np.int64)
    item_option = np.empty(total, np.int64)
    item_content = np.empty(total, np.int64)
    item_key = np.empty(total, np.uint64)
    num = 0
    for option in range(first_option, end_option):
        first = t.content_ptr[option]
        for c in range(1, t.content_ptr[option + 1] - first):
            cost = t.content_cost[first + c]
            if cost >= IMPOSSIBLE:
                continue
            state = np.int64(0)
            left = np.int64(c)
            for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
                state += left % t.option_line_radix[j] * t.line_stride[t.option_line[j]]
                left = left // t.option_line_radix[j]
            priced = cost + priced_use(t, option, c, prices)
            if not t.is_conditional[order] and priced + s.any_[top, full - state] > limit:
                continue
            item_state[num], item_cost[num], item_option[num], item_content[num] = state, priced, option, c
            item_key[num] = use_key(t, option, c)
            num += 1
    for i in range(num):
        ptr[item_state[i] + 1] += 1
    for q in range(states):
        ptr[q + 1] += ptr[q]
    place = ptr.copy()
    sort = np.empty(num, np.int64)
    for i in range(num):
        sort[place[item_state[i]]] = i
        place[item_state[i]] += 1
    # explicit stack of (remaining state, cost so far, next content state to try, next item in it, packages so far)
    depth_max = (t.slot_ptr[order + 1] - t.slot_ptr[order]) + full + 2
    stack_q = np.empty(depth_max, np.int64)
    stack_cost = np.empty(depth_max, np.int64)
    stack_content = np.empty(depth_max, np.int64)
    stack_item = np.empty(depth_max, np.int64)
    stack_count = np.empty(depth_max, np.int64)
    path = np.empty(width + 1, np.int64)
    size = 16
    while size < 4 * (cap + 1):
        size *= 2
    table_key, table_plan = np.zeros(size, np.uint64), np.full(size, -1, np.int64)
    plan_cost = np.empty(cap + 1, np.int64)
    for i in range(found):  # shipping nothing uses nothing
        slot = _slot_of(table_key, table_plan, np.uint64(0))
        table_key[slot], table_plan[slot], plan_cost[i] = np.uint64(0), i, ships_none + t.refund[order]
    steps = 0
    num_roots = t.allowed_ptr[order + 1] - t.allowed_ptr[order] if t.is_conditional[order] else np.int64(1)
    for root in range(num_roots):  # what ships in all, and what the rest costs
        shipped, unfilled = np.int64(full), np.int64(0)
        if t.is_conditional[order]:
            shipped = t.allowed_state[t.allowed_ptr[order] + root]
            unfilled = s.none[full - shipped]
            if s.some[top, shipped] >= IMPOSSIBLE or s.some[top, shipped] + unfilled > limit:
                continue
        depth = 0
        stack_q[0], stack_cost[0], stack_content[0], stack_item[0], stack_count[0] = shipped, unfilled, 0, -1, 0
        while depth >= 0:
            q, cost, packages = stack_q[depth], stack_cost[depth], stack_count[depth]
            if q == 0:
                if packages > 0:
                    key = np.uint64(0)
                    for i in range(packages):
                        key += item_key[path[i]]
                    slot = _slot_of(table_key, table_plan, key)
                    plan = table_plan[slot]
                    if plan < 0:
                        if found >= cap:
                            return -1 - found
                        plan = found
                        found += 1
                        table_key[slot], table_plan[slot] = key, plan
                        plan_cost[plan] = IMPOSSIBLE
                    if cost < plan_cost[plan]:
                        plan_cost[plan] = cost
                        out_count[plan] = packages
                        for i in range(packages):
                            out_option[plan, i] = item_option[path[i]]
                            out_content[plan, i] = item_content[path[i]]
                depth -= 1
                continue
            steps += 1
            if steps > _MOST_STEPS:
                return -1 - found
            low = t.line_ptr[order]
            while q // t.line_stride[low] % t.line_radix[low] == 0:
                low += 1
            layer = top - packages if limited else top
            # children: content state 0 means leave one step unfilled, then content states 1..q in turn
            advanced = False
            content, item = stack_content[depth], stack_item[depth]
            while content <= q:
                if content == 0:
                    content, item = 1, -1
                    if not complete:
                        rest = q - t.line_stride[low]
                        spent = cost + t.unfilled_cost[low] * t.line_step[low]
                        least = s.none[rest] if packages > 0 else np.int64(IMPOSSIBLE)
                        if layer > 0:
                            least = min(least, s.some[layer, rest])
                        if least < IMPOSSIBLE and spent + least <= limit:
                            stack_content[depth], stack_item[depth] = content, item
                            depth += 1
                            stack_q[depth], stack_cost[depth], stack_content[depth] = rest, spent, 0
                            stack_item[depth], stack_count[depth] = -1, packages
                            advanced = True
                            break
                    continue
                if layer < 1 and limited:
                    break
                if ptr[content] == ptr[content + 1] or not _holds(t, order, content, q, low):
                    content, item = content + 1, -1
                    continue
                rest = q - content
                rest_layer = layer - 1 if limited else layer
                least = s.any_[rest_layer, rest]
                item = ptr[content] if item < 0 else item + 1
                while item < ptr[content + 1] and cost + item_cost[sort[item]] + least > limit:
                    item += 1
                if item >= ptr[content + 1] or least >= IMPOSSIBLE:
                    content, item = content + 1, -1
                    continue
                if packages >= width:
                    content, item = content + 1, -1
                    continue
                stack_content[depth], stack_item[depth] = content, item
                path[packages] = sort[item]
                depth += 1
                stack_q[depth], stack_cost[depth] = rest, cost + item_cost[sort[item]]
                stack_content[depth], stack_item[depth], stack_count[depth] = 0, -1, packages + 1
                advanced = True
                break
            if not advanced:
                depth -= 1
    return found


@inner
def _holds(t, order, content, q, low):
    """Whether content <= q in every line and holds something of line `low`."""
    for line in range(t.line_ptr[order], t.line_ptr[order + 1]):
        inside = content // t.line_stride[line] % t.line_radix[line]
        if inside > q // t.line_stride[line] % t.line_radix[line]:
            return False
        if line == low and inside == 0:
            return False
    return True


@inner
def _merge(rows, values, start, used, row, amount):
    for i in range(start, used):
        if rows[i] == row:
            values[i] += amount
            return used
    rows[used], values[used] = row, amount
    return used + 1


@njit(cache=True, nogil=True)
def enumerate_orders(t, orders, start, prices, slack, cap, s, buffer_option, buffer_content, ptr, owner, complete):
    """Columns of several orders, one after the other, appended to flat buffers.

    From position `start` of `orders` on; `slack` [orders] is each order's allowance above its best, halved until at
    most
    `cap` plans remain (`complete` [orders] says whether the asked allowance was reached). Column p has packages
    ptr[p]:ptr[p + 1] and belongs to position owner[p]. `ptr[0]` is 0; returns (position reached, columns).
    """
    columns = 0
    widest = 1
    for position in range(start, len(orders)):
        order = orders[position]
        widest = max(widest, t.slot_ptr[order + 1] - t.slot_ptr[order])
    out_count = np.empty(cap + 1, np.int64)
    out_option = np.empty((cap + 1, widest), np.int64)
    out_content = np.empty((cap + 1, widest), np.int64)
    used = 0
    for position in range(start, len(orders)):
        order = orders[position]
        width = t.slot_ptr[order + 1] - t.slot_ptr[order]
        if columns + cap > len(owner) or used + cap * width > len(buffer_option):
            return position, columns
        allowance = slack[position]
        complete[position] = True
        found = order_columns(t, order, prices, allowance, cap, s, out_count, out_option, out_content, width)
        while found < 0:
            complete[position] = False
            allowance = allowance // 2
            if allowance == 0:
                found = -1 - found
                break
            found = order_columns(t, order, prices, allowance, cap, s, out_count, out_option, out_content, width)
        for p in range(found):
            for i in range(out_count[p]):
                buffer_option[used] = out_option[p, i]
                buffer_content[used] = out_content[p, i]
                used += 1
            owner[columns] = position
            columns += 1
            ptr[columns] = used
    return len(orders), columns


@njit(cache=True, nogil=True)
def describe_columns(t, orders, num, owner, ptr, option, content, cost, key, rows, values, use_ptr):
    """True cost, the key of its use and the merged resource use of every column; returns entries used."""
    used = 0
    for p in range(num):
        order = orders[owner[p]]
        first, count = ptr[p], ptr[p + 1] - ptr[p]
        cost[p] = assigned_cost(t, order, count, option, content, first)
        mixed = np.uint64(0)
        start = used
        for i in range(first, first + count):
            mixed += use_key(t, option[i], content[i])
            a = option[i]
            lines, all_units = np.int64(0), np.int64(0)
            left = content[i]
            for j in range(t.option_line_ptr[a], t.option_line_ptr[a + 1]):
                radix = t.option_line_radix[j]
                digit, left = left % radix, left // radix
                if digit == 0:
                    continue
                units = digit * t.line_step[t.option_line[j]]
                lines += 1
                all_units += units
                supply = t.option_line_supply[j]
                if supply >= t.num_rows:
                    for k in range(t.supply_ptr[supply - t.num_rows], t.supply_ptr[supply - t.num_rows + 1]):
                        used = _merge(rows, values, start, used, t.supply_row[k], units)
                elif supply >= 0:
                    used = _merge(rows, values, start, used, supply, units)
            draw = t.option_draw[a]
            for k in range(t.draw_ptr[draw], t.draw_ptr[draw + 1]):
                amount = t.draw_package[k] + t.draw_line[k] * lines + t.draw_unit[k] * all_units
                used = _merge(rows, values, start, used, t.draw_row[k], amount)
        key[p] = mixed
        use_ptr[p + 1] = used
    return used
