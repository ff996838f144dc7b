"""What an answer costs, term by term, and how the cost of one becomes that of another: the waterfalls."""

from __future__ import annotations

from collections.abc import Sequence

from splitship.domain import CostTerms, Result
from splitship.packs.documents import COST_TERMS
from splitship.planning.report.tables import Bar, Cell, Column, Table, Typed

_MARGIN = 0.25
"""Of the range that the steps of a waterfall cover, shown below and above it."""


def build_up(result: Result) -> Table:
    """The terms of the objective one after the other; each bar begins where the one before ends."""
    costs = result.report.costs or CostTerms()
    terms = [(term, getattr(costs, term)) for term in COST_TERMS if getattr(costs, term)]
    total = result.objective
    rows: list[tuple[Cell, ...]] = [(term, amount, amount / total if total else None) for term, amount in terms]
    rows.append(("total", total, 1.0 if total else None))
    return Table(
        "costs",
        f"What it costs, in {result.problem.currency}",
        (Column("term"), Column("cost", "money"), Column("share of all", "share")),
        rows,
        bars=(*_steps(0, [amount for _, amount in terms])[1:], Bar(*_scaled(0, total, *_range(0, [total])), "total")),
        has_total=True,
    )


def waterfall(base: Result, other: Result, name: str, other_name: str) -> Table:
    """From the cost of one answer to that of another; the steps add up to the difference, to the micro."""
    before, after = base.report.costs or CostTerms(), other.report.costs or CostTerms()
    steps = [(term, getattr(before, term), getattr(after, term)) for term in COST_TERMS]
    steps = [step for step in steps if step[1] != step[2]]
    rows: list[tuple[Cell, ...]] = [(name, base.objective, None)]
    rows += [(term, new, _change(new - old)) for term, old, new in steps]
    rows.append((other_name, other.objective, _change(other.objective - base.objective)))
    return Table(
        "waterfall",
        f"From {name} to {other_name}, in {base.problem.currency}",
        (Column("term"), Column("cost", "money"), Column("change", "money")),
        rows,
        note="Terms that cost the same in both are left out. The bars show the part of the scale where something "
        "changes; it does not begin at 0.",
        bars=_steps(base.objective, [new - old for _, old, new in steps], is_windowed=True),
        has_total=True,
    )


def _change(micros: int) -> Typed:
    return Typed(micros, "money", is_change=True, is_good=micros < 0)


def _steps(start: int, changes: Sequence[int], is_windowed: bool = False) -> tuple[Bar, ...]:
    """A bar for the start, one for each change from where the one before ends, one for the end if it is windowed."""
    least, most = _range(start, changes, is_windowed)
    bars = [Bar(*_scaled(least if is_windowed else 0, start, least, most), "total")]
    at = start
    for change in changes:
        kind = ("up" if change > 0 else "down") if is_windowed else "plain"
        bars.append(Bar(*_scaled(at, at + change, least, most), kind))  # type: ignore[arg-type]
        at += change
    if is_windowed:
        bars.append(Bar(*_scaled(least, at, least, most), "total"))
    return tuple(bars)


def _range(start: int, changes: Sequence[int], is_windowed: bool = False) -> tuple[float, float]:
    levels = [start]
    for change in changes:
        levels.append(levels[-1] + change)
    least, most = min(levels), max(levels)
    if not is_windowed:
        return min(0, least), max(most, 1)
    margin = _MARGIN * (most - least) or 1
    return least - margin, most + margin


def _scaled(one: float, other: float, least: float, most: float) -> tuple[float, float]:
    """Start and length, in thousandths of the range."""
    low, high = sorted((one, other))
    return round(1000 * (low - least) / (most - least), 1), max(1.5, round(1000 * (high - low) / (most - least), 1))
