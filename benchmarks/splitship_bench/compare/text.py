"""A comparison for a terminal and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group as Lines
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from splitship_bench.aggregates import Ratio
from splitship_bench.compare.comparison import ALL, CellChange, Comparison, Group
from splitship_bench.compare.conditions import Verdict

_SHOWN = 12  # cells in a terminal; Markdown has all of them


def render_comparison(comparison: Comparison, verdicts: Sequence[Verdict] = ()) -> RenderableType:
    """Tables of 80 columns for rich: by contender, the cells that changed most, what is missing or broken, verdicts."""
    parts: list[RenderableType] = [Text(_headline(comparison), style="bold")]
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("contender", overflow="fold", max_width=20)
    for title in ("cells", "time B/A", "95 % interval", "worst", "memory", "gap, pp", "wrong"):
        table.add_column(title, justify="right", no_wrap=True)
    for group in comparison.groups.values():
        style = "bold" if group.contender == ALL else None
        table.add_row(*_group_row(group), style=style)
    parts += [table, Text()]
    cells = sorted(comparison.changes, key=_size, reverse=True)
    shown = [cell for cell in cells if _size(cell) > 0][:_SHOWN]
    if shown:
        changed = Table(box=None, pad_edge=False, header_style="dim")
        changed.add_column("cells that changed most", overflow="fold", max_width=32)
        for title in ("A, s", "B, s", "B/A", "gap A", "gap B"):
            changed.add_column(title, justify="right", no_wrap=True)
        for cell in shown:
            changed.add_row(
                f"{cell.instance} {cell.contender}", *_cell_row(cell), style="red" if cell.newly_failed else None
            )
        parts += [changed, Text()]
    parts += [Text(line, style="red" if loud else "") for line, loud in _lines(comparison)]
    parts += [
        Text(("✗ " if one.fires else "✓ ") + one.words, style="red" if one.fires else "green") for one in verdicts
    ]
    return Lines(*parts)


def comparison_markdown(comparison: Comparison, verdicts: Sequence[Verdict] = ()) -> str:
    """The whole comparison as Markdown, every cell included."""
    out = [f"# {_headline(comparison)}", ""]
    titles = ["contender", "cells", "time B/A", "95 % interval", "worst", "memory", "gap, pp", "wrong"]
    out += _markdown(titles, [_group_row(group) for group in comparison.groups.values()])
    if comparison.changes:
        out += ["", "## Cells", ""]
        titles = ["instance", "contender", "A, s", "B, s", "B/A", "gap A", "gap B", "objective", "status A", "status B"]
        rows = [
            [cell.instance, cell.contender, *_cell_row(cell), _objective(cell), cell.status_a, cell.status_b]
            for cell in comparison.changes
        ]
        out += _markdown(titles, rows, left=(0, 1, 8, 9))
    lines = [line for line, _ in _lines(comparison)]
    if lines:
        out += ["", "## Notes", "", *(f"- {line}" for line in lines)]
    if verdicts:
        out += ["", "## Conditions", ""]
        out += [f"- {'**fires**' if one.fires else 'passed'}: {one.words}" for one in verdicts]
    return "\n".join(out) + "\n"


def _headline(comparison: Comparison) -> str:
    group = comparison.groups[ALL]
    if not group.common:
        return "A and B have no run in common"
    if group.time is None:
        return f"{comparison.measure}: at the limit everywhere on both sides"
    return f"{comparison.measure}: B takes {group.time.point:.2f} times that of A, {_verdict(group.time)}"


def _verdict(time: Ratio) -> str:
    if not time.bounded:
        return "too few runs to say how sure"
    if time.low > 1:
        return f"clearly slower ({_interval(time)})"
    return f"clearly faster ({_interval(time)})" if time.high < 1 else f"no clear difference ({_interval(time)})"


def _interval(time: Ratio) -> str:
    return f"{time.low:.2f} to {time.high:.2f}" if time.bounded else "-"


def _group_row(group: Group) -> list[str]:
    cells = f"{group.timed} of {group.common}" if group.at_limit else str(group.common)
    return [
        group.contender,
        cells,
        f"{group.time.point:.3f}" if group.time else "-",
        _interval(group.time) if group.time else "-",
        f"{group.worst.ratio:.2f}" if group.worst and group.worst.ratio else "-",
        f"{group.memory:.2f}" if group.memory else "-",
        f"{group.gap:+.2f}" if group.gap is not None else "-",
        str(group.wrong),
    ]


def _cell_row(cell: CellChange) -> list[str]:
    ratio = "-"
    if cell.ratio is not None:
        ratio = ("≥" if cell.limit_b else "≤" if cell.limit_a else "") + f"{cell.ratio:.2f}"
    return [
        _seconds(cell.seconds_a, cell.limit_a),
        _seconds(cell.seconds_b, cell.limit_b),
        ratio,
        _percent(cell.gap_a),
        _percent(cell.gap_b),
    ]


def _seconds(seconds: float | None, limit: bool) -> str:
    if seconds is None:
        return "limit"
    return f"{'>' if limit else ''}{seconds:.3g}" if seconds < 100 else f"{'>' if limit else ''}{seconds:,.0f}"


def _percent(gap: float | None) -> str:
    return "-" if gap is None else f"{100 * gap:.2f} %"


def _objective(cell: CellChange) -> str:
    if cell.objective_a is None or cell.objective_b is None:
        return "-"
    change = cell.objective_b - cell.objective_a
    return f"{100 * change / abs(cell.objective_a):+.3f} %" if cell.objective_a else f"{change / 1e6:+,.2f}"


def _size(cell: CellChange) -> float:
    """How much a cell changed, failures first: the larger of a factor of time and percentage points of gap."""
    if cell.newly_failed:
        return float("inf")
    ratio = abs(cell.ratio - 1) if cell.ratio else 0.0
    return max(ratio, abs(cell.gap_change or 0.0))


def _lines(comparison: Comparison) -> Iterable[tuple[str, bool]]:
    for name in comparison.missing:
        yield f"missing in B: {name[2]} on {name[1]} ({name[0]})", True
    for line in comparison.broken:
        yield f"B: {line}", True
    for cell in comparison.changes:
        if cell.newly_failed:
            yield f"newly failed: {cell.contender} on {cell.instance}: {cell.status_a} in A, {cell.status_b} in B", True
    if comparison.new:
        names = ", ".join(f"{name[2]} on {name[1]}" for name in comparison.new[:5])
        yield f"only in B: {names}{f' and {len(comparison.new) - 5} more' if len(comparison.new) > 5 else ''}", False
    if comparison.correction != 1:
        yield (
            f"the reference job took {comparison.correction:.2f} times as long in B; times are corrected for it",
            False,
        )
    for note in comparison.notes:
        yield note, False


def _markdown(titles: Sequence[str], rows: Iterable[Sequence[str]], left: Sequence[int] = (0,)) -> list[str]:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    rule = "|" + "|".join("---" if number in left else "---:" for number in range(len(titles))) + "|"
    return [line(titles), rule, *map(line, rows)]
