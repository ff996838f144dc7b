# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""The exact cost of one package with any content, priced on the fly."""

from __future__ import annotations

import numpy as np

from splitship.instance.inner import inner
from splitship.instance.model import IMPOSSIBLE
from splitship.instance.tariff import handling_cost, shipping_cost

_PART = 10**12
_HEAVY = 2**61


@inner
def price_content(t, option, row, first_line):
    """Exact cost of a package of `option` holding `row[i]` steps of line `first_line` + i, without a table of contents.

    The cheapest choice counts, ties to the earliest delivery. Returns micros (IMPOSSIBLE without a choice) and the
    position of the choice. `t` is any tuple of arrays with the names of `Instance` and `Tariffs`.
    """
    node = t.option_node[option]
    weight, units, num_lines, has_alone = np.int64(0), np.int64(0), np.int64(0), False
    besides, num_outside = np.int64(0), np.int64(0)
    for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
        line = t.option_line[j]
        quantity = row[line - first_line] * t.line_step[line]
        if quantity == 0:
            continue
        each = t.weight_ug[t.line_sku[line]]
        if each > 0 and quantity > (_HEAVY - weight) // each:
            return np.int64(IMPOSSIBLE), np.int64(0)
        weight += quantity * each
        if len(t.option_line_unit_cost):
            besides += t.option_line_cost[j] + quantity * t.option_line_unit_cost[j]
        units += quantity
        num_lines += 1
        if t.is_ship_alone[t.line_sku[line]]:
            has_alone = True
    if len(t.option_line_unit_cost):  # an option need not have all lines that its node has
        for i in range(len(row)):
            num_outside += row[i] > 0
        num_outside -= num_lines
    if num_lines == 0 or num_outside or (has_alone and num_lines > 1):
        return np.int64(IMPOSSIBLE), np.int64(0)
    handling = handling_cost(
        num_lines, units, t.package_micros[node], t.package_atto[node], t.line_micros[node], t.line_atto[node],
        t.unit_micros[node], t.unit_atto[node],
    )  # fmt: skip
    best, best_choice, best_day = np.int64(IMPOSSIBLE), np.int64(0), np.int64(0)
    for choice in range(t.choice_ptr[option], t.choice_ptr[option + 1]):
        service = t.choice_service[choice]
        if weight > t.max_weight_ug[service]:
            continue
        volume, part = _volumetric_weight(t, option, row, first_line, t.divisor_idx[service])
        price = shipping_cost(
            weight, volume, part, t.weight_step_ug[service], np.int64(t.choice_bracket_start[choice]),
            np.int64(t.choice_bracket_end[choice]), t.up_to_ug, t.price_micros, t.price_atto, t.extra_micros,
            t.extra_atto, t.has_extra,
        )  # fmt: skip
        if price >= IMPOSSIBLE:
            continue
        cost = price + handling + besides + t.choice_fixed_cost[choice]
        day = np.int64(t.choice_deliver_day[choice])
        if cost < best or (cost == best and day < best_day):
            best, best_choice, best_day = cost, np.int64(choice - t.choice_ptr[option]), day
    return best, best_choice


@inner
def _volumetric_weight(t, option, row, first_line, divisor):
    """Volumetric weight of a content in micrograms and 10^-12 of one; 0 without a divisor."""
    whole, part = np.int64(0), np.int64(0)
    if divisor < 0:
        return whole, part
    for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
        line = t.option_line[j]
        quantity = row[line - first_line] * t.line_step[line]
        if quantity:
            fraction = quantity * t.volume_part[divisor, t.line_sku[line]]
            whole += quantity * t.volume_ug[divisor, t.line_sku[line]] + fraction // _PART
            part += fraction % _PART
    return whole + part // _PART, part % _PART
