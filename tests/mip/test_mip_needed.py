"""Columns left out of the one model: the optimum stays, whatever the batch looks like."""

from __future__ import annotations

import numpy as np
import pytest
from mip_world import random_instance

from splitship.domain import SolveOptions
from splitship.instance import Instance, compile_problem
from splitship.mip import build_model, model, solve_model
from splitship.mip.contents import possible_contents
from splitship.mip.needed import is_needed
from splitship.packs import Pack


def compiled(days: int = 1, capacity: int | None = None, split: str = "0", unfilled: str = "10", **order) -> Instance:
    """Orders O and Q of one unit each; A has one unit and costs 5.00, B has nine and costs 6.00 a package."""
    at = {"placed_at": "2026-03-02T08:00:00Z", "country": "US", "postal_code": "1"}
    node = {"kind": "dc", "country": "US", "postal_code": "2"}
    tables = {
        "nodes": [
            node | {"node_id": "A", "package_cost": "1", "max_packages_per_day": capacity},
            node | {"node_id": "B", "package_cost": "2"},
        ],
        "skus": [{"sku_id": "K", "weight_kg": "1"}],
        "stock": [
            {"node_id": "A", "sku_id": "K", "on_hand": 1},
            {"node_id": "B", "sku_id": "K", "on_hand": 9},
        ],
        "services": [{"service_id": "S", "carrier": "C"}],
        "lanes": [
            {"service_id": "S", "node_id": n, "country": "US", "destination": "*", "zone": "1", "transit_days": 2}
            for n in ("A", "B")
        ],
        "rates": [{"service_id": "S", "zone": "1", "up_to_kg": "100", "price": "4"}],
        "orders": [at | {"order_id": order_id} | order for order_id in ("O", "Q")],
        "order_lines": [{"line_id": "1", "order_id": order_id, "sku_id": "K", "quantity": 1} for order_id in "OQ"],
    }
    settings = {
        "currency": "USD", "as_of": "2026-03-02T07:00:00Z", "limits": {"horizon_days": days - 1},
        "objective": {"unfilled_unit": unfilled, "split": split, "delivery_day": "0.10"},
    }  # fmt: skip
    return compile_problem(Pack.from_tables(tables, settings).problem())


def needed(instance: Instance) -> list[tuple[int, int]]:
    """(option, cost in cents) of the contents that are needed."""
    possible = possible_contents(instance)
    kept = possible.only(is_needed(instance, possible))
    assert kept.entry_content.tolist() == sorted(kept.entry_content.tolist())
    return [
        (option, cost // 10_000)
        for option, cost in zip(kept.option.tolist(), instance.content_cost[kept.content].tolist(), strict=True)
    ]


def test_dearer_package_stays_where_the_cheaper_one_takes_what_can_run_short():
    """A's one unit is wanted by both orders: each may need B. Costs 4 + 1 or 2 + 2 days x 0.10."""
    assert [cost for _, cost in needed(compiled())] == [520, 620, 520, 620]


def test_dearer_package_goes_where_a_cheaper_one_takes_nothing_that_can_run_short():
    """With B the cheaper node (its nine units are enough for all), nobody needs A."""
    instance = compiled()
    cheaper_b = instance.content_cost.copy()
    cheaper_b[cheaper_b == 6_200_000] = 1_000_000
    changed = type(instance)(**{f: getattr(instance, f) for f in instance.__slots__} | {"content_cost": cheaper_b})
    assert [cost for _, cost in needed(changed)] == [100, 100]


def test_package_goes_that_costs_as_much_as_its_units_unfilled_but_not_from_a_complete_order():
    """Unfilled at 5.20 the package from A, 5.20, is not worth it, nor B's of 6.20; at 5.21 A's is."""
    assert needed(compiled(unfilled="5.20")) == []
    assert [cost for _, cost in needed(compiled(unfilled="5.21"))] == [520, 520]
    assert len(needed(compiled(unfilled="5.20", ship_complete=True))) == 4


def test_split_price_that_is_refunded_with_the_last_package_counts():
    """A split price of 1.00 is in the cost 6.20 and refunded to a lone package: at 5.21 it pays to ship from A."""
    assert [cost for _, cost in needed(compiled(unfilled="5.21", split="1"))] == [620, 620]
    assert needed(compiled(unfilled="5.20", split="1")) == []


def test_later_day_goes_unless_the_earlier_one_is_short_of_capacity():
    """Two days: tomorrow costs 0.10 more and takes the same stock. One package a day from A: tomorrow may be needed."""
    unlimited, limited = compiled(days=2), compiled(days=2, capacity=1)
    assert [cost for _, cost in needed(unlimited)] == [520, 620, 520, 620]
    assert [cost for _, cost in needed(limited)] == [520, 530, 620, 520, 530, 620]


@pytest.mark.parametrize("first", [0, 30])
def test_optimum_is_the_same_with_every_column(first, monkeypatch):
    """Random batches with every feature, solved with the columns that are left and with all of them."""
    options = SolveOptions(solver="highs", gap=0, time_limit_s=30)
    left_out = 0
    for seed in range(first, first + 30):
        instance = random_instance(seed)
        reduced = solve_model(instance, options)
        possible = possible_contents(instance)
        left_out += len(possible) - len(build_model(instance).contents)
        with monkeypatch.context() as patched:
            patched.setattr(model, "is_needed", lambda _, contents: np.ones(len(contents), np.bool_))
            assert solve_model(instance, options).objective == reduced.objective, seed
    assert left_out > 50
