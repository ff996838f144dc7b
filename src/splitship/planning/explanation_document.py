"""Explanations and counterfactuals as JSON-ready dictionaries. Money is decimal text, dates are ISO dates."""

from __future__ import annotations

from typing import Any

from splitship.domain.result import Result
from splitship.instance.order_test import OrderOption
from splitship.packs.documents import cost_document
from splitship.planning.counterfactual import Counterfactual
from splitship.planning.explanation import Alternative, Explanation, OrderPlan
from splitship.planning.moved import Move
from splitship.planning.questions import Answer, answers
from splitship.planning.rule_cost import RuleCost
from splitship.planning.taken import Taken
from splitship.units import NO_DATE, day_text, format_micros

Document = dict[str, Any]


def explanation_document(explanation: Explanation, asked: tuple[Answer, ...] | None = None) -> Document:
    """An explanation, schema `splitship.explanation/1`; `asked` are answers in place of those that apply."""
    problem, order = explanation.result.problem, explanation.order_idx
    deliver_by = int(problem.orders.deliver_by[order])
    return {
        "schema": "splitship.explanation/1",
        "pack": problem.name,
        "scenario": problem.scenario,
        "currency": problem.currency,
        "order_id": explanation.order_id,
        "deliver_by": None if deliver_by >= NO_DATE else day_text(deliver_by),
        "prices_from": explanation.prices_from.value,
        "chosen": _way(explanation, explanation.chosen),
        "unfilled": [
            {
                "line_id": each.line_id, "quantity": each.quantity, "reason": each.reason, "detail": each.detail,
                "cost": format_micros(each.cost),
            }
            for each in explanation.unfilled
        ],
        "regret": format_micros(explanation.regret),
        "alternatives": [_alternative(explanation, each) for each in explanation.alternatives],
        "alternatives_are_best": explanation.are_best,
        "one_package": None
        if explanation.one_package is None
        else _alternative(explanation, explanation.one_package),
        "nodes": [
            {
                "node_id": view.node_id,
                "distance_km": None if view.distance_km is None else round(view.distance_km, 3),
                "used": view.is_used,
                "best": None if view.best is None else _alternative(explanation, view.best),
                "obstacles": [{"reason": code, "detail": detail} for code, detail in view.obstacles],
            }
            for view in explanation.nodes
        ],
        "options": [_option(option) for option in explanation.options],
        "answers": [answer_document(each) for each in (answers(explanation) if asked is None else asked)],
        "notes": list(explanation.notes),
    }  # fmt: skip


def counterfactual_document(found: Counterfactual) -> Document:
    """A counterfactual, schema `splitship.counterfactual/1`; numbers are null where nothing is known."""
    base, plan, force = found.base, found.plan, found.force
    problem = base.problem
    return {
        "schema": "splitship.counterfactual/1",
        "pack": problem.name,
        "scenario": problem.scenario,
        "currency": problem.currency,
        "order_id": found.order_id,
        "force": {
            "node_id": force.node, "service_id": force.service, "packages": force.packages, "complete": force.complete,
            "ship_on": force.ship_on, "deliver_by": force.deliver_by,
        },
        "possible": found.is_possible,
        "already": found.is_already,
        "found": found.is_possible and found.is_found,
        "reasons": [{"reason": code, "detail": detail} for code, detail in found.reasons],
        "becomes_base": found.becomes_base,
        "units_left": found.num_left if plan is not None else None,
        "base": {
            "objective": format_micros(base.objective),
            "bound": _money(base.proven_bound),
            "gap": _proven_gap(base),
        },
        "forced": None
        if plan is None
        else {"objective": format_micros(plan.objective), "bound": _money(plan.bound), "gap": plan.gap},
        "change": _money(found.change),
        "interval": {"low": _money(found.interval.low), "high": _money(found.interval.high)},
        "soft_change": format_micros(found.soft_change),
        "moves": [_move(each) for each in found.moves],
        "searched": found.is_searched,
        "termination": None if found.plan is None else found.plan.termination.reason.value,
        "hashes": {"base_input": problem.input_hash},
        "seconds": round(found.seconds, 3),
    }  # fmt: skip


def rule_cost_document(found: RuleCost) -> Document:
    """What a rule cost, schema `splitship.rule-cost/1`."""
    problem = found.base.problem
    return {
        "schema": "splitship.rule-cost/1",
        "pack": problem.name,
        "scenario": problem.scenario,
        "currency": problem.currency,
        "rule": found.rule,
        "base": {
            "objective": format_micros(found.base.objective), "bound": _money(found.base.proven_bound),
            "gap": _proven_gap(found.base),
        },
        "without": {
            "objective": format_micros(found.without.objective), "bound": _money(found.without.bound),
            "gap": found.without.gap,
        },
        "cost": format_micros(found.cost),
        "interval": {"low": _money(found.interval.low), "high": _money(found.interval.high)},
        "orders_moved": len(found.moves),
        "moves": [_move(each) for each in found.moves],
        "soft_change": format_micros(found.soft_change),
        "termination": found.without.termination.reason.value,
    }  # fmt: skip


def answer_document(answer: Answer) -> Document:
    """A question with its answer."""
    return {"question": answer.question, "applies": answer.applies, "answer": answer.text}


def _way(explanation: Explanation, way: OrderPlan) -> Document:
    problem, plan = explanation.result.problem, way.plan
    sku_idx = plan.skus(problem.lines.sku_idx)
    packages: list[Document] = [
        {
            "node_id": problem.nodes.node_id[node],
            "service_id": problem.services.service_id[service],
            "ship_on": day_text(ship),
            "deliver_on": day_text(deliver),
            "lines": [],
            "cost": format_micros(cost),
        }
        for node, service, ship, deliver, cost in zip(
            plan.node_idx.tolist(), plan.service_idx.tolist(), plan.ship_day.tolist(), way.deliver_day.tolist(),
            way.package_cost.tolist(), strict=True,
        )
    ]  # fmt: skip
    for package, line, sku, quantity in zip(
        plan.content_package.tolist(), plan.content_line.tolist(), sku_idx.tolist(), plan.content_quantity.tolist(),
        strict=True,
    ):  # fmt: skip
        packages[package]["lines"].append(
            {"line_id": problem.lines.line_id[line], "sku_id": problem.skus.sku_id[sku], "quantity": quantity}
        )
    return {
        "packages": packages,
        "units_left": way.num_left,
        "late_days": way.late_days,
        "costs": cost_document(way.costs),
        "direct_cost": format_micros(way.direct),
        "taken": [_taken(each) for each in way.taken],
        "priced": way.is_priced,
        "price_of_taken": format_micros(way.price_of_taken) if way.is_priced else None,
        "cost_at_prices": format_micros(way.total) if way.is_priced else None,
    }


def _taken(taken: Taken) -> Document:
    row: Document = {"kind": taken.kind}
    for name in ("node_id", "sku_id", "service_id", "date", "rule"):
        if getattr(taken, name) is not None:
            row[name] = getattr(taken, name)
    return row | {
        "units": taken.units, "price": format_micros(taken.price), "amount": format_micros(taken.amount),
        "words": taken.words,
    }  # fmt: skip


def _alternative(explanation: Explanation, each: Alternative) -> Document:
    return {
        **_way(explanation, each.way),
        "difference": format_micros(each.difference),
        "direct_difference": format_micros(each.direct_difference),
        "verdict": each.verdict,
    }


def _option(option: OrderOption) -> Document:
    return {
        "node_id": option.node_id,
        "service_id": option.service_id,
        "ship_on": None if option.ship_day is None else day_text(option.ship_day),
        "deliver_on": None if option.deliver_day is None else day_text(option.deliver_day),
        "possible": option.is_possible,
        "cost": None if option.costs is None else format_micros(option.costs.total),
        "obstacles": [
            {"line_id": each.line_id, "reason": each.reason.value, "detail": each.detail} for each in option.obstacles
        ],
    }


def _move(move: Move) -> Document:
    return {
        "order_id": move.order_id,
        "before": move.before,
        "after": move.after,
        "change": format_micros(move.change),
        "packages": list(move.packages),
        "delivered": [None if day is None else day_text(day) for day in move.last_day],
        "late_days": list(move.late_days),
        "units_left": list(move.num_left),
    }


def _money(micros: int | None) -> str | None:
    return None if micros is None else format_micros(micros)


def _proven_gap(result: Result) -> float | None:
    return None if result.proven_bound is None else result.gap
