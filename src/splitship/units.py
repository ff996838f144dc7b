"""Money, weight, length and time as integers, and the one place where each is rounded.

Totals of money are int64 micros (10^-6 of the currency). Unit prices keep up to 18 decimals in
`Amounts` until they are multiplied; a term is rounded once, half to even, to a micro.
Weights are integer micrograms, lengths integer 10^-9 cm, days integers since 1970-01-01,
instants integer microseconds since 1970-01-01T00:00Z.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

I64 = NDArray[np.int64]
I32 = NDArray[np.int32]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Strings = NDArray[np.object_]  # of str

MICROS = 10**6
ATTO = 10**18
ATTO_PER_MICRO = 10**12
UG_PER_KG = 10**9
US_PER_SECOND = 10**6
US_PER_DAY = 86_400 * US_PER_SECOND
UNLIMITED = 2**62
"""A limit that never binds: what an empty capacity or weight limit means."""
NO_DATE = 2**30
"""A promise that is never missed: what an empty `deliver_by` means (a day number)."""

MAX_QUANTITY = 10**6
MAX_WEIGHT_UG = 10**6 * UG_PER_KG
MAX_PRICE_MICROS = 10**9 * MICROS
MAX_TOTAL_MICROS = 2**62
"""Stated limits of input: units a line, kilograms a unit, money a price; totals stay inside int64."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """A column of exact decimals with up to 18 decimals: value = micros / 10^6 + atto / 10^18.

    `atto` lies in [0, 10^12), so `micros` is the value rounded down to a micro.
    """

    micros: I64
    atto: I64

    @classmethod
    def zeros(cls, size: int) -> Self:
        """`size` zeros."""
        return cls(np.zeros(size, np.int64), np.zeros(size, np.int64))

    @classmethod
    def from_decimals(cls, values: Iterable[Decimal | int | str]) -> Self:
        """From decimals; more than 18 decimals, or a value that is not finite, raises ValueError."""
        exact = [decimal_to_atto(value) for value in values]
        return cls(
            np.array([value // ATTO_PER_MICRO for value in exact], np.int64),
            np.array([value % ATTO_PER_MICRO for value in exact], np.int64),
        )

    def take(self, index: NDArray[np.integer] | Bools) -> Self:
        """The rows at `index` (positions or a mask)."""
        return type(self)(self.micros[index], self.atto[index])

    def exact(self, row: int) -> int:
        """One value as an integer of 10^-18."""
        return int(self.micros[row]) * ATTO_PER_MICRO + int(self.atto[row])

    def exact_list(self) -> list[int]:
        """All values as Python integers of 10^-18."""
        pairs = zip(self.micros.tolist(), self.atto.tolist(), strict=True)
        return [micros * ATTO_PER_MICRO + atto for micros, atto in pairs]

    def decimals(self) -> list[Decimal]:
        """All values as Decimal, without trailing zeros."""
        return [atto_to_decimal(value) for value in self.exact_list()]

    def __len__(self) -> int:
        return len(self.micros)


def in_one_layout(value: Any) -> Any:
    """An array in C order that may be written, a copy where it is not; anything else as it is.

    Kernels are compiled anew for every layout of their arguments.
    """
    return np.require(value, requirements=["C", "W"]) if isinstance(value, np.ndarray) else value


def decimal_to_atto(value: Decimal | int | str) -> int:
    """An exact decimal as an integer of 10^-18.

    Raises:
        ValueError: the value is not a finite number or has more than 18 decimals.
    """
    try:
        number = Decimal(value)
    except ArithmeticError as error:
        raise ValueError(f"not a number: {value!r}") from error
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    with localcontext() as context:
        context.prec = 80
        scaled = number.scaleb(18)
        whole = scaled.to_integral_value()
        if whole != scaled:
            raise ValueError(f"more than 18 decimals: {value!r}")
        return int(whole)


def atto_to_decimal(value: int) -> Decimal:
    """An integer of 10^-18 as a Decimal without trailing zeros."""
    with localcontext() as context:
        context.prec = 80
        number = Decimal(value).scaleb(-18).normalize()
        return number.quantize(Decimal(1)) if number == number.to_integral_value() else number


def round_half_even(numerator: int, denominator: int) -> int:
    """The quotient of two integers rounded to a whole number, ties to the even one."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    quotient, remainder = divmod(numerator, denominator)
    twice = 2 * remainder
    if twice > denominator or (twice == denominator and quotient % 2 == 1):
        return quotient + 1
    return quotient


def format_micros(micros: int) -> str:
    """Micros as decimal text with 2 to 6 decimals: 12345670000 -> '12345.67'."""
    sign = "-" if micros < 0 else ""
    whole, part = divmod(abs(int(micros)), MICROS)
    digits = f"{part:06d}".rstrip("0").ljust(2, "0")
    return f"{sign}{whole}.{digits}"


def parse_micros(text: str) -> int:
    """Decimal text with at most 6 decimals as micros; ValueError otherwise."""
    exact = decimal_to_atto(text)
    if exact % ATTO_PER_MICRO:
        raise ValueError(f"more than 6 decimals: {text!r}")
    return exact // ATTO_PER_MICRO


def day_number(text: str) -> int:
    """An ISO date as days since 1970-01-01."""
    return int(np.datetime64(text, "D").astype(np.int64))


def day_text(day: int) -> str:
    """Days since 1970-01-01 as an ISO date."""
    return str(np.datetime64(int(day), "D"))


def strings(values: Sequence[str] | Iterable[str]) -> Strings:
    """A column of text."""
    listed = list(values)
    column = np.empty(len(listed), object)
    column[:] = listed
    return column
