"""Exact prices of packages in integers, as kernels.

A price with 18 decimals times a weight in micrograms does not fit an int64. The usual case (prices of at
most six decimals, no fraction of a microgram) is plain integer arithmetic; everything else runs
through `_Wide`: numbers as limbs of six decimal digits, least first.
Each cost term is rounded once, half to even, to a micro.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from splitship.instance.inner import inner
from splitship.instance.model import IMPOSSIBLE
from splitship.units import ATTO_PER_MICRO, UG_PER_KG

_BASE = 10**6
_LIMBS = 14


@inner
def _add_product(total, first, first_limbs, second, second_limbs, shift):  # type: ignore[no-untyped-def]
    """total += first * second * BASE^shift, schoolbook."""
    for i in range(first_limbs):
        if first[i] == 0:
            continue
        carry = np.int64(0)
        k = i + shift
        for j in range(second_limbs):
            value = total[k] + first[i] * second[j] + carry
            total[k] = value % _BASE
            carry = value // _BASE
            k += 1
        while carry:
            value = total[k] + carry
            total[k] = value % _BASE
            carry = value // _BASE
            k += 1


@inner
def _spread(value, limbs, start, count):  # type: ignore[no-untyped-def]
    """Write a non-negative integer into `count` limbs from `start`."""
    for i in range(count):
        limbs[start + i] = value % _BASE
        value //= _BASE


@inner
def _price_beyond_card(  # type: ignore[no-untyped-def]
    price_micros, price_atto, extra_micros, extra_atto, excess_ug, excess_part
):
    """price + extra per kg x excess, exact, rounded half to even; excess in micrograms and 10^-12 of one."""
    if price_atto == 0 and extra_atto == 0 and excess_part == 0:
        kilograms, grams = excess_ug // UG_PER_KG, excess_ug % UG_PER_KG
        if extra_micros < 9 * 10**9:
            product = extra_micros * grams
            whole = price_micros + extra_micros * kilograms + product // UG_PER_KG
            twice = 2 * (product % UG_PER_KG)
            if twice > UG_PER_KG or (twice == UG_PER_KG and whole % 2 == 1):
                whole += 1
            return whole
    # limbs of 10^-6: extra in 10^-18 of money (5 limbs), excess in 10^-21 kg (5 limbs), product in 10^-39 of money
    extra = np.zeros(6, np.int64)
    _spread(extra_atto, extra, 0, 2)
    _spread(extra_micros, extra, 2, 4)
    excess = np.zeros(6, np.int64)
    _spread(excess_part, excess, 0, 2)
    _spread(excess_ug, excess, 2, 4)
    total = np.zeros(_LIMBS, np.int64)
    _add_product(total, extra, 6, excess, 6, 0)
    # 10^-39 is not a multiple of six digits away from 10^-18 money; scale by 10^3 so that limb 6 is a micro x 1
    # (10^-42 = 7 limbs below one unit of money, 6 below a micro)
    carry = np.int64(0)
    for i in range(_LIMBS):
        value = total[i] * 1000 + carry
        total[i] = value % _BASE
        carry = value // _BASE
    one = np.zeros(1, np.int64)
    one[0] = 1
    price = np.zeros(6, np.int64)
    _spread(price_atto, price, 0, 2)
    _spread(price_micros, price, 2, 4)
    _add_product(total, price, 6, one, 1, 4)
    whole = np.int64(0)
    for i in range(9, 5, -1):
        whole = whole * _BASE + total[i]
    above_half, exact_half = False, total[5] == _BASE // 2
    if total[5] > _BASE // 2:
        above_half = True
    for i in range(5):
        if total[i] != 0:
            if exact_half:
                above_half = True
            exact_half = False
    if above_half or (exact_half and whole % 2 == 1):
        whole += 1
    return whole


@njit(cache=True, nogil=True)
def round_atto(micros, atto):  # type: ignore[no-untyped-def]
    """micros + atto x 10^-12 micros, rounded half to even; atto may be 10^12 or more."""
    micros += atto // ATTO_PER_MICRO
    twice = 2 * (atto % ATTO_PER_MICRO)
    if twice > ATTO_PER_MICRO or (twice == ATTO_PER_MICRO and micros % 2 == 1):
        micros += 1
    return micros


@njit(cache=True, nogil=True)
def shipping_cost(  # type: ignore[no-untyped-def]
    weight_ug, volume_ug, volume_part, step, start, end, up_to, price_micros, price_atto, extra_micros, extra_atto,
    has_extra,
):  # fmt: skip
    """Price of a package on the brackets start..end-1, in micros; IMPOSSIBLE when it is beyond the card.

    `volume_ug` and `volume_part` are the volumetric weight (whole micrograms, 10^-12 of one), 0 for actual weight.
    """
    whole, part = weight_ug, np.int64(0)
    if volume_ug >= weight_ug:
        whole, part = volume_ug, volume_part
    if step > 0:
        ceiling = whole + (1 if part > 0 else 0)
        whole, part = (ceiling + step - 1) // step * step, np.int64(0)
    ceiling = whole + (1 if part > 0 else 0)
    low, high = start, end
    while low < high:
        middle = (low + high) // 2
        if up_to[middle] >= ceiling:
            high = middle
        else:
            low = middle + 1
    if low < end:
        return round_atto(price_micros[low], price_atto[low])
    last = end - 1
    if start >= end or not has_extra[last]:
        return np.int64(IMPOSSIBLE)
    return _price_beyond_card(
        price_micros[last], price_atto[last], extra_micros[last], extra_atto[last], whole - up_to[last], part
    )


@njit(cache=True, nogil=True)
def handling_cost(  # type: ignore[no-untyped-def]
    num_lines, num_units, package_micros, package_atto, line_micros, line_atto, unit_micros, unit_atto
):
    """package cost + line cost x lines + unit cost x units, rounded once, in micros."""
    return round_atto(
        package_micros + line_micros * num_lines + unit_micros * num_units,
        package_atto + line_atto * num_lines + unit_atto * num_units,
    )


@njit(cache=True, nogil=True)
def times_days(limbs, days):  # type: ignore[no-untyped-def]
    """A price of four limbs (micros, then 10^-12, 10^-24, 10^-36 of one) times days, rounded half to even."""
    low = limbs[3] * days
    mid = limbs[2] * days + low // ATTO_PER_MICRO
    high = limbs[1] * days + mid // ATTO_PER_MICRO
    micros = limbs[0] * days + high // ATTO_PER_MICRO
    rest, sticky = high % ATTO_PER_MICRO, mid % ATTO_PER_MICRO != 0 or low % ATTO_PER_MICRO != 0
    half = ATTO_PER_MICRO // 2
    if rest > half or (rest == half and (sticky or micros % 2 == 1)):
        micros += 1
    return micros


def limbs_of(value: int) -> list[int]:
    """A price in 10^-36 of money as the four limbs of `times_days` (the last in 10^-36 of a micro)."""
    value *= 10**6  # 10^-36 of money is 10^-30 of a micro
    limbs = []
    for _ in range(3):
        value, limb = divmod(value, ATTO_PER_MICRO)
        limbs.append(limb)
    return [value, *reversed(limbs)]
