"""Where lines with unfilled units stop, at every node and service, and what stops them counted together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from splitship.domain import Plan, Problem, Reason
from splitship.instance.asked import Asked
from splitship.instance.leftover import Leftover, leftover_of
from splitship.instance.stages import CODE, Network, Stages, compile_network, line_stages, lines_a_chunk, stock_at_nodes
from splitship.instance.subset import subset_of_orders
from splitship.instance.terms import unfilled_costs
from splitship.units import I64, Bools


@dataclass(slots=True)
class Candidate:
    """One relaxation: its words, how many of what, and the problem with it.

    Of one `group` those that save most are enough. `units` unfilled units of `lines` lines stop at it, of which leaving
    them unfilled costs `money` micros, for `reasons`.
    """

    words: str
    amount: int
    unit: str
    make: Callable[[], Problem]
    group: object
    reasons: set[Reason] = field(default_factory=set)
    lines: int = 0
    units: int = 0
    money: int = 0


@dataclass(frozen=True, slots=True)
class Blocked:
    """Lines with unfilled units: positions in the part, units, money, and the stage of each place."""

    part: Problem
    network: Network
    leftover: Leftover
    line_idx: I64
    needed: I64
    money: I64
    stage: Stages
    left: I64
    """Units left for the line, [lines, nodes, services]."""

    @property
    def order_idx(self) -> I64:
        """The orders of the lines, in the part."""
        return self.part.lines.order_idx[self.line_idx]

    def stops_at(self, reason: Reason) -> Bools:
        """Where it is this that stops a line, and a unit is there for it; [lines, nodes, services]."""
        found: Bools = (self.stage == CODE[reason]) & (self.left > 0)
        return found


@dataclass(slots=True)
class _Tally:
    """What stops at one thing."""

    make: Callable[[int], Candidate]
    lines: int = 0
    units: int = 0
    money: int = 0
    reasons: set[Reason] = field(default_factory=set)
    orders: set[int] = field(default_factory=set)


class Found:
    """Candidates by what they are, so that all lines that stop at one thing count for it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._by_key: dict[tuple[object, ...], _Tally] = {}

    def add(
        self, key: tuple[object, ...], chunk: Blocked, rows: I64, reason: Reason, make: Callable[[int], Candidate]
    ) -> None:
        """Lines that stop at `key`; `make` is told the units of all of them ("units") or else how many orders."""
        tally = self._by_key.setdefault(key, _Tally(make))
        tally.lines += len(rows)
        tally.units += int(chunk.needed[rows].sum())
        tally.money += int(chunk.money[rows].sum())
        tally.reasons.add(reason)
        tally.orders.update(chunk.order_idx[rows].tolist())

    def sorted(self) -> list[Candidate]:
        """All of them, those at which most money stops first."""
        made = []
        for key, tally in self._by_key.items():
            candidate = tally.make(tally.units if key[0] == "units" else len(tally.orders))
            candidate.lines, candidate.units, candidate.money = tally.lines, tally.units, tally.money
            candidate.reasons = tally.reasons
            made.append(candidate)
        return sorted(made, key=lambda each: (-each.money, each.words))


def blocked_lines(problem: Problem, plan: Plan, order: int | None = None) -> Iterator[Blocked]:
    """The lines of which a plan leaves units, some at a time; with `order` those of the order at this position."""
    order_idx = np.unique(problem.lines.order_idx[problem.lines.quantity > plan.shipped(len(problem.lines))])
    if order is not None:
        order_idx = order_idx[order_idx == order]
    if not len(order_idx) or not len(problem.nodes) or not len(problem.services):
        return
    part, whole_idx = subset_of_orders(problem, order_idx)
    network = compile_network(part, problem)
    leftover = leftover_of(problem, order_idx, whole_idx, plan, network)
    unfilled = np.flatnonzero(leftover.needed > 0)
    cost = unfilled_costs(part)
    size = lines_a_chunk(problem)
    for start in range(0, len(unfilled), size):
        line_idx = unfilled[start : start + size]
        asked = Asked.own(part, line_idx)
        stage, _ = leftover.later_stages(network, asked, line_stages(network, asked))
        needed = leftover.needed[line_idx]
        left = stock_at_nodes(network, asked, leftover.stock, leftover.kept)
        yield Blocked(part, network, leftover, line_idx, needed, needed * cost[line_idx], stage, left)


def groups(stops: Bools, of_line: I64) -> Iterator[tuple[int, int, I64]]:
    """Every node and group of lines that stop there, [lines, nodes]: the node, the group, and its lines' rows."""
    row, node = np.nonzero(stops)
    keys, which = np.unique(np.column_stack([node, of_line[row]]), axis=0, return_inverse=True)
    which = which.reshape(-1)
    for at, (of_node, group) in enumerate(keys.tolist()):
        yield of_node, group, row[which == at]
