"""The columns that a rule's conditions may name, read from a problem: the contract's by name, and every attribute.

Conditions see the typed columns: defaults are filled in, a limit that is none and a date that is missing are empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from splitship.domain.orders import LONG_PAST, SHIPS
from splitship.domain.problem import Problem
from splitship.domain.rules import Part
from splitship.domain.where import Column, NumberColumn, TextColumn, Where, where_mask
from splitship.units import (
    ATTO_PER_MICRO,
    I64,
    NO_DATE,
    UNLIMITED,
    US_PER_DAY,
    Amounts,
    Bools,
    Floats,
    Strings,
    day_text,
)

Reader = Callable[[Problem], Column]

_MINUTE_US = US_PER_DAY // 1440
_FINE = 9
_MINUTE_DECIMALS = 6


class RuleColumns:
    """Columns of one problem by part and name; each is made once, when it is first asked for."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._made: dict[tuple[Part, str], Column] = {}

    def column(self, part: Part, name: str) -> Column:
        """A column of a part.

        Raises:
            KeyError: the part has no such column (`has` says so beforehand).
        """
        made = self._made.get((part, name))
        if made is None:
            attributes = attributes_of(self.problem, part)
            reader = READERS[part].get(name)
            made = reader(self.problem) if reader else TextColumn.of(attributes[name])
            self._made[part, name] = made
        return made

    def has(self, part: Part, name: str) -> bool:
        """The part has a column of that name, in the contract or as an attribute."""
        return name in READERS[part] or name in attributes_of(self.problem, part)

    def mask(self, part: Part, where: Where) -> Bools:
        """Rows of a part that meet a `where`, [rows of the part]."""
        return where_mask(where, lambda name: self.column(part, name), self.num_rows(part))

    def num_rows(self, part: Part) -> int:
        """Rows of a part."""
        return len(_table(self.problem, part))


def attributes_of(problem: Problem, part: Part) -> Mapping[str, Strings]:
    """The attributes of a part's table, by name."""
    attributes: Mapping[str, Strings] = _table(problem, part).attributes
    return attributes


def _table(problem: Problem, part: Part):  # type: ignore[no-untyped-def]  # five classes with `attributes` and a length
    return {
        "order": problem.orders,
        "line": problem.lines,
        "sku": problem.skus,
        "node": problem.nodes,
        "service": problem.services,
    }[part]


def _amounts(amounts: Amounts, given: Bools | None = None) -> Column:
    """Exact decimals: in micros where that is enough."""
    given = np.ones(len(amounts), np.bool_) if given is None else given
    if not amounts.atto[given].any():
        return NumberColumn(amounts.micros, 6, given)
    exact = np.array(amounts.micros, object) * ATTO_PER_MICRO + amounts.atto.astype(object)
    return NumberColumn(exact, 18, given)


def _whole(values: I64, scale: int = 0, given: Bools | None = None) -> Column:
    return NumberColumn(values, scale, np.ones(len(values), np.bool_) if given is None else given)


def _limit(values: I64, scale: int = 0) -> Column:
    return _whole(values, scale, values != UNLIMITED)


def _floats(values: Floats) -> Column:
    return NumberColumn(values, 0, ~np.isnan(values))


def _flags(flags: Bools) -> Column:
    return TextColumn(np.array(["false", "true"], object), flags.astype(np.int64))


def _dates(days: I64) -> Column:
    return TextColumn.of_values(days, lambda day: "" if day == NO_DATE else day_text(day))


def _earliest(days: I64) -> Column:
    return TextColumn.of_values(days, lambda day: "" if day == LONG_PAST else day_text(day))


def _weeks(week: Bools) -> Column:
    """Seven digits, Monday first."""
    number = week.astype(np.int64) @ (2 ** np.arange(6, -1, -1))
    return TextColumn.of_values(number, lambda value: f"{value:07b}")


def _times(times_us: I64) -> Column:
    return TextColumn.of_values(times_us // _MINUTE_US, lambda minute: f"{minute // 60:02d}:{minute % 60:02d}")


def _excluded_nodes(problem: Problem) -> Column:
    """The excluded nodes' ids, joined by `;`, in the sequence of the nodes table."""
    ptr, idx, names = problem.orders.excluded_ptr, problem.orders.excluded_node_idx, problem.nodes.node_id
    sizes = np.diff(ptr)
    codes = np.zeros(len(sizes), np.int64)
    texts = [""]
    for size in np.unique(sizes[sizes > 0]).tolist():
        orders = np.flatnonzero(sizes == size)
        lists, code = np.unique(idx[ptr[orders][:, None] + np.arange(size)], axis=0, return_inverse=True)
        codes[orders] = code.reshape(-1) + len(texts)
        texts += [";".join(names[row]) for row in lists]
    distinct = np.empty(len(texts), object)
    distinct[:] = texts
    return TextColumn(distinct, codes)


def _modes(problem: Problem) -> Column:
    """ship or pickup, as it comes out of the line's and its order's own."""
    picked = problem.lines.pickup_node_idx != SHIPS
    return TextColumn(np.array(["ship", "pickup"], object), picked.astype(np.int64))


def _pickup_nodes(problem: Problem) -> Column:
    """Where a line is picked up, its order's node counted in; empty where it ships."""
    names = np.concatenate([np.array([""], object), problem.nodes.node_id])
    return TextColumn(names, problem.lines.pickup_node_idx - SHIPS)


def _side(name: str) -> Reader:
    """A side of an SKU; empty where the SKU has no volume."""

    def read(problem: Problem) -> Column:
        skus = problem.skus
        has_volume = (skus.length_ncm > 0) | (skus.width_ncm > 0) | (skus.height_ncm > 0)
        return _whole(getattr(skus, name), _FINE, has_volume)

    return read


def _texts(table: str, names: Sequence[str]) -> dict[str, Reader]:
    def reader(name: str) -> Reader:
        return lambda problem: TextColumn.of(getattr(getattr(problem, table), name))

    return {name: reader(name) for name in names}


READERS: Mapping[Part, Mapping[str, Reader]] = MappingProxyType(
    {
        "order": {
            **_texts("orders", ("order_id", "country", "postal_code", "channel")),
            "placed_at": lambda problem: NumberColumn(
                problem.orders.placed_at_us, 0, np.ones(len(problem.orders), np.bool_), True
            ),
            "latitude": lambda problem: _floats(problem.orders.latitude),
            "longitude": lambda problem: _floats(problem.orders.longitude),
            "deliver_by": lambda problem: _dates(problem.orders.deliver_by),
            "priority": lambda problem: _amounts(problem.orders.priority),
            "ship_complete": lambda problem: _flags(problem.orders.is_ship_complete),
            "max_packages": lambda problem: _limit(problem.orders.max_packages),
            "excluded_nodes": _excluded_nodes,
            "hold_until": lambda problem: _earliest(problem.orders.hold_until),
            "not_before": lambda problem: _earliest(problem.orders.not_before),
        },
        "line": {
            **_texts("lines", ("line_id",)),
            "order_id": lambda problem: TextColumn(problem.orders.order_id, problem.lines.order_idx),
            "sku_id": lambda problem: TextColumn(problem.skus.sku_id, problem.lines.sku_idx),
            "quantity": lambda problem: _whole(problem.lines.quantity),
            "unit_value": lambda problem: _amounts(problem.lines.unit_value),
            "splittable": lambda problem: _flags(problem.lines.is_splittable),
            "unfilled_cost": lambda problem: _amounts(problem.lines.unfilled_cost, problem.lines.has_unfilled_cost),
            "mode": _modes,
            "pickup_node": _pickup_nodes,
        },
        "sku": {
            **_texts("skus", ("sku_id",)),
            "weight_kg": lambda problem: _whole(problem.skus.weight_ug, _FINE),
            "length_cm": _side("length_ncm"),
            "width_cm": _side("width_ncm"),
            "height_cm": _side("height_ncm"),
            "value": lambda problem: _amounts(problem.skus.value),
            "ship_alone": lambda problem: _flags(problem.skus.is_ship_alone),
        },
        "node": {
            **_texts("nodes", ("node_id", "kind", "country", "postal_code", "timezone")),
            "latitude": lambda problem: _floats(problem.nodes.latitude),
            "longitude": lambda problem: _floats(problem.nodes.longitude),
            "cutoff": lambda problem: _times(problem.nodes.cutoff_us),
            "lead_days": lambda problem: _whole(problem.nodes.lead_days),
            "working_days": lambda problem: _weeks(problem.nodes.working_days),
            "open": lambda problem: _flags(problem.nodes.is_open),
            "priority": lambda problem: _floats(problem.nodes.priority),
            "package_cost": lambda problem: _amounts(problem.nodes.package_cost),
            "line_cost": lambda problem: _amounts(problem.nodes.line_cost),
            "unit_cost": lambda problem: _amounts(problem.nodes.unit_cost),
            "max_packages_per_day": lambda problem: _limit(problem.nodes.max_packages_per_day),
            "max_units_per_day": lambda problem: _limit(problem.nodes.max_units_per_day),
            "max_lines_per_day": lambda problem: _limit(problem.nodes.max_lines_per_day),
            "max_minutes_per_day": lambda problem: _limit(problem.nodes.max_umin_per_day, _MINUTE_DECIMALS),
            "minutes_per_package": lambda problem: _whole(problem.nodes.umin_per_package, _MINUTE_DECIMALS),
            "minutes_per_unit": lambda problem: _whole(problem.nodes.umin_per_unit, _MINUTE_DECIMALS),
            "target_share": lambda problem: _amounts(problem.nodes.target_share, problem.nodes.has_target_share),
            "share_price": lambda problem: _amounts(problem.nodes.share_price, problem.nodes.has_target_share),
        },
        "service": {
            **_texts("services", ("service_id", "carrier")),
            "dim_divisor": lambda problem: _whole(
                problem.services.dim_divisor, _FINE, problem.services.dim_divisor > 0
            ),
            "weight_step_kg": lambda problem: _whole(
                problem.services.weight_step_ug, _FINE, problem.services.weight_step_ug > 0
            ),
            "max_weight_kg": lambda problem: _limit(problem.services.max_weight_ug, _FINE),
            "ship_days": lambda problem: _weeks(problem.services.ship_days),
            "delivery_days": lambda problem: _weeks(problem.services.delivery_days),
        },
    }
)
"""How each column of the contract is read, by part and name."""
