"""Conditions under which a comparison fails, in words a command line can carry: `sgm>1.10`."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from splitship.errors import UsageError
from splitship_bench.compare.comparison import ALL, Comparison, Group

METRICS = {
    "sgm": "time of B over A, shifted geometric mean",
    "sgm_low": "lower end of its 95 % interval: above 1 is clearly slower",
    "worst": "largest time ratio of a cell",
    "memory": "peak memory of B over A, geometric mean",
    "gap": "largest increase of a final gap, percentage points",
    "wrong": "runs of B that are wrong, failed or killed",
    "missing": "cells of A that B does not have",
}
"""What a condition may be about."""

_EXAMPLE = "for example sgm>1.10, splitship:gap>0.5 or wrong>0"
_PATTERN = re.compile(
    r"(?:(?P<contender>.+):)?\s*(?P<metric>[a-z_]+)\s*(?P<sign>>=|>)\s*(?P<limit>\d+(?:\.\d*)?|\.\d+)"
)


@dataclass(frozen=True, slots=True)
class Condition:
    """`metric` of METRICS, for one `contender` or ALL, above (or `inclusive`: at) `limit`."""

    metric: str
    limit: float
    inclusive: bool
    contender: str = ALL

    def __str__(self) -> str:
        owner = "" if self.contender == ALL else f"{self.contender}:"
        return f"{owner}{self.metric}{'>=' if self.inclusive else '>'}{self.limit:g}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """If a condition `fires`, the `value` it is about (None: nothing to judge by), and why in words."""

    condition: Condition
    fires: bool
    value: float | None
    words: str


def parse_condition(text: str) -> Condition:
    """A condition such as `sgm>1.10`, `wrong>0` or `splitship:worst>=1.5`.

    Raises:
        UsageError: not of the form [CONTENDER:]METRIC>NUMBER; says what is wrong and gives examples.
    """
    match = _PATTERN.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"condition {text!r}: expected [CONTENDER:]METRIC>NUMBER or >=, {_EXAMPLE}")
    if match["metric"] not in METRICS:
        raise UsageError(
            f"condition {text!r}: no metric {match['metric']!r}; there are {', '.join(METRICS)}, {_EXAMPLE}"
        )
    contender = (match["contender"] or ALL).strip()
    return Condition(match["metric"], float(match["limit"]), match["sign"] == ">=", contender)


def judge(condition: Condition, comparison: Comparison) -> Verdict:
    """Hold a comparison against a condition.

    A metric that cannot be had fires: a gate that finds nothing to judge must not let everything through. Times are
    the exception: where cells are on both sides and all at their limits, there is no time and nothing to hold against.

    Raises:
        UsageError: neither side has the contender.
    """
    group = comparison.groups.get(condition.contender)
    if group is None:
        names = ", ".join(name for name in comparison.groups if name != ALL) or "none"
        raise UsageError(
            f"condition {condition}: no contender {condition.contender!r} in these records; there are {names}"
        )
    value, words = _value(condition.metric, group)
    if value is None:
        excused = condition.metric in ("sgm", "sgm_low", "worst") and group.common > 0
        return Verdict(
            condition, not excused, None, f"{words}, so {condition} {'does not fire' if excused else 'fires'}"
        )
    fires = value >= condition.limit if condition.inclusive else value > condition.limit
    return Verdict(condition, fires, value, f"{words}: {condition} {'fires' if fires else 'does not fire'}")


def _value(metric: str, group: Group) -> tuple[float | None, str]:
    who = "all contenders" if group.contender == ALL else group.contender
    if metric == "wrong":
        return group.wrong, f"{who}: {group.wrong} runs of B wrong, failed or killed"
    if metric == "missing":
        return group.missing, f"{who}: {group.missing} cells of A missing in B"
    if not group.common:
        return None, f"{who}: no cell is on both sides"
    if metric == "memory":
        return group.memory, (
            f"{who}: peak memory was not measured"
            if group.memory is None
            else f"{who}: memory {group.memory:.3f} times"
        )
    if metric == "gap":
        place = f" on {group.gap_at.instance}" if group.gap_at else ""
        if group.gap is None:
            return None, f"{who}: no final gap in A to compare with"
        return group.gap, f"{who}: largest change of a final gap {group.gap:+.3f} percentage points{place}"
    if group.time is None or group.worst is None:
        return None, f"{who}: every cell is at its limit on both sides"
    if metric == "worst":
        ratio = group.worst.ratio or math.nan
        return ratio, f"{who}: worst time ratio {ratio:.3f}, {group.worst.contender} on {group.worst.instance}"
    if metric == "sgm_low":
        if not group.time.bounded:
            return None, f"{who}: too few runs for an interval"
        return group.time.low, f"{who}: lower end of the time ratio {group.time.low:.3f}"
    return group.time.point, f"{who}: time {group.time.point:.3f} times"
