"""How much of a resource there is, and how much of it a plan uses."""

from __future__ import annotations

import numpy as np

from splitship.check.capacity import NODE_KINDS, Capacities
from splitship.domain import SHIPS, ResourceKind, Result, Steering
from splitship.domain.rule_effects import rule_effects
from splitship.planning.more import reserve_in_force
from splitship.planning.resources import Resource
from splitship.units import I64, Bools


class ResourceUse:
    """Supply and use of resources in an answer; what released packages use is off the supply."""

    def __init__(self, result: Result) -> None:
        self._problem, self._plan = result.problem, result.plan
        problem, plan = self._problem, self._plan
        self._capacities = Capacities(problem)
        self._effects = {each.name: each for each in rule_effects(problem, plan) if not each.is_surcharge}
        self._sku = plan.skus(problem.lines.sku_idx)
        self._content_node = plan.node_idx[plan.content_package]
        target = problem.services.pickup_node_idx[plan.service_idx]
        moved = np.flatnonzero((target != SHIPS) & (target != plan.node_idx))
        arrives = np.zeros(0, np.int64) if result.report.packages is None else result.report.packages.deliver_day[moved]
        self._package = np.append(np.arange(len(plan)), moved)
        self._node, self._day = np.append(plan.node_idx, target[moved]), np.append(plan.ship_day, arrives)
        units: I64 = np.zeros(len(plan), np.int64)
        np.add.at(units, plan.content_package, plan.content_quantity)
        self._units, self._lines = units, np.bincount(plan.content_package, minlength=len(plan))

    def of(self, resource: Resource) -> tuple[int, int] | None:
        """Supply and use; None for shares of nodes, which have neither. Minutes in 10^-6.

        Of a limit on every day: the limit, and the use of the fullest day. Of what is kept for a channel: what is kept,
        and what the channel's orders take of the position. Of a committed volume: the volume, and its packages.
        """
        problem, plan, node = self._problem, self._plan, np.array([resource.node_idx])
        service, day = np.array([resource.service_idx]), np.array([resource.day])
        match resource.kind:
            case ResourceKind.STOCK | ResourceKind.STOCK_UNTIL:
                row = problem.stock_rows(node, np.array([resource.sku_idx]))
                return int(problem.ever_available[row[0]]), int(plan.content_quantity[self._taken(resource)].sum())
            case ResourceKind.CHANNEL_RESERVE:
                order = plan.order_idx[plan.content_package]
                mine = self._taken(resource) & (problem.orders.channel[order] == resource.channel)
                return reserve_in_force(problem, resource), int(plan.content_quantity[mine].sum())
            case ResourceKind.SERVICE_PACKAGES:
                at = (plan.node_idx == resource.node_idx) & (plan.service_idx == resource.service_idx)
                most = np.unique(plan.ship_day[at], return_counts=True)[1].max(initial=0)
                return int(problem.node_services.max_packages_per_day[resource.node_idx, resource.service_idx]), int(
                    most
                )
            case ResourceKind.SERVICE_QUOTA | ResourceKind.SERVICE_COMMITMENT:
                count = int(np.sum((plan.service_idx == resource.service_idx) & (plan.ship_day == resource.day)))
                if resource.kind is ResourceKind.SERVICE_QUOTA:
                    return int(self._capacities.quota(service, day)[0]), count
                steering = Steering.of(problem)
                at = (steering.service_idx == resource.service_idx) & (steering.day == resource.day)
                return int(steering.min_packages[at].sum()), count
            case ResourceKind.RULE_QUOTA:
                effect = self._effects[problem.rules[resource.rule_idx].name]
                return int(effect.quota or 0), int(effect.most_used or 0)
            case ResourceKind.NODE_SHARE:
                return None
        left = self._capacities.left(node, day)[0, NODE_KINDS.index(resource.kind)]
        unit = problem.nodes.umin_step if resource.kind is ResourceKind.NODE_MINUTES else 1
        return int(left) * unit, self._handled(resource)

    def _taken(self, resource: Resource) -> Bools:
        """Contents of the position's SKU from its node, [contents]."""
        found: Bools = (self._content_node == resource.node_idx) & (self._sku == resource.sku_idx)
        return found

    def _handled(self, resource: Resource) -> int:
        """What a node handles on a day, transfers that come to it counted in."""
        package = self._package[(self._node == resource.node_idx) & (self._day == resource.day)]
        match resource.kind:
            case ResourceKind.NODE_PACKAGES:
                return len(package)
            case ResourceKind.NODE_UNITS:
                return int(self._units[package].sum())
            case ResourceKind.NODE_LINES:
                return int(self._lines[package].sum())
        nodes = self._problem.nodes
        per_package, per_unit = (
            nodes.umin_per_package[resource.node_idx], nodes.umin_per_unit[resource.node_idx]
        )  # fmt: skip
        return int(per_package * len(package) + per_unit * self._units[package].sum())
