"""The engine's kernels against plain computations."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from splitship.instance.tariff import limbs_of, round_atto, shipping_cost, times_days
from splitship.units import round_half_even

SEED = 7


def _exact_price(weight: int, up_to: int, price: int, extra: int) -> int:
    """price + extra x (weight - up_to) / 10^9 in micros; prices in 10^-18."""
    value = Fraction(price, 10**12) + Fraction(extra, 10**12) * Fraction(weight - up_to, 10**9)
    return round_half_even(value.numerator, value.denominator)


@pytest.mark.parametrize("decimals", [2, 6, 12, 18])
def test_price_beyond_the_card_is_exact(decimals: int) -> None:
    """Brackets with a price per extra kg agree with fractions, whatever the decimals."""
    random = np.random.default_rng(SEED)
    for _ in range(200):
        unit = 10 ** (18 - decimals)
        price = int(random.integers(0, 10**9)) * unit
        extra = int(random.integers(0, 10**9)) * unit
        up_to = int(random.integers(0, 10**10))
        weight = up_to + int(random.integers(1, 10**11))
        columns = [np.array([value], np.int64) for value in (up_to, price // 10**12, price % 10**12)]
        extras = [np.array([value], np.int64) for value in (extra // 10**12, extra % 10**12)]
        got = shipping_cost(weight, 0, 0, 0, 0, 1, *columns, *extras, np.array([True]))
        assert got == _exact_price(weight, up_to, price, extra)


def test_half_micros_round_to_even() -> None:
    """0.5 -> 0, 1.5 -> 2, 2.5 -> 2 micros, and a hair more than half goes up."""
    half = 5 * 10**11
    assert [round_atto(whole, half) for whole in (0, 1, 2)] == [0, 2, 2]
    assert round_atto(2, half + 1) == 3


def test_days_times_a_price_of_many_decimals_is_exact() -> None:
    """late_day x priority has up to 36 decimals; times days it is rounded once."""
    random = np.random.default_rng(SEED)
    for _ in range(200):
        value = int(random.integers(0, 10**18)) * int(random.integers(1, 10**18))  # 10^-36 of money
        days = int(random.integers(1, 400))
        limbs = np.array(limbs_of(value), np.int64)
        assert times_days(limbs, days) == round_half_even(value * days, 10**30)
