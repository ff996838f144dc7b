"""Shares of nodes and committed volumes: what a plan pays for missing them, what their prices ask in a bound."""

from __future__ import annotations

import numpy as np

from splitship.check.contents import Contents
from splitship.check.exact import Wholes, ceil_divide, exact_amounts, fits, round_half_even, sum_by_group, wholes
from splitship.domain import Certificate, Plan, Problem, ResourceKind, Steering
from splitship.units import ATTO, I64, MAX_TOTAL_MICROS, NO_DATE, Bools

NONE = -1


def steering_cost(problem: Problem, plan: Plan, contents: Contents) -> int:
    """Micros that a plan pays for units beside the shares of nodes and for packages missing from committed volumes."""
    steering = Steering.of(problem)
    if not len(steering):
        return 0
    units = sum_by_group(wholes(contents.quantity), plan.node_idx[contents.package], len(problem.nodes))
    beside = abs(units[steering.node_idx] * ATTO - exact_amounts(steering.target) * sum(units.tolist()))
    of_shares = round_half_even(wholes(beside * wholes(steering.share_price)), ATTO)
    keys = list(zip(steering.service_idx.tolist(), steering.day.tolist(), strict=True))
    counts = dict.fromkeys(keys, 0)
    for key in zip(plan.service_idx.tolist(), plan.ship_day.tolist(), strict=True):
        if key in counts:
            counts[key] += 1
    missing = np.maximum(0, _committed(problem, steering) - np.array([counts[key] for key in keys], np.int64))
    of_commitments = wholes(missing) * wholes(steering.shortfall_price)
    return int(sum(of_shares.tolist()) + sum(of_commitments.tolist()))


def _committed(problem: Problem, steering: Steering) -> I64:
    """Packages of every commitment that are not released yet: of the day's row of quotas, else of the other row."""
    quotas, released = problem.service_quotas, problem.released
    rows = zip(quotas.service_idx.tolist(), quotas.day.tolist(), strict=True)
    least = dict(zip(rows, quotas.min_packages.tolist(), strict=True))
    packages = dict.fromkeys(zip(steering.service_idx.tolist(), steering.day.tolist(), strict=True), 0)
    columns = (released.service_idx.tolist(), released.ship_day.tolist(), released.packages.tolist())
    for service, day, number in zip(*columns, strict=True):
        if (service, day) in packages:
            packages[service, day] += number
    left = [max(0, least.get(key, least.get((key[0], NO_DATE), 0)) - number) for key, number in packages.items()]
    return np.array(left, np.int64)


class SteeringRows:
    """What the rows of a certificate have to do with steering, all [prices].

    `is_signed` marks rows of what is steered, whose price may be below 0; `is_known` those of them that name something
    that the problem steers, with `limit`, how large their price may be, and `supply`, the packages that are committed.
    """

    def __init__(self, problem: Problem, certificate: Certificate) -> None:
        self._steering = steering = Steering.of(problem)
        kind = certificate.kind
        self.is_share: Bools = kind == ResourceKind.NODE_SHARE
        self.is_commitment: Bools = kind == ResourceKind.SERVICE_COMMITMENT
        self.is_signed: Bools = self.is_share | self.is_commitment
        self._num_nodes = len(problem.nodes)
        self.limit: I64 = np.zeros(len(kind), np.int64)
        self.supply: I64 = np.zeros(len(kind), np.int64)
        self.is_known: Bools = np.zeros(len(kind), np.bool_)
        committed = _committed(problem, steering)
        nodes = {(node, NONE, NONE): at for at, node in enumerate(steering.node_idx.tolist())}
        commitments = zip(steering.service_idx.tolist(), steering.day.tolist(), strict=True)
        days = {(NONE, service, day): at for at, (service, day) in enumerate(commitments)}
        for row in np.flatnonzero(self.is_signed).tolist():
            key = (int(certificate.node_idx[row]), int(certificate.service_idx[row]), int(certificate.day[row]))
            at = (nodes if self.is_share[row] else days).get(key, NONE)
            if at == NONE or certificate.sku_idx[row] != NONE or certificate.rule_idx[row] != NONE:
                continue
            self.is_known[row] = True
            self.limit[row] = (steering.share_price if self.is_share[row] else steering.shortfall_price)[at]
            self.supply[row] = 0 if self.is_share[row] else committed[at]

    def is_out_of_range(self, price: I64) -> Bools:
        """Shares are priced from less to more of their own price, commitments from less of theirs to 0."""
        most = np.where(self.is_share, self.limit, 0)
        outside: Bools = self.is_known & ((price < -self.limit) | (price > most))
        return outside

    def of_units(self, certificate: Certificate) -> Wholes:
        """What a unit pays that leaves a node, in micros: its own price less the shares of all prices, [nodes]."""
        price = wholes(np.zeros(self._num_nodes, np.int64))
        rows = np.flatnonzero(self.is_share)
        price[certificate.node_idx[rows]] = wholes(certificate.price[rows])
        shared = price[self._steering.node_idx] * exact_amounts(self._steering.target)
        return wholes(price - ceil_divide(sum(shared.tolist()), ATTO))

    def rounding(self, certificate: Certificate) -> int:
        """Micros that the bound gives up since the cost of each node is rounded."""
        return int((self.is_share & (certificate.price != 0)).sum())


def is_too_large(of_units: Wholes) -> bool:
    """Whether what units pay goes beyond what totals may be."""
    return not fits(of_units, MAX_TOTAL_MICROS)
