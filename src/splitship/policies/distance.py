"""Distances for the policies that rank by them."""

from __future__ import annotations

import numpy as np

from splitship.domain import Problem
from splitship.errors import Finding, InputError
from splitship.instance import Instance
from splitship.instance.eligibility import great_circle_km
from splitship.units import Bools, Floats, Strings

_OF_A_KIND = 20


def has_coordinates(problem: Problem) -> tuple[Bools, Bools]:
    """Whether each node and each order has both coordinates, [nodes] and [orders]."""
    nodes, orders = problem.nodes, problem.orders
    return (
        np.isfinite(nodes.latitude) & np.isfinite(nodes.longitude),
        np.isfinite(orders.latitude) & np.isfinite(orders.longitude),
    )


def require_coordinates(problem: Problem, policy: str) -> None:
    """Refuse a problem in which a node or an order has no coordinates.

    Raises:
        InputError: coordinates are missing; the findings name the nodes and orders.
    """
    nodes, orders = has_coordinates(problem)
    findings = _missing("nodes", problem.nodes.node_id, nodes, policy)
    findings += _missing("orders", problem.orders.order_id, orders, policy)
    if findings:
        raise InputError(findings)


def option_distances(instance: Instance) -> Floats:
    """Great-circle kilometres from each option's node to its order, [options]."""
    nodes, orders = instance.problem.nodes, instance.problem.orders
    order = np.repeat(np.arange(instance.num_orders), np.diff(instance.option_ptr))
    node = instance.option_node
    return great_circle_km(orders.latitude[order], orders.longitude[order], nodes.latitude[node], nodes.longitude[node])


def option_distances_if_any(instance: Instance, policy: str) -> Floats:
    """`option_distances` for a policy that breaks ties by them; all 0 when no node, or no order, has coordinates.

    Raises:
        InputError: coordinates are given for some nodes and orders, and not for others.
    """
    nodes, orders = has_coordinates(instance.problem)
    if not nodes.any() or not orders.any():
        return np.zeros(instance.num_options)
    require_coordinates(instance.problem, policy)
    return option_distances(instance)


def _missing(table: str, ids: Strings, has: Bools, policy: str) -> list[Finding]:
    rows = np.flatnonzero(~has)
    hint = "fill in latitude and longitude, or use a policy that does not rank by distance"
    findings = [
        Finding(
            f"{table}[{row}]", "E470", f"policy {policy} needs coordinates; {ids[row]} has none", hint, field="latitude"
        )
        for row in rows[:_OF_A_KIND].tolist()
    ]
    if len(rows) > _OF_A_KIND:
        more = f"policy {policy} needs coordinates; {len(rows) - _OF_A_KIND} more {table} have none"
        findings.append(Finding(table, "E470", more, hint, field="latitude"))
    return findings
