"""Prices of stock from what is expected to be ordered: the dual prices of the look-ahead problem.

Acimovic and Graves 2015, doi 10.1287/msom.2014.0505. Why they are right for the batch: docs/decisions/0024.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from splitship.domain import (
    Event,
    Problem,
    ResourceKind,
    Result,
    SolveOptions,
    Steering,
    StockPrices,
    TerminationReason,
)
from splitship.engine.dual import Pricer, PriceSearch
from splitship.engine.warm_prices import common_prices, prices_of
from splitship.errors import UsageError
from splitship.instance import compile_problem
from splitship.instance.model import Resources
from splitship.planning.look_ahead import LookAhead, join_forecast
from splitship.planning.margins import settle_prices
from splitship.planning.price_table import added_to
from splitship.run.solve import solve
from splitship.units import I64

_SHARE_OF_SOLVE = 0.75
"""Of the time limit; the rest is for choosing among equally good prices."""
_LONGEST_S = 86_400.0
_PASSES = 30
_STOCK_KINDS = (int(ResourceKind.STOCK), int(ResourceKind.STOCK_UNTIL))


@dataclass(frozen=True, slots=True)
class ForecastPrices:
    """What a unit of stock is worth to the days after the batch.

    `stock_prices` is the whole new table: the prices that the problem has already, with `added` micros each; rows that
    come to 0 are left out. `added` is [rows of `stock_prices`]. `num_expected` orders of one unit were looked
    at beside the batch, the last of them placed on `last_day`. `look_ahead` is the verified answer to both together.
    `is_settled`: of prices that prove the same, those were chosen that decide the batch most clearly.
    """

    problem: Problem
    stock_prices: StockPrices
    added: I64
    num_expected: int
    last_day: int
    look_ahead: Result
    is_settled: bool


def forecast_prices(
    problem: Problem,
    options: SolveOptions | None = None,
    *,
    horizon_days: int | None = None,
    on_event: Callable[[Event], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> ForecastPrices:
    """Price the stock of a batch by its own forecast.

    Batch and forecast are solved as one; the prices of stock are those that prove the bound. With them in its table
    `stock_prices` the batch alone leaves to later orders what is worth more there. `horizon_days`: only the
    forecast's rows of so many days after the date of `as_of` (all by default). Limits of `options` are for all of it.

    Raises:
        UsageError: there is no forecast within the horizon, or `horizon_days` is negative, or another method.
    """
    options = options or SolveOptions()
    if horizon_days is not None and horizon_days < 0:
        raise UsageError(f"horizon_days: expected a whole number of at least 0, got {horizon_days}")
    if options.method != "order-plans":
        raise UsageError("prices come with the method order-plans only")
    started = time.perf_counter()
    ahead = join_forecast(problem, horizon_days)
    limit = options.time_limit_s
    of_solve = options if limit is None else replace(options, time_limit_s=_SHARE_OF_SOLVE * limit)
    result = solve(ahead.problem, of_solve, on_event=on_event, should_stop=should_stop)
    is_over = result.termination.reason is TerminationReason.INTERRUPTED

    def seconds_left() -> float:
        if is_over or (should_stop is not None and should_stop()):
            return 0.0
        return _LONGEST_S if limit is None else limit - (time.perf_counter() - started)

    resources, prices, is_settled = _row_prices(ahead, result, options.threads, seconds_left)
    table, added = added_to(problem, _by_position(ahead.problem, resources, prices))
    return ForecastPrices(problem, table, added, ahead.num_expected, ahead.last_day, result, is_settled)


def _row_prices(
    ahead: LookAhead, result: Result, threads: int, seconds_left: Callable[[], float]
) -> tuple[Resources, I64, bool]:
    """The rows of the joined problem, their prices, and whether these are chosen among equally good ones."""
    instance = compile_problem(ahead.problem, threads)
    pricer = Pricer(instance, threads)
    try:
        if result.certificate is None or result.certificate.leaves:
            prices = prices_found_anew(pricer)
        else:
            prices = common_prices(pricer, prices_of(pricer, result.certificate))
        is_settled = False
        if not len(Steering.of(ahead.problem)):
            prices, is_settled = settle_prices(pricer, prices, result.plan, ahead.group, ahead.num_batch, seconds_left)
        return instance.resources, prices, is_settled
    finally:
        pricer.close()


def prices_found_anew(pricer: Pricer) -> I64:
    """The best of the first prices that the engine finds, [rows]: a certificate in leaves has none for all plans."""
    search = PriceSearch.start(pricer)
    passes = [search.step() for _ in range(_PASSES if len(pricer.instance.resources) else 1)]
    return max(passes, key=lambda one: one.bound).prices


def _by_position(problem: Problem, resources: Resources, prices: I64) -> I64:
    """What a unit pays that leaves first of all, in micros [stock]: the prices of all its position's rows together."""
    rows = np.flatnonzero(np.isin(resources.kind, _STOCK_KINDS) & (prices > 0))
    found = np.zeros(len(problem.stock), np.int64)
    np.add.at(found, problem.stock_rows(resources.node_idx[rows], resources.sku_idx[rows]), prices[rows])
    return found
