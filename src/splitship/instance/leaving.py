# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""By which services and days an order can leave a node, and with which lines: what the kernels of `compile` share.

Arguments are those of `kernels`.
"""

from __future__ import annotations

import numpy as np

from splitship.domain.reserves import ANY_CHANNEL
from splitship.instance.calendar import FARTHEST, THURSDAY
from splitship.instance.eligibility import FAR
from splitship.instance.inner import inner, spliced


@spliced
def choices_at(
    order, node, destination_idx, lane, transit_days, bracket_start, bracket_end, max_transit, horizon, start_day,
    start_us, node_zone, cutoff_us, first_ship, is_ship_day, delivery_wait, is_offered, service_capacity,
    service_rank, start_entry, hold_until, not_before, search, service_pickup, node_ok, found_service, found_day,
    found_deliver, found_lane,
):  # fmt: skip
    """List every (service, ship day) by which the order could leave the node; returns how many.

    Days go from the first ship day to the end of the horizon, or to `hold_until` if that is later; where all of them
    deliver before `not_before`, the first day after them that does not.
    """
    zone = node_zone[node]
    base, entry = start_day[zone, order], start_entry[zone, order]
    period, hold, wait_for = is_ship_day.shape[2], hold_until[order], not_before[order]
    if start_us[zone, order] > cutoff_us[node]:
        base += 1
        entry = entry + 1 if entry + 1 < period else 0
    count = 0
    for rank in range(len(service_rank)):
        service = service_rank[rank]
        row = lane[service, node, destination_idx[order]]
        if row < 0 or not is_offered[node, service] or service_capacity[node, service] <= 0:
            continue
        if node_ok[order, node] == FAR and service_pickup[service] < 0:
            continue
        if bracket_start[row] >= bracket_end[row] or transit_days[row] > max_transit[order]:
            continue
        first = first_ship[node, service, entry]
        if first < 0:
            continue
        day, is_found = base + first, False
        last = max(day + horizon, hold)
        end = max(last, min(wait_for + search, last + FARTHEST))
        while day <= last or (not is_found and day <= end):
            arrival = day + transit_days[row]
            if period == 7:  # dividing by a constant is quick
                leaves, comes = (day + THURSDAY) % 7, (arrival + THURSDAY) % 7
            else:
                leaves, comes = (entry + day - base) % period, (entry + arrival - base) % period
            if is_ship_day[node, service, leaves]:
                wait = delivery_wait[service, comes]
                if wait >= 0 and arrival + wait >= wait_for:
                    found_service[count] = service
                    found_day[count] = day
                    found_deliver[count] = arrival + wait
                    found_lane[count] = row
                    count += 1
                    is_found = True
            day += 1
    return count


@spliced
def lines_at(
    order, node, line_ptr, line_sku, line_quantity, line_step, node_units, stock_at, available, found_line, found_radix,
    found_stock, found_sku, found_row, found_price,
):  # fmt: skip
    """List the order's lines that one package from the node can hold something of; returns how many."""
    count = 0
    for line in range(line_ptr[order], line_ptr[order + 1]):
        sku = line_sku[line]
        stock = stock_at[node, sku]
        if stock < 0:
            continue
        most = min(line_quantity[line], available[stock], node_units[node])
        steps = most // line_step[line]
        if steps <= 0:
            continue
        found_line[count], found_sku[count] = line, sku
        found_radix[count], found_stock[count] = steps + 1, stock
        found_row[count], found_price[count] = line, 0
        count += 1
    return count


@spliced
def has_several_entries(features):
    """Whether lines need `entries_at`: `lines_at` knows neither rejections nor substitutes nor reserves."""
    return len(features.rejected_ptr) > 1 or len(features.substitute_ptr) > 1 or len(features.alternative_ptr) > 1


@inner
def entries_at(
    order, node, line_ptr, line_sku, line_quantity, line_step, node_units, stock_at, available, features, found,
):  # fmt: skip
    """`lines_at` with all of `Held`, where nodes reject lines, other SKUs may ship or units are kept for a channel.

    A line comes once for each SKU, and for each alternative of its channel where the position has reserves.
    """
    count = 0
    has_rejections, has_substitutes = len(features.rejected_ptr) > 1, len(features.substitute_ptr) > 1
    has_reserves = len(features.alternative_ptr) > 1
    for line in range(line_ptr[order], line_ptr[order + 1]):
        is_out = False
        if has_rejections:
            for k in range(features.rejected_ptr[line], features.rejected_ptr[line + 1]):
                is_out |= features.rejected_node[k] == node
        first, end = np.int64(0), np.int64(0)
        if has_substitutes:
            first, end = features.substitute_ptr[line], features.substitute_ptr[line + 1]
        for k in range(first - 1, end):
            sku = line_sku[line] if k < first else features.substitute_sku[k]
            stock = stock_at[node, sku]
            if stock < 0 or is_out:
                continue
            most = min(line_quantity[line], available[stock], node_units[node])
            price = np.int64(0) if k < first else features.substitute_price[k]
            first_way, end_way = np.int64(-1), np.int64(0)
            if has_reserves and features.alternative_ptr[stock] < features.alternative_ptr[stock + 1]:
                first_way, end_way = _alternatives_of(features, stock, features.channel[order])
            for way in range(first_way, end_way):
                steps = most // line_step[line]
                found.price[count], found.alternative[count] = price, way
                if way >= 0:
                    steps = min(most, features.alternative_most[way]) // line_step[line]
                    found.price[count] += features.alternative_price[way]
                if steps <= 0:
                    continue
                found.line[count], found.sku[count] = line, sku
                found.radix[count], found.stock[count] = steps + 1, stock
                found.row[count] = line if k < first else len(line_sku) + k
                count += 1
    return count


@inner
def _alternatives_of(features, stock, channel):
    """The alternatives that units of a channel have at a position with reserves, as (first, end)."""
    first, end = features.alternative_ptr[stock], features.alternative_ptr[stock + 1]
    has_own = False
    for way in range(first, end):
        has_own |= features.alternative_channel[way] == channel
    asked = channel if has_own else ANY_CHANNEL
    while features.alternative_channel[first] != asked:
        first += 1
    last = first
    while last < end and features.alternative_channel[last] == asked:
        last += 1
    return first, last


@inner
def group_choices(
    num_choices, node, found_service, found_day, found_deliver, found_lane, first_day, draw_of, draw_lines, found_draw,
    group,
):  # fmt: skip
    """Find what each choice draws on, and number the choices by it; returns (choices, groups).

    Choices on days without capacity for a package are left out.
    """
    num_groups, kept = 0, 0
    for c in range(num_choices):
        draw = np.int64(0)
        if draw_of.shape[2] > 0:
            draw = np.int64(draw_of[node, found_service[c], found_day[c] - first_day])
        if draw_lines[draw] < 1:
            continue
        found_service[kept], found_day[kept] = found_service[c], found_day[c]
        found_deliver[kept], found_lane[kept] = found_deliver[c], found_lane[c]
        found_draw[kept], group[kept] = draw, -1
        for d in range(kept):
            if draw == found_draw[d]:
                group[kept] = group[d]
                break
        if group[kept] < 0:
            group[kept] = num_groups
            num_groups += 1
        kept += 1
    return kept, num_groups
