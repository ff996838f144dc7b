"""What each order of an answer costs, so that whole answers can be taken apart and held against each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.domain import Plan, PlanReport, Problem, Result
from splitship.instance.terms import split_cost, unfilled_costs
from splitship.units import I64

ORDER_TERMS = ("shipping", "handling", "delivery", "late", "split", "unfilled", "rules")
"""The terms that belong to single orders, in the sequence of the documents."""


@dataclass(frozen=True, slots=True)
class OrderCosts:
    """Cost of every order by term, in micros, each [orders]; `soft` is what only the whole batch pays.

    `soft`: packages beyond soft quotas, shares of nodes, committed volumes, units out of priced reserves, promises that
    are not kept. All terms of all orders and `soft` add up to the objective, to the micro.
    """

    shipping: I64
    handling: I64
    delivery: I64
    late: I64
    split: I64
    unfilled: I64
    rules: I64
    soft: int

    @property
    def total(self) -> I64:
        """What each order costs, micros [orders]."""
        summed: I64 = np.sum([getattr(self, term) for term in ORDER_TERMS], axis=0)
        return summed


def order_costs(result: Result) -> OrderCosts:
    """Take an answer's objective apart by order.

    Raises:
        ValueError: the answer has packages that have no price.
    """
    return costs_by_order(result.problem, result.plan, result.report)


def costs_by_order(problem: Problem, plan: Plan, report: PlanReport, unit_cost: I64 | None = None) -> OrderCosts:
    """The same for a plan and what the checker says of it; `unit_cost` [lines] are `unfilled_costs` if they are known.

    Raises:
        ValueError: the plan has packages that have no price.
    """
    if report.packages is None or report.costs is None:
        raise ValueError("a plan with packages that have no price cannot be taken apart")
    num = len(problem.orders)

    def by_order(values: I64) -> I64:
        found: I64 = np.zeros(num, np.int64)
        np.add.at(found, plan.order_idx, values)
        return found

    packages = report.packages
    num_packages = np.bincount(plan.order_idx, minlength=num)
    split = np.maximum(0, num_packages - (problem.orders.num_released == 0))
    left = np.maximum(0, problem.lines.quantity - plan.shipped(len(problem.lines)))
    unfilled = np.zeros(num, np.int64)
    np.add.at(unfilled, problem.lines.order_idx, left * (unfilled_costs(problem) if unit_cost is None else unit_cost))
    return OrderCosts(
        shipping=by_order(packages.shipping),
        handling=by_order(packages.handling),
        delivery=by_order(packages.delivery),
        late=by_order(packages.late),
        split=split * split_cost(problem),
        unfilled=unfilled,
        rules=by_order(packages.rules),
        soft=report.costs.soft,
    )
