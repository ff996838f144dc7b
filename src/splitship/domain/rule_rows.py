"""Which rules are about lines at nodes by services on days: many rows at a time, a word of rules after another."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from splitship.domain.package_rules import U64, WORD, PackageRules
from splitship.units import I64, Bools


def rules_about(
    rules: PackageRules, which: Bools, order: I64, line: I64, node: I64, service: I64, day: I64
) -> Iterator[tuple[int, I64]]:
    """Each of the rules `which` [rules] that is about some row, and positions of rows; arguments are columns [rows]."""
    chosen = _words(rules, which)
    for word in np.flatnonzero(chosen).tolist():
        bits = rules.order_bits[order, word] & rules.line_bits[line, word] & rules.node_bits[node, word]
        bits &= rules.service_bits[service, word] & chosen[word]
        rows = np.flatnonzero(bits)
        bits = bits[rows]
        some = int(np.bitwise_or.reduce(bits, initial=np.uint64(0)))
        for place in range(WORD):
            rule = word * WORD + place
            if some >> place & 1:
                about = rows[(bits >> np.uint64(place) & np.uint64(1)).astype(np.bool_)]
                about = about[(rules.first_day[rule] <= day[about]) & (day[about] <= rules.last_day[rule])]
                if len(about):
                    yield rule, about


def any_about(rules: PackageRules, which: Bools, order: I64, line: I64, node: I64, service: I64, day: I64) -> Bools:
    """Whether one of the rules `which` [rules] is about each row on its day; arguments are columns [rows]."""
    found = np.zeros(len(line), np.bool_)
    if not which.any() or not len(line):
        return found
    days, code = np.unique(day, return_inverse=True)
    chosen = np.stack([_words(rules, which & (rules.first_day <= d) & (d <= rules.last_day)) for d in days.tolist()])
    for word in np.flatnonzero(chosen.any(axis=0)).tolist():
        bits = rules.order_bits[order, word] & rules.line_bits[line, word] & rules.node_bits[node, word]
        found |= (bits & rules.service_bits[service, word] & chosen[code, word]) != 0
    return found


def any_about_on_some_day(rules: PackageRules, which: Bools, order: I64, line: I64) -> NDArray[np.bool_]:
    """Whether one of the rules `which` is about each line, dates aside, [lines, nodes, services]."""
    found = np.zeros((len(line), len(rules.node_bits), len(rules.service_bits)), np.bool_)
    chosen = _words(rules, which)
    for word in np.flatnonzero(chosen).tolist():
        of_line = rules.order_bits[order, word] & rules.line_bits[line, word] & chosen[word]
        some = np.flatnonzero(of_line)
        of_place = rules.node_bits[:, word, None] & rules.service_bits[None, :, word]
        found[some] |= (of_line[some, None, None] & of_place) != 0
    return found


def _words(rules: PackageRules, which: Bools) -> U64:
    """The rules `which` as bits, [words]."""
    packed = np.zeros(rules.num_words * (WORD // 8), np.uint8)
    bits = np.packbits(which, bitorder="little")
    packed[: len(bits)] = bits
    return packed.view("<u8").astype(np.uint64)
