"""Raising the bound above the linear optimum over plans: cuts from single stock rows, priced as own prices."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from splitship.engine.claims import Claims, whole_claims_of_columns
from splitship.engine.dual import Pricer
from splitship.engine.master import Columns, columns_of_plans, merge_columns, near_best_columns
from splitship.engine.search import WORK_PER_ENTRY, Search
from splitship.engine.supply_cuts import Cut, cut_matrix, find_cuts
from splitship.solvers.highs import LpAnswer, solve_lp
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
    if search.bound_pass is None or not len(instance.resources) or instance.is_wide.any():
        return
    if pricer.claims is None:
        pricer.claims = Claims.of(instance)
    claims = pricer.claims
    if not claims.is_granular.any():
        return
    orders = np.arange(instance.num_orders)
    slack = np.full(len(orders), _SLACK, np.int64)
    columns = near_best_columns(pricer, orders, search.bound_pass.prices, slack, _CAP, search.best)
    cuts: list[Cut] = []
    best_round = 0
    for round_number in range(_MOST_ROUNDS):
        if search.is_over():
            return
        taken = claims_of_columns(pricer, claims, columns)
        relaxed = _relax(columns, cuts, taken, instance.resources.capacity, claims, search.seconds_left())
        search.work += 3 * WORK_PER_ENTRY * columns.use.nnz
        if relaxed is None:
            return
        answer, prices = relaxed
        full = _with_own(pricer, claims, cuts, prices, len(instance.resources))
        before = search.bound
        result = pricer.price(full)
        search.offer_bound("supply cuts", result)
        old = search.bound_pass.prices
        if len(old) < len(full):
            old = np.concatenate([old, np.zeros(len(full) - len(old), np.int64)])
        mixed = pricer.price((full + old) // 2)
        search.offer_bound("supply cuts", mixed)
        value = answer.objective * MICROS
        short = value - search.bound_pass.bound
        num_before = len(columns)
        columns = merge_columns(pricer, columns, columns_of_plans(pricer, orders, result.plans))
        columns = merge_columns(pricer, columns, columns_of_plans(pricer, orders, mixed.plans))
        added = 0
        if short <= _SETTLED * abs(value) or len(columns) == num_before:
            found = find_cuts(claims, instance.resources.capacity, taken @ answer.values)
            cuts.extend(found)
            added = len(found)

        if not added and (len(columns) == num_before or short <= _TOLERANCE * abs(value)):
            return


def claims_of_columns(pricer: Pricer, claims: Claims, columns: Columns) -> sparse.csr_array:
    """Which whole claims each column takes, [claims, columns]."""
    num = len(columns)
    most = len(columns.option) * (int(np.diff(pricer.tables.option_line_ptr).max(initial=0)) + 1)
    claim, ptr = np.empty(most, np.int64), np.zeros(num + 1, np.int64)
    used = whole_claims_of_columns(
        pricer.tables, num, columns.ptr, columns.option, columns.content, claims.of_option_line, claims.is_whole,
        claim, ptr,
    )  # fmt: skip
    return sparse.csc_array((np.ones(used), claim[:used], ptr), shape=(len(claims.row), num)).tocsr()


def _relax(
    columns: Columns, cuts: list[Cut], taken: sparse.csr_array, capacity: I64, claims: Claims, time_limit_s: float
) -> tuple[LpAnswer, tuple[I64, Floats]] | None:
    num = len(columns)
    use = columns.use.tocsr()
    touched = np.flatnonzero(np.diff(use.indptr))
    one = sparse.csr_array((np.ones(num), (columns.owner, np.arange(num))), shape=(len(columns.orders), num))
    rows = cut_matrix(cuts, len(claims.row)) @ taken
    answer = solve_lp(
        columns.cost / MICROS, sparse.vstack([use[touched], rows], format="csr"),
        np.concatenate([capacity[touched].astype(float), [cut.beta for cut in cuts]]),
        one, np.ones(len(columns.orders)), time_limit_s,
    )  # fmt: skip
    if answer is None:
        return None
    duals = np.maximum(0.0, -answer.upper_duals)
    prices = np.zeros(use.shape[0], np.int64)
    prices[touched] = np.rint(duals[: len(touched)] * MICROS).astype(np.int64)
    return answer, (prices, duals[len(touched) :])


def _with_own(pricer: Pricer, claims: Claims, cuts: list[Cut], prices: tuple[I64, Floats], num_rows: int) -> I64:
    """Prices of rows, and of option lines on top: what the cuts charge their lines, a unit."""
    rows, duals = prices
    charge = np.zeros(len(claims.row))
    for cut, dual in zip(cuts, duals.tolist(), strict=True):
        if dual > 0:
            charge[cut.claim] += dual * cut.alpha / claims.units[cut.claim]
    own = np.zeros(len(claims.of_option_line), np.int64)
    used = np.flatnonzero(claims.of_option_line >= 0)
    own[used] = np.rint(charge[claims.of_option_line[used]] * MICROS).astype(np.int64)
    return np.concatenate([rows, own])
