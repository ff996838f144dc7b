"""Why an order cannot be served as forced: reason codes and details, for the nodes, services and days asked for."""

from __future__ import annotations

import numpy as np

from splitship.domain import Plan, Problem
from splitship.domain.beside import without_steering
from splitship.instance.order_test import order_options
from splitship.instance.reasons import unfilled_lines
from splitship.instance.subset import subset_of_orders
from splitship.planning.force import Force, dated_ways
from splitship.units import day_number, day_text

_MOST = 12
"""Reasons that are listed."""


def why_impossible(problem: Problem, made: Problem, order: int, force: Force) -> tuple[tuple[str, str], ...]:
    """Pairs of a reason code and a detail; `made` is the forced problem.

    With a node or a service: what stands in the way there, for the whole order. With a date: the days that
    are possible there. Otherwise why each line stays when the order is alone.
    """
    found: dict[tuple[str, str], None] = {}
    if force.node is not None or force.service is not None:
        for option in order_options(without_steering(problem), order):
            if force.node not in (None, option.node_id) or force.service not in (None, option.service_id):
                continue
            for each in option.obstacles:
                line = "" if each.line_id is None else f"line {each.line_id}: "
                by = "" if force.service is not None else f"{option.service_id}: "
                found.setdefault((each.reason.value, f"{by}{line}{each.detail}"))
    if force.ship_on is not None or force.deliver_by is not None:
        for text in _days(problem, order, force):
            found.setdefault(("TOO_LATE", text))
    if not found or force.packages is not None or force.complete:
        part, _ = subset_of_orders(without_steering(made), np.array([order], np.int64))
        stuck = unfilled_lines(part, Plan.empty())
        for line, reason, detail in zip(stuck.line_idx.tolist(), stuck.reason, stuck.detail.tolist(), strict=True):
            found.setdefault((reason.value, f"line {part.lines.line_id[line]}: {detail}"))
    return tuple(found)[:_MOST]


def _days(problem: Problem, order: int, force: Force) -> list[str]:
    """The ship days or the earliest delivery that calendars allow where the order is forced to be."""
    ways = dated_ways(problem, order)
    here = np.ones(len(ways.node_idx), np.bool_)
    if force.node is not None:
        here &= problem.nodes.node_id[ways.node_idx] == force.node
    if force.service is not None:
        here &= problem.services.service_id[ways.service_idx] == force.service
    place = "".join([f" from {force.node}" if force.node else "", f" by {force.service}" if force.service else ""])
    if not here.any():
        return [f"nothing leaves{place} for this order on any day"]
    texts = []
    if force.ship_on is not None:
        days = sorted(set(ways.ship_day[here].tolist()))
        if day_number(force.ship_on) not in days:
            listed = ", ".join(map(day_text, days[:5])) + (" ..." if len(days) > 5 else "")
            texts.append(f"ship days{place or ' of this order'}: {listed}; {force.ship_on} is none")
    if force.deliver_by is not None:
        if force.ship_on is not None:
            here &= ways.ship_day == day_number(force.ship_on)
        rows = np.flatnonzero(here)
        if len(rows):
            first = rows[np.argmin(ways.deliver_day[rows])]
            if int(ways.deliver_day[first]) > day_number(force.deliver_by):
                node = problem.nodes.node_id[ways.node_idx[first]]
                service = problem.services.service_id[ways.service_idx[first]]
                day = day_text(int(ways.deliver_day[first]))
                texts.append(f"the earliest delivery{place} is {day}, from {node} by {service}")
    return texts
