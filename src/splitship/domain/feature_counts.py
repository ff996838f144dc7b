"""How much of pick-up, transfers, kits and substitutes there is in a plan."""

from __future__ import annotations

import numpy as np

from splitship.domain.orders import NO_KIT, SHIPS
from splitship.domain.plan import Plan
from splitship.domain.problem import Problem


def feature_counts(problem: Problem, plan: Plan) -> dict[str, int]:
    """Counts by name, only of what the problem has.

    `picked_up_packages` are handed out at a node, `transferred_packages` of them came there from another;
    `kits` shipped whole; `substituted_units` are units of another SKU than the line's.
    """
    counts: dict[str, int] = {}
    if (problem.lines.pickup_node_idx != SHIPS).any():
        target = problem.services.pickup_node_idx[plan.service_idx]
        counts["picked_up_packages"] = int((target >= 0).sum())
        counts["transferred_packages"] = int(((target >= 0) & (target != plan.node_idx)).sum())
    lines = problem.lines
    if lines.has_kits:
        head = np.flatnonzero((lines.kit_line_idx != NO_KIT) & (lines.head_idx == np.arange(len(lines))))
        counts["kits"] = int((plan.shipped(len(lines))[head] // lines.kit_quantity[head]).sum())
    if len(problem.line_substitutes):
        other = plan.skus(lines.sku_idx) != lines.sku_idx[plan.content_line]
        counts["substituted_units"] = int(plan.content_quantity[other].sum())
    return counts
