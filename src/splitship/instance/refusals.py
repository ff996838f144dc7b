"""Batches that are valid and yet cannot be compiled: totals that no integer holds, rules that multiply ways."""

from __future__ import annotations

import numpy as np

from splitship.domain import Problem
from splitship.errors import Finding, InputError
from splitship.instance.ways import MOST_DOUBLED
from splitship.units import I64, MAX_TOTAL_MICROS


def refuse_overflow(problem: Problem, unfilled: I64) -> None:
    """Refuse batches whose money could leave int64: a bound in floating point over generous worst cases."""
    lines, rates, nodes = problem.lines, problem.rates, problem.nodes
    if not len(lines):
        return
    units = float(lines.quantity.sum())
    weight_kg = float((problem.skus.weight_ug[lines.sku_idx].astype(float) * lines.quantity).max()) * 1e-9 * 64
    per_package = (
        float(rates.price.micros.max(initial=0)) + float(rates.per_extra.micros.max(initial=0)) * weight_kg
        + float(nodes.package_cost.micros.max(initial=0))
        + float(nodes.line_cost.micros.max(initial=0)) + float(nodes.unit_cost.micros.max(initial=0))
    )  # fmt: skip
    total = per_package * units + float((unfilled.astype(float) * lines.quantity).sum())
    weights = problem.skus.weight_ug[lines.sku_idx].astype(float) * lines.quantity
    heaviest = float(np.bincount(lines.order_idx, weights).max()) if len(lines) else 0.0
    if heaviest > MAX_TOTAL_MICROS:
        raise InputError(
            [Finding("problem", "E491", f"an order weighs {heaviest / 1e9:.3g} kg, more than 4.6e9", "check weights")]
        )
    if total > MAX_TOTAL_MICROS:
        raise InputError(
            [
                Finding(
                    "problem",
                    "E490",
                    f"the batch could cost up to {total / 1e6:.3g}, more than 4.6e12 can be counted",
                    "use a larger currency unit or smaller batches",
                )
            ]
        )


def refuse_many_rules(problem: Problem, stopped: list[int]) -> None:
    """Refuse a batch in which too many rules about some lines of an order charge or count one package."""
    order = next((int(order) for order in stopped if order >= 0), None)
    if order is not None:
        words = f"over {MOST_DOUBLED} rules about some of its lines, or with soft quotas, meet in one package of order "
        raise InputError(
            [
                Finding(
                    "rules",
                    "E492",
                    words + str(problem.orders.order_id[order]),
                    "join rules with equal prices into one, or charge by line or unit",
                )
            ]
        )
