"""What prices from a forecast are for: a day and the day after it cost less together."""

from __future__ import annotations

from decimal import Decimal

import pytest
from two_days import TODAY, TwoDays

import splitship as ss
from splitship.planning import stock_prices_csv

SEEDS = range(20)
Row = dict[str, str]


def prices_of(world: TwoDays) -> list[Row]:
    """The table that the forecast gives."""
    problem = world.pack(TODAY, world.stock, forecast=world.forecast).problem()
    found = ss.forecast_prices(problem, gap=0.0, time_limit_s=None, work_limit=5.0, threads=1)
    head, *lines = stock_prices_csv(problem, found.stock_prices).decode().splitlines()
    return [dict(zip(head.split(","), line.split(","), strict=True)) for line in lines]


def saved(world: TwoDays, prices: list[Row]) -> float:
    """What both days cost less with the prices on the first than without."""
    return world.cost([]) - world.cost(prices)


@pytest.mark.slow
def test_two_days_cost_less_with_prices_from_the_forecast() -> None:
    """On average, with orders drawn around the forecast, and more still when it comes true; negated prices cost."""
    drawn = exact = wrong = 0.0
    for seed in SEEDS:
        world = TwoDays.random(seed)
        prices = prices_of(world)
        drawn += saved(world, prices)
        exact += saved(world.as_forecast(), prices)
        negated = [row | {"price_per_unit": str(-Decimal(row["price_per_unit"]))} for row in prices]
        wrong += saved(world, negated)
    assert wrong < 0 < drawn < exact
