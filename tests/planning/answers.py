"""Cheap answers to compare, and a slow, plain account of a plan document to hold comparisons against."""

from __future__ import annotations

import dataclasses
from collections import Counter
from copy import deepcopy
from decimal import Decimal
from typing import Any

from oracles.generate import MORE, RandomPicks, Scenario, build, tiny_scenario
from splitship.domain import BoundSource, Problem, Result, SolveOptions
from splitship.packs.documents import plan_document
from splitship.packs.plan_json import read_plan_document
from splitship.packs.plans import document_text
from splitship.planning.comparison import Comparison
from splitship.run.given import result_of_plan
from splitship.run.solve import solve

FEATURES: tuple[dict[str, Any], ...] = (
    {},
    {"with_days": True},
    {"with_rules": True},
    {"with_arrivals": True},
    {"more": ("kits", "substitutes")},
    {"more": ("modes",)},
    {"more": ("plan_before",)},
    {"with_days": True, "with_rules": True, "with_arrivals": True, "more": (*MORE, "reserves", "plan_before")},
)
"""What random scenarios have, one of these after the other."""
OF_ORDERS = ("orders", "order_lines", "rejections", "plan_before")


def by_policy(problem: Problem, policy: str = "per_order_optimal") -> Result:
    return solve(problem, SolveOptions(method=f"policy:{policy}", time_limit_s=None, threads=1))


def scenario_of(seed: int) -> Scenario:
    return tiny_scenario(seed, **FEATURES[seed % len(FEATURES)])


def changed(scenario: Scenario, seed: int) -> Scenario:
    """Another scenario: dearer rates, rows that stand elsewhere, one order fewer where there are two, and a new one."""
    picks = RandomPicks(seed)
    tables, settings = deepcopy(scenario)
    if picks.chance(60):
        for rate in tables["rates"]:
            rate["price"] = str(Decimal(str(rate["price"])) * Decimal("1.37"))
    for name in ("nodes", "skus", "services", "orders", "stock"):
        if picks.chance(60):
            tables[name] = tables[name][::-1]
    orders = [row["order_id"] for row in tables["orders"]]
    if len(orders) > 1 and picks.chance(50):
        gone = picks.one_of(orders)
        for name in OF_ORDERS:
            if name in tables:
                tables[name] = [row for row in tables[name] if row.get("order_id") != gone]
        orders.remove(gone)
    if picks.chance(50):
        like = picks.one_of(orders)
        for name in ("orders", "order_lines"):
            tables[name] += [dict(row, order_id="NEW") for row in tables[name] if row["order_id"] == like]
    return tables, settings


def pair(seed: int) -> tuple[Result, Result]:
    """Two answers to two random problems that have most in common."""
    scenario = scenario_of(seed)
    return by_policy(build(scenario), "priority"), by_policy(build(changed(scenario, seed)))


def same_plan(result: Result, problem: Problem) -> Result:
    """The plan of a result, by its ids, as an answer to another problem."""
    text = document_text(plan_document(result)).encode()
    return result_of_plan(problem, read_plan_document(text, "plan", problem, is_for_another=True).plan)


def packages_by_order(result: Result) -> dict[str, Counter[tuple[Any, ...]]]:
    """What ships for each order, as the plan document says it, whatever the sequence."""
    found: dict[str, Counter[tuple[Any, ...]]] = {str(each): Counter() for each in result.problem.orders.order_id}
    for package in plan_document(result)["packages"]:
        lines = sorted((line["line_id"], line["sku_id"], line["quantity"], line.get("component_sku_id", ""))
                       for line in package["lines"])  # fmt: skip
        found[package["order_id"]][package["node_id"], package["service_id"], package["ship_on"], *lines] += 1
    return found


def value(comparison: Comparison, key: str, at: int = 1) -> Any:
    """A KPI of an answer."""
    return next(row for row in comparison.rows if row.key == key).numbers[at]


def other_scenario(result: Result, policy: str, bound: int | None = None) -> Result:
    """An answer to a problem that has one more unit, of use to nobody."""
    found = by_policy(result.problem, policy)
    stock = dataclasses.replace(found.problem.stock, on_hand=found.problem.stock.on_hand + 1)
    problem = dataclasses.replace(found.problem, scenario="other", stock=stock)
    found = dataclasses.replace(found, problem=problem)
    return found if bound is None else proven(found, bound)


def proven(result: Result, bound: int) -> Result:
    """As if a certificate had this bound."""
    return dataclasses.replace(result, bound=bound, bound_source=BoundSource.CERTIFICATE)
