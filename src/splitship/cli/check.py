"""`splitship check`: is a plan feasible, does it cost what it claims, does its bound hold?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from splitship.cli.options import (
    OrdersOption,
    PackArgument,
    ReportForm,
    ReportFormOption,
    ScenarioOption,
    ThreadsOption,
)

if TYPE_CHECKING:
    from splitship.domain import CertificateReport, PlanReport, Problem, Violation
    from splitship.packs.plan_claims import Claims, PlanFile


def check(
    pack: PackArgument,
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan: .json, .csv or .parquet.", show_default=False)],
    scenario: ScenarioOption = "baseline",
    orders: OrdersOption = None,
    threads: ThreadsOption = None,
    output: ReportFormOption = ReportForm.TABLE,
) -> None:
    """Verify a plan, from this program or any other, with code that shares nothing with the solver.

    Feasibility and cost are recomputed from the pack; a certificate's lower bound from its prices. Exit code 0 when
    all of it holds, 1 with every violation named.

    [bold]Examples[/bold]

    splitship check scenarios/hello plan.json

    splitship check PACK plan.csv -o json
    """
    from splitship.check import check_certificate, check_plan
    from splitship.cli.answer import open_pack
    from splitship.cli.console import emit, emit_json, emit_table, key_values, markdown_table
    from splitship.cli.options import restrict
    from splitship.cli.progress import Progress
    from splitship.packs.plans import read_plan

    with Progress(f"reading {pack.name or pack}") as progress:
        read = open_pack(pack, scenario)
        problem = restrict(read.problem(), orders)
        progress.phase(f"reading {plan.name}")
        file = read_plan(plan, problem)
        progress.phase("checking the plan")
        report = check_plan(problem, file.plan)
        certificate = None
        if file.certificate is not None:
            progress.phase("checking the certificate")
            certificate = check_certificate(problem, file.certificate, threads=threads or read.options().threads)
    document = check_document(problem, plan.name, file, report, certificate)
    if output is ReportForm.JSON:
        emit_json(document)
    else:
        facts = _facts(document)
        violations = [(v["code"], v["where"], v["message"]) for v in document["violations"]]
        if output is ReportForm.MD:
            emit(markdown_table(("", ""), facts))
            if violations:
                emit("\n" + markdown_table(("violation", "where", "what"), violations))
        else:
            emit_table(key_values(facts))
            lines = [" ".join(filter(None, violation)) for violation in violations]
            emit("\n".join(["", *lines, ""]) if lines else "")
    raise typer.Exit(0 if document["holds"] else 1)


def check_document(
    problem: Problem, plan_name: str, file: PlanFile, report: PlanReport, certificate: CertificateReport | None
) -> dict[str, Any]:
    """The verdict, schema `splitship.check/1`; what the plan does not claim is null and does not count."""
    from splitship.check import compare_claim
    from splitship.domain import BoundSource, relative_gap
    from splitship.packs.documents import cost_document
    from splitship.units import format_micros

    claims = file.claims
    mismatches = [*_claim_violations(compare_claim, claims, report), *_unfilled_violations(problem, file, claims)]
    bound_violations: list[Violation] = []
    if certificate is not None:
        bound_violations = _bound_violations(certificate, report)
    violations = [*report.violations, *mismatches, *bound_violations]
    total = None if report.costs is None else report.costs.total
    bound = None if certificate is None or bound_violations else certificate.bound
    gap = relative_gap(total, bound)
    return {
        "schema": "splitship.check/1",
        "pack": problem.name,
        "scenario": problem.scenario,
        "plan": plan_name,
        "holds": not violations,
        "feasible": report.is_feasible,
        "cost": {
            "claimed": None if claims is None or claims.objective is None else format_micros(claims.objective),
            "recomputed": None if total is None else format_micros(total),
            "holds": None if claims is None or claims.objective is None else not mismatches,
        },
        "certificate": None
        if certificate is None or file.certificate is None
        else {
            "claimed": format_micros(file.certificate.bound),
            "recomputed": None if certificate.bound is None else format_micros(certificate.bound),
            "holds": not bound_violations,
            "orders_bounded_by_relaxation": certificate.num_relaxed_orders,
            "leaves": certificate.num_leaves,
        },
        "bound": None if bound is None else format_micros(bound),
        "bound_source": BoundSource.NONE.value if bound is None else BoundSource.CERTIFICATE.value,
        "gap": gap,
        "gap_money": None if bound is None or total is None else format_micros(total - bound),
        "currency": problem.currency,
        "costs": None if report.costs is None else cost_document(report.costs),
        "counts": {
            "orders": len(problem.orders),
            "lines": len(problem.as_given.lines),
            "packages": len(file.plan),
            "violations": len(violations),
        },
        "made_for_this_input": _is_same_input(problem, claims),
        "violations": [{"code": v.code, "where": v.where, "message": v.message} for v in violations],
        "seconds": {
            "plan": round(report.seconds, 6),
            "certificate": None if certificate is None else round(certificate.seconds, 6),
        },
    }


def _claim_violations(compare: Any, claims: Claims | None, report: PlanReport) -> tuple[Violation, ...]:
    """Claimed costs against the recomputed ones; what a plan does not claim is filled in from the latter."""
    import dataclasses

    if claims is None:
        return ()
    if report.costs is None or report.packages is None:
        found: tuple[Violation, ...] = compare(report, claims.objective)
        return found
    costs = dataclasses.replace(report.costs, **claims.costs) if claims.costs else None
    packages = {}
    for term, (rows, values) in claims.package_costs.items():
        packages[term] = getattr(report.packages, term).copy()
        packages[term][rows] = values
    if claims.deliver_day is not None:
        rows, values = claims.deliver_day
        packages["deliver_day"] = report.packages.deliver_day.copy()
        packages["deliver_day"][rows] = values
    compared: tuple[Violation, ...] = compare(report, claims.objective, costs, packages or None)
    return compared


def _unfilled_violations(problem: Problem, file: PlanFile, claims: Claims | None) -> list[Violation]:
    """The list of unfilled units must be exactly what the packages leave."""
    import numpy as np

    from splitship.domain import Violation

    if claims is None or claims.unfilled is None:
        return []
    line_idx, quantity = claims.unfilled
    lines = problem.lines
    claimed = np.zeros(len(lines), np.int64)
    np.add.at(claimed, line_idx, quantity)
    left = np.maximum(0, lines.quantity - file.plan.shipped(len(lines)))
    # of a kit, kits are unfilled, and its first component stands for it
    left = np.where(lines.head_idx == np.arange(len(lines)), left // lines.kit_quantity, 0)
    wrong = np.flatnonzero(claimed != left)
    violations = []
    for line in wrong[:100].tolist():
        order_id = problem.orders.order_id[problem.lines.order_idx[line]]
        place = f"order {order_id} line {problem.lines.line_id[line]}"
        message = f"{claimed[line]} units said to be unfilled, the packages leave {left[line]}"
        violations.append(Violation("UNFILLED_MISMATCH", place, message))
    if len(wrong) > 100:
        violations.append(Violation("UNFILLED_MISMATCH", "", f"{len(wrong)} in all, the first 100 are listed"))
    return violations


def _bound_violations(certificate: CertificateReport, report: PlanReport) -> list[Violation]:
    """What is wrong with the certificate; and no feasible plan may cost less than a bound."""
    from splitship.domain import Violation
    from splitship.units import format_micros

    violations = list(certificate.violations)
    own = certificate.bound
    if own is not None and report.is_feasible and report.costs is not None and report.costs.total < own:
        message = f"the plan costs {format_micros(report.costs.total)}, less than the bound {format_micros(own)}"
        violations.append(Violation("BOUND_ABOVE_PLAN", "bound", message))
    return violations


def _is_same_input(problem: Problem, claims: Claims | None) -> bool | None:
    if claims is None or claims.input_hash is None or not problem.input_hash:
        return None
    return claims.input_hash == problem.input_hash


def _facts(document: dict[str, Any]) -> list[tuple[str, str]]:
    from splitship.cli.console import counted, grouped, money, percent

    currency = document["currency"]
    counts, cost, certificate = document["counts"], document["cost"], document["certificate"]
    facts = [
        ("plan", f"{document['plan']}: {grouped(counts['packages'])} packages for {grouped(counts['orders'])} orders"),
        ("pack", f"{document['pack']} / {document['scenario']}"),
        ("feasible", "yes" if document["feasible"] else "NO"),
    ]
    recomputed = money(cost["recomputed"], currency)
    if cost["claimed"] is None:
        facts.append(("cost", f"{recomputed} (the plan claims none)"))
    else:
        verdict = "as claimed"
        if cost["claimed"] != cost["recomputed"]:
            verdict = f"CLAIMED {money(cost['claimed'], currency)}"
        elif not cost["holds"]:
            verdict = "as claimed in total, but not in every part"
        facts.append(("cost", f"{recomputed}, {verdict}"))
    if certificate is None:
        facts.append(("certificate", "none"))
    else:
        verdict = (
            "holds" if certificate["holds"] else f"DOES NOT HOLD, claimed {money(certificate['claimed'], currency)}"
        )
        leaves = "" if certificate["leaves"] == 1 else f" from {grouped(certificate['leaves'])} leaves"
        facts.append(("certificate", f"lower bound {money(certificate['recomputed'], currency)}{leaves}, {verdict}"))
        facts.append(("gap", f"{percent(document['gap'])}, {money(document['gap_money'], currency)}"))
    if document["made_for_this_input"] is False:
        facts.append(("note", "the plan was made for another state of this pack"))
    facts.append(("verdict", "all of it holds" if document["holds"] else counted(counts["violations"], "violation")))
    return facts
