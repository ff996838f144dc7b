"""The data of the order explorer: every order of every answer as short columns of JSON."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from splitship.domain import Reason, Result
from splitship.domain.parts import with_whole_lines
from splitship.planning.given_lines import given_line_of
from splitship.planning.order_costs import order_costs
from splitship.planning.report.service_level import REASON_WORDS
from splitship.units import I64, NO_DATE, day_text

NONE = -1
"""In place of a day: there is none."""


class Columns:
    """Columns that are kept once, however many answers have them: orders are mostly the same in all."""

    def __init__(self) -> None:
        self.kept: list[list[Any]] = []
        self._place: dict[str, int] = {}

    def add(self, column: I64 | list[Any]) -> int:
        """The place of a column, new or known."""
        values = column.tolist() if isinstance(column, np.ndarray) else column
        text = json.dumps(values, separators=(",", ":"), ensure_ascii=False)
        if text not in self._place:
            self._place[text] = len(self.kept)
            self.kept.append(values)
        return self._place[text]


def explorer_document(results: Sequence[Result], names: Sequence[str], moved: Mapping[int, Collection[str]]) -> Any:
    """Orders, packages and what is unfilled of all answers; `moved` has ids of orders by the position of the answer.

    Days count from the first day of their answer. Texts of ids stand in lists; what refers to them are positions.
    """
    columns = Columns()
    listed = [
        _answer(result, name, moved.get(at, ()), columns)
        for at, (result, name) in enumerate(zip(results, names, strict=True))
    ]
    return {"columns": columns.kept, "results": listed, "currency": results[0].problem.currency}


def script_json(document: Any) -> str:
    """JSON that may stand in a `<script>` of any page: no `<`, no `&`, no separators of lines that scripts know."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _answer(result: Result, name: str, moved: Collection[str], columns: Columns) -> dict[str, Any]:
    problem = result.problem
    orders, plan = problem.orders, with_whole_lines(problem, result.plan)
    costs = result.report.packages
    delivered = plan.ship_day if costs is None else costs.deliver_day
    package_cost = np.zeros(len(plan), np.int64) if costs is None else costs.total
    has_promise = orders.deliver_by < NO_DATE
    days = np.concatenate([plan.ship_day, delivered, orders.deliver_by[has_promise]])
    first = int(days.min(initial=NO_DATE)) if len(days) else 0
    num_packages = np.bincount(plan.order_idx, minlength=len(orders))
    given = problem.as_given.lines
    units = np.bincount(given.order_idx, given.quantity, len(orders)).astype(np.int64)
    unfilled_line = given_line_of(problem)[result.unfilled.line_idx]
    sku, skus = _used(plan.skus(problem.lines.sku_idx), given.sku_idx[unfilled_line],
                      problem.skus.sku_id.tolist())  # fmt: skip
    unfilled_order = problem.lines.order_idx[result.unfilled.line_idx]
    details = sorted(set(result.unfilled.detail.tolist()))
    detail_at = {text: at for at, text in enumerate(details)}
    reasons = sorted(set(result.unfilled.reason), key=list(Reason).index)
    destinations = [
        f"{country} {code}".strip()
        for country, code in zip(orders.country.tolist(), orders.postal_code.tolist(), strict=True)
    ]
    ids = orders.order_id.tolist()
    of_moved = set(moved)
    add = columns.add
    return {
        "name": name,
        "first": day_text(first),
        "nodes": add(problem.nodes.node_id.tolist()),
        "services": add(problem.services.service_id.tolist()),
        "skus": add(skus),
        "reasons": [[reason.value, REASON_WORDS[reason]] for reason in reasons],
        "details": add(details),
        "moved": add([at for at, order_id in enumerate(ids) if order_id in of_moved]) if of_moved else None,
        "orders": {
            "id": add(ids),
            "to": add(destinations),
            "by": add(np.where(has_promise, orders.deliver_by - first, NONE)),
            "units": add(units),
            "packages": add(num_packages),
            "cost": add(order_costs(result).total if costs is not None else np.zeros(len(orders), np.int64)),
        },
        "packages": {
            "node": add(plan.node_idx),
            "service": add(plan.service_idx),
            "ships": add(plan.ship_day - first),
            "arrives": add(delivered - first),
            "cost": add(package_cost),
            "contents": add(np.bincount(plan.content_package, minlength=len(plan))),
        },
        "contents": {"sku": add(sku[: len(plan.content_line)]), "units": add(plan.content_quantity)},
        "unfilled": {
            "order": add(unfilled_order),
            "sku": add(sku[len(plan.content_line) :]),
            "units": add(result.unfilled.quantity),
            "reason": add([reasons.index(reason) for reason in result.unfilled.reason]),
            "detail": add([detail_at[text] for text in result.unfilled.detail.tolist()]),
        },
    }


def _used(one: I64, other: I64, ids: list[str]) -> tuple[I64, list[str]]:
    """Positions among only the ids that occur, for two columns one after the other."""
    used, position = np.unique(np.append(one, other), return_inverse=True)
    return position.reshape(-1), [ids[at] for at in used.tolist()]
