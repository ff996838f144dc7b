"""Explanations of orders, and what forcing them changes, as messages."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from splitship.domain import Problem, Reason
from splitship.domain.parts import with_whole_lines
from splitship.instance.order_test import OrderOption
from splitship.planning.counterfactual import Counterfactual
from splitship.planning.explanation import Alternative, Explanation, NodeView, OrderPlan
from splitship.planning.force import Force
from splitship.service.answers import REASONS, content_messages, costs_message
from splitship.units import day_text
from splitship.v1 import explanation_pb2 as api
from splitship.v1 import plan_pb2


def explanation_message(explanation: Explanation) -> api.Explanation:
    """The account of an order."""
    problem, one = explanation.result.problem, explanation.one_package
    return api.Explanation(
        order_id=explanation.order_id,
        prices_from=explanation.prices_from.value,
        chosen=_way(problem, explanation.chosen),
        alternatives=[_alternative(problem, each) for each in explanation.alternatives],
        are_best=explanation.are_best,
        one_package=None if one is None else _alternative(problem, one),
        nodes=[_node(problem, view) for view in explanation.nodes],
        options=[_option(option) for option in explanation.options],
        unfilled=[
            plan_pb2.UnfilledLine(
                order_id=explanation.order_id,
                line_id=each.line_id,
                quantity=each.quantity,
                reason=REASONS[Reason(each.reason)],
                detail=each.detail,
            )
            for each in explanation.unfilled
        ],
        regret_micros=explanation.regret,
        notes=explanation.notes,
    )


def counterfactual_message(found: Counterfactual) -> api.Counterfactual:
    """What forcing an order changes."""
    return api.Counterfactual(
        possible=found.is_possible,
        already=found.is_already,
        found=found.is_found and found.is_possible,
        reasons=_obstacles(found.reasons),
        change_micros=found.change,
        change_at_least_micros=found.interval.low,
        change_at_most_micros=found.interval.high,
        becomes_base=found.becomes_base,
        units_left=found.num_left,
        moves=[
            api.MovedOrder(
                order_id=move.order_id,
                before=move.before,
                after=move.after,
                change_micros=move.change,
                packages_before=move.packages[0],
                packages_after=move.packages[1],
                last_day_before=_day(move.last_day[0]),
                last_day_after=_day(move.last_day[1]),
            )
            for move in found.moves
        ],
        soft_change_micros=found.soft_change,
    )


def force_of(message: api.Force) -> Force:
    """What a request forces."""
    return Force(
        node=message.node_id or None,
        service=message.service_id or None,
        packages=message.max_packages if message.HasField("max_packages") else None,
        complete=message.complete,
        ship_on=message.ship_on or None,
        deliver_by=message.deliver_by or None,
    )


def _way(problem: Problem, way: OrderPlan) -> api.OrderWay:
    plan = with_whole_lines(problem, way.plan)
    lines = content_messages(problem, plan)
    columns = zip(
        problem.nodes.node_id[plan.node_idx].tolist(),
        problem.services.service_id[plan.service_idx].tolist(),
        plan.ship_day.tolist(),
        way.deliver_day.tolist(),
        way.package_cost.tolist(),
        strict=True,
    )
    return api.OrderWay(
        packages=[
            api.WayPackage(
                node_id=node,
                service_id=service,
                ship_on=day_text(ship_day),
                deliver_on=day_text(deliver_day),
                lines=[lines[row] for row in np.flatnonzero(plan.content_package == number).tolist()],
                cost_micros=cost,
            )
            for number, (node, service, ship_day, deliver_day, cost) in enumerate(columns)
        ],
        costs=costs_message(way.costs),
        taken=[
            api.TakenResource(
                kind=each.kind,
                words=each.words,
                units=each.units,
                price_micros=each.price,
                node_id=each.node_id or "",
                sku_id=each.sku_id or "",
                service_id=each.service_id or "",
                date=each.date or "",
                rule=each.rule or "",
            )
            for each in way.taken
        ],
        priced=way.is_priced,
        direct_micros=way.direct,
        taken_micros=way.price_of_taken,
        total_micros=way.total,
        late_days=way.late_days,
        units_left=way.num_left,
    )


def _alternative(problem: Problem, alternative: Alternative) -> api.AlternativeWay:
    return api.AlternativeWay(
        way=_way(problem, alternative.way),
        difference_micros=alternative.difference,
        direct_difference_micros=alternative.direct_difference,
        verdict=alternative.verdict,
    )


def _node(problem: Problem, view: NodeView) -> api.NodeChoice:
    return api.NodeChoice(
        node_id=view.node_id,
        distance_km=view.distance_km,
        used=view.is_used,
        best=None if view.best is None else _alternative(problem, view.best),
        obstacles=_obstacles(view.obstacles),
    )


def _option(option: OrderOption) -> api.ServiceChoice:
    return api.ServiceChoice(
        node_id=option.node_id,
        service_id=option.service_id,
        ship_on=_day(option.ship_day),
        deliver_on=_day(option.deliver_day),
        late_days=option.late_days or 0,
        costs=None if option.costs is None else costs_message(option.costs),
        obstacles=[
            api.WayObstacle(reason=each.reason.value, detail=each.detail, line_id=each.line_id or "")
            for each in option.obstacles
        ],
    )


def _obstacles(pairs: Iterable[tuple[str, str]]) -> list[api.WayObstacle]:
    return [api.WayObstacle(reason=reason, detail=detail) for reason, detail in pairs]


def _day(day: int | None) -> str:
    return "" if day is None else day_text(day)
