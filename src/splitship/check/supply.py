"""Whether a plan stays within the shared supplies: stock, and the capacities of a ship day."""

from __future__ import annotations

import numpy as np

from splitship.check.contents import Contents, package_place
from splitship.check.violations import Names, Violations, date_text
from splitship.domain import Plan, Problem
from splitship.units import I64


class StockRows:
    """Finds the stock row of a (node, SKU)."""

    def __init__(self, problem: Problem) -> None:
        stock = problem.stock
        self.num_skus = max(1, len(problem.skus))
        key = stock.node_idx * self.num_skus + stock.sku_idx
        self.row_of_key = np.argsort(key, kind="stable").astype(np.int64)
        self.keys = key[self.row_of_key]

    def rows(self, node: I64, sku: I64) -> I64:
        """Stock rows, -1 where the node does not carry the SKU; elementwise."""
        if not len(self.keys):
            return np.full(len(node), -1, np.int64)
        key = node * self.num_skus + sku
        at = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
        return np.where(self.keys[at] == key, self.row_of_key[at], -1)


def check_stock(problem: Problem, plan: Plan, contents: Contents, names: Names, found: Violations) -> None:
    """Every line is carried where it ships from, and no stock position gives more than it has."""
    node = plan.node_idx[contents.package]
    sku = problem.lines.sku_idx[contents.line]
    row = StockRows(problem).rows(node, sku)
    found.add_rows(
        "NOT_CARRIED",
        row < 0,
        lambda at: package_place(names, plan, int(contents.package[at])),
        lambda at: (
            f"{names.line(int(contents.line[at]))}: {names.node(int(node[at]))} does not carry "
            f"{names.sku(int(sku[at]))}"
        ),
    )
    stock, available = problem.stock, problem.stock.available
    used = np.zeros(len(stock), np.int64)
    np.add.at(used, row[row >= 0], contents.quantity[row >= 0])
    found.add_rows(
        "STOCK_EXCEEDED",
        used > available,
        lambda at: f"{names.node(int(stock.node_idx[at]))}, {names.sku(int(stock.sku_idx[at]))}",
        lambda at: f"{used[at]} units ship, {available[at]} are available",
    )


def check_capacity(problem: Problem, plan: Plan, contents: Contents, names: Names, found: Violations) -> None:
    """Packages and units of a node a ship day, and packages of its services."""
    nodes, num_services = problem.nodes, len(problem.services)
    known = np.flatnonzero(contents.is_known)
    if not len(known):
        return
    days, day_code = np.unique(plan.ship_day[known], return_inverse=True)
    units = np.zeros(len(plan), np.int64)
    np.add.at(units, contents.package, contents.quantity)
    by_node = plan.node_idx[known] * len(days) + day_code
    keys, group = np.unique(by_node, return_inverse=True)
    node, day = keys // len(days), days[keys % len(days)]
    num_packages = np.bincount(group, minlength=len(keys))
    num_units = np.zeros(len(keys), np.int64)
    np.add.at(num_units, group, units[known])

    def node_place(at: int) -> str:
        return f"{names.node(int(node[at]))}, {date_text(int(day[at]))}"

    for code, used, limit, noun in (
        ("NODE_PACKAGES_EXCEEDED", num_packages, nodes.max_packages_per_day[node], "packages"),
        ("NODE_UNITS_EXCEEDED", num_units, nodes.max_units_per_day[node], "units"),
    ):
        found.add_rows(
            code,
            used > limit,
            node_place,
            lambda at, used=used, limit=limit, noun=noun: (
                f"{used[at]} {noun} ship, the node can ship {limit[at]} a day"
            ),  # type: ignore[misc]
        )

    by_service = by_node * num_services + plan.service_idx[known]
    keys, counts = np.unique(by_service, return_counts=True)
    of_node, service = keys // (len(days) * num_services), keys % num_services
    on_day = days[keys // num_services % len(days)]
    cap = problem.node_services.max_packages_per_day[of_node, service]
    found.add_rows(
        "SERVICE_PACKAGES_EXCEEDED",
        counts > cap,
        lambda at: f"{names.node(int(of_node[at]))}, {names.service(int(service[at]))}, {date_text(int(on_day[at]))}",
        lambda at: f"{counts[at]} packages ship, the node's service takes {cap[at]} a day",
    )
