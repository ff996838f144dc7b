"""Supply cuts and own prices: the kernels against trying everything, and what they are for by hand."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog

from splitship.check import check_certificate
from splitship.domain import SolveOptions, TerminationReason
from splitship.engine.claims import worth_of_supply
from splitship.engine.supply_cuts import separate_row
from splitship.packs import Pack, read_pack
from splitship.run import solve

CALIBRATION = Path(__file__).resolve().parents[3] / "shared" / "packs"


def choices(units: np.ndarray, supply: int) -> np.ndarray:
    """All choices of whole lines that fit, [choices, lines]."""
    every = np.array(list(product((0, 1), repeat=len(units))), np.float64)
    return every[every @ units <= supply]


def is_in_hull(point: np.ndarray, fitting: np.ndarray) -> bool:
    """Whether some mix of choices takes at least `point`."""
    num = len(fitting)
    answer = linprog(np.zeros(num), A_ub=-fitting.T, b_ub=-point, A_eq=np.ones((1, num)), b_eq=[1.0], method="highs")
    return bool(answer.status == 0)


@pytest.mark.parametrize("seed", range(150))
def test_cut_is_valid_and_there_exactly_when_the_point_is_outside(seed: int) -> None:
    """No choice that fits violates it, the point does; and no cut means that choices mix to the point."""
    rng = np.random.default_rng(seed)
    num = int(rng.integers(2, 8))
    units = rng.integers(1, 5, num).astype(np.int64)
    supply = int(rng.integers(1, max(2, units.sum())))
    taken = np.where(rng.random(num) < 0.25, 0.0, rng.choice([0.25, 1 / 3, 0.5, 2 / 3, 1.0], num))
    taken[units > supply] = 0.0
    total = float(taken @ units)
    if total > supply:  # the master's point keeps the row itself
        taken *= supply / total
    claim, alpha = np.empty(num, np.int64), np.empty(num)
    found, beta = separate_row(0, num, units, np.ones(num, np.bool_), taken, supply, claim, alpha)
    fitting = choices(units, supply)
    if not found:
        assert is_in_hull(np.maximum(0.0, taken - 2e-4), fitting)
        return
    weights = np.zeros(num)
    weights[claim[:found]] = alpha[:found]
    assert (fitting @ weights).max() <= beta + 1e-9
    assert taken @ weights > beta + 1e-5
    assert not is_in_hull(taken, fitting)


@pytest.mark.parametrize("seed", range(50))
def test_worth_of_supply_is_the_best_choice(seed: int) -> None:
    """The kernel's knapsack against all choices of whole lines and of pieces."""
    rng = np.random.default_rng(seed)
    num, supply = int(rng.integers(1, 5)), int(rng.integers(0, 9))
    units = rng.integers(1, 4, num).astype(np.int64)
    pieces = np.where(units > 1, 1, rng.integers(1, 4, num)).astype(np.int64)
    price = rng.integers(-2, 9, num).astype(np.int64)
    worth = np.zeros(1, np.int64)
    ptr, capacity = np.array([0, num], np.int64), np.array([supply], np.int64)
    worth_of_supply(np.zeros(1, np.int64), ptr, units, pieces, price, capacity, worth)
    best = max(
        sum(n * u * p for n, u, p in zip(taken, units, price, strict=True))
        for taken in product(*(range(int(n) + 1) for n in pieces))
        if sum(n * u for n, u in zip(taken, units, strict=True)) <= supply
    )
    assert worth[0] == best


def pairs(num_orders: int, near: int) -> Pack:
    """Orders of one line of two units that ships whole; NEAR has `near` units at 5.00 a package, FAR plenty at 9.00."""
    orders = [f"O{number}" for number in range(num_orders)]
    when = {"placed_at": "2026-01-05T07:00:00+00:00", "country": "US", "postal_code": "10001"}
    return Pack.from_tables(
        {
            "nodes": [
                {"node_id": node, "kind": "dc", "country": "US", "postal_code": "10001"} for node in ("NEAR", "FAR")
            ],
            "skus": [{"sku_id": "K", "weight_kg": "1"}],
            "stock": [
                {"node_id": "NEAR", "sku_id": "K", "on_hand": near},
                {"node_id": "FAR", "sku_id": "K", "on_hand": 99},
            ],
            "services": [{"service_id": "G", "carrier": "C"}],
            "lanes": [
                {
                    "service_id": "G", "node_id": node, "country": "US", "destination": "*", "zone": node,
                    "transit_days": 2,
                }
                for node in ("NEAR", "FAR")
            ],
            "rates": [
                {"service_id": "G", "zone": zone, "up_to_kg": "9", "price": price}
                for zone, price in (("NEAR", "5"), ("FAR", "9"))
            ],
            "orders": [{"order_id": order} | when for order in orders],
            "order_lines": [
                {"order_id": order, "line_id": "1", "sku_id": "K", "quantity": 2, "splittable": "false"}
                for order in orders
            ],
        },
        settings={
            "schema": "splitship.pack/1", "name": "pairs", "currency": "USD", "as_of": "2026-01-05T08:00:00+00:00",
            "objective": {"unfilled_unit": "50"},
        },
    )  # fmt: skip


def test_engine_certifies_what_prices_for_all_cannot() -> None:
    """Three orders, five near units: two ship near, one far, 5 + 5 + 9 = 19.00. The best price for all proves
    LB = 3 x 9 - 5 x 2 = 17.00; own prices prove 3 x 9 - 2 x 4 = 19.00, certified."""
    problem = pairs(3, 5).problem()
    result = solve(problem, SolveOptions(gap=0.0, time_limit_s=20))
    assert result.objective == 19_000_000
    assert result.bound == 19_000_000
    assert result.termination.reason is TerminationReason.OPTIMAL
    assert result.certificate is not None
    assert len(result.certificate.own_line) == 3
    assert check_certificate(problem, result.certificate).bound == 19_000_000


@pytest.mark.skipif(not CALIBRATION.is_dir(), reason="the calibration packs are not here")
@pytest.mark.parametrize(
    ("name", "optimum", "gap"), [("calm-300", 4_360_316_400, 1e-5), ("calm-1k", 12_519_144_400, 1e-5)]
)
def test_calm_packs_are_certified_at_their_optimum(name: str, optimum: int, gap: float) -> None:
    """Proven by another solver on another model; here the certificate alone closes the gap to a cent."""
    result = solve(read_pack(CALIBRATION / name).problem(), SolveOptions(gap=1e-6, time_limit_s=60))
    assert result.objective == optimum
    assert result.gap is not None
    assert result.gap <= gap


@pytest.mark.skipif(not CALIBRATION.is_dir(), reason="the calibration packs are not here")
def test_peak_bound_passes_the_linear_optimum_and_stays_under_the_known_one() -> None:
    """peak-300: 6,790.63 is the linear optimum over plans, 6,863.47 the proven optimum."""
    result = solve(read_pack(CALIBRATION / "peak-300").problem(), SolveOptions(gap=0.003, time_limit_s=60))
    assert result.bound is not None
    assert 6_845_000_000 < result.bound <= 6_863_471_000
