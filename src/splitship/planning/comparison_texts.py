"""Numbers of a comparison in words: for terminals, pages and Markdown. Differences always carry their sign."""

from __future__ import annotations

from decimal import Decimal

from splitship.planning.kpis import Unit, Value
from splitship.units import MICROS, format_micros, round_half_even

DASH = "-"
_MOST_TOLD = 100
"""A difference of so many times the baseline's value, or more, is told as more than that."""
_LOWER_IS_BETTER = (
    "objective", "gap", "gap_money", "cost.", "packages", "packages.per_order", "orders.split", "split_rate",
    "violations", "packages.late", "days.", "unfilled", "cost_per_", "co2",
)  # fmt: skip
_HIGHER_IS_BETTER = ("on_time", "fill.")


def money_text(micros: int) -> str:
    """12345670000 as `12,345.67`."""
    sign, digits = ("-", format_micros(-micros)) if micros < 0 else ("", format_micros(micros))
    whole, _, part = digits.partition(".")
    return f"{sign}{int(whole):,}.{part}"


def signed_money(micros: int) -> str:
    """The same with a sign: `+12,345.67`; `0.00` for nothing."""
    return ("+" if micros > 0 else "") + money_text(micros)


def rounded_money(micros: int) -> str:
    """Money for tables of many numbers: two decimals, more only where it would be 0.00 and is not."""
    cents = round_half_even(micros, MICROS // 100)
    return money_text(cents * (MICROS // 100)) if cents else money_text(micros)


def value_text(value: Value, unit: Unit) -> str:
    """A value in its unit, with thousands grouped and rounded as `rounded_money` says; a dash for none."""
    if value is None:
        return DASH
    if unit is Unit.MONEY:
        return rounded_money(int(value))
    if unit is Unit.COUNT:
        return f"{int(value):,}"
    if unit is Unit.SHARE:
        return _hundredths(float(value)) + " %"
    if unit is Unit.KILOGRAMS:
        return f"{float(value):,.1f} kg"
    return f"{int(value):,}" if isinstance(value, int) else f"{float(value):,.3f}"


def difference_text(value: Value, unit: Unit) -> str:
    """A difference with its sign; shares differ by percentage points (pp). A dash for none."""
    if value is None:
        return DASH
    sign = "+" if value > 0 else ""
    if unit is Unit.SHARE:
        return f"{sign}{_hundredths(float(value))} pp"
    return sign + value_text(value, unit)


def percent_text(share: float | None) -> str:
    """0.0123 as `+1.23 %`; nothing for none."""
    if share is None:
        return ""
    if abs(share) >= _MOST_TOLD:
        return f"{'+' if share > 0 else '-'}>{_MOST_TOLD * 100 - 1:,} %"
    text = f"{share * 100:+,.2f} %"
    return text if share == 0 or text[1:] != "0.00 %" else f"{text[0]}<0.01 %"


def better(key: str) -> int:
    """Whether less of a KPI is better (-1), more (1) or neither as such (0)."""

    def is_one(names: tuple[str, ...]) -> bool:
        return any(key == name or (name[-1] in "._" and key.startswith(name)) for name in names) or (
            key.startswith("unfilled.") and "unfilled" in names
        )

    return -1 if is_one(_LOWER_IS_BETTER) else 1 if is_one(_HIGHER_IS_BETTER) else 0


def plain_value(value: Value, unit: Unit) -> str | int | float | None:
    """A value as documents have it: money as decimal text, counts whole, all else a float."""
    if value is None:
        return None
    if unit is Unit.MONEY:
        return format_micros(int(value))
    return int(value) if unit is Unit.COUNT else float(value)


def frame_value(value: Value, unit: Unit) -> Decimal | int | float | None:
    """A value as frames have it: money `Decimal`, counts whole, all else a float."""
    if value is not None and unit is Unit.MONEY:
        return Decimal(format_micros(int(value)))
    plain = plain_value(value, unit)
    assert not isinstance(plain, str)
    return plain


def _hundredths(share: float) -> str:
    """A share times a hundred with two decimals, four where it is below a tenth."""
    number = share * 100
    if 0 < abs(number) < 0.0001:
        return f"{'-' if number < 0 else ''}<0.0001"
    return f"{number:,.4f}" if 0 < abs(number) < 0.1 else f"{number:,.2f}"
