"""The restricted master: near-best plans of some orders, chosen together by HiGHS, the other orders fixed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from splitship.engine.assignment import Assignment
from splitship.engine.columns import describe_columns, enumerate_orders
from splitship.engine.dual import Pricer
from splitship.engine.work import WORK_PER_ENTRY
from splitship.solvers.highs import solve_binary, solve_lp
from splitship.spans import spanned
from splitship.units import I64, MICROS, Bools, Floats

_WHOLE = 1e-6
_ROUNDING = 1_000.0
"""Micros by which duals in floating point may be off."""


@dataclass(slots=True)
class Columns:
    """Plans of the orders `orders` [positions].

    Column p belongs to position `owner[p]`; its packages are `option`, `content` at ptr[p]:ptr[p + 1]; `cost` in
    micros; `use` is a matrix [rows, columns]. `is_complete` [positions]: every plan within the allowance is there.
    """

    orders: I64
    owner: I64
    ptr: I64
    option: I64
    content: I64
    cost: I64
    key: np.ndarray
    use: sparse.csc_array
    is_complete: Bools

    def __len__(self) -> int:
        return len(self.owner)


@spanned("near-best plans")
def near_best_columns(
    pricer: Pricer, orders: I64, prices: I64, slack: I64, cap: int, keep: Assignment | None, thread: int = 0
) -> Columns:
    """All plans of `orders` with priced cost within `slack` [positions] of the best, at most `cap` an order.

    Of plans of one order that use the same of every resource only the cheapest is kept.
    `keep`: an assignment whose plans are added, so that the master always has that answer. `thread`: whose work space.
    """
    tables, scratch = pricer.tables, pricer.scratch[thread]
    complete = np.zeros(len(orders), np.bool_)
    parts: list[tuple[I64, I64, I64, I64]] = []
    widths = tables.slot_ptr[orders + 1] - tables.slot_ptr[orders]
    room = max(4 * cap, 65_536)
    room_packages = max(int(widths.max(initial=1)) * cap * 2, 2 * room)
    start = 0
    while start < len(orders):
        option, content = np.empty(room_packages, np.int64), np.empty(room_packages, np.int64)
        ptr, owner = np.zeros(room + 1, np.int64), np.empty(room, np.int64)
        start, num = enumerate_orders(
            tables, orders, start, prices, slack, cap, scratch, option, content, ptr, owner, complete
        )
        parts.append((owner[:num], np.diff(ptr[: num + 1]), option[: ptr[num]], content[: ptr[num]]))
    if keep is not None:
        count = keep.count[orders]
        slots = np.repeat(tables.slot_ptr[orders], count) + _within(count)
        parts.append((np.arange(len(orders)), count, keep.option[slots], keep.content[slots]))
    owner, counts, option, content = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _describe(pricer, orders, owner, counts, option, content, complete)


def _describe(
    pricer: Pricer, orders: I64, owner: I64, counts: I64, option: I64, content: I64, complete: Bools
) -> Columns:
    num = len(owner)
    ptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    draws, lines = pricer.instance.draws, int(np.diff(pricer.tables.option_line_ptr).max(initial=0))
    most = int(np.diff(draws.ptr).max(initial=0)) + lines * int(np.diff(draws.supply_ptr).max(initial=1))
    entries = int(counts.sum()) * most + 1
    cost, key = np.empty(num, np.int64), np.empty(num, np.uint64)
    rows, values = np.empty(entries, np.int64), np.empty(entries, np.int64)
    use_ptr = np.zeros(num + 1, np.int64)
    used = describe_columns(pricer.tables, orders, num, owner, ptr, option, content, cost, key, rows, values, use_ptr)
    num_rows = len(pricer.instance.resources)
    use = sparse.csc_array((values[:used].astype(float), rows[:used], use_ptr), shape=(num_rows, num))
    order = np.lexsort((np.arange(num), cost, key, owner))  # of plans with the same use, the cheapest first
    first = np.ones(num, np.bool_)
    first[1:] = (owner[order][1:] != owner[order][:-1]) | (key[order][1:] != key[order][:-1])
    pick = np.sort(order[first])
    slots = np.repeat(ptr[pick], counts[pick]) + _within(counts[pick])
    return Columns(
        orders,
        owner[pick],
        np.concatenate([[0], np.cumsum(counts[pick])]).astype(np.int64),
        option[slots],
        content[slots],
        cost[pick],
        key[pick],
        use[:, pick],
        complete,
    )


def merge_columns(pricer: Pricer, first: Columns, second: Columns) -> Columns:
    """Columns of both (for the same orders), each plan once."""
    return _describe(
        pricer,
        first.orders,
        np.concatenate([first.owner, second.owner]),
        np.concatenate([np.diff(first.ptr), np.diff(second.ptr)]),
        np.concatenate([first.option, second.option]),
        np.concatenate([first.content, second.content]),
        first.is_complete | second.is_complete,
    )


def columns_of_plans(pricer: Pricer, orders: I64, plans: Assignment) -> Columns:
    """One column an order: its plan in an assignment."""
    count = plans.count[orders]
    slots = np.repeat(pricer.tables.slot_ptr[orders], count) + _within(count)
    return _describe(
        pricer, orders, np.arange(len(orders)), count, plans.option[slots], plans.content[slots],
        np.zeros(len(orders), np.bool_),
    )  # fmt: skip


def append_columns(first: Columns, second: Columns) -> Columns:
    """The columns of both behind each other (for the same orders), whatever is there twice."""
    return Columns(
        first.orders,
        np.concatenate([first.owner, second.owner]),
        np.concatenate([first.ptr, first.ptr[-1] + second.ptr[1:]]),
        np.concatenate([first.option, second.option]),
        np.concatenate([first.content, second.content]),
        np.concatenate([first.cost, second.cost]),
        np.concatenate([first.key, second.key]),
        sparse.hstack([first.use, second.use], format="csc"),
        first.is_complete & second.is_complete,
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """One column an order (None when the solver found no choice), whether proven cheapest, nodes and size."""

    chosen: I64 | None
    is_optimal: bool
    num_nodes: int
    num_entries: int


def work_to_choose(choice: Choice, num_fractional: int) -> float:
    """Work units of a choice: HiGHS's time grows with the cube of what is fractional at its root."""
    return (
        WORK_PER_ENTRY * choice.num_entries * (1 + choice.num_nodes / 10)
        + 4e-7 * (1 + choice.num_nodes / 3) * float(num_fractional) ** 3
    )


def choose_columns(columns: Columns, capacity: I64, time_limit_s: float, node_limit: int, gap: float) -> Choice:
    """The cheapest choice of one column an order within `capacity` [rows]."""
    touched = np.flatnonzero(np.diff(columns.use.tocsr().indptr))
    use = columns.use.tocsr()[touched]
    binding = np.flatnonzero(_most_use(columns, use) > capacity[touched])
    num = len(columns)
    one = sparse.csr_array((np.ones(num), (columns.owner, np.arange(num))), shape=(len(columns.orders), num))
    matrix = sparse.vstack([one, use[binding]], format="csr")
    lower = np.concatenate([np.ones(len(columns.orders)), np.full(len(binding), -np.inf)])
    upper = np.concatenate([np.ones(len(columns.orders)), capacity[touched][binding].astype(float)])
    answer = solve_binary(columns.cost / MICROS, matrix, lower, upper, time_limit_s, node_limit, gap)
    chosen: I64 | None = None
    if answer.values is not None:
        chosen = np.flatnonzero(answer.values > 0.5)
        fits = len(chosen) == len(columns.orders) and bool((use[:, chosen].sum(axis=1) <= capacity[touched]).all())
        chosen = chosen if fits else None  # a solver's tolerance is no licence to oversell
    return Choice(chosen, answer.is_optimal, answer.num_nodes, int(matrix.nnz))


def _most_use(columns: Columns, use: sparse.csr_array) -> np.ndarray:
    """The most that the orders together could use of each row: the sum of each order's largest column."""
    coo = use.tocoo()
    key = coo.row.astype(np.int64) * len(columns.orders) + columns.owner[coo.col]
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(key[order]) > 0]) if len(key) else np.zeros(0, np.int64)
    most = np.maximum.reduceat(coo.data[order], starts) if len(key) else np.zeros(0)
    return np.bincount(coo.row[order][starts], most, use.shape[0]) if len(key) else np.zeros(use.shape[0])


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The linear relaxation over columns: its value (micros), share of every column, prices of rows and of cuts.

    `prices` [rows] are whole micros a unit, `cut_prices` [cuts] are micros.
    """

    value: float
    shares: Floats
    prices: I64
    cut_prices: Floats

    @property
    def num_fractional(self) -> int:
        """How many columns have a share between none and all: a measure of how hard the choice is."""
        return int(((self.shares > _WHOLE) & (self.shares < 1 - _WHOLE)).sum())


def without_dear(pricer: Pricer, columns: Columns, relaxed: Relaxed, cost: int) -> Columns:
    """The columns that a choice cheaper than `cost` could hold, and one an order: reduced-cost fixing.

    A column that alone lifts the relaxation above `cost` (micros) is in no better choice.
    """
    priced = columns.cost + relaxed.prices.astype(float) @ columns.use
    best = np.full(len(columns.orders), np.inf)
    np.minimum.at(best, columns.owner, priced)
    keep = priced - best[columns.owner] <= max(0.0, cost - relaxed.value) + _ROUNDING
    if relaxed.cut_prices.size or keep.all():
        return columns
    return _take(columns, np.flatnonzero(keep))


def _take(columns: Columns, pick: I64) -> Columns:
    """Some columns, with all that belongs to them."""
    counts = np.diff(columns.ptr)[pick]
    slots = np.repeat(columns.ptr[pick], counts) + _within(counts)
    return Columns(
        columns.orders,
        columns.owner[pick],
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        columns.option[slots],
        columns.content[slots],
        columns.cost[pick],
        columns.key[pick],
        columns.use[:, pick],
        columns.is_complete,
    )


def relax_columns(
    columns: Columns,
    capacity: I64,
    time_limit_s: float,
    cuts: sparse.csr_array | None = None,
    limits: Floats | None = None,
) -> Relaxed | None:
    """The linear relaxation over the columns, with `cuts` [cuts, columns] at most `limits`; None when out of time."""
    num = len(columns)
    use = columns.use.tocsr()
    touched = np.flatnonzero(np.diff(use.indptr))
    one = sparse.csr_array((np.ones(num), (columns.owner, np.arange(num))), shape=(len(columns.orders), num))
    matrix, upper = use[touched], capacity[touched].astype(float)
    if cuts is not None and limits is not None:
        matrix, upper = sparse.vstack([matrix, cuts], format="csr"), np.concatenate([upper, limits])
    answer = solve_lp(columns.cost / MICROS, matrix, upper, one, np.ones(len(columns.orders)), time_limit_s)
    if answer is None:
        return None
    duals = np.maximum(0.0, -answer.upper_duals) * MICROS
    prices = np.zeros(use.shape[0], np.int64)
    prices[touched] = np.rint(duals[: len(touched)]).astype(np.int64)
    return Relaxed(answer.objective * MICROS, answer.values, prices, duals[len(touched) :])


def put_columns(pricer: Pricer, columns: Columns, chosen: I64, into: Assignment) -> None:
    """Write chosen columns into an assignment."""
    orders = columns.orders[columns.owner[chosen]]
    counts = np.diff(columns.ptr)[chosen]
    into.count[orders] = counts
    slots = np.repeat(pricer.tables.slot_ptr[orders], counts) + _within(counts)
    source = np.repeat(columns.ptr[chosen], counts) + _within(counts)
    into.option[slots], into.content[slots] = columns.option[source], columns.content[source]


def _within(counts: I64) -> I64:
    """0, 1, ... within each group of the given sizes."""
    return np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
