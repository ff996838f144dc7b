"""Raising the bound above the linear optimum over plans: cuts from single stock rows, priced as own prices."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from splitship.engine.claims import Claims, subjects_of_columns
from splitship.engine.dual import Pricer
from splitship.engine.generation import is_small_enough
from splitship.engine.master import Columns, columns_of_plans, merge_columns, near_best_columns, relax_columns
from splitship.engine.search import Search
from splitship.engine.supply_cuts import Cut, cut_matrix, find_cuts
from splitship.engine.work import WORK_PER_ENTRY
from splitship.spans import spanned
from splitship.units import I64, MICROS, Floats

_MOST_ROUNDS = 40
_SLACK = MICROS
_CAP = 60
_TOLERANCE = 1e-6
_SETTLED = 2e-4
"""Cuts are looked for once the bound is this close, relatively, to the master's value."""


@spanned("supply cuts")
def raise_by_cuts(search: Search) -> None:
    """Column generation with cuts, until no row gives one or a limit stops it."""
    instance, pricer = search.instance, search.pricer
    if search.bound_pass is None or instance.is_wide.any() or search.is_over() or not is_small_enough(instance):
        return
    claims, capacity = pricer.need_claims(), instance.resources.capacity
    if not claims.is_granular.any():
        return
    orders = np.arange(instance.num_orders)
    slack = np.full(len(orders), _SLACK, np.int64)
    columns = near_best_columns(pricer, orders, search.bound_pass.prices, slack, _CAP, search.best)
    cuts: list[Cut] = []
    search.cuts = cuts
    for _ in range(_MOST_ROUNDS):
        if search.is_over():
            return
        taken = claims_of_columns(pricer, claims, columns)
        limits = np.array([cut.beta for cut in cuts])
        rows = cut_matrix(cuts, len(claims.row)) @ taken
        relaxed = relax_columns(columns, capacity, search.seconds_left(), rows, limits)
        search.work += 3 * WORK_PER_ENTRY * (columns.use.nnz + rows.nnz)
        if relaxed is None:
            return
        before = len(columns)
        columns = _priced(search, columns, with_own_prices(claims, cuts, relaxed.prices, relaxed.cut_prices))
        short = relaxed.value - (search.bound or 0)
        found: list[Cut] = []
        if short <= _SETTLED * abs(relaxed.value) or len(columns) == before:
            found = find_cuts(claims, capacity, taken @ relaxed.shares)
            cuts.extend(found)
        if not found and (len(columns) == before or short <= _TOLERANCE * abs(relaxed.value)):
            return


def _priced(search: Search, columns: Columns, prices: I64) -> Columns:
    """Offer the bounds of the master's prices and of their middle with the best so far; the columns with both's plans.

    Master prices swing (Wentges 1997, doi 10.1016/S0969-6016(97)00001-4).
    """
    assert search.bound_pass is not None
    pricer = search.pricer
    result = pricer.price(prices)
    search.offer_bound("supply cuts", result)
    best = np.zeros_like(prices)
    best[: len(search.bound_pass.prices)] = search.bound_pass.prices
    mixed = pricer.price((prices + best) // 2)
    search.offer_bound("supply cuts", mixed)
    for plans in (result.plans, mixed.plans):
        columns = merge_columns(pricer, columns, columns_of_plans(pricer, columns.orders, plans))
    return columns


def claims_of_columns(pricer: Pricer, claims: Claims, columns: Columns) -> sparse.csr_array:
    """Which whole claims each column takes, [claims, columns]."""
    of = claims.of_option_line
    is_whole = np.append(claims.is_whole, False)[of]  # -1, no claim, looks at the last
    return _taken(pricer, columns, np.where(is_whole, of, -1), len(claims.row))


def lines_of_columns(pricer: Pricer, columns: Columns) -> sparse.csr_array:
    """Which lines that ship whole each column ships, from whatever node, [lines, columns]."""
    tables = pricer.tables
    is_whole = tables.line_radix[tables.option_line] == 2
    return _taken(pricer, columns, np.where(is_whole, tables.option_line, -1).astype(np.int64), len(tables.line_radix))


def _taken(pricer: Pricer, columns: Columns, subject: I64, num_subjects: int) -> sparse.csr_array:
    """Which subjects of option lines each column takes, [subjects, columns]."""
    num = len(columns)
    most = len(columns.option) * (int(np.diff(pricer.tables.option_line_ptr).max(initial=0)) + 1)
    found, ptr = np.empty(most, np.int64), np.zeros(num + 1, np.int64)
    used = subjects_of_columns(pricer.tables, num, columns.ptr, columns.option, columns.content, subject, found, ptr)
    return sparse.csc_array((np.ones(used), found[:used], ptr), shape=(num_subjects, num)).tocsr()


def with_own_prices(claims: Claims, cuts: list[Cut], prices: I64, cut_prices: Floats) -> I64:
    """Prices of rows [rows], and behind them of option lines on top: what cuts charge their lines, a unit.

    `cut_prices` [cuts] is micros for a unit of the cut.
    """
    charge = np.zeros(len(claims.row))
    for cut, price in zip(cuts, cut_prices.tolist(), strict=True):
        if price > 0:
            charge[cut.claim] += price * cut.alpha / claims.units[cut.claim]
    own = np.zeros(len(claims.of_option_line), np.int64)
    used = np.flatnonzero(claims.of_option_line >= 0)
    own[used] = np.rint(charge[claims.of_option_line[used]]).astype(np.int64)
    return np.concatenate([prices, own])
