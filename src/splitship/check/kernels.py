"""The least priced cost of an order over all its plans, exactly, in compiled loops.

A **state** numbers a quantity vector of an order in mixed radix, first line fastest: units of a splittable
line, 0 or 1 for another. For every state the least priced cost of one package with just that content is taken
over all nodes, services and ship days; then the states are put together from packages.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from splitship.check.compiled import compiled
from splitship.check.conditions import MarkedStates
from splitship.check.limbs import handling_micros, shipping_micros
from splitship.check.promises import PromiseTables, refund_promises
from splitship.check.reserve_terms import ReserveTables, is_kept, reserve_micros
from splitship.check.rule_terms import (
    MOST_SETS,
    KnownSets,
    RuleTables,
    cost_contents,
    list_acting,
    list_rules,
    note_rules,
)
from splitship.check.stages import MOST_STAGES, StageTables, cost_stage, find_stage, is_staged, note_stage
from splitship.check.tables import FRACTION_BITS, INFINITE, DayTables, NetworkTables, OrderTables, PriceTables
from splitship.check.ways import days_in_time, days_micros, find_code, forget_stock, is_listed, note_stock
from splitship.domain import LONG_PAST, SHIPS
from splitship.units import I32, I64, Bools


class Overrides(NamedTuple):
    """Exact shipping of contents that int64 could not settle, in the sequence in which a first run met them.

    Those of order position p are rows ptr[p]:ptr[p + 1]; INFINITE where the rate card does not reach.
    """

    ptr: I64
    cost: I64


@compiled
def find_bracket(up_to_ug: I64, start: int, end: int, weight: int) -> int:
    """The first bracket that holds a weight, `end` beyond the last."""
    low, high = start, end
    while low < high:
        middle = (low + high) // 2
        if up_to_ug[middle] < weight:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def price_bracket(price: I64, up_to_ug: I64, has_extra: Bools, row: int, last: int, weight: int) -> int:
    """Shipping in micros of a whole number of micrograms in bracket `row` (beyond the last: by its extra)."""
    if row <= last:
        return shipping_micros(price[row, 0], price[row, 1], 0, 0, 0)
    if not has_extra[last]:
        return INFINITE
    excess = weight - up_to_ug[last]
    return shipping_micros(price[last, 0], price[last, 1], price[last, 2], price[last, 3], excess)


@compiled
def price_shipping(
    price: I64, up_to_ug: I64, has_extra: Bools, start: int, end: int, step: int, low: int, high: int
) -> tuple[int, bool]:
    """Shipping of one package by brackets `start` to `end` - 1, and whether it is settled.

    The billable weight before the step lies in [low, high] micrograms. When both ends cost the same in the same
    bracket, so does everything between them.
    """
    if step > 0:
        low, high = (low + step - 1) // step * step, (high + step - 1) // step * step
    row = find_bracket(up_to_ug, start, end, low)
    cost = price_bracket(price, up_to_ug, has_extra, row, end - 1, low)
    if low == high:
        return cost, True
    if find_bracket(up_to_ug, start, end, high) != row:
        return cost, False
    return cost, price_bracket(price, up_to_ug, has_extra, row, end - 1, high) == cost


@compiled
def describe_states(
    net: NetworkTables, orders: OrderTables, first: int, num_lines: int, num_states: int,
    units: I64, lines: I64, weight: I64, value: I64, is_alone: Bools, low: I64, high: I64,
) -> None:  # fmt: skip
    """Units, lines, weight, avoided unfilled cost and bounds of the volumetric weight of every state.

    `is_alone` marks states that no package can hold, because a line that ships alone has company. Arrays are
    [states], `low` and `high` [divisors, states].
    """
    digits = np.zeros(num_lines, np.int64)
    for state in range(num_states):
        if state > 0:
            slot = 0
            while digits[slot] + 1 == orders.radix[first + slot]:
                digits[slot] = 0
                slot += 1
            digits[slot] += 1
        units[state] = 0
        lines[state] = 0
        weight[state] = 0
        value[state] = 0
        has_alone = False
        for slot in range(num_lines):
            if digits[slot] > 0:
                line = first + slot
                quantity = digits[slot] * orders.step[line]
                units[state] += quantity
                lines[state] += 1
                weight[state] += quantity * net.sku_weight_ug[orders.sku[line]]
                value[state] += digits[slot] * orders.unfilled[line]
                has_alone |= net.sku_is_alone[orders.sku[line]]
        is_alone[state] = has_alone and lines[state] > 1
        for divisor in range(net.volume_ug.shape[0]):
            whole, part, left_open = 0, 0, 0
            for slot in range(num_lines):
                sku = orders.sku[first + slot]
                quantity = digits[slot] * orders.step[first + slot]
                whole += quantity * net.volume_ug[divisor, sku]
                part += quantity * net.volume_part[divisor, sku]
                left_open += quantity * net.volume_open[divisor, sku]
            one = 1 << FRACTION_BITS
            low[divisor, state] = whole + part // one
            high[divisor, state] = whole + (part + left_open + one - 1) // one


@compiled
def put_together(
    single: I64, num_states: int, radix: I64, stride: I64, max_packages: int, best: I64, other: I64
) -> None:
    """Least cost of every state in at most `max_packages` packages, into `best`; `single` holds one package each.

    Some package holds the first line of a state, so only contents with that line are tried as the first.
    More packages are tried until nothing changes.
    """
    num_lines = len(radix)
    most = 0
    for slot in range(num_lines):
        most += radix[slot] - 1
    is_limited = max_packages < most
    best[0] = 0
    other[0] = 0
    for state in range(1, num_states):
        best[state] = INFINITE
        other[state] = INFINITE
    if max_packages < 1:
        return
    digits = np.zeros(num_lines, np.int64)
    taken = np.zeros(num_lines, np.int64)
    rounds = max_packages if is_limited else 1
    for _ in range(rounds):
        # Without a limit the rest of a state is already final, since its number is lower.
        rest = other if is_limited else best
        is_changed = False
        for slot in range(num_lines):
            digits[slot] = 0
        for state in range(1, num_states):
            slot = 0
            while digits[slot] + 1 == radix[slot]:
                digits[slot] = 0
                slot += 1
            digits[slot] += 1
            head = 0
            while digits[head] == 0:
                head += 1
            for slot in range(num_lines):
                taken[slot] = 0
            taken[head] = 1
            content = stride[head]
            least = INFINITE
            while True:
                if single[content] < INFINITE and rest[state - content] < INFINITE:
                    least = min(least, single[content] + rest[state - content])
                slot = head
                while slot < num_lines and taken[slot] == digits[slot]:
                    start = 1 if slot == head else 0
                    content -= (taken[slot] - start) * stride[slot]
                    taken[slot] = start
                    slot += 1
                if slot == num_lines:
                    break
                taken[slot] += 1
                content += stride[slot]
            if least < best[state]:
                best[state] = least
                is_changed = True
        if not is_changed:
            break
        if is_limited:
            for state in range(num_states):
                other[state] = best[state]


@compiled
def bound_orders(
    net: NetworkTables, days: DayTables, orders: OrderTables, prices: PriceTables, rules: RuleTables,
    stages: StageTables, reserves: ReserveTables, promises: PromiseTables, marks: MarkedStates, which: I64,
    goes_on: Bools, lanes: I32, place_row: I64, is_far: Bools, overrides: Overrides, max_states: int, max_lines: int,
    least: I64, unsettled: I64,
) -> int:  # fmt: skip
    """Least priced cost of each of the orders `which`, into `least` [which].

    `lanes` [places, nodes, services] holds lanes, `place_row` [which] each order's place in it; `is_far` is [which,
    nodes], or has no row when there is no limit of distance. INFINITE where no plan keeps the decisions on its lines.
    An order that `goes_on` at the next position is one way to fill its lines, with other SKUs than the next ones; each
    of its packages is filled in one of these ways, and what the order costs stands at the last of them. `marks` are on
    states of orders that have conditions. Packages that keep promises cost their price less.
    Contents whose shipping int64 cannot settle go to
    `unsettled` [rows, 3] (position, tariff, state); returns how many there are, which may be more than fit.
    """
    num_nodes = net.ship_wait.shape[0]
    num_divisors = net.volume_ug.shape[0]
    num_tariffs = len(net.tariff_start)
    units, lines = np.empty(max_states, np.int64), np.empty(max_states, np.int64)
    weight, value = np.empty(max_states, np.int64), np.empty(max_states, np.int64)
    is_alone = np.empty(max_states, np.bool_)
    low = np.empty((num_divisors, max_states), np.int64)
    high = np.empty((num_divisors, max_states), np.int64)
    single, best = np.empty(max_states, np.int64), np.empty(max_states, np.int64)
    other = np.empty(max_states, np.int64)
    content, content_cost = np.empty(max_states, np.int64), np.empty(max_states, np.int64)
    shipping = np.empty((num_tariffs, max_states), np.int64)
    priced_for = np.full(num_tariffs, -1, np.int64)
    stock_row = np.full((max_lines, num_nodes), -1, np.int64)
    unit_stock_price = np.zeros((max_lines, num_nodes), np.int64)
    touched_by = np.full(num_nodes, -1, np.int64)
    touched = np.empty(num_nodes, np.int64)
    stride, limit = np.empty(max_lines, np.int64), np.empty(max_lines, np.int64)
    digits = np.empty(max_lines, np.int64)
    num_words, num_rules = rules.order_bits.shape[1], len(rules.first_day)
    of_lines, listed = np.empty(num_words, np.int64), np.empty(num_rules, np.int64)
    acting = np.empty(num_rules, np.int64)
    num_sets = MOST_SETS + 1 if num_words > 0 else 1
    known = KnownSets(
        np.zeros((num_sets, max_states), np.int64), np.empty((num_sets, num_rules), np.int64),
        np.empty(num_sets, np.int64), np.empty(num_sets, np.int64), np.zeros(1, np.int64),
    )  # fmt: skip
    has_stages = len(stages.arrival_day) > 0 or len(stages.until_day) > 0
    num_kept = MOST_STAGES if has_stages else 0
    kept_stage = np.empty(num_kept, np.int64)
    stage_cost = np.empty((num_kept, max_states), np.int64)
    day_terms = np.empty(max_states if has_stages else 0, np.int64)
    there, a_unit = np.empty(max_lines, np.int64), np.empty(max_lines, np.int64)
    has_reserves = len(reserves.start) > 0
    refunded = np.empty(max_states if len(promises.node) > 0 else 0, np.int64)
    num_unsettled = 0
    for position in range(len(which)):
        order = which[position]
        first = orders.line_ptr[order]
        num_lines = orders.line_ptr[order + 1] - first
        first_promise, end_promise = promises.first[order], promises.end[order]
        next_override = overrides.ptr[position]
        num_states = 1
        has_twins = False
        for slot in range(num_lines):
            stride[slot] = num_states
            num_states *= orders.radix[first + slot]
            for earlier in range(slot):
                has_twins |= orders.sku[first + slot] == orders.sku[first + earlier]
        describe_states(
            net, orders, first, num_lines, num_states, units, lines, weight, value, is_alone, low, high
        )  # fmt: skip
        mark = marks.start[position]
        order_pickup, is_mixed = orders.pickup_node[first], False
        for slot in range(num_lines):
            is_mixed |= orders.pickup_node[first + slot] != order_pickup
        if mark >= 0:
            for state in range(num_states):
                is_alone[state] |= marks.is_out[mark + state]
        if position == 0 or not goes_on[position - 1]:
            for state in range(num_states):
                single[state] = INFINITE
        known.used[0] = 0
        has_rules = num_words > 0 and note_rules(
            rules.order_bits, rules.line_bits, order, first, num_lines, of_lines
        )  # fmt: skip
        num_touched = 0
        for slot in range(num_lines):
            sku = orders.sku[first + slot]
            num_touched = note_stock(
                net.sku_ptr[sku], net.sku_ptr[sku + 1], net.sku_stock, net.stock_node, stock_row[slot], touched_by,
                position, touched, num_touched,
            )  # fmt: skip
        for touch in range(num_touched):
            node = touched[touch]
            for slot in range(num_lines):
                if stock_row[slot, node] >= 0:
                    unit_stock_price[slot, node] = prices.stock[stock_row[slot, node]]
        for slot in range(num_lines):
            for own in range(prices.own_ptr[first + slot], prices.own_ptr[first + slot + 1]):
                unit_stock_price[slot, prices.own_node[own]] = prices.own_price[own]
        for touch in range(num_touched):
            node = touched[touch]
            is_far_off = is_far.shape[0] > 0 and is_far[position, node]
            is_out = not net.node_is_open[node] or (is_far_off and order_pickup == SHIPS and not is_mixed)
            start, end = orders.excluded_ptr[order], orders.excluded_ptr[order + 1]
            if is_out or is_listed(start, end, orders.excluded_node, node):
                continue
            # The contents that stock and the day with most room allow, with handling and the price of their stock.
            most_units = days.most_room[node, 0]
            most_lines, most_minutes = days.most_room[node, 1], days.most_room[node, 2]
            package_minutes, unit_minutes = days.minutes[node, 0], days.minutes[node, 1]
            is_limited = most_lines < INFINITE or most_minutes < INFINITE
            num_contents = 0
            has_kept = has_reserves and is_kept(reserves.ptr, stock_row, node, num_lines)
            for slot in range(num_lines):
                row = stock_row[slot, node]
                limit[slot] = 0
                if row >= 0:
                    limit[slot] = min(orders.radix[first + slot] - 1, net.available[row] // orders.step[first + slot])
                    start, end = orders.barred_ptr[first + slot], orders.barred_ptr[first + slot + 1]
                    only = orders.only_node[first + slot]
                    if (only != -1 and only != node) or is_listed(start, end, orders.barred_node, node):
                        limit[slot] = 0
                digits[slot] = 0
            state, stock_price = 0, 0
            while True:
                slot = 0
                while slot < num_lines and digits[slot] == limit[slot]:
                    if digits[slot] > 0:
                        state -= digits[slot] * stride[slot]
                        step = orders.step[first + slot]
                        stock_price -= digits[slot] * step * unit_stock_price[slot, node]
                        digits[slot] = 0
                    slot += 1
                if slot == num_lines:
                    break
                digits[slot] += 1
                state += stride[slot]
                stock_price += orders.step[first + slot] * unit_stock_price[slot, node]
                if is_alone[state] or units[state] > most_units:
                    continue
                if is_limited:
                    needed = package_minutes + unit_minutes * units[state]
                    if lines[state] > most_lines or needed > most_minutes:
                        continue
                is_over = False
                if has_twins:
                    for slot in range(num_lines):
                        together = 0
                        for twin in range(num_lines):
                            if orders.sku[first + twin] == orders.sku[first + slot]:
                                together += digits[twin] * orders.step[first + twin]
                        is_over |= digits[slot] > 0 and together > net.available[stock_row[slot, node]]
                if is_over:
                    continue
                content[num_contents] = state
                price = net.handling[node]
                content_cost[num_contents] = stock_price + handling_micros(
                    price[0], price[1], price[2], price[3], price[4], price[5], lines[state], units[state]
                )
                if has_kept:
                    content_cost[num_contents] += reserve_micros(
                        reserves, stock_row, node, orders.step, digits, first, num_lines
                    )
                num_contents += 1
            if num_contents == 0:
                continue
            has_stage = has_stages and is_staged(stages, stock_row, node, num_lines)
            for kept in range(num_kept):
                kept_stage[kept] = -1
            zone = net.node_zone[node]
            start_day = orders.start_day[order, zone]
            ready = start_day
            if orders.start_us[order, zone] > net.cutoff_us[node]:
                ready += 1
            for offer in range(net.offer_ptr[node], net.offer_ptr[node + 1]):
                service = net.offer[offer]
                target = net.pickup_node[service]
                if (not is_mixed and target != order_pickup) or (is_far_off and target == SHIPS):
                    continue
                is_received = target != SHIPS and target != node
                lane = lanes[place_row[position], node, service]
                wait = net.ship_wait[node, service, (ready - days.origin) % days.start_period]
                if lane < 0 or wait < 0 or net.lane_tariff[lane] < 0:
                    continue
                if net.lane_transit[lane] > orders.max_transit[order]:
                    continue
                tariff = net.lane_tariff[lane]
                if priced_for[tariff] != position:
                    priced_for[tariff] = position
                    divisor = net.divisor_idx[service]
                    for state in range(1, num_states):
                        shipping[tariff, state] = INFINITE
                        if is_alone[state] or weight[state] > net.max_weight_ug[service]:
                            continue
                        lightest = heaviest = weight[state]
                        if divisor >= 0:
                            lightest, heaviest = max(lightest, low[divisor, state]), max(heaviest, high[divisor, state])
                        cost, is_settled = price_shipping(
                            net.bracket_price, net.up_to_ug, net.has_extra, net.tariff_start[tariff],
                            net.tariff_end[tariff], net.weight_step_ug[service], lightest, heaviest,
                        )  # fmt: skip
                        if not is_settled:
                            if next_override < overrides.ptr[position + 1]:
                                cost = overrides.cost[next_override]
                                next_override += 1
                            else:
                                if num_unsettled < len(unsettled):
                                    unsettled[num_unsettled, 0] = position
                                    unsettled[num_unsettled, 1] = tariff
                                    unsettled[num_unsettled, 2] = state
                                num_unsettled += 1
                        shipping[tariff, state] = cost
                first_day, transit = ready + wait, net.lane_transit[lane]
                last_day = max(first_day + net.horizon_days, days.hold_until[order])
                if days.not_before[order] > LONG_PAST:
                    first_day, last_day = days_in_time(
                        days.is_ship_day[node, service], net.delivery_wait[service], days.origin, days.period, transit,
                        first_day, last_day, days.not_before[order],
                    )  # fmt: skip
                num_listed = 0
                if has_rules:
                    num_listed = list_rules(of_lines, rules.node_bits, rules.service_bits, node, service, listed)
                for day in range(first_day, last_day + 1):
                    column = (day - days.origin) % days.period
                    if not days.can_ship[node, service, column]:
                        continue
                    arrival = day + transit
                    to_deliver = net.delivery_wait[service, (arrival - days.origin) % days.period]
                    if to_deliver < 0:
                        continue
                    arrival += to_deliver
                    fixed = net.split_cost + days_micros(
                        net.delivery_price, orders.late_price, order, arrival - start_day,
                        arrival - orders.deliver_by[order],
                    )  # fmt: skip
                    code = find_code(prices.day_code, day - prices.first_day)
                    fixed += prices.node_packages[code, node] + prices.service_packages[code, node, service]
                    unit_price = prices.node_units[code, node] + net.unit_cost[service]
                    line_price = prices.node_lines[code, node]
                    rule_row = 0
                    if num_listed > 0:
                        num_acting = list_acting(listed, num_listed, rules.first_day, rules.last_day, day, acting)
                        rule_row = cost_contents(
                            rules, prices.rule_quota, code, acting, num_acting, first, num_lines, num_states,
                            orders.radix, orders.step, known,
                        )  # fmt: skip
                    room = days.room_of[node, column]
                    far_room = room
                    if is_received:
                        column = (arrival - days.origin) % days.period
                        if not days.can_receive[target, column]:
                            continue
                        far_room = days.room_of[target, column]
                        day_code = find_code(prices.day_code, arrival - prices.first_day)
                        fixed += prices.node_packages[day_code, target]
                        unit_price += prices.node_units[day_code, target]
                        line_price += prices.node_lines[day_code, target]
                    terms = known.cost[rule_row]
                    if has_stage:
                        stage = find_stage(stages, stock_row, node, num_lines, day)
                        kept = stage % MOST_STAGES
                        if kept_stage[kept] != stage:
                            kept_stage[kept] = stage
                            note_stage(stages, stock_row, node, num_lines, day, there, a_unit)
                            cost_stage(
                                there, a_unit, content, num_contents, orders.sku, orders.radix, stride, orders.step,
                                first, num_lines, stage_cost[kept],
                            )  # fmt: skip
                        for number in range(num_contents):
                            state = content[number]
                            is_out = known.cost[rule_row, state] == INFINITE or stage_cost[kept, state] == INFINITE
                            day_terms[state] = INFINITE
                            if not is_out:
                                day_terms[state] = known.cost[rule_row, state] + stage_cost[kept, state]
                        terms = day_terms
                    is_promised = False
                    if first_promise < end_promise:
                        is_promised = refund_promises(
                            promises, first_promise, end_promise, node, service, day, content, num_contents,
                            orders.radix, stride, first, num_lines, terms, refunded,
                        )  # fmt: skip
                        if is_promised:
                            terms = refunded
                    is_plain = rule_row == 0 and not (has_stage or is_received or is_mixed or is_promised)
                    if line_price > 0 or days.is_tight[room] or not is_plain:
                        room_units = days.room[room, 0]
                        room_lines, room_minutes = days.room[room, 1], days.room[room, 2]
                        for number in range(num_contents):
                            state = content[number]
                            needed = package_minutes + unit_minutes * units[state]
                            fits = units[state] <= room_units and lines[state] <= room_lines and needed <= room_minutes
                            if is_received:
                                needed = days.minutes[target, 0] + days.minutes[target, 1] * units[state]
                                fits &= (
                                    units[state] <= days.room[far_room, 0] and lines[state] <= days.room[far_room, 1]
                                )
                                fits &= needed <= days.room[far_room, 2]
                            fits &= terms[state] < INFINITE and not (
                                is_mixed and marks.pickup_node[mark + state] != target
                            )
                            if fits and shipping[tariff, state] < INFINITE:
                                cost = content_cost[number] + shipping[tariff, state] + fixed
                                cost += unit_price * units[state] + line_price * lines[state]
                                cost += terms[state]
                                single[state] = min(single[state], cost)
                        continue
                    for number in range(num_contents):
                        state = content[number]
                        if shipping[tariff, state] < INFINITE:
                            cost = content_cost[number] + shipping[tariff, state] + fixed + unit_price * units[state]
                            single[state] = min(single[state], cost)
        for slot in range(num_lines):
            sku = orders.sku[first + slot]
            forget_stock(
                net.sku_ptr[sku], net.sku_ptr[sku + 1], net.sku_stock, net.stock_node, stock_row[slot]
            )  # fmt: skip
        if goes_on[position]:
            continue
        put_together(
            single, num_states, orders.radix[first : first + num_lines], stride, orders.max_packages[order], best, other
        )
        everything = value[num_states - 1]
        lowest = everything
        has_forced = False
        for slot in range(num_lines):
            has_forced |= orders.must_ship[first + slot]
        if has_forced:
            lowest = INFINITE
        if orders.is_ship_complete[order]:
            is_no_plan = mark >= 0 and marks.is_no_end[mark + num_states - 1]
            if num_states > 1 and best[num_states - 1] < INFINITE and not is_no_plan:
                lowest = min(lowest, best[num_states - 1] - orders.split_refund[order])
        else:
            for state in range(1, num_states):
                ships_forced = True
                for slot in range(num_lines if has_forced else 0):
                    is_left = state // stride[slot] % orders.radix[first + slot] == 0
                    ships_forced &= not (orders.must_ship[first + slot] and is_left)
                if mark >= 0 and marks.is_no_end[mark + state]:
                    continue
                if ships_forced and best[state] < INFINITE:
                    lowest = min(lowest, best[state] - orders.split_refund[order] + everything - value[state])
        least[position] = lowest
    return num_unsettled
