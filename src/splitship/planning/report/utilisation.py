"""How much of its capacity every node and service uses on every ship day, and what more of it would be worth."""

from __future__ import annotations

import numpy as np

from splitship.check.capacity import NODE_KINDS, Capacities
from splitship.check.receiving import is_received
from splitship.domain import BoundSource, ResourceKind, Result
from splitship.packs.documents import Document
from splitship.planning.report.tables import Bar, Cell, Column, Table, most_text
from splitship.units import I64, MICROS, UNLIMITED, day_number, format_micros, parse_micros

_NOUNS = ("packages", "units", "lines", "minutes")

_ONE_MORE = {
    "stock": "unit of stock",
    "stock_until": "unit of stock until this day",
    "node_packages": "package",
    "node_units": "unit",
    "node_lines": "line",
    "service_packages": "package of the node's service",
    "service_quota": "package of the service, all nodes together",
    "rule_quota": "package of the rule's quota",
    "node_share": "unit beyond the node's target share, of either sign",
    "service_commitment": "package of the committed volume, at most 0",
    "channel_reserve": "unit not kept for channels",
}


def utilisation(result: Result) -> Table:
    """Use against capacity of nodes and services by ship day, the fullest first; a row where there is a limit.

    A package that another node receives counts there too, on its delivery day. What others use of a node's day is part
    of the use; so are packages released before.
    """
    rows = sorted(_node_rows(result) + _service_rows(result), key=lambda row: (-_share(row), row[:3]))
    shown: list[tuple[Cell, ...]] = [(place, day, noun, used, most, _share_cell(used, most))
                                     for place, day, noun, used, most in rows]  # fmt: skip
    return Table(
        "utilisation",
        "Capacity used, by node or service and ship day",
        (Column("where"), Column("day", "day"), Column("in"), Column("used", "number"), Column("capacity", "number"),
         Column("used of it", "share")),
        shown,
        bars=tuple(
            Bar(0, round(min(1000.0, 1000 * _share(row)), 1), "full" if _share(row) >= 1 else "plain") for row in rows
        ),
        shown=40,
    )  # fmt: skip


def node_totals(result: Result) -> Table:
    """What ships from every node, most packages first."""
    plan, problem = result.plan, result.problem
    num = len(problem.nodes)
    packages = np.bincount(plan.node_idx, minlength=num)
    units = np.bincount(plan.node_idx[plan.content_package], plan.content_quantity, num).astype(np.int64)
    cost = np.zeros(num, np.int64)
    if result.report.packages is not None:
        np.add.at(cost, plan.node_idx, result.report.packages.total)
    order = np.lexsort((np.arange(num), -packages))
    rows: list[tuple[Cell, ...]] = [
        (str(problem.nodes.node_id[node]), str(problem.nodes.kind[node]) or None, int(packages[node]),
         packages[node] / len(plan) if len(plan) else None, int(units[node]), int(cost[node]))
        for node in order.tolist()
    ]  # fmt: skip
    return Table(
        "nodes",
        "What ships from where",
        (Column("node"), Column("kind"), Column("packages", "count"), Column("share", "share"),
         Column("units", "count"), Column("cost of its packages", "money")),
        rows,
        shown=60,
    )  # fmt: skip


def binding_resources(result: Result, certificate: Document | None) -> tuple[Table, Table]:
    """Capacities and stock with a price in the certificate, dearest first. `certificate` is that of the document."""
    prices: list[Document] = [] if certificate is None else certificate["prices"]
    ranked = sorted(prices, key=lambda row: -abs(parse_micros(row["price"])))
    minutes = format_micros(result.problem.nodes.umin_step)
    found: dict[bool, list[tuple[Cell, ...]]] = {True: [], False: []}
    for row in ranked:
        found["sku_id" in row].append((
            row.get("rule") or row.get("node_id") or "all nodes",
            _what(row),
            day_number(row["date"]) if "date" in row else None,
            parse_micros(row["price"]),
            _ONE_MORE.get(row["kind"], f"{minutes} minutes of work"),
        ))  # fmt: skip
    columns = (
        Column("where"), Column("of"), Column("day", "day"), Column("price", "money"), Column("for one more"),
    )  # fmt: skip
    currency = result.problem.currency
    capacity = Table(
        "capacity prices", f"Price of one more of a capacity, in {currency}", columns, _priced(found[False]), shown=30
    )
    stock = Table(
        "stock prices", f"Price of one more unit of stock, in {currency}", columns, _priced(found[True]),
        _note(result, certificate), shown=30,
    )  # fmt: skip
    return capacity.without_empty(), stock.without_empty()


def _priced(rows: list[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    return [row for row in rows if row[3]]


def _note(result: Result, certificate: Document | None) -> str:
    if result.bound_source is not BoundSource.CERTIFICATE or certificate is None:
        return "There are no prices: the answer has no certificate."
    if certificate.get("leaves"):
        return (
            "There are no prices that hold for all plans: the bound was proven in "
            f"{len(certificate['leaves']):,} parts, each with prices of its own."
        )
    if certificate.get("own_prices"):
        return (
            "Prices of the certificate. Some lines pay prices of their own beside these, so a price alone bounds no "
            "saving: splitship prices confirms savings and bounds them."
        )
    gap = most_text(result.objective - (result.bound or 0))
    return (
        "A price is the certificate's: one more saves no more than the price and the gap of "
        f"{gap} {result.problem.currency} together, unless it makes packages possible that were not. "
        "splitship prices confirms savings and bounds them."
    )


def _what(row: Document) -> str | None:
    parts = [row.get("sku_id"), row.get("service_id")]
    if "channels" in row:
        parts.append("kept for " + ", ".join(str(channel) for channel in row["channels"]))
    return ", ".join(part for part in parts if part) or None


_Row = tuple[str, int, str, float, float]
"""Place, day, noun, used, capacity."""


def _share(row: _Row) -> float:
    return row[3] / row[4] if row[4] else (1.0 if row[3] else 0.0)


def _share_cell(used: float, most: float) -> float | None:
    return used / most if most else None


def _node_rows(result: Result) -> list[_Row]:
    problem, plan = result.problem, result.plan
    capacities = Capacities(problem)
    rows = np.arange(len(plan))
    received = rows[:0]
    if result.report.packages is not None:
        received = rows[is_received(problem, plan.node_idx, plan.service_idx)]
    handled = np.append(rows, received)
    node = np.append(plan.node_idx, problem.services.pickup_node_idx[plan.service_idx[received]])
    day = plan.ship_day
    if len(received) and result.report.packages is not None:
        day = np.append(day, result.report.packages.deliver_day[received])
    node, day = np.append(node, capacities.row_node), np.append(day, capacities.row_day)
    places, group = np.unique(np.column_stack([node, day]), axis=0, return_inverse=True)
    group = group.reshape(-1)[: len(handled)]
    num = len(places)
    units = np.bincount(plan.content_package, plan.content_quantity, len(plan))[handled]
    lines = np.bincount(plan.content_package, minlength=len(plan))[handled]
    num_packages, num_units = np.bincount(group, minlength=num), np.bincount(group, units, num).astype(np.int64)
    at = places[:, 0]
    minutes = problem.nodes.umin_per_package[at] * num_packages + problem.nodes.umin_per_unit[at] * num_units
    used = np.column_stack([num_packages, num_units, np.bincount(group, lines, num).astype(np.int64), minutes])
    most, by_others = capacities.limits(at, places[:, 1])
    used = used + by_others
    ids = problem.nodes.node_id
    found: list[_Row] = []
    for row, column in np.argwhere(most < UNLIMITED).tolist():
        unit = MICROS if NODE_KINDS[column] is ResourceKind.NODE_MINUTES else 1
        if used[row, column] or most[row, column]:
            found.append((str(ids[at[row]]), int(places[row, 1]), _NOUNS[column],
                          used[row, column] / unit, most[row, column] / unit))  # fmt: skip
    return found


def _service_rows(result: Result) -> list[_Row]:
    problem, plan = result.problem, result.plan
    capacities = Capacities(problem)
    nodes, services = problem.nodes.node_id, problem.services.service_id
    found: list[_Row] = []
    places, counts = _counted(plan.node_idx, plan.service_idx, plan.ship_day)
    left = capacities.of_service(places[:, 0], places[:, 1], places[:, 2])
    stated = problem.node_services.max_packages_per_day[places[:, 0], places[:, 1]]
    for row in np.flatnonzero(left < UNLIMITED).tolist():
        node, service, day = places[row].tolist()
        used = int(counts[row]) + int(stated[row] - left[row])
        found.append((f"{nodes[node]}, {services[service]}", day, "packages", used, int(stated[row])))
    if capacities.has_quotas:
        places, counts = _counted(plan.service_idx, plan.ship_day)
        quota = capacities.quota(places[:, 0], places[:, 1])
        for row in np.flatnonzero(quota < UNLIMITED).tolist():
            service, day = places[row].tolist()
            found.append((f"all nodes, {services[service]}", day, "packages", int(counts[row]), int(quota[row])))
    return found


def _counted(*columns: I64) -> tuple[I64, I64]:
    """The different rows of some columns, and how often each is there."""
    rows, counts = np.unique(np.column_stack(columns), axis=0, return_counts=True)
    return rows, counts
