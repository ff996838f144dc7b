# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""What is ordered: lines, SKUs, quantities, weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from splitship.units import I64, Floats
from splitship_bench.generate.families import Recipe


@dataclass(frozen=True, slots=True)
class Demand:
    """Orders and SKUs. `order_city` [orders]; lines of order o are `line_ptr[o]:line_ptr[o + 1]` of `line_sku` and
    `quantity` [lines]; `weight_tenths` of a kg [skus]."""

    order_city: I64
    line_ptr: I64
    line_sku: I64
    quantity: I64
    weight_tenths: I64

    def units(self) -> I64:
        """Units wanted of each SKU, [skus]."""
        return np.bincount(self.line_sku, self.quantity, len(self.weight_tenths)).astype(np.int64)


def draw_demand(
    recipe: Recipe, num_orders: int, city_weight: Floats, is_single: bool, rng: np.random.Generator
) -> Demand:
    """Draws: cities of the orders; 2 x orders normals that nothing uses (so that the stream is that of the published
    calibration packs); numbers of lines; SKUs; SKUs again where one stands twice in an order; quantities; weights.

    `is_single`: every quantity is 1; the draws are the same.
    """
    num_skus = recipe.num_skus(num_orders)
    order_city = rng.choice(len(city_weight), num_orders, p=city_weight)
    rng.normal(size=(2, num_orders))
    more = recipe.most_lines - recipe.fewest_lines
    count = recipe.fewest_lines + np.minimum(more, rng.geometric(recipe.line_end, num_orders) - 1)
    line_ptr = np.concatenate([[0], np.cumsum(count)])
    share = np.arange(1, num_skus + 1) ** -recipe.popularity
    share /= share.sum()
    cdf = share.cumsum()
    cdf /= cdf[-1]
    line_sku = cdf.searchsorted(rng.random(line_ptr[-1]), side="right").astype(np.int64)
    redraw = redraw_orders if recipe.redraws == "order" else redraw_lines
    redraw(rng, cdf, line_ptr, line_sku)
    quantity = np.minimum(recipe.most_units, rng.geometric(recipe.unit_end, len(line_sku)))
    weight = np.rint(rng.lognormal(recipe.weight_mu, 0.8, num_skus) * 10).astype(np.int64)
    if is_single:
        quantity = np.ones_like(quantity)
    return Demand(order_city, line_ptr, line_sku, quantity, weight)


@njit(cache=True)
def redraw_orders(rng, cdf, line_ptr, line_sku):
    """Draw all SKUs of an order again, order after order, for as long as one stands in it twice."""
    for order in range(len(line_ptr) - 1):
        start, end = line_ptr[order], line_ptr[order + 1]
        while _first_repeat(line_sku, start, end) < end:
            for line in range(start, end):
                line_sku[line] = np.searchsorted(cdf, rng.random(), side="right")


@njit(cache=True)
def redraw_lines(rng, cdf, line_ptr, line_sku):
    """Draw a line again for as long as an earlier line of its order has its SKU."""
    for order in range(len(line_ptr) - 1):
        start, end = line_ptr[order], line_ptr[order + 1]
        line = _first_repeat(line_sku, start, end)
        while line < end:
            line_sku[line] = np.searchsorted(cdf, rng.random(), side="right")
            line = _first_repeat(line_sku, start, end)


@njit(cache=True)
def _first_repeat(line_sku, start, end):
    """The first line from `start` that has the SKU of an earlier one; `end` when there is none."""
    for line in range(start + 1, end):
        for earlier in range(start, line):
            if line_sku[earlier] == line_sku[line]:
                return line
    return end
