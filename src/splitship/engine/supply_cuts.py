# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Cuts from the supply of one stock row: no choice of whole lines beyond what fits together.

For a row with supply b, weights w_i of the lines that may draw on it and any alpha >= 0,

    sum_i alpha_i x_i <= beta,   beta = the most that lines with sum w_i <= b reach,

holds for every plan; alpha is chosen to cut off a fractional point of the restricted master (exact separation over the
lines it uses, other lines lifted one after the other; Boccia 2006, Kaparis and Letchford 2010,
doi 10.1007/s10107-010-0359-5). A cut's price becomes the own prices of its lines.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from scipy import sparse

from splitship.engine.claims import Claims
from splitship.instance.inner import inner
from splitship.units import I64, Floats

_WHOLE = 1e-6
_LEAST_VIOLATION = 1e-4
_MOST_PIVOTS = 500


@dataclass(frozen=True, slots=True)
class Cut:
    """alpha [claims listed] of one row and beta."""

    row: int
    claim: I64
    alpha: Floats
    beta: float


def find_cuts(claims: Claims, capacity: I64, taken: Floats) -> list[Cut]:
    """Cuts that a fractional point violates; `taken` [claims] is how much of each whole claim it takes."""
    fractional = np.flatnonzero((taken > _WHOLE) & (taken < 1 - _WHOLE))
    rows = np.unique(claims.row[fractional])
    rows = rows[claims.is_granular[rows]]
    width = int(np.diff(claims.ptr)[rows].max(initial=0))
    alpha, claim = np.empty(width), np.empty(width, np.int64)
    cuts = []
    for row in rows.tolist():
        found, beta = separate_row(
            claims.ptr[row], claims.ptr[row + 1], claims.units, claims.is_whole, taken, capacity[row], claim, alpha
        )
        if found:
            cuts.append(Cut(row, claim[:found].copy(), alpha[:found].copy(), beta))
    return cuts


@inner
def fill_best(weight, alpha, num, supply, best, takes):
    """Knapsack: `best` [supply + 1] and which of `num` lines attains it."""
    best[: supply + 1] = 0.0
    for i in range(num):
        for room in range(supply + 1):
            takes[i, room] = False
        for room in range(supply, weight[i] - 1, -1):
            other = best[room - weight[i]] + alpha[i]
            if other > best[room] + 1e-12:
                best[room] = other
                takes[i, room] = True


@njit(cache=True, nogil=True)
def separate_row(first, end, units, is_whole, taken, supply, out_claim, out_alpha):
    """A violated cut of one row, into `out_*`: (lines in it, beta), or (0, 0) when there is none worth having.

    How far is the point from the convex hull of the choices that fit? min sum s, with sum_p lambda_p p + s >= taken,
    sum lambda <= 1, over all choices p: a simplex with choices brought in by a knapsack. Its duals are alpha and beta.
    """
    num = 0
    heaviest, total = np.int64(0), 0.0
    for c in range(first, end):
        if is_whole[c] and units[c] <= supply and taken[c] > 1e-7:
            num += 1
            heaviest = max(heaviest, units[c])
            total += units[c] * taken[c]
    if num == 0 or total < supply - heaviest + 1e-6:
        return 0, 0.0
    claim, weight, value = np.empty(num, np.int64), np.empty(num, np.int64), np.empty(num)
    num = 0
    for c in range(first, end):
        if is_whole[c] and units[c] <= supply and taken[c] > 1e-7:
            claim[num], weight[num], value[num] = c, units[c], min(1.0, taken[c])
            num += 1
    size = num + 1
    inverse = np.eye(size)
    solution = np.empty(size)
    solution[:num], solution[num] = value, 1.0
    basic_cost = np.ones(size)
    basic_cost[num] = 0.0
    column, direction = np.empty(size), np.empty(size)
    best, takes = np.zeros(supply + 1), np.zeros((num, supply + 1), np.bool_)
    alpha = np.empty(num)
    beta = 0.0
    is_done = False
    for _ in range(_MOST_PIVOTS):
        dual = basic_cost @ inverse
        alpha[:] = dual[:num]
        beta = -dual[num]
        column[:] = 0.0
        cost = 0.0
        entering = -1
        for i in range(num):
            if alpha[i] < -1e-9:
                column[i], entering = -1.0, i
                break
            if alpha[i] > 1 + 1e-9:
                column[i], cost, entering = 1.0, 1.0, i
                break
        if entering < 0 and beta < -1e-9:
            column[num], entering = 1.0, num
        if entering < 0:
            fill_best(weight, alpha, num, supply, best, takes)
            if best[supply] <= beta + 1e-9:
                is_done = True
                break
            room = supply
            for i in range(num - 1, -1, -1):
                if takes[i, room]:
                    column[i] = 1.0
                    room -= weight[i]
            column[num] = 1.0
        direction[:] = inverse @ column
        leaving, ratio = -1, np.inf
        for i in range(size):
            if direction[i] > 1e-9 and solution[i] / direction[i] < ratio:
                leaving, ratio = i, solution[i] / direction[i]
        if leaving < 0:
            break
        pivot = direction[leaving]
        inverse[leaving] /= pivot
        solution[leaving] /= pivot
        for i in range(size):
            if i != leaving and direction[i] != 0.0:
                inverse[i] -= direction[i] * inverse[leaving]
                solution[i] = max(0.0, solution[i] - direction[i] * solution[leaving])
        basic_cost[leaving] = cost
    if not is_done:
        return 0, 0.0
    for i in range(num):
        alpha[i] = max(0.0, alpha[i])
    fill_best(weight, alpha, num, supply, best, takes)
    beta = best[supply]
    violation = -beta
    for i in range(num):
        violation += alpha[i] * value[i]
    if violation < _LEAST_VIOLATION:
        return 0, 0.0
    found = 0
    for i in range(num):
        if alpha[i] > 1e-9:
            out_claim[found], out_alpha[found] = claim[i], alpha[i]
            found += 1
    for c in range(first, end):  # the other lines, lifted one after the other
        if is_whole[c] and units[c] <= supply and taken[c] <= 1e-7:
            extra = beta - best[supply - units[c]]
            if extra <= 1e-9:
                continue
            out_claim[found], out_alpha[found] = c, extra
            found += 1
            for room in range(supply, units[c] - 1, -1):
                best[room] = max(best[room], best[room - units[c]] + extra)
    return found, beta


def cut_matrix(cuts: list[Cut], num_claims: int) -> sparse.csr_array:
    """alpha as a matrix [cuts, claims]."""
    counts = [len(cut.claim) for cut in cuts]
    return sparse.csr_array(
        (
            np.concatenate([cut.alpha for cut in cuts]) if cuts else np.zeros(0),
            np.concatenate([cut.claim for cut in cuts]) if cuts else np.zeros(0, np.int64),
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        ),
        shape=(len(cuts), num_claims),
    )
