"""Columns of the domain as values of fields, one a row: what a message leaves out is None or ''."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from google.protobuf.timestamp_pb2 import Timestamp

from splitship.domain.constant import is_constant
from splitship.packs.columns import FINE_DECIMALS
from splitship.packs.documents import day_texts
from splitship.units import ATTO_PER_MICRO, I64, UNLIMITED, Amounts, Bools, Floats, atto_to_decimal


def amount_texts(amounts: Amounts) -> list[str]:
    """Exact decimals as text; each distinct value is written once, since prices repeat."""
    if not len(amounts):
        return []
    pairs = np.stack([amounts.micros, amounts.atto], axis=1)
    values, inverse = np.unique(pairs, axis=0, return_inverse=True)
    texts = [format(atto_to_decimal(micros * ATTO_PER_MICRO + atto), "f") for micros, atto in values.tolist()]
    listed: list[str] = np.array(texts, object)[inverse.reshape(-1)].tolist()
    return listed


def stamp(micros: int) -> Timestamp:
    """Microseconds since the epoch as a Timestamp."""
    seconds, rest = divmod(micros, 10**6)
    return Timestamp(seconds=seconds, nanos=rest * 1000)


def attribute_maps(attributes: Mapping[str, Any], rows: range) -> list[dict[str, str] | None]:
    """Attributes of each row, empty ones left out; None where there are none at all.

    One that is empty in every row of its table stands in the first, as rules may have conditions on it.
    """
    if not attributes:
        return [None] * len(rows)
    columns = {name: texts[rows.start : rows.stop].tolist() for name, texts in sorted(attributes.items())}
    found = [{} for _ in rows]  # type: list[dict[str, str]]
    for name, texts in columns.items():
        for row, text in enumerate(texts):
            if text:
                found[row][name] = text
        if found and not rows.start and not any(attributes[name]):
            found[0][name] = ""
    return list(found)


def decimal_texts(values: I64, decimals: int = FINE_DECIMALS, empty: int = 0) -> list[str]:
    """Integers of 10^-decimals, 0 or more, as decimal text; `empty` is ''."""
    texts = []
    for value in values.tolist():
        whole, part = divmod(value, 10**decimals)
        texts.append("" if value == empty else f"{whole}.{part:0{decimals}d}".rstrip("0").rstrip("."))
    return texts


def date_texts(days: I64, empty: int) -> list[str]:
    """Day numbers as ISO dates; `empty` is ''."""
    if is_constant(days, empty):
        return [""] * len(days)
    is_empty = days == empty
    texts = day_texts(np.where(is_empty, 0, days))
    return ["" if none else text for none, text in zip(is_empty.tolist(), texts, strict=True)]


def limits(values: I64) -> list[int | None]:
    """Limits, None for UNLIMITED."""
    return [None if value >= UNLIMITED else value for value in values.tolist()]


def degrees(values: Floats) -> list[float | None]:
    """Degrees, None for NaN."""
    return [None if value != value else value for value in values.tolist()]


def weeks(days: Bools) -> list[str]:
    """Days of the week [rows, 7] as seven digits, '' for every day."""
    texts = ["".join("1" if day else "0" for day in week) for week in days.tolist()]
    return ["" if text == "1111111" else text for text in texts]
