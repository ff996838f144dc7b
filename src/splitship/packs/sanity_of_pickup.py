"""Warnings about lines that cannot be picked up where they should be."""

from __future__ import annotations

import numpy as np

from splitship.domain import SHIPS, Problem
from splitship.domain.constant import is_constant
from splitship.packs.findings import Findings
from splitship.units import I64, Bools


def warn_of_pickup(problem: Problem, line_row: I64, findings: Findings) -> None:
    """Add the warnings W625: nodes that are closed, and lines of which nothing is there or can be brought there.

    `line_row` [lines] is the row of each line in its table.
    """
    lines, nodes = problem.lines, problem.nodes
    if is_constant(lines.pickup_node_idx, SHIPS):
        return
    picked = np.flatnonzero(lines.pickup_node_idx != SHIPS)
    place = lines.pickup_node_idx[picked]
    count = np.bincount(place, minlength=len(nodes))

    def closed(row: int) -> str:
        what = "1 line is" if count[row] == 1 else f"{count[row]:,} lines are"
        return f"{what} picked up at {nodes.node_id[row]!r}, which is closed: none can be"

    findings.add_rows("W625", "nodes", "open", np.flatnonzero((count > 0) & ~nodes.is_open), closed)
    is_lacking = nodes.is_open[place] & ~_can_be_there(problem, place, lines.sku_idx[picked])
    row = np.full(len(lines), -1, np.int64)
    row[line_row[picked]] = place
    findings.add_rows(
        "W625",
        "order_lines",
        "sku_id",
        np.sort(line_row[picked[is_lacking]]),
        lambda at: f"picked up at {nodes.node_id[row[at]]!r}, where it is neither in stock nor can be transferred to",
    )


def _can_be_there(problem: Problem, place: I64, sku_idx: I64) -> Bools:
    """Whether units of each SKU, of all its components or of a substitute are at a place or a node that gives to it."""
    nodes, stock, inbound, transfers = problem.nodes, problem.stock, problem.inbound, problem.transfers
    has = np.zeros((len(nodes), len(problem.skus)), np.bool_)
    has[stock.node_idx[stock.on_hand > 0], stock.sku_idx[stock.on_hand > 0]] = True
    has[inbound.node_idx, inbound.sku_idx] = True
    has[~nodes.is_open] = False
    own = has.copy()
    for sku, other in zip(problem.substitutes.sku_idx.tolist(), problem.substitutes.substitute_sku_idx.tolist(),
                          strict=True):  # fmt: skip
        has[:, sku] |= own[:, other]
    near = has.copy()
    np.logical_or.at(near, transfers.to_node_idx, has[transfers.from_node_idx])
    for kit in np.unique(problem.kits.kit_sku_idx).tolist():
        parts = problem.kits.sku_idx[problem.kits.kit_sku_idx == kit]
        near[:, kit] = near[:, parts].all(axis=1)
    found: Bools = near[place, sku_idx]
    return found
