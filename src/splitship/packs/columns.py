"""What a column of a pack is: its type, bounds, default, unit and meaning; and short ways to state one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from splitship.packs.supported import is_supported
from splitship.units import MAX_PRICE_MICROS, MAX_WEIGHT_UG, MICROS, UG_PER_KG


class Kind(StrEnum):
    """How the text of a cell is read."""

    ID = "id"
    TEXT = "text"
    IDS = "ids separated by ;"
    WHOLE = "whole number"
    DECIMAL = "decimal"
    MONEY = "money"
    WEIGHT = "weight"
    LENGTH = "length"
    FLAG = "true or false"
    DATE = "date"
    INSTANT = "date and time with offset"
    CUTOFF = "HH:MM"
    WEEK = "seven digits 0 or 1, Monday first"


MAX_COUNT = 10**12
"""Largest whole number where no narrower limit is stated (stock, capacities)."""
MAX_DAYS = 3650
"""Longest lead, transit or horizon in days."""
MAX_LENGTH_CM = 10**4
MAX_DIM_DIVISOR = 10**9
MAX_PRIORITY = 10**9
MAX_WEIGHT_KG = MAX_WEIGHT_UG // UG_PER_KG
MAX_PRICE = MAX_PRICE_MICROS // MICROS
FIRST_YEAR, LAST_YEAR = 1970, 2199
"""Dates and instants outside these years are faults: they are typing errors, and calendars end somewhere."""
MONEY_DECIMALS = 18
FINE_DECIMALS = 9
"""Decimals of weights, lengths and dimensional divisors."""
MINUTE_DECIMALS = 6
MODES = ("ship", "pickup")
"""How a line reaches the customer."""
MAX_MINUTES = 10**4
"""Longest labour of one package or unit."""
MAX_MINUTES_A_DAY = 10**8


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `default` is the text that an empty cell stands for ('' when empty has a meaning of its own).

    `least` and `most` bound numbers, both inclusive. `feature` names what the column belongs to when that is more
    than the base: until the feature is supported, a cell that says something else than the default, or than
    `neutral`, is read, checked and then refused.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    default: str = ""
    unit: str = ""
    least: int | None = 0
    most: int = MAX_COUNT
    feature: str = ""
    neutral: str = ""
    words: tuple[str, ...] = ()

    @property
    def later(self) -> bool:
        """Its feature is not yet supported."""
        return bool(self.feature) and not is_supported(self.feature)


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `needed`: a pack folder without it is a fault. `feature`: as of a column, for any row at all."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    needed: bool = False
    feature: str = ""

    @property
    def later(self) -> bool:
        """Its feature is not yet supported."""
        return bool(self.feature) and not is_supported(self.feature)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when it is not in the contract."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names in the order of the contract."""
        return tuple(column.name for column in self.columns)

    @property
    def required_names(self) -> tuple[str, ...]:
        """Names of the columns that must be there and filled."""
        return tuple(column.name for column in self.columns if column.required)


def id_column(name: str, meaning: str, required: bool = True, feature: str = "") -> Column:
    """The name of something, in its own table or in another that refers to it."""
    return Column(name, Kind.ID, meaning, required, feature=feature)


def plain_column(
    name: str,
    meaning: str,
    required: bool = False,
    words: tuple[str, ...] = (),
    default: str = "",
    feature: str = "",
    neutral: str = "",
) -> Column:
    """Any text, or one of `words`."""
    return Column(name, Kind.TEXT, meaning, required, default, words=words, feature=feature, neutral=neutral)


def money_column(
    name: str,
    meaning: str,
    default: str = "0",
    required: bool = False,
    feature: str = "",
    least: int = 0,
) -> Column:
    """Money of the pack's currency."""
    return Column(name, Kind.MONEY, meaning, required, default, "money", least, MAX_PRICE, feature)


def whole_column(
    name: str,
    meaning: str,
    default: str = "",
    required: bool = False,
    unit: str = "",
    least: int | None = 0,
    most: int = MAX_COUNT,
    feature: str = "",
) -> Column:
    """A whole number."""
    return Column(name, Kind.WHOLE, meaning, required, default, unit, least, most, feature)


def weight_column(name: str, meaning: str, required: bool = False) -> Column:
    """A weight in kg."""
    return Column(name, Kind.WEIGHT, meaning, required, unit="kg", most=MAX_WEIGHT_KG)


def length_column(name: str, meaning: str) -> Column:
    """A length in cm."""
    return Column(name, Kind.LENGTH, meaning, unit="cm", most=MAX_LENGTH_CM)


def minutes_column(name: str, meaning: str, default: str, most: int, feature: str = "") -> Column:
    """Minutes of labour."""
    return Column(name, Kind.DECIMAL, meaning, default=default, unit="minutes", most=most, feature=feature)


def share_column(name: str, meaning: str, default: str, feature: str = "") -> Column:
    """A share from 0 to 1."""
    return Column(name, Kind.DECIMAL, meaning, default=default, most=1, feature=feature)


def flag_column(name: str, meaning: str, default: str) -> Column:
    """True or false."""
    return Column(name, Kind.FLAG, meaning, default=default)


def date_column(name: str, meaning: str, required: bool = False, feature: str = "") -> Column:
    """A date."""
    return Column(name, Kind.DATE, meaning, required, feature=feature)


def week_column(name: str, meaning: str) -> Column:
    """Days of the week, all by default."""
    return Column(name, Kind.WEEK, meaning, default="1111111")


def degrees_column(name: str, meaning: str, most: int) -> Column:
    """A latitude or longitude."""
    return Column(name, Kind.DECIMAL, meaning, unit="degrees", least=-most, most=most)
