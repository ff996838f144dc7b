"""Wide orders in the engine: threads, limits, and the books that the searches keep."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from splitship.engine.assignment import Assignment
from splitship.engine.dual import Pass, Pricer, PriceSearch
from splitship.instance import Instance, compile_problem
from splitship.packs import read_pack
from splitship.units import I64
from splitship_bench.generate import generate_pack, parse_spec

PASSES = 10


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """200 wide orders, 6 nodes."""
    folder = Path(tmp_path_factory.mktemp("wide")) / "pack"
    generate_pack(parse_spec("wide-200-n6-s1"), folder)
    return compile_problem(read_pack(folder).problem(), 2)


def passes_of(instance: Instance, threads: int) -> list[Pass]:
    """Some price passes, the last ones with branching."""
    pricer = Pricer(instance, threads)
    try:
        search = PriceSearch.start(pricer)
        return [search.step() for _ in range(PASSES)]
    finally:
        pricer.close()


def test_passes_do_not_depend_on_threads(instance: Instance) -> None:
    """Bounds, costs, use and line values of every pass are the same with one thread and two."""
    for one, two in zip(passes_of(instance, 1), passes_of(instance, 2), strict=True):
        assert one.bound == two.bound
        for name in ("prices", "cost", "use", "values"):
            assert np.array_equal(getattr(one, name), getattr(two, name))


def check_books(pricer: Pricer, plans: Assignment, residual: I64) -> None:
    """The residual is what the plan leaves, and nothing is oversold."""
    assert np.array_equal(residual, pricer.instance.resources.capacity - pricer.use_of(plans))
    assert residual.min(initial=0) >= 0


def test_searches_keep_residual_and_cost(instance: Instance) -> None:
    """After placing and re-insertion the residual is capacity less use, and each change of cost is true."""
    pricer = Pricer(instance, 1)
    best = passes_of(instance, 1)[-1]
    residual, plans = instance.resources.capacity.copy(), Assignment.empty(pricer.tables)
    sequence = np.arange(instance.num_orders)
    total = pricer.place(sequence, best.prices, residual, plans)
    placed = total
    check_books(pricer, plans, residual)
    for share in (1.0, 0.0):
        change = pricer.replace(sequence, np.rint(best.prices * share).astype(np.int64), residual, plans)
        total += change
        check_books(pricer, plans, residual)
    assert change <= 0
    assert best.bound <= total < placed
    assert total == pricer.wide.cost_of(plans)


def test_late_searches_end_with_what_is_there(instance: Instance) -> None:
    """Nothing is placed, everything is unfilled: its cost is the total. A pass proves no more than nothing."""
    pricer = Pricer(instance, 1)
    pricer.wide.is_late = lambda: True
    residual, plans = instance.resources.capacity.copy(), Assignment.empty(pricer.tables)
    zeros = np.zeros(len(instance.resources), np.int64)
    total = pricer.place(np.arange(instance.num_orders), zeros, residual, plans)
    assert total == int((instance.unfilled_cost * instance.line_quantity).sum())
    assert plans.count.sum() == 0
    assert pricer.replace(np.arange(instance.num_orders), zeros, residual, plans) == 0
    assert pricer.price(zeros).bound == -instance.refund.sum()
