"""The suites: which contender meets which instance, for how long, how often."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from splitship.errors import UsageError

OURS = "splitship"
SOLVERS = ("highs", "highs-scipy", "scip", "cp-sat", "cbc")
RULES = (
    "first_location",
    "priority",
    "nearest",
    "highest_stock_first",
    "min_splits_ranked",
    "fewest_splits",
    "single_then_multi",
    "per_order_optimal",
    "partitioned_1500",
)
LITERATURE = ("linking_lp",)
QUICK_RULES = ("nearest", "fewest_splits", "per_order_optimal")
BASE = ("calm", "peak", "scarce", "scattered", "twolayer")
"""Families whose orders are narrow."""
PROOF = 0.0001
"""The gap at which solvers call a plan proven; ours is asked for the same."""
GROWTH_GAP = 0.0075
"""The certified gap whose time is followed over sizes."""


@dataclass(frozen=True, slots=True)
class Job:
    """One contender on one instance, `repeats` times. It may stop at the relative `gap`; `limit_s` is wall time."""

    instance: str
    contender: str
    limit_s: float
    gap: float = PROOF
    repeats: int = 1


@dataclass(frozen=True, slots=True)
class Suite:
    """A named list of jobs. `minutes` is what it may take on two cores."""

    name: str
    description: str
    minutes: int
    jobs: tuple[Job, ...]


def _jobs(
    instances: Iterable[str], contenders: Iterable[str], limit_s: float, gap: float = PROOF, repeats: int = 1
) -> list[Job]:
    contenders = tuple(contenders)
    return [Job(instance, name, limit_s, gap, repeats) for instance in instances for name in contenders]


def _smoke() -> list[Job]:
    return [
        Job("calm-300-n50-s1", OURS, 10, 0.005, 3),
        Job("peak-300-n50-s1", OURS, 10, 0.03, 3),
        Job("scattered-300-n50-s1", OURS, 10, 0.02, 3),
        Job("wide-300-n10-s1", OURS, 10, 0.25, 2),
        Job("calm-1k-n50-s1", OURS, 10, 0.005, 3),
        Job("calm-10k-n50-s1", OURS, 20, 0.012, 2),
        *_jobs(["calm-1k-n50-s1"], QUICK_RULES, 10),
        Job("calm-300-n50-s1", "highs-scipy", 10),
    ]


def _standard() -> list[Job]:
    small = [f"{family}-300-n50-s1" for family in BASE]
    middle = [f"{family}-1k-n50-s1" for family in BASE]
    large = [f"{family}-10k-n50-s1" for family in ("calm", "peak")]
    return [
        *_jobs([*small, "wide-300-n10-s1", *middle, "us-retail"], [OURS], 10, repeats=2),
        *_jobs(large, [OURS], 30, repeats=2),
        *_jobs(small, ["highs-scipy"], 30),
        *_jobs([*small, *middle, *large], ["per_order_optimal", "fewest_splits"], 30),
    ]


def _scale() -> list[Job]:
    sizes = ("1k", "3k", "10k", "30k", "100k", "1m")
    return [
        *_jobs(["calm-1k-n50-s1", "calm-3k-n50-s1", "calm-10k-n50-s1"], [OURS], 60, GROWTH_GAP, 3),
        *_jobs(["calm-30k-n50-s1", "calm-100k-n50-s1"], [OURS], 120, GROWTH_GAP, 2),
        *_jobs(["calm-1m-n50-s1"], [OURS], 300, GROWTH_GAP),
        *_jobs(["peak-1k-n50-s1", "peak-10k-n50-s1", "peak-100k-n50-s1"], [OURS], 60, GROWTH_GAP),
        *_jobs([f"calm-{size}-n50-s1" for size in sizes], ["per_order_optimal"], 120),
        *_jobs(["calm-1k-n50-s1", "calm-10k-n50-s1"], ["partitioned_1500"], 120),
    ]


def _quality() -> list[Job]:
    small = [f"{family}-300-n50-s1" for family in BASE]
    middle = [f"{family}-1k-n50-s1" for family in BASE]
    return [
        *_jobs([*small, *middle, "wide-300-n10-s1"], [OURS], 20),
        *_jobs(small, SOLVERS, 20),
        *_jobs(["calm-1k-n50-s1"], SOLVERS, 60),
        *_jobs(["twolayer-1k-n50-s1", "scattered-1k-n50-s1"], ["highs", "highs-scipy"], 30),
        *_jobs(["wide-300-n10-s1"], ["highs", "scip"], 20),
        *_jobs([*small, *middle], [*RULES, *LITERATURE], 60),
        *_jobs(["wide-300-n10-s1"], RULES, 60),
    ]


def _real() -> list[Job]:
    return [
        *_jobs(["hello", "us-retail", "brunel", "brunel-raised"], [OURS], 20, repeats=2),
        *_jobs(["hello", "us-retail"], SOLVERS, 20),
        *_jobs(["brunel", "brunel-raised"], ["highs", "highs-scipy"], 20),
        *_jobs(["hello", "us-retail"], [*RULES, *LITERATURE], 30),
        *_jobs(["brunel", "brunel-raised"], ["first_location", "priority", "per_order_optimal"], 30),
    ]


_BUILDERS: dict[str, tuple[str, int, Callable[[], list[Job]]]] = {
    "smoke": ("a quick look that nothing got slower or worse; continuous integration runs it", 2, _smoke),
    "standard": ("every family at 300 and 1,000 orders, two at 10,000, ours twice", 30, _standard),
    "scale": ("growth of time and memory from 1,000 to 1,000,000 orders", 60, _scale),
    "quality": ("all policies and solvers against ours, every family", 40, _quality),
    "real": ("the packs that ship with the project", 10, _real),
}

SUITES: Mapping[str, Suite] = MappingProxyType(
    {
        name: Suite(name, description, minutes, tuple(build()))
        for name, (description, minutes, build) in _BUILDERS.items()
    }
)
"""All suites by name."""


def suite(name: str) -> Suite:
    """The suite of this name.

    Raises:
        UsageError: there is none.
    """
    if name not in SUITES:
        close = get_close_matches(name, SUITES, 1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise UsageError(f"no suite {name!r}: there are {', '.join(SUITES)}{hint}")
    return SUITES[name]
