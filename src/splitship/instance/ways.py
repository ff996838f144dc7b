# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""What rules, surcharges, arrivals, modes and substitutes make of the ways in which an order can leave a node.

A way is a choice (service, ship day) together with the lines that a package may hold there, the SKU that ships for
each, whether it is taken from what is kept for others, and what it pays besides. Every selection of these makes ways of
its own.
Lines of one package can differ in what a rule says of them. Where a rule is about some of them and charges or counts
the whole package, there are two ways: without those lines, and with them at the price. A package that holds none of
the lines it pays for is dearer than the same one without them, so that the cheapest way of a content is exact. A
quota that may be exceeded makes two ways likewise: within it, and beyond it at its price.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from splitship.domain import PackageRules
from splitship.domain.package_rules import U64, bits_of
from splitship.domain.rule_masks import FIRST_DAY, LAST_DAY
from splitship.instance.inner import inner, spliced
from splitship.units import I32, I64, Bools

MOST_DOUBLED = 6
"""Rules that meet in one way and double it, at most: they charge or count a package for some lines, or can be paid."""
ANY_DAY = FIRST_DAY
"""In place of a ship day, where days make no difference."""


class RuleTables(NamedTuple):
    """`PackageRules` for kernels, and classes of rules as bits [words].

    `forbids`; `charges` the whole package; `counts` packages towards a quota; `by_day` those with a quota of each day;
    `soft` those with a quota that may be exceeded; `by_line` charges lines or units; `is_dated` holds on some ship
    days only.
    """

    order_bits: U64
    line_bits: U64
    node_bits: U64
    service_bits: U64
    forbids: U64
    charges: U64
    counts: U64
    by_day: U64
    soft: U64
    by_line: U64
    is_dated: U64
    first_day: I64
    last_day: I64
    per_package: I64
    per_line: I64
    per_unit: I64
    value_row: I64
    value_cost: I64
    over_price: I64


class StageTables(NamedTuple):
    """`arrivals.Arrivals` for kernels, with the `supply` of each stage; no stages where nothing arrives.

    The supply of alternative a of reserves is `kept_supply[kept_ptr[a]]`, or the entry as many after it as there are
    stages of the position before.
    """

    ptr: I64
    from_day: I64
    available: I64
    supply: I32
    kept_ptr: I64
    kept_supply: I32


class Ways(NamedTuple):
    """Room for the ways of one (order, node). Ways [room]: `choice`, `fixed` (micros besides), `group`; by line of the
    node [room, lines] `unit_cost` and `line_cost`, micros besides.

    Groups [room]: ways of one group hold the same lines and draw on the same, in wide orders at the same prices:
    `group_draw`, `group_day` (ship day where a quota of the day counts, else ANY_DAY), `first` (its first way),
    `quotas` [room, words]; by line of the node [room, lines] `steps` (0: none may be in) and the `stage` of its stock
    on the day (-1: nothing arrives). The last three are work space.
    """

    choice: I64
    fixed: I64
    group: I64
    unit_cost: I64
    line_cost: I64
    group_draw: I64
    group_day: I64
    first: I64
    quotas: U64
    steps: I64
    stage: I64
    words: U64
    at_lines: I64
    doubled: I64


def rule_tables(rules: PackageRules) -> RuleTables:
    """The rules of a problem for the kernels."""
    is_whole = rules.per_package > 0

    def words(mask: Bools) -> U64:
        found: U64 = bits_of([np.array([flag]) for flag in mask.tolist()], 1)[0]
        return found

    per_line = (rules.per_line > 0) | (rules.per_unit > 0) | (rules.value_row >= 0)
    dated = (rules.first_day > FIRST_DAY) | (rules.last_day < LAST_DAY)
    return RuleTables(
        rules.order_bits, rules.line_bits, rules.node_bits, rules.service_bits,
        words(rules.is_forbidden), words(is_whole), words(rules.has_quota),
        words(rules.has_quota & rules.is_quota_per_day), words(rules.is_soft),
        words(per_line), words(dated), rules.first_day, rules.last_day, rules.per_package,
        rules.per_line, rules.per_unit, rules.value_row, rules.value_cost, rules.over_price,
    )  # fmt: skip


def most_ways(rules: PackageRules) -> int:
    """Ways that one choice can become, at most."""
    num_partial = int((rules.is_partial & ((rules.per_package > 0) | rules.has_quota)).sum())
    return 1 << min(MOST_DOUBLED, num_partial + int(rules.is_soft.sum()))


@inner
def make_ways(room, widest, words):
    """Room for so many ways of orders with at most `widest` lines."""
    return Ways(
        np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64),
        np.empty((room, widest), np.int64), np.empty((room, widest), np.int64),
        np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64),
        np.empty((room, words), np.uint64), np.empty((room, widest), np.int64), np.empty((room, widest), np.int64),
        np.empty((4, words), np.uint64), np.empty((5, widest), np.int64), np.empty((2, MOST_DOUBLED), np.int64),
    )  # fmt: skip


@spliced
def ways_at(
    r, stages, features, w, order, node, found, num_lines, line_step, found_service, found_day, found_draw,
    num_choices, is_wide,
):  # fmt: skip
    """Fill `w` with the ways of an order's choices at a node; returns (ways, groups), -1 ways when too many meet.

    `found.radix` is what a line can have in the end, `found_draw` what each choice draws on besides quotas of rules.
    """
    words = len(r.forbids)
    any_line, all_lines, met, counted = w.words[0], w.words[1], w.words[2], w.words[3]
    steps, room, stage, may_hold = w.at_lines[0], w.at_lines[1], w.at_lines[2], w.at_lines[3]
    partial, soft = w.doubled[0], w.doubled[1]
    line_of, row_of, radix_of, stock_of, price_of = found.line, found.row, found.radix, found.stock, found.price
    pickup, service_pickup = features.pickup, features.service_pickup
    stock_price, service_price = features.stock_price, features.service_price
    reward, node_price, package_price = features.reward, features.node_price, features.package_price
    has_selections = len(features.substitute_ptr) > 1 or features.most_alternatives > 1
    selected = w.at_lines[4] if has_selections else may_hold
    for k in range(words):
        any_line[k], all_lines[k] = 0, ~np.uint64(0)
        for i in range(num_lines):
            any_line[k] |= r.line_bits[row_of[i], k]
            all_lines[k] &= r.line_bits[row_of[i], k]
        any_line[k] &= r.order_bits[order, k] & r.node_bits[node, k]
    num_ways, num_groups = 0, 0
    for c in range(num_choices):
        is_out = False
        for k in range(words):
            met[k] = any_line[k] & r.service_bits[found_service[c], k]
            rest = met[k] & r.is_dated[k]
            while rest:
                rule, bit = 64 * k + _lowest(rest), rest & (~rest + np.uint64(1))
                rest ^= bit
                if found_day[c] < r.first_day[rule] or found_day[c] > r.last_day[rule]:
                    met[k] &= ~bit
            is_out |= (met[k] & all_lines[k] & r.forbids[k]) != 0
        if is_out:
            continue
        for i in range(num_lines):
            stage[i] = _stage_at(stages, stock_of[i], found_day[c])
            room[i] = radix_of[i] - 1
            if stage[i] >= 0:
                room[i] = min(room[i], stages.available[stage[i]] // line_step[line_of[i]])
            may_hold[i] = room[i] > 0 and (pickup[line_of[i]] == service_pickup[found_service[c]])
            for k in range(words):
                if met[k] & r.forbids[k] & r.line_bits[row_of[i], k]:
                    may_hold[i] = 0
        num_selections = np.int64(1)
        if has_selections:
            num_selections = _num_selections(w, found, num_lines)
        for selection in range(num_selections):
            if has_selections:
                _select(w, found, num_lines, selection)
            num_partial = 0
            for k in range(words):
                rest = met[k] & (r.charges[k] | r.counts[k]) & ~all_lines[k]
                while rest:
                    rule, bit = 64 * k + _lowest(rest), rest & (~rest + np.uint64(1))
                    rest ^= bit
                    held, others = 0, 0
                    for i in range(num_lines):
                        if selected[i]:
                            if r.line_bits[row_of[i], k] & bit:
                                held += 1
                            else:
                                others += 1
                    if held > 0 and others > 0:
                        if num_partial == MOST_DOUBLED:
                            return -1, 0
                        partial[num_partial] = rule
                        num_partial += 1
            # dodging all of them comes first, so that equal costs take nothing of a quota
            for dodged in range((1 << num_partial) - 1, -1, -1):
                num_held = 0
                for i in range(num_lines):
                    steps[i] = room[i] if selected[i] else 0
                    for p in range(num_partial):
                        if dodged >> p & 1 and _is_about(r, partial[p], row_of[i]):
                            steps[i] = 0
                    num_held += steps[i] > 0
                if num_held == 0 or _is_idle(r, partial, num_partial, dodged, row_of, num_lines, steps):
                    continue
                fixed, num_soft = np.int64(0), 0
                if package_price.shape[1] > 0:
                    fixed += package_price[found_service[c], found_day[c] - features.first_day]
                for k in range(words):
                    counted[k] = 0
                    rest = met[k] & (r.charges[k] | r.counts[k])
                    while rest:
                        rule, bit = 64 * k + _lowest(rest), rest & (~rest + np.uint64(1))
                        rest ^= bit
                        holds = False
                        for i in range(num_lines):
                            holds |= steps[i] > 0 and (r.line_bits[row_of[i], k] & bit) != 0
                        if not holds:
                            continue
                        fixed += r.per_package[rule]
                        counted[k] |= bit & r.counts[k]
                        if bit & r.soft[k]:
                            if num_partial + num_soft == MOST_DOUBLED:
                                return -1, 0
                            soft[num_soft] = rule
                            num_soft += 1
                for paid in range(1 << num_soft):  # a package within a soft quota, or beyond it at its price
                    if num_ways == len(w.choice):
                        return -1, 0
                    group, by_day, over = num_groups, False, np.int64(0)
                    for k in range(words):
                        w.quotas[group, k] = counted[k]
                    for p in range(num_soft):
                        if paid >> p & 1:
                            over += r.over_price[soft[p]]
                            w.quotas[group, soft[p] // 64] &= ~(np.uint64(1) << np.uint64(soft[p] % 64))
                    for k in range(words):
                        by_day |= (w.quotas[group, k] & r.by_day[k]) != 0
                    w.choice[num_ways], w.fixed[num_ways] = c, fixed + over
                    w.group_draw[group], w.group_day[group] = found_draw[c], found_day[c] if by_day else ANY_DAY
                    w.first[group] = num_ways
                    each = service_price[found_service[c]] + node_price[node]
                    for i in range(num_lines):
                        w.steps[group, i], w.stage[group, i] = steps[i], stage[i]
                        unit_price = price_of[i] + stock_price[stock_of[i]] + reward[line_of[i]] + each
                        w.unit_cost[num_ways, i] = unit_price if steps[i] > 0 else 0
                        w.line_cost[num_ways, i] = 0
                    _charge_lines(r, w, num_ways, met, line_of, row_of, num_lines, steps)
                    w.group[num_ways] = _known_group(w, group, num_lines, is_wide)
                    if w.group[num_ways] == group:
                        num_groups += 1
                    num_ways += 1
    return num_ways, num_groups


@inner
def _num_selections(w, found, num_lines):
    """In how many ways the entries of the lines that may be held can be chosen, one for each line."""
    may_hold, count = w.at_lines[3], np.int64(1)
    for i in range(num_lines):
        if i == 0 or found.line[i] != found.line[i - 1]:
            alike = np.int64(0)
            for j in range(i, num_lines):
                if found.line[j] != found.line[i]:
                    break
                alike += may_hold[j]
            count *= max(np.int64(1), alike)
    return count


@inner
def _select(w, found, num_lines, selection):
    """Mark in the fifth of `at_lines` what may be held when a selection of entries ships."""
    may_hold, selected = w.at_lines[3], w.at_lines[4]
    left, i = selection, 0
    while i < num_lines:
        end, alike = i, np.int64(0)
        while end < num_lines and found.line[end] == found.line[i]:
            alike += may_hold[end]
            end += 1
        pick, left = left % max(np.int64(1), alike), left // max(np.int64(1), alike)
        for j in range(i, end):
            selected[j] = 0
            if may_hold[j]:
                selected[j] = pick == 0
                pick -= 1
        i = end


@spliced
def _lowest(bits):
    """Position of the lowest bit that is set, in a word that is not 0."""
    position = 0
    for width in (32, 16, 8, 4, 2, 1):
        if not bits & ((np.uint64(1) << np.uint64(width)) - np.uint64(1)):
            bits >>= np.uint64(width)
            position += width
    return position


@spliced
def _is_about(r, rule, row):
    """Whether a rule's conditions on lines hold for a line."""
    return (r.line_bits[row, rule // 64] >> np.uint64(rule % 64)) & np.uint64(1) != 0


@spliced
def _is_idle(r, partial, num_partial, dodged, found_row, num_lines, steps):
    """Whether a rule that is not dodged has no line left to be about: the same without it is a way of its own."""
    for p in range(num_partial):
        if not dodged >> p & 1:
            holds = False
            for i in range(num_lines):
                holds |= steps[i] > 0 and _is_about(r, partial[p], found_row[i])
            if not holds:
                return True
    return False


@spliced
def _stage_at(stages, stock, day):
    """The stage of a stock position on a day, -1 where nothing arrives."""
    stage = np.int64(-1)
    for s in range(stages.ptr[stock], stages.ptr[stock + 1]):
        if stages.from_day[s] <= day:
            stage = np.int64(s)
    return stage


@spliced
def _known_group(w, group, num_lines, is_wide):
    """The first group up to `group` that is like it."""
    for g in range(group):
        is_same = w.group_draw[g] == w.group_draw[group] and w.group_day[g] == w.group_day[group]
        for k in range(w.quotas.shape[1]):
            is_same &= w.quotas[g, k] == w.quotas[group, k]
        one, other = w.first[g], w.first[group]
        for i in range(num_lines):
            is_same &= w.steps[g, i] == w.steps[group, i] and w.stage[g, i] == w.stage[group, i]
            if is_wide:
                is_same &= w.unit_cost[one, i] == w.unit_cost[other, i] and w.line_cost[one, i] == w.line_cost[other, i]
        if is_same:
            return g
    return group


@spliced
def _charge_lines(r, w, way, met, line_of, row_of, num_lines, steps):
    """Add what rules charge lines of a way by line and by unit."""
    for i in range(num_lines):
        if steps[i] == 0:
            continue
        for k in range(len(met)):
            rest = met[k] & r.by_line[k] & r.line_bits[row_of[i], k]
            while rest:
                rule = 64 * k + _lowest(rest)
                rest &= rest - np.uint64(1)
                w.line_cost[way, i] += r.per_line[rule]
                w.unit_cost[way, i] += r.per_unit[rule]
                if r.value_row[rule] >= 0:
                    w.unit_cost[way, i] += r.value_cost[r.value_row[rule], line_of[i]]
