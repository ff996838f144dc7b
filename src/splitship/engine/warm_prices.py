"""The prices of an earlier certificate as prices of this instance's resources: the inverse of `certificate_of`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from splitship.domain import Certificate, ResourceKind
from splitship.engine.claims import Claims, claim_prices, rows_with_own_prices
from splitship.engine.dual import Pricer
from splitship.instance.model import Resources
from splitship.units import I64

_ROOM = 2**56
"""Neither what one order pays for a kind of resource nor what all supply is worth may come near the end of int64."""


def prices_of(pricer: Pricer, certificate: Certificate) -> I64:
    """Prices in micros a unit, [rows], and where the certificate has own prices, [rows + option lines].

    A resource that the certificate does not list has price 0. Capacity a day keeps the price of its own day; when
    none of the days listed for a node (and service) is a day of this instance, the first one listed is taken for the
    first day here, the second for the second, and so on: a batch of the next day starts from yesterday's prices.
    Rows with own prices have price 0 and the own price on top; where own prices cannot be used any more (much stock,
    wide orders) the row has the price at which its supply is worth what lines pay. Prices so
    high that sums could leave int64 are cut.
    """
    rows = _row_prices(pricer.instance.resources, certificate)
    prices = rows if not len(certificate.own_line) else _with_own(pricer, certificate, rows)
    return _in_range(pricer, prices)


def common_prices(pricer: Pricer, prices: I64) -> I64:
    """One price for all on every row, [rows]: where lines have own prices, the price that makes supply worth as much.

    Worth is what the best-paying lines pay for the supply, the last of them in part.
    """
    num_rows = len(pricer.instance.resources)
    common = prices[:num_rows].copy()
    if pricer.claims is None or len(prices) == num_rows:
        return common
    is_own = rows_with_own_prices(pricer.instance, pricer.tables, prices)
    worth = _worth_a_unit(pricer, pricer.claims, claim_prices(pricer.claims, pricer.tables, prices))
    common[is_own] = worth[is_own]
    return common


def _row_prices(resources: Resources, c: Certificate) -> I64:
    """The listed price of every row, [rows]; the last one counts where a resource is listed twice."""
    prices = np.zeros(len(resources), np.int64)
    if not len(resources) or not len(c.kind):
        return prices
    of_rows = (resources.kind, resources.node_idx, resources.sku_idx, resources.service_idx, resources.rule_idx)
    of_listed = (c.kind, c.node_idx, c.sku_idx, c.service_idx, c.rule_idx)
    keys = pd.MultiIndex.from_arrays([np.concatenate(pair) for pair in zip(of_rows, of_listed, strict=True)])
    codes = pd.factorize(keys)[0].astype(np.int64)
    group, listed_group = codes[: len(resources)], codes[len(resources) :]
    # What is listed, by group and day; of two prices for one resource the last stays.
    days = np.concatenate([resources.day, c.day])
    span = int(days.max() - days.min()) + 1
    listed_key = listed_group * span + (c.day - days.min())
    listed_key, last = np.unique(listed_key[::-1], return_index=True)
    listed_price, listed_group = c.price[::-1][last], listed_key // span
    found = _find(listed_key, group * span + (resources.day - days.min()))
    prices[found >= 0] = listed_price[found[found >= 0]]
    # Groups of which no day is known here: by rank instead of by day.
    is_met = np.zeros(int(codes.max()) + 1, np.bool_)
    is_met[group[found >= 0]] = True
    moved = ~is_met[listed_group] & (listed_key % span + days.min() >= 0)  # stock has no days
    rows = np.flatnonzero(~is_met[group] & (resources.kind != ResourceKind.STOCK))
    rows = rows[np.lexsort((resources.day[rows], group[rows]))]
    most = len(listed_key) + len(rows) + 1
    listed_rank = listed_group[moved] * most + _within(listed_group[moved])
    found = _find(listed_rank, group[rows] * most + _within(group[rows]))
    prices[rows[found >= 0]] = listed_price[moved][found[found >= 0]]
    return prices


def _with_own(pricer: Pricer, c: Certificate, rows: I64) -> I64:
    instance = pricer.instance
    claims = pricer.need_claims()
    nodes = max(1, len(instance.problem.nodes))
    claim_key = claims.line * nodes + instance.resources.node_idx[claims.row]
    order = np.argsort(claim_key, kind="stable")
    at = _find(claim_key[order], c.own_line * nodes + c.own_node)
    paid = np.zeros(len(claims.row), np.int64)
    paid[order[at[at >= 0]]] = c.own_price[at >= 0]
    is_listed = np.zeros(len(rows), np.bool_)
    is_listed[claims.row[paid > 0]] = True
    prices = rows.copy()
    common = _worth_a_unit(pricer, claims, paid)
    prices[is_listed] = np.where(claims.is_granular, 0, common)[is_listed]
    paid[~claims.is_granular[claims.row]] = 0
    if not paid.any():
        return prices
    own = np.zeros(len(claims.of_option_line), np.int64)
    used = np.flatnonzero(claims.of_option_line >= 0)
    own[used] = paid[claims.of_option_line[used]]
    return np.concatenate([prices, own])


def _worth_a_unit(pricer: Pricer, claims: Claims, price: I64) -> I64:
    """What the best-paying claims pay for each row's supply, a unit of it, [rows]; `price` is [claims]."""
    supply = pricer.instance.resources.capacity
    order = np.lexsort((-price, claims.row))
    row, units = claims.row[order], (claims.units * claims.pieces)[order]
    before = np.cumsum(units) - units
    start = np.searchsorted(row, np.arange(len(supply)))
    before -= before[np.minimum(start[row], max(0, len(row) - 1))] if len(row) else 0
    taken = np.clip(supply[row] - before, 0, units)
    paid = np.bincount(row, taken.astype(float) * price[order], len(supply))
    worth: I64 = np.floor(np.minimum(paid / np.maximum(supply, 1), _ROOM)).astype(np.int64)
    return worth


def _in_range(pricer: Pricer, prices: I64) -> I64:
    """Prices cut so that what an order pays stays far inside int64; all zero when supply would be worth too much."""
    instance, num_rows = pricer.instance, len(pricer.instance.resources)
    owner = np.repeat(np.arange(instance.num_orders), np.diff(instance.line_ptr))
    units = np.bincount(owner, instance.line_quantity, instance.num_orders) if len(owner) else np.zeros(1)
    cut: I64 = np.clip(prices, 0, _ROOM // max(1, int(units.max(initial=1))))
    dearest = cut[:num_rows].astype(float)
    if len(cut) > num_rows:
        row = instance.draws.first_rows(instance.option_line_supply, num_rows)
        used = np.flatnonzero(row >= 0)
        np.maximum.at(dearest, row[used], cut[num_rows:][used].astype(float))
    if float(dearest @ instance.resources.capacity.astype(float)) > _ROOM:
        return np.zeros(num_rows, np.int64)
    return cut


def _find(sorted_keys: I64, keys: I64) -> I64:
    """The position of each key among sorted ones, -1 where it is not there."""
    if not len(sorted_keys):
        return np.full(len(keys), -1, np.int64)
    at = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    found: I64 = np.where(sorted_keys[at] == keys, at, -1)
    return found


def _within(group: I64) -> I64:
    """0, 1, ... within each run of equal values."""
    if not len(group):
        return np.zeros(0, np.int64)
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    ranks: I64 = np.arange(len(group)) - np.repeat(starts, np.diff(np.r_[starts, len(group)]))
    return ranks
