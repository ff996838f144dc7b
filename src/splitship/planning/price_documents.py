"""Prices, relaxations and frontiers as JSON-ready dictionaries: money as decimal text, keys in a fixed order."""

from __future__ import annotations

from typing import Any

from splitship.domain import Problem, ResourceKind, Result
from splitship.planning.confirming import Confirmation
from splitship.planning.frontier import Frontier, FrontierPoint
from splitship.planning.relaxations import Relaxation, Relaxations
from splitship.planning.resources import Resource
from splitship.planning.shadow_prices import ShadowPrice, ShadowPrices
from splitship.units import day_text, format_micros

Document = dict[str, Any]


def prices_document(found: ShadowPrices) -> Document:
    """Schema `splitship.prices/1`."""
    return {
        "schema": "splitship.prices/1",
        **_answer(found.result, found.best),
        "source": found.source,
        "step": found.step,
        "complete": found.is_complete,
        "prices": [_price(found, each) for each in found.prices],
    }


def relaxations_document(found: Relaxations) -> Document:
    """Schema `splitship.relaxations/1`."""
    return {
        "schema": "splitship.relaxations/1",
        **_answer(found.result, found.best),
        "unfilled_by_reason": {reason.value: units for reason, units in found.unfilled.items()},
        "candidates": found.num_candidates,
        "looked_at": found.num_looked_at,
        "complete": found.is_complete,
        "relaxations": [_relaxation(each) for each in found.relaxations],
        "without_effect": [_relaxation(each) for each in found.idle],
    }


def frontier_document(found: Frontier) -> Document:
    """Schema `splitship.frontier/1`. Quantities and the envelope's corners are rounded to 6 decimals, downwards."""
    amounts = [point.quantity for point in found.points]
    corners = found.envelope.corners(min(amounts), max(amounts)) if amounts else []
    return {
        "schema": "splitship.frontier/1",
        "pack": found.problem.name,
        "scenario": found.problem.scenario,
        "currency": found.problem.currency,
        "against": found.quantity.against,
        "quantity": found.quantity.words,
        "mean": found.quantity.mean_words,
        "setting": found.quantity.setting,
        "complete": found.is_complete,
        "points": [_point(each) for each in found.points],
        "envelope": [{"quantity": float(round(at, 6)), "cost": format_micros(int(cost // 1))} for at, cost in corners],
    }


def _answer(result: Result, best: Result) -> Document:
    problem, bound = result.problem, result.bound
    return {
        "pack": problem.name,
        "scenario": problem.scenario,
        "currency": problem.currency,
        "objective": format_micros(result.objective),
        "bound": None if bound is None else format_micros(bound),
        "gap_money": None if bound is None else format_micros(result.objective - bound),
        "best_objective": format_micros(best.objective),
    }


def _price(found: ShadowPrices, price: ShadowPrice) -> Document:
    problem, resource = found.result.problem, price.resource
    document: Document = {"resource": resource.words(problem), **_keys(resource, problem), "unit": resource.unit}
    document["supply"] = None if price.supply is None else resource.amount_text(price.supply).replace(",", "")
    document["use"] = None if price.use is None else resource.amount_text(price.use).replace(",", "")
    document["price"] = format_micros(price.price)
    if price.confirmed is not None:
        document |= {"change": resource.change_words(problem, found.step), "confirmed": _confirmed(price.confirmed)}
    return document


def _keys(resource: Resource, problem: Problem) -> Document:
    kind = resource.kind
    keys: Document = {"kind": kind.label}
    if resource.node_idx >= 0:
        keys["node_id"] = str(problem.nodes.node_id[resource.node_idx])
    if resource.sku_idx >= 0:
        keys["sku_id"] = str(problem.skus.sku_id[resource.sku_idx])
    if resource.service_idx >= 0:
        keys["service_id"] = str(problem.services.service_id[resource.service_idx])
    if kind is ResourceKind.RULE_QUOTA:
        keys["rule"] = problem.rules[resource.rule_idx].name
    if resource.channel:
        keys["channel"] = resource.channel
    if resource.day >= 0:
        keys["date"] = day_text(resource.day)
    return keys


def _confirmed(found: Confirmation) -> Document:
    return {
        "saving": format_micros(found.saving),
        "saving_at_least": format_micros(found.at_least),
        "saving_at_most": None if found.at_most is None else format_micros(found.at_most),
        "cost": format_micros(found.cost),
        "cost_without": format_micros(found.cost_without),
        "units_filled": found.filled,
    }


def _relaxation(found: Relaxation) -> Document:
    return {
        "relaxation": found.words,
        "amount": found.amount,
        "unit": found.unit or None,
        "reasons": [reason.value for reason in found.reasons],
        "blocked_units": found.blocked_units,
        "confirmed": _confirmed(found.confirmed),
    }


def _point(point: FrontierPoint) -> Document:
    gap = point.result.gap
    return {
        "weight": f"{point.weight:f}",
        "cost": format_micros(point.cost),
        "quantity": float(round(point.quantity, 6)),
        "mean": round(point.mean, 6),
        "objective": format_micros(point.result.objective),
        "bound": None if point.bound is None else format_micros(point.bound),
        "gap": gap,
        "floor": None if point.floor is None else format_micros(int(point.floor // 1)),
        "own_weight": point.is_own,
        "dominated": point.is_dominated,
        "overlay": point.overlay,
    }
