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

from splitship.instance.held import make_held
from splitship.instance.leaving import choices_at, entries_at, group_choices, has_several_entries, lines_at
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
    has_entries = has_several_entries(features)
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
                num_lines = entries_at(
                    order, node, line_ptr, line_sku, line_quantity, line_step, node_units, stock_at, available,
                    features, found,
                )  # fmt: skip
            else:
                num_lines = lines_at(
                    order, node, line_ptr, line_sku, line_quantity, line_step, node_units, stock_at, available,
                    found_line, found_radix, found_stock, found_sku, found.row, found.price,
                )  # fmt: skip
            if num_lines == 0:
                continue
            num_choices = choices_at(
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
                is_next = i > 0 and found_line[i - 1] == line
                if is_next and found_stock[i - 1] == found_stock[i]:
                    continue  # another alternative at the same position
                use_stock[found_stock[i]] += line_quantity[line]
                if is_next:
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
    has_entries = has_several_entries(features)
    service_pickup = features.service_pickup
    ways = make_ways(most * ways_a_choice if has_ways else 0, len(found.line), len(rules.forbids))
    for order in range(start, end):
        for node in range(len(node_zone)):
            if not node_ok[order, node] or node_packages[node] <= 0:
                continue
            if has_entries:
                num_lines = entries_at(
                    order, node, line_ptr, line_sku, line_quantity, line_step, node_units, stock_at, available,
                    features, found,
                )  # fmt: skip
            else:
                num_lines = lines_at(
                    order, node, line_ptr, line_sku, line_quantity, line_step, node_units, stock_at, available,
                    found_line, found_radix, found_stock, found_sku, found.row, found.price,
                )  # fmt: skip
            if num_lines == 0:
                continue
            num_choices = choices_at(
                order, node, destination_idx, lane, transit_days, bracket_start, bracket_end, max_transit, horizon,
                start_day, start_us, node_zone, cutoff_us, first_ship, is_ship_day, delivery_wait, is_offered,
                service_capacity, service_rank, start_entry, hold_until, not_before, search, service_pickup,
                node_ok, found_service, found_day, found_deliver, found_lane,
            )  # fmt: skip
            if num_choices == 0:
                continue
            num_choices, num_groups = group_choices(
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
