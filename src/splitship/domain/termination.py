"""Why a solve stopped."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TerminationReason(StrEnum):
    """OPTIMAL: no better plan exists. NOTHING_TO_SHIP: no demand. The others say which stop came first."""

    OPTIMAL = "OPTIMAL"
    GAP_REACHED = "GAP_REACHED"
    TIME_LIMIT = "TIME_LIMIT"
    WORK_LIMIT = "WORK_LIMIT"
    INTERRUPTED = "INTERRUPTED"
    NOTHING_TO_SHIP = "NOTHING_TO_SHIP"


GIVEN_LIMIT = "given"
"""The limit of answers whose plan was given, not searched for."""


@dataclass(frozen=True, slots=True)
class Termination:
    """Reason, the limit that was hit (`time_limit_s=5`, None when none was), and detail in words."""

    reason: TerminationReason
    limit: str | None = None
    detail: str = ""


class BoundSource(StrEnum):
    """CERTIFICATE: recomputed by the checker. SOLVER: claimed by a MIP solver only. NONE: no bound."""

    CERTIFICATE = "certificate"
    SOLVER = "solver"
    NONE = "none"


class Reason(StrEnum):
    """Why a unit is unfilled, in the order of the stages a unit passes; the last one reached counts."""

    NOT_CARRIED = "NOT_CARRIED"
    NODE_EXCLUDED = "NODE_EXCLUDED"
    NODE_CLOSED = "NODE_CLOSED"
    RULE = "RULE"
    TOO_FAR = "TOO_FAR"
    NO_SERVICE = "NO_SERVICE"
    TOO_HEAVY = "TOO_HEAVY"
    TOO_LATE = "TOO_LATE"
    NO_STOCK = "NO_STOCK"
    CAPACITY = "CAPACITY"
    MAX_PACKAGES = "MAX_PACKAGES"
    SHIP_COMPLETE = "SHIP_COMPLETE"
    COSTLIER_THAN_UNFILLED = "COSTLIER_THAN_UNFILLED"
