"""Branch and bound over claims: does a line ship from a node? Proves small batches, leaf by leaf.

Each part of the plans is bounded by column generation with cuts under its decisions; the prices become the proof of its
leaf (docs/certificate.md). The part with the least bound is parted next, at the claim whose two answers raise the
relaxation most (strong branching with pseudo-costs: Achterberg, Koch and Martin 2005, doi 10.1016/j.orl.2004.04.002).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

import numpy as np

from splitship.engine.assignment import Assignment
from splitship.engine.decisions import Barring, Path
from splitship.engine.diving import dive
from splitship.engine.ejection import LATER_SWEEPS, Chains
from splitship.engine.generation import is_small_enough
from splitship.engine.leaves import Leaves, Proof
from splitship.engine.master import near_best_columns, put_columns
from splitship.engine.search import Search
from splitship.engine.tree_master import Point, TreeMaster
from splitship.spans import spanned
from splitship.units import I64, MICROS, Floats

MOST_LEAVES = 2_000
_MOST_ROUNDS = 12
_CUT_ROUNDS = 5
_CAP = 60
_COLUMNS_PER_ORDER, _LEAST_SLACK = 6, MICROS // 10
"""As many near-best plans are in the relaxation from the start; others come in when prices ask for them."""
_WORK_PER_PIVOT = 1e-4
_CHECK_PER_CONTENT = 8e-7
"""Seconds that the checker takes for a content of the instance and a leaf."""
_BETWEEN_DIVES = 8
_ROUNDING = 50
"""Micros that prices in whole micros may cost a bound."""
_WHOLE = 1e-6
_RELIABLE = 1
_LINES_FIRST = 4.0
"""Whether a line ships at all is expected to matter this much more than from where, until something is known."""
_MOST_PROBES, _LOOK_AHEAD = 16, 8


@dataclass(slots=True)
class _Gains:
    """How much each answer on a subject raised the relaxation, per unit of share moved: sums and counts, [2, subjects].

    Subjects from `num_claims` on are lines.
    """

    total: Floats
    count: I64
    num_claims: int

    @classmethod
    def of(cls, num_subjects: int, num_claims: int) -> _Gains:
        return cls(np.zeros((2, num_subjects)), np.zeros((2, num_subjects), np.int64), num_claims)

    def note(self, subject: int, ships: bool, gain: float, moved: float) -> None:
        self.total[int(ships), subject] += gain / moved
        self.count[int(ships), subject] += 1

    def expected(self, subjects: I64, share: Floats) -> Floats:
        """Expected gains, [2, subjects given]; where nothing is known, the mean of what is: of claims, or of lines."""
        out = np.empty((2, len(subjects)))
        for side, moved in enumerate((share, 1.0 - share)):
            total, count = self.total[side], self.count[side]
            of_claims = self._mean(total[: self.num_claims], count[: self.num_claims], float(MICROS))
            of_lines = self._mean(total[self.num_claims :], count[self.num_claims :], _LINES_FIRST * of_claims)
            mean = np.where(subjects < self.num_claims, of_claims, of_lines)
            known = count[subjects]
            out[side] = np.where(known > 0, total[subjects] / np.maximum(1, known), mean) * moved
        return out

    @staticmethod
    def _mean(total: Floats, count: I64, default: float) -> float:
        known = count > 0
        return float((total[known] / count[known]).mean()) if known.any() else default


@spanned("branch and bound")
def branch(search: Search) -> None:
    """Part the plans until the bound meets the plan or a limit stops; `search.leaves` is a valid bound at any time.

    For batches without wide orders, small enough for the linear relaxation.
    """
    instance, pricer = search.instance, search.pricer
    if search.bound_pass is None or search.best is None or search.objective is None or search.is_over():
        return
    if instance.is_wide.any() or not is_small_enough(instance) or not pricer.need_claims().is_whole.any():
        return
    tree = _Tree.start(search)
    try:
        tree.grow()
    finally:
        tree.master.close()


@dataclass(slots=True)
class _Tree:
    search: Search
    master: TreeMaster
    barring: Barring
    gains: _Gains
    open: list[tuple[int, int, Proof]] = field(default_factory=list)
    closed: list[Proof] = field(default_factory=list)
    num_nodes: int = 0
    next_dive: int = 0
    failed_dives: int = 0
    chains: Chains | None = None

    @classmethod
    def start(cls, search: Search) -> _Tree:
        assert search.bound_pass is not None
        assert search.objective is not None
        pricer = search.pricer
        orders = np.arange(search.instance.num_orders)
        slack = search.objective - search.bound_pass.bound
        while True:
            columns = near_best_columns(
                pricer, orders, search.bound_pass.prices, np.full(len(orders), slack, np.int64), _CAP, search.best
            )
            if len(columns) <= _COLUMNS_PER_ORDER * len(orders) or slack <= _LEAST_SLACK:
                break
            slack = max(_LEAST_SLACK, slack * 2 // 3)
        rows = np.flatnonzero(search.bound_pass.prices[: len(search.instance.resources)] > 0)
        master = TreeMaster(pricer, columns, search.cuts, rows, 2 * abs(search.objective) + MICROS)
        return cls(
            search, master, Barring(pricer.tables, master.claims), _Gains.of(len(master.may_decide), master.num_claims)
        )

    @property
    def enough(self) -> int:
        """A leaf with this bound needs no more: the plan is within the gap asked for."""
        objective = self.search.objective
        assert objective is not None
        return objective - max(_ROUNDING, int(abs(objective) * self.search.options.gap))

    def grow(self) -> None:
        """Part the part with the least bound, again and again."""
        search = self.search
        assert search.bound_pass is not None
        root = self._bounded(Proof.of((), search.bound_pass.bound, search.bound_pass.prices))
        if root is None:
            return
        self._keep(root)
        search.offer_leaves("branch and bound", self._leaves())
        self._dive(root)
        while self.open and not self._is_over() and len(self.open) + len(self.closed) < MOST_LEAVES:
            proof = self.open[0][2]
            claim = self._claim_of(proof) if proof.bound < self.enough else -1
            if search.is_over():
                return
            if claim < 0:
                self.closed.append(heapq.heappop(self.open)[2])
                continue
            children = [self._bounded(proof.below((*proof.path, (claim, ships)))) for ships in (False, True)]
            kept = [child for child in children if child is not None]
            if len(kept) < len(children):  # out of time: the part stays whole
                return
            heapq.heappop(self.open)
            for child in kept:
                self._keep(child)
            search.offer_leaves("branch and bound", self._leaves())
            if self.num_nodes >= self.next_dive:
                self._dive(min(kept, key=lambda child: child.bound))

    def _is_over(self) -> bool:
        """Whether to stop now: the checker prices the batch once for every leaf, which takes of the time left."""
        search = self.search
        leaves = len(self.open) + len(self.closed)
        to_check = _CHECK_PER_CONTENT * len(search.instance.content_cost) * leaves
        return search.is_over(to_check)

    def _keep(self, proof: Proof) -> None:
        self.num_nodes += 1
        heapq.heappush(self.open, (proof.bound, self.num_nodes, proof))

    def _leaves(self) -> Leaves:
        return Leaves((*self.closed, *(proof for _, _, proof in self.open)))

    def _claim_of(self, proof: Proof) -> int:
        """The claim to part a part at, -1 when there is none."""
        point = self._point(proof.path)
        return -1 if point is None else self._choose(point)

    def _point(self, path: Path) -> Point | None:
        """The relaxation under decisions; its pivots count as work."""
        search, master, before = self.search, self.master, self.master.pivots
        point = master.solve(path, search.seconds_left())
        search.work += _WORK_PER_PIVOT * (master.pivots - before)
        return point

    def _dive(self, proof: Proof) -> None:
        """Look for a better plan below a part; after every failure twice as long is waited for the next."""
        search, path, master, before = self.search, proof.path, self.master, self.search.objective
        if proof.bound >= self.enough or search.is_over():
            return
        point = self._point(path)
        pivots = master.pivots
        found = None if point is None else dive(search, master, path, point)
        search.work += _WORK_PER_PIVOT * (master.pivots - pivots)
        if found is None:
            return
        search.offer_plan("dives", *found)
        if self.chains is None:
            self.chains = Chains.start(search)
        self.chains.adopt(*found)
        for sweep in LATER_SWEEPS:
            self.chains.sweep(sweep)
        self.failed_dives = 0 if search.objective != before else self.failed_dives + 1
        self.next_dive = self.num_nodes + _BETWEEN_DIVES * 2**self.failed_dives

    def _bounded(self, proof: Proof) -> Proof | None:
        """The best proof found for the part of a path; None when a limit came before the end."""
        search, master, path = self.search, self.master, proof.path
        bars = self.barring.bars(path)
        cut_rounds = 0
        for _ in range(_MOST_ROUNDS):
            point = None if search.is_over() else self._point(path)
            if point is None:
                return None
            result = search.pricer.price(point.prices, bars=bars)
            if result.bound > proof.bound:
                proof = Proof.of(path, result.bound, result.prices)
            if proof.bound >= self.enough:
                break
            if master.add_plans(result, point) or self._improve(point):
                continue
            if cut_rounds == _CUT_ROUNDS or not master.add_cuts_at(point):
                break
            cut_rounds += 1
        return proof

    def _improve(self, point: Point) -> bool:
        """Whether the point is a plan, better than the best so far, and kept."""
        is_taken = point.shares > _WHOLE
        if np.any(is_taken & (point.shares < 1 - _WHOLE)):
            return False
        chosen = np.flatnonzero(is_taken)
        columns, search = self.master.columns, self.search
        if len(chosen) != len(columns.orders):
            return False
        assignment = Assignment.empty(search.pricer.tables)
        put_columns(search.pricer, columns, chosen, assignment)
        if len(search.residual(assignment)) and search.residual(assignment).min() < 0:
            return False
        return search.offer_plan("branch and bound", assignment, int(columns.cost[chosen].sum()))

    def _choose(self, point: Point) -> int:
        """The claim to part at: the one whose two answers raise the relaxation most; -1 when none is fractional."""
        master, search = self.master, self.search
        share = np.asarray(master.taken @ point.shares)
        found = np.flatnonzero((share > _WHOLE) & (share < 1 - _WHOLE) & master.may_decide)
        if not len(found):
            return -1
        found = self._distinct(found, point)
        expected = self.gains.expected(found, share[found])
        room = max(1.0, self.enough - point.value)

        def worth(gains: Floats) -> Floats:
            return np.asarray(np.maximum(np.minimum(gains[0], room), 1.0) * np.maximum(np.minimum(gains[1], room), 1.0))

        sequence = np.lexsort((found, np.abs(share[found] - 0.5), -worth(expected)))
        best, best_worth, probes, idle = int(found[sequence[0]]), -1.0, 0, 0
        for position in sequence.tolist():
            claim = int(found[position])
            gains = expected[:, position].copy()
            if self.gains.count[:, claim].min() < _RELIABLE:
                if probes == _MOST_PROBES or idle == _LOOK_AHEAD or search.is_over():
                    break
                probes += 1
                for ships in (False, True):
                    before = master.pivots
                    value = master.probe(claim, ships, search.seconds_left())
                    search.work += _WORK_PER_PIVOT * (master.pivots - before)
                    gains[int(ships)] = min(room, max(0.0, value - point.value))
                    moved = float(share[claim]) if not ships else 1.0 - float(share[claim])
                    self.gains.note(claim, ships, gains[int(ships)], moved)
            its_worth = float(worth(gains[:, None])[0])
            idle += 1
            if its_worth > best_worth:
                best, best_worth, idle = claim, its_worth, 0
        return best

    def _distinct(self, claims: I64, point: Point) -> I64:
        """Of claims that the same columns of the point take, the first."""
        support = np.flatnonzero(point.shares > _WHOLE)
        taken = self.master.taken[claims][:, support]
        seen: set[bytes] = set()
        kept = []
        for position, claim in enumerate(claims.tolist()):
            key = np.sort(taken.indices[taken.indptr[position] : taken.indptr[position + 1]]).tobytes()
            if key not in seen:
                seen.add(key)
                kept.append(claim)
        return np.array(kept, np.int64)
