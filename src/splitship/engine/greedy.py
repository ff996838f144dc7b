# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Building and improving a plan order by order, each order exactly on what the others leave."""

from __future__ import annotations

import numpy as np
from numba import njit

from splitship.engine.pricing import add_use, fill_plans, is_torn, price_packages, trace_plan
from splitship.instance.draws import draw_price, is_over_drawn, supply_price, supply_room
from splitship.instance.inner import inner


@inner
def package_fits(t, option, content, residual):
    """Whether one package stays within what is left of every resource."""
    add_use(t, option, content, -1, residual)
    fits = not is_over_drawn(t, option, residual)
    for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
        if supply_room(t, t.option_line_supply[j], residual) < 0:
            fits = False
    add_use(t, option, content, 1, residual)
    return fits


@inner
def state_of_content(t, option, content):
    """The quantities of a content as a state number of its order."""
    state = np.int64(0)
    left = content
    for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
        radix = t.option_line_radix[j]
        state += left % radix * t.line_stride[t.option_line[j]]
        left = left // radix
    return state


@inner
def assigned_cost(t, order, count, options, contents, first):
    """Exact cost of an order's packages (`count` from `first`) and of what is unfilled, the split refunded once."""
    state = np.int64(0)
    cost = np.int64(0)
    for i in range(first, first + count):
        cost += t.content_cost[t.content_ptr[options[i]] + contents[i]]
        state += state_of_content(t, options[i], contents[i])
    for line in range(t.line_ptr[order], t.line_ptr[order + 1]):
        left = t.line_radix[line] - 1 - state // t.line_stride[line] % t.line_radix[line]
        cost += left * t.line_step[line] * t.unfilled_cost[line]
    if count:
        cost -= t.refund[order]
    return cost


@inner
def place_order(t, order, prices, residual, s, options, contents, first):
    """Give one order its cheapest priced plan on what is left, and take that from `residual`; returns its packages.

    The recursion looks at each package by itself; when packages of one plan only together exceed what is left, the
    first ones are kept and the rest is planned again on what remains.
    """
    left = t.num_states[order] - 1
    placed = 0
    top = -1
    while left > 0:
        price_packages(t, order, prices, residual, True, s)
        top = fill_plans(t, order, s)
        layer = top
        if t.layers[order] > 0 or t.max_packages[order] < 1:
            layer = top - placed
        if placed > 0 and layer > 0 and s.some[layer, left] >= s.none[left]:
            break
        if layer <= 0 and top != 1:
            break
        found = trace_plan(t, order, left, layer, s)
        if found == 0:
            break
        kept = 0
        for i in range(found):
            option, content = s.out_option[i], s.out_content[i]
            if not package_fits(t, option, content, residual):
                break
            options[first + placed], contents[first + placed] = option, content
            add_use(t, option, content, -1, residual)
            left -= state_of_content(t, option, content)
            placed += 1
            kept += 1
        if kept == found or kept == 0 or t.is_conditional[order]:
            break
    if is_torn(t, order, left):
        for i in range(first, first + placed):
            add_use(t, options[i], contents[i], 1, residual)
        return 0
    return placed


@njit(cache=True, nogil=True)
def place_orders(t, sequence, prices, residual, s, count, options, contents):
    """Place narrow orders one after the other in the given sequence; returns the cost of what was placed."""
    total = np.int64(0)
    for order in sequence:
        if t.is_wide[order]:
            continue
        first = t.slot_ptr[order]
        count[order] = place_order(t, order, prices, residual, s, options, contents, first)
        total += assigned_cost(t, order, count[order], options, contents, first)
    return total


@njit(cache=True, nogil=True)
def replace_orders(t, sequence, prices, residual, s, count, options, contents):
    """Take every order out and put it back at its cheapest at prices; returns the change of true cost.

    With zero prices the change of each order is never positive: a plan that is no better is put back as it was.
    """
    change = np.int64(0)
    width = 1
    for order in sequence:
        width = max(width, t.slot_ptr[order + 1] - t.slot_ptr[order])
    old_option = np.empty(width, np.int64)
    old_content = np.empty(width, np.int64)
    for order in sequence:
        if t.is_wide[order]:
            continue
        first, old_count = t.slot_ptr[order], count[order]
        old_cost = assigned_cost(t, order, old_count, options, contents, first)
        old_priced = old_cost
        for i in range(old_count):
            old_option[i], old_content[i] = options[first + i], contents[first + i]
            add_use(t, old_option[i], old_content[i], 1, residual)
            old_priced += priced_use(t, old_option[i], old_content[i], prices)
        new_count = place_order(t, order, prices, residual, s, options, contents, first)
        new_cost = assigned_cost(t, order, new_count, options, contents, first)
        new_priced = new_cost
        for i in range(new_count):
            new_priced += priced_use(t, options[first + i], contents[first + i], prices)
        if new_priced >= old_priced:
            for i in range(new_count):
                add_use(t, options[first + i], contents[first + i], 1, residual)
            for i in range(old_count):
                options[first + i], contents[first + i] = old_option[i], old_content[i]
                add_use(t, old_option[i], old_content[i], -1, residual)
        else:
            count[order] = new_count
            change += new_cost - old_cost
    return change


@inner
def priced_use(t, option, content, prices):
    """Price of what one package uses of every row."""
    total, line, unit = draw_price(t, t.option_draw[option], prices)
    left = content
    for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
        radix = t.option_line_radix[j]
        digit, left = left % radix, left // radix
        if digit == 0:
            continue
        units = digit * t.line_step[t.option_line[j]]
        total += line + units * (unit + supply_price(t, t.option_line_supply[j], prices))
        if len(prices) > t.num_rows:
            total += units * prices[t.num_rows + j]
    return total


@inner
def value_of_order(t, order, count, option, content, prices):
    """Cost of an order's plan plus the price of what it uses."""
    first = t.slot_ptr[order]
    value = assigned_cost(t, order, count[order], option, content, first)
    for i in range(first, first + count[order]):
        value += priced_use(t, option[i], content[i], prices)
    return value


@njit(cache=True, nogil=True)
def values_of_orders(t, count, option, content, prices, out):
    """`value_of_order` of every narrow order into `out` [orders]."""
    for order in range(len(count)):
        if not t.is_wide[order]:
            out[order] = value_of_order(t, order, count, option, content, prices)


@njit(cache=True, nogil=True)
def use_of_plans(t, count, options, contents, use):
    """Add what the narrow orders of an assignment use of every row."""
    for order in range(len(count)):
        if t.is_wide[order]:
            continue
        for i in range(t.slot_ptr[order], t.slot_ptr[order] + count[order]):
            add_use(t, options[i], contents[i], 1, use)


@njit(cache=True, nogil=True)
def cost_of_plans(t, orders, count, options, contents):
    """True cost of the plans of some narrow orders."""
    total = np.int64(0)
    for order in orders:
        total += assigned_cost(t, order, count[order], options, contents, t.slot_ptr[order])
    return total


@njit(cache=True, nogil=True)
def possible_rows(t, orders, is_possible):
    """Mark the rows that any option of some narrow orders could use."""
    for order in orders:
        for a in range(t.option_ptr[order], t.option_ptr[order + 1]):
            draw = t.option_draw[a]
            for k in range(t.draw_ptr[draw], t.draw_ptr[draw + 1]):
                is_possible[t.draw_row[k]] = True
            for j in range(t.option_line_ptr[a], t.option_line_ptr[a + 1]):
                supply = t.option_line_supply[j]
                if supply >= t.num_rows:
                    for k in range(t.supply_ptr[supply - t.num_rows], t.supply_ptr[supply - t.num_rows + 1]):
                        is_possible[t.supply_row[k]] = True
                elif supply >= 0:
                    is_possible[supply] = True
