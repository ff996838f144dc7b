"""Text tables and settings to the Problem: one pass that tells every fault, for files and messages alike."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from splitship.domain import Problem, with_rules_in_force
from splitship.packs import sanity
from splitship.packs.demand import Reference, build_lines, build_orders, build_reference, check_totals
from splitship.packs.features import build_features, check_feature_totals, refuse_unsupported
from splitship.packs.findings import Findings, Locate, suggest
from splitship.packs.hashing import hash_input
from splitship.packs.network import (
    build_lanes,
    build_node_services,
    build_nodes,
    build_rates,
    build_services,
    build_skus,
    build_stock,
)
from splitship.packs.pickup import check_service_names
from splitship.packs.rule_binding import bind_rules
from splitship.packs.rule_checks import check_rules
from splitship.packs.rule_refusals import refuse_rules
from splitship.packs.rule_source import NO_RULES
from splitship.packs.sanity_of_pickup import warn_of_pickup
from splitship.packs.schema import TABLES
from splitship.packs.settings import Settings
from splitship.packs.text import as_text_table
from splitship.packs.view import TableView
from splitship.spans import spanned

Tables = Mapping[str, pd.DataFrame]
"""Text tables by name. An absent table has no rows, but an absent `node_services` offers everything everywhere."""


@dataclass(frozen=True, slots=True)
class Built:
    """A problem and the reference allocation that came with it (None without one)."""

    problem: Problem
    reference: Reference | None


def build_problem(
    tables: Tables,
    settings: Settings,
    locate: Locate,
    findings: Findings | None = None,
    scenario: str = "baseline",
    features: Collection[str] = (),
) -> Problem:
    """Validate tables and settings, fill in defaults, and build the problem.

    `locate(table, row, column)` puts a place into words for findings: rows count from 0; row or column is None
    for the table as a whole. Warnings go to `findings` when it is given. `features` are taken as supported, in addition
    to those that are.

    Raises:
        UnsupportedError: the input is fine but uses tables or columns of features that are not built.
        PackError: with every fault and warning found.
    """
    findings = Findings(locate) if findings is None else findings
    built = build(tables, settings, findings, scenario, features=features)
    findings.raise_faults()
    assert built is not None
    return built.problem


@spanned("problem")
def build(
    tables: Tables,
    settings: Settings | None,
    findings: Findings,
    scenario: str = "baseline",
    partial: Collection[str] = (),
    features: Collection[str] = (),
) -> Built | None:
    """As `build_problem`, but None instead of an exception; without settings only the tables are looked at.

    `partial` names tables of which some or all could not be read: what refers to them is not told to be missing.
    `features` are taken as supported, in addition to those that are.
    """
    views = _views(tables, findings, partial)
    objective = settings.domain_objective() if settings else None
    limits = settings.domain_limits() if settings else None
    as_of = settings.as_of if settings else None
    node_ids, sku_ids = views["nodes"].coded("node_id"), views["skus"].coded("sku_id")
    service_ids = views["services"].coded("service_id")
    need_coordinates = limits is not None and limits.max_distance_km is not None
    nodes = build_nodes(views["nodes"], need_coordinates)
    skus = build_skus(views["skus"])
    stock = build_stock(views["stock"], node_ids, sku_ids)
    services = build_services(views["services"])
    offered = views["node_services"] if "node_services" in tables else None
    node_services = build_node_services(offered, node_ids, service_ids)
    lanes = build_lanes(views["lanes"], node_ids, service_ids)
    cards = build_rates(views["rates"], service_ids)
    orders = build_orders(views["orders"], node_ids, limits, as_of)
    lines = build_lines(views["order_lines"], views["orders"], sku_ids, skus, node_ids)
    check_service_names(views["services"], lines.lines.pickup_node_idx)
    reference = None
    if "reference" in tables:
        reference = build_reference(
            views["reference"], views["orders"], views["order_lines"], lines.row, node_ids, service_ids
        )
    extra = build_features(views, nodes, lines, as_of, need_coordinates)
    sources = NO_RULES if settings is None else bind_rules(settings.rule_sources, views, findings)
    if not findings.num_faults and objective is not None:
        check_totals(views["order_lines"], lines, orders, objective)
        check_feature_totals(views, lines, extra)
    if settings is None or objective is None or limits is None or findings.num_faults:
        _refuse(settings, views, features, findings)
        return None
    problem = Problem(
        name=settings.name,
        scenario=scenario,
        currency=settings.currency,
        as_of=settings.as_of,
        nodes=nodes,
        skus=skus,
        stock=stock,
        services=services,
        node_services=node_services,
        lanes=lanes,
        rates=cards.rates,
        orders=orders,
        lines=lines.lines,
        objective=objective,
        limits=limits,
        rules=tuple(source.rule for source in sources.sources),
        **extra,
    )
    if problem.rules:
        check_rules(problem, sources, findings)
    sanity.warn(problem, findings)
    warn_of_pickup(problem, lines.row, findings)
    problem = dataclasses.replace(problem, input_hash=hash_input(problem, settings.options(), reference))
    _refuse(settings, views, features, findings)
    return None if findings.num_faults else Built(with_rules_in_force(problem), reference)


def _refuse(
    settings: Settings | None, views: Mapping[str, TableView], features: Collection[str], findings: Findings
) -> None:
    """What is checked to the last and then refused, until the solver knows it: tables, columns, rules."""
    refuse_unsupported(views, findings, features)
    if settings is not None:
        refuse_rules(settings.rule_sources, findings, features)


def _views(tables: Tables, findings: Findings, partial: Collection[str]) -> dict[str, TableView]:
    """A view of every table; one that is absent has no rows."""
    for name in tables:
        if name not in TABLES:
            findings.add("E101", findings.locate(name, None, None), f"no table {name!r}", suggest(name, TABLES))
    views = {}
    for name, table in TABLES.items():
        frame = as_text_table(tables[name]) if name in tables else pd.DataFrame()
        views[name] = TableView(table, frame, findings, name not in partial)
    return views
