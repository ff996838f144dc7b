# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""A lower bound on the priced cost of an order too wide for exact pricing (docs/certificate.md).

Every choice (node, service, ship day) becomes a facility: at least F a package plus c a unit, so serving the order
costs at
least what an uncapacitated facility location problem does, and any feasible solution of that problem's dual is a
bound. The
dual is climbed line by line (dual ascent, Erlenkotter 1978, doi 10.1287/opre.26.6.992). The floors are rounded
down with a margin, because the checker computes them exactly and must never come out lower.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from splitship.instance import IMPOSSIBLE
from splitship.instance.draws import draw_price, supply_price
from splitship.instance.inner import inner
from splitship.instance.tariff import shipping_cost

_MARGIN = 1e-3
_BILLION = 1e9


@njit(cache=True, nogil=True)
def fill_floors(t, orders, available, stock_at):
    """Fill `floor_*` of all choices of the given orders: F and c without the prices of resources.

    `available` [stock] in the end, `stock_at` [nodes, skus]: a line's quantity in one package is limited by the node's
    stock alone.
    """
    for order in orders:
        for option in range(t.option_ptr[order], t.option_ptr[order + 1]):
            node = t.option_node[option]
            first, end = t.option_line_ptr[option], t.option_line_ptr[option + 1]
            for choice in range(t.choice_ptr[option], t.choice_ptr[option + 1]):
                service = t.choice_service[choice]
                divisor = t.divisor_idx[service]
                base = t.floor_ptr[choice]
                actual, volumetric = 0.0, 0.0
                for j in range(first, end):
                    line = t.option_line[j]
                    sku = t.line_sku[line]
                    quantity = min(t.line_quantity[line], available[stock_at[node, sku]])
                    if not _is_carried(t, choice, sku, t.line_step[line]):
                        quantity = np.int64(0)
                    t.floor_quantity[base + j - first] = quantity
                    actual += float(quantity) * t.weight_ug[sku]
                    if divisor >= 0:
                        volumetric += quantity * (t.volume_ug[divisor, sku] + t.volume_part[divisor, sku] * 1e-12)
                by_volume = volumetric > actual
                intercept, slope = _minorant(
                    t, t.choice_bracket_start[choice], t.choice_bracket_end[choice], max(actual, volumetric)
                )
                package = (
                    intercept + t.package_micros[node] + t.package_atto[node] * 1e-12 + t.choice_fixed_cost[choice]
                )
                t.floor_package[choice] = max(0, int(np.floor(package - _MARGIN)) - 1)
                for j in range(first, end):
                    line = t.option_line[j]
                    sku = t.line_sku[line]
                    weight = float(t.weight_ug[sku])
                    if by_volume:
                        weight = t.volume_ug[divisor, sku] + t.volume_part[divisor, sku] * 1e-12
                    unit = slope * weight + t.unit_micros[node] + t.unit_atto[node] * 1e-12
                    unit += (t.line_micros[node] + t.line_atto[node] * 1e-12) / t.line_quantity[line]
                    if len(t.option_line_unit_cost):
                        unit += t.option_line_unit_cost[j] + t.option_line_cost[j] / t.line_quantity[line]
                    t.floor_unit[base + j - first] = max(0, int(np.floor(unit - _MARGIN)))


@inner
def _is_carried(t, choice, sku, step):
    """Whether one step of a line is within the choice's weight limit and rate card."""
    service = t.choice_service[choice]
    weight = step * t.weight_ug[sku]
    if weight > t.max_weight_ug[service]:
        return False
    volume, part = np.int64(0), np.int64(0)
    divisor = t.divisor_idx[service]
    if divisor >= 0:
        fraction = step * t.volume_part[divisor, sku]
        volume, part = step * t.volume_ug[divisor, sku] + fraction // 10**12, fraction % 10**12
    price = shipping_cost(
        weight, volume, part, t.weight_step_ug[service], np.int64(t.choice_bracket_start[choice]),
        np.int64(t.choice_bracket_end[choice]), t.up_to_ug, t.price_micros, t.price_atto, t.extra_micros,
        t.extra_atto, t.has_extra,
    )  # fmt: skip
    return price < IMPOSSIBLE


@inner
def _minorant(t, start, end, most):
    """Intercept (micros) and slope (micros per microgram) of a line under the rate card up to weight `most`."""
    size = end - start
    xs, ys = np.empty(size + 1), np.empty(size + 1)
    least = np.empty(size)
    lowest = np.inf
    for i in range(size - 1, -1, -1):
        lowest = min(lowest, t.price_micros[start + i] + t.price_atto[start + i] * 1e-12)
        least[i] = lowest
    num = 0
    reached = False
    for i in range(size):
        x = min(float(t.up_to_ug[start + i]), most)
        if num and x <= xs[num - 1]:
            ys[num - 1] = min(ys[num - 1], least[i])
        else:
            xs[num], ys[num] = x, least[i]
            num += 1
        if t.up_to_ug[start + i] >= most:
            reached = True
            break
    if not reached and t.has_extra[end - 1]:
        extra = t.extra_micros[end - 1] + t.extra_atto[end - 1] * 1e-12
        price = t.price_micros[end - 1] + t.price_atto[end - 1] * 1e-12
        xs[num], ys[num] = most, price + extra * (most - t.up_to_ug[end - 1]) / _BILLION
        num += 1
    hull = np.empty(num, np.int64)
    top = 0
    for i in range(num):
        while top >= 2:
            a, b = hull[top - 2], hull[top - 1]
            if (ys[b] - ys[a]) * (xs[i] - xs[a]) >= (ys[i] - ys[a]) * (xs[b] - xs[a]):
                top -= 1
            else:
                break
        hull[top] = i
        top += 1
    lowest = ys[:num].min()
    if top == 1:
        return lowest, 0.0
    half = xs[num - 1] / 2
    edge = 0
    while edge < top - 2 and xs[hull[edge + 1]] <= half:
        edge += 1
    a, b = hull[edge], hull[edge + 1]
    slope = (ys[b] - ys[a]) / (xs[b] - xs[a])
    if slope < 0:
        return lowest, 0.0
    intercept = ys[a] - slope * xs[a]
    if intercept < 0:
        slope = np.inf
        for i in range(num):
            if xs[i] > 0:
                slope = min(slope, ys[i] / xs[i])
        return 0.0, slope
    return intercept, slope


@inner
def facilities(t, order, prices, fixed, unit, quantity):
    """Priced floors of an order's choices: `fixed` [choices], `unit`, `quantity` [choices, lines]; returns how many."""
    first_line = t.line_ptr[order]
    num = 0
    for option in range(t.option_ptr[order], t.option_ptr[order + 1]):
        package, of_line, each = draw_price(t, t.option_draw[option], prices)
        for choice in range(t.choice_ptr[option], t.choice_ptr[option + 1]):
            fixed[num] = t.floor_package[choice] + package
            quantity[num, :] = 0
            base, start = t.floor_ptr[choice], t.option_line_ptr[option]
            for j in range(start, t.option_line_ptr[option + 1]):
                i = t.option_line[j] - first_line
                line = t.option_line[j]
                price = supply_price(t, t.option_line_supply[j], prices) + of_line // t.line_quantity[line]
                unit[num, i] = t.floor_unit[base + j - start] + price + each
                quantity[num, i] = t.floor_quantity[base + j - start]
            num += 1
    return num
