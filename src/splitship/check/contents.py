"""Whether a plan's packages are made of the order's own lines, each unit once, as its order allows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.check.violations import Names, Violations
from splitship.domain import Plan, Problem
from splitship.units import I64, MAX_QUANTITY, Bools

COLUMNS = (
    "order_idx",
    "node_idx",
    "service_idx",
    "ship_day",
    "content_package",
    "content_line",
    "content_quantity",
)
MAX_SHIP_DAY = 2**31
OWN = -1
"""In place of a row of substitutes: the content is of its line's own SKU."""


def has_shape(plan: Plan, found: Violations) -> bool:
    """Whether the columns are integers and of equal lengths; nothing else can be checked when not."""
    given = COLUMNS if plan.content_sku_idx is None else (*COLUMNS, "content_sku_idx")
    columns = {name: np.asarray(getattr(plan, name)) for name in given}
    for name, column in columns.items():
        if column.ndim != 1 or column.dtype != np.int64:
            found.add("PLAN_SHAPE", name, f"expected one column of int64, got {column.dtype} with {column.ndim} axes")
    for names in (given[:4], given[4:]):
        lengths = {name: len(columns[name]) for name in names if columns[name].ndim}
        if len(set(lengths.values())) > 1:
            listed = ", ".join(f"{name} {length}" for name, length in lengths.items())
            found.add("PLAN_SHAPE", names[0], f"columns of different lengths: {listed}")
    return not found.found


@dataclass(frozen=True, slots=True)
class Contents:
    """The part of a plan whose references hold.

    `is_known` [packages]: order, node and service exist. `package`, `line`, `quantity`, `sku` are the contents that lie
    in such a package and name a line of its order, with a positive quantity; `substitute` is the row of
    `line_substitutes` by which the SKU ships for the line, OWN where it is the line's own (or where it must not).
    `is_whole` when that is the whole plan, each (package, line) once, in a SKU that may ship for the line, and no
    quantity beyond MAX_QUANTITY: only then does the plan have a cost.
    """

    is_known: Bools
    package: I64
    line: I64
    quantity: I64
    sku: I64
    substitute: I64
    is_whole: bool


def package_place(names: Names, plan: Plan, number: int) -> str:
    """A package of a plan in words."""
    return names.package(
        number,
        int(plan.order_idx[number]),
        int(plan.node_idx[number]),
        int(plan.service_idx[number]),
        int(plan.ship_day[number]),
    )


def check_references(problem: Problem, plan: Plan, names: Names, found: Violations) -> Contents:
    """Packages and contents that refer to something that exists and belongs together."""
    before = len(found.found)

    def place(number: int) -> str:
        return package_place(names, plan, number)

    def content_place(row: int) -> str:
        return f"contents[{row}]"

    is_known = np.ones(len(plan), np.bool_)
    sizes = {"order": len(problem.orders), "node": len(problem.nodes), "service": len(problem.services)}
    for (noun, size), column in zip(sizes.items(), (plan.order_idx, plan.node_idx, plan.service_idx), strict=True):
        is_outside = (column < 0) | (column >= size)
        found.add_rows(
            f"UNKNOWN_{noun.upper()}",
            is_outside,
            place,
            lambda row, noun=noun, size=size, column=column: f"{noun}_idx {column[row]} of {size}",  # type: ignore[misc]
        )
        is_known &= ~is_outside
    is_no_date = is_known & (np.abs(plan.ship_day) > MAX_SHIP_DAY)
    found.add_rows("WRONG_SHIP_DAY", is_no_date, place, lambda row: f"ship_day {plan.ship_day[row]} is no date")
    is_known &= ~is_no_date

    package, line, quantity = plan.content_package, plan.content_line, plan.content_quantity
    num_lines = len(problem.lines)
    is_no_package = (package < 0) | (package >= len(plan))
    is_no_line = (line < 0) | (line >= num_lines)
    found.add_rows(
        "UNKNOWN_PACKAGE", is_no_package, content_place, lambda row: f"package {package[row]} of {len(plan)}"
    )
    found.add_rows("UNKNOWN_LINE", is_no_line, content_place, lambda row: f"line {line[row]} of {num_lines}")
    found.add_rows(
        "QUANTITY_NOT_POSITIVE", quantity <= 0, content_place, lambda row: f"expected 1 or more, got {quantity[row]}"
    )
    is_usable = ~is_no_package & ~is_no_line & (quantity > 0)
    is_usable[is_usable] = is_known[package[is_usable]]
    rows = np.flatnonzero(is_usable)
    is_foreign = problem.lines.order_idx[line[rows]] != plan.order_idx[package[rows]]
    found.add_rows(
        "FOREIGN_LINE",
        rows[is_foreign],
        lambda row: place(int(package[row])),
        lambda row: f"holds {names.line(int(line[row]))}, which is another order's",
    )
    rows = rows[~is_foreign]
    package, line, quantity = package[rows], line[rows], quantity[rows]
    own = problem.lines.sku_idx[line]
    sku, substitute = _shipped_skus(problem, plan, rows, line, own)
    found.add_rows(
        "NOT_A_SUBSTITUTE",
        (sku != own) & (substitute == OWN),
        lambda row: place(int(package[row])),
        lambda row: f"holds {_sku(names, int(sku[row]))} for {names.line(int(line[row]))}, which it may not replace",
    )
    sku = np.where((sku < 0) | (sku >= len(problem.skus)), own, sku)

    by_key = np.lexsort((line, package))
    is_again = (np.diff(package[by_key]) == 0) & (np.diff(line[by_key]) == 0)
    again = np.sort(by_key[1:][is_again])
    found.add_rows(
        "DUPLICATE_CONTENT",
        again,
        lambda row: place(int(package[row])),
        lambda row: f"{names.line(int(line[row]))} is listed twice",
    )
    counts = np.bincount(plan.content_package[~is_no_package], minlength=len(plan))
    found.add_rows("EMPTY_PACKAGE", counts == 0, place, lambda _: "holds nothing")
    is_whole = len(found.found) == before and bool(np.all(quantity <= MAX_QUANTITY))
    # Beyond the largest quantity a line can have only "too much" matters, and sums stay small.
    return Contents(is_known, package, line, np.minimum(quantity, MAX_QUANTITY + 1), sku, substitute, is_whole)


def _shipped_skus(problem: Problem, plan: Plan, rows: I64, line: I64, own: I64) -> tuple[I64, I64]:
    """What the contents `rows` of a plan are of, and by which row of the substitutes, OWN for none; both [rows]."""
    substitute = np.full(len(rows), OWN, np.int64)
    if plan.content_sku_idx is None:
        return own, substitute
    sku = plan.content_sku_idx[rows]
    other = np.flatnonzero((sku != own) & (sku >= 0) & (sku < len(problem.skus)))
    substitute[other] = problem.line_substitutes.rows_of(line[other], sku[other])
    return sku, substitute


def _sku(names: Names, sku: int) -> str:
    return names.sku(sku) if 0 <= sku < len(names.problem.skus) else f"sku_idx {sku}"


def check_lines(problem: Problem, plan: Plan, contents: Contents, names: Names, found: Violations) -> I64:
    """Lines are not oversupplied or divided against their will; returns the units shipped, [lines]."""
    lines = problem.lines
    shipped = np.zeros(len(lines), np.int64)
    np.add.at(shipped, contents.line, contents.quantity)
    found.add_rows(
        "LINE_OVERSUPPLIED",
        shipped > lines.quantity,
        names.line,
        lambda row: f"{shipped[row]} units ship, {lines.quantity[row]} were ordered",
    )
    num_packages = np.bincount(contents.line, minlength=len(lines))
    is_divided = ~lines.is_splittable & (num_packages > 0)
    is_divided &= (num_packages > 1) | (shipped < lines.quantity)
    found.add_rows(
        "LINE_DIVIDED",
        is_divided,
        names.line,
        lambda row: (
            f"ships {shipped[row]} of {lines.quantity[row]} units in {num_packages[row]} packages, but may not be split"
        ),
    )
    in_package = np.bincount(contents.package, minlength=len(plan))
    is_alone = problem.skus.is_ship_alone[contents.sku]
    mixed = np.flatnonzero(is_alone & (in_package[contents.package] > 1))
    found.add_rows(
        "SHIP_ALONE_MIXED",
        mixed,
        lambda row: package_place(names, plan, int(contents.package[row])),
        lambda row: (
            f"{names.line(int(contents.line[row]))} ships alone, but the package holds "
            f"{in_package[contents.package[row]]} lines"
        ),
    )
    return shipped


def check_orders(
    problem: Problem, plan: Plan, contents: Contents, shipped: I64, names: Names, found: Violations
) -> I64:
    """Package limits and ship-complete; returns the packages of every order, [orders]."""
    orders, lines = problem.orders, problem.lines
    num_packages = np.bincount(plan.order_idx[contents.is_known], minlength=len(orders)).astype(np.int64)
    found.add_rows(
        "MAX_PACKAGES_EXCEEDED",
        num_packages > orders.max_packages,
        names.order,
        lambda row: f"{num_packages[row]} packages, at most {orders.max_packages[row]} are allowed",
    )
    units = np.zeros(len(orders), np.int64)
    missing = np.zeros(len(orders), np.int64)
    np.add.at(units, lines.order_idx, shipped)
    np.add.at(missing, lines.order_idx, np.maximum(0, lines.quantity - shipped))
    found.add_rows(
        "SHIP_COMPLETE_BROKEN",
        orders.is_ship_complete & (units > 0) & (missing > 0),
        names.order,
        lambda row: f"{units[row]} units ship and {missing[row]} do not, but it ships complete or not at all",
    )
    return num_packages
