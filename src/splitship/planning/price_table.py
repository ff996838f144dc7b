"""Prices of positions as a table `stock_prices`."""

from __future__ import annotations

import csv
import io

import numpy as np

from splitship.domain import Problem, StockPrices
from splitship.units import I64, Amounts

COLUMNS = ("node_id", "sku_id", "price_per_unit")


def added_to(problem: Problem, price: I64) -> tuple[StockPrices, I64]:
    """The problem's stock prices with `price` micros a unit [stock, in force] added, and what was added to each row.

    Rows that come to 0 are left out; prices of positions that hold nothing stay.
    """
    known, num_skus = problem.as_given.stock_prices, len(problem.skus)
    positions = np.flatnonzero(price)
    key = problem.stock.node_idx[positions] * num_skus + problem.stock.sku_idx[positions]
    old = known.node_idx * num_skus + known.sku_idx
    every = np.union1d(old, key)
    added, micros, atto = (np.zeros(len(every), np.int64) for _ in range(3))
    added[np.searchsorted(every, key)] = price[positions]
    at = np.searchsorted(every, old)
    micros[at], atto[at] = known.price_per_unit.micros, known.price_per_unit.atto
    micros += added
    keep = (micros != 0) | (atto != 0)
    table = StockPrices(every[keep] // num_skus, every[keep] % num_skus, Amounts(micros[keep], atto[keep]))
    return table, added[keep]


def stock_prices_csv(problem: Problem, table: StockPrices) -> bytes:
    """The table as the file `stock_prices.csv` of a pack."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    nodes, skus = problem.nodes.node_id[table.node_idx], problem.skus.sku_id[table.sku_idx]
    prices = [format(price, "f") for price in table.price_per_unit.decimals()]
    writer.writerows(zip(nodes.tolist(), skus.tolist(), prices, strict=True))
    return text.getvalue().encode()
