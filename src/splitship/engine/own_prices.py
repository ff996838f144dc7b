# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Own prices by subgradient passes: bounds above the linear optimum over plans at the speed of a price pass.

Where lines ship whole, a stock row is better priced line by line and counted as the knapsack of what fits
(engine/claims.py). The bound is then concave in one price per claim, and a subgradient is, for every claim, what the
orders take at these prices less what the knapsack takes. Every pass moves

    price of a claim's whole move  by  step x smoothed (taken by its order - taken by the knapsack)
    price of any other row         by  step x smoothed (use - supply) / (max(use, supply) + 1)

with Polyak's step, (cost of the best plan - best bound) / squared length of the subgradient, times a factor that
decays (Polyak 1969, doi 10.1016/0041-5553(69)90061-5; smoothing as in Barahona and Anbil 2000,
doi 10.1007/s101070050002). The decomposition is that of Guignard and Kim 1987, doi 10.1007/BF02591868.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numba import njit

from splitship.engine.claims import Claims, claim_prices, rows_with_own_prices
from splitship.engine.dual import Made, Pass, Pricer
from splitship.spans import spanned
from splitship.units import I64, Bools, Floats

_FIRST_FACTOR, _HALF_LIFE = 4.0, 40
_SMOOTHING = 0.8
_WARM_PASSES = _HALF_LIFE


@njit(cache=True, nogil=True)
def taken_of_plans(t, count, option, content, claim_of, taken):
    """How many pieces of every claim the narrow plans take, into `taken` [claims]."""
    taken[:] = 0
    for order in range(len(count)):
        if t.is_wide[order]:
            continue
        for i in range(t.slot_ptr[order], t.slot_ptr[order] + count[order]):
            left = content[i]
            for j in range(t.option_line_ptr[option[i]], t.option_line_ptr[option[i] + 1]):
                radix = t.option_line_radix[j]
                digit, left = left % radix, left // radix
                if digit > 0 and claim_of[j] >= 0:
                    taken[claim_of[j]] += digit


@njit(cache=True, nogil=True)
def choose_claims(rows, ptr, units, pieces, price, capacity, chosen):
    """The best choice of claims within each row's supply, into `chosen` [claims]: pieces; returns its worth in micros.

    `price` [claims] is whole micros a unit; claims worth nothing are never chosen.
    """
    most, widest = np.int64(0), np.int64(0)
    for row in rows:
        most = max(most, capacity[row])
        items = np.int64(0)
        for claim in range(ptr[row], ptr[row + 1]):
            items = items + min(pieces[claim], capacity[row] // units[claim])
        widest = max(widest, items)
    best = np.zeros(most + 1, np.int64)
    takes = np.zeros((widest, most + 1), np.bool_)
    claim_of_item = np.zeros(widest, np.int64)
    worth = np.int64(0)
    for row in rows:
        supply = capacity[row]
        best[: supply + 1] = 0
        items = np.int64(0)
        for claim in range(ptr[row], ptr[row + 1]):
            chosen[claim] = 0
            weight = units[claim]
            value = price[claim] * weight
            if value <= 0:
                continue
            for _ in range(min(pieces[claim], supply // weight)):
                takes[items, : supply + 1] = False
                claim_of_item[items] = claim
                for room in range(supply, weight - 1, -1):
                    with_it = best[room - weight] + value
                    if with_it > best[room]:
                        best[room] = with_it
                        takes[items, room] = True
                items += 1
        worth += best[supply]
        room = supply
        for item in range(items - 1, -1, -1):
            if takes[item, room]:
                chosen[claim_of_item[item]] += 1
                room -= units[claim_of_item[item]]
    return worth


@njit(cache=True, nogil=True)
def sum_of_squares(rows, ptr, taken, chosen):
    """Squared length of taken - chosen over the claims of `rows`."""
    squares = 0.0
    for row in rows:
        for claim in range(ptr[row], ptr[row + 1]):
            excess = float(taken[claim]) - chosen[claim]
            squares += excess * excess
    return squares


@njit(cache=True, nogil=True)
def move_prices(rows, ptr, units, taken, chosen, smoothed, smoothing, step, price):
    """Smooth what every claim of `rows` is taken beyond what is chosen, and move its price, never below zero."""
    for row in rows:
        for claim in range(ptr[row], ptr[row + 1]):
            excess = float(taken[claim]) - chosen[claim]
            smoothed[claim] = smoothing * smoothed[claim] + (1.0 - smoothing) * excess
            price[claim] = max(0.0, price[claim] + step * smoothed[claim] / units[claim])
    return 0.0


@njit(cache=True, nogil=True)
def write_prices(start, end, claim_of, is_own, claim_row, price, out):
    """The own prices of option lines start..end-1 into `out` [option lines]."""
    for j in range(start, end):
        claim = claim_of[j]
        if claim >= 0 and is_own[claim_row[claim]]:
            out[j] = price[claim]
        else:
            out[j] = 0


@dataclass(slots=True)
class OwnPriceSearch:
    """Moves own prices and the prices of all other rows, pass by pass.

    `is_own` [rows] are the rows priced line by line; `price` [claims] and `common` [rows] the prices now, in micros.
    """

    pricer: Pricer
    claims: Claims
    is_own: Bools
    price: Floats
    common: Floats
    best: Pass
    num_passes: int = 0
    has_moved: bool = False
    parts: list[I64] = field(init=False)
    taken: np.ndarray = field(init=False)
    chosen: np.ndarray = field(init=False)
    smoothed: np.ndarray = field(init=False)
    smoothed_use: Floats = field(init=False)
    need: Floats = field(init=False)

    def __post_init__(self) -> None:
        rows = np.flatnonzero(self.is_own)
        sizes = np.cumsum(np.diff(self.claims.ptr)[rows])
        middle = int(np.searchsorted(sizes, sizes[-1] / 2)) if len(rows) else 0
        self.parts = [rows[:middle], rows[middle:]]
        self.taken, self.chosen = np.zeros(len(self.price), np.int16), np.zeros(len(self.price), np.int16)
        self.smoothed = np.zeros(len(self.price), np.float32)
        self.smoothed_use = np.zeros(len(self.common))
        self.need = self.pricer.instance.draws.needs(len(self.common)).astype(float)

    @classmethod
    def start(cls, pricer: Pricer, best: Pass) -> OwnPriceSearch:
        """From the prices of the best pass so far."""
        claims = pricer.need_claims()
        num_rows = len(pricer.instance.resources)
        already = rows_with_own_prices(pricer.instance, pricer.tables, best.prices)
        price = claim_prices(claims, pricer.tables, best.prices).astype(float)
        common = best.prices[:num_rows].astype(float)
        later = _WARM_PASSES if already.any() else 0  # prices found before are moved less
        return cls(pricer, claims, claims.is_granular | already, price, common, best, later)

    @property
    def can_help(self) -> bool:
        """Whether any row may be priced line by line."""
        return bool(self.is_own.any())

    def step(self, target: int) -> Pass:
        """One pass at the current prices, then move them towards a bound of `target` (micros: the best plan's cost)."""
        claims, capacity = self.claims, self.pricer.instance.resources.capacity
        whole = np.rint(self.price).astype(np.int64)
        common = np.where(self.is_own, 0, np.rint(self.common)).astype(np.int64)
        worth = self._over_rows(
            lambda rows: int(choose_claims(rows, claims.ptr, claims.units, claims.pieces, whole, capacity, self.chosen))
        )
        supply = int(np.dot(common, capacity)) + sum(worth)
        result = self.pricer.price(self._prices(common, whole), supply)
        if result.bound > self.best.bound:
            self.best = result
        self._move(result, target)
        self.num_passes, self.has_moved = self.num_passes + 1, True
        return result

    @spanned("own prices")
    def _prices(self, common: I64, whole: I64) -> I64:
        claims, num_rows = self.claims, len(common)
        num = len(claims.of_option_line)
        prices = np.empty(num_rows + num, np.int64)
        prices[:num_rows] = common

        def write(part: tuple[int, int]) -> None:
            write_prices(*part, claims.of_option_line, self.is_own, claims.row, whole, prices[num_rows:])

        self.pricer.in_threads(write, [(0, num // 2), (num // 2, num)])
        return prices

    @spanned("own prices")
    def _move(self, result: Pass, target: int) -> None:
        claims, tables, plans = self.claims, self.pricer.tables, result.plans
        supply = self.pricer.instance.resources.capacity.astype(float)
        taken = self.taken
        taken_of_plans(tables, plans.count, plans.option, plans.content, claims.of_option_line, taken)
        squares = sum(self._over_rows(lambda rows: sum_of_squares(rows, claims.ptr, taken, self.chosen)))
        use = result.use.astype(float)
        relative = (use - supply) / (np.maximum(use, supply) + 1.0) / self.need
        counts = ~self.is_own & ((self.common > 0) | (use > supply))
        squares += float(np.dot((use - supply)[counts], relative[counts]))
        smoothing = _SMOOTHING if self.has_moved else 0.0
        factor = _FIRST_FACTOR / (1.0 + self.num_passes / _HALF_LIFE)
        step = factor * max(0, target - self.best.bound) / max(squares, 1.0)
        self.smoothed_use = smoothing * self.smoothed_use + (1 - smoothing) * relative
        self.common = np.where(self.is_own, self.common, np.maximum(0.0, self.common + step * self.smoothed_use))
        self._over_rows(
            lambda rows: move_prices(
                rows, claims.ptr, claims.units, taken, self.chosen, self.smoothed, smoothing, step, self.price
            )
        )

    def _over_rows(self, work: Callable[[I64], Made]) -> list[Made]:
        """`work` on two fixed parts of the rows with own prices, in two threads where there are two."""
        return self.pricer.in_threads(work, self.parts)
