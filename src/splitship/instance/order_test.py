"""One order alone on the network: what every node and service could do for the whole of it, and why not the others."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from splitship.domain import SHIPS, CostTerms, Plan, Problem, Reason
from splitship.domain.contents import choice_charges, rule_rows
from splitship.domain.rule_effects import package_charges, rule_effects
from splitship.domain.rule_rows import rules_about
from splitship.instance.asked import Asked
from splitship.instance.blocked import named
from splitship.instance.blockers import describe_blockers
from splitship.instance.calendar import NO_DAY
from splitship.instance.capacity import at_days
from splitship.instance.kept_stock import paid_for_reserves
from splitship.instance.kit_groups import KitGroups
from splitship.instance.least_values import OF_PACKAGE, Worth
from splitship.instance.leftover import Leftover, leftover_of
from splitship.instance.model import IMPOSSIBLE
from splitship.instance.stages import (
    CODE,
    OTHER_MODE,
    POSSIBLE,
    STAGES,
    Network,
    Stages,
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
    beside others. `obstacles` says why it cannot; it is empty exactly when `costs` is given. `substitutes` are line
    ids, their SKUs (of a kit, the component's) and those that ship instead.
    """

    node_id: str
    service_id: str
    ship_day: int | None
    deliver_day: int | None
    late_days: int | None
    num_packages: int
    costs: CostTerms | None
    obstacles: tuple[Obstacle, ...]
    substitutes: tuple[tuple[str, str, str], ...] = ()

    @property
    def is_possible(self) -> bool:
        """Whether the whole order can ship this way."""
        return self.costs is not None


def order_options(problem: Problem, order_idx: int) -> tuple[OrderOption, ...]:
    """Every node and service for one order, with dates, costs and obstacles, against all available stock and capacity.

    Other orders are as if they did not exist, and every line is asked for whole. A line ships as its own SKU where that
    gets furthest, else as the cheapest of the substitutes that do. Services by which nothing of the order leaves a node
    are left out. Possible options come first, by cost, delivery day and ids; the others follow by how far they got (the
    least advanced line counts), then by ids.
    """
    part, whole_idx = subset_of_orders(problem, np.array([order_idx], np.int64))
    lines = replace(part.lines, is_splittable=np.zeros(len(part.lines), np.bool_))
    part = replace(part, lines=lines)
    network = compile_network(part, problem)
    desk = _Desk(network, leftover_of(problem, np.array([order_idx], np.int64), whole_idx, Plan.empty(), network))
    options = [
        desk.option(node, service)
        for node in range(len(part.nodes))
        for service in range(len(part.services))
        if desk.is_asked(node, service)
    ]
    options.sort(key=lambda pair: pair[0])
    return tuple(option for _, option in options)


_Rank = tuple[int, int, int, str, str]


@dataclass(frozen=True, slots=True)
class _Pick:
    """The lines of the order as what they ship as, in packages; `row` [lines] are rows of `_Desk.asked`."""

    row: I64
    sku_idx: I64
    packages: list[list[int]]
    weight: list[int]
    volume: tuple[I64, I64]


class _Desk:
    """The tables for one order, and the judgement of one node and service."""

    def __init__(self, network: Network, leftover: Leftover) -> None:
        problem = network.problem
        self.problem, self.leftover, self.network = problem, leftover, network
        self.line_idx: I64 = np.arange(len(problem.lines))
        only = np.zeros(1, np.int64)
        self.asked = Asked.with_substitutes(problem, self.line_idx)
        self.in_stock = stock_at_nodes(network, self.asked, network.stock, network.kept)
        self.stage, self.row = self._furthest(line_stages(network, self.asked))
        self.lane = lanes_of(network, only)[0]
        self.ship_day = self._first_days_in_stock(first_ship_days(network, only)[0])
        self.split = split_cost(problem)
        self.late = late_limbs(problem)[0] if len(problem.orders) else np.zeros(4, np.int64)
        self.delivery = delivery_limbs(problem)

    def is_asked(self, node: int, service: int) -> bool:
        """Something of the order could leave the node by the service, as far as modes go."""
        problem = self.problem
        if not len(self.line_idx):
            return bool(problem.services.is_carried[service])
        is_there = problem.services.is_carried[service] or problem.node_services.is_offered[node, service]
        return bool(is_there and (self.stage[:, node, service] != OTHER_MODE).any())

    def _furthest(self, stage: Stages) -> tuple[Stages, I64]:
        """The furthest stage of each line, and the row of what it ships as; [lines, nodes, services]."""
        problem, asked = self.problem, self.asked
        price = np.zeros(len(asked), np.int64)
        is_other = asked.is_substitute(problem)
        price[is_other] = problem.line_substitutes.unit_price[asked.rule_row[is_other] - len(problem.lines)]
        shape = (len(self.line_idx), *stage.shape[1:])
        best, row = np.zeros(shape, np.int8), np.zeros(shape, np.int64)
        for line in self.line_idx.tolist():
            rows = np.flatnonzero(asked.line_idx == line)
            rows = rows[np.lexsort((price[rows], is_other[rows]))]
            best[line] = stage[rows].max(axis=0)
            row[line] = rows[np.argmax(stage[rows], axis=0)]
        return best, row

    def _pick(self, node: int, service: int) -> _Pick:
        row = self.row[:, node, service]
        sku_idx, quantity = self.asked.sku_idx[row], self.problem.lines.quantity
        weights = self.problem.skus.weight_ug[sku_idx]
        return _Pick(
            row,
            sku_idx,
            _packages(self.problem, sku_idx),
            [int(w) * int(q) for w, q in zip(weights, quantity, strict=True)],
            volumetric_weight(self.network, sku_idx, quantity),
        )

    def option(self, node: int, service: int) -> tuple[_Rank, OrderOption]:
        """One node and service, and its place in the list."""
        problem, pick = self.problem, self._pick(node, service)
        node_id, service_id = str(problem.nodes.node_id[node]), str(problem.services.service_id[service])
        ship_day, deliver_day, late_days = self._days(node, service)
        obstacles = self._line_obstacles(node, service, pick)
        costs = None
        if not obstacles:
            obstacles = self._order_obstacles(node, service, pick)
        if not obstacles and ship_day is not None and deliver_day is not None:
            costs = self._costs(node, service, pick, deliver_day, late_days or 0)
        option = OrderOption(
            node_id, service_id, ship_day, deliver_day, late_days, len(pick.packages), costs, tuple(obstacles),
            self._substitutes(pick) if costs is not None else (),
        )  # fmt: skip
        if costs is not None and deliver_day is not None:
            return (0, costs.total, deliver_day, node_id, service_id), option
        return (1, -int(self.stage[:, node, service].min(initial=POSSIBLE)), 0, node_id, service_id), option

    def _substitutes(self, pick: _Pick) -> tuple[tuple[str, str, str], ...]:
        lines, ids = self.problem.lines, self.problem.skus.sku_id
        other = np.flatnonzero(pick.sku_idx != lines.sku_idx)
        return tuple(
            (str(lines.line_id[line]), str(ids[lines.sku_idx[line]]), str(ids[pick.sku_idx[line]])) for line in other
        )

    def _first_days_in_stock(self, ship_day: I64) -> I64:
        """The first ship days on which all units of the order are there, [nodes, services].

        Where that never is, the first ship day of all.
        """
        problem, network = self.problem, self.network
        if not len(problem.inbound) or not len(problem.lines):
            return ship_day
        node, service = (place.reshape(-1) for place in np.indices(ship_day.shape))
        is_carried, row = stock_rows(network, self.asked)
        picked = self.row.reshape(len(self.line_idx), -1)
        sku_idx = self.asked.sku_idx[picked]
        same = sku_idx[:, None] == sku_idx[None, :]
        needed = (same * problem.lines.quantity[None, :, None]).sum(axis=1)
        days, is_found = ship_day.reshape(-1).copy(), np.zeros(ship_day.size, np.bool_)
        for day, works in ship_days(network, np.zeros_like(node), node, service):
            found = works & ~is_found
            for line in np.flatnonzero(problem.lines.quantity > 0).tolist():
                has_all = network.stock.left(row[picked[line], node], day) >= needed[line]
                found &= is_carried[picked[line], node] & has_all
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

    def _line_obstacles(self, node: int, service: int, pick: _Pick) -> list[Obstacle]:
        """What stops single lines."""
        problem = self.problem
        stage = self.stage[:, node, service].astype(np.int64)
        stage[stage == OTHER_MODE] = CODE[Reason.NO_SERVICE]
        stopped = np.flatnonzero((stage < POSSIBLE) & (problem.lines.quantity > 0))
        here = np.full(len(stage), node), np.full(len(stage), service)
        asked = self.asked.take(pick.row)
        groups = KitGroups.of(problem, asked, problem.lines.quantity)
        texts = describe_blockers(self.network, self.leftover, asked, groups, stage, *here, stopped)
        return [
            Obstacle(str(problem.lines.line_id[line]), STAGES[stage[line]], named(problem, asked, line, text))
            for line, text in zip(stopped.tolist(), texts, strict=True)
        ]

    def _order_obstacles(self, node: int, service: int, pick: _Pick) -> list[Obstacle]:
        """What stops the lines together, though each could ship."""
        problem, node_id = self.problem, str(self.problem.nodes.node_id[node])
        service_id = str(problem.services.service_id[service])
        found = []
        for rows in pick.packages:
            weight, limit = sum(pick.weight[row] for row in rows), int(problem.services.max_weight_ug[service])
            if weight > limit:
                text = f"{node_id}: together {weight / UG_PER_KG:g} kg, {service_id} takes {limit / UG_PER_KG:g} kg"
                found.append(Obstacle(None, Reason.TOO_HEAVY, text))
            elif self._shipping(node, service, pick, rows) >= IMPOSSIBLE:
                text = f"{node_id}: together {weight / UG_PER_KG:g} kg, beyond {service_id}'s rates"
                found.append(Obstacle(None, Reason.TOO_HEAVY, text))
        found += self._worth_too_little(node_id, pick)
        quantity = problem.lines.quantity
        for sku in np.unique(pick.sku_idx).tolist():
            needed = int(quantity[pick.sku_idx == sku].sum())
            line = int(np.flatnonzero(pick.sku_idx == sku)[0])
            if (available := int(self.in_stock[pick.row[line], node, service])) < needed:
                text = f"{node_id}: {available} available of {problem.skus.sku_id[sku]}, {needed} needed together"
                found.append(Obstacle(None, Reason.NO_STOCK, text))
        num_packages, units = len(pick.packages), int(quantity.sum())
        target = int(problem.services.pickup_node_idx[service])
        limits = [(node_id, int(problem.node_services.max_packages_per_day[node, service]), num_packages,
                   f"packages by {service_id}")]  # fmt: skip
        for at in [node] if target in (SHIPS, node) else [node, target]:
            its_id = str(problem.nodes.node_id[at])
            day = int(self.ship_day[node, service]) if at == node else self._days(node, service)[1]
            room = self._room(at, day)
            limits.append((its_id, room[0], num_packages, "packages"))
            limits.append((its_id, room[1], units, "units"))
        for its_id, limit, needed, what in limits:
            if needed > limit:
                found.append(Obstacle(None, Reason.CAPACITY, f"{its_id}: {limit} {what} a day, {needed} needed"))
        found += self._ruled_out(node, service, pick)
        found += self._promised_elsewhere(node, service, pick)
        most = int(problem.orders.max_packages[0])
        if num_packages > most:
            released = int(problem.orders.num_released[0])
            gone = f"{released} packages were released, the rest makes" if released else "ship-alone lines make"
            text = f"{gone} {num_packages} packages, the order may have {most + released}"
            found.append(Obstacle(None, Reason.MAX_PACKAGES, text))
        return found

    def _room(self, node: int, day: int | None) -> tuple[int, int]:
        """Packages and units that a node has room for on a day, once released packages have theirs."""
        nodes, capacities = self.problem.nodes, self.network.capacities
        usual = int(nodes.max_packages_per_day[node]), int(nodes.max_units_per_day[node])
        if not len(self.problem.released) or day is None:
            return usual
        at = np.array([node]), np.array([day]), capacities.first_day
        left = int(at_days(capacities.packages, *at)[0]), int(at_days(capacities.units, *at)[0])
        return min(usual[0], left[0]), min(usual[1], left[1])

    def _worth_too_little(self, node_id: str, pick: _Pick) -> list[Obstacle]:
        """Packages that are worth less than a rule asks for."""
        least, problem, found = self.network.least, self.problem, []
        for rows in pick.packages if least.is_any else ():
            worth = Worth(1)
            worth.add(np.zeros(len(rows), np.int64), problem, np.array(rows), problem.lines.quantity[rows])
            if worth.micros[0] < least.of_package[0]:
                text = least.text(OF_PACKAGE, 0, f"one of the order's is worth {worth.text(0)}")
                found.append(Obstacle(None, Reason.RULE, f"{node_id}: {text}"))
        return found

    def _ruled_out(self, node: int, service: int, pick: _Pick) -> list[Obstacle]:
        """What rules forbid on the first ship day only, and quotas that are too small for the order's packages."""
        rules, plan, problem = self.problem.package_rules, self._plan(node, service, pick), self.problem
        package, day = plan.content_package, day_text(int(self.ship_day[node, service]))
        rows = plan.order_idx[package], rule_rows(problem, plan), plan.node_idx[package], plan.service_idx[package]
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

    def _shipping(self, node: int, service: int, pick: _Pick, rows: list[int]) -> int:
        """Shipping cost of one package with whole lines; IMPOSSIBLE beyond the card."""
        tariffs, lane = self.network.tariffs, int(self.lane[node, service])
        weight = sum(pick.weight[row] for row in rows)
        whole, part = (sum(int(amount[row, service]) for row in rows) for amount in pick.volume)
        rate = int(
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
        units = int(self.problem.lines.quantity[rows].sum())
        return rate if rate >= IMPOSSIBLE else rate + units * int(self.problem.services.unit_cost[service])

    def _costs(self, node: int, service: int, pick: _Pick, deliver_day: int, late_days: int) -> CostTerms:
        """The cost of the whole order by term, as `check` would account for its packages."""
        tariffs, calendar, count = self.network.tariffs, self.network.calendar, len(pick.packages)
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
            for rows in pick.packages
        ]
        plan = self._plan(node, service, pick)
        by_rules, by_surcharges = package_charges(self.problem, plan)
        return CostTerms(
            shipping=sum(self._shipping(node, service, pick, rows) for rows in pick.packages)
            + int(by_surcharges.sum()),
            handling=int(sum(handling)),
            delivery=count * int(times_days(self.delivery, np.int64(deliver_day - started))),
            late=count * int(times_days(self.late, np.int64(late_days))),
            split=(count if self.problem.orders.num_released[0] else max(0, count - 1)) * self.split,
            rules=int(by_rules.sum()) + int(choice_charges(self.problem, plan).sum()),
            soft=sum(effect.beyond_cost or 0 for effect in rule_effects(self.problem, plan))
            + int(self.problem.promises.price[self._broken(plan)].sum())
            + paid_for_reserves(self.problem, plan),
        )

    def _broken(self, plan: Plan) -> I64:
        """The promises that a plan of the whole order does not keep."""
        promises, lines = self.problem.promises, self.problem.lines
        package = np.full(len(lines), -1)
        package[plan.content_line] = plan.content_package
        found = []
        for promise in range(len(promises)):
            held = np.unique(package[lines.promise_idx == promise])
            place = promises.node_idx[promise], promises.service_idx[promise], promises.ship_day[promise]
            here = plan.node_idx[held[0]], plan.service_idx[held[0]], plan.ship_day[held[0]]
            if len(held) > 1 or place != here:
                found.append(promise)
        return np.array(found, np.int64)

    def _promised_elsewhere(self, node: int, service: int, pick: _Pick) -> list[Obstacle]:
        """Promises that must be kept and are not."""
        promises, problem = self.problem.promises, self.problem
        if not len(promises):
            return []
        broken = self._broken(self._plan(node, service, pick))
        broken = broken[~promises.may_move[broken]]
        rows = zip(
            promises.node_idx[broken].tolist(), promises.service_idx[broken].tolist(),
            promises.ship_day[broken].tolist(), strict=True,
        )  # fmt: skip
        here, nodes, services = problem.nodes.node_id[node], problem.nodes.node_id, problem.services.service_id
        return [
            Obstacle(
                None,
                Reason.RULE,
                f"{here}: the package promised from {nodes[at]} by {services[by]} on {day_text(day)} must be kept",
            )
            for at, by, day in rows
        ]

    def _plan(self, node: int, service: int, pick: _Pick) -> Plan:
        """The whole order from one node by one service."""
        count, lines = len(pick.packages), [row for rows in pick.packages for row in rows]
        package = np.repeat(np.arange(count), [len(rows) for rows in pick.packages])
        one = np.ones(count, np.int64)
        return Plan(
            0 * one,
            node * one,
            service * one,
            self.ship_day[node, service] * one,
            package.astype(np.int64),
            np.array(lines, np.int64),
            self.problem.lines.quantity[lines],
            pick.sku_idx[lines],
        )


def _packages(problem: Problem, sku_idx: I64) -> list[list[int]]:
    """The lines of the only order by package: each ship-alone line by itself, all others together."""
    is_alone = problem.skus.is_ship_alone[sku_idx]
    is_left = problem.lines.quantity > 0  # units that were released are gone
    together = np.flatnonzero(~is_alone & is_left).tolist()
    return ([together] if together else []) + [[row] for row in np.flatnonzero(is_alone & is_left).tolist()]
