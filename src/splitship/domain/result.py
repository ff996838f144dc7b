"""The answer to a solve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from splitship.domain.certificate import Certificate
from splitship.domain.frames import contents_frame, costs_frame, packages_frame, unfilled_frame
from splitship.domain.plan import Plan
from splitship.domain.policy import SolveOptions
from splitship.domain.problem import Problem
from splitship.domain.report import PlanReport
from splitship.domain.result_html import result_html
from splitship.domain.termination import GIVEN_LIMIT, BoundSource, Reason, Termination
from splitship.units import I64, Strings, format_micros


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a solve: seconds since its start, the phase, best objective and bound so far (micros)."""

    seconds: float
    phase: str
    objective: int | None
    bound: int | None

    @property
    def gap(self) -> float | None:
        """(objective - bound) / |objective|."""
        return relative_gap(self.objective, self.bound)


@dataclass(frozen=True, slots=True)
class UnfilledLines:
    """What does not ship: order line positions, units, the reason and a detail, each [unfilled]."""

    line_idx: I64
    quantity: I64
    reason: tuple[Reason, ...]
    detail: Strings


@dataclass(frozen=True, slots=True)
class Result:
    """A verified plan with its bound. `report` is the checker's account of it, costs by package included.

    `bound` is in micros, None when there is none; `certificate` is None unless bound_source is CERTIFICATE.
    `unavoidable_unfilled_cost` (micros) is what no plan could avoid: units beyond all eligible stock.
    `has_possible_package` is False when there is demand and no package at all could serve it.
    `seconds` maps phases (read, compile, prices, primal, check, total) to wall time.
    """

    problem: Problem
    options: SolveOptions
    plan: Plan
    unfilled: UnfilledLines
    report: PlanReport
    objective: int
    bound: int | None
    bound_source: BoundSource
    certificate: Certificate | None
    termination: Termination
    events: tuple[Event, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    num_relaxed_orders: int = 0
    unavoidable_unfilled_cost: int = 0
    peak_memory_mb: float = 0.0
    method: str = "order-plans"
    has_possible_package: bool = True

    @property
    def gap(self) -> float | None:
        """(objective - bound) / |objective|; None without a bound, 0 for an objective of 0 that the bound meets."""
        return relative_gap(self.objective, self.bound)

    @property
    def proven_bound(self) -> int | None:
        """`bound` where the checker recomputed it from a certificate (micros); None for what a solver only claims."""
        return self.bound if self.bound_source is BoundSource.CERTIFICATE else None

    @property
    def is_given(self) -> bool:
        """Whether the plan was there already, from a file or another system, and was not searched for."""
        return self.termination.limit == GIVEN_LIMIT

    def packages_frame(self, *, micros: bool = False) -> pd.DataFrame:
        """A row a package: ids, days, units and cost by term. A plan holds positions only; ids and costs are here.

        `ship_on`, `deliver_on` and `deliver_by` (the order's promise, NaT without one) are datetime64; `late_days`
        calendar days after the promise. Money is float64 in the problem's currency, for eyes and charts; with
        `micros` it is exact int64 of 10^-6, in columns whose names end in `_micros`. The order's share of costs that
        belong to no package (split, unfilled) is in `splitship.orders_frame`.

        Raises:
            ValueError: the plan has packages that are impossible, and so have no costs.
        """
        return packages_frame(self, micros)

    def contents_frame(self) -> pd.DataFrame:
        """A row a line in a package: the SKU that ships, the one that was ordered (another for a substitute), units.

        Kits ship as their components: `ordered_sku_id` is the component then.
        """
        return contents_frame(self)

    def unfilled_frame(self) -> pd.DataFrame:
        """A row a line that does not ship, or not whole: units (kits of a kit), reason, detail."""
        return unfilled_frame(self)

    def costs_frame(self, *, micros: bool = False) -> pd.DataFrame:
        """A row a term of the objective, its cost (as in `packages_frame`) and share of the whole."""
        return costs_frame(self, micros)

    def _repr_html_(self) -> str:
        return result_html(self)

    def __repr__(self) -> str:
        gap = "no bound" if self.gap is None else f"gap {self.gap:.3%}"
        return (
            f"Result({self.problem.name!r}, {format_micros(self.objective)} {self.problem.currency}, {gap}, "
            f"{len(self.plan)} packages, {self.termination.reason.value})"
        )


def relative_gap(objective: int | None, bound: int | None) -> float | None:
    """(objective - bound) / |objective|, 0 when both are 0, None when either is missing or it is undefined."""
    if objective is None or bound is None:
        return None
    if objective == 0:
        return 0.0 if bound == 0 else None
    return (objective - bound) / abs(objective)
