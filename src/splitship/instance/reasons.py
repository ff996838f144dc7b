"""Why units stay unfilled: for every unfilled line of a plan the furthest stage that any node reached."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numba import njit

from splitship.domain import Plan, Problem, Reason, UnfilledLines
from splitship.domain.orders import NO_KIT
from splitship.domain.parts import has_parts, whole_rows
from splitship.instance.asked import Asked
from splitship.instance.blocked import blocked_lines
from splitship.instance.leftover import leftover_of
from splitship.instance.model import IMPOSSIBLE, Instance
from splitship.instance.stages import (
    CODE,
    POSSIBLE,
    STAGES,
    compile_network,
    line_reasons,
    line_stages,
    lines_a_chunk,
)
from splitship.instance.subset import subset_of_orders
from splitship.instance.terms import unfilled_costs
from splitship.units import I64, Bools, strings

__all__ = ["CODE", "POSSIBLE", "STAGES", "line_reasons", "unavoidable_unfilled_cost", "unfilled_lines"]


def unfilled_lines(problem: Problem, plan: Plan) -> UnfilledLines:
    """The unfilled lines of a plan with their units, reason and a detail that names the node and the numbers.

    The reason is the furthest stage that any node reached for one more unit (all units of an unsplittable line),
    ties by node id: up to CAPACITY as the line alone meets the network; then NO_STOCK when the plan has used up the
    stock, CAPACITY when it has used up the day of the node or service, MAX_PACKAGES when the order has no
    package left, else COSTLIER_THAN_UNFILLED: it could still ship and the plan prefers not to. A line that can join a
    package of its order needs neither another package nor its capacity. A ship-complete order says
    SHIP_COMPLETE for all its lines, and the detail names the line that got least far.

    A line gets as far as its own SKU or the best of its substitutes does. A kit is one row, its first component with
    the number of kits, and gets as far as the component that gets least far, by nodes if its components ship together.
    A line in parts is one row, its first part, and gets as far as one of them does.
    """
    order_idx = np.unique(problem.lines.order_idx[problem.lines.quantity > plan.shipped(len(problem.lines))])
    part, whole_idx = subset_of_orders(problem, order_idx)
    network = compile_network(part, problem)
    leftover = leftover_of(problem, order_idx, whole_idx, plan, network)
    line_idx = np.flatnonzero(leftover.needed > 0)
    codes = np.zeros(len(line_idx), np.int64)
    details: list[str] = []
    for start, end in _whole_orders(part.lines.order_idx[line_idx], lines_a_chunk(problem)):
        codes[start:end], texts = blocked_lines(network, leftover, line_idx[start:end])
        details += texts
    line_idx, codes, details = _as_kits(part, line_idx, codes, details)
    units = np.maximum(leftover.needed[line_idx] // part.lines.kit_quantity[line_idx], 1)
    if has_parts(part):
        line_idx, codes, details, units = _as_whole_lines(part, line_idx, codes, details, units)
    reasons = [STAGES[code] for code in codes.tolist()]
    _name_complete_orders(part, line_idx, codes, reasons, details)
    return UnfilledLines(whole_idx[line_idx], units, tuple(reasons), strings(details))


def _whole_orders(order_idx: I64, most: int) -> Iterator[tuple[int, int]]:
    """Chunks of lines, of at most so many unless one order has more; those of an order stay together."""
    start = 0
    while start < len(order_idx):
        end = len(order_idx)
        if start + most < end:
            end = int(np.searchsorted(order_idx, order_idx[start + most]))
            if end <= start:
                end = int(np.searchsorted(order_idx, order_idx[start], side="right"))
        yield start, end
        start = end


def _as_kits(problem: Problem, line_idx: I64, codes: I64, details: list[str]) -> tuple[I64, I64, list[str]]:
    """One row a kit in place of one a component: that of the component that got least far, at the first of them."""
    kit = problem.lines.kit_line_idx[line_idx]
    if not (kit != NO_KIT).any():
        return line_idx, codes, details
    # rows of one kit follow each other
    is_first = (kit == NO_KIT) | (np.diff(kit, prepend=NO_KIT) != 0)
    starts = np.append(np.flatnonzero(is_first), len(kit))
    worst = [int(one + np.argmin(codes[one:two])) for one, two in pairwise(starts.tolist())]
    return problem.lines.head_idx[line_idx[is_first]], codes[worst], [details[row] for row in worst]


def _as_whole_lines(
    problem: Problem, line_idx: I64, codes: I64, details: list[str], units: I64
) -> tuple[I64, I64, list[str], I64]:
    """One row a line in place of one a part: all its units at the first part, for the one that got furthest."""
    whole = whole_rows(problem)[line_idx]
    by_line = np.lexsort((-codes, whole))
    lines, first = np.unique(whole[by_line], return_index=True)
    best = by_line[first]
    total = np.bincount(np.searchsorted(lines, whole), units, len(lines)).astype(np.int64)
    return lines, codes[best], [details[row] for row in best.tolist()], total


def unavoidable_unfilled_cost(problem: Problem, instance: Instance | None = None) -> int:
    """Cost in micros of units that no plan can ship, whatever it does: a lower bound on the unfilled cost of any plan.

    First the lines that cannot ship at all: no node passes every stage for them, or their order is ship-complete and
    has such a line. Then, for every SKU, the units that the other lines ask for beyond the stock that is available or
    arrives at all nodes where at least one of them is possible; those units are counted as the cheapest of the SKU to
    leave unfilled.

    Why no plan is below it: every unit that ships is taken from a node where its line is possible, so of a SKU with
    demand D (over lines that can ship) and eligible stock A at most A units ship, at least D - A do not, and any D - A
    of its units cost at least as much as the D - A cheapest. The two groups of units are disjoint, and so are the SKUs.

    Lines with substitutes are not counted among those that share the stock of a SKU: they can only take of it. A kit
    can ship where all its components can; what its units cost lies on the first.

    `instance`, the problem compiled, only makes it faster: it knows where the lines of narrow orders are possible.
    """
    lines, num_skus = problem.lines, len(problem.skus)
    line, node, is_own = _possible_positions(problem, instance)
    is_possible = np.zeros(len(lines), np.bool_)
    is_possible[line] = True
    if lines.has_kits:
        np.logical_and.at(is_possible, lines.head_idx, is_possible.copy())
        is_possible = is_possible[lines.head_idx]
    is_stuck = np.zeros(len(problem.orders), np.bool_)
    is_stuck[lines.order_idx[~is_possible]] = True
    can_ship = is_possible & ~(is_stuck & problem.orders.is_ship_complete)[lines.order_idx]

    shares_stock = np.ones(len(lines), np.bool_)
    shares_stock[problem.line_substitutes.line_idx] = False
    usable = np.zeros(len(problem.stock), np.bool_)
    counts = is_own & (can_ship & shares_stock)[line]
    usable[problem.stock_rows(node[counts], lines.sku_idx[line[counts]])] = True
    eligible = np.zeros(num_skus, np.int64)
    np.add.at(eligible, problem.stock.sku_idx[usable], problem.ever_available[usable])

    # lines that can ship, SKU by SKU, dearest units first: the first `eligible` units ship, the rest cannot
    cost = unfilled_costs(problem) if instance is None else instance.unfilled_cost - instance.line_reward
    unshippable = np.where(can_ship, 0, lines.quantity)
    rows = np.flatnonzero(can_ship & shares_stock)
    rows = rows[np.lexsort((-cost[rows], lines.sku_idx[rows]))]
    units, sku_idx = lines.quantity[rows], lines.sku_idx[rows]
    before = np.cumsum(units) - units
    starts = np.searchsorted(sku_idx, np.arange(num_skus))
    asked = before - np.append(before, 0)[starts][sku_idx] + units
    unshippable[rows] = np.clip(asked - eligible[sku_idx], 0, units)
    return sum(units * each for units, each in zip(unshippable.tolist(), cost.tolist(), strict=True))


def _possible_positions(problem: Problem, instance: Instance | None) -> tuple[I64, I64, Bools]:
    """Pairs of a line and a node from which it alone could ship, and whether it could as its own SKU; columns."""
    return _possible_by_stages(problem) if instance is None else _possible_in_instance(problem, instance)


def _possible_by_stages(problem: Problem) -> tuple[I64, I64, Bools]:
    """Pairs of a line and a node at which no stage stops it, by every service in turn."""
    network = compile_network(problem)
    found_line, found_node, found_own = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.bool_)]
    step = lines_a_chunk(problem)
    for start in range(0, len(problem.lines), step):
        asked = Asked.with_substitutes(problem, np.arange(start, min(len(problem.lines), start + step)))
        row, node = np.nonzero((line_stages(network, asked) == POSSIBLE).any(axis=2))
        found_line.append(asked.line_idx[row])
        found_node.append(node)
        found_own.append(~asked.is_substitute(problem)[row])
    return np.concatenate(found_line), np.concatenate(found_node), np.concatenate(found_own)


def _possible_in_instance(problem: Problem, instance: Instance) -> tuple[I64, I64, Bools]:
    """The same pairs from the options of orders of which one line alone can be a package; others by stages.

    Those are wide orders, which have no table of contents, and orders whose packages must hold more: kits, substitutes
    or what they must be worth.
    """
    is_possible = np.zeros(len(instance.option_line), np.bool_)
    _mark_possible(
        instance.option_line_ptr, instance.option_line_radix, instance.content_ptr, instance.content_cost, is_possible
    )
    node = np.repeat(instance.option_node, np.diff(instance.option_line_ptr)).astype(np.int64)[is_possible]
    line = instance.option_line[is_possible].astype(np.int64)
    by_stages = instance.is_wide | _needs_more(problem)
    is_own = np.ones(len(line), np.bool_)
    if by_stages.any():
        keep = ~by_stages[problem.lines.order_idx[line]]
        some, whole_idx = subset_of_orders(problem, np.flatnonzero(by_stages))
        some_line, some_node, some_own = _possible_by_stages(some)
        line, node = np.append(line[keep], whole_idx[some_line]), np.append(node[keep], some_node)
        is_own = np.append(is_own[keep], some_own)
    return line, node, is_own


def _needs_more(problem: Problem) -> Bools:
    """Orders with kits, substitutes or least values of packages, [orders]."""
    lines, needs = problem.lines, np.zeros(len(problem.orders), np.bool_)
    if lines.has_kits:
        needs[lines.order_idx[lines.kit_line_idx != NO_KIT]] = True
    needs[lines.order_idx[problem.line_substitutes.line_idx]] = True
    for least in (problem.orders.min_package_value, problem.orders.min_order_value):
        if least is not None:
            needs |= least > 0
    return needs


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
