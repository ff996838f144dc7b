"""Wide orders: the proven relaxation of docs/certificate.md, exact to the micro."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.check.branching import branch_order, is_undercut
from splitship.check.exact import Wholes, ceil_divide, decimal_micros, exact_amounts, wholes
from splitship.check.network import Network
from splitship.check.places import is_excluded, is_too_far, transit_limit
from splitship.check.prices import Prices
from splitship.check.receiving import is_received
from splitship.check.reserves import ChannelStock
from splitship.check.stock import StockRows
from splitship.check.tables import INFINITE
from splitship.check.tariff import CUBE_PER_UG, unit_volumes
from splitship.check.terms import delivery_cost, late_cost, late_days
from splitship.check.wide_rules import OrderRules
from splitship.units import ATTO_PER_MICRO, I64, UG_PER_KG, Bools


@dataclass(frozen=True, slots=True)
class Choices:
    """Pairs of a node and a service of an order, [pairs], and its choices (a pair and a ship day), [choices].

    Where days differ in what they can take or give, each of them has a pair to itself. `can_ship` and `at_hand` are
    [pairs, lines]: the lines that can ship that way at all, and min(quantity, what is there by the ship day). `fixed`
    [choices] holds delivery, late, split and the prices of capacity a package, with rules' prices that every package
    pays; `unit_price` that of a unit, `line_price` that of a line. `stock_price` and `rule_price` [choices, lines] are
    what stock, and rules and surcharges, ask of a unit.
    """

    node: I64
    service: I64
    tariff: I64
    can_ship: Bools
    at_hand: I64
    pair: I64
    fixed: Wholes
    unit_price: Wholes
    line_price: I64
    stock_price: Wholes
    rule_price: Wholes


class WideOrders:
    """Lower bounds of orders with too many quantity vectors, one at a time."""

    def __init__(self, network: Network, prices: Prices, unfilled: Wholes, shares: I64, stock: ChannelStock) -> None:
        problem = network.problem
        self.stock = stock
        self.network, self.prices, self.unfilled, self.shares = network, prices, unfilled, shares
        self.problem, self.tariffs = problem, network.tariffs
        self.stock_rows = StockRows(problem)
        self.arrivals = network.arrivals
        self.volumes = unit_volumes(problem)
        self.weights = wholes(problem.skus.weight_ug)
        nodes = problem.nodes
        self.package_cost, self.line_cost = exact_amounts(nodes.package_cost), exact_amounts(nodes.line_cost)
        self.unit_cost = exact_amounts(nodes.unit_cost)
        self.split = decimal_micros(problem.objective.split)
        self.refund = np.where(problem.orders.num_released > 0, 0, self.split)

    def bound(self, order: int) -> int:
        """The least priced cost of an order, or a number that cannot exceed it, in micros."""
        problem = self.problem
        lines = np.arange(problem.line_ptr[order], problem.line_ptr[order + 1])
        lines = lines[problem.lines.quantity[lines] > 0]
        refund = int(self.refund[order])
        quantity, unfilled = wholes(problem.lines.quantity[lines]), self.unfilled[lines]
        nothing = int((quantity * unfilled).sum())
        choices = self._choices(order, lines)
        fixed, cost, amount = self._terms(choices, lines)
        least = self._least_unit_costs(choices, lines, fixed, cost, amount)
        is_complete = bool(problem.orders.is_ship_complete[order])
        filled = -refund
        for units, price, low in zip(quantity.tolist(), unfilled.tolist(), least, strict=True):
            if low is None and is_complete:
                return nothing
            filled += units * (price if low is None else low if is_complete else min(price, low))
        relaxed = min(nothing, filled)
        lowest = wholes([INFINITE if low is None else low for low in least])
        columns = (fixed, cost, amount, quantity, unfilled, lowest, wholes([nothing, relaxed]))
        if any(column.size and np.abs(column).max() > INFINITE for column in columns):
            return relaxed
        branched = branch_order(
            *self._without_undercut(choices, fixed, cost, amount), quantity.astype(np.int64),
            unfilled.astype(np.int64), is_complete, refund, lowest.astype(np.int64), relaxed,
        )  # fmt: skip
        return int(branched)

    @staticmethod
    def _without_undercut(choices: Choices, fixed: Wholes, cost: Wholes, amount: Wholes) -> tuple[I64, I64, I64, int]:
        """The choices as the kernel takes them, without those that an earlier one at their node undercuts."""
        num, num_lines = cost.shape
        columns = np.empty(num, np.int64), np.empty((num, num_lines), np.int64), np.empty((num, num_lines), np.int64)
        node, count, first = choices.node[choices.pair], 0, 0
        for choice in range(num):
            if choice and node[choice] != node[choice - 1]:
                first = count
            columns[0][count] = fixed[choice]
            columns[1][count] = np.where(amount[choice] > 0, cost[choice], INFINITE)
            columns[2][count] = amount[choice]
            count += not is_undercut(*columns, count, first)
        return (*columns, count)

    def _choices(self, order: int, lines: I64) -> Choices:
        """All nodes, services and ship days of an order from which some line can ship."""
        problem, days, places = self.problem, self.network.days, self.network.places
        capacities = self.network.capacities
        sku, quantity = problem.lines.sku_idx[lines], problem.lines.quantity[lines]
        smallest = np.where(problem.lines.is_splittable[lines], 1, quantity)
        every = np.arange(len(problem.nodes))
        grid_row = self.stock_rows.rows(np.repeat(every, len(lines)), np.tile(sku, len(every)))
        grid_row = grid_row.reshape(len(every), len(lines))
        rejections = problem.rejections
        rejected = np.isin(rejections.line_idx, lines)
        grid_row[rejections.node_idx[rejected], np.searchsorted(lines, rejections.line_idx[rejected])] = -1
        most = np.append(self.stock.available, 0)[grid_row]
        has_units = most >= smallest
        of_order = np.full(len(every), order)
        is_node = has_units.any(axis=1) & problem.nodes.is_open
        is_node &= ~is_excluded(problem, of_order, every)

        offered = problem.node_services.is_offered & (problem.node_services.max_packages_per_day >= 1)
        offered &= ~is_too_far(problem, of_order, every)[:, None] | ~problem.services.is_carried
        node, service = (axis.astype(np.int64) for axis in np.nonzero(offered & is_node[:, None]))
        of_order = np.full(len(node), order)
        lane = places.lane(places.order_place[of_order], node, service)
        transit = problem.lanes.transit_days[lane] if len(problem.lanes) else np.zeros(len(lane), np.int64)
        is_lane = (lane >= 0) & (transit <= transit_limit(problem, of_order))
        tariff = np.where(is_lane, self.network.lane_tariff[lane] if len(problem.lanes) else -1, -1)
        first, has_first = days.first_ship_day(of_order, node, service)
        kept = np.flatnonzero((tariff >= 0) & has_first)
        node, service, tariff, lane, first = (column[kept] for column in (node, service, tariff, lane, first))
        can_ship = has_units[node] & self._is_carried(service, tariff, sku, smallest)
        can_ship &= problem.lines.pickup_node_idx[lines] == problem.services.pickup_node_idx[service][:, None]

        of_order, transit = np.full(len(node), order), problem.lanes.transit_days[lane]
        last = days.last_ship_day(of_order, first)
        in_time = days.first_in_time(of_order, node, service, transit, first)
        first, last = np.where(in_time < 0, last + 1, in_time), np.maximum(last, in_time)
        num_days = np.maximum(0, last - first + 1)
        pair = np.repeat(np.arange(len(node)), num_days)
        day = first[pair] + np.arange(len(pair)) - np.repeat(np.cumsum(num_days) - num_days, num_days)
        deliver_day, has_delivery = days.deliver_day(service[pair], day, transit[pair])
        rules = OrderRules(problem, order, lines)
        there = np.minimum(self.arrivals.by(grid_row[node[pair]], day[:, None]), most[node[pair]])
        fits = self._fits(node[pair], day, smallest) & can_ship[pair] & (there >= smallest)
        fits &= ~rules.is_forbidden(node[pair], service[pair], day)
        target = problem.services.pickup_node_idx[service]
        is_sent = is_received(problem, node, service)[pair]
        fits[is_sent] &= self._fits(target[pair[is_sent]], deliver_day[is_sent], smallest)
        is_choice = days.is_ship_day(node[pair], service[pair], day) & has_delivery & fits.any(axis=1)
        is_choice &= capacities.quota(service[pair], day) >= 1
        is_choice &= capacities.of_service(node[pair], service[pair], day) >= 1
        ways = np.flatnonzero(is_choice)
        # The same node and service by what can ship on the day: pairs told apart so need minorants of their own.
        at_hand = np.where(fits, np.minimum(quantity, there), 0)
        content = np.concatenate([pair[ways, None], at_hand[ways]], axis=1)
        _, kept, number = np.unique(content, axis=0, return_index=True, return_inverse=True)
        way = ways[kept]
        can_ship, at_hand = fits[way], at_hand[way]
        node, service, tariff = node[pair[way]], service[pair[way]], tariff[pair[way]]
        target, is_sent = problem.services.pickup_node_idx[service], is_received(problem, node, service)
        pair, day, deliver_day = number.reshape(-1), day[ways], deliver_day[ways]
        of_order = np.full(len(pair), order)
        started = days.start_days(of_order, node[pair])
        late = late_days(problem, of_order, deliver_day)
        code = self._codes(day)
        ends = [(code, node[pair], np.ones(len(pair), np.bool_))]
        if is_sent.any():
            ends.append((self._codes(deliver_day), target[pair], is_sent[pair]))
        node_fixed, unit_price, line_price = self._node_prices(ends)
        fixed = (
            delivery_cost(problem, deliver_day - started)
            + late_cost(problem, of_order, late)
            + node_fixed
            + wholes(self.prices.service_packages[code, node[pair], service[pair]])
            + wholes(self.prices.service_quota[code, service[pair]])
            + rules.package_terms(node[pair], service[pair], day, can_ship[pair], self.prices.rule_quota[code])
            + self.split
        )
        unit_price += wholes(problem.services.unit_cost[service[pair]])
        unit_price += wholes(self.prices.units_of_node[node[pair]])
        row = grid_row[node[pair]]
        stock_price = wholes(np.append(self.prices.stock, 0)[row]) + wholes(self.prices.until.of(row, day[:, None]))
        stock_price += wholes(np.append(problem.stock.unit_price, 0)[row])
        stock_price += wholes(np.append(self.stock.unit_price, 0)[row])
        return Choices(
            node, service, tariff, can_ship, at_hand, pair, wholes(fixed), wholes(unit_price),
            line_price, wholes(stock_price),
            rules.unit_terms(node[pair], service[pair], day),
        )  # fmt: skip

    def _codes(self, day: I64) -> I64:
        """Rows of the days' prices; elementwise."""
        code = np.zeros(len(day), np.int64)
        at = day - self.prices.first_day
        is_dated = (at >= 0) & (at < len(self.prices.day_code))
        code[is_dated] = self.prices.day_code[at[is_dated]]
        return code

    def _node_prices(self, ends: list[tuple[I64, I64, Bools]]) -> tuple[Wholes, Wholes, I64]:
        """What a package, a unit and a line pay to the nodes that they leave and come to: days, nodes, whether at all.

        All are [choices].
        """
        prices, capacities, num = self.prices, self.network.capacities, len(ends[0][0])
        a_package, a_unit, a_line = (
            wholes(np.zeros(num, np.int64)),
            wholes(np.zeros(num, np.int64)),
            np.zeros(num, np.int64),
        )
        for code, node, is_end in ends:
            minute = wholes(prices.node_minutes[code, node])
            a_package += is_end * (wholes(prices.node_packages[code, node]) + minute * capacities.package_minutes[node])
            a_unit += is_end * (wholes(prices.node_units[code, node]) + minute * capacities.unit_minutes[node])
            a_line += is_end * prices.node_lines[code, node]
        return wholes(a_package), wholes(a_unit), a_line

    def _fits(self, node: I64, day: I64, smallest: I64) -> Bools:
        """Whether the smallest content of each line is within what the node can take on the day, [rows, lines]."""
        capacities = self.network.capacities
        packages, units, lines, minutes = capacities.left(node, day).T
        needed = capacities.package_minutes[node][:, None] + capacities.unit_minutes[node][:, None] * smallest
        has_room = (smallest <= units[:, None]) & (needed <= minutes[:, None])
        fits: Bools = has_room & ((packages >= 1) & (lines >= 1))[:, None]
        return fits

    def _is_carried(self, service: I64, tariff: I64, sku: I64, smallest: I64) -> Bools:
        """Whether the smallest content of each line is within the service's weight and rate card, [pairs, lines]."""
        num_services = len(self.problem.services)
        units = wholes(smallest)
        weight, volume = units * self.weights[sku], units * self.volumes[sku]
        grid = np.repeat(np.arange(num_services), len(sku))
        numerator, denominator = self.tariffs.billable(
            grid, np.tile(weight, num_services), np.tile(volume, num_services)
        )
        billed = ceil_divide(numerator, denominator).reshape(num_services, len(sku))
        last = self.tariffs.end[tariff] - 1
        is_light = np.asarray(weight[None, :] <= wholes(self.problem.services.max_weight_ug)[:, None], np.bool_)
        reaches = np.asarray(billed[service] <= wholes(self.tariffs.up_to[last])[:, None], np.bool_)
        carried: Bools = is_light[service] & (reaches | self.tariffs.has_extra[last][:, None])
        return carried

    def _terms(self, choices: Choices, lines: I64) -> tuple[Wholes, Wholes, Wholes]:
        """F [choices], c and d [choices, lines] of docs/certificate.md; d is 0 where a line cannot ship."""
        if not len(choices.pair):
            none = wholes(np.zeros((0, len(lines)), np.int64))
            return wholes(np.zeros(0, np.int64)), none, none
        per_package, per_unit = self._minorants(choices, lines)
        pair = choices.pair
        cost = per_unit[pair] + choices.stock_price + choices.unit_price[:, None] + choices.rule_price
        cost = cost + choices.line_price[:, None] // self.problem.lines.quantity[lines]
        fixed = np.maximum(0, per_package[pair] + choices.fixed - 1)
        return fixed, cost, wholes(np.where(choices.can_ship[pair], choices.at_hand[pair], 0))

    def _least_unit_costs(
        self, choices: Choices, lines: I64, fixed: Wholes, cost: Wholes, amount: Wholes
    ) -> list[int | None]:
        """min over the choices of c + phi for every line, None for a line that cannot ship."""
        least: list[int | None] = [None] * len(lines)
        if not len(choices.pair):
            return least
        can_ship = choices.can_ship[choices.pair]
        worth = np.where(can_ship, np.maximum(0, self.shares[lines] - cost), 0)
        total = (amount * worth).sum(axis=1)
        share = np.where(total > fixed, np.maximum(1, total), 1)
        factor = np.where(total > fixed, fixed, 1)
        value = cost + worth * factor[:, None] // share[:, None]
        for column in range(len(lines)):
            ways = value[can_ship[:, column], column]
            if len(ways):
                least[column] = int(ways.min())
        return least

    def _minorants(self, choices: Choices, lines: I64) -> tuple[Wholes, Wholes]:
        """Micros a package ([pairs]) and a unit ([pairs, lines]) under any package's shipping and handling."""
        sku, quantity = self.problem.lines.sku_idx[lines], wholes(self.problem.lines.quantity[lines])
        weight, volume = self.weights[sku], self.volumes[sku]
        per_package = wholes(np.zeros(len(choices.node), np.int64))
        per_unit = wholes(np.zeros((len(choices.node), len(lines)), np.int64))
        for pair, (node, service, tariff) in enumerate(
            zip(choices.node.tolist(), choices.service.tolist(), choices.tariff.tolist(), strict=True)
        ):
            amount = wholes(np.where(choices.can_ship[pair], choices.at_hand[pair], 0))
            micrograms = int(self.tariffs.divisor[service]) * CUBE_PER_UG
            scale, unit = 1, weight
            if micrograms and int((amount * volume).sum()) > int((amount * weight).sum()) * micrograms:
                scale, unit = micrograms, volume
            most = int((amount * unit).sum())
            intercept, rise, run = self._minorant(tariff, most, scale)
            # Intercept in 10^-18 x 10^9 x scale, slope rise / run the same per weight x scale.
            ordinate = UG_PER_KG * scale
            per_package[pair] = (intercept + int(self.package_cost[node]) * ordinate * run) // (
                ordinate * run * ATTO_PER_MICRO
            )
            below = ordinate * run
            per_unit[pair] = (
                rise * unit * quantity + (int(self.unit_cost[node]) * quantity + int(self.line_cost[node])) * below
            ) // (below * quantity * ATTO_PER_MICRO)
        return per_package, per_unit

    def _minorant(self, tariff: int, most: int, scale: int) -> tuple[int, int, int]:
        """A line under the rate card up to `most`: (intercept x run, rise, run), see `lower_line`."""
        start, end = int(self.tariffs.start[tariff]), int(self.tariffs.end[tariff])
        edges = [int(edge) * scale for edge in self.tariffs.up_to[start:end]]
        ordinate = UG_PER_KG * scale
        prices = [int(price) * ordinate for price in self.tariffs.price[start:end]]
        extra = None
        if self.tariffs.has_extra[end - 1] and most > edges[-1]:
            extra = prices[-1] + int(self.tariffs.extra[end - 1]) * (most - edges[-1])
        return lower_line(rate_points(edges, prices, most, extra))


def rate_points(edges: list[int], prices: list[int], most: int, price_at_most: int | None) -> list[tuple[int, int]]:
    """Points under a rate card up to the weight `most`; prices are first made not to fall with weight.

    `price_at_most` is given when `most` lies beyond the last bracket and that one goes on.
    """
    points: dict[int, int] = {}
    lowest = prices[-1]
    floor = [0] * len(prices)
    for row in range(len(prices) - 1, -1, -1):
        lowest = min(lowest, prices[row])
        floor[row] = lowest
    for edge, price in zip(edges, floor, strict=True):
        at = min(edge, most)
        points[at] = min(price, points.get(at, price))
        if edge >= most:
            break
    if price_at_most is not None:
        points[most] = min(price_at_most, points.get(most, price_at_most))
    return sorted(points.items())


def lower_line(points: list[tuple[int, int]]) -> tuple[int, int, int]:
    """The line of the lower convex hull over half of the largest abscissa, as (intercept x run, rise, run).

    Points are sorted by abscissa, which differ. A negative intercept gives way to the steepest line through the
    origin that stays below, a negative slope to the level of the lowest point.
    """
    hull: list[tuple[int, int]] = []
    for x, y in points:
        while len(hull) > 1:
            (x0, y0), (x1, y1) = hull[-2], hull[-1]
            if (y1 - y0) * (x - x0) < (y - y0) * (x1 - x0):
                break
            hull.pop()
        hull.append((x, y))
    lowest = min(y for _, y in hull)
    if len(hull) == 1:
        return lowest, 0, 1
    largest = hull[-1][0]
    edge = 0
    while edge + 2 < len(hull) and 2 * hull[edge + 1][0] <= largest:
        edge += 1
    (x0, y0), (x1, y1) = hull[edge], hull[edge + 1]
    rise, run = y1 - y0, x1 - x0
    if rise < 0:
        return lowest, 0, 1
    intercept = y0 * run - rise * x0
    if intercept >= 0:
        return intercept, rise, run
    best_y, best_x = 0, 0
    for x, y in hull:
        if x > 0 and (best_x == 0 or y * best_x < best_y * x):
            best_y, best_x = y, x
    return 0, best_y, best_x
