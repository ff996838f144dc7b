"""The relaxation of docs/certificate.md for wide orders, in compiled loops of whole numbers.

Money is counted in parts of a micro (`money_scale` of them, so that every unit price is whole), weight in parts of
a microgram where volumes need it. An order whose numbers do not fit is left to `wide`, which has no limit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from splitship.check.branching import MOST_CHOICES, branch_order, is_undercut
from splitship.check.compiled import compiled
from splitship.check.rule_terms import (
    RuleTables,
    list_acting,
    list_rules,
    note_line_terms,
    note_rules,
    sure_package_price,
)
from splitship.check.stages import StageTables, is_staged, note_stage
from splitship.check.tables import INFINITE, DayTables, NetworkTables, OrderTables, PriceTables
from splitship.check.ways import days_in_time, days_micros, find_code, forget_stock, is_listed, note_stock
from splitship.domain import LONG_PAST, SHIPS
from splitship.units import I32, I64, UG_PER_KG, Bools

HALF_BITS = 31
LOW_HALF = 2**31 - 1


class RelaxationTables(NamedTuple):
    """Rate cards, handling and volumes in whole numbers; money in parts of a micro."""

    money_scale: int
    floor_price: I64  # [brackets] least price of this and the heavier brackets
    last_price: I64  # [tariffs] price of the last bracket
    extra: I64  # [tariffs] per kg beyond the last bracket
    handling: I64  # [nodes, 3] package, line, unit
    volume: I64  # [divisors, SKUs] volumetric weight of a unit in parts of a microgram
    volume_scale: I64  # [divisors] those parts
    share: I64  # [lines] micros a unit


@compiled
def is_less_product(a: int, b: int, c: int, d: int) -> bool:
    """a x b < c x d for numbers from 0 to 2^62, by 124-bit products."""
    a_high, a_low, b_high, b_low = a >> HALF_BITS, a & LOW_HALF, b >> HALF_BITS, b & LOW_HALF
    c_high, c_low, d_high, d_low = c >> HALF_BITS, c & LOW_HALF, d >> HALF_BITS, d & LOW_HALF
    left_cross, right_cross = a_high * b_low + a_low * b_high, c_high * d_low + c_low * d_high
    left_low = ((left_cross & LOW_HALF) << HALF_BITS) + a_low * b_low
    right_low = ((right_cross & LOW_HALF) << HALF_BITS) + c_low * d_low
    left = a_high * b_high + (left_cross >> HALF_BITS) + (left_low >> 62)
    right = c_high * d_high + (right_cross >> HALF_BITS) + (right_low >> 62)
    if left != right:
        return left < right
    return (left_low & (INFINITE - 1)) < (right_low & (INFINITE - 1))


@compiled
def greatest_divisor(a: int, b: int) -> int:
    """Greatest common divisor of numbers above 0 or 0."""
    while b:
        a, b = b, a % b
    return a


@compiled
def is_small(a: int, b: int) -> bool:
    """Whether the product of numbers from 0 on fits below 2^62."""
    return a == 0 or b <= INFINITE // a


@compiled
def draw_minorant(
    net: NetworkTables, tables: RelaxationTables, tariff: int, most: int, scale: int, x: I64, y: I64
) -> tuple[bool, int, int, int, int]:
    """A line under a rate card up to the weight `most`, in parts (`scale`) of a microgram.

    Returns (fits, price, at, rise, run): price - rise / run x at is the intercept, rise / run the slope in parts of a
    micro per part of a microgram. `x` and `y` are scratch, [brackets + 1].
    """
    start, end = net.tariff_start[tariff], net.tariff_end[tariff]
    # The price at `most` beyond the last bracket is a fraction; all prices are brought to its denominator.
    below, bonus = 1, 0
    is_beyond = net.has_extra[end - 1] and net.up_to_ug[end - 1] < (most + scale - 1) // scale
    if is_beyond:
        below = UG_PER_KG * scale
        excess = most - net.up_to_ug[end - 1] * scale
        common = greatest_divisor(tables.extra[tariff], below)
        below //= common
        if not is_small(tables.extra[tariff] // common, excess):
            return False, 0, 0, 0, 1
        bonus = tables.extra[tariff] // common * excess
    num = 0
    for row in range(start, end):
        if not is_small(tables.floor_price[row], below):
            return False, 0, 0, 0, 1
        is_last = net.up_to_ug[row] >= (most + scale - 1) // scale
        at = most if is_last else net.up_to_ug[row] * scale
        num = push(x, y, num, at, tables.floor_price[row] * below)
        if is_last:
            break
    if is_beyond:
        if not is_small(tables.last_price[tariff], below) or tables.last_price[tariff] * below > INFINITE - bonus:
            return False, 0, 0, 0, 1
        num = push(x, y, num, most, tables.last_price[tariff] * below + bonus)
    if num == 1:
        return True, y[0] // below, 0, 0, 1
    edge = 0
    while edge + 2 < num and 2 * x[edge + 1] <= x[num - 1]:
        edge += 1
    rise, run = y[edge + 1] - y[edge], x[edge + 1] - x[edge]
    if is_less_product(y[edge], run, rise, x[edge]):
        best = num - 1
        for point in range(num):
            if x[point] > 0 and is_less_product(y[point], x[best], y[best], x[point]):
                best = point
        common = greatest_divisor(y[best], x[best])
        rise, run = y[best] // common, x[best] // common
        common = greatest_divisor(rise, below)
        rise, below = rise // common, below // common
        return is_small(run, below), 0, 0, rise, run * below
    common = greatest_divisor(rise, run)
    top, bottom = rise // common, run // common
    price = y[edge] // below
    common = greatest_divisor(top, below)
    top, below = top // common, below // common
    return is_small(bottom, below), price, x[edge], top, bottom * below


@compiled
def push(x: I64, y: I64, num: int, at: int, price: int) -> int:
    """Adds a point to a lower convex hull of `num` points and returns how many remain; neither column falls."""
    while num > 1:
        before, last = num - 2, num - 1
        if is_less_product(y[last] - y[before], at - x[before], price - y[before], x[last] - x[before]):
            break
        num -= 1
    x[num], y[num] = at, price
    return num + 1


@compiled
def relax_orders(
    net: NetworkTables, days: DayTables, orders: OrderTables, prices: PriceTables, rules: RuleTables,
    stages: StageTables, tables: RelaxationTables, which: I64, lanes: I32, place_row: I64, is_far: Bools,
    max_lines: int, max_brackets: int, least: I64, is_settled: Bools,
) -> None:  # fmt: skip
    """The relaxed least priced cost of each of the orders `which`, into `least` where `is_settled`, both [which].

    Where rules are about a node and a service, or stock at the node depends on the ship day, every ship day is a
    choice with a minorant of its own, from what has arrived by then. Lines that an acting rule forbids there cannot
    come from it. A unit of line l pays what its rules ask a unit, and their price a line by its quantity, rounded down:
    no package holds more units of it, so together its units pay no more than the line does. A rule's price a package,
    that of its quota included, is paid by every package of the choice when it is about all lines that can ship by it;
    else it is left out, for it is not negative. Prices of stock may be negative: nothing here or in the proof asks for
    the sign of what a unit costs. A node that receives packages is paid like the one that they leave.
    """
    num_nodes = net.ship_wait.shape[0]
    stock_row = np.full((max_lines, num_nodes), -1, np.int64)
    touched_by, touched = np.full(num_nodes, -1, np.int64), np.empty(num_nodes, np.int64)
    at_hand, usable = np.empty(max_lines, np.int64), np.empty(max_lines, np.int64)
    cost, worth = np.empty(max_lines, np.int64), np.empty(max_lines, np.int64)
    lowest, paid = np.empty(max_lines, np.int64), np.empty(max_lines, np.int64)
    x, y = np.empty(max_brackets + 1, np.int64), np.empty(max_brackets + 1, np.int64)
    budgets = np.empty(MOST_CHOICES + 1, np.int64)
    costs = np.empty((MOST_CHOICES + 1, max_lines), np.int64)
    amounts = np.empty((MOST_CHOICES + 1, max_lines), np.int64)
    num_words, num_rules = rules.order_bits.shape[1], len(rules.first_day)
    of_lines, listed = np.empty(num_words, np.int64), np.empty(num_rules, np.int64)
    acting = np.empty(num_rules, np.int64)
    is_banned = np.zeros(max_lines, np.bool_)
    rule_line, rule_unit = np.zeros(max_lines, np.int64), np.zeros(max_lines, np.int64)
    has_stages = len(stages.arrival_day) > 0 or len(stages.until_day) > 0
    there, stock_unit = np.empty(max_lines, np.int64), np.zeros(max_lines, np.int64)
    for position in range(len(which)):
        order = which[position]
        first = orders.line_ptr[order]
        num_lines = orders.line_ptr[order + 1] - first
        num_touched, num_choices = 0, 0
        for slot in range(num_lines):
            lowest[slot] = INFINITE
            sku = orders.sku[first + slot]
            num_touched = note_stock(
                net.sku_ptr[sku], net.sku_ptr[sku + 1], net.sku_stock, net.stock_node, stock_row[slot], touched_by,
                position, touched, num_touched,
            )  # fmt: skip
            for entry in range(orders.barred_ptr[first + slot], orders.barred_ptr[first + slot + 1]):
                stock_row[slot, orders.barred_node[entry]] = -1
        has_rules = num_words > 0 and note_rules(
            rules.order_bits, rules.line_bits, order, first, num_lines, of_lines
        )  # fmt: skip
        fits = True
        for touch in range(num_touched):
            node = touched[touch]
            is_far_off = is_far.shape[0] > 0 and is_far[position, node]
            is_out = not net.node_is_open[node]
            start, end = orders.excluded_ptr[order], orders.excluded_ptr[order + 1]
            if is_out or is_listed(start, end, orders.excluded_node, node):
                continue
            note_at_hand(
                net.available, days.room, days.room_of[node, 0], days.minutes, node, orders.step, orders.radix, first,
                num_lines, stock_row, at_hand,
            )  # fmt: skip
            has_stage = has_stages and is_staged(stages, stock_row, node, num_lines)
            if has_stages:
                stock_unit[:] = 0
            zone, first_choice = net.node_zone[node], num_choices
            ready = orders.start_day[order, zone]
            if orders.start_us[order, zone] > net.cutoff_us[node]:
                ready += 1
            for offer in range(net.offer_ptr[node], net.offer_ptr[node + 1]):
                service = net.offer[offer]
                target = net.pickup_node[service]
                if is_far_off and target == SHIPS:
                    continue
                is_received = target != SHIPS and target != node
                lane = lanes[place_row[position], node, service]
                wait = net.ship_wait[node, service, (ready - days.origin) % days.start_period]
                if lane < 0 or wait < 0 or net.lane_tariff[lane] < 0:
                    continue
                if net.lane_transit[lane] > orders.max_transit[order]:
                    continue
                first_day = ready + wait
                last_day = max(first_day + net.horizon_days, days.hold_until[order])
                if days.not_before[order] > LONG_PAST:
                    first_day, last_day = days_in_time(
                        days.is_ship_day[node, service], net.delivery_wait[service], days.origin, days.period,
                        net.lane_transit[lane], first_day, last_day, days.not_before[order],
                    )  # fmt: skip
                num_listed, num_acting = 0, 0
                if has_rules:
                    num_listed = list_rules(of_lines, rules.node_bits, rules.service_bits, node, service, listed)
                # Where days differ in what they can take or give, each has lines and a minorant of its own.
                is_daily = days.has_tight[node] or num_listed > 0 or has_stage or is_received
                days_at_once = 1 if is_daily else last_day - first_day + 1
                for day in range(first_day, last_day + 1, max(1, days_at_once)):
                    if is_daily:
                        room = days.room_of[node, (day - days.origin) % days.period]
                        note_at_hand(
                            net.available, days.room, room, days.minutes, node, orders.step, orders.radix, first,
                            num_lines, stock_row, at_hand,
                        )  # fmt: skip
                    if has_stage:
                        note_stage(stages, stock_row, node, num_lines, day, there, stock_unit)
                        for slot in range(num_lines):
                            is_there = there[slot] >= orders.step[first + slot]
                            at_hand[slot] = min(at_hand[slot], there[slot]) if is_there else 0
                    if is_received:
                        arrival = day + net.lane_transit[lane]
                        arrival += max(0, net.delivery_wait[service, (arrival - days.origin) % days.period])
                        column = (arrival - days.origin) % days.period
                        for slot in range(num_lines):
                            if not days.can_receive[target, column] or not has_room(
                                days.room, days.room_of[target, column], days.minutes, target, orders.step[first + slot]
                            ):
                                at_hand[slot] = 0
                    if num_listed > 0:
                        num_acting = list_acting(listed, num_listed, rules.first_day, rules.last_day, day, acting)
                        note_line_terms(rules, acting, num_acting, first, num_lines, is_banned, rule_line, rule_unit)
                        for slot in range(num_lines):
                            if is_banned[slot]:
                                at_hand[slot] = 0
                            if at_hand[slot] > 0:
                                most = orders.step[first + slot] * (orders.radix[first + slot] - 1)
                                rule_unit[slot] += rule_line[slot] // most
                    if fits:
                        fits, num_choices = relax_service(
                            net, orders, prices, tables, rules.line_bits, rules.per_package, acting, num_acting,
                            rule_unit, stock_unit, days.can_ship, days.origin, days.period, order, node, service,
                            lane, day, day + days_at_once - 1,
                            stock_row, at_hand, usable, cost, worth, paid, x, y, lowest, budgets, costs[:, :num_lines],
                            amounts[:, :num_lines], first_choice, num_choices,
                        )  # fmt: skip
                if num_listed > 0 or is_received:
                    note_at_hand(
                        net.available, days.room, days.room_of[node, 0], days.minutes, node, orders.step, orders.radix,
                        first, num_lines, stock_row, at_hand,
                    )  # fmt: skip
        for slot in range(num_lines):
            sku = orders.sku[first + slot]
            forget_stock(
                net.sku_ptr[sku], net.sku_ptr[sku + 1], net.sku_stock, net.stock_node, stock_row[slot]
            )  # fmt: skip
        nothing, filled = 0, -orders.split_refund[order]
        size = 0.0
        is_possible = True
        for slot in range(num_lines):
            line = first + slot
            num_steps, step = orders.radix[line] - 1, orders.step[line]
            nothing += num_steps * orders.unfilled[line]
            if orders.is_ship_complete[order]:
                is_possible = is_possible and (lowest[slot] < INFINITE or num_steps == 0)
                size += abs(float(lowest[slot])) * num_steps * step
                filled += lowest[slot] * num_steps * step
            elif lowest[slot] < 0 or is_small(lowest[slot], step):
                filled += num_steps * min(orders.unfilled[line], lowest[slot] * step)
            else:
                filled += num_steps * orders.unfilled[line]
        least[position] = nothing
        if is_possible:
            fits = fits and size < 2.0**61
            least[position] = min(nothing, filled)
        is_settled[position] = fits
        if fits and is_possible:
            demand, unfilled = np.empty(num_lines, np.int64), np.empty(num_lines, np.int64)
            for slot in range(num_lines):
                step = orders.step[first + slot]
                demand[slot] = step * (orders.radix[first + slot] - 1)
                unfilled[slot] = orders.unfilled[first + slot] // step
            least[position] = branch_order(
                budgets, costs[:, :num_lines], amounts[:, :num_lines], num_choices, demand, unfilled,
                orders.is_ship_complete[order], orders.split_refund[order], lowest[:num_lines], least[position],
            )  # fmt: skip


@compiled
def note_at_hand(
    available: I64, room: I64, number: int, minutes: I64, node: int, steps: I64, radix: I64, first: int,
    num_lines: int, stock_row: I64, at_hand: I64,
) -> None:  # fmt: skip
    """Units of each line that are at a node, 0 where not even the smallest content fits into a day, into `at_hand`.

    The day has room `number`; the other arrays are those of the tables.
    """
    for slot in range(num_lines):
        step, row = steps[first + slot], stock_row[slot, node]
        at_hand[slot] = 0
        if row >= 0 and available[row] >= step and has_room(room, number, minutes, node, step):
            at_hand[slot] = min(available[row], step * (radix[first + slot] - 1))


@compiled
def has_room(room: I64, number: int, minutes: I64, node: int, units: int) -> bool:
    """Whether a node's day, which has room `number`, takes so many units of one line."""
    is_short = room[number, 1] < 1 or units > room[number, 0]
    return not is_short and bool(minutes[node, 0] + minutes[node, 1] * units <= room[number, 2])


@compiled
def relax_service(
    net: NetworkTables, orders: OrderTables, prices: PriceTables, tables: RelaxationTables, line_bits: I64,
    package_price: I64, acting: I64, num_acting: int, rule_unit: I64, stock_unit: I64, can_ship: Bools,
    origin: int, period: int, order: int, node: int, service: int, lane: int, first_day: int, last_day: int,
    stock_row: I64, at_hand: I64, usable: I64, cost: I64, worth: I64, paid: I64, x: I64, y: I64, lowest: I64,
    budgets: I64, costs: I64, amounts: I64, first_choice: int, num_choices: int,
) -> tuple[bool, int]:  # fmt: skip
    """Lowers `lowest` [lines] to c + phi of the ship days of one node's service; whether all numbers fit.

    Also adds what no choice from `first_choice` on undercuts to `budgets`, `costs` and `amounts`, as far as there is
    room, and returns how many choices there are then. The `acting` rules hold on all of the days; `rule_unit` [lines]
    is what they ask of a unit, `stock_unit` [lines] what stock asks besides on these days. `line_bits` and
    `package_price` are those of the rules' tables.

    Weights and shares of the order's units together are known to fit.
    """
    first = orders.line_ptr[order]
    num_lines = orders.line_ptr[order + 1] - first
    tariff, divisor = net.lane_tariff[lane], net.divisor_idx[service]
    start_day = orders.start_day[order, net.node_zone[node]]
    scale = tables.volume_scale[divisor] if divisor >= 0 else 1
    last = net.tariff_end[tariff] - 1
    weight, volume, has_any = 0, 0, False
    for slot in range(num_lines):
        usable[slot] = 0
        if at_hand[slot] == 0 or orders.pickup_node[first + slot] != net.pickup_node[service]:
            continue
        sku, step = orders.sku[first + slot], orders.step[first + slot]
        actual = step * net.sku_weight_ug[sku]
        if actual > net.max_weight_ug[service]:
            continue
        if not net.has_extra[last]:
            billed = actual
            if divisor >= 0:
                billed = max(billed, (step * tables.volume[divisor, sku] + scale - 1) // scale)
            if net.weight_step_ug[service] > 0:
                part = net.weight_step_ug[service]
                billed = (billed + part - 1) // part * part
            if billed > net.up_to_ug[last]:
                continue
        usable[slot] = at_hand[slot]
        has_any = True
        weight += at_hand[slot] * net.sku_weight_ug[sku]
        if divisor >= 0:
            volume += at_hand[slot] * tables.volume[divisor, sku]
    if not has_any:
        return True, num_choices
    is_bulky = volume > weight * scale
    most = volume if is_bulky else weight
    fits, price, at, rise, run = draw_minorant(net, tables, tariff, most, scale if is_bulky else 1, x, y)
    if not fits or not is_small(rise, at + 1):
        return False, num_choices
    # price - rise x at / run + package cost, rounded down to a micro.
    per_package = (price - -(-rise * at // run) + tables.handling[node, 0]) // tables.money_scale
    line_cost, unit_cost = tables.handling[node, 1], tables.handling[node, 2]
    heaviest, quantity = 0, 0
    for slot in range(num_lines):
        if usable[slot] > 0:
            sku, line = orders.sku[first + slot], first + slot
            heaviest = max(heaviest, tables.volume[divisor, sku] if is_bulky else net.sku_weight_ug[sku])
            quantity = max(quantity, orders.step[line] * (orders.radix[line] - 1))
    if not is_small(rise, heaviest) or not is_small(run, quantity):
        return False, num_choices
    for slot in range(num_lines):
        if usable[slot] == 0:
            continue
        sku, line = orders.sku[first + slot], first + slot
        product = rise * (tables.volume[divisor, sku] if is_bulky else net.sku_weight_ug[sku])
        whole = product // run
        parts = whole + unit_cost
        if line_cost > 0:
            quantity = orders.step[line] * (orders.radix[line] - 1)
            rest_line = line_cost % quantity
            parts += line_cost // quantity
            # The two fractions together may make one more.
            if (product - whole * run) * quantity >= run * (quantity - rest_line):
                parts += 1
        cost[slot] = parts if tables.money_scale == 1 else parts // tables.money_scale
        cost[slot] += prices.stock[stock_row[slot, node]] + stock_unit[slot]
        if num_acting > 0:
            cost[slot] += rule_unit[slot]
    for day in range(first_day, last_day + 1):
        if not can_ship[node, service, (day - origin) % period]:
            continue
        arrival = day + net.lane_transit[lane]
        to_deliver = net.delivery_wait[service, (arrival - origin) % period]
        if to_deliver < 0:
            continue
        arrival += to_deliver
        fixed = net.split_cost + days_micros(
            net.delivery_price, orders.late_price, order, arrival - start_day, arrival - orders.deliver_by[order]
        )
        code = find_code(prices.day_code, day - prices.first_day)
        fixed += prices.node_packages[code, node] + prices.service_packages[code, node, service]
        unit_price = prices.node_units[code, node] + net.unit_cost[service]
        line_price = prices.node_lines[code, node]
        target = net.pickup_node[service]
        if target != SHIPS and target != node:
            code = find_code(prices.day_code, arrival - prices.first_day)
            fixed += prices.node_packages[code, target]
            unit_price += prices.node_units[code, target]
            line_price += prices.node_lines[code, target]
            code = find_code(prices.day_code, day - prices.first_day)
        if num_acting > 0:
            fixed += sure_package_price(
                line_bits, package_price, prices.rule_quota[code], acting, num_acting, first, num_lines, usable
            )  # fmt: skip
        budget = max(0, per_package + fixed - 1)
        total, largest = 0, 0
        for slot in range(num_lines):
            if usable[slot] > 0:
                paid[slot] = cost[slot] + unit_price
                if line_price > 0:
                    paid[slot] += line_price // (orders.step[first + slot] * (orders.radix[first + slot] - 1))
                worth[slot] = max(0, tables.share[first + slot] - paid[slot])
                largest = max(largest, worth[slot])
                total += worth[slot] * usable[slot]
        if total > budget and not is_small(budget, largest):
            return False, num_choices
        for slot in range(num_lines):
            if usable[slot] > 0:
                share = worth[slot] if total <= budget else worth[slot] * budget // total
                lowest[slot] = min(lowest[slot], paid[slot] + share)
        if num_choices <= MOST_CHOICES:
            budgets[num_choices] = budget
            for slot in range(num_lines):
                is_usable = usable[slot] > 0
                amounts[num_choices, slot] = usable[slot]
                costs[num_choices, slot] = paid[slot] if is_usable else INFINITE
            if not is_undercut(budgets, costs, amounts, num_choices, first_choice):
                num_choices += 1
    return True, num_choices
