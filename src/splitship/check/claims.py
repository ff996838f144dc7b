"""Costs that someone claims, held against the checker's own."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from splitship.check.violations import Violations, date_text
from splitship.domain import CostTerms, PackageCosts, PlanReport, Violation
from splitship.units import I64, format_micros

PACKAGE_TERMS = ("shipping", "handling", "delivery", "late", "rules")
TERMS = ("shipping", "handling", "delivery", "late", "split", "unfilled", "rules", "soft")


def compare_claim(
    report: PlanReport,
    objective: int | None = None,
    costs: CostTerms | None = None,
    packages: PackageCosts | Mapping[str, I64] | None = None,
) -> tuple[Violation, ...]:
    """COST_MISMATCH for every claimed number of micros that differs from the recomputed one.

    Parameters:
        report: what `check_plan` said of the same plan, packages in the same order.
        objective: the claimed total.
        costs: the claimed total of every term.
        packages: the claimed terms of every package, [packages] each; a mapping may hold some of them
            (`shipping`, `handling`, `delivery`, `late`, `rules`, and `deliver_day`, a DELIVERY_DAY_MISMATCH).

    A plan without a cost of its own cannot confirm a claim: that is one COST_MISMATCH too.
    """
    found = Violations()
    if objective is None and costs is None and packages is None:
        return ()
    if report.costs is None or report.packages is None:
        found.add("COST_MISMATCH", "objective", "a cost is claimed, but the plan has none that could be computed")
        return tuple(found.found)
    if objective is not None and objective != report.costs.total:
        found.add("COST_MISMATCH", "objective", _differs(objective, report.costs.total))
    for term in TERMS if costs is not None else ():
        claimed, own = int(getattr(costs, term)), int(getattr(report.costs, term))
        if claimed != own:
            found.add("COST_MISMATCH", f"costs.{term}", _differs(claimed, own))
    if packages is not None:
        _compare_packages(report.packages, packages, found)
    return tuple(found.found)


def _compare_packages(own: PackageCosts, packages: PackageCosts | Mapping[str, I64], found: Violations) -> None:
    for term in (*PACKAGE_TERMS, "deliver_day"):
        claimed = packages.get(term) if isinstance(packages, Mapping) else getattr(packages, term)
        if claimed is None:
            continue
        code = "DELIVERY_DAY_MISMATCH" if term == "deliver_day" else "COST_MISMATCH"
        said, is_so = np.asarray(claimed, np.int64), getattr(own, term)
        if len(said) != len(is_so):
            found.add(code, f"packages.{term}", f"{len(said)} values claimed for {len(is_so)} packages")
            continue
        text = _differs_in_day if term == "deliver_day" else _differs
        found.add_rows(
            code,
            said != is_so,
            lambda row, term=term: f"packages[{row}].{term}",  # type: ignore[misc]
            lambda row, text=text, said=said, is_so=is_so: text(int(said[row]), int(is_so[row])),  # type: ignore[misc]
        )


def _differs(claimed: int, own: int) -> str:
    return f"cost claimed {format_micros(claimed)}, recomputed {format_micros(own)}"


def _differs_in_day(claimed: int, own: int) -> str:
    return f"delivery claimed on {date_text(claimed)}, recomputed {date_text(own)}"
