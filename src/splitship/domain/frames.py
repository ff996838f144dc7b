"""Answers as pandas tables: packages, their contents, what stays, and the cost by term."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from splitship.domain.orders import NO_KIT
from splitship.domain.parts import with_whole_lines
from splitship.domain.report import CostTerms, PackageCosts
from splitship.units import I64, MICROS, NO_DATE

if TYPE_CHECKING:
    from splitship.domain.result import Result


def money_columns(micros: Mapping[str, I64], is_exact: bool) -> dict[str, Any]:
    """Columns of money: float64 in the currency, or int64 micros under names that end in `_micros`.

    A float64 holds a sum of money below 9 billion to the micro; sums of many are exact in micros only.
    """
    if is_exact:
        return {f"{name}_micros": values for name, values in micros.items()}
    return {name: values / MICROS for name, values in micros.items()}


def date_column(days: I64) -> Any:
    """Day numbers as datetime64, NaT for NO_DATE."""
    dates = days.astype("datetime64[D]")
    dates[days >= NO_DATE] = np.datetime64("NaT")
    return dates.astype("datetime64[s]")


def priced_packages(result: Result) -> PackageCosts:
    """Cost and delivery day of every package of an answer.

    Raises:
        ValueError: a package of its plan is impossible, and so has neither.
    """
    if result.report.packages is None:
        raise ValueError("the plan has packages that cannot be, and so have no costs")
    return result.report.packages


def package_ids(result: Result) -> list[str]:
    """`ORDER-1`, `ORDER-2`, ... in the canonical sequence of an order's packages; [packages]."""
    order_idx = result.plan.order_idx
    starts = np.searchsorted(order_idx, order_idx)
    numbers = (np.arange(len(order_idx)) - starts + 1).tolist()
    order_ids = result.problem.orders.order_id[order_idx].tolist()
    return [f"{order_id}-{number}" for order_id, number in zip(order_ids, numbers, strict=True)]


def packages_frame(result: Result, is_exact: bool) -> pd.DataFrame:
    """See `Result.packages_frame`."""
    problem, plan, costs = result.problem, result.plan, priced_packages(result)
    promised = problem.orders.deliver_by[plan.order_idx]
    late = np.where(promised < NO_DATE, np.maximum(0, costs.deliver_day - promised), 0)
    terms = {each.name: getattr(costs, each.name) for each in fields(costs) if each.name != "deliver_day"}
    units = np.bincount(plan.content_package, plan.content_quantity, len(plan)).astype(np.int64)
    return pd.DataFrame(
        {
            "package_id": package_ids(result),
            "order_id": problem.orders.order_id[plan.order_idx],
            "node_id": problem.nodes.node_id[plan.node_idx],
            "service_id": problem.services.service_id[plan.service_idx],
            "ship_on": date_column(plan.ship_day),
            "deliver_on": date_column(costs.deliver_day),
            "deliver_by": date_column(promised),
            "late_days": late.astype(np.int64),
            "units": units,
            **money_columns({**terms, "total": costs.total}, is_exact),
        }
    )


def contents_frame(result: Result) -> pd.DataFrame:
    """See `Result.contents_frame`."""
    problem, plan = result.problem, with_whole_lines(result.problem, result.plan)
    ids = np.array(package_ids(result), object)
    own = problem.lines.sku_idx
    return pd.DataFrame(
        {
            "package_id": ids[plan.content_package],
            "order_id": problem.orders.order_id[plan.order_idx[plan.content_package]],
            "line_id": problem.lines.line_id[plan.content_line],
            "sku_id": problem.skus.sku_id[plan.skus(own)],
            "ordered_sku_id": problem.skus.sku_id[own[plan.content_line]],
            "quantity": plan.content_quantity,
        }
    )


def unfilled_frame(result: Result) -> pd.DataFrame:
    """See `Result.unfilled_frame`."""
    problem, unfilled = result.problem, result.unfilled
    lines, given = problem.lines, problem.as_given.lines
    sku_idx, kit_line = lines.sku_idx[unfilled.line_idx], lines.kit_line_idx[unfilled.line_idx]
    is_kit = kit_line != NO_KIT
    sku_idx[is_kit] = given.sku_idx[kit_line[is_kit]]
    return pd.DataFrame(
        {
            "order_id": problem.orders.order_id[lines.order_idx[unfilled.line_idx]],
            "line_id": lines.line_id[unfilled.line_idx],
            "sku_id": problem.skus.sku_id[sku_idx],
            "quantity": unfilled.quantity,
            "reason": np.array([reason.value for reason in unfilled.reason], object),
            "detail": unfilled.detail,
        }
    )


def costs_frame(result: Result, is_exact: bool) -> pd.DataFrame:
    """See `Result.costs_frame`."""
    costs = result.report.costs or CostTerms()
    terms = [each.name for each in fields(costs)]
    micros = np.array([getattr(costs, term) for term in terms], np.int64)
    share = micros / result.objective if result.objective else np.zeros(len(terms))
    return pd.DataFrame({"term": terms, **money_columns({"cost": micros}, is_exact), "share": share})
