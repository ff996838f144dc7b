"""The reason of an unfilled line in words: the node and the number that stops it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from splitship.domain import LONG_PAST, Reason
from splitship.domain.rule_rows import rules_about
from splitship.instance.calendar import NO_DAY
from splitship.instance.capacity import at_days
from splitship.instance.eligibility import distance_limits, transit_limits
from splitship.instance.leftover import Leftover
from splitship.instance.stages import (
    STAGES,
    Network,
    first_ship_days,
    lanes_of,
    last_ship_days,
    node_distances,
    stock_at_nodes,
    units_at_once,
)
from splitship.instance.stock_by_day import late_arrivals
from splitship.units import I64, UG_PER_KG, day_text


@dataclass(frozen=True, slots=True)
class Place:
    """One unfilled line at the node and service that got furthest: positions, and the amounts a text may need."""

    network: Network
    leftover: Leftover
    line: int
    order: int
    node: int
    service: int
    lane: int
    day: int
    units: int
    needed: int
    left: int
    available: int
    is_carried: bool
    late_units: int
    late_day: int
    last_day: int

    @property
    def node_id(self) -> str:
        """The node's id."""
        return str(self.network.problem.nodes.node_id[self.node])

    @property
    def service_id(self) -> str:
        """The service's id."""
        return str(self.network.problem.services.service_id[self.service])

    @property
    def sku_id(self) -> str:
        """The line's SKU."""
        return str(self.network.problem.skus.sku_id[self.network.problem.lines.sku_idx[self.line]])


def describe_blockers(
    network: Network, leftover: Leftover, line_idx: I64, code: I64, node_idx: I64, service_idx: I64
) -> list[str]:
    """A short text for each of `line_idx`: what stops it at its node and service, `CHI1: 2 available, 3 needed`."""
    problem = network.problem
    if not len(problem.nodes):
        return ["there is no node"] * len(line_idx)
    if not len(problem.services):
        return ["there is no carrier service"] * len(line_idx)
    order_idx = problem.lines.order_idx[line_idx]
    row = range(len(line_idx))
    left = stock_at_nodes(network, line_idx, leftover.stock)
    available = stock_at_nodes(network, line_idx, network.stock)
    last_day, late_units, late_day = np.full((3, len(line_idx)), LONG_PAST)
    if len(problem.inbound):
        last_day = last_ship_days(network, order_idx, node_idx, service_idx)
        late_units, late_day = late_arrivals(problem, node_idx, problem.lines.sku_idx[line_idx], last_day)
    columns = (
        line_idx,
        order_idx,
        node_idx,
        service_idx,
        lanes_of(network, order_idx)[row, node_idx, service_idx],
        first_ship_days(network, order_idx)[row, node_idx, service_idx],
        units_at_once(problem, line_idx),
        leftover.needed[line_idx],
        left[row, node_idx, service_idx],
        available[row, node_idx, service_idx],
        np.isin(problem.lines.sku_idx[line_idx], problem.stock.sku_idx),
        late_units,
        late_day,
        last_day,
    )
    return [
        _TEXTS[STAGES[stage]](Place(network, leftover, *values))
        for stage, *values in zip(code.tolist(), *(column.tolist() for column in columns), strict=True)
    ]


def _not_carried(place: Place) -> str:
    return f"{place.node_id}: {place.sku_id} is not carried" if place.is_carried else f"no node carries {place.sku_id}"


def _excluded(place: Place) -> str:
    return f"{place.node_id}: excluded by the order"


def _closed(place: Place) -> str:
    return f"{place.node_id}: closed"


def _too_far(place: Place) -> str:
    problem = place.network.problem
    distance = node_distances(problem, problem.lines.order_idx[place.line : place.line + 1])[0, place.node]
    limits = distance_limits(problem)
    assert limits is not None
    limit = f"{limits[place.order]:.9f}".rstrip("0").rstrip(".")
    return f"{place.node_id}: {distance:,.0f} km away, limit {limit}"


def _rule(place: Place) -> str:
    rules = place.network.problem.package_rules
    rule, _ = next(rules_about(rules, rules.is_forbidden, *_row(place)))
    named = place.network.problem.rules[int(rules.source[rule])]
    what = "allows no package" if named.quota is not None else "forbids it"
    return f"{place.node_id}: the rule {named.name!r} {what} by {place.service_id}"


def _rule_at_its_limit(place: Place) -> str | None:
    """The first rule whose quota is used up on the first ship day, in words."""
    rules, use = place.network.problem.package_rules, place.leftover.rule_quota
    row = _row(place)
    for rule, _ in rules_about(rules, rules.has_quota & ~rules.is_soft, *row):
        left, limit = int(use.left(int(np.searchsorted(use.rule, rule)), row[-1])[0]), int(rules.quota[rule])
        if left < 1:
            when = f"on {day_text(place.day)}" if rules.is_quota_per_day[rule] else "in the batch"
            name = place.network.problem.rules[int(rules.source[rule])].name
            return f"{place.node_id}: {limit - left} of {limit} packages of the rule {name!r} used {when}"
    return None


def _row(place: Place) -> tuple[I64, I64, I64, I64, I64]:
    """Order, line, node, service and first ship day as columns of one row."""
    order, line, node, service, day = _columns(place.order, place.line, place.node, place.service, place.day)
    return order, line, node, service, day


def _no_service(place: Place) -> str:
    problem, network = place.network.problem, place.network
    if not problem.node_services.is_offered[place.node, place.service]:
        return f"{place.node_id}: {place.service_id} is not offered"
    if place.lane < 0:
        where = f"{problem.orders.country[place.order]} {problem.orders.postal_code[place.order]}"
        return f"{place.node_id}: {place.service_id} has no lane to {where}"
    if network.lanes.bracket_end[place.lane] <= network.lanes.bracket_start[place.lane]:
        return f"{place.node_id}: {place.service_id} has no rate for zone {problem.lanes.zone[place.lane]}"
    if (network.calendar.first_ship[place.node, place.service] == NO_DAY).all():
        return f"{place.node_id}: {place.service_id} has no ship day on which the node works"
    return f"{place.node_id}: {place.service_id} has no delivery day"


def _too_heavy(place: Place) -> str:
    problem = place.network.problem
    weight = int(problem.skus.weight_ug[problem.lines.sku_idx[place.line]]) * place.units
    limit = int(problem.services.max_weight_ug[place.service])
    if weight > limit:
        return f"{place.node_id}: {_kg(weight)} kg, {place.service_id} takes at most {_kg(limit)} kg"
    top = int(problem.rates.up_to_ug[place.network.lanes.bracket_end[place.lane] - 1])
    return f"{place.node_id}: {_kg(weight)} kg is billed beyond {place.service_id}'s rates, up to {_kg(top)} kg"


def _too_late(place: Place) -> str:
    days, limits = int(place.network.lanes.transit_days[place.lane]), transit_limits(place.network.problem)
    assert limits is not None
    return f"{place.node_id}: {days} transit days by {place.service_id}, limit {limits[place.order]}"


def _no_stock(place: Place) -> str:
    if place.left >= place.units:  # one node would do for a unit, but all nodes together do not for the whole line
        return f"{place.node_id} has {place.left}, all nodes together less than the {place.needed} needed"
    late = ""
    if place.late_day != LONG_PAST:
        last = "" if place.last_day == LONG_PAST else f", its last ship day is {day_text(place.last_day)}"
        late = f"; {place.late_units} more from {day_text(place.late_day)} are too late{last}"
    if place.left == place.available:
        return f"{place.node_id}: {place.left} available, {place.needed} needed{late}"
    return f"{place.node_id}: {place.left} of {place.available} available left, {place.needed} needed{late}"


def _capacity(place: Place) -> str:
    problem, leftover, network = place.network.problem, place.leftover, place.network
    nodes, capacities, date = problem.nodes, network.capacities, day_text(place.day)
    at = _columns(place.node, place.service, place.day)
    room = leftover.room(network, *at)

    def of(capacity: I64, row: I64, left: I64) -> str:
        limit = int(at_days(capacity, row, at[2], capacities.first_day)[0])
        return f"{limit - int(left[0])} of {limit}"

    if room.packages[0] < 1:
        return f"{place.node_id}: {of(capacities.packages, at[0], room.packages)} packages used on {date}"
    if room.units[0] < place.units:
        used = of(capacities.units, at[0], room.units)
        return f"{place.node_id}: {used} units used on {date}, {place.units} needed at once"
    if room.lines[0] < 1:
        return f"{place.node_id}: {of(capacities.lines, at[0], room.lines)} lines used on {date}"
    step = nodes.umin_step
    needed = int(nodes.umin_per_package[place.node] + nodes.umin_per_unit[place.node] * place.units)
    if room.minutes[0] < needed // step:
        left = int(room.minutes[0]) * step / UMIN_PER_MINUTE
        return f"{place.node_id}: {left:g} minutes left on {date}, {needed / UMIN_PER_MINUTE:g} needed at once"
    if room.quota[0] < 1:
        used = of(capacities.quota, at[1], room.quota)
        return f"{place.service_id}: {used} packages from all nodes used on {date}"
    by_rule = _rule_at_its_limit(place)
    if room.service_packages[0] >= 1 and by_rule is not None:
        return by_rule
    limit = int(problem.node_services.max_packages_per_day[place.node, place.service])
    used = f"{limit - int(room.service_packages[0])} of {limit}"
    return f"{place.node_id}: {used} packages by {place.service_id} used on {date}"


def _max_packages(place: Place) -> str:
    limit = int(place.network.problem.orders.max_packages[place.order])
    return f"the order has all its {limit} packages; {place.node_id} has {place.left}"


def _costlier(place: Place) -> str:
    return f"{place.node_id} could ship it by {place.service_id}, at a higher cost in all than leaving it unfilled"


def _columns(*values: int) -> list[I64]:
    """Scalars as columns of one row."""
    return [np.array([value], np.int64) for value in values]


UMIN_PER_MINUTE = 10**6


def _kg(weight_ug: int) -> str:
    return f"{weight_ug / UG_PER_KG:g}"


_TEXTS: dict[Reason, Callable[[Place], str]] = {
    Reason.NOT_CARRIED: _not_carried,
    Reason.NODE_EXCLUDED: _excluded,
    Reason.NODE_CLOSED: _closed,
    Reason.RULE: _rule,
    Reason.TOO_FAR: _too_far,
    Reason.NO_SERVICE: _no_service,
    Reason.TOO_HEAVY: _too_heavy,
    Reason.TOO_LATE: _too_late,
    Reason.NO_STOCK: _no_stock,
    Reason.CAPACITY: _capacity,
    Reason.MAX_PACKAGES: _max_packages,
    Reason.COSTLIER_THAN_UNFILLED: _costlier,
}
