"""Problems with more of one resource: the tables as given with a number changed, and everything put in force again."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np

from splitship.domain import Problem, ResourceKind
from splitship.domain.calendar import NodeDays, ServiceQuotas
from splitship.domain.inventory import ChannelReserves
from splitship.domain.network import Stock
from splitship.domain.rules_in_force import with_rules_in_force
from splitship.errors import UsageError
from splitship.planning.resources import Resource
from splitship.units import I64, MICROS, NO_DATE, UNLIMITED, Amounts

Table = TypeVar("Table", Stock, NodeDays, ServiceQuotas, ChannelReserves)

_NODE_COLUMNS = {
    ResourceKind.NODE_PACKAGES: "max_packages",
    ResourceKind.NODE_UNITS: "max_units",
    ResourceKind.NODE_LINES: "max_lines",
    ResourceKind.NODE_MINUTES: "max_umin",
}


def in_force(given: Problem) -> Problem:
    """A changed problem as given, with its rules and tables put in force; it has no hash of any input."""
    return with_rules_in_force(replace(given, input_hash=""))


def with_more(problem: Problem, resource: Resource, step: int) -> Problem:
    """The problem with `step` more of a resource (minutes: so many minutes; of what is kept or committed: fewer).

    Raises:
        UsageError: a resource of which there is no more, or fewer than one.
    """
    if step < 1:
        raise UsageError(f"step: expected a whole number of at least 1, got {step}")
    given = problem.as_given
    match resource.kind:
        case ResourceKind.STOCK | ResourceKind.STOCK_UNTIL:
            return in_force(replace(given, stock=_more_stock(problem, resource, step)))
        case ResourceKind.SERVICE_PACKAGES:
            most = given.node_services.max_packages_per_day.copy()
            most[resource.node_idx, resource.service_idx] += step
            return in_force(replace(given, node_services=replace(given.node_services, max_packages_per_day=most)))
        case ResourceKind.SERVICE_QUOTA:
            return in_force(replace(given, service_quotas=_of_service(given, resource, "max_packages", step)))
        case ResourceKind.SERVICE_COMMITMENT:
            return in_force(replace(given, service_quotas=_of_service(given, resource, "min_packages", -step)))
        case ResourceKind.RULE_QUOTA:
            return in_force(replace(given, rules=_rules(given, resource, step)))
        case ResourceKind.CHANNEL_RESERVE:
            return in_force(replace(given, channel_reserves=_less_kept(problem, resource, step)))
        case ResourceKind.NODE_SHARE:
            raise UsageError(f"{resource.words(problem)}: there is no more or less of a share")
    return in_force(replace(given, node_days=_node_days(given, resource, step)))


def _more_stock(problem: Problem, resource: Resource, step: int) -> Stock:
    """Units on hand so that as many more may be allocated, also where safety stock or other plans ask for more."""
    stock, given, num_skus = problem.stock, problem.as_given.stock, len(problem.skus)
    key = resource.node_idx * num_skus + resource.sku_idx
    row = int(np.searchsorted(stock.node_idx * num_skus + stock.sku_idx, key))
    missing = 0
    if row < len(stock) and (stock.node_idx[row], stock.sku_idx[row]) == (resource.node_idx, resource.sku_idx):
        missing = max(0, int(stock.reserved[row] + stock.safety_stock[row] - stock.on_hand[row]))
    keys = given.node_idx * num_skus + given.sku_idx
    at = int(np.searchsorted(keys, key))
    if at < len(keys) and keys[at] == key:
        on_hand = given.on_hand.copy()
        on_hand[at] += missing + step
        return replace(given, on_hand=on_hand)
    row_of = {"node_idx": resource.node_idx, "sku_idx": resource.sku_idx, "on_hand": missing + step}
    return _with_row(given, at, row_of)


def _node_days(given: Problem, resource: Resource, step: int) -> NodeDays:
    """The node's row of the day, made where there is none."""
    column, amount = _NODE_COLUMNS[resource.kind], step
    if resource.kind is ResourceKind.NODE_MINUTES:
        amount = step * MICROS
    days, nodes, node = given.node_days, given.nodes, resource.node_idx
    key = np.lexsort((np.append(days.day, resource.day), np.append(days.node_idx, node)))
    here = np.flatnonzero((days.node_idx == node) & (days.day == resource.day))
    if len(here):
        most = getattr(days, column).copy()
        most[here] = _added(most[here], amount)
        return replace(days, **{column: most})
    usual = {name: int(getattr(nodes, f"{name}_per_day")[node]) for name in _NODE_COLUMNS.values()}
    usual[column] = int(_added(np.array([usual[column]]), amount)[0])
    at = int(np.flatnonzero(key == len(days))[0])
    return _with_row(days, at, {"node_idx": node, "day": resource.day, **usual})


def _of_service(given: Problem, resource: Resource, column: str, amount: int) -> ServiceQuotas:
    """The service's row of the day, made from its row of every day where there is none."""
    quotas, service, day = given.service_quotas, resource.service_idx, resource.day
    at = np.flatnonzero((quotas.service_idx == service) & (quotas.day == day))
    if not len(at):
        usual = int(np.flatnonzero((quotas.service_idx == service) & (quotas.day == NO_DATE))[0])
        before = int(np.sum((quotas.service_idx < service) | ((quotas.service_idx == service) & (quotas.day < day))))
        quotas = _with_row(quotas, before, {"day": day}, like=usual)
        at = np.array([before])
    changed = getattr(quotas, column).copy()
    changed[at] = np.maximum(0, _added(changed[at], amount))
    return replace(quotas, **{column: changed})


def _rules(given: Problem, resource: Resource, step: int) -> tuple[Any, ...]:
    rule = given.rules[resource.rule_idx]
    assert rule.quota is not None
    more = replace(rule, quota=replace(rule.quota, packages=rule.quota.packages + step))
    return (*given.rules[: resource.rule_idx], more, *given.rules[resource.rule_idx + 1 :])


def _less_kept(problem: Problem, resource: Resource, step: int) -> ChannelReserves:
    """The reserve in force, less `step`, as a row of its own; where all SKUs of the node have one, beside that."""
    table, node, sku = problem.as_given.channel_reserves, resource.node_idx, resource.sku_idx
    mine = (table.node_idx == node) & (table.channel == resource.channel)
    own, every = np.flatnonzero(mine & (table.sku_idx == sku)), np.flatnonzero(mine & (table.sku_idx < 0))
    kept = max(0, reserve_in_force(problem, resource) - step)
    if len(own):
        quantity = table.quantity.copy()
        quantity[own] = kept
        return replace(table, quantity=quantity)
    before = (table.node_idx < node) | (
        (table.node_idx == node)
        & ((table.sku_idx < sku) | ((table.sku_idx == sku) & (table.channel.astype(str) < resource.channel)))
    )
    return _with_row(table, int(before.sum()), {"sku_idx": sku, "quantity": kept}, like=int(every[0]))


def reserve_in_force(problem: Problem, resource: Resource) -> int:
    """Units kept for the channel of a CHANNEL_RESERVE, as far as the position covers them."""
    reserves = problem.reserves
    row = problem.stock_rows(np.array([resource.node_idx]), np.array([resource.sku_idx]))
    names = np.unique(problem.as_given.channel_reserves.channel.astype(str))
    at = (reserves.stock_idx == row) & (names[reserves.channel_idx] == resource.channel)
    return int(reserves.quantity[at].sum())


def _added(most: I64, amount: int) -> I64:
    """Nothing adds to UNLIMITED."""
    return np.where(most >= UNLIMITED, UNLIMITED, most + amount)


def _with_row(table: Table, at: int, values: dict[str, Any], like: int | None = None) -> Table:
    """The table with one more row before row `at`: that of `like`, or zeros, with some values of its own."""
    columns: dict[str, Any] = {}
    for each in fields(table):
        column = getattr(table, each.name)
        if isinstance(column, Amounts):
            micros, atto = (0, 0) if like is None else (column.micros[like], column.atto[like])
            columns[each.name] = Amounts(np.insert(column.micros, at, micros), np.insert(column.atto, at, atto))
            continue
        value = values.get(each.name, column.dtype.type(0) if like is None else column[like])
        columns[each.name] = np.insert(column, at, value)
    return replace(table, **columns)
