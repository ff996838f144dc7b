"""Batches that are valid and yet cannot be compiled: too large in money, ways or contents."""

from __future__ import annotations

import numpy as np

from splitship.domain import EXACT_STATE_CAP, Problem, Steering
from splitship.domain.matching import matching_rows
from splitship.errors import Finding, InputError
from splitship.instance.reserves import MOST_AT_A_POSITION
from splitship.instance.ways import MOST_DOUBLED
from splitship.units import I64, MAX_TOTAL_MICROS, Bools, day_text


def refuse_overflow(problem: Problem, unfilled: I64) -> None:
    """Refuse batches whose money could leave int64: a bound in floating point over generous worst cases."""
    lines, rates, nodes = problem.lines, problem.rates, problem.nodes
    if not len(lines):
        return
    units = float(lines.quantity.sum())
    weight_kg = float((problem.skus.weight_ug[lines.sku_idx].astype(float) * lines.quantity).max()) * 1e-9 * 64
    per_package = (
        float(rates.price.micros.max(initial=0)) + float(rates.per_extra.micros.max(initial=0)) * weight_kg
        + float(nodes.package_cost.micros.max(initial=0))
        + float(nodes.line_cost.micros.max(initial=0)) + float(nodes.unit_cost.micros.max(initial=0))
    )  # fmt: skip
    stock, services = problem.stock, problem.services
    per_unit = float(np.abs(stock.unit_price).max(initial=0)) + float(services.unit_cost.max(initial=0))
    per_package += per_unit + float(problem.line_substitutes.unit_price.max(initial=0))
    per_package += float(problem.reserves.price.max(initial=0))
    total = (
        float(problem.promises.price.astype(float).sum()) * 2
        + per_package * units
        + float((unfilled.astype(float) * lines.quantity).sum())
    )
    weights = problem.skus.weight_ug[lines.sku_idx].astype(float) * lines.quantity
    heaviest = float(np.bincount(lines.order_idx, weights).max()) if len(lines) else 0.0
    if heaviest > MAX_TOTAL_MICROS:
        raise InputError(
            [Finding("problem", "E491", f"an order weighs {heaviest / 1e9:.3g} kg, more than 4.6e9", "check weights")]
        )
    if total > MAX_TOTAL_MICROS:
        raise InputError(
            [
                Finding(
                    "problem",
                    "E490",
                    f"the batch could cost up to {total / 1e6:.3g}, more than 4.6e12 can be counted",
                    "use a larger currency unit or smaller batches",
                )
            ]
        )


def refuse_many_ways(problem: Problem, stopped: list[int]) -> None:
    """Refuse a batch in which an order could leave a node in too many ways.

    Rules about some of its lines that charge or count a package double them, substitutes multiply them.
    """
    order = next((int(order) for order in stopped if order >= 0), None)
    if order is None:
        return
    words = f"over {MOST_DOUBLED} rules about some of its lines, or with soft quotas, meet in one package of order "
    hint = "join rules with equal prices into one, or charge by line or unit"
    if len(problem.line_substitutes):
        words = "rules about some of its lines and substitutes make too many different packages of order "
        hint = "give fewer substitutes to SKUs that are ordered together"
    raise InputError([Finding("rules", "E492", words + str(problem.orders.order_id[order]), hint)])


def _orders_that_could_pay(problem: Problem) -> I64:
    """Orders with a line whose SKU is kept somewhere for another channel, at a price."""
    reserves, lines = problem.reserves, problem.lines
    priced = np.flatnonzero(reserves.is_priced)
    if not len(priced):
        return np.zeros(0, np.int64)
    sku = problem.stock.sku_idx[reserves.stock_idx[priced]]
    by_sku = np.argsort(sku, kind="stable")
    row, line = matching_rows(sku[by_sku], lines.sku_idx)
    other = reserves.order_channel[lines.order_idx[line]] != reserves.channel_idx[priced[by_sku[row]]]
    found: I64 = lines.order_idx[line[other]]
    return found


def refuse_reserves(problem: Problem) -> None:
    """Refuse more reserves at one stock position than there can be rows for their sets."""
    stock, count = np.unique(problem.reserves.stock_idx, return_counts=True)
    if not (count > MOST_AT_A_POSITION).any():
        return
    at = int(stock[np.argmax(count)])
    node, sku = problem.nodes.node_id[problem.stock.node_idx[at]], problem.skus.sku_id[problem.stock.sku_idx[at]]
    words = f"{count.max()} reserves at node {node} for SKU {sku}, at most {MOST_AT_A_POSITION} can be kept apart"
    raise InputError([Finding("channel_reserves", "E494", words, "join channels that are alike under one name")])


def refuse_broken_promises(problem: Problem, broken: I64) -> None:
    """Refuse promises (positions) that must be kept and that no plan keeps."""
    promises, findings = problem.promises, []
    for promise in broken[:20].tolist():
        order, node = problem.orders.order_id[promises.order_idx[promise]], promises.node_idx[promise]
        words = (
            f"the package promised to order {order} from node {problem.nodes.node_id[node]} by service "
            f"{problem.services.service_id[promises.service_idx[promise]]} on {day_text(promises.ship_day[promise])} "
            "must not move and cannot ship"
        )
        hint = "state a move_price, or the rejection; `splitship test` says why it cannot ship"
        findings.append(Finding("plan_before", "E506", words, hint))
    if len(broken) > 20:
        findings.append(Finding("plan_before", "E506", f"{len(broken) - 20:,} more of this kind"))
    if findings:
        raise InputError(findings)


def refuse_wide(problem: Problem, is_wide: Bools) -> None:
    """Refuse what makes costs of contents where orders are too wide to look at all contents."""
    if not is_wide.any():
        return
    orders, lines = problem.orders, problem.lines
    uses: dict[str, I64] = {
        "kits": lines.order_idx[lines.kit_line_idx >= 0],
        "substitutes": lines.order_idx[problem.line_substitutes.line_idx],
    }
    for name in ("min_package_value", "min_order_value"):
        least = getattr(orders, name)
        uses[name] = np.flatnonzero(least > 0) if least is not None else np.zeros(0, np.int64)
    if len(Steering.of(problem).service_idx):
        uses["min_packages of a service"] = np.flatnonzero(is_wide)
    uses["packages promised"] = problem.promises.order_idx
    uses["channel_reserves at a price"] = _orders_that_could_pay(problem)
    findings = []
    for what, order in uses.items():
        wide = np.unique(order[is_wide[order]])
        if len(wide):
            words = f"{what} in order {orders.order_id[wide[0]]}"
            words += f" and {len(wide) - 1:,} more" if len(wide) > 1 else ""
            findings.append(
                Finding(
                    "orders",
                    "E493",
                    f"{words}: only up to {EXACT_STATE_CAP:,} different contents of an order can have that",
                    "part the order, or make lines of many units unsplittable",
                )
            )
    if findings:
        raise InputError(findings)
