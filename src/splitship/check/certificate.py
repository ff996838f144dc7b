"""A lower bound on the cost of any feasible plan, recomputed from a certificate as docs/certificate.md says."""

from __future__ import annotations

import time
from functools import cached_property

import numpy as np

from splitship.check.chunks import is_within_int64
from splitship.check.conditions import ConditionTables, condition_tables
from splitship.check.leaves import read_leaves, with_decisions
from splitship.check.narrow import NarrowOrders
from splitship.check.network import Network
from splitship.check.prices import Prices, read_prices, read_shares
from splitship.check.relaxed import UNSETTLED, RelaxedOrders
from splitship.check.rule_terms import RuleTables, rule_tables
from splitship.check.stages import stage_tables
from splitship.check.steps import Steps
from splitship.check.tables import (
    INFINITE,
    DayTables,
    NetworkTables,
    OrderTables,
    PriceTables,
    day_tables,
    network_tables,
    order_tables,
    price_tables,
)
from splitship.check.terms import unfilled_cost
from splitship.check.variants import BoundTables
from splitship.check.violations import Names, Violations
from splitship.check.wide import WideOrders
from splitship.domain import EXACT_STATE_CAP, Certificate, CertificateReport, Problem, Violation
from splitship.units import I64, format_micros


def check_certificate(problem: Problem, certificate: Certificate, threads: int = 2) -> CertificateReport:
    """The bound that a certificate's prices prove, computed anew, and everything wrong with the certificate.

    `bound` is None when a part is unusable: an unknown or repeated resource, a price on something without limit, a
    negative price or share, leaves that leave plans out; or when a wide order has substitutes. A claimed bound above
    the recomputed one is BOUND_NOT_PROVEN; below it is no fault. Shares of lines whose order is priced exactly are not
    used. The answer does not depend on `threads`.
    """
    clock = time.perf_counter()
    found = Violations()
    bounding = _Bounding(problem, threads)
    bound: int | None = None
    if _is_boundable(bounding, found):
        if not certificate.leaves:
            bound = bounding.bound(certificate, bounding.orders, found)
        else:
            bound = _least_of_leaves(bounding, certificate, found)
    if bound is not None and certificate.bound > bound:
        found.add("BOUND_NOT_PROVEN", "certificate.bound", _not_proven(certificate.bound, bound))
    return CertificateReport(
        tuple(found.found),
        bound,
        len(bounding.wide),
        time.perf_counter() - clock,
        num_leaves=max(1, len(certificate.leaves)),
    )


def _is_boundable(bounding: _Bounding, found: Violations) -> bool:
    """Whether there is a bound at all: the one of wide orders does not know substitutes."""
    lines, table = bounding.problem.lines, bounding.problem.line_substitutes
    replaced = np.intersect1d(lines.order_idx[table.line_idx], bounding.wide)
    found.add_rows(
        "SUBSTITUTES_OF_WIDE_ORDER",
        replaced,
        bounding.names.order,
        lambda _: f"substitutes in orders with more than {EXACT_STATE_CAP} quantity vectors have no bound",
    )
    return not len(replaced)


def _least_of_leaves(bounding: _Bounding, certificate: Certificate, found: Violations) -> int | None:
    """The least bound of the leaves, those without any plan left out; None when a part is unusable."""
    decisions = read_leaves(bounding.problem, bounding.steps, certificate, found)
    if decisions is None:
        return None
    least: int | None = None
    for number, leaf in enumerate(certificate.leaves):
        own = Violations()
        bound = bounding.bound(leaf.prices, with_decisions(bounding.orders, decisions, number), own)
        where = f"leaves[{number}]"
        if bound is None:
            found.found.extend(Violation(v.code, f"{where}.{v.where}", v.message) for v in own.found)
            return None
        if bound < INFINITE and leaf.prices.bound > bound:
            found.add("BOUND_NOT_PROVEN", f"{where}.bound", _not_proven(leaf.prices.bound, bound))
        least = bound if least is None else min(least, bound)
    return least


def _not_proven(claimed: int, bound: int) -> str:
    return f"bound claimed {format_micros(claimed)}, its prices prove {format_micros(bound)}"


class _Bounding:
    """Bounds of one problem from prices, under the decisions on its lines."""

    def __init__(self, problem: Problem, threads: int) -> None:
        self.problem, self.threads = problem, threads
        self.names, self.network, self.steps = Names(problem), Network(problem), Steps.of(problem)
        is_wide = self.steps.states > EXACT_STATE_CAP
        self.wide, self.narrow = np.flatnonzero(is_wide), np.flatnonzero(~is_wide)
        self.unfilled = unfilled_cost(problem)

    @cached_property
    def net(self) -> NetworkTables:
        """The network as the kernels read it."""
        return network_tables(self.network)

    @cached_property
    def days(self) -> DayTables:
        """The days as the kernels read them."""
        return day_tables(self.network)

    @cached_property
    def orders(self) -> OrderTables:
        """The orders as the kernels read them, without decisions."""
        return order_tables(self.network, self.steps, self.unfilled)

    @cached_property
    def conditions(self) -> ConditionTables:
        """The conditions on what lies in packages and ships of orders."""
        return condition_tables(self.problem, self.steps)

    @cached_property
    def rules(self) -> RuleTables:
        """The rules as the kernels read them."""
        return rule_tables(self.problem.package_rules)

    def bound(self, certificate: Certificate, orders: OrderTables, found: Violations) -> int | None:
        """The bound that prices prove for plans that keep the decisions in `orders`; INFINITE when there is none.

        None when the prices cannot be used.
        """
        problem, network = self.problem, self.network
        days = network.first_day, network.last_day
        prices = read_prices(problem, network.capacities, network.arrivals, certificate, *days, self.names, found)
        shares = read_shares(problem, certificate, found)
        if prices is None or found.found:
            return None
        if not is_within_int64(network, prices, self.narrow, self.steps, self.unfilled):
            found.add("NUMBERS_TOO_LARGE", "certificate", "prices, costs and weights need more than 62 bits together")
            return None
        tables = price_tables(problem, prices, network.capacities)
        stages = stage_tables(network.arrivals, prices.until)
        read = BoundTables(self.net, self.days, orders, tables, self.rules, stages, self.conditions)
        least = NarrowOrders(network, read, self.steps).bound(self.narrow, self.threads)
        if int(least.max(initial=0)) >= INFINITE:
            return INFINITE
        of_wide = self._least_of_wide(prices, tables, orders, shares) if len(self.wide) else []
        total: int = sum(least.tolist()) + sum(of_wide)
        return total - prices.supply_value

    def _least_of_wide(self, prices: Prices, tables: PriceTables, orders: OrderTables, shares: I64) -> list[int]:
        """At most the least priced cost of every wide order."""
        relaxed = np.full(len(self.wide), UNSETTLED, np.int64)
        if is_within_int64(self.network, prices, self.wide, self.steps, self.unfilled):
            stages = stage_tables(self.network.arrivals, prices.until)
            relaxing = RelaxedOrders(
                self.network, self.net, self.days, orders, tables, self.rules, stages, self.steps, shares
            )
            relaxed = relaxing.bound(self.wide, self.threads)
        exactly = WideOrders(self.network, prices, self.unfilled, shares)
        return [
            exactly.bound(order) if bound == UNSETTLED else bound
            for order, bound in zip(self.wide.tolist(), relaxed.tolist(), strict=True)
        ]
