"""An answer by order, as a pandas table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from splitship.domain import Result
from splitship.domain.frames import date_column, money_columns, priced_packages
from splitship.planning.order_costs import ORDER_TERMS, order_costs
from splitship.units import I64, NO_DATE, day_number


def orders_frame(result: Result, *, micros: bool = False) -> pd.DataFrame:
    """A row an order, in the sequence of the problem: what it costs by term, and what becomes of it.

    `packages`; `nodes` and `services` of its packages in their sequence, each once, joined by `;`; `deliver_on` (the
    last package's day) and `deliver_by` (the promise) as datetime64, NaT for none; `days` from the date of `as_of` to
    `deliver_on` (NaN for an order without packages); `late_days` of its latest package; `units` ordered and
    `unfilled_units`, a kit being one unit. Money is as in `Result.packages_frame`.

    The totals and what only the whole batch pays (the term `soft`) add up to the objective, to the micro.

    Raises:
        ValueError: the plan has packages that are impossible, and so have no costs.
    """
    problem, plan, packages = result.problem, result.plan, priced_packages(result)
    given, orders, num = problem.as_given, problem.orders, len(problem.orders)
    costs = order_costs(result)
    last = np.full(num, -1, np.int64)
    np.maximum.at(last, plan.order_idx, packages.deliver_day)
    ships = np.bincount(plan.order_idx, minlength=num) > 0
    last = np.where(ships, last, NO_DATE)
    is_promised = ships & (orders.deliver_by < NO_DATE)
    unfilled = np.zeros(num, np.int64)
    np.add.at(unfilled, problem.lines.order_idx[result.unfilled.line_idx], result.unfilled.quantity)
    units = np.zeros(num, np.int64)
    np.add.at(units, given.lines.order_idx, given.lines.quantity)
    money = {**{term: getattr(costs, term) for term in ORDER_TERMS}, "total": costs.total}
    return pd.DataFrame(
        {
            "order_id": orders.order_id,
            "packages": np.bincount(plan.order_idx, minlength=num),
            "nodes": _joined(problem.nodes.node_id[plan.node_idx].tolist(), plan.order_idx, num),
            "services": _joined(problem.services.service_id[plan.service_idx].tolist(), plan.order_idx, num),
            "deliver_on": date_column(last),
            "deliver_by": date_column(orders.deliver_by),
            "days": np.where(ships, last - day_number(problem.as_of.date().isoformat()), np.nan),
            "late_days": np.where(is_promised, np.maximum(0, last - orders.deliver_by), 0),
            "units": units,
            "unfilled_units": unfilled,
            **money_columns(money, micros),
        }
    )


def _joined(ids: list[str], order_idx: I64, num_orders: int) -> list[str]:
    """For each order the ids of its packages, each once, joined by `;`."""
    found: list[dict[str, None]] = [{} for _ in range(num_orders)]
    for order, name in zip(order_idx.tolist(), ids, strict=True):
        found[order][name] = None
    return [";".join(names) for names in found]
