"""`linking_lp`: a linear program over the whole batch, rounded at random order by order, and repaired.

The program is the deterministic linear program of S. Jasin and A. Sinha, "An LP-Based Correlated Rounding Scheme for
Multi-Item Ecommerce Order Fulfillment", Operations Research 63(6), 2015, 1336-1351; the rounding is the dilated-time
scheme of W. Ma, "Order-Optimal Correlated Rounding for Fulfilling Multi-Item E-Commerce Orders", Manufacturing &
Service Operations Management, 2023, doi 10.1287/msom.2023.1219 (preprint arXiv 2207.04774).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from splitship.domain import Plan
from splitship.errors import SolverError, UsageError
from splitship.instance import Instance
from splitship.policies.linear_costs import LinearCosts, linear_costs
from splitship.policies.rounding import round_orders
from splitship.policies.tables import arrival_sequence, make_tables, plan_of
from splitship.units import I64, MICROS, Floats

MAX_NONZEROS = 1_000_000
"""Nonzeros of the linear program beyond which it is refused."""
_CHUNK = tuple[I64, I64, Floats]


def route_by_linking_lp(instance: Instance, seed: int = 1, max_nonzeros: int = MAX_NONZEROS) -> Plan:
    """Round the fractions of a linear program by one clock a node, then repair what does not fit.

    1. Linear program. For every order a fraction x of each line by each option (node, and capped service or day where
       the pack has such), a fraction y of a package by each option, and a fraction v of each line unfilled (one v for
       all lines of a ship-complete order): v + sum of x = 1 for a line; x <= share x y links them, with `share` the
       part of the line that one package can hold; stock, node and service capacities, and the order's limit of
       packages as rows. Every order is a type of its own, as in a batch no two need be alike. A
       package costs a fixed part on y and a part a line on x (`linear_costs`); unfilled units cost what they cost.
    2. Rounding, for each order by itself: every node k, and leaving unfilled, draws one exponential time E_k. A line
       with fractions u_k sees k open at E_k / u_k and goes whole to the first that opens. So a line goes to k with
       probability u_k, and lines of an order, which share the E_k, tend to go together: in expectation a node is used
       at most 1 + ln(lines) times as often as y says (Ma 2023). Fractions of options at one node are added up.
    3. Placing, orders in arrival order (`placed_at`, then id): each node ships what the rounding sent there, as far as
       stock and capacity go, in as few packages as hold it, by the service and day of least cost.
    4. Repair, again in arrival order, for orders with something missing (lines that drew "unfilled" among them): as
       long as that costs less than leaving units unfilled, what is missing of a line, or all that is
       missing, goes to the node where it saves most a unit. A ship-complete order that does not come out whole, or
       costs more than nothing at all, ships nothing.
    The same `seed` gives the same plan. The program grows with orders x nodes x lines: it is for batches of a few
    thousand orders, and refused beyond `max_nonzeros`.

    Raises:
        UsageError: the linear program would have more than `max_nonzeros` nonzeros.
        SolverError: HiGHS did not solve it.
    """
    tables, sequence = make_tables(instance), arrival_sequence(instance)
    if not len(sequence) or not instance.num_options:
        return Plan.empty()
    costs = linear_costs(instance, tables)
    size = _num_nonzeros(instance, costs)
    if size > max_nonzeros:
        raise UsageError(
            f"policy linking_lp solves one linear program for the whole batch, here with {size:,} nonzeros, more than "
            f"{max_nonzeros:,}: take fewer orders (about {int(instance.num_orders * max_nonzeros / size):,} of these), "
            "or partitioned_1500"
        )
    fractions, unfilled = _solve(instance, costs)
    random = np.random.default_rng(seed)
    clocks = random.exponential(size=instance.num_options + instance.num_orders)
    left = instance.resources.capacity.copy()
    return plan_of(instance, [round_orders(tables, sequence, fractions, unfilled, clocks, left)])


def _num_nonzeros(instance: Instance, costs: LinearCosts) -> int:
    """How many nonzeros the program has, apart from the few of limits of packages and of refunds."""
    is_column = costs.share > 0
    num_columns_of = np.add.reduceat(np.append(is_column, False), instance.option_line_ptr[:-1])
    draws, num_rows = instance.draws, len(instance.resources)
    supplied, _ = draws.rows_of_supplies(instance.option_line_supply, num_rows)
    option, entry = draws.entries_of_options(instance.option_draw)
    entries = 3 * is_column.sum() + is_column[supplied].sum() + len(instance.line_sku)
    of_lines = (draws.line[entry] > 0) | (draws.unit[entry] > 0)
    entries += num_columns_of[option[of_lines]].sum() + (draws.package[entry] > 0).sum()
    return int(entries)


@dataclass(slots=True)
class _Rows:
    """Rows in the making: right-hand sides, and entries as (row, column, coefficient)."""

    right: list[Floats]
    entries: list[_CHUNK]
    count: int = 0

    def add(self, right: Floats) -> I64:
        """New rows; returns their positions."""
        self.right.append(np.asarray(right, np.float64))
        first, self.count = self.count, self.count + len(right)
        return np.arange(first, self.count)

    def enter(self, row: I64, column: I64, coefficient: Floats | float) -> None:
        """Coefficients, one a row and column."""
        self.entries.append((row, column, np.broadcast_to(np.asarray(coefficient, np.float64), row.shape)))

    def matrix(self, num_columns: int) -> sparse.csr_array:
        """All entries; those of one place are added up."""
        row, column, value = (np.concatenate(parts) for parts in zip(*self.entries, strict=True))
        return sparse.csr_array((value, (row, column)), shape=(self.count, num_columns))


def _solve(instance: Instance, costs: LinearCosts) -> tuple[Floats, Floats]:
    """The fractions x [option lines] and v [lines] of the linear program."""
    num_lines, num_options, num_orders = len(instance.line_sku), instance.num_options, instance.num_orders
    line_order = np.repeat(np.arange(num_orders), np.diff(instance.line_ptr))
    option_order = np.repeat(np.arange(num_orders), np.diff(instance.option_ptr))
    slot = np.flatnonzero(costs.share > 0)
    slot_option = np.repeat(np.arange(num_options), np.diff(instance.option_line_ptr))[slot]
    slot_line = instance.option_line[slot].astype(np.int64)
    # columns: x, y, v (one a line, or one an order that ships complete), then r, which refunds one split price
    x = np.arange(len(slot))
    y = len(x) + np.arange(num_options)
    is_complete = instance.is_ship_complete | instance.is_conditional
    head = np.where(is_complete[line_order], instance.line_ptr[line_order], instance.problem.lines.head_idx)
    heads, v_of_line = np.unique(head, return_inverse=True)
    v = len(x) + num_options + v_of_line.astype(np.int64)
    refunded = np.flatnonzero((np.diff(instance.option_ptr) > 0) & (instance.refund > 0))
    r = len(x) + num_options + len(heads) + np.arange(len(refunded))
    num_columns = len(x) + num_options + len(heads) + len(refunded)

    objective = np.zeros(num_columns)
    objective[x], objective[y] = costs.line[slot] / MICROS, costs.fixed / MICROS
    np.add.at(objective, v, instance.unfilled_cost.astype(float) * instance.line_quantity / MICROS)
    objective[r] = -instance.refund[refunded] / MICROS

    equal, upper = _Rows([], []), _Rows([], [])
    cover = equal.add(np.ones(num_lines))
    equal.enter(cover[slot_line], x, 1.0)
    equal.enter(cover, v, 1.0)
    link = upper.add(np.zeros(len(slot)))
    upper.enter(link, x, 1.0)
    upper.enter(link, y[slot_option], -costs.share[slot])
    _add_supply(instance, upper, slot, slot_option, slot_line, x, y)
    limited = np.flatnonzero(instance.max_packages < np.diff(instance.option_ptr))
    row_of_order = np.full(num_orders, -1)
    row_of_order[limited] = upper.add(instance.max_packages[limited].astype(float))
    in_limited = np.flatnonzero(row_of_order[option_order] >= 0)
    upper.enter(row_of_order[option_order[in_limited]], y[in_limited], 1.0)
    if len(refunded):
        once, ships = upper.add(np.ones(len(refunded))), np.full(num_orders, -1)
        upper.enter(once, r, 1.0)
        ships[refunded] = upper.add(np.zeros(len(refunded)))
        upper.enter(ships[refunded], r, 1.0)
        shipping = np.flatnonzero(ships[option_order] >= 0)
        upper.enter(ships[option_order[shipping]], y[shipping], -1.0)
    # the interior point method with its crossover is several times faster here than the simplex method
    answer = linprog(  # type: ignore[call-overload]
        objective, A_ub=upper.matrix(num_columns), b_ub=np.concatenate(upper.right), A_eq=equal.matrix(num_columns),
        b_eq=np.concatenate(equal.right), bounds=(0, None), method="highs-ipm",
    )  # fmt: skip
    if answer.status != 0:
        raise SolverError(f"HiGHS did not solve the linear program of policy linking_lp: {answer.message}")
    fractions = np.zeros(len(costs.share))
    fractions[slot] = answer.x[x]
    return fractions, answer.x[v]


def _add_supply(instance: Instance, upper: _Rows, slot: I64, slot_option: I64, slot_line: I64, x: I64, y: I64) -> None:
    """Rows of stock and capacities."""
    supply = upper.add(instance.resources.capacity.astype(float))
    units = instance.line_quantity[slot_line].astype(float)
    draws = instance.draws
    used, row = draws.rows_of_supplies(instance.option_line_supply[slot], len(instance.resources))
    upper.enter(supply[row], x[used], units[used])
    used, entry = draws.entries_of_options(instance.option_draw[slot_option])
    each = draws.line[entry] + draws.unit[entry] * units[used]
    is_used = each > 0
    upper.enter(supply[draws.row[entry[is_used]]], x[used[is_used]], each[is_used])
    option, entry = draws.entries_of_options(instance.option_draw)
    is_used = draws.package[entry] > 0
    upper.enter(supply[draws.row[entry[is_used]]], y[option[is_used]], draws.package[entry[is_used]].astype(float))
