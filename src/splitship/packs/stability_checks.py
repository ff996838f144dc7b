"""What lies in packages of the plan in force against what its lines ask for: units, pieces, kits, SKUs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from splitship.domain import Kits, OrderLines, Substitutes
from splitship.domain.matching import matching_rows
from splitship.packs.view import Coded, TableView
from splitship.units import I64, Bools

_WHOLE = -1
"""In place of a component: the line is no kit."""


def content_skus(
    view: TableView, line_idx: I64, named: I64, lines: OrderLines, tables: Mapping[str, Any], sku_ids: Coded
) -> I64:
    """The SKU of each row's content, -1 where it is the line's own or all components of its kit.

    `named` [rows] is what the table says: a component of a kit, or a substitute, else a fault.
    """
    found = named.copy()
    rows = np.flatnonzero((named >= 0) & (line_idx >= 0))
    own = lines.sku_idx[line_idx[rows]]
    found[rows[named[rows] == own]] = -1
    kits, substitutes = tables.get("kits", Kits.empty()), tables.get("substitutes", Substitutes.empty())
    width = len(sku_ids.codes)
    asked = own * width + named[rows]
    is_kit = np.isin(own, kits.kit_sku_idx)
    of_kit = np.isin(asked, kits.kit_sku_idx * width + kits.sku_idx)
    may_stand = np.isin(asked, substitutes.sku_idx * width + substitutes.substitute_sku_idx)
    wrong = np.zeros(view.num_rows, np.bool_)
    wrong[rows] = np.where(is_kit, ~of_kit, ~may_stand & (named[rows] != own))
    ids = sku_ids.texts()

    def words(row: int) -> str:
        sku = int(lines.sku_idx[line_idx[row]])
        parts = ids[kits.sku_idx[kits.kit_sku_idx == sku]].tolist()
        others = ids[substitutes.substitute_sku_idx[substitutes.sku_idx == sku]].tolist()
        if parts:
            what = f"a component of the kit {ids[sku]} ({', '.join(parts)})"
        else:
            what = f"the line's SKU {ids[sku]}" + (f" or a substitute ({', '.join(others)})" if others else "")
        return f"expected {what} or nothing, got {ids[named[row]]!r}"

    view.tell_rows("E430", "sku_id", wrong, words)
    return found


@dataclass(frozen=True, slots=True)
class RowUnits:
    """What rows of the table are in units that lie on shelves; each [entries], by rows.

    A row of a kit that names no component is an entry for each of them. `component` is the SKU of it, `each` its units
    in one kit; `_WHOLE` and 1 for other lines. `asked` is what the line asks for in all, `num_components` how many
    components its kit has, `is_together` whether they lie in one package. `is_named`: the row names the component.
    """

    row: I64
    line: I64
    package: I64
    component: I64
    units: I64
    each: I64
    asked: I64
    num_components: I64
    is_together: Bools
    is_named: Bools

    @classmethod
    def of(
        cls, known: I64, line_idx: I64, quantity: I64, sku_idx: I64, package: I64, lines: OrderLines, kits: Kits | None
    ) -> RowUnits:
        """The rows `known`."""
        kits = Kits.empty() if kits is None else kits
        line = line_idx[known]
        sku = lines.sku_idx[line]
        at, entry = matching_rows(kits.kit_sku_idx, sku)
        takes = (sku_idx[known][entry] < 0) | (sku_idx[known][entry] == kits.sku_idx[at])
        at, entry = at[takes], entry[takes]
        plain = np.flatnonzero(~np.isin(sku, kits.kit_sku_idx))
        which = np.append(plain, entry).astype(np.int64)
        kit = np.append(np.full(len(plain), -1), at).astype(np.int64)
        by_row = np.lexsort((kit, which))
        which, kit = which[by_row], kit[by_row]
        is_part = kit >= 0

        def of_kit(column: I64, other: int) -> I64:
            values: I64 = np.append(column.astype(np.int64), other)[kit]
            return np.where(is_part, values, other)

        each, is_named = of_kit(np.maximum(kits.quantity, 1), 1), is_part & (sku_idx[known[which]] >= 0)
        _, number, count = np.unique(kits.kit_sku_idx, return_inverse=True, return_counts=True)
        row = known[which]
        return cls(
            row,
            line[which],
            package[row],
            of_kit(kits.sku_idx, _WHOLE),
            quantity[row] * np.where(is_named, 1, each),
            each,
            lines.quantity[line[which]] * each,
            of_kit(count[number.reshape(-1)], 1),
            of_kit(kits.is_together.astype(np.int64), 0).astype(np.bool_),
            is_named,
        )

    def groups(self, *columns: I64) -> I64:
        """Numbers, from 0, of the entries that are equal in columns."""
        _, group = np.unique(np.column_stack(columns), axis=0, return_inverse=True)
        return group.reshape(-1).astype(np.int64)

    def sums(self, group: I64, weights: I64 | None = None) -> I64:
        """Units (or `weights`) of each entry's group."""
        total: I64 = np.bincount(group, self.units if weights is None else weights).astype(np.int64)[group]
        return total

    def only(self, mask: Bools) -> RowUnits:
        """Some entries."""
        return RowUnits(*(getattr(self, name)[mask] for name in self.__slots__))

    def mark(self, view: TableView, is_bad: Bools) -> tuple[Bools, dict[int, int]]:
        """The rows of some entries, and the first such entry of each."""
        rows = np.zeros(view.num_rows, np.bool_)
        entries = np.flatnonzero(is_bad)
        rows[self.row[entries]] = True
        return rows, {int(self.row[entry]): int(entry) for entry in entries[::-1].tolist()}

    def __len__(self) -> int:
        return len(self.row)


def check_quantities(view: TableView, units: RowUnits) -> None:
    """What is in packages is at most what the lines ask for; told where it is passed. Whole kits of each component."""
    if not len(units):
        return
    part = units.groups(units.line, units.component)
    by_part = np.lexsort((np.arange(len(units)), part))
    running = np.cumsum(units.units[by_part])
    start = np.searchsorted(part[by_part], part[by_part])
    sums = np.empty(len(units), np.int64)
    sums[by_part] = running - (running - units.units[by_part])[start]
    beyond, entry = units.mark(view, (sums > units.asked) & (sums - units.units <= units.asked))

    def words(row: int) -> str:
        at = entry[row]
        if units.is_named[at]:
            return f"makes {sums[at]:,} units of this component in packages; its kits ask for {units.asked[at]:,}"
        each = int(units.each[at])
        return f"makes {sums[at] // each:,} units of this line in packages; it asks for {units.asked[at] // each:,}"

    view.tell_rows("E425", "quantity", beyond, words)
    torn, of_kit = units.mark(view, units.units % units.each != 0)
    view.tell_rows(
        "E432",
        "quantity",
        torn,
        lambda row: f"expected whole kits, {units.each[of_kit[row]]} units of the component each",
    )


def check_one_piece(view: TableView, units: RowUnits, lines: OrderLines) -> None:
    """A line that is not splittable, each component of one, lies whole in one package."""
    units = units.only(~lines.is_splittable[units.line]) if len(units) else units
    if not len(units):
        return
    total = units.sums(units.groups(units.line, units.component))
    here = units.sums(units.groups(units.line, units.component, units.package))
    bad, entry = units.mark(view, (here != units.asked) & (total <= units.asked))
    view.tell_rows(
        "E431",
        "quantity",
        bad,
        lambda row: (
            f"the line is not splittable: all {units.asked[entry[row]]:,} units lie in one package, "
            f"in this there are {here[entry[row]]:,}"
        ),
    )


def check_kits(view: TableView, units: RowUnits, is_released: Bools) -> None:
    """Released are whole kits; a promise holds all that is left of a kit's line, with `together` all components."""
    units = units.only((units.component != _WHOLE) & ~view.faulty("quantity")[units.row]) if len(units) else units
    if not len(units):
        return
    gone = is_released[units.row]
    left = units.asked - units.sums(units.groups(units.line, units.component), units.units * gone)
    _check_released(view, units.only(gone))
    left, units = left[~gone], units.only(~gone)
    if not len(units):
        return
    here = units.sums(units.groups(units.line, units.component, units.package))
    bad, entry = units.mark(view, (here != left) & (left > 0))
    view.tell_rows(
        "E433",
        "quantity",
        bad,
        lambda row: (
            f"a promised package holds all kits of a line that are not released: {left[entry[row]]:,} units of each "
            f"component such as this, in this package there are {here[entry[row]]:,}"
        ),
    )
    lacks = units.is_together & (_num_components(units, units.groups(units.line, units.package)) < units.num_components)
    torn, _ = units.mark(view, lacks)
    view.tell_rows("E433", "sku_id", torn & ~bad, lambda row: "the components of this kit lie in one package")


def _check_released(view: TableView, units: RowUnits) -> None:
    """Of a line, in each package of one whose kits lie together, the same number of kits of every component."""
    if not len(units):
        return
    group = units.groups(units.line, np.where(units.is_together, units.package, -1))
    kits = units.sums(units.groups(group, units.component)) // units.each
    least, most = np.full(int(group.max()) + 1, kits.max()), np.zeros(int(group.max()) + 1, np.int64)
    np.minimum.at(least, group, kits)
    np.maximum.at(most, group, kits)
    uneven = (least != most)[group] | (_num_components(units, group) < units.num_components)
    bad, _ = units.mark(view, uneven)
    view.tell_rows("E434", "quantity", bad, lambda row: "expected whole kits: as many of every component are released")


def _num_components(units: RowUnits, group: I64) -> I64:
    """How many components the entries of each entry's group are of."""
    pairs = np.unique(np.column_stack([group, units.component]), axis=0)[:, 0]
    count: I64 = np.bincount(pairs, minlength=int(group.max()) + 1)[group]
    return count
