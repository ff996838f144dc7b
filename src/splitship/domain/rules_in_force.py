"""Rules and tables of features put into force: what they say goes into the tables, what acts on packages into bits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from splitship.domain.assortment import LineSubstitutes
from splitship.domain.kits_in_force import Exploded, line_substitutes, with_kits_exploded
from splitship.domain.matching import matching_rows
from splitship.domain.modes_in_force import rounded_to_micros, with_modes
from splitship.domain.network import Stock
from splitship.domain.orders import NO_PART
from splitship.domain.package_rules import HARD, NO_RULE, PackageRules, bits_of
from splitship.domain.problem import Problem
from splitship.domain.promises_in_force import with_promises, without_released
from splitship.domain.reserves_in_force import stock_reserves
from splitship.domain.rule_columns import RuleColumns
from splitship.domain.rule_masks import FIRST_DAY, LAST_DAY, CompiledRules, evaluate_rules
from splitship.domain.rules import LINE_PARTS, PARTS, Part
from splitship.domain.stability import Rejections
from splitship.domain.surcharges import TextCondition
from splitship.domain.where import TextColumn
from splitship.units import ATTO, I64, MICROS, UNLIMITED, Amounts, Bools, round_half_even


def with_rules_in_force(problem: Problem) -> Problem:
    """The problem with all that its tables and rules say put into force; `given` keeps it as it was.

    What rules set goes into the tables, rules that act on packages become bits, ways to pick-up nodes become services,
    kits their components, prices of stock a column of it; what was released leaves the problem, lines come in the parts
    that are promised, reserves are put on stock positions. Conditions of rules see the orders, lines and stock as
    given, whatever other rules set; those on SKUs see what ships: components, and substitutes.
    """
    given = problem
    problem = _with_stock_prices(with_modes(_with_positions_of_arrivals(problem)))
    whole = exploded = with_kits_exploded(problem)
    if len(problem.plan_before):
        whole = Exploded(_with_rejections(whole.problem, whole.given_line), whole.given_line)
        exploded = with_promises(whole)
        exploded = replace(exploded, problem=replace(exploded.problem, rejections=problem.rejections))
    made = _with_rejections(exploded.problem, exploded.given_line)
    substitutes = line_substitutes(made)
    if len(substitutes):
        made = replace(made, line_substitutes=substitutes)
    if problem.rules or len(problem.surcharges):
        made = _with_settings_and_rules(problem, Exploded(made, exploded.given_line))
    if len(problem.plan_before):
        made = without_released(made, whole)
    if len(problem.channel_reserves):
        made = replace(made, reserves=stock_reserves(made))
    return problem if made is given else replace(made, given=given)


def _with_settings_and_rules(problem: Problem, exploded: Exploded) -> Problem:
    """What rules set in the tables, and rules that act on packages; `problem` is the one before kits were exploded."""
    made = exploded.problem
    compiled = evaluate_rules(problem)
    found: dict[str, Any] = {name: resolved.value for name, resolved in compiled.settings.items()}
    columns: dict[str, Any] = {
        "is_ship_complete": found.get("ship_complete"),
        "max_packages": found.get("max_packages"),
        "max_distance_km": found.get("max_distance_km"),
        "max_transit_days": found.get("max_transit_days"),
        "min_package_value": _micros(found.get("min_package_value")),
        "min_order_value": _micros(found.get("min_order_value")),
    }
    stock, lines = made.stock, made.lines
    if "max_nodes_per_line" in found:  # one node: the line ships whole or not at all, unless it is promised in parts
        can_split = (found["max_nodes_per_line"] > 1)[lines.order_idx] | (lines.part_of != NO_PART)
        lines = replace(lines, is_splittable=lines.is_splittable & can_split)
    if "safety_stock" in found:
        stock = replace(stock, safety_stock=found["safety_stock"])
    return replace(
        made,
        lines=lines,
        orders=replace(made.orders, **{name: value for name, value in columns.items() if value is not None}),
        stock=stock,
        package_rules=package_rules_of(problem, compiled, exploded, made.line_substitutes),
    )


def _with_rejections(problem: Problem, given_line: I64) -> Problem:
    """Rejections by the problem's lines, of which `given_line` [lines] is the given line."""
    return replace(problem, rejections=_by_line(problem, given_line)) if len(problem.rejections) else problem


def _by_line(problem: Problem, given_line: I64) -> Rejections:
    """Rejections line by line: of all lines of an order, of all components of a kit."""
    rejected, lines = problem.rejections, problem.lines
    whole = rejected.line_idx < 0
    by_order = matching_rows(lines.order_idx, rejected.order_idx[whole])
    by_line = matching_rows(given_line, rejected.line_idx[~whole])
    line = np.append(by_order[0], by_line[0])
    node = np.append(rejected.node_idx[whole][by_order[1]], rejected.node_idx[~whole][by_line[1]])
    line, node = np.unique(np.column_stack([line, node]), axis=0).T.copy() if len(line) else (line, node)
    return Rejections(lines.order_idx[line], line, node)


def _micros(amounts: Amounts | None) -> I64 | None:
    """Money that rules set, which has no more than 6 decimals."""
    return None if amounts is None else amounts.micros


def _with_stock_prices(problem: Problem) -> Problem:
    """The prices of taking stock, at the positions that there are."""
    prices, stock = problem.stock_prices, problem.stock
    if not len(prices):
        return problem
    num_skus = len(problem.skus)
    key, priced = stock.node_idx * num_skus + stock.sku_idx, prices.node_idx * num_skus + prices.sku_idx
    is_there = np.isin(priced, key)
    unit_price = np.zeros(len(stock), np.int64)
    rows = problem.stock_rows(prices.node_idx[is_there], prices.sku_idx[is_there])
    unit_price[rows] = rounded_to_micros(prices.price_per_unit)[is_there]
    return replace(problem, stock=replace(stock, unit_price=unit_price))


def _with_positions_of_arrivals(problem: Problem) -> Problem:
    """Stock positions, without a unit, for what arrives where nothing lies yet."""
    stock, num_skus = problem.stock, len(problem.skus)
    key = stock.node_idx * num_skus + stock.sku_idx
    new = np.setdiff1d(problem.inbound.node_idx * num_skus + problem.inbound.sku_idx, key)
    if not len(new):
        return problem
    by_key = np.argsort(np.append(key, new), kind="stable")

    def column(values: I64, more: I64 | int) -> I64:
        return np.append(values, np.broadcast_to(more, len(new)))[by_key]

    positions = Stock(
        column(stock.node_idx, new // num_skus), column(stock.sku_idx, new % num_skus), column(stock.on_hand, 0),
        column(stock.reserved, 0), column(stock.safety_stock, 0), column(stock.unit_price, 0),
    )  # fmt: skip
    return replace(problem, stock=positions)


def package_rules_of(
    problem: Problem, compiled: CompiledRules, exploded: Exploded, substitutes: LineSubstitutes
) -> PackageRules:
    """The rules that act on packages, then the surcharges, as bits; `problem` is the one before kits were exploded."""
    acting = np.array([at for at, rule in enumerate(problem.rules) if rule.acts_on_packages], np.int64)
    surcharges = _Surcharges(problem, exploded.problem.lines.unit_value)
    num = len(surcharges.sources)
    if not len(acting) and not num:
        return PackageRules.none()
    of_part = {
        part: bits_of(
            [compiled.of(part).rows(rule) for rule in acting.tolist()] + surcharges.masks[part],
            compiled.of(part).num_rows,
        )
        for part in PARTS
    }
    quota, has_over = compiled.quota_packages[acting], compiled.has_overflow_price[acting]
    line_of = np.append(exploded.given_line, exploded.given_line[substitutes.line_idx])
    sku_of = np.append(exploded.problem.lines.sku_idx, substitutes.sku_idx)
    over = np.where(has_over, compiled.overflow_price.micros[acting], HARD)
    # beyond a quota of none every package pays; beyond one that costs nothing, none does
    always, never = (quota == 0) & has_over, has_over & (over == 0)
    quota = np.where(always | never, UNLIMITED, quota)
    return PackageRules(
        order_bits=of_part["order"],
        line_bits=of_part["line"][line_of] & of_part["sku"][sku_of],
        node_bits=of_part["node"],
        service_bits=of_part["service"],
        source=np.append(acting, np.full(num, NO_RULE)).astype(np.int64),
        is_partial=np.append(compiled.has_line_condition[acting], surcharges.is_partial),
        first_day=np.append(compiled.first_day[acting], np.full(num, FIRST_DAY)),
        last_day=np.append(compiled.last_day[acting], np.full(num, LAST_DAY)),
        is_forbidden=np.append(compiled.is_forbidden[acting] | (quota == 0), np.zeros(num, np.bool_)),
        per_package=np.append(compiled.per_package.micros[acting] + np.where(always, over, 0), surcharges.per_package),
        per_line=np.append(compiled.per_line.micros[acting], np.zeros(num, np.int64)),
        per_unit=np.append(compiled.per_unit.micros[acting], np.zeros(num, np.int64)),
        value_row=np.append(np.full(len(acting), NO_RULE), surcharges.value_row),
        value_cost=surcharges.value_cost,
        quota=np.append(np.where(quota == 0, UNLIMITED, quota), np.full(num, UNLIMITED)),
        is_quota_per_day=np.append(compiled.is_quota_per_day[acting], np.zeros(num, np.bool_)),
        over_price=np.append(over, np.full(num, HARD)),
    )


class _Surcharges:
    """The rows of the surcharges table, as masks and micros; `unit_value` [lines] with kits exploded."""

    def __init__(self, problem: Problem, unit_value: Amounts) -> None:
        table, columns = problem.surcharges, RuleColumns(problem)
        self.sources = table.name
        self.per_package: I64 = table.per_package.micros
        self.is_partial: Bools = np.array(
            [any(condition.subject in LINE_PARTS for condition in row) for row in table.conditions], np.bool_
        )
        self.masks: dict[Part, list[Bools]] = {
            part: [self._mask(columns, part, row) for row in table.conditions] for part in PARTS
        }
        for row, service in enumerate(table.service_idx.tolist()):
            if service >= 0:
                self.masks["service"][row] &= np.arange(len(problem.services)) == service
        for mask in self.masks["service"]:
            mask &= problem.services.is_carried  # nobody charges for what a customer fetches
        shares = table.share_of_value.exact_list()
        distinct = sorted({share for share in shares if share})
        self.value_row: I64 = np.array([distinct.index(share) if share else NO_RULE for share in shares], np.int64)
        self.value_cost = np.array([_shares_of(unit_value, share) for share in distinct], np.int64)
        self.value_cost = self.value_cost.reshape(len(distinct), len(unit_value))

    @staticmethod
    def _mask(columns: RuleColumns, part: Part, conditions: tuple[TextCondition, ...]) -> Bools:
        """Rows of a part that meet all conditions on it."""
        met = np.ones(columns.num_rows(part), np.bool_)
        for condition in conditions:
            if condition.subject != part:
                continue
            column = columns.column(part, condition.column) if columns.has(part, condition.column) else None
            if not isinstance(column, TextColumn):
                return np.zeros(len(met), np.bool_)  # a column that is not there meets nothing
            holds = np.array([condition.holds_for(str(text)) for text in column.distinct], np.bool_)
            met &= holds[column.codes]
        return met


def _shares_of(values: Amounts, share: int) -> list[int]:
    """A share (in 10^-18) of every value, in micros, rounded half to even."""
    distinct, code = np.unique(np.stack([values.micros, values.atto]), axis=1, return_inverse=True)
    exact = Amounts(distinct[0], distinct[1]).exact_list()
    costs = np.array([round_half_even(value * share * MICROS, ATTO * ATTO) for value in exact], np.int64)
    found: list[int] = costs[code.reshape(-1)].tolist()
    return found
