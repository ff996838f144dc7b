"""What the columns and rows of the one model stand for, in the ids of the problem."""

from __future__ import annotations

import numpy as np
import pandas as pd

from splitship.domain import ResourceKind
from splitship.mip.model import MixedModel
from splitship.units import I64, Strings, day_text

NAME_COLUMNS = (
    "name", "part", "kind", "order_id", "line_id", "sku_id", "node_id", "service_id", "ship_on", "contents",
)  # fmt: skip
"""Columns of the table of names; `part` is column or row, `contents` is `line:units` of each line, joined by `;`."""

KINDS = {
    "p": "package", "u": "unfilled", "n": "nothing_ships", "s": "anything_ships",
    "y": "slot_used", "b": "slot_bracket", "k": "slot_beyond", "x": "slot_content", "z": "slot_line",
}  # fmt: skip
"""Kinds of column by the letter their names begin with."""


def name_table(model: MixedModel) -> pd.DataFrame:
    """A row for every column, then for every row of the model, with NAME_COLUMNS; empty text where none applies."""
    linear = model.linear
    size = linear.num_columns + linear.num_rows
    text = {name: np.full(size, "", object) for name in NAME_COLUMNS}
    text["name"][:] = np.concatenate([linear.column_names, linear.row_names])
    text["part"][:] = np.repeat(np.array(["column", "row"], object), [linear.num_columns, linear.num_rows])
    prefixes = [name.rstrip("0123456789") for name in text["name"].tolist()]
    kinds = [KINDS[prefix] for prefix in prefixes[: linear.num_columns]] + prefixes[linear.num_columns :]
    text["kind"][:] = kinds
    table = _Table(model, text)
    table.fill_packages()
    table.fill_slots(np.array(prefixes[: linear.num_columns], object))
    table.fill_lines_and_orders()
    table.fill_supply()
    return pd.DataFrame(text)


class _Table:
    """The text columns, and how to fill them from positions."""

    def __init__(self, model: MixedModel, text: dict[str, Strings]) -> None:
        self.model, self.text, self.instance = model, text, model.instance
        self.first_row = model.linear.num_columns
        counts = np.diff(self.instance.option_ptr)
        self.option_order = np.repeat(np.arange(self.instance.num_orders), counts)

    def fill_packages(self) -> None:
        """Columns p: the package, and what is in it."""
        instance, contents = self.instance, self.model.contents
        choice = instance.choice_ptr[contents.option] + instance.content_choice[contents.content]
        self._fill_package(self.model.package_column, contents.option, choice)
        line = instance.option_line[contents.entry_slot]
        units = contents.entry_steps * instance.line_step[line]
        held = [
            f"{name}:{quantity}"
            for name, quantity in zip(instance.problem.lines.line_id[line], units.tolist(), strict=True)
        ]
        ends = np.searchsorted(contents.entry_content, np.arange(len(contents)), side="right").tolist()
        starts = [0, *ends][: len(ends)]
        joined = [";".join(held[start:end]) for start, end in zip(starts, ends, strict=True)]
        self.text["contents"][self.model.package_column] = joined

    def fill_slots(self, prefixes: Strings) -> None:
        """Columns of wide orders: the columns of a slot follow its y."""
        wide = self.model.wide
        columns = np.flatnonzero(np.isin(prefixes, ["y", "b", "k", "x", "z"]))
        slot = np.searchsorted(wide.used_column, columns, side="right") - 1
        self._fill_package(columns, wide.slot_option[slot], wide.slot_choice[slot])
        self._fill_line(wide.content_column, wide.content_line)

    def fill_lines_and_orders(self) -> None:
        """Columns u, n, s and the rows of lines and orders."""
        model, rows, first = self.model, self.model.rows, self.first_row
        self._fill_line(model.unfilled_column, model.unfilled_line)
        self._fill_line(rows.cover + first, np.arange(len(rows.cover)))
        order_id = self.instance.problem.orders.order_id
        self.text["order_id"][model.nothing_column] = order_id[model.nothing_order]
        self.text["order_id"][model.ships_column] = order_id[model.ships_order]
        for row_of_order in (rows.packages, rows.ships):
            order = np.flatnonzero(row_of_order >= 0)
            self.text["order_id"][row_of_order[order] + first] = order_id[order]

    def fill_supply(self) -> None:
        """Rows of stock and capacities; their kind is the resource's."""
        problem, resources = self.instance.problem, self.instance.resources
        row = self.model.rows.supply + self.first_row
        labels = np.array([kind.label for kind in ResourceKind], object)
        self.text["kind"][row] = labels[resources.kind]
        has_node = resources.node_idx >= 0
        self.text["node_id"][row[has_node]] = problem.nodes.node_id[resources.node_idx[has_node]]
        has_sku, has_service = resources.sku_idx >= 0, resources.service_idx >= 0
        self.text["sku_id"][row[has_sku]] = problem.skus.sku_id[resources.sku_idx[has_sku]]
        self.text["service_id"][row[has_service]] = problem.services.service_id[resources.service_idx[has_service]]
        has_day = resources.day >= 0
        self.text["ship_on"][row[has_day]] = _day_texts(resources.day[has_day])

    def _fill_package(self, at: I64, option: I64, choice: I64) -> None:
        problem, instance = self.instance.problem, self.instance
        self.text["order_id"][at] = problem.orders.order_id[self.option_order[option]]
        self.text["node_id"][at] = problem.nodes.node_id[instance.option_node[option]]
        self.text["service_id"][at] = problem.services.service_id[instance.choice_service[choice]]
        self.text["ship_on"][at] = _day_texts(instance.choice_ship_day[choice].astype(np.int64))

    def _fill_line(self, at: I64, line: I64) -> None:
        problem = self.instance.problem
        self.text["order_id"][at] = problem.orders.order_id[problem.lines.order_idx[line]]
        self.text["line_id"][at] = problem.lines.line_id[line]
        self.text["sku_id"][at] = problem.skus.sku_id[problem.lines.sku_idx[line]]


def _day_texts(days: I64) -> Strings:
    distinct, inverse = np.unique(days, return_inverse=True)
    return np.array([day_text(day) for day in distinct.tolist()], object)[inverse]
