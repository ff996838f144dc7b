"""Exact money inside compiled loops: decimals in int64 limbs, rounded half to even to a micro.

Unit prices are micros plus 10^-18 parts (`atto`, below 10^12 of them a micro), as in `units.Amounts`. The limits of
`certificate` (weights below 10^18 micrograms, totals below 2^61 micros) keep every limb inside int64.
"""

from __future__ import annotations

from splitship.check.compiled import compiled

THOUSAND = 10**3
MILLION = 10**6
BILLION = 10**9
TRILLION = 10**12
TEN_DIGITS = 10**10


@compiled
def shipping_micros(price_micros: int, price_atto: int, extra_micros: int, extra_atto: int, excess_ug: int) -> int:
    """price + extra per kg x excess, rounded to a micro; `excess_ug` a whole number of micrograms, 0 to 10^18.

    The fraction of a micro is held in limbs of 10^-9, 10^-15 and 10^-21 of it.
    """
    kilograms, rest = excess_ug // BILLION, excess_ug % BILLION
    micros = price_micros + extra_micros * kilograms + (extra_micros // BILLION) * rest
    product = (extra_micros % BILLION) * rest
    micros += product // BILLION
    high = product % BILLION + price_atto // THOUSAND
    middle = (price_atto % THOUSAND) * THOUSAND
    low = 0
    if extra_atto > 0:
        coarse, fine = extra_atto // MILLION, extra_atto % MILLION
        product = coarse * kilograms
        micros += product // MILLION
        high += (product % MILLION) * THOUSAND
        product = fine * kilograms
        micros += product // TRILLION
        product %= TRILLION
        high += product // THOUSAND
        middle += (product % THOUSAND) * THOUSAND + coarse * rest
        low = fine * rest
    middle += low // MILLION
    low %= MILLION
    high += middle // MILLION
    middle %= MILLION
    micros += high // BILLION
    high %= BILLION
    half = BILLION // 2
    if high > half or (high == half and (middle > 0 or low > 0 or micros % 2 == 1)):
        micros += 1
    return micros


@compiled
def handling_micros(
    package_micros: int,
    package_atto: int,
    line_micros: int,
    line_atto: int,
    unit_micros: int,
    unit_atto: int,
    num_lines: int,
    num_units: int,
) -> int:
    """Cost per package + per line x lines + per unit x units, rounded to a micro; lines to 10^5, units to 10^11."""
    micros = package_micros + line_micros * num_lines + unit_micros * num_units
    atto = package_atto + line_atto * num_lines
    if unit_atto > 0:
        product = (unit_atto // MILLION) * num_units
        micros += product // MILLION
        atto += (product % MILLION) * MILLION + (unit_atto % MILLION) * num_units
    micros += atto // TRILLION
    atto %= TRILLION
    if 2 * atto > TRILLION or (2 * atto == TRILLION and micros % 2 == 1):
        micros += 1
    return micros


@compiled
def times_micros(micros: int, high: int, middle: int, low: int, count: int) -> int:
    """(micros + fraction) x count, rounded to a micro; the fraction is three limbs of ten digits, count to 10^8."""
    low *= count
    middle = middle * count + low // TEN_DIGITS
    low %= TEN_DIGITS
    high = high * count + middle // TEN_DIGITS
    middle %= TEN_DIGITS
    total = micros * count + high // TEN_DIGITS
    high %= TEN_DIGITS
    half = TEN_DIGITS // 2
    if high > half or (high == half and (middle > 0 or low > 0 or total % 2 == 1)):
        total += 1
    return total
