"""Plans of problems whose lines come in parts: the units of one order line are one content to the outside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from splitship.domain.constant import is_constant
from splitship.domain.orders import NO_PART, NO_PROMISE
from splitship.domain.plan import Plan
from splitship.domain.problem import Problem
from splitship.units import I64


def has_parts(problem: Problem) -> bool:
    """Some order line comes in parts."""
    return not is_constant(problem.lines.part_of, NO_PART)


def first_parts(problem: Problem) -> I64:
    """The first row of every whole line among the lines of a problem, [whole lines]."""
    part_of = problem.lines.part_of
    is_next = np.append(False, (part_of[1:] == part_of[:-1]) & (part_of[1:] != NO_PART))[: len(part_of)]
    first: I64 = np.flatnonzero(~is_next)
    return first


def part_numbers(problem: Problem) -> I64:
    """Which of the parts of its line each line is, from 0; NO_PART for whole lines, [lines]."""
    part_of = problem.lines.part_of
    if not has_parts(problem):
        return np.full(len(part_of), NO_PART)
    numbers: I64 = np.arange(len(part_of)) - whole_rows(problem)
    return np.where(part_of == NO_PART, NO_PART, numbers)


def whole_rows(problem: Problem) -> I64:
    """The first part of each line's line, the line itself where it is whole; [lines]."""
    part_of = problem.lines.part_of
    rows = np.arange(len(part_of))
    in_parts = np.flatnonzero(part_of != NO_PART)
    _, first, number = np.unique(part_of[in_parts], return_index=True, return_inverse=True)
    rows[in_parts] = in_parts[first][number.reshape(-1)]
    return rows


def with_whole_lines(problem: Problem, plan: Plan) -> Plan:
    """The plan with the units of a line, in one package and of one SKU, as one content of the line's first part."""
    if not has_parts(problem) or not len(plan.content_line):
        return plan
    line = whole_rows(problem)
    sku = plan.skus(problem.lines.sku_idx)
    rows, row = np.unique(
        np.column_stack([plan.content_package, line[plan.content_line], sku]), axis=0, return_inverse=True
    )
    units = np.bincount(row.reshape(-1), plan.content_quantity, len(rows)).astype(np.int64)
    return replace(
        plan,
        content_package=rows[:, 0].copy(),
        content_line=rows[:, 1].copy(),
        content_quantity=units,
        content_sku_idx=None if plan.content_sku_idx is None else rows[:, 2].copy(),
    )


def in_parts(problem: Problem, plan: Plan) -> Plan:
    """The plan with every content of a line in parts dealt to the parts.

    First each promise goes to a package that is as promised and has all of its units, one that has no others if there
    is one. What is left of a content goes to a part of just that size, then to what is promised nowhere, then to the
    others in turn; what is beyond them all is of the last one.
    """
    if not has_parts(problem) or not len(plan.content_line):
        return plan
    dealer = _Dealer(problem, plan)
    dealer.keep_promises()
    dealer.deal_the_rest()
    return dealer.dealt()


class _Dealer:
    """Deals the contents of a plan that are of lines in parts; the few that there are, one by one."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        lines = problem.lines
        self.is_known = (plan.content_line >= 0) & (plan.content_line < len(lines))
        self.is_dealt = self.is_known.copy()
        self.is_dealt[self.is_known] = lines.part_of[plan.content_line[self.is_known]] != NO_PART
        self.sku = np.full(len(plan.content_line), -1) if plan.content_sku_idx is None else plan.content_sku_idx
        self.left_of_part: dict[int, int] = {}
        self.parts_of: dict[int, list[int]] = {}
        for part in np.flatnonzero(lines.part_of != NO_PART).tolist():
            self.left_of_part[part] = int(lines.quantity[part])
            self.parts_of.setdefault(int(lines.part_of[part]), []).append(part)
        self.left_of_content = {int(at): int(plan.content_quantity[at]) for at in np.flatnonzero(self.is_dealt)}
        self.rows: list[tuple[int, int, int, int]] = []

    def keep_promises(self) -> None:
        """Deal promises to packages of their place that have all of their units."""
        plan, promises, lines = self.plan, self.problem.promises, self.problem.lines
        contents_of: dict[int, list[int]] = {}
        of_place: dict[tuple[int, ...], list[int]] = {}
        place = (plan.order_idx, plan.node_idx, plan.service_idx, plan.ship_day)
        for at in np.flatnonzero((plan.content_package >= 0) & (plan.content_package < len(plan))).tolist():
            contents_of.setdefault(int(plan.content_package[at]), []).append(at)
        for package in {int(plan.content_package[at]) for at in self.left_of_content} & contents_of.keys():
            of_place.setdefault(tuple(int(column[package]) for column in place), []).append(package)
        parts_of_promise: dict[int, list[int]] = {}
        for part in np.flatnonzero(lines.promise_idx != NO_PROMISE).tolist():
            parts_of_promise.setdefault(int(lines.promise_idx[part]), []).append(part)
        columns = (promises.order_idx, promises.node_idx, promises.service_idx, promises.ship_day)
        for promise, parts in sorted(parts_of_promise.items()):
            found: list[tuple[int, int, list[tuple[int, int]]]] = []
            for package in sorted(of_place.get(tuple(int(column[promise]) for column in columns), [])):
                given = self._given(contents_of[package], parts)
                if given is not None:
                    beyond = sum(self._left(at) for at in contents_of[package]) - int(promises.units[promise])
                    found.append((beyond, package, given))
            for at, part in min(found)[2] if found else []:
                self._give(at, part, self.left_of_part[part])

    def deal_the_rest(self) -> None:
        """Deal what is left of every content."""
        lines = self.problem.lines
        for at in list(self.left_of_content):
            own = self.parts_of[int(lines.part_of[self.plan.content_line[at]])]
            units = self.left_of_content[at]
            by_size = sorted(
                own, key=lambda one: (self.left_of_part[one] != units, lines.promise_idx[one] != NO_PROMISE, one)
            )
            for part in by_size:
                self._give(at, part, min(self.left_of_content[at], self.left_of_part[part]))
            if self.left_of_content[at] != 0:
                self._give(at, own[-1], self.left_of_content[at])

    def dealt(self) -> Plan:
        """The plan as dealt, contents by package."""
        plan, rest = self.plan, ~self.is_dealt
        made = np.array(self.rows, np.int64).reshape(-1, 4)
        holder = np.append(plan.content_package[rest], made[:, 0])
        by_package = np.argsort(holder, kind="stable")
        sku = None
        if plan.content_sku_idx is not None:
            sku = np.append(plan.content_sku_idx[rest], made[:, 3])[by_package]
        return replace(
            plan,
            content_package=holder[by_package],
            content_line=np.append(plan.content_line[rest], made[:, 1])[by_package],
            content_quantity=np.append(plan.content_quantity[rest], made[:, 2])[by_package],
            content_sku_idx=sku,
        )

    def _left(self, at: int) -> int:
        return self.left_of_content.get(at, int(self.plan.content_quantity[at]))

    def _given(self, contents: list[int], parts: list[int]) -> list[tuple[int, int]] | None:
        """The content that can give each part of a promise that is dealt; None where a package lacks something."""
        part_of, given = self.problem.lines.part_of, []
        for part in parts:
            is_whole = part_of[part] == NO_PART
            units = int(self.problem.lines.quantity[part]) if is_whole else self.left_of_part[part]
            for at in contents:
                line = int(self.plan.content_line[at])
                if not self.is_known[at] or self._left(at) < units or units < 1:
                    continue
                if line == part if is_whole else part_of[line] == part_of[part]:
                    if not is_whole:
                        given.append((at, part))
                    break
            else:
                return None
        return given

    def _give(self, at: int, part: int, units: int) -> None:
        if units > 0 or (units < 0 and self.left_of_content[at] == units):
            self.rows.append((int(self.plan.content_package[at]), part, units, int(self.sku[at])))
            self.left_of_part[part] -= units
            self.left_of_content[at] -= units


def promised_plan(problem: Problem) -> Plan:
    """The promised packages that still stand, as a plan."""
    promises, lines = problem.promises, problem.lines
    line = np.flatnonzero(lines.promise_idx != NO_PROMISE)
    line = line[np.argsort(lines.promise_idx[line], kind="stable")]
    return Plan(
        promises.order_idx,
        promises.node_idx,
        promises.service_idx,
        promises.ship_day,
        lines.promise_idx[line],
        line,
        lines.quantity[line],
        lines.sku_idx[line] if len(problem.line_substitutes) else None,
    )
