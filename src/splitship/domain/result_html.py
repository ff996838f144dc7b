"""An answer in a notebook: what it costs, how far that is proven, and what is in it, as a small table."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from splitship.domain.html_table import html_table
from splitship.domain.report import CostTerms
from splitship.units import NO_DATE, format_micros

if TYPE_CHECKING:
    from splitship.domain.result import Result


def result_html(result: Result) -> str:
    """A table without scripts; terms of the cost that are nothing are left out."""
    problem, plan, report = result.problem, result.plan, result.report
    costs = report.costs or CostTerms()
    terms = [(each.name, getattr(costs, each.name)) for each in fields(costs)]
    rows = [(name, format_micros(micros)) for name, micros in terms if micros]
    rows.append(("total", format_micros(result.objective)))
    rows.append(_gap_row(result))
    packages_of = np.bincount(plan.order_idx, minlength=len(problem.orders))
    rows.append(("packages", f"{len(plan):,}"))
    rows.append(("split orders", f"{int((packages_of > 1).sum()):,} of {len(problem.orders):,}"))
    if report.packages is not None:
        promised = problem.orders.deliver_by[plan.order_idx]
        late = (promised < NO_DATE) & (report.packages.deliver_day > promised)
        rows.append(("late packages", f"{int(late.sum()):,}"))
    rows.append(("unfilled units", f"{int(result.unfilled.quantity.sum()):,}"))
    wrong = f"NOT feasible: {report.num_violations:,} violations"
    rows.append(("verified", "feasible and the cost exact" if report.is_feasible else wrong))
    rows.append(("stopped", "given, not searched for" if result.is_given else result.termination.reason.value))
    return html_table(f"{problem.name} / {problem.scenario}, {problem.currency}", rows)


def _gap_row(result: Result) -> tuple[str, str]:
    """The gap, and whether it is proven or what a solver says."""
    if result.gap is None or result.bound is None:
        return "certified gap", "none: no bound was proven"
    least = format_micros(result.bound)
    if result.proven_bound is None:
        return "gap claimed by the solver", f"{result.gap:.3%}: nobody has checked that no plan costs less than {least}"
    return "certified gap", f"{result.gap:.3%}: no plan costs less than {least}"
