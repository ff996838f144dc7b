"""What a comparison says, as rows of text: for tables on a terminal, Markdown and CSV alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from splitship.cli.console import counted, csv_text, grouped, markdown_table, percent
from splitship.planning.comparison_tables import parts_of
from splitship.planning.comparison_texts import (
    DASH,
    difference_text,
    money_text,
    percent_text,
    plain_value,
    signed_money,
    value_text,
)
from splitship.planning.kpis import num_violations
from splitship.planning.moves import Fate
from splitship.planning.order_costs import ORDER_TERMS
from splitship.planning.order_packages import OrderPackages

if TYPE_CHECKING:
    from splitship.planning.comparison import Comparison, KpiRow, Step
    from splitship.planning.reference import CostedReference

ANSWER_HEADERS = ("scenario", "total cost", "gap", "packages", "stopped")
MOVE_HEADERS = ("order", "old plan", "new plan", "difference")
HEADLINES = ("cost", "packages", "delivery", "fill", "stock", "emissions")
"""Groups of KPIs that are shown whole; of the others the largest changes."""
SHOWN_OF_A_GROUP = 6
WITHIN_GAP = "within gap"
"""The mark of a difference that the two gaps together could explain."""
_LINES_SHOWN = 2
"""Lines of a package that are written out."""


def title(comparison: Comparison) -> str:
    """The pack, the baseline, and what is held against it."""
    others = ", ".join(comparison.names[1:])
    return f"{comparison.results[0].problem.name}, in {comparison.currency}: {comparison.names[0]} against {others}"


def answer_rows(comparison: Comparison) -> list[tuple[str, ...]]:
    """One row an answer."""
    rows: list[tuple[str, ...]] = []
    for name, result, bound in zip(comparison.names, comparison.results, comparison.bounds, strict=True):
        gap = DASH
        if bound is not None and result.objective:
            gap = percent((result.objective - bound) / abs(result.objective))
        stopped = result.termination.reason.value.replace("_", " ").lower()
        if result.termination.limit:
            stopped = "given" if result.is_given else f"{stopped}: {result.termination.limit}"
        rows.append((name, money_text(result.objective), gap, grouped(len(result.plan)), stopped))
    return rows


def notes(comparison: Comparison, costed: CostedReference | None) -> list[str]:
    """What must be said beside the numbers: what is not proven, and what a reference is."""
    found = []
    for name, result, bound in zip(comparison.names, comparison.results, comparison.bounds, strict=True):
        broken = num_violations(result)
        if broken:
            first = result.report.violations[0]
            found.append(
                f"{name} is NOT feasible: {counted(broken, 'violation')}, the first {first.code} {first.where}: "
                f"{first.message}"
            )
        elif bound is None:
            kind = "no bound" if result.bound is None else "a bound that only the solver claims"
            found.append(f"{name}: {kind}, so nothing is proven about it")
    if costed is not None:
        for num, what in ((costed.num_chosen_services, "service"), (costed.num_chosen_days, "ship day")):
            if num:
                found.append(f"reference: no {what} is named of {counted(num, 'package')}: {_CHOSEN[what]} taken")
        if costed.num_left_out:
            words = "; ".join(f"{each.code} {each.where}: {each.message}" for each in costed.left_out[:1])
            found.append(
                f"reference: {counted(costed.num_left_out, 'package')} without a price left out, their units count as "
                f"unfilled: {words}"
            )
    return found


_CHOSEN = {"service": "the cheapest was", "ship day": "the first possible was"}


def shown_rows(comparison: Comparison, show_all: bool, answers: Sequence[int]) -> tuple[list[KpiRow], int]:
    """The KPIs to show of some answers beside the baseline, and how many that change are left out."""
    if show_all:
        return list(comparison.rows), 0
    found: list[KpiRow] = []
    left_out = 0
    changed = [row for row in comparison.changed_rows if row.key == "objective" or any(map(row.differs, answers))]
    for group in dict.fromkeys(row.group for row in changed):
        rows = [row for row in changed if row.group == group]
        if group not in HEADLINES and len(rows) > SHOWN_OF_A_GROUP:
            largest = sorted(rows, key=lambda row: _size(row, answers), reverse=True)[:SHOWN_OF_A_GROUP]
            left_out += len(rows) - len(largest)
            rows = [row for row in rows if any(row is each for each in largest)]
        found += rows
    return found, left_out


def _size(row: KpiRow, answers: Sequence[int]) -> float:
    """How large the largest change is; one to or from nothing counts most."""
    sizes = [row.difference(at) for at in answers if row.differs(at)]
    return max((float("inf") if size is None else abs(float(size)) for size in sizes), default=0.0)


def kpi_cells(comparison: Comparison, row: KpiRow, at: int) -> tuple[str, str, str]:
    """The value of answer `at`, its difference to the baseline, and that in percent with `within gap` where it is so.

    The last two are empty for the baseline, and where there is no difference.
    """
    value = value_text(row.numbers[at], row.unit)
    difference = row.difference(at)
    if not difference:
        return value, "", ""
    mark = WITHIN_GAP if comparison.is_within_gap(row, at) else ""
    return value, difference_text(difference, row.unit), f"{percent_text(row.percent(at))} {mark}".strip()


def step_title(comparison: Comparison, step: Step) -> str:
    """The difference in total cost, and what is proven of it."""
    mark = ", within gap" if step.is_within_gap else ""
    base = comparison.names[0]
    return f"{step.name} against {base}: {signed_money(step.total)} {comparison.currency}{mark}"


def proven_words(comparison: Comparison, step: Step) -> str:
    """What the bounds prove of the difference."""
    least, most = step.interval
    at = comparison.names.index(step.name)
    words = [
        f"{'the cost' if comparison.is_given(each) else 'the least possible cost'} of {comparison.names[each]}"
        for each in (at, 0)
    ]
    what = f"{words[0]} less {words[1]} is"
    if not comparison.is_given(0) and not comparison.is_given(at):
        what = "the least possible costs differ by"
    if least is None and most is None:
        return "not proven: neither has a certified bound"
    if least is None or most is None:
        known = f"at least {signed_money(least)}" if least is not None else f"at most {signed_money(most or 0)}"
        return f"proven: {what} {known} (one has no certified bound)"
    if least == most:
        return f"proven: {what} {signed_money(least)}"
    return f"proven: {what} {signed_money(least)} to {signed_money(most)}"


def part_rows(step: Step) -> tuple[list[str], list[list[str]]]:
    """Where a difference comes from: headers and rows, a row a term that differs and a column a part that there is."""
    parts = [part for part in parts_of(step) if part[1] or (part[1] is None and part[2]["soft"])]
    headers = ["", *(_part_header(part, num) for part, num, _ in parts), "all"]
    rows = []
    for term in (*ORDER_TERMS, "soft"):
        costs = [costs.get(term, 0) for _, _, costs in parts]
        if any(costs):
            rows.append([term, *(signed_money(each) if each else "" for each in costs), signed_money(sum(costs))])
    sums = [sum(costs.values()) for _, _, costs in parts]
    rows.append(["total", *(signed_money(each) for each in sums), signed_money(sum(sums))])
    return headers, rows


_PART_NAMES = {Fate.RECOSTED.label: "re-costed"}


def _part_header(part: str, num: int | None) -> str:
    if num is None:
        return "whole batch"
    return f"{grouped(num)} {_PART_NAMES.get(part, part)}"


def move_rows(comparison: Comparison, step: Step, most: int) -> Iterator[tuple[str, ...]]:
    """The orders that moved and changed the cost most: id, old and new packages, difference."""
    moves = step.moves
    base, other = (OrderPackages(result) for result in comparison.pair(step))
    total = moves.difference
    for row in moves.rows(Fate.MOVED)[:most].tolist():
        old, new = base.words(moves.base_row[row], _LINES_SHOWN), other.words(moves.other_row[row], _LINES_SHOWN)
        yield str(moves.order_id[row]), old, new, signed_money(int(total[row]))


def moves_title(step: Step, most: int) -> str:
    """How many orders moved, and how many of them follow."""
    num = step.moves.count(Fate.MOVED)
    if not num:
        return "no order moved"
    which = f"; the {grouped(most)} that change the cost most:" if most < num else ":"
    return f"{counted(num, 'order')} moved{which if most else ''}"


def comparison_csv(comparison: Comparison) -> str:
    """All KPIs, a row each."""
    headers = ["key", "group", "label", "unit", comparison.names[0]]
    for name in comparison.names[1:]:
        headers += [name, f"{name} difference", f"{name} percent", f"{name} within gap"]
    rows = []
    for row in comparison.rows:
        cells = [row.key, row.group, row.label, row.unit.value, _cell(plain_value(row.numbers[0], row.unit))]
        for at in range(1, len(row.numbers)):
            share = row.percent(at)
            cells += [_cell(plain_value(value, row.unit)) for value in (row.numbers[at], row.difference(at))]
            cells += [_cell(None if share is None else 100 * share)]
            cells += ["true" if comparison.is_within_gap(row, at) else "false"]
        rows.append(cells)
    return csv_text(headers, rows)


def comparison_markdown(
    comparison: Comparison, costed: CostedReference | None, show_all: bool, orders_shown: int
) -> str:
    """The same tables as on a terminal, as Markdown."""
    rows, left_out = shown_rows(comparison, show_all, range(1, len(comparison.names)))
    parts = [f"## {title(comparison)}\n", markdown_table(ANSWER_HEADERS, answer_rows(comparison), (1, 2, 3))]
    parts += ["".join(f"- {note}\n" for note in notes(comparison, costed))]
    headers = ["KPI", comparison.names[0]]
    for name in comparison.names[1:]:
        headers += [name, "difference", "change"]
    cells = []
    for row in rows:
        line = [row.label, kpi_cells(comparison, row, 0)[0]]
        for at in range(1, len(row.numbers)):
            line += kpi_cells(comparison, row, at)
        cells.append(line)
    parts += [markdown_table(headers, cells, tuple(range(1, len(headers)))) + _more(left_out)]
    for step in comparison.steps:
        heads, table = part_rows(step)
        parts += [f"### {step_title(comparison, step)}\n", proven_words(comparison, step) + "\n"]
        parts += [markdown_table(heads, table, tuple(range(1, len(heads)))), moves_title(step, orders_shown) + "\n"]
        if orders_shown and step.moves.count(Fate.MOVED):
            parts += [markdown_table(MOVE_HEADERS, move_rows(comparison, step, orders_shown), (3,))]
    return "\n".join(part for part in parts if part)


def _more(left_out: int) -> str:
    return f"\n{grouped(left_out)} more KPIs change: `--all`\n" if left_out else ""


def _cell(value: str | float | None) -> str:
    return "" if value is None else str(value)
