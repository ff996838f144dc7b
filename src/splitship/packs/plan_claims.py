"""What a plan file holds once it is read: the plan, its certificate, and the numbers it claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from splitship.domain import Certificate, Plan
from splitship.units import I64


@dataclass(frozen=True, slots=True)
class Claims:
    """Numbers that a plan document states and a checker can recompute; each is optional.

    Money in micros. `costs` maps terms of the objective; `package_costs` maps terms of a package's cost to (package
    positions, micros); `deliver_day` is (package positions, day numbers); `unfilled` is (line positions, units),
    None when the document has no such list. `input_hash` is that of the problem it was made for.
    """

    objective: int | None = None
    bound: int | None = None
    costs: Mapping[str, int] = field(default_factory=dict)
    package_costs: Mapping[str, tuple[I64, I64]] = field(default_factory=dict)
    deliver_day: tuple[I64, I64] | None = None
    unfilled: tuple[I64, I64] | None = None
    input_hash: str | None = None


class PlanFile(NamedTuple):
    """A plan as read; `certificate` is None when the file has none, `claims` when it claims nothing."""

    plan: Plan
    certificate: Certificate | None
    claims: Claims | None
