"""Rules against the rows: text compared as numbers, rules about nothing, values that no row has, settings that lose."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from splitship.domain import Problem
from splitship.domain.rule_columns import RuleColumns
from splitship.domain.rule_masks import CompiledRules, evaluate_rules
from splitship.domain.rule_settings import NO_RULE
from splitship.domain.rules import LINE_PARTS, PARTS, Part, Rule
from splitship.domain.where import AnyOf, Condition, TextColumn, Where, compares, condition_text, non_numbers, parts_of
from splitship.packs.features import MOST
from splitship.packs.findings import Findings, suggest
from splitship.packs.rule_binding import TABLE_OF_PART
from splitship.packs.rule_source import Path, RuleSource, RuleSources
from splitship.units import MICROS, Bools, day_text

_NAMED_PARTS: tuple[Part, ...] = ("sku", "node", "service")
"""Parts whose tables are the network's, not the batch's: a value that none of their rows has is likely a slip."""


def check_rules(problem: Problem, sources: RuleSources, findings: Findings) -> None:
    """Add the faults E304 (text compared as numbers), E406, E410 and E503, and the warnings W608 to W610.

    `problem.rules` are those of `sources`.
    """
    columns = RuleColumns(problem)
    if not _numbers_only(columns, sources, findings):
        return
    compiled = evaluate_rules(problem)
    checks = _Checks(problem, compiled, columns, findings)
    checks.coordinates()
    checks.totals(sources)
    checks.shared_lines(sources)
    for at, source in enumerate(sources.sources):
        if not checks.about_nothing(at, source):
            checks.strange_values(source)
    checks.losing_settings(sources)


def _numbers_only(columns: RuleColumns, sources: RuleSources, findings: Findings) -> bool:
    """Order comparisons on attributes: every cell that is not empty must be a number."""
    bad: dict[tuple[Part, str], list[str]] = {}
    is_good = True
    for source in sources.sources:
        for part, name, condition in _conditions(source.rule):
            if not compares(condition):
                continue
            if (part, name) not in bad:
                bad[part, name] = non_numbers(columns.column(part, name))
            texts = bad[part, name]
            if texts:
                is_good = False
                message = f"{condition_text(condition)} compares numbers, and {name} also holds {texts[0]!r:.60}"
                hint = "name the values in a list, or make the column numbers throughout"
                source.tell(findings, "E304", ("where", part, name), message, hint)
    return is_good


class _Checks:
    def __init__(self, problem: Problem, compiled: CompiledRules, columns: RuleColumns, findings: Findings) -> None:
        self.problem = problem
        self.compiled = compiled
        self.columns = columns
        self.findings = findings
        self._alone: dict[tuple[Part, str, Condition], Bools] = {}
        self._emptied: dict[tuple[Part, Where], tuple[str, str] | None] = {}
        self._meet: dict[tuple[Where, ...], bool] = {}

    def coordinates(self) -> None:
        """E406: a distance limit needs coordinates of all nodes and of the orders that it is about."""
        resolved = self.compiled.settings.get("max_distance_km")
        if resolved is None or self.problem.limits.max_distance_km is not None:
            return
        name = self.compiled.rules[int(resolved.setters[0])].name
        words = f"needed because the rule {name!r} sets max_distance_km"
        missing = {
            "nodes": np.isnan(self.problem.nodes.latitude),
            "orders": np.isnan(self.problem.orders.latitude) & (resolved.winner != NO_RULE),
        }
        for table, rows in missing.items():
            self.findings.add_rows("E406", table, "latitude", np.flatnonzero(rows), lambda row: words)

    def totals(self, sources: RuleSources) -> None:
        """E410: what all rules together could charge must stay well inside int64 micros."""
        compiled, quantity = self.compiled, self.problem.lines.quantity
        columns = (compiled.per_unit, compiled.per_line, compiled.per_package, compiled.overflow_price)
        once = sum(amounts.micros.astype(np.float64) for amounts in columns)
        total = float(np.sum(once)) * float(quantity.sum())
        if total <= MOST:
            return
        units = [float(quantity[compiled.matching_lines(rule)].sum()) for rule in range(len(compiled))]
        charged = once * np.array(units)
        if (total := float(charged.sum())) > MOST:
            words = f"all rules could charge {total / MICROS:.3g}, more than {MOST // MICROS:.3g}, this one most"
            most = sources.sources[int(np.argmax(charged))]
            part = "quota" if most.rule.price is None else "price"
            most.tell(self.findings, "E410", (part,), words)

    def shared_lines(self, sources: RuleSources) -> None:
        """E503: lines that could ship from more nodes than a rule allows, unless it allows only one."""
        resolved = self.compiled.settings.get("max_nodes_per_line")
        if resolved is None:
            return
        problem, lines = self.problem, self.problem.lines
        limit = np.asarray(resolved.value, np.int64)[lines.order_idx]
        beyond = np.flatnonzero(lines.is_splittable & (limit > 1) & (lines.quantity > limit))
        rules = resolved.winner[lines.order_idx[beyond]]
        for rule in np.unique(rules).tolist():
            of_rule = beyond[rules == rule]
            line, more = int(of_rule[0]), len(of_rule) - 1
            words = (
                f"line {lines.line_id[line]} of order {problem.orders.order_id[lines.order_idx[line]]} asks for "
                f"{lines.quantity[line]:,} units" + (f" ({more:,} more lines for too many)" if more else "")
                + f", and a limit of {limit[line]:,} nodes is not yet supported for them"
            )  # fmt: skip
            hint = "1 keeps lines whole; as many nodes as a line has units are no limit"
            sources.sources[rule].tell(self.findings, "E503", ("set", "max_nodes_per_line"), words, hint)

    def about_nothing(self, at: int, source: RuleSource) -> bool:
        """W608, with the condition that leaves no row."""
        found = self._emptying(source.rule)
        if found is None and source.rule.where.order and any(source.rule.where.of(part) for part in LINE_PARTS):
            wheres = tuple(source.rule.where.of(part) for part in ("order", *LINE_PARTS))
            if wheres not in self._meet:
                self._meet[wheres] = bool(self.compiled.matching_lines(at).any()) or not len(self.problem.lines)
            if not self._meet[wheres]:
                found = ("where",), "no line meets the conditions on order, line and SKU together", ""
        if found is None and any(name == "safety_stock" for name, _ in source.rule.sets) and len(self.problem.stock):
            stock = self.problem.stock
            rows = self.compiled.nodes.rows(at)[stock.node_idx] & self.compiled.skus.rows(at)[stock.sku_idx]
            if not rows.any():
                found = ("where",), "no row of the stock table is at such a node with such an SKU", ""
        if found is None and source.rule.last_day is not None and source.rule.last_day < self._first_day():
            until = day_text(source.rule.last_day)
            found = ("until",), f"it ended on {until}, before as_of", "move until, or take the rule out"
        if found is None:
            return False
        path, reason, hint = found
        source.tell(self.findings, "W608", path, f"the rule {source.rule.name!r} is about nothing: {reason}", hint)
        return True

    def strange_values(self, source: RuleSource) -> None:
        """W609: values that no row of a table of the network has."""
        for part, name, condition in _conditions(source.rule):
            for value in self._strange(part, name, condition):
                message = f"no row of {TABLE_OF_PART[part]} has {value!r:.60}"
                hint = self._near(part, name, value)
                source.tell(self.findings, "W609", ("where", part, name), message, hint)

    def losing_settings(self, sources: RuleSources) -> None:
        """W610: where a rule's setting gives way to a stricter one."""
        for name, resolved in self.compiled.settings.items():
            values = {rule: dict(self.compiled.rules[rule].sets)[name] for rule in resolved.setters.tolist()}
            for at, rule in enumerate(resolved.setters.tolist()):
                matched, won = int(resolved.num_matched[at]), int(resolved.num_won[at])
                outdone, idle = int(resolved.num_outdone[at]), int(resolved.num_idle[at])
                if not matched or (not outdone and won):
                    continue
                source = sources.sources[rule]
                reasons = []
                if outdone:
                    winner = self._winner_over(rule, name)
                    stricter = self.compiled.rules[winner]
                    reasons.append(f"the rule {stricter.name!r} sets {_said(values[winner])} and wins for {outdone:,}")
                if idle:
                    reasons.append(f"tables and limits are as strict for {idle:,}")
                rows = "rows of stock" if name == "safety_stock" else "orders"
                message = (
                    f"{name} {_said(values[rule])}: of {matched:,} {rows} it holds for {won:,}; {', '.join(reasons)}"
                )
                hint = "the strictest wins" if outdone else "a rule never loosens anything"
                source.tell(self.findings, "W610", ("set", name), message, hint)

    def _winner_over(self, rule: int, name: str) -> int:
        """The rule that wins most of the rows that a rule loses; the first of several."""
        resolved = self.compiled.settings[name]
        rows = self.compiled.setting_rows(name, rule)
        winners = resolved.winner[rows & (resolved.winner != rule) & (resolved.winner != NO_RULE)]
        return int(np.argmax(np.bincount(winners)))

    def _emptying(self, rule: Rule) -> tuple[Path, str, str] | None:
        """The first part of which no row is left: path, reason, hint."""
        for part in rule.where.parts:
            where = rule.where.of(part)
            if not self.columns.num_rows(part):
                continue
            if (part, where) not in self._emptied:
                self._emptied[part, where] = self._emptying_column(part, where)
            found = self._emptied[part, where]
            if found is not None:
                name, reason = found
                condition = dict(where)[name]
                hints = (self._near(part, name, value) for value in self._strange(part, name, condition))
                return ("where", part, name), reason, next(filter(None, hints), "")
        return None

    def _emptying_column(self, part: Part, where: Where) -> tuple[str, str] | None:
        """Of one part: the column that no row meets by itself, or the one that leaves none after those before it."""
        num_rows = self.columns.num_rows(part)
        masks = [(name, condition, self._mask(part, name, condition)) for name, condition in where]
        for name, condition, mask in masks:
            if not mask.any():
                return name, f"no {part} has {name} {condition_text(condition)}"
        left = np.ones(num_rows, np.bool_)
        for name, condition, mask in masks:
            before = np.count_nonzero(left)
            left = left & mask
            if not left.any():
                others = ", ".join(other for other, _ in where if other != name)
                return name, f"none of the {before:,} {part}s left by {others} has {name} {condition_text(condition)}"
        return None

    def _mask(self, part: Part, name: str, condition: Condition) -> Bools:
        key = (part, name, condition)
        if key not in self._alone:
            self._alone[key] = self.columns.mask(part, ((name, condition),))
        return self._alone[key]

    def _strange(self, part: Part, name: str, condition: Condition) -> list[str]:
        """Values named by a condition that no row has; none for numbers and for tables of the batch."""
        column = self.columns.column(part, name)
        if part not in _NAMED_PARTS or not isinstance(column, TextColumn) or not len(column):
            return []
        values = [value for leaf in parts_of(condition) if isinstance(leaf, AnyOf) for value in leaf.values if value]
        if name in ("open", "ship_alone"):
            return []
        return [value for value in values if not self._mask(part, name, AnyOf((value,))).any()]

    def _near(self, part: Part, name: str, value: str) -> str:
        column = self.columns.column(part, name)
        return suggest(value, map(str, column.distinct)) if isinstance(column, TextColumn) else ""

    def _first_day(self) -> int:
        """The earliest day on which anything can ship: that of `as_of` in the westernmost time zone."""
        return (self.problem.as_of_us // 86_400_000_000) - 1


def _conditions(rule: Rule) -> Iterator[tuple[Part, str, Condition]]:
    for part in PARTS:
        for name, condition in rule.where.of(part):
            yield part, name, condition


def _said(value: object) -> str:
    return str(value).lower()
