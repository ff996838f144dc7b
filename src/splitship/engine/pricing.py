# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Exact pricing of one narrow order: the cheapest plan at given prices, over all partitions into packages.

With g(r) the least priced cost of one package with contents r, and f(q) the least cost of dealing with the
quantities q:

    f(q) = min( u_l + f(q - e_l),  min over 0 < r <= q with r_l > 0 of g(r) + f(q - r) )

where l is the first line with units left: either one step of it stays unfilled or some package holds it. Where what
ships must meet a condition as a whole, f is filled without leaving anything, and the best of the allowed states is
taken in the end. A limit on packages adds a layer per package. The price of a split is inside g for every package and
handed back once if any package ships, so plans with at least one package are tracked apart. The same recursion over
line subsets is in Chen and Graves 2019 (item-level column generation for e-commerce fulfilment).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from splitship.instance import IMPOSSIBLE
from splitship.instance.draws import (
    add_draw,
    add_supply,
    draw_price,
    draw_room,
    overlaps,
    supply_price,
    supply_room,
    takes_of,
)
from splitship.instance.inner import inner


@inner
def price_packages(t, order, prices, residual, bounded, s):
    """Fill `s.package*`: for every content state the cheapest package, at prices, within `residual` if `bounded`."""
    states = t.num_states[order]
    has_own = len(prices) > t.num_rows
    for q in range(states):
        s.package[q] = IMPOSSIBLE
    for option in range(t.option_ptr[order], t.option_ptr[order + 1]):
        base, line_price, unit_price = np.int64(0), np.int64(0), np.int64(0)
        line_room, unit_room = np.int64(IMPOSSIBLE), np.int64(IMPOSSIBLE)
        draw = t.option_draw[option]
        if draw > 0:
            base, line_price, unit_price = draw_price(t, draw, prices)
            if bounded:
                line_room, unit_room = draw_room(t, draw, residual)
                if line_room < 1:
                    continue
        s.state_of[0], s.price_of[0], s.units_of[0] = 0, base, 0
        size = 1
        first_line, end_line = t.option_line_ptr[option], t.option_line_ptr[option + 1]
        shares_supply = False
        for j in range(first_line, end_line):
            line = t.option_line[j]
            supply, step, radix = t.option_line_supply[j], t.line_step[line], t.option_line_radix[j]
            stride = t.line_stride[line]
            price = unit_price * step
            allowed = np.int64(radix - 1)
            if has_own:
                price += prices[t.num_rows + j] * step
            if supply >= 0:
                price += supply_price(t, supply, prices) * step
                if bounded:
                    allowed = min(allowed, supply_room(t, supply, residual) // step)
                    for i in range(first_line, j):
                        if overlaps(t, t.option_line_supply[i], supply):
                            shares_supply = True
            first_price = price + line_price
            for digit in range(1, radix):
                offset = digit * size
                added = first_price if digit == 1 else price
                if digit <= allowed:
                    for i in range(size):
                        s.state_of[offset + i] = s.state_of[offset + i - size] + stride
                        s.price_of[offset + i] = s.price_of[offset + i - size] + added
                        s.units_of[offset + i] = s.units_of[offset + i - size] + step
                else:
                    for i in range(size):
                        s.state_of[offset + i] = s.state_of[offset + i - size] + stride
                        s.price_of[offset + i] = IMPOSSIBLE
                        s.units_of[offset + i] = s.units_of[offset + i - size] + step
            size *= radix
        first = t.content_ptr[option]
        for c in range(1, size):
            cost = t.content_cost[first + c]
            if cost >= IMPOSSIBLE or s.price_of[c] >= IMPOSSIBLE or s.units_of[c] > unit_room:
                continue
            total = cost + s.price_of[c]
            q = s.state_of[c]
            if total < s.package[q] and (not shares_supply or _fits_supplies(t, option, c, residual)):
                if line_room < end_line - first_line and num_lines_in(t, option, c) > line_room:
                    continue
                s.package[q] = total
                s.package_option[q] = option
                s.package_content[q] = c


@inner
def _fits_supplies(t, option, content, residual):
    """Whether one content stays within `residual` when several of its lines draw on one row."""
    first, end = t.option_line_ptr[option], t.option_line_ptr[option + 1]
    left = content
    fits = True
    for j in range(first, end):
        radix = t.option_line_radix[j]
        digit, left = left % radix, left // radix
        supply = t.option_line_supply[j]
        if supply < 0 or digit == 0:
            continue
        num_of_supply = np.int64(1)
        if supply >= t.num_rows:
            num_of_supply = t.supply_ptr[supply - t.num_rows + 1] - t.supply_ptr[supply - t.num_rows]
        for k in range(num_of_supply):
            row = np.int64(supply)
            if supply >= t.num_rows:
                row = t.supply_row[t.supply_ptr[supply - t.num_rows] + k]
            taken = digit * t.line_step[t.option_line[j]]
            rest = content
            for i in range(first, j):
                other, rest = rest % t.option_line_radix[i], rest // t.option_line_radix[i]
                if takes_of(t, t.option_line_supply[i], row):
                    taken += other * t.line_step[t.option_line[i]]
            if taken > residual[row]:
                fits = False
    return fits


@inner
def num_lines_in(t, option, content):
    """How many lines a content holds something of."""
    count = np.int64(0)
    left = content
    for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
        if left % t.option_line_radix[j] > 0:
            count += 1
        left = left // t.option_line_radix[j]
    return count


@inner
def _split_once(t, order, q, rest_layer, s):
    """Least g(r) + f(q - r) over contents r <= q that hold the first line with units left, and that r."""
    first = t.line_ptr[order]
    num_lines = t.line_ptr[order + 1] - first
    low = -1
    for i in range(num_lines):
        s.limits[i] = q // t.line_stride[first + i] % t.line_radix[first + i]
        s.digits[i] = 0
        if low < 0 and s.limits[i] > 0:
            low = i
    best, best_content = np.int64(IMPOSSIBLE), np.int64(0)
    s.digits[low] = 1
    r = t.line_stride[first + low]
    while True:
        if s.package[r] < IMPOSSIBLE:
            total = s.package[r] + s.any_[rest_layer, q - r]
            if total < best:
                best, best_content = total, r
        i = low
        while i < num_lines and s.digits[i] == s.limits[i]:
            floor = 1 if i == low else 0
            r -= (s.digits[i] - floor) * t.line_stride[first + i]
            s.digits[i] = floor
            i += 1
        if i == num_lines:
            break
        s.digits[i] += 1
        r += t.line_stride[first + i]
    return best, best_content


@inner
def _split_once_binary(q, rest_layer, s):
    """`_split_once` when every line is taken whole or not at all: states are bit masks."""
    low = q & -q
    rest = q ^ low
    best, best_content = np.int64(IMPOSSIBLE), np.int64(0)
    sub = rest
    while True:
        r = sub | low
        if s.package[r] < IMPOSSIBLE:
            total = s.package[r] + s.any_[rest_layer, q ^ r]
            if total < best:
                best, best_content = total, r
        if sub == 0:
            break
        sub = (sub - 1) & rest
    return best, best_content


@inner
def fill_plans(t, order, s):
    """Fill `s.none`, `s.any_`, `s.some`, `s.choice` for all states from `s.package`. Returns the top layer."""
    first, end = t.line_ptr[order], t.line_ptr[order + 1]
    states = t.num_states[order]
    limited = t.layers[order] > 0 or t.max_packages[order] < 1
    top = t.layers[order] if limited else 1
    complete = t.is_ship_complete[order]
    binary = True
    for line in range(first, end):
        if t.line_radix[line] != 2:
            binary = False
    s.none[0] = 0
    for line in range(first, end):
        stride = t.line_stride[line]
        unit = t.unfilled_cost[line] * t.line_step[line]
        for digit in range(1, t.line_radix[line]):
            for q in range(stride):
                s.none[digit * stride + q] = s.none[(digit - 1) * stride + q] + unit
    if limited:
        for q in range(states):
            s.any_[0, q] = IMPOSSIBLE if complete and q > 0 else s.none[q]
            s.some[0, q] = IMPOSSIBLE
            s.choice[0, q] = 0
    for layer in range(1, top + 1):
        rest_layer = layer - 1 if limited else layer
        s.any_[layer, 0] = 0
        s.some[layer, 0] = IMPOSSIBLE
        s.choice[layer, 0] = 0
        for q in range(1, states):
            if binary:
                best, content = _split_once_binary(q, rest_layer, s)
            else:
                best, content = _split_once(t, order, q, rest_layer, s)
            if not complete:
                for line in range(first, end):
                    if q // t.line_stride[line] % t.line_radix[line] > 0:
                        below = s.some[layer, q - t.line_stride[line]]
                        if below < IMPOSSIBLE:
                            left = below + t.unfilled_cost[line] * t.line_step[line]
                            if left < best:
                                best, content = left, np.int64(0)
                        break
            s.some[layer, q] = best
            s.choice[layer, q] = content
            if complete:
                s.any_[layer, q] = best
            else:
                s.any_[layer, q] = min(best, s.none[q])
    return top


@inner
def best_allowed(t, order, layer, s):
    """Least cost of shipping an allowed state of a conditional order and leaving the rest, and that state.

    Split prices are not handed back; IMPOSSIBLE when no allowed state can ship. Call after `fill_plans`.
    """
    full = t.num_states[order] - 1
    best, best_state = np.int64(IMPOSSIBLE), np.int64(0)
    for k in range(t.allowed_ptr[order], t.allowed_ptr[order + 1]):
        state = t.allowed_state[k]
        if s.some[layer, state] < IMPOSSIBLE:
            total = s.some[layer, state] + s.none[full - state]
            if total < best:
                best, best_state = total, state
    return best, best_state


@inner
def is_torn(t, order, left):
    """Whether an order that left `left` (a state) breaks the condition on what ships of it."""
    if not t.is_ship_complete[order]:
        return False
    if not t.is_conditional[order]:
        return left > 0
    shipped = t.num_states[order] - 1 - left
    torn = shipped > 0
    for k in range(t.allowed_ptr[order], t.allowed_ptr[order + 1]):
        if t.allowed_state[k] == shipped:
            torn = False
    return torn


@inner
def trace_plan(t, order, q, layer, s):
    """Write the packages of the cheapest plan for quantities q into `s.out_*`; returns how many.

    Nothing ships when that is no dearer. Call after `fill_plans`; for conditional orders with all that is ordered.
    """
    limited = t.layers[order] > 0 or t.max_packages[order] < 1
    count = 0
    if t.is_conditional[order]:
        best, state = best_allowed(t, order, layer, s)
        if best >= IMPOSSIBLE or best - t.refund[order] >= s.none[q]:
            return 0
        q = state
    elif s.some[layer, q] - t.refund[order] >= s.none[q]:
        return 0
    must_ship = True
    while q > 0:
        if not must_ship and s.some[layer, q] >= s.none[q] and not t.is_ship_complete[order]:
            break
        content = s.choice[layer, q]
        if content == 0:
            for line in range(t.line_ptr[order], t.line_ptr[order + 1]):
                if q // t.line_stride[line] % t.line_radix[line] > 0:
                    q -= t.line_stride[line]
                    break
            continue
        s.out_option[count] = s.package_option[content]
        s.out_content[count] = s.package_content[content]
        count += 1
        q -= content
        must_ship = False
        if limited:
            layer -= 1
    return count


@inner
def plan_value(t, order, q, layer, s):
    """Priced cost of the cheapest plan for quantities q, which are all that is ordered in conditional orders."""
    if q == 0:
        return np.int64(0)
    if t.is_conditional[order]:
        return min(s.none[q], best_allowed(t, order, layer, s)[0] - t.refund[order])
    return min(s.none[q], s.some[layer, q] - t.refund[order])


@inner
def add_use(t, option, content, sign, use):
    """Add (or take back) what one package uses of every row."""
    lines, all_units = np.int64(0), np.int64(0)
    left = content
    for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
        radix = t.option_line_radix[j]
        digit, left = left % radix, left // radix
        if digit == 0:
            continue
        units = digit * t.line_step[t.option_line[j]]
        add_supply(t, t.option_line_supply[j], sign * units, use)
        lines += 1
        all_units += units
    add_draw(t, option, lines, all_units, sign, use)


@njit(cache=True, nogil=True)
def price_orders(t, start, end, prices, s, cost, count, out_option, out_content, use):
    """Cheapest plan of every narrow order in start..end-1 at prices; returns the sum of their priced costs.

    `cost` [orders] gets priced costs, `count` [orders] and `out_*` [slots] the packages, `use` [rows] what they use.
    """
    total = np.int64(0)
    for order in range(start, end):
        if t.is_wide[order]:
            continue
        states = t.num_states[order]
        price_packages(t, order, prices, prices, False, s)
        top = fill_plans(t, order, s)
        value = plan_value(t, order, states - 1, top, s)
        cost[order] = value
        total += value
        packages = trace_plan(t, order, states - 1, top, s)
        count[order] = packages
        slot = t.slot_ptr[order]
        for i in range(packages):
            out_option[slot + i] = s.out_option[i]
            out_content[slot + i] = s.out_content[i]
            add_use(t, s.out_option[i], s.out_content[i], 1, use)
    return total
