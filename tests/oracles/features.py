"""Pick-up, transfers, kits, substitutes, prices of stock and rejections: as given, and what follows from them.

Read from tables as written or from a Problem's given tables; what follows from them is worked out here, not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from oracles.parts import Line, Node, Order, Service, Way, to_micros

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
EVERY_DAY = (True,) * 7


@dataclass(frozen=True)
class Transfer:
    """A row of the transfers table."""

    from_node: str
    to_node: str
    days: int
    per_unit: Fraction
    per_package: Fraction
    working_days: tuple[bool, ...]


@dataclass(frozen=True)
class Component:
    """A row of the kits table; `position` is that of its SKU."""

    quantity: int
    position: int
    sku_id: str
    is_together: bool


@dataclass(frozen=True)
class Features:
    """Tables as given.

    `pickups` by order and line: the node at which it is picked up. `kits` by the SKU that is ordered, in the sequence
    in which components become lines. Prices in whole micros: `substitutes` by SKU and substitute, `stock_prices` by
    node and SKU. `rejections` are order, line (None: all of them), node.
    """

    pickups: dict[tuple[str, str], str] = field(default_factory=dict)
    transfers: tuple[Transfer, ...] = ()
    kits: dict[str, tuple[Component, ...]] = field(default_factory=dict)
    substitutes: dict[str, dict[str, int]] = field(default_factory=dict)
    stock_prices: dict[tuple[str, str], int] = field(default_factory=dict)
    rejections: frozenset[tuple[str, str | None, str]] = frozenset()


def features_in_tables(tables: Tables) -> Features:
    """Rows of text or natural values with the defaults of the pack format."""
    position = {_text(row, "sku_id"): at for at, row in enumerate(tables.get("skus", []))}
    orders = {_text(row, "order_id"): row for row in tables.get("orders", [])}
    pickups = {}
    for row in tables.get("order_lines", []):
        order = orders[_text(row, "order_id")]
        if (_text(row, "mode") or _text(order, "mode") or "ship") == "pickup":
            node = _text(row, "pickup_node") or _text(order, "pickup_node")
            pickups[_text(row, "order_id"), _text(row, "line_id")] = node
    transfers = tuple(
        Transfer(
            _text(row, "from_node_id"),
            _text(row, "to_node_id"),
            int(row["days"]),
            _money(row, "cost_per_unit"),
            _money(row, "cost_per_package"),
            tuple(digit == "1" for digit in _text(row, "working_days") or "1111111"),
        )
        for row in tables.get("transfers", [])
    )
    kits: dict[str, list[Component]] = {}
    for row in tables.get("kits", []):
        sku_id = _text(row, "sku_id")
        is_together = (_text(row, "together") or "true").lower() == "true"
        found = Component(int(row["quantity"]), position[sku_id], sku_id, is_together)
        kits.setdefault(_text(row, "kit_sku_id"), []).append(found)
    substitutes: dict[str, dict[str, int]] = {}
    for row in tables.get("substitutes", []):
        others = substitutes.setdefault(_text(row, "sku_id"), {})
        others[_text(row, "substitute_sku_id")] = to_micros(_money(row, "price_per_unit"))
    return Features(
        pickups,
        transfers,
        {kit: tuple(sorted(parts, key=_sequence)) for kit, parts in kits.items()},
        substitutes,
        {
            (_text(row, "node_id"), _text(row, "sku_id")): to_micros(_money(row, "price_per_unit"))
            for row in tables.get("stock_prices", [])
        },
        frozenset(
            (_text(row, "order_id"), _text(row, "line_id") or None, _text(row, "node_id"))
            for row in tables.get("rejections", [])
        ),
    )


def features_in_problem(given: Any) -> Features:
    """The columns of a Problem before anything is put into force; `given` is its `as_given`."""
    node, sku, lines = given.nodes.node_id, given.skus.sku_id, given.lines
    order_of = [str(given.orders.order_id[int(order)]) for order in lines.order_idx]
    t, k, s, p, r = given.transfers, given.kits, given.substitutes, given.stock_prices, given.rejections

    def money(amounts: Any, row: int) -> Fraction:
        return Fraction(amounts.exact(row), 10**18)

    kits: dict[str, list[Component]] = {}
    for row in range(len(k)):
        at = int(k.sku_idx[row])
        found = Component(int(k.quantity[row]), at, sku[at], bool(k.is_together[row]))
        kits.setdefault(sku[int(k.kit_sku_idx[row])], []).append(found)
    substitutes: dict[str, dict[str, int]] = {}
    for row in range(len(s)):
        others = substitutes.setdefault(sku[int(s.sku_idx[row])], {})
        others[sku[int(s.substitute_sku_idx[row])]] = to_micros(money(s.price_per_unit, row))
    return Features(
        {
            (order_of[row], lines.line_id[row]): node[int(at)]
            for row, at in enumerate(lines.pickup_node_idx.tolist())
            if at >= 0
        },
        tuple(
            Transfer(
                node[int(t.from_node_idx[row])],
                node[int(t.to_node_idx[row])],
                int(t.days[row]),
                money(t.cost_per_unit, row),
                money(t.cost_per_package, row),
                tuple(bool(day) for day in t.working_days[row]),
            )
            for row in range(len(t))
        ),
        {kit: tuple(sorted(parts, key=_sequence)) for kit, parts in kits.items()},
        substitutes,
        {
            (node[int(p.node_idx[row])], sku[int(p.sku_idx[row])]): to_micros(money(p.price_per_unit, row))
            for row in range(len(p))
        },
        frozenset(
            (
                str(given.orders.order_id[int(r.order_idx[row])]),
                lines.line_id[int(r.line_idx[row])] if r.line_idx[row] >= 0 else None,
                node[int(r.node_idx[row])],
            )
            for row in range(len(r))
        ),
    )


def _sequence(part: Component) -> tuple[int, int]:
    return part.quantity, part.position


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def _money(row: Row, name: str) -> Fraction:
    return Fraction(_text(row, name) or "0")


# --- what follows from them -------------------------------------------------------------------


def ways_of(features: Features, is_open: Mapping[str, bool]) -> dict[str, Way]:
    """How what is picked up gets to where it is, by the name of the service; closed nodes give and get nothing."""
    places = sorted({place for place in features.pickups.values() if is_open[place]})
    found = {f"pickup:{place}": Way(place, place, 0, EVERY_DAY, Fraction(0), 0) for place in places}
    for row in features.transfers:
        if row.to_node in places and is_open[row.from_node]:
            found[f"transfer:{row.from_node}:{row.to_node}"] = Way(
                row.from_node, row.to_node, row.days, row.working_days, row.per_package, to_micros(row.per_unit)
            )
    return found


def skus_that_ship(features: Features, sku_id: str) -> list[str]:
    """Every SKU that may ship for a line of this one: it or its components, and the substitutes of these."""
    own = [part.sku_id for part in features.kits.get(sku_id, ())] or [sku_id]
    return sorted({*own, *(other for one in own for other in features.substitutes.get(one, {}))})


def services_of_ways(ways: Mapping[str, Way], nodes: Mapping[str, Node]) -> dict[str, Service]:
    """The services by which lines are picked up."""
    return {
        name: Service(name, None, None, None, way.working_days, nodes[way.to_node].working_days
                      if way.is_transfer else EVERY_DAY, way)
        for name, way in ways.items()
    }  # fmt: skip


def holidays_of_ways(ways: Mapping[str, Way], node_holidays: frozenset[tuple[str, date]]) -> set[tuple[str, date]]:
    """Services and days: a transfer does not run on holidays of the node that gets it."""
    return {
        (name, day)
        for name, way in ways.items()
        if way.is_transfer
        for node, day in node_holidays
        if node == way.to_node
    }


def orders_with_features(orders: Sequence[Order], features: Features, values: Mapping[str, Fraction]) -> list[Order]:
    """The orders with lines as they ship; `values` are those of SKUs."""
    return [replace(order, lines=tuple(_lines_of(order.order_id, order.lines, features, values))) for order in orders]


def _lines_of(
    order_id: str, lines: Sequence[Line], features: Features, values: Mapping[str, Fraction]
) -> Iterator[Line]:
    for given in lines:
        rejected = frozenset(
            node for order, line, node in features.rejections if order == order_id and line in (None, given.line_id)
        )
        line = replace(given, pickup=features.pickups.get((order_id, given.line_id)), rejected=rejected)
        for part in _parts_of(line, features, values):
            yield replace(part, substitutes=tuple(sorted(features.substitutes.get(part.sku_id, {}).items())))


def _parts_of(line: Line, features: Features, values: Mapping[str, Fraction]) -> Iterator[Line]:
    """The components of a kit's line, any other line itself."""
    components = features.kits.get(line.sku_id)
    if components is None:
        yield line
        return
    for nth, part in enumerate(components):
        yield replace(
            line,
            line_id=f"{line.line_id}/{part.sku_id}",
            sku_id=part.sku_id,
            quantity=line.quantity * part.quantity,
            unfilled_cost=round(Fraction(line.unfilled_cost, part.quantity)) if nth == 0 else 0,
            value=values[part.sku_id],
            kit=line.line_id,
            kit_quantity=part.quantity,
            is_together=part.is_together,
        )
