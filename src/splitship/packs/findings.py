"""What is wrong in a pack: the codes, and the collector that keeps at most so many of a kind."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from splitship.errors import Finding, InputError, PackError, UnsupportedError

Locate = Callable[[str, int | None, str | None], str]
"""(table, row counted from 0 or None, column or None) -> the place in words, such as `orders.csv:19:4`."""

CAP = 20
"""Findings shown of one kind (same code, table and column); the rest are counted."""

CODES: Mapping[str, str] = MappingProxyType(
    {
        "E101": "a folder, file or table is missing or cannot be read",
        "E102": "a required column is missing, or a column stands twice",
        "E103": "a row has too few or too many cells, or a quote is not closed",
        "E104": "a cell is not the whole number it should be",
        "E105": "a cell is not the decimal number it should be",
        "E106": "a number has more decimals than can be kept",
        "E107": "a cell is not the date or time it should be",
        "E108": "a cell is not one of the words it should be (true, false, seven digits, a node's kind)",
        "E109": "a required cell is empty",
        "E110": "the same table is there twice, as CSV and as Parquet",
        "E111": "scenario.yaml is not YAML, or a part of it has the wrong shape",
        "E112": "an unknown key in scenario.yaml",
        "E113": "a setting is missing or has a wrong value",
        "E114": "a rule that does nothing, has effects that exclude each other, or conditions that it cannot have",
        "E201": "a key stands twice",
        "E301": "a reference to something that is not in its table",
        "E302": "a scenario, overlay or sweep that is not defined, or extends itself",
        "E303": "a condition, of a rule or an overlay, on a column that its table does not have",
        "E304": "a condition that the column's cells can never meet, or an order comparison of text",
        "E305": "an overlay that writes to a column or table that is not there",
        "E306": "arithmetic of an overlay on a column that holds no numbers",
        "E307": "a number in an overlay or sweep, or an expression, that cannot be read or has no value",
        "E308": "an operation of an overlay that is about no row",
        "E309": "arithmetic of an overlay on a cell that is empty or no number, or whose result the column cannot hold",
        "E401": "negative stock",
        "E402": "an unknown time zone",
        "E403": "rate brackets out of order",
        "E404": "per_extra_kg on a bracket that is not the last",
        "E405": "a latitude or longitude that is not on the earth, or one without the other",
        "E406": "missing coordinates while a distance limit is set",
        "E407": "a negative price, weight, length or priority",
        "E408": "a number or date beyond the stated limits",
        "E409": "a destination that is neither a postal prefix nor *",
        "E410": "totals that could leave the range of exact arithmetic",
        "E421": "cells of a row that contradict each other",
        "E422": "a cell that lacks another which it needs",
        "E423": "something that refers to itself: a kit in itself, a transfer to where it begins",
        "E424": "a kit among the components of a kit, or among substitutes",
        "E425": "more units in the plan before than the line asks for",
        "E426": "target shares that sum to more than 1",
        "E427": "a condition that cannot be read",
        "E428": "rows that belong together and do not agree",
        "E429": "a service named like those by which lines are picked up",
        "E430": "an SKU in the plan before that cannot ship for its line",
        "E431": "a line that is not splittable in parts in the plan before",
        "E432": "units of a component in the plan before that are no whole kits",
        "E433": "a promised package that holds part of a line's kits, or of components that lie together",
        "E434": "released components that are no whole kits",
        "E501": "a table of a feature that is not yet supported",
        "E502": "a column of a feature that is not yet supported",
        "E503": "a part of a rule that is not yet supported",
        "W601": "a lane whose zone has no rate",
        "W602": "a price 100 times the median",
        "W603": "an order that no node can serve",
        "W604": "an order without lines",
        "W605": "a file whose name is no table",
        "W606": "a column whose name is close to a known one",
        "W607": "a setting left to its default that deserves a look",
        "W608": "a rule that is about nothing",
        "W609": "a value in a rule's condition that no row has",
        "W610": "a rule's setting that gives way to a stricter one",
        "W611": "a cell or setting that two overlays of a scenario write",
        "W621": "a day that has passed",
        "W622": "an order whose dates cannot both be kept",
        "W623": "something given that has no effect",
        "W624": "a condition on a column that is not there",
        "W625": "a line that cannot be picked up where it should be",
    }
)
"""Every code a pack can lead to. Letters: E fault, W warning; the first digit is the stage that finds it."""


def suggest(name: str, candidates: Iterable[str], most: int = 500) -> str:
    """`did you mean X?` for the closest candidate, or '' when none is close.

    At most `most` candidates are compared, those of the same beginning first, so that a fault in a table of
    a hundred thousand ids stays cheap.
    """
    listed = list(candidates)
    folded = name.strip().casefold()
    if len(listed) > most:
        near = [word for word in listed if word[:2].casefold() == folded[:2] and abs(len(word) - len(name)) <= 2]
        listed = near[:most] if near else listed[:most]
    by_folded: dict[str, str] = {}
    for word in listed:
        by_folded.setdefault(word.casefold(), word)
    close = difflib.get_close_matches(folded, list(by_folded), n=1, cutoff=0.6)
    return f"did you mean {by_folded[close[0]]}?" if close else ""


@dataclass(slots=True)
class _Group:
    shown: list[Finding]
    count: int
    table_place: str


@dataclass(slots=True)
class Findings:
    """Collects faults and warnings of one input; `raise_faults` throws them all at once.

    `locate` turns a place into text. `cap` limits those shown of one kind; None shows all.
    """

    locate: Locate
    cap: int | None = CAP
    _groups: dict[tuple[str, str, str], _Group] = field(default_factory=dict)
    _muted: dict[str, NDArray[np.int64]] = field(default_factory=dict)

    def add(self, code: str, where: str, message: str, hint: str = "", name: str = "", kind: str = "") -> None:
        """One finding at a place already in words; `name` is the column or setting it is about.

        Findings of one code and `kind` (a table, `settings`) share the cap.
        """
        entry = self._group(code, kind or where, "" if kind else name, where.partition(":")[0])
        entry.count += 1
        if self.cap is None or len(entry.shown) < self.cap:
            entry.shown.append(_finding(code, where, message, hint, name))

    def add_rows(
        self,
        code: str,
        table: str,
        column: str | None,
        rows: NDArray[np.integer] | Sequence[int],
        describe: Callable[[int], str],
        hint: Callable[[int], str] | None = None,
    ) -> None:
        """One finding a row. `describe` and `hint` get the row and are called only for rows that are shown."""
        rows = np.asarray(rows, np.int64)
        if table in self._muted:
            rows = rows[~np.isin(rows, self._muted[table])]
        if len(rows) == 0:
            return
        entry = self._group(code, table, column or "", self.locate(table, None, None))
        room = len(rows) if self.cap is None else max(0, self.cap - len(entry.shown))
        for row in rows[:room].tolist():
            advice = hint(row) if hint and len(entry.shown) < CAP else ""
            where = self.locate(table, row, column)
            entry.shown.append(_finding(code, where, describe(row), advice, column or ""))
        entry.count += len(rows)

    def mute(self, table: str, rows: Sequence[int]) -> None:
        """Say no more about these rows: what is wrong with them has been said."""
        self._muted[table] = np.asarray(rows, np.int64)

    @property
    def num_faults(self) -> int:
        """Faults found, shown or not."""
        return sum(group.count for (code, _, _), group in self._groups.items() if code[0] == "E")

    @property
    def num_warnings(self) -> int:
        """Warnings found, shown or not."""
        return sum(group.count for (code, _, _), group in self._groups.items() if code[0] == "W")

    def listed(self) -> tuple[Finding, ...]:
        """All findings by stage, warnings last, with a count where some of a kind are left out."""
        shown: list[Finding] = []
        for (code, _, name), group in sorted(self._groups.items(), key=lambda entry: entry[0][0][1]):
            shown.extend(group.shown)
            left = group.count - len(group.shown)
            if left:
                shown.append(_finding(code, group.table_place, f"... and {left} more", "", name))
        return tuple(shown)

    def warnings(self) -> tuple[Finding, ...]:
        """The warnings only."""
        return tuple(finding for finding in self.listed() if finding.severity == "warning")

    def raise_faults(self) -> None:
        """Raise when there are faults.

        Raises:
            UnsupportedError: everything that is wrong is a feature not yet supported.
            PackError: anything else is wrong; it carries all faults and warnings.
        """
        if not self.num_faults:
            return
        raise self.error()

    def error(self) -> InputError:
        """The exception for what was found."""
        codes = {code for code, _, _ in self._groups if code[0] == "E"}
        kind = UnsupportedError if all(code[1] == "5" for code in codes) else PackError
        return kind(self.listed())

    def _group(self, code: str, table: str, name: str, place: str) -> _Group:
        if code not in CODES:
            raise ValueError(f"unknown finding code {code}")
        return self._groups.setdefault((code, table, name), _Group([], 0, place))


def _finding(code: str, where: str, message: str, hint: str, name: str) -> Finding:
    severity = "warning" if code[0] == "W" else "error"
    return Finding(where, code, message, hint, severity, name)
