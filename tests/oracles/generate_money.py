"""Random prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oracles.generate import Picks


def money(picks: Picks, most_cents: int) -> str:
    """A price: whole units, cents, or with more decimals than a micro has."""
    if picks.chance(10):
        return f"{picks.integer(0, most_cents) // 100}.{picks.integer(0, 999_999_999):09d}"
    if picks.chance(5):  # half a micro: what rounding to the even one is about
        return f"{picks.integer(0, most_cents) // 100}.{picks.integer(0, 999_999):06d}5"
    cents = picks.integer(0, most_cents)
    return f"{cents // 100}.{cents % 100:02d}"
