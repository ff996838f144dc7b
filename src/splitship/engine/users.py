# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Who may use which resource, and who does: the standing plan with what it leaves of every resource."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit

from splitship.engine.assignment import Assignment
from splitship.engine.claims import Claims
from splitship.engine.pricing import add_use
from splitship.engine.tables import Tables
from splitship.instance import Instance
from splitship.instance.inner import inner
from splitship.units import I32, I64


class Users(NamedTuple):
    """Possible users of every resource, and which of them use it now.

    Stock row r may be drawn on by claims `claim_ptr[r]:claim_ptr[r + 1]`, each of order `claim_order`; `drawn` [claims]
    counts the pieces each takes now. Any other row r serves options `option_item[option_ptr[r]:option_ptr[r + 1]]`,
    each of order `option_order` [options]; `packed` [options] counts the packages each has now. `claim_of`
    [option lines] is -1 where an option line draws on no row.
    """

    claim_ptr: I64
    claim_order: I32
    claim_of: I64
    option_ptr: I64
    option_item: I32
    option_order: I32
    drawn: np.ndarray
    packed: np.ndarray


def users_of(instance: Instance, claims: Claims) -> Users:
    """Possible users of the resources of an instance; nobody uses anything yet."""
    num_rows = len(instance.resources)
    owner = np.repeat(np.arange(instance.num_orders, dtype=np.int32), np.diff(instance.line_ptr))
    option_order = np.repeat(np.arange(instance.num_orders, dtype=np.int32), np.diff(instance.option_ptr))
    row, option = instance.draws.rows_of_options(instance.option_draw)
    order = np.argsort(row, kind="stable")
    return Users(
        claims.ptr,
        owner[claims.line],
        claims.of_option_line,
        np.searchsorted(row[order], np.arange(num_rows + 1)).astype(np.int64),
        option[order].astype(np.int32),
        option_order,
        np.zeros(len(claims.line), np.int16),
        np.zeros(instance.num_options, np.int16),
    )


@inner
def mark_package(t, users, option, content, sign, residual):
    """Note that a package is there (sign 1) or no longer (-1), and take or give back what it uses."""
    add_use(t, option, content, -sign, residual)
    users.packed[option] += sign
    left = content
    for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
        radix = t.option_line_radix[j]
        digit, left = left % radix, left // radix
        if digit > 0 and users.claim_of[j] >= 0:
            users.drawn[users.claim_of[j]] += sign * digit


@inner
def mark_order(t, users, order, count, option, content, sign, residual):
    """`mark_package` for all packages of one order."""
    first = t.slot_ptr[order]
    for i in range(first, first + count[order]):
        mark_package(t, users, option[i], content[i], sign, residual)


@njit(cache=True, nogil=True)
def mark_narrow(t, users, orders, count, option, content, sign, residual):
    """`mark_package` for all packages of some narrow orders."""
    for order in orders:
        if not t.is_wide[order]:
            mark_order(t, users, order, count, option, content, sign, residual)


@dataclass(slots=True)
class Standing:
    """A plan that is being improved in place: the assignment, what it leaves of every row [rows], and who uses what."""

    assignment: Assignment
    residual: I64
    users: Users

    @classmethod
    def of(cls, instance: Instance, tables: Tables, claims: Claims, assignment: Assignment, residual: I64) -> Standing:
        """A standing copy of an assignment that leaves `residual` [rows]."""
        users = users_of(instance, claims)
        copy = assignment.copy()
        orders = np.arange(instance.num_orders)
        mark_narrow(tables, users, orders, copy.count, copy.option, copy.content, 1, residual.copy())
        return cls(copy, residual.copy(), users)

    def adopt(self, tables: Tables, assignment: Assignment) -> None:
        """Become another assignment, which must be the same for wide orders; only orders that differ are touched."""
        mine = self.assignment
        num_slots = np.diff(tables.slot_ptr)
        slot = np.arange(int(tables.slot_ptr[-1])) - np.repeat(tables.slot_ptr[:-1], num_slots)
        owner = np.repeat(np.arange(len(num_slots)), num_slots)
        there = slot < np.repeat(assignment.count, num_slots)
        differs = there & ((mine.option != assignment.option) | (mine.content != assignment.content))
        is_new = np.bincount(owner[differs], minlength=len(num_slots)) > 0
        changed = np.flatnonzero(is_new | (mine.count != assignment.count))
        mark_narrow(tables, self.users, changed, mine.count, mine.option, mine.content, -1, self.residual)
        self.assignment = assignment.copy()
        mine = self.assignment
        mark_narrow(tables, self.users, changed, mine.count, mine.option, mine.content, 1, self.residual)
