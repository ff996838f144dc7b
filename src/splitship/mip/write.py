"""A linear model as an MPS or LP file that any solver reads.

The objective is in units of currency, exact to the micro and beyond: every number is written as the shortest decimal
that reads back as the same float. There is no constant term. `notes` become comments at the top.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from splitship.solvers import LinearModel
from splitship.units import MICROS, Floats

_TERMS_A_LINE = 8  # some readers stop at 255 or 560 characters a line


def write_mps(model: LinearModel, path: Path, notes: Sequence[str] = ()) -> None:
    """Free MPS: ROWS, COLUMNS with integer markers, RHS, RANGES where a row has two sides, BOUNDS for every column."""
    with path.open("w", encoding="ascii", newline="\n") as file:
        file.writelines(f"* {note}\n" for note in notes)
        file.writelines(_mps_lines(model))


def write_lp(model: LinearModel, path: Path, notes: Sequence[str] = ()) -> None:
    """CPLEX LP: Minimize, Subject To, Bounds for every column, Generals."""
    with path.open("w", encoding="ascii", newline="\n") as file:
        file.writelines(f"\\ {note}\n" for note in notes)
        file.writelines(_lp_lines(model))


def _mps_lines(model: LinearModel) -> Iterator[str]:
    yield f"NAME {model.name} FREE\n"
    yield "ROWS\n N cost\n"
    rows, columns = model.row_names.tolist(), model.column_names.tolist()
    lower, upper = model.row_lower, model.row_upper
    has_lower, has_upper = np.isfinite(lower), np.isfinite(upper)
    kinds = np.select([has_lower & has_upper & (lower == upper), has_upper, has_lower], ["E", "L", "G"], "N").tolist()
    yield from (f" {kind} {row}\n" for kind, row in zip(kinds, rows, strict=True))
    yield "COLUMNS\n"
    yield from _mps_columns(model, rows, columns)
    yield "RHS\n"
    sides = np.where(has_upper, upper, np.where(has_lower, lower, 0.0))
    for row, side, text in zip(rows, sides.tolist(), _texts(sides), strict=True):
        if side:
            yield f" RHS {row} {text}\n"
    ranged = np.flatnonzero(has_lower & has_upper & (lower < upper))
    if len(ranged):
        yield "RANGES\n"
        widths = _texts(upper[ranged] - lower[ranged])
        yield from (f" RANGE {rows[row]} {width}\n" for row, width in zip(ranged.tolist(), widths, strict=True))
    yield "BOUNDS\n"
    for name, low, high in zip(columns, model.lower.tolist(), model.upper.tolist(), strict=True):
        if low == high:
            yield f" FX BOUND {name} {_text(low)}\n"
            continue
        if np.isneginf(low):
            yield f" MI BOUND {name}\n"
        elif low:
            yield f" LO BOUND {name} {_text(low)}\n"
        yield f" PL BOUND {name}\n" if np.isposinf(high) else f" UP BOUND {name} {_text(high)}\n"
    yield "ENDATA\n"


def _mps_columns(model: LinearModel, rows: list[str], columns: list[str]) -> Iterator[str]:
    """Entries by column; markers enclose each run of integer columns."""
    matrix = model.matrix.tocsc()
    pointers, indices, values = matrix.indptr.tolist(), matrix.indices.tolist(), _texts(matrix.data)
    costs, is_costly = _texts(model.objective / MICROS), (model.objective != 0).tolist()
    is_integer, marks = model.is_integer.tolist(), 0
    for column, name in enumerate(columns):
        if is_integer[column] != (marks % 2 == 1):
            yield f" MARKER{marks} 'MARKER' '{'INTEND' if marks % 2 else 'INTORG'}'\n"
            marks += 1
        span = range(pointers[column], pointers[column + 1])
        if is_costly[column] or not span:
            yield f" {name} cost {costs[column]}\n"
        yield from (f" {name} {rows[indices[entry]]} {values[entry]}\n" for entry in span)
    if marks % 2:
        yield f" MARKER{marks} 'MARKER' 'INTEND'\n"


def _lp_lines(model: LinearModel) -> Iterator[str]:
    columns = model.column_names.tolist()
    yield "Minimize\n cost:"
    costly = np.flatnonzero(model.objective)
    yield from _terms(_texts(model.objective[costly] / MICROS), [columns[column] for column in costly.tolist()])
    yield "\n" if len(costly) or not columns else f" 0 {columns[0]}\n"
    yield "Subject To\n"
    matrix = model.matrix
    pointers, indices, values = matrix.indptr.tolist(), matrix.indices.tolist(), _texts(matrix.data)
    lowers, uppers = model.row_lower.tolist(), model.row_upper.tolist()
    for row, name in enumerate(model.row_names.tolist()):
        span = slice(pointers[row], pointers[row + 1])
        low, high = lowers[row], uppers[row]
        sides = [("=", low, name)] if low == high else []
        if low != high and np.isfinite(low):
            sides.append((">=", low, f"{name}_low" if np.isfinite(high) else name))
        if low != high and np.isfinite(high):
            sides.append(("<=", high, name))
        for sign, side, side_name in sides:
            yield f" {side_name}:"
            names = [columns[column] for column in indices[span]]
            yield from _terms(values[span], names) if names else [f" 0 {columns[0]}"]
            yield f" {sign} {_text(side)}\n"
    yield "Bounds\n"
    for name, low, high in zip(columns, model.lower.tolist(), model.upper.tolist(), strict=True):
        if np.isneginf(low) and np.isposinf(high):
            yield f" {name} free\n"
        elif np.isposinf(high):
            yield f" {name} >= {_text(low)}\n"
        else:
            yield f" {'-inf' if np.isneginf(low) else _text(low)} <= {name} <= {_text(high)}\n"
    integers = [name for name, is_integer in zip(columns, model.is_integer.tolist(), strict=True) if is_integer]
    if integers:
        yield "Generals\n"
        for first in range(0, len(integers), _TERMS_A_LINE):
            yield f" {' '.join(integers[first : first + _TERMS_A_LINE])}\n"
    yield "End\n"


def _terms(coefficients: list[str], names: list[str]) -> Iterator[str]:
    """Signed terms, broken over lines."""
    for position, (coefficient, name) in enumerate(zip(coefficients, names, strict=True)):
        sign = "-" if coefficient.startswith("-") else "+"
        lead = "\n " if position and position % _TERMS_A_LINE == 0 else ""
        yield f"{lead} {sign} {coefficient.removeprefix('-')} {name}"


def _texts(values: Floats) -> list[str]:
    return [_text(value) for value in values.tolist()]


def _text(value: float) -> str:
    """The shortest decimal of a float, without the `.0` of whole numbers."""
    return repr(value).removesuffix(".0")
