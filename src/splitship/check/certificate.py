"""A lower bound on the cost of any feasible plan, recomputed from a certificate as docs/certificate.md says."""

from __future__ import annotations

import time

import numpy as np

from splitship.check.chunks import is_within_int64
from splitship.check.exact import Wholes
from splitship.check.narrow import NarrowOrders
from splitship.check.network import Network
from splitship.check.prices import Prices, read_prices, read_shares
from splitship.check.relaxed import UNSETTLED, RelaxedOrders
from splitship.check.steps import Steps
from splitship.check.tables import network_tables, order_tables, price_tables
from splitship.check.terms import unfilled_cost
from splitship.check.violations import Names, Violations
from splitship.check.wide import WideOrders
from splitship.domain import EXACT_STATE_CAP, Certificate, CertificateReport, Problem
from splitship.units import I64, format_micros


def check_certificate(problem: Problem, certificate: Certificate, threads: int = 2) -> CertificateReport:
    """The bound that a certificate's prices prove, computed anew, and everything wrong with the certificate.

    `bound` is None when a part is unusable: an unknown or repeated resource, a price on something without limit, a
    negative price or share. A claimed bound above the recomputed one is BOUND_NOT_PROVEN; below it is no fault.
    Shares of lines whose order is priced exactly are not used. The answer does not depend on `threads`.
    """
    clock = time.perf_counter()
    found = Violations()
    names = Names(problem)
    network = Network(problem)
    prices = read_prices(problem, certificate, network.first_day, network.last_day, names, found)
    shares = read_shares(problem, certificate, found)
    steps = Steps.of(problem)
    is_wide = steps.states > EXACT_STATE_CAP
    wide, narrow = np.flatnonzero(is_wide), np.flatnonzero(~is_wide)
    bound: int | None = None
    if prices is not None and not found.found:
        unfilled = unfilled_cost(problem)
        if is_within_int64(network, prices, narrow, steps, unfilled):
            least = bound_all(network, prices, steps, unfilled, shares, narrow, wide, threads)
            bound = sum(least) - prices.supply_value
        else:
            found.add("NUMBERS_TOO_LARGE", "certificate", "prices, costs and weights need more than 62 bits together")
    if bound is not None and certificate.bound > bound:
        found.add(
            "BOUND_NOT_PROVEN",
            "certificate.bound",
            f"bound claimed {format_micros(certificate.bound)}, its prices prove {format_micros(bound)}",
        )
    return CertificateReport(tuple(found.found), bound, len(wide), time.perf_counter() - clock)


def bound_all(
    network: Network, prices: Prices, steps: Steps, unfilled: Wholes, shares: I64, narrow: I64, wide: I64, threads: int
) -> list[int]:
    """Least priced cost, or less, of every order; narrow ones first."""
    net, tables = network_tables(network), price_tables(prices)
    orders = order_tables(network, steps, unfilled)
    least: list[int] = NarrowOrders(network, net, orders, tables, steps).bound(narrow, threads).tolist()
    if len(wide):
        relaxed = np.full(len(wide), UNSETTLED, np.int64)
        if is_within_int64(network, prices, wide, steps, unfilled):
            relaxed = RelaxedOrders(network, net, orders, tables, steps, shares).bound(wide, threads)
        exactly = WideOrders(network, prices, unfilled, shares)
        for order, bound in zip(wide.tolist(), relaxed.tolist(), strict=True):
            least.append(exactly.bound(order) if bound == UNSETTLED else bound)
    return least
