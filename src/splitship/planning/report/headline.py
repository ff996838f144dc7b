"""The first things to know of an answer: how far it can be trusted, and its numbers in large type."""

from __future__ import annotations

from dataclasses import dataclass

from splitship.domain import Result
from splitship.planning.report.key_figures import KeyFigures
from splitship.planning.report.tables import least_text, money_text, share_text
from splitship.units import NO_DATE


@dataclass(frozen=True, slots=True)
class Tile:
    """One number of an answer in large type."""

    name: str
    value: str
    more: str = ""


def statement(result: Result) -> tuple[str, str, str]:
    """How far the answer can be trusted: a class, the words, and what is proven."""
    currency = result.problem.currency
    if not result.report.is_feasible:
        count = result.report.num_violations
        places = "place" if count == 1 else "places"
        return "unproven", "Not feasible.", f"The plan breaks rules of the pack in {count:,} {places}."
    if result.bound is None or result.gap is None:
        proven = "The plan is feasible and its cost exact; how much better a plan could be is not proven."
        return "unproven", "No bound.", proven
    least = f"{least_text(result.bound)} {currency} (gap {share_text(result.gap)})"
    if result.proven_bound is not None:
        proven = (
            f"No plan costs less than {least}: the independent checker recomputed this bound from its prices, "
            "and found the plan feasible at exactly the stated cost."
        )
        return "certified", "Certified.", proven
    claimed = f"The solver claims that no plan costs less than {least}; nobody has checked it."
    return "claimed", "Not certified.", claimed


def tiles(result: Result, figures: KeyFigures, at: int) -> tuple[Tile, ...]:
    """Cost, gap, packages, fill, promises and why it stopped, of the answer at a position of the figures."""
    currency = result.problem.currency
    text = figures.text
    gap = "not proven" if result.gap is None else share_text(result.gap)
    least = "no bound" if result.bound is None else f"at least {least_text(result.bound)}"
    termination = result.termination
    more = f"{text('orders.split', at)} of {text('orders.shipping', at)} orders split"
    left = f"{text('unfilled', at)} of {text('units', at)} units do not ship"
    has_promise = bool((result.problem.orders.deliver_by < NO_DATE).any())
    late = f"{text('packages.late', at)} packages late" if has_promise else "no promises"
    kind = "gap" if result.bound is None else "certified gap"
    if result.bound is not None and result.proven_bound is None:
        kind, least = "gap claimed by the solver", f"{least}, unchecked"
    stopped, limit = termination.reason.value.replace("_", " ").lower(), termination.limit or ""
    if result.is_given:
        stopped, limit = "given", "not searched for"
    return (
        Tile(f"total cost, {currency}", money_text(result.objective), figures.change(at)),
        Tile(kind, gap, least),
        Tile("packages an order", text("packages.per_order", at), more),
        Tile("units shipped", text("fill.units", at), left),
        Tile("on time", text("on_time", at), late),
        Tile("stopped", stopped, limit),
    )
