"""Plans and certificates of messages against their problem: ids to positions, every fault collected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from splitship.domain import ANY_NODE, Certificate, Leaf, Plan, Problem, ResourceKind, WarmStart
from splitship.domain.parts import in_parts
from splitship.packs.plan_ids import PlanFaults, PlanIds, day_numbers
from splitship.packs.warm_start import keep_known, keep_steered
from splitship.service.certificates import RESOURCE_KINDS
from splitship.units import I64
from splitship.v1 import allocation_service_pb2 as api
from splitship.v1 import certificate_pb2, plan_pb2

_KINDS = {number: kind for kind, number in RESOURCE_KINDS.items()}
_KEYS = {
    ResourceKind.STOCK: ("node_id", "sku_id"),
    ResourceKind.NODE_PACKAGES: ("node_id", "date"),
    ResourceKind.NODE_UNITS: ("node_id", "date"),
    ResourceKind.SERVICE_PACKAGES: ("node_id", "service_id", "date"),
    ResourceKind.NODE_LINES: ("node_id", "date"),
    ResourceKind.NODE_MINUTES: ("node_id", "date"),
    ResourceKind.SERVICE_QUOTA: ("service_id", "date"),
    ResourceKind.RULE_QUOTA: ("rule", "date"),
    ResourceKind.STOCK_UNTIL: ("node_id", "sku_id", "date"),
    ResourceKind.NODE_SHARE: ("node_id",),
    ResourceKind.SERVICE_COMMITMENT: ("service_id", "date"),
    ResourceKind.CHANNEL_RESERVE: ("node_id", "sku_id", "channels"),
}
"""Keys of a resource."""

Place = Callable[[int], str]


def read_warm_start(message: api.WarmStart, problem: Problem) -> WarmStart:
    """The warm start of a request: what the problem knows of it, the rest counted.

    Raises:
        PlanError: dates that are none, kinds that are not said; every fault with its path.
    """
    plan, certificate = None, None
    if message.HasField("plan"):
        plan = _read_plan(message.plan, problem, "warm_start.plan", is_for_another=True)
    if message.HasField("certificate"):
        path = "warm_start.certificate"
        certificate = keep_steered(_read_certificate(message.certificate, problem, path, is_for_another=True), problem)
    return keep_known(plan, certificate)


def read_plan_message(message: plan_pb2.Plan, problem: Problem) -> Plan:
    """The plan of a message in its canonical form; any plan that can be stated is read, feasible or not.

    Raises:
        PlanError: ids that the problem does not have, dates that are none; every fault with its path.
    """
    return _read_plan(message, problem, "plan").canonical()


def _read_plan(message: plan_pb2.Plan, problem: Problem, path: str, is_for_another: bool = False) -> Plan:
    faults = PlanFaults()
    ids = PlanIds(problem, faults, is_for_another)
    packages = list(message.packages)

    def at(name: str) -> Place:
        return lambda row: f"{path}.packages[{row}].{name}"

    order_idx = ids.positions("order_id", [package.order_id for package in packages], at("order_id"))
    node_idx = ids.positions("node_id", [package.node_id for package in packages], at("node_id"))
    service_idx = ids.positions("service_id", [package.service_id for package in packages], at("service_id"))
    ship_day = day_numbers([package.ship_on for package in packages], "ship_on", at("ship_on"), faults)
    lines = [line for package in packages for line in package.lines]
    content_package = np.repeat(np.arange(len(packages)), [len(package.lines) for package in packages])
    first = np.searchsorted(content_package, np.arange(len(packages)))

    def line_at(name: str) -> Place:
        def place(row: int) -> str:
            package = int(content_package[row])
            return f"{path}.packages[{package}].lines[{row - int(first[package])}].{name}"

        return place

    order_of_line = order_idx[content_package] if len(packages) else np.zeros(0, np.int64)
    line_idx = ids.lines(order_of_line, [line.line_id for line in lines], line_at("line_id"))
    skus, components = ([getattr(line, key) or None for line in lines] for key in ("sku_id", "component_sku_id"))
    line_idx, sku_idx = ids.contents(line_idx, skus, components, line_at("sku_id"))
    quantity = np.array([line.quantity for line in lines], np.int64)
    # Far beyond any order: sums of them must not leave the range of int64.
    for row in np.flatnonzero(np.abs(quantity) > 2**53).tolist():
        faults.add(line_at("quantity")(row), "E503", f"no such number of units: {quantity[row]}", field="quantity")
    faults.raise_if_any()
    plan = Plan(
        order_idx, node_idx, service_idx, ship_day, content_package.astype(np.int64), line_idx, quantity, sku_idx
    )
    return in_parts(problem, plan)


def read_certificate_message(message: certificate_pb2.Certificate, problem: Problem) -> Certificate:
    """The certificate of a message; whether it holds is for the checker to say.

    Raises:
        PlanError: unknown kinds, ids that the problem does not have, keys that a kind lacks or does not have, parts of
            leaves that do not follow each other.
    """
    return _read_certificate(message, problem, "certificate")


def _read_certificate(
    message: certificate_pb2.Certificate, problem: Problem, path: str, is_for_another: bool = False
) -> Certificate:
    faults = PlanFaults()
    ids = PlanIds(problem, faults, is_for_another)
    certificate = _read_priced(message, path, ids, faults)
    leaves: list[certificate_pb2.Leaf] = []
    for position, part in enumerate(message.leaves):
        if leaves and part.number == len(leaves) - 1:
            leaves[-1].MergeFrom(part)
        elif part.number == len(leaves):
            leaves.append(certificate_pb2.Leaf())
            leaves[-1].CopyFrom(part)
        else:
            expected = f"{len(leaves)} or the number of the part before" if leaves else "0"
            where = f"{path}.leaves[{position}].number"
            faults.add(where, "E503", f"expected {expected}, got {part.number}", field="number")
            break
    read = tuple(_read_leaf(leaf, f"{path}.leaves[{leaf.number}]", ids, faults) for leaf in leaves)
    faults.raise_if_any()
    return replace(certificate, leaves=read)


def _read_leaf(leaf: certificate_pb2.Leaf, where: str, ids: PlanIds, faults: PlanFaults) -> Leaf:
    decisions = list(leaf.decisions)
    line, node = _lines_and_nodes(decisions, f"{where}.decisions", ids, none=None)
    node = np.where(np.array([not decision.node_id for decision in decisions], np.bool_), ANY_NODE, node)
    ships = np.array([decision.ships for decision in decisions], np.bool_)
    return Leaf(line, node, ships, _read_priced(leaf, where, ids, faults))


def _lines_and_nodes(rows: list[Any], where: str, ids: PlanIds, none: str | None = "") -> tuple[I64, I64]:
    """Positions; `none` stands for an empty node: None passes it over."""

    def at(name: str) -> Place:
        return lambda row: f"{where}[{row}].{name}"

    orders = ids.positions("order_id", [row.order_id for row in rows], at("order_id"))
    lines = ids.lines(orders, [row.line_id for row in rows], at("line_id"))
    lines = ids.components(lines, [row.sku_id or None for row in rows], at("sku_id"))
    lines = ids.parts(lines, [_part(row) for row in rows], at("part"))
    return lines, ids.positions("node_id", [row.node_id or none for row in rows], at("node_id"))


def _read_priced(
    message: certificate_pb2.Certificate | certificate_pb2.Leaf, where: str, ids: PlanIds, faults: PlanFaults
) -> Certificate:
    """Prices, shares and own prices, of a certificate or of a leaf."""
    prices = list(message.prices)

    def at(name: str) -> Place:
        return lambda row: f"{where}.prices[{row}].{name}"

    kinds = [_KINDS.get(price.kind) for price in prices]
    for row, kind in enumerate(kinds):
        if kind is None:
            faults.add(at("kind")(row), "E503", "expected a kind of resource", field="kind")
            continue
        for key in ("node_id", "sku_id", "service_id", "rule", "date", "channels"):
            given, needed = bool(getattr(prices[row], key)), key in _KEYS[kind]
            may_lack = kind is ResourceKind.RULE_QUOTA and key == "date"  # the quota of a whole batch has none
            if given != needed and not (may_lack and not given):
                words = "is needed for" if needed else "does not belong to"
                faults.add(at(key)(row), "E503", f"{key} {words} the kind {kind.label}", field=key)

    def positions(name: str) -> I64:
        texts: Sequence[object] = [getattr(price, name) or None for price in prices]
        return ids.positions(name, texts, at(name))

    node_idx, sku_idx, service_idx = positions("node_id"), positions("sku_id"), positions("service_id")
    rule_idx = positions("rule")
    for row, kind in enumerate(kinds):
        if kind is ResourceKind.CHANNEL_RESERVE and prices[row].channels:
            channels = list(prices[row].channels)
            rule_idx[row] = ids.mask(node_idx[row], sku_idx[row], channels, at("channels"), row)
    day = day_numbers([price.date or None for price in prices], "date", at("date"), faults)
    shares = list(message.shares)
    orders = ids.positions(
        "order_id", [share.order_id for share in shares], lambda row: f"{where}.shares[{row}].order_id"
    )
    share_line = ids.lines(orders, [share.line_id for share in shares], lambda row: f"{where}.shares[{row}].line_id")
    share_line = ids.components(
        share_line, [share.sku_id or None for share in shares], lambda row: f"{where}.shares[{row}].sku_id"
    )
    share_line = ids.parts(share_line, [_part(share) for share in shares], lambda row: f"{where}.shares[{row}].part")
    own = list(message.own_prices)
    own_line, own_node = _lines_and_nodes(own, f"{where}.own_prices", ids)
    return Certificate(
        kind=np.array([0 if kind is None else int(kind) for kind in kinds], np.int64),
        node_idx=node_idx,
        sku_idx=sku_idx,
        service_idx=service_idx,
        day=day,
        price=np.array([price.price_micros for price in prices], np.int64),
        share_line=share_line,
        share_value=np.array([share.share_micros for share in shares], np.int64),
        bound=message.bound_micros,
        own_line=own_line,
        own_node=own_node,
        own_price=np.array([price.price_micros for price in own], np.int64),
        rule_idx=rule_idx,
    )


def _part(row: Any) -> int | None:
    """Which part of its line a message is about; None for the whole line."""
    return row.part if row.HasField("part") else None
