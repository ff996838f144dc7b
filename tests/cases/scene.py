"""A small scenario that cases change in one or two places, and the list of cases.

The base: one service `G` that costs 5.00 for up to 10 kg in zone 1 and 7.00 in zone 2, two days on the way;
SKUs `K` and `T` of 1 kg; Friday 2026-11-27 09:00 UTC; an unfilled unit costs 20.00. Nodes, stock and
orders are the case's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


class Scene:
    """Tables and settings in the making; every method adds a row with the given columns on top of plain ones."""

    def __init__(self) -> None:
        self.objective: Row = {"unfilled_unit": "20"}
        self.limits: Row = {}
        self.rules: list[Row] = []
        self.as_of = "2026-11-27T09:00:00+00:00"
        self.tables: dict[str, list[Row]] = {
            "nodes": [],
            "skus": [],
            "stock": [],
            "services": [],
            "lanes": [],
            "rates": [],
            "orders": [],
            "order_lines": [],
        }
        self.sku("K")
        self.sku("T")
        self.service("G")
        self.rate("G", "1", 10, "5.00")
        self.rate("G", "2", 10, "7.00")

    @property
    def settings(self) -> Row:
        settings: Row = {
            "schema": "splitship.pack/1",
            "name": "case",
            "currency": "USD",
            "as_of": self.as_of,
            "objective": self.objective,
            "limits": self.limits,
        }
        return settings | ({"rules": self.rules} if self.rules else {})

    def node(self, node_id: str, zone: str = "1", stock: Row | None = None, lane: bool = True, **columns: Any) -> None:
        """A node with stock by SKU, and a lane of `G` to the whole country."""
        self.tables["nodes"].append(
            {"node_id": node_id, "kind": "dc", "country": "US", "postal_code": "10001"} | columns
        )
        for sku_id, on_hand in (stock or {}).items():
            self.stock(node_id, sku_id, on_hand)
        if lane:
            self.lane("G", node_id, zone)

    def sku(self, sku_id: str, weight: str = "1", **columns: Any) -> None:
        """An SKU; one of the same id is replaced."""
        self.tables["skus"] = [row for row in self.tables["skus"] if row["sku_id"] != sku_id]
        self.tables["skus"].append({"sku_id": sku_id, "weight_kg": weight} | columns)

    def stock(self, node_id: str, sku_id: str, on_hand: int, **columns: Any) -> None:
        self.tables["stock"].append({"node_id": node_id, "sku_id": sku_id, "on_hand": on_hand} | columns)

    def service(self, service_id: str, **columns: Any) -> None:
        """A service; one of the same id is replaced."""
        self.tables["services"] = [row for row in self.tables["services"] if row["service_id"] != service_id]
        self.tables["services"].append({"service_id": service_id, "carrier": "C"} | columns)

    def lane(
        self, service_id: str, node_id: str, zone: str = "1", transit: int = 2, to: str = "*", country: str = "US"
    ) -> None:
        self.tables["lanes"].append(
            {
                "service_id": service_id,
                "node_id": node_id,
                "country": country,
                "destination": to,
                "zone": zone,
                "transit_days": transit,
            }
        )

    def rate(self, service_id: str, zone: str, up_to: Any, price: str, **columns: Any) -> None:
        self.tables["rates"].append(
            {"service_id": service_id, "zone": zone, "up_to_kg": str(up_to), "price": price} | columns
        )

    def no_rates(self) -> None:
        """Forgets every rate so far."""
        self.tables["rates"].clear()

    def offer(self, node_id: str, service_id: str, **columns: Any) -> None:
        self.tables.setdefault("node_services", []).append({"node_id": node_id, "service_id": service_id} | columns)

    def holiday(self, date: str, node: str = "", service: str = "") -> None:
        """A holiday of a node or of a service."""
        self.tables.setdefault("calendars", []).append({"node_id": node, "service_id": service, "date": date})

    def node_day(self, node_id: str, date: str, **columns: Any) -> None:
        """What is different at a node on one day."""
        self.tables.setdefault("node_days", []).append({"node_id": node_id, "date": date} | columns)

    def quota(self, service_id: str, max_packages: int, date: str = "") -> None:
        """Packages of a service over all nodes, on a day or on every day without a row of its own."""
        row = {"service_id": service_id, "date": date, "max_packages": max_packages}
        self.tables.setdefault("service_quotas", []).append(row)

    def rule(self, where: Row | None = None, **effects: Any) -> None:
        """A rule; its dates are `first` and `last`."""
        rule: Row = {"name": f"rule {len(self.rules)}"} | ({"where": where} if where else {})
        self.rules.append(
            rule | {{"first": "from", "last": "until"}.get(key, key): value for key, value in effects.items()}
        )

    def surcharge(self, conditions: Row | None = None, **columns: Any) -> None:
        """A surcharge; `conditions` are columns such as `sku.class`. Rows have the columns of all of them."""
        rows = self.tables.setdefault("surcharges", [])
        rows.append({"name": f"surcharge {len(rows)}"} | columns | (conditions or {}))
        names = dict.fromkeys(name for row in rows for name in row)
        rows[:] = [{name: row.get(name, "") for name in names} for row in rows]

    def inbound(self, node_id: str, sku_id: str, available_on: str, quantity: int) -> None:
        """Units that can leave from a ship day on."""
        row = {"node_id": node_id, "sku_id": sku_id, "available_on": available_on, "quantity": quantity}
        self.tables.setdefault("inbound", []).append(row)

    def transfer(self, from_node_id: str, to_node_id: str, days: int = 1, **columns: Any) -> None:
        """A way to a node at which something is picked up: 2.00 a package unless said otherwise."""
        row = {"from_node_id": from_node_id, "to_node_id": to_node_id, "days": days, "cost_per_package": "2"}
        self.tables.setdefault("transfers", []).append(row | columns)

    def kit(self, kit_sku_id: str, components: dict[str, int], together: bool = True) -> None:
        """A SKU that ships as so many units of others."""
        self.sku(kit_sku_id)
        self.tables.setdefault("kits", []).extend(
            {"kit_sku_id": kit_sku_id, "sku_id": sku, "quantity": quantity, "together": str(together).lower()}
            for sku, quantity in components.items()
        )

    def substitute(self, sku_id: str, substitute_sku_id: str, price: str) -> None:
        """What may ship in place of an SKU, at a price for every unit."""
        row = {"sku_id": sku_id, "substitute_sku_id": substitute_sku_id, "price_per_unit": price}
        self.tables.setdefault("substitutes", []).append(row)

    def stock_price(self, node_id: str, sku_id: str, price: str) -> None:
        """A price of taking a unit, below 0 a reward."""
        row = {"node_id": node_id, "sku_id": sku_id, "price_per_unit": price}
        self.tables.setdefault("stock_prices", []).append(row)

    def reject(self, node_id: str, order_id: str, line_id: str = "") -> None:
        """A node refuses an order or a line."""
        row = {"order_id": order_id, "line_id": line_id, "node_id": node_id}
        self.tables.setdefault("rejections", []).append(row)

    def reserve(self, node_id: str, channel: str, quantity: int, sku_id: str = "K", price: str = "") -> None:
        """Units of an SKU, or of every one, that are kept for a channel."""
        row = {"node_id": node_id, "sku_id": sku_id, "channel": channel, "quantity": quantity, "price_per_unit": price}
        self.tables.setdefault("channel_reserves", []).append(row)

    def before(self, order_id: str, line_id: str, node_id: str, quantity: int, **columns: Any) -> None:
        """A line in a package of the plan before: promised, and not to be moved, unless said otherwise."""
        row = {"order_id": order_id, "line_id": line_id, "node_id": node_id, "quantity": quantity}
        plain = {"service_id": "G", "ship_on": "2026-11-27", "state": "", "move_price": "", "package_id": ""}
        self.tables.setdefault("plan_before", []).append(row | plain | columns)

    def order(self, order_id: str, lines: Row | None = None, **columns: Any) -> None:
        """An order with one line a SKU, named after it: `{"K": 2}`; `line` adds others."""
        plain = {"placed_at": "2026-11-27T08:00:00+00:00", "country": "US", "postal_code": "10001"}
        self.tables["orders"].append({"order_id": order_id} | plain | columns)
        for sku_id, quantity in (lines or {}).items():
            self.line(order_id, sku_id, sku_id, quantity)

    def line(self, order_id: str, line_id: str, sku_id: str, quantity: int, **columns: Any) -> None:
        self.tables["order_lines"].append(
            {"order_id": order_id, "line_id": line_id, "sku_id": sku_id, "quantity": quantity} | columns
        )

    def fast_service(self) -> None:
        """Service `F`: 9.00 for up to 10 kg in zone 1; lanes are the case's own."""
        self.service("F")
        self.rate("F", "1", 10, "9.00")


@dataclass(frozen=True)
class Case:
    """A scenario, its least cost as money text and, where it is the only one, its best plan.

    `packages` are texts like `O1: 2 K from A by G on 2026-11-27`; None where several plans are equally good. `S/K` is
    the component K of the kit in line S, `K=T` line K filled with T.
    """

    name: str
    scene: Scene
    objective: str
    packages: tuple[str, ...] | None


Build = Callable[[Scene, bool], Any]
_BUILDERS: list[tuple[Build, str, str | None]] = []


def case(on: str, off: str | None = None) -> Callable[[Build], Build]:
    """Registers a case: its least cost with the feature `on`, and, as the control, with it off.

    The function fills a scene and may return the texts of the best plan's packages.
    """

    def register(build: Build) -> Build:
        _BUILDERS.append((build, on, off))
        return build

    return register


def all_cases() -> Iterator[Case]:
    """Every registered case and every control."""
    for build, on, off in _BUILDERS:
        for enabled, objective in ((True, on), (False, off)):
            if objective is not None:
                scene = Scene()
                packages = build(scene, enabled)
                name = build.__name__ if enabled else f"{build.__name__}-off"
                yield Case(name, scene, objective, packages)
