"""What rules and surcharges do to the contents of one order's packages, in compiled loops."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from splitship.check.compiled import compiled
from splitship.check.tables import INFINITE
from splitship.domain import PackageRules
from splitship.units import I64, Bools

MOST_SETS = 16
"""Sets of acting rules of one order whose costs are kept."""


class RuleTables(NamedTuple):
    """`PackageRules` as the kernels read it; words of bits as signed numbers, [rows, words], without words no rule."""

    order_bits: I64
    line_bits: I64
    node_bits: I64
    service_bits: I64
    first_day: I64  # [rules], as all that follow
    last_day: I64
    is_forbidden: Bools
    per_package: I64
    per_line: I64
    per_unit: I64
    value_row: I64
    value_cost: I64  # [distinct shares, lines]


class KnownSets(NamedTuple):
    """Sets of acting rules of the order at hand, and what its contents cost under them.

    Row 0 is for no rule, and always zero; `used` [1] counts the sets met, the last `MOST_SETS` of which are kept.
    """

    cost: I64  # [rows, states] micros, INFINITE for contents that are forbidden
    rule: I64  # [rows, rules]
    num_rules: I64  # [rows]
    code: I64  # [rows] of the day's prices, 0 where they are the same on all days
    used: I64


def rule_tables(rules: PackageRules) -> RuleTables:
    """Rules as the kernels read them."""
    order, line, node, service = (
        np.ascontiguousarray(bits).view(np.int64)
        for bits in (rules.order_bits, rules.line_bits, rules.node_bits, rules.service_bits)
    )
    return RuleTables(
        order_bits=order,
        line_bits=line,
        node_bits=node,
        service_bits=service,
        first_day=rules.first_day,
        last_day=rules.last_day,
        is_forbidden=rules.is_forbidden,
        per_package=rules.per_package,
        per_line=rules.per_line,
        per_unit=rules.per_unit,
        value_row=rules.value_row,
        value_cost=np.ascontiguousarray(rules.value_cost),
    )


@compiled
def note_rules(order_bits: I64, line_bits: I64, order: int, first: int, num_lines: int, of_lines: I64) -> bool:
    """Writes the bits of rules about some line of an order into `of_lines` [words]; whether there are any."""
    has_any = False
    for word in range(len(of_lines)):
        bits = 0
        for slot in range(num_lines):
            bits |= line_bits[first + slot, word]
        of_lines[word] = bits & order_bits[order, word]
        has_any |= of_lines[word] != 0
    return has_any


@compiled
def list_rules(of_lines: I64, node_bits: I64, service_bits: I64, node: int, service: int, listed: I64) -> int:
    """Writes the rules about a node, a service and some line of the order into `listed`; how many there are."""
    num = 0
    for word in range(len(of_lines)):
        bits = of_lines[word] & node_bits[node, word] & service_bits[service, word]
        if bits != 0:
            for bit in range(64):
                if (bits >> bit) & 1:
                    listed[num] = 64 * word + bit
                    num += 1
    return num


@compiled
def list_acting(listed: I64, num_listed: int, first_day: I64, last_day: I64, day: int, acting: I64) -> int:
    """Writes those of the listed rules that hold on a day into `acting`; how many there are."""
    num = 0
    for at in range(num_listed):
        rule = listed[at]
        if first_day[rule] <= day <= last_day[rule]:
            acting[num] = rule
            num += 1
    return num


@compiled
def is_about(line_bits: I64, line: int, rule: int) -> bool:
    """Whether a rule that acts is about a line."""
    return bool((line_bits[line, rule >> 6] >> (rule & 63)) & 1)


@compiled
def note_line_terms(
    rules: RuleTables, acting: I64, num_acting: int, first: int, num_lines: int, is_banned: Bools, a_line: I64,
    a_unit: I64,
) -> None:  # fmt: skip
    """Which lines may not ship under the acting rules, and what a line and a unit of each pays; all [lines]."""
    for slot in range(num_lines):
        line = first + slot
        is_banned[slot], a_line[slot], a_unit[slot] = False, 0, 0
        for at in range(num_acting):
            rule = acting[at]
            if is_about(rules.line_bits, line, rule):
                is_banned[slot] |= rules.is_forbidden[rule]
                a_line[slot] += rules.per_line[rule]
                a_unit[slot] += rules.per_unit[rule]
                if rules.value_row[rule] >= 0:
                    a_unit[slot] += rules.value_cost[rules.value_row[rule], line]


@compiled
def sure_package_price(
    line_bits: I64, per_package: I64, quota_price: I64, acting: I64, num_acting: int, first: int, num_lines: int,
    usable: I64,
) -> int:  # fmt: skip
    """What every package pays, whatever of the `usable` lines (units, [lines]) it holds: rules about all of them."""
    total = 0
    for at in range(num_acting):
        rule = acting[at]
        price = per_package[rule] + quota_price[rule]
        if price > 0:
            is_sure = True
            for slot in range(num_lines):
                is_sure &= usable[slot] == 0 or is_about(line_bits, first + slot, rule)
            if is_sure:
                total += price
    return total


@compiled
def cost_contents(
    rules: RuleTables, quota_price: I64, code: int, acting: I64, num_acting: int, first: int, num_lines: int,
    num_states: int, radix: I64, step: I64, known: KnownSets,
) -> int:  # fmt: skip
    """Row of `known.cost` with what every content pays to rules and surcharges that act on a way and day.

    `quota_price` [codes, rules] is looked up for the day's `code`; `radix` and `step` are those of all lines.
    """
    if num_acting == 0:
        return 0
    own_code = 0
    for at in range(num_acting):
        if quota_price[code, acting[at]] != quota_price[0, acting[at]]:
            own_code = code
    for row in range(1, min(known.used[0], MOST_SETS) + 1):
        is_same = known.num_rules[row] == num_acting and known.code[row] == own_code
        at = 0
        while is_same and at < num_acting:
            is_same = known.rule[row, at] == acting[at]
            at += 1
        if is_same:
            return row
    row = int(known.used[0] % MOST_SETS + 1)
    known.used[0] += 1
    known.num_rules[row], known.code[row] = num_acting, own_code
    for at in range(num_acting):
        known.rule[row, at] = acting[at]
    is_banned = np.empty(num_lines, np.bool_)
    a_line, a_unit = np.empty(num_lines, np.int64), np.empty(num_lines, np.int64)
    note_line_terms(rules, acting, num_acting, first, num_lines, is_banned, a_line, a_unit)
    digits = np.zeros(num_lines, np.int64)
    known.cost[row, 0] = 0
    for state in range(1, num_states):
        slot = 0
        while digits[slot] + 1 == radix[first + slot]:
            digits[slot] = 0
            slot += 1
        digits[slot] += 1
        cost, is_out = 0, False
        for slot in range(num_lines):
            if digits[slot] > 0:
                is_out |= is_banned[slot]
                cost += a_line[slot] + a_unit[slot] * digits[slot] * step[first + slot]
        for at in range(num_acting):
            rule = acting[at]
            price = rules.per_package[rule] + quota_price[own_code, rule]
            slot = 0
            while price > 0 and slot < num_lines:
                if digits[slot] > 0 and is_about(rules.line_bits, first + slot, rule):
                    cost += price
                    break
                slot += 1
        known.cost[row, state] = INFINITE if is_out else cost
    return row
