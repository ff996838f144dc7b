"""Is a plan feasible, and what does it cost? Answered from the problem alone."""

from __future__ import annotations

import time

import numpy as np

from splitship.check.assortment import check_kits, check_values, check_ways
from splitship.check.contents import check_lines, check_orders, check_references, has_shape
from splitship.check.exact import decimal_micros, wholes
from splitship.check.packages import check_journeys, price_packages, total
from splitship.check.promises import check_promises
from splitship.check.reserves import check_reserves
from splitship.check.rules import check_rules
from splitship.check.steering import steering_cost
from splitship.check.supply import check_capacity, check_stock
from splitship.check.terms import unfilled_cost
from splitship.check.violations import Names, Violations
from splitship.domain import CostTerms, PackageCosts, Plan, PlanReport, Problem
from splitship.units import I64, MAX_TOTAL_MICROS


def check_plan(problem: Problem, plan: Plan) -> PlanReport:
    """Every rule of the problem held against a plan, and its cost to the micro, by code of its own.

    At most 100 violations of a code are listed, followed by one that counts them. Costs are None when a package
    has no price (no lane, too heavy for its rate card, wrong day) or when contents cannot be made sense of.
    """
    clock = time.perf_counter()
    found = Violations()
    names = Names(problem)
    costs: CostTerms | None = None
    packages: PackageCosts | None = None
    if has_shape(plan, found):
        contents = check_references(problem, plan, names, found)
        shipped = check_lines(problem, plan, contents, names, found)
        num_packages = check_orders(problem, plan, contents, shipped, names, found)
        check_ways(problem, plan, contents, names, found)
        check_kits(problem, plan, contents, shipped, names, found)
        check_values(problem, plan, contents, names, found)
        check_stock(problem, plan, contents, names, found)
        of_reserves = check_reserves(problem, plan, contents, names, found)
        of_promises = check_promises(problem, plan, contents, names, found)
        check_capacity(problem, plan, contents, names, found)
        journeys = check_journeys(problem, plan, contents, names, found)
        of_rules = check_rules(problem, plan, contents, names, found)
        packages = price_packages(problem, plan, contents, journeys, of_rules, names, found)
        if packages is not None:
            soft = of_rules.soft + steering_cost(problem, plan, contents) + of_reserves + of_promises
            costs = add_costs(problem, packages, num_packages, shipped, soft, found)
    if costs is None:
        packages = None
    return PlanReport(tuple(found.found), costs, packages, time.perf_counter() - clock)


def add_costs(
    problem: Problem, packages: PackageCosts, num_packages: I64, shipped: I64, soft: int, found: Violations
) -> CostTerms | None:
    """The objective by term, None when it passes 2^62 micros.

    `soft` is what soft quotas, shares of nodes, committed volumes, reserves and promises cost.
    """
    split_price = decimal_micros(problem.objective.split)
    unfilled = wholes(np.maximum(0, problem.lines.quantity - shipped)) * unfilled_cost(problem)
    costs = CostTerms(
        shipping=total(packages.shipping),
        handling=total(packages.handling),
        delivery=total(packages.delivery),
        late=total(packages.late),
        # Of an order of which something has left already every package is one more.
        split=split_price * total(np.maximum(0, num_packages - (problem.orders.num_released == 0))),
        unfilled=total(unfilled),
        rules=total(packages.rules),
        soft=soft,
    )
    if abs(costs.total) > MAX_TOTAL_MICROS:
        found.add("TOTAL_TOO_LARGE", "costs", f"the plan costs {costs.total} micros, beyond 2^62")
        return None
    return costs
