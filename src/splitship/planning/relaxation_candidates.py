"""What could be relaxed so that unfilled units ship: found by where each line stops at every node and service."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import numpy as np

from splitship.domain import Plan, Problem, Reason, ResourceKind, Rule
from splitship.domain.rule_rows import rules_about
from splitship.instance.stages import (
    CODE,
    STAGES,
    first_ship_days,
    lanes_of,
    node_distances,
)
from splitship.planning.blocked_lines import Blocked, Candidate, Found, blocked_lines, groups
from splitship.planning.more import in_force, with_more
from splitship.planning.resources import Resource
from splitship.units import I64, MICROS, Bools

_HOUR_US = 3600 * MICROS
_DAY_US = 24 * _HOUR_US
_MOST_HOURS = 12
"""A cut-off that was missed by more is not one to move."""
_NEVER = -1
"""Last day of a rule that holds no more: before all ship days."""
_ROUND_KM = 50


def candidates(problem: Problem, plan: Plan, order: int | None = None) -> list[Candidate]:
    """Relaxations for what a plan leaves unfilled, those at which most money stops first. Nothing is solved.

    With `order` only what that order, by its position, lacks is looked at.
    """
    found = Found(problem)
    for chunk in blocked_lines(problem, plan, order):
        for finder in (_stock, _capacity, _places, _forbidden, _far, _slow, _orders, _cutoffs):
            finder(found, chunk)
    return found.sorted()


def _stock(found: Found, chunk: Blocked) -> None:
    """So many more units of an SKU at a node that has, or could have, the rest."""
    nowhere: Bools = np.all(chunk.stage <= CODE[Reason.NOT_CARRIED], axis=(1, 2))
    short: Bools = np.any(chunk.stage == CODE[Reason.NO_STOCK], axis=2)
    short |= nowhere[:, None] & found.problem.nodes.is_open[None, :]
    sku = chunk.part.lines.sku_idx[chunk.line_idx]
    for node, of_sku, rows in groups(short, sku):
        resource = Resource(ResourceKind.STOCK, node, of_sku)
        spare = int(chunk.left[rows, node].max(initial=0))
        found.add(("units", resource), chunk, rows, Reason.NO_STOCK, _more(found.problem, resource, spare))


def _capacity(found: Found, chunk: Blocked) -> None:
    """What is used up at a node, its service, or by a rule, on the first ship day."""
    row, node, service = np.nonzero(chunk.stage == CODE[Reason.CAPACITY])
    if not len(row):
        return
    day = first_ship_days(chunk.network, chunk.order_idx)[row, node, service]
    places, which = np.unique(np.column_stack([node, service, day]), axis=0, return_inverse=True)
    which = which.reshape(-1)
    room = chunk.leftover.room(chunk.network, *(column.copy() for column in places.T))
    per_node = (
        (ResourceKind.NODE_PACKAGES, room.packages), (ResourceKind.NODE_UNITS, room.units),
        (ResourceKind.NODE_LINES, room.lines), (ResourceKind.NODE_MINUTES, room.minutes),
    )  # fmt: skip
    for at, (n, s, d) in enumerate(places.tolist()):
        rows = np.unique(row[which == at])
        full = [Resource(kind, n, day=d) for kind, left in per_node if left[at] < 1]
        if room.service_packages[at] < 1:
            full.append(Resource(ResourceKind.SERVICE_PACKAGES, n, service_idx=s))
        if room.quota[at] < 1:
            full.append(Resource(ResourceKind.SERVICE_QUOTA, service_idx=s, day=d))
        for resource in full:
            found.add(("orders", resource), chunk, rows, Reason.CAPACITY, _more(found.problem, resource))
    for rule, rows in _rules_about(chunk, Reason.CAPACITY, "quota"):
        resource = Resource(ResourceKind.RULE_QUOTA, rule_idx=rule)
        found.add(("orders", resource), chunk, rows, Reason.CAPACITY, _more(found.problem, resource))


def _more(problem: Problem, resource: Resource, spare: int = 0) -> Callable[[int], Candidate]:
    """So many more of a resource as are needed, less what is left of it."""

    def make(needed: int) -> Candidate:
        amount = max(1, needed - spare)
        group = resource.kind, resource.sku_idx
        words = resource.change_words(problem, amount)
        return Candidate(words, amount, resource.unit, lambda: with_more(problem, resource, amount), group)

    return make


def _yes(problem: Problem, words: str, change: Callable[[Problem], Problem]) -> Callable[[int], Candidate]:
    """A relaxation that is made or not; `change` changes the problem as given."""
    return lambda _: Candidate(words, 1, "", lambda: in_force(change(problem.as_given)), words)


def _places(found: Found, chunk: Blocked) -> None:
    """Nodes that are closed, and services that they do not offer."""
    problem, nodes, services = found.problem, found.problem.nodes, found.problem.services
    closed: Bools = np.any(chunk.stops_at(Reason.NODE_CLOSED), axis=2)
    for node, _, rows in groups(closed, np.zeros(len(closed), np.int64)):

        def opened(given: Problem, node: int = node) -> Problem:
            is_open = given.nodes.is_open.copy()
            is_open[node] = True
            return replace(given, nodes=replace(given.nodes, is_open=is_open))

        found.add(("open", node), chunk, rows, Reason.NODE_CLOSED, _yes(problem, f"open {nodes.node_id[node]}", opened))
    missing = ~problem.node_services.is_offered & services.is_carried[None, :]
    stops = chunk.stops_at(Reason.NO_SERVICE) & missing[None, :, :] & (lanes_of(chunk.network, chunk.order_idx) >= 0)
    for service in np.flatnonzero(stops.any(axis=(0, 1))).tolist():
        for node, _, rows in groups(stops[:, :, service], np.zeros(len(stops), np.int64)):

            def offered(given: Problem, node: int = node, service: int = service) -> Problem:
                is_offered = given.node_services.is_offered.copy()
                is_offered[node, service] = True
                return replace(given, node_services=replace(given.node_services, is_offered=is_offered))

            words = f"{services.service_id[service]} from {nodes.node_id[node]}"
            found.add(("offer", node, service), chunk, rows, Reason.NO_SERVICE, _yes(problem, words, offered))


def _forbidden(found: Found, chunk: Blocked) -> None:
    """Rules that forbid."""
    for rule, rows in _rules_about(chunk, Reason.RULE, "forbids"):
        _without_rule(found, chunk, rows, Reason.RULE, rule)


def _without_rule(found: Found, chunk: Blocked, rows: I64, reason: Reason, rule: int) -> None:
    def without(given: Problem) -> Problem:
        rules = list(given.rules)
        rules[rule] = replace(rules[rule], first_day=None, last_day=_NEVER)  # its place stays that of its price
        return replace(given, rules=tuple(rules))

    words = f"without the rule {found.problem.rules[rule].name!r}"
    found.add(("rule", rule), chunk, rows, reason, _yes(found.problem, words, without))


def _rules_about(chunk: Blocked, reason: Reason, what: str) -> Iterator[tuple[int, I64]]:
    """Rules that forbid (or have a hard quota) and are about places where lines stop, with the lines."""
    rules = chunk.part.package_rules
    which = rules.is_forbidden if what == "forbids" else rules.has_quota & ~rules.is_soft
    row, node, service = np.nonzero(chunk.stops_at(reason))
    if not len(row) or not which.any():
        return
    day = first_ship_days(chunk.network, chunk.order_idx)[row, node, service]
    for rule, about in rules_about(rules, which, chunk.order_idx[row], chunk.line_idx[row], node, service, day):
        yield int(rules.source[rule]), np.unique(row[about])


def _far(found: Found, chunk: Blocked) -> None:
    """The distance limit, so far that every line that stops at it has a node; or the rules that set one."""
    stops: Bools = np.any(chunk.stops_at(Reason.TOO_FAR), axis=2)
    rows = np.flatnonzero(stops.any(axis=1))
    if not len(rows):
        return
    km = np.where(stops[rows], node_distances(chunk.part, chunk.order_idx[rows]), np.inf).min(axis=1)
    limit = math.ceil(float(km.max()) / _ROUND_KM) * _ROUND_KM
    problem = found.problem

    def farther(given: Problem) -> Problem:
        return replace(given, limits=replace(given.limits, max_distance_km=Decimal(limit)))

    if problem.limits.max_distance_km is not None and problem.limits.max_distance_km < limit:
        found.add(("km",), chunk, rows, Reason.TOO_FAR, _yes(problem, f"max_distance_km {limit:,}", farther))
    for rule in _rules_that_set(problem, "max_distance_km"):
        _without_rule(found, chunk, rows, Reason.TOO_FAR, rule)


def _slow(found: Found, chunk: Blocked) -> None:
    """The limit of transit days, likewise."""
    stops = chunk.stops_at(Reason.TOO_LATE)
    rows = np.flatnonzero(stops.any(axis=(1, 2)))
    if not len(rows):
        return
    lane = lanes_of(chunk.network, chunk.order_idx[rows])
    transit = np.append(chunk.network.lanes.transit_days, 0)[lane]
    limit = int(np.where(stops[rows] & (lane >= 0), transit, 10**6).min(axis=(1, 2)).max())
    problem = found.problem

    def slower(given: Problem) -> Problem:
        return replace(given, limits=replace(given.limits, max_transit_days=limit))

    if problem.limits.max_transit_days is not None and problem.limits.max_transit_days < limit < 10**6:
        found.add(("transit",), chunk, rows, Reason.TOO_LATE, _yes(problem, f"max_transit_days {limit}", slower))
    for rule in _rules_that_set(problem, "max_transit_days"):
        _without_rule(found, chunk, rows, Reason.TOO_LATE, rule)


def _rules_that_set(problem: Problem, name: str) -> list[int]:
    return [at for at, rule in enumerate(problem.as_given.rules) if _sets(rule, name)]


def _sets(rule: Rule, name: str) -> bool:
    return any(each == name for each, _ in rule.sets)


def _orders(found: Found, chunk: Blocked) -> None:
    """One more package for an order, or part of a ship-complete order; those rules that say so."""
    problem, orders = found.problem, chunk.part.orders
    full = (chunk.stage == CODE[Reason.MAX_PACKAGES]).any(axis=(1, 2))
    by_rule = _rules_that_set(problem, "max_packages")
    complete = orders.is_ship_complete[chunk.order_idx]
    complete_by_rule = _rules_that_set(problem, "ship_complete")
    for of_order in np.unique(chunk.order_idx[full | complete]).tolist():
        rows = np.flatnonzero(chunk.order_idx == of_order)
        name = str(orders.order_id[of_order])
        at = int(np.flatnonzero(problem.as_given.orders.order_id == name)[0])
        if full[rows].any():
            most = int(orders.max_packages[of_order]) + int(orders.num_released[of_order]) + 1

            def more(given: Problem, at: int = at, most: int = most) -> Problem:
                limits = given.orders.max_packages.copy()
                limits[at] = most
                return replace(given, orders=replace(given.orders, max_packages=limits))

            words = f"{most:,} packages for order {name}"
            found.add(("packages", at), chunk, rows[full[rows]], Reason.MAX_PACKAGES, _yes(problem, words, more))
        if complete[rows].any():

            def partly(given: Problem, at: int = at) -> Problem:
                is_complete = given.orders.is_ship_complete.copy()
                is_complete[at] = False
                return replace(given, orders=replace(given.orders, is_ship_complete=is_complete))

            words = f"order {name} in part"
            found.add(("complete", at), chunk, rows, Reason.SHIP_COMPLETE, _yes(problem, words, partly))
    for rule in by_rule:
        if full.any():
            _without_rule(found, chunk, np.flatnonzero(full), Reason.MAX_PACKAGES, rule)
    for rule in complete_by_rule:
        if complete.any():
            _without_rule(found, chunk, np.flatnonzero(complete), Reason.SHIP_COMPLETE, rule)


def _cutoffs(found: Found, chunk: Blocked) -> None:
    """Cut-offs that orders with unfilled units have missed by some hours, where the lines could otherwise ship."""
    problem, nodes, calendar = found.problem, found.problem.nodes, chunk.network.calendar
    start = calendar.start_us[calendar.node_zone][:, chunk.order_idx].T
    late = start - nodes.cutoff_us[None, :]
    reaches: Bools = np.any(chunk.stage >= CODE[Reason.CAPACITY], axis=2)
    missed = (late > 0) & (late <= _MOST_HOURS * _HOUR_US) & reaches
    for node, _, rows in groups(missed, np.zeros(len(missed), np.int64)):
        hours = int(-(-late[rows, node].max() // _HOUR_US))

        def later(given: Problem, node: int = node, hours: int = hours) -> Problem:
            cutoff = given.nodes.cutoff_us.copy()
            cutoff[node] = min(_DAY_US, cutoff[node] + hours * _HOUR_US)
            return replace(given, nodes=replace(given.nodes, cutoff_us=cutoff))

        is_capped = int(nodes.cutoff_us[node]) + hours * _HOUR_US >= _DAY_US
        by = "at 24:00" if is_capped else f"{hours} hour{'' if hours == 1 else 's'} later"
        words = f"cut-off at {nodes.node_id[node]} {by}"
        reason = STAGES[int(chunk.stage[rows, node].max())]
        found.add(("cut-off", node), chunk, rows, reason, _yes(problem, words, later))
