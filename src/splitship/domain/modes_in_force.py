"""Pick-up and transfers as services: what is picked up leaves a node by a service that no carrier runs.

A line that is picked up at a node leaves that node itself by the service `pickup:NODE`, which takes no time and costs
nothing, or another node by `transfer:FROM:NODE`, a row of the transfers table. Lines that ship leave by carriers only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from splitship.domain.calendar import Calendars
from splitship.domain.network import Attributes, Lanes, NodeServices, Rates, Services
from splitship.domain.orders import SHIPS
from splitship.domain.problem import Problem
from splitship.units import ATTO_PER_MICRO, I64, UNLIMITED, Amounts, Bools, Strings, round_half_even, strings

PICKUP, TRANSFER = "pickup", "transfer"
"""Carriers of the services by which lines are picked up, and beginnings of their ids."""
WEEK = 7


def with_modes(problem: Problem) -> Problem:
    """The problem with a service for every way to a node at which a line is picked up, after those of carriers.

    A node that is closed hands nothing out. Holidays of the node to which a transfer goes are holidays of the transfer.
    """
    nodes, transfers = problem.nodes, problem.transfers
    used = np.unique(problem.lines.pickup_node_idx)
    used = used[used >= 0]
    if not len(used):
        return problem
    places = used[nodes.is_open[used]]
    is_way = np.isin(transfers.to_node_idx, places) & nodes.is_open[transfers.from_node_idx]
    way = np.flatnonzero(is_way)
    source, target = transfers.from_node_idx[way], transfers.to_node_idx[way]
    num_old, num = len(problem.services), len(places) + len(way)
    service = np.arange(num_old, num_old + num)
    ids = [f"{PICKUP}:{name}" for name in nodes.node_id[places]]
    ids += [f"{TRANSFER}:{one}:{two}" for one, two in zip(nodes.node_id[source], nodes.node_id[target], strict=True)]
    at_node, to_node = np.append(places, source), np.append(places, target)
    every_day = np.ones((len(places), WEEK), np.bool_)
    old = problem.services
    services = Services(
        service_id=np.append(old.service_id, strings(ids)),
        carrier=np.append(old.carrier, strings([PICKUP] * len(places) + [TRANSFER] * len(way))),
        dim_divisor=_more(old.dim_divisor, num, 0),
        weight_step_ug=_more(old.weight_step_ug, num, 0),
        max_weight_ug=_more(old.max_weight_ug, num, UNLIMITED),
        ship_days=np.concatenate([old.ship_days, every_day, transfers.working_days[way]]),
        delivery_days=np.concatenate([old.delivery_days, every_day, nodes.working_days[target]]),
        pickup_node_idx=np.append(np.full(num_old, SHIPS), to_node).astype(np.int64),
        unit_cost=np.concatenate(
            [np.zeros(num_old + len(places), np.int64), rounded_to_micros(transfers.cost_per_unit.take(way))]
        ),
        attributes=_more_attributes(old.attributes, num),
    )
    countries = np.unique(problem.orders.country.astype(str))
    days = np.append(np.zeros(len(places), np.int64), transfers.days[way])
    price = transfers.cost_per_package.take(way)
    free = np.zeros(len(places), np.int64)
    return replace(
        problem,
        services=services,
        node_services=_offered(problem.node_services, at_node, service),
        lanes=_lanes(problem.lanes, np.repeat(service, len(countries)), np.repeat(at_node, len(countries)),
                     strings(np.tile(countries, num).tolist()), np.repeat(days, len(countries))),
        rates=_rates(problem.rates, service, Amounts(np.append(free, price.micros), np.append(free, price.atto))),
        calendars=_with_holidays(problem.calendars, service[len(places):], target),
    )  # fmt: skip


def rounded_to_micros(amounts: Amounts) -> I64:
    """Amounts in whole micros, half to even."""
    exact = [round_half_even(value, ATTO_PER_MICRO) for value in amounts.exact_list()]
    return np.array(exact, np.int64)


def _more(column: I64, num: int, value: int) -> I64:
    return np.append(column, np.full(num, value, np.int64))


def _more_attributes(attributes: Attributes, num: int) -> dict[str, Strings]:
    return {name: np.append(column, strings([""] * num)) for name, column in attributes.items()}


def _offered(old: NodeServices, node: I64, service: I64) -> NodeServices:
    """Each new service is offered by one node, without a limit of its own."""
    shape = (len(old.is_offered), len(service))
    is_offered: Bools = np.zeros(shape, np.bool_)
    is_offered[node, np.arange(len(service))] = True
    return NodeServices(
        np.concatenate([old.is_offered, is_offered], axis=1),
        np.concatenate([old.max_packages_per_day, np.full(shape, UNLIMITED, np.int64)], axis=1),
    )


def _lanes(old: Lanes, service: I64, node: I64, country: Strings, days: I64) -> Lanes:
    """A lane to everywhere: the customer comes to the node, wherever the order is from."""
    more: dict[str, Any] = {
        "service_idx": service, "node_idx": node, "country": country, "destination": strings(["*"] * len(service)),
        "zone": strings([PICKUP] * len(service)), "transit_days": days,
    }  # fmt: skip
    return Lanes(**{name: np.append(getattr(old, name), column) for name, column in more.items()})


def _rates(old: Rates, service: I64, price: Amounts) -> Rates:
    """One price whatever the weight."""
    num = len(service)
    nothing = np.zeros(num, np.int64)
    return Rates(
        np.append(old.service_idx, service),
        np.append(old.zone, strings([PICKUP] * num)),
        np.append(old.up_to_ug, nothing),
        _joined(old.price, price),
        _joined(old.per_extra, Amounts(nothing, nothing)),
        np.append(old.has_extra, np.ones(num, np.bool_)),
    )


def _joined(one: Amounts, two: Amounts) -> Amounts:
    return Amounts(np.append(one.micros, two.micros), np.append(one.atto, two.atto))


def _with_holidays(old: Calendars, service: I64, target: I64) -> Calendars:
    """Besides, every holiday of a target is one of the transfers to it."""
    of_nodes = np.flatnonzero(old.node_idx >= 0)
    which, holiday = np.nonzero(target[:, None] == old.node_idx[of_nodes][None, :])
    if not len(which):
        return old
    node_idx = np.append(old.node_idx, np.full(len(which), -1))
    service_idx = np.append(old.service_idx, service[which])
    day = np.append(old.day, old.day[of_nodes[holiday]])
    order = np.lexsort((day, service_idx, node_idx))
    return Calendars(node_idx[order], service_idx[order], day[order])
