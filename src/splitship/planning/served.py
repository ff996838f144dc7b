"""Orders and how they are served: where they stand, which packages they have, what these cost, how far nodes are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from splitship.check import check_plan
from splitship.domain import CostTerms, Plan, PlanReport, Problem
from splitship.errors import UsageError
from splitship.instance.eligibility import great_circle_km
from splitship.instance.subset import subset_of_orders
from splitship.packs.findings import suggest
from splitship.planning.explanation import OrderPlan
from splitship.planning.order_costs import ORDER_TERMS, costs_by_order
from splitship.planning.order_search import is_same_plan
from splitship.units import I64, Floats


def order_position(problem: Problem, order_id: str) -> int:
    """Where an order stands in a problem.

    Raises:
        UsageError: no order has this id.
    """
    ids = problem.orders.order_id.tolist()
    if order_id not in ids:
        hint = suggest(order_id, ids)
        raise UsageError(f"no order {order_id!r} in the batch" + (f" ({hint})" if hint else ""))
    return int(ids.index(order_id))


def plan_of_order(plan: Plan, order: int) -> Plan:
    """The packages of one order."""
    return plan.of_packages(plan.order_idx == order)


def same_way(one: OrderPlan, other: OrderPlan) -> bool:
    """Are they the same packages?"""
    return is_same_plan(one.plan.canonical(), other.plan.canonical())


def distances_km(problem: Problem, order: int) -> Floats:
    """How far each node is from an order, [nodes]; NaN where a place has no coordinates."""
    orders, nodes = problem.orders, problem.nodes
    return great_circle_km(nodes.latitude, nodes.longitude, orders.latitude[order], orders.longitude[order])


def costed(alone: Problem, order: int, plans: Sequence[Plan]) -> list[tuple[CostTerms, I64, I64]]:
    """What the checker says each plan of one order costs, its packages' delivery days and costs.

    Each plan is a copy of the order's on the network: capacities are not asked. Of several plans at once `soft` is 0.
    """
    if not plans:
        return []
    part, _ = subset_of_orders(alone, np.full(len(plans), order, np.int64))
    offset, num = int(alone.line_ptr[order]), int(alone.line_ptr[order + 1] - alone.line_ptr[order])
    joined = Plan.joined(
        [
            replace(
                plan,
                order_idx=np.full(len(plan), at, np.int64),
                content_line=plan.content_line - offset + at * num,
            )
            for at, plan in enumerate(plans)
        ]
    )
    report: PlanReport = check_plan(part, joined)
    assert report.packages is not None
    costs = costs_by_order(part, joined, report)
    found = []
    for at in range(len(plans)):
        mine = joined.order_idx == at
        terms = {term: int(getattr(costs, term)[at]) for term in ORDER_TERMS}
        soft = costs.soft if len(plans) == 1 else 0
        found.append(
            (CostTerms(**terms, soft=soft), report.packages.deliver_day[mine], report.packages.total[mine])
        )  # fmt: skip
    return found
