"""What one rule costs: the batch solved again without it, from the plan with it on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from splitship.check import check_plan
from splitship.domain import Event, Problem, Result, SolveOptions, with_rules_in_force
from splitship.errors import UsageError
from splitship.instance.reasons import unfilled_lines
from splitship.packs.findings import suggest
from splitship.packs.warm_start import warm_start_of
from splitship.planning.interval import Interval
from splitship.planning.moved import Move, moved_orders
from splitship.run.solve import solve


@dataclass(frozen=True, slots=True)
class RuleCost:
    """A batch with a rule (`base`) and `without` it.

    `cost` is plan against plan, micros; `interval` is where the difference of the two best plans lies, which is
    never below 0: a rule forbids, limits or charges. `moves` are the orders that are served or charged otherwise
    without the rule; their changes and `soft_change` add up to -`cost`, to the micro.
    """

    base: Result = field(repr=False)
    without: Result = field(repr=False)
    rule: str
    cost: int
    interval: Interval
    moves: tuple[Move, ...]
    soft_change: int


def rule_cost(
    base: Result,
    rule: str,
    options: SolveOptions | None = None,
    *,
    on_event: Callable[[Event], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> RuleCost:
    """What a rule of the pack cost, by its name.

    The search begins with the base's plan and ends when its gap is no worse than the base's, or at a limit of
    `options` (the base's if left out).

    Why the interval holds: every plan with the rule is one without it, at no higher cost. With bounds B, B' and
    costs C, C' (with, without) the best with the rule is in [B, C], without it in [B', min(C', C)].

    Raises:
        UsageError: the problem has no rule of this name.
    """
    check_rule(base.problem, rule)
    options = base.options if options is None else options
    options = replace(
        options, gap=options.gap if base.gap is None else max(0.0, base.gap), method="order-plans", solver=None
    )
    made = without_rule(base.problem, rule)
    without = solve(made, options, on_event, should_stop, warm=warm_start_of(base, made))
    without = _at_most_the_base(base, without)
    moves, soft_change = moved_orders(base, without)
    least = min(base.objective, without.objective)
    return RuleCost(
        base, without, rule, base.objective - without.objective,
        Interval(
            0 if base.proven_bound is None else max(0, base.proven_bound - least),
            None if without.proven_bound is None else base.objective - without.proven_bound,
        ),
        moves, soft_change,
    )  # fmt: skip


def check_rule(problem: Problem, rule: str) -> None:
    """Refuse the name of a rule that is none.

    Raises:
        UsageError: the problem has no rule of this name.
    """
    names = [each.name for each in problem.as_given.rules]
    if rule not in names:
        hint = suggest(rule, names)
        known = f"no rule {rule!r}" + (f" ({hint})" if hint else "")
        raise UsageError(known if names else f"{known}: the pack has none")


def _at_most_the_base(base: Result, without: Result) -> Result:
    """The answer without the rule, with the base's plan where that is cheaper: a search need not come back to it."""
    problem = without.problem
    report = check_plan(problem, base.plan)
    if not report.is_feasible or report.costs is None or report.costs.total > without.objective:
        return without
    return replace(
        without, plan=base.plan, report=report, objective=report.costs.total,
        unfilled=unfilled_lines(problem, base.plan),
    )  # fmt: skip


def without_rule(problem: Problem, rule: str) -> Problem:
    """The problem without one of its rules."""
    given = problem.as_given
    text = f"{problem.input_hash}\0without rule\0{rule}"
    made = replace(
        given,
        rules=tuple(each for each in given.rules if each.name != rule),
        input_hash="sha256:" + hashlib.sha256(text.encode()).hexdigest(),
        given=None,
    )
    return with_rules_in_force(made)
