"""Ejection chains: what they do by hand, and that what stands is what is noted, whatever they did."""

from __future__ import annotations

import time

import numpy as np
import pytest

from properties.trials import tiny
from splitship.domain import Problem, SolveOptions
from splitship.engine.assignment import Assignment
from splitship.engine.building import build_at_arrival
from splitship.engine.dual import Pricer, PriceSearch
from splitship.engine.ejection import FIRST_SWEEPS, LATER_SWEEPS, Chains, Sweep
from splitship.engine.search import Search
from splitship.engine.users import Standing
from splitship.instance import compile_problem
from splitship.packs import Pack


def searched(problem: Problem, num_passes: int = 20) -> Search:
    """A search with its first plan and some price passes."""
    instance = compile_problem(problem)
    search = Search(instance, SolveOptions(gap=0.0), Pricer(instance, 1), None, time.perf_counter())
    build_at_arrival(search)
    prices = PriceSearch.start(search.pricer)
    for _ in range(num_passes):
        search.offer_bound("prices", prices.step())
    return search


def assert_stands(search: Search, standing: Standing) -> None:
    """What is left and who uses what is what the plan says, counted again one by one."""
    tables, plans = search.pricer.tables, standing.assignment
    assert np.array_equal(standing.residual, search.residual(plans))
    assert (standing.residual >= 0).all()
    drawn, packed = np.zeros_like(standing.users.drawn), np.zeros_like(standing.users.packed)
    for order in np.flatnonzero(~tables.is_wide):
        for slot in range(tables.slot_ptr[order], tables.slot_ptr[order] + plans.count[order]):
            option, left = plans.option[slot], plans.content[slot]
            assert tables.option_ptr[order] <= option < tables.option_ptr[order + 1]
            packed[option] += 1
            for j in range(tables.option_line_ptr[option], tables.option_line_ptr[option + 1]):
                digit, left = left % tables.option_line_radix[j], left // tables.option_line_radix[j]
                if standing.users.claim_of[j] >= 0:
                    drawn[standing.users.claim_of[j]] += digit
    assert np.array_equal(drawn, standing.users.drawn)
    assert np.array_equal(packed, standing.users.packed)


def row_of_orders(num: int, near: int, middle: int, quantities: tuple[str, ...] = ()) -> Problem:
    """Orders of one line that ships whole, one unit where `quantities` says nothing else.

    Node A is 1.00, B 3.00 and C 10.00 away from all, with `near`, `middle` and any stock.
    """
    nodes = [{"node_id": name, "kind": "dc", "country": "US", "postal_code": code} for name, code in
             (("A", "10001"), ("B", "10002"), ("C", "10003"))]  # fmt: skip
    costs = {"A": "1", "B": "3", "C": "10"}
    tables = {
        "nodes": nodes,
        "skus": [{"sku_id": "K", "weight_kg": "1"}],
        "stock": [
            {"node_id": name, "sku_id": "K", "on_hand": units}
            for name, units in (("A", str(near)), ("B", str(middle)), ("C", "99"))
        ],
        "services": [{"service_id": "S", "carrier": "X"}],
        "lanes": [
            {"node_id": name, "service_id": "S", "country": "US", "destination": "*", "zone": name, "transit_days": "2"}
            for name in costs
        ],
        "rates": [{"service_id": "S", "zone": name, "up_to_kg": "100", "price": cost} for name, cost in costs.items()],
        "orders": [
            {"order_id": f"O{n}", "placed_at": f"2026-11-27T09:{n:02}:00Z", "country": "US", "postal_code": "90001"}
            for n in range(num)
        ],
        "order_lines": [
            {
                "order_id": f"O{n}",
                "line_id": "1",
                "sku_id": "K",
                "quantity": (quantities or ("1",) * num)[n],
                "splittable": "false",
            }
            for n in range(num)
        ],
    }
    settings = {
        "schema": "splitship.pack/1", "name": "row", "currency": "USD", "as_of": "2026-11-27T10:00:00+00:00",
        "objective": {"unfilled_unit": "50"},
    }  # fmt: skip
    return Pack.from_tables(tables, settings=settings).problem()


@pytest.mark.parametrize("seed", range(0, 160, 2))
def test_chains_leave_what_stands_in_order(seed: int) -> None:
    """After sweeps of every kind, on random batches, use and users are right and cost never rises without grace."""
    trial = tiny(seed)
    if trial is None:
        pytest.skip("too large to enumerate")
    search = searched(trial.problem)
    if not len(search.instance.option_node):
        return
    chains = Chains.start(search)
    before = chains.objective
    for how in (*FIRST_SWEEPS, *LATER_SWEEPS, Sweep(0.0, 0.6, grace=2_000_000), Sweep(0.0)):
        chains.sweep(how)
        assert_stands(search, chains.standing)
        narrow = search.pricer.cost_of(chains.standing.assignment, chains.narrow)
        assert narrow <= chains.objective
    assert search.objective is not None
    assert trial.cost <= search.objective <= before


def test_chain_moves_whoever_is_in_the_way() -> None:
    """Two units lie together at A and apart at B and C; the order of two came too late for A.

    Arrival: the order of one takes A (1.00), the order of two ships from C (10.00). Better: one from B, two from A.
    """
    problem = row_of_orders(2, 2, 1, ("1", "2"))
    chains = Chains.start(searched(problem))
    assert chains.objective == 11_000_000
    chains.sweep(Sweep(0.0))
    assert chains.objective == 4_000_000  # 3.00 + 1.00
    assert_stands(chains.search, chains.standing)


def test_chain_goes_on_through_a_second_order() -> None:
    """Nobody in the way may simply move to what is left for less: the chain needs two links.

    A holds 2, B 2, C plenty. Orders of 1 (A), 1 (A), 2 (B) came first, then one of 2 that could use A or B and goes to
    C: 1 + 1 + 3 + 10 = 15.00. Moving both small orders to C costs 20.00 + 1.00; the best is to leave it.
    """
    problem = row_of_orders(4, 2, 2, ("1", "1", "2", "2"))
    chains = Chains.start(searched(problem))
    for how in FIRST_SWEEPS:
        chains.sweep(how)
    assert chains.search.objective == 15_000_000
    assert_stands(chains.search, chains.standing)


def test_standing_plan_becomes_another() -> None:
    """Adopting a plan changes what is noted for exactly the orders that differ."""
    search = searched(row_of_orders(6, 2, 2))
    assert search.best is not None
    chains = Chains.start(search)
    other = search.best.copy()
    other.count[3] = 0
    search.best, search.objective = other, 10**12
    chains.adopt_best()
    assert chains.standing.assignment.count[3] == 0
    assert_stands(search, chains.standing)


def test_wrong_note_of_a_user_is_seen() -> None:
    """The counting above is no formality: a package noted twice fails it."""
    search = searched(row_of_orders(3, 2, 2))
    chains = Chains.start(search)
    chains.standing.users.packed[0] += 1
    with pytest.raises(AssertionError):
        assert_stands(search, chains.standing)


def test_annealing_ends_with_the_best_plan_it_saw() -> None:
    """Chains that cost something are kept on the way; the search still holds the cheapest plan, and so do chains."""
    search = searched(row_of_orders(12, 3, 4))
    chains = Chains.start(search)
    before = search.objective
    chains.anneal(20)
    assert before is not None
    assert search.objective is not None
    assert search.objective <= before
    assert chains.objective == search.objective
    assert isinstance(chains.standing.assignment, Assignment)
    assert_stands(search, chains.standing)
