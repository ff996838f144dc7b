"""An interval in which a difference is proven to lie."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high` micros; None: nothing is proven on that side."""

    low: int | None = None
    high: int | None = None
