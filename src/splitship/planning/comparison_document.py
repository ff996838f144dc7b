"""A comparison as a JSON-ready document, schema `splitship.comparison/1`: docs/comparison.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from splitship.domain import Result
from splitship.packs.documents import Document, body_hash, plan_body
from splitship.planning.comparison_tables import TOLD, parts_of
from splitship.planning.comparison_texts import plain_value
from splitship.planning.kpis import num_violations
from splitship.planning.moves import ABSENT
from splitship.planning.order_costs import ORDER_TERMS
from splitship.planning.order_packages import OrderPackages
from splitship.units import format_micros

if TYPE_CHECKING:
    from splitship.planning.comparison import Comparison, KpiRow, Step

_LISTED = 20
"""Violations that are listed of a plan that has some."""


def comparison_document(comparison: Comparison) -> Document:
    """All KPIs, and for every answer but the first where its difference comes from, order by order."""
    return {
        "schema": "splitship.comparison/1",
        "pack": comparison.results[0].problem.name,
        "currency": comparison.currency,
        "baseline": comparison.names[0],
        "scenarios": [
            _answer(name, result, bound)
            for name, result, bound in zip(comparison.names, comparison.results, comparison.bounds, strict=True)
        ],
        "kpis": [_kpi(comparison, row) for row in comparison.rows],
        "comparisons": [_step(comparison, step) for step in comparison.steps],
    }


def _answer(name: str, result: Result, bound: int | None) -> Document:
    violations = result.report.violations
    return {
        "name": name,
        "scenario": result.problem.scenario,
        "method": result.method,
        "objective": format_micros(result.objective),
        "bound": _money(bound),
        "gap_money": None if bound is None else format_micros(result.objective - bound),
        "own_bound": result.proven_bound is not None,
        "bound_source": result.bound_source.value,
        "termination": result.termination.reason.value,
        "verified": result.report.is_feasible,
        "num_violations": num_violations(result),
        "violations": [
            {"code": each.code, "where": each.where, "message": each.message} for each in violations[:_LISTED]
        ],
        "hashes": {"input": result.problem.input_hash, "plan": body_hash(plan_body(result))},
    }


def _kpi(comparison: Comparison, row: KpiRow) -> Document:
    others = range(1, len(row.numbers))
    return {
        "key": row.key,
        "group": row.group,
        "label": row.label,
        "unit": row.unit.value,
        "values": [plain_value(value, row.unit) for value in row.numbers],
        "differences": [None, *(plain_value(row.difference(at), row.unit) for at in others)],
        "percent": [None, *(_hundred(row.percent(at)) for at in others)],
        "within_gap": [False, *(comparison.is_within_gap(row, at) for at in others)],
        "changed": row.is_changed,
    }


def _step(comparison: Comparison, step: Step) -> Document:
    least, most = step.interval
    return {
        "scenario": step.name,
        "difference": format_micros(step.total),
        "gaps_together": _money(step.tolerance),
        "within_gap": step.is_within_gap,
        "proven": {"at_least": _money(least), "at_most": _money(most)},
        "parts": [
            {
                "part": part,
                "orders": num,
                "difference": format_micros(sum(costs.values())),
                "costs": {term: format_micros(micros) for term, micros in costs.items()},
            }
            for part, num, costs in parts_of(step)
        ],
        "orders": _orders(comparison, step),
    }


def _orders(comparison: Comparison, step: Step) -> list[Document]:
    moves = step.moves
    old, new = (OrderPackages(result) for result in comparison.pair(step))
    total = moves.difference
    found: list[Document] = []
    for fate in TOLD:
        for row in moves.rows(fate).tolist():
            document: dict[str, Any] = {"order_id": str(moves.order_id[row]), "fate": fate.label}
            for key, packages, at in (("old", old, moves.base_row), ("new", new, moves.other_row)):
                document[key] = None if at[row] == ABSENT else packages.of(int(at[row]))
            document["difference"] = format_micros(int(total[row]))
            document["costs"] = {term: format_micros(int(moves.differences[term][row])) for term in ORDER_TERMS}
            found.append(document)
    return found


def _money(micros: int | None) -> str | None:
    return None if micros is None else format_micros(micros)


def _hundred(share: float | None) -> float | None:
    return None if share is None else 100 * share
