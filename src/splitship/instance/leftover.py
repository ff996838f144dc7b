"""What a plan leaves for the lines it does not fill: stock, capacity of days, packages of the order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.domain import Plan, Problem, Reason
from splitship.domain.rule_rows import any_about
from splitship.instance.asked import Asked
from splitship.instance.capacity import at_days, service_left
from splitship.instance.kept_stock import KeptStock
from splitship.instance.kit_groups import KitGroups
from splitship.instance.rule_quota import QuotaUse
from splitship.instance.stages import (
    CODE,
    POSSIBLE,
    Network,
    Stages,
    deliver_days,
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

    `needed` [lines of the part]: units not shipped. `stock`: what is left of it by day, of which `kept` is for
    single channels. `node_packages`, `node_units`,
    `node_lines`, `service_packages`, `quota`: use by node x day, (node, service) x day, service x day; a node also
    handles what is transferred to it, on the day on which it comes.
    `rule_quota`: use of rules' quotas. `num_packages` [orders of the part].
    Packages of these orders, sorted by order: `package_ptr` [orders + 1], node, service, day and position in the plan,
    and the lines in them (`content_package`, `content_line`, `content_sku`, `content_quantity`; lines as positions in
    the part).
    """

    needed: I64
    stock: StockByDay
    kept: KeptStock
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
    content_sku: I64
    content_quantity: I64

    def later_stages(self, network: Network, asked: Asked, stage: Stages) -> tuple[Stages, Bools]:
        """The stages of `line_stages` carried on to what the plan leaves; COSTLIER_THAN_UNFILLED if nothing stops.

        Besides, where a row can join a package that its order has already; both [rows, nodes, services].
        """
        problem, line_idx = network.problem, asked.line_idx
        units = units_at_once(problem, line_idx)
        groups = KitGroups.of(problem, asked, units)
        left = stock_at_nodes(network, asked, self.stock, self.kept)
        stage[(stage >= CODE[Reason.CAPACITY]) & (left < units[:, None, None])] = CODE[Reason.NO_STOCK]
        short = self.short_in_all(network, asked, stage, left)
        stage[short[:, None, None] & (stage >= CODE[Reason.CAPACITY])] = CODE[Reason.NO_STOCK]
        line, node, service = np.nonzero(stage == POSSIBLE)
        order_idx = problem.lines.order_idx[line_idx]
        _, row = stock_rows(network, asked)
        has_room = np.zeros(len(line), np.bool_)
        for day, works in ship_days(network, order_idx[line], node, service):
            works = works & ~self.is_ruled_out(problem, asked.take(line), node, service, day)
            works &= self.stock.left(row[line, node], day) >= units[line]
            has_room |= works & self.has_room(network, node, service, day, groups.units[line], groups.size[line])
        is_full = self.num_packages[order_idx] >= problem.orders.max_packages[order_idx]
        can_join = self._joins(network, asked, groups)
        joins = can_join[line, node, service]
        later_stage = np.full(len(line), CODE[Reason.COSTLIER_THAN_UNFILLED], np.int8)
        later_stage[is_full[line] & ~joins] = CODE[Reason.MAX_PACKAGES]
        later_stage[~has_room & ~joins] = CODE[Reason.CAPACITY]
        stage[line, node, service] = later_stage
        return stage, can_join

    def short_in_all(self, network: Network, asked: Asked, stage: Stages, left: I64) -> Bools:
        """Whether all nodes where a line could ship hold together less than a ship-complete order needs, [rows].

        What may ship in its place counts in.
        """
        problem, line_idx = network.problem, asked.line_idx
        complete = problem.orders.is_ship_complete[problem.lines.order_idx[line_idx]]
        reachable: Bools = np.any(stage >= CODE[Reason.CAPACITY], axis=2)
        total = np.where(stage >= CODE[Reason.CAPACITY], left, 0).max(axis=2, initial=0).sum(axis=1)
        if len(problem.line_substitutes) and len(line_idx):
            starts = asked.starts()
            total = np.repeat(np.add.reduceat(total, starts), np.diff(starts, append=len(line_idx)))
        is_short: Bools = complete & problem.lines.is_splittable[line_idx] & (total < self.needed[line_idx])
        return is_short & reachable.any(axis=1)

    def has_room(self, network: Network, node: I64, service: I64, day: I64, units: I64, lines: I64) -> Bools:
        """Whether a new package with `units` of `lines` fits the capacity left of a node and its service on a day.

        So it must on the day on which it comes to the node where it is picked up.
        """
        room = self.room(network, node, service, day)
        fits = (np.minimum(room.service_packages, room.quota) >= 1) & self._fits(network, room, node, units, lines)
        target = network.problem.services.pickup_node_idx[service]
        moved = np.flatnonzero((target >= 0) & (target != node))
        if len(moved):
            at, by = target[moved], service[moved]
            come = self.room(network, at, by, deliver_days(network, by, day[moved]))
            fits[moved] &= self._fits(network, come, at, units[moved], lines[moved])
        return fits

    @staticmethod
    def _fits(network: Network, room: Room, node: I64, units: I64, lines: I64, is_new: bool = True) -> Bools:
        """Whether a node has room for units of lines, in a package of their own or in one that it has."""
        nodes, packages = network.problem.nodes, int(is_new)
        minutes = (nodes.umin_per_package[node] * packages + nodes.umin_per_unit[node] * units) // nodes.umin_step
        fits: Bools = (
            (room.packages >= packages) & (room.units >= units) & (room.lines >= lines) & (room.minutes >= minutes)
        )
        return fits

    def is_ruled_out(
        self, problem: Problem, asked: Asked, node: I64, service: I64, day: I64, package: I64 | None = None
    ) -> Bools:
        """Whether a rule forbids the line there on that day, or has used up its quota of packages; columns [rows].

        With `package` the line joins a package of these orders.
        """
        rules, order = problem.package_rules, problem.lines.order_idx[asked.line_idx]
        joined = None if package is None else self.package_of_plan[package]
        full = self.rule_quota.is_full(rules, order, asked.rule_row, node, service, day, joined)
        return full | any_about(rules, rules.is_forbidden, order, asked.rule_row, node, service, day)

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
            service_left(capacities, node, service, day) - self.service_packages.at(by_service),
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

    def _joins(self, network: Network, asked: Asked, groups: KitGroups) -> Bools:
        """Whether a row can join a package its order already has, [rows, nodes, services].

        With it come the other components of a kit that ships together; a package that holds the line as another SKU
        does not take it.
        """
        problem, line_idx, units = network.problem, asked.line_idx, groups.own_units
        lines, skus = problem.lines, problem.skus
        joins = np.zeros((len(line_idx), len(problem.nodes), len(problem.services)), np.bool_)
        order_idx = lines.order_idx[line_idx]
        package = rows_of(self.package_ptr, order_idx)
        if not len(package):
            return joins
        line = np.repeat(np.arange(len(line_idx)), self.num_packages[order_idx])
        node, service, day = self.package_node[package], self.package_service[package], self.package_day[package]
        num_packages, sku_idx = len(self.package_node), self.content_sku
        held = saturated_product(skus.weight_ug[sku_idx], self.content_quantity)
        weight = _sums(self.content_package, held, num_packages)[package]
        more = groups.least_sum(saturated_product(skus.weight_ug[asked.sku_idx], units))
        weight = weight + more[line]
        by_service = self.package_service[self.content_package]
        whole, part = (
            amount[np.arange(len(by_service)), by_service]
            for amount in volumetric_weight(network, sku_idx, self.content_quantity)
        )
        more_whole, more_part = (amount[line, service] for amount in volumetric_weight(network, asked.sku_idx, units))
        whole = _sums(self.content_package, whole, num_packages)[package] + more_whole
        part = _sums(self.content_package, part, num_packages)[package] + more_part
        volume = whole - (-part // 10**12)
        is_alone = np.zeros(num_packages, np.bool_)
        is_alone[self.content_package[skus.is_ship_alone[sku_idx]]] = True
        its_line = np.full(num_packages, -1, np.int64)  # a ship-alone line may still add to its own package
        its_line[self.content_package[is_alone[self.content_package]]] = self.content_line[
            is_alone[self.content_package]
        ]
        alone = is_alone[package] | skus.is_ship_alone[asked.sku_idx][line]
        lane = lanes_of(network, order_idx)[line, node, service]
        fits = ~exceeds_card(network, service, lane, weight, volume) & (~alone | (its_line[package] == line_idx[line]))
        together, size = groups.units[line], groups.size[line]
        fits &= self._fits(network, self.room(network, node, service, day), node, together, size, is_new=False)
        target = problem.services.pickup_node_idx[service]
        fits &= target == lines.pickup_node_idx[line_idx[line]]
        moved = np.flatnonzero(fits & (target >= 0) & (target != node))
        if len(moved):
            at, by = target[moved], service[moved]
            come = self.room(network, at, by, deliver_days(network, by, day[moved]))
            fits[moved] &= self._fits(network, come, at, together[moved], size[moved], is_new=False)
        if len(problem.line_substitutes):
            fits &= ~self._holds_as_other(problem, asked.take(line), package)
        fits &= ~self.is_ruled_out(problem, asked.take(line), node, service, day, package)
        is_carried, row = stock_rows(network, asked)
        fits &= is_carried[line, node]
        fits[fits] = self.stock.left(row[line, node][fits], day[fits]) >= units[line[fits]]
        joins[line[fits], node[fits], service[fits]] = True
        return joins

    def _holds_as_other(self, problem: Problem, asked: Asked, package: I64) -> Bools:
        """Whether a package holds units of each line of another SKU than the one asked, [rows]."""
        num_lines, num_skus = len(problem.lines), len(problem.skus)
        held = self.content_package * num_lines + self.content_line
        key = package * num_lines + asked.line_idx
        holds: Bools = np.isin(key, held)
        same: Bools = np.isin(key * num_skus + asked.sku_idx, held * num_skus + self.content_sku)
        return holds & ~same


def leftover_of(problem: Problem, order_idx: I64, line_idx: I64, plan: Plan, network: Network) -> Leftover:
    """What `plan` leaves, for the orders `order_idx` (ascending) with the lines `line_idx` of the whole problem.

    `network` is that of the part.
    """
    lines, stock, num_skus = problem.lines, problem.stock, len(problem.skus)
    content_node = plan.node_idx[plan.content_package]
    content_day = plan.ship_day[plan.content_package]
    stock_key = stock.node_idx * num_skus + stock.sku_idx
    content_sku = plan.skus(lines.sku_idx)
    content_key = content_node * num_skus + content_sku
    taken = np.searchsorted(stock_key, content_key)
    is_known = np.append(stock_key, -1)[taken] == content_key  # a plan that was not checked may ship from nowhere
    first_day = int(plan.ship_day.min()) if len(plan) else 0
    target = problem.services.pickup_node_idx[plan.service_idx]
    moved = np.flatnonzero((target >= 0) & (target != plan.node_idx))
    come_day = deliver_days(network, plan.service_idx[moved], plan.ship_day[moved])
    num_days = int(max(plan.ship_day.max(), come_day.max(initial=first_day))) - first_day + 1 if len(plan) else 1
    come = np.full(len(plan), -1, np.int64)
    come[moved] = target[moved] * num_days + come_day - first_day
    node_day = np.append(plan.node_idx * num_days + plan.ship_day - first_day, come[moved])
    is_moved = come[plan.content_package] >= 0
    content_day_key = np.append(content_node * num_days + content_day - first_day, come[plan.content_package][is_moved])
    handled = np.append(plan.content_quantity, plan.content_quantity[is_moved])
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
        kept=KeptStock.of(
            problem, taken[is_known], plan.order_idx[plan.content_package][is_known], plan.content_quantity[is_known]
        ),
        first_day=first_day,
        num_days=num_days,
        node_packages=_day_use(node_day, np.ones(len(node_day), np.int64)),
        node_units=_day_use(content_day_key, handled),
        node_lines=_day_use(content_day_key, np.ones_like(handled)),
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
        content_sku=content_sku[contents],
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
