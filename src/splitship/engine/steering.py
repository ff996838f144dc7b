"""Prices of what is steered, found by an outer loop around the prices of shared resources.

Shares of nodes and committed volumes are totals over the whole batch whose cost is convex and piecewise linear. With a
price for each inside the costs of packages the rest is a batch as any other; its bound at these prices, plus a
constant, bounds the cost of every plan (Lagrangian relaxation: Geoffrion 1974, doi 10.1007/BFb0120690). Every step
moves a price in proportion to how far its total is off, relative to the total, as prices of resources are moved.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from splitship.domain import Certificate, Plan, Problem, ResourceKind, SolveOptions, Steering
from splitship.engine.convert import plan_of
from splitship.engine.dual import Pass, Pricer, PriceSearch
from splitship.instance import compile_problem
from splitship.instance.steering import SteeringPrices
from splitship.spans import spanned
from splitship.units import ATTO, I64, Floats

_STEPS = 24
"""Steps of the prices, each with the costs of all packages computed anew."""
_FIRST_PASSES, _PASSES = 25, 6
"""Passes over the prices of shared resources before the first step and before each other."""
_SHARE_OF_TIME = 0.25
_SMOOTHING = 0.5
_FIRST_STEP, _LAST_STEP = 0.6, 0.05


@spanned("steering")
def find_steering(
    problem: Problem, options: SolveOptions, started: float, certificate: Certificate | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> SteeringPrices:  # fmt: skip
    """The prices that proved most, from those of a `certificate` on. At most a quarter of the time limit goes by."""
    found = _Loop(problem, options, SteeringPrices.zero(Steering.of(problem)))
    if certificate is not None:
        found.prices = steering_prices_of(found.prices.steering, certificate)
    end = None if options.time_limit_s is None else started + _SHARE_OF_TIME * options.time_limit_s
    for number in range(_STEPS):
        found.step(number)
        if (end is not None and time.perf_counter() >= end) or (should_stop is not None and should_stop()):
            break
    return found.best


@dataclass(slots=True)
class _Loop:
    problem: Problem
    options: SolveOptions
    prices: SteeringPrices
    best: SteeringPrices = None  # type: ignore[assignment]
    bound: int | None = None
    resource_prices: I64 | None = None
    off: Floats | None = None

    def step(self, number: int) -> None:
        """The bound at the prices, then the prices moved."""
        result, plan = self._bound()
        if self.bound is None or result > self.bound:
            self.bound, self.best = result, self.prices
        off = relative_excess(self.prices.steering, plan, len(self.problem.nodes))
        self.off = off if self.off is None else _SMOOTHING * self.off + (1 - _SMOOTHING) * off
        length = _FIRST_STEP * (_LAST_STEP / _FIRST_STEP) ** (number / (_STEPS - 1))
        self.prices = _moved(self.prices, length * self.off)

    def _bound(self) -> tuple[int, Plan]:
        instance = compile_problem(self.problem, self.options.threads, self.prices)
        pricer = Pricer(instance, self.options.threads)
        try:
            search = PriceSearch.start(pricer, self.resource_prices)
            best: Pass | None = None
            for _ in range(_FIRST_PASSES if self.resource_prices is None else _PASSES):
                result = search.step()
                best = result if best is None or result.bound > best.bound else best
            assert best is not None
            self.resource_prices = best.prices
            return best.bound + instance.constant, plan_of(instance, pricer.tables, best.plans)
        finally:
            pricer.close()


def relative_excess(steering: Steering, plan: Plan, num_nodes: int) -> Floats:
    """How far a plan is above each share, then each commitment, relative to the larger of what is and what should be.

    [shares + commitments], from -1 to 1.
    """
    units = np.bincount(plan.node_idx[plan.content_package], plan.content_quantity, num_nodes)
    target = np.array(steering.target.exact_list(), np.float64) / ATTO * units.sum()
    shipped = units[steering.node_idx]
    key = plan.service_idx * 2**32 + plan.ship_day
    wanted = steering.service_idx * 2**32 + steering.day
    by_key = np.sort(key)
    count = np.searchsorted(by_key, wanted, side="right") - np.searchsorted(by_key, wanted)
    have = np.concatenate([shipped, count]).astype(np.float64)
    should = np.concatenate([target, steering.min_packages])
    off: Floats = (have - should) / (np.maximum(have, should) + 1.0)
    return off


def _moved(prices: SteeringPrices, by: Floats) -> SteeringPrices:
    """Prices moved by a part of the most that each can be, within their ranges."""
    steering, num = prices.steering, len(prices.share)
    share = prices.share + np.rint(by[:num] * steering.share_price).astype(np.int64)
    commitment = prices.commitment + np.rint(by[num:] * steering.shortfall_price).astype(np.int64)
    return replace(
        prices,
        share=np.clip(share, -steering.share_price, steering.share_price),
        commitment=np.clip(commitment, -steering.shortfall_price, 0),
    )


def steering_prices_of(steering: Steering, certificate: Certificate) -> SteeringPrices:
    """The prices that an earlier certificate has for what is steered, within today's ranges."""
    first = certificate.leaves[0].prices if certificate.leaves else certificate
    shares = {
        int(node): int(price)
        for kind, node, price in zip(first.kind, first.node_idx, first.price, strict=True)
        if kind == ResourceKind.NODE_SHARE
    }
    committed = {
        (int(service), int(day)): int(price)
        for kind, service, day, price in zip(first.kind, first.service_idx, first.day, first.price, strict=True)
        if kind == ResourceKind.SERVICE_COMMITMENT
    }
    prices = SteeringPrices(
        steering,
        np.array([shares.get(node, 0) for node in steering.node_idx.tolist()], np.int64),
        np.array(
            [committed.get(key, 0) for key in zip(steering.service_idx.tolist(), steering.day.tolist(), strict=True)],
            np.int64,
        ),
    )
    return _moved(prices, np.zeros(len(prices.share) + len(prices.commitment)))
