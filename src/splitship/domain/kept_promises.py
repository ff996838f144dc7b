"""A problem whose promises are all settled: what is promised counts as released, and only the rest is open."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from splitship.domain.parts import first_parts, in_parts, promised_plan
from splitship.domain.plan import Plan
from splitship.domain.problem import Problem
from splitship.domain.rules_in_force import with_rules_in_force
from splitship.domain.stability import PlanBefore
from splitship.units import Bools


def keeping(problem: Problem, kept: Bools) -> Problem:
    """The problem without the promised packages `kept` [promises], as if they were released; others are open."""
    given = problem.as_given
    before, plan = given.plan_before, given.plan_before.plan
    is_kept = before.is_released.copy()
    is_kept[problem.promises.package_idx[kept]] = True
    left = plan.of_packages(is_kept)
    may_move, price = before.may_move[is_kept], before.move_price.take(is_kept)
    settled = PlanBefore(left, np.ones(len(left), np.bool_), price, may_move)
    return with_rules_in_force(replace(given, plan_before=settled, given=None))


def joined_with_kept(problem: Problem, kept: Bools, rest: Plan) -> Plan:
    """The promised packages `kept` and a plan of `keeping(problem, kept)` as a plan of the problem, canonical."""
    stay = promised_plan(problem).of_packages(kept)
    first = first_parts(problem)
    if rest.content_sku_idx is None and stay.content_sku_idx is not None:
        rest = replace(rest, content_sku_idx=problem.lines.sku_idx[first[rest.content_line]])
    whole = replace(rest, content_line=first[rest.content_line])
    return in_parts(problem, Plan.joined([stay, whole])).canonical()
