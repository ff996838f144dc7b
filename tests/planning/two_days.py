"""Two days of a small network with random prices, stock and orders: what they cost one after the other."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Any

from splitship import solve
from splitship.packs import Pack
from splitship.units import MICROS

NODES, SKUS, REGIONS = ("A", "B", "C"), ("K", "L", "M"), ("1", "2", "3", "4")
TODAY, TOMORROW = "2026-11-27", "2026-11-28"
Row = dict[str, Any]


def drawn(chance: random.Random, mean: int) -> int:
    """A number of orders of this mean: each of twice as many customers orders or not."""
    return sum(chance.random() < 0.5 for _ in range(2 * mean))


@dataclass(frozen=True)
class TwoDays:
    """Tables of a network, orders of both days as (SKU, region), and the forecast of the second as tables' rows."""

    network: dict[str, list[Row]]
    stock: dict[tuple[str, str], int]
    orders: dict[str, list[tuple[str, str]]]
    forecast: list[Row]

    @classmethod
    def random(cls, seed: int) -> TwoDays:
        """Stock for most orders, not always near; the second day's orders are drawn around their forecast."""
        chance = random.Random(seed)
        zones = {(node, region): f"{node}{region}" for node in NODES for region in REGIONS}
        network: dict[str, list[Row]] = {
            "nodes": [{"node_id": node, "kind": "dc", "country": "US", "postal_code": "10001"} for node in NODES],
            "skus": [{"sku_id": sku, "weight_kg": "1"} for sku in SKUS],
            "services": [{"service_id": "G", "carrier": "C"}],
            "lanes": [
                {"service_id": "G", "node_id": node, "country": "US", "destination": region, "zone": zone,
                 "transit_days": 2}
                for (node, region), zone in zones.items()
            ],
            "rates": [
                {"service_id": "G", "zone": zone, "up_to_kg": 10, "price": f"{chance.uniform(3, 15):.2f}"}
                for zone in zones.values()
            ],
        }  # fmt: skip
        mean = {(sku, region): chance.choice([0, 1, 2, 4]) for sku in SKUS for region in REGIONS}
        tomorrow = [place for place, units in mean.items() for _ in range(drawn(chance, units))]
        today = [(chance.choice(SKUS), chance.choice(REGIONS)) for _ in range(18)]
        stock = {(node, sku): chance.randint(2, 9) for node in NODES for sku in SKUS}
        forecast = [
            {"sku_id": sku, "country": "US", "postal_code": f"{region}0001", "quantity": units, "placed_on": TOMORROW}
            for (sku, region), units in mean.items()
            if units
        ]
        return cls(network, stock, {TODAY: today, TOMORROW: tomorrow}, forecast)

    def as_forecast(self) -> TwoDays:
        """The same, but tomorrow orders exactly what is expected."""
        exact = [
            (str(row["sku_id"]), str(row["postal_code"])[0]) for row in self.forecast for _ in range(row["quantity"])
        ]
        return replace(self, orders={TODAY: self.orders[TODAY], TOMORROW: exact})

    def pack(self, day: str, stock: dict[tuple[str, str], int], **tables: list[Row]) -> Pack:
        """The pack of one of the days."""
        orders, lines = [], []
        for number, (sku, region) in enumerate(self.orders[day]):
            orders.append(
                {"order_id": f"O{number}", "placed_at": f"{day}T08:00:00+00:00", "country": "US",
                 "postal_code": f"{region}0001"}
            )  # fmt: skip
            lines.append({"order_id": f"O{number}", "line_id": "1", "sku_id": sku, "quantity": 1})
        held = [{"node_id": node, "sku_id": sku, "on_hand": units} for (node, sku), units in stock.items()]
        settings = {
            "schema": "splitship.pack/1", "name": "day", "currency": "USD", "as_of": f"{day}T09:00:00+00:00",
            "objective": {"unfilled_unit": "25"},
        }  # fmt: skip
        every = self.network | {"stock": held, "orders": orders, "order_lines": lines} | tables
        return Pack.from_tables(every, settings=settings)

    def cost(self, prices: list[Row]) -> float:
        """What both days cost when the first is solved with such a table `stock_prices`, the prices not counted."""
        first, total = dict(self.stock), 0.0
        for day, table in ((TODAY, prices), (TOMORROW, [])):
            problem = self.pack(day, first, **({"stock_prices": table} if table else {})).problem()
            result = solve(problem, gap=0.0, time_limit_s=None, work_limit=5.0, threads=1)
            assert result.report.costs is not None
            total += (result.objective - result.report.costs.rules) / MICROS
            plan = result.plan
            for package, line, units in zip(
                plan.content_package.tolist(), plan.content_line.tolist(), plan.content_quantity.tolist(), strict=True
            ):
                node = str(problem.nodes.node_id[plan.node_idx[package]])
                first[node, str(problem.skus.sku_id[problem.lines.sku_idx[line]])] -= units
        return total
