"""The kernels that a solve spends its time in: pricing all orders, placing them, putting them back one by one."""

from conftest import Measure, Stages
from splitship.engine.assignment import Assignment
from splitship.engine.master import near_best_columns
from splitship.units import MICROS


def test_price_pass(measure: Measure, pack: Stages) -> None:
    """The cheapest plan of every order at prices, two threads."""
    priced = measure(pack.pricer.price, lambda: (pack.prices,))
    assert priced.bound > 0


def test_place_orders(measure: Measure, pack: Stages) -> None:
    """Every order in turn takes its cheapest priced plan on what is left, one thread."""

    def fresh() -> tuple[object, ...]:
        residual = pack.instance.resources.capacity.copy()
        return pack.sequence, pack.prices, residual, Assignment.empty(pack.pricer.tables)

    assert measure(pack.pricer.place, fresh) > 0


def test_reinsertion_pass(measure: Measure, pack: Stages) -> None:
    """Every order is taken out of a plan and put back at its best, one thread."""

    def fresh() -> tuple[object, ...]:
        assignment, residual = pack.placed
        return pack.sequence, pack.prices // 2, residual.copy(), assignment.copy()

    measure(pack.pricer.replace, fresh)


def test_near_best_plans(measure: Measure, pack: Stages) -> None:
    """All plans of 500 orders within 0.30 of their order's best, at most 60 an order, as the pieces use them."""
    import numpy as np

    orders = np.arange(0, pack.instance.num_orders, max(1, pack.instance.num_orders // 500), dtype=np.int64)[:500]
    slack = np.full(len(orders), 3 * MICROS // 10, np.int64)
    columns = measure(near_best_columns, lambda: (pack.pricer, orders, pack.prices, slack, 60, None))
    assert len(columns) >= len(orders)
