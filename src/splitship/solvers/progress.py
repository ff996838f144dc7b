"""What solvers tell while they run: objective and bound in the lines of their logs.

One function a solver takes a line and returns (best objective, best bound) in the units of the model it was given,
each None where the line does not tell it, or None for a line that tells neither. Lines of a layout that is not known
tell nothing: a later version of a solver costs progress, never the answer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

from splitship.solvers.model import Progress

Told = tuple[float | None, float | None]
LineReader = Callable[[str], Told | None]

_NUMBER = r"([-+]?inf|[-+]?\d[\d.]*(?:e[+-]?\d+)?)"
_HIGHS_ROW = re.compile(rf"^\s*[A-Za-z]?\s+\d+\s+\d+\s+\d+\s+[\d.]+%\s+{_NUMBER}\s+{_NUMBER}\s")
_SCIP_ROW = re.compile(rf"^.[ \d.]+[smhd]\|(?:[^|]*\|)+\s*{_NUMBER}\s*\|\s*(--|{_NUMBER})\s*\|[^|]*\|[^|]*$")
_CP_SAT_ROW = re.compile(rf"^#(?:\d+|Bound)\s+[\d.]+s\s+best:{_NUMBER}\s+next:\[{_NUMBER},")
_CBC_TREE = re.compile(rf"^Cbc0010I After .* {_NUMBER} best solution, best possible {_NUMBER}")
_CBC_PARTIAL = re.compile(rf"^Cbc0005I Partial search - best objective {_NUMBER} \(best possible {_NUMBER}\)")
_CBC_FOUND = re.compile(
    rf"^Cbc(?:(?:0004|0012|0016)I Integer solution of|0001I Search completed - best objective) {_NUMBER}"
)
_CBC_ROUGHLY_FOUND = re.compile(
    rf"^Cbc0038I (?:Solution found of|Rounding solution of|Mini branch and bound improved solution from \S+ to)"
    rf" {_NUMBER}"
)
_CBC_BOUND = re.compile(
    rf"^(?:Continuous objective value is|Cbc0013I At root node, \d+ cuts changed objective from \S+ to) {_NUMBER}"
)
_CBC_ROUGH_DIGITS = 6  # what is left of the lines of the feasibility pump and of the root
_CBC_NONE = 1e30
_SCIP_NONE = 1e20
_SCIP_DIGITS = 7


def read_highs(line: str) -> Told | None:
    """A row of the table that HiGHS writes as it searches."""
    row = _HIGHS_ROW.match(line)
    return None if row is None else _told(row[2], row[1], math.inf)


def read_scip(line: str) -> Told | None:
    """A row of SCIP's table; it has seven digits, so objective and bound are moved apart by half of the last one."""
    row = _SCIP_ROW.match(line)
    if row is None:
        return None
    objective, bound = _told(row[2], row[1], _SCIP_NONE) or (None, None)
    objective = None if objective is None else objective + _half_of_place(row[2], _SCIP_DIGITS)
    bound = None if bound is None else bound - _half_of_place(row[1], _SCIP_DIGITS)
    return objective, bound


def read_cp_sat(line: str) -> Told | None:
    """A `#1`, `#2`, ... (a better solution) or `#Bound` line of CP-SAT, in units of its objective before scaling."""
    row = _CP_SAT_ROW.match(line)
    return None if row is None else _told(row[1], row[2], math.inf)


def read_cbc(line: str) -> Told | None:
    """CBC's messages on solutions and bounds, of the search, its root node and its feasibility pump."""
    for pattern in (_CBC_TREE, _CBC_PARTIAL):
        if (row := pattern.match(line)) is not None:
            return _told(row[1], row[2], _CBC_NONE)
    if (row := _CBC_FOUND.match(line)) is not None:
        return _told(row[1], "inf", _CBC_NONE)
    if (row := _CBC_ROUGHLY_FOUND.match(line)) is not None and _told(row[1], "inf", _CBC_NONE) is not None:
        return float(row[1]) + _half_of_place(row[1], _CBC_ROUGH_DIGITS), None
    if (row := _CBC_BOUND.match(line)) is not None and _told("inf", row[1], _CBC_NONE) is not None:
        return None, float(row[1]) - _half_of_place(row[1], _CBC_ROUGH_DIGITS)
    return None


class LogListener:
    """Takes lines of a log and calls back with best objective and bound so far, in micros, whenever one improves.

    `scale` is how many micros a unit of the log is. An exception of the caller's must not pass through compiled code
    or a reading thread: the first is kept in `fault`, and nothing is read after it.
    """

    def __init__(self, read: LineReader, scale: float, on_progress: Progress) -> None:
        self.fault: Exception | None = None
        self._read, self._scale, self._on_progress = read, scale, on_progress
        self._objective: float | None = None
        self._bound: float | None = None

    def __call__(self, lines: Sequence[str]) -> None:
        """Read whole lines, without their ends."""
        for line in lines:
            told = self._read(line) if self.fault is None else None
            if told is None or not self._improves(*told):
                continue
            try:
                self._on_progress(self._objective, self._bound)
            except Exception as error:
                self.fault = error

    def _improves(self, objective: float | None, bound: float | None) -> bool:
        before = self._objective, self._bound
        if objective is not None and (self._objective is None or objective * self._scale < self._objective):
            self._objective = objective * self._scale
        if bound is not None and (self._bound is None or bound * self._scale > self._bound):
            self._bound = bound * self._scale
        return before != (self._objective, self._bound)


def _told(objective: str, bound: str, none: float) -> Told | None:
    """Both numbers; one that is infinite, or `none` or more in size, is not told."""
    values = tuple(_finite(text, none) for text in (objective, bound))
    return None if values == (None, None) else (values[0], values[1])


def _finite(text: str, none: float) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < none else None


def _half_of_place(text: str, digits: int) -> float:
    """Half of the last digit of a number of so many digits: what rounding may have hidden."""
    value = abs(float(text))
    return 0.5 * 10.0 ** (math.floor(math.log10(value)) + 1 - digits) if value else 0.0
