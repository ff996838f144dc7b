"""Rules and surcharges that act on packages, as bits: which of them are about an order, line, node and service."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from splitship.units import I64, UNLIMITED, Bools

U64 = NDArray[np.uint64]
WORD = 64


@dataclass(frozen=True, slots=True)
class PackageRules:
    """What forbids, prices or counts packages: first those of the rules that do, in their sequence, then surcharges.

    Bits are [rows, words], rule r being bit r % 64 of word r // 64. A rule is **about** a package when the package's
    order, node and service all have its bit and its ship day is from `first_day` to `last_day`, and about a line in
    the package when `line_bits` (conditions on line and SKU) has it too. What a rule about at least one line of a
    package does:

    - `is_forbidden`: there is no such package.
    - `per_package`, `per_line`, `per_unit` (micros): the package costs so much more, once, for each line and for each
      unit of lines that it is about. With `value_row` >= 0 each such unit costs `value_cost[value_row, line]` besides.
    - `quota` (UNLIMITED: none): the package counts towards a limit on such packages, of each ship day or of the batch.
      Packages beyond it cost `over_price` each (micros, above 0), the soft cost of a plan; HARD: there are none.

    `line_bits` has a row for each line, then one for each of the problem's `line_substitutes`: the line with that SKU.

    [rules] `source` is the position in `Problem.rules`, NO_RULE for a surcharge; `is_partial` says that lines of one
    order can differ, because the rule has conditions on line or SKU. `value_cost` [distinct shares, lines] is micros a
    unit, rounded half to even.
    """

    order_bits: U64
    line_bits: U64
    node_bits: U64
    service_bits: U64
    source: I64
    is_partial: Bools
    first_day: I64
    last_day: I64
    is_forbidden: Bools
    per_package: I64
    per_line: I64
    per_unit: I64
    value_row: I64
    value_cost: I64
    quota: I64
    is_quota_per_day: Bools
    over_price: I64

    @classmethod
    def none(cls) -> Self:
        """No rules and no surcharges; its bits have no rows."""
        bits = np.zeros((0, 0), np.uint64)
        whole, flags = np.zeros(0, np.int64), np.zeros(0, np.bool_)
        return cls(
            bits, bits, bits, bits, whole, flags, whole, whole, flags, whole, whole, whole, whole,
            np.zeros((0, 0), np.int64), whole, flags, whole,
        )  # fmt: skip

    @property
    def num_words(self) -> int:
        """Words of bits a row; 0 without rules."""
        return int(self.node_bits.shape[1])

    @property
    def is_surcharge(self) -> Bools:
        """What it costs belongs to shipping; else to the cost of rules, [rules]."""
        found: Bools = self.source == NO_RULE
        return found

    @property
    def is_soft(self) -> Bools:
        """It has a quota that may be exceeded at a price, [rules]."""
        found: Bools = self.has_quota & (self.over_price != HARD)
        return found

    @property
    def has_quota(self) -> Bools:
        """It counts packages, [rules]."""
        found: Bools = self.quota != UNLIMITED
        return found

    def of_orders(self, order_idx: I64, line_idx: I64, substitute_idx: I64 | None = None) -> PackageRules:
        """The same for some orders, their lines and (rows of) the substitutes of these."""
        if not len(self):
            return self
        num_lines = self.value_cost.shape[1]
        rows = line_idx if substitute_idx is None else np.append(line_idx, num_lines + substitute_idx)
        return replace(
            self,
            order_bits=self.order_bits[order_idx],
            line_bits=self.line_bits[rows],
            value_cost=np.ascontiguousarray(self.value_cost[:, line_idx]),
        )

    def about_lines(self, order: I64, line: I64, node: I64, service: I64, day: I64) -> Bools:
        """Which rules are about each line in a package, [rows, rules]; arguments are columns [rows]."""
        bits = self.order_bits[order] & self.line_bits[line] & self.node_bits[node] & self.service_bits[service]
        met = np.unpackbits(bits.view(np.uint8), axis=1, count=len(self), bitorder="little").astype(np.bool_)
        met &= (self.first_day <= day[:, None]) & (day[:, None] <= self.last_day)
        return met

    def __len__(self) -> int:
        return len(self.source)


HARD = -1
"""In place of a price for packages beyond a quota."""
NO_RULE = -1
"""In place of a rule's position."""


def bits_of(masks: list[Bools], num_rows: int) -> U64:
    """Bits from a mask [rows] for each rule, [rows, words]."""
    words = -(-len(masks) // WORD)
    bits = np.zeros((num_rows, words * (WORD // 8)), np.uint8)
    for at, mask in enumerate(masks):
        bits[mask, at >> 3] |= np.uint8(1 << (at & 7))
    return bits.view("<u8").astype(np.uint64)
