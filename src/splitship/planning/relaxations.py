"""Priced infeasibility: what would have to give for unfilled units to ship, and what each such relaxation saves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from splitship.domain import Event, Reason, Result
from splitship.errors import UsageError
from splitship.planning.blocked_lines import Candidate
from splitship.planning.confirming import Confirmation, Confirmer, Say
from splitship.planning.relaxation_candidates import candidates
from splitship.planning.served import order_position

_LOOKED_AT = 4
"""Candidates whose bound is looked at, for each that is confirmed."""
_OF_A_GROUP = 2
"""Nodes at which more of one SKU is tried."""

_Bounded = tuple[int, int, Candidate, int | None]
"""What it could save (below 0, for sorting), its number, the candidate, and what is proven of the changed problem."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One relaxation in business words: `amount` more of `unit` ('' where it is made or not).

    `reasons` are why lines stop at it, `blocked_units` their unfilled units. `confirmed` is what it saves in all, other
    orders' moves counted in.
    """

    words: str
    amount: int
    unit: str
    reasons: tuple[Reason, ...]
    blocked_units: int
    confirmed: Confirmation


@dataclass(frozen=True, slots=True)
class Relaxations:
    """Relaxations of an answer that were confirmed, those that save most first: what one saves is what it may cost at
    most to be worth it.

    `idle` are those confirmed that save nothing. `num_candidates` were found, `num_looked_at` of them bounded.
    `unfilled` counts the answer's unfilled units by reason. `best` is the answer, or a better plan for the same problem
    that was come upon. `is_complete`: all that was asked for is confirmed.
    """

    result: Result
    best: Result
    relaxations: tuple[Relaxation, ...]
    idle: tuple[Relaxation, ...]
    num_candidates: int
    num_looked_at: int
    is_complete: bool = True

    @property
    def unfilled(self) -> dict[Reason, int]:
        """Unfilled units by reason, in the sequence of the reasons."""
        left = self.result.unfilled
        units = dict.fromkeys(Reason, 0)
        for reason, quantity in zip(left.reason, left.quantity.tolist(), strict=True):
            units[reason] += quantity
        return {reason: number for reason, number in units.items() if number}

    @property
    def improvement(self) -> int:
        """By how much the base turned out to be improvable, in micros."""
        return self.result.objective - self.best.objective


def relaxations(
    result: Result,
    top: int = 10,
    *,
    order_id: str | None = None,
    on_event: Callable[[Event], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    say: Say | None = None,
) -> Relaxations:
    """What could give so that an answer's unfilled units ship; the `top` most promising confirmed by solving again.

    Candidates come from the places where lines stop: stock at nodes that have the rest, capacity that is used up,
    closed nodes, services not offered, rules, limits, orders' limits of packages, cut-offs that were missed. Those at
    which most unfilled money stops are bounded by the answer's certificate, and those that could save most by their
    bound are solved. With `order_id` only what that one order lacks is looked at; savings are of the whole batch still.

    Raises:
        UsageError: an answer without a certificate, `top` below 0, or no such order.
    """
    if top < 0:
        raise UsageError(f"top: expected a whole number of at least 0, got {top}")
    order = None if order_id is None else order_position(result.problem, order_id)
    confirmer = Confirmer(result, on_event, should_stop)
    every = candidates(result.problem, result.plan, order)
    chosen = _various(every, _LOOKED_AT * top)
    bounded: list[_Bounded] = []
    for number, candidate in enumerate(chosen, 1):
        if confirmer.is_over:
            break
        if say is not None:
            say(f"bounding {number} of {len(chosen)}: {candidate.words}")
        bound = confirmer.bound_with(candidate.make())
        # without a bound nothing speaks against it
        worth = candidate.money if bound is None else min(candidate.money, result.objective - bound)
        bounded.append((-worth, number, candidate, bound))
    found: list[Relaxation] = []
    most_promising = _few_of_a_group(sorted(bounded, key=lambda each: each[:2]))[:top]
    for number, (_, _, candidate, bound) in enumerate(most_promising, 1):
        if say is not None:
            say(f"{number} of {len(most_promising)}: {candidate.words}")
        confirmed = None if confirmer.is_over else confirmer.confirm(candidate.make(), bound)
        if confirmed is None:
            break
        found.append(
            Relaxation(
                candidate.words,
                candidate.amount,
                candidate.unit,
                tuple(reason for reason in Reason if reason in candidate.reasons),
                candidate.units,
                confirmed,
            )
        )
    is_complete = len(found) == len(most_promising) and len(bounded) == len(chosen)
    ranked = sorted(found, key=lambda each: (-each.confirmed.saving, -each.confirmed.filled, each.words))
    return Relaxations(
        result,
        confirmer.best,
        tuple(each for each in ranked if each.confirmed.saving > 0),
        tuple(each for each in ranked if each.confirmed.saving <= 0),
        len(every),
        len(bounded),
        is_complete,
    )


def _various(every: list[Candidate], most: int) -> list[Candidate]:
    """So many candidates, in turn of each set of reasons, so that no one kind is all of them."""
    turns: dict[tuple[str, ...], int] = {}
    turn = []
    for each in every:
        reasons = tuple(sorted(each.reasons))
        turns[reasons] = turns.get(reasons, -1) + 1
        turn.append(turns[reasons])
    order = sorted(range(len(every)), key=lambda at: (turn[at], at))
    return [every[at] for at in order[:most]]


def _few_of_a_group(bounded: list[_Bounded]) -> list[_Bounded]:
    """Without candidates of which better ones of the same group come before."""
    count: dict[object, int] = {}
    kept = []
    for each in bounded:
        group = each[2].group
        count[group] = count.get(group, 0) + 1
        if count[group] <= _OF_A_GROUP:
            kept.append(each)
    return kept
