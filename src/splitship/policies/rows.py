"""What a plan takes of the shared resources of an instance, found from the plan alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.domain import Plan, ResourceKind
from splitship.domain.contents import rule_rows
from splitship.domain.rule_rows import rules_about
from splitship.instance import Instance
from splitship.instance.calendar import compile_calendar
from splitship.instance.receiving import Receiving
from splitship.units import I64

_OTHERWISE = (
    ResourceKind.RULE_QUOTA, ResourceKind.STOCK_UNTIL, ResourceKind.NODE_SHARE, ResourceKind.SERVICE_COMMITMENT,
    ResourceKind.CHANNEL_RESERVE,
)  # fmt: skip
"""Kinds whose use is found in a way of their own, or does not matter."""


@dataclass(frozen=True, slots=True)
class ResourceRows:
    """The rows of an instance by what they are rows of; made once, asked for every plan."""

    instance: Instance
    first_day: int
    num_days: int
    keys: tuple[I64, ...]
    """Keys of each kind's rows, ascending, by `ResourceKind`."""
    rows: tuple[I64, ...]
    """The rows they belong to."""
    receiving: Receiving

    @classmethod
    def of(cls, instance: Instance) -> ResourceRows:
        """The rows of an instance, sorted by key."""
        resources = instance.resources
        day = resources.day[resources.day >= 0]
        first_day, last_day = (int(day.min()), int(day.max())) if len(day) else (0, 0)
        receiving = Receiving.none()
        if not instance.problem.services.is_carried.all():
            calendar = compile_calendar(instance.problem)
            receiving = Receiving.of(instance.problem, calendar, int(calendar.start_day.min(initial=calendar.last_day)))
        found = cls(instance, first_day, last_day - first_day + 1, (), (), receiving)
        keys, rows = [], []
        for kind in ResourceKind:
            of_kind = np.flatnonzero(resources.kind == int(kind))
            minor = resources.sku_idx if kind is ResourceKind.STOCK else resources.service_idx
            if kind in _OTHERWISE:
                keys.append(np.zeros(0, np.int64))
                rows.append(of_kind)
                continue
            major = resources.service_idx if kind is ResourceKind.SERVICE_QUOTA else resources.node_idx
            key = found._key(kind, major[of_kind], minor[of_kind], resources.day[of_kind])
            by_key = np.argsort(key, kind="stable")
            keys.append(key[by_key])
            rows.append(of_kind[by_key])
        return cls(instance, first_day, found.num_days, tuple(keys), tuple(rows), receiving)

    def use_of(self, plan: Plan) -> I64:
        """Units and packages that a plan takes of every resource, [rows]."""
        instance, package, units = self.instance, plan.content_package, plan.content_quantity
        use = np.zeros(len(instance.resources), np.int64)
        one, none = np.ones(len(plan), np.int64), np.full(len(plan), -1, np.int64)
        sku = plan.skus(instance.line_sku)
        self._add(use, ResourceKind.STOCK, plan.node_idx[package], sku, plan.ship_day[package], units)
        self._add(use, ResourceKind.SERVICE_PACKAGES, plan.node_idx, plan.service_idx, plan.ship_day, one)
        self._add(use, ResourceKind.SERVICE_QUOTA, plan.service_idx, none, plan.ship_day, one)
        self._add_handling(use, plan)
        self._add_rules(use, plan)
        self._add_stock_over_time(use, plan)
        self._add_reserves(use, plan)
        return use

    def _add_handling(self, use: I64, plan: Plan) -> None:
        """What packages use of the nodes that they leave, and transfers of those where they arrive, each on its day."""
        problem, package = self.instance.problem, np.arange(len(plan))
        target = problem.services.pickup_node_idx[plan.service_idx]
        moved = np.flatnonzero((target >= 0) & (target != plan.node_idx))
        package = np.append(package, moved)
        node = np.append(plan.node_idx, target[moved])
        day = np.append(plan.ship_day, self._arrival(plan.service_idx[moved], plan.ship_day[moved]))
        units = np.bincount(plan.content_package, plan.content_quantity, len(plan)).astype(np.int64)[package]
        lines = np.bincount(plan.content_package, minlength=len(plan))[package]
        nodes = problem.nodes
        minutes = (nodes.umin_per_package[node] + nodes.umin_per_unit[node] * units) // nodes.umin_step
        one, none = np.ones(len(package), np.int64), np.full(len(package), -1, np.int64)
        for kind, amount in (
            (ResourceKind.NODE_PACKAGES, one), (ResourceKind.NODE_UNITS, units),
            (ResourceKind.NODE_LINES, lines), (ResourceKind.NODE_MINUTES, minutes),
        ):  # fmt: skip
            self._add(use, kind, node, none, day, amount)

    def _arrival(self, service: I64, ship_day: I64) -> I64:
        """The days on which what leaves by transfers arrives."""
        receiving = self.receiving
        by_service = np.argsort(receiving.service)
        transfer = by_service[np.searchsorted(receiving.service[by_service], service)] if len(service) else service
        day: I64 = receiving.arrival[transfer, ship_day - receiving.first_day]
        return day

    def _add_rules(self, use: I64, plan: Plan) -> None:
        """Packages that count in the quotas of rules."""
        of_quotas = self.rows[ResourceKind.RULE_QUOTA]
        if not len(of_quotas):
            return
        rules, resources, package = self.instance.problem.package_rules, self.instance.resources, plan.content_package
        sees = rule_rows(self.instance.problem, plan)
        rows = plan.order_idx[package], sees, plan.node_idx[package], plan.service_idx[package]
        for rule, about in rules_about(rules, rules.has_quota, *rows, plan.ship_day[package]):
            days = plan.ship_day[np.unique(package[about])]
            for row in of_quotas[resources.rule_idx[of_quotas] == rules.source[rule]].tolist():
                use[row] += np.count_nonzero((resources.day[row] < 0) | (days == resources.day[row]))

    def _add_stock_over_time(self, use: I64, plan: Plan) -> None:
        """Units that ship until the day of a row from its stock."""
        of_stock, resources, package = (
            self.rows[ResourceKind.STOCK_UNTIL],
            self.instance.resources,
            plan.content_package,
        )
        if not len(of_stock):
            return
        num_skus = len(self.instance.problem.skus)
        key = resources.node_idx[of_stock] * num_skus + resources.sku_idx[of_stock]
        taken = plan.node_idx[package] * num_skus + plan.skus(self.instance.line_sku)
        by_key = np.lexsort((plan.ship_day[package], taken))
        for row, wanted in zip(of_stock.tolist(), key.tolist(), strict=True):
            first, end = np.searchsorted(taken[by_key], (wanted, wanted + 1))
            mine = by_key[first:end]
            in_time = plan.ship_day[package[mine]] <= resources.day[row]
            use[row] += int(plan.content_quantity[mine][in_time].sum())

    def _add_reserves(self, use: I64, plan: Plan) -> None:
        """Units of stock that others take than those for whom a set is kept, as far as they need not pay for it."""
        of_sets, resources, problem = (
            self.rows[ResourceKind.CHANNEL_RESERVE], self.instance.resources, self.instance.problem
        )  # fmt: skip
        if not len(of_sets):
            return
        package, reserves = plan.content_package, problem.reserves
        ptr = reserves.ptr(len(problem.stock))
        stock = problem.stock_rows(plan.node_idx[package], plan.skus(self.instance.line_sku))
        channel = reserves.order_channel[plan.order_idx[package]]
        at = problem.stock_rows(resources.node_idx[of_sets], resources.sku_idx[of_sets])
        by_stock = np.argsort(stock, kind="stable")
        for row, position in zip(of_sets.tolist(), at.tolist(), strict=True):
            first, end = np.searchsorted(stock[by_stock], (position, position + 1))
            mine = by_stock[first:end]
            kept = reserves.channel_idx[ptr[position] : ptr[position + 1]]
            kept = kept[(resources.rule_idx[row] >> np.arange(len(kept)) & 1).astype(np.bool_)]
            units = int(plan.content_quantity[mine][~np.isin(channel[mine], kept)].sum())
            use[row] = min(units, int(resources.capacity[row]))

    def _key(self, kind: ResourceKind, node: I64, minor: I64, day: I64) -> I64:
        """One number for node, SKU or service, and day; each kind ignores what it has no key for."""
        if kind is ResourceKind.STOCK:
            key: I64 = node * len(self.instance.problem.skus) + minor
            return key
        if kind is ResourceKind.SERVICE_PACKAGES:
            node = node * len(self.instance.problem.services) + minor
        return node * self.num_days + (day - self.first_day)

    def _add(self, use: I64, kind: ResourceKind, node: I64, minor: I64, day: I64, amount: I64) -> None:
        keys, rows = self.keys[kind], self.rows[kind]
        if not len(keys):
            return
        wanted = self._key(kind, node, minor, day)
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        has_row = keys[at] == wanted
        if kind is not ResourceKind.STOCK:
            has_row &= (day >= self.first_day) & (day < self.first_day + self.num_days)
        np.add.at(use, rows[at[has_row]], amount[has_row])
