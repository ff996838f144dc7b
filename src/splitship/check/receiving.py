"""Transfers: packages that a node receives, so that a customer picks them up there."""

from __future__ import annotations

import numpy as np

from splitship.check.contents import Contents
from splitship.check.days import Days
from splitship.check.places import Places
from splitship.domain import SHIPS, Plan, Problem
from splitship.units import I64, Bools


def is_transferring(problem: Problem) -> bool:
    """Whether any node offers a service that brings packages to another one."""
    if problem.services.is_carried.all():
        return False
    node, service = np.nonzero(problem.node_services.is_offered)
    return bool(is_received(problem, node, service).any())


def is_received(problem: Problem, node: I64, service: I64) -> Bools:
    """Whether packages of nodes and services are received by another node; elementwise."""
    target = problem.services.pickup_node_idx[service]
    found: Bools = (target != SHIPS) & (target != node)
    return found


def received_packages(problem: Problem, plan: Plan, contents: Contents) -> tuple[I64, I64, I64]:
    """Packages that another node receives: their rows in the plan, that node, and the day.

    Those without a lane or a delivery day, which are at fault by that, are left out.
    """
    known = np.flatnonzero(contents.is_known)
    known = known[is_received(problem, plan.node_idx[known], plan.service_idx[known])]
    if not len(known):
        return known, known, known
    order, node, service = plan.order_idx[known], plan.node_idx[known], plan.service_idx[known]
    places = Places(problem)
    lane = places.lane(places.order_place[order], node, service)
    transit = np.append(problem.lanes.transit_days, 0)[lane]
    day, has_day = Days(problem).deliver_day(service, plan.ship_day[known], transit)
    kept = np.flatnonzero((lane >= 0) & has_day)
    return known[kept], problem.services.pickup_node_idx[service[kept]], day[kept]
