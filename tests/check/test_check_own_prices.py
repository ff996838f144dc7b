"""Own prices of lines at stock: against a plain reference, by hand, and forged."""

from __future__ import annotations

import dataclasses
import random

import numpy as np
import pytest
from check_slow import Key, Own, Slow
from check_world import World, random_problem
from test_check_certificate import certificate_of, random_prices

from splitship.check import check_certificate
from splitship.domain import Certificate, Problem


def with_own(certificate: Certificate, own: dict[Own, int], bound: int) -> Certificate:
    """The certificate with own prices by (line, node) and another claim."""
    lines, nodes = (np.array([key[part] for key in own], np.int64) for part in (0, 1))
    price = np.array(list(own.values()), np.int64)
    return dataclasses.replace(certificate, own_line=lines, own_node=nodes, own_price=price, bound=bound)


def random_own(slow: Slow, rng: random.Random, prices: dict[Key, int]) -> dict[Own, int]:
    """Own prices on some stock that has no price for all, of all its lines or some."""
    lines, own = slow.p.lines, {}
    most = rng.choice((10**5, 10**7, 5 * 10**7))
    for node, sku in slow.stock:
        if ("stock", node, sku, -1) not in prices and rng.random() < 0.7:
            asked = [line for line in range(len(lines)) if lines.sku_idx[line] == sku and rng.random() < 0.8]
            own |= {(line, node): rng.randint(0, most) for line in asked}
    return own


@pytest.mark.parametrize("seed", range(80))
def test_bound_with_own_prices_equals_plain_reference(seed: int) -> None:
    """Orders at their own prices by trying every multiset of packages, stock by trying every choice of lines."""
    rng = random.Random(1000 + seed)
    problem = random_problem(seed)
    slow = Slow(problem)
    for _ in range(2):
        prices = random_prices(slow, rng)
        prices = {key: price for key, price in prices.items() if key[0] != "stock" or rng.random() < 0.5}
        own = random_own(slow, rng, prices)
        expected = slow.bound(prices, own)
        report = check_certificate(problem, with_own(certificate_of(prices, 0), own, expected))
        assert report.violations == ()
        assert report.bound == expected


def two_pairs_and_three_units() -> Problem:
    """Two orders of one line of two units that ships whole; A is near (5.00) and has three units, B far (9.00)."""
    world = World().sku("K").service("G").have("A", on_hand=3).have("B", on_hand=9)
    world.node("A").node("B").lane("G", "A", zone="1").lane("G", "B", zone="2")
    world.rate("9", "5.00", zone="1").rate("9", "9.00", zone="2")
    for order in ("O1", "O2"):
        world.order(order).line(order, "1", "K", 2, splittable="false")
    return world.problem()


def test_own_prices_prove_what_no_price_for_all_can() -> None:
    """The optimum is 5 + 9 = 14: one order takes A's stock and one unit stays.

    With price p a unit for all, LB = 2 min(5 + 2p, 9) - 3p: at most 12.00, at p = 2.00. With own prices of 2.00 a unit
    for both lines, the most that A's three units can earn is 4.00, one line: LB = 2 x 9 - 4 = 14.00.
    """
    problem = two_pairs_and_three_units()
    common = certificate_of({("stock", 0, 0, -1): 2_000_000}, 12_000_000)
    assert check_certificate(problem, common).bound == 12_000_000
    own = with_own(certificate_of({}, 0), {(0, 0): 2_000_000, (1, 0): 2_000_000}, 14_000_000)
    report = check_certificate(problem, own)
    assert report.violations == ()
    assert report.bound == 14_000_000


def test_line_that_is_not_listed_pays_nothing() -> None:
    """Only O1 is charged, 3.00 a unit: min(5 + 6, 9) + 5 - 6 = 8.00."""
    problem = two_pairs_and_three_units()
    report = check_certificate(problem, with_own(certificate_of({}, 0), {(0, 0): 3_000_000}, 0))
    assert report.bound == 8_000_000


@pytest.mark.parametrize(
    ("code", "own", "prices"),
    [
        ("BOUND_NOT_PROVEN", {(0, 0): 2_000_000, (1, 0): 1_999_999}, {}),
        ("UNKNOWN_RESOURCE", {(2, 0): 1}, {}),
        ("UNKNOWN_RESOURCE", {(-1, 0): 1}, {}),
        ("UNKNOWN_RESOURCE", {(0, 2): 1}, {}),
        ("NEGATIVE_PRICE", {(0, 0): -1}, {}),
        ("PRICE_TOO_LARGE", {(0, 0): 2**62 + 1}, {}),
        ("NUMBERS_TOO_LARGE", {(0, 0): 2**61}, {}),
        ("DUPLICATE_RESOURCE", {(0, 0): 2_000_000}, {("stock", 0, 0, -1): 1}),
    ],
)
def test_forged_own_prices_are_refused(code: str, own: dict[Own, int], prices: dict[Key, int]) -> None:
    """A claim not proven, places that do not exist, impossible prices, and stock that is priced both ways."""
    problem = two_pairs_and_three_units()
    report = check_certificate(problem, with_own(certificate_of(prices, 0), own, 14_000_000))
    assert code in {violation.code for violation in report.violations}


def test_a_line_listed_twice_at_a_node_is_refused() -> None:
    """Twice the same line and node: which price holds would be anybody's guess."""
    problem = two_pairs_and_three_units()
    twice = dataclasses.replace(
        certificate_of({}, 0), own_line=np.zeros(2, np.int64), own_node=np.zeros(2, np.int64),
        own_price=np.ones(2, np.int64),
    )  # fmt: skip
    assert [violation.code for violation in check_certificate(problem, twice).violations] == ["DUPLICATE_RESOURCE"]


def test_lines_of_wide_orders_have_no_own_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their relaxation knows prices for all only."""
    from splitship.check import certificate as certificate_module
    from splitship.check import own_prices as own_module

    monkeypatch.setattr(certificate_module, "EXACT_STATE_CAP", 1)
    monkeypatch.setattr(own_module, "EXACT_STATE_CAP", 1)
    problem = two_pairs_and_three_units()
    report = check_certificate(problem, with_own(certificate_of({}, 0), {(0, 0): 1}, 0))
    assert [violation.code for violation in report.violations] == ["OWN_PRICE_OF_WIDE_ORDER"]
