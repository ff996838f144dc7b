"""Bound and plan in turns: price passes, ejection chains at the new prices, pieces; until a limit or standstill."""

from __future__ import annotations

from dataclasses import dataclass

from splitship.engine.branching import branch
from splitship.engine.cutting import raise_by_cuts
from splitship.engine.dual import PriceSearch
from splitship.engine.ejection import FIRST_SWEEPS, LATER_SWEEPS, Chains
from splitship.engine.generation import is_small_enough, polish_prices
from splitship.engine.neighbourhoods import Pieces, prove_or_improve
from splitship.engine.own_prices import OwnPriceSearch
from splitship.engine.search import Search
from splitship.instance import Instance

_BLOCK, _WARM_BLOCK = 40, 15
_MOST_BLOCKS, _FEW_BLOCKS, _FEWEST_BLOCKS = 40, 3, 1
"""Blocks of passes at most; where the exact relaxation comes after them, the few that bring the most, and fewer still
where most lines may be parted: own prices say little of those."""
_STANDSTILL = 1e-5
"""A block of passes that raises the bound by less than this share of the gap is the last."""
_LEAST_WORK = 0.1
"""Work units that pieces get in a turn at least."""
_IDLE_TURNS = 3
_GAP_FOR_TREE, _LATE_GAP_FOR_TREE, _LONG_CYCLE = 0.004, 0.01, 320
"""Branch and bound begins at the first gap, after long annealing at the second; it closes little of a larger one."""
_SMALL_GAIN = 0.02
"""A turn that closes less of the gap by a better plan than this share is followed by annealing."""
_FIRST_CYCLE, _LONGEST_CYCLE = 20, 640
"""Sweeps of annealing, doubled from turn to turn."""


@dataclass(slots=True)
class Bound:
    """The side of the bound: blocks of price passes; then, for small batches, the exact relaxation with cuts."""

    search: Search
    prices: PriceSearch
    own: OwnPriceSearch | None = None
    num_blocks: int = 0
    most_blocks: int = _MOST_BLOCKS
    is_settled: bool = False
    is_done: bool = False

    def turn(self, num_passes: int = _BLOCK) -> bool:
        """Raise the bound, at first by so many passes; whether it rose."""
        search = self.search
        before = search.bound
        if search.bound_pass is None or self.is_done:
            return False
        if not self.is_settled:
            self._block(num_passes)
        else:
            self.finish()
        return search.bound != before

    def finish(self) -> None:
        """The exact relaxation, with cuts, where the batch is small enough for it."""
        if self.is_done or self.search.is_over():
            return
        if self.own is None or not self.own.can_help:
            polish_prices(self.search)
        raise_by_cuts(self.search)
        self.is_done = True

    def _block(self, num_passes: int) -> None:
        search = self.search
        assert search.bound_pass is not None
        assert search.objective is not None
        before = search.bound_pass.bound
        if self.own is None:
            self.own = OwnPriceSearch.start(search.pricer, search.bound_pass)
        for _ in range(num_passes):
            if search.is_over():
                return
            if self.own.can_help:
                search.offer_bound("own prices", self.own.step(search.objective))
            else:
                search.offer_bound("prices", self.prices.step())
        self.num_blocks += 1
        gap = search.objective - before
        rose = search.bound_pass.bound - before
        self.is_settled = (self.num_blocks > 2 and rose <= _STANDSTILL * gap) or self.num_blocks >= self.most_blocks


def _are_mostly_whole(instance: Instance) -> bool:
    """Whether at least half of the lines of several units ship whole."""
    has_several = instance.line_quantity > 1
    return 2 * int((instance.line_step > 1).sum()) >= int(has_several.sum())


def improve_in_turns(search: Search, prices: PriceSearch, is_warm: bool = False) -> None:
    """Take turns at bound and plan until a limit stops the search or nothing moves any more.

    `is_warm`: plan and prices are those of an earlier answer, which have to find out first what is new.
    """
    if search.best is None or search.bound_pass is None or search.is_over():
        return
    bound, pieces = Bound(search, prices), Pieces.start(search)
    if is_warm:
        bound.turn(_WARM_BLOCK)
    chains = Chains.start(search)
    for how in FIRST_SWEEPS:
        chains.sweep(how)
    if is_small_enough(search.instance):
        bound.most_blocks = _FEW_BLOCKS if _are_mostly_whole(search.instance) else _FEWEST_BLOCKS
    idle, cycle = 0, _FIRST_CYCLE
    assert search.objective is not None
    while not search.is_over() and idle < _IDLE_TURNS:
        begun, before = search.work, search.objective
        moved = bound.turn()
        chains.adopt_best()
        for how in LATER_SWEEPS:
            moved = chains.sweep(how) > 0 or moved
        moved = pieces.turn(max(_LEAST_WORK, search.work - begun)) or moved
        chains.adopt_best()
        if pieces.is_proven:
            bound.finish()
            break
        gap = search.gap or 0.0
        if bound.is_done and gap <= (_GAP_FOR_TREE if cycle < _LONG_CYCLE else _LATE_GAP_FOR_TREE):
            branch(search)
            break
        gained, missing = before - search.objective, search.objective - search.bound_pass.bound
        if gained <= _SMALL_GAIN * missing:
            moved = chains.anneal(cycle) or moved
            moved = moved or cycle < _LONGEST_CYCLE
            cycle = min(2 * cycle, _LONGEST_CYCLE)
        idle = 0 if moved else idle + 1
    prove_or_improve(search)
