"""What the optimiser minimises, within which limits, and for how long it may work."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

EXACT_STATE_CAP = 1024
"""Orders with at most this many quantity vectors are priced exactly; wider ones get a proven bound."""


@dataclass(frozen=True, slots=True)
class Objective:
    """Prices of the objective's terms, in the currency of the problem.

    `delivery_day`: per package and day from the order's start date to delivery. `late_day`: per package and
    late day, times the order's priority. `split`: per package of an order beyond the first (rounded to a
    micro). `unfilled_unit`, `unfilled_value`: per unit not shipped, plus this share of its value, both
    times priority. All default to 0 and are at least 0.
    """

    delivery_day: Decimal = Decimal(0)
    late_day: Decimal = Decimal(0)
    split: Decimal = Decimal(0)
    unfilled_unit: Decimal = Decimal(0)
    unfilled_value: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on every order; None is no limit. `horizon_days` allows later ship days (0: only the first possible)."""

    max_packages: int | None = None
    max_distance_km: Decimal | None = None
    max_transit_days: int | None = None
    horizon_days: int = 0


@dataclass(frozen=True, slots=True)
class SolveOptions:
    """How long and how far to search.

    `time_limit_s`: wall clock from the start of the solve, None for no limit. `work_limit`: units of
    deterministic work (one unit is about one second of a single core of 2024), None for no limit.
    `gap`: stop at (objective - bound) / |objective| <= gap. `threads`: 1 or more; the answer does not
    depend on it. `solver` names the MIP solver for `method="mip"`.
    """

    time_limit_s: float | None = 60.0
    work_limit: float | None = None
    gap: float = 0.001
    seed: int = 1
    threads: int = 2
    method: str = "order-plans"
    solver: str | None = None
