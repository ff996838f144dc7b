# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""The exact cost of one package of an option, and whether it fits what is left of the shared resources.

A content here is a row of steps by line of the order (`row[i]` steps of its line i), so that narrow orders, whose
contents are in the instance's table, and wide ones, which are priced on the fly, are treated alike.
"""

from __future__ import annotations

import numpy as np

from splitship.instance import IMPOSSIBLE
from splitship.instance.draws import add_draw, add_supply, draw_room, draw_unit_room, overlaps, supply_room
from splitship.instance.inner import inner
from splitship.instance.tariff import handling_cost, shipping_cost
from splitship.policies.tables import (
    BRACKET_END,
    BRACKET_START,
    CHOICES,
    CONTENTS,
    DELIVER_DAY,
    IS_WIDE,
    LINE,
    LINE_RADIX,
    LINE_SUPPLY,
    LINES,
    NODE,
    SERVICE,
    SKU,
    STEP,
)

_PART = 10**12
_HEAVY = 2**61


@inner
def best_option(t, order, first_option, end_option, row, num_steps, left):
    """Cheapest option among `first_option` to `end_option - 1` whose package with content `row` fits `left`.

    `num_steps` is the sum of `row`. Returns option (-1: none fits), the position of its choice, and its cost in micros;
    ties go to the earliest delivery, then to the first option.
    """
    best, best_option, best_choice, best_day = np.int64(IMPOSSIBLE), np.int64(-1), np.int64(0), np.int64(0)
    for option in range(first_option, end_option):
        if not _fits(t, order, option, row, num_steps, left):
            continue
        cost, choice = price_content(t, order, option, row)
        if cost >= IMPOSSIBLE:
            continue
        day = np.int64(t.choices[DELIVER_DAY, t.option_ptr[CHOICES, option] + choice])
        if cost < best or (cost == best and day < best_day):
            best, best_option, best_choice, best_day = cost, np.int64(option), choice, day
    return best_option, best_choice, best


@inner
def add_use(t, order, option, row, sign, left):
    """Give back (sign 1) or take (sign -1) what a package of `option` with content `row` uses."""
    first_line = t.order_ptr[0, order]
    lines, all_units = np.int64(0), np.int64(0)
    for j in range(t.option_ptr[LINES, option], t.option_ptr[LINES, option + 1]):
        line = t.option_lines[LINE, j]
        units = row[line - first_line] * t.lines[STEP, line]
        if units == 0:
            continue
        add_supply(t, t.option_lines[LINE_SUPPLY, j], sign * units, left)
        lines += 1
        all_units += units
    add_draw(t, option, lines, all_units, sign, left)


@inner
def most_steps_of_line(t, first_option, end_option, line, left):
    """An upper limit on one line's steps in a package of any of the options: what option, stock and units allow.

    The package may be open already, so that it asks for no room of its own and this line's may be taken.
    """
    most = np.int64(0)
    for option in range(first_option, end_option):
        unit_room = draw_unit_room(t, t.option_draw[option], left)
        for j in range(t.option_ptr[LINES, option], t.option_ptr[LINES, option + 1]):
            if t.option_lines[LINE, j] == line:
                steps = np.int64(t.option_lines[LINE_RADIX, j] - 1)
                room = min(unit_room, supply_room(t, t.option_lines[LINE_SUPPLY, j], left))
                most = max(most, min(steps, room // t.lines[STEP, line]))
    return most


@inner
def _fits(t, order, option, row, num_steps, left):
    """Whether all of `row` can be in one package of `option` within `left`."""
    line_room, unit_room = draw_room(t, t.option_draw[option], left)
    if line_room < 1:
        return False
    first_line = t.order_ptr[0, order]
    first, end = t.option_ptr[LINES, option], t.option_ptr[LINES, option + 1]
    found, units, lines = np.int64(0), np.int64(0), np.int64(0)
    for j in range(first, end):
        line = t.option_lines[LINE, j]
        steps = row[line - first_line]
        if steps == 0:
            continue
        if steps >= t.option_lines[LINE_RADIX, j]:
            return False
        found += steps
        lines += 1
        taken = steps * t.lines[STEP, line]
        units += taken
        supply = t.option_lines[LINE_SUPPLY, j]
        if supply >= 0:
            for i in range(first, j):  # another line of the same SKU draws on the same stock
                if overlaps(t, np.int64(t.option_lines[LINE_SUPPLY, i]), np.int64(supply)):
                    other = t.option_lines[LINE, i]
                    taken += row[other - first_line] * t.lines[STEP, other]
            if taken > supply_room(t, supply, left):
                return False
    return found == num_steps and units <= unit_room and lines <= line_room


@inner
def price_content(t, order, option, row):
    """Cost of the cheapest choice for content `row` of an option and that choice's position; IMPOSSIBLE without one."""
    first_line = t.order_ptr[0, order]
    if t.orders[IS_WIDE, order]:
        return _price_on_the_fly(t, option, row, first_line)
    content, stride = np.int64(0), np.int64(1)
    for j in range(t.option_ptr[LINES, option], t.option_ptr[LINES, option + 1]):
        content += row[t.option_lines[LINE, j] - first_line] * stride
        stride *= t.option_lines[LINE_RADIX, j]
    at = t.option_ptr[CONTENTS, option] + content
    return t.content_cost[at], np.int64(t.content_choice[at])


@inner
def _price_on_the_fly(t, option, row, first_line):
    """`_price` for a wide order, which has no table of contents."""
    weight, units, num_lines, has_alone = np.int64(0), np.int64(0), np.int64(0), False
    besides = np.int64(0)
    for j in range(t.option_ptr[LINES, option], t.option_ptr[LINES, option + 1]):
        line = t.option_lines[LINE, j]
        quantity = row[line - first_line] * t.lines[STEP, line]
        if quantity == 0:
            continue
        each = t.skus[0, t.lines[SKU, line]]
        if each > 0 and quantity > (_HEAVY - weight) // each:
            return np.int64(IMPOSSIBLE), np.int64(0)
        weight += quantity * each
        if t.option_line_charges.shape[1]:
            besides += t.option_line_charges[0, j] + quantity * t.option_line_charges[1, j]
        units += quantity
        num_lines += 1
        if t.skus[1, t.lines[SKU, line]]:
            has_alone = True
    if has_alone and num_lines > 1:
        return np.int64(IMPOSSIBLE), np.int64(0)
    h = t.handling[:, t.options[NODE, option]]
    handling = handling_cost(num_lines, units, h[0], h[1], h[2], h[3], h[4], h[5])
    best, best_choice, best_day = np.int64(IMPOSSIBLE), np.int64(0), np.int64(0)
    for choice in range(t.option_ptr[CHOICES, option], t.option_ptr[CHOICES, option + 1]):
        service = t.choices[SERVICE, choice]
        if weight > t.services[1, service]:
            continue
        volume, part = _volumetric_weight(t, option, row, first_line, t.services[2, service])
        price = shipping_cost(
            weight, volume, part, t.services[0, service], np.int64(t.choices[BRACKET_START, choice]),
            np.int64(t.choices[BRACKET_END, choice]), t.brackets[0], t.brackets[1], t.brackets[2], t.brackets[3],
            t.brackets[4], t.brackets[5],
        )  # fmt: skip
        if price >= IMPOSSIBLE:
            continue
        cost = price + handling + besides + t.choice_fixed_cost[choice]
        day = np.int64(t.choices[DELIVER_DAY, choice])
        if cost < best or (cost == best and day < best_day):
            best, best_choice, best_day = cost, np.int64(choice - t.option_ptr[CHOICES, option]), day
    return best, best_choice


@inner
def _volumetric_weight(t, option, row, first_line, divisor):
    """Volumetric weight of a content in micrograms and 10^-12 of one; 0 without a divisor."""
    whole, part = np.int64(0), np.int64(0)
    if divisor < 0:
        return whole, part
    for j in range(t.option_ptr[LINES, option], t.option_ptr[LINES, option + 1]):
        line = t.option_lines[LINE, j]
        quantity = row[line - first_line] * t.lines[STEP, line]
        if quantity:
            fraction = quantity * t.volumes[1, divisor, t.lines[SKU, line]]
            whole += quantity * t.volumes[0, divisor, t.lines[SKU, line]] + fraction // _PART
            part += fraction % _PART
    return whole + part // _PART, part % _PART
