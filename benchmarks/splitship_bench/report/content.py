"""What a report consists of, before it is Markdown or HTML: sections of text, tables and charts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from splitship_bench.metrics import NOT_ASKED, Timed


@dataclass(frozen=True, slots=True)
class Value:
    """A table cell. `tone` is "", "best", "bad" or "quiet"; `more` are further lines of a stacked cell."""

    text: str
    tone: str = ""
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """`left` are the columns of text, the others are numbers. `ours` are rows of ours. `folded`: shut at first."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]
    title: str = ""
    left: Sequence[int] = (0,)
    ours: Sequence[int] = ()
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """`draw` makes the SVG; only HTML calls it. `title` says what is seen."""

    title: str
    draw: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report: text first, then charts, then tables. `loud`: an error that must not be overlooked."""

    key: str
    title: str
    text: Sequence[str] = ()
    charts: Sequence[Chart] = ()
    tables: Sequence[Table] = ()
    loud: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A title, a line of what it is about, warnings for the top of the page, and sections."""

    title: str
    about: str
    alerts: Sequence[str] = field(default_factory=tuple)
    sections: Sequence[Section] = field(default_factory=tuple)


NOTHING = Value("–", "quiet")


def text(words: str, tone: str = "") -> Value:
    """A cell of words."""
    return Value(words, tone)


def number(value: float | None, digits: int = 2, tone: str = "") -> Value:
    """A number with thousands separated, or a dash."""
    return NOTHING if value is None else Value(f"{value:,.{digits}f}", tone)


def money(micros: float | None, tone: str = "") -> Value:
    """Micros in units of the currency."""
    return number(None if micros is None else micros / 1e6, 2, tone)


def percent(fraction: float | None, digits: int = 2, sign: bool = False, tone: str = "") -> Value:
    """A fraction in percent, or a dash."""
    return NOTHING if fraction is None else Value(f"{100 * fraction:{'+' if sign else ''},.{digits}f} %", tone)


def seconds_text(seconds: float) -> str:
    """Three digits or so, without the unit."""
    return f"{seconds:.2f}" if seconds < 10 else f"{seconds:.1f}" if seconds < 100 else f"{seconds:,.0f}"


def time_value(timed: Timed, tone: str = "") -> Value:
    """Seconds; what was not reached never looks like a time: the limit with >, a failure by its name, never, a dash."""
    if not timed.censored:
        return Value(seconds_text(timed.seconds), tone)
    if timed.reason == "time limit":
        return Value(f">{seconds_text(timed.seconds).removesuffix('.0')}", "quiet")
    if timed.reason in ("no bound", "not applicable"):
        return Value(timed.reason, "quiet")
    if timed.reason in (NOT_ASKED, "stopped"):
        return Value(NOT_ASKED if timed.reason == NOT_ASKED else "never", "quiet")
    return Value(timed.reason, "bad")


def least(values: Sequence[float | None]) -> float | None:
    """The smallest of what is there; None when nothing is, or when there is nothing to be compared with."""
    found = [value for value in values if value is not None]
    return min(found) if len(found) > 1 else None
