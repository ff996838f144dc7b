"""The documents that programs read: the summary of a solve and the whole plan, as JSON-ready dictionaries.

Money is decimal text with 2 to 6 decimals, never a float; dates are ISO dates; keys stand in a fixed order.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, NamedTuple

import numpy as np

from splitship.domain import (
    ANY_NODE,
    BoundSource,
    Certificate,
    CostTerms,
    Leaf,
    Plan,
    Problem,
    Reason,
    ResourceKind,
    Result,
)
from splitship.domain.changes import Change, changes_of, service_ids_before
from splitship.domain.feature_counts import feature_counts
from splitship.domain.frames import package_ids as package_ids
from splitship.domain.parts import with_whole_lines
from splitship.domain.rule_effects import rule_effects
from splitship.packs.certificate_names import CertificateNames
from splitship.packs.collection import without_collection
from splitship.packs.content_skus import content_component_ids, content_sku_ids, kit_sku_ids
from splitship.units import I64, NO_DATE, format_micros

Document = dict[str, Any]

COST_TERMS = ("shipping", "handling", "delivery", "late", "split", "unfilled", "rules", "soft")
"""The terms of the objective, in the order of the documents."""
MORE_OF_CERTIFICATE = ("shares", "own_prices", "leaves")
"""Parts of a certificate that a plan document has beside `prices`."""
PACKAGE_TERMS = ("shipping", "handling", "delivery", "late", "rules")
"""The terms of one package's cost."""
PHASES = ("read", "compile", "prices", "primal", "check", "total")
"""The phases of a solve whose seconds the summary gives."""


def summary_document(result: Result) -> Document:
    """The summary of a solve, schema `splitship.summary/1`."""
    with without_collection():
        return _summary(result, plan_body(result))


def plan_document(result: Result) -> Document:
    """The whole plan, schema `splitship.plan/1`: the summary, then packages, unfilled, what became of every
    package of the plan before (`package_changes`, where there is one) and the certificate.

    `prices` is null without a certificate. `certificate` appears only when the prices are not all of it: `shares` are
    the values of lines in orders too wide for exact pricing, `own_prices` what single lines pay for stock at a node,
    `leaves` the parts of all plans that have prices of their own.
    """
    with without_collection():
        body = plan_body(result)
        document = {**_summary(result, body), "schema": "splitship.plan/1"}
        document |= {"packages": body["packages"], "unfilled": body["unfilled"]}
        if "changes" in document:
            document["package_changes"] = _package_changes(result)
        certificate = body["certificate"]
        document["prices"] = None if certificate is None else certificate["prices"]
        more = {key: certificate[key] for key in MORE_OF_CERTIFICATE if certificate and certificate.get(key)}
        if more:
            document["certificate"] = more
        return document


def summary_part(document: Document) -> Document:
    """The summary that a plan document begins with: what `summary_document` gives, without computing it again."""
    beyond = ("packages", "unfilled", "package_changes", "prices", "certificate")
    summary = {key: value for key, value in document.items() if key not in beyond}
    return {**summary, "schema": "splitship.summary/1"}


def plan_body(result: Result) -> Document:
    """What `hashes.plan` is taken of: `packages`, `unfilled` and `certificate` (null, or bound, prices, shares).

    `own_prices` and `leaves` are there only where there are any.
    """
    certificate = result.certificate if result.bound_source is BoundSource.CERTIFICATE else None
    return {
        "packages": _packages(result),
        "unfilled": _unfilled(result),
        "certificate": None
        if certificate is None
        else _certificate(result.problem, certificate, CertificateNames(result.problem)),
    }


def body_hash(body: Document) -> str:
    """SHA-256 of the canonical JSON of a plan's body: keys sorted, no spaces, UTF-8."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def cost_document(costs: CostTerms) -> Document:
    """The objective by term as money text."""
    return {term: format_micros(getattr(costs, term)) for term in COST_TERMS}


def day_texts(days: I64) -> list[str]:
    """Day numbers as ISO dates."""
    texts: list[str] = days.astype("datetime64[D]").astype(str).tolist()
    return texts


def money_texts(micros: I64) -> list[str]:
    """Micros as money text; each value is formatted once, since tariffs repeat."""
    values, inverse = np.unique(micros, return_inverse=True)
    texts = np.array([format_micros(value) for value in values.tolist()], object)
    taken: list[str] = texts[inverse].tolist()
    return taken


def _summary(result: Result, body: Document) -> Document:
    problem, plan, report, options = result.problem, result.plan, result.report, result.options
    given, termination = problem.as_given, result.termination
    bound = result.bound
    packages_of_order = np.bincount(plan.order_idx, minlength=len(problem.orders))
    late = 0
    if report.packages is not None:
        promised = problem.orders.deliver_by[plan.order_idx]
        late = int(np.sum((promised < NO_DATE) & (report.packages.deliver_day > promised)))
    seconds = {phase: float(result.seconds.get(phase, 0.0)) for phase in PHASES} | dict(result.seconds)
    return {
        "schema": "splitship.summary/1",
        "pack": problem.name,
        "scenario": problem.scenario,
        "method": result.method,
        "termination": {
            "reason": termination.reason.value,
            "limit": termination.limit,
            "detail": termination.detail,
        },
        "objective": format_micros(result.objective),
        "bound": None if bound is None else format_micros(bound),
        "gap": result.gap,
        "gap_money": None if bound is None else format_micros(result.objective - bound),
        "bound_source": result.bound_source.value,
        "currency": problem.currency,
        "costs": cost_document(report.costs or CostTerms()),
        "counts": {
            "orders": len(given.orders),
            "lines": len(given.lines),
            "units": int(given.lines.quantity.sum()),
            "packages": len(plan),
            "split_orders": int(np.sum(packages_of_order > 1)),
            "late_packages": late,
            "unfilled_units": int(result.unfilled.quantity.sum()),
            "orders_bounded_by_relaxation": result.num_relaxed_orders,
            **feature_counts(problem, plan),
        },
        **_effects(problem, plan),
        **_change_counts(problem, plan),
        "unfilled_by_reason": unfilled_by_reason(result),
        "unavoidable_unfilled_cost": format_micros(result.unavoidable_unfilled_cost),
        "verified": report.is_feasible,
        "seconds": {phase: round(value, 6) for phase, value in seconds.items()},
        "peak_memory_mb": round(result.peak_memory_mb),
        "seed": options.seed,
        "threads": options.threads,
        "hashes": {"input": problem.input_hash, "plan": body_hash(body)},
        "versions": {"splitship": version("splitship"), "ortools": version("ortools")},
    }


def _effects(problem: Problem, plan: Plan) -> dict[str, list[Document]]:
    """What rules and surcharges do in the plan; a list of those that there are none of is left out."""
    found: dict[str, list[Document]] = {"rules": [], "surcharges": []}
    for effect in rule_effects(problem, plan):
        row: Document = {"name": effect.name, "packages": effect.num_packages, "units": effect.num_units}
        row["cost"] = format_micros(effect.cost)
        if effect.quota is not None:
            per = "day" if effect.is_per_day else "batch"
            row["quota"] = {"packages": effect.quota, "most_used": effect.most_used, "per": per}
            if effect.num_beyond is not None and effect.beyond_cost is not None:
                row["quota"] |= {"beyond": effect.num_beyond, "beyond_cost": format_micros(effect.beyond_cost)}
        found["surcharges" if effect.is_surcharge else "rules"].append(row)
    return {key: rows for key, rows in found.items() if rows}


def _change_counts(problem: Problem, plan: Plan) -> dict[str, Document]:
    """What became of the plan before, in numbers; nothing without one."""
    if not len(problem.as_given.plan_before):
        return {}
    changes = changes_of(problem, plan)
    counts: Document = {change.label: changes.count(change) for change in Change}
    return {"changes": {**counts, "new": changes.num_new, "moved_cost": format_micros(int(changes.cost.sum()))}}


class PackageChange(NamedTuple):
    """What became of a package of the plan before; of a moved one `cost` (micros) and the packages with its lines."""

    order_id: str
    node_id: str
    service_id: str
    ship_on: str
    what: Change
    cost: int
    package_ids: list[str]


def package_changes(result: Result) -> list[PackageChange]:
    """What became of every package of the plan before, in its sequence."""
    problem, plan = result.problem, result.problem.as_given.plan_before.plan
    if not len(plan):
        return []
    changes, ids = changes_of(problem, result.plan), package_ids(result)
    starts = np.searchsorted(changes.moved_from, np.arange(len(plan) + 1)).tolist()
    columns = zip(
        problem.orders.order_id[plan.order_idx].tolist(),
        problem.nodes.node_id[plan.node_idx].tolist(),
        service_ids_before(problem).tolist(),
        day_texts(plan.ship_day),
        changes.what.tolist(),
        changes.cost.tolist(),
        starts[:-1],
        starts[1:],
        strict=True,
    )
    return [
        PackageChange(
            order_id,
            node_id,
            service_id,
            ship_on,
            Change(what),
            cost,
            [ids[package] for package in changes.moved_to[start:end].tolist()],
        )
        for order_id, node_id, service_id, ship_on, what, cost, start, end in columns
    ]


def _package_changes(result: Result) -> list[Document]:
    rows: list[Document] = []
    for change in package_changes(result):
        row: Document = {name: getattr(change, name) for name in ("order_id", "node_id", "service_id", "ship_on")}
        row["what"] = change.what.label
        if change.what == Change.MOVED:
            row |= {"cost": format_micros(change.cost), "package_ids": change.package_ids}
        rows.append(row)
    return rows


def unfilled_by_reason(result: Result) -> dict[str, int]:
    """Units that do not ship by reason, in the sequence of the reasons; only those that there are."""
    stages = {reason: stage for stage, reason in enumerate(Reason)}
    stage_of_row = np.array([stages[reason] for reason in result.unfilled.reason], np.int64)
    units = np.bincount(stage_of_row, result.unfilled.quantity, len(stages)).astype(np.int64).tolist()
    return {reason.value: units[stage] for reason, stage in stages.items() if units[stage]}


def _packages(result: Result) -> list[Document]:
    problem, plan, costs = result.problem, result.plan, result.report.packages
    if costs is None:
        raise ValueError("a result without costs by package has no plan document")
    plan = with_whole_lines(problem, plan)
    if np.any(np.diff(plan.order_idx) < 0) or np.any(np.diff(plan.content_package) < 0):
        raise ValueError("a result's plan must be canonical, so that its hash is")
    lines = [
        {"line_id": line_id, "sku_id": sku_id, "quantity": quantity}
        for line_id, sku_id, quantity in zip(
            problem.lines.line_id[plan.content_line].tolist(),
            content_sku_ids(problem, plan),
            plan.content_quantity.tolist(),
            strict=True,
        )
    ]
    for line, component in zip(lines, content_component_ids(problem, plan) or [], strict=False):
        if component:
            line["component_sku_id"] = component
    starts = np.searchsorted(plan.content_package, np.arange(len(plan) + 1)).tolist()
    terms = [money_texts(getattr(costs, term)) for term in PACKAGE_TERMS]
    columns = zip(
        package_ids(result),
        problem.orders.order_id[plan.order_idx].tolist(),
        problem.nodes.node_id[plan.node_idx].tolist(),
        problem.services.service_id[plan.service_idx].tolist(),
        day_texts(plan.ship_day),
        day_texts(costs.deliver_day),
        starts[:-1],
        starts[1:],
        *terms,
        strict=True,
    )
    return [
        {
            "package_id": package_id,
            "order_id": order_id,
            "node_id": node_id,
            "service_id": service_id,
            "ship_on": ship_on,
            "deliver_on": deliver_on,
            "lines": lines[start:end],
            "costs": dict(zip(PACKAGE_TERMS, money, strict=True)),
        }
        for package_id, order_id, node_id, service_id, ship_on, deliver_on, start, end, *money in columns
    ]


def _unfilled(result: Result) -> list[Document]:
    problem, unfilled = result.problem, result.unfilled
    columns: Sequence[list[Any]] = (
        problem.orders.order_id[problem.lines.order_idx[unfilled.line_idx]].tolist(),
        problem.lines.line_id[unfilled.line_idx].tolist(),
        unfilled.quantity.tolist(),
        [reason.value for reason in unfilled.reason],
        unfilled.detail.tolist(),
    )
    names = ("order_id", "line_id", "quantity", "reason", "detail")
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _certificate(problem: Problem, certificate: Certificate, names_of: CertificateNames) -> Document:
    c = certificate
    rows = np.lexsort((c.day, c.rule_idx, c.service_idx, c.sku_idx, c.node_idx, c.kind))
    kinds = c.kind[rows].tolist()
    node_ids = _take_or_empty(problem.nodes.node_id, c.node_idx[rows])
    # -1 picks some last row where the kind has no such key; that text is not used.
    sku_ids = _take_or_empty(problem.skus.sku_id, c.sku_idx[rows])
    service_ids = _take_or_empty(problem.services.service_id, c.service_idx[rows])
    is_rule = c.kind[rows] == ResourceKind.RULE_QUOTA
    rules = [problem.rules[rule].name if rule >= 0 else "" for rule in np.where(is_rule, c.rule_idx[rows], -1).tolist()]
    keys = zip(c.node_idx[rows].tolist(), c.sku_idx[rows].tolist(), c.rule_idx[rows].tolist(), strict=True)
    days = c.day[rows].tolist()
    dates = day_texts(c.day[rows])
    money = money_texts(c.price[rows])
    prices: list[Document] = []
    for kind, node_id, sku_id, service_id, rule, day, date, price, (node, sku, mask) in zip(
        kinds, node_ids, sku_ids, service_ids, rules, days, dates, money, keys, strict=True
    ):
        resource = ResourceKind(kind)
        row: Document = {"kind": resource.label}
        if resource.has_node:
            row["node_id"] = node_id
        if resource.has_sku:
            row["sku_id"] = sku_id
        if resource.has_service:
            row["service_id"] = service_id
        if resource is ResourceKind.RULE_QUOTA:
            row["rule"] = rule
        if resource is ResourceKind.CHANNEL_RESERVE:
            row["channels"] = names_of.reserves.channels(node, sku, mask)
        # a rule's quota of the whole batch has no day
        if resource.has_day and (resource is not ResourceKind.RULE_QUOTA or day >= 0):
            row["date"] = date
        row["price"] = price
        prices.append(row)
    share_rows = np.argsort(c.share_line, kind="stable")
    share_line = c.share_line[share_rows]
    columns: tuple[list[Any], ...] = (
        problem.orders.order_id[problem.lines.order_idx[share_line]].tolist(),
        problem.lines.line_id[share_line].tolist(),
        kit_sku_ids(problem, share_line),
        names_of.parts(share_line),
        money_texts(c.share_value[share_rows]),
    )
    shares = [_of_line(("order_id", "line_id", "sku_id", "part", "value"), row) for row in zip(*columns, strict=True)]
    document: Document = {"bound": format_micros(c.bound), "prices": prices, "shares": shares}
    own_rows = np.lexsort((c.own_node, c.own_line))
    own_line = c.own_line[own_rows]
    columns = (
        problem.orders.order_id[problem.lines.order_idx[own_line]].tolist(),
        problem.lines.line_id[own_line].tolist(),
        kit_sku_ids(problem, own_line),
        names_of.parts(own_line),
        problem.nodes.node_id[c.own_node[own_rows]].tolist(),
        money_texts(c.own_price[own_rows]),
    )
    names = ("order_id", "line_id", "sku_id", "part", "node_id", "price")
    own = [_of_line(names, row) for row in zip(*columns, strict=True)]
    if own:
        document["own_prices"] = own
    if c.leaves:
        document["leaves"] = [_leaf(problem, leaf, names_of) for leaf in c.leaves]
    return document


def _leaf(problem: Problem, leaf: Leaf, names_of: CertificateNames) -> Document:
    """Decisions in the order of the path, then what a certificate has."""
    columns = (
        problem.orders.order_id[problem.lines.order_idx[leaf.line]].tolist(),
        problem.lines.line_id[leaf.line].tolist(),
        kit_sku_ids(problem, leaf.line),
        names_of.parts(leaf.line),
        [None if node == ANY_NODE else str(problem.nodes.node_id[node]) for node in leaf.node.tolist()],
        leaf.ships.tolist(),
    )
    names = ("order_id", "line_id", "sku_id", "part", "node_id", "ships")
    decisions = [_of_line(names, row) for row in zip(*columns, strict=True)]
    return {"decisions": decisions, **_certificate(problem, leaf.prices, names_of)}


def _of_line(names: Sequence[str], row: Sequence[Any]) -> Document:
    """A row about a line; it says of which SKU only for a component of a kit, and which part only of one in parts."""
    found = dict(zip(names, row, strict=True))
    if not found["sku_id"]:
        del found["sku_id"]
    if found["part"] is None:
        del found["part"]
    return found


def _take_or_empty(ids: Any, index: I64) -> list[str]:
    if not len(ids):
        return [""] * len(index)
    taken: list[str] = ids[index].tolist()
    return taken
