"""Ids and values of a plan file turned into positions and numbers, every fault collected.

Codes: E701 the file cannot be read as what its name says, E702 something is missing, E703 a value that is not of its
kind, E704 an id that the pack does not have, E705 two statements that contradict each other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np

from splitship.domain import Problem
from splitship.domain.orders import NO_KIT
from splitship.domain.parts import whole_rows
from splitship.domain.reserves_in_force import ReserveSets
from splitship.errors import Finding, PlanError
from splitship.packs.findings import CAP, suggest
from splitship.units import I64, Strings, strings

Place = Callable[[int], str]
"""Where row i of a column stands in the file."""

_EPOCH = date(1970, 1, 1).toordinal()
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MAX_UNITS = 2**53


class PlanFaults:
    """Collects faults of a plan file: at most twenty of a kind, and how many more there were."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []
        self._of_a_kind: Counter[tuple[str, str]] = Counter()

    def __bool__(self) -> bool:
        return bool(self._findings)

    def is_full(self, code: str, field: str) -> bool:
        """Whether another fault of this kind would only be counted: spares the search for a hint."""
        return self._of_a_kind[code, field] >= CAP

    def add(self, where: str, code: str, message: str, hint: str = "", field: str = "") -> None:
        """One more fault."""
        self._of_a_kind[code, field] += 1
        if self._of_a_kind[code, field] <= CAP:
            self._findings.append(Finding(where, code, message, hint, field=field))

    def raise_if_any(self) -> None:
        """PlanError with everything collected, if anything was."""
        if not self._findings:
            return
        more = [
            Finding("", code, f"{count - CAP} more of this kind", field=field)
            for (code, field), count in self._of_a_kind.items()
            if count > CAP
        ]
        raise PlanError([*self._findings, *more])


class PlanIds:
    """Positions of a problem's ids. A lookup that fails adds a fault and gives -1.

    With `is_for_another` the plan was made for another problem: ids that are unknown and lines of another SKU give -1
    and are no faults.
    """

    def __init__(self, problem: Problem, faults: PlanFaults, is_for_another: bool = False) -> None:
        self._reserves = ReserveSets(problem)
        self._faults = faults
        self._is_for_another = is_for_another
        self._ids: dict[str, Strings] = {
            "order_id": problem.orders.order_id,
            "node_id": problem.nodes.node_id,
            "service_id": problem.services.service_id,
            "sku_id": problem.skus.sku_id,
            "rule": strings(rule.name for rule in problem.rules),
        }
        self._positions = {
            name: {text: position for position, text in enumerate(ids.tolist())} for name, ids in self._ids.items()
        }
        order_of_line = problem.lines.order_idx.tolist()
        line_ids = problem.lines.line_id.tolist()
        # of the components of a kit, which share a line id, the first
        pairs = list(zip(order_of_line, line_ids, strict=True))
        self._lines = {pair: row for row, pair in reversed(list(enumerate(pairs)))}
        self._line_ids = problem.lines.line_id
        self._order_ids = problem.orders.order_id
        self._line_ptr = problem.line_ptr
        self._line_sku = problem.lines.sku_idx
        self._kit_of_line = problem.lines.kit_line_idx if problem.lines.has_kits else None
        self._substitutes = problem.line_substitutes
        rows = whole_rows(problem)
        self._num_parts = np.bincount(rows, minlength=len(rows))

    def positions(self, name: str, values: Sequence[object], place: Place) -> I64:
        """The positions of ids of one kind (`order_id`, `node_id`, `service_id`, `sku_id`, `rule`)."""
        found = self._positions[name]
        get = found.get
        out = np.array([get(value, -1) if isinstance(value, str) else -1 for value in values], np.int64)
        for row in np.flatnonzero(out < 0).tolist():
            value = values[row]
            if value is None:
                continue  # reported as missing where the shape was read
            if isinstance(value, str):
                if self._is_for_another:
                    continue
                is_full = self._faults.is_full("E704", name)
                hint = "" if is_full else suggest(value, self._ids[name].tolist())
                self._faults.add(place(row), "E704", f"no {_noun(name)} {value!r} in the pack", hint, name)
            else:
                self._faults.add(place(row), "E703", f"expected text, got {_shown(value)}", field=name)
        return out

    def lines(self, order_idx: I64, values: Sequence[object], place: Place) -> I64:
        """The positions of order lines from their order's position ([lines], -1 skips) and line id.

        The first component stands for a line that is a kit.
        """
        get = self._lines.get
        pairs = zip(order_idx.tolist(), values, strict=True)
        out = np.array([get(pair, -1) if isinstance(pair[1], str) else -1 for pair in pairs], np.int64)
        for row in np.flatnonzero((out < 0) & (order_idx >= 0)).tolist():
            value, order = values[row], int(order_idx[row])
            if value is None:
                continue
            if isinstance(value, str):
                if self._is_for_another:
                    continue
                of_order = self._line_ids[self._line_ptr[order] : self._line_ptr[order + 1]].tolist()
                message = f"order {self._order_ids[order]!r} has no line {value!r}"
                self._faults.add(place(row), "E704", message, suggest(value, of_order), "line_id")
            else:
                self._faults.add(place(row), "E703", f"expected text, got {_shown(value)}", field="line_id")
        return out

    def contents(
        self, line_idx: I64, skus: Sequence[object], components: Sequence[object], place: Place
    ) -> tuple[I64, I64 | None]:
        """Lines of contents from those that `lines` found, and of which SKU each content is (None: all their own).

        Where the line is a kit, `components` names the component, else the SKU is one, else a substitute of one; a line
        of which the SKU is neither its own nor a substitute gives -1. What is not stated (None) is the line's own.
        """
        lines = self.components(line_idx, components, place, "component_sku_id")
        own_ids = self._ids["sku_id"][self._line_sku[np.maximum(lines, 0)]].tolist() if len(self._line_sku) else []
        out, sku_idx = lines.copy(), np.full(len(lines), -1, np.int64)
        for row, own_id in enumerate(own_ids):
            value, line = skus[row], int(lines[row])
            if line < 0 or value == own_id:
                continue
            is_open = components[row] is None and len(self._parts(line)) > 1
            if value is None and not is_open:
                continue
            if value is not None and not isinstance(value, str):
                self._faults.add(place(row), "E703", f"expected text, got {_shown(value)}", field="sku_id")
                out[row] = -1
            else:
                out[row], sku_idx[row] = self._of_sku(line, value, is_open, place, row)
        if not (sku_idx >= 0).any():
            return out, None
        own = self._line_sku[np.maximum(out, 0)]
        return out, np.where(sku_idx >= 0, sku_idx, np.where(out >= 0, own, -1))

    def parts(self, line_idx: I64, parts: Sequence[object], place: Place) -> I64:
        """The part of each line that comes in parts, from `components` and the number of the part.

        A number for a whole line, or none for one in parts, is a fault.
        """
        out = line_idx.copy()
        for row, line in enumerate(line_idx.tolist()):
            number = parts[row]
            num_parts = int(self._num_parts[line]) if line >= 0 else 1
            if line < 0 or (number is None and num_parts == 1):
                continue
            is_number = isinstance(number, int) and not isinstance(number, bool)
            if isinstance(number, int) and is_number and num_parts > 1 and 0 <= number < num_parts:
                out[row] = line + number
                continue
            out[row] = line if self._is_for_another and (number is None or (is_number and number == 0)) else -1
            if not self._is_for_another:
                if num_parts == 1:
                    words = f"the order line is whole, got {_shown(number)}"
                elif number is None:
                    words = f"is missing: the order line comes in {num_parts} parts"
                else:
                    words = f"the order line comes in parts 0 to {num_parts - 1}, got {_shown(number)}"
                self._faults.add(place(row), "E702" if number is None else "E705", words, "", "part")
        return out

    def mask(self, node: int, sku: int, channels: Sequence[str], place: Place, row: int) -> int:
        """The set of a position's reserves that is of channels; -1, and a fault, where there is none."""
        found = self._reserves.mask(int(node), int(sku), channels)
        if found < 0 and node >= 0 and sku >= 0 and not self._is_for_another:
            message = f"no units are kept there for {', '.join(channels) or 'no channel'}"
            self._faults.add(place(row), "E704", message, "", "channels")
        return found

    def components(self, line_idx: I64, skus: Sequence[object], place: Place, field: str = "sku_id") -> I64:
        """The component of each line that is a kit whose SKU is stated; the line itself where none is (None)."""
        out = line_idx.copy()
        if self._kit_of_line is None:
            return out
        for row, line in enumerate(line_idx.tolist()):
            sku_id = skus[row]
            if sku_id is None or line < 0 or self._kit_of_line[line] == NO_KIT:
                continue
            sku = self._positions["sku_id"].get(sku_id, -1) if isinstance(sku_id, str) else -1
            found = next((part for part in self._parts(line) if self._line_sku[part] == sku), -1)
            out[row] = found
            if found < 0 and not self._is_for_another:
                of_kit = self._sku_ids_of(line)
                message = f"the order line is a kit of {', '.join(of_kit)}, got {_shown(sku_id)}"
                self._faults.add(place(row), "E705", message, "", field)
        return out

    def _parts(self, line: int) -> range:
        """The components of the kit of which a line is the first or any other; the line itself where it is of none."""
        kit = self._kit_of_line
        if kit is None or kit[line] == NO_KIT:
            return range(line, line + 1)
        first, last = line, line + 1
        while first and kit[first - 1] == kit[line]:
            first -= 1
        while last < len(kit) and kit[last] == kit[line]:
            last += 1
        return range(first, last)

    def _sku_ids_of(self, line: int) -> list[str]:
        ids: list[str] = self._ids["sku_id"][self._line_sku[list(self._parts(line))]].tolist()
        return ids

    def _of_sku(self, line: int, sku_id: str | None, is_open: bool, place: Place, row: int) -> tuple[int, int]:
        """The line that ships an SKU, and the SKU where it is a substitute; a fault, and -1, where there is none.

        With `is_open` any component of the line's kit may be it.
        """
        parts = self._parts(line) if is_open else range(line, line + 1)
        sku = self._positions["sku_id"].get(sku_id, -1) if sku_id is not None else -1
        if sku >= 0:
            of_parts = np.array(parts, np.int64)
            own = of_parts[self._line_sku[of_parts] == sku]
            if len(own):
                return int(own[0]), -1
            other = of_parts[self._substitutes.rows_of(of_parts, np.full(len(of_parts), sku)) >= 0]
            if len(other):
                return int(other[0]), sku
        if not self._is_for_another:
            of_line = self._sku_ids_of(line) if is_open else [str(self._ids["sku_id"][self._line_sku[line]])]
            if sku_id is None:
                message = f"is missing: the order line is a kit of {', '.join(of_line)}"
                self._faults.add(place(row), "E702", message, "", "sku_id")
            else:
                what = f"a kit of {', '.join(of_line)}" if is_open else f"of SKU {of_line[0]!r}"
                self._faults.add(place(row), "E705", f"the order line is {what}, got {sku_id!r}", "", "sku_id")
        return -1, -1


def day_numbers(values: Sequence[object], field: str, place: Place, faults: PlanFaults) -> I64:
    """ISO dates as day numbers; a fault, and -1, for anything else. None is passed over."""
    known: dict[object, int] = {}
    out = np.full(len(values), -1, np.int64)
    for row, value in enumerate(values):
        if value is None:
            continue
        day = known.get(value) if isinstance(value, str) else None
        if day is None:
            day = _parse_day(value)
            if day is None:
                message = f"expected a date such as 2026-11-27, got {_shown(value)}"
                faults.add(place(row), "E703", message, field=field)
                continue
            known[value] = day
        out[row] = day
    return out


def unit_counts(values: Sequence[object], field: str, place: Place, faults: PlanFaults) -> I64:
    """Whole numbers of units; text is read as a number. Faults give 0, None is passed over."""
    out = np.zeros(len(values), np.int64)
    for row, value in enumerate(values):
        if value is None:
            continue
        number = _parse_whole(value)
        if number is None or abs(number) > _MAX_UNITS:
            faults.add(place(row), "E703", f"expected a whole number, got {_shown(value)}", field=field)
        else:
            out[row] = number
    return out


def _parse_day(value: object) -> int | None:
    if not isinstance(value, str) or not _ISO_DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value).toordinal() - _EPOCH
    except ValueError:
        return None


def _parse_whole(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,18}", value.strip()):
        return int(value)
    return None


def _noun(name: str) -> str:
    return {"sku_id": "SKU"}.get(name, name.removesuffix("_id"))


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
