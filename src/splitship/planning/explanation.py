"""Why an order is served as it is: its cost, what it takes from others, and every other way with what it would cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from splitship.domain import CostTerms, Plan, Problem, Result
from splitship.instance.order_test import OrderOption
from splitship.planning.taken import Taken
from splitship.units import I64, day_text, format_micros


class PricesFrom(StrEnum):
    """Where the prices of an explanation come from, and what they are worth."""

    CERTIFICATE = "certificate"
    """Those that prove the bound of the answer."""
    COMMON = "common"
    """The certificate has own prices of lines: such stock has one price for all here, at which it is worth the same."""
    LEAF = "leaf"
    """The certificate is in leaves: of the leaf that proves least; lines' own prices as in COMMON."""
    FOUND = "found"
    """The answer has no certificate: found by a short search."""

    @property
    def words(self) -> str:
        """As a clause for a reader."""
        return {
            "certificate": "the prices that prove the bound",
            "common": "the prices that prove the bound, lines' own prices made one price for all",
            "leaf": "the prices of one part of the proof, the weakest",
            "found": "prices found by a short search: this answer has none",
        }[self.value]


@dataclass(frozen=True, slots=True)
class OrderPlan:
    """One way to serve an order: packages with positions in the problem, cost by term, what it takes at prices.

    `costs` are the checker's, of the order alone: without what only a whole batch pays (`soft` has what this order
    alone would: promises it breaks, units out of priced reserves). `deliver_day`, `package_cost` (micros) are
    [packages]; `late_days` those of the latest package; `num_left` units stay unfilled.
    `is_priced` False: what it takes could not be told, and `taken` is empty.
    """

    plan: Plan
    costs: CostTerms
    deliver_day: I64
    package_cost: I64
    late_days: int
    num_left: int
    taken: tuple[Taken, ...]
    is_priced: bool = True

    @property
    def direct(self) -> int:
        """What it costs by itself, micros."""
        return self.costs.total

    @property
    def price_of_taken(self) -> int:
        """What it takes from others, at the prices, micros."""
        return sum(each.amount for each in self.taken)

    @property
    def total(self) -> int:
        """Both together: its cost at the prices, micros."""
        return self.direct + self.price_of_taken


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way to serve the order, against the one that was chosen.

    `difference` (micros) is its cost at the prices less that of the chosen plan: above 0 it lost by so much, below 0 it
    looks better at these prices than what was chosen. `verdict` says why in words. `node_id` is the node for
    which it is the best way, None for the best ways of all.
    """

    way: OrderPlan
    difference: int
    direct_difference: int
    verdict: str
    node_id: str | None = None


@dataclass(frozen=True, slots=True)
class NodeView:
    """What a node could do for the order: the best way that ships a whole line from it, or why it cannot.

    `distance_km` is None where a place has no coordinates; `is_used`: the chosen plan ships from it. `obstacles` are
    pairs of a reason code and a detail, by which the whole order cannot ship from it by any service.
    """

    node_id: str
    distance_km: float | None
    is_used: bool
    best: Alternative | None
    obstacles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class UnfilledPart:
    """Units of a line that do not ship, with the reason."""

    line_id: str
    quantity: int
    reason: str
    detail: str
    cost: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """The account of one order in one answer.

    `alternatives` are the best other ways at the prices, cheapest first; surely the best where `are_best`.
    `one_package` is the best way in one package with all units, None where there is none (or the chosen plan is one,
    or the order has too many lines, `is_wide`). `nodes` are sorted by distance. `options` are all nodes and services
    for the whole order alone, those that are not possible with their reasons. `regret` is what the cheapest way at the
    prices would save against the chosen plan: no saving that could be had, as prices know nothing of whole units.
    """

    result: Result = field(repr=False)
    order_idx: int
    order_id: str
    prices_from: PricesFrom
    chosen: OrderPlan
    alternatives: tuple[Alternative, ...]
    are_best: bool
    one_package: Alternative | None
    nodes: tuple[NodeView, ...]
    options: tuple[OrderOption, ...] = field(repr=False)
    unfilled: tuple[UnfilledPart, ...]
    notes: tuple[str, ...] = ()
    is_wide: bool = False

    @property
    def regret(self) -> int:
        """Micros by which the chosen plan is dearer at the prices than the cheapest way; 0 where it is the cheapest."""
        return max([0, *(-each.difference for each in self.alternatives)])

    @property
    def num_packages(self) -> int:
        """Packages of the chosen plan."""
        return len(self.chosen.plan)

    def node(self, node_id: str) -> NodeView | None:
        """What one node could do."""
        return next((view for view in self.nodes if view.node_id == node_id), None)

    def words_of(self, way: OrderPlan) -> str:
        """A way in a few words: `EAST by ground on 2026-11-30: 2 x KETTLE; 1 unit unfilled`."""
        return plan_words(self.result.problem, way.plan, way.num_left)


def plan_words(problem: Problem, plan: Plan, num_left: int) -> str:
    """Packages of one order, and units that stay, in a few words."""
    sku_idx, parts = plan.skus(problem.lines.sku_idx), []
    for package in range(len(plan)):
        rows = np.flatnonzero(plan.content_package == package).tolist()
        held = ", ".join(f"{plan.content_quantity[row]} x {problem.skus.sku_id[sku_idx[row]]}" for row in rows)
        node, service = problem.nodes.node_id[plan.node_idx[package]], problem.services.service_id
        day = day_text(int(plan.ship_day[package]))
        parts.append(f"{node} by {service[plan.service_idx[package]]} on {day}: {held}")
    if num_left:
        parts.append(f"{num_left:,} unfilled")
    return "; ".join(parts) if parts else "nothing"


def verdict(chosen: OrderPlan, other: OrderPlan, currency: str) -> str:
    """Why another way lost, in words built from the numbers."""

    def money(micros: int) -> str:
        return f"{format_micros(micros)} {currency}"

    direct = other.direct - chosen.direct
    if not (chosen.is_priced and other.is_priced):
        by_itself = f"{money(abs(direct))} {'dearer' if direct > 0 else 'cheaper'}" if direct else "as cheap"
        return f"{by_itself} by itself; what it takes from others is not told"
    prices = other.price_of_taken - chosen.price_of_taken
    total = direct + prices
    by_itself = (
        f"{money(direct)} dearer by itself" if direct > 0
        else f"{money(-direct)} cheaper by itself" if direct else "as cheap by itself"
    )  # fmt: skip
    more = max(
        (each for each in other.taken if each.amount > 0),
        key=lambda each: each.amount - sum(one.amount for one in chosen.taken if one.words == each.words),
        default=None,
    )
    if prices > 0:
        what = f", mostly {more.text}" if more is not None else ""
        rest = f"takes {money(prices)} more from others{what}"
    elif prices < 0:
        rest = f"takes {money(-prices)} less from others"
    else:
        rest = "takes as much from others"
    if total > 0:
        return f"lost by {money(total)}: {by_itself}, {rest}"
    if total < 0:
        return f"looks {money(-total)} better at these prices: {by_itself}, {rest}"
    return f"as good at these prices: {by_itself}, {rest}"
