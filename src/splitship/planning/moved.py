"""Which orders two plans of one problem serve differently, and what that changes of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.domain import Problem, Result
from splitship.planning.explanation import plan_words
from splitship.planning.moves import Fate, moves_between
from splitship.units import I64, NO_DATE


@dataclass(frozen=True, slots=True)
class Move:
    """One order in two plans: how it is served in words, its cost's change in micros, packages, days and units.

    `last_day` are the days of the last delivery (day numbers), None where nothing ships; `late_days` are of that day.
    """

    order_id: str
    before: str
    after: str
    change: int
    packages: tuple[int, int]
    last_day: tuple[int | None, int | None]
    late_days: tuple[int, int]
    num_left: tuple[int, int]


def moved_orders(base: Result, other: Result) -> tuple[tuple[Move, ...], int]:
    """The orders that two answers to one problem serve differently, largest change first, and the change of `soft`.

    The changes of the moves and of `soft` add up to the difference of the objectives, to the micro.
    """
    problem = base.problem
    found = moves_between(base, other)
    change = found.difference
    orders = np.flatnonzero(found.fate != Fate.SAME)
    orders = orders[np.lexsort((orders, -np.abs(change[orders])))]
    views = [_Views(problem, each, orders) for each in (base, other)]
    moves = []
    for order in orders.tolist():
        (words, packages, last, late, left), after = views[0].of(order), views[1].of(order)
        moves.append(
            Move(
                str(problem.orders.order_id[order]), words, after[0], int(change[order]), (packages, after[1]),
                (last, after[2]), (late, after[3]), (left, after[4]),
            )
        )  # fmt: skip
    return tuple(moves), found.soft


class _Views:
    """The plan of one answer, order by order."""

    def __init__(self, problem: Problem, result: Result, orders: I64) -> None:
        self.problem = problem
        packages = result.report.packages
        assert packages is not None
        self.plan = result.plan.of_packages(np.isin(result.plan.order_idx, orders))
        self.deliver_day = packages.deliver_day[np.isin(result.plan.order_idx, orders)]

    def of(self, order: int) -> tuple[str, int, int | None, int, int]:
        """Words, packages, last day, late days and units left."""
        problem, mine = self.problem, self.plan.order_idx == order
        plan = self.plan.of_packages(mine)
        lines = slice(int(problem.line_ptr[order]), int(problem.line_ptr[order + 1]))
        left = int(problem.lines.quantity[lines].sum() - plan.content_quantity.sum())
        last = int(self.deliver_day[mine].max()) if mine.any() else None
        deliver_by = int(problem.orders.deliver_by[order])
        late = 0 if last is None or deliver_by >= NO_DATE else max(0, last - deliver_by)
        return plan_words(problem, plan, left), len(plan), last, late, left
