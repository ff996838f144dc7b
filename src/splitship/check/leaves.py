"""The leaves of a certificate: decisions that part all plans, and whether they leave no plan out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.check.steps import Steps
from splitship.check.tables import OrderTables
from splitship.check.violations import Names, Violations
from splitship.domain import ANY_NODE, EXACT_STATE_CAP, Certificate, Leaf, Problem
from splitship.units import I64, Bools

COLUMNS = ("line", "node", "ships")
PRICE_COLUMNS = ("kind", "price", "share_line", "own_line")
_NO_NODE = -2
MOST_LEAVES = 20_000
MOST_DECISIONS = 1_000_000
"""Leaves of a certificate, and decisions of all its leaves together; more are refused unread."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions of all leaves, one after the other: leaf i has those at `ptr[i]:ptr[i + 1]`."""

    ptr: I64
    line: I64
    node: I64
    ships: Bools


def read_leaves(problem: Problem, steps: Steps, certificate: Certificate, found: Violations) -> Decisions | None:
    """The decisions of a certificate's leaves; None when they do not part all plans, or cannot be read.

    Every decision is about a line that ships whole, of an order that is priced exactly: then either the whole line
    ships from the node (or from some node) or nothing of it does, and the leaves of both together keep every plan.
    """
    before = len(found.found)
    leaves = certificate.leaves
    if any(len(getattr(certificate, name)) for name in PRICE_COLUMNS):
        found.add("CERTIFICATE_SHAPE", "certificate", "with leaves, all prices and shares belong to the leaves")
    if len(leaves) > MOST_LEAVES:
        found.add("LEAVES_TOO_MANY", "leaves", f"{len(leaves)} leaves, at most {MOST_LEAVES} are read")
        return None
    for number, leaf in enumerate(leaves):
        _check_shape(number, leaf, found)
    if len(found.found) > before:
        return None
    ptr = np.append(0, np.cumsum([len(leaf.line) for leaf in leaves])).astype(np.int64)
    if ptr[-1] > MOST_DECISIONS:
        found.add("LEAVES_TOO_MANY", "leaves", f"{ptr[-1]} decisions in all, at most {MOST_DECISIONS} are read")
        return None
    line, node, ships = (np.concatenate([getattr(leaf, name) for leaf in leaves]) for name in COLUMNS)
    decisions = Decisions(ptr, line, node, ships)
    _check_values(problem, steps, decisions, found)
    if len(found.found) > before:
        return None
    gap = _gap(decisions)
    if gap is not None:
        number, depth = gap
        found.add("LEAVES_DO_NOT_COVER", f"leaves[{number}]", _without(problem, decisions, number, depth))
    return None if len(found.found) > before else decisions


def with_decisions(orders: OrderTables, decisions: Decisions, leaf: int) -> OrderTables:
    """The orders under the decisions of one leaf."""
    at = slice(decisions.ptr[leaf], decisions.ptr[leaf + 1])
    line, node, ships = decisions.line[at], decisions.node[at], decisions.ships[at]
    num_lines = len(orders.must_ship)
    must_ship, only_node = np.zeros(num_lines, np.bool_), np.full(num_lines, ANY_NODE, np.int64)
    must_ship[line[ships]] = True
    is_one = ships & (node != ANY_NODE)
    only_node[line[is_one]] = node[is_one]
    only_node[line[is_one & (only_node[line] != node)]] = _NO_NODE  # a line that must ship from two nodes
    only_node[line[~ships & (node == ANY_NODE)]] = _NO_NODE
    barred = ~ships & (node != ANY_NODE)
    # Nodes that rejected a line are barred already.
    barred_line = np.append(np.repeat(np.arange(num_lines), np.diff(orders.barred_ptr)), line[barred])
    barred_node = np.append(orders.barred_node, node[barred])[np.argsort(barred_line, kind="stable")]
    ptr = np.searchsorted(np.sort(barred_line), np.arange(num_lines + 1)).astype(np.int64)
    return orders._replace(must_ship=must_ship, only_node=only_node, barred_ptr=ptr, barred_node=barred_node)


def _check_shape(number: int, leaf: Leaf, found: Violations) -> None:
    where = f"leaves[{number}]"
    line, node, ships = (np.asarray(getattr(leaf, name)) for name in COLUMNS)
    is_sound = line.ndim == 1 and line.shape == node.shape == ships.shape
    if not is_sound or line.dtype != np.int64 or node.dtype != np.int64 or ships.dtype != np.bool_:
        found.add("CERTIFICATE_SHAPE", f"{where}.decisions", "expected columns of equal length: int64, int64 and bool")
    if leaf.prices.leaves:
        found.add("CERTIFICATE_SHAPE", where, "a leaf has no leaves of its own")


def _check_values(problem: Problem, steps: Steps, decisions: Decisions, found: Violations) -> None:
    """Known lines and nodes, lines on which one may decide, nothing decided twice."""
    names, line, node = Names(problem), decisions.line, decisions.node
    leaf = np.repeat(np.arange(len(decisions.ptr) - 1), np.diff(decisions.ptr))

    def place(at: int) -> str:
        return f"leaves[{leaf[at]}].decisions[{at - decisions.ptr[leaf[at]]}]"

    is_line = (line >= 0) & (line < len(problem.lines))
    is_node = (node >= ANY_NODE) & (node < len(problem.nodes))
    found.add_rows("UNKNOWN_LINE", ~is_line, place, lambda at: f"line {line[at]} of {len(problem.lines)}")
    found.add_rows("UNKNOWN_NODE", ~is_node, place, lambda at: f"node {node[at]} of {len(problem.nodes)}")
    if not (is_line & is_node).all():
        return
    found.add_rows(
        "DECISION_ON_PART_OF_A_LINE",
        steps.radix[line] != 2,
        place,
        lambda at: f"{names.line(int(line[at]))} may ship in parts (or not at all): decisions are about whole lines",
    )
    found.add_rows(
        "DECISION_ON_WIDE_ORDER",
        steps.states[problem.lines.order_idx[line]] > EXACT_STATE_CAP if len(line) else np.zeros(0, np.bool_),
        place,
        lambda at: f"{names.line(int(line[at]))} is of an order that is not priced exactly",
    )
    order = np.lexsort((node, line, leaf))
    same = np.zeros(len(line), np.bool_)
    same[1:] = np.all([column[order][1:] == column[order][:-1] for column in (leaf, line, node)], axis=0)
    found.add_rows(
        "DECISION_REPEATED",
        np.sort(order[same]),
        place,
        lambda at: f"{names.line(int(line[at]))} at {_node(names, int(node[at]))} is decided twice in one leaf",
    )


def _gap(decisions: Decisions) -> tuple[int, int] | None:
    """A leaf and the number of its decisions after which plans are left out, None when there is no such place.

    Leaves that agree so far either are one leaf, whose path ends here, or all decide on the same line and node next,
    and both answers occur; then the same holds of those with either answer.
    """
    path = [
        list(
            zip(decisions.line[a:b].tolist(), decisions.node[a:b].tolist(), decisions.ships[a:b].tolist(), strict=True)
        )
        for a, b in zip(decisions.ptr[:-1].tolist(), decisions.ptr[1:].tolist(), strict=True)
    ]
    waiting = [(list(range(len(path))), 0)]
    while waiting:
        group, depth = waiting.pop()
        if len(group) == 1 and len(path[group[0]]) == depth:
            continue
        next_of = {path[leaf][depth][:2] if depth < len(path[leaf]) else None for leaf in group}
        if len(next_of) > 1 or None in next_of:
            return group[0], depth
        sides = [[leaf for leaf in group if path[leaf][depth][2] == ships] for ships in (False, True)]
        if not sides[0] or not sides[1]:
            return group[0], depth + 1
        waiting.extend((side, depth + 1) for side in sides)
    return None


def _without(problem: Problem, decisions: Decisions, leaf: int, depth: int) -> str:
    names, first = Names(problem), int(decisions.ptr[leaf])
    if depth == 0:
        return "the leaves do not all begin with the same line and node"
    at = first + depth - 1
    line, node = names.line(int(decisions.line[at])), _node(names, int(decisions.node[at]))
    return (
        f"after {depth} decisions, the last on {line} at {node}: the other leaves must have the other answer, or go on "
        "with one and the same line and node"
    )


def _node(names: Names, node: int) -> str:
    return "any node" if node == ANY_NODE else names.node(node)
