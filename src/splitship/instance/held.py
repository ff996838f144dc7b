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
    (micros that a unit costs for being a substitute or kept for others), `alternative` (at a position with reserves,
    else -1).
    """

    line: I64
    radix: I64
    stock: I64
    sku: I64
    row: I64
    price: I64
    alternative: I64


@inner
def make_held(num_lines, features):
    """Room for an order of so many lines."""
    most = np.int64(1)
    for line in range(len(features.substitute_ptr) - 1):
        most = max(most, 1 + features.substitute_ptr[line + 1] - features.substitute_ptr[line])
    room = num_lines * most * features.most_alternatives
    return Held(
        np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64),
        np.empty(room, np.int64), np.empty(room, np.int64), np.full(room, -1, np.int64),
    )  # fmt: skip


@inner
def is_kept_for_others(features, held_line, held_stock, held_alternative, num_lines, line_step, digits):
    """Whether lines that share a position take together more than some reserves of it leave."""
    for i in range(num_lines):
        if digits[i] == 0 or held_alternative[i] < 0:
            continue
        stock = held_stock[i]
        for row in range(features.room_ptr[stock + 1] - features.room_ptr[stock]):
            taken = np.int64(0)
            for j in range(num_lines):
                if held_stock[j] == stock and features.alternative_draws[held_alternative[j]] >> row & 1:
                    taken += digits[j] * line_step[held_line[j]]
            if taken > features.room[features.room_ptr[stock] + row]:
                return True
    return False


@inner
def refund_of(features, order, node, service, day, held_line, num_lines, line_step, digits):
    """What a content gets back, in micros, for the promises that it keeps by the service on the day."""
    refund = np.int64(0)
    for promise in range(features.promise_ptr[order], features.promise_ptr[order + 1]):
        if (
            features.promise_node[promise] != node
            or features.promise_service[promise] != service
            or features.promise_day[promise] != day
        ):
            continue
        units = np.int64(0)
        for i in range(num_lines):
            if features.line_promise[held_line[i]] == promise:
                units += digits[i] * line_step[held_line[i]]
        if units == features.promise_units[promise]:
            refund += features.promise_price[promise]
    return refund


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
