"""The reason of an unfilled line in words: the node and the number that stops it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from splitship.domain import LONG_PAST, SHIPS, Reason
from splitship.domain.rule_rows import rules_about
from splitship.instance.asked import Asked
from splitship.instance.calendar import NO_DAY
from splitship.instance.capacity import at_days
from splitship.instance.eligibility import distance_limits, transit_limits
from splitship.instance.kit_groups import KitGroups
from splitship.instance.leftover import Leftover
from splitship.instance.stages import (
    STAGES,
    Network,
    deliver_days,
    exceeds_card,
    first_ship_days,
    is_rejected,
    lanes_of,
    last_ship_days,
    node_distances,
    saturated_product,
    stock_at_nodes,
    units_at_once,
    volumetric_weight,
)
from splitship.instance.stock_by_day import late_arrivals
from splitship.units import I64, UG_PER_KG, day_text


@dataclass(frozen=True, slots=True)
class Place:
    """One unfilled line at the node and service that got furthest: positions, and the amounts a text may need.

    `sku` is what would ship, `rule_row` its row in the bits of rules. `together` are the units and `weight` the weight
    (micrograms) of all that must lie in one package with `units` of it, and `parts` the lines.
    """

    network: Network
    leftover: Leftover
    line: int
    sku: int
    rule_row: int
    order: int
    node: int
    service: int
    lane: int
    day: int
    units: int
    together: int
    weight: int
    parts: int
    is_torn: bool
    needed: int
    left: int
    left_for_all: int
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
        """The SKU that would ship."""
        return str(self.network.problem.skus.sku_id[self.sku])

    @property
    def pickup(self) -> int:
        """The node at which the line is picked up, SHIPS where it ships."""
        return int(self.network.problem.lines.pickup_node_idx[self.line])

    @property
    def pickup_id(self) -> str:
        """The id of that node."""
        return str(self.network.problem.nodes.node_id[self.pickup])


def describe_blockers(
    network: Network,
    leftover: Leftover,
    asked: Asked,
    groups: KitGroups,
    code: I64,
    node_idx: I64,
    service_idx: I64,
    rows: I64 | None = None,
) -> list[str]:
    """A short text for each row asked: what stops it at its node and service, `CHI1: 2 available, 3 needed`.

    `groups` are those of the rows, all components of their kits among them. With `rows` only these have texts.
    """
    problem, line_idx = network.problem, asked.line_idx
    listed = range(len(line_idx)) if rows is None else rows.tolist()
    if not len(problem.nodes):
        return ["there is no node"] * len(listed)
    if not len(problem.services):
        return ["there is no carrier service"] * len(listed)
    order_idx = problem.lines.order_idx[line_idx]
    row = range(len(line_idx))
    left = stock_at_nodes(network, asked, leftover.stock, leftover.kept)
    left_for_all = stock_at_nodes(network, asked, leftover.stock)
    available = stock_at_nodes(network, asked, network.full_stock)
    weight = groups.least_sum(saturated_product(problem.skus.weight_ug[asked.sku_idx], groups.own_units))
    last_day, late_units, late_day = np.full((3, len(line_idx)), LONG_PAST)
    if len(problem.inbound):
        last_day = last_ship_days(network, order_idx, node_idx, service_idx)
        late_units, late_day = late_arrivals(problem, node_idx, asked.sku_idx, last_day)
    columns = (
        line_idx,
        asked.sku_idx,
        asked.rule_row,
        order_idx,
        node_idx,
        service_idx,
        lanes_of(network, order_idx)[row, node_idx, service_idx],
        first_ship_days(network, order_idx)[row, node_idx, service_idx],
        units_at_once(problem, line_idx),
        groups.units,
        weight,
        groups.size,
        groups.is_torn,
        leftover.needed[line_idx],
        left[row, node_idx, service_idx],
        left_for_all[row, node_idx, service_idx],
        available[row, node_idx, service_idx],
        np.isin(asked.sku_idx, problem.stock.sku_idx),
        late_units,
        late_day,
        last_day,
    )
    values = list(zip(code.tolist(), *(column.tolist() for column in columns), strict=True))
    return [_TEXTS[STAGES[values[at][0]]](Place(network, leftover, *values[at][1:])) for at in listed]


def _not_carried(place: Place) -> str:
    return f"{place.node_id}: {place.sku_id} is not carried" if place.is_carried else f"no node carries {place.sku_id}"


def _excluded(place: Place) -> str:
    problem = place.network.problem
    orders, line = problem.orders, np.array([place.line], np.int64)
    excluded = orders.excluded_node_idx[orders.excluded_ptr[place.order] : orders.excluded_ptr[place.order + 1]]
    if place.node not in excluded and is_rejected(problem, line)[0, place.node]:
        return f"{place.node_id}: it has rejected the line"
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
    if place.network.least.is_short[place.order]:
        return place.network.least.short_text(place.order)
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
    """Order, row of the bits of lines, node, service and first ship day as columns of one row."""
    order, line, node, service, day = _columns(place.order, place.rule_row, place.node, place.service, place.day)
    return order, line, node, service, day


def _no_service(place: Place) -> str:
    problem, network = place.network.problem, place.network
    is_offered = problem.node_services.is_offered[place.node, place.service]
    if problem.services.pickup_node_idx[place.service] != place.pickup or (place.pickup != SHIPS and not is_offered):
        return _other_mode(place)
    if place.is_torn:
        alone = (
            "one of them ships alone" if not problem.skus.is_ship_alone[place.sku] else f"{place.sku_id} ships alone"
        )
        return f"{place.node_id}: the components of the kit lie in one package, and {alone}"
    if not is_offered:
        return f"{place.node_id}: {place.service_id} is not offered"
    if place.lane < 0:
        where = f"{problem.orders.country[place.order]} {problem.orders.postal_code[place.order]}"
        return f"{place.node_id}: {place.service_id} has no lane to {where}"
    if network.lanes.bracket_end[place.lane] <= network.lanes.bracket_start[place.lane]:
        return f"{place.node_id}: {place.service_id} has no rate for zone {problem.lanes.zone[place.lane]}"
    if (network.calendar.first_ship[place.node, place.service] == NO_DAY).all():
        return f"{place.node_id}: {place.service_id} has no ship day on which the node works"
    return f"{place.node_id}: {place.service_id} has no delivery day"


def _other_mode(place: Place) -> str:
    """No way of the line's mode leads from the node."""
    if place.pickup == SHIPS:
        return f"{place.node_id}: {place.service_id} is only for lines that are picked up"
    if not place.network.problem.nodes.is_open[place.pickup]:
        return f"{place.node_id}: {place.pickup_id}, where it is picked up, is closed"
    if place.pickup == place.node:
        return f"{place.node_id}: it is picked up here, not shipped by {place.service_id}"
    problem = place.network.problem
    if (problem.node_services.is_offered[place.node] & (problem.services.pickup_node_idx == place.pickup)).any():
        return f"{place.node_id}: it is picked up at {place.pickup_id}, not shipped by {place.service_id}"
    return f"{place.node_id}: no transfer goes from here to {place.pickup_id}, where it is picked up"


def _too_heavy(place: Place) -> str:
    problem, network = place.network.problem, place.network
    weight = int(problem.skus.weight_ug[place.sku]) * place.units
    whole, part = volumetric_weight(network, *_columns(place.sku, place.units))
    volume = whole[0, place.service] + (part[0, place.service] > 0)
    row = _columns(place.service, place.lane, weight, int(volume))
    if place.parts > 1 and not exceeds_card(network, *row)[0]:
        weight = place.weight
        return f"{place.node_id}: the kit weighs {_kg(weight)} kg at the least, more than {place.service_id} takes"
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
    if place.left < place.left_for_all:
        return f"{place.node_id}: {place.left_for_all} available, {_kept(place)}{late}"
    if place.left == place.available:
        return f"{place.node_id}: {place.left} available, {place.needed} needed{late}"
    return f"{place.node_id}: {place.left} of {place.available} available left, {place.needed} needed{late}"


def _kept(place: Place) -> str:
    """`kept for web`, and what orders of this one's channel may have where that is more than nothing."""
    problem = place.network.problem
    row = int(problem.stock_rows(*_columns(place.node, place.sku))[0])
    channel = int(problem.reserves.order_channel[place.order])
    names = place.leftover.kept.names(row, channel)
    rest = f", {place.left} of them for this order, {place.needed} needed" if place.left else ""
    return f"kept for {', '.join(names)}{rest}"


def _capacity(place: Place) -> str:
    problem, leftover, network = place.network.problem, place.leftover, place.network
    capacities, date = network.full_capacities, day_text(place.day)
    at = _columns(place.node, place.service, place.day)
    room = leftover.room(network, *at)

    if (full := _node_full(place, place.node, place.day)) is not None:
        return full
    if room.quota[0] < 1:
        used = _used_of(network, capacities.quota, at[1], at[2], room.quota)
        return f"{place.service_id}: {used} packages from all nodes used on {date}"
    by_rule = _rule_at_its_limit(place)
    if room.service_packages[0] >= 1 and by_rule is not None:
        return by_rule
    if room.service_packages[0] >= 1 and place.pickup not in (SHIPS, place.node):
        come = int(deliver_days(network, *_columns(place.service, place.day))[0])
        if (full := _node_full(place, place.pickup, come)) is not None:
            return full
    limit = int(problem.node_services.max_packages_per_day[place.node, place.service])
    used = f"{limit - int(room.service_packages[0])} of {limit}"
    return f"{place.node_id}: {used} packages by {place.service_id} used on {date}"


def _node_full(place: Place, node: int, day: int) -> str | None:
    """What a node lacks on a day for what must lie in one package; None when it has room."""
    network, nodes = place.network, place.network.problem.nodes
    capacities, date, node_id = network.full_capacities, day_text(day), str(nodes.node_id[node])
    at = _columns(node, place.service, day)
    room = place.leftover.room(network, *at)

    def of(capacity: I64, left: I64) -> str:
        return _used_of(network, capacity, at[0], at[2], left)

    if room.packages[0] < 1:
        return f"{node_id}: {of(capacities.packages, room.packages)} packages used on {date}"
    if room.units[0] < place.together:
        return f"{node_id}: {of(capacities.units, room.units)} units used on {date}, {place.together} needed at once"
    if room.lines[0] < place.parts:
        needed = f", {place.parts} needed at once" if place.parts > 1 else ""
        return f"{node_id}: {of(capacities.lines, room.lines)} lines used on {date}{needed}"
    step = nodes.umin_step
    umin = int(nodes.umin_per_package[node] + nodes.umin_per_unit[node] * place.together)
    if room.minutes[0] < umin // step:
        left = int(room.minutes[0]) * step / UMIN_PER_MINUTE
        return f"{node_id}: {left:g} minutes left on {date}, {umin / UMIN_PER_MINUTE:g} needed at once"
    return None


def _used_of(network: Network, capacity: I64, row: I64, day: I64, left: I64) -> str:
    limit = int(at_days(capacity, row, day, network.capacities.first_day)[0])
    return f"{limit - int(left[0])} of {limit}"


def _max_packages(place: Place) -> str:
    orders = place.network.problem.orders
    released = int(orders.num_released[place.order])
    limit = int(orders.max_packages[place.order]) + released
    gone = f", {released} of them released" if released else ""
    return f"the order has all its {limit} packages{gone}; {place.node_id} has {place.left}"


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
