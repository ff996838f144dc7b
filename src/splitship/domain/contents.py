"""What the contents of a plan are by their SKUs: rows of rules, prices of substitutes and of stock."""

from __future__ import annotations

import numpy as np

from splitship.domain.plan import Plan
from splitship.domain.problem import Problem
from splitship.units import I64


def rule_rows(problem: Problem, plan: Plan) -> I64:
    """The row of each content in `PackageRules.line_bits`: the line's, or that of its substitute; [contents]."""
    if plan.content_sku_idx is None:
        return plan.content_line
    row = problem.line_substitutes.rows_of(plan.content_line, plan.content_sku_idx)
    is_own = (plan.content_sku_idx == problem.lines.sku_idx[plan.content_line]) | (row < 0)
    found: I64 = np.where(is_own, plan.content_line, len(problem.lines) + row)
    return found


def choice_charges(problem: Problem, plan: Plan) -> I64:
    """What the units of each package cost for being substitutes and for being taken from stock, micros [packages]."""
    row = rule_rows(problem, plan) - len(problem.lines)
    a_unit = np.zeros(len(plan.content_line), np.int64)
    is_other = row >= 0
    a_unit[is_other] = problem.line_substitutes.unit_price[row[is_other]]
    stock = problem.stock
    if stock.unit_price.any():
        key = stock.node_idx * len(problem.skus) + stock.sku_idx
        asked = plan.node_idx[plan.content_package] * len(problem.skus) + plan.skus(problem.lines.sku_idx)
        at = np.minimum(np.searchsorted(key, asked), len(key) - 1)
        a_unit += np.where(key[at] == asked, stock.unit_price[at], 0)
    total = np.zeros(len(plan), np.int64)
    np.add.at(total, plan.content_package, a_unit * plan.content_quantity)
    return total
