"""Which SKUs documents and messages name: those that ship, and of which component of a kit."""

from __future__ import annotations

import numpy as np

from splitship.domain import Plan, Problem
from splitship.domain.orders import NO_KIT
from splitship.units import I64


def content_sku_ids(problem: Problem, plan: Plan) -> list[str]:
    """The SKU of which the units of each content are, [contents]."""
    ids: list[str] = problem.skus.sku_id[plan.skus(problem.lines.sku_idx)].tolist()
    return ids


def content_component_ids(problem: Problem, plan: Plan) -> list[str] | None:
    """The component for which a substitute ships, '' for all other contents; None where there are none, [contents].

    A row of a plan is known by order, line and SKU; only where components of one kit share substitutes it is not.
    """
    if plan.content_sku_idx is None or not problem.lines.has_kits:
        return None
    own = problem.lines.sku_idx[plan.content_line]
    is_one = (problem.lines.kit_line_idx[plan.content_line] != NO_KIT) & (plan.content_sku_idx != own)
    if not is_one.any():
        return None
    ids: list[str] = np.where(is_one, problem.skus.sku_id[own], "").tolist()
    return ids


def kit_sku_ids(problem: Problem, line_idx: I64) -> list[str]:
    """The SKU of each line that is a component of a kit, '' for other lines; lines are known by it, [lines asked]."""
    if not problem.lines.has_kits:
        return [""] * len(line_idx)
    is_part = problem.lines.kit_line_idx[line_idx] != NO_KIT
    ids: list[str] = np.where(is_part, problem.skus.sku_id[problem.lines.sku_idx[line_idx]], "").tolist()
    return ids
