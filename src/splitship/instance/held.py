# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""What a node, or a package from it, can hold of an order, and what a package must hold together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from splitship.instance.inner import inner
from splitship.units import I64

_PART = 10**6


class Held(NamedTuple):
    """Lines of an order as a node has them, [entries]; a line comes once for each SKU that may ship for it.

    `line`, `radix` (steps there can be + 1), `stock` (the position), `sku`, `row` (in the bits of rules), `price`
    (micros that a unit costs for being a substitute).
    """

    line: I64
    radix: I64
    stock: I64
    sku: I64
    row: I64
    price: I64


@inner
def make_held(num_lines, features):
    """Room for an order of so many lines."""
    most = np.int64(1)
    for line in range(len(features.substitute_ptr) - 1):
        most = max(most, 1 + features.substitute_ptr[line + 1] - features.substitute_ptr[line])
    room = num_lines * most
    return Held(
        np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64),
        np.empty(room, np.int64), np.empty(room, np.int64),
    )  # fmt: skip


@inner
def is_apart(features, held_line, num_lines, digits):
    """Whether a content tears a kit apart whose components lie together."""
    for i in range(num_lines):
        line = held_line[i]
        if digits[i] == 0 or features.kit_size[line] == 0:
            continue
        alike = np.int64(0)
        for j in range(num_lines):
            alike += features.kit[held_line[j]] == features.kit[line] and digits[j] == digits[i]
        if alike != features.kit_size[line]:
            return True
    return False


@inner
def is_worth(features, held_line, num_lines, line_step, digits, order):
    """Whether a content is worth what each package of its order must be."""
    micros, high, low = np.int64(0), np.int64(0), np.int64(0)
    for i in range(num_lines):
        line = held_line[i]
        units = digits[i] * line_step[line]
        micros += units * features.value_micros[line]
        high += units * (features.value_atto[line] // _PART)
        low += units * (features.value_atto[line] % _PART)
    return micros + (high + low // _PART) // _PART >= features.least_value[order]
