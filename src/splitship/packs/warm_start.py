"""An earlier answer as a warm start of another problem: by ids to positions, what is unknown left out and counted.

A package loses lines that are gone and goes itself with its order, node, service or last line. A line counts as gone
when its id is of another SKU now. Ship days stay the days they were: the engine moves prices of days that are over
(engine/warm.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from splitship.domain import Certificate, Plan, Problem, ResourceKind, Result, Steering, WarmStart
from splitship.domain.orders import NO_KIT
from splitship.domain.parts import has_parts, in_parts, part_numbers, with_whole_lines
from splitship.domain.reserves_in_force import ReserveSets
from splitship.errors import UsageError
from splitship.packs.plans import read_plan
from splitship.units import I64, Bools, Strings, strings


def warm_start_of(result: Result, problem: Problem) -> WarmStart:
    """The plan and prices of a result, of whatever problem, as a warm start of `problem`.

    Raises:
        UsageError: the result's money is in another currency.
    """
    return warm_start_between(result.problem, result.plan, result.certificate, problem)


def warm_start_between(old: Problem, plan: Plan, certificate: Certificate | None, problem: Problem) -> WarmStart:
    """The same of a plan and a certificate for the problem `old`.

    Raises:
        UsageError: the two problems' money is in different currencies.
    """
    if old.currency != problem.currency:
        raise UsageError(f"the earlier answer is in {old.currency}, the problem in {problem.currency}")
    nodes = _positions(problem.nodes.node_id, old.nodes.node_id)
    services = _positions(problem.services.service_id, old.services.service_id)
    skus = _positions(problem.skus.sku_id, old.skus.sku_id)
    orders = _positions(problem.orders.order_id, old.orders.order_id)
    lines = _line_positions(problem, old, orders, skus)
    rules = _rule_positions(problem, old)
    plan = with_whole_lines(old, plan)
    return keep_known(
        in_parts(
            problem,
            Plan(
                orders[plan.order_idx],
                nodes[plan.node_idx],
                services[plan.service_idx],
                plan.ship_day,
                plan.content_package,
                lines[plan.content_line],
                plan.content_quantity,
                _skus_that_may_ship(problem, lines[plan.content_line], skus[plan.skus(old.lines.sku_idx)]),
            ),
        ),
        None
        if certificate is None
        else keep_steered(_moved(old, problem, _one_set(certificate), nodes, services, skus, lines, rules), problem),
    )


def _skus_that_may_ship(problem: Problem, line_idx: I64, sku_idx: I64) -> I64 | None:
    """The SKU of each content, -1 where it is neither its line's nor a substitute of it; None where all are own."""
    if not len(line_idx):
        return None
    is_own = (line_idx >= 0) & (problem.lines.sku_idx[line_idx] == sku_idx)
    may_ship = is_own | (problem.line_substitutes.rows_of(line_idx, sku_idx) >= 0)
    return None if (is_own | (line_idx < 0)).all() else np.where(may_ship & (line_idx >= 0), sku_idx, -1)


def read_warm_start(path: Path | str, problem: Problem) -> WarmStart:
    """A plan file (`solve --plan`), made for whatever problem, as a warm start of `problem`; only `.json` has prices.

    Raises:
        PlanError: the file cannot be read as a plan, or is in another currency. Unknown ids are no fault.
    """
    file = read_plan(path, problem, is_for_another=True)
    certificate = file.certificate
    return keep_known(file.plan, None if certificate is None else keep_steered(certificate, problem))


def keep_steered(certificate: Certificate, problem: Problem) -> Certificate:
    """One set of prices, in which those of shares of nodes and of committed volumes are within their range of today.

    What is not steered any more becomes a row with a position of -1.
    """
    steering, c = Steering.of(problem), _one_set(certificate)
    is_share, is_commitment = (
        c.kind == kind for kind in (ResourceKind.NODE_SHARE, ResourceKind.SERVICE_COMMITMENT)
    )  # fmt: skip
    if not (is_share | is_commitment).any():
        return c
    node_idx, service_idx, price = c.node_idx.copy(), c.service_idx.copy(), c.price.copy()
    shares = dict(zip(steering.node_idx.tolist(), steering.share_price.tolist(), strict=True))
    keys = zip(steering.service_idx.tolist(), steering.day.tolist(), strict=True)
    volumes = dict(zip(keys, steering.shortfall_price.tolist(), strict=True))
    for row in np.flatnonzero(is_share).tolist():
        limit = shares.get(int(c.node_idx[row]))
        if limit is None:
            node_idx[row] = -1
        else:
            price[row] = max(-limit, min(limit, int(c.price[row])))
    for row in np.flatnonzero(is_commitment).tolist():
        limit = volumes.get((int(c.service_idx[row]), int(c.day[row])))
        if limit is None:
            service_idx[row] = -1
        else:
            price[row] = max(-limit, min(0, int(c.price[row])))
    return replace(c, node_idx=node_idx, service_idx=service_idx, price=price)


def keep_known(plan: Plan | None, certificate: Certificate | None) -> WarmStart:
    """A warm start of what the problem knows: rows with a position of -1 where one is needed are dropped and counted.

    Prices of 0, or below it where there are none, say nothing and are neither kept nor counted.
    """
    packages, dropped_packages = (None, 0) if plan is None else _known_packages(plan)
    prices, dropped_prices = (None, 0) if certificate is None else _known_prices(_one_set(certificate))
    return WarmStart(packages, prices, dropped_packages, dropped_prices)


def _one_set(certificate: Certificate) -> Certificate:
    """One set of prices: of a certificate in leaves, those of the leaf with the least bound."""
    if not certificate.leaves:
        return certificate
    return min((leaf.prices for leaf in certificate.leaves), key=lambda prices: prices.bound)


def _known_packages(plan: Plan) -> tuple[Plan, int]:
    is_known = (plan.order_idx >= 0) & (plan.node_idx >= 0) & (plan.service_idx >= 0)
    is_in = (plan.content_line >= 0) & is_known[plan.content_package]
    sku_idx = plan.content_sku_idx
    if sku_idx is not None:
        is_in &= sku_idx >= 0
    has_lines = np.bincount(plan.content_package[is_in], minlength=len(plan)) > 0
    kept = plan.of_packages(has_lines, is_in)
    return kept, len(plan) - len(kept)


def _known_prices(c: Certificate) -> tuple[Certificate, int]:
    has_sku = np.isin(c.kind, [kind for kind in ResourceKind if kind.has_sku])
    is_service = np.isin(c.kind, [kind for kind in ResourceKind if kind.has_service])
    has_node = ~np.isin(c.kind, [kind for kind in ResourceKind if not kind.has_node])
    known = (c.kind >= 0) & (~has_sku | (c.sku_idx >= 0)) & (~is_service | (c.service_idx >= 0))
    known &= ~has_node | (c.node_idx >= 0)
    known &= ~np.isin(c.kind, (ResourceKind.RULE_QUOTA, ResourceKind.CHANNEL_RESERVE)) | (c.rule_idx >= 0)
    is_signed = np.isin(c.kind, [kind for kind in ResourceKind if kind.is_signed])
    rows, dropped_rows = _split(known, (c.price > 0) | (is_signed & (c.price != 0)))
    shares, dropped_shares = _split(c.share_line >= 0, c.share_value > 0)
    own, dropped_own = _split((c.own_line >= 0) & (c.own_node >= 0), c.own_price > 0)
    kept = Certificate(
        c.kind[rows],
        c.node_idx[rows],
        c.sku_idx[rows],
        c.service_idx[rows],
        c.day[rows],
        c.price[rows],
        c.share_line[shares],
        c.share_value[shares],
        c.bound,
        c.own_line[own],
        c.own_node[own],
        c.own_price[own],
        rule_idx=c.rule_idx[rows],
    )
    return kept, dropped_rows + dropped_shares + dropped_own


def _split(is_known: Bools, is_priced: Bools) -> tuple[Bools, int]:
    """Which rows stay, and how many with a price go."""
    return is_known & is_priced, int((is_priced & ~is_known).sum())


def _moved(
    old: Problem, problem: Problem, c: Certificate, nodes: I64, services: I64, skus: I64, lines: I64, rules: I64
) -> Certificate:
    node_idx, sku_idx = _take(nodes, c.node_idx), _take(skus, c.sku_idx)
    before, now = ReserveSets(old), ReserveSets(problem)
    is_reserve = c.kind == ResourceKind.CHANNEL_RESERVE
    rule_idx = _take(rules, np.where(is_reserve, -1, c.rule_idx))
    for row in np.flatnonzero(is_reserve).tolist():
        channels = before.channels(int(c.node_idx[row]), int(c.sku_idx[row]), int(c.rule_idx[row]))
        rule_idx[row] = now.mask(int(node_idx[row]), int(sku_idx[row]), channels)
    return Certificate(
        c.kind,
        node_idx,
        sku_idx,
        _take(services, c.service_idx),
        c.day,
        c.price,
        lines[c.share_line],
        c.share_value,
        c.bound,
        lines[c.own_line],
        nodes[c.own_node],
        c.own_price,
        rule_idx=rule_idx,
    )


def _take(positions: I64, index: I64) -> I64:
    """`positions[index]`, -1 where the index is -1."""
    if not len(positions):
        return np.full(len(index), -1, np.int64)
    taken: I64 = np.where(index >= 0, positions[index], -1)
    return taken


def _positions(new: Strings | I64, old: Sequence[object] | Strings | I64) -> I64:
    """Where each old id (unique) stands among the new ones, -1 where it does not."""
    found: I64 = pd.Index(new).get_indexer(pd.Index(old)).astype(np.int64)
    return found


def _rule_positions(problem: Problem, old: Problem) -> I64:
    """Where each old rule is now by its name, -1 where it is gone."""
    return _positions(strings(rule.name for rule in problem.rules), [rule.name for rule in old.rules])


def _line_positions(problem: Problem, old: Problem, orders: I64, skus: I64) -> I64:
    """Where each old order line is now, -1 where its order or line is gone or the line is of another SKU."""
    codes, _ = pd.factorize(np.concatenate([problem.lines.line_id, old.lines.line_id]))
    num, most = len(problem.lines), int(codes.max(initial=0)) + 1
    order = orders[old.lines.order_idx]
    new_key, old_key = problem.lines.order_idx * most + codes[:num], order * most + codes[num:]
    is_same = order >= 0
    if problem.lines.has_kits or old.lines.has_kits:
        # components of a kit share a line id
        parts = [np.where(lines.kit_line_idx == NO_KIT, 0, sku + 1) for lines, sku in (
            (problem.lines, problem.lines.sku_idx), (old.lines, skus[old.lines.sku_idx]))]  # fmt: skip
        width = len(problem.skus) + 1
        new_key, old_key = new_key * width + parts[0], old_key * width + parts[1]
        is_same &= (old.lines.kit_line_idx == NO_KIT) | (parts[1] > 0)
    if has_parts(problem) or has_parts(old):
        # so do parts of a line; a whole line is known by the first part
        numbers = [np.maximum(part_numbers(one), 0) for one in (problem, old)]
        width = max(int(number.max(initial=0)) for number in numbers) + 1
        new_key, old_key = new_key * width + numbers[0], old_key * width + numbers[1]
    found = _positions(new_key, old_key)
    is_same &= found >= 0
    is_same[is_same] = problem.lines.sku_idx[found[is_same]] == skus[old.lines.sku_idx[is_same]]
    lines: I64 = np.where(is_same, found, -1)
    return lines
