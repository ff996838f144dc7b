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
from splitship.check.promises import PromiseTables, promise_tables, promised_micros
from splitship.check.relaxed import UNSETTLED, RelaxedOrders
from splitship.check.released import with_used_up_quotas
from splitship.check.reserve_terms import reserve_tables
from splitship.check.reserves import ChannelStock, channels
from splitship.check.rule_terms import RuleTables, rule_tables
from splitship.check.stages import stage_tables
from splitship.check.steps import Steps
from splitship.check.tables import (
    INFINITE,
    DayTables,
    NetworkTables,
    OrderTables,
    day_tables,
    network_tables,
    order_tables,
    price_tables,
)
from splitship.check.terms import unfilled_cost
from splitship.check.variants import BoundTables
from splitship.check.violations import Names, Violations
from splitship.check.wide import WideOrders
from splitship.domain import EXACT_STATE_CAP, Certificate, CertificateReport, Problem, ResourceKind, Violation
from splitship.units import I64, format_micros


def check_certificate(problem: Problem, certificate: Certificate, threads: int = 2) -> CertificateReport:
    """The bound that a certificate's prices prove, computed anew, and everything wrong with the certificate.

    `bound` is None when a part is unusable: an unknown or repeated resource, a price on something without limit, a
    negative price or share, leaves that leave plans out; or when a wide order has substitutes or promises. A claimed
    bound above the recomputed one is BOUND_NOT_PROVEN; below it is no fault. Shares of lines whose order is priced
    exactly are not used. The answer does not depend on `threads`.
    """
    clock = time.perf_counter()
    found = Violations()
    bounding = _Bounding(with_used_up_quotas(problem), threads)
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
    """Whether there is a bound at all: the one of wide orders knows neither substitutes nor promises."""
    lines, table = bounding.problem.lines, bounding.problem.line_substitutes
    replaced = np.intersect1d(lines.order_idx[table.line_idx], bounding.wide)
    found.add_rows(
        "SUBSTITUTES_OF_WIDE_ORDER",
        replaced,
        bounding.names.order,
        lambda _: f"substitutes in orders with more than {EXACT_STATE_CAP} quantity vectors have no bound",
    )
    promised = np.intersect1d(bounding.problem.promises.order_idx, bounding.wide)
    found.add_rows(
        "PROMISES_OF_WIDE_ORDER",
        promised,
        bounding.names.order,
        lambda _: f"promises of orders with more than {EXACT_STATE_CAP} quantity vectors have no bound",
    )
    return not (len(replaced) or len(promised))


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


def _no_commitments() -> str:
    return f"committed volumes have no price beside orders with more than {EXACT_STATE_CAP} quantity vectors"


class _Bounding:
    """Bounds of one problem from prices, under the decisions on its lines."""

    def __init__(self, problem: Problem, threads: int) -> None:
        self.problem, self.threads = problem, threads
        self.channel_of_order = channels(problem)
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
    def promises(self) -> PromiseTables:
        """The promises as the kernels read them."""
        return promise_tables(self.problem, self.steps)

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
        is_commitment = (certificate.kind == ResourceKind.SERVICE_COMMITMENT) & (certificate.price != 0)
        if len(self.wide) and is_commitment.any():
            found.add("COMMITMENTS_OF_WIDE_ORDERS", "certificate", _no_commitments())
            return None
        if not is_within_int64(network, prices, self.narrow, self.steps, self.unfilled):
            found.add("NUMBERS_TOO_LARGE", "certificate", "prices, costs and weights need more than 62 bits together")
            return None
        total = -prices.supply_value + promised_micros(problem, self.narrow)
        for channel in np.unique(self.channel_of_order).tolist():
            own = self.channel_of_order == channel
            stock = ChannelStock.of(problem, network.arrivals.most, prices.reserves, channel)
            read = self._read(prices, orders, stock)
            least = NarrowOrders(network, read, self.steps).bound(self.narrow[own[self.narrow]], self.threads)
            if int(least.max(initial=0)) >= INFINITE:
                return INFINITE
            total += sum(least.tolist())
            if own[self.wide].any():
                total += sum(self._least_of_wide(prices, read, shares, stock, self.wide[own[self.wide]]))
        return total

    def _read(self, prices: Prices, orders: OrderTables, stock: ChannelStock) -> BoundTables:
        """All that is read of a channel's orders."""
        problem, network = self.problem, self.network
        net = self.net._replace(available=stock.available) if len(problem.reserves) else self.net
        return BoundTables(
            net, self.days, orders, price_tables(problem, prices, network.capacities, stock), self.rules,
            stage_tables(network.arrivals, prices.until), self.conditions, reserve_tables(stock), self.promises,
        )  # fmt: skip

    def _least_of_wide(
        self, prices: Prices, read: BoundTables, shares: I64, stock: ChannelStock, wide: I64
    ) -> list[int]:
        """At most the least priced cost of the orders `wide` of a channel."""
        relaxed = np.full(len(wide), UNSETTLED, np.int64)
        if is_within_int64(self.network, prices, wide, self.steps, self.unfilled):
            relaxing = RelaxedOrders(
                self.network, read.net, read.days, read.orders, read.prices, read.rules, read.stages, self.steps, shares
            )
            relaxed = relaxing.bound(wide, self.threads)
        exactly, least = WideOrders(self.network, prices, self.unfilled, shares, stock), []
        for order, bound in zip(wide.tolist(), relaxed.tolist(), strict=True):
            if self.problem.orders.max_packages[order] < 1:
                lines = slice(self.problem.line_ptr[order], self.problem.line_ptr[order + 1])
                least.append(int((self.problem.lines.quantity[lines] * self.unfilled[lines]).sum()))
            else:
                least.append(exactly.bound(order) if bound == UNSETTLED else bound)
        return least
