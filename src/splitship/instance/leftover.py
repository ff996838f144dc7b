"""What a plan leaves for the lines it does not fill: stock, capacity of days, packages of the order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.domain import Plan, Problem, Reason
from splitship.domain.rule_rows import any_about
from splitship.instance.capacity import at_days
from splitship.instance.rule_quota import QuotaUse
from splitship.instance.stages import (
    CODE,
    POSSIBLE,
    Network,
    Stages,
    exceeds_card,
    lanes_of,
    saturated_product,
    ship_days,
    stock_at_nodes,
    stock_rows,
    units_at_once,
    volumetric_weight,
)
from splitship.instance.stock_by_day import StockByDay
from splitship.instance.subset import rows_of
from splitship.units import I64, Bools


@dataclass(frozen=True, slots=True)
class DayUse:
    """Amounts used by key (ascending), 0 for a key that is not there."""

    key: I64
    amount: I64

    def at(self, key: I64) -> I64:
        """The amount used of every key."""
        row = np.searchsorted(self.key, key)
        found = np.append(self.key, -1)[row] == key
        used: I64 = np.where(found, np.append(self.amount, 0)[row], 0)
        return used


@dataclass(frozen=True, slots=True)
class Room:
    """Capacity left: of a node's day (minutes in `Nodes.umin_step`), of its service, of the service at all nodes."""

    packages: I64
    units: I64
    lines: I64
    minutes: I64
    service_packages: I64
    quota: I64


@dataclass(frozen=True, slots=True)
class Leftover:
    """What a plan of the whole batch leaves, seen by the part of the orders that have unfilled lines.

    `needed` [lines of the part]: units not shipped. `stock`: what is left of it by day. `node_packages`, `node_units`,
    `node_lines`, `service_packages`, `quota`: use by node x day, (node, service) x day, service x day.
    `rule_quota`: use of rules' quotas. `num_packages` [orders of the part].
    Packages of these orders, sorted by order: `package_ptr` [orders + 1], node, service, day and position in the plan,
    and the lines in them (`content_package`, `content_line`, `content_quantity`; positions in the part).
    """

    needed: I64
    stock: StockByDay
    first_day: int
    num_days: int
    node_packages: DayUse
    node_units: DayUse
    node_lines: DayUse
    service_packages: DayUse
    quota: DayUse
    rule_quota: QuotaUse
    num_packages: I64
    package_ptr: I64
    package_node: I64
    package_service: I64
    package_day: I64
    package_of_plan: I64
    content_package: I64
    content_line: I64
    content_quantity: I64

    def later_stages(self, network: Network, line_idx: I64, stage: Stages) -> Stages:
        """The stages of `line_stages` carried on to what the plan leaves; COSTLIER_THAN_UNFILLED if nothing stops."""
        problem = network.problem
        units = units_at_once(problem, line_idx)
        left = stock_at_nodes(network, line_idx, self.stock)
        stage[(stage >= CODE[Reason.CAPACITY]) & (left < units[:, None, None])] = CODE[Reason.NO_STOCK]
        short = self.short_in_all(network, line_idx, stage, left)
        stage[short[:, None, None] & (stage >= CODE[Reason.CAPACITY])] = CODE[Reason.NO_STOCK]
        line, node, service = np.nonzero(stage == POSSIBLE)
        order_idx = problem.lines.order_idx[line_idx]
        _, row = stock_rows(network, line_idx)
        has_room = np.zeros(len(line), np.bool_)
        for day, works in ship_days(network, order_idx[line], node, service):
            works = works & ~self.is_ruled_out(problem, line_idx[line], node, service, day)
            works &= self.stock.left(row[line, node], day) >= units[line]
            has_room |= works & self.has_room(network, node, service, day, units[line])
        is_full = self.num_packages[order_idx] >= problem.orders.max_packages[order_idx]
        joins = self._joins(network, line_idx, units)[line, node, service]
        later_stage = np.full(len(line), CODE[Reason.COSTLIER_THAN_UNFILLED], np.int8)
        later_stage[is_full[line] & ~joins] = CODE[Reason.MAX_PACKAGES]
        later_stage[~has_room & ~joins] = CODE[Reason.CAPACITY]
        stage[line, node, service] = later_stage
        return stage

    def short_in_all(self, network: Network, line_idx: I64, stage: Stages, left: I64) -> Bools:
        """Whether all nodes where a line could ship hold together less than a ship-complete order needs, [lines]."""
        problem = network.problem
        complete = problem.orders.is_ship_complete[problem.lines.order_idx[line_idx]]
        reachable: Bools = np.any(stage >= CODE[Reason.CAPACITY], axis=2)
        total = np.where(stage >= CODE[Reason.CAPACITY], left, 0).max(axis=2, initial=0).sum(axis=1)
        is_short: Bools = complete & problem.lines.is_splittable[line_idx] & (total < self.needed[line_idx])
        return is_short & reachable.any(axis=1)

    def has_room(self, network: Network, node: I64, service: I64, day: I64, units: I64) -> Bools:
        """Whether a new package with `units` fits the capacity left of a node and its service on a day."""
        nodes, room = network.problem.nodes, self.room(network, node, service, day)
        step = nodes.umin_step
        minutes = (nodes.umin_per_package[node] + nodes.umin_per_unit[node] * units) // step
        fits: Bools = (
            (np.minimum(room.packages, np.minimum(room.service_packages, room.quota)) >= 1)
            & (room.units >= units)
            & (room.lines >= 1)
            & (room.minutes >= minutes)
        )
        return fits

    def is_ruled_out(
        self, problem: Problem, line: I64, node: I64, service: I64, day: I64, package: I64 | None = None
    ) -> Bools:
        """Whether a rule forbids the line there on that day, or has used up its quota of packages; columns [rows].

        With `package` the line joins a package of these orders.
        """
        rules, order = problem.package_rules, problem.lines.order_idx[line]
        joined = None if package is None else self.package_of_plan[package]
        full = self.rule_quota.is_full(rules, order, line, node, service, day, joined)
        return full | any_about(rules, rules.is_forbidden, order, line, node, service, day)

    def room(self, network: Network, node: I64, service: I64, day: I64) -> Room:
        """What is left of a node's and its service's capacity on a day; columns of the same shape."""
        problem, capacities, nodes = network.problem, network.capacities, network.problem.nodes
        by_node, by_service = self.node_key(node, day), self.service_key(problem, node, service, day)
        packages, units = self.node_packages.at(by_node), self.node_units.at(by_node)
        minutes = (nodes.umin_per_package[node] * packages + nodes.umin_per_unit[node] * units) // nodes.umin_step

        def left(capacity: I64, row: I64, used: I64) -> I64:
            return at_days(capacity, row, day, capacities.first_day) - used

        return Room(
            left(capacities.packages, node, packages),
            left(capacities.units, node, units),
            left(capacities.lines, node, self.node_lines.at(by_node)),
            left(capacities.minutes, node, minutes),
            capacities.services[node, service] - self.service_packages.at(by_service),
            left(capacities.quota, service, self.quota.at(self.node_key(service, day))),
        )

    def node_key(self, node: I64, day: I64) -> I64:
        """Key of (node, day) in `node_packages` and `node_units`; days outside the plan's share a free one."""
        offset = day - self.first_day
        inside = (offset >= 0) & (offset < self.num_days)
        key: I64 = np.where(inside, node * self.num_days + offset, -2)
        return key

    def service_key(self, problem: Problem, node: I64, service: I64, day: I64) -> I64:
        """Key of (node, service, day) in `service_packages`."""
        return self.node_key(node * len(problem.services) + service, day)

    def _joins(self, network: Network, line_idx: I64, units: I64) -> Bools:
        """Whether a line can join a package its order already has, [lines, nodes, services]."""
        problem = network.problem
        lines, skus = problem.lines, problem.skus
        joins = np.zeros((len(line_idx), len(problem.nodes), len(problem.services)), np.bool_)
        order_idx = lines.order_idx[line_idx]
        package = rows_of(self.package_ptr, order_idx)
        if not len(package):
            return joins
        line = np.repeat(np.arange(len(line_idx)), self.num_packages[order_idx])
        node, service, day = self.package_node[package], self.package_service[package], self.package_day[package]
        num_packages, sku_idx = len(self.package_node), lines.sku_idx[self.content_line]
        held = saturated_product(skus.weight_ug[sku_idx], self.content_quantity)
        weight = _sums(self.content_package, held, num_packages)[package]
        weight = weight + saturated_product(skus.weight_ug[lines.sku_idx[line_idx]], units)[line]
        by_service = self.package_service[self.content_package]
        whole, part = (
            amount[np.arange(len(by_service)), by_service]
            for amount in volumetric_weight(network, sku_idx, self.content_quantity)
        )
        more_whole, more_part = (
            amount[line, service] for amount in volumetric_weight(network, lines.sku_idx[line_idx], units)
        )
        whole = _sums(self.content_package, whole, num_packages)[package] + more_whole
        part = _sums(self.content_package, part, num_packages)[package] + more_part
        volume = whole - (-part // 10**12)
        is_alone = np.zeros(num_packages, np.bool_)
        is_alone[self.content_package[skus.is_ship_alone[sku_idx]]] = True
        its_line = np.full(num_packages, -1, np.int64)  # a ship-alone line may still add to its own package
        its_line[self.content_package[is_alone[self.content_package]]] = self.content_line[
            is_alone[self.content_package]
        ]
        alone = is_alone[package] | skus.is_ship_alone[lines.sku_idx[line_idx]][line]
        lane = lanes_of(network, order_idx)[line, node, service]
        fits = ~exceeds_card(network, service, lane, weight, volume) & (~alone | (its_line[package] == line_idx[line]))
        room, nodes = self.room(network, node, service, day), problem.nodes
        fits &= (room.units >= units[line]) & (room.lines >= 1)
        fits &= room.minutes >= nodes.umin_per_unit[node] * units[line] // nodes.umin_step
        fits &= ~self.is_ruled_out(problem, line_idx[line], node, service, day, package)
        is_carried, row = stock_rows(network, line_idx)
        fits &= is_carried[line, node]
        fits[fits] = self.stock.left(row[line, node][fits], day[fits]) >= units[line[fits]]
        joins[line[fits], node[fits], service[fits]] = True
        return joins


def leftover_of(problem: Problem, order_idx: I64, line_idx: I64, plan: Plan) -> Leftover:
    """What `plan` leaves, for the orders `order_idx` (ascending) with the lines `line_idx` of the whole problem."""
    lines, stock, num_skus = problem.lines, problem.stock, len(problem.skus)
    content_node = plan.node_idx[plan.content_package]
    content_day = plan.ship_day[plan.content_package]
    stock_key = stock.node_idx * num_skus + stock.sku_idx
    content_key = content_node * num_skus + lines.sku_idx[plan.content_line]
    taken = np.searchsorted(stock_key, content_key)
    is_known = np.append(stock_key, -1)[taken] == content_key  # a plan that was not checked may ship from nowhere
    first_day = int(plan.ship_day.min()) if len(plan) else 0
    num_days = int(plan.ship_day.max()) - first_day + 1 if len(plan) else 1
    node_day = plan.node_idx * num_days + plan.ship_day - first_day
    service_day = (plan.node_idx * len(problem.services) + plan.service_idx) * num_days + plan.ship_day - first_day
    part_order = np.searchsorted(order_idx, plan.order_idx)
    is_ours = np.append(order_idx, -1)[part_order] == plan.order_idx
    packages = np.flatnonzero(is_ours)
    packages = packages[np.argsort(part_order[packages], kind="stable")]
    rank = np.full(len(plan), -1, np.int64)
    rank[packages] = np.arange(len(packages))
    contents = np.flatnonzero(is_ours[plan.content_package])
    num_packages = np.bincount(part_order[packages], minlength=len(order_idx))
    return Leftover(
        needed=(lines.quantity - plan.shipped(len(lines)))[line_idx],
        stock=StockByDay.of(problem, taken[is_known], content_day[is_known], plan.content_quantity[is_known]),
        first_day=first_day,
        num_days=num_days,
        node_packages=_day_use(node_day, np.ones(len(plan), np.int64)),
        node_units=_day_use(content_node * num_days + content_day - first_day, plan.content_quantity),
        node_lines=_day_use(content_node * num_days + content_day - first_day, np.ones_like(content_node)),
        service_packages=_day_use(service_day, np.ones(len(plan), np.int64)),
        quota=_day_use(plan.service_idx * num_days + plan.ship_day - first_day, np.ones(len(plan), np.int64)),
        rule_quota=QuotaUse.of(problem, plan),
        num_packages=num_packages.astype(np.int64),
        package_ptr=np.concatenate([[0], np.cumsum(num_packages)]).astype(np.int64),
        package_node=plan.node_idx[packages],
        package_service=plan.service_idx[packages],
        package_day=plan.ship_day[packages],
        package_of_plan=packages,
        content_package=rank[plan.content_package[contents]],
        content_line=np.searchsorted(line_idx, plan.content_line[contents]),
        content_quantity=plan.content_quantity[contents],
    )


def _day_use(key: I64, amount: I64) -> DayUse:
    """Amounts summed by key."""
    unique, code = np.unique(key, return_inverse=True)
    return DayUse(unique, _sums(code, amount, len(unique)))


def _sums(group: I64, amount: I64, num_groups: int) -> I64:
    """Integer sums by group."""
    sums = np.zeros(num_groups, np.int64)
    np.add.at(sums, group, amount)
    return sums
