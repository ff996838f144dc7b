"""Which shared resources can bind, and what packages and units take of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.domain import Problem, ResourceKind, Steering
from splitship.domain.package_rules import U64
from splitship.instance.arrivals import Arrivals
from splitship.instance.capacity import Capacities, less
from splitship.instance.model import IMPOSSIBLE, Draws, Resources
from splitship.instance.receiving import Receiving
from splitship.instance.reserves import ReserveTables
from splitship.instance.supplies import Supplies
from splitship.instance.ways import ANY_DAY
from splitship.units import I32, I64, Bools

NO_ROW = -1


@dataclass(frozen=True, slots=True)
class PossibleUse:
    """The most that all orders together could ask of every resource, filled by `kernels.possible_use`.

    `stock` [stock], `packages`, `units`, `lines`, `minutes` [nodes, days], `services` [nodes, services, days], `quota`
    [services, days]; no days where nothing is limited.
    """

    stock: I64
    packages: I64
    units: I64
    lines: I64
    minutes: I64
    services: I64
    quota: I64

    @classmethod
    def none(cls, problem: Problem, capacities: Capacities, num_days: int, has_services: bool) -> PossibleUse:
        """Nothing asked yet."""
        return cls(
            np.zeros(len(problem.stock), np.int64),
            np.zeros_like(capacities.packages),
            np.zeros_like(capacities.units),
            np.zeros_like(capacities.lines),
            np.zeros_like(capacities.minutes),
            np.zeros((len(problem.nodes), len(problem.services), num_days * has_services), np.int64),
            np.zeros_like(capacities.quota),
        )


@dataclass(frozen=True, slots=True)
class SharedResources:
    """Rows of the resources that can bind, `draws`, and where kernels find both.

    `stock_row` [stock] is -1 where stock cannot run short; `draw_of` [nodes, services, days] is the draw of a package,
    without days where nothing but stock can. `draw_lines`, `draw_units` [draws] is the most that one package can hold
    when it has the capacity to itself; 0 lines where there is none for a package. `quota_row` [rules, days] is the row
    of a package rule's quota on each day from `first_day` on, -1 where it has none; one row for all days of a batch.
    `stage_supply` [stages] is what a unit takes that ships in a stage of its stock position (`arrivals.Arrivals`). What
    it takes by alternative a of `ReserveTables` is `kept_supply[kept_ptr[a]]`, or as many entries after it as there are
    stages before its own.
    """

    resources: Resources
    draws: Draws
    stock_row: I32
    draw_of: I32
    draw_lines: I64
    draw_units: I64
    first_day: int
    quota_row: I32
    stage_supply: I32
    kept_ptr: I64
    kept_supply: I32


class _Rows:
    """Rows in the making, and what a package takes of each: by itself, for a line, for a unit."""

    def __init__(self) -> None:
        self.count = 0
        self.parts: list[tuple[I64, ...]] = []
        self.taken: list[tuple[I64, I64, I64]] = []

    def add(
        self, kind: ResourceKind, capacity: I64, node: I64 | None = None, sku: I64 | None = None,
        service: I64 | None = None, day: I64 | None = None, rule: I64 | None = None, package: int | I64 = 0,
        line: int = 0, unit: int | I64 = 0,
    ) -> I32:  # fmt: skip
        """Add rows of a kind; their numbers."""
        num = len(capacity)
        none = np.full(num, NO_ROW, np.int64)
        keys = (none if key is None else key for key in (node, sku, service, day, rule))
        self.parts.append((np.full(num, int(kind), np.int64), *keys, capacity))
        amounts = (np.asarray(amount, np.int64) for amount in (package, line, unit))
        package, line_of, unit = (np.broadcast_to(amount, num) for amount in amounts)
        self.taken.append((package, line_of, unit))
        self.count += num
        return np.arange(self.count - num, self.count, dtype=np.int32)

    def made(self) -> Resources:
        return Resources(*(np.concatenate(column).astype(np.int64) for column in zip(*self.parts, strict=True)))


def share_resources(
    problem: Problem, capacities: Capacities, use: PossibleUse, last_day: int, arrivals: Arrivals,
    receiving: Receiving, reserves: ReserveTables,
) -> SharedResources:  # fmt: skip
    """Rows of the resources whose possible use exceeds their supply, and of all quotas of rules."""
    rows, nodes, available = _Rows(), problem.nodes, problem.stock.available
    first_day, step = capacities.first_day, nodes.umin_step
    stock_row = np.full(len(available), NO_ROW, np.int32)
    tight = np.flatnonzero((use.stock > available) & (np.diff(arrivals.ptr) == 0))
    node, sku = problem.stock.node_idx[tight], problem.stock.sku_idx[tight]
    stock_row[tight] = rows.add(ResourceKind.STOCK, available[tight], node, sku)

    def of_nodes(
        kind: ResourceKind, used: I64, capacity: I64, package: I64 | int = 0, line: int = 0, unit: I64 | int = 0
    ) -> I32:
        row = np.full(used.shape, NO_ROW, np.int32)
        at = np.nonzero(used > capacity)

        def of_node(amount: I64 | int) -> I64 | int:
            return amount if isinstance(amount, int) else amount[at[0]]

        row[at] = rows.add(
            kind, capacity[at], at[0], day=at[1] + first_day, package=of_node(package), line=line, unit=of_node(unit)
        )
        return row

    packages = of_nodes(ResourceKind.NODE_PACKAGES, use.packages, capacities.packages, package=1)
    units = of_nodes(ResourceKind.NODE_UNITS, use.units, capacities.units, unit=1)
    services = np.full(use.services.shape, NO_ROW, np.int32)
    of_service = capacities.services[:, :, None]
    if use.services.shape[-1] and capacities.services_used.shape[-1]:
        of_service = less(np.repeat(of_service, use.services.shape[-1], axis=2), capacities.services_used)
    of = np.nonzero(use.services > of_service)
    services[of] = rows.add(
        ResourceKind.SERVICE_PACKAGES, np.broadcast_to(of_service, use.services.shape)[of], of[0], service=of[1],
        day=of[2] + first_day, package=1,
    )  # fmt: skip
    lines = of_nodes(ResourceKind.NODE_LINES, use.lines, capacities.lines, line=1)
    minutes = of_nodes(
        ResourceKind.NODE_MINUTES, use.minutes, capacities.minutes, package=nodes.umin_per_package // step,
        unit=nodes.umin_per_unit // step,
    )  # fmt: skip
    quota = np.full(use.quota.shape, NO_ROW, np.int32)
    at = np.nonzero(use.quota > capacities.quota)
    quota[at] = rows.add(
        ResourceKind.SERVICE_QUOTA, capacities.quota[at], service=at[0], day=at[1] + first_day, package=1
    )
    committed = _commitments(problem, rows, first_day, receiving.last_day(last_day) - first_day + 1)
    quota_row = _quotas_of_rules(problem, rows, first_day, last_day)
    stage_row = _stock_over_time(problem, rows, arrivals, use.stock)
    kept_row = _reserves(problem, rows, reserves, use.stock)
    days = max(table.shape[-1] for table in (packages, units, services, lines, minutes, quota, committed))
    by_place = (
        packages[:, None, :], services, units[:, None, :], lines[:, None, :], minutes[:, None, :], quota[None, :, :],
        committed[None, :, :],
    )  # fmt: skip
    used = [table for table in by_place if table.shape[-1]]
    shape = (len(nodes), len(problem.services), days)
    if len(receiving):
        used += [receiving.rows(table, shape) for table in (packages, units, lines, minutes) if table.shape[-1]]
    resources = rows.made()
    draws, draw_of = _draws(shape, used, rows.taken, problem.node_services.is_offered)
    draw_lines, draw_units = _room(draws, resources.capacity)
    supplies = Supplies(len(resources))
    stage_supply = supplies.of_stages(arrivals, stage_row)
    kept_ptr, kept_supply = supplies.of_alternatives(reserves, kept_row, arrivals, stage_row, stock_row)
    return SharedResources(
        resources, supplies.added_to(draws), stock_row, draw_of, draw_lines, draw_units, first_day, quota_row,
        stage_supply, kept_ptr, kept_supply,
    )  # fmt: skip


def _commitments(problem: Problem, rows: _Rows, first_day: int, num_days: int) -> I32:
    """A row without a limit for every committed volume, [services, days]: it tells apart the packages that count."""
    steering, num_services = Steering.of(problem), len(problem.services)
    at = steering.day - first_day
    inside = (at >= 0) & (at < num_days)
    if not inside.any():
        return np.zeros((num_services, 0), np.int32)
    row = np.full((num_services, num_days), NO_ROW, np.int32)
    service, at = steering.service_idx[inside], at[inside]
    room = np.full(len(at), int(problem.lines.quantity.sum()) + 1)
    row[service, at] = rows.add(ResourceKind.SERVICE_COMMITMENT, room, service=service, day=at + first_day, package=1)
    return row


def _stock_over_time(problem: Problem, rows: _Rows, arrivals: Arrivals, use: I64) -> I32:
    """A row for every stage in which stock can run short, [stages]; -1 where there is enough for all."""
    position = np.repeat(np.arange(len(problem.stock)), np.diff(arrivals.ptr))
    tight = np.flatnonzero(use[position] > arrivals.available)
    row = np.full(len(arrivals), NO_ROW, np.int32)
    at = position[tight]
    row[tight] = rows.add(
        ResourceKind.STOCK_UNTIL, arrivals.available[tight], problem.stock.node_idx[at], problem.stock.sku_idx[at],
        day=arrivals.until_day[tight],
    )  # fmt: skip
    return row


def _reserves(problem: Problem, rows: _Rows, reserves: ReserveTables, use: I64) -> I32:
    """A row for every set of reserves whose rest can run short, [rows of `reserves`]; -1 where there is enough."""
    tight = np.flatnonzero(use[reserves.row_stock] > reserves.row_capacity)
    row = np.full(len(reserves.row_stock), NO_ROW, np.int32)
    at, stock = reserves.row_stock[tight], problem.stock
    row[tight] = rows.add(
        ResourceKind.CHANNEL_RESERVE, reserves.row_capacity[tight], stock.node_idx[at], stock.sku_idx[at],
        rule=reserves.row_mask[tight],
    )  # fmt: skip
    return row


def _quotas_of_rules(problem: Problem, rows: _Rows, first_day: int, last_day: int) -> I32:
    """Rows of the quotas of rules, [rules, days]."""
    rules = problem.package_rules
    days = np.arange(first_day, last_day + 1)
    row = np.full((len(rules), len(days)), NO_ROW, np.int32)
    for rule in np.flatnonzero(rules.has_quota).tolist():
        inside = (rules.first_day[rule] <= days) & (days <= rules.last_day[rule])
        num = int(inside.sum()) if rules.is_quota_per_day[rule] else int(inside.any())
        day = days[inside] if rules.is_quota_per_day[rule] else None
        capacity, source = np.full(num, rules.quota[rule]), np.full(num, rules.source[rule])
        counts = np.flatnonzero(problem.released.rule_idx == rule)
        if len(counts) and num:
            on_day = problem.released.rule_day[counts]
            at = np.zeros(len(counts), np.int64) if day is None else np.searchsorted(day, on_day)
            is_there = np.full(len(counts), True) if day is None else np.isin(on_day, day)
            np.subtract.at(capacity, at[is_there], problem.released.rule_packages[counts][is_there])
            capacity = np.maximum(0, capacity)
        row[rule, inside] = rows.add(ResourceKind.RULE_QUOTA, capacity, rule=source, day=day, package=1)
    return row


def draws_with_quotas(
    shared: SharedResources, option_draw: I32, option_quotas: U64, option_quota_day: I64
) -> tuple[Draws, I32]:
    """The draws with those that count in quotas of rules besides, and the draw of every option.

    `option_quotas` [options, words] are the rules in whose quotas packages count, on `option_quota_day` where one of
    them is of a day, else ANY_DAY; without rows when there are no rules.
    """
    counted_options = np.flatnonzero(option_quotas.any(axis=1))
    if not len(counted_options):
        return shared.draws, option_draw
    quotas = option_quotas[counted_options].view(np.int64)
    keys = np.column_stack([option_draw[counted_options], option_quota_day[counted_options], quotas]).astype(np.int64)
    distinct, number = np.unique(keys, axis=0, return_inverse=True)
    bits = np.unpackbits(np.ascontiguousarray(distinct[:, 2:]).view(np.uint8), axis=1, bitorder="little")
    draws, made = shared.draws, np.empty(len(distinct), np.int32)
    parts = [draws.row], [draws.package], [draws.line], [draws.unit]
    sizes = np.diff(draws.ptr).tolist()
    for at, (draw, day, *_) in enumerate(distinct.tolist()):
        counted = np.flatnonzero(bits[at])
        # a quota of the batch has the same row on all its days; without a quota of a day the first of them serves
        rows = (
            shared.quota_row[counted].max(axis=1)
            if day == ANY_DAY
            else shared.quota_row[counted, day - shared.first_day]
        )
        entries = slice(int(draws.ptr[draw]), int(draws.ptr[draw + 1]))
        own = draws.row[entries], draws.package[entries], draws.line[entries], draws.unit[entries]
        ones, zeros = np.ones(len(rows), np.int64), np.zeros(len(rows), np.int64)
        for part, before, more in zip(parts, own, (rows.astype(np.int64), ones, zeros, zeros), strict=True):
            part.append(np.concatenate([before, more]))
        made[at] = len(sizes)
        sizes.append(len(rows) + len(own[0]))
    row, package, line, unit = (np.concatenate(part) for part in parts)
    ptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    option_draw = option_draw.copy()
    option_draw[counted_options] = made[number.reshape(-1)]
    return Draws(ptr, row, package, line, unit, draws.supply_ptr, draws.supply_row), option_draw


def _draws(
    shape: tuple[int, int, int], tables: list[I32], taken: list[tuple[I64, I64, I64]], is_offered: Bools
) -> tuple[Draws, I32]:
    """A draw for each set of rows that packages of some (node, service, day) take of; draw 0 where none is offered."""
    package, line, unit = (np.concatenate(column) for column in zip(*taken, strict=True))
    width = max(1, len(tables))
    at = np.full((*shape, width), NO_ROW, np.int32)
    for column, table in enumerate(tables):
        at[..., column] = table
    nothing = np.full((1, width), NO_ROW, np.int32)
    sets, number = np.unique(np.concatenate([nothing, at[is_offered].reshape(-1, width)]), axis=0, return_inverse=True)
    is_taken = sets >= 0
    row = sets[is_taken].astype(np.int64)
    none = Draws.none()
    ptr = np.concatenate([[0], np.cumsum(is_taken.sum(axis=1))]).astype(np.int64)
    draws = Draws(ptr, row, package[row], line[row], unit[row], none.supply_ptr, none.supply_row)
    draw_of = np.zeros(shape, np.int32)
    draw_of[is_offered] = number.reshape(-1)[1:].reshape(int(is_offered.sum()), shape[2])
    return draws, draw_of


def _room(draws: Draws, capacity: I64) -> tuple[I64, I64]:
    """Lines and units that one package of each draw can hold at most; 0 lines where none is possible."""
    lines, units = np.full(len(draws), IMPOSSIBLE, np.int64), np.full(len(draws), IMPOSSIBLE, np.int64)
    draw = np.repeat(np.arange(len(draws)), np.diff(draws.ptr))
    left = capacity[draws.row] - draws.package
    by_line, by_unit = draws.line > 0, draws.unit > 0
    np.minimum.at(lines, draw[by_line], np.maximum(left, 0)[by_line] // draws.line[by_line])
    np.minimum.at(units, draw[by_unit], np.maximum(left, 0)[by_unit] // draws.unit[by_unit])
    lines[draw[left < 0]] = 0
    lines[units < 1] = 0
    return lines, units
