# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Compiled loops over orders for `compile`.

Arguments common to all, in this order: orders (line_ptr .. max_packages), then the network: `node_ok` [orders, nodes]
(see `eligible_nodes`), `destination_idx` [orders], `lane` [services, nodes, destinations], lane columns, limits, local
starts [zones, orders], calendar tables, capacities, `service_rank` (services in the order of their ids), `stock_at`
[nodes, skus] (row of the stock position, -1 if not carried), `available` [stock], and of the calendar `start_entry`
[zones, orders] (where the tables have the start), `window` (most ship days of a service in a row of choices),
`hold_until`, `not_before` [orders], and `search`, how far after a window a day may be looked for; then `features`
(`FeatureTables`). `available` is what is there in the end, `stages` say when. `rules` are `RuleTables`; where
`has_ways`, `ways_a_choice` says how many ways there can be of one choice.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from splitship.instance.calendar import FARTHEST, THURSDAY
from splitship.instance.eligibility import FAR
from splitship.instance.held import is_apart, is_worth, make_held
from splitship.instance.inner import inner, spliced
from splitship.instance.model import IMPOSSIBLE
from splitship.instance.tariff import handling_cost, shipping_cost, times_days
from splitship.instance.ways import make_ways, ways_at


@njit(cache=True, nogil=True)
def strides(line_ptr, line_radix, is_wide, num_states, stride):
    """Fill the number of quantity vectors of every order (0 if wide) and each line's stride in them."""
    for order in range(len(is_wide)):
        if is_wide[order]:
            num_states[order] = 0
            continue
        size = np.int64(1)
        for line in range(line_ptr[order], line_ptr[order + 1]):
            stride[line] = size
            size *= line_radix[line]
        num_states[order] = size


@spliced
def _choices_at(
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


@inner
def _lines_at(
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


@inner
def _entries_at(
    order, node, line_ptr, line_sku, line_quantity, line_step, node_units, stock_at, available, features, found,
):  # fmt: skip
    """`_lines_at` with all of `Held`, where nodes reject lines or other SKUs may ship: a line comes once for each."""
    count = 0
    has_rejections, has_substitutes = len(features.rejected_ptr) > 1, len(features.substitute_ptr) > 1
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
            steps = most // line_step[line]
            if steps <= 0:
                continue
            found.line[count], found.sku[count] = line, sku
            found.radix[count], found.stock[count] = steps + 1, stock
            found.row[count] = line if k < first else len(line_sku) + k
            found.price[count] = 0 if k < first else features.substitute_price[k]
            count += 1
    return count


@njit(cache=True, nogil=True)
def possible_use(
    line_ptr, line_sku, line_quantity, line_step, max_packages, node_ok, destination_idx, lane, transit_days,
    bracket_start, bracket_end, max_transit, horizon, start_day, start_us, node_zone, cutoff_us, first_ship,
    is_ship_day, delivery_wait, is_offered, service_capacity, node_packages, node_units, service_rank, stock_at,
    available, start_entry, window, hold_until, not_before, search, features, first_day, num_days, umin_package,
    umin_unit,
    use_stock, use_packages, use_units, use_lines, use_minutes, use_services, use_quota,
):  # fmt: skip
    """Add up the most that all orders together could ask of every resource."""
    most = len(service_rank) * window
    found_service = np.empty(most, np.int64)
    found_day = np.empty(most, np.int64)
    found_deliver = np.empty(most, np.int64)
    found_lane = np.empty(most, np.int64)
    widest = 1
    for order in range(len(max_packages)):
        widest = max(widest, line_ptr[order + 1] - line_ptr[order])
    found = make_held(widest, features)
    found_line, found_radix, found_stock, found_sku = found.line, found.radix, found.stock, found.sku
    has_entries = len(features.rejected_ptr) > 1 or len(features.substitute_ptr) > 1
    service_pickup = features.service_pickup
    seen = np.full(num_days, -1, np.int64)
    asked = np.full(use_quota.shape, -1, np.int64)
    mark = 0
    for order in range(len(max_packages)):
        most_packages = np.int64(0)
        for line in range(line_ptr[order], line_ptr[order + 1]):
            most_packages += line_quantity[line] // line_step[line]
        most_packages = min(most_packages, max_packages[order])
        for node in range(len(node_zone)):
            if not node_ok[order, node] or node_packages[node] <= 0:
                continue
            if has_entries:
                num_lines = _entries_at(
                    order, node, line_ptr, line_sku, line_quantity, line_step, node_units, stock_at, available,
                    features, found,
                )  # fmt: skip
            else:
                num_lines = _lines_at(
                    order, node, line_ptr, line_sku, line_quantity, line_step, node_units, stock_at, available,
                    found_line, found_radix, found_stock, found_sku, found.row, found.price,
                )  # fmt: skip
            if num_lines == 0:
                continue
            num_choices = _choices_at(
                order, node, destination_idx, lane, transit_days, bracket_start, bracket_end, max_transit, horizon,
                start_day, start_us, node_zone, cutoff_us, first_ship, is_ship_day, delivery_wait, is_offered,
                service_capacity, service_rank, start_entry, hold_until, not_before, search, service_pickup,
                node_ok, found_service, found_day, found_deliver, found_lane,
            )  # fmt: skip
            if num_choices == 0:
                continue
            steps, units = np.int64(0), np.int64(0)
            for i in range(num_lines):
                line = found_line[i]
                use_stock[found_stock[i]] += line_quantity[line]
                if i > 0 and found_line[i - 1] == line:
                    continue  # another SKU for the same line
                steps += line_quantity[line] // line_step[line]
                units += line_quantity[line]
            packages = min(max_packages[order], steps)
            mark += 1
            for c in range(num_choices):
                day = found_day[c] - first_day
                if use_services.shape[2] > 0:
                    use_services[node, found_service[c], day] += packages
                if use_quota.shape[1] > 0 and asked[found_service[c], day] != order:
                    asked[found_service[c], day] = order
                    use_quota[found_service[c], day] += most_packages
                target = service_pickup[found_service[c]]
                if target >= 0 and target != node:  # the receiving node handles the package once more
                    comes = found_deliver[c] - first_day
                    if use_packages.shape[1] > 0:
                        use_packages[target, comes] += packages
                    if use_units.shape[1] > 0:
                        use_units[target, comes] += units
                    if use_lines.shape[1] > 0:
                        use_lines[target, comes] += steps
                    if use_minutes.shape[1] > 0:
                        use_minutes[target, comes] += packages * umin_package[target] + units * umin_unit[target]
                if seen[day] == mark:
                    continue
                seen[day] = mark
                if use_packages.shape[1] > 0:
                    use_packages[node, day] += packages
                if use_units.shape[1] > 0:
                    use_units[node, day] += units
                if use_lines.shape[1] > 0:
                    use_lines[node, day] += steps
                if use_minutes.shape[1] > 0:
                    use_minutes[node, day] += packages * umin_package[node] + units * umin_unit[node]


@inner
def _group_choices(
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


@njit(cache=True, nogil=True)
def count_options(
    start, end, line_ptr, line_sku, line_quantity, line_step, max_packages, node_ok, destination_idx, lane,
    transit_days, bracket_start, bracket_end, max_transit, horizon, start_day, start_us, node_zone, cutoff_us,
    first_ship, is_ship_day, delivery_wait, is_offered, service_capacity, node_packages, node_units, service_rank,
    stock_at, available, start_entry, window, hold_until, not_before, search, features, first_day, stock_row, draw_of,
    draw_lines, draw_units, rules, stages, has_ways, ways_a_choice, is_wide, counts,
):  # fmt: skip
    """Count options, option lines, contents and choices of orders start..end-1 into `counts` [orders, 4].

    Returns the first order in which too many rules meet, -1 for none.
    """
    most = len(service_rank) * window
    found_service = np.empty(most, np.int64)
    found_day = np.empty(most, np.int64)
    found_deliver = np.empty(most, np.int64)
    found_lane = np.empty(most, np.int64)
    found_draw = np.empty(most, np.int64)
    group = np.empty(most, np.int64)
    widest = 1
    for order in range(start, end):
        widest = max(widest, line_ptr[order + 1] - line_ptr[order])
    found = make_held(widest, features)
    found_line, found_radix, found_stock, found_sku = found.line, found.radix, found.stock, found.sku
    has_entries = len(features.rejected_ptr) > 1 or len(features.substitute_ptr) > 1
    service_pickup = features.service_pickup
    ways = make_ways(most * ways_a_choice if has_ways else 0, len(found.line), len(rules.forbids))
    for order in range(start, end):
        for node in range(len(node_zone)):
            if not node_ok[order, node] or node_packages[node] <= 0:
                continue
            if has_entries:
                num_lines = _entries_at(
                    order, node, line_ptr, line_sku, line_quantity, line_step, node_units, stock_at, available,
                    features, found,
                )  # fmt: skip
            else:
                num_lines = _lines_at(
                    order, node, line_ptr, line_sku, line_quantity, line_step, node_units, stock_at, available,
                    found_line, found_radix, found_stock, found_sku, found.row, found.price,
                )  # fmt: skip
            if num_lines == 0:
                continue
            num_choices = _choices_at(
                order, node, destination_idx, lane, transit_days, bracket_start, bracket_end, max_transit, horizon,
                start_day, start_us, node_zone, cutoff_us, first_ship, is_ship_day, delivery_wait, is_offered,
                service_capacity, service_rank, start_entry, hold_until, not_before, search, service_pickup,
                node_ok, found_service, found_day, found_deliver, found_lane,
            )  # fmt: skip
            if num_choices == 0:
                continue
            num_choices, num_groups = _group_choices(
                num_choices, node, found_service, found_day, found_deliver, found_lane, first_day, draw_of, draw_lines,
                found_draw, group,
            )  # fmt: skip
            if has_ways:
                num_choices, num_groups = ways_at(
                    rules, stages, features, ways, order, node, found, num_lines, line_step, found_service, found_day,
                    found_draw, num_choices, is_wide[order],
                )  # fmt: skip
                if num_choices < 0:
                    return order
                counts[order, 0] += num_groups
                counts[order, 3] += num_choices
                for g in range(num_groups):
                    size = np.int64(1)
                    for i in range(num_lines):
                        counts[order, 1] += ways.steps[g, i] > 0
                        size *= ways.steps[g, i] + 1
                    counts[order, 2] += 0 if is_wide[order] else size
                continue
            contents = np.int64(0)
            if not is_wide[order]:
                contents = np.int64(1)
                for i in range(num_lines):
                    contents *= found_radix[i]
            counts[order, 0] += num_groups
            counts[order, 1] += num_groups * num_lines
            counts[order, 2] += num_groups * contents
            counts[order, 3] += num_choices
    return np.int64(-1)


@njit(cache=True, nogil=True)
def fill_options(
    start, end, line_ptr, line_sku, line_quantity, line_step, max_packages, node_ok, destination_idx, lane,
    transit_days, bracket_start, bracket_end, max_transit, horizon, start_day, start_us, node_zone, cutoff_us,
    first_ship, is_ship_day, delivery_wait, is_offered, service_capacity, node_packages, node_units, service_rank,
    stock_at, available, start_entry, window, hold_until, not_before, search, features, first_day, stock_row, draw_of,
    draw_lines, draw_units, rules, stages, has_ways, ways_a_choice, is_wide, ends,
    weight_ug, is_ship_alone, up_to, price_micros, price_atto, extra_micros, extra_atto, has_extra, package_micros,
    package_atto, line_micros, line_atto, unit_micros, unit_atto, weight_step, max_weight, divisor_idx, volume_ug,
    volume_part, late_limbs, delivery_limbs, split_cost, deliver_by,
    option_ptr, option_node, option_draw, option_line_ptr, option_line, option_line_radix, option_line_supply,
    content_ptr, content_cost, content_choice, choice_ptr, choice_service,
    choice_ship_day, choice_deliver_day, choice_bracket_start, choice_bracket_end, choice_fixed_cost,
    option_line_unit_cost, option_line_cost, option_line_sku, option_quotas, option_quota_day,
):  # fmt: skip
    """Fill the arrays of orders start..end-1; `ends` [orders + 1, 4] says where each order's part begins.

    The last five have rows only where they are needed: what lines pay besides, which SKU ships for them, and which
    quotas of which day a package counts in.
    """
    most = len(service_rank) * window
    found_service = np.empty(most, np.int64)
    found_day = np.empty(most, np.int64)
    found_deliver = np.empty(most, np.int64)
    found_lane = np.empty(most, np.int64)
    found_draw = np.empty(most, np.int64)
    group = np.empty(most, np.int64)
    widest = 1
    for order in range(start, end):
        widest = max(widest, line_ptr[order + 1] - line_ptr[order])
    found = make_held(widest, features)
    found_line, found_radix, found_stock, found_sku = found.line, found.radix, found.stock, found.sku
    has_entries = len(features.rejected_ptr) > 1 or len(features.substitute_ptr) > 1
    service_pickup = features.service_pickup
    kit_size, has_least_value = features.kit_size, len(features.least_value) > 0
    digits, at_line = np.empty(len(found.line), np.int64), np.empty(len(found.line), np.int64)
    held_line, held_radix, held_stock, held_sku = found_line, found_radix, found_stock, found_sku
    if has_ways:  # of what a node holds of an order, a group may hold a part
        part = make_held(widest, features)
        held_line, held_radix, held_stock, held_sku = part.line, part.radix, part.stock, part.sku
    ways = make_ways(most * ways_a_choice if has_ways else 0, len(found.line), len(rules.forbids))
    way_of = np.empty(most * ways_a_choice if has_ways else 0, np.int64)
    for order in range(start, end):
        option, option_lines, contents, choices = ends[order, 0], ends[order, 1], ends[order, 2], ends[order, 3]
        for node in range(len(node_zone)):
            if not node_ok[order, node] or node_packages[node] <= 0:
                continue
            if has_entries:
                num_all = _entries_at(
                    order, node, line_ptr, line_sku, line_quantity, line_step, node_units, stock_at, available,
                    features, found,
                )  # fmt: skip
            else:
                num_all = _lines_at(
                    order, node, line_ptr, line_sku, line_quantity, line_step, node_units, stock_at, available,
                    found_line, found_radix, found_stock, found_sku, found.row, found.price,
                )  # fmt: skip
            num_lines = num_all
            if num_all == 0:
                continue
            num_choices = _choices_at(
                order, node, destination_idx, lane, transit_days, bracket_start, bracket_end, max_transit, horizon,
                start_day, start_us, node_zone, cutoff_us, first_ship, is_ship_day, delivery_wait, is_offered,
                service_capacity, service_rank, start_entry, hold_until, not_before, search, service_pickup,
                node_ok, found_service, found_day, found_deliver, found_lane,
            )  # fmt: skip
            if num_choices == 0:
                continue
            num_choices, num_groups = _group_choices(
                num_choices, node, found_service, found_day, found_deliver, found_lane, first_day, draw_of, draw_lines,
                found_draw, group,
            )  # fmt: skip
            num_ways = num_choices
            if has_ways:
                num_ways, num_groups = ways_at(
                    rules, stages, features, ways, order, node, found, num_all, line_step, found_service, found_day,
                    found_draw, num_choices, is_wide[order],
                )  # fmt: skip
            shares_stock, has_together = False, False
            for i in range(num_all):
                has_together |= kit_size[found_line[i]] > 0
                for j in range(i):
                    if found_stock[i] == found_stock[j]:
                        shares_stock = True
            for g in range(num_groups):
                first_choice, draw = choices, np.int64(0)
                if has_ways:
                    num_lines = 0
                    for i in range(num_all):
                        if ways.steps[g, i] > 0:
                            held_line[num_lines], held_stock[num_lines] = found_line[i], found_stock[i]
                            held_radix[num_lines], held_sku[num_lines] = ways.steps[g, i] + 1, found_sku[i]
                            at_line[num_lines] = i
                            num_lines += 1
                    for k in range(option_quotas.shape[1]):
                        option_quotas[option, k] = ways.quotas[g, k]
                    option_quota_day[option] = ways.group_day[g]
                for way in range(num_ways):
                    c, besides = way, np.int64(0)
                    if has_ways:
                        if ways.group[way] != g:
                            continue
                        c, besides = ways.choice[way], ways.fixed[way]
                        way_of[choices - first_choice] = way
                    elif group[c] != g:
                        continue
                    service, day = found_service[c], found_day[c]
                    choice_service[choices] = service
                    choice_ship_day[choices] = day
                    choice_deliver_day[choices] = found_deliver[c]
                    choice_bracket_start[choices] = bracket_start[found_lane[c]]
                    choice_bracket_end[choices] = bracket_end[found_lane[c]]
                    started = start_day[node_zone[node], order]
                    fixed = split_cost + times_days(delivery_limbs, found_deliver[c] - started)
                    late_days = found_deliver[c] - deliver_by[order]
                    if late_days > 0:
                        fixed += times_days(late_limbs[order], late_days)
                    choice_fixed_cost[choices] = fixed + besides
                    draw = found_draw[c]
                    choices += 1
                option_node[option] = node
                option_draw[option] = draw
                option_line_ptr[option + 1] = option_lines + num_lines
                choice_ptr[option + 1] = choices
                size = np.int64(1)
                for i in range(num_lines):
                    option_line[option_lines] = held_line[i]
                    option_line_radix[option_lines] = held_radix[i]
                    option_line_supply[option_lines] = stock_row[held_stock[i]]
                    if len(option_line_sku):
                        option_line_sku[option_lines] = held_sku[i]
                    if has_ways:
                        stage = ways.stage[g, at_line[i]]
                        if stage >= 0:
                            option_line_supply[option_lines] = stages.supply[stage]
                        way = ways.first[g]
                        option_line_unit_cost[option_lines] = ways.unit_cost[way, at_line[i]] if is_wide[order] else 0
                        option_line_cost[option_lines] = ways.line_cost[way, at_line[i]] if is_wide[order] else 0
                    option_lines += 1
                    size *= held_radix[i]
                if is_wide[order]:
                    content_ptr[option + 1] = contents
                    option += 1
                    continue
                content_cost[contents] = IMPOSSIBLE
                content_choice[contents] = 0
                digits[:num_lines] = 0
                for c in range(1, size):
                    i = 0
                    while digits[i] == held_radix[i] - 1:
                        digits[i] = 0
                        i += 1
                    digits[i] += 1
                    weight, units, num_in, alone = np.int64(0), np.int64(0), np.int64(0), False
                    for i in range(num_lines):
                        if digits[i]:
                            quantity = digits[i] * line_step[held_line[i]]
                            weight += quantity * weight_ug[held_sku[i]]
                            units += quantity
                            num_in += 1
                            if is_ship_alone[held_sku[i]]:
                                alone = True
                    possible = not (alone and num_in > 1) and units <= draw_units[draw] and num_in <= draw_lines[draw]
                    if has_together and possible:
                        possible = not is_apart(features, held_line, num_lines, digits)
                    if has_least_value and possible:
                        possible = is_worth(features, held_line, num_lines, line_step, digits, order)
                    if shares_stock and possible:
                        for i in range(num_lines):
                            taken = np.int64(0)
                            for j in range(num_lines):
                                if held_stock[j] == held_stock[i]:
                                    taken += digits[j] * line_step[held_line[j]]
                            most_units = available[held_stock[i]]
                            if has_ways and ways.stage[g, at_line[i]] >= 0:
                                most_units = stages.available[ways.stage[g, at_line[i]]]
                            if taken > most_units:
                                possible = False
                    best, best_choice = np.int64(IMPOSSIBLE), np.int64(0)
                    if possible:
                        handling = handling_cost(
                            num_in, units, package_micros[node], package_atto[node], line_micros[node],
                            line_atto[node], unit_micros[node], unit_atto[node],
                        )  # fmt: skip
                        for a in range(first_choice, choices):
                            service = choice_service[a]
                            if weight > max_weight[service]:
                                continue
                            volume, part = np.int64(0), np.int64(0)
                            if divisor_idx[service] >= 0:
                                row = divisor_idx[service]
                                for i in range(num_lines):
                                    quantity = digits[i] * line_step[held_line[i]]
                                    fraction = quantity * volume_part[row, held_sku[i]]
                                    volume += quantity * volume_ug[row, held_sku[i]] + fraction // 10**12
                                    part += fraction % 10**12
                                volume += part // 10**12
                                part %= 10**12
                            price = shipping_cost(
                                weight, volume, part, weight_step[service], choice_bracket_start[a],
                                choice_bracket_end[a], up_to, price_micros, price_atto, extra_micros, extra_atto,
                                has_extra,
                            )  # fmt: skip
                            if price >= IMPOSSIBLE:
                                continue
                            cost = price + handling + choice_fixed_cost[a]
                            if has_ways:
                                way = way_of[a - first_choice]
                                for i in range(num_lines):
                                    if digits[i]:
                                        cost += ways.line_cost[way, at_line[i]]
                                        cost += digits[i] * line_step[held_line[i]] * ways.unit_cost[way, at_line[i]]
                            if cost < best or (
                                cost == best and choice_deliver_day[a] < choice_deliver_day[first_choice + best_choice]
                            ):
                                best, best_choice = cost, a - first_choice
                    content_cost[contents + c] = best
                    content_choice[contents + c] = best_choice
                contents += size
                content_ptr[option + 1] = contents
                option += 1
