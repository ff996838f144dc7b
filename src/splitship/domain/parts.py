"""Plans of problems whose lines come in parts: the units of one order line are one content to the outside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from splitship.domain.orders import NO_PART, NO_PROMISE
from splitship.domain.plan import Plan
from splitship.domain.problem import Problem
from splitship.units import I64


def has_parts(problem: Problem) -> bool:
    """Some order line comes in parts."""
    return bool((problem.lines.part_of != NO_PART).any())


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

    In each package first the part that was promised as this package is, if all of it is there, then what is promised
    nowhere, then the others in turn; what is beyond them all is of the last one.
    """
    if not has_parts(problem) or not len(plan.content_line):
        return plan
    lines, promises = problem.lines, problem.promises
    parts = np.flatnonzero(lines.part_of != NO_PART)
    is_known = (plan.content_line >= 0) & (plan.content_line < len(lines))
    affected = is_known.copy()
    affected[is_known] = lines.part_of[plan.content_line[is_known]] != NO_PART
    rows: list[tuple[int, int, int, int]] = []
    left = lines.quantity.copy()
    sku = np.full(len(plan.content_line), -1) if plan.content_sku_idx is None else plan.content_sku_idx
    todo = [[int(at), int(plan.content_quantity[at])] for at in np.flatnonzero(affected)]
    of_line: dict[int, list[int]] = {}
    for part in parts.tolist():
        of_line.setdefault(int(lines.part_of[part]), []).append(part)

    def give(entry: list[int], part: int, units: int) -> None:
        at = entry[0]
        rows.append((int(plan.content_package[at]), part, units, int(sku[at])))
        left[part] -= units
        entry[1] -= units

    for entry in todo:  # promises that the package keeps
        package = int(plan.content_package[entry[0]])
        for part in of_line[int(lines.part_of[plan.content_line[entry[0]]])]:
            promise = int(lines.promise_idx[part])
            if promise == NO_PROMISE or not 0 <= package < len(plan):
                continue
            place = promises.node_idx[promise], promises.service_idx[promise], promises.ship_day[promise]
            here = plan.node_idx[package], plan.service_idx[package], plan.ship_day[package]
            if place == here and 0 < left[part] <= entry[1]:
                give(entry, part, int(left[part]))
    for entry in todo:
        own = of_line[int(lines.part_of[plan.content_line[entry[0]]])]
        for part in sorted(own, key=lambda one: (lines.promise_idx[one] != NO_PROMISE, one)):
            units = min(entry[1], int(left[part]))
            if units > 0:
                give(entry, part, units)
        if entry[1] != 0:
            give(entry, own[-1], entry[1])
    made = np.array(rows, np.int64).reshape(-1, 4)
    rest = ~affected
    holder = np.append(plan.content_package[rest], made[:, 0])
    by_package = np.argsort(holder, kind="stable")
    return replace(
        plan,
        content_package=holder[by_package],
        content_line=np.append(plan.content_line[rest], made[:, 1])[by_package],
        content_quantity=np.append(plan.content_quantity[rest], made[:, 2])[by_package],
        content_sku_idx=None
        if plan.content_sku_idx is None
        else np.append(plan.content_sku_idx[rest], made[:, 3])[by_package],
    )


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
