# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Claims: which order lines may draw on which stock, and the most that a row's supply can be worth to them.

A line that ships whole takes all of its units from a node or none. Three units of stock serve one line of two units,
not one and a half; a price for each unit cannot say so. Own prices can: every line may be charged its own price at
a row, and the row then is worth what the best choice of lines that fits into its supply pays (a knapsack), instead of
price times supply. That is Lagrangian decomposition with the supply as a block of its own (Guignard and Kim 1987,
doi 10.1007/BF02591868).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from splitship.domain import ResourceKind
from splitship.engine.tables import Tables
from splitship.instance import Instance
from splitship.units import I64, Bools

MOST_SUPPLY = 400
"""Rows with more units than this keep one price for all: whole lines hardly matter to them."""


@dataclass(frozen=True, slots=True)
class Claims:
    """Lines of narrow orders by the stock row they may draw on.

    Claims of row r are `ptr[r]:ptr[r + 1]`. `line`, `units` (moved at once: the whole line or one), `pieces` (how
    often) are [claims]; `is_whole` [claims]: all or nothing, the only line of its order for that SKU, and from a row
    that is no part of a joint supply (a line with a joint supply claims the first of its rows). Lines with substitutes
    have no claims: a claim is named by its line and node, which then do not tell the row.
    `of_option_line` [option lines] is each option line's claim, -1 where it draws on no row. `is_granular` [rows]:
    the supply is small enough and some claim is for several units at once, so that own prices can help.
    """

    ptr: I64
    row: I64
    line: I64
    units: I64
    pieces: I64
    is_whole: Bools
    of_option_line: I64
    is_granular: Bools

    @classmethod
    def of(cls, instance: Instance) -> Claims:
        """The claims of an instance; rows that wide orders draw on are not granular."""
        num_rows = len(instance.resources)
        row = instance.draws.first_rows(instance.option_line_supply, num_rows)
        has_substitutes = np.zeros(len(instance.line_sku), np.bool_)
        has_substitutes[instance.problem.line_substitutes.line_idx] = True
        is_clear, has_hidden = ~has_substitutes[instance.option_line], np.zeros(num_rows, np.bool_)
        has_hidden[row[~is_clear & (row >= 0)]] = True
        row = np.where(is_clear, row, -1)
        owner = np.repeat(np.arange(instance.num_orders), np.diff(instance.line_ptr))
        room = np.concatenate([[0], np.cumsum(np.bincount(row[row >= 0], minlength=num_rows))]).astype(np.int64)
        of_option_line, line_at = np.full(len(row), -1, np.int64), np.empty(int(room[-1]), np.int64)
        filled = room[:-1].copy()
        number_claims(row, instance.option_line, instance.line_ptr[owner], room, filled, line_at, of_option_line)
        ptr = np.concatenate([[0], np.cumsum(filled - room[:-1])]).astype(np.int64)
        claim_row = np.repeat(np.arange(num_rows), np.diff(ptr))
        places = np.arange(int(ptr[-1])) + (room[:-1] - ptr[:-1])[claim_row]
        claim_line = line_at[places]
        shift = (ptr[:-1] - room[:-1])[np.maximum(row, 0)] if num_rows else 0
        of_option_line = np.where(row >= 0, of_option_line + shift, -1)
        radix, step = instance.line_radix[claim_line], instance.line_step[claim_line]
        sku_key = owner * (int(instance.line_sku.max(initial=0)) + 1) + instance.line_sku
        _, inverse, counts = np.unique(sku_key, return_inverse=True, return_counts=True)
        is_twin = counts[inverse] > 1
        is_joint = np.zeros(num_rows, np.bool_)
        is_joint[instance.draws.supply_row] = True
        is_joint |= instance.resources.kind == ResourceKind.STOCK_UNTIL  # what is left of one with other days
        is_joint |= has_hidden
        is_whole = (radix == 2) & ~is_twin[claim_line] & ~is_joint[claim_row]
        has_wide = np.zeros(num_rows, np.bool_)
        has_wide[claim_row[instance.is_wide[owner[claim_line]]]] = True
        has_many = np.zeros(num_rows, np.bool_)
        has_many[claim_row[is_whole & (step > 1)]] = True
        is_granular = has_many & ~has_wide & ~is_joint & (instance.resources.capacity <= MOST_SUPPLY)
        return cls(ptr, claim_row, claim_line, step, radix - 1, is_whole, of_option_line, is_granular)


@njit(cache=True, nogil=True)
def number_claims(row, line, first_line, room, filled, line_at, number):
    """Number the pairs of row and line among option lines, within `room` by row.

    `first_line` [lines] is the first line of a line's order; `filled` [rows] moves on as `line_at` is written.
    Options of one order follow each other, so a pair seen before is among the last of its row.
    """
    for j in range(len(row)):
        if row[j] < 0:
            continue
        r = row[j]
        k = filled[r] - 1
        while k >= room[r] and line_at[k] >= first_line[line[j]] and line_at[k] != line[j]:
            k -= 1
        if k < room[r] or line_at[k] != line[j]:
            k = filled[r]
            line_at[k] = line[j]
            filled[r] += 1
        number[j] = k


@njit(cache=True, nogil=True)
def worth_of_supply(rows, ptr, units, pieces, price, capacity, worth):
    """The most that claims can pay for a row's supply, into `worth` [rows given]; `price` [claims] is per unit."""
    most = np.int64(0)
    for row in rows:
        most = max(most, capacity[row])
    best = np.zeros(most + 1, np.int64)
    for position in range(len(rows)):
        row = rows[position]
        supply = capacity[row]
        best[: supply + 1] = 0
        for claim in range(ptr[row], ptr[row + 1]):
            if price[claim] <= 0:
                continue
            weight = units[claim]
            value = price[claim] * weight
            for _ in range(min(pieces[claim], supply // weight)):
                for room in range(supply, weight - 1, -1):
                    with_it = best[room - weight] + value
                    if with_it > best[room]:
                        best[room] = with_it
        worth[position] = best[supply]


@njit(cache=True, nogil=True)
def own_rows(t, prices, row_is_own):
    """Mark the rows on which some option line pays more than the row's price."""
    for j in range(len(t.option_line_supply)):
        supply = t.option_line_supply[j]
        if supply >= 0 and supply < t.num_rows and prices[t.num_rows + j] != 0:
            row_is_own[supply] = True


def supply_value(instance: Instance, tables: Tables, claims: Claims | None, prices: I64) -> int:
    """What all supplies are worth at prices, in micros: price times supply, or the best choice of claims."""
    num_rows, capacity = len(instance.resources), instance.resources.capacity
    common = prices[:num_rows]
    if claims is None or len(prices) == num_rows:
        return int(np.dot(common, capacity))
    is_own = rows_with_own_prices(instance, tables, prices)
    rows = np.flatnonzero(is_own)
    worth = np.zeros(len(rows), np.int64)
    worth_of_supply(
        rows, claims.ptr, claims.units, claims.pieces, claim_prices(claims, tables, prices), capacity, worth
    )
    return int(np.dot(common[~is_own], capacity[~is_own])) + int(worth.sum())


def rows_with_own_prices(instance: Instance, tables: Tables, prices: I64) -> Bools:
    """The rows on which some line pays more than the row's price, [rows]."""
    is_own = np.zeros(len(instance.resources), np.bool_)
    if len(prices) > len(instance.resources):
        own_rows(tables, prices, is_own)
    return is_own


def claim_prices(claims: Claims, tables: Tables, prices: I64) -> I64:
    """The price of a unit for every claim, [claims]: that of its row, and its own on top."""
    price = prices[claims.row].copy()
    if len(prices) > tables.num_rows:
        used = np.flatnonzero(claims.of_option_line >= 0)
        price[claims.of_option_line[used]] = (
            prices[claims.row[claims.of_option_line[used]]] + prices[tables.num_rows :][used]
        )
    return price


@njit(cache=True, nogil=True)
def subjects_of_columns(t, num, ptr, option, content, subject, found, found_ptr):
    """The subjects of what every column ships, flat; `subject` [option lines], -1 for none. Returns how many."""
    used = 0
    for p in range(num):
        for i in range(ptr[p], ptr[p + 1]):
            left = content[i]
            for j in range(t.option_line_ptr[option[i]], t.option_line_ptr[option[i] + 1]):
                radix = t.option_line_radix[j]
                digit, left = left % radix, left // radix
                if digit > 0 and subject[j] >= 0:
                    found[used] = subject[j]
                    used += 1
        found_ptr[p + 1] = used
    return used
