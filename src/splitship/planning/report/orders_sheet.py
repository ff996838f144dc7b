"""The orders of an answer as a table for the workbook: what the order explorer of the page shows."""

from __future__ import annotations

import numpy as np

from splitship.domain import Result
from splitship.packs.plans import plan_rows
from splitship.planning.order_costs import ORDER_TERMS, order_costs
from splitship.planning.report.tables import Cell, Column, Table
from splitship.units import NO_DATE


def orders_table(result: Result) -> Table:
    """One row an order: packages, dates, what is unfilled, cost by term."""
    problem, plan, packages = result.problem, result.plan, result.report.packages
    orders, num = problem.orders, len(problem.orders)
    costs = order_costs(result)
    first, last = np.full(num, NO_DATE), np.full(num, -NO_DATE)
    np.minimum.at(first, plan.order_idx, plan.ship_day)
    if packages is not None:
        np.maximum.at(last, plan.order_idx, packages.deliver_day)
    given = problem.as_given.lines
    units = np.bincount(given.order_idx, given.quantity, num).astype(np.int64)
    unfilled = np.bincount(problem.lines.order_idx[result.unfilled.line_idx], result.unfilled.quantity, num)
    columns = zip(
        orders.order_id.tolist(), orders.country.tolist(), orders.postal_code.tolist(), units.tolist(),
        np.bincount(plan.order_idx, minlength=num).tolist(), unfilled.astype(np.int64).tolist(),
        *(_days(column) for column in (first, last, orders.deliver_by)),
        costs.total.tolist(), *(getattr(costs, term).tolist() for term in ORDER_TERMS), strict=True,
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = list(columns)
    return Table(
        "orders", "Orders",
        (Column("order"), Column("country"), Column("postal code"), Column("units", "count"),
         Column("packages", "count"), Column("units not shipped", "count"), Column("ships", "day"),
         Column("arrives", "day"), Column("promised", "day"), Column("cost", "money"),
         *(Column(term, "money") for term in ORDER_TERMS)),
        rows,
    )  # fmt: skip


def packages_table(result: Result) -> Table:
    """One row a line in a package: the rows of a plan file."""
    rows = plan_rows(result)
    listed: list[tuple[Cell, ...]] = list(zip(*rows.values(), strict=True))
    columns = tuple(Column(name.replace("_", " "), "count" if name == "quantity" else "text") for name in rows)
    return Table("packages", "Packages", columns, listed)


def _days(days: np.ndarray) -> list[int | None]:
    return [int(day) if abs(day) < NO_DATE else None for day in days.tolist()]
