# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Filling options, choices and the cost of every content; arguments are those of `kernels`."""

from __future__ import annotations

import numpy as np
from numba import njit

from splitship.instance.held import is_apart, is_kept_for_others, is_worth, make_held, refund_of
from splitship.instance.leaving import choices_at, entries_at, group_choices, has_several_entries, lines_at
from splitship.instance.model import IMPOSSIBLE
from splitship.instance.tariff import handling_cost, shipping_cost, times_days
from splitship.instance.ways import make_ways, ways_at


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
    has_entries = has_several_entries(features)
    service_pickup = features.service_pickup
    kit_size, has_least_value = features.kit_size, len(features.least_value) > 0
    has_reserves, has_promises = len(features.alternative_ptr) > 1, len(features.promise_ptr) > 1
    kept_ptr, kept_supply = stages.kept_ptr, stages.kept_supply
    digits, at_line = np.empty(len(found.line), np.int64), np.empty(len(found.line), np.int64)
    held_line, held_radix, held_stock, held_sku = found_line, found_radix, found_stock, found_sku
    held_alternative = found.alternative
    if has_ways:  # of what a node holds of an order, a group may hold a part
        part = make_held(widest, features)
        held_line, held_radix, held_stock, held_sku = part.line, part.radix, part.stock, part.sku
        held_alternative = part.alternative
    ways = make_ways(most * ways_a_choice if has_ways else 0, len(found.line), len(rules.forbids))
    way_of = np.empty(most * ways_a_choice if has_ways else 0, np.int64)
    for order in range(start, end):
        option, option_lines, contents, choices = ends[order, 0], ends[order, 1], ends[order, 2], ends[order, 3]
        for node in range(len(node_zone)):
            if not node_ok[order, node] or node_packages[node] <= 0:
                continue
            if has_entries:
                num_all = entries_at(
                    order, node, line_ptr, line_sku, line_quantity, line_step, node_units, stock_at, available,
                    features, found,
                )  # fmt: skip
            else:
                num_all = lines_at(
                    order, node, line_ptr, line_sku, line_quantity, line_step, node_units, stock_at, available,
                    found_line, found_radix, found_stock, found_sku, found.row, found.price,
                )  # fmt: skip
            num_lines = num_all
            if num_all == 0:
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
                            held_alternative[num_lines] = found.alternative[i]
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
                        if has_reserves and held_alternative[i] >= 0:
                            entry = kept_ptr[held_alternative[i]]
                            if stage >= 0:
                                entry += stage - stages.ptr[held_stock[i]]
                            option_line_supply[option_lines] = kept_supply[entry]
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
                        if has_reserves and possible:
                            possible = not is_kept_for_others(
                                features, held_line, held_stock, held_alternative, num_lines, line_step, digits
                            )
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
                            if has_promises:
                                cost -= refund_of(
                                    features, order, node, service, choice_ship_day[a], held_line, num_lines, line_step,
                                    digits,
                                )  # fmt: skip
                            if cost < best or (
                                cost == best and choice_deliver_day[a] < choice_deliver_day[first_choice + best_choice]
                            ):
                                best, best_choice = cost, a - first_choice
                    content_cost[contents + c] = best
                    content_choice[contents + c] = best_choice
                contents += size
                content_ptr[option + 1] = contents
                option += 1
