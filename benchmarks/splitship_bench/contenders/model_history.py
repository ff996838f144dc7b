"""What a solver reported while it ran, on the clock of the record: few entries, never at odds with its last word."""

from __future__ import annotations

import math
from collections.abc import Callable

from splitship_bench.records import Incumbent

MOST_ENTRIES = 200
"""Entries of a thinned history."""

_FINEST = 1e-9


class History:
    """Collects (best objective, best bound) in micros as a solver tells them; `elapsed` is the clock.

    `rounding_micros` is how far the model's costs may be off: bounds are lowered by it.
    """

    def __init__(self, elapsed: Callable[[], float], rounding_micros: int = 0) -> None:
        self._elapsed = elapsed
        self._rounding = rounding_micros
        self._entries: list[Incumbent] = []

    def add(self, objective: float | None, bound: float | None) -> None:
        """An entry at this moment."""
        self._entries.append(
            (
                self._elapsed(),
                None if objective is None else round(objective),
                None if bound is None else math.floor(bound) - self._rounding,
            )
        )

    def ended(self, at: float, objective: int | None, bound: int | None) -> list[Incumbent]:
        """All entries, monotone, and one of the final answer at `at`.

        Logs are rounded, so no entry may be better than the final answer: it is cut down to that. Without a final
        objective or bound (a solver that gives neither values nor bound at its end) no earlier one counts either.
        """
        entries: list[Incumbent] = []
        best: tuple[int | None, int | None] = None, None
        for seconds, told_objective, told_bound in self._entries:
            if told_objective is not None and objective is not None:
                worse = max(told_objective, objective)
                best = worse if best[0] is None else min(best[0], worse), best[1]
            if told_bound is not None and bound is not None:
                weaker = min(told_bound, bound)
                best = best[0], weaker if best[1] is None else max(best[1], weaker)
            if best != (None, None) and (not entries or best != entries[-1][1:]):
                entries.append((min(seconds, at), *best))
        if (objective, bound) != (None, None):
            entries.append((at, objective, bound))
        return thinned(entries)


def thinned(entries: list[Incumbent], most: int = MOST_ENTRIES) -> list[Incumbent]:
    """At most `most` entries: first and last, the first of each kind, and those that change enough since the last kept.

    What is enough is the smallest of a series of relative changes, each twice the one before, that leaves few enough.
    """
    enough = 0.0
    kept = entries
    while len(kept) > max(most, 4):
        enough = max(2 * enough, _FINEST)
        kept = _changes(entries, enough)
    return kept


def _changes(entries: list[Incumbent], enough: float) -> list[Incumbent]:
    size = max(abs(value) for value in (*entries[-1][1:], 1) if value is not None)
    kept = [entries[0]]
    for entry in entries[1:-1]:
        last = kept[-1]
        change = 0.0
        for now, before in zip(entry[1:], last[1:], strict=True):
            if now is not None:
                change += math.inf if before is None else abs(now - before) / size
        if change > enough:
            kept.append(entry)
    return [*kept, entries[-1]]
