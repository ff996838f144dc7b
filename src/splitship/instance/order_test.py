"""One order alone on the network: what every node and service could do for the whole of it, and why not the others."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from splitship.domain import CostTerms, Plan, Problem, Reason
from splitship.domain.rule_effects import package_charges, rule_effects
from splitship.domain.rule_rows import rules_about
from splitship.instance.blockers import describe_blockers
from splitship.instance.calendar import NO_DAY
from splitship.instance.leftover import Leftover, leftover_of
from splitship.instance.model import IMPOSSIBLE
from splitship.instance.stages import (
    POSSIBLE,
    STAGES,
    Network,
    compile_network,
    first_ship_days,
    lanes_of,
    line_stages,
    ship_days,
    stock_at_nodes,
    stock_rows,
    volumetric_weight,
)
from splitship.instance.subset import subset_of_orders
from splitship.instance.tariff import handling_cost, shipping_cost, times_days
from splitship.instance.terms import delivery_limbs, late_limbs, split_cost
from splitship.units import I64, UG_PER_KG, UNLIMITED, day_text


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a line (`line_id` None: the order as a whole) cannot ship whole from a node by a service."""

    line_id: str | None
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class OrderOption:
    """The whole order from one node by one service, on its first ship day by which all of it is there.

    Days are day numbers, None where the service has none; `late_days` is 0 without a promise. `costs` (micros) is None
    unless the whole order can ship this way, in `num_packages` packages: one, and one more for each ship-alone line
    beside others. `obstacles` says why it cannot; it is empty exactly when `costs` is given.
    """

    node_id: str
    service_id: str
    ship_day: int | None
    deliver_day: int | None
    late_days: int | None
    num_packages: int
    costs: CostTerms | None
    obstacles: tuple[Obstacle, ...]

    @property
    def is_possible(self) -> bool:
        """Whether the whole order can ship this way."""
        return self.costs is not None


def order_options(problem: Problem, order_idx: int) -> tuple[OrderOption, ...]:
    """Every node and service for one order, with dates, costs and obstacles, against all available stock and capacity.

    Other orders are as if they did not exist, and every line is asked for whole. Possible options come first, by cost,
    delivery day and ids; the others follow by how far they got (the least advanced line counts), then by ids.
    """
    part, whole_idx = subset_of_orders(problem, np.array([order_idx], np.int64))
    lines = replace(part.lines, is_splittable=np.zeros(len(part.lines), np.bool_))
    part = replace(part, lines=lines)
    desk = _Desk(part, leftover_of(problem, np.array([order_idx], np.int64), whole_idx, Plan.empty()))
    options = [desk.option(node, service) for node in range(len(part.nodes)) for service in range(len(part.services))]
    options.sort(key=lambda pair: pair[0])
    return tuple(option for _, option in options)


_Rank = tuple[int, int, int, str, str]


class _Desk:
    """The tables for one order, and the judgement of one node and service."""

    def __init__(self, problem: Problem, leftover: Leftover) -> None:
        self.problem, self.leftover = problem, leftover
        self.network: Network = compile_network(problem)
        self.line_idx: I64 = np.arange(len(problem.lines))
        only = np.zeros(1, np.int64)
        self.stage = line_stages(self.network, self.line_idx)
        self.lane = lanes_of(self.network, only)[0]
        self.ship_day = self._first_days_in_stock(first_ship_days(self.network, only)[0])
        self.in_stock = stock_at_nodes(self.network, self.line_idx, self.network.stock)
        quantity, sku_idx = problem.lines.quantity, problem.lines.sku_idx
        self.weight = [int(w) * int(q) for w, q in zip(problem.skus.weight_ug[sku_idx], quantity, strict=True)]
        self.volume = volumetric_weight(self.network, sku_idx, quantity)
        self.packages = _packages(problem)
        self.split = split_cost(problem)
        self.late = late_limbs(problem)[0] if len(problem.orders) else np.zeros(4, np.int64)
        self.delivery = delivery_limbs(problem)

    def option(self, node: int, service: int) -> tuple[_Rank, OrderOption]:
        """One node and service, and its place in the list."""
        problem = self.problem
        node_id, service_id = str(problem.nodes.node_id[node]), str(problem.services.service_id[service])
        ship_day, deliver_day, late_days = self._days(node, service)
        obstacles = self._line_obstacles(node, service)
        costs = None
        if not obstacles:
            obstacles = self._order_obstacles(node, service)
        if not obstacles and ship_day is not None and deliver_day is not None:
            costs = self._costs(node, service, deliver_day, late_days or 0)
        option = OrderOption(
            node_id, service_id, ship_day, deliver_day, late_days, len(self.packages), costs, tuple(obstacles)
        )
        if costs is not None and deliver_day is not None:
            return (0, costs.total, deliver_day, node_id, service_id), option
        return (1, -int(self.stage[:, node, service].min(initial=POSSIBLE)), 0, node_id, service_id), option

    def _first_days_in_stock(self, ship_day: I64) -> I64:
        """The first ship days on which all units of the order are there, [nodes, services].

        Where that never is, the first ship day of all.
        """
        problem, network = self.problem, self.network
        if not len(problem.inbound) or not len(problem.lines):
            return ship_day
        node, service = (place.reshape(-1) for place in np.indices(ship_day.shape))
        is_carried, row = stock_rows(network, self.line_idx)
        sku_idx = problem.lines.sku_idx
        needed = np.bincount(sku_idx, problem.lines.quantity)[sku_idx]
        days, is_found = ship_day.reshape(-1).copy(), np.zeros(ship_day.size, np.bool_)
        for day, works in ship_days(network, np.zeros_like(node), node, service):
            found = works & ~is_found
            for line in self.line_idx.tolist():
                has_all = network.stock.left(row[line, node], day) >= needed[line]
                found &= is_carried[line, node] & has_all
            days[found] = day[found]
            is_found |= found
        in_stock: I64 = days.reshape(ship_day.shape)
        return in_stock

    def _days(self, node: int, service: int) -> tuple[int | None, int | None, int | None]:
        """First ship day, delivery day and late days."""
        lane, ship_day = int(self.lane[node, service]), int(self.ship_day[node, service])
        if ship_day == NO_DAY:
            return None, None, None
        if lane < 0:
            return ship_day, None, None
        calendar, arrival = self.network.calendar, ship_day + int(self.network.lanes.transit_days[lane])
        wait = int(calendar.delivery_wait[service, (arrival - calendar.origin) % calendar.period])
        if wait == NO_DAY:
            return ship_day, None, None
        return ship_day, arrival + wait, max(0, arrival + wait - int(self.problem.orders.deliver_by[0]))

    def _line_obstacles(self, node: int, service: int) -> list[Obstacle]:
        """What stops single lines."""
        stage = self.stage[:, node, service].astype(np.int64)
        stopped = self.line_idx[stage < POSSIBLE]
        here = np.full(len(stopped), node), np.full(len(stopped), service)
        texts = describe_blockers(self.network, self.leftover, stopped, stage[stopped], *here)
        return [
            Obstacle(str(self.problem.lines.line_id[line]), STAGES[stage[line]], text)
            for line, text in zip(stopped.tolist(), texts, strict=True)
        ]

    def _order_obstacles(self, node: int, service: int) -> list[Obstacle]:
        """What stops the lines together, though each could ship."""
        problem, node_id = self.problem, str(self.problem.nodes.node_id[node])
        service_id = str(problem.services.service_id[service])
        found = []
        for rows in self.packages:
            weight, limit = sum(self.weight[row] for row in rows), int(problem.services.max_weight_ug[service])
            if weight > limit:
                text = f"{node_id}: together {weight / UG_PER_KG:g} kg, {service_id} takes {limit / UG_PER_KG:g} kg"
                found.append(Obstacle(None, Reason.TOO_HEAVY, text))
            elif self._shipping(node, service, rows) >= IMPOSSIBLE:
                text = f"{node_id}: together {weight / UG_PER_KG:g} kg, beyond {service_id}'s rates"
                found.append(Obstacle(None, Reason.TOO_HEAVY, text))
        sku_idx, quantity = problem.lines.sku_idx, problem.lines.quantity
        for sku in np.unique(sku_idx).tolist():
            needed = int(quantity[sku_idx == sku].sum())
            line = int(np.flatnonzero(sku_idx == sku)[0])
            if (available := int(self.in_stock[line, node, service])) < needed:
                text = f"{node_id}: {available} available of {problem.skus.sku_id[sku]}, {needed} needed together"
                found.append(Obstacle(None, Reason.NO_STOCK, text))
        num_packages, units = len(self.packages), int(quantity.sum())
        for limit, needed, what in (
            (int(problem.nodes.max_packages_per_day[node]), num_packages, "packages"),
            (int(problem.nodes.max_units_per_day[node]), units, "units"),
            (int(problem.node_services.max_packages_per_day[node, service]), num_packages, f"packages by {service_id}"),
        ):
            if needed > limit:
                found.append(Obstacle(None, Reason.CAPACITY, f"{node_id}: {limit} {what} a day, {needed} needed"))
        found += self._ruled_out(node, service)
        most = int(problem.orders.max_packages[0])
        if num_packages > most:
            text = f"ship-alone lines make {num_packages} packages, the order may have {most}"
            found.append(Obstacle(None, Reason.MAX_PACKAGES, text))
        return found

    def _ruled_out(self, node: int, service: int) -> list[Obstacle]:
        """What rules forbid on the first ship day only, and quotas that are too small for the order's packages."""
        rules, plan, problem = self.problem.package_rules, self._plan(node, service), self.problem
        package, day = plan.content_package, day_text(int(self.ship_day[node, service]))
        rows = plan.order_idx[package], plan.content_line, plan.node_idx[package], plan.service_idx[package]
        node_id, found = str(problem.nodes.node_id[node]), []
        which = rules.is_forbidden | rules.has_quota & ~rules.is_soft
        for rule, about in rules_about(rules, which, *rows, plan.ship_day[package]):
            name, needed = problem.rules[int(rules.source[rule])].name, len(np.unique(package[about]))
            if rules.is_forbidden[rule]:
                line_id = str(problem.lines.line_id[plan.content_line[about][0]])
                found.append(Obstacle(line_id, Reason.RULE, f"{node_id}: the rule {name!r} forbids it on {day}"))
            elif needed > rules.quota[rule]:
                text = f"{node_id}: the rule {name!r} allows {rules.quota[rule]} packages, {needed} needed"
                found.append(Obstacle(None, Reason.CAPACITY, text))
        return found

    def _shipping(self, node: int, service: int, rows: list[int]) -> int:
        """Shipping cost of one package with whole lines; IMPOSSIBLE beyond the card."""
        tariffs, lane = self.network.tariffs, int(self.lane[node, service])
        weight = sum(self.weight[row] for row in rows)
        whole, part = (sum(int(amount[row, service]) for row in rows) for amount in self.volume)
        return int(
            shipping_cost(
                np.int64(min(weight, UNLIMITED)),
                np.int64(whole + part // 10**12),
                np.int64(part % 10**12),
                tariffs.weight_step_ug[service],
                self.network.lanes.bracket_start[lane],
                self.network.lanes.bracket_end[lane],
                tariffs.up_to_ug,
                tariffs.price_micros,
                tariffs.price_atto,
                tariffs.extra_micros,
                tariffs.extra_atto,
                tariffs.has_extra,
            )
        )

    def _costs(self, node: int, service: int, deliver_day: int, late_days: int) -> CostTerms:
        """The cost of the whole order by term, as `check` would account for its packages."""
        tariffs, calendar, count = self.network.tariffs, self.network.calendar, len(self.packages)
        started = int(calendar.start_day[calendar.node_zone[node], 0])
        handling = [
            handling_cost(
                np.int64(len(rows)),
                self.problem.lines.quantity[rows].sum(),
                tariffs.package_micros[node],
                tariffs.package_atto[node],
                tariffs.line_micros[node],
                tariffs.line_atto[node],
                tariffs.unit_micros[node],
                tariffs.unit_atto[node],
            )
            for rows in self.packages
        ]
        plan = self._plan(node, service)
        by_rules, by_surcharges = package_charges(self.problem, plan)
        return CostTerms(
            shipping=sum(self._shipping(node, service, rows) for rows in self.packages) + int(by_surcharges.sum()),
            handling=int(sum(handling)),
            delivery=count * int(times_days(self.delivery, np.int64(deliver_day - started))),
            late=count * int(times_days(self.late, np.int64(late_days))),
            split=(count - 1) * self.split,
            rules=int(by_rules.sum()),
            soft=sum(effect.beyond_cost or 0 for effect in rule_effects(self.problem, plan)),
        )

    def _plan(self, node: int, service: int) -> Plan:
        """The whole order from one node by one service."""
        count, lines = len(self.packages), [row for rows in self.packages for row in rows]
        package = np.repeat(np.arange(count), [len(rows) for rows in self.packages])
        one = np.ones(count, np.int64)
        return Plan(
            0 * one,
            node * one,
            service * one,
            self.ship_day[node, service] * one,
            package.astype(np.int64),
            np.array(lines, np.int64),
            self.problem.lines.quantity[lines],
        )


def _packages(problem: Problem) -> list[list[int]]:
    """The lines of the only order by package: each ship-alone line by itself, all others together."""
    is_alone = problem.skus.is_ship_alone[problem.lines.sku_idx]
    together = np.flatnonzero(~is_alone).tolist()
    return ([together] if together else []) + [[row] for row in np.flatnonzero(is_alone).tolist()]
