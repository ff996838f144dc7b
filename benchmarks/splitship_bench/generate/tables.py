"""Tables of a pack from arrays, a stretch of rows at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from splitship.units import I64, Floats
from splitship_bench.generate.demand import Demand
from splitship_bench.generate.families import Recipe
from splitship_bench.generate.geography import NUM_CITIES, Network, to_earth
from splitship_bench.generate.supply import Supply
from splitship_bench.generate.tariff import Lanes, Service, rate_rows

AS_OF = np.datetime64("2026-03-02T08:00:00", "s")
PROMISES_DAYS = (2, 3, 5, 7)
FIRST_POSTAL_CODE = 10001

Columns = dict[str, Any]
"""Column name -> Arrow array."""


@dataclass(frozen=True, slots=True)
class TableSource:
    """A table that is made in stretches: `make(start, end)` gives the columns of rows `start` to `end - 1`."""

    name: str
    num_rows: int
    make: Callable[[int, int], Columns]


@dataclass(frozen=True, slots=True)
class Content:
    """All that a pack's tables say. `promise` [orders] indexes PROMISES_DAYS."""

    recipe: Recipe
    network: Network
    demand: Demand
    supply: Supply
    promise: I64
    services: tuple[Service, ...]
    lanes: Lanes
    in_brackets: bool


def table_sources(content: Content) -> list[TableSource]:
    """The tables of a pack, small ones first."""
    num_nodes, num_orders = len(content.network.is_big), len(content.promise)
    num_skus = len(content.demand.weight_tenths)
    node_ids = _ids("N", np.arange(1, num_nodes + 1), max(2, len(str(num_nodes))))
    sku_ids = _ids("K", np.arange(1, num_skus + 1), max(5, len(str(num_skus))))
    postal_codes = _texts(str(FIRST_POSTAL_CODE + city) for city in range(NUM_CITIES))
    whole = [
        _whole("services", _services(content.services)),
        _whole("rates", _rates(content)),
        _whole("nodes", _nodes(content, node_ids, postal_codes)),
        _whole("skus", {"sku_id": sku_ids, "weight_kg": _tenths(content.demand.weight_tenths)}),
    ]
    return [
        *whole,
        TableSource("lanes", len(content.lanes.zone), _lanes(content, node_ids, postal_codes)),
        TableSource("stock", len(content.supply.on_hand), _stock(content.supply, node_ids, sku_ids)),
        TableSource("orders", num_orders, _orders(content, postal_codes)),
        TableSource("order_lines", len(content.demand.line_sku), _order_lines(content, sku_ids)),
    ]


def _services(services: tuple[Service, ...]) -> Columns:
    return {
        "service_id": _texts(service.service_id for service in services),
        "carrier": _texts(service.carrier for service in services),
    }


def _rates(content: Content) -> Columns:
    names = ("service_id", "zone", "up_to_kg", "price", "per_extra_kg")
    rows = rate_rows(content.services, content.in_brackets)
    return {name: _texts(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def _nodes(content: Content, node_ids: Any, postal_codes: Any) -> Columns:
    network = content.network
    latitude, longitude = to_earth(network.node_x, network.node_y)
    package_cost, unit_cost = ("1.40", "0.30") if content.recipe.network == "layers" else ("2.20", "0.50")
    which = pa.array((~network.is_big).astype(np.int64))
    return {
        "node_id": node_ids,
        "kind": _texts(("dc", "store")).take(which),
        "country": _constant("US", len(which)),
        "postal_code": postal_codes.take(pa.array(network.node_city)),
        "latitude": _degrees(latitude),
        "longitude": _degrees(longitude),
        "package_cost": _texts(("1.20", package_cost)).take(which),
        "unit_cost": _texts(("0.25", unit_cost)).take(which),
        "max_packages_per_day": pa.array(content.supply.max_packages),
    }


def _lanes(content: Content, node_ids: Any, postal_codes: Any) -> Callable[[int, int], Columns]:
    lanes = content.lanes
    service_ids = _texts(service.service_id for service in content.services)
    zones = _texts(map(str, range(8)))

    def make(start: int, end: int) -> Columns:
        return {
            "service_id": service_ids.take(pa.array(lanes.service_idx[start:end])),
            "node_id": node_ids.take(pa.array(lanes.node_idx[start:end])),
            "destination": postal_codes.take(pa.array(lanes.city_idx[start:end])),
            "country": _constant("US", end - start),
            "zone": zones.take(pa.array(lanes.zone[start:end])),
            "transit_days": pa.array(lanes.transit_days[start:end]),
        }

    return make


def _stock(supply: Supply, node_ids: Any, sku_ids: Any) -> Callable[[int, int], Columns]:
    def make(start: int, end: int) -> Columns:
        return {
            "node_id": node_ids.take(pa.array(supply.node_idx[start:end])),
            "sku_id": sku_ids.take(pa.array(supply.sku_idx[start:end])),
            "on_hand": pa.array(supply.on_hand[start:end]),
        }

    return make


def _orders(content: Content, postal_codes: Any) -> Callable[[int, int], Columns]:
    network, city = content.network, content.demand.order_city
    num_orders = len(city)
    latitude, longitude = map(_degrees, to_earth(network.city_x, network.city_y))
    days = _texts(str(AS_OF.astype("datetime64[D]") + promise) for promise in PROMISES_DAYS)

    def make(start: int, end: int) -> Columns:
        number = np.arange(start, end)
        at = pa.array(city[start:end])
        placed = AS_OF - (num_orders - number).astype("timedelta64[s]")
        return {
            "order_id": _order_ids(number, num_orders),
            "placed_at": pc.strftime(pa.array(placed), format="%Y-%m-%dT%H:%M:%S+00:00"),
            "country": _constant("US", end - start),
            "postal_code": postal_codes.take(at),
            "latitude": latitude.take(at),
            "longitude": longitude.take(at),
            "deliver_by": days.take(pa.array(content.promise[start:end])),
        }

    return make


def _order_lines(content: Content, sku_ids: Any) -> Callable[[int, int], Columns]:
    demand, is_splittable = content.demand, content.recipe.is_splittable
    line_ids = _texts(map(str, range(1, content.recipe.most_lines + 1)))
    unfilled = _texts(["", *map(_unfilled_cost, range(1, content.recipe.most_units + 1))])

    def make(start: int, end: int) -> Columns:
        line = np.arange(start, end)
        order = np.searchsorted(demand.line_ptr, line, side="right") - 1
        quantity = pa.array(demand.quantity[start:end])
        return {
            "order_id": _order_ids(order, len(demand.order_city)),
            "line_id": line_ids.take(pa.array(line - demand.line_ptr[order])),
            "sku_id": sku_ids.take(pa.array(demand.line_sku[start:end])),
            "quantity": quantity,
            "splittable": pa.array(np.full(end - start, is_splittable)),
            "unfilled_cost": unfilled.take(quantity),
        }

    return make


def _unfilled_cost(quantity: int) -> str:
    """A unit of a line of so many: (40 + 5 q) / q, to the cent."""
    return str(((40 + 5 * Decimal(quantity)) / quantity).quantize(Decimal("0.01")))


def _order_ids(number: I64, num_orders: int) -> Any:
    return _ids("O", number + 1, len(str(num_orders)))


def _ids(letter: str, number: I64, width: int) -> Any:
    digits = pc.utf8_lpad(pc.cast(pa.array(number), pa.string()), width, "0")
    return pc.binary_join_element_wise(letter, digits, "")


def _tenths(values: I64) -> Any:
    whole, rest = pa.array(values // 10), pa.array(values % 10)
    return pc.binary_join_element_wise(pc.cast(whole, pa.string()), pc.cast(rest, pa.string()), ".")


def _degrees(values: Floats) -> Any:
    """Five decimals; only ever a few hundred: cities and nodes."""
    return _texts(f"{value:.5f}" for value in values.tolist())


def _texts(values: Any) -> Any:
    return pa.array(list(values), pa.string())


def _constant(text: str, count: int) -> Any:
    return _texts([text]).take(pa.array(np.zeros(count, np.int64)))


def _whole(name: str, columns: Columns) -> TableSource:
    """A small table, made already."""
    num_rows = len(next(iter(columns.values())))
    return TableSource(name, num_rows, lambda start, end: {key: each[start:end] for key, each in columns.items()})
