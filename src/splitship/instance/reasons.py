"""Why units stay unfilled: for every unfilled line of a plan the furthest stage that any node reached."""

from __future__ import annotations

import numpy as np
from numba import njit

from splitship.domain import Plan, Problem, Reason, UnfilledLines
from splitship.instance.blockers import describe_blockers
from splitship.instance.leftover import leftover_of
from splitship.instance.model import IMPOSSIBLE, Instance
from splitship.instance.stages import (
    CODE,
    POSSIBLE,
    STAGES,
    Stages,
    compile_network,
    line_reasons,
    line_stages,
    lines_a_chunk,
)
from splitship.instance.subset import subset_of_orders
from splitship.instance.terms import unfilled_costs
from splitship.units import I64, strings

__all__ = ["CODE", "POSSIBLE", "STAGES", "line_reasons", "unavoidable_unfilled_cost", "unfilled_lines"]


def unfilled_lines(problem: Problem, plan: Plan) -> UnfilledLines:
    """The unfilled lines of a plan with their units, reason and a detail that names the node and the numbers.

    The reason is the furthest stage that any node reached for one more unit (all units of an unsplittable line),
    ties by node id: up to CAPACITY as the line alone meets the network; then NO_STOCK when the plan has used up the
    stock, CAPACITY when it has used up the day of the node or service, MAX_PACKAGES when the order has no
    package left, else COSTLIER_THAN_UNFILLED: it could still ship and the plan prefers not to. A line that can join a
    package of its order needs neither another package nor its capacity. A ship-complete order says
    SHIP_COMPLETE for all its lines, and the detail names the line that got least far.
    """
    order_idx = np.unique(problem.lines.order_idx[problem.lines.quantity > plan.shipped(len(problem.lines))])
    part, whole_idx = subset_of_orders(problem, order_idx)
    network = compile_network(part)
    leftover = leftover_of(problem, order_idx, whole_idx, plan)
    line_idx = np.flatnonzero(leftover.needed > 0)
    codes = np.zeros(len(line_idx), np.int64)
    details: list[str] = []
    for start in range(0, len(line_idx), lines_a_chunk(problem)):
        chunk = line_idx[start : start + lines_a_chunk(problem)]
        stage = leftover.later_stages(network, chunk, line_stages(network, chunk))
        code, node, service = _furthest(part, stage)
        codes[start : start + len(chunk)] = code
        details += describe_blockers(network, leftover, chunk, code, node, service)
    reasons = [STAGES[code] for code in codes.tolist()]
    _name_complete_orders(part, line_idx, codes, reasons, details)
    return UnfilledLines(whole_idx[line_idx], leftover.needed[line_idx], tuple(reasons), strings(details))


def unavoidable_unfilled_cost(problem: Problem, instance: Instance | None = None) -> int:
    """Cost in micros of units that no plan can ship, whatever it does: a lower bound on the unfilled cost of any plan.

    First the lines that cannot ship at all: no node passes every stage for them, or their order is ship-complete and
    has such a line. Then, for every SKU, the units that the other lines ask for beyond the stock that is available or
    arrives at all nodes where at least one of them is possible; those units are counted as the cheapest of the SKU to
    leave unfilled.

    Why no plan is below it: every unit that ships is taken from a node where its line is possible, so of a SKU with
    demand D (over lines that can ship) and eligible stock A at most A units ship, at least D - A do not, and any D - A
    of its units cost at least as much as the D - A cheapest. The two groups of units are disjoint, and so are the SKUs.

    `instance`, the problem compiled, only makes it faster: it knows where the lines of narrow orders are possible.
    """
    lines, num_skus = problem.lines, len(problem.skus)
    line, stock_row = _possible_positions(problem, instance)
    is_possible = np.zeros(len(lines), np.bool_)
    is_possible[line] = True
    is_stuck = np.zeros(len(problem.orders), np.bool_)
    is_stuck[lines.order_idx[~is_possible]] = True
    can_ship = is_possible & ~(is_stuck & problem.orders.is_ship_complete)[lines.order_idx]

    usable = np.zeros(len(problem.stock), np.bool_)
    usable[stock_row[can_ship[line]]] = True
    eligible = np.zeros(num_skus, np.int64)
    np.add.at(eligible, problem.stock.sku_idx[usable], problem.ever_available[usable])

    # lines that can ship, SKU by SKU, dearest units first: the first `eligible` units ship, the rest cannot
    cost = unfilled_costs(problem) if instance is None else instance.unfilled_cost
    unshippable = np.where(can_ship, 0, lines.quantity)
    rows = np.flatnonzero(can_ship)
    rows = rows[np.lexsort((-cost[rows], lines.sku_idx[rows]))]
    units, sku_idx = lines.quantity[rows], lines.sku_idx[rows]
    before = np.cumsum(units) - units
    starts = np.searchsorted(sku_idx, np.arange(num_skus))
    asked = before - np.append(before, 0)[starts][sku_idx] + units
    unshippable[rows] = np.clip(asked - eligible[sku_idx], 0, units)
    return sum(units * each for units, each in zip(unshippable.tolist(), cost.tolist(), strict=True))


def _possible_positions(problem: Problem, instance: Instance | None) -> tuple[I64, I64]:
    """Pairs of a line and a stock position from which it alone could ship: positions in `lines` and in `stock`."""
    line, node = _possible_by_stages(problem) if instance is None else _possible_in_instance(problem, instance)
    return line, problem.stock_rows(node, problem.lines.sku_idx[line])


def _possible_by_stages(problem: Problem) -> tuple[I64, I64]:
    """Pairs of a line and a node at which no stage stops it, by every service in turn."""
    network = compile_network(problem)
    found_line, found_node = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    step = lines_a_chunk(problem)
    for start in range(0, len(problem.lines), step):
        chunk = np.arange(start, min(len(problem.lines), start + step))
        line, node = np.nonzero((line_stages(network, chunk) == POSSIBLE).any(axis=2))
        found_line.append(chunk[line])
        found_node.append(node)
    return np.concatenate(found_line), np.concatenate(found_node)


def _possible_in_instance(problem: Problem, instance: Instance) -> tuple[I64, I64]:
    """The same pairs from the options of narrow orders; wide ones, which have no table of contents, by stages."""
    is_possible = np.zeros(len(instance.option_line), np.bool_)
    _mark_possible(
        instance.option_line_ptr, instance.option_line_radix, instance.content_ptr, instance.content_cost, is_possible
    )
    node = np.repeat(instance.option_node, np.diff(instance.option_line_ptr)).astype(np.int64)[is_possible]
    line = instance.option_line[is_possible].astype(np.int64)
    if instance.is_wide.any():
        wide, whole_idx = subset_of_orders(problem, np.flatnonzero(instance.is_wide))
        wide_line, wide_node = _possible_by_stages(wide)
        line, node = np.concatenate([line, whole_idx[wide_line]]), np.concatenate([node, wide_node])
    return line, node


@njit(cache=True, nogil=True)
def _mark_possible(line_ptr, line_radix, content_ptr, content_cost, is_possible):  # type: ignore[no-untyped-def]
    """Mark the option lines of which one step alone is a possible package; none in options without contents."""
    for option in range(len(line_ptr) - 1):
        stride = np.int64(1)
        if content_ptr[option + 1] == content_ptr[option]:
            continue
        for j in range(line_ptr[option], line_ptr[option + 1]):
            is_possible[j] = content_cost[content_ptr[option] + stride] < IMPOSSIBLE
            stride *= line_radix[j]


def _furthest(problem: Problem, stage: Stages) -> tuple[I64, I64, I64]:
    """The furthest stage of every line with its node and service, first by node id, then by service id; -1 for none."""
    num_lines, num_nodes, num_services = stage.shape
    none = np.full(num_lines, -1, np.int64)
    if not num_nodes or not num_services:
        reason = Reason.NO_SERVICE if num_nodes else Reason.NOT_CARRIED
        return np.full(num_lines, CODE[reason], np.int64), none, none
    by_node = np.argsort(problem.nodes.node_id.astype(str), kind="stable")
    by_service = np.argsort(problem.services.service_id.astype(str), kind="stable")
    best = stage.max(axis=2)[:, by_node]
    node = by_node[np.argmax(best, axis=1)]
    service = by_service[np.argmax(stage[np.arange(num_lines), node][:, by_service], axis=1)]
    return best.max(axis=1).astype(np.int64), node, service


def _name_complete_orders(
    problem: Problem, line_idx: I64, codes: I64, reasons: list[Reason], details: list[str]
) -> None:
    """Give all lines of a ship-complete order SHIP_COMPLETE, with the line that got least far as the detail."""
    order_idx = problem.lines.order_idx[line_idx]
    complete = np.flatnonzero(problem.orders.is_ship_complete[order_idx])
    blocker: dict[int, int] = {}
    for row in complete.tolist():
        order = int(order_idx[row])
        if order not in blocker or codes[row] < codes[blocker[order]]:
            blocker[order] = row
    texts = {
        order: f"line {problem.lines.line_id[line_idx[row]]}: {reasons[row].value}, {details[row]}"
        for order, row in blocker.items()
    }
    for row in complete.tolist():
        reasons[row], details[row] = Reason.SHIP_COMPLETE, texts[int(order_idx[row])]
