"""Certificates: the kernels against a plain reference, forged parts, known optima."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import numpy as np
import pytest
from check_slow import Key, Slow
from check_world import MONDAY, World, plain_world, random_problem

from splitship.check import certificate as certificate_module
from splitship.check import check_certificate
from splitship.check import chunks as chunks_module
from splitship.check import narrow as narrow_module
from splitship.check import relaxed as relaxed_module
from splitship.check.relaxation import is_less_product
from splitship.domain import Certificate, Problem, ResourceKind
from splitship.packs import read_pack
from splitship.units import day_number


def certificate_of(prices: dict[Key, int], bound: int, shares: dict[int, int] | None = None) -> Certificate:
    """A certificate from prices by resource and shares by line."""
    rows = []
    for (kind, node, other, day), price in prices.items():
        number = ResourceKind[kind.upper()]
        sku = other if number.has_sku else -1
        service = other if number.has_service else -1
        rule = other if number == ResourceKind.RULE_QUOTA else -1
        if number == ResourceKind.CHANNEL_RESERVE:
            rule, day = day, -1
        rows.append((int(number), node, sku, service, day, price, rule))
    columns = np.array(rows, np.int64).reshape(-1, 7).T
    given = np.array(list((shares or {}).items()), np.int64).reshape(-1, 2).T
    keys, rule_idx = [column.copy() for column in columns[:6]], columns[6].copy()
    return Certificate(*keys, given[0].copy(), given[1].copy(), bound, rule_idx=rule_idx)


def random_prices(slow: Slow, rng: random.Random) -> dict[Key, int]:
    """Prices of some resources, from nothing to more than anything costs."""
    most = rng.choice((0, 10**6, 10**7, 5 * 10**7))
    return {key: rng.randint(0, most) for key in slow.resources() if rng.random() < 0.6}


@pytest.mark.parametrize("seed", range(100))
def test_bound_equals_plain_reference_when_orders_are_narrow(seed: int) -> None:
    """The compiled minimum over all plans is that of trying every multiset of packages in fractions."""
    rng = random.Random(seed)
    problem = random_problem(seed)
    slow = Slow(problem)
    for _ in range(2):
        prices = random_prices(slow, rng)
        expected = slow.bound(prices)
        report = check_certificate(problem, certificate_of(prices, expected))
        assert report.violations == ()
        assert report.bound == expected
        assert report.num_relaxed_orders == 0


def assert_relaxation_is_its_formula(problem: Problem, rng: random.Random, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the cap at 1 every order is wide: compiled loops and exact arithmetic give the formula's number.

    Unbranched it is the document's, branched the best set's; it is at most the exact minimum.
    """
    monkeypatch.setattr(certificate_module, "EXACT_STATE_CAP", 1)
    slow = Slow(problem)
    for most in (0, 10**7, 10**8):
        prices = random_prices(slow, rng)
        shares = {line: rng.randint(0, most) for line in range(len(problem.lines)) if rng.random() < 0.8}
        supply = sum(price * slow.supply(key) for key, price in prices.items())
        least, is_known = 0, True
        for order in range(len(problem.orders)):
            relaxed, branched = slow.relaxed(order, prices, shares), slow.branched(order, prices, 8)
            is_known &= branched is not None
            assert relaxed <= (relaxed if branched is None else branched) <= slow.least(order, prices)
            least += relaxed if branched is None else branched
        certificate = certificate_of(prices, 0, shares)
        report = check_certificate(problem, certificate)
        assert report.bound is not None
        assert report.bound == least - supply if is_known else report.bound >= least - supply
        assert report.bound <= slow.bound(prices)
        assert report.num_relaxed_orders == sum(bool(slow.contents(order)) for order in range(len(problem.orders)))
        with monkeypatch.context() as patch:
            patch.setattr(relaxed_module, "LARGEST_SCALE", 0)
            assert check_certificate(problem, certificate).bound == report.bound


@pytest.mark.parametrize("seed", range(60))
def test_relaxation_equals_its_formula_and_stays_below_the_minimum(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the cap at 1 every order is wide: unbranched the number is the document's, branched the best set's.

    It is at most the exact minimum. Both the compiled loops and the exact arithmetic behind them give it.
    """
    assert_relaxation_is_its_formula(random_problem(seed), random.Random(seed), monkeypatch)


def test_compiled_relaxation_settles_orders_of_plain_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers of up to seven decimals stay in the compiled loops; a third of these worlds have prices of 10^8 a kg."""
    monkeypatch.setattr(certificate_module, "EXACT_STATE_CAP", 1)
    left = []
    monkeypatch.setattr(certificate_module.WideOrders, "bound", lambda _, order: left.append(order) or 0)
    num_orders = 0
    for seed in range(1, 40, 2):
        problem = random_problem(seed)
        check_certificate(problem, Certificate.without_prices(0))
        num_orders += len(problem.orders)
    assert len(left) < num_orders / 2


@pytest.mark.parametrize(
    ("a", "b", "c", "d"),
    [(0, 5, 1, 1), (2**62, 2**62, 2**62, 2**62), (2**62, 3, 3, 2**62), (2**62 - 1, 2**62 - 1, 2**62, 2**62 - 2)],
)
def test_products_are_compared_beyond_int64(a: int, b: int, c: int, d: int) -> None:
    """124-bit products by halves, also when they are equal or differ by one."""
    assert is_less_product(a, b, c, d) == (a * b < c * d)
    assert is_less_product(c, d, a, b) == (c * d < a * b)


def priced_world() -> Problem:
    """Node A: 2 K in stock, 3 packages a day; node B without limits; one order of 2 K, one of 1 K, 100.00 a unit."""
    world = plain_world().node("B", max_packages_per_day=3).lane(node_id="B", zone="2").rate("10", "7", zone="2")
    world.have("B", on_hand=2).order(lines={"K": 2}).order("O2", lines={"K": 1})
    world.stock[0]["on_hand"] = 2
    return world.problem()


DAY = day_number(MONDAY)
STOCK_A: Key = ("stock", 0, 0, -1)
PACKAGES_B: Key = ("node_packages", 1, -1, DAY)


def codes(problem: Problem, certificate: Certificate) -> list[str]:
    """Codes of all violations."""
    return [violation.code for violation in check_certificate(problem, certificate).violations]


def test_bound_is_worked_by_hand() -> None:
    """O1: 5 + 2 x 1.50 = 8 at A, 7 at B; O2: 5 + 1.50 at A, 7 at B; less 2 x 1.50 of stock: 7 + 6.50 - 3 = 10.50."""
    report = check_certificate(priced_world(), certificate_of({STOCK_A: 1_500_000}, 10_500_000))
    assert report.violations == ()
    assert report.bound == 10_500_000


def test_no_prices_leave_every_order_its_cheapest_plan() -> None:
    """Both orders from A at 5.00."""
    assert check_certificate(priced_world(), Certificate.without_prices(0)).bound == 10_000_000


def test_claim_above_what_the_prices_prove_is_refused() -> None:
    """One micro too much is BOUND_NOT_PROVEN, with both numbers; less is no fault."""
    [violation] = check_certificate(priced_world(), certificate_of({STOCK_A: 1_500_000}, 10_500_001)).violations
    assert violation.code == "BOUND_NOT_PROVEN"
    assert violation.message == "bound claimed 10.500001, its prices prove 10.50"
    assert codes(priced_world(), certificate_of({STOCK_A: 1_500_000}, -5)) == []


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        ({STOCK_A: -1}, "NEGATIVE_PRICE"),
        ({PACKAGES_B: -1}, "NEGATIVE_PRICE"),
        ({STOCK_A: 2**62 + 1}, "PRICE_TOO_LARGE"),
        ({("node_packages", 0, -1, DAY): 1}, "UNLIMITED_RESOURCE"),
        ({("node_units", 1, -1, DAY): 1}, "UNLIMITED_RESOURCE"),
        ({("service_packages", 0, 0, DAY): 1}, "UNLIMITED_RESOURCE"),
        ({("stock", 2, 0, -1): 1}, "UNKNOWN_RESOURCE"),
        ({("stock", 0, 1, -1): 1}, "UNKNOWN_RESOURCE"),
        ({("stock", 0, 0, DAY): 1}, "UNKNOWN_RESOURCE"),
        ({("stock", -1, 0, -1): 1}, "UNKNOWN_RESOURCE"),
        ({("service_packages", 0, 1, DAY): 1}, "UNKNOWN_RESOURCE"),
        ({("node_packages", 7, -1, DAY): 1}, "UNKNOWN_RESOURCE"),
        ({("node_packages", 1, -1, 2**40): 1}, "UNKNOWN_RESOURCE"),
        ({STOCK_A: 2**61}, "NUMBERS_TOO_LARGE"),
    ],
)
def test_certificate_is_refused_when_a_price_is_forged(prices: dict[Key, int], expected: str) -> None:
    """The fault is named, and no bound comes from such prices, however low the claim."""
    report = check_certificate(priced_world(), certificate_of(prices, -(10**18)))
    assert [violation.code for violation in report.violations] == [expected]
    assert report.bound is None


def test_zero_price_on_something_unlimited_is_harmless() -> None:
    """A price of 0 is no price."""
    assert codes(priced_world(), certificate_of({("node_packages", 0, -1, DAY): 0}, 10_000_000)) == []


def test_price_on_a_day_without_packages_only_lowers_the_bound() -> None:
    """Three packages a day at 1.00 on a day on which nothing can leave: 10.00 - 3.00."""
    report = check_certificate(priced_world(), certificate_of({("node_packages", 1, -1, DAY + 5): 10**6}, 0))
    assert report.bound == 7_000_000


def test_unknown_kind_repeated_rows_and_ragged_columns_are_refused() -> None:
    """Rows that name nothing, a resource twice, columns of different lengths."""
    problem = priced_world()
    once = certificate_of({STOCK_A: 1}, 0)
    assert codes(problem, dataclasses.replace(once, kind=np.array([7]))) == ["UNKNOWN_RESOURCE"]
    assert codes(problem, dataclasses.replace(once, kind=np.array([-1]))) == ["UNKNOWN_RESOURCE"]
    columns = ("kind", "node_idx", "sku_idx", "service_idx", "day", "price", "rule_idx")
    twice = dataclasses.replace(once, **{name: np.repeat(getattr(once, name), 2) for name in columns})
    assert codes(problem, twice) == ["DUPLICATE_RESOURCE"]
    assert "CERTIFICATE_SHAPE" in codes(problem, dataclasses.replace(once, price=np.zeros(2, np.int64)))


def test_shares_that_cannot_be_are_refused() -> None:
    """Unknown lines, negative values, a line twice."""
    problem = priced_world()
    assert codes(problem, certificate_of({}, 0, {2: 1})) == ["UNKNOWN_LINE"]
    assert codes(problem, certificate_of({}, 0, {0: -1})) == ["NEGATIVE_SHARE"]
    assert codes(problem, certificate_of({}, 0, {0: 2**62 + 1})) == ["SHARE_TOO_LARGE"]
    twice = dataclasses.replace(
        certificate_of({}, 0), share_line=np.zeros(2, np.int64), share_value=np.zeros(2, np.int64)
    )
    assert codes(problem, twice) == ["DUPLICATE_SHARE"]


def test_shares_of_narrow_orders_are_not_used() -> None:
    """They neither raise nor lower the bound."""
    assert check_certificate(priced_world(), certificate_of({}, 0, {0: 10**9})).bound == 10_000_000


def test_wide_order_is_relaxed_and_counted() -> None:
    """1,024 units are 1,025 vectors: wide. One bracket at 5.00 to 10 kg, 6 K of 1 kg at hand, 100.00 a unit.

    Omega = 6 kg; the only point is (6 kg, 5.00): I = 5.00, s = 0. F = 5.00 - 0.000001, c = 0.
    With v = 50.00: w = 50.00, S = 6 x 50 = 300.00 > F, phi = floor(50.00 F / S) = 0.833333.
    1,024 x 0.833333 = 853.332992. Branching: the first package is paid for in full, 4.999999, and the other 1,018
    units are at 0.833333 each, since further packages of 6 units are not overpaid: 4.999999 + 848.332994 = 853.332993.
    With v = 0 the value is raised to 0.833333 = floor(F / 6) at once, and the bound is the same.
    """
    world = plain_world().order(lines={"K": 1024})
    world.stock[0]["on_hand"] = 6
    problem = world.problem()
    report = check_certificate(problem, certificate_of({}, 0, {0: 50_000_000}))
    assert (report.bound, report.num_relaxed_orders) == (853_332_993, 1)
    assert check_certificate(problem, certificate_of({}, 0)).bound == 853_332_993
    world.order_lines[0]["quantity"] = 1023
    report = check_certificate(world.problem(), certificate_of({}, 0))
    # 1,024 vectors: exact. 171 packages of at most 6 K: together beyond the stock, which has no price here.
    assert (report.bound, report.num_relaxed_orders) == (171 * 5_000_000, 0)


def test_packages_that_only_together_exceed_a_supply_count_as_plans() -> None:
    """2 K ordered, 1 in stock: two packages of one K each, each possible by itself; the third way is none."""
    world = plain_world().order(lines={"K": 2})
    world.stock[0]["on_hand"] = 1
    assert check_certificate(world.problem(), Certificate.without_prices(0)).bound == 10_000_000
    world.orders[0]["max_packages"] = 1
    assert check_certificate(world.problem(), Certificate.without_prices(0)).bound == 105_000_000


def test_two_lines_of_a_sku_count_together_in_a_package() -> None:
    """1 K in stock, two lines of one K: never both in one package, so two packages."""
    world = plain_world().order(lines={"K": 1}).line("O1", "2", "K", 1)
    world.stock[0]["on_hand"] = 1
    assert check_certificate(world.problem(), Certificate.without_prices(0)).bound == 10_000_000


def test_exact_shipping_decides_where_a_microgram_costs_much() -> None:
    """1 cm3 / (7 x 10^8 cm3 per kg) = 1.428571... micrograms; 10^9 a kg is 1.00 a microgram.

    The bracket up to 1 microgram is passed by 0.428571... of one: 428,571.428... micros, which no whole number of
    micrograms gives.
    """
    sides = {"length_cm": "1", "width_cm": "1", "height_cm": "1"}
    world = World().node().sku(weight_kg="0", **sides).have().service(dim_divisor="700000000").lane()
    world.rate("0.000000001", "0", "1000000000").order(lines={"K": 1})
    assert check_certificate(world.problem(), Certificate.without_prices(0)).bound == 428_571


def test_batch_without_orders_has_bound_zero() -> None:
    """Nothing to ship costs nothing; prices can only lower it."""
    problem = plain_world().problem()
    assert check_certificate(problem, Certificate.without_prices(0)).bound == 0
    assert check_certificate(problem, certificate_of({STOCK_A: 2}, -20)).bound == -20


def test_answer_does_not_depend_on_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """One, two or five threads over chunks of one order: the same integer."""
    problem = random_problem(3)
    expected = check_certificate(problem, Certificate.without_prices(0)).bound
    monkeypatch.setattr(narrow_module, "CHUNK", 1)
    monkeypatch.setattr(chunks_module, "LANE_TABLE_CELLS", 0)
    for threads in (1, 2, 5):
        assert check_certificate(problem, Certificate.without_prices(0), threads).bound == expected


@pytest.mark.parametrize(
    ("pack", "optimum"),
    [("calm-300", 4_360_320_000), ("peak-300", 6_863_470_000), ("scarce-300", 9_257_020_000)],
)
def test_no_prices_pass_the_known_optimum(pack: str, optimum: int, shared_packs: Path) -> None:
    """Whatever the prices, the bound stays below what HiGHS proved to be optimal (to a cent)."""
    problem = read_pack(shared_packs / pack).problem()
    rng = np.random.default_rng(0)
    stock = problem.stock
    for most in (0, 10**5, 10**6, 10**7):
        price = rng.integers(0, most + 1, len(stock))
        none = np.full(len(stock), -1, np.int64)
        zero = np.zeros(len(stock), np.int64)
        no_share = np.zeros(0, np.int64)
        certificate = Certificate(zero, stock.node_idx, stock.sku_idx, none, none, price, no_share, no_share, 0)
        bound = check_certificate(problem, certificate).bound
        assert bound is not None
        assert bound <= optimum + 10_000
        assert most or bound > optimum * 0.7
