"""Improving a plan by ejection chains, in sweeps over the orders that stand dearer than their best at prices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.engine.assignment import Assignment
from splitship.engine.ejection_chains import Journal, eject_orders, make_journal
from splitship.engine.search import Search
from splitship.engine.users import Standing
from splitship.engine.work import WORK_PER_CONTENT, WORK_PER_LOOK
from splitship.spans import spanned
from splitship.units import I64, Bools

_CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Sweep:
    """How one sweep goes.

    `worth`: share of the prices in what a plan is worth; `noise`: wishes are at prices off by up to this share, at
    random; `depth`: links of a chain; `looks`: orders looked at for one that is in the way; `grace` (micros): chains
    are kept that cost less than a random amount up to this.
    """

    worth: float
    noise: float = 0.0
    depth: int = 5
    looks: int = 12
    grace: int = 0


FIRST_SWEEPS = (Sweep(0.8), Sweep(0.5), Sweep(0.3), Sweep(0.15), Sweep(0.0))
LATER_SWEEPS = (Sweep(0.5), Sweep(0.2), Sweep(0.0), Sweep(0.0, noise=0.5), Sweep(0.0, noise=0.5), Sweep(0.0, noise=0.7))
_HEAT = 5.0
"""Annealing begins with chains kept that cost up to so many mean regrets."""
_LOOKS_ANNEALING, _NOISE_ANNEALING = 6, 0.6


@dataclass(slots=True)
class Chains:
    """Ejection chains over one standing plan, kept from sweep to sweep."""

    search: Search
    standing: Standing
    journal: Journal
    lock: I64
    is_stock: Bools
    narrow: I64
    objective: int
    salt: int = 1

    @classmethod
    def start(cls, search: Search) -> Chains:
        """Chains over the best plan so far."""
        assert search.best is not None
        assert search.objective is not None
        pricer = search.pricer
        residual = search.residual(search.best)
        standing = Standing.of(search.instance, pricer.tables, pricer.need_claims(), search.best, residual)
        return cls(
            search,
            standing,
            make_journal(pricer.tables),
            lock=np.zeros(search.instance.num_orders, np.int64),
            is_stock=search.instance.resources.kind == 0,
            narrow=np.flatnonzero(~search.instance.is_wide),
            objective=search.objective,
        )

    @spanned("ejection chains")
    def sweep(self, how: Sweep) -> int:
        """One sweep at the best prices so far; returns how many chains were kept."""
        search, tables, plans = self.search, self.search.pricer.tables, self.standing.assignment
        assert search.bound_pass is not None
        if search.is_over():
            return 0
        prices = search.bound_pass.prices
        wish, worth = prices.copy(), np.rint(prices * how.worth).astype(np.int64)
        if how.noise:
            factor = search.random.uniform(1.0 - how.noise, 1.0 + how.noise, len(prices))
            wish = np.rint(prices * factor).astype(np.int64)
        sequence, _ = self.dear_orders()
        if how.grace:
            sequence = search.random.permutation(sequence)
        tally = np.zeros(3, np.int64)
        before = search.pricer.cost_of(plans, self.narrow)
        for start in range(0, len(sequence), _CHUNK):
            if search.is_over():
                break
            eject_orders(
                tables, self.standing.users, self.is_stock, sequence[start : start + _CHUNK], wish, worth,
                self.standing.residual, search.pricer.scratch[0], self.journal,
                plans.count, plans.option, plans.content, how.depth, how.looks, how.grace, self.salt, self.lock, tally,
            )  # fmt: skip
        self.salt += 1
        search.work += WORK_PER_LOOK * int(tally[0]) + WORK_PER_CONTENT * len(search.instance.content_cost) / 10
        self.objective += search.pricer.cost_of(plans, self.narrow) - before
        search.offer_plan("ejection chains", plans, self.objective)
        return int(tally[1])

    def anneal(self, num_sweeps: int) -> bool:
        """Sweeps that also keep chains that cost a little, less and less; whether the best plan got better.

        Simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983, doi 10.1126/science.220.4598.671) over chains.
        """
        search = self.search
        before = search.objective
        _, regret = self.dear_orders()
        heat = _HEAT * float(regret.mean()) if len(regret) else 0.0
        for number in range(num_sweeps):
            if search.is_over():
                break
            grace = int(heat * (1 - number / num_sweeps))
            self.sweep(Sweep(0.0, _NOISE_ANNEALING, looks=_LOOKS_ANNEALING, grace=max(1, grace)))
        self.adopt_best()
        return search.objective != before

    def dear_orders(self) -> tuple[I64, I64]:
        """Narrow orders whose plan is dearer at prices than their best, the dearest first, and by how much."""
        search, plans = self.search, self.standing.assignment
        assert search.bound_pass is not None
        cost = search.bound_pass.cost
        regret = search.pricer.regrets(plans, search.bound_pass)
        least = max(1, int(np.mean(cost)) // 2_000) if len(cost) else 1
        dear = np.flatnonzero(regret > least)
        found: I64 = dear[np.lexsort((dear, -regret[dear]))]
        return found, regret[found]

    def adopt_best(self) -> None:
        """Go on from the best plan of the search when another method has found it."""
        assert self.search.best is not None
        assert self.search.objective is not None
        if self.search.is_over():
            return
        self.adopt(self.search.best, self.search.objective)

    def adopt(self, assignment: Assignment, objective: int) -> None:
        """Go on from another plan of the given cost (micros), which must be the same for wide orders."""
        self.standing.adopt(self.search.pricer.tables, assignment)
        self.objective = objective
