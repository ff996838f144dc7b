"""What planners measure of one answer, exactly: money, packages, promises, fill, stock. docs/comparison.md says how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np

from splitship.check.days import Days
from splitship.check.exact import exact_amounts, wholes
from splitship.check.stock import StockRows
from splitship.domain import CostTerms, Reason, Result
from splitship.packs.documents import COST_TERMS, unfilled_by_reason
from splitship.planning.given_lines import given_line_of
from splitship.units import ATTO_PER_MICRO, I64, NO_DATE, Amounts, round_half_even

Value = int | Fraction | float | None
_PERCENTILE = 95


class Unit(StrEnum):
    """What a KPI is counted in: MONEY in whole micros, SHARE from 0 to 1 as an exact fraction."""

    MONEY = "money"
    COUNT = "count"
    NUMBER = "number"
    SHARE = "share"
    DAYS = "days"
    KILOGRAMS = "kg"


@dataclass(frozen=True, slots=True)
class Kpi:
    """One number of an answer. `key` is what the same number has in every answer; None: it is not defined for it.

    `if_absent` is what it is in an answer that has no such number: 0 for counts of a node that is not there. A number
    that is 0 in every answer, and would be where it is absent, is in no comparison.
    """

    key: str
    group: str
    label: str
    unit: Unit
    value: Value
    if_absent: Value = None


def headline_kpis(result: Result, bound: int | None) -> Iterator[Kpi]:
    """Costs, packages, promises, fill and stock of an answer; `bound` is what is proven for its problem, in micros."""
    yield from _costs(result, bound)
    yield from _packages(result)
    yield from _delivery(result)
    yield from _fill(result)
    yield from _stock(result)
    yield from _unit_costs(result)


def _costs(result: Result, bound: int | None) -> Iterator[Kpi]:
    gap = None if bound is None else result.objective - bound
    yield Kpi("objective", "cost", "total cost", Unit.MONEY, result.objective)
    yield Kpi("bound", "cost", "lower bound", Unit.MONEY, bound)
    yield Kpi("gap", "cost", "gap", Unit.SHARE, _share(gap, abs(result.objective)) if gap else gap)
    yield Kpi("gap_money", "cost", "gap in money", Unit.MONEY, gap)
    costs = result.report.costs or CostTerms()
    for term in COST_TERMS:
        yield Kpi(f"cost.{term}", "cost", f"cost: {term}", Unit.MONEY, getattr(costs, term))


def _packages(result: Result) -> Iterator[Kpi]:
    problem, plan = result.problem, result.plan
    of_order = np.bincount(plan.order_idx, minlength=len(problem.orders))
    shipping, split = int((of_order > 0).sum()), int((of_order > 1).sum())
    yield Kpi("orders", "packages", "orders", Unit.COUNT, len(problem.orders))
    yield Kpi("orders.shipping", "packages", "orders with a package", Unit.COUNT, shipping)
    yield Kpi("packages", "packages", "packages", Unit.COUNT, len(plan))
    yield Kpi("packages.per_order", "packages", "packages an order", Unit.NUMBER, _share(len(plan), shipping))
    yield Kpi("orders.split", "packages", "split orders", Unit.COUNT, split)
    yield Kpi("split_rate", "packages", "split rate", Unit.SHARE, _share(split, shipping))
    yield Kpi("violations", "packages", "rules of the pack broken", Unit.COUNT, num_violations(result))


def num_violations(result: Result) -> int:
    """In how many ways the plan is not feasible: 0 for every answer of a solve."""
    return result.report.num_violations


def _delivery(result: Result) -> Iterator[Kpi]:
    problem, plan, costs = result.problem, result.plan, result.report.packages
    deliver_day = np.zeros(0, np.int64) if costs is None else costs.deliver_day
    promised = problem.orders.deliver_by[plan.order_idx]
    has_promise = promised < NO_DATE
    num, late = int(has_promise.sum()), int((deliver_day > promised)[has_promise].sum())
    yield Kpi("packages.promised", "delivery", "packages with a promise", Unit.COUNT, num)
    yield Kpi("packages.late", "delivery", "late packages", Unit.COUNT, late)
    yield Kpi("on_time", "delivery", "on time", Unit.SHARE, _share(num - late, num))
    days = np.sort(deliver_day - Days(problem).start_days(plan.order_idx, plan.node_idx))
    yield Kpi("days.mean", "delivery", "days to delivery, mean", Unit.DAYS, _share(int(days.sum()), len(days)))
    # the least number of days within which so many of a hundred packages are there
    at = -(-_PERCENTILE * len(days) // 100) - 1
    yield Kpi("days.p95", "delivery", "days to delivery, p95", Unit.DAYS, int(days[at]) if len(days) else None)


def _fill(result: Result) -> Iterator[Kpi]:
    problem, unfilled = result.problem, result.unfilled
    lines = problem.as_given.lines
    line_idx = given_line_of(problem)[unfilled.line_idx]
    ordered, missing = int(lines.quantity.sum()), int(unfilled.quantity.sum())
    value, lost = _value(lines.unit_value, lines.quantity), _value(lines.unit_value.take(line_idx), unfilled.quantity)
    num_orders, open_orders = len(problem.orders), len(np.unique(lines.order_idx[line_idx]))
    yield Kpi("units", "fill", "units ordered", Unit.COUNT, ordered)
    yield Kpi("fill.units", "fill", "fill rate of units", Unit.SHARE, _share(ordered - missing, ordered))
    yield Kpi("fill.value", "fill", "fill rate of value", Unit.SHARE, _share(value - lost, value))
    yield Kpi("fill.orders", "fill", "fill rate of orders", Unit.SHARE, _share(num_orders - open_orders, num_orders))
    yield Kpi("unfilled", "fill", "unfilled units", Unit.COUNT, missing)
    units_by_reason = unfilled_by_reason(result)
    for reason in Reason:
        units = units_by_reason.get(reason.value, 0)
        yield Kpi(f"unfilled.{reason.value}", "fill", f"unfilled: {reason.value}", Unit.COUNT, units, 0)


def _stock(result: Result) -> Iterator[Kpi]:
    problem, plan = result.problem, result.plan
    left = problem.ever_available
    sku = plan.skus(problem.lines.sku_idx)
    row = StockRows(problem).rows(plan.node_idx[plan.content_package], sku)
    np.subtract.at(left, row[row >= 0], plan.content_quantity[row >= 0])
    left = np.maximum(0, left)
    exact = _value(problem.skus.value.take(problem.stock.sku_idx), left)
    yield Kpi("stock.units", "stock", "stock left, units", Unit.COUNT, int(left.sum()))
    value = round_half_even(exact, ATTO_PER_MICRO)
    yield Kpi("stock.value", "stock", "stock left, value", Unit.MONEY, value)


def _unit_costs(result: Result) -> Iterator[Kpi]:
    """Without what unfilled units cost: that is no cost of what ships."""
    costs = result.report.costs or CostTerms()
    spent, units = costs.total - costs.unfilled, int(result.plan.content_quantity.sum())
    shipping = len(np.unique(result.plan.order_idx))
    for key, label, num in (("order", "cost an order shipped", shipping), ("unit", "cost a unit shipped", units)):
        value = round_half_even(spent, num) if num else None
        yield Kpi(f"cost_per_{key}", "cost", label, Unit.MONEY, value)


def _value(unit_value: Amounts, quantity: I64) -> int:
    """Worth of units in 10^-18 of the money, exact."""
    return int((exact_amounts(unit_value) * wholes(quantity)).sum()) if len(quantity) else 0


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None
